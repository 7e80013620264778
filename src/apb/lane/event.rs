//! What a lane tells the controller.

use crate::apb::effect::Tone;
use crate::apb::id::{Direction, GrantId};
use crate::apb::journal::Alarm;
use crate::apb::passage::TrackerDeadline;

/// What became of something a lane was told, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaneEvent {
    /// Open the flap for bodies going this way.
    Open(Direction),
    /// Close the flap.
    Close,
    /// Sound the buzzer, or silence it.
    Buzz(Tone),
    /// The gate opened on this grant.
    Opened(GrantId),
    /// The turn of a grant has come that had to wait for a later one.
    Turn(GrantId),
    /// A body went through; on whose grant, and whether that had lapsed.
    Passed {
        /// Which way.
        direction: Direction,
        /// The grant it used; `None`: nobody's.
        grant: Option<GrantId>,
        /// Within the grace after the grant had lapsed.
        late: bool,
    },
    /// Nobody used the grant in time, or it waited behind others for too long.
    NotTaken(GrantId),
    /// An alarm began or ended.
    ///
    /// It begins once for every body at fault, even while the same alarm is still on for another one, and
    /// ends once, when the last cause of this alarm in this direction has been gone for the hold time.
    Alarm {
        /// Which.
        alarm: Alarm,
        /// The way the body at fault was going.
        direction: Option<Direction>,
        /// Began or ended.
        on: bool,
    },
}

/// Why a lane cannot take a grant now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody may pass this way.
    Locked,
    /// More grants wait than the lane remembers; or, where they queue one way only, grants wait the other way
    /// or somebody comes the other way.
    Busy,
}

/// Why a lane wants to be woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deadline {
    /// A clear beam has been clear long enough to count.
    Debounce,
    /// A body between two beams is given up.
    Unseen,
    /// What the row near the floor sees is somebody after all, or nobody any more.
    LowRow,
    /// A blocked beam of an otherwise idle lane is faulty.
    BeamFault,
    /// A grant that waits behind others lapses.
    Queued,
    /// The grant in use lapses.
    NotTaken,
    /// The owner of the lapsed grant is too late.
    LateGrace,
    /// Somebody loiters.
    Loiter,
    /// Somebody obstructs the flap.
    Obstruction,
    /// The flap tries to close again.
    Retry,
    /// An alarm ends.
    AlarmHold,
}

impl Deadline {
    /// The stable word for this deadline.
    pub fn name(self) -> &'static str {
        match self {
            Self::Debounce => "debounce",
            Self::Unseen => "unseen",
            Self::LowRow => "low_row",
            Self::BeamFault => "beam_fault",
            Self::Queued => "queued",
            Self::NotTaken => "not_taken",
            Self::LateGrace => "late_grace",
            Self::Loiter => "loiter",
            Self::Obstruction => "obstruction",
            Self::Retry => "retry",
            Self::AlarmHold => "alarm_hold",
        }
    }
}

impl From<TrackerDeadline> for Deadline {
    fn from(deadline: TrackerDeadline) -> Self {
        match deadline {
            TrackerDeadline::Debounce => Self::Debounce,
            TrackerDeadline::Unseen => Self::Unseen,
            TrackerDeadline::LowRow => Self::LowRow,
            TrackerDeadline::BeamFault => Self::BeamFault,
        }
    }
}
