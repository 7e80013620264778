//! A run, kept whole, so that every oracle can look at it.

use super::panics::guarded;
use crate::apb::controller::Controller;
use crate::apb::effect::Effects;
use crate::apb::input::Input;
use crate::apb::journal::Entry;
use crate::apb::time::Time;
use crate::metrics::Results;
use crate::metrics::collector::Collector;
use crate::record::{Observation, State, What};
use crate::scenario::Scenario;
use crate::sim::crowd::floor::Floor;
use crate::sim::crowd::track::Tracks;
use crate::sim::lane::Gate;
use crate::sim::lane::flap::Flap;
use crate::sim::{Decider, Ended, Simulation};
use std::ops::ControlFlow;

/// How a controller takes an input in.
pub type Handle = fn(&mut Controller, Time, &Input, &mut Effects);

/// What came of a run.
#[derive(Debug)]
pub struct Trial<'a> {
    /// What was run.
    pub scenario: &'a Scenario,
    /// With this seed.
    pub seed: u64,
    /// Everything that was observed, in order.
    pub observed: Vec<Observation>,
    /// How it ended.
    pub ended: Ended,
    /// When the last tick ended.
    pub end: Time,
    /// What is not at rest at the end.
    pub unrest: Vec<String>,
    /// The figures.
    pub results: Results,
    /// How the controllers that the recorded inputs are put into again take them in.
    pub handle: Handle,
}

/// Runs a scenario to its end with apbrig's own controller, which is watched after every input.
///
/// # Errors
/// Where and why it panicked.
pub fn run(scenario: &Scenario, seed: u64) -> Result<Trial<'_>, String> {
    guarded(|| {
        let mut simulation = Simulation::new(scenario, seed);
        simulation.watch_closely();
        finish(simulation, scenario, seed)
    })
}

/// Runs a scenario to its end with this controller.
///
/// # Errors
/// Where and why it panicked.
pub fn run_with(scenario: &Scenario, seed: u64, decider: Box<dyn Decider>) -> Result<Trial<'_>, String> {
    guarded(|| finish(Simulation::with(scenario, seed, decider), scenario, seed))
}

fn finish(mut simulation: Simulation, scenario: &Scenario, seed: u64) -> Trial<'_> {
    let mut observed = Vec::new();
    let ended = simulation.run(|o| observed.push(o.clone()), |_| ControlFlow::Continue(()));
    let mut collector = Collector::new(scenario, seed);
    for observation in &observed {
        collector.observe(observation);
    }
    let state = match &ended {
        Ended::Finished(_) => State::Finished,
        Ended::Aborted(_) => State::Aborted,
        Ended::Broken(_) => State::Broken,
    };
    let end = Time::ZERO + scenario.duration;
    let results = collector.finish(end, state, String::new(), String::new());
    let (end, unrest) = (simulation.now().max(end), unrest(&simulation));
    Trial { scenario, seed, observed, ended, end, unrest, results, handle: Controller::handle }
}

/// Everybody who is on the way, and every flap that is not shut.
fn unrest(simulation: &Simulation) -> Vec<String> {
    let (world, now) = (simulation.world(), simulation.now());
    let walkers = world.resource::<Floor>().walkers().iter();
    let mut found: Vec<String> = walkers.map(|w| format!("person {} walks about", w.person.0)).collect();
    let Some(mut gates) = world.try_query::<(&Gate, &Flap, &Tracks)>() else { return found };
    for (gate, flap, tracks) in gates.iter(world) {
        let stands = |b: &crate::sim::crowd::track::Tracked| {
            format!("person {} is at {}, {:.2} m in, {:?}", b.person.0, gate.0, b.front, b.stage)
        };
        found.extend(tracks.both().map(stands));
        if flap.travel_at(now) > 0 {
            found.push(format!("the flap of {} is {} millionths open", gate.0, flap.travel_at(now)));
        }
    }
    found
}

impl Trial<'_> {
    /// What the controller wrote down.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.observed.iter().filter_map(|o| if let What::Entry(e) = &o.what { Some(e) } else { None })
    }

    /// What the controller was told.
    pub fn inputs(&self) -> impl Iterator<Item = (Time, &Input)> {
        self.observed.iter().filter_map(|o| if let What::Input(i) = &o.what { Some((o.at, i)) } else { None })
    }
}
