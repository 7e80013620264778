//! What is fuzzed: one function for each target, from any bytes to no panic.
//!
//! The fuzzer (`tests/fuzz`, its own crate) and the default test run, which replays the seeds and whatever
//! was ever found, call the same functions.

mod bytes;
mod controller;
mod drawn_input;
mod drawn_site;
#[cfg(feature = "oracle")]
mod events;
mod free_ways;
pub(crate) mod list;
mod record;
mod text;

pub(crate) use list::run;
