//! Live controllers on real files: what is withheld, what outlives a kill or a cut, and what tampering shows.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod cut;
mod fixture;
mod forger;
mod kill;
mod opening;
mod reader;
mod tamper;
mod withheld;
