//! Hardware in the loop: real gates, readers and panels on a line, and emulators of all three.
//!
//! | file or folder | what it is |
//! |---|---|
//! | [`driver`] | one end of a protocol, without I/O: bytes and instants in, bytes and messages out |
//! | [`message`] | what a host says to a device ([`Order`]) and a device to its host ([`Report`]) |
//! | [`translate`] | between a controller and devices: reports to inputs, effects to orders |
//! | [`capability`] | what a protocol can carry, and what it cannot |
//! | [`emulate`] | emulated gates and readers, to stand in for real ones |
//! | [`panel`] | a real panel under test, held against our controller |
//! | [`line`] | a line: where it is, how fast, opening it, keeping it open |
//!
//! A protocol has two ends, and each is a [`Driver`]: the *host* takes [`Order`]s and hands out [`Report`]s,
//! the *device* takes [`Report`]s and hands out [`Order`]s. What either end is wired to, a controller, an
//! emulated gate, a person at a terminal, it cannot tell.

pub mod capability;
pub mod driver;
pub mod emulate;
pub mod line;
pub mod message;
pub mod panel;
pub mod translate;

pub use capability::{Capabilities, Capability};
pub use driver::{Driver, Note, Outbox, Unit};
pub use message::{Order, Report};
pub use translate::{Heard, Seat, StalePolicy, Translator};
