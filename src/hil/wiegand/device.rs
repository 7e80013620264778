//! The end that presents cards and shows lamps.

use super::host::{AGAIN_AFTER, Reader};
use super::say::{Bits, LINE_MAX, Line};
use crate::apb::time::{Span, Time};
use crate::hil::capability::Capabilities;
use crate::hil::driver::{Driver, Note, Outbox, Unit};
use crate::hil::lines::Lines;
use crate::hil::message::{Order, Report};
use std::collections::VecDeque;

/// More cards than this are not kept.
const KEPT_MAX: usize = 16;

/// A card that is presented as an old one was read this long ago.
const OLD: Span = Span::seconds(1);

#[derive(Clone, Debug)]
struct Card {
    bits: Bits,
    channel: u8,
    sequence: u16,
    read_at: Time,
}

/// The end that presents cards and shows lamps: an emulated dongle with its readers; or, towards a dongle
/// that sends pulses to a real panel, the readers that the panel believes in.
///
/// Like a real dongle it keeps cards that nobody takes, and hands them over when somebody does, with their
/// age.
pub struct Device {
    readers: Vec<Reader>,
    lines: Lines,
    up: bool,
    /// Whether a host has asked since the line is open; the simplest kind is never asked.
    asked: bool,
    session: u32,
    sequence: u16,
    cards: VecDeque<Card>,
    again_at: Time,
    last_order: Option<u16>,
}

impl Device {
    /// A dongle with these readers. `start`: the number of its start, by which a host tells a card that is
    /// said again from one after a restart; no two starts should have the same.
    pub fn new(readers: &[Reader], start: u32) -> Self {
        Self {
            readers: readers.to_vec(),
            lines: Lines::new(LINE_MAX),
            up: false,
            asked: false,
            session: start,
            sequence: 0,
            cards: VecDeque::new(),
            again_at: Time::ZERO,
            last_order: None,
        }
    }

    /// What one of its readers can carry.
    pub fn capabilities(&self, unit: Unit) -> Capabilities {
        self.readers.get(unit.index()).map(Reader::capabilities).unwrap_or_default()
    }

    /// Its power goes off and on again: cards that nobody took are lost, and it counts from the start.
    pub fn restart(&mut self) {
        self.session = self.session.wrapping_add(1);
        self.sequence = 0;
        self.cards.clear();
        self.last_order = None;
    }

    fn say_card(&mut self, now: Time, out: &mut Outbox<Order>) {
        let (Some(card), true) = (self.cards.front(), self.up) else { return };
        let age = now.since(card.read_at).0 / 1_000;
        let line = Line::Card {
            bits: card.bits,
            channel: card.channel,
            session: self.session,
            sequence: card.sequence,
            age_ms: u32::try_from(age).unwrap_or(u32::MAX),
        };
        out.frames.push(line.encode());
        self.again_at = now + AGAIN_AFTER;
    }

    fn line(&mut self, now: Time, line: &Line, out: &mut Outbox<Order>) {
        match *line {
            Line::Ask { anew } => {
                if !std::mem::replace(&mut self.asked, true) {
                    self.note_online(false, out);
                }
                if anew {
                    self.last_order = None;
                }
                let channels = u8::try_from(self.readers.len()).unwrap_or(u8::MAX);
                let session = self.session;
                out.frames.push(Line::Hello { session, channels, name: "apbrig".into() }.encode());
            }
            Line::Ack { session, sequence } => {
                let front = self.cards.front().map(|card| card.sequence);
                if self.session == session && front == Some(sequence) {
                    self.cards.pop_front();
                    self.say_card(now, out);
                } else {
                    out.notes.push((None, Note::Late));
                }
            }
            Line::Lamp { order, channel, signal, .. } => {
                self.order(order, channel, signal.map(Order::Show), out);
            }
            Line::Beep { order, channel, tone } => self.order(order, channel, Some(Order::Buzz(tone)), out),
            Line::Hello { .. } | Line::Card { .. } | Line::Done { .. } | Line::Bare(_) => {
                out.notes.push((None, Note::Echo));
            }
        }
    }

    /// The host is there for readers of one kind.
    fn note_online(&self, bare: bool, out: &mut Outbox<Order>) {
        for (unit, _) in self.readers.iter().enumerate().filter(|(_, reader)| reader.bare == bare) {
            out.note(Unit::at(unit), Note::Online(String::new()));
        }
    }

    fn order(&mut self, order: u16, channel: u8, what: Option<Order>, out: &mut Outbox<Order>) {
        out.frames.push(Line::Done { order }.encode());
        let unit = Unit(u16::from(channel));
        if self.last_order.replace(order) == Some(order) {
            out.note(unit, Note::Repeated);
        } else if unit.index() >= self.readers.len() {
            out.notes.push((None, Note::BadFrame(format!("an order for reader {channel}, which is none"))));
        } else if let Some(what) = what {
            out.say(unit, what);
        }
    }
}

impl Driver for Device {
    type In = Report;
    type Out = Order;

    fn up(&mut self, now: Time, out: &mut Outbox<Order>) {
        self.up = true;
        self.asked = false;
        self.note_online(true, out);
        self.lines.clear();
        self.say_card(now, out);
    }

    fn down(&mut self, _now: Time, _out: &mut Outbox<Order>) {
        self.up = false;
        self.lines.clear();
    }

    fn submit(&mut self, now: Time, unit: Unit, what: Report, out: &mut Outbox<Order>) {
        let Some(reader) = self.readers.get(unit.index()).copied() else { return };
        let Report::Read(read) = what else {
            let why = format!("{}: a reader by Wiegand cannot say it", what);
            out.note(unit, Note::Refused(why));
            return;
        };
        let Some(value) = reader.format.encode(read.card) else {
            let why = format!("card {}: it does not fit {} bits", read.card.0, reader.format.bits());
            out.note(unit, Note::Refused(why));
            return;
        };
        let bits = Bits { count: reader.format.bits(), value };
        if reader.bare {
            if self.up {
                out.frames.push(Line::Bare(bits).encode());
            } else {
                out.note(unit, Note::Dropped(format!("card {}: the line is gone", read.card.0)));
            }
            return;
        }
        if self.cards.len() >= KEPT_MAX {
            out.note(unit, Note::Dropped(format!("card {}: too many wait", read.card.0)));
            return;
        }
        self.sequence = self.sequence.wrapping_add(1);
        let read_at = if read.stale { Time(now.0.saturating_sub(OLD.0)) } else { now };
        let channel = u8::try_from(unit.0).unwrap_or(u8::MAX);
        self.cards.push_back(Card { bits, channel, sequence: self.sequence, read_at });
        if self.cards.len() == 1 {
            self.say_card(now, out);
        }
    }

    fn receive(&mut self, now: Time, bytes: &[u8], out: &mut Outbox<Order>) {
        if !self.up {
            return;
        }
        for line in self.lines.push(bytes) {
            match line.and_then(|line| Line::parse(&line)) {
                Ok(line) => self.line(now, &line, out),
                Err(wrong) => out.notes.push((None, Note::BadFrame(wrong))),
            }
        }
    }

    fn wake(&mut self, now: Time, out: &mut Outbox<Order>) {
        if !self.cards.is_empty() && self.again_at <= now {
            self.say_card(now, out);
        }
    }

    fn next_wake(&self) -> Option<Time> {
        (self.up && !self.cards.is_empty()).then_some(self.again_at)
    }
}
