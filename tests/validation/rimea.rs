//! The tests of the RiMEA guideline, with the limits in its accepted form.

use crate::scene::{Run, flow, scene};
use apbrig::record::PersonId;
use std::collections::BTreeMap;

#[test]
fn rimea_1_somebody_alone_keeps_their_speed() {
    let mut run = Run::new(&scene("rimea-01-corridor"), 1);
    let [from, to] = run.all_crossings([&|p| p.y >= 0.0, &|p| p.y >= 40.0]);
    let takes = to[0] - from[0];
    println!("40 m in {takes:.2} s");
    assert!((28.6..31.7).contains(&takes), "{takes}");
}

#[test]
fn rimea_5_everybody_sets_out_in_their_own_time() {
    let mut run = Run::new(&scene("rimea-05-reaction"), 1);
    let start = run.places.clone();
    let mut first: BTreeMap<PersonId, f64> = BTreeMap::new();
    while run.step() {
        for (who, place) in &run.places {
            if place.distance(start[who]) > 1e-4 {
                first.entry(*who).or_insert(run.now());
            }
        }
    }
    println!("{first:?}");
    let times: Vec<f64> = first.into_values().collect();
    assert_eq!(times.len(), 10);
    for (i, at) in times.iter().enumerate() {
        let set = 10.0 * (i + 1) as f64;
        // Two pictures of a film of 25 a second.
        assert!((set..=set + 0.08).contains(at), "{at} is not {set}");
    }
}

#[test]
fn rimea_6_nobody_walks_through_a_corner() {
    let mut run = Run::new(&scene("rimea-06-corner"), 1);
    let mut out = 0;
    loop {
        let goes_on = run.step();
        for place in run.places.values() {
            assert!(!(place.x < 10.0 && place.y > 2.0), "in the wall at {place}");
            assert!(place.x > 0.0 && place.y > 0.0 && place.x < 12.0, "outside at {place}");
        }
        out += run.before.len() - run.places.len();
        if !goes_on {
            break;
        }
    }
    println!("{out} out after {:.1} s", run.now());
    assert_eq!(out, 20, "left behind: {:?}", run.places);
}

/// Seconds until everybody is out.
fn empties(name: &str) -> f64 {
    let mut run = Run::new(&scene(name), 1);
    while run.step() {}
    assert!(run.places.is_empty(), "left behind: {:?}", run.places);
    run.now()
}

#[test]
fn rimea_9_half_of_the_doors_take_twice_as_long() {
    let (four, two) = (empties("rimea-09-four-doors"), empties("rimea-09-two-doors"));
    println!("four doors {four:.1} s, two doors {two:.1} s, ratio {:.2}", two / four);
    assert!((1.6..=2.4).contains(&(two / four)), "{two} / {four}");
}

#[test]
fn rimea_12_behind_a_narrow_corridor_there_is_no_jam() {
    let mut run = Run::new(&scene("rimea-12-bottleneck"), 1);
    let [corridor, door] = run.all_crossings([&|p| p.x >= 14.9, &|p| p.x >= 25.0]);
    assert_eq!((corridor.len(), door.len()), (150, 150));
    let (corridor, door) = (flow(&corridor), flow(&door));
    println!("corridor {corridor:.2} /s, door {door:.2} /s");
    assert!(corridor - door >= -0.05, "{corridor} and {door}");
}

#[test]
fn rimea_7_everybody_walks_as_fast_as_their_age_does() {
    /// From one line to the other, m.
    const LINES_M: (f32, f32) = (5.0, 35.0);
    let mut run = Run::new(&scene("rimea-07-speeds"), 1);
    let mut times: BTreeMap<PersonId, (f64, f64)> = BTreeMap::new();
    loop {
        let goes_on = run.step();
        for (who, place) in &run.places {
            let times = times.entry(*who).or_insert((0.0, 0.0));
            for (line, at) in [(LINES_M.0, &mut times.0), (LINES_M.1, &mut times.1)] {
                if place.y >= line && *at == 0.0 {
                    *at = run.now();
                }
            }
        }
        if !goes_on {
            break;
        }
    }
    assert!(run.places.is_empty() && times.len() == 200, "left behind: {:?}", run.places);
    let speeds: Vec<f64> =
        times.values().map(|(from, to)| f64::from(LINES_M.1 - LINES_M.0) / (to - from)).collect();
    let ranges = [(0.58, 1.61), (1.41, 1.54), (0.68, 1.41), (0.46, 0.76)];
    for (group, (least, greatest)) in speeds.chunks(50).zip(ranges) {
        let slowest = group.iter().copied().fold(f64::INFINITY, f64::min);
        let fastest = group.iter().copied().fold(0.0, f64::max);
        println!("{slowest:.2} to {fastest:.2} m/s of {least} to {greatest}");
        // A step of 10 ms at either line is a thousandth of the time between them.
        assert!(slowest >= least * 0.998 && fastest <= greatest * 1.002, "{slowest} to {fastest}");
        let range = greatest - least;
        assert!(slowest < least + 0.2 * range && fastest > greatest - 0.2 * range, "{slowest} to {fastest}");
    }
}

#[test]
fn rimea_10_everybody_leaves_by_their_own_exit() {
    let mut run = Run::new(&scene("rimea-10-assigned-exits"), 1);
    let mut last: BTreeMap<PersonId, f32> = BTreeMap::new();
    loop {
        let goes_on = run.step();
        last.extend(run.places.iter().map(|(who, place)| (*who, place.x)));
        if !goes_on {
            break;
        }
    }
    println!("all out after {:.1} s", run.now());
    assert!(run.places.is_empty() && last.len() == 23, "left behind: {:?}", run.places);
    for (i, x) in last.values().enumerate() {
        let is_main = matches!(i + 1, 1..=7 | 12..=19);
        assert!(if is_main { *x < 0.5 } else { *x > 35.5 }, "{} left at x = {x} m", i + 1);
    }
}
