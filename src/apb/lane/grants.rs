//! Grants waiting to be used, first come first served, and the clock of the first one.

use crate::apb::id::{Direction, GrantId};
use crate::apb::time::{Span, Time};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// One grant that nobody has used yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Credit {
    pub(super) grant: GrantId,
    /// Reported as opened.
    pub(super) opened: bool,
    /// Told to a gate that counts for itself.
    pub(super) told: bool,
}

/// A grant that lapsed a moment ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Lapsed {
    pub(super) grant: GrantId,
    pub(super) direction: Direction,
    /// From this instant on its owner is too late.
    pub(super) until: Time,
}

/// The grants of one lane. All that wait at a time are for one direction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Grants {
    not_taken: Span,
    late_grace: Span,
    direction: Direction,
    queue: VecDeque<Credit>,
    /// What is left of the first one's time.
    remaining: Span,
    /// Since when that time runs; `None` while it rests.
    running: Option<Time>,
    lapsed: Option<Lapsed>,
}

impl Grants {
    pub(super) fn new(not_taken: Span, late_grace: Span) -> Self {
        let (direction, queue) = (Direction::In, VecDeque::new());
        Self { not_taken, late_grace, direction, queue, remaining: not_taken, running: None, lapsed: None }
    }

    pub(super) fn push(&mut self, grant: GrantId, direction: Direction) {
        if self.queue.is_empty() {
            self.rewind();
        }
        self.direction = direction;
        self.queue.push_back(Credit { grant, opened: false, told: false });
    }

    /// The way the waiting grants are for, if any wait.
    pub(super) fn direction(&self) -> Option<Direction> {
        (!self.queue.is_empty()).then_some(self.direction)
    }

    /// How many wait this way.
    pub(super) fn count(&self, direction: Direction) -> usize {
        if self.direction == direction { self.queue.len() } else { 0 }
    }

    pub(super) fn holds(&self, grant: GrantId) -> bool {
        self.queue.iter().any(|c| c.grant == grant)
    }

    pub(super) fn front(&mut self) -> Option<&mut Credit> {
        self.queue.front_mut()
    }

    pub(super) fn back(&mut self) -> Option<&mut Credit> {
        self.queue.back_mut()
    }

    /// Uses the first grant, if it is for this direction.
    pub(super) fn take(&mut self, direction: Direction) -> Option<GrantId> {
        if self.direction != direction {
            return None;
        }
        let credit = self.queue.pop_front()?;
        self.rewind();
        Some(credit.grant)
    }

    /// Uses the lapsed grant, if it is for this direction.
    pub(super) fn take_lapsed(&mut self, direction: Direction) -> Option<GrantId> {
        let lapsed = self.lapsed.take_if(|l| l.direction == direction)?;
        Some(lapsed.grant)
    }

    /// Drops all but the first `keep` grants; what was dropped, first come first.
    pub(super) fn truncate(&mut self, keep: usize) -> Vec<GrantId> {
        let dropped = self.queue.split_off(keep.min(self.queue.len()));
        dropped.into_iter().map(|c| c.grant).collect()
    }

    /// Lets the first one's time run, or rest.
    pub(super) fn run(&mut self, now: Time, run: bool) {
        match self.running {
            None if run && !self.queue.is_empty() => self.running = Some(now),
            Some(since) if !run => {
                self.remaining = self.remaining.less(now.since(since));
                self.running = None;
            }
            None | Some(_) => {}
        }
    }

    /// When the first one lapses, if its time runs.
    pub(super) fn lapses_at(&self) -> Option<Time> {
        self.running.filter(|_| !self.queue.is_empty()).map(|since| since + self.remaining)
    }

    /// The first one lapses; its owner may still be late.
    pub(super) fn lapse(&mut self, now: Time) -> Option<GrantId> {
        let direction = self.direction;
        let grant = self.take(direction)?;
        self.lapsed = Some(Lapsed { grant, direction, until: now + self.late_grace });
        Some(grant)
    }

    pub(super) fn lapsed(&self) -> Option<Lapsed> {
        self.lapsed
    }

    pub(super) fn forget_lapsed(&mut self) {
        self.lapsed = None;
    }

    fn rewind(&mut self) {
        (self.remaining, self.running) = (self.not_taken, None);
    }
}
