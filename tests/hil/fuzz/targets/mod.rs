//! What is fuzzed: one function for each target, from any bytes to no panic.
//!
//! `tests/hil` runs them on stable over `tests/hil/corpus`, changed in all sorts of ways; the fuzzer
//! (`tests/fuzz`, target `hil`) calls the same functions.

mod exchange;
mod files;
pub(crate) mod list;
mod pairs;
