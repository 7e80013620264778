//! The greatest value that lasted: peaks shorter than a given time do not count.

use crate::apb::time::{Span, Time};
use std::collections::VecDeque;

/// Finds the greatest level that a changing number kept, or exceeded, for a given time without a break.
/// Before the start of the run the number is zero.
#[derive(Debug)]
pub(super) struct Sustained {
    hold: Span,
    now: u32,
    since: Time,
    /// Ends and values of past stretches that may be the least within the last `hold`; values ascend.
    past: VecDeque<(Time, u32)>,
    best: u32,
}

impl Sustained {
    pub(super) fn new(hold: Span) -> Self {
        Self { hold, now: 0, since: Time::ZERO, past: VecDeque::new(), best: 0 }
    }

    /// The number has this value from now on.
    pub(super) fn set(&mut self, at: Time, value: u32) {
        if value != self.now {
            self.close(at);
            self.now = value;
        }
    }

    /// The greatest level that lasted, up to the end of the run.
    pub(super) fn finish(&mut self, end: Time) -> u32 {
        self.close(end);
        self.best
    }

    /// Ends the present stretch. The least value over the last `hold` rises only while a stretch lasts, so it
    /// is greatest just before a change.
    fn close(&mut self, at: Time) {
        let at = at.max(self.since);
        if at == self.since {
            return;
        }
        while self.past.back().is_some_and(|(_, value)| *value >= self.now) {
            self.past.pop_back();
        }
        self.past.push_back((at, self.now));
        self.since = at;
        if at.0 < self.hold.0 {
            return;
        }
        while self.past.front().is_some_and(|(end, _)| *end <= at - self.hold) {
            self.past.pop_front();
        }
        self.best = self.best.max(self.past.front().map_or(0, |(_, value)| *value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn best(steps: &[(u64, u32)], end: u64) -> u32 {
        let mut sustained = Sustained::new(Span(20));
        for (at, value) in steps {
            sustained.set(Time(*at), *value);
        }
        sustained.finish(Time(end))
    }

    #[test]
    fn a_level_counts_from_the_very_time_on_that_it_has_lasted() {
        assert_eq!(best(&[(100, 3), (119, 0)], 500), 0);
        assert_eq!(best(&[(100, 3), (120, 0)], 500), 3);
        assert_eq!(best(&[(490, 3)], 500), 0);
        assert_eq!(best(&[(480, 3)], 500), 3);
    }

    #[test]
    fn a_higher_peak_counts_only_as_far_as_it_lasts() {
        assert_eq!(best(&[(100, 2), (110, 9), (115, 1), (200, 0)], 500), 1);
        assert_eq!(best(&[(100, 2), (110, 9), (120, 0)], 500), 2);
        assert_eq!(best(&[(100, 5), (105, 7), (110, 6), (121, 0)], 500), 5);
    }

    #[test]
    fn the_start_of_the_run_counts_as_zero() {
        assert_eq!(best(&[(0, 4), (19, 0)], 100), 0);
        assert_eq!(best(&[(0, 4), (20, 0)], 100), 4);
        assert_eq!(best(&[], 100), 0);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn it_agrees_with_looking_at_every_moment(
            steps in proptest::collection::vec((0u64..15, 0u32..4), 0..20)
        ) {
            let mut at = 0;
            let steps: Vec<_> = steps.iter().map(|(gap, value)| { at += gap; (at, *value) }).collect();
            let end = at + 30;
            // The value during the unit of time that begins at `t`.
            let value = |t: u64| steps.iter().rev().find(|(at, _)| *at <= t).map_or(0, |(_, value)| *value);
            let lasted = |from: u64| (from..from + 20).map(value).min().unwrap_or(0);
            let expected = (0..=end - 20).map(lasted).max().unwrap_or(0);
            prop_assert_eq!(best(&steps, end), expected);
        }
    }
}
