//! Faults: what breaks between a sensor and the controller, and in a flap.

use super::clock::SimClock;
use super::lane::{Gate, beams::Beams, flap::Flap};
use super::port::FromLane;
use super::rng::SimRng;
use super::schedule::{SimStep, SimSystems};
use crate::apb::input::Input;
use crate::apb::time::Time;
use crate::scenario::fault::{Fault, FaultKind};
use bevy::prelude::*;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;

/// The faults of the scenario, each with whether it held a tick ago.
#[derive(Resource, Debug)]
pub(super) struct Faults {
    planned: Vec<(Fault, bool)>,
    rng: ChaCha8Rng,
}

impl Faults {
    pub(super) fn new(planned: &[Fault], rng: SimRng) -> Self {
        Self { planned: planned.iter().map(|f| (*f, false)).collect(), rng: rng.named("faults") }
    }

    /// What the beam of such a fault is held to say, of several faults by the one that began last; whether
    /// the flap is held. `None`: neither is.
    fn held(&self, what: FaultKind) -> Option<bool> {
        let holds = |kind: FaultKind| match (kind, what) {
            (FaultKind::BeamStuck { lane, beam, blocked }, FaultKind::BeamStuck { lane: l, beam: b, .. }) => {
                ((lane, beam) == (l, b)).then_some(blocked)
            }
            (FaultKind::FlapJammed { lane }, FaultKind::FlapJammed { lane: l }) => {
                (lane == l).then_some(true)
            }
            _ => None,
        };
        let held = self.planned.iter().filter(|(_, held)| *held);
        held.filter_map(|(f, _)| Some((f.at, holds(f.kind)?))).max_by_key(|(at, _)| *at).map(|(_, hold)| hold)
    }

    /// The next instant at which a fault begins or ends.
    pub(super) fn next_change(&self, now: Time) -> Option<Time> {
        self.planned.iter().flat_map(|(f, _)| [f.at, f.at + f.lasts]).filter(|t| *t > now).min()
    }
}

pub(super) fn plugin(app: &mut App) {
    app.add_systems(SimStep, (perturb, begin_and_end).chain().in_set(SimSystems::Perturb));
}

/// What has to be said at the moment a fault begins or ends: a stuck beam's own edge, a flap that stops.
fn begin_and_end(
    clock: Res<SimClock>,
    mut faults: ResMut<Faults>,
    mut gates: Query<(&Gate, &Beams, &mut Flap)>,
    mut reports: MessageWriter<FromLane>,
) {
    let now = clock.end();
    let changed: Vec<FaultKind> =
        faults.planned.iter().filter(|(f, held)| f.holds(now) != *held).map(|(f, _)| f.kind).collect();
    let before: Vec<Option<bool>> = changed.iter().map(|kind| faults.held(*kind)).collect();
    for (fault, held) in &mut faults.planned {
        *held = fault.holds(now);
    }
    for (kind, before) in changed.into_iter().zip(before) {
        let after = faults.held(kind);
        match kind {
            FaultKind::BeamStuck { lane, beam, .. } => {
                let really =
                    gates.iter().find(|(g, ..)| g.0 == lane).is_some_and(|(_, b, _)| b.is_blocked(beam));
                let [said, blocked] = [before, after].map(|hold| hold.unwrap_or(really));
                if said != blocked {
                    reports.write(FromLane { at: now, input: Input::Beam { lane, beam, blocked } });
                }
            }
            FaultKind::FlapJammed { lane } => {
                if let Some((.., mut flap)) = gates.iter_mut().find(|(g, ..)| g.0 == lane) {
                    flap.jam(now, after.is_some());
                }
            }
            FaultKind::ReaderDead { .. }
            | FaultKind::DoubleRead { .. }
            | FaultKind::Link { .. }
            | FaultKind::PanelPowerCut { .. } => {}
        }
    }
}

/// What faults do to the tick's reports.
fn perturb(clock: Res<SimClock>, mut faults: ResMut<Faults>, mut reports: ResMut<Messages<FromLane>>) {
    let now = clock.end();
    let Faults { planned, rng } = &mut *faults;
    if !planned.iter().any(|(f, _)| f.holds(now)) {
        return;
    }
    let all: Vec<FromLane> = reports.drain().collect();
    for report in all {
        let mut copies = 1;
        for (fault, _) in planned.iter().filter(|(f, _)| f.holds(now)) {
            match (fault.kind, &report.input) {
                (FaultKind::BeamStuck { lane, beam, .. }, Input::Beam { lane: l, beam: b, .. })
                    if lane == *l && beam == *b =>
                {
                    copies = 0;
                }
                (FaultKind::ReaderDead { reader }, Input::Read { reader: r, .. }) if reader == *r => {
                    copies = 0;
                }
                (FaultKind::DoubleRead { reader, chance }, Input::Read { reader: r, .. }) if reader == *r => {
                    copies += usize::from(rng.random_bool(chance));
                }
                _ => {}
            }
        }
        for _ in 0..copies {
            reports.write(report.clone());
        }
    }
}
