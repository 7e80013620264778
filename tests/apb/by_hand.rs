//! Lanes that operators open, and lockouts that are over.

use crate::bench::{Bench, time};
use crate::fixture::{column, t1};
use apbrig::apb::id::{CardNumber, Direction, HolderId, LaneId};
use apbrig::apb::input::{Input, Who};
use apbrig::apb::journal::{Event, Reason};
use apbrig::apb::policy::Policy;
use apbrig::apb::site::PassMode;
use apbrig::apb::time::Span;

fn give(bench: &mut Bench, at: &str, input: &Input) {
    bench.give(time(at), input);
}

#[test]
fn a_toggle_reader_opened_by_hand_one_way_is_not_granted_the_other() {
    let mut site = t1(&Policy::hard());
    site.readers[0].toggles = true;
    site.readers.truncate(1);
    let mut bench = Bench::played(site, "0 R1e P1 G");
    let unlock =
        |direction| Input::Unlock { lane: LaneId(0), direction, holder: Some(HolderId(0)), audit: None };
    give(&mut bench, "1", &unlock(Direction::Out));
    let opened = |e: &Event| matches!(e, Event::Unlocked { grant: Some(_), .. });
    let reserved = |e: &Event| matches!(e, Event::Decision(d) if d.reason == Reason::PendingElsewhere);
    assert_eq!((bench.count(opened), bench.count(reserved)), (0, 1));
    // The way they were granted it is the same grant.
    give(&mut bench, "2", &unlock(Direction::In));
    assert_eq!(bench.count(opened), 1);
    bench.play("3 L1 in; 3 P1 is A");
    assert_eq!(bench.alarms(), [""; 0]);
}

#[test]
fn who_is_refused_a_lane_opened_by_hand_has_not_been_seen() {
    let mut site = t1(&Policy { denied_moves: true, ..Policy::hard() });
    site.lanes[0].modes[1] = PassMode::Locked;
    let mut bench = Bench::new(site);
    bench.reset("0", Who::Holder(HolderId(0)), Some("OUT"));
    let out =
        Input::Unlock { lane: LaneId(0), direction: Direction::Out, holder: Some(HolderId(0)), audit: None };
    give(&mut bench, "1", &out);
    assert_eq!(bench.count(|e| matches!(e, Event::Decision(d) if d.reason == Reason::LaneLocked)), 1);
    bench.play("1 P1 is OUT");
    // A card in the field is another matter.
    let read = Input::read(bench.reader("R1x"), CardNumber(1));
    give(&mut bench, "2", &read);
    bench.play("2 P1 is A");
}

#[test]
fn a_lockout_that_is_over_locks_nothing() {
    let policy = Policy { lockout_after: 1, lockout: Span::seconds(10), ..column("HARD_L") };
    let mut bench = Bench::played(t1(&policy), "0 R1e P1 G");
    let read = Input::read(bench.reader("R1e"), CardNumber(1));
    give(&mut bench, "6", &read);
    assert!(bench.controller.ledger().is_anything_locked());
    bench.play("16 R1x P1 G");
    assert!(!bench.controller.ledger().is_anything_locked());
}
