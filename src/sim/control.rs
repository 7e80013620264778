//! The controller in its slot: what lanes report goes in, in order of time, and what it orders comes out.
//!
//! Nothing here, and nothing the controller is given, knows of people or of what really happened.

use super::clock::SimClock;
use super::decider::Decider;
use super::port::{FromLane, ToLane};
use super::recorder::Recorder;
use super::schedule::{SimStep, SimSystems};
use crate::apb::effect::Effects;
use crate::apb::input::Input;
use crate::apb::invariant::Watch;
use crate::apb::time::Time;
use crate::record::What;
use bevy::prelude::*;

/// The controller under test, and a watch that checks what it must never break.
#[derive(Resource, Debug)]
pub(super) struct ControllerSlot {
    pub(super) decider: Box<dyn Decider>,
    /// `None`: nobody can look into this controller.
    watch: Option<Watch>,
    /// Whether the watch looks after every input, or only when it is asked.
    pub(super) closely: bool,
    /// What broke first, and when.
    broken: Option<(Time, String)>,
    effects: Effects,
    /// The latest time the controller has been told.
    told: Time,
}

impl ControllerSlot {
    pub(super) fn new(decider: Box<dyn Decider>) -> Self {
        let watch = decider.controller().map(Watch::new);
        let (closely, broken) = (false, None);
        Self { decider, watch, closely, broken, effects: Effects::default(), told: Time::ZERO }
    }

    /// What broke first, as far as anybody has looked.
    pub(super) fn broken(&self) -> Option<&(Time, String)> {
        self.broken.as_ref()
    }

    /// Compares the controller with what it wrote down; `now` is when this is.
    pub(super) fn look(&mut self, now: Time) {
        if self.broken.is_some() {
            return;
        }
        let watched = match (&self.watch, self.decider.controller()) {
            (Some(watch), Some(controller)) => watch.check(controller),
            _ => Ok(()),
        };
        self.broken = watched.and_then(|()| self.decider.check()).err().map(|what| (now, what));
    }
}

pub(super) fn plugin(app: &mut App) {
    app.add_systems(SimStep, control.in_set(SimSystems::Control));
}

/// Where reports of the same instant stand in line: a flap's own report first, then beams, reads, and
/// operators last.
fn rank(input: &Input) -> u8 {
    match input {
        Input::Leaf { .. } => 0,
        Input::Beam { .. } => 1,
        Input::Opened { .. } | Input::Passed { .. } => 2,
        Input::Read { .. } | Input::Muster { .. } => 3,
        Input::Reset { .. }
        | Input::Lockdown { .. }
        | Input::Unlock { .. }
        | Input::Replace { .. }
        | Input::Assign { .. }
        | Input::Remove { .. }
        | Input::Forgive { .. }
        | Input::Fire { .. }
        | Input::SetPolicy { .. }
        | Input::SetMode { .. } => 4,
    }
}

fn control(
    clock: Res<SimClock>,
    mut slot: ResMut<ControllerSlot>,
    mut reports: ResMut<Messages<FromLane>>,
    mut orders: MessageWriter<ToLane>,
    mut recorder: ResMut<Recorder>,
) {
    let mut reports: Vec<FromLane> = reports.drain().collect();
    reports.sort_by_key(|r| (r.at, rank(&r.input)));
    let slot = &mut *slot;
    for report in reports {
        // A report of the tick before that comes after one of this tick happens now, to the controller and in
        // the record.
        slot.told = slot.told.max(report.at);
        slot.decider.handle(slot.told, &report.input, &mut slot.effects);
        recorder.note(slot.told, What::Input(report.input));
        hand_out(slot, &mut orders, &mut recorder);
    }
    let now: Time = clock.end();
    if slot.decider.next_deadline().is_some_and(|at| at <= now) {
        slot.told = now;
        slot.decider.expire(now, &mut slot.effects);
        hand_out(slot, &mut orders, &mut recorder);
    }
}

fn hand_out(slot: &mut ControllerSlot, orders: &mut MessageWriter<ToLane>, recorder: &mut Recorder) {
    for entry in slot.effects.entries.drain(..) {
        if let Some(watch) = &mut slot.watch {
            watch.see(&entry);
        }
        recorder.note(entry.at, What::Entry(entry));
    }
    for (at, command) in slot.effects.commands.drain(..) {
        orders.write(ToLane { at, command });
        recorder.note(at, What::Command(command));
    }
    if slot.closely {
        slot.look(slot.told);
    }
}
