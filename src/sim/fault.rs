//! Faults: what breaks between a sensor and the controller, and in a flap.

use super::clock::SimClock;
use super::lane::{Gate, flap::Flap};
use super::port::FromLane;
use super::rng::SimRng;
use super::schedule::{SimStep, SimSystems};
use crate::apb::id::{LaneId, ReaderId};
use crate::apb::input::Input;
use crate::apb::site::Sensing;
use crate::apb::time::Time;
use crate::scenario::fault::{Fault, FaultKind};
use crate::scenario::plan::Plan;
use bevy::prelude::*;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use std::collections::BTreeMap;

/// The faults of the scenario, and what they hold.
#[derive(Resource, Debug)]
pub(super) struct Faults {
    planned: Vec<Fault>,
    /// Every beam that some fault holds at some time, and every one that shines into such a beam.
    beams: BTreeMap<(LaneId, u8), Beam>,
    /// Every flap that some fault befalls at some time.
    flaps: BTreeMap<LaneId, Troubled>,
    /// The lane of each reader.
    reader_lanes: Vec<LaneId>,
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

/// What befalls a flap.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Troubled {
    jammed: bool,
    dark: bool,
    /// The hardest push, N.
    pushed: Option<f32>,
}

impl Faults {
    pub(super) fn new(planned: &[Fault], plan: &Plan, rng: SimRng) -> Self {
        let planned = blind(planned, plan, rng);
        let of_lane = |lane| (0..count(plan, lane)).map(move |beam| (lane, beam));
        let beams = |f: &Fault| match f.kind {
            FaultKind::BeamStuck { lane, beam, .. } => vec![(lane, beam)],
            FaultKind::LanePowerCut { lane } => of_lane(lane).collect(),
            FaultKind::Crosstalk { lane, from } => of_lane(lane).chain(of_lane(from)).collect(),
            _ => vec![],
        };
        let flap = |f: &Fault| match f.kind {
            FaultKind::FlapJammed { lane }
            | FaultKind::Push { lane, .. }
            | FaultKind::LanePowerCut { lane } => Some((lane, Troubled::default())),
            _ => None,
        };
        Self {
            beams: planned.iter().flat_map(beams).map(|beam| (beam, Beam::default())).collect(),
            flaps: planned.iter().filter_map(flap).collect(),
            reader_lanes: plan.site.readers.iter().map(|r| r.lane).collect(),
            planned,
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

    /// Whether a fault of this kind holds.
    fn any(&self, at: Time, is: impl Fn(FaultKind) -> bool) -> bool {
        self.planned.iter().any(|f| f.holds(at) && is(f.kind))
    }

    fn is_dark(&self, dark: LaneId, at: Time) -> bool {
        self.any(at, |kind| matches!(kind, FaultKind::LanePowerCut { lane } if lane == dark))
    }

    /// Whether light from another lane falls into the receiver of this beam.
    fn is_lit(&self, of: (LaneId, u8), at: Time) -> bool {
        let is_cut = |from| self.beams.get(&(from, of.1)).is_none_or(|b| b.sees);
        self.any(
            at,
            |kind| matches!(kind, FaultKind::Crosstalk { lane, from } if lane == of.0 && !is_cut(from)),
        )
    }

    /// What a beam says at this time, if that is not what it said last.
    fn say(&mut self, of: (LaneId, u8), at: Time) -> Option<FromLane> {
        if self.is_dark(of.0, at) {
            return None;
        }
        let held = self.held(of, at);
        let lit = self.is_lit(of, at);
        let beam = self.beams.get_mut(&of)?;
        let blocked = held.unwrap_or(beam.sees && !lit);
        let news = blocked != std::mem::replace(&mut beam.says, blocked);
        let (lane, beam) = of;
        news.then_some(FromLane { at, input: Input::Beam { lane, beam, blocked } })
    }

    /// The beams whose receivers a beam may shine into.
    fn shines_into(&self, of: (LaneId, u8)) -> Vec<(LaneId, u8)> {
        let into = self.planned.iter().filter_map(|f| match f.kind {
            FaultKind::Crosstalk { lane, from } if from == of.0 => Some((lane, of.1)),
            _ => None,
        });
        into.filter(|beam| self.beams.contains_key(beam)).collect()
    }

    /// How often a read arrives.
    fn copies(&mut self, of: ReaderId, at: Time) -> usize {
        if self.reader_lanes.get(of.index()).is_some_and(|lane| self.is_dark(*lane, at)) {
            return 0;
        }
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
    app.add_systems(SimStep, (perturb, trouble).chain().in_set(SimSystems::Perturb));
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
    // Beams of several lanes shine into each other: everything in order of time, and what begins or ends at
    // an instant after what is reported then.
    let mut pending: Vec<FromLane> = reports.drain().collect();
    pending.sort_by_key(|report| report.at);
    let mut due = changes.iter().flat_map(|at| beams.iter().map(|of| (*at, *of))).peekable();
    for report in pending {
        while let Some((at, of)) = due.next_if(|(at, _)| *at < report.at) {
            reports.write_batch(faults.say(of, at));
        }
        match report.input {
            Input::Beam { lane, beam, blocked } if faults.beams.contains_key(&(lane, beam)) => {
                let of = (lane, beam);
                if let Some(beam) = faults.beams.get_mut(&of) {
                    beam.sees = blocked;
                }
                reports.write_batch(faults.say(of, report.at));
                for other in faults.shines_into(of) {
                    reports.write_batch(faults.say(other, report.at));
                }
            }
            Input::Read { reader, .. } => {
                for _ in 0..faults.copies(reader, report.at) {
                    reports.write(report.clone());
                }
            }
            Input::Passed { lane, .. } | Input::Opened { lane } if faults.is_dark(lane, report.at) => {}
            _ => {
                reports.write(report);
            }
        }
    }
    for (at, of) in due {
        reports.write_batch(faults.say(of, at));
    }
}

/// Holds flaps, pushes them and takes their power, and undoes it again.
fn trouble(
    clock: Res<SimClock>,
    mut faults: ResMut<Faults>,
    mut gates: Query<(&Gate, &mut Flap)>,
    mut reports: ResMut<Messages<FromLane>>,
) {
    let now = clock.end();
    let Faults { planned, flaps, .. } = &mut *faults;
    for (lane, was) in flaps {
        let mut is = Troubled::default();
        for fault in planned.iter().filter(|f| f.holds(now)) {
            match fault.kind {
                FaultKind::FlapJammed { lane: of } if of == *lane => is.jammed = true,
                FaultKind::LanePowerCut { lane: of } if of == *lane => is.dark = true,
                FaultKind::Push { lane: of, newtons } if of == *lane => {
                    is.pushed = Some(is.pushed.map_or(newtons, |n| n.max(newtons)));
                }
                _ => {}
            }
        }
        let was = std::mem::replace(was, is);
        let Some((_, mut flap)) = gates.iter_mut().find(|(gate, _)| gate.0 == *lane) else { continue };
        if was.jammed != is.jammed {
            flap.jam(now, is.jammed);
        }
        let power = if was.dark == is.dark { None } else { flap.power(now, !is.dark) };
        let push = flap.push(now, is.pushed);
        for leaf in [power, push].into_iter().flatten() {
            reports.write(FromLane { at: now, input: Input::Leaf { lane: *lane, leaf } });
        }
    }
}

/// How many beams a lane has.
fn count(plan: &Plan, lane: LaneId) -> u8 {
    match plan.site.lanes.get(lane.index()).map(|l| &l.sensing) {
        Some(Sensing::Beams(row)) => u8::try_from(row.pairs_mm().count()).unwrap_or(u8::MAX),
        Some(Sensing::Signals) | None => 0,
    }
}

/// Which receivers the sun blinds is drawn once: a blinded one is stuck and sees light.
fn blind(planned: &[Fault], plan: &Plan, rng: SimRng) -> Vec<Fault> {
    let mut sun: Option<ChaCha8Rng> = None;
    let mut faults = Vec::new();
    for fault in planned {
        let FaultKind::Sunlight { lane, share } = fault.kind else {
            faults.push(*fault);
            continue;
        };
        let sun = sun.get_or_insert_with(|| rng.named("sunlight"));
        let blinded = (0..count(plan, lane)).filter(|_| sun.random_bool(share));
        faults.extend(
            blinded.map(|beam| Fault { kind: FaultKind::BeamStuck { lane, beam, blocked: false }, ..*fault }),
        );
    }
    faults
}
