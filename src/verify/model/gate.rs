//! Grants waiting in lanes: opened, passed, lapsed, late.

use super::Model;
use super::Said;
use super::ground::Trip;
use super::past::Fact;
use super::queue::{Fate, Grant};
use crate::apb::id::{Direction, HolderId, LaneId};
use crate::apb::ledger::Location;
use crate::apb::policy::{Commit, Memory, Policy};
use crate::apb::time::Time;

impl Model {
    /// Nobody came.
    pub(super) fn lapse(&mut self, index: usize) {
        let now = self.now;
        let is_first = self.first_of_turn(self.lane_of(index)) == Some(index);
        if let Some(grant) = self.grants.get_mut(index) {
            // Who waited behind others was never let go: nobody comes late on that.
            grant.lapsed = is_first.then_some(now);
            grant.fate = if is_first { Fate::Lapsed } else { Fate::Dropped };
        }
        self.not_taken(index);
    }

    /// Whoever waits in a lane, or waits this way, gets nothing.
    pub(super) fn drop_queue(&mut self, lane: LaneId, way: Option<Direction>) {
        for index in self.queue(lane) {
            let is_meant = |g: &Grant| way.is_none_or(|way| g.trip.way == way);
            if let Some(grant) = self.grants.get_mut(index).filter(|g| is_meant(g)) {
                grant.fate = Fate::Dropped;
                self.not_taken(index);
            }
        }
    }

    fn not_taken(&mut self, index: usize) {
        let now = self.now;
        let Some(grant) = self.grants.get_mut(index) else { return };
        grant.ended = Some(now);
        let (owner, lane, way) = (grant.owner, grant.trip.lane, grant.trip.way);
        if let Some((holder, _)) = owner {
            self.say(Said::NotTaken { holder, lane, way });
        }
        self.take_turns(lane, false);
    }

    /// Puts a new grant into its lane.
    pub(super) fn give(&mut self, grant: Grant) -> usize {
        let (index, lane) = (self.grants.len(), grant.trip.lane);
        if let Some((holder, _)) = grant.owner {
            // Whoever gets a new grant does not come late on an old one as well.
            for old in 0..index {
                self.let_go(old, |g| g.is_of(holder) && g.ended.is_some() && g.fate != Fate::Used);
            }
        }
        self.grants.push(grant);
        self.take_turns(lane, true);
        index
    }

    /// Nobody will come on this grant any more, not even late.
    fn let_go(&mut self, index: usize, wanted: impl Fn(&Grant) -> bool) {
        let Some(grant) = self.grants.get_mut(index).filter(|g| !g.is_over && wanted(g)) else { return };
        grant.is_over = true;
        grant.fate = Fate::Dropped;
        self.break_pair(index);
    }

    /// A holder will not come with anybody any more. A body may still go through on their grants.
    pub(super) fn part(&mut self, holder: HolderId) {
        for index in 0..self.grants.len() {
            if let Some(grant) = self.grants.get_mut(index).filter(|g| g.is_of(holder) && !g.is_over) {
                grant.is_alone = true;
                self.break_pair(index);
            }
        }
    }

    fn break_pair(&mut self, index: usize) {
        let Some(grant) = self.grants.get(index) else { return };
        let (partner, committed) = (grant.partner, grant.committed);
        let Some(other) = partner.and_then(|p| self.grants.get_mut(p)).filter(|_| !committed) else { return };
        if other.ready && !other.committed && !other.is_over {
            other.is_over |= other.fate == Fate::Used;
            // Told once: they go nowhere on this grant any more.
            (other.ready, other.is_alone) = (false, true);
            self.say(Said::PairBroken);
        }
    }

    /// When somebody will be too late next.
    pub(super) fn next_grace(&self) -> Option<(Time, usize)> {
        let ends = |(i, g): (usize, &Grant)| {
            let ended = g.ended.filter(|_| !g.is_over && g.fate != Fate::Used)?;
            Some((ended + self.timers(i)?.late_grace, i))
        };
        self.grants.iter().enumerate().filter_map(ends).min()
    }

    pub(super) fn end_grace(&mut self, index: usize) {
        self.let_go(index, |_| true);
    }

    /// Commits a new grant, if its policy does not wait for the lane.
    pub(super) fn begin(&mut self, index: usize) {
        let Some(grant) = self.grants.get(index) else { return };
        match self.governing(&grant.trip).map(|p| p.commit) {
            Some(Commit::OnGrant) => self.ready(index),
            Some(Commit::OnOpen | Commit::OnPassage) | None => {}
        }
    }

    pub(super) fn contact(&mut self, lane: LaneId, open: bool) {
        if lane.index() < self.site.lanes.len() {
            self.note(Fact::Contact(lane, open));
        }
    }

    /// The lane reports that it opened, on the first grant of the turn.
    pub(super) fn opened(&mut self, lane: LaneId) {
        if let Some(first) = self.first_of_turn(lane) {
            self.opened_on(first);
        }
    }

    pub(super) fn opened_on(&mut self, index: usize) {
        let Some(grant) = self.grants.get_mut(index).filter(|g| !g.opened) else { return };
        grant.opened = true;
        let trip = grant.trip.clone();
        if self.governing(&trip).is_some_and(|p| p.commit == Commit::OnOpen) {
            self.ready(index);
        }
    }

    pub(super) fn passed(&mut self, lane: LaneId, way: Direction) {
        if lane.index() >= self.site.lanes.len() {
            return;
        }
        let on = self.passing_on(lane, way).filter(|_| !self.is_on_fire());
        let late = on.and_then(|i| self.grants.get(i)).is_some_and(|g| g.fate == Fate::Lapsed);
        let owner = on.and_then(|i| self.grants.get(i)?.owner);
        self.note(Fact::Body(lane, way));
        self.say(Said::Passage { lane, way, granted: owner.is_some() });
        let now = self.now;
        if let Some(grant) = on.and_then(|i| self.grants.get_mut(i)) {
            grant.fate = Fate::Used;
            grant.ended = grant.ended.or(Some(now));
        }
        if let (Some(index), Some((holder, _))) = (on, owner) {
            self.say(Said::Taken { holder, lane, way, late });
            self.ready(index);
        }
        self.take_turns(lane, false);
    }

    /// The grant that somebody uses who goes through: the first of the turn, or else the one that lapsed
    /// last, if its grace is not over.
    fn passing_on(&self, lane: LaneId, way: Direction) -> Option<usize> {
        let this_way = |i: &usize| self.grants.get(*i).is_some_and(|g| g.trip.way == way);
        if let Some(first) = self.first_of_turn(lane).filter(this_way) {
            return Some(first);
        }
        self.late_one(lane).filter(this_way)
    }

    /// What commits a grant has happened. Two who go together move together.
    fn ready(&mut self, index: usize) {
        let Some(grant) = self.grants.get_mut(index).filter(|g| !g.committed && !g.is_alone) else { return };
        grant.ready = true;
        let Some(partner) = grant.partner else {
            self.commit(index);
            return;
        };
        let Some(other) = self.grants.get(partner) else { return };
        if other.is_gone() && !other.committed {
            for half in [index, partner] {
                if let Some(grant) = self.grants.get_mut(half) {
                    grant.is_over |= grant.fate == Fate::Used;
                }
            }
            if let Some(grant) = self.grants.get_mut(index) {
                (grant.ready, grant.is_alone) = (false, true);
            }
            self.say(Said::PairBroken);
        } else if other.ready {
            self.commit(partner);
            self.commit(index);
        }
    }

    /// The owner has moved, as far as anybody follows it.
    fn commit(&mut self, index: usize) {
        let Some(grant) = self.grants.get_mut(index).filter(|g| !g.committed) else { return };
        grant.committed = true;
        let (trip, owner) = (grant.trip.clone(), grant.owner);
        let Some((holder, reader)) = owner.filter(|(h, _)| !self.is_removed(*h)) else { return };
        if !self.policies_of(&trip).into_iter().any(Policy::follows) {
            return;
        }
        let remembered = self.remembers_uses();
        self.note(Fact::Place(holder, Location::In(trip.to)));
        self.note(Fact::Use { holder, reader, remembered });
        for (area, inside) in trip.sides() {
            if self.policy(area).is_some_and(|p| p.memory == Memory::Flag && p.follows()) {
                self.flag_side(holder, area, inside);
            }
        }
    }

    /// Whether a policy asks who used which reader when; only then is it remembered.
    pub(super) fn remembers_uses(&self) -> bool {
        self.policies.iter().any(Policy::asks_for_uses)
    }

    /// The policy that says when somebody moves who goes this way: that of the innermost area entered, or
    /// else left.
    pub(super) fn governing(&self, trip: &Trip) -> Option<&Policy> {
        self.policy(*trip.entered.first().or(trip.left.first())?)
    }
}
