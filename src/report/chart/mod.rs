//! The charts, drawn once per width: a wide one for screens and paper, a narrow one for phones.
//!
//! Colours are a fixed set of tokens ([`palette`]), so that the page's style sheet can exchange them for dark
//! mode.

mod axis;
mod bands;
mod gaps;
mod lanes;
mod occupancy;
mod palette;
mod pen;
mod trespass;
mod waits;

pub(super) use bands::band_chart;
pub(super) use gaps::gap_chart;
pub(super) use lanes::lanes;
pub(super) use occupancy::{drawn_areas, occupancy};
pub(super) use pen::{Drawing, Format};
pub(super) use trespass::trespasses;
pub(super) use waits::waits;

mod files;
pub use files::{Chart, charts};
