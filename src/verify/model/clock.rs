//! Schedules and amnesties on the wall clock.

use super::Model;
use crate::apb::id::ScheduleId;
use crate::apb::site::Amnesty;
use crate::apb::time::Time;

const WEEK: i64 = 604_800;
const SECOND: u64 = 1_000_000;

fn seconds(at: Time) -> i64 {
    i64::try_from(at.0 / SECOND).unwrap_or(i64::MAX / 4)
}

fn instant(seconds: i64) -> Time {
    Time(u64::try_from(seconds).unwrap_or(0).saturating_mul(SECOND))
}

impl Model {
    /// Local seconds since the Monday before time zero, if the offset were this.
    fn local(&self, at: Time, shift: i32) -> i64 {
        i64::from(self.site.clock.week_second_at_zero) + seconds(at) + i64::from(shift)
    }

    pub(super) fn is_scheduled(&self, schedule: Option<ScheduleId>, now: Time) -> bool {
        let Some(schedule) = schedule else { return true };
        let Some(schedule) = self.site.schedules.get(schedule.index()) else { return false };
        let mut shift = 0;
        for (from, change) in &self.site.clock.changes {
            if *from <= now {
                shift = *change;
            }
        }
        let second = self.local(now, shift).rem_euclid(WEEK);
        schedule.windows.iter().any(|(from, until)| i64::from(*from) <= second && second < i64::from(*until))
    }

    /// The next amnesty, if everything before `start` has been done; of several at once the first of the
    /// list.
    pub(super) fn next_amnesty(&self, start: Time) -> Option<(Time, u16)> {
        let due = |(which, amnesty): (u16, &Amnesty)| {
            let after = self.last_amnesty(which).map_or(start, |done| done.max(start));
            Some((self.next_of(amnesty, after)?, which))
        };
        (0..).zip(&self.site.amnesties).filter_map(due).min()
    }

    fn next_of(&self, amnesty: &Amnesty, after: Time) -> Option<Time> {
        let weekly = amnesty.times.iter().filter_map(|w| self.next_weekly(i64::from(*w), after));
        let every = amnesty.every.filter(|e| e.0 > 0);
        let periodic = every.map(|e| Time((after.0 / e.0 + 1).saturating_mul(e.0)));
        weekly.chain(periodic).min()
    }

    /// When the local clock reaches this second of some week for the first time, after an instant. A local
    /// time that is skipped is reached at the jump, one that comes twice the first time.
    fn next_weekly(&self, week_second: i64, after: Time) -> Option<Time> {
        let changes = &self.site.clock.changes;
        let mut pieces = vec![(Time::ZERO, 0)];
        pieces.extend(changes.iter().copied());
        // What the clock has shown already.
        let mut shown = self.local(Time::ZERO, 0);
        for (piece, (start, shift)) in pieces.iter().copied().enumerate() {
            let end = pieces.get(piece + 1).map(|next| next.0);
            let last = end.map(|end| Time(end.0.saturating_sub(1)));
            if last.is_none_or(|last| last > after) {
                let passed = if after >= start { self.local(after, shift) } else { shown };
                let beyond = passed.max(shown);
                let next = beyond + 1 + (week_second - beyond - 1).rem_euclid(WEEK);
                let at = instant(next - self.local(Time::ZERO, shift)).max(start);
                if last.is_none_or(|last| at <= last) {
                    return Some(at);
                }
            }
            shown = last.map_or(shown, |last| shown.max(self.local(last, shift)));
        }
        None
    }
}
