//! A site in virtual time: our controller, emulated gates with people in them, readers, and lines that can be
//! cut. Deterministic: the same acts give the same sightings.

mod decider;
mod gates;
mod stand;

pub use decider::Decider;
pub use stand::Simulated;
