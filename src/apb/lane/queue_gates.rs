//! Gates with a logic of their own that queue grants for both ways.

use super::bench::{lane, ms};
use super::{LaneEvent, LaneMachine, Refusal};
use crate::apb::effect::Tone;
use crate::apb::id::{Direction, GrantId};
use crate::apb::input::Leaf;
use crate::apb::journal::Alarm;
use crate::apb::site::{Lane, PassMode, Queue, Sensing};

const IN: Direction = Direction::In;
const OUT: Direction = Direction::Out;

fn of(queue: Queue) -> LaneMachine {
    LaneMachine::new(&Lane { sensing: Sensing::Signals, memory: 1, queue, ..lane() })
}

fn gate() -> LaneMachine {
    of(Queue::BothWays)
}

fn passed(direction: Direction, grant: Option<u64>) -> LaneEvent {
    LaneEvent::Passed { direction, grant: grant.map(GrantId), late: false }
}

#[test]
fn a_gate_is_told_of_each_turn() {
    let (mut lane, mut out) = (gate(), Vec::new());
    lane.release(ms(0), GrantId(1), IN, &mut out);
    lane.release(ms(0), GrantId(2), OUT, &mut out);
    lane.release(ms(200), GrantId(3), IN, &mut out);
    lane.opened(ms(600), &mut out);
    assert_eq!(out, [LaneEvent::Open(IN), LaneEvent::Opened(GrantId(1))]);
    out.clear();
    lane.passed(ms(2_000), IN, &mut out);
    assert_eq!(
        out,
        [passed(IN, Some(1)), LaneEvent::Turn(GrantId(2)), LaneEvent::Close, LaneEvent::Open(OUT)]
    );
    out.clear();
    lane.passed(ms(3_000), OUT, &mut out);
    assert_eq!(
        out,
        [passed(OUT, Some(2)), LaneEvent::Turn(GrantId(3)), LaneEvent::Close, LaneEvent::Open(IN)]
    );
    out.clear();
    lane.expire(ms(8_000), &mut out);
    assert_eq!(out, [LaneEvent::NotTaken(GrantId(3)), LaneEvent::Close]);
}

#[test]
fn a_gate_that_lets_somebody_through_against_the_turn_uses_no_grant() {
    let (mut lane, mut out) = (gate(), Vec::new());
    lane.release(ms(0), GrantId(1), IN, &mut out);
    lane.release(ms(0), GrantId(2), OUT, &mut out);
    out.clear();
    lane.passed(ms(1_000), OUT, &mut out);
    let accuses = LaneEvent::Alarm { alarm: Alarm::WrongWay, direction: Some(OUT), on: true };
    assert_eq!(out, [passed(OUT, None), accuses, LaneEvent::Buzz(Tone::Continuous)]);
    assert!(lane.holds(GrantId(1)) && lane.holds(GrantId(2)));
}

#[test]
fn an_open_contact_opens_only_grants_of_the_turn() {
    let (mut lane, mut out) = (gate(), Vec::new());
    lane.release(ms(0), GrantId(1), IN, &mut out);
    lane.opened(ms(500), &mut out);
    lane.leaf(ms(500), Leaf::Open, &mut out);
    out.clear();
    lane.release(ms(600), GrantId(2), OUT, &mut out);
    assert_eq!(out, []);
    lane.passed(ms(1_000), IN, &mut out);
    lane.leaf(ms(1_500), Leaf::Closed, &mut out);
    out.clear();
    lane.opened(ms(2_000), &mut out);
    assert_eq!(out, [LaneEvent::Opened(GrantId(2))]);
    lane.leaf(ms(2_000), Leaf::Open, &mut out);
    out.clear();
    // Both ways at once: the contact is open for whoever has the turn.
    lane.release(ms(2_100), GrantId(3), OUT, &mut out);
    lane.release(ms(2_100), GrantId(4), IN, &mut out);
    assert_eq!(out, [LaneEvent::Opened(GrantId(3))]);
}

#[test]
fn who_comes_late_when_the_other_way_has_the_turn_gets_his_passage() {
    let (mut lane, mut out) = (gate(), Vec::new());
    lane.release(ms(0), GrantId(1), IN, &mut out);
    lane.release(ms(0), GrantId(2), OUT, &mut out);
    lane.expire(ms(5_000), &mut out);
    out.clear();
    lane.passed(ms(5_999), IN, &mut out);
    assert_eq!(out, [LaneEvent::Passed { direction: IN, grant: Some(GrantId(1)), late: true }]);
    assert!(lane.holds(GrantId(2)));
}

#[test]
fn slots_are_counted_for_each_way() {
    let slots = |lane: &LaneMachine| Direction::BOTH.map(|d| lane.free_slots(d));
    let mut out = Vec::new();
    let mut one = of(Queue::OneWay);
    assert_eq!(slots(&one), [2, 2]);
    one.release(ms(0), GrantId(1), IN, &mut out);
    assert_eq!((slots(&one), one.check(OUT)), ([1, 0], Err(Refusal::Busy)));
    one.set_mode(ms(0), IN, PassMode::Locked, &mut out);
    assert_eq!((slots(&one), one.check(IN)), ([0, 2], Err(Refusal::Locked)));
    one.evacuate(ms(0), true, &mut out);
    assert_eq!(slots(&one), [usize::MAX; 2]);

    let mut two = gate();
    for grant in 0..2 {
        assert_eq!(two.check(OUT), Ok(()));
        two.release(ms(0), GrantId(grant), OUT, &mut out);
        two.release(ms(0), GrantId(10 + grant), IN, &mut out);
    }
    assert_eq!(
        (slots(&two), two.check(OUT), two.check(IN)),
        ([0; 2], Err(Refusal::Busy), Err(Refusal::Busy))
    );
    two.set_mode(ms(0), OUT, PassMode::Locked, &mut out);
    assert_eq!((slots(&two), two.check(OUT)), ([0; 2], Err(Refusal::Locked)));
}
