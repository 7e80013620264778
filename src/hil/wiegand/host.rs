//! The end that takes cards and orders lamps.

use super::say::{Bits, LINE_MAX, Line};
use crate::apb::effect::{Signal, Tone};
use crate::apb::input::Factor;
use crate::apb::time::{Span, Time};
use crate::hil::capability::{Capabilities, Capability};
use crate::hil::driver::{Driver, Note, Outbox, Unit};
use crate::hil::lines::Lines;
use crate::hil::message::{CardFormat, Order, Read, Report};
use std::collections::VecDeque;

/// How often the dongle is asked whether it is there.
const ASKS_EVERY: Span = Span::seconds(1);

/// After so many questions without an answer it is not.
const MISSES_MAX: u8 = 3;

/// An order that is not said to be done by then is said again.
pub(super) const AGAIN_AFTER: Span = Span::millis(200);

/// How often an order is said at most.
const TRIES_MAX: u8 = 4;

/// More orders than this do not wait.
const QUEUE_MAX: usize = 16;

/// A read that is older than this is no sign that somebody stands there now.
pub const FRESH: Span = Span::millis(500);

/// How long a lamp shows what became of a read. Assumed: what readers do by themselves.
const SHOWS: Span = Span::seconds(1);

/// One reader of a dongle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reader {
    /// How its cards' numbers lie in their bits.
    pub format: CardFormat,
    /// Whether its dongle is of the simplest kind, which says `W26 …` and nothing else, understands nothing
    /// and never says a card again: what is lost is lost, what is garbled only parity can tell.
    pub bare: bool,
}

impl Reader {
    /// What it can carry.
    pub fn capabilities(&self) -> Capabilities {
        if self.bare { Capabilities::of(&[Capability::Read]) } else { capabilities() }
    }
}

/// What a reader behind a dongle of the full kind can carry.
pub fn capabilities() -> Capabilities {
    Capabilities::of(&[Capability::Read, Capability::Show, Capability::Buzz, Capability::Supervision])
}

#[derive(Clone, Debug)]
struct Waiting {
    unit: Unit,
    what: Order,
    order: u16,
    tries: u8,
    again_at: Time,
}

/// The end that takes cards and orders lamps. The places of its readers are their [`Unit`]s and the dongle's
/// channels.
///
/// Every card arrives once, in order, however noisy the line: the dongle says it again until it is
/// acknowledged, and its number since the dongle's start tells a repetition. That memory outlasts the line.
pub struct Host {
    readers: Vec<Reader>,
    lines: Lines,
    up: bool,
    online: Option<bool>,
    misses: u8,
    ask_at: Time,
    last: Option<(u32, u16)>,
    orders: VecDeque<Waiting>,
    numbered: u16,
}

impl Host {
    /// A host for the readers of one dongle.
    pub fn new(readers: &[Reader]) -> Self {
        Self {
            readers: readers.to_vec(),
            lines: Lines::new(LINE_MAX),
            up: false,
            online: None,
            misses: 0,
            ask_at: Time::ZERO,
            last: None,
            orders: VecDeque::new(),
            numbered: 0,
        }
    }

    fn units(&self) -> impl Iterator<Item = Unit> + use<> {
        (0..self.readers.len()).map(Unit::at)
    }

    /// Whether there is a dongle that can be asked.
    fn asks(&self) -> bool {
        self.readers.iter().any(|reader| !reader.bare)
    }

    fn ask(&mut self, now: Time, out: &mut Outbox<Report>) {
        self.ask_at = now + ASKS_EVERY;
        self.misses = self.misses.saturating_add(1);
        if self.misses > MISSES_MAX && self.online != Some(false) {
            self.online = Some(false);
            self.give_up("the dongle does not answer", out);
            self.units().for_each(|unit| {
                out.note(unit, Note::Offline(format!("{MISSES_MAX} questions without an answer")));
            });
        }
        out.frames.push(Line::Ask { anew: self.online != Some(true) }.encode());
    }

    fn give_up(&mut self, why: &str, out: &mut Outbox<Report>) {
        for waiting in std::mem::take(&mut self.orders) {
            let why = format!("{}: {why}", waiting.what);
            out.note(waiting.unit, Note::Dropped(why));
        }
    }

    fn line(&mut self, now: Time, line: Line, out: &mut Outbox<Report>) {
        match line {
            Line::Hello { channels, name, .. } => {
                self.misses = 0;
                if self.online.replace(true) != Some(true) {
                    self.numbered = 0;
                    self.units().for_each(|unit| {
                        let known = unit.index() < usize::from(channels);
                        let note = if known {
                            Note::Online(name.clone())
                        } else {
                            Note::Illegal(format!("{name} has {channels} readers, this is none of them"))
                        };
                        out.note(unit, note);
                    });
                }
            }
            Line::Card { bits, channel, session, sequence, age_ms } => {
                out.frames.push(Line::Ack { session, sequence }.encode());
                let unit = Unit(u16::from(channel));
                // Cards come one by one: what is not the next is one that has been here.
                let again = self.last.is_some_and(|(start, last)| {
                    start == session && last.wrapping_sub(sequence) < u16::MAX / 2
                });
                if again {
                    out.note(unit, Note::Repeated);
                    return;
                }
                self.last = Some((session, sequence));
                let age = Span::millis(u64::from(age_ms));
                self.card(unit, bits, age > FRESH || self.online != Some(true), out);
            }
            Line::Bare(bits) => match self.readers.iter().position(|reader| reader.bare) {
                Some(unit) => self.card(Unit::at(unit), bits, false, out),
                None => {
                    let bad = "a card without number and checksum, from a dongle of the full kind";
                    out.notes.push((None, Note::BadFrame(bad.into())));
                }
            },
            Line::Done { order } => {
                if self.orders.front().is_some_and(|waiting| waiting.order == order && waiting.tries > 0) {
                    self.orders.pop_front();
                    self.say_order(now, out);
                } else {
                    out.notes.push((None, Note::Late));
                }
            }
            Line::Ask { .. } | Line::Ack { .. } | Line::Lamp { .. } | Line::Beep { .. } => {
                out.notes.push((None, Note::Echo));
            }
        }
    }

    fn card(&self, unit: Unit, bits: Bits, stale: bool, out: &mut Outbox<Report>) {
        let Some(reader) = self.readers.get(unit.index()) else {
            let bad = format!("a card at reader {}, which is none of ours", unit.index());
            out.notes.push((None, Note::BadFrame(bad)));
            return;
        };
        match reader.format.decode(bits.count, bits.value) {
            Ok(card) => {
                if stale {
                    out.note(unit, Note::Stale(card));
                }
                let read = Read { card, bits: bits.count, factor: Factor::None, stale };
                out.say(unit, Report::Read(read));
            }
            Err(wrong) => out.note(unit, Note::BadFrame(wrong)),
        }
    }

    /// Says the order whose turn it is, if it is time.
    fn say_order(&mut self, now: Time, out: &mut Outbox<Report>) {
        while let Some(waiting) = self.orders.front_mut().filter(|w| w.tries == 0 || w.again_at <= now) {
            if waiting.tries >= TRIES_MAX {
                let why = format!("{}: no answer", waiting.what);
                out.note(waiting.unit, Note::Dropped(why));
                self.orders.pop_front();
                continue;
            }
            if waiting.tries > 0 {
                out.note(waiting.unit, Note::Retried);
            }
            waiting.tries += 1;
            waiting.again_at = now + AGAIN_AFTER;
            let channel = u8::try_from(waiting.unit.0).unwrap_or(u8::MAX);
            let (order, ms) = (waiting.order, u32::try_from(SHOWS.0 / 1_000).unwrap_or(0));
            let line = match waiting.what {
                Order::Show(signal) => Line::Lamp { order, channel, signal: Some(signal), ms },
                Order::Buzz(tone) => Line::Beep { order, channel, tone },
                _ => Line::Beep { order, channel, tone: Tone::Off },
            };
            out.frames.push(line.encode());
            return;
        }
    }
}

impl Driver for Host {
    type In = Order;
    type Out = Report;

    fn up(&mut self, now: Time, out: &mut Outbox<Report>) {
        self.up = true;
        self.lines.clear();
        self.orders.clear();
        self.online = None;
        self.misses = 0;
        if self.asks() {
            self.ask(now, out);
        }
    }

    fn down(&mut self, _now: Time, out: &mut Outbox<Report>) {
        self.up = false;
        self.lines.clear();
        self.give_up("the line is gone", out);
    }

    fn submit(&mut self, now: Time, unit: Unit, what: Order, out: &mut Outbox<Report>) {
        let Some(reader) = self.readers.get(unit.index()) else { return };
        let possible = matches!(what, Order::Show(Signal::Granted | Signal::Denied | Signal::Busy))
            || matches!(what, Order::Buzz(_));
        let name = what.to_string();
        if reader.bare || !possible {
            out.note(unit, Note::Refused(format!("{name}: a reader by Wiegand cannot")));
            return;
        }
        let trouble = if !self.up {
            Some("the line is gone")
        } else if self.online != Some(true) {
            Some("the dongle does not answer")
        } else if self.orders.len() >= QUEUE_MAX {
            Some("too many orders wait")
        } else {
            None
        };
        if let Some(why) = trouble {
            out.note(unit, Note::Dropped(format!("{name}: {why}")));
            return;
        }
        self.numbered = self.numbered.wrapping_add(1);
        self.orders.push_back(Waiting { unit, what, order: self.numbered, tries: 0, again_at: now });
        if self.orders.len() == 1 {
            self.say_order(now, out);
        }
    }

    fn receive(&mut self, now: Time, bytes: &[u8], out: &mut Outbox<Report>) {
        if !self.up {
            return;
        }
        for line in self.lines.push(bytes) {
            match line.and_then(|line| Line::parse(&line)) {
                Ok(line) => self.line(now, line, out),
                Err(wrong) => out.notes.push((None, Note::BadFrame(wrong))),
            }
        }
    }

    fn wake(&mut self, now: Time, out: &mut Outbox<Report>) {
        if self.up && self.asks() {
            if self.ask_at <= now {
                self.ask(now, out);
            }
            self.say_order(now, out);
        }
    }

    fn next_wake(&self) -> Option<Time> {
        let ask = (self.up && self.asks()).then_some(self.ask_at);
        let again = self.orders.front().map(|waiting| waiting.again_at);
        [ask, again].into_iter().flatten().min()
    }
}
