//! Keys of the secure channel: where they come from, and that they are shown nowhere.

use std::fmt;
use std::path::Path;
use thiserror::Error;

/// The bytes of a key: AES-128.
const BYTES: usize = 16;

/// A key of the secure channel. Neither `Debug` nor `Display` show it; its memory is overwritten when it
/// goes.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; BYTES]);

/// Why there is no key.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The text has another count of digits.
    #[error("{found} hexadecimal digits where a key has 32 (16 bytes)")]
    Length {
        /// How many there are.
        found: usize,
    },
    /// The text has something else than digits. What it is, is not said: it may be part of a key.
    #[error("character {at} is no hexadecimal digit")]
    Digit {
        /// Its place, counted from 1, white space left out.
        at: usize,
    },
    /// The file cannot be read.
    #[error("{path}: {source}")]
    File {
        /// Which file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The environment variable is not there, or is no text.
    #[error("environment variable {name} is not set")]
    Variable {
        /// Its name.
        name: String,
    },
    /// Something is wrong with the key that was found in a file or a variable.
    #[error("{place}: {wrong}")]
    Within {
        /// The file or variable.
        place: String,
        /// What is wrong.
        wrong: Box<KeyError>,
    },
}

impl KeyError {
    fn within(self, place: impl Into<String>) -> Self {
        Self::Within { place: place.into(), wrong: Box::new(self) }
    }
}

impl Key {
    /// These bytes.
    pub const fn new(bytes: [u8; BYTES]) -> Self {
        Self(bytes)
    }

    /// From 32 hexadecimal digits; white space between them does not matter.
    ///
    /// # Errors
    /// Too few, too many, or other characters.
    pub fn from_hex(text: &str) -> Result<Self, KeyError> {
        let mut bytes = [0; BYTES];
        let mut found = 0;
        for symbol in text.chars().filter(|c| !c.is_whitespace()) {
            let digit = symbol.to_digit(16).and_then(|digit| u8::try_from(digit).ok());
            let digit = digit.ok_or(KeyError::Digit { at: found + 1 })?;
            if let Some(byte) = bytes.get_mut(found / 2) {
                *byte = *byte << 4 | digit;
            }
            found += 1;
        }
        if found != 2 * BYTES {
            return Err(KeyError::Length { found });
        }
        Ok(Self(bytes))
    }

    /// From a file that holds 32 hexadecimal digits.
    ///
    /// # Errors
    /// It cannot be read, or holds no key; the error names the file.
    pub fn from_file(path: &Path) -> Result<Self, KeyError> {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path);
        let text = text.map_err(|source| KeyError::File { path: shown.clone(), source })?;
        Self::from_hex(&text).map_err(|wrong| wrong.within(shown))
    }

    /// From an environment variable that holds 32 hexadecimal digits.
    ///
    /// # Errors
    /// It is not set, or holds no key; the error names the variable.
    pub fn from_variable(name: &str) -> Result<Self, KeyError> {
        let text = std::env::var(name).map_err(|_| KeyError::Variable { name: name.into() })?;
        Self::from_hex(&text).map_err(|wrong| wrong.within(name))
    }

    pub(super) fn bytes(&self) -> [u8; BYTES] {
        self.0
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        self.0 = [0; BYTES];
        // Otherwise the compiler may leave out a write that nobody reads.
        std::hint::black_box(&mut self.0);
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    const HEX: &str = "00112233 44556677\n8899aabb CCDDEEFF\n";

    #[test]
    fn hexadecimal_digits_are_a_key_and_never_shown() {
        let key = Key::from_hex(HEX).unwrap();
        assert_eq!(key.bytes()[..3], [0x00, 0x11, 0x22]);
        assert_eq!(key.bytes()[15], 0xFF);
        assert_eq!(format!("{key} {key:?}"), "… Key(…)");
    }

    #[test]
    fn a_wrong_count_and_a_wrong_character_are_told_apart() {
        let said = |text: &str| Key::from_hex(text).unwrap_err().to_string();
        assert_eq!(said("0011"), "4 hexadecimal digits where a key has 32 (16 bytes)");
        assert_eq!(said(&"0".repeat(33)), "33 hexadecimal digits where a key has 32 (16 bytes)");
        assert_eq!(said("0x11"), "character 2 is no hexadecimal digit");
    }

    #[test]
    fn a_file_is_named_in_what_is_wrong_with_it() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(HEX.as_bytes()).unwrap();
        assert_eq!(Key::from_file(file.path()).unwrap(), Key::from_hex(HEX).unwrap());
        file.write_all(b"0").unwrap();
        let said = Key::from_file(file.path()).unwrap_err().to_string();
        assert_eq!(
            said,
            format!("{}: 33 hexadecimal digits where a key has 32 (16 bytes)", file.path().display())
        );
        assert!(
            Key::from_file(Path::new("/nowhere/key")).unwrap_err().to_string().starts_with("/nowhere/key: ")
        );
    }

    #[test]
    fn a_variable_that_is_not_set_is_named() {
        let said = Key::from_variable("APBRIG_NO_SUCH_KEY").unwrap_err().to_string();
        assert_eq!(said, "environment variable APBRIG_NO_SUCH_KEY is not set");
    }
}
