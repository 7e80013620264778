//! The acceptance test of a site.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../kit/golden.rs"]
mod at_rig;
mod golden;

mod fixture;
mod mutants;
mod plans;
mod shipped;
