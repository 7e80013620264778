//! Randomness: one stream of one seed for every subsystem and every person, so that one more draw here moves
//! nothing there, and a person left out changes nobody else.

use crate::record::PersonId;
use bevy::prelude::*;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

/// Marks the streams of persons, which are numbered; streams with names are hashed into the rest.
const PERSONS: u64 = 1 << 63;

/// Where random streams come from.
#[derive(Resource, Clone, Copy, Debug)]
pub(super) struct SimRng {
    seed: u64,
}

impl SimRng {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The stream of a subsystem.
    pub(super) fn named(self, name: &str) -> ChaCha8Rng {
        // FNV-1a: stable over versions of everything, unlike the standard library's hashers.
        let hash =
            name.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3));
        self.stream(hash & !PERSONS)
    }

    /// The stream of a person.
    pub(super) fn person(self, person: PersonId) -> ChaCha8Rng {
        self.stream(PERSONS | u64::from(person.0))
    }

    fn stream(self, stream: u64) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(stream);
        rng
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    #[test]
    fn streams_are_apart_and_repeat() {
        let rng = SimRng::new(7);
        let draw = |mut r: ChaCha8Rng| r.next_u64();
        assert_eq!(draw(rng.named("arrivals")), draw(rng.named("arrivals")));
        assert_ne!(draw(rng.named("arrivals")), draw(rng.named("faults")));
        assert_ne!(draw(rng.person(PersonId(0))), draw(rng.person(PersonId(1))));
        assert_ne!(draw(rng.named("arrivals")), draw(SimRng::new(8).named("arrivals")));
    }
}
