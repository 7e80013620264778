//! The lines that a dongle and its host say to each other: `hil/WIEGAND.md`.

use crate::apb::effect::{Signal, Tone};
use crate::hil::frames::check::crc16;

/// The longest line, bytes, its end not counted.
pub const LINE_MAX: usize = 96;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Dongle: what it is, the number of its start, how many readers it has.
    Hello {
        /// Another number each time the dongle starts.
        session: u32,
        /// How many readers it has.
        channels: u8,
        /// Its name, without blanks.
        name: String,
    },
    /// Host: who is there? `anew`: the host has just started and counts its orders from 1.
    Ask {
        /// Whether the host begins anew.
        anew: bool,
    },
    /// Dongle: a card. Said again until it is acknowledged.
    Card {
        /// What was read.
        bits: Bits,
        /// At which of its readers.
        channel: u8,
        /// The dongle's start.
        session: u32,
        /// The card's number since then; goes on at 0 after 65,535.
        sequence: u16,
        /// How long ago it was read, milliseconds.
        age_ms: u32,
    },
    /// Host: this card has arrived.
    Ack {
        /// The dongle's start.
        session: u32,
        /// The card.
        sequence: u16,
    },
    /// Host: a lamp, for so many milliseconds; 0: until further notice.
    Lamp {
        /// The order's number.
        order: u16,
        /// At which reader.
        channel: u8,
        /// Green, red, both; `None`: dark.
        signal: Option<Signal>,
        /// How long.
        ms: u32,
    },
    /// Host: the buzzer.
    Beep {
        /// The order's number.
        order: u16,
        /// At which reader.
        channel: u8,
        /// How.
        tone: Tone,
    },
    /// Dongle: this order is carried out.
    Done {
        /// The order.
        order: u16,
    },
    /// The simplest dongles: a card and nothing else.
    Bare(Bits),
}

/// Bits as they came over the two wires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bits {
    /// How many, 1 to 64.
    pub count: u16,
    /// The bits, the last one lowest.
    pub value: u64,
}

impl Line {
    /// The line with its checksum and its end.
    pub fn encode(&self) -> Vec<u8> {
        let text = match self {
            Self::Hello { session, channels, name } => format!("HELLO {session:08X} {channels} {name}"),
            Self::Ask { anew: true } => "HELLO? ANEW".into(),
            Self::Ask { anew: false } => "HELLO?".into(),
            Self::Card { bits, channel, session, sequence, age_ms } => {
                format!("{} {channel} {session:08X} {sequence} {age_ms}", bits.text())
            }
            Self::Ack { session, sequence } => format!("ACK {session:08X} {sequence}"),
            Self::Lamp { order, channel, signal, ms } => {
                let lamp = match signal {
                    Some(Signal::Granted) => 'G',
                    Some(Signal::Denied) => 'R',
                    Some(Signal::Busy) => 'A',
                    None => '0',
                };
                format!("LAMP {order} {channel} {lamp} {ms}")
            }
            Self::Beep { order, channel, tone } => {
                let tone = match tone {
                    Tone::Off => 0,
                    Tone::Continuous => 1,
                    Tone::Intermittent => 2,
                };
                format!("BEEP {order} {channel} {tone}")
            }
            Self::Done { order } => format!("DONE {order}"),
            Self::Bare(bits) => return format!("{}\n", bits.text()).into_bytes(),
        };
        format!("{text}*{:04X}\n", crc16(text.as_bytes())).into_bytes()
    }

    /// Reads a line without its end. Only the bare form goes without a checksum.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(line: &str) -> Result<Self, String> {
        let Some((text, sum)) = line.rsplit_once('*') else {
            let words: Vec<&str> = line.split(' ').collect();
            return match words[..] {
                [count, value] => Bits::parse(count, value).map(Self::Bare),
                _ => Err(format!("a line without a checksum: {line:?}")),
            };
        };
        if sum.len() != 4 || hex(sum).ok() != Some(u64::from(crc16(text.as_bytes()))) {
            return Err(format!("a wrong checksum: {line:?}"));
        }
        let words: Vec<&str> = text.split(' ').collect();
        Self::of(&words).map_err(|wrong| format!("{wrong}: {line:?}"))
    }

    fn of(words: &[&str]) -> Result<Self, String> {
        Ok(match words {
            ["HELLO", session, channels, name] => {
                Self::Hello { session: start(session)?, channels: number(channels)?, name: (*name).into() }
            }
            ["HELLO?"] => Self::Ask { anew: false },
            ["HELLO?", "ANEW"] => Self::Ask { anew: true },
            ["ACK", session, sequence] => Self::Ack { session: start(session)?, sequence: number(sequence)? },
            ["LAMP", order, channel, lamp, ms] => {
                let signal = match *lamp {
                    "G" => Some(Signal::Granted),
                    "R" => Some(Signal::Denied),
                    "A" => Some(Signal::Busy),
                    "0" => None,
                    _ => return Err("a lamp that is none".into()),
                };
                Self::Lamp { order: number(order)?, channel: number(channel)?, signal, ms: number(ms)? }
            }
            ["BEEP", order, channel, tone] => {
                let tone = match *tone {
                    "0" => Tone::Off,
                    "1" => Tone::Continuous,
                    "2" => Tone::Intermittent,
                    _ => return Err("a tone that is none".into()),
                };
                Self::Beep { order: number(order)?, channel: number(channel)?, tone }
            }
            ["DONE", order] => Self::Done { order: number(order)? },
            [count, value, channel, session, sequence, age] if count.starts_with('W') => Self::Card {
                bits: Bits::parse(count, value)?,
                channel: number(channel)?,
                session: start(session)?,
                sequence: number(sequence)?,
                age_ms: number(age)?,
            },
            _ => return Err("no line of this protocol".into()),
        })
    }
}

impl Bits {
    fn text(self) -> String {
        let digits = usize::from(self.count).div_ceil(4);
        format!("W{} {:0digits$X}", self.count, self.value)
    }

    fn parse(count: &str, value: &str) -> Result<Self, String> {
        let count: u16 =
            count.strip_prefix('W').ok_or("no card").and_then(|n| n.parse().or(Err("no count")))?;
        let value = hex(value)?;
        let fits = (1..=64).contains(&count) && (count == 64 || value >> count == 0);
        fits.then_some(Self { count, value }).ok_or_else(|| "bits that do not fit their count".into())
    }
}

/// A number in hexadecimal, without a sign.
fn hex(text: &str) -> Result<u64, String> {
    let digits = (1..=16).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit());
    let value = u64::from_str_radix(text, 16).ok().filter(|_| digits);
    value.ok_or_else(|| "no hexadecimal number".into())
}

/// The number of a dongle's start.
fn start(text: &str) -> Result<u32, String> {
    hex(text).ok().and_then(|n| u32::try_from(n).ok()).ok_or_else(|| "no start".into())
}

/// A number in decimal, without a sign.
fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let value = text.parse().ok().filter(|_| digits);
    value.ok_or_else(|| format!("{text:?} is no number in its place"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_examples_of_the_specification() {
        let specification = include_str!("../../../hil/WIEGAND.md");
        let block = specification.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
        let mut lines = 0;
        for row in block.lines() {
            let (_, line) = row.split_once(":").unwrap();
            let line = line.split("   ").map(str::trim).find(|text| !text.is_empty()).unwrap();
            let read = Line::parse(line).unwrap_or_else(|wrong| panic!("{wrong}"));
            assert_eq!(String::from_utf8(read.encode()).unwrap().trim_end(), line);
            lines += 1;
        }
        assert!(lines >= 8, "{lines} examples");
    }

    #[test]
    fn what_is_garbled_is_refused() {
        let line = Line::Ack { session: 7, sequence: 9 }.encode();
        let text = String::from_utf8(line).unwrap();
        let text = text.trim_end();
        for at in 0..text.len() {
            for bit in 0..7 {
                let mut bytes = text.as_bytes().to_vec();
                bytes[at] ^= 1 << bit;
                // Line ends are cut off before.
                let garbled = String::from_utf8(bytes).unwrap();
                assert!(Line::parse(&garbled).is_err() || garbled.eq_ignore_ascii_case(text), "{garbled:?}");
            }
        }
        for wrong in ["", "*", "W26", "W0 0", "W65 0", "W4 1F", "W26 +1", "W26 1 2", "HELLO?", "W26 1*FFFF"] {
            assert!(Line::parse(wrong).is_err(), "{wrong:?}");
        }
        assert_eq!(Line::parse("W26 2040002"), Ok(Line::Bare(Bits { count: 26, value: 0x204_0002 })));
    }

    proptest! {
        #[test]
        fn a_card_comes_back_as_it_was(
            count in 1_u16..=64, value: u64, channel: u8, session: u32, sequence: u16, age_ms: u32,
        ) {
            let value = if count == 64 { value } else { value & ((1 << count) - 1) };
            let line = Line::Card { bits: Bits { count, value }, channel, session, sequence, age_ms };
            let text = String::from_utf8(line.encode()).unwrap();
            prop_assert!(text.len() <= LINE_MAX);
            prop_assert_eq!(Line::parse(text.trim_end()), Ok(line));
        }
    }
}
