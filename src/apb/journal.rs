//! The journal: what the controller did and why, entry by entry. Folding it rebuilds the ledger.

use super::id::{AreaId, CardNumber, CredentialId, Direction, GrantId, HolderId, LaneId, MusterId, ReaderId};
use super::input::{Audit, Lockdown, Who};
use super::ledger::Location;
use super::policy::{Policy, Rule};
use super::site::PassMode;
use super::time::Time;
use serde::{Deserialize, Serialize};

pub use super::reason::Reason;

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
        /// The reader that was used, if one was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        via: Option<ReaderId>,
    },
    /// A holder's flag for an area changed, where the policy goes by flags.
    Side {
        /// Who.
        holder: HolderId,
        /// The area.
        area: AreaId,
        /// In or out.
        inside: bool,
    },
    /// Two grants belong together: both count as moved or neither.
    Paired {
        /// The grants, the first holder's first.
        grants: [GrantId; 2],
    },
    /// A holder was locked out after violations.
    LockedOut {
        /// Who.
        holder: HolderId,
        /// Until when; `None`: until an operator resets them.
        until: Option<Time>,
    },
    /// Somebody reported at a muster point.
    Mustered {
        /// Where.
        point: MusterId,
        /// What was read.
        card: CardNumber,
        /// Who it was; `None`: the site does not know the credential.
        holder: Option<HolderId>,
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
        /// Who did it and why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        audit: Option<Box<Audit>>,
    },
    /// A scheduled amnesty; the moves follow one by one.
    Amnesty {
        /// Its place in the site's list.
        amnesty: u16,
    },
    /// An area was shut off, or opened again.
    Lockdown {
        /// The area.
        area: AreaId,
        /// What is shut off.
        lockdown: Lockdown,
    },
    /// A lane was opened by hand for one passage.
    Unlocked {
        /// The lane.
        lane: LaneId,
        /// Which way.
        direction: Direction,
        /// The grant that whoever passes uses; `None`: the lane was locked or in use, or the holder refused.
        grant: Option<GrantId>,
        /// Who did it and why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        audit: Option<Box<Audit>>,
    },
    /// A credential was replaced.
    Replaced {
        /// The number it had.
        old: CardNumber,
        /// The number it has now.
        new: CardNumber,
        /// The credential.
        credential: CredentialId,
        /// Whose it is.
        holder: HolderId,
    },
    /// A credential was handed to another holder.
    Assigned {
        /// The credential's number.
        card: CardNumber,
        /// The credential.
        credential: CredentialId,
        /// Whose it is now.
        holder: HolderId,
    },
    /// A holder was removed with all their credentials.
    Removed {
        /// Who.
        holder: HolderId,
    },
    /// The controller went on after an interruption.
    Resumed {
        /// How many holders were between grant and passage: their locations are unknown now.
        lost: u32,
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
    /// Where the holder was believed to be when the rule was broken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Location>,
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
    /// A scheduled amnesty.
    Amnesty,
    /// A report at a muster point.
    Muster,
    /// A denied read, where the policy takes it for a sign of where its holder is.
    Seen,
    /// The holder was removed.
    Removal,
    /// Power was cut between grant and passage.
    PowerCut,
    /// Another panel reported it.
    Report,
    /// The policy was changed, and forgets.
    Change,
}

impl Cause {
    /// The stable word for this cause.
    pub fn name(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Reset => "reset",
            Self::Expiry => "expiry",
            Self::Fire => "fire",
            Self::Amnesty => "amnesty",
            Self::Muster => "muster",
            Self::Seen => "seen",
            Self::Removal => "removal",
            Self::PowerCut => "power_cut",
            Self::Report => "report",
            Self::Change => "change",
        }
    }
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
    /// A holder was locked out after violations.
    LockedOut,
    /// A holder was let into an area that is full, or alone out of one that must not be left alone.
    Occupancy,
    /// Only one of two who had to go together went.
    PairBroken,
    /// The holder of a credential that was reassigned or removed is still believed inside.
    StillInside,
}

impl AlertCause {
    /// The stable word for what happened; which rule was broken is told beside it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Denied(_) => "denied",
            Self::Flagged(_) => "flagged",
            Self::Lane(alarm) => alarm.name(),
            Self::LockedOut => "locked_out",
            Self::Occupancy => "occupancy",
            Self::PairBroken => "pair_broken",
            Self::StillInside => "still_inside",
        }
    }
}
