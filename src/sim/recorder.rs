//! The recorder: collects a tick's observations and hands them out in order of time.

use super::clock::SimClock;
use super::crowd::floor::Floor;
use super::crowd::track::Tracks;
use super::lane::flap::Flap;
use super::schedule::{SimStep, SimSystems};
use crate::apb::time::Time;
use crate::record::{Observation, What};
use bevy::prelude::*;

/// The observations of the tick so far.
#[derive(Resource, Default, Debug)]
pub(super) struct Recorder {
    pub(super) observed: Vec<Observation>,
}

impl Recorder {
    pub(super) fn note(&mut self, at: Time, what: What) {
        self.observed.push(Observation { at, what });
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Recorder>()
        .add_systems(SimStep, (checkpoint, sort).chain().in_set(SimSystems::Record));
}

/// Once a simulated second, as long as anybody is on the floor: where everybody is, in one number.
fn checkpoint(
    clock: Res<SimClock>,
    floor: Res<Floor>,
    gates: Query<(&Flap, &Tracks)>,
    mut recorder: ResMut<Recorder>,
) {
    if clock.start().whole_seconds() == clock.end().whole_seconds() {
        return;
    }
    let mut summary = Summary::default();
    for walker in floor.walkers() {
        summary.person(walker.position.x, walker.position.y);
    }
    for (flap, tracks) in &gates {
        summary.mix(u64::from(flap.travel_at(clock.end())));
        for body in tracks.both() {
            summary.person(body.front, body.lateral);
        }
    }
    if summary.people > 0 {
        recorder.note(clock.end(), What::Checkpoint { people: summary.people, hash: summary.hash });
    }
}

/// Hashes positions to the millimetre.
struct Summary {
    people: u32,
    hash: u64,
}

impl Default for Summary {
    fn default() -> Self {
        Self { people: 0, hash: 0xcbf2_9ce4_8422_2325 }
    }
}

impl Summary {
    fn person(&mut self, x: f32, y: f32) {
        self.people += 1;
        for metres in [x, y] {
            self.mix(u64::from_ne_bytes(((f64::from(metres) * 1_000.0) as i64).to_ne_bytes()));
        }
    }

    fn mix(&mut self, value: u64) {
        self.hash = (self.hash ^ value).wrapping_mul(0x100_0000_01b3).rotate_left(23);
    }
}

fn sort(mut recorder: ResMut<Recorder>) {
    recorder.observed.sort_by_key(|o| o.at);
}
