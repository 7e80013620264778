//! Populations: the catalogue, and what groups make of them.

use apbrig::scenario::load::{Checked, check_file};
use apbrig::scenario::population::{Distribution, Luggage};
use apbrig::scenario::technology::{CARD, FACE, PHONE};
use apbrig::scenario::{DiskFiles, RecordedFiles, Source, load, load_lane_type, load_population, load_site};
use std::path::Path;

const SOME: &str = r#"Population(
    name: "some", source: "assumed",
    kinds: [
        (name: "a", share: 0.333, speed_m_s: Even(0.5, 1.5), luggage: [(share: 0.1, what: Cart())]),
        (name: "b", share: 0.666, speed_m_s: Normal(mean: 1.3, sd: 0.2), reaction: Even("500ms", "700ms")),
    ],
    parties: [(share: 0.2, size: 2)],
)"#;

fn files(population: &str, width: &str) -> RecordedFiles {
    let source = |path: &str, text: &str| Source { path: path.into(), text: text.into() };
    let site = r#"Site(name: "s", areas: [(id: "outside"), (id: "in", within: "outside")],
        lanes: [(id: "L", from: "outside", to: "in", x_m: 5, y_m: 10, WIDTH)], holders: [(id: "P")],
        portals: [(area: "outside", x_m: 5, y_m: 0), (area: "in", x_m: 5, y_m: 20)])"#;
    let scenario = r#"Scenario(title: "t", site: "sites/s.ron", duration: "1min", crowd: [(name: "g",
        holders: All, to: "in", arrivals: Schedule(["1s"]), population: "../populations/some.ron")])"#;
    RecordedFiles(vec![
        source("runs/s.ron", scenario),
        source("runs/sites/s.ron", &site.replace("WIDTH", width)),
        source("runs/../populations/some.ron", population),
    ])
}

fn wrong(population: &str, width: &str) -> String {
    load(Path::new("runs/s.ron"), &files(population, width)).expect_err("it is wrong").render(false)
}

#[test]
fn every_population_of_the_catalogue_is_sound_and_names_its_source() {
    let mut found = 0;
    for entry in std::fs::read_dir("scenarios/populations").unwrap() {
        let path = entry.unwrap().path();
        match check_file(&path, &DiskFiles) {
            Ok(Checked::Population(population)) => {
                assert!(population.source.len() > 20, "{} says where its figures come from", population.name);
                found += 1;
            }
            Ok(_) => panic!("{} is no population", path.display()),
            Err(mistakes) => panic!("{}", mistakes.render(false)),
        }
    }
    assert!(found >= 2);
}

#[test]
fn a_group_has_the_population_it_names_and_a_record_holds_it() {
    let scenario = load(Path::new("runs/s.ron"), &files(SOME, "width_m: 0.9")).unwrap();
    let population = scenario.crowd[0].population.as_ref().expect("it names one");
    let shares: f64 = population.kinds.iter().map(|(share, _)| share).sum();
    assert!((shares - 1.0).abs() < 1e-12, "thirds with three digits add up");
    assert_eq!(population.kinds[0].1.speed_m_s, Distribution::Even { least: 0.5, greatest: 1.5 });
    assert!(
        matches!(population.kinds[0].1.luggage[0], (_, Luggage::Cart { breadth_m, .. }) if breadth_m == 0.6)
    );
    let normal = population.kinds[1].1.speed_m_s;
    assert!((normal.least() - 0.7).abs() < 1e-6 && (normal.greatest() - 1.9).abs() < 1e-6);
    assert_eq!(population.parties, [(0.2, 2)]);
    assert_eq!(scenario.sources.last().map(|s| s.path.as_str()), Some("runs/../populations/some.ron"));
}

#[test]
fn a_mistake_in_a_population_is_shown_where_it_is() {
    let text = wrong(&SOME.replace("parties", "partys"), "width_m: 0.9");
    assert!(text.contains("runs/../populations/some.ron:7:") && text.contains("partys"), "{text}");
    let text = wrong(&SOME.replace("source: \"assumed\",", ""), "width_m: 0.9");
    assert!(text.contains("without `source`"), "{text}");
    let text = wrong("Site(name: \"x\")", "width_m: 0.9");
    assert!(text.contains("expected a population"), "{text}");
    let bare = RecordedFiles(vec![Source { path: "p.ron".into(), text: "(kinds: [])".into() }]);
    assert!(load_population(Path::new("p.ron"), &bare).is_err());
}

#[test]
fn where_no_lane_is_wide_enough_the_scenario_is_refused() {
    let text = wrong(SOME, "width_m: 0.55");
    assert!(text.contains("runs/s.ron:2:") && text.contains("the widest, `L`, has 0.55 m"), "{text}");
    let text = wrong(SOME, "width_m: 0.9, entry: Locked");
    assert!(
        text.contains("with a wheelchair or a cart nobody of kind `a` gets from `outside` to `in`"),
        "{text}"
    );
    let text = wrong(SOME, "width_m: 0.9, sensing: Signals, barrier: Rotor");
    assert!(text.contains("a rotor does not"), "{text}");
}

#[test]
fn who_comes_back_needs_a_wide_lane_for_that_too() {
    let mut files = files(SOME, "width_m: 0.9, exit: Locked");
    assert!(load(Path::new("runs/s.ron"), &files).is_ok());
    for more in ["stay: (mean: \"30s\")", "breaks: [(share: 0.5, at: \"10s\", away: (mean: \"5s\"))]"] {
        let source = &mut files.0[0];
        let once = source.text.clone();
        source.text = once.replace("holders: All,", &format!("holders: All, {more},"));
        let text = load(Path::new("runs/s.ron"), &files).expect_err("nobody gets out").render(false);
        assert!(text.contains("nobody of kind `a` gets from `in` to `outside`"), "{text}");
        files.0[0].text = once;
    }
}

#[test]
fn a_reader_has_the_technology_of_its_lane_or_its_own() {
    let site = load_site(Path::new("scenarios/sites/station-hall.ron"), &DiskFiles).unwrap();
    let of = |lane: usize| site.lanes[lane].technology;
    // The lanes that are written out come before those of rows.
    assert_eq!((of(0), of(1)), ([Some(PHONE); 2], [Some(CARD); 2]));
    let face = load_lane_type(Path::new("scenarios/lanes/face-lane.ron"), &DiskFiles).unwrap();
    assert_eq!(face.plan.technology, [Some(FACE); 2]);
    assert_eq!(face.plan.read_time, FACE.read_time);
}
