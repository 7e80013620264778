//! Running a scene and measuring it as an experiment is measured: who crossed which line when.

use crate::apb::time::Time;
use crate::record::{PersonId, Truth, What};
use crate::scenario::files::Files;
use crate::scenario::{Diagnostics, Scenario, load};
use crate::sim::Simulation;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Where the scenes are.
pub struct Stage<'a> {
    /// The folder.
    pub folder: &'a Path,
    /// What reads it.
    pub files: &'a (dyn Files + Sync),
}

impl Stage<'_> {
    /// A scene of the folder.
    ///
    /// # Errors
    /// What is wrong with its file.
    pub fn scene(&self, name: &str) -> Result<Scenario, Diagnostics> {
        load(&self.folder.join(name).with_extension("ron"), self.files)
    }
}

/// A place on the floor, m.
pub(super) type Place = (f32, f32);

/// A scene under way.
pub(super) struct Run {
    simulation: Simulation,
    end: Time,
    /// Where everybody is who is on the floor or in a lane.
    pub(super) places: BTreeMap<PersonId, Place>,
    /// Where everybody was one step before.
    pub(super) before: BTreeMap<PersonId, Place>,
    /// Who crossed a lane in the last step: when, and which.
    pub(super) crossed: Vec<(Time, usize, PersonId)>,
    /// Who came onto the floor in the last step, and when.
    pub(super) came: Vec<(Time, PersonId)>,
}

impl Run {
    pub(super) fn new(scenario: &Scenario, seed: u64) -> Self {
        let simulation = Simulation::new(scenario, seed);
        let end = Time::ZERO + scenario.duration;
        let (places, before) = (BTreeMap::new(), BTreeMap::new());
        let mut run = Self { simulation, end, places, before, crossed: Vec::new(), came: Vec::new() };
        run.look();
        run
    }

    fn look(&mut self) {
        let now = self.simulation.bodies().map(|b| (b.person, (b.centre.x, b.centre.y))).collect();
        self.before = std::mem::replace(&mut self.places, now);
    }

    /// Seconds since the beginning.
    pub(super) fn now(&self) -> f64 {
        seconds(self.simulation.now())
    }

    /// One step; `false`: the time is up.
    pub(super) fn step(&mut self) -> bool {
        self.crossed.clear();
        self.came.clear();
        for observation in self.simulation.step() {
            match observation.what {
                What::Truth(Truth::Crossed { person, lane, .. }) => {
                    self.crossed.push((observation.at, lane.index(), person));
                }
                What::Truth(Truth::Introduced { person, .. }) => self.came.push((observation.at, person)),
                _ => {}
            }
        }
        self.look();
        self.simulation.now() < self.end
    }

    /// One step; `false`: it is over, since nobody is left or the time is up.
    pub(super) fn goes_on(&mut self) -> bool {
        self.step() && !self.places.is_empty()
    }

    /// When, in seconds, each person was first beyond each of some lines, from the first to the last.
    pub(super) fn crossings<const N: usize>(&mut self, lines: [&dyn Fn(Place) -> bool; N]) -> [Vec<f64>; N] {
        let mut seen: [BTreeSet<PersonId>; N] = std::array::from_fn(|_| BTreeSet::new());
        let mut times: [Vec<f64>; N] = std::array::from_fn(|_| Vec::new());
        while self.goes_on() {
            for (who, place) in &self.places {
                for ((is_beyond, seen), times) in lines.iter().zip(&mut seen).zip(&mut times) {
                    if is_beyond(*place) && seen.insert(*who) {
                        times.push(self.now());
                    }
                }
            }
        }
        times
    }
}

/// A moment in seconds since the beginning.
pub(super) fn seconds(at: Time) -> f64 {
    at.0 as f64 / 1e6
}

/// Persons per second between the quantiles of 10 and 80 % of these times, s; nothing for too few.
pub(super) fn flow(times: &[f64]) -> f64 {
    let (from, to) = (times.len() / 10, times.len() * 8 / 10);
    match (times.get(from), times.get(to)) {
        (Some(first), Some(last)) if last > first => (to - from) as f64 / (last - first),
        _ => 0.0,
    }
}

/// The mean; nothing of nothing.
pub(super) fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0_f64);
    for value in values {
        (sum, count) = (sum + value, count + 1.0);
    }
    sum / count.max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flow_is_that_between_its_quantiles() {
        let times: Vec<f64> = (0..100).map(|i| f64::from(i) / 2.0).collect();
        assert!((flow(&times) - 2.0).abs() < 1e-9);
        assert_eq!((flow(&[]), flow(&[1.0]), mean([])), (0.0, 0.0, 0.0));
        assert_eq!(mean([1.0, 3.0]), 2.0);
    }
}
