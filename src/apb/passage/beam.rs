//! One beam, and whether it can be relied on.

use crate::apb::time::Time;
use serde::{Deserialize, Serialize};

/// Whether a beam can be relied on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Health {
    /// As far as is known.
    #[default]
    Sound,
    /// Never cut although bodies go by.
    Blind,
    /// Always cut although nothing moves.
    Stuck,
}

/// One beam.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Beam {
    pub(super) blocked: bool,
    /// Since when it has been clear without that counting yet.
    pub(super) clearing: Option<Time>,
    /// When it last became clear.
    pub(super) cleared: Option<Time>,
    /// How many bodies running have stepped over it.
    pub(super) skips: u8,
    pub(super) health: Health,
}

impl Beam {
    /// Blocked by a body.
    pub(super) fn sees(&self) -> bool {
        self.blocked && self.health != Health::Stuck
    }
}
