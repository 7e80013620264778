//! The journal: what the controller did and why, entry by entry. Folding it rebuilds the ledger.

use super::id::{AreaId, CardNumber, CredentialId, Direction, GrantId, HolderId, LaneId, ReaderId};
use super::input::Who;
use super::ledger::Location;
use super::policy::{Policy, Rule};
use super::site::PassMode;
use super::time::Time;
use serde::{Deserialize, Serialize};

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Counts from 0 without gaps.
    pub seq: u64,
    /// When.
    pub at: Time,
    /// What.
    pub event: Event,
}

/// What a journal entry says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A credential was presented and judged.
    Decision(Decision),
    /// A grant was used: its owner went through.
    Taken {
        /// The grant.
        grant: GrantId,
        /// Its owner.
        holder: HolderId,
        /// The lane.
        lane: LaneId,
        /// Which way.
        direction: Direction,
        /// Within the grace after the grant had lapsed.
        late: bool,
    },
    /// A grant lapsed unused.
    NotTaken {
        /// The grant.
        grant: GrantId,
        /// Its owner.
        holder: HolderId,
        /// The lane.
        lane: LaneId,
        /// Which way.
        direction: Direction,
    },
    /// A body went through a lane.
    Passage {
        /// The lane.
        lane: LaneId,
        /// Which way.
        direction: Direction,
        /// The grant it used; `None`: nobody's.
        grant: Option<GrantId>,
    },
    /// A holder's location changed.
    Moved {
        /// Who.
        holder: HolderId,
        /// From where.
        from: Location,
        /// To where.
        to: Location,
        /// Why.
        cause: Cause,
    },
    /// A lane alarm began (`on`) or ended.
    Alarm {
        /// The lane.
        lane: LaneId,
        /// Which alarm.
        alarm: Alarm,
        /// The way the body at fault was going; `None` where no body is.
        direction: Option<Direction>,
        /// Began or ended.
        on: bool,
    },
    /// Something a guard should know now.
    Alert(Alert),
    /// An operator reset locations; the moves follow one by one.
    Reset {
        /// Whom.
        who: Who,
        /// The new location; `None`: unknown.
        to: Option<AreaId>,
    },
    /// An operator forgave a holder's next violation.
    Forgiven {
        /// Whom.
        holder: HolderId,
        /// Until when.
        until: Time,
    },
    /// The forgiveness was used up by a read that would have been a violation.
    ForgivenessUsed {
        /// Whose.
        holder: HolderId,
    },
    /// The fire alarm went off or was reset.
    Fire {
        /// On or off.
        active: bool,
    },
    /// An area's policy changed.
    PolicySet {
        /// The area.
        area: AreaId,
        /// Its new policy.
        policy: Box<Policy>,
    },
    /// What may pass a lane changed.
    ModeSet {
        /// The lane.
        lane: LaneId,
        /// Which way.
        direction: Direction,
        /// What may pass.
        mode: PassMode,
    },
}

/// A judged presentation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Where.
    pub reader: ReaderId,
    /// What was read.
    pub card: CardNumber,
    /// The credential, if the site knows it.
    pub credential: Option<CredentialId>,
    /// Its holder.
    pub holder: Option<HolderId>,
    /// The grant, or `None`: denied.
    pub grant: Option<GrantId>,
    /// `ok`, or the first check that failed.
    pub reason: Reason,
    /// The anti-passback rule that was broken, whether that denied or only alarmed. A soft violation by a
    /// read that a later check refused is not told: nobody went through on it.
    pub violation: Option<Rule>,
}

/// Why a read was decided as it was: the first check that failed, in the order of this list, or `Ok`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Every check passed, or only soft ones failed.
    Ok,
    /// Granted because the fire alarm is on.
    Fire,
    /// No such reader.
    UnknownReader,
    /// No such credential.
    UnknownCredential,
    /// The credential is not valid yet.
    NotYetValid,
    /// The credential is not valid any more.
    Expired,
    /// The holder may not enter the area.
    NoAccessRight,
    /// The holder may enter the area, but not now.
    OutsideSchedule,
    /// An anti-passback rule forbids it.
    ApbViolation,
    /// The same holder has an unused grant elsewhere.
    PendingElsewhere,
    /// The area is full.
    OccupancyUpper,
    /// Nobody may pass this way.
    LaneLocked,
    /// The lane is in use and does not queue any more reads.
    LaneBusy,
}

impl Reason {
    /// The stable word for this reason.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Fire => "fire",
            Self::UnknownReader => "unknown_reader",
            Self::UnknownCredential => "unknown_credential",
            Self::NotYetValid => "not_yet_valid",
            Self::Expired => "expired",
            Self::NoAccessRight => "no_access_right",
            Self::OutsideSchedule => "outside_schedule",
            Self::ApbViolation => "apb_violation",
            Self::PendingElsewhere => "pending_elsewhere",
            Self::OccupancyUpper => "occupancy_upper",
            Self::LaneLocked => "lane_locked",
            Self::LaneBusy => "lane_busy",
        }
    }

    /// Every reason, in the order of the checks.
    pub const ALL: [Self; 13] = [
        Self::Ok,
        Self::Fire,
        Self::UnknownReader,
        Self::UnknownCredential,
        Self::NotYetValid,
        Self::Expired,
        Self::NoAccessRight,
        Self::OutsideSchedule,
        Self::ApbViolation,
        Self::PendingElsewhere,
        Self::OccupancyUpper,
        Self::LaneLocked,
        Self::LaneBusy,
    ];
}

/// Why a location changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The holder used a grant.
    Access,
    /// An operator's reset.
    Reset,
    /// The presence time-out.
    Expiry,
    /// The fire alarm was reset: nobody's location is believed any more.
    Fire,
}

/// What a lane's own logic can alarm about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alarm {
    /// More bodies came in than there are grants, the flap not shut.
    Tailgate,
    /// A body came in without a grant, the flap shut.
    Intrusion,
    /// A body came in against the direction the flap is open for.
    WrongWay,
    /// Somebody stands in the lane without a grant.
    Loiter,
    /// Somebody was in the lane already when another's grant arrived.
    StolenTicket,
    /// The shut flap was pushed away.
    Forced,
    /// A body reached the flap before it was open.
    Contact,
    /// Somebody keeps the flap from closing.
    Obstruction,
    /// A beam is stuck.
    BeamFault,
    /// The flap gave up closing after repeated attempts.
    ClosePrevented,
}

impl Alarm {
    /// The stable word for this alarm.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tailgate => "tailgate",
            Self::Intrusion => "intrusion",
            Self::WrongWay => "wrong_way",
            Self::Loiter => "loiter",
            Self::StolenTicket => "stolen_ticket",
            Self::Forced => "forced",
            Self::Contact => "contact",
            Self::Obstruction => "obstruction",
            Self::BeamFault => "beam_fault",
            Self::ClosePrevented => "close_prevented",
        }
    }

    /// Whether a body without a grant is the cause: these are what a tailgate attempt is detected by.
    pub fn is_about_a_body(self) -> bool {
        match self {
            Self::Tailgate | Self::Intrusion | Self::WrongWay | Self::StolenTicket => true,
            Self::Loiter
            | Self::Forced
            | Self::Contact
            | Self::Obstruction
            | Self::BeamFault
            | Self::ClosePrevented => false,
        }
    }
}

/// A message to a guard: credential, time (of the entry), gate and rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// The gate.
    pub lane: LaneId,
    /// The reader, where a read was the cause.
    pub reader: Option<ReaderId>,
    /// The credential's number, where a read was the cause.
    pub card: Option<CardNumber>,
    /// The holder, where known.
    pub holder: Option<HolderId>,
    /// What happened.
    pub cause: AlertCause,
}

/// What an alert is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertCause {
    /// An anti-passback rule was broken and the holder was refused.
    Denied(Rule),
    /// An anti-passback rule was broken and the holder was let through.
    Flagged(Rule),
    /// A lane alarm.
    Lane(Alarm),
}
