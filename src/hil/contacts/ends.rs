//! Host and device against each other, over boards on a line, in virtual time.

use super::fixture::{GATE, IN, OUT, PULSE, bare, both, everything, on_board};
use super::{Active, Contact, Unlock, Way, Wiring};
use crate::apb::effect::Tone;
use crate::apb::id::Direction;
use crate::apb::input::Leaf;
use crate::apb::site::PassMode;
use crate::apb::time::Span;
use crate::hil::message::{GateAlarm, Order, Report};
use crate::hil::modbus::bench::{End, Faults};

fn variants() -> Vec<Wiring> {
    let kinds = [PULSE, Unlock::Level];
    let polarities = [Active::High, Active::Low];
    kinds.iter().flat_map(|unlock| polarities.map(|active| everything(*unlock, active))).collect()
}

#[test]
fn what_is_ordered_at_one_end_comes_out_at_the_other() {
    for wiring in variants() {
        let mut pair = both(&wiring, 1);
        pair.run_for(Span::seconds(3));
        let mode = |way, mode| Order::Mode(way, mode);
        let locked = Direction::BOTH.map(|way| mode(way, PassMode::Locked));
        let back = Direction::BOTH.map(|way| mode(way, PassMode::Controlled));
        let plain = [
            mode(IN, PassMode::Free),
            mode(IN, PassMode::Controlled),
            mode(OUT, PassMode::Free),
            mode(OUT, PassMode::Controlled),
            Order::Fire(true),
            Order::Fire(false),
            Order::Buzz(Tone::Continuous),
            Order::Buzz(Tone::Off),
            Order::Beam(0, true),
            Order::Beam(1, true),
            Order::Beam(0, false),
        ];
        for order in plain {
            let since = pair.orders.len();
            pair.order(GATE, order.clone());
            pair.run_for(Span::seconds(1));
            assert_eq!(pair.told(since), [order], "{wiring:?}");
        }
        for way in Direction::BOTH {
            let since = pair.orders.len();
            pair.order(GATE, Order::Release(way));
            pair.run_for(Span::seconds(1));
            assert_eq!(pair.told(since), [Order::Release(way)], "{wiring:?}");
            pair.order(GATE, Order::Shut);
            pair.run_for(Span::seconds(1));
            assert_eq!(pair.told(since), [Order::Release(way), Order::Shut], "{wiring:?}");
        }
        let since = pair.orders.len();
        locked.iter().for_each(|order| pair.order(GATE, order.clone()));
        pair.run_for(Span::seconds(3));
        let shut = [Order::Shut];
        assert_eq!(pair.told(since), [&shut[..], &locked].concat(), "{wiring:?}");
        back.iter().for_each(|order| pair.order(GATE, order.clone()));
        pair.run_for(Span::seconds(1));
        assert_eq!(pair.told(since), [&shut[..], &locked, &back].concat(), "{wiring:?}");
        assert_eq!((pair.wrong(End::Host), pair.wrong(End::Device)), (vec![], vec![]), "{wiring:?}");
    }
}

#[test]
fn what_is_reported_at_one_end_comes_out_at_the_other() {
    for wiring in variants() {
        let mut pair = both(&wiring, 1);
        pair.run_for(Span::seconds(3));
        let passed = |way| (Report::Passed(way), vec![Report::Passed(way)]);
        let same = |report: Report| (report.clone(), vec![report]);
        let told = [
            same(Report::Ready(false)),
            passed(IN),
            passed(OUT),
            same(Report::Ready(true)),
            same(Report::Opened),
            same(Report::Leaf(Leaf::Open)),
            same(Report::Leaf(Leaf::Closed)),
            same(Report::Alarm(GateAlarm::Any, true)),
            same(Report::Alarm(GateAlarm::Any, false)),
            (Report::Alarm(GateAlarm::Tailgate, true), vec![Report::Alarm(GateAlarm::Any, true)]),
            (Report::Alarm(GateAlarm::Loiter, true), vec![]),
            (Report::Alarm(GateAlarm::Tailgate, false), vec![]),
            (Report::Alarm(GateAlarm::Loiter, false), vec![Report::Alarm(GateAlarm::Any, false)]),
            same(Report::Tamper(true)),
            same(Report::Tamper(false)),
            same(Report::Fire(true)),
            same(Report::Fire(false)),
            (Report::Beam(0, true), vec![]),
            (Report::Count(IN, 3), vec![]),
        ];
        for (report, want) in told {
            let since = pair.reports.len();
            pair.report(GATE, report);
            pair.run_for(Span::seconds(1));
            assert_eq!(pair.heard(since), want, "{wiring:?}");
        }
        let since = pair.reports.len();
        pair.report(GATE, Report::PowerFail(true));
        pair.run_for(Span::seconds(1));
        assert_eq!(pair.heard(since), [Report::Ready(false), Report::PowerFail(true)]);
        assert_eq!((pair.wrong(End::Host), pair.wrong(End::Device)), (vec![], vec![]), "{wiring:?}");
    }
}

#[test]
fn without_its_host_a_gate_that_opens_by_removal_of_the_signal_is_on_fire() {
    let wiring = Wiring { fire: Some(Contact::low(5)), ..bare(PULSE) };
    let mut pair = both(&wiring, 1);
    assert_eq!(pair.told(0), [Order::Fire(true)]);
    pair.run_for(Span::seconds(3));
    assert_eq!(pair.told(0), [Order::Fire(true), Order::Fire(false)]);
    let wiring = Wiring { fire: Some(Contact::high(5)), ..wiring };
    let mut pair = both(&wiring, 1);
    pair.run_for(Span::seconds(3));
    assert_eq!(pair.told(0), []);
}

#[test]
fn a_state_that_was_ordered_while_the_board_was_away_is_ordered_when_it_is_back_but_no_release() {
    let wiring = Wiring { fire: Some(Contact::high(5)), ..bare(PULSE) };
    let mut pair = both(&wiring, 1);
    pair.run_for(Span::seconds(2));
    pair.order(GATE, Order::Release(OUT));
    pair.run_for(Span::millis(200));
    // The pulse has begun when the line is cut.
    pair.faults = Faults { lose: 1.0, ..Faults::default() };
    pair.run_for(Span::seconds(5));
    assert_eq!(pair.told(0), [Order::Release(OUT)]);
    pair.order(GATE, Order::Release(IN));
    pair.order(GATE, Order::Fire(true));
    pair.faults = Faults::default();
    pair.run_for(Span::seconds(3));
    assert_eq!(pair.told(1), [Order::Fire(true)]);
    let why = pair.wrong(End::Host);
    // Whether it is one long release, or free access, nobody here can know.
    assert!(why.iter().any(|text| text.contains("before its contact was back at rest")), "{why:?}");
    assert!(why.iter().any(|text| text == "release in: the board does not answer"), "{why:?}");
    let since = pair.orders.len();
    pair.order(GATE, Order::Release(OUT));
    pair.run_for(Span::seconds(1));
    assert_eq!(pair.told(since), [Order::Release(OUT)], "its contact was put at rest before");
}

#[test]
fn a_second_release_waits_its_turn_and_a_third_is_refused() {
    let mut pair = both(&bare(PULSE), 1);
    pair.run_for(Span::seconds(2));
    for way in [IN, IN, IN, OUT] {
        pair.order(GATE, Order::Release(way));
    }
    pair.run_for(Span::seconds(4));
    let mut told = pair.told(0);
    told.sort_by_key(|order| *order == Order::Release(OUT));
    assert_eq!(told, [IN, IN, OUT].map(Order::Release));
    assert_eq!(pair.noted(End::Host, "refused"), 1);
}

#[test]
fn a_level_is_held_until_the_passage() {
    let mut pair = both(&bare(Unlock::Level), 1);
    pair.run_for(Span::seconds(2));
    pair.order(GATE, Order::Release(IN));
    pair.run_for(Span::seconds(20));
    assert_eq!(pair.told(0), [Order::Release(IN)]);
    pair.report(GATE, Report::Passed(IN));
    pair.run_for(Span::seconds(1));
    assert_eq!(pair.told(1), [Order::Shut]);
    assert_eq!(pair.heard(0).last(), Some(&Report::Passed(IN)));
}

#[test]
fn holding_the_release_long_enough_is_free_access() {
    let wiring = Wiring { free_after: Some(Span::millis(6_500)), ..bare(PULSE) };
    let mut pair = both(&wiring, 1);
    pair.run_for(Span::seconds(2));
    pair.order(GATE, Order::Mode(OUT, PassMode::Free));
    pair.run_for(Span::seconds(6));
    // A gate that does not know better takes it for a release first.
    assert_eq!(pair.told(0), [Order::Release(OUT)]);
    pair.run_for(Span::seconds(2));
    assert_eq!(pair.told(1), [Order::Mode(OUT, PassMode::Free)]);
    pair.order(GATE, Order::Release(OUT));
    pair.order(GATE, Order::Mode(OUT, PassMode::Controlled));
    pair.run_for(Span::seconds(2));
    assert_eq!(pair.told(2), [Order::Mode(OUT, PassMode::Controlled)]);
    assert_eq!(pair.wrong(End::Host), ["release out: this way is free"]);
}

#[test]
fn what_no_contact_is_wired_for_is_said() {
    let mut pair = both(&Wiring { ways: [bare(PULSE).ways[0], Way::default()], ..bare(PULSE) }, 1);
    pair.run_for(Span::seconds(2));
    let orders = [
        Order::Shut,
        Order::Release(OUT),
        Order::Fire(true),
        Order::Beam(0, true),
        Order::Buzz(Tone::Off),
        Order::Mode(IN, PassMode::Free),
    ];
    let count = orders.len();
    orders.into_iter().for_each(|order| pair.order(GATE, order));
    assert_eq!(pair.noted(End::Host, "dropped"), count, "{:?}", pair.notes);
    assert_eq!(pair.told(0), []);
}

#[test]
fn what_is_not_wired_passes_through() {
    let mut pair = on_board(bare(PULSE));
    pair.order(GATE, Order::Output(9, true));
    pair.order(GATE, Order::Output(0, true));
    let since = pair.reports.len();
    pair.report(GATE, Report::Input(9, true));
    pair.report(GATE, Report::Input(0, true));
    pair.run_for(Span::seconds(1));
    assert_eq!(pair.heard(since), [Report::Input(9, true), Report::Passed(IN)]);
    assert_eq!(pair.told(0), [Order::Output(9, true)]);
    assert_eq!(pair.noted(End::Host, "refused"), 1);
}

#[test]
fn combinations_that_a_gate_must_not_show_are_noted() {
    let wiring = Wiring { busy: Some(Contact::high(2)), ready: Some(Contact::high(3)), ..bare(PULSE) };
    let mut pair = on_board(wiring);
    let mut flip = |inputs: &[(u8, bool)], ms: u64| {
        let since = pair.notes.len();
        for (number, level) in inputs {
            pair.report(GATE, Report::Input(*number, *level));
        }
        pair.run_for(Span::millis(ms));
        pair.notes[since..].iter().map(|(.., note)| note.detail()).collect::<Vec<_>>()
    };
    assert_eq!(flip(&[(3, true)], 500), Vec::<String>::new());
    assert_eq!(flip(&[(0, true)], 500), ["PASS A while the gate is not busy"]);
    assert_eq!(flip(&[(0, false), (2, true), (3, false)], 500), Vec::<String>::new());
    assert_eq!(flip(&[(1, true)], 500), ["PASS B while the gate is not ready"]);
    assert_eq!(flip(&[(3, true), (0, true)], 500), ["PASS A and PASS B together"]);
    assert_eq!(flip(&[(0, false), (1, false)], 500), Vec::<String>::new());
    assert_eq!(flip(&[(0, true)], 30), Vec::<String>::new());
    let short = flip(&[(0, false)], 500);
    assert!(
        short[0].starts_with("PASS A for 0.0") && short[0].ends_with("shorter than 0.050 s"),
        "{short:?}"
    );
    assert_eq!(flip(&[(0, true)], 6_000), ["PASS A does not end"]);
}
