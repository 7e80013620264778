//! A real panel under test, held against our controller.
//!
//! What was presented to it and what it did about that is a [`Recording`]. An [`Oracle`] holds each of its
//! decisions against what our controller would have decided after the same history; [`guess`] does so with
//! every policy that has a name, to find out which one the panel follows. Gates of the simulated world that
//! only have beams get a gate's logic, so that they can be played towards a panel ([`PlayedGates`]).

mod candidate;
mod comparison;
mod follow;
mod gates;
mod guess;
mod oracle;
mod probe;
mod recording;
mod told;
mod watch;

#[cfg(test)]
mod cases;
#[cfg(test)]
pub(in crate::hil) mod fixture;

pub use candidate::{Candidate, Variants, named, names};
pub use comparison::Comparison;
pub use follow::{Decided, Step};
pub use gates::PlayedGates;
pub use guess::{Fit, Guess, Rank, guess};
pub use oracle::{Difference, Oracle};
pub use probe::{Expected, Probe, ProbeStep};
pub use recording::{Presentation, Recording, Seen, Silence, Verdict, Wiring};
pub use watch::Watch;
