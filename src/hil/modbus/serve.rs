//! The crate `rmodbus` behind a door: requests to replies, on the slave's side.
//!
//! It takes lengths and counts on trust, so a request is checked before it sees it.

use super::framing::Framing;
use super::pdu::{ILLEGAL_ADDRESS, ILLEGAL_FUNCTION, ILLEGAL_VALUE, Table};
use rmodbus::server::{ModbusFrame, Read, Write};
use rmodbus::{ErrorKind, ModbusProto};

/// What a slave holds.
pub(super) trait Memory {
    /// A coil or discrete input, if there is one at this address.
    fn bit(&self, table: Table, at: u16) -> Option<bool>;
    /// A register, if there is one at this address.
    fn word(&self, table: Table, at: u16) -> Option<u16>;
    /// Writes a coil that is there.
    fn set_coil(&mut self, at: u16, on: bool);
    /// Writes a holding register that is there; `false`: not to this value.
    fn set_word(&mut self, at: u16, word: u16) -> bool;
}

/// The address to which everybody listens and nobody answers.
pub(super) const BROADCAST: u8 = 0;

/// Does what a sound frame asks of the unit it is addressed to, and answers. `None`: nothing is to be said.
pub(super) fn serve(framing: Framing, frame: &[u8], memory: &mut dyn Memory) -> Option<Vec<u8>> {
    let [unit, function, data @ ..] = framing.body(frame) else { return None };
    let silent = *unit == BROADCAST && !framing.is_tcp();
    let reply = match trouble(*function, data, memory) {
        Some(exception) => exception_reply(framing, frame, exception),
        None => carried_out(framing, frame, *unit, memory)
            .unwrap_or_else(|_| exception_reply(framing, frame, ILLEGAL_VALUE)),
    };
    (!silent).then_some(reply)
}

/// The reply that refuses a frame.
pub(super) fn exception_reply(framing: Framing, frame: &[u8], exception: u8) -> Vec<u8> {
    let (unit, function) = match framing.body(frame) {
        [unit, function, ..] => (*unit, *function),
        _ => (0, 0),
    };
    framing.frame(super::tcp::transaction(frame), vec![unit, function | 0x80, exception])
}

/// The exception that a request has to be refused with, if any.
fn trouble(function: u8, data: &[u8], memory: &dyn Memory) -> Option<u8> {
    /// The most entries in one request (Modbus application protocol 1.1b3, sections 6.1 to 6.4, 6.11, 6.12).
    const BITS_READ_MAX: u16 = 2_000;
    const WORDS_READ_MAX: u16 = 125;
    const BITS_WRITTEN_MAX: u16 = 1_968;
    const WORDS_WRITTEN_MAX: u16 = 123;
    let (table, most) = match function {
        1 => (Table::Coils, BITS_READ_MAX),
        2 => (Table::Discretes, BITS_READ_MAX),
        3 => (Table::Holdings, WORDS_READ_MAX),
        4 => (Table::Inputs, WORDS_READ_MAX),
        5 => (Table::Coils, 1),
        6 => (Table::Holdings, 1),
        15 => (Table::Coils, BITS_WRITTEN_MAX),
        16 => (Table::Holdings, WORDS_WRITTEN_MAX),
        _ => return Some(ILLEGAL_FUNCTION),
    };
    let [a, b, c, d, more @ ..] = data else { return Some(ILLEGAL_VALUE) };
    let (at, value) = (u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d]));
    let single = matches!(function, 5 | 6);
    let count = if single { 1 } else { value };
    let bytes = super::pdu::data_bytes(table, count);
    let holds = match function {
        15 | 16 => more.len() == bytes + 1 && usize::from(more[0]) == bytes,
        5 => more.is_empty() && matches!(value, 0 | 0xFF00),
        _ => more.is_empty(),
    };
    if !holds || count == 0 || count > most {
        return Some(ILLEGAL_VALUE);
    }
    let there = |i: u16| {
        at.checked_add(i).is_some_and(|at| match table.is_bits() {
            true => memory.bit(table, at).is_some(),
            false => memory.word(table, at).is_some(),
        })
    };
    (!(0..count).all(there)).then_some(ILLEGAL_ADDRESS)
}

/// The reply to a request without fault.
fn carried_out(
    framing: Framing,
    frame: &[u8],
    unit: u8,
    memory: &mut dyn Memory,
) -> Result<Vec<u8>, ErrorKind> {
    let proto = if framing.is_tcp() { ModbusProto::TcpUdp } else { ModbusProto::Rtu };
    let mut reply = Vec::new();
    let mut parsed = ModbusFrame::new(unit, frame, proto, &mut reply).with_broadcast_units(&[]);
    parsed.parse()?;
    let table = match parsed.func.byte() {
        1 | 5 | 15 => Table::Coils,
        2 => Table::Discretes,
        3 | 6 | 16 => Table::Holdings,
        _ => Table::Inputs,
    };
    if parsed.readonly {
        fill(parsed.get_external_read()?, table, memory);
        parsed.process_external_read(Ok(()))?;
    } else {
        let kept = keep(&parsed.get_external_write()?, memory);
        parsed.process_external_write(if kept { Ok(()) } else { Err(ErrorKind::IllegalDataValue) })?;
    }
    parsed.finalize_response()?;
    Ok(reply)
}

/// Fills the data of a reply.
fn fill(read: Read<'_>, table: Table, memory: &dyn Memory) {
    match read {
        Read::Bits(bits) => {
            for i in 0..bits.count {
                let on = memory.bit(table, bits.address.saturating_add(i)).unwrap_or(false);
                let byte = &mut bits.buf[usize::from(i / 8)];
                *byte |= u8::from(on) << (i % 8);
            }
        }
        Read::Words(words) => {
            for (i, bytes) in (0..words.count).zip(words.buf.chunks_exact_mut(2)) {
                let word = memory.word(table, words.address.saturating_add(i)).unwrap_or(0);
                bytes.copy_from_slice(&word.to_be_bytes());
            }
        }
    }
}

/// Writes what a request holds; `false`: a value is refused, those before it are written.
fn keep(write: &Write<'_>, memory: &mut dyn Memory) -> bool {
    match write {
        Write::Bits(bits) => {
            for i in 0..bits.count {
                let on = bits.data.get(usize::from(i / 8)).is_some_and(|byte| byte >> (i % 8) & 1 == 1);
                memory.set_coil(bits.address.saturating_add(i), on);
            }
            true
        }
        Write::Words(words) => (0..words.count).zip(words.data.chunks_exact(2)).all(|(i, bytes)| {
            memory.set_word(words.address.saturating_add(i), u16::from_be_bytes([bytes[0], bytes[1]]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::rtu::{is_sound, sealed};
    use super::super::tcp::framed;
    use super::*;
    use crate::hil::line::Settings;
    use proptest::prelude::*;

    /// Ten entries in every table.
    struct Ten {
        bits: [bool; 10],
        words: [u16; 10],
    }

    impl Memory for Ten {
        fn bit(&self, _: Table, at: u16) -> Option<bool> {
            self.bits.get(usize::from(at)).copied()
        }
        fn word(&self, _: Table, at: u16) -> Option<u16> {
            self.words.get(usize::from(at)).copied()
        }
        fn set_coil(&mut self, at: u16, on: bool) {
            self.bits[usize::from(at)] = on;
        }
        fn set_word(&mut self, at: u16, word: u16) -> bool {
            self.words[usize::from(at)] = word;
            word != 0xBAD
        }
    }

    fn ten() -> Ten {
        Ten { bits: [true, false, false, false, false, false, false, false, true, false], words: [7; 10] }
    }

    /// What is answered over TCP to unit 3, without the header.
    fn answered(memory: &mut Ten, data: &[u8]) -> Vec<u8> {
        let mut body = vec![3];
        body.extend(data);
        let reply = serve(Framing::Tcp, &framed(5, &body), memory).expect("an answer");
        assert_eq!(reply[..4], [0, 5, 0, 0]);
        assert_eq!((usize::from(reply[5]), reply[6]), (reply.len() - 6, 3), "{reply:?}");
        reply[7..].to_vec()
    }

    #[test]
    fn reads_and_writes_are_answered_as_the_standard_says() {
        let mut memory = ten();
        assert_eq!(answered(&mut memory, &[1, 0, 0, 0, 10]), [1, 2, 1, 1]);
        assert_eq!(answered(&mut memory, &[2, 0, 8, 0, 2]), [2, 1, 1]);
        assert_eq!(answered(&mut memory, &[4, 0, 9, 0, 1]), [4, 2, 0, 7]);
        assert_eq!(answered(&mut memory, &[5, 0, 2, 0xFF, 0]), [5, 0, 2, 0xFF, 0]);
        assert_eq!(answered(&mut memory, &[15, 0, 3, 0, 3, 1, 0b101]), [15, 0, 3, 0, 3]);
        assert_eq!(memory.bits[..6], [true, false, true, true, false, true]);
        assert_eq!(answered(&mut memory, &[6, 0, 0, 1, 2]), [6, 0, 0, 1, 2]);
        assert_eq!(answered(&mut memory, &[16, 0, 1, 0, 2, 4, 0, 8, 0, 9]), [16, 0, 1, 0, 2]);
        assert_eq!(answered(&mut memory, &[3, 0, 0, 0, 3]), [3, 6, 1, 2, 0, 8, 0, 9]);
    }

    #[test]
    fn what_cannot_be_is_refused_by_its_exception() {
        let wrong: [(&[u8], u8); 14] = [
            (&[0x2B, 14, 1, 0], ILLEGAL_FUNCTION),
            (&[1, 0, 0, 0, 11], ILLEGAL_ADDRESS),
            (&[3, 0xFF, 0xFF, 0, 2], ILLEGAL_ADDRESS),
            (&[5, 0, 10, 0xFF, 0], ILLEGAL_ADDRESS),
            (&[16, 0, 9, 0, 2, 4, 0, 0, 0, 0], ILLEGAL_ADDRESS),
            (&[1, 0, 0, 0, 0], ILLEGAL_VALUE),
            (&[1, 0, 0, 7, 0xD1], ILLEGAL_VALUE),
            (&[3, 0, 0, 0, 126], ILLEGAL_VALUE),
            (&[5, 0, 0, 1, 0], ILLEGAL_VALUE),
            (&[15, 0, 0, 0, 9, 1, 0], ILLEGAL_VALUE),
            (&[16, 0, 0, 0, 1, 1, 0], ILLEGAL_VALUE),
            (&[15, 0, 0, 0, 1, 0xFF, 0], ILLEGAL_VALUE),
            (&[3, 0, 0], ILLEGAL_VALUE),
            (&[6, 0, 0, 0x0B, 0xAD], ILLEGAL_VALUE),
        ];
        for (data, exception) in wrong {
            assert_eq!(answered(&mut ten(), data), [data[0] | 0x80, exception], "{data:?}");
        }
    }

    #[test]
    fn a_broadcast_is_obeyed_in_silence() {
        let mut memory = ten();
        let framing = Framing::Rtu(Settings::default());
        assert_eq!(serve(framing, &sealed(vec![0, 5, 0, 1, 0xFF, 0]), &mut memory), None);
        assert!(memory.bits[1]);
        assert!(serve(framing, &sealed(vec![1, 5, 0, 1, 0, 0]), &mut memory).is_some_and(|r| is_sound(&r)));
    }

    proptest! {
        #[test]
        fn nothing_that_is_asked_panics(body in prop::collection::vec(any::<u8>(), 0..254)) {
            let reply = serve(Framing::Tcp, &framed(1, &body), &mut ten());
            prop_assert_eq!(reply.is_some(), body.len() >= 2);
            let framing = Framing::Rtu(Settings::default());
            let _ = serve(framing, &sealed(body), &mut ten());
        }
    }
}
