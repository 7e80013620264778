//! Rows of beams across a lane.

use crate::apb::time::Span;
use serde::{Deserialize, Serialize};

/// One row of beams across a lane, and where its flap is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeamRow {
    /// Beam positions along the lane in millimetres from its outer end, ascending.
    pub x_mm: Vec<u32>,
    /// Position of the closed flap in millimetres from the lane's outer end; at least one beam on either
    /// side.
    pub flap_mm: u32,
    /// A beam counts as clear only once it has been clear this long; blocked beams count at once. Edges keep
    /// their own time.
    pub debounce: Span,
    /// A body longer than this, by its speed between the first two beams and the time it blocks them, is two
    /// bodies without a gap. `None`: lengths are not judged.
    pub body_max_mm: Option<u32>,
    /// Two detection zones: somebody without a grant shuts the flap before everybody who has not reached it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub relock: bool,
    /// A second row near the floor, that sees who crawls and what people pull.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<LowRow>,
}

impl BeamRow {
    /// Every pair of beams, by its place in millimetres: those of the row first, then those near the floor.
    /// They are numbered in this order.
    pub fn pairs_mm(&self) -> impl Iterator<Item = u32> {
        self.x_mm.iter().chain(self.low.iter().flat_map(|low| &low.x_mm)).copied()
    }
}

/// A row of beams near the floor. A lane that has one has its other row above all that people pull.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LowRow {
    /// Beam positions along the lane in millimetres from its outer end, ascending.
    pub x_mm: Vec<u32>,
    /// What only this row sees so far behind somebody, in millimetres, is their luggage.
    pub luggage_mm: u32,
}

/// The end of what people pull, in millimetres behind them. Assumed: a trolley of 0.60 m at 0.20 m.
pub const LUGGAGE_MM: u32 = 800;

/// Beam positions of the reference lane, millimetres from the outer end.
pub const REFERENCE_BEAMS_MM: [u32; 6] = [100, 300, 550, 850, 1_100, 1_300];

/// Flap position of the reference lane, millimetres from the outer end.
pub const REFERENCE_FLAP_MM: u32 = 700;

impl Default for BeamRow {
    /// The reference lane: six pairs, the flap in the middle, no debounce.
    fn default() -> Self {
        Self {
            x_mm: REFERENCE_BEAMS_MM.to_vec(),
            flap_mm: REFERENCE_FLAP_MM,
            debounce: Span::ZERO,
            body_max_mm: None,
            relock: false,
            low: None,
        }
    }
}
