//! Rules that hold for an emulated gate whatever people do to it.

use super::{Fate, Firmware, Gate, GateFault, GateModel, Manner, PASSABLE, Then, Walker};
use crate::apb::id::Direction;
use crate::apb::input::Leaf;
use crate::apb::site::PassMode;
use crate::apb::time::{Span, Time};
use crate::hil::message::{Order, Report};
use crate::scenario::plan::PowerLoss;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Act {
    Send(Walker),
    Order(Order),
    Fault(GateFault, bool),
    Beam(u8, bool),
}

fn direction() -> impl Strategy<Value = Direction> {
    prop::sample::select(vec![Direction::In, Direction::Out])
}

fn manner() -> impl Strategy<Value = Manner> {
    let stop = (0_u32..1_500, 0_u64..3_000, any::<bool>()).prop_map(|(at_mm, wait, back)| {
        let then = if back { Then::TurnBack } else { Then::GoOn };
        Manner::Stop { at_mm, wait: Span::millis(wait), then }
    });
    let push = (0_u32..200).prop_map(|newtons| Manner::Push { newtons });
    prop_oneof![3 => Just(Manner::Through), 2 => stop, 1 => push]
}

fn walker() -> impl Strategy<Value = Walker> {
    (direction(), 100_u32..3_500, 50_u32..1_300, 0_u64..4_000, manner()).prop_map(
        |(direction, speed_mm_s, depth_mm, patience, manner)| Walker {
            direction,
            speed_mm_s,
            depth_mm,
            patience: Span::millis(patience),
            manner,
        },
    )
}

fn order() -> impl Strategy<Value = Order> {
    let modes = prop::sample::select(vec![PassMode::Controlled, PassMode::Free, PassMode::Locked]);
    prop_oneof![
        6 => direction().prop_map(Order::Release),
        2 => Just(Order::Shut),
        1 => (direction(), modes).prop_map(|(way, mode)| Order::Mode(way, mode)),
        1 => any::<bool>().prop_map(Order::Fire),
    ]
}

fn fault() -> impl Strategy<Value = GateFault> {
    prop_oneof![
        (0_u8..6).prop_map(GateFault::BeamBlocked),
        (0_u8..6).prop_map(GateFault::BeamClear),
        Just(GateFault::LeafJammed),
        Just(GateFault::PowerLost),
        Just(GateFault::Mute),
    ]
}

/// Acts, each so long after the one before, microseconds.
fn storm() -> impl Strategy<Value = Vec<(u64, Act)>> {
    let act = prop_oneof![
        5 => walker().prop_map(Act::Send),
        4 => order().prop_map(Act::Order),
        1 => (fault(), any::<bool>()).prop_map(|(fault, on)| Act::Fault(fault, on)),
        1 => (0_u8..8, any::<bool>()).prop_map(|(beam, cut)| Act::Beam(beam, cut)),
    ];
    prop::collection::vec((0_u64..2_000_000, act), 1..30)
}

fn model() -> impl Strategy<Value = GateModel> {
    (any::<bool>(), any::<bool>(), 0_u8..3, 100_u64..1_000).prop_map(|(own, stays, memory, closes)| {
        GateModel {
            firmware: if own { Firmware::Own } else { Firmware::None },
            power_loss: if stays { PowerLoss::Stay } else { PowerLoss::Open },
            memory,
            closes: Span::millis(closes),
            ..GateModel::default()
        }
    })
}

/// What a gate makes of a storm, and of two minutes of quiet; `watch` sees it after everything that happens.
fn weather(
    model: &GateModel,
    storm: &[(u64, Act)],
    mut watch: impl FnMut(&Gate, Time),
) -> (Gate, Vec<(Time, Report)>) {
    let (mut gate, mut log, mut now) = (Gate::new(model), Vec::new(), Time::ZERO);
    let mut run = |gate: &mut Gate, until: Time, log: &mut Vec<_>| {
        while let Some(due) = gate.next_due().filter(|due| *due <= until) {
            gate.advance(due, log);
            watch(gate, due);
        }
        gate.advance(until, log);
        watch(gate, until);
    };
    for (after, act) in storm {
        now = now + Span(*after);
        run(&mut gate, now, &mut log);
        match act {
            Act::Send(walker) => {
                gate.send(now, *walker);
            }
            Act::Order(order) => gate.order(now, order, &mut log),
            Act::Fault(fault, on) => gate.fault(now, *fault, *on),
            Act::Beam(beam, cut) => gate.beam(now, *beam, *cut, &mut log),
        }
        run(&mut gate, now, &mut log);
    }
    run(&mut gate, now + Span::minutes(2), &mut log);
    (gate, log)
}

/// The same without looking in between.
fn blind(model: &GateModel, storm: &[(u64, Act)]) -> Vec<(Time, Report)> {
    let (mut gate, mut log, mut now) = (Gate::new(model), Vec::new(), Time::ZERO);
    for (after, act) in storm {
        now = now + Span(*after);
        match act {
            Act::Send(walker) => {
                gate.send(now, *walker);
            }
            Act::Order(order) => gate.order(now, order, &mut log),
            Act::Fault(fault, on) => gate.fault(now, *fault, *on),
            Act::Beam(beam, cut) => gate.beam(now, *beam, *cut, &mut log),
        }
    }
    gate.advance(now + Span::minutes(2), &mut log);
    log
}

fn tally(gate: &Gate) -> (usize, usize, usize) {
    let count = |of: fn(&Fate) -> bool| gate.walkers().iter().filter(|t| of(&t.fate)).count();
    let passed = count(|f| matches!(f, Fate::Passed(_)));
    let back = count(|f| matches!(f, Fate::TurnedBack(_)));
    (passed, back, count(|f| matches!(f, Fate::Inside | Fate::Outside)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bodies_are_conserved_and_never_overlap_and_all_get_out(model in model(), storm in storm()) {
        let sent = storm.iter().filter(|(_, act)| matches!(act, Act::Send(_))).count();
        let (gate, log) = weather(&model, &storm, |gate, now| {
            assert!(gate.aisle().is_in_single_file(), "{now}");
            assert!(!gate.aisle().is_across() || gate.travel(now) >= PASSABLE, "{now}");
        });
        prop_assert!(log.is_sorted_by_key(|(at, _)| *at));
        let (passed, back, left) = tally(&gate);
        prop_assert_eq!(passed + back, sent);
        prop_assert_eq!(left, 0);
    }

    #[test]
    fn how_often_one_looks_changes_nothing(model in model(), storm in storm()) {
        let (_, log) = weather(&model, &storm, |_, _| ());
        prop_assert_eq!(log, blind(&model, &storm));
    }

    #[test]
    fn nobody_passes_a_leaf_that_was_never_opened_nor_pushed(
        walkers in prop::collection::vec((0_u64..2_000_000, walker()), 1..20)
    ) {
        let model = GateModel::default();
        let weak = |mut walker: Walker| {
            if let Manner::Push { newtons } = &mut walker.manner {
                *newtons = (*newtons).min(model.holds_n - 1);
            }
            Act::Send(walker)
        };
        let storm: Vec<_> = walkers.into_iter().map(|(after, walker)| (after, weak(walker))).collect();
        let (gate, log) = weather(&model, &storm, |gate, _| assert!(gate.is_shut()));
        prop_assert_eq!(tally(&gate).0, 0);
        prop_assert!(!log.iter().any(|(_, r)| matches!(r, Report::Leaf(_))));
    }

    #[test]
    fn who_passes_a_shut_leaf_has_pushed_it(
        walkers in prop::collection::vec((0_u64..2_000_000, walker()), 1..20)
    ) {
        let model = GateModel::default();
        let storm: Vec<_> = walkers.into_iter().map(|(after, walker)| (after, Act::Send(walker))).collect();
        let (gate, log) = weather(&model, &storm, |_, _| ());
        let pushed = |r: &Report| *r == Report::Leaf(Leaf::Displaced);
        let crossed = gate.walkers().iter().any(|t| t.crossed.is_some());
        prop_assert!(!crossed || log.iter().any(|(_, r)| pushed(r)));
    }

    /// People who keep their distance and wait for their release are counted, each once, and nobody alarms.
    #[test]
    fn the_gate_counts_honest_people(
        people in prop::collection::vec((direction(), 400_u32..1_500, 200_u32..700), 1..8)
    ) {
        let (mut gate, mut log) = (Gate::new(&GateModel::default()), Vec::new());
        for (i, (direction, speed_mm_s, depth_mm)) in (0_u64..).zip(&people) {
            let at = Time(i * 20_000_000);
            gate.order(at, &Order::Release(*direction), &mut log);
            let walker = Walker { speed_mm_s: *speed_mm_s, depth_mm: *depth_mm, ..Walker::new(*direction) };
            gate.send(at + Span::millis(500), walker);
        }
        gate.advance(Time(300_000_000), &mut log);
        let way = |r: &Report| if let Report::Passed(way) = r { Some(*way) } else { None };
        let passed: Vec<Direction> = log.iter().filter_map(|(_, r)| way(r)).collect();
        prop_assert_eq!(passed, people.iter().map(|p| p.0).collect::<Vec<_>>());
        prop_assert!(!log.iter().any(|(_, r)| matches!(r, Report::Alarm(..))));
        prop_assert_eq!(tally(&gate), (people.len(), 0, 0));
    }
}
