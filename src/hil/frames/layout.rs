//! How a frame is built, piece by piece, and finding its end.

pub use super::check::{Check, Kind};

/// A piece of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Always this byte: header or trailer.
    Is(u8),
    /// The board's address.
    Address,
    /// The length's low byte.
    LengthLow,
    /// The length's high byte.
    LengthHigh,
    /// So many bytes of the body.
    Body(usize),
    /// The rest of the body: as many bytes as the length says.
    Rest,
    /// The checksum.
    Check,
}

/// How a frame is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Its pieces, in order.
    pub pieces: Vec<Piece>,
    /// How many bytes the length does not count.
    pub beside: usize,
    /// The longest frame.
    pub longest: usize,
    /// Its checksum, if it has one.
    pub check: Option<Check>,
}

/// What the bytes of a line begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Begins {
    /// A frame of so many bytes.
    Frame(usize),
    /// What may become a frame.
    Perhaps,
    /// No frame; `true`: one that is damaged.
    None(bool),
}

impl Layout {
    fn width(&self, piece: Piece) -> usize {
        match piece {
            Piece::Body(bytes) => bytes,
            Piece::Rest => 0,
            Piece::Check => self.check.map_or(0, Check::bytes),
            Piece::Is(_) | Piece::Address | Piece::LengthLow | Piece::LengthHigh => 1,
        }
    }

    /// The length of a frame without the rest of its body.
    pub fn shortest(&self) -> usize {
        self.pieces.iter().map(|p| self.width(*p)).sum()
    }

    /// Whether every frame is as long as every other.
    pub fn is_fixed(&self) -> bool {
        !self.pieces.contains(&Piece::Rest)
    }

    /// Whether frames carry an address.
    pub fn has_address(&self) -> bool {
        self.pieces.contains(&Piece::Address)
    }

    /// Every piece of a frame of this length, with where it begins and how many bytes it has.
    fn placed(&self, length: usize) -> impl Iterator<Item = (Piece, usize, usize)> {
        let rest = length.saturating_sub(self.shortest());
        let mut at = 0;
        self.pieces.iter().map(move |piece| {
            let bytes = if *piece == Piece::Rest { rest } else { self.width(*piece) };
            at += bytes;
            (*piece, at - bytes, bytes)
        })
    }

    /// A frame. What is missing of a body is zero, what is too much is left away.
    pub fn encode(&self, address: u8, body: &[u8]) -> Vec<u8> {
        let inner: usize = self.pieces.iter().map(|p| if let Piece::Body(n) = p { *n } else { 0 }).sum();
        let rest = if self.is_fixed() { 0 } else { body.len().saturating_sub(inner) };
        let length = (self.shortest() + rest).min(self.longest.max(self.shortest()));
        let mut frame = vec![0; length];
        let mut body = body.iter();
        for (piece, at, bytes) in self.placed(length) {
            match piece {
                Piece::Is(byte) => frame[at] = byte,
                Piece::Address => frame[at] = address,
                Piece::Body(_) | Piece::Rest => {
                    frame[at..at + bytes].iter_mut().zip(&mut body).for_each(|(to, from)| *to = *from);
                }
                Piece::LengthLow | Piece::LengthHigh | Piece::Check => {}
            }
        }
        self.seal(&mut frame);
        frame
    }

    /// Sets length and checksum of a frame to what they have to be.
    pub(super) fn seal(&self, frame: &mut [u8]) {
        let length = frame.len();
        let [low, high, ..] = length.saturating_sub(self.beside).to_le_bytes();
        for (piece, at, _) in self.placed(length) {
            match piece {
                Piece::LengthLow => frame[at] = low,
                Piece::LengthHigh => frame[at] = high,
                _ => {}
            }
        }
        let place = self.placed(length).find(|(piece, _, _)| *piece == Piece::Check);
        if let (Some(check), Some((_, at, _))) = (self.check, place) {
            let (sum, bytes) = check.of(frame, at);
            frame[at..at + bytes].copy_from_slice(&sum[..bytes]);
        }
    }

    /// The body of a frame.
    pub fn body(&self, frame: &[u8]) -> Vec<u8> {
        let parts = self.placed(frame.len()).filter(|(p, _, _)| matches!(p, Piece::Body(_) | Piece::Rest));
        parts.flat_map(|(_, at, bytes)| frame.get(at..at + bytes).unwrap_or_default()).copied().collect()
    }

    /// Where the last byte of a frame's body is, plus one.
    pub(super) fn body_end(&self, length: usize) -> usize {
        let parts = self.placed(length).filter(|(p, _, _)| matches!(p, Piece::Body(_) | Piece::Rest));
        parts.map(|(_, at, bytes)| at + bytes).max().unwrap_or(0)
    }

    /// The address in a frame; `None`: frames carry none.
    pub fn address(&self, frame: &[u8]) -> Option<u8> {
        let place = self.placed(frame.len()).find(|(piece, _, _)| *piece == Piece::Address);
        place.and_then(|(_, at, _)| frame.get(at).copied())
    }

    /// What these bytes begin with.
    pub(super) fn begins(&self, bytes: &[u8]) -> Begins {
        let (mut low, mut high, mut at) = (None, 0, 0);
        for piece in &self.pieces {
            match (piece, bytes.get(at)) {
                (Piece::Is(byte), Some(there)) if byte != there => return Begins::None(false),
                (Piece::LengthLow, Some(there)) => low = Some(usize::from(*there)),
                (Piece::LengthHigh, Some(there)) => high = usize::from(*there),
                (Piece::Rest, _) => break,
                _ => {}
            }
            at += self.width(*piece);
        }
        if self.is_fixed() && bytes.len() < self.shortest() || bytes.len() < at {
            return Begins::Perhaps;
        }
        let length = match low {
            Some(low) => low + 256 * high + self.beside,
            None => self.shortest(),
        };
        let possible = if self.is_fixed() { length == self.shortest() } else { length >= self.shortest() };
        if !possible || length > self.longest {
            return Begins::None(true);
        }
        match bytes.get(..length) {
            None => Begins::Perhaps,
            Some(frame) if self.is_sound(frame) => Begins::Frame(length),
            Some(_) => Begins::None(true),
        }
    }

    fn is_sound(&self, frame: &[u8]) -> bool {
        self.placed(frame.len()).all(|(piece, at, _)| match piece {
            Piece::Is(byte) => frame.get(at) == Some(&byte),
            Piece::Check => self.check.is_none_or(|check| check.holds(frame, at)),
            _ => true,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted() -> Layout {
        let check = Some(Check { kind: Kind::Xor, from: 0, to: None });
        let pieces =
            vec![Piece::Is(2), Piece::LengthLow, Piece::LengthHigh, Piece::Rest, Piece::Check, Piece::Is(3)];
        Layout { pieces, beside: 4, longest: 16, check }
    }

    #[test]
    fn what_is_encoded_is_found() {
        let layout = counted();
        for body in [&[][..], &[0x48], &[2, 3, 2, 3]] {
            let frame = layout.encode(0, body);
            assert_eq!(layout.begins(&frame), Begins::Frame(frame.len()));
            assert_eq!(layout.body(&frame), body);
            for cut in 0..frame.len() {
                assert_eq!(layout.begins(&frame[..cut]), Begins::Perhaps, "{cut} bytes of {frame:?}");
            }
        }
    }

    #[test]
    fn damage_is_told_from_what_is_no_frame_at_all() {
        let layout = counted();
        let frame = layout.encode(0, &[0x48]);
        let damaged = |at: usize| {
            let mut bytes = frame.clone();
            bytes[at] ^= 0x40;
            layout.begins(&bytes)
        };
        assert_eq!(damaged(0), Begins::None(false), "the header");
        assert_eq!(damaged(2), Begins::None(true), "a length beyond the longest");
        assert_eq!([damaged(3), damaged(4), damaged(5)], [const { Begins::None(true) }; 3]);
    }

    #[test]
    fn a_length_shorter_than_what_has_to_be_there_is_damage() {
        assert_eq!(counted().begins(&[2, 0, 0, 0, 0, 0, 0]), Begins::None(true));
    }

    #[test]
    fn an_address_can_come_before_the_header() {
        let pieces =
            vec![Piece::Address, Piece::Is(2), Piece::Body(1), Piece::LengthLow, Piece::Rest, Piece::Is(4)];
        let layout = Layout { pieces, beside: 5, longest: 16, check: None };
        let frame = layout.encode(7, &[0x14, 0x31, 0x30]);
        assert_eq!(frame, [7, 2, 0x14, 2, 0x31, 0x30, 4]);
        assert_eq!((layout.address(&frame), layout.body(&frame)), (Some(7), vec![0x14, 0x31, 0x30]));
        assert_eq!(layout.begins(&frame), Begins::Frame(7));
        assert_eq!(layout.body_end(7), 6);
    }
}
