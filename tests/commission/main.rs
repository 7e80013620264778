//! The acceptance test of a site.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod at_rig;
#[path = "../kit/golden.rs"]
mod golden;

mod axes;
mod behind;
mod dialogue;
mod fixture;
mod found;
mod mutants;
mod plans;
mod recorded;
mod shipped;
mod terminal;
