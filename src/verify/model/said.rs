//! What the model says about an input.

use crate::apb::id::{Direction, HolderId, LaneId, ReaderId};
use crate::apb::journal::{Alert, AlertCause};
use crate::apb::journal::{Entry, Event, Reason};
use crate::apb::policy::Rule;
use crate::apb::time::Time;

/// One thing that came of an input, without the numbers that a controller gives to its grants.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the fields are those of the journal's events")]
pub enum Said {
    /// A presentation was judged.
    Decided { reader: ReaderId, holder: Option<HolderId>, reason: Reason, rule: Option<Rule>, granted: bool },
    /// A grant was used.
    Taken { holder: HolderId, lane: LaneId, way: Direction, late: bool },
    /// A grant lapsed, or was dropped.
    NotTaken { holder: HolderId, lane: LaneId, way: Direction },
    /// A body went through, on a grant or not.
    Passage { lane: LaneId, way: Direction, granted: bool },
    /// A token of forgiveness was used.
    Forgave { holder: HolderId },
    /// A holder was locked out.
    LockedOut { holder: HolderId, until: Option<Time> },
    /// Somebody was let into a full area, or alone out of one that must not be left alone.
    Overfull { holder: Option<HolderId> },
    /// Two grants belong together.
    Paired,
    /// Only one of two who had to go together went.
    PairBroken,
    /// The holder of a credential that was reassigned or removed is still inside.
    StillInside { holder: Option<HolderId> },
    /// A lane was opened by hand, or not.
    Unlocked { lane: LaneId, way: Direction, granted: bool },
    /// Somebody reported at a muster point.
    Mustered { holder: Option<HolderId> },
    /// An area was reset by the clock.
    Amnesty { which: u16 },
}

impl Said {
    /// What a journal entry comes to in the model's words; `None`: the model does not speak of it.
    pub fn of(entry: &Entry) -> Option<(Time, Self)> {
        let said = match &entry.event {
            Event::Decision(d) => Self::Decided {
                reader: d.reader,
                holder: d.holder,
                reason: d.reason,
                rule: d.violation,
                granted: d.grant.is_some(),
            },
            Event::Taken { holder, lane, direction, late, .. } => {
                Self::Taken { holder: *holder, lane: *lane, way: *direction, late: *late }
            }
            Event::NotTaken { holder, lane, direction, .. } => {
                Self::NotTaken { holder: *holder, lane: *lane, way: *direction }
            }
            Event::Passage { lane, direction, grant } => {
                Self::Passage { lane: *lane, way: *direction, granted: grant.is_some() }
            }
            Event::ForgivenessUsed { holder } => Self::Forgave { holder: *holder },
            Event::LockedOut { holder, until } => Self::LockedOut { holder: *holder, until: *until },
            Event::Paired { .. } => Self::Paired,
            Event::Unlocked { lane, direction, grant, .. } => {
                Self::Unlocked { lane: *lane, way: *direction, granted: grant.is_some() }
            }
            Event::Mustered { holder, .. } => Self::Mustered { holder: *holder },
            Event::Amnesty { amnesty } => Self::Amnesty { which: *amnesty },
            Event::Alert(alert) => Self::alert(alert)?,
            Event::Moved { .. }
            | Event::Alarm { .. }
            | Event::Reset { .. }
            | Event::Side { .. }
            | Event::Lockdown { .. }
            | Event::Replaced { .. }
            | Event::Assigned { .. }
            | Event::Removed { .. }
            | Event::Resumed { .. }
            | Event::Forgiven { .. }
            | Event::Fire { .. }
            | Event::Domain(_)
            | Event::PolicySet { .. }
            | Event::ModeSet { .. } => return None,
        };
        Some((entry.at, said))
    }

    fn alert(alert: &Alert) -> Option<Self> {
        match alert.cause {
            AlertCause::Occupancy => Some(Self::Overfull { holder: alert.holder }),
            AlertCause::PairBroken => Some(Self::PairBroken),
            AlertCause::StillInside => Some(Self::StillInside { holder: alert.holder }),
            AlertCause::Denied(_)
            | AlertCause::Flagged(_)
            | AlertCause::Lane(_)
            | AlertCause::LockedOut
            | AlertCause::Degraded
            | AlertCause::Conflict
            | AlertCause::LogNearlyFull
            | AlertCause::LogOverflow => None,
        }
    }
}
