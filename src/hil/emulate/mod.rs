//! Emulated devices: gates with bodies in them, readers, and panels.
//!
//! Models without I/O and without a clock: every call says what time it is. The same calls give the same
//! reports.

mod aisle;
mod body;
mod gate;
mod leaf;
mod logic;
mod model;
mod panel;
mod reader;
mod walker;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod storms;
#[cfg(test)]
mod together;

pub use gate::Gate;
pub use leaf::{OPEN, PASSABLE};
pub use model::{Firmware, GateFault, GateModel};
pub use panel::{Defect, Panel, PanelSays};
pub use reader::{Reader, ReaderFault, ReaderModel};
pub use walker::{Fate, Manner, Then, Truth, Walker, WalkerId};
