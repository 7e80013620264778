//! Host against emulated boards on lines that lose and garble: releases are carried out once at most, bodies
//! are counted once, alarms end.

use super::board::Board;
use super::load::{SHIPPED, shipped};
use super::{Device, Host, Station};
use crate::apb::id::Direction;
use crate::apb::input::Leaf;
use crate::apb::time::{Span, Time};
use crate::hil::capability::Capability;
use crate::hil::driver::{Note, Unit};
use crate::hil::lossy::{Faults, Said, Wire};
use crate::hil::message::{GateAlarm, Order, Report};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Bad enough that hardly an exchange goes by without trouble.
const BAD: Faults = Faults { frame: 60, byte: 60, bit: 60, noise: 40 };

type Line = Wire<Host, Device>;

/// Gates behind emulated boards, and people who walk through them.
struct Bench {
    wire: Line,
    plan: BTreeMap<(Time, u64), (Unit, Report)>,
    planned: u64,
    /// Releases that the boards carried out.
    opened: usize,
    /// Bodies that really went through, and those that were reported, in and out.
    walked: [usize; 2],
    passed: [usize; 2],
    alarm: bool,
    walks: bool,
}

impl Bench {
    fn new(board: &Arc<Board>, seed: u64) -> Self {
        let many = if board.to_board.has_address() { 2 } else { 1 };
        let stations: Vec<Station> = (1..=many).map(Station::at).collect();
        let host = Host::new(board.clone(), &stations, board.settings).unwrap();
        let device = Device::new(board.clone(), &stations, board.settings).unwrap();
        let (wire, said) = Wire::new(host, device, board.settings, seed);
        let mut bench = Self {
            wire,
            plan: BTreeMap::new(),
            planned: 0,
            opened: 0,
            walked: [0; 2],
            passed: [0; 2],
            alarm: false,
            walks: true,
        };
        bench.hear(said);
        for unit in 0..many {
            let said = bench.wire.report(Unit(u16::from(unit)), Report::Leaf(Leaf::Closed));
            bench.hear(said);
        }
        bench
    }

    fn plan(&mut self, after: Span, unit: Unit, report: Report) {
        self.planned += 1;
        self.plan.insert((self.wire.now + after, self.planned), (unit, report));
    }

    /// Somebody goes through.
    fn walk(&mut self, after: Span, unit: Unit, way: Direction) {
        self.walked[way.index()] += 1;
        self.plan(after, unit, Report::Passed(way));
    }

    fn hear(&mut self, said: Said<Host, Device>) {
        for (_, report) in said.host {
            match report {
                Report::Passed(way) => self.passed[way.index()] += 1,
                Report::Alarm(_, active) => self.alarm = active,
                _ => {}
            }
        }
        for (unit, order) in said.device {
            let Order::Release(way) = order else { continue };
            self.opened += 1;
            self.plan(Span::millis(200), unit, Report::Leaf(Leaf::Open));
            let walks = self.walks && self.wire.dice.below(4) > 0;
            if walks {
                self.walk(Span::millis(1_200), unit, way);
            }
            let shuts = if walks { Span::millis(1_600) } else { Span::seconds(5) };
            self.plan(shuts, unit, Report::Leaf(Leaf::Closed));
        }
    }

    fn run(&mut self, span: Span) {
        let until = self.wire.now + span;
        loop {
            let due = self.plan.keys().next().copied().filter(|(at, _)| *at <= until);
            match self.wire.step(due.map_or(until, |(at, _)| at)) {
                Some(said) => self.hear(said),
                None => match due.and_then(|key| self.plan.remove(&key)) {
                    Some((unit, report)) => {
                        let said = self.wire.report(unit, report);
                        self.hear(said);
                    }
                    None => return,
                },
            }
        }
    }

    fn noted(&self, is: impl Fn(&Note) -> bool) -> usize {
        self.wire.notes.iter().filter(|(_, note)| is(note)).count()
    }
}

/// Two minutes of releases on a line with `faults`; how many were ordered and how many carried out.
fn releases(name: &str, seed: u64, faults: Faults) -> (usize, Bench) {
    let board = Arc::new(shipped(name).unwrap());
    let mut bench = Bench::new(&board, seed);
    bench.run(Span::seconds(2));
    bench.wire.faults = faults;
    let mut ordered = 0;
    for round in 0..15 {
        let unit = Unit(bench.wire.dice.below(2) as u16 % if board.to_board.has_address() { 2 } else { 1 });
        let way = Direction::BOTH[bench.wire.dice.below(2) as usize];
        let before = bench.opened;
        if board.capabilities().has(Capability::Release) {
            let said = bench.wire.order(unit, Order::Release(way));
            bench.hear(said);
            ordered += 1;
        } else {
            bench.walk(Span::millis(300), unit, way);
        }
        let alarm = Report::Alarm(GateAlarm::Any, round % 2 == 0);
        bench.plan(Span::seconds(3), unit, alarm);
        bench.run(Span::seconds(8));
        assert!(bench.opened <= before + 1, "{name}, seed {seed}, round {round}: one order, two releases");
    }
    for unit in [Unit(0), Unit(1)] {
        bench.plan(Span::ZERO, unit, Report::Alarm(GateAlarm::Any, false));
    }
    bench.wire.faults = Faults::default();
    bench.run(Span::seconds(10));
    (ordered, bench)
}

/// Whether a board counts bodies by itself, so that none is ever lost.
fn counts(board: &Board) -> bool {
    board.capabilities().has(Capability::Count)
}

#[test]
fn on_a_sound_line_everything_is_carried_out_once() {
    for (name, _) in SHIPPED {
        let (ordered, bench) = releases(name, 7, Faults::default());
        assert_eq!(bench.opened, ordered, "{name}");
        if shipped(name).unwrap().capabilities().has(Capability::Passed) {
            assert_eq!(bench.passed, bench.walked, "{name}");
            assert!(bench.walked.iter().sum::<usize>() > 5, "{name}: nobody walked");
        }
        assert!(!bench.alarm, "{name}");
        assert_eq!(bench.noted(|note| !matches!(note, Note::Online(_) | Note::Refused(_))), 0, "{name}");
    }
}

#[test]
fn on_a_bad_line_nothing_is_carried_out_twice_and_counts_come_right() {
    for (name, _) in SHIPPED {
        let board = shipped(name).unwrap();
        // Where there is no checksum a flipped bit or a byte too many is another frame, and nobody can tell.
        let checked = board.to_board.check.is_some();
        let faults = if checked { BAD } else { Faults { bit: 0, noise: 0, ..BAD } };
        let (mut opened, mut ordered, mut told) = (0, 0, 0);
        for seed in 0..12 {
            let (wanted, bench) = releases(name, seed, faults);
            ordered += wanted;
            opened += bench.opened;
            told += bench.noted(|note| matches!(note, Note::Unsure(_) | Note::Dropped(_)));
            if counts(&board) {
                assert_eq!(bench.passed, bench.walked, "{name}, seed {seed}");
            } else {
                let more = bench.passed.iter().zip(bench.walked).any(|(passed, walked)| *passed > walked);
                assert!(!more, "{name}, seed {seed}: {:?} of {:?}", bench.passed, bench.walked);
            }
            assert!(!bench.alarm, "{name}, seed {seed}: an alarm that never ends");
        }
        println!("{name}: {ordered} ordered, {opened} carried out, {told} given up and said so");
        let silent = name == "eb-xor";
        assert!(silent || opened + told >= ordered, "{name}: an order went missing without a word");
    }
}

#[test]
fn a_lost_release_is_sent_again_only_to_a_board_that_has_shown_one() {
    let mut bench = Bench::new(&Arc::new(shipped("ds205a").unwrap()), 3);
    bench.run(Span::seconds(1));
    let lose_one = |bench: &mut Bench| {
        while !bench.wire.is_idle() {
            bench.run(Span::millis(1));
        }
        bench.wire.faults = Faults { frame: 1_000, ..Faults::default() };
        let said = bench.wire.order(Unit(0), Order::Release(Direction::In));
        bench.hear(said);
        bench.run(Span::millis(30));
        bench.wire.faults = Faults::default();
        bench.run(Span::seconds(8));
    };
    let unsure = |bench: &Bench| bench.noted(|note| matches!(note, Note::Unsure(_)));
    lose_one(&mut bench);
    assert_eq!((bench.opened, unsure(&bench)), (0, 1), "its status may mean anything");
    let said = bench.wire.order(Unit(0), Order::Release(Direction::In));
    bench.hear(said);
    bench.run(Span::seconds(8));
    assert_eq!(bench.opened, 1);
    lose_one(&mut bench);
    assert_eq!((bench.opened, unsure(&bench)), (2, 1), "its status has been seen to mean what it says");
}

#[test]
fn bodies_that_walk_while_the_line_is_gone_are_counted() {
    for name in ["ds205a", "tpw-321asp"] {
        let mut bench = Bench::new(&Arc::new(shipped(name).unwrap()), 3);
        bench.walks = false;
        bench.run(Span::seconds(3));
        let said = bench.wire.connect(false);
        bench.hear(said);
        for _ in 0..3 {
            bench.walk(Span::seconds(1), Unit(1), Direction::Out);
        }
        bench.run(Span::seconds(20));
        assert_eq!(bench.passed, [0, 0], "{name}");
        let said = bench.wire.connect(true);
        bench.hear(said);
        bench.run(Span::seconds(5));
        assert_eq!(bench.passed, [0, 3], "{name}");
    }
}

#[test]
fn orders_while_a_board_does_not_answer_are_dropped_with_a_note() {
    let mut bench = Bench::new(&Arc::new(shipped("ds205a").unwrap()), 3);
    bench.run(Span::seconds(1));
    bench.wire.faults = Faults { frame: 1_000, ..Faults::default() };
    bench.run(Span::seconds(5));
    assert_eq!(bench.noted(|note| matches!(note, Note::Offline(_))), 2);
    let sent = bench.wire.frames_to_device;
    bench.run(Span::seconds(10));
    assert!(bench.wire.frames_to_device - sent <= 22, "two silent boards are asked once a second each");
    let said = bench.wire.order(Unit(0), Order::Release(Direction::In));
    bench.hear(said);
    assert_eq!(bench.noted(|note| matches!(note, Note::Dropped(why) if why.starts_with("release in"))), 1);
    bench.wire.faults = Faults::default();
    bench.run(Span::seconds(10));
    assert_eq!((bench.opened, bench.noted(|note| matches!(note, Note::Online(_)))), (0, 4));
}

#[test]
fn a_board_that_began_anew_gets_its_modes_again() {
    let mut bench = Bench::new(&Arc::new(shipped("ds205a").unwrap()), 3);
    bench.walk(Span::millis(10), Unit(0), Direction::In);
    bench.run(Span::seconds(1));
    let mode = Order::Mode(Direction::Out, crate::apb::site::PassMode::Locked);
    let said = bench.wire.order(Unit(0), mode.clone());
    bench.hear(said);
    bench.run(Span::seconds(1));
    let mut out = crate::hil::driver::Outbox::default();
    bench.wire.device.restart(Unit(0), &mut out);
    let until = bench.wire.now + Span::seconds(1);
    let mut orders = Vec::new();
    while let Some(said) = bench.wire.step(until) {
        orders.extend(said.device.iter().map(|(_, order)| order.clone()));
    }
    assert_eq!(orders, [mode]);
    assert_eq!(bench.noted(|note| *note == Note::Restarted), 1);
}
