//! The journal: what the controller did and why, entry by entry. Folding it rebuilds the ledger.

mod alert;

pub use super::domain::DomainEvent;
pub use alert::{Alarm, Alert, AlertCause};

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
    /// What concerns several panels that decide together.
    Domain(DomainEvent),
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
    /// Panels contradict each other, and nobody can tell which of them is right.
    Conflict,
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
            Self::Conflict => "conflict",
        }
    }
}
