//! Every history of up to six steps of two people at one lane, beside the reference model.

use crate::bench::outcome;
use crate::fixture::{COLUMNS, column, limited, policies, t1};
use crate::model::{Model, Place};
use apbrig::apb::controller::Controller;
use apbrig::apb::effect::Effects;
use apbrig::apb::id::{AreaId, CardNumber, Direction, HolderId, LaneId, ReaderId};
use apbrig::apb::input::Input;
use apbrig::apb::journal::Event;
use apbrig::apb::ledger::Location;
use apbrig::apb::policy::{Commit, Enforcement, Policy, UnknownRule};
use apbrig::apb::site::Site;
use apbrig::apb::time::{Span, Time};
use std::sync::Arc;

/// Steps are this far apart.
const PACE: u64 = 200_000;

/// Waiting this long makes a grant lapse, or lapse beyond the grace.
const WAITS: [u64; 2] = [4_900_000, 7_000_000];

/// One thing that happens.
#[derive(Clone, Copy, Debug)]
enum Step {
    Read(usize, bool),
    Pass(bool),
    Opens,
    Wait(u64),
}

const STEPS: [Step; 8] = [
    Step::Read(0, true),
    Step::Read(0, false),
    Step::Read(1, true),
    Step::Read(1, false),
    Step::Pass(true),
    Step::Pass(false),
    Step::Wait(WAITS[0]),
    Step::Wait(WAITS[1]),
];

/// Plays every continuation of a history on both sides; how many histories there were.
fn explore(
    model: &Model<'_>,
    controller: &Controller,
    now: u64,
    steps: &[Step],
    depth: usize,
    history: &mut Vec<Step>,
) -> usize {
    let mut count = 1;
    for step in steps.iter().filter(|_| depth > 0) {
        let (mut model, mut controller) = (model.clone(), controller.clone());
        history.push(*step);
        let now = now + PACE + if let Step::Wait(more) = step { *more } else { 0 };
        let expected = told(&mut model, now, *step);
        assert_eq!(done(&mut controller, now, *step), expected, "{history:?}");
        for (person, place) in model.places.into_iter().enumerate() {
            let presence = controller.ledger().presence(HolderId::at(person));
            let location = match place {
                Place::Unknown => Location::Unknown,
                Place::Outside => Location::In(AreaId(0)),
                Place::Inside => Location::In(AreaId(1)),
            };
            assert_eq!(presence.location, location, "{history:?}");
            assert_eq!(presence.moved_at.map(|t| t.0), model.moved_at[person], "{history:?}");
        }
        count += explore(&model, &controller, now, steps, depth - 1, history);
        history.pop();
    }
    count
}

fn told(model: &mut Model<'_>, now: u64, step: Step) -> String {
    match step {
        Step::Read(person, inwards) => model.read(now, person, inwards).into(),
        Step::Pass(inwards) => format!("{:?}", model.pass(now, inwards)),
        Step::Opens => {
            model.opens(now);
            String::new()
        }
        Step::Wait(_) => {
            model.wait(now);
            String::new()
        }
    }
}

fn done(controller: &mut Controller, now: u64, step: Step) -> String {
    let lane = LaneId(0);
    let mut effects = Effects::default();
    let input = match step {
        Step::Read(person, inwards) => {
            Input::read(ReaderId(u16::from(!inwards)), CardNumber(person as u64 + 1))
        }
        Step::Pass(true) => Input::Passed { lane, direction: Direction::In },
        Step::Pass(false) => Input::Passed { lane, direction: Direction::Out },
        Step::Opens => Input::Opened { lane },
        Step::Wait(_) => {
            controller.expire(Time(now), &mut effects);
            return String::new();
        }
    };
    controller.handle(Time(now), &input, &mut effects);
    let events = effects.entries.iter().map(|e| &e.event);
    match step {
        Step::Read(..) => {
            let decision = |e: &Event| if let Event::Decision(d) = e { Some(outcome(d)) } else { None };
            events.filter_map(decision).collect()
        }
        Step::Pass(_) => {
            let taken =
                |e: &Event| if let Event::Taken { holder, .. } = e { Some(holder.index()) } else { None };
            format!("{:?}", events.filter_map(taken).next())
        }
        Step::Opens | Step::Wait(_) => String::new(),
    }
}

fn check(policy: &Policy, max: Option<u32>, steps: &[Step], depth: usize) {
    let policy = Policy { window: Span(3 * PACE), ..policy.clone() };
    let parts = max.map_or_else(|| t1(&policy), |max| limited(t1(&policy), 1, max));
    let controller = Controller::new(Arc::new(Site::new(parts).unwrap()));
    let model = Model::new(&policy, max.map(|m| m as usize));
    let count = explore(&model, &controller, 0, steps, depth, &mut Vec::new());
    let width = steps.len();
    assert_eq!(count, (0..=depth as u32).map(|d| width.pow(d)).sum::<usize>());
}

#[test]
fn six_steps_of_hard_on_passage() {
    let policy = Policy { outbound: Enforcement::Hard, ..Policy::hard() };
    check(&policy, Some(1), &STEPS, 6);
}

#[test]
fn five_steps_of_every_policy_on_passage() {
    for (_, policy) in policies(Commit::OnPassage).filter(|p| p.1.rule.looks_at_locations()) {
        check(&policy, None, &STEPS, 5);
    }
}

#[test]
fn five_steps_of_every_column() {
    for name in COLUMNS {
        check(&column(name), None, &STEPS, 5);
    }
}

#[test]
fn five_steps_of_every_policy_on_open() {
    let steps = [&[Step::Opens][..], &STEPS[..7]].concat();
    for (_, policy) in policies(Commit::OnOpen).filter(|p| p.1.rule.looks_at_locations()) {
        check(&policy, Some(1), &steps, 5);
    }
}

#[test]
fn five_steps_of_the_other_unknowns_without_reservation() {
    for unknown in [UnknownRule::Outside, UnknownRule::Deny] {
        for name in ["HARD_L", "HARD_E", "TA", "SOFT"] {
            let policy = Policy { unknown, commit: Commit::OnPassage, reservation: false, ..column(name) };
            check(&policy, Some(1), &STEPS, 5);
        }
    }
}
