//! What operators and the fire alarm do to a controller.

use super::{Controller, Ruling};
use crate::apb::decide::{self, Ask};
use crate::apb::effect::{Command, Effects};
use crate::apb::id::{AreaId, CardNumber, Direction, HolderId, LaneId, MusterId, ReaderId};
use crate::apb::input::{Audit, Factor, Lockdown, Who};
use crate::apb::journal::{Cause, Event};
use crate::apb::ledger::Location;
use crate::apb::policy::{Memory, Policy};
use crate::apb::site::{AfterFire, PassMode, SiteError, SiteParts};
use crate::apb::time::Span;

impl Controller {
    pub(super) fn reset(
        &mut self,
        who: &Who,
        to: Option<AreaId>,
        audit: &Option<Box<Audit>>,
        effects: &mut Effects,
    ) {
        if to.is_some_and(|area| area.index() >= self.site.areas.len()) {
            return;
        }
        let holders = match who {
            Who::Holder(holder) => vec![*holder],
            Who::Holders(holders) => holders.clone(),
            Who::Area(area) if area.index() < self.site.areas.len() => self.located_within(*area),
            Who::Area(_) => return,
            Who::All => (0..self.site.holders.len()).map(HolderId::at).collect(),
        };
        let is_named = matches!(who, Who::Holder(_) | Who::Holders(_));
        let is_stranger = |h: &HolderId| h.index() >= self.site.holders.len();
        if is_named && (holders.is_empty() || holders.iter().any(is_stranger)) {
            return;
        }
        self.note(Event::Reset { who: who.clone(), to, audit: audit.clone() }, effects);
        self.put_all(holders, to, Cause::Reset, effects);
    }

    /// Puts holders somewhere, or forgets them. Those of whom nothing is known are left as they are.
    pub(super) fn put_all(
        &mut self,
        mut holders: Vec<HolderId>,
        to: Option<AreaId>,
        cause: Cause,
        effects: &mut Effects,
    ) {
        holders.sort_unstable();
        holders.dedup();
        for holder in holders {
            match to {
                None if self.state.ledger.is_known(holder) => {
                    self.relocate(holder, Location::Unknown, cause, effects);
                }
                None => {}
                Some(place) => self.put(holder, place, cause, effects),
            }
        }
    }

    /// Puts a holder somewhere, and so on one side of every area that goes by flags.
    fn put(&mut self, holder: HolderId, place: AreaId, cause: Cause, effects: &mut Effects) {
        self.relocate(holder, Location::In(place), cause, effects);
        for area in self.flag_areas() {
            let inside = self.site.within(place, area);
            self.note(Event::Side { holder, area, inside }, effects);
        }
    }

    /// The areas whose policy goes by flags.
    fn flag_areas(&self) -> Vec<AreaId> {
        let is_flag = |a: &AreaId| self.policy(*a).is_some_and(|p| p.memory == Memory::Flag);
        (0..self.site.areas.len()).map(AreaId::at).filter(is_flag).collect()
    }

    pub(super) fn located_within(&self, area: AreaId) -> Vec<HolderId> {
        let within = (0..self.site.areas.len()).map(AreaId::at).filter(|a| self.site.within(*a, area));
        within.flat_map(|a| self.state.ledger.located(a).iter().copied()).collect()
    }

    pub(super) fn fire(&mut self, active: bool, effects: &mut Effects) {
        if active == self.is_on_fire() {
            return;
        }
        self.note(Event::Fire { active }, effects);
        for lane in (0..self.site.lanes.len()).map(LaneId::at) {
            for direction in Direction::BOTH {
                let mode = if active { Some(PassMode::Free) } else { self.mode(lane, direction) };
                self.show_mode(lane, direction, mode.unwrap_or(PassMode::Controlled), effects);
            }
            self.in_lane(lane, effects, |l, at, out| l.evacuate(at, active, out));
        }
        let all = || (0..self.site.holders.len()).map(HolderId::at);
        match self.site.after_fire {
            AfterFire::Unknown if !active => self.put_all(all().collect(), None, Cause::Fire, effects),
            AfterFire::In(area) if !active => {
                let unseen = all().filter(|h| !self.state.ledger.is_mustered(*h)).collect();
                self.put_all(unseen, Some(area), Cause::Fire, effects);
            }
            AfterFire::Unknown | AfterFire::In(_) | AfterFire::Keep => {}
        }
    }

    pub(super) fn muster(&mut self, point: MusterId, card: CardNumber, effects: &mut Effects) {
        let Some(area) = self.site.musters.get(point.index()).map(|m| m.area) else { return };
        let holder = decide::issued(&self.known(), card).ok().map(|c| c.holder);
        self.note(Event::Mustered { point, card, holder }, effects);
        if let Some(holder) = holder {
            self.put(holder, area, Cause::Muster, effects);
        }
    }

    pub(super) fn lockdown(&mut self, area: AreaId, lockdown: Lockdown, effects: &mut Effects) {
        if area.index() < self.site.areas.len() {
            self.note(Event::Lockdown { area, lockdown }, effects);
        }
    }

    /// Opens a lane by hand. For a known holder it is a read of theirs with everything checked but the second
    /// factor; for nobody known the lane and those it is interlocked with alone say whether it can.
    pub(in crate::apb) fn unlock(
        &mut self,
        (lane, direction): (LaneId, Direction),
        holder: Option<HolderId>,
        ruling: Ruling,
        audit: &Option<Box<Audit>>,
        effects: &mut Effects,
    ) {
        let Some(machine) = self.state.lanes.get(lane.index()) else { return };
        let audit = audit.clone();
        let Some(holder) = holder else {
            let is_free = self.is_on_fire() || self.site.interlocked(lane).iter().all(|l| self.is_secure(*l));
            let can_open = is_free && machine.check(direction).is_ok();
            let grant = can_open.then(|| self.next_grant());
            self.note(Event::Unlocked { lane, direction, grant, audit }, effects);
            if let Some(grant) = grant {
                self.in_lane(lane, effects, |l, at, out| l.release(at, grant, direction, out));
            }
            return;
        };
        if holder.index() >= self.site.holders.len() {
            return;
        }
        let grant = self.opens_for((lane, direction), holder).and_then(|(reader, card)| {
            let ask = Ask { way: Some(direction), ..Ask::new(reader, card, Factor::Right) };
            self.read(&ask, ruling, effects)
        });
        self.note(Event::Unlocked { lane, direction, grant, audit }, effects);
    }

    /// The read that opening a lane by hand for a known holder is judged as.
    pub(in crate::apb) fn opens_for(
        &self,
        (lane, direction): (LaneId, Direction),
        holder: HolderId,
    ) -> Option<(ReaderId, CardNumber)> {
        Some((self.site.reader_at(lane, direction)?, self.card_of(holder)?))
    }

    /// What may pass a lane this way when there is no fire.
    fn mode(&self, lane: LaneId, direction: Direction) -> Option<PassMode> {
        self.state.lanes.get(lane.index()).map(|l| l.mode(direction))
    }

    fn show_mode(&self, lane: LaneId, direction: Direction, mode: PassMode, effects: &mut Effects) {
        effects.commands.push((self.state.now, Command::Mode { lane, direction, mode }));
    }

    /// Whether an area may be given this policy as lanes and areas are now.
    ///
    /// # Errors
    /// If the policy has to know who passes, and a lane into the area can be passed without a credential.
    pub fn check_policy(&self, area: AreaId, policy: &Policy) -> Result<(), SiteError> {
        let (areas, lanes) = (self.site.areas.clone(), self.site.lanes.clone());
        let readers = self.site.readers.clone();
        let mut now = SiteParts { areas, lanes, readers, ..SiteParts::default() };
        for (id, lane) in (0..).map(LaneId).zip(&mut now.lanes) {
            lane.modes = Direction::BOTH.map(|way| self.state.ledger.mode(id, way));
        }
        for (id, area) in (0..).map(AreaId).zip(&mut now.areas) {
            area.policy = self.policy(id).cloned().unwrap_or_default();
        }
        now.check_policy(area, policy)
    }

    pub(super) fn set_policy(&mut self, area: AreaId, policy: &Policy, effects: &mut Effects) {
        if area.index() >= self.site.areas.len() {
            return;
        }
        // Where moves were not followed nothing that is believed can be relied on.
        let was_blind = self.policy(area).is_some_and(|p| !p.follows());
        self.note(Event::PolicySet { area, policy: Box::new(policy.clone()) }, effects);
        self.expiries.clear();
        for holder in 0..self.state.ledger.holders() {
            self.schedule_expiry(HolderId::at(holder));
        }
        if policy.clear_on_change || (was_blind && policy.follows()) {
            let all = (0..self.site.holders.len()).map(HolderId::at).collect();
            self.put_all(all, None, Cause::Change, effects);
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
        if !self.is_on_fire() {
            self.show_mode(lane, direction, mode, effects);
        }
        self.in_lane(lane, effects, |l, at, out| l.set_mode(at, direction, mode, out));
    }
}
