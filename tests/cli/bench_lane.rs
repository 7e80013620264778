//! `bench-lane`: the samples, and that it ends as it should.

use crate::fixture::{apbrig, arg, files, folder, golden};
use apbrig::metrics::bench::{LaneBench, Rate};
use apbrig::report::write_bench;
use apbrig::scenario::DiskFiles;
use apbrig::scenario::load::load_lane_type;
use apbrig::sim::bench::{Bench, Case, stream};
use std::fs;
use std::path::Path;

/// The lane types of the catalogue.
const TYPES: [&str; 8] = [
    "ab-gate",
    "anti-climb-swing",
    "face-lane",
    "flap-barrier",
    "full-height",
    "optical-speed-gate",
    "smart-speed-gate",
    "tripod",
];

/// The clear gaps of the samples, m, and their one speed, m/s.
const GAPS: &str = "0,0.05,0.1,0.2,0.3,0.4,0.5,0.6,0.75,0.9,1.1,1.3";
const SPEED: f64 = 1.2;

/// How many cells of each sample are tried again.
const AGAIN: usize = 5;

fn lane_file(lane: &str) -> String {
    format!("scenarios/lanes/{lane}.ron")
}

fn sample(lane: &str, file: &str) -> String {
    format!("reports/samples/lanes/{lane}/{file}")
}

/// Makes the samples anew, if that is asked for: minutes of trials.
fn bless() {
    if std::env::var_os("APBRIG_BLESS").is_none() {
        return;
    }
    for lane in TYPES {
        let to = folder();
        let speed = SPEED.to_string();
        let asked = ["--speeds", &speed, "--gaps", GAPS, "--out", &arg(&to)];
        apbrig(&[&["bench-lane", &lane_file(lane), "-q"], &asked[..]].concat()).ended(0);
        golden(&sample(lane, "bench.json"), &fs::read_to_string(to.path().join("bench.json")).unwrap());
    }
}

/// The numbers of a sample are all in its `bench.json`: some of its cells, drawn by the lane's name, are tried
/// again and have to come out the same; everything else about it is made anew from them.
#[test]
fn the_samples_are_what_the_catalogue_gives() {
    bless();
    for lane in TYPES {
        let text = fs::read_to_string(sample(lane, "bench.json")).unwrap();
        let stored: LaneBench = serde_json::from_str(&text).unwrap();
        let to = folder();
        write_bench(to.path(), &stored).unwrap();
        for file in ["bench.json", "bench.csv", "bench.html"] {
            golden(&sample(lane, file), &fs::read_to_string(to.path().join(file)).unwrap());
        }
        is_what_it_gives(lane, &stored);
    }
}

fn is_what_it_gives(lane: &str, stored: &LaneBench) {
    let lane_type =
        load_lane_type(Path::new(&lane_file(lane)), &DiskFiles).unwrap_or_else(|_| panic!("{lane}"));
    let fresh = LaneBench::new(&lane_type, &lane_file(lane), (stored.seed, stored.trials), &[SPEED]);
    let empty = LaneBench { cells: vec![], controls: vec![], throughput: None, ..stored.clone() };
    assert_eq!(empty, fresh, "the sample of {lane} is of another lane; make it anew with APBRIG_BLESS=1");
    let bench = Bench::new(&lane_type, stored.seed).unwrap().unwrap();
    let gaps: Vec<f64> = GAPS.split(',').map(|g| g.parse().unwrap()).collect();
    let cases = Case::all(&bench, &gaps, &[SPEED]);
    assert_eq!(cases.len(), stored.cells.len() + stored.controls.len(), "{lane}");
    // Some two fifths of all cells apart, so that they are of all kinds; others for every lane.
    let first = lane.bytes().map(usize::from).sum::<usize>();
    for case in (0..AGAIN).filter_map(|n| cases.get((first + n * (cases.len() * 2 / 5 + 1)) % cases.len())) {
        let tally = bench.tally(case, stored.trials);
        let rate = |hits| Rate::of(hits, tally.trials);
        let told = (!stored.rotor).then(|| rate(tally.told));
        let is_it = |body: &str, luggage: &str, speed: f64| {
            (body, luggage, speed) == (case.kind.name(), case.carried.name(), case.speed_m_s)
        };
        let again = "make the sample anew with APBRIG_BLESS=1";
        if let Some(gap_m) = case.gap_m {
            let cell =
                stored.cells.iter().find(|c| c.gap_m == gap_m && is_it(&c.body, &c.luggage, c.speed_m_s));
            let cell = cell.unwrap_or_else(|| panic!("{lane} has no {case:?}"));
            let hits = (cell.detection.map(|r| r.hits), cell.prevention.hits);
            let now = (told.map(|r| r.hits), tally.kept_out);
            assert_eq!(hits, now, "{lane}, {case:?}: {again}");
        } else {
            let control = stored.controls.iter().find(|c| is_it(&c.body, &c.luggage, c.speed_m_s));
            let control = control.unwrap_or_else(|| panic!("{lane} has no {case:?}"));
            let hits = (control.false_alarms.map(|r| r.hits), control.stopped.hits);
            let now = (told.map(|r| r.hits), tally.stopped);
            assert_eq!(hits, now, "{lane}, {case:?}: {again}");
        }
    }
    let stream = stream(&lane_type, stored.seed).unwrap();
    let throughput = stored.throughput.as_ref().unwrap();
    assert_eq!((throughput.bodies, throughput.taken), (stream.bodies, stream.taken), "{lane}");
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
    let to = folder();
    let own_logic = arg(to.path().join("own-logic.ron"));
    let text = r#"LaneType(name: "own logic", source: "a test", sensing: Signals)"#;
    fs::write(&own_logic, text).unwrap();
    for args in [
        &[own_logic.as_str()][..],
        &["scenarios/modes/hard.ron"],
        &["nowhere.ron"],
        &["scenarios/lanes/flap-barrier.ron", "--gaps", "-1"],
        &["scenarios/lanes/flap-barrier.ron", "--trials", "0"],
    ] {
        let said = apbrig(&[&["bench-lane"], args].concat()).ended(2);
        assert!(said.out.is_empty() && !said.err.is_empty(), "{args:?}");
    }
}
