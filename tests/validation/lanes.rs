//! Free lanes of 0.55 m: everybody comes through, as fast as people were measured to.

use crate::scene::{flow, scene};
use apbrig::apb::time::Time;
use apbrig::record::{Truth, What};
use apbrig::sim::Simulation;

/// When, in seconds, people crossed the flap line of each lane.
fn crossings(name: &str) -> Vec<Vec<f64>> {
    let scenario = scene(name);
    let mut simulation = Simulation::new(&scenario, 1);
    let mut times = vec![Vec::new(); scenario.plan.lanes.len()];
    while simulation.now() < Time::ZERO + scenario.duration {
        for observation in simulation.step() {
            if let What::Truth(Truth::Crossed { lane, .. }) = observation.what {
                times[lane.index()].push(observation.at.0 as f64 / 1e6);
            }
        }
    }
    times
}

#[test]
fn everybody_of_200_and_of_1000_comes_through() {
    for (name, people) in [("lanes-200", 200), ("lanes-1000", 1_000)] {
        let times = crossings(name);
        let per_minute: Vec<f64> = times.iter().map(|times| 60.0 * flow(times)).collect();
        let last = times.iter().flatten().copied().fold(0.0, f64::max);
        println!("{name}: the last after {last:.1} s; per minute and lane {per_minute:.1?}");
        assert_eq!(times.iter().map(Vec::len).sum::<usize>(), people, "{name}");
        let mean = per_minute.iter().sum::<f64>() / per_minute.len() as f64;
        assert!((60.0..=70.0).contains(&mean), "{name}: {per_minute:?}");
    }
}
