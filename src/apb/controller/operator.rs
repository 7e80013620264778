//! What operators and the fire alarm do to a controller.

use super::Controller;
use crate::apb::effect::{Command, Effects};
use crate::apb::id::{AreaId, Direction, HolderId, LaneId};
use crate::apb::input::Who;
use crate::apb::journal::{Cause, Event};
use crate::apb::ledger::Location;
use crate::apb::policy::Policy;
use crate::apb::site::PassMode;
use crate::apb::time::Span;

impl Controller {
    pub(super) fn reset(&mut self, who: Who, to: Option<AreaId>, effects: &mut Effects) {
        let to = match to {
            None => Location::Unknown,
            Some(area) if area.index() < self.site.areas.len() => Location::In(area),
            Some(_) => return,
        };
        let mut holders: Vec<HolderId> = match who {
            Who::Holder(holder) if holder.index() < self.site.holders.len() => vec![holder],
            Who::Area(area) if area.index() < self.site.areas.len() => self.located_within(area),
            Who::Holder(_) | Who::Area(_) => return,
            Who::All => (0..self.site.holders.len()).map(HolderId::at).collect(),
        };
        holders.sort_unstable();
        let target = match to {
            Location::Unknown => None,
            Location::In(area) => Some(area),
        };
        self.note(Event::Reset { who, to: target }, effects);
        for holder in holders {
            let is = self.state.ledger.presence(holder);
            if to != Location::Unknown || is != is.forgotten() {
                self.relocate(holder, to, Cause::Reset, effects);
            }
        }
    }

    fn located_within(&self, area: AreaId) -> Vec<HolderId> {
        let within = (0..self.site.areas.len()).map(AreaId::at).filter(|a| self.site.within(*a, area));
        within.flat_map(|a| self.state.ledger.located(a).iter().copied()).collect()
    }

    pub(super) fn fire(&mut self, active: bool, effects: &mut Effects) {
        if active == self.state.fire {
            return;
        }
        self.state.fire = active;
        self.note(Event::Fire { active }, effects);
        for lane in (0..self.site.lanes.len()).map(LaneId::at) {
            for direction in Direction::BOTH {
                let mode = if active { Some(PassMode::Free) } else { self.mode(lane, direction) };
                self.show_mode(lane, direction, mode.unwrap_or(PassMode::Controlled), effects);
            }
            self.in_lane(lane, effects, |l, at, out| l.evacuate(at, active, out));
        }
        if !active {
            for holder in (0..self.site.holders.len()).map(HolderId::at) {
                let is = self.state.ledger.presence(holder);
                if is != is.forgotten() {
                    self.relocate(holder, Location::Unknown, Cause::Fire, effects);
                }
            }
        }
    }

    /// What may pass a lane this way when there is no fire.
    fn mode(&self, lane: LaneId, direction: Direction) -> Option<PassMode> {
        self.state.lanes.get(lane.index()).map(|l| l.mode(direction))
    }

    fn show_mode(&self, lane: LaneId, direction: Direction, mode: PassMode, effects: &mut Effects) {
        effects.commands.push((self.state.now, Command::Mode { lane, direction, mode }));
    }

    pub(super) fn set_policy(&mut self, area: AreaId, policy: &Policy, effects: &mut Effects) {
        let Some(slot) = self.state.policies.get_mut(area.index()) else { return };
        *slot = policy.clone();
        self.note(Event::PolicySet { area, policy: Box::new(policy.clone()) }, effects);
        self.expiries.clear();
        for holder in 0..self.state.ledger.holders() {
            self.schedule_expiry(HolderId::at(holder));
        }
        self.expire(self.state.now, effects);
    }

    pub(super) fn forgive(&mut self, holder: HolderId, ttl: Span, effects: &mut Effects) {
        if holder.index() < self.site.holders.len() {
            self.note(Event::Forgiven { holder, until: self.state.now + ttl }, effects);
        }
    }

    pub(super) fn set_mode(
        &mut self,
        lane: LaneId,
        direction: Direction,
        mode: PassMode,
        effects: &mut Effects,
    ) {
        if lane.index() >= self.site.lanes.len() {
            return;
        }
        self.note(Event::ModeSet { lane, direction, mode }, effects);
        // While the fire alarm is on every lane shows free, whatever it will be afterwards.
        if !self.state.fire {
            self.show_mode(lane, direction, mode, effects);
        }
        self.in_lane(lane, effects, |l, at, out| l.set_mode(at, direction, mode, out));
    }
}
