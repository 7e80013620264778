//! Everything that can happen to a controller. The simulated world and a real bench produce the same inputs.

use super::id::{AreaId, CardNumber, Direction, HolderId, LaneId, ReaderId};
use super::policy::Policy;
use super::site::PassMode;
use super::time::Span;
use serde::{Deserialize, Serialize};

/// One thing that happened, at a time given beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// A reader read a credential.
    Read {
        /// Where.
        reader: ReaderId,
        /// What it read.
        card: CardNumber,
    },
    /// A beam was cut or cleared.
    Beam {
        /// The lane.
        lane: LaneId,
        /// The beam's position in the lane's row, from the outer end.
        beam: u8,
        /// Cut or cleared.
        blocked: bool,
    },
    /// The flap reports where it is.
    Leaf {
        /// The lane.
        lane: LaneId,
        /// Where it is.
        leaf: Leaf,
    },
    /// A gate with logic of its own, or a door contact, reports that it opened.
    Opened {
        /// The lane.
        lane: LaneId,
    },
    /// A gate with logic of its own reports that a body went through.
    Passed {
        /// The lane.
        lane: LaneId,
        /// Which way.
        direction: Direction,
    },
    /// Forget where holders are, or put them somewhere.
    Reset {
        /// Whom.
        who: Who,
        /// The new location; `None`: unknown.
        to: Option<AreaId>,
    },
    /// Let the holder's next violation pass once, if it comes within the time to live.
    Forgive {
        /// Whom.
        holder: HolderId,
        /// How long the token lives.
        ttl: Span,
    },
    /// The fire alarm went off (`true`) or was reset (`false`).
    Fire {
        /// On or off.
        active: bool,
    },
    /// An operator changed an area's policy.
    SetPolicy {
        /// The area.
        area: AreaId,
        /// Its new policy.
        policy: Box<Policy>,
    },
    /// An operator changed what may pass a lane one way.
    SetMode {
        /// The lane.
        lane: LaneId,
        /// Which way.
        direction: Direction,
        /// What may pass.
        mode: PassMode,
    },
}

/// Whom a reset is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// One holder.
    Holder(HolderId),
    /// Everybody located in this area or within it.
    Area(AreaId),
    /// Everybody.
    All,
}

/// Where a flap is, by its own sensors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leaf {
    /// Shut.
    Closed,
    /// Fully open.
    Open,
    /// Between the two, moving as told.
    Moving,
    /// Something holds it while it closes.
    Stalled,
    /// Something pushed it away from shut with no command to open.
    Displaced,
}
