//! Running a scene and measuring it as an experiment is measured: who crossed which line when.

use apbrig::apb::time::Time;
use apbrig::record::PersonId;
use apbrig::scenario::{DiskFiles, Scenario, load};
use apbrig::sim::Simulation;
use apbrig::sim::crowd::floor::Floor;
use bevy::prelude::Vec2;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A scene of `scenarios/validation`.
pub(crate) fn scene(name: &str) -> Scenario {
    let path = format!("scenarios/validation/{name}.ron");
    load(Path::new(&path), &DiskFiles).unwrap_or_else(|e| panic!("{}", e.render(false)))
}

/// A scene under way.
pub(crate) struct Run {
    simulation: Simulation,
    end: Time,
    /// Where everybody on the floor is.
    pub(crate) places: BTreeMap<PersonId, Vec2>,
    /// Where everybody was one step before.
    pub(crate) before: BTreeMap<PersonId, Vec2>,
}

impl Run {
    pub(crate) fn new(scenario: &Scenario, seed: u64) -> Self {
        let simulation = Simulation::new(scenario, seed);
        let end = Time::ZERO + scenario.duration;
        let mut run = Self { simulation, end, places: BTreeMap::new(), before: BTreeMap::new() };
        run.look();
        run
    }

    fn look(&mut self) {
        let walkers = self.simulation.world().resource::<Floor>().walkers();
        let now = walkers.iter().map(|w| (w.person, w.position)).collect();
        self.before = std::mem::replace(&mut self.places, now);
    }

    /// Seconds since the beginning.
    pub(crate) fn now(&self) -> f64 {
        self.simulation.now().0 as f64 / 1e6
    }

    /// One step; `false`: it is over, since nobody is left or the time is up.
    pub(crate) fn step(&mut self) -> bool {
        drop(self.simulation.step());
        self.look();
        !self.places.is_empty() && self.simulation.now() < self.end
    }

    /// When, in seconds, each person was first beyond a line, from the first to the last.
    pub(crate) fn crossings(&mut self, is_beyond: impl Fn(Vec2) -> bool) -> Vec<f64> {
        let [times] = self.all_crossings([&is_beyond]);
        times
    }

    /// The same for several lines at once.
    pub(crate) fn all_crossings<const N: usize>(
        &mut self,
        lines: [&dyn Fn(Vec2) -> bool; N],
    ) -> [Vec<f64>; N] {
        let mut seen: [BTreeSet<PersonId>; N] = std::array::from_fn(|_| BTreeSet::new());
        let mut times: [Vec<f64>; N] = std::array::from_fn(|_| Vec::new());
        while self.step() {
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

/// Persons per second between the quantiles of 10 and 80 % of these times, s.
pub(crate) fn flow(times: &[f64]) -> f64 {
    let (from, to) = (times.len() / 10, times.len() * 8 / 10);
    (to - from) as f64 / (times[to] - times[from])
}
