//! Grants in the lanes: who waits, whose turn it is, and until when.

use super::Model;
use super::ground::Trip;
use crate::apb::id::{Direction, HolderId, LaneId, ReaderId};
use crate::apb::journal::Reason;
use crate::apb::site::{LaneTimers, PassMode, Queue};
use crate::apb::time::Time;

/// What became of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It may be used, now or when its turn comes.
    Waiting,
    /// A body went through on it.
    Used,
    /// Nobody came in time; somebody still may, a little late.
    Lapsed,
    /// It is worth nothing any more.
    Dropped,
}

/// A decision to let somebody through a lane.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    /// Whose, and given where; `None`: a lane opened by hand for nobody known.
    pub(super) owner: Option<(HolderId, ReaderId)>,
    pub(super) trip: Trip,
    pub(super) given: Time,
    /// Whether it blocks its owner at other readers until it is committed.
    pub(super) reserves: bool,
    pub(super) fate: Fate,
    /// Since when it is the first of its turn.
    pub(super) first_since: Option<Time>,
    /// Whether it belongs to the present turn of its lane.
    pub(super) in_turn: bool,
    /// When it stopped waiting.
    pub(super) ended: Option<Time>,
    /// When it lapsed as the first of its turn.
    pub(super) lapsed: Option<Time>,
    /// Whether nobody will come on it, not even late.
    pub(super) is_over: bool,
    /// Whether its owner goes nowhere on it any more: removed, or the other of two did not come.
    pub(super) is_alone: bool,
    pub(super) opened: bool,
    /// Whether what commits it has happened.
    pub(super) ready: bool,
    /// Whether its owner has moved.
    pub(super) committed: bool,
    /// The grant of the one who goes together with the owner.
    pub(super) partner: Option<usize>,
}

impl Grant {
    pub(super) fn new(owner: Option<(HolderId, ReaderId)>, trip: Trip, given: Time) -> Self {
        Self {
            owner,
            trip,
            given,
            reserves: false,
            fate: Fate::Waiting,
            first_since: None,
            in_turn: false,
            ended: None,
            lapsed: None,
            is_over: false,
            is_alone: false,
            opened: false,
            ready: false,
            committed: false,
            partner: None,
        }
    }

    pub(super) fn is_of(&self, holder: HolderId) -> bool {
        self.owner.is_some_and(|(owner, _)| owner == holder)
    }

    /// Whether nobody will come on it along with somebody else.
    pub(super) fn is_gone(&self) -> bool {
        self.is_over || self.is_alone
    }

    /// Whether what commits it has happened, and the other of two is still to come.
    pub(super) fn is_half(&self) -> bool {
        let lives = matches!(self.fate, Fate::Waiting | Fate::Used) && !self.is_gone();
        lives && self.ready && !self.committed
    }

    /// Whether it is not used yet and its owner has not moved.
    pub(super) fn is_unused(&self) -> bool {
        self.fate == Fate::Waiting && !self.committed && !self.ready && !self.is_alone
    }
}

impl Model {
    /// The grants that wait in a lane, first come first.
    pub(super) fn queue(&self, lane: LaneId) -> Vec<usize> {
        let waits = |g: &Grant| g.trip.lane == lane && g.fate == Fate::Waiting;
        self.grants.iter().enumerate().filter(|(_, g)| waits(g)).map(|(i, _)| i).collect()
    }

    fn queue_towards(&self, lane: LaneId, way: Direction) -> Vec<usize> {
        let goes = |i: &usize| self.grants.get(*i).is_some_and(|g| g.trip.way == way);
        self.queue(lane).into_iter().filter(goes).collect()
    }

    fn turn(&self, lane: LaneId) -> Vec<usize> {
        let is_in = |i: &usize| self.grants.get(*i).is_some_and(|g| g.in_turn);
        self.queue(lane).into_iter().filter(is_in).collect()
    }

    pub(super) fn first_of_turn(&self, lane: LaneId) -> Option<usize> {
        self.turn(lane).first().copied()
    }

    pub(super) fn lane_of(&self, index: usize) -> LaneId {
        self.grants.get(index).map_or(LaneId(u16::MAX), |g| g.trip.lane)
    }

    pub(super) fn timers(&self, index: usize) -> Option<LaneTimers> {
        Some(self.site.lanes.get(self.lane_of(index).index())?.timers)
    }

    /// Ends, widens or begins a turn of a lane, and notes who is the first now. `is_new`: somebody has just
    /// been granted.
    pub(super) fn take_turns(&mut self, lane: LaneId, is_new: bool) {
        let served = self.served(lane);
        let join = |way| self.queue_towards(lane, way);
        let joining = match (self.turn(lane).is_empty(), join(served.opposite()).is_empty()) {
            (true, false) => join(served.opposite()),
            (true, true) | (false, true) => join(served),
            (false, false) => Vec::new(),
        };
        let stands_open = self.is_open(lane);
        for index in joining {
            let Some(grant) = self.grants.get_mut(index).filter(|g| !g.in_turn) else { continue };
            grant.in_turn = true;
            // Where the contact tells that the lane stands open there will be no edge, unless the lane turns
            // to the other way, to somebody who has waited: then it shuts and opens again.
            if stands_open && (is_new || grant.trip.way == served) {
                self.opened_on(index);
            }
        }
        let now = self.now;
        if let Some(first) = self.first_of_turn(lane).and_then(|i| self.grants.get_mut(i)) {
            first.first_since.get_or_insert(now);
        }
    }

    /// Whose turn it is, or was last.
    fn served(&self, lane: LaneId) -> Direction {
        let last = self.grants.iter().filter(|g| g.trip.lane == lane && g.in_turn);
        last.max_by_key(|g| g.first_since).map_or(Direction::In, |g| g.trip.way)
    }

    /// When the next grant lapses: of a turn the first, so long after it became the first; of those behind it
    /// each so long after it was given. At the same instant those behind go first, and `In` before `Out`.
    pub(super) fn next_lapse(&self) -> Option<(Time, usize)> {
        let ends = |(i, grant): (usize, &Grant)| {
            let timers = self.timers(i)?;
            let waits = grant.fate == Fate::Waiting;
            match grant.first_since {
                _ if !waits => None,
                Some(since) => Some((since + timers.not_taken, true, grant.trip.way, i)),
                None if timers.queued.0 == 0 => None,
                None => Some((grant.given + timers.queued, false, grant.trip.way, i)),
            }
        };
        let next = self.grants.iter().enumerate().filter_map(ends).min();
        next.map(|(at, _, _, i)| (at, i))
    }

    /// Why a lane cannot take this many more grants this way now.
    pub(super) fn refuses(&self, lane: LaneId, way: Direction, more: usize) -> Option<Reason> {
        if self.is_on_fire() {
            return None;
        }
        let mode = self.modes.get(lane.index()).map_or(PassMode::Locked, |m| m[way.index()]);
        if mode == PassMode::Locked {
            return Some(Reason::LaneLocked);
        }
        let lane_at = self.site.lanes.get(lane.index())?;
        let facing = lane_at.queue == Queue::OneWay && !self.queue_towards(lane, way.opposite()).is_empty();
        let full = self.queue_towards(lane, way).len() + more > usize::from(lane_at.memory) + 1;
        (facing || full).then_some(Reason::LaneBusy)
    }

    /// The grant that somebody may still use late: the one that lapsed last, if its grace is not over.
    pub(super) fn late_one(&self, lane: LaneId) -> Option<usize> {
        let lapsed = |i: &usize| self.grants.get(*i).and_then(|g| g.lapsed);
        let in_lane = (0..self.grants.len()).filter(|i| self.lane_of(*i) == lane && lapsed(i).is_some());
        let last = in_lane.max_by_key(lapsed)?;
        self.grants.get(last).filter(|g| g.fate == Fate::Lapsed).map(|_| last)
    }

    /// Whether a lane of an interlock is shut and empty, and nobody may come late.
    pub(super) fn is_secure(&self, lane: LaneId) -> bool {
        self.queue(lane).is_empty() && !self.is_open(lane) && self.late_one(lane).is_none()
    }
}
