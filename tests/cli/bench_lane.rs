//! `bench-lane`: the samples, and that it ends as it should.

use crate::fixture::{apbrig, arg, files, folder, golden};
use apbrig::metrics::bench::{Cell, LaneBench, Throughput};
use apbrig::report::write_bench;
use apbrig::scenario::DiskFiles;
use apbrig::scenario::load::load_lane_type;
use apbrig::sim::bench::{Bench, Case, STREAM_PEOPLE, Stream, stream};
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
const GAPS: &str = "0,0.1,0.2,0.3,0.5,0.75,1,1.25";
const SPEED: f64 = 1.2;

/// How many cells of each sample are tried again.
const AGAIN: usize = 4;

fn lane_file(lane: &str) -> String {
    format!("scenarios/lanes/{lane}.ron")
}

fn sample(lane: &str, file: &str) -> String {
    format!("reports/samples/lanes/{lane}/{file}")
}

/// Tries a lane type anew: minutes of trials.
fn try_anew(lane: &str) {
    let to = folder();
    let speed = SPEED.to_string();
    let asked = ["--speeds", &speed, "--gaps", GAPS, "--out", &arg(&to)];
    apbrig(&[&["bench-lane", &lane_file(lane), "-q"], &asked[..]].concat()).ended(0);
    golden(&sample(lane, "bench.json"), &fs::read_to_string(to.path().join("bench.json")).unwrap());
}

fn stored(lane: &str) -> Option<LaneBench> {
    serde_json::from_str(&fs::read_to_string(sample(lane, "bench.json")).ok()?).ok()
}

/// The numbers of a sample are all in its `bench.json`: some of its cells, others for every lane, are tried
/// again and have to come out the same; everything else about it is made anew from them. With `APBRIG_BLESS`
/// a sample that is not what it was is tried anew as a whole; one that is missing always.
#[test]
fn the_samples_are_what_the_catalogue_gives() {
    for lane in TYPES {
        let is_sound = || stored(lane).ok_or("it is missing".to_owned()).and_then(|s| same_again(lane, &s));
        let first = is_sound();
        if std::env::var_os("APBRIG_BLESS").is_some() && first.is_err() {
            try_anew(lane);
        } else if let Err(what) = first {
            panic!("the sample of {lane}: {what}; make it anew with APBRIG_BLESS=1");
        }
        let to = folder();
        let stored = stored(lane).unwrap();
        write_bench(to.path(), &stored).unwrap();
        let chart = (!stored.rotor).then_some("charts/adult-nothing-1.svg");
        for file in ["bench.csv", "bench.html"].into_iter().chain(chart) {
            golden(&sample(lane, file), &fs::read_to_string(to.path().join(file)).unwrap());
        }
    }
}

/// Whether the sample is of this lane type, and comes out the same where it is tried again.
fn same_again(lane: &str, stored: &LaneBench) -> Result<(), String> {
    let lane_type = load_lane_type(Path::new(&lane_file(lane)), &DiskFiles).map_err(|e| e.render(false))?;
    let fresh = LaneBench::new(&lane_type, &lane_file(lane), (stored.seed, stored.trials), &[SPEED]);
    // Reading a number may lose its last bit: both are read.
    let fresh: LaneBench = serde_json::from_str(&serde_json::to_string(&fresh).unwrap()).unwrap();
    let empty = LaneBench { cells: vec![], controls: vec![], throughput: None, ..stored.clone() };
    if fresh != empty {
        return Err("it is of another lane".into());
    }
    let bench = Bench::new(&lane_type, stored.seed).unwrap().unwrap();
    let gaps: Vec<f64> = GAPS.split(',').map(|g| g.parse().unwrap()).collect();
    let cases = Case::all(&bench, &gaps, &[SPEED]);
    if cases.len() != stored.cells.len() + stored.controls.len() {
        return Err(format!("{} cells are now {}", stored.cells.len() + stored.controls.len(), cases.len()));
    }
    // Some two fifths of all cells apart, so that they are of all kinds.
    let first = lane.bytes().map(usize::from).sum::<usize>();
    let again = (0..AGAIN).map(|n| cases[(first + n * (cases.len() * 2 / 5 + 1)) % cases.len()]);
    for case in again {
        let (was, is) = (hits(stored, &case), tried(&bench, &case, stored));
        if was != Some(is) {
            return Err(format!("{case:?}: was {was:?} and is {is:?}"));
        }
    }
    let Stream { bodies, lasted_s, passages_s, not_taken, alarms, .. } =
        stream(&lane_type, stored.seed).unwrap();
    let is = Throughput::of(u64::from(STREAM_PEOPLE), bodies, lasted_s, passages_s);
    let is = Throughput { not_taken, false_alarms: alarms, ..is };
    let is: Throughput = serde_json::from_str(&serde_json::to_string(&is).unwrap()).unwrap();
    if stored.throughput.as_ref() != Some(&is) {
        return Err(format!("the stream was {:?} and is {is:?}", stored.throughput));
    }
    Ok(())
}

/// How many alarms, if it tells any, and how many kept out or stopped: in the sample.
fn hits(stored: &LaneBench, case: &Case) -> Option<(Option<u64>, u64)> {
    let is_it = |body: &str, luggage: &str, speed: f64| {
        (body, luggage, speed) == (case.kind.name(), case.carried.name(), case.speed_m_s)
    };
    let Some(gap_m) = case.gap_m else {
        let control = stored.controls.iter().find(|c| is_it(&c.body, &c.luggage, c.speed_m_s))?;
        return Some((control.false_alarms.map(|r| r.hits), control.stopped.hits));
    };
    let is_cell = |c: &&Cell| c.gap_m == gap_m && is_it(&c.body, &c.luggage, c.speed_m_s);
    let cell = stored.cells.iter().find(is_cell)?;
    Some((cell.detection.map(|r| r.hits), cell.prevention.hits))
}

/// The same, tried again.
fn tried(bench: &Bench, case: &Case, stored: &LaneBench) -> (Option<u64>, u64) {
    let tally = bench.tally(case, stored.trials, || true).unwrap();
    let told = (!stored.rotor).then_some(tally.told);
    (told, if case.gap_m.is_some() { tally.kept_out } else { tally.stopped })
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
