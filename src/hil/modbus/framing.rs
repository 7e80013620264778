//! How frames are told apart on a line or in a connection.

use super::tcp::Start;
use super::{rtu, tcp};
use crate::apb::time::Span;
use crate::hil::line::Settings;

/// How frames are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// On a serial line that is set so.
    Rtu(Settings),
    /// In a TCP connection.
    Tcp,
}

impl Framing {
    /// Whether it is a TCP connection.
    pub(super) fn is_tcp(self) -> bool {
        self == Self::Tcp
    }

    /// Unit, function and data of a sound frame.
    pub(super) fn body(self, frame: &[u8]) -> &[u8] {
        match self {
            Self::Rtu(_) => frame.get(..frame.len().saturating_sub(2)).unwrap_or_default(),
            Self::Tcp => frame.get(tcp::HEADER..).unwrap_or_default(),
        }
    }

    /// A frame around unit, function and data.
    pub(super) fn frame(self, transaction: u16, body: Vec<u8>) -> Vec<u8> {
        match self {
            Self::Rtu(_) => rtu::sealed(body),
            Self::Tcp => tcp::framed(transaction, &body),
        }
    }

    /// The time so many bytes take on the wire; none over TCP.
    pub(super) fn wire_time(self, bytes: usize) -> Span {
        match self {
            Self::Rtu(line) => line.wire_time(bytes),
            Self::Tcp => Span::ZERO,
        }
    }

    /// The silence that parts two frames; none over TCP.
    pub(super) fn silence(self) -> Span {
        match self {
            Self::Rtu(line) => rtu::silence(&line),
            Self::Tcp => Span::ZERO,
        }
    }

    /// The bytes of a frame beside function and data: unit and CRC, or the header.
    pub(super) fn overhead(self) -> usize {
        match self {
            Self::Rtu(_) => 3,
            Self::Tcp => tcp::HEADER + 1,
        }
    }
}

/// Who listens: that decides which frames there can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Hears replies, and its own requests where the line echoes.
    Master,
    /// Hears requests, and replies of others on the same line.
    Slave,
}

/// What was found in what arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Bytes before it that belong to no frame.
    pub(super) garbage: Vec<u8>,
    /// The frame, whole and sound.
    pub(super) frame: Vec<u8>,
    /// Whether it is, byte for byte, what was looked for as one's own.
    pub(super) own: bool,
}

/// What arrived and has not been understood yet. Never longer than twice the longest frame.
#[derive(Clone, Debug, Default)]
pub(super) struct Inbox(Vec<u8>);

impl Inbox {
    /// Adds what arrived; the oldest bytes make room.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        const KEPT_MAX: usize = 2 * rtu::FRAME_MAX + tcp::HEADER;
        self.0.extend_from_slice(&bytes[bytes.len().saturating_sub(KEPT_MAX)..]);
        self.0.drain(..self.0.len().saturating_sub(KEPT_MAX));
    }

    /// Takes out everything.
    pub(super) fn clear(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes out the first frame and what lies before it. `own`: a frame that may come back from the line as
    /// it was sent, empty: none.
    ///
    /// Garbage is passed over byte by byte. Over RTU a frame that is sound by its CRC is taken wherever it
    /// begins: what lies before it was cut short.
    pub(super) fn next(&mut self, framing: Framing, side: Side, own: &[u8]) -> Option<Found> {
        for at in 0..self.0.len() {
            let rest = &self.0[at..];
            let is_own = !own.is_empty() && rest.starts_with(own);
            let length = match start(framing, side, rest) {
                _ if is_own => own.len(),
                Start::Whole(length) => length,
                Start::Partial => return None,
                Start::Garbage => continue,
            };
            let frame = rest[..length].to_vec();
            let garbage = self.0[..at].to_vec();
            self.0.drain(..at + length);
            return Some(Found { garbage, frame, own: is_own });
        }
        None
    }
}

/// What stands at the start of these bytes. Over RTU nothing is waited for: where a whole frame is sound by
/// its CRC, whatever is not whole before it never will be.
fn start(framing: Framing, side: Side, bytes: &[u8]) -> Start {
    let Framing::Rtu(_) = framing else { return tcp::start(bytes) };
    let reply = || rtu::sound_length(bytes, rtu::reply_length);
    let length = match side {
        Side::Master => reply(),
        Side::Slave => rtu::sound_length(bytes, rtu::request_length).or_else(reply),
    };
    length.map_or(Start::Garbage, Start::Whole)
}

/// Bytes for people, the first few of them.
pub(super) fn hex(bytes: &[u8]) -> String {
    const SHOWN: usize = 16;
    let shown: Vec<String> = bytes.iter().take(SHOWN).map(|b| format!("{b:02X}")).collect();
    let more = if bytes.len() > SHOWN { " …" } else { "" };
    format!("{}{more}", shown.join(" "))
}

/// A note's words for bytes that are no frame.
pub(super) fn no_frame(bytes: &[u8]) -> String {
    let s = if bytes.len() == 1 { "" } else { "s" };
    format!("{} byte{s} that make no sound frame: {}", bytes.len(), hex(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rtu() -> Framing {
        Framing::Rtu(Settings::default())
    }

    fn all(framing: Framing, side: Side, pieces: &[&[u8]], own: &[u8]) -> Vec<(usize, Vec<u8>, bool)> {
        let mut inbox = Inbox::default();
        let mut found = Vec::new();
        for piece in pieces {
            inbox.push(piece);
            while let Some(f) = inbox.next(framing, side, own) {
                found.push((f.garbage.len(), f.frame, f.own));
            }
        }
        found
    }

    #[test]
    fn frames_come_out_of_garbage_and_pieces() {
        let reply = rtu::sealed(vec![1, 2, 1, 0b101]);
        let mut noise = vec![0xFF, 1, 2, 9];
        noise.extend(&reply);
        let (head, tail) = noise.split_at(6);
        assert_eq!(all(rtu(), Side::Master, &[head, tail], &[]), [(4, reply, false)]);
        let frame = tcp::framed(3, &[1, 2, 1, 0]);
        let mut noise = vec![9, 9, 9];
        noise.extend(&frame);
        assert_eq!(all(Framing::Tcp, Side::Master, &[&noise], &[]), [(3, frame, false)]);
    }

    #[test]
    fn ones_own_frame_is_known() {
        let own = rtu::sealed(vec![1, 5, 0, 0, 0xFF, 0]);
        let mut twice = own.clone();
        twice.extend(&own);
        let found = all(rtu(), Side::Master, &[&twice], &own);
        assert_eq!(found, [(0, own.clone(), true), (0, own.clone(), true)]);
        assert_eq!(all(rtu(), Side::Master, &[&own], &[]), [(0, own, false)]);
    }

    proptest! {
        #[test]
        fn nothing_that_arrives_grows_or_panics(
            pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..700), 0..20),
            own in prop::collection::vec(any::<u8>(), 0..10),
        ) {
            for framing in [rtu(), Framing::Tcp] {
                for side in [Side::Master, Side::Slave] {
                    let mut inbox = Inbox::default();
                    for piece in &pieces {
                        inbox.push(piece);
                        while inbox.next(framing, side, &own).is_some() {}
                        prop_assert!(inbox.0.len() <= 2 * rtu::FRAME_MAX + tcp::HEADER);
                    }
                }
            }
        }
    }
}
