//! Integer time: instants and spans in microseconds on the site's monotonic clock, and the site's wall clock.
//!
//! Windows, timers and deadlines live on the monotonic clock. Only schedules look at the wall clock.

use core::fmt;
use core::ops::{Add, Sub};
use serde::{Deserialize, Serialize};

/// An instant on the site's monotonic clock, in microseconds since the controller started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Time(pub u64);

/// A length of time in microseconds. Arithmetic saturates instead of wrapping.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span(pub u64);

impl Time {
    /// The start of the run.
    pub const ZERO: Self = Self(0);

    /// The time that has gone by since `earlier`; zero if `earlier` is later.
    pub fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }

    /// Whole seconds since the start, rounded down.
    pub fn whole_seconds(self) -> u64 {
        self.0 / 1_000_000
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A span of whole microseconds.
    pub const fn micros(n: u64) -> Self {
        Self(n)
    }

    /// A span of whole milliseconds.
    pub const fn millis(n: u64) -> Self {
        Self(n.saturating_mul(1_000))
    }

    /// A span of whole seconds.
    pub const fn seconds(n: u64) -> Self {
        Self(n.saturating_mul(1_000_000))
    }

    /// A span of whole minutes.
    pub const fn minutes(n: u64) -> Self {
        Self::seconds(n.saturating_mul(60))
    }

    /// What is left of this span after `used` of it.
    pub fn less(self, used: Self) -> Self {
        Self(self.0.saturating_sub(used.0))
    }
}

impl Add<Span> for Time {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Add for Span {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub<Span> for Time {
    type Output = Self;
    fn sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
}

/// Seconds with three decimals, as in `12.345 s`.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03} s", self.0 / 1_000_000, self.0 / 1_000 % 1_000)
    }
}

/// Seconds with three decimals, as in `12.345 s`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Time(self.0).fmt(f)
    }
}

/// Seconds in one week.
pub(super) const WEEK_S: i64 = 7 * 86_400;

/// What the clock on the wall shows at the site.
///
/// Offsets change when daylight saving begins or ends; whoever builds the site looks the changes up in the
/// time-zone database once, so that the controller needs none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WallClock {
    /// Local seconds since Monday 00:00 at monotonic time zero.
    pub week_second_at_zero: u32,
    /// Later changes of the offset: from this instant on the local clock reads this many seconds more (or
    /// fewer) than it would have without any change since time zero.
    pub changes: Vec<(Time, i32)>,
}

impl Default for WallClock {
    /// Monday, midnight, with no clock change in sight.
    fn default() -> Self {
        Self { week_second_at_zero: 0, changes: Vec::new() }
    }
}

impl WallClock {
    /// Local seconds since Monday 00:00, from 0 to 604 799.
    pub fn week_second(&self, now: Time) -> u32 {
        let shift =
            self.changes.iter().take_while(|(from, _)| *from <= now).last().map_or(0, |c| i64::from(c.1));
        let seconds = i64::try_from(now.whole_seconds()).unwrap_or(i64::MAX / 2);
        let local = (i64::from(self.week_second_at_zero) + shift + seconds % WEEK_S).rem_euclid(WEEK_S);
        u32::try_from(local).unwrap_or(0)
    }
}

impl WallClock {
    /// The first instant after `after` at which the local clock reaches this second of the week (0 to
    /// 604 799) for the first time: a local time that is skipped counts as reached when the clock jumps over
    /// it, and one that comes twice is reached the first time only.
    pub fn next_at(&self, week_second: u32, after: Time) -> Option<Time> {
        let base = i64::from(self.week_second_at_zero);
        let now = i64::try_from(after.whole_seconds()).ok()?;
        let shift = self.changes.iter().take_while(|c| c.0 <= after).last().map_or(0, |c| i64::from(c.1));
        // A change of the clock is never as long as a week: the wanted one is among these.
        let week = (base + now + shift - i64::from(week_second)).div_euclid(WEEK_S);
        let weeks = (week - 1)..=(week + 2);
        let reached = weeks.filter_map(|w| self.reached(i64::from(week_second) + w * WEEK_S));
        reached.filter(|at| *at > after).min()
    }

    /// When the local clock first shows this many seconds since the Monday of time zero, or more.
    fn reached(&self, local: i64) -> Option<Time> {
        let base = i64::from(self.week_second_at_zero);
        let starts = std::iter::once((Time::ZERO, 0)).chain(self.changes.iter().copied());
        let ends = self.changes.iter().map(|c| Some(c.0)).chain(std::iter::once(None));
        for ((start, shift), end) in starts.zip(ends) {
            let since_start = local - base - i64::from(shift);
            let at = u64::try_from(since_start).map_or(Time::ZERO, |s| Time(s.saturating_mul(1_000_000)));
            let at = at.max(start);
            if end.is_none_or(|end| at < end) {
                return Some(at);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wall_clock_wraps_at_the_end_of_the_week() {
        let clock = WallClock { week_second_at_zero: 604_799, changes: vec![] };
        assert_eq!(clock.week_second(Time(999_999)), 604_799);
        assert_eq!(clock.week_second(Time(1_000_000)), 0);
    }

    #[test]
    fn a_clock_change_counts_from_its_instant_on() {
        let clock = WallClock { week_second_at_zero: 3_600, changes: vec![(Time(10_000_000), 3_600)] };
        assert_eq!(clock.week_second(Time(9_999_999)), 3_609);
        assert_eq!(clock.week_second(Time(10_000_000)), 7_210);
    }

    #[test]
    fn a_local_time_that_comes_twice_is_reached_once() {
        // At 10 s the clock goes from 110 back to 50.
        let clock = WallClock { week_second_at_zero: 100, changes: vec![(Time(10_000_000), -60)] };
        assert_eq!(clock.next_at(105, Time::ZERO), Some(Time(5_000_000)));
        assert_eq!(clock.next_at(105, Time(5_000_000)), Some(Time(604_865_000_000)));
        assert_eq!(clock.next_at(115, Time::ZERO), Some(Time(75_000_000)));
    }

    #[test]
    fn a_local_time_that_is_skipped_is_reached_at_the_jump() {
        // At 10 s the clock goes from 110 on to 170.
        let clock = WallClock { week_second_at_zero: 100, changes: vec![(Time(10_000_000), 60)] };
        assert_eq!(clock.next_at(150, Time::ZERO), Some(Time(10_000_000)));
        assert_eq!(clock.next_at(170, Time::ZERO), Some(Time(10_000_000)));
        assert_eq!(clock.next_at(171, Time::ZERO), Some(Time(11_000_000)));
        assert_eq!(clock.next_at(150, Time(10_000_000)), Some(Time(604_790_000_000)));
    }

    #[test]
    fn spans_print_seconds() {
        assert_eq!(Span::millis(1_234).to_string(), "1.234 s");
    }
}
