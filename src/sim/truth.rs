//! What really happened. The crowd writes it, the recorder keeps it, and nothing that decides may read it.

use super::recorder::Recorder;
use super::schedule::{SimStep, SimSystems};
use crate::apb::time::Time;
use crate::record::{Observation, Truth, What};
use bevy::prelude::*;

/// What really happened in this tick so far.
#[derive(Resource, Default, Debug)]
pub struct TruthLog {
    noted: Vec<(Time, Truth)>,
}

impl TruthLog {
    /// Notes something that happened.
    pub(super) fn note(&mut self, at: Time, truth: Truth) {
        self.noted.push((at, truth));
    }

    /// What has been noted since the tick began.
    pub fn noted(&self) -> &[(Time, Truth)] {
        &self.noted
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<TruthLog>().add_systems(SimStep, hand_over.in_set(SimSystems::Truth));
}

fn hand_over(mut truth: ResMut<TruthLog>, mut recorder: ResMut<Recorder>) {
    let observed = truth.noted.drain(..).map(|(at, truth)| Observation { at, what: What::Truth(truth) });
    recorder.observed.extend(observed);
}
