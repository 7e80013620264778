//! Lane types: the catalogue, and what lanes make of them.

use apbrig::apb::site::{BeamRow, Sensing};
use apbrig::apb::time::Span;
use apbrig::scenario::load::{Checked, check_file, load, load_lane_type, load_site};
use apbrig::scenario::plan::PowerLoss;
use apbrig::scenario::{DiskFiles, RecordedFiles, Source};
use std::path::Path;

const SLOW: &str = r#"LaneType(
    name: "slow", source: "assumed", width_m: 0.9, memory: 4, exit: Locked,
    beams: (x_m: [0.1, 0.3, 0.6, 0.9, 1.2], heights_m: [0.9, 0.9, 0.4, 0.9, 0.9], flap_m: 0.7, scan: "5ms"),
    flap: (opens: "900ms", closes: "700ms", ramp: "200ms", holds_n: 150, without_power: Open),
    timers: (not_taken: "8s"),
)"#;

fn site(lane: &str) -> String {
    format!(
        r#"Site(
            name: "s",
            areas: [(id: "outside"), (id: "lobby", within: "outside")],
            lanes: [(id: "L1", from: "outside", to: "lobby", x_m: 5, y_m: 10, {lane})],
        )"#
    )
}

fn files(lane_type: &str, lane: &str) -> RecordedFiles {
    let source = |path: &str, text: &str| Source { path: path.into(), text: text.into() };
    let scenario = r#"Scenario(title: "t", site: "sites/site.ron", duration: "1min")"#;
    RecordedFiles(vec![
        source("s.ron", scenario),
        source("sites/site.ron", &site(lane)),
        source("sites/../lanes/slow.ron", lane_type),
    ])
}

/// What is wrong with a scenario whose lane is of this type.
fn wrong(lane_type: &str, lane: &str) -> String {
    load(Path::new("s.ron"), &files(lane_type, lane)).expect_err("it is wrong").render(false)
}

fn row(sensing: &Sensing) -> &BeamRow {
    match sensing {
        Sensing::Beams(row) => row,
        Sensing::Signals => panic!("a lane with beams"),
    }
}

#[test]
fn every_type_of_the_catalogue_is_sound_and_names_its_source() {
    let mut names = Vec::new();
    for entry in std::fs::read_dir("scenarios/lanes").unwrap() {
        let path = entry.unwrap().path();
        match check_file(&path, &DiskFiles) {
            Ok(Checked::LaneType(lane_type)) => {
                assert!(lane_type.source.len() > 20, "{} says where its figures come from", lane_type.name);
                names.push(lane_type.name);
            }
            Ok(_) => panic!("{} is no lane type", path.display()),
            Err(mistakes) => panic!("{}", mistakes.render(false)),
        }
    }
    names.sort();
    names.dedup();
    assert!(names.len() >= 6, "{names:?}");
}

#[test]
fn a_lane_has_what_its_type_has() {
    let scenario = load(Path::new("s.ron"), &files(SLOW, r#"type: "../lanes/slow.ron""#)).unwrap();
    let (lane, plan) = (&scenario.plan.site.lanes[0], &scenario.plan.lanes[0]);
    assert_eq!((lane.name.as_str(), lane.memory), ("L1", 4));
    assert_eq!(lane.timers.not_taken, Span::seconds(8));
    assert_eq!(row(&lane.sensing).x_mm, [100, 300, 600, 900, 1_200]);
    assert_eq!(plan.beam_heights_m, [0.9, 0.9, 0.4, 0.9, 0.9]);
    assert_eq!((plan.flap_opens, plan.flap_ramp), (Span::millis(900), Span::millis(200)));
    assert_eq!((plan.flap_holds_n, plan.power_loss), (150.0, PowerLoss::Open));
    assert_eq!((plan.x_m, plan.width_m, plan.receivers.scan), (5.0, 0.9, Span::millis(5)));
    let paths: Vec<&str> = scenario.sources.iter().map(|s| s.path.as_str()).collect();
    assert_eq!(paths, ["s.ron", "sites/site.ron", "sites/../lanes/slow.ron"], "a record runs it again");
}

#[test]
fn what_a_lane_says_itself_goes_before_and_leaves_the_rest() {
    let own = r#"type: "../lanes/slow.ron", memory: 1, flap: (closes: "800ms"), beams: (debounce: "9ms")"#;
    let scenario = load(Path::new("s.ron"), &files(SLOW, own)).unwrap();
    let (lane, plan) = (&scenario.plan.site.lanes[0], &scenario.plan.lanes[0]);
    assert_eq!(lane.memory, 1);
    assert_eq!((plan.flap_opens, plan.flap_closes), (Span::millis(900), Span::millis(800)));
    assert_eq!((row(&lane.sensing).debounce, row(&lane.sensing).x_mm.len()), (Span::millis(9), 5));
    assert_eq!((plan.receivers.scan, plan.beam_heights_m.len()), (Span::millis(5), 5));
}

#[test]
fn a_row_near_the_floor_comes_after_the_other_one() {
    let beams = "flap_m: 0.7, low: (x_m: [0.2, 0.6, 0.9, 1.1], height_m: 0.3, luggage_m: 0.9)";
    let two_rows = SLOW.replace("flap_m: 0.7", beams);
    let scenario = load(Path::new("s.ron"), &files(&two_rows, r#"type: "../lanes/slow.ron""#)).unwrap();
    let (lane, plan) = (&scenario.plan.site.lanes[0], &scenario.plan.lanes[0]);
    let row = row(&lane.sensing);
    assert_eq!(row.pairs_mm().skip(4).collect::<Vec<_>>(), [1_200, 200, 600, 900, 1_100]);
    assert_eq!((row.low.as_ref().map(|low| low.luggage_mm), plan.low_height_m), (Some(900), 0.3));
    let own = r#"type: "../lanes/slow.ron", beams: (low: (x_m: [0.5, 0.4]))"#;
    assert!(wrong(&two_rows, own).contains("near the floor must be listed from the outer end"));
    let beyond = r#"type: "../lanes/slow.ron", beams: (low: (x_m: [0.5, 1.9]))"#;
    assert!(wrong(&two_rows, beyond).contains("1.9"));
}

#[test]
fn what_a_lane_says_itself_has_to_fit_what_its_type_says() {
    for (own, why) in [
        ("beams: (x_m: [0.1, 0.3, 0.9, 1.2])", "5 heights for 4 beams"),
        ("beams: (x_m: [0.1, 0.3, 0.6, 0.9, 1.0, 1.2])", "5 heights for 6 beams"),
        (r#"flap: (opens: "300ms")"#, "longer than the flap moves"),
        (r#"flap: (opens: "800ms", closes: "300ms")"#, "longer than the flap moves"),
    ] {
        let text = wrong(SLOW, &format!(r#"type: "../lanes/slow.ron", {own}"#));
        assert!(text.contains("sites/site.ron:4:") && text.contains(why), "{own}: {text}");
    }
    for own in [
        "beams: (x_m: [0.1, 0.3, 0.9, 1.2], heights_m: [0.9, 0.4, 0.9, 0.9])",
        "beams: (x_m: [0.1, 0.3, 0.9, 1.2], height_m: 0.8)",
        r#"flap: (opens: "300ms", ramp: "100ms")"#,
    ] {
        let own = format!(r#"type: "../lanes/slow.ron", {own}"#);
        assert!(load(Path::new("s.ron"), &files(SLOW, &own)).is_ok(), "{own}");
    }
}

#[test]
fn a_mistake_in_a_type_is_shown_where_it_is() {
    let wrong_field = SLOW.replace("memory: 4", "memmory: 4");
    let text = wrong(&wrong_field, r#"type: "../lanes/slow.ron""#);
    assert!(text.contains("sites/../lanes/slow.ron:2:") && text.contains("memmory"), "{text}");
    let text = wrong(SLOW, r#"type: "../lanes/fast.ron""#);
    assert!(text.contains("sites/site.ron:4:") && text.contains("fast.ron"), "{text}");
    let text = wrong("Site(name: \"x\")", r#"type: "../lanes/slow.ron""#);
    assert!(text.contains("expected a lane type"), "{text}");
}

#[test]
fn figures_that_cannot_be_are_refused() {
    for (from, to, why) in [
        ("ramp: \"200ms\"", "ramp: \"400ms\"", "half of the time"),
        ("heights_m: [0.9, 0.9, 0.4, 0.9, 0.9]", "heights_m: [0.9]", "1 heights for 5 beams"),
        ("flap_m: 0.7", "flap_m: 0.2", "two beams on either side"),
        ("scan: \"5ms\"", "noise: (lasts: \"5ms\")", "without `per_hour`"),
        ("source: \"assumed\",", "", "without `source`"),
        ("width_m: 0.9", "panel: \"p\"", "no field `panel`"),
    ] {
        let bad = SLOW.replace(from, to);
        assert_ne!(bad, SLOW);
        let alone = RecordedFiles(vec![Source { path: "t.ron".into(), text: bad }]);
        let text = load_lane_type(Path::new("t.ron"), &alone).expect_err(why).render(false);
        assert!(text.contains(why), "{why}: {text}");
    }
}

#[test]
fn a_short_lane_refuses_beams_that_stand_beyond_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("site.ron");
    std::fs::write(&path, site("length_m: 1.2")).unwrap();
    let text = load_site(&path, &DiskFiles).expect_err("it is too short").render(false);
    assert!(text.contains("too short for its beams"), "{text}");
}
