//! What an emulated board holds, as its master sees it.

use super::board::{Board, Inputs, Outputs, bits_of, word_of};
use super::pdu::Table;
use super::serve::Memory;
use crate::hil::message::{Order, Report};

/// An emulated device: what its master reads and writes, and what becomes of it.
pub(super) trait Emulated: Memory + Send + std::fmt::Debug {
    /// Takes what the device itself has to say; `false`: it has no place for it.
    fn report(&mut self, report: &Report) -> bool;

    /// What was written to it since this was last asked, in order.
    fn take_orders(&mut self) -> Vec<Order>;
}

/// An emulated board: the state of its outputs and inputs.
#[derive(Clone, Debug)]
pub(super) struct IoMemory {
    board: Board,
    outputs: Vec<bool>,
    inputs: Vec<bool>,
    /// Outputs that changed since they were last taken, in order.
    changed: Vec<(u8, bool)>,
}

impl IoMemory {
    /// A board with everything off.
    pub(super) fn new(board: Board) -> Self {
        let off = |count: u16| vec![false; usize::from(count)];
        let (outputs, inputs) = (off(board.outputs.count()), off(board.inputs.count()));
        Self { board, outputs, inputs, changed: Vec::new() }
    }

    fn write(&mut self, place: usize, on: bool) {
        let (Some(output), Ok(number)) = (self.outputs.get_mut(place), u8::try_from(place)) else { return };
        if *output != on {
            *output = on;
            self.changed.push((number, on));
        }
    }
}

impl Memory for IoMemory {
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

impl Emulated for IoMemory {
    fn report(&mut self, report: &Report) -> bool {
        let (all, number, on) = match report {
            Report::Input(number, on) => (&mut self.inputs, number, on),
            Report::OutputIs(number, on) => (&mut self.outputs, number, on),
            _ => return false,
        };
        all.get_mut(usize::from(*number)).map(|one| *one = *on).is_some()
    }

    fn take_orders(&mut self) -> Vec<Order> {
        self.changed.drain(..).map(|(number, on)| Order::Output(number, on)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_in_registers_are_written_and_read_back() {
        let words = Outputs::Words { first: 4, count: 2, on: 0x100, off: 0x200 };
        let inputs = Inputs::InputBits { first: 9, count: 17 };
        let mut board = IoMemory::new(Board { id: 1, outputs: words, inputs });
        assert!(board.set_word(5, 0x100) && !board.set_word(5, 1) && !board.set_word(6, 0x100));
        assert_eq!(board.take_orders(), [Order::Output(1, true)]);
        assert_eq!(
            (board.word(Table::Holdings, 4), board.word(Table::Holdings, 5)),
            (Some(0x200), Some(0x100))
        );
        assert!(board.report(&Report::Input(16, true)) && !board.report(&Report::Input(17, true)));
        assert_eq!((board.word(Table::Inputs, 10), board.word(Table::Inputs, 11)), (Some(1), None));
        assert_eq!(board.bit(Table::Coils, 4), None);

        let bits = Outputs::Bits { first: 0, count: 18 };
        let mut board = IoMemory::new(Board { outputs: bits, ..board.board });
        assert!(board.set_word(0, 0x8001) && board.set_word(1, 0xFFFF));
        assert_eq!(board.take_orders(), [0, 15, 16, 17].map(|number| Order::Output(number, true)));
        assert_eq!(board.word(Table::Holdings, 1), Some(3), "bits beyond the last output are not kept");
    }
}
