//! Grants waiting to be used: a queue each way, whose turn it is, and the clocks.
//!
//! *Turns.* Only the grants of the present turn can be used, first come first served: a grant of a later turn
//! is not released yet. See [`Queue`](crate::apb::site::Queue) for when turns change.
//!
//! *Clocks.* The first grant of the turn has its not-taken time, from when it became the first. Every other
//! grant has its time to wait, from when it was given to when it becomes the first. One whose time to wait is
//! over was never released: nobody can come late on it, and a lapsed grant keeps its grace beside it.

use crate::apb::id::{Direction, GrantId};
use crate::apb::site::LaneTimers;
use crate::apb::time::{Span, Time};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// A span that runs off, with rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Clock {
    remaining: Span,
    /// Since when it runs; `None` while it rests.
    running: Option<Time>,
}

impl Clock {
    fn full(remaining: Span) -> Self {
        Self { remaining, running: None }
    }

    fn run(&mut self, now: Time, run: bool) {
        match self.running {
            None if run => self.running = Some(now),
            Some(since) if !run => {
                self.remaining = self.remaining.less(now.since(since));
                self.running = None;
            }
            None | Some(_) => {}
        }
    }

    /// When it will have run off, if it runs.
    fn ends_at(&self) -> Option<Time> {
        self.running.map(|since| since + self.remaining)
    }
}

/// One grant that nobody has used yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Credit {
    pub(super) grant: GrantId,
    /// Reported as opened.
    pub(super) opened: bool,
    /// Told to a gate that counts for itself.
    pub(super) told: bool,
    /// The time to wait behind others.
    waits: Clock,
}

/// A grant that lapsed a moment ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Lapsed {
    pub(super) grant: GrantId,
    pub(super) direction: Direction,
    /// From this instant on its owner is too late.
    pub(super) until: Time,
}

/// The grants of one lane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Grants {
    not_taken: Span,
    late_grace: Span,
    /// Zero: for ever.
    queued: Span,
    /// First come first, `In` before `Out`.
    queues: [VecDeque<Credit>; 2],
    /// Whose turn it is, or was last.
    serving: Direction,
    /// How many grants at the head of that queue the turn has left; zero: it is over.
    turn: usize,
    /// The time of the first of the turn.
    first: Clock,
    lapsed: Option<Lapsed>,
}

impl Grants {
    pub(super) fn new(timers: &LaneTimers) -> Self {
        let LaneTimers { not_taken, late_grace, queued, .. } = *timers;
        Self {
            not_taken,
            late_grace,
            queued,
            queues: [VecDeque::new(), VecDeque::new()],
            serving: Direction::In,
            turn: 0,
            first: Clock::full(not_taken),
            lapsed: None,
        }
    }

    pub(super) fn push(&mut self, grant: GrantId, direction: Direction) {
        let waits = Clock::full(self.queued);
        self.queue_mut(direction).push_back(Credit { grant, opened: false, told: false, waits });
    }

    /// Ends, widens or begins a turn; how many grants came into it. `inside` tells which ways somebody goes
    /// who is in the lane and has not passed, `In` first.
    pub(super) fn arrange(&mut self, inside: [bool; 2]) -> usize {
        self.turn = self.turn.min(self.count(self.serving));
        let before = self.turn;
        let waits = self.count(self.serving.opposite()) > 0;
        if self.turn == 0 {
            let next = if waits { self.serving.opposite() } else { self.serving };
            if self.count(next) == 0 || inside[next.opposite().index()] {
                return 0;
            }
            self.serving = next;
            self.turn = self.count(next);
            self.rewind();
        } else if !waits {
            self.turn = self.count(self.serving);
        }
        self.turn - before
    }

    /// Whose turn it is.
    pub(super) fn direction(&self) -> Option<Direction> {
        (self.turn > 0).then_some(self.serving)
    }

    /// How many wait this way, now or for a later turn.
    pub(super) fn count(&self, direction: Direction) -> usize {
        self.queue(direction).len()
    }

    /// How many of this turn wait this way.
    pub(super) fn usable(&self, direction: Direction) -> usize {
        if self.serving == direction { self.turn } else { 0 }
    }

    pub(super) fn holds(&self, grant: GrantId) -> bool {
        self.queues.iter().flatten().any(|c| c.grant == grant)
    }

    /// Whether the grant waits for a later turn.
    pub(super) fn is_for_later(&self, grant: GrantId) -> bool {
        let later = |d| self.queue(d).iter().skip(self.usable(d));
        Direction::BOTH.into_iter().flat_map(later).any(|c| c.grant == grant)
    }

    /// Whether no grant waits and nobody may come late.
    pub(super) fn is_idle(&self) -> bool {
        self.queues.iter().all(VecDeque::is_empty) && self.lapsed.is_none()
    }

    /// The first of the turn.
    pub(super) fn front(&mut self) -> Option<&mut Credit> {
        if self.turn == 0 {
            return None;
        }
        self.queue_mut(self.serving).front_mut()
    }

    /// The last `count` of the turn.
    pub(super) fn latest(&mut self, count: usize) -> impl Iterator<Item = &mut Credit> {
        let turn = self.turn;
        self.queue_mut(self.serving).iter_mut().take(turn).skip(turn.saturating_sub(count))
    }

    /// Uses the first grant of the turn, if it is for this direction.
    pub(super) fn take(&mut self, direction: Direction) -> Option<GrantId> {
        if self.usable(direction) == 0 {
            return None;
        }
        let credit = self.queue_mut(direction).pop_front()?;
        self.turn -= 1;
        self.rewind();
        Some(credit.grant)
    }

    /// Uses the lapsed grant, if it is for this direction.
    pub(super) fn take_lapsed(&mut self, direction: Direction) -> Option<GrantId> {
        let lapsed = self.lapsed.take_if(|l| l.direction == direction)?;
        Some(lapsed.grant)
    }

    /// Drops all but the first `keep` grants for this direction; what was dropped, first come first.
    pub(super) fn truncate(&mut self, direction: Direction, keep: usize) -> Vec<GrantId> {
        let queue = self.queue_mut(direction);
        let dropped = queue.split_off(keep.min(queue.len()));
        dropped.into_iter().map(|c| c.grant).collect()
    }

    /// Drops every grant; those of the way whose turn it is or was come first.
    pub(super) fn clear(&mut self) -> Vec<GrantId> {
        let ways = [self.serving, self.serving.opposite()];
        ways.map(|d| self.truncate(d, 0)).concat()
    }

    /// Lets the time of the first of the turn run, or rest, and that of the others but those which `owners`
    /// in the lane have taken up.
    pub(super) fn run(&mut self, now: Time, run: bool, owners: usize) {
        self.first.run(now, run && self.turn > 0);
        if self.queued == Span::ZERO {
            return;
        }
        let serving = self.serving;
        for direction in Direction::BOTH {
            for (index, credit) in self.queue_mut(direction).iter_mut().enumerate() {
                credit.waits.run(now, direction != serving || index >= owners);
            }
        }
    }

    /// When the first of the turn lapses, if its time runs.
    pub(super) fn lapses_at(&self) -> Option<Time> {
        self.first.ends_at().filter(|_| self.turn > 0)
    }

    /// When a grant has waited behind others for too long.
    pub(super) fn gives_up_at(&self) -> Option<Time> {
        if self.queued == Span::ZERO {
            return None;
        }
        Direction::BOTH.into_iter().flat_map(|d| self.behind(d)).filter_map(|c| c.waits.ends_at()).min()
    }

    /// The first of the turn lapses; its owner may still be late.
    pub(super) fn lapse(&mut self, now: Time) -> Option<GrantId> {
        let direction = self.direction()?;
        let grant = self.take(direction)?;
        self.lapsed = Some(Lapsed { grant, direction, until: now + self.late_grace });
        Some(grant)
    }

    /// Drops a grant that has waited behind others for too long.
    pub(super) fn give_up(&mut self, now: Time) -> Option<GrantId> {
        let due = |c: &Credit| c.waits.ends_at().is_some_and(|at| at <= now);
        let late = |d| Some((d, self.behind(d).position(due)? + self.in_use(d)));
        let (direction, index) = Direction::BOTH.into_iter().find_map(late)?;
        if index < self.usable(direction) {
            self.turn -= 1;
        }
        Some(self.queue_mut(direction).remove(index)?.grant)
    }

    pub(super) fn lapsed(&self) -> Option<Lapsed> {
        self.lapsed
    }

    pub(super) fn forget_lapsed(&mut self) {
        self.lapsed = None;
    }

    /// All of this way but the first of the turn.
    fn behind(&self, direction: Direction) -> impl Iterator<Item = &Credit> {
        self.queue(direction).iter().skip(self.in_use(direction))
    }

    /// How many of this way wait behind nobody: one or none.
    fn in_use(&self, direction: Direction) -> usize {
        self.usable(direction).min(1)
    }

    fn queue(&self, direction: Direction) -> &VecDeque<Credit> {
        &self.queues[direction.index()]
    }

    fn queue_mut(&mut self, direction: Direction) -> &mut VecDeque<Credit> {
        &mut self.queues[direction.index()]
    }

    fn rewind(&mut self) {
        self.first = Clock::full(self.not_taken);
    }
}
