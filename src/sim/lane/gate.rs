//! One gate: where it stands, what its lamps show, and how it carries out orders.

use super::beams::Beams;
use super::flap::Flap;
use super::reader::Readers;
use super::receivers::Receivers;
use super::rotor::Rotor;
use crate::apb::effect::Command;
use crate::apb::id::{Direction, LaneId};
use crate::apb::input::Input;
use crate::apb::site::{PassMode, Sensing};
use crate::scenario::plan::{Barrier, Plan};
use crate::sim::clock::SimClock;
use crate::sim::crowd::track::Tracks;
use crate::sim::port::{FromLane, ToLane};
use crate::sim::rng::SimRng;
use crate::sim::schedule::{SimStep, SimSystems};
use bevy::prelude::*;

/// The lane that an entity is.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gate(pub LaneId);

/// Where a gate stands, as people see it.
#[derive(Component, Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Middle of the outer end.
    pub outer: Vec2,
    /// From outer to inner end, m.
    pub length_m: f32,
    /// The closed flap's distance from the outer end, m.
    pub flap_m: f32,
}

impl Place {
    /// The closed flap's distance from the end at which bodies going this way come in, m.
    pub fn flap_from(&self, direction: Direction) -> f32 {
        match direction {
            Direction::In => self.flap_m,
            Direction::Out => self.length_m - self.flap_m,
        }
    }

    /// The point on the floor this far into the lane for bodies going this way; negative: before it.
    pub fn point(&self, direction: Direction, into: f32, lateral: f32) -> Vec2 {
        let along = match direction {
            Direction::In => into,
            Direction::Out => self.length_m - into,
        };
        self.outer + Vec2::new(lateral, along)
    }
}

/// What the lane's lamps tell people about each direction, `In` first.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lamps(pub [PassMode; 2]);

pub(in crate::sim) fn plugin(app: &mut App) {
    app.add_systems(
        SimStep,
        (
            (super::rotor::turn, super::flap::advance)
                .chain()
                .in_set(SimSystems::Move)
                .after(crate::sim::crowd::MoveCrowd),
            (super::beams::sense, super::reader::sense).chain().in_set(SimSystems::Sense),
            actuate.in_set(SimSystems::Actuate),
        ),
    );
}

/// Makes the gates of a site, in site order.
pub(in crate::sim) fn spawn(world: &mut World, plan: &Plan, rng: SimRng) {
    for (i, (lane, place)) in plan.site.lanes.iter().zip(&plan.lanes).enumerate() {
        let id = LaneId::at(i);
        let row = match &lane.sensing {
            Sensing::Beams(row) => row.clone(),
            Sensing::Signals => crate::apb::site::BeamRow { x_mm: Vec::new(), ..Default::default() },
        };
        let outer = Vec2::new(place.x_m, place.y_m);
        let reader = |way| {
            let at = plan.site.reader_at(id, way)?;
            Some((at, plan.site.readers.get(at.index())?))
        };
        let flap_m = row.flap_mm as f32 / 1_000.0;
        let flap = Flap::new(place);
        let mut gate = world.spawn((
            Gate(id),
            Place { outer, length_m: place.length_m, flap_m },
            Lamps(lane.modes),
            if lane.sensing == Sensing::Signals { flap.of_a_gate_with_logic() } else { flap },
            Beams::new(&row, place),
            Receivers::new(&place.receivers, row.pairs_mm().count(), || {
                rng.named(&format!("beams of lane {i}"))
            }),
            Readers::new(Direction::BOTH.map(reader), place.read_time),
            Tracks::default(),
        ));
        if place.barrier == Barrier::Rotor {
            gate.insert(Rotor::default());
        }
    }
}

/// Gates and readers carry out what the controller ordered.
fn actuate(
    clock: Res<SimClock>,
    mut orders: MessageReader<ToLane>,
    mut gates: Query<(&Gate, &mut Flap, &mut Readers, &mut Lamps, Option<&mut Rotor>)>,
    mut reports: MessageWriter<FromLane>,
) {
    for order in orders.read() {
        match order.command {
            Command::Open { lane, .. } | Command::Close { lane } => {
                let opens = matches!(order.command, Command::Open { .. });
                let Some((_, mut flap, _, _, rotor)) = gates.iter_mut().find(|(g, ..)| g.0 == lane) else {
                    continue;
                };
                let leaf = flap.drive(order.at.min(clock.end()), opens);
                match (rotor, order.command) {
                    (Some(mut rotor), Command::Open { direction, .. }) => rotor.release(direction),
                    (Some(mut rotor), _) => rotor.lock(),
                    (None, _) => {
                        let report = |leaf| FromLane { at: order.at, input: Input::Leaf { lane, leaf } };
                        reports.write_batch(leaf.map(report));
                    }
                }
            }
            Command::Show { reader, signal } => {
                for (_, _, mut readers, ..) in &mut gates {
                    readers.show(reader, signal);
                }
            }
            Command::Mode { lane, direction, mode } => {
                if let Some((.., mut lamps, _)) = gates.iter_mut().find(|(g, ..)| g.0 == lane) {
                    lamps.0[direction.index()] = mode;
                }
            }
            Command::Buzz { .. } => {}
        }
    }
}
