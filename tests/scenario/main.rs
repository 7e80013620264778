//! The scenario language from outside: shipped files, malformed files with their diagnostics, fuzzing.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod expansion;
mod fuzz;
mod malformed;
mod reference;
mod shipped;
mod tables;
