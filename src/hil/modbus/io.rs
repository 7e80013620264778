//! The face of a board with outputs and inputs.

use super::board::{Board, Outputs, bits_of, word_of};
use super::face::{Face, Said};
use super::pdu::{Answer, Ask, Table};
use crate::hil::driver::Note;
use crate::hil::message::{Order, Report};
use std::collections::VecDeque;

/// So many orders wait for one board at most.
const WAITING_MAX: usize = 64;

/// A board as its master knows it.
#[derive(Debug)]
pub(super) struct Io {
    board: Board,
    /// As last read back; `None`: not since the board came online.
    outputs: Option<Vec<bool>>,
    /// As last reported.
    inputs: Option<Vec<bool>>,
    /// Outputs to be set, first come first served: an output that goes on and off has to do both.
    waiting: VecDeque<(u8, bool)>,
    /// The output that was written last and has not been read back yet.
    unproven: Option<(u8, bool)>,
    /// An order was given up: nobody knows whether it was carried out.
    doubtful: bool,
}

impl Io {
    pub(super) fn new(board: Board) -> Self {
        Self { board, outputs: None, inputs: None, waiting: VecDeque::new(), unproven: None, doubtful: false }
    }

    fn read_outputs(&self) -> Option<Ask> {
        self.board.outputs.run().ask()
    }

    /// What writes an output.
    fn write(&self, number: u8, on: bool) -> Ask {
        let place = u16::from(number);
        match self.board.outputs {
            Outputs::Coils { first, .. } => Ask::Coil(first.saturating_add(place), on),
            Outputs::Words { first, on: high, off: low, .. } => {
                Ask::Word(first.saturating_add(place), if on { high } else { low })
            }
            Outputs::Bits { first, .. } => {
                let mut outputs = self.outputs.clone().unwrap_or_default();
                if let Some(output) = outputs.get_mut(usize::from(number)) {
                    *output = on;
                }
                Ask::Word(first.saturating_add(place / 16), word_of(&outputs, usize::from(number) / 16))
            }
        }
    }

    fn outputs_in(&self, answer: &Answer) -> Option<Vec<bool>> {
        match (answer, self.board.outputs) {
            (Answer::Bits(bits), Outputs::Coils { .. }) => Some(bits.clone()),
            (Answer::Words(words), Outputs::Words { on, .. }) => {
                Some(words.iter().map(|w| *w == on).collect())
            }
            (Answer::Words(words), Outputs::Bits { count, .. }) => Some(bits_of(words, count)),
            _ => None,
        }
    }

    fn inputs_in(&self, answer: &Answer) -> Option<Vec<bool>> {
        match answer {
            Answer::Bits(bits) => Some(bits.clone()),
            Answer::Words(words) => Some(bits_of(words, self.board.inputs.count())),
            _ => None,
        }
    }

    /// Reports what reads back: what changed, and what was written even if it did not.
    fn read_back(&mut self, now_are: Vec<bool>, said: &mut Said) {
        let proven = self.unproven.take();
        self.doubtful = false;
        let before = self.outputs.replace(now_are.clone()).unwrap_or_default();
        for (number, on) in numbered(&now_are) {
            let was_written = proven.is_some_and(|(written, _)| written == number);
            if was_written || before.get(usize::from(number)) != Some(&on) {
                said.reports.push(Report::OutputIs(number, on));
            }
        }
        if let Some((number, wanted)) = proven
            && now_are.get(usize::from(number)) != Some(&wanted)
        {
            let text = format!("{} was written and reads back {}", in_words(number, wanted), state(!wanted));
            said.notes.push(Note::Refused(text));
        }
    }
}

fn numbered(bits: &[bool]) -> impl Iterator<Item = (u8, bool)> + '_ {
    (0..=u8::MAX).zip(bits.iter().copied())
}

fn state(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

fn in_words(number: u8, on: bool) -> String {
    format!("output {number} {}", state(on))
}

impl Face for Io {
    fn poll(&self) -> Ask {
        let inputs = self.board.inputs.run().ask();
        let outputs = self.read_outputs();
        let first = if self.outputs.is_none() || self.doubtful { outputs.clone() } else { None };
        // A board has one or the other.
        first.or(inputs).or(outputs).unwrap_or(Ask::Read(Table::Coils, 0, 1))
    }

    fn is_complete(&self) -> bool {
        let seen = |count: u16, seen: bool| count == 0 || seen;
        seen(self.board.outputs.count(), self.outputs.is_some())
            && seen(self.board.inputs.count(), self.inputs.is_some())
    }

    fn urgent(&self) -> Option<Ask> {
        // Outputs that share a register are written together, so what the others are has to be known.
        let unknown = self.outputs.is_none() || self.doubtful;
        if self.unproven.is_some() || (unknown && !self.waiting.is_empty()) {
            return self.read_outputs();
        }
        self.waiting.front().map(|(number, on)| self.write(*number, *on))
    }

    fn accept(&mut self, order: &Order) -> Result<(), Note> {
        let Order::Output(number, on) = *order else {
            return Err(Note::Dropped(format!("a board with outputs cannot do {order:?}")));
        };
        if u16::from(number) >= self.board.outputs.count() {
            let count = self.board.outputs.count();
            return Err(Note::Refused(format!("there is no output {number}, the board has {count}")));
        }
        if self.waiting.len() >= WAITING_MAX {
            let text = format!("{}: {WAITING_MAX} orders wait already", in_words(number, on));
            return Err(Note::Dropped(text));
        }
        self.waiting.push_back((number, on));
        Ok(())
    }

    fn answered(&mut self, ask: &Ask, answer: &Answer, said: &mut Said) {
        if *answer == Answer::Done {
            self.unproven = self.waiting.pop_front();
        } else if Some(ask) == self.read_outputs().as_ref() {
            if let Some(outputs) = self.outputs_in(answer) {
                self.read_back(outputs, said);
            }
        } else if let Some(inputs) = self.inputs_in(answer) {
            let before = self.inputs.replace(inputs.clone());
            let before = before.unwrap_or_default();
            let changed = numbered(&inputs).filter(|(i, on)| before.get(usize::from(*i)) != Some(on));
            said.reports.extend(changed.map(|(number, on)| Report::Input(number, on)));
        }
    }

    fn give_up(&mut self) -> String {
        self.doubtful = true;
        let given_up = self.unproven.take().or_else(|| self.waiting.pop_front());
        given_up.map(|(number, on)| in_words(number, on)).unwrap_or_default()
    }

    fn reset(&mut self) -> Vec<String> {
        (self.outputs, self.inputs, self.doubtful) = (None, None, false);
        let unproven =
            self.unproven.take().map(|(n, on)| format!("{}: written, not proven", in_words(n, on)));
        let waiting = self.waiting.drain(..).map(|(number, on)| in_words(number, on));
        unproven.into_iter().chain(waiting).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::board::Inputs;
    use super::*;

    fn told(io: &mut Io, answer: Answer) -> Said {
        let ask = io.urgent().unwrap_or_else(|| io.poll());
        let mut said = Said::default();
        io.answered(&ask, &answer, &mut said);
        said
    }

    #[test]
    fn outputs_come_first_then_inputs_then_changes() {
        let mut io = Io::new(Board::plain(1, 1, 2));
        assert_eq!(io.poll(), Ask::Read(Table::Coils, 0, 1));
        assert_eq!(told(&mut io, Answer::Bits(vec![false])).reports, [Report::OutputIs(0, false)]);
        assert_eq!(io.poll(), Ask::Read(Table::Discretes, 0, 2));
        let first = told(&mut io, Answer::Bits(vec![false, true])).reports;
        assert_eq!(first, [Report::Input(0, false), Report::Input(1, true)]);
        assert_eq!(told(&mut io, Answer::Bits(vec![true, true])).reports, [Report::Input(0, true)]);
        assert_eq!(told(&mut io, Answer::Bits(vec![true, true])).reports, []);
    }

    #[test]
    fn each_write_is_read_back_before_the_next() {
        let mut io = Io::new(Board::plain(1, 2, 0));
        told(&mut io, Answer::Bits(vec![false, false]));
        for on in [true, false] {
            assert_eq!(io.accept(&Order::Output(1, on)), Ok(()));
        }
        assert_eq!(io.urgent(), Some(Ask::Coil(1, true)));
        told(&mut io, Answer::Done);
        assert_eq!(io.urgent(), Some(Ask::Read(Table::Coils, 0, 2)));
        assert_eq!(told(&mut io, Answer::Bits(vec![false, true])).reports, [Report::OutputIs(1, true)]);
        assert_eq!(io.urgent(), Some(Ask::Coil(1, false)));
        told(&mut io, Answer::Done);
        let said = told(&mut io, Answer::Bits(vec![false, true]));
        assert_eq!(said.reports, [Report::OutputIs(1, true)]);
        assert_eq!(said.notes, [Note::Refused("output 1 off was written and reads back on".into())]);
        assert_eq!(io.urgent(), None, "it is not written again: some outputs fall back by themselves");
    }

    #[test]
    fn after_an_order_that_was_given_up_the_outputs_are_read_again() {
        let mut io = Io::new(Board::plain(1, 1, 1));
        told(&mut io, Answer::Bits(vec![false]));
        io.accept(&Order::Output(0, true)).unwrap();
        assert_eq!(io.poll(), Ask::Read(Table::Discretes, 0, 1));
        assert_eq!(io.give_up(), "output 0 on");
        assert_eq!(io.poll(), Ask::Read(Table::Coils, 0, 1));
        io.accept(&Order::Output(0, false)).unwrap();
        assert_eq!(io.urgent(), Some(Ask::Read(Table::Coils, 0, 1)), "before anything else is written");
        assert_eq!(told(&mut io, Answer::Bits(vec![true])).reports, [Report::OutputIs(0, true)]);
        assert_eq!(io.poll(), Ask::Read(Table::Discretes, 0, 1));
    }

    #[test]
    fn outputs_that_share_a_register_are_written_together() {
        let outputs = Outputs::Bits { first: 7, count: 18 };
        let mut io = Io::new(Board { outputs, ..Board::plain(1, 0, 0) });
        assert_eq!(io.poll(), Ask::Read(Table::Holdings, 7, 2));
        told(&mut io, Answer::Words(vec![0b100, 0b10]));
        io.accept(&Order::Output(0, true)).unwrap();
        assert_eq!(io.urgent(), Some(Ask::Word(7, 0b101)));
        told(&mut io, Answer::Done);
        told(&mut io, Answer::Words(vec![0b101, 0b10]));
        io.accept(&Order::Output(17, false)).unwrap();
        assert_eq!(io.urgent(), Some(Ask::Word(8, 0)));
    }

    #[test]
    fn outputs_of_one_register_each_have_their_own_words() {
        let outputs = Outputs::Words { first: 2, count: 2, on: 0x100, off: 0x200 };
        let inputs = Inputs::HoldingBits { first: 0, count: 17 };
        let mut io = Io::new(Board { id: 1, outputs, inputs });
        let first = told(&mut io, Answer::Words(vec![0x200, 0x100])).reports;
        assert_eq!(first, [Report::OutputIs(0, false), Report::OutputIs(1, true)]);
        io.accept(&Order::Output(1, false)).unwrap();
        assert_eq!(io.urgent(), Some(Ask::Word(3, 0x200)));
        assert_eq!(io.reset(), ["output 1 off"]);
        assert_eq!(told(&mut io, Answer::Words(vec![0, 0])).reports.len(), 2);
        assert_eq!(told(&mut io, Answer::Words(vec![0, 1])).reports.len(), 17);
    }

    #[test]
    fn what_cannot_be_done_is_said_at_once() {
        let mut io = Io::new(Board::plain(1, 1, 0));
        assert!(matches!(io.accept(&Order::Shut), Err(Note::Dropped(_))));
        assert!(matches!(io.accept(&Order::Output(1, true)), Err(Note::Refused(_))));
        for _ in 0..WAITING_MAX {
            io.accept(&Order::Output(0, true)).unwrap();
        }
        assert!(matches!(io.accept(&Order::Output(0, true)), Err(Note::Dropped(_))));
        assert_eq!(io.reset().len(), WAITING_MAX);
    }
}
