//! A real panel under test, held against our controller.
//!
//! What was presented to it and what it did about that is a [`Recording`]. An [`Oracle`] holds each of its
//! decisions against what our controller would have decided after the same history; [`guess`] does so with
//! every policy that has a name, to find out which one the panel follows.

mod candidate;
mod follow;
mod guess;
mod oracle;
mod probe;
mod recording;

#[cfg(test)]
mod cases;
#[cfg(test)]
pub(in crate::hil) mod fixture;

pub use candidate::{Candidate, Variants};
pub use follow::{Decided, Step};
pub use guess::{Fit, Guess, Rank, guess};
pub use oracle::{Difference, Oracle};
pub use probe::{Expected, Probe, ProbeStep};
pub use recording::{Presentation, Recording, Seen, Silence, Verdict, Wiring};
