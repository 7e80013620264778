//! What an interlock asks: whether a lane is shut, empty and owed to nobody.

use super::LaneMachine;
use super::bench::{Act, Bench, Ties, lane, ms, walker};
use crate::apb::id::{Direction, GrantId};
use crate::apb::input::Leaf;
use crate::apb::site::{Lane, LaneTimers, PassMode, Queue, Sensing};
use crate::apb::time::{Span, Time};

const IN: Direction = Direction::In;
const OUT: Direction = Direction::Out;

fn gate() -> LaneMachine {
    LaneMachine::new(&Lane { sensing: Sensing::Signals, ..lane() })
}

/// The instants, in milliseconds, from which on a lane under these acts is secure and is not, in turn. It is
/// secure before the first.
fn changes(bench: &mut Bench, end: u64) -> Vec<u64> {
    assert!(bench.machine.is_secure());
    let mut secure = true;
    let mut changes = Vec::new();
    for at in 0..=end {
        bench.run(ms(at));
        if bench.machine.is_secure() != secure {
            secure = !secure;
            changes.push(at);
        }
    }
    changes
}

#[test]
fn a_passage_through_beams_is_insecure_until_the_flap_reports_shut() {
    let mut bench = Bench::new(&lane(), Ties::RisesFirst);
    bench.credit(ms(100), 1).body(&walker(ms(1_000), 1_000));
    // Told to close at 2.15 s.
    assert_eq!(changes(&mut bench, 5_000), [100, 2_650]);
}

#[test]
fn beams_wait_for_whoever_may_come_late() {
    let timers = LaneTimers { late_grace: Span::seconds(2), ..LaneTimers::default() };
    let mut bench = Bench::new(&Lane { timers, ..lane() }, Ties::RisesFirst);
    bench.credit(ms(100), 1);
    // Lapsed at 5.1 s, shut at 5.6 s.
    assert_eq!(changes(&mut bench, 9_000), [100, 7_100]);
}

#[test]
fn beams_tell_who_is_inside_before_a_shut_flap() {
    let mut bench = Bench::new(&lane(), Ties::RisesFirst);
    bench.body(&walker(ms(1_000), 1_000).then(ms(1_500), 0).then(ms(4_000), -1_000));
    // On the first beam from 1.1 s, in from 1.3 s, gone at 4.4 s.
    assert_eq!(changes(&mut bench, 6_000), [1_300, 4_400]);
    assert_eq!(bench.flap(), []);
}

#[test]
fn a_grant_that_a_hindered_lane_keeps_is_waited_for() {
    let mut bench = Bench::new(&lane(), Ties::RisesFirst);
    let back = walker(ms(1_000), 1_000).outwards().then(ms(1_150), 0);
    // From behind, on the last beam from 1.1 s on: the flap stays shut, and the grant waits.
    bench.body(&back).act(ms(2_000), Act::Release(GrantId(1), IN));
    assert_eq!(changes(&mut bench, 6_000), [2_000]);
    assert_eq!((bench.flap(), bench.not_taken()), (vec![], vec![]));
}

#[test]
fn somebody_who_passes_freely_is_inside() {
    let modes = [PassMode::Free, PassMode::Controlled];
    let mut bench = Bench::new(&Lane { modes, ..lane() }, Ties::RisesFirst);
    bench.body(&walker(ms(1_000), 1_000));
    assert_eq!(changes(&mut bench, 6_000), [1_100, 2_650]);
}

#[test]
fn any_report_but_shut_is_insecure() {
    for leaf in [Leaf::Open, Leaf::Moving, Leaf::Stalled, Leaf::Displaced] {
        for mut machine in [LaneMachine::new(&lane()), gate()] {
            assert!(machine.is_secure());
            machine.leaf(ms(0), leaf, &mut Vec::new());
            assert!(!machine.is_secure(), "{leaf:?}");
            // A flap that stalled is opened, and closed a second later.
            machine.expire(ms(1_000), &mut Vec::new());
            machine.leaf(ms(1_500), Leaf::Closed, &mut Vec::new());
            assert!(machine.is_secure(), "{leaf:?}");
        }
    }
}

#[test]
fn an_evacuation_is_insecure() {
    for mut machine in [LaneMachine::new(&lane()), gate()] {
        machine.evacuate(ms(0), true, &mut Vec::new());
        assert!(!machine.is_secure());
        machine.evacuate(ms(1), false, &mut Vec::new());
        // Told to close; a row of beams waits for the flap to report it.
        assert_eq!(machine.is_secure(), machine.tracker.is_none());
        machine.leaf(ms(2), Leaf::Closed, &mut Vec::new());
        assert!(machine.is_secure());
    }
}

/// What becomes of a gate that has got a grant at time zero.
fn granted(act: impl Fn(&mut LaneMachine)) -> LaneMachine {
    let mut machine = gate();
    machine.release(Time::ZERO, GrantId(1), IN, &mut Vec::new());
    assert!(!machine.is_secure());
    act(&mut machine);
    machine
}

#[test]
fn a_gate_that_reports_no_leaf_is_secure_once_somebody_has_passed() {
    let machine = granted(|m| m.passed(ms(1_000), IN, &mut Vec::new()));
    assert!(machine.is_secure());
}

#[test]
fn a_gate_that_reports_its_leaf_is_secure_once_that_is_shut() {
    let mut machine = granted(|m| {
        m.leaf(ms(500), Leaf::Open, &mut Vec::new());
        m.passed(ms(1_000), IN, &mut Vec::new());
    });
    assert!(!machine.is_secure());
    machine.leaf(ms(1_500), Leaf::Closed, &mut Vec::new());
    assert!(machine.is_secure());
}

#[test]
fn a_gate_waits_for_whoever_may_come_late() {
    let mut machine = granted(|m| m.expire(ms(5_000), &mut Vec::new()));
    assert!(!machine.holds(GrantId(1)) && !machine.is_secure());
    machine.expire(Time(5_999_999), &mut Vec::new());
    assert!(!machine.is_secure());
    machine.expire(ms(6_000), &mut Vec::new());
    assert!(machine.is_secure());
}

#[test]
fn a_grant_of_a_later_turn_is_waited_for() {
    let site = Lane { queue: Queue::BothWays, ..lane() };
    for sensing in [site.sensing.clone(), Sensing::Signals] {
        let mut machine = LaneMachine::new(&Lane { sensing, ..site.clone() });
        let out = &mut Vec::new();
        machine.release(ms(0), GrantId(1), IN, out);
        machine.release(ms(0), GrantId(2), OUT, out);
        machine.set_mode(ms(1), IN, PassMode::Locked, out);
        machine.leaf(ms(2), Leaf::Closed, out);
        assert!(machine.holds(GrantId(2)) && !machine.is_secure());
        machine.set_mode(ms(3), OUT, PassMode::Locked, out);
        machine.leaf(ms(4), Leaf::Closed, out);
        assert!(machine.is_secure());
    }
}
