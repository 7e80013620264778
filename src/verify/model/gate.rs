//! Grants waiting in lanes: opened, passed, lapsed, late.

use super::Model;
use super::Said;
use super::ground::Trip;
use super::past::Fact;
use crate::apb::id::{Direction, HolderId, LaneId, ReaderId};
use crate::apb::ledger::Location;
use crate::apb::policy::{Commit, Memory, Policy};
use crate::apb::site::PassMode;
use crate::apb::time::{Span, Time};

/// What became of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It may be used.
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
    /// Whose; `None`: a lane opened by hand for nobody known.
    pub(super) owner: Option<(HolderId, ReaderId)>,
    pub(super) trip: Trip,
    pub(super) given: Time,
    /// Whether it blocks its owner at other readers until it is committed.
    pub(super) reserves: bool,
    pub(super) fate: Fate,
    /// When it stopped waiting.
    pub(super) ended: Option<Time>,
    pub(super) opened: bool,
    /// Whether what commits it has happened.
    pub(super) ready: bool,
    /// Whether its owner has moved.
    pub(super) committed: bool,
    /// The grant of the one who goes together with the owner.
    pub(super) partner: Option<usize>,
}

impl Grant {
    pub(super) fn is_of(&self, holder: HolderId) -> bool {
        self.owner.is_some_and(|(owner, _)| owner == holder)
    }

    /// Whether it stands in somebody's way, and may be presented for again.
    pub(super) fn is_pending(&self) -> bool {
        self.fate == Fate::Waiting && !self.committed
    }
}

impl Model {
    /// The grants that wait in a lane, first come first.
    pub(super) fn queue(&self, lane: LaneId) -> Vec<usize> {
        let waits = |g: &Grant| g.trip.lane == lane && g.fate == Fate::Waiting;
        self.grants.iter().enumerate().filter(|(_, g)| waits(g)).map(|(i, _)| i).collect()
    }

    /// When the next grant lapses: only the first of a lane does, so long after it became the first.
    pub(super) fn next_lapse(&self) -> Option<(Time, usize)> {
        let lanes = (0..self.site.lanes.len()).map(LaneId::at);
        let first = lanes.filter_map(|lane| self.queue(lane).first().copied());
        first.filter_map(|i| Some((self.first_since(i)? + self.timer(i, |t| t.not_taken), i))).min()
    }

    fn first_since(&self, index: usize) -> Option<Time> {
        let grant = self.grants.get(index)?;
        let earlier = self.grants.iter().take(index).filter(|g| g.trip.lane == grant.trip.lane);
        Some(earlier.filter_map(|g| g.ended).chain([grant.given]).max().unwrap_or(grant.given))
    }

    fn timer(&self, index: usize, of: impl Fn(&crate::apb::site::LaneTimers) -> Span) -> Span {
        let lane = self.grants.get(index).and_then(|g| self.site.lanes.get(g.trip.lane.index()));
        lane.map_or(Span::ZERO, |lane| of(&lane.timers))
    }

    pub(super) fn end(&mut self, index: usize, fate: Fate) {
        if let Some(grant) = self.grants.get_mut(index) {
            grant.fate = fate;
            grant.ended = Some(self.now);
        }
    }

    /// Nobody came.
    pub(super) fn lapse(&mut self, index: usize) {
        self.end(index, Fate::Lapsed);
        self.say_not_taken(index);
    }

    fn say_not_taken(&mut self, index: usize) {
        let Some(grant) = self.grants.get(index) else { return };
        if let Some((holder, _)) = grant.owner {
            self.say(Said::NotTaken { holder, lane: grant.trip.lane, way: grant.trip.way });
        }
        self.miss(index);
    }

    /// Whoever waits in a lane gets nothing.
    pub(super) fn drop_queue(&mut self, lane: LaneId, way: Option<Direction>) {
        for index in self.queue(lane) {
            if self.grants.get(index).is_some_and(|g| way.is_none_or(|way| g.trip.way == way)) {
                self.end(index, Fate::Dropped);
                self.say_not_taken(index);
            }
        }
    }

    /// The lane gives a new grant.
    pub(super) fn grant(&mut self, grant: Grant) -> usize {
        let index = self.grants.len();
        if let Some((holder, _)) = grant.owner {
            // Whoever gets a new grant does not come late on an old one as well.
            for old in self.grants.iter_mut().filter(|g| g.is_of(holder) && g.fate == Fate::Lapsed) {
                old.fate = Fate::Dropped;
            }
        }
        self.grants.push(grant);
        index
    }

    /// Commits a new grant, if its policy does not wait for the lane.
    pub(super) fn begin(&mut self, index: usize) {
        let Some(grant) = self.grants.get(index) else { return };
        let is_open = self.is_open(grant.trip.lane);
        match self.commit_of(&grant.trip) {
            Commit::OnGrant => self.ready(index),
            Commit::OnOpen if is_open => self.ready(index),
            Commit::OnOpen | Commit::OnPassage => {}
        }
    }

    /// When the location moves of somebody who goes this way: where policies differ, with the last of them.
    fn commit_of(&self, trip: &Trip) -> Commit {
        let commits = self.policies_of(trip).into_iter().map(|p| p.commit);
        commits.max().unwrap_or(Commit::OnPassage)
    }

    pub(super) fn contact(&mut self, lane: LaneId, open: bool) {
        if lane.index() < self.site.lanes.len() {
            self.note(Fact::Contact(lane, open));
            if open {
                self.opened(lane);
            }
        }
    }

    pub(super) fn opened(&mut self, lane: LaneId) {
        let Some(first) = self.queue(lane).first().copied() else { return };
        let Some(grant) = self.grants.get_mut(first) else { return };
        grant.opened = true;
        let trip = grant.trip.clone();
        if self.commit_of(&trip) == Commit::OnOpen {
            self.ready(first);
        }
    }

    pub(super) fn passed(&mut self, lane: LaneId, way: Direction) {
        if lane.index() >= self.site.lanes.len() {
            return;
        }
        let on = self.passing_on(lane, way).filter(|_| !self.is_on_fire());
        self.note(Fact::Body(lane, way));
        self.say(Said::Passage { lane, way, granted: on.is_some() });
        let Some(index) = on else { return };
        let late = self.grants.get(index).is_some_and(|g| g.fate == Fate::Lapsed);
        self.end(index, Fate::Used);
        if let Some((holder, _)) = self.grants.get(index).and_then(|g| g.owner) {
            self.say(Said::Taken { holder, lane, way, late });
            self.ready(index);
        }
    }

    /// The grant that somebody uses who goes through: the first that waits, or else the last that lapsed, if
    /// its grace is not over.
    fn passing_on(&self, lane: LaneId, way: Direction) -> Option<usize> {
        let this_way = |i: &usize| self.grants.get(*i).is_some_and(|g| g.trip.way == way);
        if let Some(first) = self.queue(lane).first().copied().filter(this_way) {
            return Some(first);
        }
        let in_grace = |i: &usize| {
            let grace = self.timer(*i, |t| t.late_grace);
            let lapsed = self.grants.get(*i).filter(|g| g.trip.lane == lane && g.fate == Fate::Lapsed);
            lapsed.and_then(|g| g.ended).is_some_and(|ended| self.now < ended + grace)
        };
        (0..self.grants.len()).rev().find(|i| in_grace(i)).filter(this_way)
    }

    /// What commits a grant has happened. Two who go together move together.
    fn ready(&mut self, index: usize) {
        let Some(grant) = self.grants.get_mut(index) else { return };
        grant.ready = true;
        let partner = grant.partner;
        match partner {
            None => self.commit(index),
            Some(partner) if self.grants.get(partner).is_some_and(|p| p.ready) => {
                self.commit(index.min(partner));
                self.commit(index.max(partner));
            }
            Some(_) => {}
        }
    }

    /// The owner has moved, as far as anybody follows it.
    fn commit(&mut self, index: usize) {
        let Some(grant) = self.grants.get_mut(index).filter(|g| !g.committed) else { return };
        grant.committed = true;
        let (trip, owner) = (grant.trip.clone(), grant.owner);
        let Some((holder, reader)) = owner else { return };
        if !self.policies_of(&trip).into_iter().any(Policy::follows) {
            return;
        }
        self.note(Fact::Place(holder, Location::In(trip.to)));
        self.note(Fact::Use(holder, reader));
        let left = trip.left.iter().map(|a| (*a, false));
        let crossed: Vec<_> = left.chain(trip.entered.iter().map(|a| (*a, true))).collect();
        for (area, inside) in crossed {
            if self.policy(area).is_some_and(|p| p.memory == Memory::Flag && p.follows()) {
                self.note(Fact::Side(holder, area, inside));
            }
        }
    }

    /// Why a lane cannot take this many more grants this way now.
    pub(super) fn refuses(&self, lane: LaneId, way: Direction, more: usize) -> Option<crate::apb::journal::Reason> {
        use crate::apb::journal::Reason;
        let mode = self.modes.get(lane.index()).map_or(PassMode::Locked, |m| m[way.index()]);
        if mode == PassMode::Locked {
            return Some(Reason::LaneLocked);
        }
        let queue = self.queue(lane);
        let memory = self.site.lanes.get(lane.index()).map_or(0, |l| usize::from(l.memory));
        let other_way = queue.iter().any(|i| self.grants.get(*i).is_some_and(|g| g.trip.way != way));
        let full = queue.len() + more > memory + 1 && !(queue.is_empty() && more == 2);
        (other_way || full).then_some(Reason::LaneBusy)
    }
}
