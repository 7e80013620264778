//! A board with outputs and inputs: its address, and where they lie in its tables.

use super::framing::Framing;
use super::pdu::{Ask, Table};
use crate::hil::capability::{Capabilities, Capability};

/// Where a board's outputs lie. Addresses count from 0, as on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outputs {
    /// One coil each.
    Coils {
        /// The address of output 0.
        first: u16,
        /// How many there are, at most 256; 0: none.
        count: u16,
    },
    /// One holding register each.
    Words {
        /// The address of output 0.
        first: u16,
        /// How many there are, at most 125.
        count: u16,
        /// What is written for on; anything else reads as off.
        on: u16,
        /// What is written for off.
        off: u16,
    },
    /// One bit each, lowest first, 16 to a holding register.
    Bits {
        /// The address of the register of output 0.
        first: u16,
        /// How many there are, at most 256.
        count: u16,
    },
}

/// Where a board's inputs lie. Addresses count from 0, as on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inputs {
    /// One discrete input each.
    Discretes {
        /// The address of input 0.
        first: u16,
        /// How many there are, at most 256; 0: none.
        count: u16,
    },
    /// One bit each, lowest first, 16 to an input register.
    InputBits {
        /// The address of the register of input 0.
        first: u16,
        /// How many there are, at most 256.
        count: u16,
    },
    /// One bit each, lowest first, 16 to a holding register.
    HoldingBits {
        /// The address of the register of input 0.
        first: u16,
        /// How many there are, at most 256.
        count: u16,
    },
}

/// One device on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// A board with outputs and inputs.
    Board(Board),
    /// A turnstile of LOT Group, with registers of its own, and its address.
    Lot(u8),
}

impl From<Board> for Device {
    fn from(board: Board) -> Self {
        Self::Board(board)
    }
}

impl Device {
    /// Its address.
    pub fn id(&self) -> u8 {
        match self {
            Self::Board(board) => board.id,
            Self::Lot(id) => *id,
        }
    }
}

/// One board on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Board {
    /// Its address: 1 to 247 over RTU, any over TCP.
    pub id: u8,
    /// Where its outputs lie.
    pub outputs: Outputs,
    /// Where its inputs lie.
    pub inputs: Inputs,
}

/// Bits in one register.
const WORD: u16 = 16;

/// A run of entries of one table that is read with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// The table.
    pub(super) table: Table,
    /// The first address.
    pub(super) first: u16,
    /// How many entries.
    pub(super) entries: u16,
}

impl Run {
    /// The place of an address in the run, if it lies there.
    pub(super) fn place(&self, table: Table, at: u16) -> Option<usize> {
        let place = at.checked_sub(self.first).filter(|place| *place < self.entries)?;
        (table == self.table).then_some(usize::from(place))
    }

    /// Whether two runs share an entry.
    fn meets(&self, other: &Self) -> bool {
        let end = |run: &Self| u32::from(run.first) + u32::from(run.entries);
        self.table == other.table
            && u32::from(self.first) < end(other)
            && u32::from(other.first) < end(self)
            && self.entries.min(other.entries) > 0
    }

    /// What asks for all of it; `None`: there is nothing in it.
    pub(super) fn ask(&self) -> Option<Ask> {
        (self.entries > 0).then_some(Ask::Read(self.table, self.first, self.entries))
    }
}

impl Outputs {
    /// How many outputs there are.
    pub fn count(&self) -> u16 {
        match *self {
            Self::Coils { count, .. } | Self::Words { count, .. } | Self::Bits { count, .. } => count,
        }
    }

    /// The same with so many of them.
    #[must_use]
    pub fn of(self, count: u16) -> Self {
        match self {
            Self::Coils { first, .. } => Self::Coils { first, count },
            Self::Words { first, on, off, .. } => Self::Words { first, count, on, off },
            Self::Bits { first, .. } => Self::Bits { first, count },
        }
    }

    /// The entries that hold them.
    pub(super) fn run(&self) -> Run {
        match *self {
            Self::Coils { first, count } => Run { table: Table::Coils, first, entries: count },
            Self::Words { first, count, .. } => Run { table: Table::Holdings, first, entries: count },
            Self::Bits { first, count } => {
                Run { table: Table::Holdings, first, entries: count.div_ceil(WORD) }
            }
        }
    }
}

impl Inputs {
    /// How many inputs there are.
    pub fn count(&self) -> u16 {
        match *self {
            Self::Discretes { count, .. }
            | Self::InputBits { count, .. }
            | Self::HoldingBits { count, .. } => count,
        }
    }

    /// The same with so many of them.
    #[must_use]
    pub fn of(self, count: u16) -> Self {
        match self {
            Self::Discretes { first, .. } => Self::Discretes { first, count },
            Self::InputBits { first, .. } => Self::InputBits { first, count },
            Self::HoldingBits { first, .. } => Self::HoldingBits { first, count },
        }
    }

    /// The entries that hold them.
    pub(super) fn run(&self) -> Run {
        match *self {
            Self::Discretes { first, count } => Run { table: Table::Discretes, first, entries: count },
            Self::InputBits { first, count } => {
                Run { table: Table::Inputs, first, entries: count.div_ceil(WORD) }
            }
            Self::HoldingBits { first, count } => {
                Run { table: Table::Holdings, first, entries: count.div_ceil(WORD) }
            }
        }
    }
}

/// The state of so many bits in these words, lowest bit first.
pub(super) fn bits_of(words: &[u16], count: u16) -> Vec<bool> {
    let bits = words.iter().flat_map(|word| (0..WORD).map(move |bit| word >> bit & 1 == 1));
    bits.take(usize::from(count)).collect()
}

/// The word with this place in which these bits lie.
pub(super) fn word_of(bits: &[bool], place: usize) -> u16 {
    let own = bits.iter().skip(place * usize::from(WORD)).take(usize::from(WORD));
    own.enumerate().fold(0, |word, (bit, on)| word | u16::from(*on) << bit)
}

impl Board {
    /// So many coils and discrete inputs from address 0 on: what most boards have.
    pub fn plain(id: u8, outputs: u16, inputs: u16) -> Self {
        Self {
            id,
            outputs: Outputs::Coils { first: 0, count: outputs },
            inputs: Inputs::Discretes { first: 0, count: inputs },
        }
    }

    /// What it can carry.
    pub fn capabilities(&self) -> Capabilities {
        let outputs = Capabilities::of(&[Capability::Outputs, Capability::ReadBack]);
        let inputs = Capabilities::of(&[Capability::Inputs]);
        let mut all = Capabilities::of(&[Capability::Supervision]);
        if self.outputs.count() > 0 {
            all = all.and(outputs);
        }
        if self.inputs.count() > 0 {
            all = all.and(inputs);
        }
        all
    }

    /// Checks that it can be.
    ///
    /// # Errors
    /// What cannot.
    pub fn check(&self, framing: Framing) -> Result<(), String> {
        /// Orders and reports number outputs and inputs with one byte.
        const BITS_MAX: u16 = 256;
        const WORDS_MAX: u16 = 125;
        let id = self.id;
        check_id(id, framing)?;
        let most = if matches!(self.outputs, Outputs::Words { .. }) { WORDS_MAX } else { BITS_MAX };
        for (what, count, most, run) in [
            ("outputs", self.outputs.count(), most, self.outputs.run()),
            ("inputs", self.inputs.count(), BITS_MAX, self.inputs.run()),
        ] {
            if count > most {
                return Err(format!("board {id}: {count} {what}, at most {most} can be"));
            }
            if run.first.checked_add(run.entries.saturating_sub(1)).is_none() {
                return Err(format!("board {id}: its {what} go beyond address 65535"));
            }
        }
        if let Outputs::Words { on, off, .. } = self.outputs
            && on == off
        {
            return Err(format!("board {id}: on and off are both written as {on}"));
        }
        if self.outputs.run().meets(&self.inputs.run()) {
            return Err(format!("board {id}: its outputs and inputs lie in the same registers"));
        }
        if self.outputs.count() == 0 && self.inputs.count() == 0 {
            return Err(format!("board {id}: it has neither outputs nor inputs"));
        }
        Ok(())
    }
}

fn check_id(id: u8, framing: Framing) -> Result<(), String> {
    /// The highest address on a serial line (Modbus over serial line 1.02, section 2.2).
    const ID_MAX: u8 = 247;
    match framing.is_tcp() || (1..=ID_MAX).contains(&id) {
        true => Ok(()),
        false => Err(format!("board {id}: addresses on a serial line go from 1 to {ID_MAX}")),
    }
}

/// Checks the devices of one line.
///
/// # Errors
/// What cannot be.
pub(super) fn check_all(devices: &[Device], framing: Framing) -> Result<(), String> {
    for (i, device) in devices.iter().enumerate() {
        match device {
            Device::Board(board) => board.check(framing)?,
            Device::Lot(id) => check_id(*id, framing)?,
        }
        if devices[..i].iter().any(|other| other.id() == device.id()) {
            return Err(format!("two boards have the address {}", device.id()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hil::line::Settings;

    #[test]
    fn bits_lie_in_words_lowest_first() {
        let bits: Vec<bool> = (0..20).map(|i| i == 1 || i == 17).collect();
        assert_eq!((word_of(&bits, 0), word_of(&bits, 1)), (2, 2));
        assert_eq!(bits_of(&[2, 2], 20), bits);
    }

    #[test]
    fn it_carries_what_it_has() {
        let both = Board::plain(1, 1, 1).capabilities();
        assert!(
            both.has(Capability::Outputs) && both.has(Capability::ReadBack) && both.has(Capability::Inputs)
        );
        assert!(!Board::plain(1, 0, 1).capabilities().has(Capability::ReadBack));
    }

    #[test]
    fn a_board_that_cannot_be_is_refused() {
        let rtu = Framing::Rtu(Settings::default());
        assert_eq!(Board::plain(247, 256, 256).check(rtu), Ok(()));
        assert_eq!(Board::plain(0, 1, 0).check(Framing::Tcp), Ok(()));
        let words = |count, on, off| Outputs::Words { first: 0, count, on, off };
        let wrong = [
            Board::plain(0, 1, 1),
            Board::plain(248, 1, 1),
            Board::plain(1, 257, 1),
            Board::plain(1, 0, 0),
            Board { inputs: Inputs::Discretes { first: 65_535, count: 2 }, ..Board::plain(1, 1, 0) },
            Board { outputs: words(126, 1, 0), ..Board::plain(1, 0, 1) },
            Board { outputs: words(1, 1, 1), ..Board::plain(1, 0, 1) },
            Board { outputs: words(4, 1, 0), inputs: Inputs::HoldingBits { first: 3, count: 1 }, id: 1 },
        ];
        for board in wrong {
            assert!(board.check(rtu).is_err(), "{board:?}");
        }
        let same = [Board::plain(1, 1, 1).into(), Device::Lot(1)];
        assert!(check_all(&same, rtu).is_err() && check_all(&same[..1], rtu).is_ok());
        assert!(check_all(&[Device::Lot(0)], rtu).is_err());
    }
}
