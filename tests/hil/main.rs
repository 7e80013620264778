//! Hardware in the loop: lines, protocols against real peers, emulators, the rig.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod fuzz;
mod line;
mod modbus;
mod osdp;
mod peer;
mod pump;
#[path = "../kit/python.rs"]
mod python;
mod rig;
mod soak;
