//! The unlock contact of one way, at the host: a pulse that ends on time, or a level that is held.

use super::wiring::{PULSE_MIN, Unlock};
use crate::apb::time::{Span, Time};

/// Between two pulses on one contact, so that the gate sees both (no figure is known; as long as the shortest
/// pulse).
const GAP: Span = PULSE_MIN;

/// Releases of one way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Releases {
    /// The pulse under way.
    pulse: Option<Pulse>,
    /// The next pulse does not begin before this.
    rests_until: Time,
    /// Releases that wait for theirs.
    waiting: u8,
    /// Level: passages until it is let go.
    held: u8,
}

#[derive(Clone, Copy, Debug)]
struct Pulse {
    began: Time,
    /// When the board was seen to have switched.
    seen: Option<Time>,
}

impl Releases {
    pub(super) fn is_active(&self) -> bool {
        self.pulse.is_some() || self.held > 0
    }

    /// One more; `false`: too many wait already.
    pub(super) fn add(&mut self, now: Time, unlock: Unlock, stored: u8) -> bool {
        match unlock {
            Unlock::Level if self.held <= stored => self.held += 1,
            Unlock::Pulse { .. } if self.is_free(now) => self.begin(now),
            Unlock::Pulse { .. } if self.waiting < stored => self.waiting += 1,
            Unlock::Level | Unlock::Pulse { .. } => return false,
        }
        true
    }

    fn is_free(&self, now: Time) -> bool {
        self.pulse.is_none() && self.waiting == 0 && self.rests_until <= now
    }

    fn begin(&mut self, now: Time) {
        self.pulse = Some(Pulse { began: now, seen: None });
    }

    /// A body passed.
    pub(super) fn passed(&mut self) {
        self.held = self.held.saturating_sub(1);
    }

    /// The board was seen to have switched the contact.
    pub(super) fn seen_active(&mut self, now: Time) {
        if let Some(pulse) = &mut self.pulse {
            pulse.seen.get_or_insert(now);
        }
    }

    /// None is wanted any more; how many were given up before they began.
    pub(super) fn end(&mut self, now: Time) -> u8 {
        if self.pulse.take().is_some() {
            self.rests_until = now + GAP;
        }
        self.held = 0;
        std::mem::take(&mut self.waiting)
    }

    /// When the pulse under way ends. Counted from when the board was seen to switch, where it reads back: a
    /// slow line must not make a pulse too short; nor too long, so never after its longest.
    fn ends(&self, unlock: Unlock, reads_back: bool) -> Option<Time> {
        let (Some(pulse), Unlock::Pulse { length, longest }) = (self.pulse, unlock) else { return None };
        let latest = pulse.began + longest;
        Some(match pulse.seen {
            Some(seen) => latest.min(seen + length),
            None if reads_back => latest,
            None => pulse.began + length,
        })
    }

    /// Ends the pulse that is over, begins the next. Yields whether one ended that the board, which reads
    /// back, was not seen to begin in time for the shortest pulse: it came too late, or not at all.
    pub(super) fn wake(&mut self, now: Time, unlock: Unlock, reads_back: bool) -> bool {
        let over = self.pulse.filter(|_| self.ends(unlock, reads_back).is_some_and(|at| at <= now));
        if over.is_some() {
            self.pulse = None;
            self.rests_until = now + GAP;
        }
        if self.pulse.is_none() && self.waiting > 0 && self.rests_until <= now {
            self.waiting -= 1;
            self.begin(now);
        }
        let in_time = |seen: Time| now.since(seen) >= PULSE_MIN;
        over.is_some_and(|pulse| reads_back && !pulse.seen.is_some_and(in_time))
    }

    pub(super) fn next_wake(&self, unlock: Unlock, reads_back: bool) -> Option<Time> {
        let next = (self.pulse.is_none() && self.waiting > 0).then_some(self.rests_until);
        self.ends(unlock, reads_back).or(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PULSE: Unlock = Unlock::Pulse { length: Span::millis(500), longest: Span::seconds(2) };

    fn ms(at: u64) -> Time {
        Time(at * 1_000)
    }

    #[test]
    fn a_pulse_ends_on_time_counted_from_when_it_was_seen() {
        let mut blind = Releases::default();
        assert!(blind.add(ms(0), PULSE, 1));
        assert_eq!(blind.next_wake(PULSE, false), Some(ms(500)));
        let mut seen = Releases::default();
        seen.add(ms(0), PULSE, 1);
        assert_eq!(seen.next_wake(PULSE, true), Some(ms(2_000)));
        seen.seen_active(ms(40));
        seen.seen_active(ms(90));
        assert_eq!(seen.next_wake(PULSE, true), Some(ms(540)));
        assert!(!seen.wake(ms(540), PULSE, true));
        assert!(!seen.is_active() && seen.next_wake(PULSE, true).is_none());
        let mut slow = Releases::default();
        slow.add(ms(0), PULSE, 1);
        slow.seen_active(ms(1_900));
        assert_eq!(slow.next_wake(PULSE, true), Some(ms(2_000)));
        let mut never = Releases::default();
        never.add(ms(0), PULSE, 1);
        assert!(never.wake(ms(2_000), PULSE, true));
    }

    #[test]
    fn another_release_waits_its_turn_or_is_refused() {
        let mut releases = Releases::default();
        assert!(releases.add(ms(0), PULSE, 1) && releases.add(ms(1), PULSE, 1));
        assert!(!releases.add(ms(2), PULSE, 1));
        releases.wake(ms(500), PULSE, false);
        assert!(!releases.is_active());
        let next = releases.next_wake(PULSE, false).unwrap();
        assert_eq!(next, ms(500) + GAP);
        releases.wake(next, PULSE, false);
        assert!(releases.is_active());
        assert_eq!(releases.end(next), 0);
        assert!(!releases.is_active());
    }

    #[test]
    fn a_level_is_held_for_as_many_bodies_as_were_released() {
        let mut releases = Releases::default();
        assert!(releases.add(ms(0), Unlock::Level, 1) && releases.add(ms(0), Unlock::Level, 1));
        assert!(!releases.add(ms(0), Unlock::Level, 1));
        releases.passed();
        assert!(releases.is_active());
        releases.passed();
        assert!(!releases.is_active() && releases.next_wake(Unlock::Level, true).is_none());
    }
}
