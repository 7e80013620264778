//! Dry contacts: boards with outputs and inputs become gates, at the host and at the device.
//!
//! | file | what it is |
//! |---|---|
//! | [`wiring`] | which contact hangs where, how long pulses are, what follows for the capabilities |
//! | [`host`] | orders to outputs with pulses that end on time, inputs to reports |
//! | [`read`] | a wiring from a file, or within one |
//! | [`device`] | outputs to orders, reports to inputs |
//!
//! Both ends decorate a driver of a board and know nothing of its protocol.

pub mod device;
mod device_unit;
#[cfg(test)]
mod ends;
#[cfg(test)]
mod fixture;
pub mod host;
mod host_unit;
mod lines;
#[cfg(test)]
mod lossy;
mod pulse_in;
mod pulse_out;
pub mod read;
mod release;
mod said;
pub mod wiring;

pub use device::DeviceSide;
pub use host::HostSide;
pub use read::load_wiring;
pub use wiring::{Active, Contact, PassPulse, Unlock, Way, Wiring};
