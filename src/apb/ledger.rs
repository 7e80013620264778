//! The ledger: where every holder is believed to be.

use super::id::AreaId;
use serde::{Deserialize, Serialize};

/// Where a holder is believed to be. Unknown is a third state, never another word for outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Location {
    /// Nobody knows.
    #[default]
    Unknown,
    /// In this area, and in none of the areas within it.
    In(AreaId),
}
