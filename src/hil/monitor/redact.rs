//! No key gets into a trace.
//!
//! OSDP sends a reader its key once, by the command KEYSET (0x75): in plain sight when the reader is new, or
//! under a session whose own key is the published default. Both are taken out, whatever pieces the bytes come
//! in, on any line, and also if one byte of the frame was lost, changed or put in on the way: there is always
//! a second sign that a key comes. Sometimes that hides bytes that are no key; a trace can bear that.

use super::piece::{Piece, Toward};
use std::collections::BTreeMap;

/// KEYSET, the key's kind and its length.
const KEYSET: u8 = 0x75;
const KEY_HEAD: [u8; 2] = [0x01, 0x10];
/// The frame's first byte; how long it can be.
const START: u8 = 0x53;
const FRAME_MIN: usize = 8;
const FRAME_MAX: usize = 1_440;
/// A security block with encrypted data to the reader: its length and kind.
const SEALED: [u8; 2] = [0x02, 0x17];
/// A key of 16 bytes and a CRC; the same padded to two blocks, with a MAC.
const PLAIN_REST: usize = 18;
const SEALED_REST: usize = 38;
/// The longest security block that is looked for, and the longest way from a frame's start to its data.
const BLOCK_MAX: usize = 16;
const SEEN_MAX: usize = 5 + BLOCK_MAX + 3;

/// What is known of one direction of a line.
#[derive(Debug, Default)]
struct Stream {
    /// The last bytes, as they really were.
    seen: Vec<u8>,
    /// How many more are hidden.
    hidden: usize,
}

/// Takes keys out of pieces.
#[derive(Debug, Default)]
pub(super) struct Redactor {
    streams: BTreeMap<(String, Toward), Stream>,
}

impl Redactor {
    /// The piece with zeros where a key is, and a word about it.
    pub(super) fn clean(&mut self, mut piece: Piece) -> Piece {
        let stream = self.streams.entry((piece.line.clone(), piece.toward)).or_default();
        let mut hidden = 0;
        for byte in &mut piece.bytes {
            stream.seen.push(*byte);
            if stream.seen.len() > SEEN_MAX {
                stream.seen.remove(0);
            }
            if stream.hidden > 0 {
                *byte = 0;
                stream.hidden -= 1;
                hidden += 1;
            }
            stream.hidden = stream.hidden.max(key_after(&stream.seen));
        }
        if hidden > 0 {
            // Whoever decoded it may have said the key.
            piece.what = Some(format!("{hidden} bytes that may be a key are left out"));
        }
        piece
    }
}

/// How many bytes of a key, and what belongs to it, come after these.
fn key_after(seen: &[u8]) -> usize {
    let ends = |tail: &[u8]| seen.ends_with(tail);
    if ends(&[KEYSET, KEY_HEAD[0], KEY_HEAD[1]]) {
        return PLAIN_REST;
    }
    if ends(&[SEALED[1], KEYSET]) {
        return SEALED_REST;
    }
    let starts = (0..seen.len()).filter_map(|at| frame_rest(seen.get(at..).unwrap_or_default()));
    starts.max().unwrap_or(0)
}

/// The same of bytes that begin a frame: how many are left of it, if they are a key's.
fn frame_rest(frame: &[u8]) -> Option<usize> {
    let [START, _, low, high, control, rest @ ..] = frame else { return None };
    let length = usize::from(*low) | usize::from(*high) << 8;
    if !(FRAME_MIN..=FRAME_MAX).contains(&length) {
        return None;
    }
    let blocked = control & 0x08 != 0;
    let block = if blocked { usize::from(*rest.first()?) } else { 0 };
    if block > BLOCK_MAX || blocked && block < 2 {
        return None;
    }
    let sealed = rest.get(..2) == Some(&SEALED);
    let data = rest.get(block..)?;
    let left = length.saturating_sub(frame.len());
    let keyset = data.len() == 1 && data.first() == Some(&KEYSET);
    // The command was changed or lost, and a key's head is where its data begins.
    let headed = !blocked && (data.len() == 3 && data.ends_with(&KEY_HEAD) || *data == KEY_HEAD);
    // Encrypted, and as long as a key is then, whatever the command says it is.
    let padded = blocked && sealed && data.len() == 1 && left == SEALED_REST;
    (keyset || headed || padded).then_some(left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apb::time::Time;
    use proptest::prelude::*;

    const KEY: [u8; 16] = *b"0123456789abcdef";

    /// A KEYSET frame as a host sends it to a new reader. Its CRC is of no matter here.
    fn keyset() -> Vec<u8> {
        let head = [START, 0x01, 26, 0, 0x05, KEYSET, 0x01, 0x10];
        [&head[..], &KEY, &[0xAA, 0x55]].concat()
    }

    /// The same under a session: a block, 32 bytes of data, a MAC, a CRC.
    fn sealed() -> Vec<u8> {
        let head = [START, 0x01, 46, 0, 0x0D, SEALED[0], SEALED[1], KEYSET];
        [&head[..], &KEY, &KEY, &[1, 2, 3, 4], &[0xAA, 0x55]].concat()
    }

    fn through(bytes: &[u8], cut: usize) -> Vec<u8> {
        let mut redactor = Redactor::default();
        let piece = |bytes: &[u8]| Piece {
            at: Time::ZERO,
            line: "readers".into(),
            toward: Toward::Device,
            bytes: bytes.to_vec(),
            what: Some("KEYSET 0123456789abcdef".into()),
        };
        bytes.chunks(cut.max(1)).flat_map(|chunk| redactor.clean(piece(chunk)).bytes).collect()
    }

    /// The longest run of the key's bytes that is left.
    fn leaked(bytes: &[u8]) -> usize {
        let runs = (0..KEY.len()).flat_map(|from| (from + 1..=KEY.len()).map(move |to| (from, to)));
        let there = |run: &[u8]| bytes.windows(run.len()).any(|window| window == run);
        runs.filter(|(from, to)| there(&KEY[*from..*to])).map(|(from, to)| to - from).max().unwrap_or(0)
    }

    #[test]
    fn a_key_is_left_out_and_what_surrounds_it_is_not() {
        let poll = [START, 0x01, 8, 0, 0x04, 0x60, 0x11, 0x22];
        let bytes = [&poll[..], &keyset(), &poll].concat();
        for cut in 1..bytes.len() {
            let clean = through(&bytes, cut);
            assert_eq!(leaked(&clean), 0, "pieces of {cut}");
            assert_eq!((&clean[..14], &clean[34..]), (&bytes[..14], &poll[..]), "pieces of {cut}");
        }
        assert_eq!(leaked(&through(&sealed(), 7)), 0);
    }

    #[test]
    fn a_word_about_it_replaces_what_was_said() {
        let mut redactor = Redactor::default();
        let line = "readers".to_owned();
        let what = Some("KEYSET 0123456789abcdef".into());
        let piece = Piece { at: Time::ZERO, line, toward: Toward::Device, bytes: keyset(), what };
        assert_eq!(redactor.clean(piece).what.as_deref(), Some("20 bytes that may be a key are left out"));
    }

    proptest! {
        #[test]
        fn whatever_one_byte_does_no_key_is_left(
            before in prop::collection::vec(any::<u8>(), 0..40),
            at: prop::sample::Index,
            fault in 0..3,
            byte: u8,
            cut in 1_usize..30,
        ) {
            let mut frame = keyset();
            let at = at.index(8);
            match fault {
                0 => { frame.remove(at); }
                1 => frame[at] = byte,
                _ => frame.insert(at, byte),
            }
            // Chance may put one or two of the key's bytes elsewhere.
            let clean = through(&[before, frame].concat(), cut);
            prop_assert!(leaked(&clean) <= 2, "{clean:02X?}");
        }

        #[test]
        fn a_sealed_key_survives_no_fault_either(at in 0_usize..8, byte: u8) {
            let mut frame = sealed();
            frame[at] = byte;
            prop_assert!(leaked(&through(&frame, 64)) <= 2);
        }

        #[test]
        fn no_byte_is_lost_or_added(
            bytes in prop::collection::vec(any::<u8>(), 0..300), cut in 1_usize..30,
        ) {
            prop_assert_eq!(through(&bytes, cut).len(), bytes.len());
        }
    }
}
