//! What steps that stand for many expand to, and how times and numbers come out.

use apbrig::apb::id::{CardNumber, Direction};
use apbrig::apb::input::{Input, Who};
use apbrig::apb::journal::Reason;
use apbrig::apb::time::{Span, Time};
use apbrig::scenario::crowd::Arrivals;
use apbrig::scenario::expect::{Expectation, Verdict};
use apbrig::scenario::script::Action;
use apbrig::scenario::{Diagnostics, DiskFiles, RecordedFiles, Scenario, Source, load, load_site};
use std::path::Path;

const SITE: &str = r#"Site(name: "s",
    areas: [(id: "outside"), (id: "lobby", within: "outside", apb: APB)],
    lanes: [(id: "L1", from: "outside", to: "lobby", x_m: 5, y_m: 10)],
    readers: [
        (id: "e", lane: "L1", from: "outside", to: "lobby"),
        (id: "x", lane: "L1", from: "lobby", to: "outside"),
    ],
    portals: [(area: "outside", x_m: 5, y_m: 0), (area: "lobby", x_m: 5, y_m: 20)],
    holders: [
        (id: "P1", credentials: [(id: "K1", number: 2), "K2"]),
        (id: "P2", credentials: [
            (id: "K3", valid_from: "2026-03-01T00:00", valid_until: "2026-03-02T09:00"),
        ]),
        (id: "P3", credentials: [
            (id: "K4", valid_from: "2026-03-02T08:00:30", valid_until: "2026-03-02T07:00"),
        ]),
    ],
    populations: [(id: "staff", count: 3)],
)"#;

/// Loads a scenario on the site, after editing the site's text.
fn load_on(site: &str, body: &str) -> Result<Scenario, Diagnostics> {
    let head = "Scenario(title: \"t\", site: \"site.ron\", start: \"2026-03-02T08:00\"";
    let scenario = format!("{head}, {body})");
    let source = |path: &str, text: &str| Source { path: path.into(), text: text.into() };
    let files = RecordedFiles(vec![source("s.ron", &scenario), source("site.ron", site)]);
    load(Path::new("s.ron"), &files)
}

fn scenario_with(apb: &str, body: &str) -> Result<Scenario, Diagnostics> {
    load_on(&SITE.replace("APB", apb), body)
}

fn loaded(apb: &str, body: &str) -> Scenario {
    // P3's card is never valid: wanted in one test only.
    let site = SITE.replace("APB", apb).replace("valid_until: \"2026-03-02T07:00\"", "");
    load_on(&site, body).unwrap_or_else(|e| panic!("{}", e.render(false)))
}

const IN_IN: &str = r#"duration: "5min", script: [(at: "10s", do: InInAtEveryReader(holder: "P1"))]"#;

fn verdicts(apb: &str) -> Vec<(u32, Verdict, bool, bool)> {
    let checks = loaded(apb, IN_IN).expectations.into_iter();
    checks
        .map(|e| match e {
            Expectation::Decision(d) => (d.nth, d.verdict, d.alert_within.is_some(), d.still_for.is_some()),
            Expectation::Measure { .. } => panic!("{e:?}"),
        })
        .collect()
}

#[test]
fn in_in_follows_the_policy() {
    let granted = |nth| (nth, Verdict::Granted, false, false);
    let flagged = (2, Verdict::Flagged, true, false);
    let denied = (2, Verdict::Denied(Some(Reason::ApbViolation)), true, true);
    assert_eq!(verdicts("Off"), [granted(1), granted(2), granted(1), granted(2)]);
    assert_eq!(verdicts("Soft"), [granted(1), flagged, granted(1), flagged]);
    assert_eq!(verdicts("Hard"), [granted(1), denied, granted(1), flagged]);
    assert_eq!(verdicts("Hard(outbound: Same)"), [granted(1), denied, granted(1), denied]);
    assert_eq!(verdicts("HardEntry"), [granted(1), denied, granted(1), granted(2)]);
    assert_eq!(verdicts("Timed"), [granted(1), denied, granted(1), flagged]);
    let short = scenario_with("Timed(window: \"10s\")", IN_IN).unwrap_err().to_string();
    assert!(short.contains("window of only 10.000 s"), "{short}");
}

#[test]
fn in_in_is_reset_walk_and_read() {
    let steps = loaded("Hard", IN_IN).script;
    assert_eq!(steps.len(), 6);
    let at: Vec<u64> = steps.iter().map(|s| s.at.whole_seconds()).collect();
    assert_eq!(at, [10, 10, 25, 40, 40, 55]);
    assert!(matches!(
        steps[0].action,
        Action::Operate(Input::Reset { who: Who::Holder(_), to: Some(_), .. })
    ));
    assert!(
        matches!(&steps[1].action, Action::Walk(w) if w.direction == Direction::In && w.cards.len() == 1)
    );
    assert!(matches!(&steps[4].action, Action::Walk(w) if w.direction == Direction::Out));
}

#[test]
fn in_in_counts_earlier_reads() {
    let body = r#"duration: "5min", script: [
        (at: "1s", do: Read(reader: "e", credential: "K1")),
        (at: "10s", do: InInAtEveryReader(holder: "P1")),
        (at: "2min", do: InInAtEveryReader(holder: "P1")),
    ]"#;
    let checks = loaded("Hard", body).expectations;
    let nth = |e: &Expectation| match e {
        Expectation::Decision(d) => (d.reader.map_or(9, |r| r.0), d.nth),
        Expectation::Measure { .. } => (9, 0),
    };
    let all: Vec<_> = checks.iter().map(nth).collect();
    assert_eq!(all, [(0, 2), (0, 3), (1, 1), (1, 2), (0, 4), (0, 5), (1, 3), (1, 4)]);
}

#[test]
fn in_in_needs_time() {
    let body = r#"duration: "50s", script: [(at: "10s", do: InInAtEveryReader(holder: "P1"))]"#;
    let error = scenario_with("Hard", body).unwrap_err().to_string();
    assert!(error.contains("until "), "{error}");
}

#[test]
fn numbers_are_given_in_order_around_those_in_use() {
    let site = loaded("Off", r#"duration: "1min""#).plan.site;
    let numbers: Vec<(&str, u64)> = site.credentials.iter().map(|c| (c.name.as_str(), c.number.0)).collect();
    let expected =
        [("K1", 2), ("K2", 1), ("K3", 3), ("K4", 4), ("staff-0001", 5), ("staff-0002", 6), ("staff-0003", 7)];
    assert_eq!(numbers, expected);
    assert!(site.credential(CardNumber(7)).is_some());
}

#[test]
fn validity_is_monotonic_time() {
    let site = loaded("Off", r#"duration: "1min""#).plan.site;
    assert_eq!(site.credentials[2].valid_from, None);
    assert_eq!(site.credentials[2].valid_until, Some(Time(3_600_000_000)));
    assert_eq!(site.credentials[3].valid_from, Some(Time(30_000_000)));
    let never = scenario_with("Off", r#"duration: "1min""#).unwrap_err().to_string();
    assert!(never.contains("never valid"), "{never}");
}

#[test]
fn steps_come_in_order_of_time() {
    let body = r#"duration: "1h", script: [
        (at: "08:30", do: Fire(false)),
        (at: "10min", do: Fire(true)),
        (at: "1.5s", do: Forgive(holder: "P1")),
    ]"#;
    let at: Vec<Time> = loaded("Off", body).script.iter().map(|s| s.at).collect();
    assert_eq!(at, [Time(1_500_000), Time(600_000_000), Time(1_800_000_000)]);
}

#[test]
fn crowds_are_cut_from_populations() {
    let body = r#"duration: "2h", crowd: [
        (name: "early", holders: Population("staff"), count: 2, to: "lobby",
         arrivals: Surge(at: "08:10", sd: "1min")),
        (name: "late", holders: Population("staff"), skip: 2, to: "lobby",
         arrivals: Profile([("08:30", 1), ("09:00", 4)]), personas: [(share: 0.5, persona: Tailgater)]),
    ]"#;
    let crowd = loaded("Off", body).crowd;
    assert_eq!((crowd[0].holders.len(), crowd[1].holders.len()), (2, 1));
    let at = |s: u64| Time(s * 1_000_000);
    assert_eq!(crowd[0].arrivals, Arrivals::Surge { at: at(600), sd: Span::minutes(1) });
    assert_eq!(crowd[1].arrivals, Arrivals::Profile(vec![(at(1_800), 1.0), (at(3_600), 4.0)]));
}

#[test]
fn a_row_is_as_good_as_its_lanes() {
    let plan = load_site(Path::new("scenarios/sites/eight-lanes.ron"), &DiskFiles).unwrap();
    assert_eq!((plan.lanes.len(), plan.site.readers.len()), (8, 16));
    assert_eq!(plan.site.readers[15].name, "R8x");
    let mean = plan.lanes.iter().map(|l| l.x_m).sum::<f32>() / 8.0;
    assert!((mean - 10.0).abs() < 1e-4, "{mean}");
    assert_eq!(plan.site.holders.len(), 2_001);
}
