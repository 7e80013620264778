//! Random draws, all from one stream.

use crate::verify::tree::Value;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

/// A stream of random draws.
#[derive(Debug)]
pub struct Draw {
    rng: ChaCha8Rng,
}

impl Draw {
    /// The stream of case `case` of the swarm with this seed. Cases do not depend on one another.
    pub fn of_case(seed: u64, case: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(case);
        Self { rng }
    }

    /// A number from `least` to `greatest`, both included.
    pub fn between(&mut self, least: u64, greatest: u64) -> u64 {
        self.rng.random_range(least..=greatest)
    }

    /// The same for small numbers.
    pub fn small(&mut self, least: u16, greatest: u16) -> u16 {
        self.rng.random_range(least..=greatest)
    }

    /// Any number.
    pub fn any(&mut self) -> u64 {
        self.rng.random()
    }

    /// True so often, in percent.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.rng.random_range(0..100) < percent
    }

    /// One of these, if there are any.
    pub fn pick<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        if of.is_empty() {
            return None;
        }
        let index = self.rng.random_range(0..of.len());
        of.get(index).cloned()
    }

    /// One of these words.
    pub fn word(&mut self, of: &[&'static str]) -> Value {
        Value::Word(self.pick(of).unwrap_or_default())
    }

    /// A length of time in milliseconds: now and then an end of the range, mostly round.
    pub fn millis(&mut self, least: u64, greatest: u64) -> Value {
        Value::Millis(self.time(least, greatest))
    }

    /// The same as a bare number.
    pub fn time(&mut self, least: u64, greatest: u64) -> u64 {
        let step = self.pick(&[1, 10, 50, 250, 1_000, 1_000]).unwrap_or(1);
        match self.between(0, 11) {
            0 => least,
            1 => greatest,
            _ => (self.between(least, greatest) / step * step).max(least),
        }
    }

    /// A number in thousandths, in steps of fifty of them.
    pub fn milli(&mut self, least: u64, greatest: u64) -> Value {
        Value::Milli((self.between(least, greatest) / 50 * 50).max(least))
    }
}
