//! What operators, the clock and the fire alarm do.

use super::Model;
use super::Said;
use super::past::Fact;
use super::queue::Fate;
use crate::apb::id::{AreaId, Direction, HolderId, LaneId};
use crate::apb::input::Who;
use crate::apb::ledger::Location;
use crate::apb::policy::{Memory, Policy};
use crate::apb::site::{AfterFire, OUTSIDE, PassMode};
use crate::apb::time::Span;

impl Model {
    pub(super) fn reset(&mut self, who: &Who, to: Option<AreaId>) {
        if to.is_some_and(|a| !self.has_area(a)) {
            return;
        }
        let whom = match who {
            Who::Holder(holder) => vec![*holder],
            Who::Holders(holders) => holders.clone(),
            Who::Area(area) => self.inside(*area),
            Who::All => self.holders().collect(),
        };
        if !whom.iter().all(|h| self.has_holder(*h)) {
            return;
        }
        for holder in whom {
            self.put(holder, to);
        }
    }

    /// Somebody is put somewhere, or nowhere, and everything else about them is forgotten.
    pub(super) fn put(&mut self, holder: HolderId, to: Option<AreaId>) {
        self.note(Fact::Place(holder, to.map_or(Location::Unknown, Location::In)));
        self.note(Fact::Forget(holder));
        if let Some(to) = to {
            self.flag_all(holder, to);
        }
    }

    /// Every flag that a policy goes by says on which side of its area this place is.
    pub(super) fn flag_all(&mut self, holder: HolderId, place: AreaId) {
        for area in (0..self.site.areas.len()).map(AreaId::at) {
            if self.policy(area).is_some_and(|p| p.memory == Memory::Flag) {
                self.flag_side(holder, area, self.is_within(place, area));
            }
        }
    }

    pub(super) fn flag_side(&mut self, holder: HolderId, area: AreaId, inside: bool) {
        let moved = self.last_move(holder).is_some_and(|(at, _)| at == self.now);
        self.note(Fact::Side(holder, area, inside, moved));
    }

    pub(super) fn amnesty(&mut self, which: u16) {
        self.note(Fact::Amnesty(which));
        let Some(amnesty) = self.site.amnesties.get(usize::from(which)).cloned() else { return };
        self.say(Said::Amnesty { which });
        let everybody = || self.holders().collect();
        let whom: Vec<HolderId> =
            if amnesty.area == OUTSIDE { everybody() } else { self.inside(amnesty.area) };
        for holder in whom {
            self.put(holder, amnesty.to);
        }
    }

    pub(super) fn forgive(&mut self, holder: HolderId, ttl: Span) {
        if self.has_holder(holder) {
            self.note(Fact::Token(holder, self.now + ttl));
        }
    }

    pub(super) fn fire(&mut self, active: bool) {
        if active == self.is_on_fire() {
            return;
        }
        if active {
            self.note(Fact::Fire(true));
            for lane in (0..self.site.lanes.len()).map(LaneId::at) {
                self.drop_queue(lane, None);
            }
            self.drop_lapsed();
            return;
        }
        for holder in self.holders() {
            match self.site.after_fire {
                AfterFire::Unknown => self.put(holder, None),
                AfterFire::In(area) if !self.was_mustered(holder) => self.put(holder, Some(area)),
                AfterFire::In(_) | AfterFire::Keep => {}
            }
        }
        self.note(Fact::Fire(false));
    }

    fn drop_lapsed(&mut self) {
        for grant in self.grants.iter_mut().filter(|g| g.fate == Fate::Lapsed) {
            grant.fate = Fate::Dropped;
        }
    }

    pub(super) fn set_policy(&mut self, area: AreaId, policy: &Policy) {
        let Some(slot) = self.policies.get(area.index()) else { return };
        let begins_to_follow = !slot.follows() && policy.follows();
        let remembered = self.remembers_uses();
        if let Some(slot) = self.policies.get_mut(area.index()) {
            *slot = policy.clone();
        }
        if self.remembers_uses() && !remembered {
            self.remember_last_uses();
        }
        if policy.clear_on_change || begins_to_follow {
            for holder in self.holders() {
                self.put(holder, None);
            }
        }
    }

    pub(super) fn set_mode(&mut self, lane: LaneId, way: Direction, mode: PassMode) {
        let Some(modes) = self.modes.get_mut(lane.index()) else { return };
        modes[way.index()] = mode;
        if mode == PassMode::Locked {
            self.drop_queue(lane, Some(way));
        }
    }
}
