//! What a host says to its devices and devices to their host, the same behind every protocol.

use crate::apb::effect::{Signal, Tone};
use crate::apb::id::{CardNumber, Direction};
use crate::apb::input::{Factor, Leaf};
use crate::apb::site::PassMode;

/// From a host to a gate or a reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Gate: let one body through this way.
    Release(Direction),
    /// Gate: shut now; a release that is not used yet is void.
    Shut,
    /// Gate: from now on this may pass this way.
    Mode(Direction, PassMode),
    /// Gate: sound the buzzer, or silence it.
    Buzz(Tone),
    /// Gate: its fire input is active (`true`: let everybody out) or at rest. What active means on the wire,
    /// current or its removal, is a matter of wiring.
    Fire(bool),
    /// Gate: one of its beams, numbered from the outer end, is cut (`true`) or clear, for gates whose beams
    /// are driven instead of cut by bodies.
    Beam(u8, bool),
    /// Reader: show what became of the read.
    Show(Signal),
    /// Reader: show this text; empty: none.
    Text(String),
    /// Any device with outputs: set one, numbered from 0.
    Output(u8, bool),
}

/// From a gate or a reader to its host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// Reader: a credential.
    Read(Read),
    /// Gate: where its leaf is.
    Leaf(Leaf),
    /// Gate: it opened for a release.
    Opened,
    /// Gate: a body went through this way.
    Passed(Direction),
    /// Gate: one of its beams, numbered from the outer end, was cut (`true`) or cleared.
    Beam(u8, bool),
    /// Gate: whether it takes a release now.
    Ready(bool),
    /// Gate: an alarm of its own began (`true`) or ended.
    Alarm(GateAlarm, bool),
    /// Gate: its fire input became active (`true`) or is at rest again.
    Fire(bool),
    /// Gate: its own count of bodies that went this way so far.
    Count(Direction, u32),
    /// Any device: somebody opened its case (`true`), or it is shut again.
    Tamper(bool),
    /// Any device: its power fails (`true`), or is back.
    PowerFail(bool),
    /// Any device with inputs: one of them, numbered from 0, is active or at rest.
    Input(u8, bool),
    /// Any device with outputs: one of them, numbered from 0, reads back so.
    OutputIs(u8, bool),
}

/// A credential that a reader read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read {
    /// Its number, as the site issues it: see [`CardFormat`].
    pub card: CardNumber,
    /// How many bits the reader sent; 0: it does not say.
    pub bits: u16,
    /// What came of a second factor.
    pub factor: Factor,
    /// Whether it was read while the line was gone or the device did not answer. Such a read is no sign that
    /// somebody stands there now.
    pub stale: bool,
}

impl Read {
    /// A credential of 26 bits that was read just now.
    pub fn of(card: CardNumber) -> Self {
        Self { card, bits: CardFormat::H10301.bits(), factor: Factor::None, stale: false }
    }
}

/// What a gate's own logic alarms about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GateAlarm {
    /// It alarms and does not say why.
    Any,
    /// A second body on one release.
    Tailgate,
    /// A body without a release.
    Intrusion,
    /// A body against the way of the release.
    WrongWay,
    /// The leaf was moved by force.
    Forced,
    /// A body stays.
    Loiter,
    /// The leaf cannot move, or a beam is faulty.
    Fault,
}

impl GateAlarm {
    /// Every alarm.
    pub const ALL: [Self; 7] =
        [Self::Any, Self::Tailgate, Self::Intrusion, Self::WrongWay, Self::Forced, Self::Loiter, Self::Fault];

    /// The stable word for this alarm.
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "alarm",
            Self::Tailgate => "tailgate",
            Self::Intrusion => "intrusion",
            Self::WrongWay => "wrong_way",
            Self::Forced => "forced",
            Self::Loiter => "loiter",
            Self::Fault => "fault",
        }
    }
}

/// How a credential's number is laid out in the bits that a reader sends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CardFormat {
    /// 26 bits: even parity of the first half, facility code of 8 bits, number of 16 bits, odd parity of the
    /// second half. HID's H10301, an open format. The site's number is facility × 65,536 + number.
    #[default]
    H10301,
    /// So many bits (1 to 64) that are the number as they stand, without parity.
    Raw(u16),
}

impl CardFormat {
    /// How many bits there are.
    pub fn bits(self) -> u16 {
        match self {
            Self::H10301 => 26,
            Self::Raw(bits) => bits,
        }
    }

    /// The bits of a number, in the lowest [`bits`](Self::bits) of the result; `None`: it does not fit.
    pub fn encode(self, card: CardNumber) -> Option<u64> {
        let fits = |bits: u16| bits >= 64 || card.0 >> bits == 0;
        match self {
            Self::H10301 if fits(24) => {
                let (high, low) = (card.0 >> 12, card.0 & 0xFFF);
                let even = u64::from(high.count_ones() % 2);
                let odd = u64::from(low.count_ones().is_multiple_of(2));
                Some(even << 25 | card.0 << 1 | odd)
            }
            Self::Raw(bits) if fits(bits) => Some(card.0),
            Self::H10301 | Self::Raw(_) => None,
        }
    }

    /// The number in so many bits.
    ///
    /// # Errors
    /// What is wrong: another count of bits, or parity.
    pub fn decode(self, bits: u16, value: u64) -> Result<CardNumber, String> {
        if bits != self.bits() {
            return Err(format!("{bits} bits where {} were expected", self.bits()));
        }
        match self {
            Self::Raw(_) => Ok(CardNumber(value)),
            Self::H10301 => {
                let card = CardNumber(value >> 1 & 0xFF_FFFF);
                let sound = self.encode(card) == Some(value);
                sound.then_some(card).ok_or_else(|| format!("wrong parity in 26 bits, {value:#09x}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_known_card_has_its_known_bits() {
        // Facility 1, number 1: 0 00000001 0000000000000001 0. The first half (0000 0000 0001 after the
        // parity bit) has one 1, so the even parity is 1; the second half (0000 0000 0001) has one, so the
        // odd is 0.
        let card = CardNumber(1 << 16 | 1);
        assert_eq!(CardFormat::H10301.encode(card), Some(0b10_0000_0010_0000_0000_0000_0010));
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(card in 0_u64..1 << 24) {
            let bits = CardFormat::H10301.encode(CardNumber(card)).unwrap();
            prop_assert_eq!(CardFormat::H10301.decode(26, bits), Ok(CardNumber(card)));
        }

        #[test]
        fn a_flipped_bit_is_noticed(card in 0_u64..1 << 24, bit in 0_u32..26) {
            let bits = CardFormat::H10301.encode(CardNumber(card)).unwrap();
            prop_assert!(CardFormat::H10301.decode(26, bits ^ 1 << bit).is_err());
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(CardFormat::H10301.encode(CardNumber(1 << 24)), None);
        assert_eq!(CardFormat::Raw(8).encode(CardNumber(256)), None);
        assert_eq!(CardFormat::Raw(64).encode(CardNumber(u64::MAX)), Some(u64::MAX));
        assert!(CardFormat::Raw(37).decode(26, 1).is_err());
    }
}
