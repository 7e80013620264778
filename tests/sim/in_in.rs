//! The commissioning test "in, in" at every reader, walked: what the file expects is what comes out, under
//! every policy.

use crate::fixture::{figures, run};
use apbrig::metrics::Results;
use apbrig::metrics::results::Outcome;
use apbrig::scenario::{RecordedFiles, Scenario, Source, load};
use std::path::Path;

/// A lobby and a lab within it, with a lane into each and one from the street straight into the lab.
const SITE: &str = r#"Site(
    name: "s",
    schedules: [
        (id: "always", windows: ["daily 00:00-24:00"]),
        (id: "nights", windows: ["daily 22:00-06:00"]),
    ],
    areas: [
        (id: "outside"),
        (id: "lobby", within: "outside", apb: LOBBY),
        (id: "lab", within: "lobby", apb: LAB),
    ],
    panels: [(id: "one"), (id: "other")],
    lane_rows: [
        (ids: "L{1..1}", from: "outside", to: "lobby", first_x_m: 3, pitch_m: 1, y_m: 8),
        (ids: "L{2..2}", from: "lobby", to: "lab", first_x_m: 3, pitch_m: 1, y_m: 16, panel: "other"),
        (ids: "L{3..3}", from: "outside", to: "lab", first_x_m: 7, pitch_m: 1, y_m: 8),
    ],
    readers: [],
    portals: [
        (area: "outside", x_m: 5, y_m: 0),
        (area: "lobby", x_m: 5, y_m: 13),
        (area: "lab", x_m: 5, y_m: 22),
    ],
    holders: [(id: "P1")],
)"#;

/// A site with one lane, whose readers are given.
const ONE_LANE: &str = r#"Site(
    name: "s",
    schedules: [(id: "nights", windows: ["daily 22:00-06:00"])],
    areas: [(id: "outside"), (id: "lobby", within: "outside", apb: LOBBY)],
    lanes: [(id: "L1", from: "outside", to: "lobby", x_m: 5, y_m: 8)],
    readers: [READERS],
    portals: [(area: "outside", x_m: 5, y_m: 0), (area: "lobby", x_m: 5, y_m: 16)],
    holders: [(id: "P1")],
)"#;

const POLICIES: [&str; 23] = [
    "Off",
    "Off(track_when_off: false)",
    "Soft",
    "SoftInOut",
    "SoftInOut(memory: Flag)",
    "Hard",
    "Hard(outbound: Same)",
    "Hard(commit: OnGrant)",
    "Hard(memory: Flag)",
    "Hard(unknown: Deny, reservation: false)",
    "Hard(schedule: \"always\")",
    "Hard(schedule: \"nights\")",
    "Hard(lockout_after: 1)",
    "HardInOut",
    "HardEntry",
    "HardEntry(memory: Flag)",
    "Timed",
    "TimedReader",
    "TimedReader(soft: true)",
    "TimedLastUser",
    "TimedHistory",
    "TimedCard",
    "TimedCard(scope: Panel)",
];

fn walked(site: &str) -> (Scenario, Results) {
    let scenario = r#"Scenario(title: "t", site: "site.ron", start: "2026-03-02T08:00", duration: "6min",
        script: [(at: "1s", do: InInAtEveryReader(holder: "P1"))])"#;
    let source = |path: &str, text: &str| Source { path: path.into(), text: text.into() };
    let files = RecordedFiles(vec![source("s.ron", scenario), source("site.ron", site)]);
    let scenario = load(Path::new("s.ron"), &files).unwrap_or_else(|e| panic!("{}", e.render(false)));
    let results = figures(&scenario, &run(&scenario, 1));
    (scenario, results)
}

fn assert_as_expected(site: &str, readers: usize) {
    let (scenario, results) = walked(site);
    assert_eq!(scenario.expectations.len(), 2 * readers);
    for check in &results.expectations {
        let (measure, bound, value) = (&check.measure, &check.bound, &check.value);
        assert_eq!(check.outcome, Outcome::Pass, "{site}\n{measure}: {bound}, but {value}");
    }
}

#[test]
fn every_policy_does_what_the_test_expects() {
    for lobby in POLICIES {
        for lab in ["Off", "Hard", "TimedCard(soft: true)"] {
            assert_as_expected(&SITE.replace("LOBBY", lobby).replace("LAB", lab), 6);
        }
    }
}

#[test]
fn readers_have_a_say_of_their_own() {
    let entry = r#"(id: "e", lane: "L1", from: "outside", to: "lobby" MORE),"#;
    let exit = r#"(id: "x", lane: "L1", from: "lobby", to: "outside" MORE),"#;
    for policy in ["Off", "Hard", "HardEntry", "TimedReader"] {
        for more in ["", ", apb: Off", ", apb: Soft", ", apb: Hard", ", factor: Always"] {
            let readers = format!("{entry}{exit}").replace("MORE", more);
            assert_as_expected(&ONE_LANE.replace("LOBBY", policy).replace("READERS", &readers), 2);
        }
    }
}

#[test]
fn a_reader_that_toggles_takes_the_second_read_for_coming_back() {
    for reader in [r#"from: "outside", to: "lobby""#, r#"from: "lobby", to: "outside""#] {
        let readers = format!(r#"(id: "t", lane: "L1", {reader}, toggles: true, factor: During("nights"))"#);
        for policy in
            ["Off", "Hard", "HardInOut", "Hard(memory: Flag)", "TimedReader", "TimedCard(soft: true)"]
        {
            assert_as_expected(&ONE_LANE.replace("LOBBY", policy).replace("READERS", &readers), 1);
        }
    }
}
