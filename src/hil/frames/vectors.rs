//! Frames as the boards' documents print them, right and wrong.

use super::board::Board;
use super::load::shipped;
use super::{Device, Host, Station};
use crate::apb::id::Direction::{In, Out};
use crate::apb::site::PassMode;
use crate::apb::time::{Span, Time};
use crate::hil::driver::{Driver, Note, Outbox, Unit};
use crate::hil::message::{Order, Report};
use std::sync::Arc;

const UNIT: Unit = Unit(0);

fn board(name: &str) -> Arc<Board> {
    Arc::new(shipped(name).unwrap())
}

/// What a fresh host writes for an order; polls are left away.
fn written(name: &str, order: Order) -> Vec<Vec<u8>> {
    let mut board = shipped(name).unwrap();
    board.polls.clear();
    let mut host = Host::new(Arc::new(board), &[Station::at(1)], Default::default()).unwrap();
    let mut out = Outbox::default();
    host.up(Time::ZERO, &mut out);
    host.submit(Time::ZERO, UNIT, order, &mut out);
    out.frames
}

/// What an emulated board takes a frame for, and what it answers.
fn read(name: &str, frame: &[u8]) -> Outbox<Order> {
    let mut device = Device::new(board(name), &[Station::at(1)], Default::default()).unwrap();
    let mut out = Outbox::default();
    device.up(Time::ZERO, &mut out);
    device.receive(Time::ZERO, frame, &mut out);
    out
}

fn orders(out: &Outbox<Order>) -> Vec<Order> {
    out.messages.iter().map(|(_, order)| order.clone()).collect()
}

#[test]
fn the_ds205a_samples() {
    assert_eq!(written("ds205a", Order::Release(In)), [[0x7E, 0, 1, 0x80, 1, 0, 0, 0xFF]]);
    assert_eq!(written("ds205a", Order::Release(Out)), [[0x7E, 0, 1, 0x82, 1, 0, 0, 0xFD]]);
    // `frame.csv`: the checksum is wrong by the document's own function, whatever it covers.
    let wrong = read("ds205a", &[0x7E, 0x00, 0x01, 0x80, 0x00, 0x01, 0x00, 0x55]);
    assert!(wrong.messages.is_empty() && wrong.frames.is_empty());
    assert!(matches!(&wrong.notes[..], [(None, Note::BadFrame(_))]));
    let status = read("ds205a", &[0x7E, 0x00, 0x01, 0x10, 0x00, 0x00, 0x00, 0x70]);
    let frame = &status.frames[0];
    assert_eq!(frame.len(), 18);
    assert_eq!(frame.iter().fold(1_u8, |sum, byte| sum.wrapping_add(*byte)), 0, "sum and one are zero");
    assert_eq!((frame[12], frame[13]), (0xF0, 0x55), "as in `reponse.csv`");
    assert!(status.messages.is_empty(), "a question is no order");
}

#[test]
fn the_eb_samples_right_and_wrong() {
    assert_eq!(written("eb-xor", Order::Release(In)), [[0xEB, 0x01, 0x40, 0x00, 0xAA]]);
    assert_eq!(orders(&read("eb-xor", &[0xEB, 0x01, 0x41, 0x00, 0xAB])), [Order::Release(Out)]);
    // As printed for "pole dropping" and "pole arising", and as they have to be.
    for (printed, right) in [(0x42, 0xA8), (0x43, 0xA9)] {
        assert_eq!(read("eb-xor", &[0xEB, 0x01, printed, 0x00, 0xAB]).notes.len(), 1);
        let online = (Some(Unit(0)), Note::Online(String::new()));
        assert_eq!(read("eb-xor", &[0xEB, 0x01, printed, 0x00, right]).notes, [online]);
    }
    let other = read("eb-xor", &[0xEB, 0x02, 0x41, 0x00, 0xA8]);
    assert!(other.is_empty(), "another board's");
}

#[test]
fn the_digicon_samples() {
    assert_eq!(written("digicon-tx1500", Order::Release(In)), [[0x02, 0x02, 0x00, 0x48, 0x48]]);
    let free = Order::Mode(In, PassMode::Free);
    assert_eq!(written("digicon-tx1500", free.clone()), [[0x02, 0x03, 0x00, 0x4C, 0x48, 0x05]]);
    let taken = read("digicon-tx1500", &[0x02, 0x03, 0x00, 0x4C, 0x48, 0x05]);
    assert_eq!((orders(&taken), taken.frames), (vec![free], vec![vec![0x02, 0x02, 0x00, 0x06, 0x06]]));
}

#[test]
fn the_tpw_samples() {
    let modes = written("tpw-321asp", Order::Mode(Out, PassMode::Locked));
    assert_eq!(modes, [[0x01, 0x02, 0x14, 0x02, 0x30, 0x32, 0x04]]);
    let connect = read("tpw-321asp", &[0x01, 0x02, 0xFF, 0x00, 0x04]);
    assert_eq!(connect.frames, [[0x01, 0x02, 0xFF, 0x00, 0x04]]);
    let count = read("tpw-321asp", &[0x01, 0x02, 0x28, 0x01, 0x31, 0x04]);
    assert_eq!(count.frames, [[0x01, 0x02, 0x22, 0x01, b'0', 0x04]]);
    let refused = written("tpw-321asp", Order::Release(In));
    assert!(refused.is_empty(), "it has no such command");
}

#[test]
fn what_a_board_cannot_carry_is_refused_by_name() {
    let mut host = Host::new(board("tpw-321asp"), &[Station::at(1)], Default::default()).unwrap();
    let mut out = Outbox::default();
    host.up(Time::ZERO, &mut out);
    host.submit(Time::ZERO, UNIT, Order::Release(In), &mut out);
    assert!(matches!(&out.notes[..], [(Some(UNIT), Note::Refused(why))] if why.starts_with("release in")));
    let mut device = Device::new(board("eb-xor"), &[Station::at(1)], Default::default()).unwrap();
    let mut out = Outbox::default();
    device.submit(Time::ZERO, UNIT, Report::Passed(In), &mut out);
    assert!(matches!(&out.notes[..], [(Some(UNIT), Note::Refused(_))]));
}

#[test]
fn boards_without_addresses_are_alone() {
    let two = [Station::at(1), Station::at(2)];
    assert!(Host::new(board("digicon-tx1500"), &two, Default::default()).is_err());
    assert!(Host::new(board("ds205a"), &[Station::at(1), Station::at(1)], Default::default()).is_err());
    assert!(Host::new(board("ds205a"), &[], Default::default()).is_err());
    assert!(Host::new(board("ds205a"), &two, Default::default()).is_ok());
}

/// A host that has sent its first poll, and the answer to it.
fn polled(settings: crate::hil::line::Settings) -> (Host, Vec<u8>, Vec<u8>) {
    let mut host = Host::new(board("ds205a"), &[Station::at(1)], settings).unwrap();
    let mut out = Outbox::default();
    host.up(Time::ZERO, &mut out);
    let poll = out.frames.remove(0);
    let answer = read("ds205a", &poll).frames.remove(0);
    (host, poll, answer)
}

#[test]
fn an_echo_is_no_answer() {
    let declared = crate::hil::line::Settings { echoes: true, ..Default::default() };
    for (settings, noted) in [(declared, 0), (Default::default(), 1)] {
        let (mut host, poll, answer) = polled(settings);
        let mut out = Outbox::default();
        host.receive(Time(9_000), &poll, &mut out);
        assert_eq!(out.notes.iter().filter(|(_, note)| *note == Note::Echo).count(), noted);
        assert!(out.messages.is_empty() && out.notes.len() == noted);
        host.receive(Time(30_000), &answer, &mut out);
        assert!(out.notes.iter().any(|(_, note)| matches!(note, Note::Online(_))));
    }
}

#[test]
fn a_late_status_is_not_the_answer_to_what_comes_next() {
    let (mut host, _, answer) = polled(Default::default());
    let deadline = host.next_wake().unwrap();
    let mut out = Outbox::default();
    host.wake(deadline, &mut out);
    assert_eq!(out.frames.len(), 0, "the line has to be quiet first");
    host.receive(deadline + Span::millis(149), &answer, &mut out);
    assert!(out.notes.iter().any(|(_, note)| *note == Note::Late) && out.messages.is_empty());
    let next = host.next_wake().unwrap();
    assert_eq!(next, deadline + Span::millis(149 + 150), "and the late one made it wait again");
    host.wake(next, &mut out);
    assert_eq!(out.frames.len(), 1);
}

#[test]
fn a_frame_is_told_in_words() {
    let board = shipped("ds205a").unwrap();
    let release = board.to_board.encode(3, &[0x80, 1, 0, 0]);
    assert_eq!(board.describe(true, &release).as_deref(), Some("3: release in"));
    let poll = board.to_board.encode(3, &[0x10, 0, 0, 0]);
    assert_eq!(board.describe(true, &poll).as_deref(), Some("3: status?"));
    assert_eq!(board.describe(false, &poll), None);
}
