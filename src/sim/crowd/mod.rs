//! People: where they come from, which lane they take, how they queue, present and go through.
//!
//! | file | what it holds |
//! |---|---|
//! | [`people`] | who there is and what they will do |
//! | `agenda` | the draws that decide it |
//! | [`floor`] | walking between portals and lanes |
//! | [`choice`] | which lane |
//! | `errand` | setting out, joining a queue, leaving |
//! | `evacuation` | heeding the fire bell |
//! | [`track`] | moving in a queue and through a lane |
//! | `passing` | presenting, waiting, following, giving up |
//! | `crossing` | who really went where |
//! | [`body`] | outlines |

mod agenda;
pub mod body;
pub mod choice;
mod crossing;
mod errand;
mod evacuation;
pub mod floor;
mod passing;
pub mod people;
pub mod track;

pub(super) use evacuation::FireBell;

use super::rng::SimRng;
use super::schedule::{SimStep, SimSystems};
use crate::scenario::Scenario;
use crate::scenario::plan::Plan;
use bevy::prelude::*;
use std::sync::Arc;

/// The systems that move people.
#[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct MoveCrowd;

/// The systems by which people come onto the floor.
#[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct SetOut;

/// The site and its floor plan.
#[derive(Resource, Clone, Debug)]
pub(super) struct Site(pub(super) Arc<Plan>);

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<floor::Floor>().init_resource::<FireBell>().add_systems(
        SimStep,
        (
            errand::set_out.in_set(SimSystems::Script).in_set(SetOut),
            (evacuation::heed_the_bell, errand::approach, errand::join, passing::decide)
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
pub(super) fn draw(world: &mut World, scenario: &Scenario, rng: SimRng) {
    world.insert_resource(agenda::draw(scenario, rng));
}
