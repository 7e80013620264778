//! `bench-lane`: the samples, and that it ends as it should.

use crate::fixture::{apbrig, arg, files, folder, golden};
use std::fs;

/// The lane types with beams of the catalogue.
const BEAMED: [&str; 6] =
    ["ab-gate", "anti-climb-swing", "face-lane", "flap-barrier", "optical-speed-gate", "smart-speed-gate"];

#[test]
fn the_samples_are_what_the_catalogue_gives() {
    for lane in BEAMED {
        let to = folder();
        let file = format!("scenarios/lanes/{lane}.ron");
        let gaps = "0,0.1,0.2,0.3,0.5,0.75,1,1.25";
        let said =
            apbrig(&["bench-lane", &file, "-q", "--speeds", "1.2", "--gaps", gaps, "--out", &arg(&to)]);
        assert!(said.ended(0).out.contains("false alarms"));
        for file in ["bench.html", "bench.csv"] {
            let actual = fs::read_to_string(to.path().join(file)).unwrap();
            golden(&format!("reports/samples/lanes/{lane}/{file}"), &actual);
        }
    }
}

#[test]
fn one_thread_and_three_find_the_same() {
    let found = |jobs: &str| {
        let to = folder();
        let lane = "scenarios/lanes/flap-barrier.ron";
        let few = ["--gaps", "0.1,0.9", "--speeds", "1.2", "--trials", "5", "--jobs", jobs];
        apbrig(&[&["bench-lane", lane, "-q", "--out", &arg(&to)], &few[..]].concat()).ended(0);
        files(to.path())
    };
    assert!(found("1") == found("3"));
}

#[test]
fn what_cannot_be_tried_ends_with_2() {
    for args in [
        &["scenarios/lanes/tripod.ron"][..],
        &["scenarios/modes/hard.ron"],
        &["nowhere.ron"],
        &["scenarios/lanes/flap-barrier.ron", "--gaps", "-1"],
        &["scenarios/lanes/flap-barrier.ron", "--trials", "0"],
    ] {
        let said = apbrig(&[&["bench-lane"], args].concat()).ended(2);
        assert!(said.out.is_empty() && !said.err.is_empty(), "{args:?}");
    }
}
