//! Pulses that go out, one after the other.

use crate::apb::time::{Span, Time};

/// So many pulses wait at most; a gate that lets through more than that in their time has a wiring that is
/// too slow for it.
const WAITING_MAX: u32 = 64;

/// One contact on which pulses go out.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PulseOut {
    active_until: Option<Time>,
    rests_until: Time,
    waiting: u32,
}

impl PulseOut {
    pub(super) fn is_active(&self) -> bool {
        self.active_until.is_some()
    }

    /// One more; `false`: too many wait already.
    pub(super) fn add(&mut self, now: Time, length: Span) -> bool {
        if self.active_until.is_none() && self.waiting == 0 && self.rests_until <= now {
            self.active_until = Some(now + length);
            return true;
        }
        let fits = self.waiting < WAITING_MAX;
        self.waiting += u32::from(fits);
        fits
    }

    /// Ends the pulse that is over, begins the next; between two it rests as long as a pulse lasts.
    pub(super) fn wake(&mut self, now: Time, length: Span) {
        if self.active_until.is_some_and(|until| until <= now) {
            self.active_until = None;
            self.rests_until = now + length;
        }
        if self.active_until.is_none() && self.waiting > 0 && self.rests_until <= now {
            self.waiting -= 1;
            self.active_until = Some(now + length);
        }
    }

    pub(super) fn next_wake(&self) -> Option<Time> {
        self.active_until.or((self.waiting > 0).then_some(self.rests_until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pulses_follow_each_other_with_a_rest_between() {
        let (mut contact, length) = (PulseOut::default(), Span(300));
        assert!(contact.add(Time(0), length) && contact.add(Time(10), length));
        let mut edges = vec![];
        while let Some(at) = contact.next_wake() {
            contact.wake(at, length);
            edges.push((at.0, contact.is_active()));
        }
        assert_eq!(edges, [(300, false), (600, true), (900, false)]);
        let added = (0..100).filter(|_| contact.add(Time(900), length)).count();
        assert_eq!(added, 64, "it does not grow without bound");
    }
}
