//! A line: where it is, how fast it is, opening it, and keeping it open.

mod settings;

pub use settings::{Parity, Settings};
