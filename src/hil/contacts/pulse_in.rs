//! Pulses that come in: told from bounce, from stuck contacts, and counted once.

use super::wiring::PassPulse;
use crate::apb::time::{Span, Time};

/// A passage contact that is active longer than this is stuck: no pulse of any gate lasts so long (assumed;
/// the longest documented is 300 ms).
const STUCK: Span = Span::seconds(5);

/// What became of a pulse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pulsed {
    /// It is one; each is said once.
    Counted,
    /// It was too short for one.
    Short(Span),
    /// It does not end.
    Stuck,
    /// The contact was reported so although it was so already: an edge was missed.
    MissedEdge(bool),
    /// The contact was active when it was first seen: whether that is a new pulse cannot be known.
    ActiveFromTheStart,
}

/// One contact on which pulses come in.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PulseIn {
    state: State,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// Not seen yet.
    #[default]
    Unknown,
    Rest,
    /// Active since then; whether it has been counted, or is known to be stuck.
    Active {
        since: Time,
        counted: bool,
        stuck: bool,
    },
    /// At rest since `at`, but perhaps it only bounces.
    Fallen {
        since: Time,
        at: Time,
        counted: bool,
    },
}

impl PulseIn {
    /// Nothing is known about it any more.
    pub(super) fn forget(&mut self) {
        self.state = State::Unknown;
    }

    pub(super) fn is_active(&self) -> bool {
        matches!(self.state, State::Active { .. })
    }

    /// The contact was reported active or at rest, after what was due by now.
    pub(super) fn seen(&mut self, now: Time, active: bool) -> Option<Pulsed> {
        match (self.state, active) {
            (State::Unknown, true) => {
                self.state = State::Active { since: now, counted: true, stuck: false };
                Some(Pulsed::ActiveFromTheStart)
            }
            (State::Unknown, false) => {
                self.state = State::Rest;
                None
            }
            (State::Rest, true) => {
                self.state = State::Active { since: now, counted: false, stuck: false };
                None
            }
            (State::Fallen { since, counted, .. }, true) => {
                self.state = State::Active { since, counted, stuck: false };
                None
            }
            (State::Active { since, counted, .. }, false) => {
                self.state = State::Fallen { since, at: now, counted };
                None
            }
            (State::Active { .. }, true) | (State::Rest | State::Fallen { .. }, false) => {
                Some(Pulsed::MissedEdge(active))
            }
        }
    }

    /// What is due by now.
    pub(super) fn wake(&mut self, now: Time, pulse: &PassPulse) -> Option<Pulsed> {
        if self.next_wake(pulse).is_none_or(|at| at > now) {
            return None;
        }
        match self.state {
            State::Active { since, counted: false, stuck } => {
                self.state = State::Active { since, counted: true, stuck };
                Some(Pulsed::Counted)
            }
            State::Active { since, counted, .. } => {
                self.state = State::Active { since, counted, stuck: true };
                Some(Pulsed::Stuck)
            }
            State::Fallen { since, at, counted } => {
                self.state = State::Rest;
                (!counted).then(|| Pulsed::Short(at.since(since)))
            }
            State::Unknown | State::Rest => None,
        }
    }

    pub(super) fn next_wake(&self, pulse: &PassPulse) -> Option<Time> {
        match self.state {
            State::Active { since, counted: false, .. } => Some(since + pulse.shortest),
            State::Active { since, stuck: false, .. } => Some(since + STUCK),
            State::Fallen { at, .. } => Some(at + pulse.rest),
            State::Unknown | State::Rest | State::Active { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::wiring::Wiring;
    use super::*;

    /// What comes of these edges (milliseconds, active), woken whenever it is due.
    fn played(edges: &[(u64, bool)]) -> Vec<(u64, Pulsed)> {
        let pulse = Wiring::default().pass;
        let mut contact = PulseIn::default();
        let mut said = Vec::new();
        for (at, active) in edges {
            let at = Time(at * 1_000);
            while let Some(due) = contact.next_wake(&pulse).filter(|due| *due <= at) {
                said.extend(contact.wake(due, &pulse).map(|what| (due.0 / 1_000, what)));
            }
            said.extend(contact.seen(at, *active).map(|what| (at.0 / 1_000, what)));
        }
        said
    }

    #[test]
    fn a_pulse_counts_once() {
        let edges = [(0, false), (10, true), (310, false), (1_000, true), (1_300, false), (2_000, true)];
        assert_eq!(played(&edges), [(60, Pulsed::Counted), (1_050, Pulsed::Counted)]);
    }

    #[test]
    fn bounce_is_not_another_pulse() {
        let edges = [
            (0, false),
            (10, true),
            (12, false),
            (14, true),
            (300, false),
            (305, true),
            (400, false),
            (900, true),
        ];
        assert_eq!(played(&edges), [(60, Pulsed::Counted)]);
    }

    #[test]
    fn what_is_wrong_with_a_contact_is_said() {
        assert_eq!(
            played(&[(0, false), (10, true), (30, false), (90, true)]),
            [(50, Pulsed::Short(Span::millis(20)))]
        );
        assert_eq!(
            played(&[(0, true), (40, false), (90, false)]),
            [(0, Pulsed::ActiveFromTheStart), (90, Pulsed::MissedEdge(false))]
        );
        let stuck = played(&[(0, false), (10, true), (20_000, false)]);
        assert_eq!(stuck, [(60, Pulsed::Counted), (5_010, Pulsed::Stuck)]);
        let missed = played(&[(0, false), (10, true), (100, true)]);
        assert_eq!(missed, [(60, Pulsed::Counted), (100, Pulsed::MissedEdge(true))]);
    }
}
