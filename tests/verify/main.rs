//! The verification layer: the reference model beside the controller, swarm, oracles, shrinker, and
//! faulty controllers.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod dice;
mod draw;
mod exhaustive;
#[path = "../fuzz/targets/free_ways.rs"]
mod free_ways;
mod lockstep;
mod mutants;
mod oracles;
mod policies;
mod replays;
mod script;
mod shrinking;
mod sites;
mod steps;
mod swarm;
mod table;
mod twin;
