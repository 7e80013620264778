//! One lane: grants waiting to be used, the flap, and the alarms.

use super::effect::Tone;
use super::id::{Direction, GrantId};
use super::journal::Alarm;

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
    /// A body went through; on whose grant, and whether that had lapsed.
    Passed {
        /// Which way.
        direction: Direction,
        /// The grant it used; `None`: nobody's.
        grant: Option<GrantId>,
        /// Within the grace after the grant had lapsed.
        late: bool,
    },
    /// Nobody used the grant in time.
    NotTaken(GrantId),
    /// An alarm began or ended.
    Alarm {
        /// Which.
        alarm: Alarm,
        /// The way the body at fault was going.
        direction: Option<Direction>,
        /// Began or ended.
        on: bool,
    },
}
