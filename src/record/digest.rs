//! The digest of a run: one number that two runs share exactly if they observed the same things in the same
//! order.
//!
//! It is the SHA-256 of the observation lines as the record writes them, each with its line feed. Header and
//! footer are left out, so the digest does not depend on the version of apbrig, on the seed or on comments in
//! the scenario: only on what happened. A run that writes no file has the same digest as one that does.

use super::observation::Observation;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// Writes observations as lines, and digests them, one at a time and without allocating.
#[derive(Clone, Debug, Default)]
pub struct DigestWriter {
    line: Vec<u8>,
    hash: Sha256,
    observations: u64,
}

impl DigestWriter {
    /// A digest of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes one observation in, and returns it as the record's line, line feed included.
    ///
    /// Every observation has a form in JSON. Should one ever have none, its line says why instead; such a
    /// line cannot be read back, and the reader names it.
    pub fn observe(&mut self, observation: &Observation) -> &[u8] {
        self.line.clear();
        if let Err(error) = serde_json::to_writer(&mut self.line, observation) {
            self.line.clear();
            self.line.extend_from_slice(format!("not representable: {error}").as_bytes());
        }
        self.line.push(b'\n');
        self.hash.update(&self.line);
        self.observations += 1;
        &self.line
    }

    /// Takes in a line that was read from a record, line feed included.
    pub(super) fn read_back(&mut self, line: &[u8]) {
        self.hash.update(line);
        self.observations += 1;
    }

    /// How many observations went in.
    pub fn observations(&self) -> u64 {
        self.observations
    }

    /// The digest, 64 hexadecimal digits.
    pub fn finish(self) -> String {
        let mut text = String::with_capacity(64);
        for byte in self.hash.finalize() {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apb::time::Time;
    use crate::record::What;

    fn checkpoint(at: u64, people: u32) -> Observation {
        Observation { at: Time(at), what: What::Checkpoint { people, hash: 7 } }
    }

    fn digest(observations: &[Observation]) -> String {
        let mut writer = DigestWriter::new();
        for observation in observations {
            writer.observe(observation);
        }
        writer.finish()
    }

    #[test]
    fn nothing_has_the_digest_of_the_empty_message() {
        // The SHA-256 of no bytes, from FIPS 180-4's test data.
        assert_eq!(digest(&[]), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    #[test]
    fn a_line_is_compact_json_and_a_line_feed() {
        let mut writer = DigestWriter::new();
        let line = writer.observe(&checkpoint(5, 2)).to_vec();
        assert_eq!(line, b"{\"at\":5,\"what\":{\"checkpoint\":{\"people\":2,\"hash\":7}}}\n");
        assert_eq!(writer.observations(), 1);
    }

    #[test]
    fn order_and_content_both_count() {
        let (a, b) = (checkpoint(1, 2), checkpoint(1, 3));
        assert_eq!(digest(&[a.clone(), b.clone()]), digest(&[a.clone(), b.clone()]));
        assert_ne!(digest(&[a.clone(), b.clone()]), digest(&[b, a]));
    }
}
