//! What journals and gates tell, as whoever watches sees it.

use super::stand::{AlertLine, DecisionLine, Seen};
use crate::apb::id::LaneId;
use crate::apb::input::Who;
use crate::apb::journal::{Alarm, Entry, Event};
use crate::hil::message::{GateAlarm, Report};

/// What a journal entry is to whoever watches.
pub(super) fn of_entry(entry: &Entry) -> Option<Seen> {
    match &entry.event {
        Event::Decision(d) => Some(Seen::Decision(DecisionLine {
            reader: Some(d.reader),
            card: Some(d.card),
            stamp: Some(entry.at),
            granted: d.grant.is_some(),
            reason: Some(d.reason),
            violation: d.violation,
        })),
        Event::Alert(a) => Some(Seen::Alert(AlertLine { lane: Some(a.lane), card: a.card, cause: a.cause })),
        Event::Taken { lane, direction, .. } => Some(Seen::Taken { lane: *lane, direction: *direction }),
        Event::NotTaken { lane, direction, .. } => {
            Some(Seen::NotTaken { lane: *lane, direction: *direction })
        }
        Event::Passage { lane, direction, grant } => {
            let attributed = grant.is_some();
            Some(Seen::Passage { lane: *lane, direction: *direction, attributed })
        }
        Event::Alarm { lane, alarm, on, .. } => {
            Some(Seen::Alarm { lane: *lane, alarm: Some(*alarm), on: *on, journal: true })
        }
        Event::Reset { who: Who::Holder(holder), .. } => Some(Seen::Reset { holder: Some(*holder) }),
        Event::Reset { .. } => Some(Seen::Reset { holder: None }),
        Event::Fire { active } => Some(Seen::Fire(*active)),
        _ => None,
    }
}

/// What a gate's report is to whoever watches it.
pub(super) fn of_report(lane: LaneId, report: &Report) -> Option<Seen> {
    match *report {
        Report::Leaf(leaf) => Some(Seen::Leaf { lane, leaf }),
        Report::Alarm(alarm, on) => Some(Seen::Alarm { lane, alarm: named(alarm), on, journal: false }),
        _ => None,
    }
}

/// A gate's own alarm by the name that the journal would give it.
fn named(alarm: GateAlarm) -> Option<Alarm> {
    match alarm {
        GateAlarm::Any => None,
        GateAlarm::Tailgate => Some(Alarm::Tailgate),
        GateAlarm::Intrusion => Some(Alarm::Intrusion),
        GateAlarm::WrongWay => Some(Alarm::WrongWay),
        GateAlarm::Forced => Some(Alarm::Forced),
        GateAlarm::Loiter => Some(Alarm::Loiter),
        GateAlarm::Fault => Some(Alarm::ClosePrevented),
    }
}
