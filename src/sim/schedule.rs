//! One tick of the world: its schedule, and the order of everything in it.

use bevy::ecs::schedule::{LogLevel, ScheduleBuildSettings, ScheduleLabel, SingleThreadedExecutor};
use bevy::prelude::*;

/// The schedule that runs once per tick.
#[derive(ScheduleLabel, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SimStep;

/// The stages of a tick, in the order in which they run.
#[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SimSystems {
    /// The clock moves on and messages of the tick before last are dropped.
    Rotate,
    /// What is due by plan happens: operators act, people set out.
    Script,
    /// People decide: which lane, present, walk, give up.
    Decide,
    /// People and flaps move.
    Move,
    /// Beams, readers and flaps report what they sensed.
    Sense,
    /// Faults change the reports.
    Perturb,
    /// Hardware takes the reports that it is to make itself, and makes its own.
    Listen,
    /// The controller takes in the reports and orders.
    Control,
    /// Hardware takes the orders that are for it.
    Tell,
    /// Gates and readers carry the orders out.
    Actuate,
    /// What really happened is settled.
    Truth,
    /// The tick's observations leave the world.
    Record,
}

/// Makes the schedule: single-threaded, so that order is total, and with ambiguities as errors, so that it is
/// told.
pub(super) fn plugin(app: &mut App) {
    app.init_schedule(SimStep).edit_schedule(SimStep, |schedule| {
        schedule
            .set_executor(SingleThreadedExecutor::new())
            .set_build_settings(ScheduleBuildSettings {
                ambiguity_detection: LogLevel::Error,
                ..ScheduleBuildSettings::default()
            })
            .configure_sets(
                (
                    SimSystems::Rotate,
                    SimSystems::Script,
                    SimSystems::Decide,
                    SimSystems::Move,
                    SimSystems::Sense,
                    SimSystems::Perturb,
                    SimSystems::Listen,
                    SimSystems::Control,
                    SimSystems::Tell,
                    SimSystems::Actuate,
                    SimSystems::Truth,
                    SimSystems::Record,
                )
                    .chain(),
            );
    });
}

/// Messages that live for two ticks, whoever runs the schedule.
pub(super) trait AddSimMessage {
    /// Makes the message's queue and rotates it once a tick.
    fn add_sim_message<M: Message>(&mut self) -> &mut Self;
}

impl AddSimMessage for App {
    fn add_sim_message<M: Message>(&mut self) -> &mut Self {
        let rotate = |mut messages: ResMut<Messages<M>>| messages.update();
        self.init_resource::<Messages<M>>().add_systems(SimStep, rotate.in_set(SimSystems::Rotate))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    #[derive(Resource, Default)]
    struct Count(u32);

    fn up(mut count: ResMut<Count>) {
        count.0 += 1;
    }

    fn double(mut count: ResMut<Count>) {
        count.0 *= 2;
    }

    fn app() -> App {
        let mut app = App::empty();
        app.init_resource::<Schedules>().init_resource::<Count>();
        plugin(&mut app);
        app
    }

    #[test]
    fn systems_whose_order_matters_and_is_not_said_are_an_error() {
        let mut app = app();
        app.add_systems(SimStep, (up, double).in_set(SimSystems::Move));
        let built = catch_unwind(AssertUnwindSafe(|| app.world_mut().run_schedule(SimStep)));
        assert!(built.is_err(), "an ambiguity went unnoticed");
    }

    #[test]
    fn the_stages_order_their_systems() {
        let mut app = app();
        app.add_systems(SimStep, (double.in_set(SimSystems::Record), up.in_set(SimSystems::Rotate)));
        app.world_mut().run_schedule(SimStep);
        assert_eq!(app.world().resource::<Count>().0, 2);
    }
}
