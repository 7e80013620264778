//! What hangs on the wall: readers, muster points, panels, and lanes that must not be open together.

use crate::apb::id::{AreaId, Direction, LaneId, ScheduleId};
use crate::apb::policy::Enforcement;
use serde::{Deserialize, Serialize};

/// A reader: it stands at one end of a lane and looks one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reader {
    /// Unique name.
    pub name: String,
    /// The lane it opens.
    pub lane: LaneId,
    /// The way it opens the lane.
    pub direction: Direction,
    /// Whether it serves both ways: a holder believed to be where it leads to is taken to come back. Such a
    /// reader can never find an in after an in; it is here because real sites have it.
    pub toggles: bool,
    /// What a violation leads to at this reader, whatever the policy says; `None`: what the policy says.
    pub apb: Option<Enforcement>,
    /// When a second factor is needed.
    pub factor: FactorRule,
}

impl Reader {
    /// A reader that looks one way and needs no second factor.
    pub fn new(name: impl Into<String>, lane: LaneId, direction: Direction) -> Self {
        Self { name: name.into(), lane, direction, toggles: false, apb: None, factor: FactorRule::Never }
    }
}

/// When a reader needs a second factor: a PIN, a finger, a face.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorRule {
    /// Never.
    #[default]
    Never,
    /// Always.
    Always,
    /// While this schedule holds.
    During(ScheduleId),
}

/// A reader away from any gate at which people report when they have got out. It never denies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MusterPoint {
    /// Unique name, other than any reader's.
    pub name: String,
    /// Where people are who report here.
    pub area: AreaId,
}

/// The box that decides for some lanes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Panel {
    /// Unique name.
    pub name: String,
    /// How many credentials it can hold.
    pub cards_max: u32,
    /// How many records its offline log can hold.
    pub log_max: u32,
}

impl Panel {
    /// Credentials of the seed panel, by its data sheet.
    pub const CARDS_MAX: u32 = 45_000;
    /// Offline records of the seed panel, by its data sheet.
    pub const LOG_MAX: u32 = 21_000;
}

/// Lanes of which only one at a time may be anything but shut and empty: the two gates of a mantrap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interlock {
    /// Unique name.
    pub name: String,
    /// The lanes.
    pub lanes: Vec<LaneId>,
}
