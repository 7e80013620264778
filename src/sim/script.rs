//! The script: operators and wires act when the scenario says so. Scripted walkers are part of the crowd's
//! agenda.

use super::clock::SimClock;
use super::crowd::{FireBell, SetOut};
use super::port::FromLane;
use super::schedule::{SimStep, SimSystems};
use super::truth::TruthLog;
use crate::apb::input::Input;
use crate::apb::time::Time;
use crate::record::{Intent, Truth};
use crate::scenario::script::{Action, Step};
use bevy::prelude::*;

/// What operators are going to do, in order of time.
#[derive(Resource, Debug)]
pub(super) struct Script {
    steps: Vec<(Time, Input)>,
    done: usize,
}

impl Script {
    pub(super) fn new(script: &[Step]) -> Self {
        let input = |s: &Step| match &s.action {
            Action::Operate(input) => Some((s.at, input.clone())),
            Action::Walk(_) => None,
        };
        let mut steps: Vec<(Time, Input)> = script.iter().filter_map(input).collect();
        steps.sort_by_key(|(at, _)| *at);
        Self { steps, done: 0 }
    }

    /// When the next step is due.
    pub(super) fn next_due(&self) -> Option<Time> {
        self.steps.get(self.done).map(|(at, _)| *at)
    }
}

pub(super) fn plugin(app: &mut App) {
    app.add_systems(SimStep, operate.in_set(SimSystems::Script).after(SetOut));
}

fn operate(
    clock: Res<SimClock>,
    mut script: ResMut<Script>,
    mut truth: ResMut<TruthLog>,
    mut bell: ResMut<FireBell>,
    mut reports: MessageWriter<FromLane>,
) {
    while let Some((at, input)) = script.steps.get(script.done).filter(|(at, _)| *at <= clock.end()).cloned()
    {
        script.done += 1;
        match input {
            Input::Read { reader, card, .. } => {
                truth.note(at, Truth::Presented { person: None, reader, card, intent: Intent::Probe });
            }
            Input::Fire { active: true } => bell.ring(),
            _ => {}
        }
        reports.write(FromLane { at, input });
    }
}
