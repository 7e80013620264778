//! Faults: what breaks between a sensor and the controller, and in a flap.

use super::clock::SimClock;
use super::lane::{Gate, flap::Flap};
use super::port::FromLane;
use super::rng::SimRng;
use super::schedule::{SimStep, SimSystems};
use crate::apb::id::{LaneId, ReaderId};
use crate::apb::input::Input;
use crate::apb::time::Time;
use crate::scenario::fault::{Fault, FaultKind};
use bevy::prelude::*;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use std::collections::BTreeMap;

/// The faults of the scenario, and what they hold.
#[derive(Resource, Debug)]
pub(super) struct Faults {
    planned: Vec<Fault>,
    /// Every beam that some fault holds at some time: what it sees, and what it says.
    beams: BTreeMap<(LaneId, u8), Beam>,
    /// Every flap that some fault holds at some time: whether it is held.
    flaps: BTreeMap<LaneId, bool>,
    /// Up to when, this instant included, the faults' beginnings and ends have been told.
    told: Option<Time>,
    rng: ChaCha8Rng,
}

/// A beam; a clear one when the world begins.
#[derive(Clone, Copy, Debug, Default)]
struct Beam {
    /// Whether something cuts it.
    sees: bool,
    /// What the controller was told last.
    says: bool,
}

impl Faults {
    pub(super) fn new(planned: &[Fault], rng: SimRng) -> Self {
        let beam = |f: &Fault| match f.kind {
            FaultKind::BeamStuck { lane, beam, .. } => Some(((lane, beam), Beam::default())),
            _ => None,
        };
        let flap = |f: &Fault| match f.kind {
            FaultKind::FlapJammed { lane } => Some((lane, false)),
            _ => None,
        };
        Self {
            beams: planned.iter().filter_map(beam).collect(),
            flaps: planned.iter().filter_map(flap).collect(),
            planned: planned.to_vec(),
            told: None,
            rng: rng.named("faults"),
        }
    }

    /// What a beam is held to say at this time, of several faults by the one that began last.
    fn held(&self, of: (LaneId, u8), at: Time) -> Option<bool> {
        let holds = |f: &&Fault| f.holds(at);
        let held = self.planned.iter().filter(holds).filter_map(|f| match f.kind {
            FaultKind::BeamStuck { lane, beam, blocked } if (lane, beam) == of => Some((f.at, blocked)),
            _ => None,
        });
        held.max_by_key(|(at, _)| *at).map(|(_, blocked)| blocked)
    }

    /// What a beam says at this time, if that is not what it said last.
    fn say(&mut self, of: (LaneId, u8), at: Time) -> Option<FromLane> {
        let held = self.held(of, at);
        let beam = self.beams.get_mut(&of)?;
        let blocked = held.unwrap_or(beam.sees);
        let news = blocked != std::mem::replace(&mut beam.says, blocked);
        let (lane, beam) = of;
        news.then_some(FromLane { at, input: Input::Beam { lane, beam, blocked } })
    }

    /// How often a read arrives.
    fn copies(&mut self, of: ReaderId, at: Time) -> usize {
        let Self { planned, rng, .. } = self;
        let mut copies = 1;
        for fault in planned.iter().filter(|f| f.holds(at)) {
            match fault.kind {
                FaultKind::ReaderDead { reader } if reader == of => return 0,
                FaultKind::DoubleRead { reader, chance } if reader == of => {
                    copies += usize::from(rng.random_bool(chance));
                }
                _ => {}
            }
        }
        copies
    }

    /// Every instant at which a fault begins or ends.
    fn changes(&self) -> impl Iterator<Item = Time> {
        self.planned.iter().flat_map(|f| [f.at, f.at + f.lasts])
    }

    /// The next instant at which a fault begins or ends.
    pub(super) fn next_change(&self, now: Time) -> Option<Time> {
        self.changes().filter(|t| *t > now).min()
    }
}

pub(super) fn plugin(app: &mut App) {
    app.add_systems(SimStep, (perturb, jam).chain().in_set(SimSystems::Perturb));
}

/// What faults do to the tick's reports, each by its own time: a beam that is held says what it is held to
/// say from the instant at which the fault begins, and what it sees from the instant at which it ends.
fn perturb(clock: Res<SimClock>, mut faults: ResMut<Faults>, mut reports: ResMut<Messages<FromLane>>) {
    if faults.planned.is_empty() {
        return;
    }
    let told = faults.told.replace(clock.end());
    let mut changes: Vec<Time> = faults.changes().filter(|t| Some(*t) > told && *t <= clock.end()).collect();
    changes.sort();
    let beams: Vec<(LaneId, u8)> = faults.beams.keys().copied().collect();
    // A beam's reports come in order of time; its faults' beginnings and ends belong between them.
    let mut due = changes.iter().flat_map(|at| beams.iter().map(|of| (*at, *of))).collect::<Vec<_>>();
    for report in reports.drain().collect::<Vec<_>>() {
        match report.input {
            Input::Beam { lane, beam, blocked } if faults.beams.contains_key(&(lane, beam)) => {
                let of = (lane, beam);
                for (at, of) in due.extract_if(.., |(at, o)| *o == of && *at < report.at) {
                    reports.write_batch(faults.say(of, at));
                }
                if let Some(beam) = faults.beams.get_mut(&of) {
                    beam.sees = blocked;
                }
                reports.write_batch(faults.say(of, report.at));
            }
            Input::Read { reader, .. } => {
                for _ in 0..faults.copies(reader, report.at) {
                    reports.write(report.clone());
                }
            }
            _ => {
                reports.write(report);
            }
        }
    }
    for (at, of) in due {
        reports.write_batch(faults.say(of, at));
    }
}

/// Holds flaps and lets them go.
fn jam(clock: Res<SimClock>, mut faults: ResMut<Faults>, mut gates: Query<(&Gate, &mut Flap)>) {
    let now = clock.end();
    let Faults { planned, flaps, .. } = &mut *faults;
    for (lane, was) in flaps {
        let is = planned.iter().any(|f| f.holds(now) && f.kind == FaultKind::FlapJammed { lane: *lane });
        if std::mem::replace(was, is) == is {
            continue;
        }
        if let Some((_, mut flap)) = gates.iter_mut().find(|(gate, _)| gate.0 == *lane) {
            flap.jam(now, is);
        }
    }
}
