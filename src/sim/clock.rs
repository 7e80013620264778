//! The world's clock: an integer count of ticks, never a wall clock.

use super::schedule::{SimStep, SimSystems};
use crate::apb::time::{Span, Time};
use bevy::prelude::*;

/// The tick that is being simulated. Tick `n` covers the time from `n` to `n + 1` tick lengths.
#[derive(Resource, Clone, Copy, Debug)]
pub struct SimClock {
    next: u64,
    length: Span,
}

impl SimClock {
    /// A clock that has not ticked yet.
    pub(super) fn new(length: Span) -> Self {
        Self { next: 0, length }
    }

    /// The start of the tick.
    pub fn start(&self) -> Time {
        Time(self.next.saturating_sub(1) * self.length.0)
    }

    /// The end of the tick: everything in the world is where it is now.
    pub fn end(&self) -> Time {
        Time(self.next * self.length.0)
    }

    /// The length of a tick.
    pub fn length(&self) -> Span {
        self.length
    }

    /// The length of a tick in seconds.
    pub fn length_s(&self) -> f32 {
        self.length.0 as f32 / 1e6
    }

    /// The instant at this fraction of the tick, to the microsecond.
    pub fn at_fraction(&self, fraction: f32) -> Time {
        let into = (f64::from(fraction.clamp(0.0, 1.0)) * self.length.0 as f64) as u64;
        self.start() + Span(into)
    }

    /// Makes the next tick the one in which `time` is due, the first that ends at it or after; never runs
    /// backwards.
    pub(super) fn skip_to(&mut self, time: Time) {
        self.next = self.next.max(time.0.div_ceil(self.length.0).saturating_sub(1));
    }
}

pub(super) fn plugin(app: &mut App) {
    app.add_systems(SimStep, (|mut clock: ResMut<SimClock>| clock.next += 1).in_set(SimSystems::Rotate));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skipping_lands_in_the_tick_in_which_the_time_is_due() {
        for time in [25_000, 20_001, 30_000] {
            let mut clock = SimClock::new(Span::millis(10));
            clock.skip_to(Time(time));
            clock.next += 1;
            assert_eq!((clock.start(), clock.end()), (Time(20_000), Time(30_000)), "{time}");
            assert_eq!(clock.at_fraction(0.5), Time(25_000));
        }
    }

    #[test]
    fn skipping_never_goes_back() {
        let mut clock = SimClock { next: 3, length: Span::millis(10) };
        clock.skip_to(Time::ZERO);
        assert_eq!(clock.end(), Time(30_000));
    }
}
