//! What lanes tell a controller: who opened, passed or did not come.

use super::{Controller, Deadline, Pending};
use crate::apb::effect::{Command, Effects, Signal};
use crate::apb::id::{Direction, GrantId, HolderId, LaneId};
use crate::apb::journal::{Alarm, Alert, AlertCause, Cause, Event};
use crate::apb::lane::{LaneEvent, LaneMachine};
use crate::apb::ledger::Location;
use crate::apb::policy::{Commit, Memory, Policy};
use crate::apb::time::{Span, Time};

impl Controller {
    /// Lets a lane do something and takes in what came of it.
    pub(super) fn in_lane(
        &mut self,
        lane: LaneId,
        effects: &mut Effects,
        act: impl FnOnce(&mut LaneMachine, Time, &mut Vec<LaneEvent>),
    ) {
        let Some(machine) = self.state.lanes.get_mut(lane.index()) else { return };
        let mut happened = std::mem::take(&mut self.happened);
        act(machine, self.state.now, &mut happened);
        if let Some(wake) = self.wakes.get_mut(lane.index()) {
            *wake = machine.next_deadline().map(|(at, _)| at);
        }
        for event in happened.drain(..) {
            self.lane_event(lane, event, effects);
        }
        self.happened = happened;
    }

    fn lane_event(&mut self, lane: LaneId, event: LaneEvent, effects: &mut Effects) {
        let now = self.state.now;
        match event {
            LaneEvent::Open(direction) => effects.commands.push((now, Command::Open { lane, direction })),
            LaneEvent::Close => effects.commands.push((now, Command::Close { lane })),
            LaneEvent::Buzz(tone) => effects.commands.push((now, Command::Buzz { lane, tone })),
            LaneEvent::Turn(grant) => {
                let reader = self.find(grant).map(|p| p.reader);
                let shown = reader.map(|reader| Command::Show { reader, signal: Signal::Granted });
                effects.commands.extend(shown.map(|c| (now, c)));
            }
            LaneEvent::Opened(grant) => {
                let at = self.find(grant).map(|p| (p.reader, p.way));
                if at.and_then(|(r, w)| self.policy_of(r, w)).is_some_and(|p| p.commit == Commit::OnOpen) {
                    self.commit(grant, effects);
                }
            }
            LaneEvent::Passed { direction, grant, late } => {
                // Who passes a lane that was opened by hand is attributed to nobody.
                let grant = grant.filter(|g| self.find(*g).is_some());
                self.note(Event::Passage { lane, direction, grant }, effects);
                if let Some(grant) = grant {
                    self.taken(grant, lane, direction, late, effects);
                }
            }
            LaneEvent::NotTaken(grant) => self.not_taken(grant, lane, effects),
            LaneEvent::Alarm { alarm, direction, on } => {
                self.note(Event::Alarm { lane, alarm, direction, on }, effects);
                if on && alarm != Alarm::Contact {
                    let cause = AlertCause::Lane(alarm);
                    self.note(
                        Event::Alert(Alert { lane, reader: None, card: None, holder: None, cause }),
                        effects,
                    );
                }
            }
        }
    }

    fn find(&self, grant: GrantId) -> Option<&Pending> {
        self.state.pending.iter().find(|p| p.grant == grant)
    }

    fn find_mut(&mut self, grant: GrantId) -> Option<&mut Pending> {
        self.state.pending.iter_mut().find(|p| p.grant == grant)
    }

    fn taken(
        &mut self,
        grant: GrantId,
        lane: LaneId,
        direction: Direction,
        late: bool,
        effects: &mut Effects,
    ) {
        let Some(holder) = self.find(grant).map(|p| p.holder) else { return };
        self.note(Event::Taken { grant, holder, lane, direction, late }, effects);
        self.commit(grant, effects);
        match self.find_mut(grant) {
            Some(pending) if pending.waits => (pending.taken, pending.lapses) = (true, None),
            Some(_) | None => self.state.pending.retain(|p| p.grant != grant),
        }
    }

    /// Moves the owner of a grant to where the grant leads, once; of two who go together neither before the
    /// other.
    pub(super) fn commit(&mut self, grant: GrantId, effects: &mut Effects) {
        let Some(&Pending { committed, partner, .. }) = self.find(grant) else { return };
        if committed {
            return;
        }
        // Whoever was removed does not come along any more.
        let comes = |o: &&Pending| !self.state.ledger.cards().is_removed(o.holder);
        let other = partner.map(|p| self.find(p).filter(comes).map(|o| (o.grant, o.waits, o.committed)));
        match other {
            None | Some(Some((_, _, true))) => self.move_owner(grant, effects),
            Some(Some((other, true, false))) => {
                self.move_owner(other, effects);
                self.state.pending.retain(|p| p.grant != other || !p.taken);
                self.move_owner(grant, effects);
            }
            Some(Some((_, false, false))) => {
                if let Some(pending) = self.find_mut(grant) {
                    pending.waits = true;
                }
            }
            // The partner never came: neither moves.
            Some(None) => {
                self.tell_pair_broken(grant, effects);
                self.state.pending.retain(|p| Some(p.grant) != partner || !p.taken);
            }
        }
    }

    fn move_owner(&mut self, grant: GrantId, effects: &mut Effects) {
        let Some(pending) = self.find_mut(grant) else { return };
        (pending.committed, pending.waits, pending.reserves) = (true, false, false);
        let Pending { holder, reader, way, .. } = *pending;
        let Some(route) = self.site.route_towards(reader, way).cloned() else { return };
        // Where one boundary is followed and the other is not, the one that is has to know.
        let mut crossed = route.entered.iter().chain(&route.left).filter_map(|a| self.policy(*a));
        if !crossed.any(Policy::follows) {
            return;
        }
        self.relocate_via(holder, Location::In(route.to), (Cause::Access, Some(reader)), effects);
        let sides = route.entered.iter().map(|a| (*a, true)).chain(route.left.iter().map(|a| (*a, false)));
        for (area, inside) in sides {
            if self.policy(area).is_some_and(|p| p.memory == Memory::Flag && p.follows()) {
                self.note(Event::Side { holder, area, inside }, effects);
            }
        }
    }

    /// Of two only one went: told once, for neither will move on these grants any more.
    fn tell_pair_broken(&mut self, grant: GrantId, effects: &mut Effects) {
        let Some(pending) = self.find_mut(grant) else { return };
        (pending.committed, pending.waits, pending.reserves) = (true, false, false);
        let Pending { holder, reader, card, .. } = *pending;
        let Some(lane) = self.site.readers.get(reader.index()).map(|r| r.lane) else { return };
        let (reader, holder, cause) = (Some(reader), Some(holder), AlertCause::PairBroken);
        self.note(Event::Alert(Alert { lane, reader, card, holder, cause }), effects);
    }

    /// When a lapsed grant is too late, or one of two has waited long enough.
    pub(super) fn next_grace(&self) -> Option<(Time, Deadline)> {
        let lapses = self.state.pending.iter().filter_map(|p| p.lapses);
        let next = lapses.chain(self.state.held.iter().map(|h| h.until)).min();
        next.map(|at| (at, Deadline::Grace))
    }

    /// Drops lapsed grants that nobody can use any more, and those who waited in vain for a second person.
    pub(super) fn end_grace(&mut self, effects: &mut Effects) {
        let now = self.state.now;
        self.state.held.retain(|h| now < h.until);
        while let Some(index) =
            self.state.pending.iter().position(|p| p.lapses.is_some_and(|until| until <= now))
        {
            let gone = self.state.pending.remove(index);
            self.leave_partner(gone, effects);
        }
    }

    /// One of two will not go: the other, if gone already, does not count as moved. Of somebody else's grants
    /// somebody else tells.
    pub(super) fn leave_partner(&mut self, gone: Pending, effects: &mut Effects) {
        let is_own = gone.card.is_some();
        let Some(partner) = gone.partner.filter(|_| is_own && !gone.committed) else { return };
        if self.find(partner).is_some_and(|p| p.waits) {
            self.tell_pair_broken(partner, effects);
            self.state.pending.retain(|p| p.grant != partner || !p.taken);
        }
    }

    fn not_taken(&mut self, grant: GrantId, lane: LaneId, effects: &mut Effects) {
        let grace = self.site.lanes.get(lane.index()).map_or(Span::ZERO, |l| l.timers.late_grace);
        let until = self.state.now + grace;
        let Some(pending) = self.find_mut(grant) else { return };
        pending.reserves = false;
        pending.lapses = Some(until);
        let (holder, direction) = (pending.holder, pending.way);
        self.note(Event::NotTaken { grant, holder, lane, direction }, effects);
    }

    /// Whoever gets a new grant does not come late on an old one any more: or else whoever follows could.
    pub(super) fn forget_lapsed(&mut self, holder: HolderId, effects: &mut Effects) {
        let is_old = |p: &Pending| p.holder == holder && p.has_lapsed();
        while let Some(index) = self.state.pending.iter().position(is_old) {
            let gone = self.state.pending.remove(index);
            let Pending { grant, reader, .. } = gone;
            self.leave_partner(gone, effects);
            if let Some(lane) = self.site.readers.get(reader.index()).map(|r| r.lane) {
                self.in_lane(lane, effects, |l, at, out| l.forget_lapsed(at, grant, out));
            }
        }
    }
}
