//! Everything that can happen to a controller. The simulated world and a real bench produce the same inputs.

use super::id::{AreaId, CardNumber, Direction, HolderId, LaneId, MusterId, ReaderId};
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
        /// What came of the second factor, if the reader asked for one.
        #[serde(default, skip_serializing_if = "Factor::is_none")]
        factor: Factor,
    },
    /// A muster point read a credential.
    Muster {
        /// Where.
        point: MusterId,
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
        /// Who did it and why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        audit: Option<Box<Audit>>,
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
    /// An operator shut an area off, or opened it again.
    Lockdown {
        /// The area.
        area: AreaId,
        /// What is shut off.
        lockdown: Lockdown,
    },
    /// An operator, or somebody at a request-to-exit button, opens a lane for one passage.
    Unlock {
        /// The lane.
        lane: LaneId,
        /// Which way.
        direction: Direction,
        /// For whom: judged as a read of theirs would be. `None`: for nobody known; whoever passes is
        /// attributed to nobody.
        holder: Option<HolderId>,
        /// Who did it and why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        audit: Option<Box<Audit>>,
    },
    /// A credential was replaced: what it was is now read as another number, and the old one is void.
    Replace {
        /// The number it had.
        old: CardNumber,
        /// The number it has now.
        new: CardNumber,
    },
    /// A credential was handed to another holder, as visitor badges are.
    Assign {
        /// The credential's number.
        card: CardNumber,
        /// Whose it is now.
        holder: HolderId,
    },
    /// A holder was removed with all their credentials.
    Remove {
        /// Whom.
        holder: HolderId,
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

impl Input {
    /// A read without a second factor.
    pub fn read(reader: ReaderId, card: CardNumber) -> Self {
        Self::Read { reader, card, factor: Factor::None }
    }

    /// A reset that nobody signs for.
    pub fn reset(who: Who, to: Option<AreaId>) -> Self {
        Self::Reset { who, to, audit: None }
    }
}

/// What came of a second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// None was given.
    #[default]
    None,
    /// It was the holder's.
    Right,
    /// It was not.
    Wrong,
}

impl Factor {
    /// Whether none was given.
    pub fn is_none(&self) -> bool {
        *self == Self::None
    }
}

/// Who did something by hand, and why: kept in the journal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// The operator's name.
    pub operator: String,
    /// The reason they gave.
    pub reason: String,
}

/// What is shut off in a lockdown. Fire overrules it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lockdown {
    /// Nothing.
    #[default]
    Off,
    /// The way in.
    Entry,
    /// The way in and the way out.
    Both,
}

impl Lockdown {
    /// The stable word for this lockdown.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Entry => "entry",
            Self::Both => "both",
        }
    }
}

/// Whom a reset is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// One holder.
    Holder(HolderId),
    /// Some holders.
    Holders(Vec<HolderId>),
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
