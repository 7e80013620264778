//! Every card arrives once, in order, on lines that lose and garble; old cards are marked.

use super::say::Line;
use super::{Device, Host, Reader};
use crate::apb::effect::{Signal, Tone};
use crate::apb::id::CardNumber;
use crate::apb::time::{Span, Time};
use crate::hil::driver::{Driver, Note, Outbox, Unit};
use crate::hil::line::Settings;
use crate::hil::lossy::{Faults, Said, Wire};
use crate::hil::message::{CardFormat, Order, Read, Report};

const BAD: Faults = Faults { frame: 80, byte: 80, bit: 80, noise: 60 };
const READERS: [Reader; 2] =
    [Reader { format: CardFormat::H10301, bare: false }, Reader { format: CardFormat::Raw(37), bare: false }];

type Line2 = Wire<Host, Device>;

#[derive(Default)]
struct Heard {
    cards: Vec<(Unit, Read)>,
    orders: Vec<(Unit, Order)>,
}

impl Heard {
    fn add(&mut self, said: Said<Host, Device>) {
        for (unit, report) in said.host {
            let Report::Read(read) = report else { panic!("{report:?}") };
            self.cards.push((unit, read));
        }
        self.orders.extend(said.device);
    }

    fn run(&mut self, wire: &mut Line2, span: Span) {
        let until = wire.now + span;
        while let Some(said) = wire.step(until) {
            self.add(said);
        }
    }
}

fn wire(seed: u64) -> (Line2, Heard) {
    let (mut wire, said) =
        Wire::new(Host::new(&READERS), Device::new(&READERS, 1), Settings::default(), seed);
    let mut heard = Heard::default();
    heard.add(said);
    heard.run(&mut wire, Span::seconds(1));
    (wire, heard)
}

#[test]
fn cards_and_lamps_arrive_once_and_in_order() {
    for seed in 0..20 {
        let (mut wire, mut heard) = wire(seed);
        wire.faults = BAD;
        let (mut presented, mut shown) = (Vec::new(), Vec::new());
        for n in 0..40_u64 {
            let unit = Unit(wire.dice.below(2) as u16);
            presented.push((unit, CardNumber(1_000 + n)));
            let said = wire.report(unit, Report::Read(Read::of(CardNumber(1_000 + n))));
            heard.add(said);
            let what = if n % 3 == 0 { Order::Buzz(Tone::Continuous) } else { Order::Show(Signal::Denied) };
            shown.push((unit, what.clone()));
            let said = wire.order(unit, what);
            heard.add(said);
            heard.run(&mut wire, Span::millis(900));
        }
        wire.faults = Faults::default();
        heard.run(&mut wire, Span::seconds(20));
        let cards: Vec<_> = heard.cards.iter().map(|(unit, read)| (*unit, read.card)).collect();
        assert_eq!(cards, presented, "seed {seed}");
        // Lamps that could not be said in time are dropped with a note, but none is shown twice.
        let dropped = wire.notes.iter().filter(|(_, note)| matches!(note, Note::Dropped(_))).count();
        assert!(heard.orders.len() <= shown.len() && heard.orders.len() + dropped >= shown.len());
    }
}

#[test]
fn cards_that_waited_for_the_line_are_old() {
    let (mut wire, mut heard) = wire(1);
    let said = wire.connect(false);
    heard.add(said);
    let said = wire.report(Unit(0), Report::Read(Read::of(CardNumber(5))));
    heard.add(said);
    heard.run(&mut wire, Span::seconds(2));
    let said = wire.connect(true);
    heard.add(said);
    heard.run(&mut wire, Span::seconds(2));
    let said = wire.report(Unit(1), Report::Read(Read::of(CardNumber(6))));
    heard.add(said);
    heard.run(&mut wire, Span::seconds(2));
    let stale: Vec<_> = heard.cards.iter().map(|(_, read)| (read.card.0, read.stale)).collect();
    assert_eq!(stale, [(5, true), (6, false)]);
    let noted = wire.notes.iter().filter(|(_, note)| *note == Note::Stale(CardNumber(5))).count();
    assert_eq!(noted, 1);
}

#[test]
fn a_card_before_the_hello_is_old() {
    let mut host = Host::new(&READERS);
    let mut out = Outbox::default();
    host.up(Time::ZERO, &mut out);
    let mut device = Device::new(&READERS, 1);
    let mut card = Outbox::default();
    device.up(Time::ZERO, &mut card);
    device.submit(Time::ZERO, Unit(0), Report::Read(Read::of(CardNumber(5))), &mut card);
    host.receive(Time(30_000), &card.frames.concat(), &mut out);
    assert!(matches!(&out.messages[..], [(Unit(0), Report::Read(Read { stale: true, .. }))]));
}

#[test]
fn a_dongle_that_starts_again_counts_from_the_start() {
    let (mut wire, mut heard) = wire(2);
    for _ in 0..3 {
        let said = wire.report(Unit(0), Report::Read(Read::of(CardNumber(5))));
        heard.add(said);
        heard.run(&mut wire, Span::seconds(1));
        wire.device.restart();
    }
    assert_eq!(heard.cards.len(), 3);
}

#[test]
fn the_simplest_dongle_says_a_card_and_nothing_else() {
    let mut host = Host::new(&[Reader { bare: true, ..Reader::default() }]);
    let mut out = Outbox::default();
    host.up(Time::ZERO, &mut out);
    assert!(out.frames.is_empty() && host.next_wake().is_none(), "nobody asks it anything");
    let bits = CardFormat::H10301.encode(CardNumber(65_537)).unwrap();
    host.receive(Time::ZERO, format!("W26 {bits:07X}\r\nW26 {:07X}\n", bits ^ 2).as_bytes(), &mut out);
    assert_eq!(out.messages, [(Unit(0), Report::Read(Read::of(CardNumber(65_537))))]);
    assert!(matches!(&out.notes[..], [(Some(Unit(0)), Note::BadFrame(why))] if why.contains("parity")));
    host.submit(Time::ZERO, Unit(0), Order::Show(Signal::Granted), &mut out);
    assert!(matches!(out.notes.last(), Some((_, Note::Refused(_)))));
    // A dongle of the full kind does not get away with it.
    let mut host = Host::new(&READERS);
    let mut out = Outbox::default();
    host.up(Time::ZERO, &mut out);
    host.receive(Time::ZERO, format!("W26 {bits:07X}\n").as_bytes(), &mut out);
    assert!(out.messages.is_empty());
}

#[test]
fn a_silent_dongle_is_offline_and_its_orders_are_dropped() {
    let (mut wire, mut heard) = wire(3);
    wire.faults = Faults { frame: 1_000, ..Faults::default() };
    heard.run(&mut wire, Span::seconds(6));
    let said = wire.order(Unit(0), Order::Show(Signal::Granted));
    heard.add(said);
    let said = |is: fn(&Note) -> bool| wire.notes.iter().filter(|(_, note)| is(note)).count();
    assert_eq!(said(|note| matches!(note, Note::Offline(_))), 2);
    assert_eq!(said(|note| matches!(note, Note::Dropped(_))), 1);
    wire.faults = Faults::default();
    heard.run(&mut wire, Span::seconds(2));
    assert_eq!(wire.notes.iter().filter(|(_, note)| matches!(note, Note::Online(_))).count(), 4);
}

#[test]
fn no_line_is_longer_than_the_longest() {
    let name = "x".repeat(40);
    let hello = Line::Hello { session: u32::MAX, channels: 255, name }.encode();
    assert!(hello.len() <= super::say::LINE_MAX);
}
