//! What a board is to be, and what it says, across times when it or its line was gone.

use super::board::Board;
use super::load::{parse, shipped};
use super::{Device, Host, Station};
use crate::apb::id::Direction;
use crate::apb::input::Leaf;
use crate::apb::site::PassMode;
use crate::apb::time::Span;
use crate::hil::driver::{Note, Unit};
use crate::hil::lossy::{Faults, Said, Wire};
use crate::hil::message::{GateAlarm, Order, Report};
use std::sync::Arc;

const GATE: Unit = Unit(0);

/// A board on a line, and what was said.
struct Bench {
    wire: Wire<Host, Device>,
    orders: Vec<Order>,
    reports: Vec<Report>,
}

impl Bench {
    fn new(board: Board) -> Self {
        let (board, stations) = (Arc::new(board), [Station::at(1)]);
        let host = Host::new(board.clone(), &stations, board.settings).unwrap();
        let device = Device::new(board.clone(), &stations, board.settings).unwrap();
        let (wire, said) = Wire::new(host, device, board.settings, 1);
        let mut bench = Self { wire, orders: Vec::new(), reports: Vec::new() };
        bench.hear(said);
        bench.report(Report::Leaf(Leaf::Closed));
        bench.run(Span::seconds(1));
        bench
    }

    fn hear(&mut self, said: Said<Host, Device>) {
        self.orders.extend(said.device.into_iter().map(|(_, order)| order));
        self.reports.extend(said.host.into_iter().map(|(_, report)| report));
    }

    fn run(&mut self, span: Span) {
        let until = self.wire.now + span;
        while let Some(said) = self.wire.step(until) {
            self.hear(said);
        }
    }

    fn order(&mut self, order: Order) {
        let said = self.wire.order(GATE, order);
        self.hear(said);
    }

    fn report(&mut self, report: Report) {
        let said = self.wire.report(GATE, report);
        self.hear(said);
    }

    fn plug(&mut self, there: bool) {
        let said = self.wire.connect(there);
        self.hear(said);
    }

    /// The board does not answer, or does again; the line is there.
    fn answers(&mut self, answers: bool) {
        let frame = if answers { 0 } else { 1_000 };
        self.wire.faults = Faults { frame, ..Faults::default() };
        self.run(Span::seconds(5));
    }

    /// What the board was told to be since it was last asked.
    fn told(&mut self) -> Vec<Order> {
        let states = |order: &Order| matches!(order, Order::Mode(..) | Order::Fire(_));
        std::mem::take(&mut self.orders).into_iter().filter(states).collect()
    }

    fn noted(&self, is: impl Fn(&Note) -> bool) -> usize {
        self.wire.notes.iter().filter(|(_, note)| is(note)).count()
    }
}

fn mode(way: Direction, mode: PassMode) -> Order {
    Order::Mode(way, mode)
}

/// A DS205A with a fire input and a word for it.
fn with_fire() -> Board {
    let text = include_str!("../../../hil/boards/ds205a.ron");
    let text = text.replacen(
        "(order: Shut,",
        "(order: Fire(true), send: [0x90, 0, 0, 0]), (order: Fire(false), send: [0x91, 0, 0, 0]), \
         (order: Shut,",
        1,
    );
    let fire = "Bit(at: 12, bit: 0, means: Beam(0)),";
    parse("with-fire", &text.replacen(fire, &format!("{fire} Bit(at: 12, bit: 7, means: Fire),"), 1)).unwrap()
}

const IN_FREE: Order = Order::Mode(Direction::In, PassMode::Free);

#[test]
fn a_gate_that_does_not_answer_when_the_fire_begins_is_freed_when_it_does() {
    let mut bench = Bench::new(with_fire());
    bench.answers(false);
    bench.order(Order::Fire(true));
    bench.order(IN_FREE);
    bench.order(mode(Direction::Out, PassMode::Free));
    bench.run(Span::seconds(5));
    assert_eq!(bench.told(), []);
    bench.answers(true);
    assert_eq!(bench.told(), [Order::Fire(true), IN_FREE, mode(Direction::Out, PassMode::Free)]);
    bench.run(Span::seconds(30));
    assert_eq!(bench.told(), [], "ordered once more");
    assert_eq!(bench.noted(|note| matches!(note, Note::Dropped(_) | Note::Unsure(_))), 0);
}

#[test]
fn a_gate_that_does_not_answer_when_the_fire_ends_is_not_freed_again() {
    let mut bench = Bench::new(with_fire());
    bench.order(Order::Fire(true));
    bench.order(IN_FREE);
    bench.run(Span::seconds(1));
    assert_eq!(bench.told(), [Order::Fire(true), IN_FREE]);
    bench.answers(false);
    bench.order(Order::Fire(false));
    bench.order(mode(Direction::In, PassMode::Controlled));
    bench.answers(true);
    let told = bench.told();
    assert_eq!(told.first(), Some(&Order::Fire(false)));
    assert!(
        !told.contains(&IN_FREE) && told.contains(&mode(Direction::In, PassMode::Controlled)),
        "{told:?}"
    );
}

#[test]
fn modes_are_ordered_again_after_the_line_was_unplugged() {
    let locked = mode(Direction::Out, PassMode::Locked);
    let mut bench = Bench::new(shipped("ds205a").unwrap());
    bench.order(locked.clone());
    bench.run(Span::seconds(1));
    assert_eq!(bench.told(), std::slice::from_ref(&locked));
    bench.plug(false);
    bench.order(IN_FREE);
    bench.run(Span::seconds(5));
    bench.plug(true);
    bench.run(Span::seconds(2));
    let told = bench.told();
    assert!(told.contains(&IN_FREE) && told.contains(&locked), "{told:?}");
    assert_eq!(bench.noted(|note| matches!(note, Note::Dropped(_))), 0);
}

#[test]
fn an_order_that_was_on_its_way_when_the_line_went_is_given_again() {
    let mut bench = Bench::new(shipped("ds205a").unwrap());
    bench.order(IN_FREE);
    bench.plug(false);
    bench.plug(true);
    bench.run(Span::seconds(1));
    assert_eq!(bench.told(), [IN_FREE]);
    assert_eq!(bench.noted(|note| matches!(note, Note::Unsure(_))), 0, "it was given again");
}

#[test]
fn boards_that_are_never_asked_are_told_again_too() {
    // One that answers commands only: it is asked slowly until it answers.
    let mut bench = Bench::new(shipped("digicon-tx1500").unwrap());
    bench.answers(false);
    bench.order(IN_FREE);
    let sent = bench.wire.frames_to_device;
    bench.run(Span::seconds(20));
    assert!(bench.wire.frames_to_device - sent <= 25, "about once a second");
    bench.answers(true);
    assert_eq!(bench.told(), [IN_FREE]);
    // One that never answers: it is told when its line is there.
    let locked = mode(Direction::In, PassMode::Locked);
    let mut bench = Bench::new(shipped("eb-xor").unwrap());
    bench.plug(false);
    bench.order(locked.clone());
    bench.plug(true);
    bench.run(Span::seconds(1));
    assert!(bench.told().contains(&locked));
}

#[test]
fn what_a_board_refuses_is_not_ordered_without_end() {
    // What the board answers means no to this host.
    let text =
        include_str!("../../../hil/boards/ds205a.ron").replacen("done: (13, 0x55)", "done: (13, 0x56)", 1);
    let mut bench = Bench::new(parse("refuses", &text).unwrap());
    let device = Arc::new(shipped("ds205a").unwrap());
    bench.wire.device = Device::new(device.clone(), &[Station::at(1)], device.settings).unwrap();
    bench.plug(true);
    bench.order(IN_FREE);
    bench.run(Span::seconds(30));
    assert_eq!(bench.noted(|note| matches!(note, Note::Refused(_))), 1);
    assert_eq!(bench.told().len(), 1);
}

#[test]
fn what_ended_while_the_line_was_gone_is_reported_over() {
    let mut bench = Bench::new(with_fire());
    bench.report(Report::Alarm(GateAlarm::Any, true));
    bench.report(Report::Fire(true));
    bench.run(Span::seconds(1));
    let begun = [Report::Alarm(GateAlarm::Any, true), Report::Fire(true)];
    assert!(begun.iter().all(|report| bench.reports.contains(report)), "{:?}", bench.reports);
    bench.plug(false);
    bench.reports.clear();
    bench.report(Report::Alarm(GateAlarm::Any, false));
    bench.report(Report::Fire(false));
    bench.run(Span::seconds(5));
    bench.plug(true);
    bench.run(Span::seconds(2));
    let over = [Report::Alarm(GateAlarm::Any, false), Report::Fire(false)];
    assert!(over.iter().all(|report| bench.reports.contains(report)), "{:?}", bench.reports);
    assert!(bench.reports.contains(&Report::Leaf(Leaf::Closed)), "where the leaf is, is said anew");
}
