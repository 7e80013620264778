//! The crowd in the schedule.

use super::evacuation::{FireBell, heed_the_bell};
use super::{agenda, change, crossing, errand, floor, passing, start};
use crate::scenario::Scenario;
use crate::scenario::plan::Plan;
use crate::sim::ground::Ground;
use crate::sim::rng::SimRng;
use crate::sim::schedule::{SimStep, SimSystems};
use bevy::prelude::*;
use std::sync::Arc;

/// The systems that move people.
#[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::sim) struct MoveCrowd;

/// The systems by which people come onto the floor.
#[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::sim) struct SetOut;

/// The site and its floor plan.
#[derive(Resource, Clone, Debug)]
pub(in crate::sim) struct Site(pub(in crate::sim) Arc<Plan>);

pub(in crate::sim) fn plugin(app: &mut App) {
    app.init_resource::<floor::Floor>().init_resource::<FireBell>().add_systems(
        SimStep,
        (
            start::set_out.in_set(SimSystems::Script).in_set(SetOut),
            (heed_the_bell, change::change, errand::approach, change::line_up, errand::join, passing::decide)
                .chain()
                .in_set(SimSystems::Decide),
            (crossing::walk, crossing::go_through, errand::depart)
                .chain()
                .in_set(SimSystems::Move)
                .in_set(MoveCrowd),
        ),
    );
}

/// Draws everybody's day.
pub(in crate::sim) fn draw(world: &mut World, scenario: &Scenario, rng: SimRng) {
    let people = agenda::draw(scenario, rng);
    world.resource_scope(|world, mut floor: Mut<floor::Floor>| {
        start::stand(&people, &mut floor, world.resource::<Ground>());
    });
    world.insert_resource(people);
}
