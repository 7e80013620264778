//! The scenario language from outside: shipped files, malformed files with their diagnostics, fuzzing.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod expansion;
mod fuzz;
#[path = "../kit/golden.rs"]
mod golden;
mod lane_types;
mod malformed;
mod meaning;
mod populations;
mod reference;
mod shipped;
#[path = "../kit/table.rs"]
mod table;
mod tables;
