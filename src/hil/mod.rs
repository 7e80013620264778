//! Hardware in the loop: real gates, readers and panels on a line, and emulators of all three.
//!
//! | file or folder | what it is |
//! |---|---|
//! | [`driver`] | one end of a protocol, without I/O: bytes and instants in, bytes and messages out |
//! | [`message`] | what a host says to a device ([`Order`]) and a device to its host ([`Report`]) |
//! | [`capability`] | what a protocol can carry, and what it cannot |
//! | [`line`] | a line: where it is, how fast, opening it, keeping it open |
//! | [`frames`] | gate boards with short serial frames, described in a file |
//! | [`manual`] | whatever a person does: orders as sentences, reports as lines typed |
//! | [`monitor`] | traces: kept, written as JSON Lines or pcapng, read back, shown; without keys |
//! | [`wiegand`] | readers behind a dongle that receives or sends Wiegand pulses |
//! | [`osdp`] | readers and control panels that speak OSDP |
//! | [`contacts`] | dry contacts: boards with outputs and inputs become gates, both ends |
//! | [`modbus`] | relay and input boards over RTU and TCP, both ends |
//!
//! A protocol has two ends, and each is a [`Driver`]: the *host* takes [`Order`]s and hands out [`Report`]s,
//! the *device* takes [`Report`]s and hands out [`Order`]s. What either end is wired to, a controller, an
//! emulated gate, a person at a terminal, it cannot tell.

pub mod capability;
pub mod contacts;
pub mod driver;
pub mod frames;
pub mod line;
mod lines;
#[cfg(test)]
mod lossy;
pub mod manual;
pub mod message;
pub mod modbus;
pub mod monitor;
pub mod osdp;
pub mod wiegand;

pub use capability::{Capabilities, Capability};
pub use driver::{Driver, Note, Outbox, Unit};
pub use message::{Order, Report};
