//! A site at a rig, in real time: our controller on duty, real or emulated devices at the ends of real lines.

mod abilities;
mod sightings;
mod stand;

pub use stand::AtRig;
