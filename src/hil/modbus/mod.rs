//! Modbus: relay and input boards on an RTU line or over TCP, from both ends.
//!
//! | file | what it is |
//! |---|---|
//! | [`board`] | a board: its address, where its outputs and inputs lie |
//! | [`framing`] | RTU with CRC and silence, TCP with its header; frames found in what arrives |
//! | `read` | where outputs and inputs lie, as a rig says it |
//! | [`timing`] | how long a master waits, and how often it asks |
//! | [`master`] | the host: asks one unit after the other, writes outputs, reads them back |
//! | [`lot`] | the host of turnstiles of LOT Group, by their own registers |
//! | [`slave`] | the device: an emulated board, or several on one line |

#[cfg(test)]
pub(crate) mod bench;
pub mod board;
#[cfg(test)]
mod cases;
mod codec;
mod echo;
mod face;
pub mod framing;
mod io;
#[cfg(test)]
mod lossy;
pub mod lot;
mod lot_memory;
pub mod master;
mod member;
mod memory;
mod pdu;
mod read;
mod rtu;
mod serve;
pub mod slave;
mod tcp;
pub mod timing;
mod words;

pub use board::{Board, Device, Inputs, Outputs};
pub use framing::Framing;
pub use master::Master;
pub(crate) use read::{inputs as read_inputs, outputs as read_outputs};
pub use slave::Slave;
pub use timing::Timing;
pub use words::describe;
