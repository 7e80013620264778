//! The hashes that chain a journal's rows together.
//!
//! What is hashed is a list of parts, each with its length before it, the first a word for what is hashed: no
//! two different lists are the same bytes, and no entry can pass for a checkpoint.

use crate::apb::site::SiteParts;
use crate::apb::time::Time;
use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::str::FromStr;

/// A SHA-256 hash. Shown and read as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hash([u8; 32]);

/// A text that is no hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a hash is 64 hexadecimal digits, as `apbrig journal verify` prints it")]
pub struct BadHash;

impl Hash {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The hash that a row holds; `None`: not 32 bytes.
    pub(super) fn of_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for Hash {
    type Err = BadHash;
    fn from_str(text: &str) -> Result<Self, BadHash> {
        if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(BadHash);
        }
        let mut bytes = [0; 32];
        for (i, byte) in bytes.iter_mut().enumerate() {
            let digits = text.get(2 * i..2 * i + 2).ok_or(BadHash)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| BadHash)?;
        }
        Ok(Self(bytes))
    }
}

fn hash(parts: &[&[u8]]) -> Hash {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    Hash(hash.finalize().into())
}

/// The fingerprint of a site: the hash of its tables, names and all.
pub(super) fn fingerprint(site: &SiteParts) -> Result<Hash, serde_json::Error> {
    Ok(hash(&[b"apbrig.journal/1 site", &serde_json::to_vec(site)?]))
}

/// What stands in the place of the hash before the first entry.
pub(super) fn genesis(site: &str, fingerprint: &Hash) -> Hash {
    hash(&[b"apbrig.journal/1 genesis", site.as_bytes(), fingerprint.bytes()])
}

/// The hash of an entry.
pub(super) fn entry(seq: u64, at: Time, event: &[u8], prev: &[u8]) -> Hash {
    hash(&[b"apbrig.journal/1 entry", &seq.to_be_bytes(), &at.0.to_be_bytes(), event, prev])
}

/// The digest of a checkpoint's state.
pub(super) fn state(state: &[u8]) -> Hash {
    hash(&[b"apbrig.journal/1 state", state])
}

/// The hash of a checkpoint that stands before entry `seq`.
pub(super) fn mark(seq: u64, state: &[u8], prev: &[u8]) -> Hash {
    hash(&[b"apbrig.journal/1 checkpoint", &seq.to_be_bytes(), state, prev])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_is_the_documented_one() {
        // printf '\0\0\0\0\0\0\0\1a\0\0\0\0\0\0\0\2bc' | sha256sum
        let expected = "3fafa1cf2f19a7c1129beb20cf0983f73a489a221fc0dd2f16d1be292d089205";
        assert_eq!(hash(&[b"a", b"bc"]).to_string(), expected);
    }

    #[test]
    fn every_part_of_an_entry_counts() {
        let prev = [7; 32];
        let is = entry(1, Time(2), b"x", &prev);
        for other in [
            entry(2, Time(2), b"x", &prev),
            entry(1, Time(3), b"x", &prev),
            entry(1, Time(2), b"y", &prev),
            entry(1, Time(2), b"x", &[8; 32]),
            mark(1, b"x", &prev),
        ] {
            assert_ne!(is, other);
        }
    }

    #[test]
    fn hashes_are_read_as_they_are_shown() {
        let is = genesis("site", &state(b""));
        assert_eq!(is.to_string().parse(), Ok(is));
        assert_eq!(is.to_string().to_uppercase().parse(), Ok(is));
        for bad in ["", "12", &is.to_string()[1..], &format!("{is}0"), &format!("+{}", &is.to_string()[1..])]
        {
            assert_eq!(bad.parse::<Hash>(), Err(BadHash), "{bad}");
        }
    }
}
