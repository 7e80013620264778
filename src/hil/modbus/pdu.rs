//! What is asked and answered, in the protocol's own words, without framing.

use std::fmt;

/// One of the four tables of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Table {
    /// Bits that are read and written.
    Coils,
    /// Bits that are only read.
    Discretes,
    /// Words that are only read.
    Inputs,
    /// Words that are read and written.
    Holdings,
}

impl Table {
    /// The words for people, for several entries.
    fn name(self) -> &'static str {
        match self {
            Self::Coils => "coils",
            Self::Discretes => "discrete inputs",
            Self::Inputs => "input registers",
            Self::Holdings => "holding registers",
        }
    }

    /// The function that reads it (Modbus application protocol 1.1b3, section 6).
    pub(super) fn function(self) -> u8 {
        match self {
            Self::Coils => 1,
            Self::Discretes => 2,
            Self::Holdings => 3,
            Self::Inputs => 4,
        }
    }

    /// Whether its entries are single bits.
    pub(super) fn is_bits(self) -> bool {
        matches!(self, Self::Coils | Self::Discretes)
    }
}

/// What a master asks of a slave. Addresses count from 0, as on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// Read so many entries of a table from this address on.
    Read(Table, u16, u16),
    /// Write one coil.
    Coil(u16, bool),
    /// Write one holding register.
    Word(u16, u16),
    /// Write holding registers from this address on.
    Words(u16, Vec<u16>),
}

impl Ask {
    /// Its function code.
    pub(super) fn function(&self) -> u8 {
        match self {
            Self::Read(table, _, _) => table.function(),
            Self::Coil(..) => 5,
            Self::Word(..) => 6,
            Self::Words(..) => 16,
        }
    }

    /// The bytes of data in the answer beside unit and function.
    pub(super) fn reply_bytes(&self) -> usize {
        match self {
            Self::Read(table, _, count) => 1 + data_bytes(*table, *count),
            Self::Coil(..) | Self::Word(..) | Self::Words(..) => 4,
        }
    }
}

/// The bytes that so many entries of a table take.
pub(super) fn data_bytes(table: Table, count: u16) -> usize {
    let count = usize::from(count);
    if table.is_bits() { count.div_ceil(8) } else { 2 * count }
}

impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(table, at, count) => write!(f, "reading {count} {} from {at}", table.name()),
            Self::Coil(at, on) => write!(f, "writing coil {at} {}", if *on { "on" } else { "off" }),
            Self::Word(at, word) => write!(f, "writing holding register {at} to {word}"),
            Self::Words(at, words) => write!(f, "writing {} holding registers from {at}", words.len()),
        }
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The bits that were asked for, as many as were asked for.
    Bits(Vec<bool>),
    /// The words that were asked for, as many as were asked for.
    Words(Vec<u16>),
    /// Written.
    Done,
    /// Refused.
    Exception(u8),
}

/// A function that the slave does not have.
pub(super) const ILLEGAL_FUNCTION: u8 = 1;
/// An entry that the slave does not have.
pub(super) const ILLEGAL_ADDRESS: u8 = 2;
/// A value or count that cannot be.
pub(super) const ILLEGAL_VALUE: u8 = 3;
/// Accepted, not done yet.
const ACKNOWLEDGE: u8 = 5;
/// Not now.
const BUSY: u8 = 6;

/// Whether an exception means: ask again.
pub(super) fn is_passing(exception: u8) -> bool {
    matches!(exception, ACKNOWLEDGE | BUSY)
}

/// The name of an exception (Modbus application protocol 1.1b3, section 7).
pub(super) fn exception_name(exception: u8) -> String {
    let name = match exception {
        ILLEGAL_FUNCTION => "illegal function",
        ILLEGAL_ADDRESS => "illegal data address",
        ILLEGAL_VALUE => "illegal data value",
        4 => "device failure",
        ACKNOWLEDGE => "acknowledged, still at it",
        BUSY => "device busy",
        8 => "memory parity error",
        10 => "gateway path unavailable",
        11 => "gateway target does not respond",
        _ => "not in the standard",
    };
    format!("exception {exception} ({name})")
}
