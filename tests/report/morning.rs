//! The parts of a believable morning that have a curve: arrivals, departures, waits.

use apbrig::apb::time::Time;
use apbrig::metrics::results::{AreaOccupancy, OccupancyPoint};

/// A small generator of numbers from 0 to 1, so that the fixture is the same everywhere.
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    pub(crate) fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f64 / (1_u64 << 24) as f64
    }
}

/// Length of the morning in seconds: 07:15 to 09:45.
pub(crate) const LENGTH_S: f64 = 9_000.0;

/// What happens to the count of people inside: when, by how much it changes in truth, and as believed.
fn changes(people: u32) -> Vec<(f64, i32, i32)> {
    let mut draw = Draw(42);
    let mut changes = Vec::new();
    for i in 0..people {
        // A logistic curve around 08:32, most of it within an hour.
        let u = draw.next().clamp(0.002, 0.998);
        let arrival = (4_620.0 + 420.0 * libm::log(u / (1.0 - u))).clamp(30.0, LENGTH_S - 30.0);
        // A few follow others through: truly inside, believed by nobody.
        changes.push((arrival, 1, i32::from(i % 500 != 7)));
        if i % 11 == 3 {
            let leaves = arrival + 900.0 + 2_400.0 * draw.next();
            if leaves < LENGTH_S {
                changes.push((leaves, -1, -1));
            }
        }
        // At 09:05 a delivery door is held open and some leave past every reader.
        if i % 55 == 9 && arrival < 6_000.0 {
            changes.push((6_600.0 + 240.0 * draw.next(), -1, 0));
        }
    }
    changes.sort_by(|a, b| a.0.total_cmp(&b.0));
    changes
}

/// People inside over the morning.
pub(crate) fn occupancy(area: &str, people: u32) -> AreaOccupancy {
    let (mut believed, mut truth) = (0_i32, 0_i32);
    let mut points = vec![OccupancyPoint { at: Time::ZERO, believed: 0, true_count: 0 }];
    for (at_s, true_change, believed_change) in changes(people) {
        truth += true_change;
        believed += believed_change;
        points.push(OccupancyPoint {
            at: Time((at_s * 1e6) as u64),
            believed: believed.max(0).cast_unsigned(),
            true_count: truth.max(0).cast_unsigned(),
        });
    }
    AreaOccupancy { area: area.into(), points }
}

/// Waiting times, ascending: most people hardly wait, a few wait long.
pub(crate) fn waits_s(people: u32) -> Vec<f64> {
    let mut draw = Draw(7);
    let mut waits: Vec<f64> = (0..people)
        .map(|_| {
            let u = draw.next().clamp(0.000_5, 0.999_5);
            // Log-logistic, cut short where people would give up.
            let wait = (4.6 * libm::exp(0.42 * libm::log(u / (1.0 - u))) - 0.6).clamp(0.4, 41.0);
            (wait * 100.0).round() / 100.0
        })
        .collect();
    waits.sort_by(f64::total_cmp);
    waits
}

/// The wait that a share of people do not exceed.
pub(crate) fn percentile(sorted: &[f64], share: f64) -> f64 {
    let index = ((sorted.len() as f64 * share).ceil() as usize).max(1) - 1;
    sorted[index]
}
