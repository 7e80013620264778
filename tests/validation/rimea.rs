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
