//! A release is carried out once, or nobody knows and it is said so.
//!
//! When the answer to a release is lost, the release itself may have been lost, or only the answer. Sending
//! it again might let a second body in. So it is sent again only if the board's own status says that nothing
//! happened, and only if all of this holds:
//!
//! - the leaf was shut and the counts were known before the release;
//! - the status was asked for at least
//!   [`settles`](super::super::board::Timing::settles) after the release went
//!   out, so a board that opens would have begun to, and before
//!   [`stays`](super::super::board::Timing::stays) is over, so one that opened would not have shut again;
//! - the leaf is still shut and no count has moved;
//! - this very board has been seen to show a release that it answered. A board whose status means something
//!   else than its description says never gets there, and nothing is ever repeated to it.
//!
//! A line keeps its order, so the status that is asked for after the release is from after the release,
//! however slow the line is; what comes too late is dropped by the line's quiet time.

use super::job::Job;
use crate::apb::id::Direction;
use crate::apb::time::{Span, Time};
use crate::hil::frames::board::Timing;
use crate::hil::frames::status::Status;

/// A release of which the status has to tell what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asking {
    pub(super) job: Job,
    /// When it went out, its last byte.
    pub(super) sent: Time,
    /// The counts before, if the leaf was shut then.
    pub(super) before: Option<[Option<u32>; 2]>,
}

/// What a status tells of a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// It was carried out.
    Done,
    /// It was not.
    NotDone,
    /// Not yet anything.
    TooEarly,
    /// Nothing, and it will not.
    Nothing,
}

impl Asking {
    pub(super) fn new(job: Job, sent: Time, before: &Status) -> Self {
        let shut = before.is_shut() == Some(true);
        Self { job, sent, before: shut.then(|| before.counts()) }
    }

    /// What the status tells that was asked for at `asked`.
    pub(super) fn told(&self, status: &Status, asked: Time, timing: &Timing, proved: bool) -> Told {
        let Some(before) = self.before else { return Told::Nothing };
        if asked < self.sent {
            return Told::TooEarly;
        }
        let moved = |way: Direction| status.counts()[way.index()] != before[way.index()];
        if status.is_shut() == Some(false) || Direction::BOTH.into_iter().any(moved) {
            return Told::Done;
        }
        let after = asked.since(self.sent);
        if after >= timing.stays {
            Told::Nothing
        } else if after < timing.settles {
            Told::TooEarly
        } else if proved && status.is_shut() == Some(true) {
            Told::NotDone
        } else {
            Told::Nothing
        }
    }

    /// When to ask at the earliest.
    pub(super) fn ask_at(&self, timing: &Timing) -> Time {
        self.sent + timing.settles + Span::micros(1)
    }
}
