//! What either end is told about its line and its devices.

use super::codec::Check;
use super::key::Key;
use crate::apb::time::Span;
use crate::hil::line::Settings as Line;
use crate::hil::message::CardFormat;
use std::hash::{BuildHasher, RandomState};
use thiserror::Error;

/// The highest address of a peripheral; 127 means all of them.
pub const MAX_ADDRESS: u8 = 126;

/// Whether a control panel talks to a peripheral in the open.
#[derive(Clone, Debug, Default)]
pub enum Security {
    /// In the open: anybody on the line can read and forge what is said.
    #[default]
    Plain,
    /// In a secure channel with this key, or not at all.
    Key(Key),
    /// As with [`Key`](Self::Key); a peripheral that has no key of its own yet is given this one, in a
    /// channel with the key that everybody knows. For the minutes of an installation, on a line that nobody
    /// else is at.
    Install(Key),
}

/// One peripheral, as its control panel is told.
#[derive(Clone, Debug, Default)]
pub struct Device {
    /// Its address, 0 to [`MAX_ADDRESS`].
    pub address: u8,
    /// How frames to it are checked; it answers alike.
    pub check: Check,
    /// Whether there is a secure channel.
    pub security: Security,
    /// How the numbers of its cards are laid out.
    pub format: CardFormat,
}

/// What a control panel is told.
#[derive(Clone, Debug)]
pub struct PanelSettings {
    /// The line, for the time that frames take on it.
    pub line: Line,
    /// From one poll of a peripheral to the next while there is nothing else to ask it.
    pub poll: Span,
    /// How long a peripheral may think before its answer begins.
    pub answer: Span,
    /// How long a peripheral may leave everything unanswered before it is said to be gone.
    pub offline: Span,
    /// After how long a silence what a peripheral reports first may be old.
    pub stale: Span,
    /// What a granted, denied or busy lamp stays on for; counted in tenths of a second.
    pub lamp: Span,
    /// Where the random numbers of the secure channel come from; see [`fresh_seed`].
    pub seed: [u8; 32],
    /// The peripherals of the line.
    pub devices: Vec<Device>,
}

impl Default for PanelSettings {
    /// One peripheral with address 0, in the open. 50 ms is `LibOSDP`'s poll period; 200 ms and 8 s are
    /// OSDP's (2.2, 5.7). The span after which a read may be old, 2 s, and the lamp's 2 s are assumed.
    fn default() -> Self {
        Self {
            line: Line::default(),
            poll: Span::millis(50),
            answer: Span::millis(200),
            offline: Span::seconds(8),
            stale: Span::seconds(2),
            lamp: Span::seconds(2),
            seed: [0; 32],
            devices: vec![Device::default()],
        }
    }
}

/// Whether an emulated reader talks in the open.
#[derive(Clone, Debug, Default)]
pub enum ReaderSecurity {
    /// In the open; it knows of no secure channel.
    #[default]
    Plain,
    /// In a secure channel with this key; in the open it only says who it is.
    Key(Key),
    /// It has no key yet and takes the first it is given, in a channel with the key that everybody knows.
    Install,
}

/// What an emulated reader says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The maker's number (an IEEE OUI).
    pub vendor: [u8; 3],
    /// The maker's model.
    pub model: u8,
    /// Its version.
    pub version: u8,
    /// Its serial number.
    pub serial: u32,
    /// Its firmware.
    pub firmware: [u8; 3],
}

impl Default for Identity {
    /// No maker has number zero.
    fn default() -> Self {
        Self { vendor: [0; 3], model: 1, version: 1, serial: 1, firmware: [0, 1, 0] }
    }
}

impl Identity {
    /// The client identifier of the secure channel: the first eight bytes of the identification.
    pub fn client(&self) -> [u8; 8] {
        let [a, b, c] = self.vendor;
        let [s, t, u, _] = self.serial.to_le_bytes();
        [a, b, c, self.model, self.version, s, t, u]
    }
}

/// One emulated reader.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Its address, 0 to [`MAX_ADDRESS`].
    pub address: u8,
    /// What it says about itself.
    pub identity: Identity,
    /// Whether there is a secure channel.
    pub security: ReaderSecurity,
    /// How the numbers of its cards are laid out.
    pub format: CardFormat,
    /// How many inputs it reports.
    pub inputs: u8,
    /// How many outputs it has.
    pub outputs: u8,
    /// Whether it has a lamp.
    pub lamp: bool,
    /// Whether it has a buzzer.
    pub buzzer: bool,
    /// Whether it shows texts.
    pub text: bool,
    /// The colour the panel has the lamp show at rest: to set it for good shows nothing. A panel that sets a
    /// temporary and a permanent colour at once tells which it is.
    pub rest: Option<Colour>,
    /// How many reads wait for the next poll at most.
    pub queue: usize,
}

impl Default for Reader {
    /// Address 0, in the open, with two inputs and outputs, a lamp, a buzzer, a line of text.
    fn default() -> Self {
        Self {
            address: 0,
            identity: Identity::default(),
            security: ReaderSecurity::Plain,
            format: CardFormat::default(),
            inputs: 2,
            outputs: 2,
            lamp: true,
            buzzer: true,
            text: true,
            rest: None,
            queue: 16,
        }
    }
}

/// A lamp's colour, as OSDP numbers them (2.2, table 18).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Off.
    Black,
    /// Red.
    Red,
    /// Green.
    Green,
    /// Amber.
    Amber,
    /// Blue, magenta, cyan or white.
    Other,
}

/// What a peripheral, that is, one or several emulated readers on one line, is told.
#[derive(Clone, Debug)]
pub struct PeripheralSettings {
    /// The line: its speed is what a reader says when it is asked to change it.
    pub line: Line,
    /// How long a control panel may be silent before it is said to be gone.
    pub offline: Span,
    /// Where the random numbers of the secure channel come from; see [`fresh_seed`].
    pub seed: [u8; 32],
    /// The readers.
    pub readers: Vec<Reader>,
}

impl Default for PeripheralSettings {
    /// One reader with address 0. 8 s: OSDP 2.2, 5.7.
    fn default() -> Self {
        Self {
            line: Line::default(),
            offline: Span::seconds(8),
            seed: [0; 32],
            readers: vec![Reader::default()],
        }
    }
}

/// What is wrong with the list of devices of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadDevices {
    /// There are none.
    #[error("a line needs a device")]
    None,
    /// An address is out of range.
    #[error("address {0} is out of range; addresses are 0 to {MAX_ADDRESS}")]
    Address(u8),
    /// An address comes twice.
    #[error("two devices have address {0}")]
    Twice(u8),
}

/// Whether these can be the addresses of one line.
pub(super) fn check_addresses(addresses: &[u8]) -> Result<(), BadDevices> {
    if addresses.is_empty() {
        return Err(BadDevices::None);
    }
    for (i, address) in addresses.iter().enumerate() {
        if *address > MAX_ADDRESS {
            return Err(BadDevices::Address(*address));
        }
        if addresses[..i].contains(address) {
            return Err(BadDevices::Twice(*address));
        }
    }
    Ok(())
}

/// A seed that nobody can guess, from what the system gives every process for its hash tables. Tests take one
/// of their own instead, so that they repeat.
pub fn fresh_seed() -> [u8; 32] {
    let mut seed = [0; 32];
    for (i, part) in seed.chunks_exact_mut(8).enumerate() {
        part.copy_from_slice(&RandomState::new().hash_one(i).to_le_bytes());
    }
    seed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_in_range_and_differ() {
        assert_eq!(check_addresses(&[0, 126]), Ok(()));
        assert_eq!(check_addresses(&[]), Err(BadDevices::None));
        assert_eq!(check_addresses(&[127]), Err(BadDevices::Address(127)));
        assert_eq!(check_addresses(&[3, 4, 3]), Err(BadDevices::Twice(3)));
    }

    #[test]
    fn no_two_seeds_are_alike() {
        assert_ne!(fresh_seed(), fresh_seed());
        assert_ne!(fresh_seed()[..8], fresh_seed()[8..16]);
    }
}
