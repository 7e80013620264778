//! What an emulated board holds, as its master sees it.

use super::board::{Board, Inputs, Outputs, bits_of, word_of};
use super::pdu::Table;
use super::serve::Memory;

/// An emulated board: the state of its outputs and inputs.
#[derive(Clone, Debug)]
pub(super) struct Emulated {
    pub(super) board: Board,
    outputs: Vec<bool>,
    inputs: Vec<bool>,
    /// Outputs that changed since they were last taken, in order.
    changed: Vec<(u8, bool)>,
}

impl Emulated {
    /// A board with everything off.
    pub(super) fn new(board: Board) -> Self {
        let off = |count: u16| vec![false; usize::from(count)];
        let (outputs, inputs) = (off(board.outputs.count()), off(board.inputs.count()));
        Self { board, outputs, inputs, changed: Vec::new() }
    }

    /// The outputs that changed since this was last asked, in order.
    pub(super) fn take_changed(&mut self) -> Vec<(u8, bool)> {
        std::mem::take(&mut self.changed)
    }

    /// Sets an input; `false`: there is none with this number.
    pub(super) fn set_input(&mut self, number: u8, on: bool) -> bool {
        self.inputs.get_mut(usize::from(number)).map(|input| *input = on).is_some()
    }

    /// Sets an output from this side of the line; `false`: there is none with this number.
    pub(super) fn set_output(&mut self, number: u8, on: bool) -> bool {
        self.outputs.get_mut(usize::from(number)).map(|output| *output = on).is_some()
    }

    /// Everything off, as after the watchdog.
    pub(super) fn all_off(&mut self) {
        for place in 0..self.outputs.len() {
            self.write(place, false);
        }
    }

    fn write(&mut self, place: usize, on: bool) {
        let (Some(output), Ok(number)) = (self.outputs.get_mut(place), u8::try_from(place)) else { return };
        if *output != on {
            *output = on;
            self.changed.push((number, on));
        }
    }
}

impl Memory for Emulated {
    fn bit(&self, table: Table, at: u16) -> Option<bool> {
        let output = || self.outputs.get(self.board.outputs.run().place(table, at)?).copied();
        let input = || self.inputs.get(self.board.inputs.run().place(table, at)?).copied();
        output().or_else(input)
    }

    fn word(&self, table: Table, at: u16) -> Option<u16> {
        if let Some(place) = self.board.outputs.run().place(table, at) {
            return match self.board.outputs {
                Outputs::Words { on, off, .. } => self.outputs.get(place).map(|o| if *o { on } else { off }),
                Outputs::Bits { .. } => Some(word_of(&self.outputs, place)),
                Outputs::Coils { .. } => None,
            };
        }
        let place = self.board.inputs.run().place(table, at)?;
        match self.board.inputs {
            Inputs::Discretes { .. } => None,
            Inputs::InputBits { .. } | Inputs::HoldingBits { .. } => Some(word_of(&self.inputs, place)),
        }
    }

    fn set_coil(&mut self, at: u16, on: bool) {
        if let Some(place) = self.board.outputs.run().place(Table::Coils, at) {
            self.write(place, on);
        }
    }

    fn set_word(&mut self, at: u16, word: u16) -> bool {
        let Some(place) = self.board.outputs.run().place(Table::Holdings, at) else { return false };
        match self.board.outputs {
            Outputs::Words { on, off, .. } => {
                if word == on || word == off {
                    self.write(place, word == on);
                }
                word == on || word == off
            }
            Outputs::Bits { count, .. } => {
                let first = place * 16;
                let left = count.saturating_sub(u16::try_from(first).unwrap_or(u16::MAX)).min(16);
                for (i, on) in bits_of(&[word], left).into_iter().enumerate() {
                    self.write(first + i, on);
                }
                true
            }
            Outputs::Coils { .. } => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_in_registers_are_written_and_read_back() {
        let words = Outputs::Words { first: 4, count: 2, on: 0x100, off: 0x200 };
        let inputs = Inputs::InputBits { first: 9, count: 17 };
        let mut board = Emulated::new(Board { id: 1, outputs: words, inputs });
        assert!(board.set_word(5, 0x100) && !board.set_word(5, 1) && !board.set_word(6, 0x100));
        assert_eq!(board.take_changed(), [(1, true)]);
        assert_eq!(
            (board.word(Table::Holdings, 4), board.word(Table::Holdings, 5)),
            (Some(0x200), Some(0x100))
        );
        assert!(board.set_input(16, true) && !board.set_input(17, true));
        assert_eq!((board.word(Table::Inputs, 10), board.word(Table::Inputs, 11)), (Some(1), None));
        assert_eq!(board.bit(Table::Coils, 4), None);

        let bits = Outputs::Bits { first: 0, count: 18 };
        let mut board = Emulated::new(Board { outputs: bits, ..board.board });
        assert!(board.set_word(0, 0x8001) && board.set_word(1, 0xFFFF));
        assert_eq!(board.take_changed(), [(0, true), (15, true), (16, true), (17, true)]);
        assert_eq!(board.word(Table::Holdings, 1), Some(3), "bits beyond the last output are not kept");
        board.all_off();
        assert_eq!(board.take_changed().len(), 4);
    }
}
