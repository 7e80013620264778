//! Alarms of lanes, and alerts to guards.

use crate::apb::id::{CardNumber, HolderId, LaneId, ReaderId};
use crate::apb::policy::Rule;
use serde::{Deserialize, Serialize};

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
    /// A panel has lost the others and decides by what it knows.
    Degraded,
    /// Panels told contradicting histories of a holder.
    Conflict,
    /// A panel's offline log is nearly full.
    LogNearlyFull,
    /// A panel's offline log is full and loses records.
    LogOverflow,
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
            Self::Degraded => "degraded",
            Self::Conflict => "conflict",
            Self::LogNearlyFull => "log_nearly_full",
            Self::LogOverflow => "log_overflow",
        }
    }
}
