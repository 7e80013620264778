//! The crate `rmodbus` behind a door: requests to bytes, replies to answers, on the master's side.
//!
//! It takes bytes on trust in places (lengths, byte counts), so everything is checked before it sees it.

use super::framing::Framing;
use super::pdu::{Answer, Ask, Table, data_bytes};
use rmodbus::client::ModbusRequest;
use rmodbus::{ErrorKind, ModbusProto};

/// What is sent to one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Request {
    /// The slave's address.
    pub(super) unit: u8,
    /// What it is asked.
    pub(super) ask: Ask,
    /// Tells answers apart over TCP; not sent over RTU.
    pub(super) transaction: u16,
}

impl Request {
    /// Its frame. Empty: it asks for more than a frame holds, which no board that was checked does.
    pub(super) fn encode(&self, framing: Framing) -> Vec<u8> {
        let mut frame = Vec::new();
        let made = self.generate(framing, &mut frame);
        made.map_or_else(|_| Vec::new(), |_| frame)
    }

    /// Has the frame made; yields what its reply can be read with.
    fn generate(&self, framing: Framing, frame: &mut Vec<u8>) -> Result<ModbusRequest, ErrorKind> {
        let proto = if framing.is_tcp() { ModbusProto::TcpUdp } else { ModbusProto::Rtu };
        let mut request = ModbusRequest::new(self.unit, proto);
        request.tr_id = self.transaction;
        match &self.ask {
            Ask::Read(Table::Coils, at, count) => request.generate_get_coils(*at, *count, frame),
            Ask::Read(Table::Discretes, at, count) => request.generate_get_discretes(*at, *count, frame),
            Ask::Read(Table::Inputs, at, count) => request.generate_get_inputs(*at, *count, frame),
            Ask::Read(Table::Holdings, at, count) => request.generate_get_holdings(*at, *count, frame),
            Ask::Coil(at, on) => request.generate_set_coil(*at, *on, frame),
            Ask::Word(at, word) => request.generate_set_holding(*at, *word, frame),
            Ask::Words(at, words) => request.generate_set_holdings_bulk(*at, words, frame),
        }?;
        Ok(request)
    }

    /// What a sound frame answers to it; `None`: it is the answer to something else.
    pub(super) fn answer(&self, framing: Framing, frame: &[u8]) -> Option<Answer> {
        if framing.is_tcp() && super::tcp::transaction(frame) != self.transaction {
            return None;
        }
        let [unit, function, data @ ..] = framing.body(frame) else { return None };
        if *unit != self.unit {
            return None;
        }
        if *function == self.ask.function() | 0x80 {
            return match data {
                [exception] => Some(Answer::Exception(*exception)),
                _ => None,
            };
        }
        if *function != self.ask.function() || data.len() != self.ask.reply_bytes() {
            return None;
        }
        let mut own = Vec::new();
        let request = self.generate(framing, &mut own).ok()?;
        match &self.ask {
            Ask::Read(table, _, count) => {
                let fits = data.first().map(|n| usize::from(*n)) == Some(data_bytes(*table, *count));
                fits.then(|| read(&request, *table, frame)).flatten()
            }
            // The address and the value, or count, come back.
            Ask::Coil(..) | Ask::Word(..) | Ask::Words(..) => {
                (framing.body(&own).get(2..6) == Some(data)).then_some(Answer::Done)
            }
        }
    }
}

/// What a reply to a read holds; its length has been checked.
fn read(request: &ModbusRequest, table: Table, frame: &[u8]) -> Option<Answer> {
    if table.is_bits() {
        let mut bits: Vec<bool> = Vec::new();
        request.parse_bool(frame, &mut bits).ok()?;
        (bits.len() == usize::from(request.count)).then_some(Answer::Bits(bits))
    } else {
        let mut words: Vec<u16> = Vec::new();
        request.parse_u16(frame, &mut words).ok()?;
        (words.len() == usize::from(request.count)).then_some(Answer::Words(words))
    }
}

#[cfg(test)]
mod tests {
    use super::super::rtu::sealed;
    use super::super::tcp::framed;
    use super::*;
    use crate::hil::line::Settings;

    fn rtu() -> Framing {
        Framing::Rtu(Settings::default())
    }

    fn ask(ask: Ask) -> Request {
        Request { unit: 5, ask, transaction: 9 }
    }

    #[test]
    fn requests_are_laid_out_as_the_standard_shows_them() {
        // Modbus application protocol 1.1b3, sections 6.2, 6.5, 6.6 and 6.12.
        let read = ask(Ask::Read(Table::Discretes, 0x00C4, 0x16));
        assert_eq!(read.encode(rtu()), sealed(vec![5, 2, 0, 0xC4, 0, 0x16]));
        assert_eq!(ask(Ask::Coil(0xAC, true)).encode(Framing::Tcp), framed(9, &[5, 5, 0, 0xAC, 0xFF, 0]));
        assert_eq!(ask(Ask::Word(1, 3)).encode(rtu()), sealed(vec![5, 6, 0, 1, 0, 3]));
        let words = ask(Ask::Words(1, vec![10, 0x102]));
        assert_eq!(words.encode(Framing::Tcp), framed(9, &[5, 16, 0, 1, 0, 2, 4, 0, 10, 1, 2]));
    }

    #[test]
    fn replies_are_read_as_the_standard_shows_them() {
        let read = ask(Ask::Read(Table::Discretes, 0x00C4, 10));
        let bits = read.answer(rtu(), &sealed(vec![5, 2, 2, 0b101, 0b10]));
        let want = [true, false, true, false, false, false, false, false, false, true];
        assert_eq!(bits, Some(Answer::Bits(want.into())));
        let words = ask(Ask::Read(Table::Holdings, 0x6B, 2))
            .answer(Framing::Tcp, &framed(9, &[5, 3, 4, 2, 0x2B, 0, 0]));
        assert_eq!(words, Some(Answer::Words(vec![0x22B, 0])));
        let refused = read.answer(rtu(), &sealed(vec![5, 0x82, 2]));
        assert_eq!(refused, Some(Answer::Exception(2)));
        let done = ask(Ask::Coil(3, true)).answer(rtu(), &sealed(vec![5, 5, 0, 3, 0xFF, 0]));
        assert_eq!(done, Some(Answer::Done));
    }

    #[test]
    fn the_answer_to_something_else_is_none() {
        let read = ask(Ask::Read(Table::Discretes, 0, 10));
        let others = [
            vec![6, 2, 2, 0, 0],
            vec![5, 1, 2, 0, 0],
            vec![5, 2, 1, 0],
            vec![5, 2, 3, 0, 0, 0],
            vec![5, 2, 1, 0, 0],
            vec![5, 0x81, 2],
            vec![5, 5, 0, 3, 0xFF, 0],
            vec![5],
            vec![],
        ];
        for other in others {
            assert_eq!(read.answer(rtu(), &sealed(other.clone())), None, "{other:?}");
        }
        assert_eq!(read.answer(Framing::Tcp, &framed(8, &[5, 2, 2, 0, 0])), None, "another transaction");
        let write = ask(Ask::Coil(3, true));
        let other = framed(8, &[5, 5, 0, 3, 0xFF, 0]);
        assert_eq!(write.answer(Framing::Tcp, &other), None, "another transaction");
        assert_eq!(write.answer(rtu(), &sealed(vec![5, 5, 0, 3, 0, 0])), None, "another value");
        assert_eq!(write.answer(rtu(), &sealed(vec![5, 5, 0, 2, 0xFF, 0])), None, "another address");
    }
}
