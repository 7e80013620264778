//! Keeps what went over the lines, or writes it as it comes.

use super::piece::Piece;
use super::redact::Redactor;
use super::{capture, json};
use std::collections::VecDeque;
use std::io::{self, Write};

/// Writes pieces in some format.
pub(super) trait Sink: Send {
    fn write(&mut self, piece: &Piece) -> io::Result<()>;
    fn flush(&mut self) -> io::Result<()>;
}

enum Keep {
    Ring(VecDeque<Piece>, usize),
    Sink(Box<dyn Sink>),
}

/// Keeps or writes pieces. Whatever goes in, no OSDP key comes out.
pub struct Recorder {
    keep: Keep,
    redactor: Redactor,
    left_out: u64,
    trouble: Option<io::Error>,
}

impl Recorder {
    fn new(keep: Keep) -> Self {
        Self { keep, redactor: Redactor::default(), left_out: 0, trouble: None }
    }

    /// Keeps the last pieces, so many at most.
    pub fn ring(pieces_max: usize) -> Self {
        Self::new(Keep::Ring(VecDeque::new(), pieces_max))
    }

    /// Writes JSON Lines. `start_unix_us`: what the bench's clock calls zero, in microseconds since 1970.
    ///
    /// # Errors
    /// It cannot be written to.
    pub fn json(writer: Box<dyn Write + Send>, start_unix_us: u64) -> io::Result<Self> {
        json::Writer::new(writer, start_unix_us).map(|sink| Self::new(Keep::Sink(Box::new(sink))))
    }

    /// Writes a capture. `start_unix_us`: what the bench's clock calls zero, in microseconds since 1970.
    ///
    /// # Errors
    /// It cannot be written to.
    pub fn capture(writer: Box<dyn Write + Send>, start_unix_us: u64) -> io::Result<Self> {
        capture::Writer::new(writer, start_unix_us).map(|sink| Self::new(Keep::Sink(Box::new(sink))))
    }

    /// Takes a piece; the piece as it may be shown, without keys. What cannot be written any more is counted:
    /// see [`finish`](Self::finish).
    pub fn record(&mut self, piece: Piece) -> Piece {
        let piece = self.redactor.clean(piece);
        match &mut self.keep {
            Keep::Ring(pieces, most) => {
                pieces.push_back(piece.clone());
                while pieces.len() > *most {
                    pieces.pop_front();
                    self.left_out += 1;
                }
            }
            Keep::Sink(_) if self.trouble.is_some() => self.left_out += 1,
            Keep::Sink(sink) => {
                if let Err(error) = sink.write(&piece) {
                    self.left_out += 1;
                    self.trouble = Some(error);
                }
            }
        }
        piece
    }

    /// The pieces that are kept, the oldest first; none if they are written.
    pub fn pieces(&self) -> impl Iterator<Item = &Piece> {
        match &self.keep {
            Keep::Ring(pieces, _) => Some(pieces.iter()),
            Keep::Sink(_) => None,
        }
        .into_iter()
        .flatten()
    }

    /// How many pieces were left out, because newer ones came or because they could not be written.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Writes what is still to be written.
    ///
    /// # Errors
    /// The first that went wrong since the beginning.
    pub fn finish(self) -> io::Result<()> {
        match (self.trouble, self.keep) {
            (Some(error), _) => Err(error),
            (None, Keep::Sink(mut sink)) => sink.flush(),
            (None, Keep::Ring(..)) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::piece::Toward;
    use super::*;
    use crate::apb::time::Time;

    fn piece(n: u64) -> Piece {
        Piece { at: Time(n), line: "gates".into(), toward: Toward::Host, bytes: vec![1], what: None }
    }

    #[test]
    fn a_ring_keeps_the_last() {
        let mut recorder = Recorder::ring(3);
        (0..10).for_each(|n| drop(recorder.record(piece(n))));
        assert_eq!(recorder.pieces().map(|piece| piece.at.0).collect::<Vec<_>>(), [7, 8, 9]);
        assert_eq!(recorder.left_out(), 7);
        assert!(recorder.finish().is_ok());
    }

    /// A disk with room for some bytes.
    struct Full(usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or_else(|| io::Error::other("full"))?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_is_said_in_the_end() {
        let mut recorder = Recorder::json(Box::new(Full(200)), 0).unwrap();
        (0..10).for_each(|n| drop(recorder.record(piece(n))));
        assert!(recorder.left_out() > 0);
        assert_eq!(recorder.finish().unwrap_err().to_string(), "full");
    }
}
