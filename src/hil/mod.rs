//! Hardware in the loop: real gates, readers and panels on a line, and emulators of all three.
//!
//! | file or folder | what it is |
//! |---|---|
//! | [`driver`] | one end of a protocol, without I/O: bytes and instants in, bytes and messages out |
//! | [`message`] | what a host says to a device ([`Order`]) and a device to its host ([`Report`]) |
//! | [`capability`] | what a protocol can carry, and what it cannot |
//! | [`osdp`] | readers and control panels that speak OSDP |
//! | [`modbus`] | relay and input boards over RTU and TCP, both ends |
//! | [`contacts`] | gates on the outputs and inputs of any board |
//! | [`frames`] | gate boards with short serial frames, described in a file |
//! | [`wiegand`] | a dongle that makes and hears Wiegand pulses |
//! | [`manual`] | a person who does what is said and says what happens |
//! | [`mod@line`] | a line: where it is, how fast, opening it, keeping it open |
//! | [`cable`] | a cable between two ends that takes its time and can be broken on purpose |
//! | [`clock`] | the bench's clock |
//! | [`monitor`] | traffic, recorded and shown |
//! | [`translate`] | between a controller and devices: reports to inputs, effects to orders |
//! | [`mirror`] | its far side: what whoever stands in for a device reports and carries out |
//! | [`emulate`] | emulated gates, readers and panels, to stand in for real ones |
//! | [`panel`] | a real panel under test, held against our controller |
//! | [`rig`] | a rig: its file, its lines at work, our controller on duty |
//! | `plugin` | hardware in the simulated world, through `sim::port` |
//!
//! A protocol has two ends, and each is a [`Driver`]: the *host* takes [`Order`]s and hands out [`Report`]s,
//! the *device* takes [`Report`]s and hands out [`Order`]s. What either end is wired to, a controller, an
//! emulated gate, a person at a terminal, it cannot tell.

pub mod cable;
pub mod capability;
pub mod clock;
pub mod contacts;
pub mod driver;
pub mod emulate;
pub mod frames;
pub mod line;
mod lines;
#[cfg(test)]
mod lossy;
pub mod manual;
pub mod message;
pub mod mirror;
pub mod modbus;
pub mod monitor;
pub mod osdp;
pub mod panel;
#[cfg(feature = "sim")]
pub mod plugin;
pub mod rig;
pub mod translate;
pub mod wiegand;
mod words;

pub use capability::{Capabilities, Capability};
pub use driver::{Driver, Note, Outbox, Unit};
pub use message::{Order, Report};
pub use translate::{Heard, Seat, StalePolicy, Translator};
