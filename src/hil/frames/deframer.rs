//! From bytes in pieces of any length to frames.

use super::layout::{Begins, Layout};
use crate::apb::time::{Span, Time};

/// Finds frames in what arrives. Keeps less than one frame between two calls.
#[derive(Clone, Debug)]
pub(super) struct Deframer {
    kept: Vec<u8>,
    gap: Span,
    last: Time,
}

/// What was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Sound frames, in order.
    pub(super) frames: Vec<Vec<u8>>,
    /// What else there was, in words, if anything.
    pub(super) bad: Option<String>,
}

impl Deframer {
    pub(super) fn new(gap: Span) -> Self {
        Self { kept: Vec::new(), gap, last: Time::ZERO }
    }

    /// Forgets what is there of a frame.
    pub(super) fn clear(&mut self) {
        self.kept.clear();
    }

    /// When what is there of a frame is given up.
    pub(super) fn gives_up_at(&self) -> Option<Time> {
        (!self.kept.is_empty()).then(|| self.last + self.gap)
    }

    /// Takes what arrived.
    pub(super) fn push(&mut self, now: Time, bytes: &[u8], layout: &Layout) -> Found {
        let mut tally = Tally::default();
        if self.gives_up_at().is_some_and(|at| at <= now) {
            self.scan(layout, true, &mut tally);
        }
        self.last = now;
        self.kept.extend_from_slice(bytes);
        self.scan(layout, false, &mut tally);
        tally.into_found()
    }

    /// Gives up what is there of a frame, if its time has come.
    pub(super) fn wake(&mut self, now: Time, layout: &Layout) -> Found {
        let mut tally = Tally::default();
        if self.gives_up_at().is_some_and(|at| at <= now) {
            self.scan(layout, true, &mut tally);
        }
        tally.into_found()
    }

    /// `ended`: nothing more comes of what is there, but a frame may lie within what looked like a longer
    /// one.
    fn scan(&mut self, layout: &Layout, ended: bool, tally: &mut Tally) {
        let mut at = 0;
        while let Some(rest) = self.kept.get(at..).filter(|rest| !rest.is_empty()) {
            match layout.begins(rest) {
                Begins::Frame(length) => {
                    tally.frames.push(rest[..length].to_vec());
                    at += length;
                    continue;
                }
                Begins::Perhaps if !ended => break,
                Begins::Perhaps => tally.cut += 1,
                Begins::None(true) => tally.damaged += 1,
                Begins::None(false) => {}
            }
            tally.skipped.push(rest[0]);
            at += 1;
        }
        self.kept.drain(..at);
    }
}

#[derive(Default)]
struct Tally {
    frames: Vec<Vec<u8>>,
    skipped: Vec<u8>,
    damaged: usize,
    cut: usize,
}

impl Tally {
    fn into_found(self) -> Found {
        let bad = (!self.skipped.is_empty()).then(|| {
            let what = if self.damaged > 0 {
                "length, end or checksum is wrong"
            } else if self.cut > 0 {
                "a frame that was cut short"
            } else {
                "no frame begins so"
            };
            format!("{what}: {}", shown(&self.skipped))
        });
        Found { frames: self.frames, bad }
    }
}

/// Bytes in hexadecimal, the first of many.
pub(in crate::hil) fn shown(bytes: &[u8]) -> String {
    const SHOWN: usize = 24;
    let mut text: Vec<String> = bytes.iter().take(SHOWN).map(|b| format!("{b:02X}")).collect();
    if bytes.len() > SHOWN {
        text.push(format!("… ({} bytes)", bytes.len()));
    }
    text.join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::layout::{Check, Kind, Piece};
    use super::*;
    use proptest::prelude::*;

    fn layout() -> Layout {
        let check = Some(Check { kind: Kind::Xor, from: 0, to: None });
        let pieces = vec![Piece::Is(0xEB), Piece::Address, Piece::Body(2), Piece::Check];
        Layout { pieces, beside: 0, longest: 5, check }
    }

    const AT: Time = Time(1_000_000);

    #[test]
    fn a_frame_within_what_looked_like_one_is_found() {
        let layout = layout();
        let mut deframer = Deframer::new(Span::millis(50));
        let frame = layout.encode(1, &[0x40, 0]);
        let bytes = [&[0xEB, 0x07][..], &frame].concat();
        let found = deframer.push(AT, &bytes, &layout);
        assert_eq!((found.frames, found.bad.is_some()), (vec![frame], true));
        // The header of a frame that never came, then a pause: what came after it is whole.
        let mut deframer = Deframer::new(Span::millis(50));
        assert_eq!(deframer.push(AT, &[0xEB, 0xEB, 1, 0x40], &layout), Found::default());
        let found = deframer.wake(AT + Span::millis(50), &layout);
        assert!(found.frames.is_empty() && found.bad.is_some_and(|bad| bad.contains("cut short")));
        assert_eq!(deframer.gives_up_at(), None);
    }

    #[test]
    fn a_pause_ends_a_frame() {
        let layout = layout();
        let frame = layout.encode(1, &[0x40, 0]);
        for (pause, whole) in [(49, true), (50, false)] {
            let mut deframer = Deframer::new(Span::millis(50));
            deframer.push(AT, &frame[..2], &layout);
            let found = deframer.push(AT + Span::millis(pause), &frame[2..], &layout);
            assert_eq!(found.frames.len(), usize::from(whole), "{pause} ms");
        }
    }

    proptest! {
        #[test]
        fn any_cutting_finds_the_same(
            bytes in prop::collection::vec(any::<u8>(), 0..200), cut in 1_usize..9,
        ) {
            let layout = layout();
            let frame = layout.encode(3, &[1, 2]);
            let bytes = [bytes, frame].concat();
            let mut whole = Deframer::new(Span::millis(50));
            let mut pieces = whole.clone();
            let mut found = whole.push(AT, &bytes, &layout).frames;
            found.extend(whole.wake(AT + Span::seconds(1), &layout).frames);
            let mut again = Vec::new();
            for piece in bytes.chunks(cut) {
                again.extend(pieces.push(AT, piece, &layout).frames);
                prop_assert!(pieces.kept.len() < layout.longest);
            }
            again.extend(pieces.wake(AT + Span::seconds(1), &layout).frames);
            prop_assert_eq!(found, again);
        }
    }
}
