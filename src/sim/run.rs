//! A whole run: builds the world, steps it as fast as it goes, and hands out what was observed.

use super::bodies::{self, Body};
use super::clock::SimClock;
use super::control::ControllerSlot;
use super::crowd::floor::Floor;
use super::crowd::people::People;
use super::crowd::track::Tracks;
use super::decider::Decider;
use super::fault::Faults;
use super::ground::Ground;
use super::lane::Place;
use super::lane::flap::Flap;
use super::lane::reader::Readers;
use super::lane::receivers::Receivers;
use super::network::Network;
use super::port::{FromLane, ToLane};
use super::recorder::Recorder;
use super::rng::SimRng;
use super::schedule::{AddSimMessage, SimStep};
use super::script::Script;
use super::wire::Wire;
use super::{control, crowd, fault, lane, recorder, schedule, script, truth};
use crate::apb::controller::Controller;
use crate::apb::domain::Members;
use crate::apb::time::{Span, Time};
use crate::record::Observation;
use crate::scenario::Scenario;
use bevy::prelude::*;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::vec;

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Simulated so far.
    pub now: Time,
    /// To be simulated in all.
    pub duration: Span,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It ran to its end.
    Finished(Time),
    /// It was told to stop.
    Aborted(Time),
    /// The controller broke one of its own invariants.
    Broken(Broken),
}

/// A broken invariant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at {at}: {what}")]
pub struct Broken {
    /// When it was noticed.
    pub at: Time,
    /// What is broken.
    pub what: String,
}

/// Progress is reported, and a wish to stop heard, once in this much simulated time.
const REPORT_EVERY: Span = Span::seconds(10);

/// One run of one scenario.
pub struct Simulation {
    app: App,
    duration: Span,
    /// Whether stretches in which nothing happens are simulated, too.
    every_tick: bool,
    gates: QueryState<(&'static Tracks, &'static Flap, &'static Readers, &'static Receivers)>,
    lanes: QueryState<(&'static Place, &'static Tracks)>,
}

impl Simulation {
    /// The world of a scenario before its first tick, with apbrig's own controller, or with the panels of a
    /// domain.
    pub fn new(scenario: &Scenario, seed: u64) -> Self {
        let site = Arc::new(scenario.plan.site.clone());
        match site.domain {
            None => Self::with(scenario, seed, Box::new(Controller::new(site))),
            Some(domain) => {
                let wire = Wire::new(scenario.plan.wire, &scenario.faults, SimRng::new(seed));
                let network = Network::new(Members::new(site, domain), wire, &scenario.faults);
                Self::with(scenario, seed, Box::new(network))
            }
        }
    }

    /// The same with somebody else in the controller's seat.
    pub fn with(scenario: &Scenario, seed: u64, decider: Box<dyn Decider>) -> Self {
        let mut app = App::empty();
        app.init_resource::<Schedules>();
        schedule::plugin(&mut app);
        let plan = Arc::new(scenario.plan.clone());
        let rng = SimRng::new(seed);
        app.insert_resource(SimClock::new(scenario.tick))
            .insert_resource(rng)
            .insert_resource(Ground::new(&plan))
            .insert_resource(crowd::Site(plan.clone()))
            .insert_resource(Script::new(&scenario.script))
            .insert_resource(Faults::new(&scenario.faults, &plan, rng))
            .insert_resource(ControllerSlot::new(decider))
            .add_sim_message::<FromLane>()
            .add_sim_message::<ToLane>();
        for plugin in [
            super::clock::plugin,
            script::plugin,
            crowd::plugin,
            lane::plugin,
            fault::plugin,
            control::plugin,
            truth::plugin,
            recorder::plugin,
        ] {
            plugin(&mut app);
        }
        lane::spawn(app.world_mut(), &plan, rng);
        crowd::draw(app.world_mut(), scenario, rng);
        let gates = app.world_mut().query();
        let lanes = app.world_mut().query();
        Self { app, duration: scenario.duration, every_tick: false, gates, lanes }
    }

    /// From now on the controller's invariants are checked after every input, not only every ten seconds and
    /// at the end. Costs a look at every holder for each input.
    pub fn watch_closely(&mut self) {
        self.app.world_mut().resource_mut::<ControllerSlot>().closely = true;
    }

    /// Adds hardware, which takes part through the [port](super::port). From now on every tick is simulated:
    /// what happens on a wire cannot be foreseen.
    pub fn attach(&mut self, plugin: impl FnOnce(&mut App)) {
        plugin(&mut self.app);
        self.every_tick = true;
    }

    /// From now on a tick with very many people on the floor uses so many threads. It changes nothing but the
    /// time a tick takes.
    pub fn use_threads(&mut self, threads: usize) {
        self.app.world_mut().resource_mut::<Floor>().use_threads(threads);
    }

    /// The world, for whoever wants to look at it.
    pub fn world(&self) -> &World {
        self.app.world()
    }

    /// Simulated so far.
    pub fn now(&self) -> Time {
        self.world().resource::<SimClock>().end()
    }

    /// Where everybody is now, in an order that is the same in every run.
    pub fn bodies(&self) -> impl Iterator<Item = Body> {
        let world = self.world();
        bodies::bodies(world.resource::<Floor>(), self.lanes.iter_manual(world))
    }

    /// Simulates one tick; what was observed in it, in order.
    pub fn step(&mut self) -> vec::Drain<'_, Observation> {
        self.app.world_mut().run_schedule(SimStep);
        self.app.world_mut().resource_mut::<Recorder>().into_inner().observed.drain(..)
    }

    /// Simulates to the end. `observe` gets every observation in order, `report` hears now and then how far
    /// the run is and may stop it.
    pub fn run(
        &mut self,
        observe: impl FnMut(&Observation),
        report: impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Ended {
        self.run_watched(observe, |_| {}, report)
    }

    /// The same, with somebody who looks on: `watch` sees the world at the end of every tick. Stretches in
    /// which nobody is there and nothing moves have no ticks.
    pub fn run_watched(
        &mut self,
        mut observe: impl FnMut(&Observation),
        mut watch: impl FnMut(&Self),
        mut report: impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Ended {
        let end = Time::ZERO + self.duration;
        let mut next_report = Time::ZERO;
        while self.now() < end {
            self.step().for_each(|o| observe(&o));
            watch(self);
            let now = self.now();
            if let Some(broken) = self.broken() {
                return Ended::Broken(broken);
            }
            if now >= next_report {
                next_report = now + REPORT_EVERY;
                self.look();
                if let Some(broken) = self.broken() {
                    return Ended::Broken(broken);
                }
                if report(Progress { now, duration: self.duration }).is_break() {
                    return Ended::Aborted(now);
                }
            }
            if !self.every_tick {
                self.skip_what_is_empty(end);
            }
        }
        self.look();
        self.broken().map_or(Ended::Finished(end), Ended::Broken)
    }

    fn look(&mut self) {
        let now = self.now();
        self.app.world_mut().resource_mut::<ControllerSlot>().look(now);
    }

    fn broken(&self) -> Option<Broken> {
        let slot = self.world().resource::<ControllerSlot>();
        slot.broken().map(|(at, what)| Broken { at: *at, what: what.clone() })
    }

    /// Nobody on the floor and nothing moving: goes straight to the next thing that happens.
    fn skip_what_is_empty(&mut self, end: Time) {
        let world = self.app.world();
        let busy = !world.resource::<Floor>().walkers().is_empty()
            || self
                .gates
                .iter_manual(world)
                .any(|(t, f, r, _)| !t.is_empty() || !f.is_still() || !r.is_idle());
        if busy {
            return;
        }
        let now = self.now();
        let next = [
            self.gates.iter_manual(world).filter_map(|(.., receivers)| receivers.next_due()).min(),
            world.resource::<People>().next_due(),
            world.resource::<Script>().next_due(),
            world.resource::<Faults>().next_change(now),
            world.resource::<ControllerSlot>().decider.next_deadline(),
        ];
        let next = next.into_iter().flatten().min().unwrap_or(end).min(end);
        self.app.world_mut().resource_mut::<SimClock>().skip_to(next);
    }
}
