//! The verification layer: the reference model beside the controller; and, with the world, swarm, oracles,
//! shrinker and faulty controllers.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod dice;
mod draw;
mod lockstep;
mod policies;
mod script;
mod sites;
mod steps;
mod twin;

#[cfg(feature = "sim")]
mod mutants;
#[cfg(feature = "sim")]
mod oracles;
#[cfg(feature = "sim")]
mod shrinking;
#[cfg(feature = "sim")]
mod swarm;
