//! Gates: one entity per lane of the site, in site order, each with a flap, a row of beams and its readers.

pub mod beams;
mod course;
pub mod flap;
mod gate;
pub mod reader;
pub mod receivers;
pub mod rotor;
mod shadow;

pub use gate::{Gate, Lamps, Place};
pub(super) use gate::{plugin, spawn};
