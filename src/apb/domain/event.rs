//! What a journal says about several panels that decide together.

use super::rules::OnPartition;
use crate::apb::id::{AreaId, CardNumber, GrantId, HolderId, LaneId, PanelId, ReaderId};
use crate::apb::journal::{Cause, Event};
use crate::apb::ledger::{Location, Standing};
use crate::apb::time::Time;
use serde::{Deserialize, Serialize};

/// Something about several panels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DomainEvent {
    /// What others know of a holder replaces what was known here.
    Learned {
        /// Who.
        holder: HolderId,
        /// All there is to know.
        standing: Box<Standing>,
    },
    /// What another panel has counted at one of its lanes.
    Counted {
        /// The lane.
        lane: LaneId,
        /// Bodies passed, `In` first.
        passed: [u64; 2],
    },
    /// A panel has lost the others and decides by its rules for that, or has found them again.
    Degraded {
        /// Which.
        panel: PanelId,
        /// Lost or found.
        on: bool,
    },
    /// The host has heard nothing of a panel for too long, or hears of it again.
    Unreachable {
        /// Which.
        panel: PanelId,
        /// Lost or found.
        on: bool,
    },
    /// The last decision about this credential there was made without the others.
    Offline {
        /// Where.
        reader: ReaderId,
        /// What was read.
        card: CardNumber,
        /// The grant, if it was one.
        grant: Option<GrantId>,
        /// The rule that held.
        rule: OnPartition,
    },
    /// Two panels told of a holder what cannot both be true.
    Conflict {
        /// Who.
        holder: HolderId,
        /// What happened first, by the clocks of the panels.
        first: Claim,
        /// What happened then, and contradicts it.
        second: Claim,
        /// Where the holder is believed to be after all.
        kept: Location,
    },
    /// A panel's offline log is nearly full.
    LogNearlyFull {
        /// Which.
        panel: PanelId,
        /// So many records wait.
        records: u32,
    },
    /// A panel's offline log was full and has lost its oldest records. Who is where is not lost.
    LogOverflow {
        /// Which.
        panel: PanelId,
        /// So many so far, since the log was last empty enough.
        lost: u32,
    },
}

impl DomainEvent {
    /// The stable word for this event.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Learned { .. } => "learned",
            Self::Counted { .. } => "counted",
            Self::Degraded { .. } => "degraded",
            Self::Unreachable { .. } => "unreachable",
            Self::Offline { .. } => "offline",
            Self::Conflict { .. } => "conflict",
            Self::LogNearlyFull { .. } => "log_nearly_full",
            Self::LogOverflow { .. } => "log_overflow",
        }
    }
}

/// One side of a conflict: what a panel told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Who told.
    pub panel: PanelId,
    /// When it happened, by the panel's clock.
    pub at: Time,
    /// The reader that was used.
    pub reader: Option<ReaderId>,
    /// Where the holder went.
    pub to: AreaId,
}

/// Whether an entry of a panel's journal is its own experience: what others have to be told, and what stands
/// in the record of the whole. Everything else came from the host, or happens to every panel by the clock.
pub(in crate::apb) fn is_own(event: &Event) -> bool {
    match event {
        Event::Moved { cause, .. } => match cause {
            Cause::Access | Cause::Muster | Cause::Seen | Cause::PowerCut => true,
            Cause::Reset
            | Cause::Expiry
            | Cause::Fire
            | Cause::Amnesty
            | Cause::Removal
            | Cause::Report
            | Cause::Change
            | Cause::Conflict => false,
        },
        Event::Domain(event) => !is_hearsay(event),
        Event::Decision(_)
        | Event::Taken { .. }
        | Event::NotTaken { .. }
        | Event::Passage { .. }
        | Event::Side { .. }
        | Event::Paired { .. }
        | Event::LockedOut { .. }
        | Event::Alarm { .. }
        | Event::Alert(_)
        | Event::Unlocked { .. }
        | Event::Resumed { .. }
        | Event::ForgivenessUsed { .. } => true,
        Event::Reset { .. }
        | Event::Mustered { .. }
        | Event::Amnesty { .. }
        | Event::Lockdown { .. }
        | Event::Replaced { .. }
        | Event::Assigned { .. }
        | Event::Removed { .. }
        | Event::Forgiven { .. }
        | Event::Fire { .. }
        | Event::PolicySet { .. }
        | Event::ModeSet { .. } => false,
    }
}

/// Whether an event only says what others have told.
pub(in crate::apb) fn is_hearsay(event: &DomainEvent) -> bool {
    match event {
        DomainEvent::Learned { .. } | DomainEvent::Counted { .. } => true,
        DomainEvent::Degraded { .. }
        | DomainEvent::Unreachable { .. }
        | DomainEvent::Offline { .. }
        | DomainEvent::Conflict { .. }
        | DomainEvent::LogNearlyFull { .. }
        | DomainEvent::LogOverflow { .. } => false,
    }
}

/// The holder of whom one of a panel's own entries says something that others have to know.
pub(in crate::apb) fn concerns(event: &Event) -> Option<HolderId> {
    match event {
        Event::Decision(decision) => decision.holder,
        Event::Moved { holder, .. }
        | Event::Taken { holder, .. }
        | Event::Side { holder, .. }
        | Event::LockedOut { holder, .. }
        | Event::ForgivenessUsed { holder } => is_own(event).then_some(*holder),
        Event::NotTaken { .. }
        | Event::Passage { .. }
        | Event::Paired { .. }
        | Event::Mustered { .. }
        | Event::Alarm { .. }
        | Event::Alert(_)
        | Event::Reset { .. }
        | Event::Amnesty { .. }
        | Event::Lockdown { .. }
        | Event::Unlocked { .. }
        | Event::Replaced { .. }
        | Event::Assigned { .. }
        | Event::Removed { .. }
        | Event::Resumed { .. }
        | Event::Forgiven { .. }
        | Event::Fire { .. }
        | Event::PolicySet { .. }
        | Event::ModeSet { .. }
        | Event::Domain(_) => None,
    }
}
