//! What is read from files, and numbers in bits.

use apbrig::apb::id::CardNumber;
use apbrig::hil::frames::load::parse;
use apbrig::hil::message::CardFormat;
use apbrig::hil::monitor::{Recorder, capture, json};

/// Any text is a board or a list of mistakes that can be shown.
pub(crate) fn board(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match parse("board.ron", text) {
        Ok(board) => {
            board.capabilities();
            let _ = board.describe(true, bytes);
            let _ = board.describe(false, bytes);
        }
        Err(wrong) => {
            assert!(!wrong.is_empty() && !wrong.render(true).is_empty());
            assert!(wrong.iter().all(|mistake| mistake.line() >= 1 && mistake.column() >= 1));
        }
    }
}

/// Any bytes are a trace or an error with a line; what was read can be written and is the same again.
pub(crate) fn trace(bytes: &[u8]) {
    let read = json::Reader::new(bytes).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let lines = 1 + bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
    let pieces = match read {
        Ok(pieces) => pieces,
        Err(wrong) => {
            assert!((1..=lines).contains(&wrong.line) && !wrong.what.is_empty(), "{wrong}");
            return;
        }
    };
    let mut file = Vec::new();
    let mut writer = json::Writer::new(&mut file, 0).expect("memory takes everything");
    let mut recorder = Recorder::ring(pieces.len());
    for piece in &pieces {
        writer.write(piece).expect("memory takes everything");
        recorder.record(piece.clone());
        assert!(!piece.shown(None).contains('\n'));
    }
    let again = json::Reader::new(&file[..]).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    assert_eq!(again.expect("what was written can be read"), pieces);
    assert_eq!(recorder.pieces().count(), pieces.len());
}

/// Any bytes are a capture or an error.
pub(crate) fn capture(bytes: &[u8]) {
    if let Err(wrong) = capture::read(bytes) {
        assert!(!wrong.is_empty());
    }
}

/// Any bits are a card or none; one that is has these bits and no others.
pub(crate) fn card(bytes: &[u8]) {
    let mut eight = [0; 8];
    let (head, rest) = bytes.split_at(bytes.len().min(2));
    eight.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    let value = u64::from_le_bytes(eight);
    let bits = u16::from(head.first().copied().unwrap_or(0));
    for format in [CardFormat::H10301, CardFormat::Raw(u16::from(head.get(1).copied().unwrap_or(0)) % 65)] {
        if let Ok(card) = format.decode(bits, value)
            && let Some(again) = format.encode(card)
        {
            assert_eq!(again, value, "{format:?}");
        }
        if let Some(bits) = format.encode(CardNumber(value)) {
            assert_eq!(format.decode(format.bits(), bits), Ok(CardNumber(value)), "{format:?}");
        }
    }
}
