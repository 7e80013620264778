//! Emulated devices: gates with bodies in them, and readers.
//!
//! Models without I/O and without a clock: every call says what time it is. The same calls give the same
//! reports.

mod aisle;
mod body;
mod gate;
mod leaf;
mod logic;
mod model;
mod walker;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod storms;

pub use gate::Gate;
pub use leaf::{OPEN, PASSABLE};
pub use model::{Firmware, GateFault, GateModel};
pub use walker::{Fate, Manner, Then, Truth, Walker, WalkerId};
