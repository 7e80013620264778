//! The verification layer: swarm, oracles, shrinker, and faulty controllers.

mod mutants;
mod oracles;
mod shrinking;
mod swarm;
