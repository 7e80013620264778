//! Frames out of bytes: finds the start, believes no length without its check, starts anew after garbage.

use super::packet::Check;
use crate::apb::time::{Span, Time};

/// The first byte of a frame.
const START: u8 = 0x53;
/// What some senders put before a frame so that the line is driven; it means nothing.
const MARK: u8 = 0xFF;
/// The shortest frame: start, address, two bytes of length, control, code, checksum.
const MIN_FRAME: usize = 7;
/// The longest frame that is taken for one (OSDP 2.2, 5.6: the most a device may ask for is 1,440 bytes).
pub const MAX_FRAME: usize = 1_440;
/// How long a frame may pause within. OSDP says 20 ms; frames over USB adapters and networks were seen to
/// pause for 40 ms.
const PAUSE: Span = Span::millis(50);
/// The bits of the control byte that say how the frame is checked, and those that must be zero.
const CRC: u8 = 0x04;
const RESERVED: u8 = 0xF0;

/// What a [`Framer`] finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A frame whose length and check are right.
    Frame(Vec<u8>),
    /// Something that began as one and is none: what is wrong with it.
    Bad(String),
    /// So many bytes that do not even begin one.
    Stray(usize),
}

/// Collects what arrives and cuts it into frames. Holds [`MAX_FRAME`] bytes at most beyond one piece of
/// input.
#[derive(Clone, Debug, Default)]
pub struct Framer {
    held: Vec<u8>,
    /// When the last byte arrived.
    last: Time,
    /// Bytes thrown away since the last frame.
    garbage: usize,
}

impl Framer {
    /// Nothing has arrived.
    pub fn clear(&mut self) {
        self.held.clear();
        self.garbage = 0;
    }

    /// Takes what arrived.
    pub fn push(&mut self, now: Time, bytes: &[u8]) {
        self.held.extend_from_slice(bytes);
        self.last = now;
    }

    /// When the last byte arrived.
    pub fn last(&self) -> Time {
        self.last
    }

    /// When a frame that was begun has to be over.
    pub fn deadline(&self) -> Option<Time> {
        (!self.held.is_empty()).then(|| self.last + PAUSE)
    }

    /// The next piece; `None`: nothing more before more arrives, or before [`deadline`](Self::deadline).
    pub fn next(&mut self, now: Time) -> Option<Piece> {
        loop {
            let start = self.held.iter().position(|b| *b == START).unwrap_or(self.held.len());
            self.garbage += self.held.iter().take(start).filter(|b| **b != MARK).count();
            self.held.drain(..start);
            if self.held.is_empty() {
                return self.thrown_away();
            }
            match length(&self.held) {
                Length::Wrong => self.skip(),
                Length::Needs(more) if self.held.len() < more => {
                    if self.deadline().is_none_or(|deadline| now < deadline) {
                        return None;
                    }
                    // What follows the start that led nowhere may hold a whole frame.
                    self.skip();
                    if !self.held.contains(&START) {
                        let length = self.held.len() + 1;
                        self.clear();
                        return Some(Piece::Bad(format!("{length} bytes of a frame of {more} or more")));
                    }
                }
                Length::Needs(length) => {
                    let sound = Check::of(&self.held[..length]);
                    if let Err(wrong) = sound {
                        self.pass_over(length);
                        return Some(Piece::Bad(wrong));
                    }
                    if let Some(garbage) = self.thrown_away() {
                        return Some(garbage);
                    }
                    return Some(Piece::Frame(self.held.drain(..length).collect()));
                }
            }
        }
    }

    /// Passes over a start that was none.
    fn skip(&mut self) {
        self.garbage += 1;
        self.held.drain(..1);
    }

    /// Passes over a frame that is damaged, up to where another may begin within it.
    fn pass_over(&mut self, length: usize) {
        let inner = self.held.iter().take(length).skip(1).position(|b| *b == START);
        self.held.drain(..inner.map_or(length, |at| at + 1));
        self.garbage = 0;
    }

    fn thrown_away(&mut self) -> Option<Piece> {
        let count = std::mem::take(&mut self.garbage);
        (count > 0).then_some(Piece::Stray(count))
    }
}

enum Length {
    /// So many bytes are needed to go on.
    Needs(usize),
    /// No frame begins so.
    Wrong,
}

fn length(held: &[u8]) -> Length {
    let [_, _, low, high, control, ..] = held else { return Length::Needs(MIN_FRAME) };
    let length = usize::from(u16::from_le_bytes([*low, *high]));
    let shortest = MIN_FRAME + usize::from(control & CRC != 0);
    if control & RESERVED != 0 || !(shortest..=MAX_FRAME).contains(&length) {
        return Length::Wrong;
    }
    Length::Needs(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A POLL of address 5 with CRC: the crate's own example.
    const POLL: [u8; 8] = [0x53, 0x05, 0x08, 0x00, 0x04, 0x60, 0xBC, 0x89];

    fn all(framer: &mut Framer, now: Time) -> Vec<Piece> {
        std::iter::from_fn(|| framer.next(now)).collect()
    }

    #[test]
    fn a_frame_in_single_bytes_is_found_with_its_last() {
        let mut framer = Framer::default();
        for (i, byte) in POLL.into_iter().enumerate() {
            framer.push(Time(40_000 * i as u64), &[byte]);
            let found = all(&mut framer, Time(40_000 * i as u64));
            let wanted = (i == 7).then(|| Piece::Frame(POLL.to_vec()));
            assert_eq!(found, Vec::from_iter(wanted));
        }
    }

    #[test]
    fn a_false_start_hides_a_frame_no_longer_than_the_pause() {
        let mut framer = Framer::default();
        // A length of 1,029 bytes.
        framer.push(Time(0), &[0x53, 0x01, 0x05, 0x04, 0x04]);
        framer.push(Time(0), &POLL);
        assert_eq!(framer.next(Time(49_999)), None);
        let found = all(&mut framer, Time(50_000));
        assert_eq!(found, [Piece::Stray(5), Piece::Frame(POLL.to_vec())]);
    }

    #[test]
    fn a_length_beyond_any_frame_does_not_wait() {
        let mut framer = Framer::default();
        framer.push(Time(0), &[0x53, 0x01, 0xFF, 0xFF, 0x04]);
        framer.push(Time(0), &POLL);
        let found = all(&mut framer, Time(0));
        assert_eq!(found.last(), Some(&Piece::Frame(POLL.to_vec())));
    }

    #[test]
    fn marks_between_frames_are_nothing() {
        let mut framer = Framer::default();
        framer.push(Time(0), &[MARK, MARK]);
        framer.push(Time(0), &POLL);
        assert_eq!(all(&mut framer, Time(0)), [Piece::Frame(POLL.to_vec())]);
    }

    #[test]
    fn half_a_frame_is_given_up_and_said() {
        let mut framer = Framer::default();
        framer.push(Time(0), &POLL[..6]);
        assert_eq!(framer.next(Time(0)), None);
        assert_eq!(framer.deadline(), Some(Time(50_000)));
        assert_eq!(framer.next(Time(50_000)), Some(Piece::Bad("6 bytes of a frame of 8 or more".into())));
        assert_eq!(framer.deadline(), None);
    }

    proptest! {
        #[test]
        fn whatever_arrives_is_used_up(
            pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..64), 0..32),
        ) {
            let mut framer = Framer::default();
            for piece in &pieces {
                framer.push(Time(0), piece);
                all(&mut framer, Time(0));
                prop_assert!(framer.held.len() < MAX_FRAME);
            }
            all(&mut framer, Time(60_000));
            prop_assert!(framer.held.is_empty());
        }

        #[test]
        fn a_frame_after_anything_is_found_in_the_end(noise in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut framer = Framer::default();
            framer.push(Time(0), &noise);
            framer.push(Time(0), &POLL);
            let found = all(&mut framer, Time(60_000));
            prop_assert!(found.contains(&Piece::Frame(POLL.to_vec())));
        }
    }
}
