//! Gate boards with short serial frames, described in a file instead of in code.
//!
//! | file or folder | what it is |
//! |---|---|
//! | [`board`] | what a description says: commands, frames, timing |
//! | [`layout`] | how a frame is built: header, address, length, checksum |
//! | [`mod@load`] | descriptions from `Board(…)` files, and those that are shipped |
//! | [`host`] | our end: orders become commands, what the boards say becomes reports |
//! | [`device`] | the board's end, emulated from the same description |
//!
//! A description is all that either end knows of a board; a board's [`Capabilities`](super::Capabilities) are
//! what its description maps, and nothing else.

pub mod board;
mod capable;
pub(in crate::hil) mod check;
mod counter;
pub(in crate::hil) mod deframer;
pub mod device;
mod echo;
pub mod host;
mod image;
pub mod layout;
pub mod load;
mod read;
mod station;
mod status;
mod words;

#[cfg(test)]
mod exactly_once;
#[cfg(test)]
mod outages;
#[cfg(test)]
mod vectors;

pub use board::Board;
pub use device::Device;
pub use host::Host;
pub use load::{SHIPPED, load, shipped};
pub use station::Station;
