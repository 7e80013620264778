//! The verification layer: swarm, shrinker, seeds, and faulty controllers.

mod swarm;
