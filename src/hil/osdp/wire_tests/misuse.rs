//! Readers and lines that do what they should not, and orders that cannot be carried out.

use super::bench::{Bench, Faults};
use crate::apb::effect::Signal;
use crate::apb::id::Direction;
use crate::apb::time::{Span, Time};
use crate::hil::capability::Capability;
use crate::hil::driver::{Driver, Note, Outbox, Unit};
use crate::hil::message::{Order, Report};
use crate::hil::osdp::{ControlPanel, Device, Misbehaviour, Peripheral, Reader};
use proptest::prelude::*;

#[test]
fn a_mute_reader_is_gone_after_eight_seconds() {
    let mut bench = Bench::plain(1);
    bench.run(Span::seconds(1));
    bench.peripheral.misbehave(Unit(0), Misbehaviour::Mute);
    bench.run(Span::millis(7_800));
    assert!(bench.is_online());
    bench.run(Span::millis(300));
    assert!(!bench.is_online());
    assert_eq!(bench.panel_noted("offline"), ["no answer"]);
    bench.order(0, Order::Show(Signal::Granted));
    assert_eq!(bench.panel_noted("dropped"), ["Show(Granted): the reader does not answer"]);
}

#[test]
fn a_reader_that_was_never_there_is_said_to_be_gone_once() {
    let mut bench = Bench::plain(1);
    bench.faults.cut = true;
    bench.run(Span::minutes(3));
    assert_eq!(bench.panel_noted("offline"), ["no answer"]);
    let tries = bench.frames.len();
    assert!((100..=200).contains(&tries), "{tries} attempts in 180 s");
}

#[test]
fn a_mute_reader_does_not_keep_the_others_waiting_for_long() {
    let devices = [1, 2].map(|address| Device { address, ..Device::default() });
    let readers = [1, 2].map(|address| Reader { address, ..Reader::default() });
    let mut bench = Bench::new(1, devices.to_vec(), readers.to_vec());
    bench.run(Span::seconds(1));
    bench.peripheral.misbehave(Unit(0), Misbehaviour::Mute);
    bench.run(Span::seconds(20));
    for card in 0..20 {
        let before = bench.now;
        bench.present(1, card);
        bench.run(Span::millis(600));
        let (at, ..) = bench.reports.iter().rfind(|(_, unit, _)| *unit == Unit(1)).unwrap();
        assert!(at.since(before) < Span::millis(300), "{}", at.since(before));
    }
    assert_eq!(bench.cards(1).len(), 20);
}

#[test]
fn a_reader_that_is_always_busy_is_gone_as_well_and_says_why() {
    let mut bench = Bench::plain(1);
    bench.run(Span::seconds(1));
    bench.peripheral.misbehave(Unit(0), Misbehaviour::Busy);
    bench.run(Span::seconds(3));
    assert!(bench.is_online());
    bench.run(Span::seconds(6));
    assert_eq!(bench.panel_noted("offline"), ["it only says that it is busy"]);
    bench.peripheral.misbehave(Unit(0), Misbehaviour::None);
    bench.run(Span::seconds(3));
    assert!(bench.is_online());
}

#[test]
fn a_reader_that_is_busy_for_a_while_gets_its_order_once() {
    let mut bench = Bench::plain(1);
    bench.run(Span::seconds(1));
    bench.peripheral.misbehave(Unit(0), Misbehaviour::Busy);
    bench.order(0, Order::Show(Signal::Granted));
    bench.run(Span::seconds(2));
    bench.peripheral.misbehave(Unit(0), Misbehaviour::None);
    bench.run(Span::seconds(1));
    assert_eq!(bench.orders.len(), 1);
}

#[test]
fn refused_orders_are_noted_by_name() {
    let mut bench = Bench::plain(1);
    bench.run(Span::seconds(1));
    bench.peripheral.misbehave(Unit(0), Misbehaviour::Refuse(3));
    bench.order(0, Order::Text("x".into()));
    bench.run(Span::millis(200));
    assert_eq!(bench.panel_noted("refused")[0], "Text: unknown command (3)");
    assert!(bench.is_online(), "it answers, after all");
}

#[test]
fn every_third_answer_damaged_costs_time_and_nothing_else() {
    let mut bench = Bench::plain(1);
    bench.peripheral.misbehave(Unit(0), Misbehaviour::BadCheck(3));
    bench.run(Span::seconds(2));
    for card in 0..10 {
        bench.present(0, card);
        bench.run(Span::millis(400));
    }
    assert_eq!(bench.cards(0), (0..10).map(|card| (card, false)).collect::<Vec<_>>());
    let damaged = bench.panel_noted("bad_frame").len();
    assert!(damaged > 20, "{damaged}");
}

#[test]
fn a_stray_byte_after_each_command_does_not_cut_the_answer_short() {
    let mut bench = Bench::plain(1);
    bench.faults.glitch = true;
    bench.peripheral.misbehave(Unit(0), Misbehaviour::Late(Span::millis(60)));
    bench.run(Span::seconds(5));
    assert!(bench.is_online());
    assert!(bench.panel_noted("bad_frame").len() > 10, "the line is what it was to be");
    let asked = bench.frames.iter().filter(|(to_reader, _)| *to_reader).count();
    let answered = bench.frames.len() - asked;
    assert!(asked <= answered + 1, "{asked} commands, {answered} answers: it talks over the reader");
    assert_eq!(bench.panel_noted("late").len() + bench.panel_noted("repeated").len(), 0);
}

#[test]
fn an_output_that_sticks_is_noticed() {
    let mut bench = Bench::plain(1);
    bench.run(Span::seconds(1));
    assert!(bench.panel.capabilities(Unit(0)).has(Capability::ReadBack));
    bench.report(0, Report::OutputIs(1, false));
    bench.order(0, Order::Output(0, true));
    bench.order(0, Order::Output(1, true));
    bench.run(Span::seconds(1));
    assert_eq!(bench.panel_noted("refused"), ["output 1, set on, reads back off"]);
    assert!(bench.reports.iter().any(|(_, _, report)| *report == Report::OutputIs(0, true)));
}

#[test]
fn capabilities_follow_what_the_reader_says() {
    let reader = Reader { address: 5, lamp: false, text: false, outputs: 0, ..Reader::default() };
    let device = Device { address: 5, ..Device::default() };
    let mut bench = Bench::new(1, vec![device], vec![reader]);
    assert!(!bench.panel.capabilities(Unit(0)).has(Capability::Show));
    bench.run(Span::seconds(1));
    let (host, device) = (bench.panel.capabilities(Unit(0)), bench.peripheral.capabilities(Unit(0)));
    assert!(host.has(Capability::Buzz) && host.has(Capability::Inputs) && !host.has(Capability::Outputs));
    assert!(!host.has(Capability::Factor) && !device.has(Capability::Factor));
    // It has no lamp, but a buzzer to show with.
    assert!(host.has(Capability::Show) && !device.has(Capability::Show));
    assert_eq!(bench.panel.capabilities(Unit(9)).iter().count(), 0);
    bench.order(0, Order::Output(0, true));
    bench.order(0, Order::Release(Direction::In));
    bench.order(7, Order::Show(Signal::Granted));
    let dropped = bench.panel_noted("dropped");
    assert_eq!(dropped[0], "Output(0, true): output 0: this reader says it has 0");
    assert_eq!(dropped[1], "Release(In): a reader is no gate");
    assert_eq!(dropped[2], "there is no such reader");
}

#[test]
fn what_a_reader_cannot_report_is_dropped() {
    let mut bench = Bench::plain(1);
    for report in [Report::Opened, Report::Input(2, true), Report::OutputIs(2, true)] {
        bench.report(0, report);
    }
    bench.report(3, Report::Tamper(true));
    assert_eq!(bench.reader_noted("dropped").len(), 4);
    assert_eq!(bench.peripheral.waiting(Unit(0)), 0);
}

#[test]
fn a_line_that_echoes_hears_itself_and_goes_on() {
    let mut bench = Bench::plain(1);
    for _ in 0..200 {
        let before = bench.frames.len();
        bench.run(Span::millis(10));
        let own: Vec<Vec<u8>> = bench.frames[before..].iter().filter(|f| f.0).map(|f| f.1.clone()).collect();
        for frame in own {
            bench.panel_does(|panel, now, out| panel.receive(now, &frame, out));
        }
    }
    assert!(bench.is_online());
    assert!(bench.panel_noted("echo").len() > 20);
}

#[test]
fn a_reader_waits_for_number_zero_before_it_believes_a_panel() {
    let mut peripheral = Peripheral::default();
    let mut out = Outbox::default();
    peripheral.up(Time::ZERO, &mut out);
    // POLL to address 0 with number 2.
    let frame = crate::hil::osdp::codec::Packet {
        address: 0,
        reply: false,
        sequence: 2,
        check: crate::hil::osdp::Check::Crc,
        block: None,
        code: Some(0x60),
        data: Vec::new(),
    };
    peripheral.receive(Time::ZERO, &frame.encode().unwrap(), &mut out);
    let answer = crate::hil::osdp::codec::Packet::parse(&out.frames[0]).unwrap();
    assert_eq!((answer.code, answer.data), (Some(0x41), vec![4]));
}

#[test]
fn a_panel_that_is_silent_for_eight_seconds_is_gone() {
    let mut bench = Bench::plain(1);
    bench.run(Span::seconds(1));
    assert_eq!(bench.reader_noted("online").len(), 1);
    bench.panel_does(|panel, now, out| panel.down(now, out));
    bench.run(Span::seconds(9));
    assert_eq!(bench.reader_noted("offline"), ["the panel is silent for 8.000 s"]);
    assert_eq!(bench.peripheral.next_wake(), None);
}

#[test]
fn another_address_is_taken_on_request() {
    let mut peripheral = Peripheral::default();
    let mut out = Outbox::default();
    let mut ask = |address: u8, sequence: u8, code: u8, data: &[u8]| {
        let packet = crate::hil::osdp::codec::Packet {
            address,
            reply: false,
            sequence,
            check: crate::hil::osdp::Check::Crc,
            block: None,
            code: Some(code),
            data: data.to_vec(),
        };
        out = Outbox::default();
        peripheral.receive(Time::ZERO, &packet.encode().unwrap(), &mut out);
        let answer = out.frames.first().map(|frame| crate::hil::osdp::codec::Packet::parse(frame).unwrap());
        (answer.map(|answer| (answer.address, answer.data)), out.notes.clone())
    };
    ask(0, 0, 0x60, &[]);
    // COMSET to address 9 at 115,200 baud: the line stays at 9,600.
    let (answer, notes) = ask(0, 1, 0x6E, &[9, 0x00, 0xC2, 0x01, 0x00]);
    assert_eq!(answer, Some((0, vec![9, 0x80, 0x25, 0x00, 0x00])));
    let said = "address 9 at 9600 baud, not at 115200, as COMSET asks";
    assert_eq!(notes, [(Some(Unit(0)), Note::Online(said.into()))]);
    assert_eq!(ask(0, 2, 0x60, &[]).0, None);
    assert_eq!(ask(9, 2, 0x60, &[]).0, Some((9, Vec::new())));
    // Everybody: that is this one.
    assert_eq!(ask(0x7F, 3, 0x60, &[]).0, Some((0x7F, Vec::new())));
}

proptest! {
    #[test]
    fn whatever_arrives_neither_end_minds(pieces in prop::collection::vec(
        (prop::collection::vec(any::<u8>(), 0..80), any::<bool>(), 0_u64..100_000), 0..40,
    )) {
        let (mut panel, mut peripheral) = (ControlPanel::default(), Peripheral::default());
        let mut now = Time::ZERO;
        let (mut reports, mut orders) = (Outbox::default(), Outbox::default());
        panel.up(now, &mut reports);
        peripheral.up(now, &mut orders);
        for (mut bytes, fix, wait) in pieces {
            now = now + Span(wait);
            if fix && bytes.len() > 8 {
                // A frame with a right check to address 0.
                let length = bytes.len();
                let head = [0x53, bytes[1] & 0x80, length as u8, 0];
                bytes[..4].copy_from_slice(&head);
                bytes[4] &= 0x0B;
                let sum: u8 = bytes[..length - 1].iter().fold(0, |sum, byte| sum.wrapping_add(*byte));
                bytes[length - 1] = sum.wrapping_neg();
            }
            panel.receive(now, &bytes, &mut reports);
            peripheral.receive(now, &bytes, &mut orders);
            panel.wake(now, &mut reports);
            peripheral.wake(now, &mut orders);
        }
        prop_assert!(panel.next_wake().is_some());
    }

    #[test]
    fn noise_between_frames_only_costs_time(seed: u64) {
        let mut bench = Bench::plain(seed);
        bench.faults = Faults { double: 0.05, flip: 0.02, ..Faults::default() };
        bench.run(Span::seconds(20));
        bench.faults = Faults::default();
        bench.run(Span::seconds(3));
        prop_assert!(bench.is_online());
    }
}
