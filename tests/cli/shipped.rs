//! The shipped scenarios pass. The office's whole day takes long in a debug build and is left to the release
//! build.

use crate::fixture::{apbrig, arg, folder, golden};
use std::fs;

#[test]
fn the_shipped_scenarios_pass() {
    let to = folder();
    let paths = [
        "scenarios/modes",
        "scenarios/commissioning",
        "scenarios/stress",
        "scenarios/industries/office-morning.ron",
        "scenarios/industries/clean-room.ron",
        "scenarios/industries/data-centre.ron",
        "scenarios/industries/pharmacy.ron",
        "scenarios/industries/shared-workspace.ron",
        "scenarios/industries/station-hall.ron",
        "scenarios/industries/shift-change.ron",
    ];
    let out = arg(&to);
    let args: Vec<&str> = ["run"].into_iter().chain(paths).chain(["--out", &out]).collect();
    let said = apbrig(&args).ended(0);
    assert!(said.out.contains("27 runs passed, 0 did not"), "{}", said.out);
}

#[test]
fn everything_shipped_is_sound() {
    let said = apbrig(&["check", "scenarios"]).ended(0);
    assert!(said.out.lines().count() >= 20 && said.err.is_empty(), "{}", said.err);
}

#[test]
fn the_samples_are_what_the_modes_give() {
    for mode in ["off", "soft", "hard", "timed", "nested"] {
        let to = folder();
        apbrig(&["run", &format!("scenarios/modes/{mode}.ron"), "--quiet", "--out", &arg(&to)]).ended(0);
        for file in ["report.html", "results.json", "events.csv"] {
            let actual = fs::read_to_string(to.path().join(file)).unwrap();
            golden(&format!("reports/samples/{mode}/{file}"), &actual);
        }
    }
}
