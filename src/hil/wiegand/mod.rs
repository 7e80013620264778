//! Wiegand, by way of a dongle: a microcontroller on a USB serial line that receives or sends the pulses.
//!
//! | file | what it is |
//! |---|---|
//! | [`say`] | the lines of the protocol, which is ours: `hil/WIEGAND.md` specifies it |
//! | [`host`] | our end where a dongle receives what real readers send |
//! | [`device`] | the other end: an emulated dongle, or ours where a dongle sends to a real panel |

pub mod device;
pub mod host;
pub mod say;

#[cfg(test)]
mod exactly_once;

pub use device::Device;
pub use host::{Host, Reader, capabilities};
