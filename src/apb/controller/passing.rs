//! What lanes tell a controller: who opened, passed or did not come.

use super::{Controller, Pending};
use crate::apb::effect::{Command, Effects};
use crate::apb::id::{Direction, GrantId, HolderId, LaneId};
use crate::apb::journal::{Alarm, Alert, AlertCause, Event};
use crate::apb::lane::{LaneEvent, LaneMachine};
use crate::apb::policy::Commit;
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
            LaneEvent::Opened(grant) => {
                let reader = self.state.pending.iter().find(|p| p.grant == grant).map(|p| p.reader);
                if reader.and_then(|r| self.policy_of(r)).is_some_and(|p| p.commit == Commit::OnOpen) {
                    self.commit(grant, effects);
                }
            }
            LaneEvent::Passed { direction, grant, late } => {
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

    fn taken(
        &mut self,
        grant: GrantId,
        lane: LaneId,
        direction: Direction,
        late: bool,
        effects: &mut Effects,
    ) {
        let Some(holder) = self.state.pending.iter().find(|p| p.grant == grant).map(|p| p.holder) else {
            return;
        };
        self.note(Event::Taken { grant, holder, lane, direction, late }, effects);
        self.commit(grant, effects);
        self.state.pending.retain(|p| p.grant != grant);
    }

    fn not_taken(&mut self, grant: GrantId, lane: LaneId, effects: &mut Effects) {
        let grace = self.site.lanes.get(lane.index()).map_or(Span::ZERO, |l| l.timers.late_grace);
        let until = self.state.now + grace;
        let Some(pending) = self.state.pending.iter_mut().find(|p| p.grant == grant) else { return };
        pending.reserves = false;
        pending.lapses = Some(until);
        let (holder, reader) = (pending.holder, pending.reader);
        let direction = self.site.readers.get(reader.index()).map_or(Direction::In, |r| r.direction);
        self.note(Event::NotTaken { grant, holder, lane, direction }, effects);
    }

    /// Whoever gets a new grant does not come late on an old one any more: or else whoever follows could.
    pub(super) fn forget_lapsed(&mut self, holder: HolderId, effects: &mut Effects) {
        let is_old = |p: &Pending| p.holder == holder && p.has_lapsed();
        while let Some(index) = self.state.pending.iter().position(is_old) {
            let Pending { grant, reader, .. } = self.state.pending.remove(index);
            if let Some(lane) = self.site.readers.get(reader.index()).map(|r| r.lane) {
                self.in_lane(lane, effects, |l, at, out| l.forget_lapsed(at, grant, out));
            }
        }
    }
}
