//! The reference lane's cases: flaps and beams that misbehave.

use super::bench::{Act, BOTH_TIES, Bench, Ties, beamed, follower, lane, ms, walker};
use super::{LaneEvent, LaneMachine};
use crate::apb::effect::Tone;
use crate::apb::id::{Direction, GrantId};
use crate::apb::input::Leaf;
use crate::apb::journal::Alarm;
use crate::apb::site::{BeamRow, Lane, LaneTimers, PassMode, Sensing};
use crate::apb::time::{Span, Time};

#[test]
fn j30_a_pushed_flap_is_forced() {
    let mut bench = Bench::new(&lane(), Ties::RisesFirst);
    bench.act(ms(1_000), Act::Leaf(Leaf::Displaced)).act(ms(1_400), Act::Leaf(Leaf::Moving));
    bench.act(ms(1_500), Act::Leaf(Leaf::Closed)).run(ms(10_000));
    assert_eq!(bench.alarms(), [(ms(1_000), Alarm::Forced)]);
    assert_eq!(bench.ended(), [(ms(2_400), Alarm::Forced)]);
    assert_eq!(bench.flap(), []);
}

#[test]
fn a_flap_that_was_forced_and_closes_on_whoever_did_it_is_closed_again() {
    let (mut forced, mut out) = (LaneMachine::new(&lane()), Vec::new());
    forced.leaf(ms(0), Leaf::Displaced, &mut out);
    forced.leaf(ms(1_000), Leaf::Moving, &mut out);
    forced.leaf(ms(1_100), Leaf::Stalled, &mut out);
    assert!(out.contains(&LaneEvent::Open(Direction::In)), "{out:?}");
    forced.leaf(ms(1_600), Leaf::Open, &mut out);
    out.clear();
    forced.expire(ms(2_100), &mut out);
    assert!(out.contains(&LaneEvent::Close), "{out:?}");

    // A gate with a logic of its own sees to that by itself.
    let (mut gate, mut out) = (LaneMachine::new(&Lane { sensing: Sensing::Signals, ..lane() }), Vec::new());
    gate.leaf(ms(0), Leaf::Displaced, &mut out);
    gate.leaf(ms(1_100), Leaf::Stalled, &mut out);
    let moved = |e: &&LaneEvent| matches!(e, LaneEvent::Open(_) | LaneEvent::Close);
    assert_eq!(out.iter().find(moved), None);
}

#[test]
fn j31_a_flap_that_cannot_close_gives_up_and_goes_on_trying() {
    let mut bench = Bench::new(&lane(), Ties::RisesFirst);
    bench.credit(ms(0), 1).act(ms(1_000), Act::Jam(true)).act(ms(40_000), Act::Jam(false));
    bench.run(ms(60_000));
    let closes: Vec<Time> = bench.flap().iter().filter(|(_, open)| !open).map(|(at, _)| *at).collect();
    // Each attempt stalls after a quarter of a second; the next one starts a second later.
    assert_eq!(closes[..5], [5_000, 6_250, 7_500, 8_750, 10_000].map(ms));
    assert_eq!(closes[5], ms(15_250));
    assert_eq!(bench.alarms(), [(ms(20_500), Alarm::ClosePrevented)]);
    assert_eq!(bench.ended().len(), 1);
    assert!(bench.is_shut());
}

#[test]
fn j32_a_stuck_beam_is_a_fault_and_no_endless_alarm() {
    for ties in BOTH_TIES {
        let mut bench = Bench::new(&lane(), ties);
        bench.act(ms(0), Act::Beam(1, true));
        bench.credit(ms(70_000), 1).body(&walker(ms(71_000), 1_000)).body(&follower(ms(71_000), 1_000, 500));
        bench.act(ms(90_000), Act::Beam(1, false)).run(ms(100_000));
        let alarms = [
            (ms(0), Alarm::Intrusion),
            (ms(60_000), Alarm::BeamFault),
            // Beam 2 being out of service, entering is told by beam 3.
            (ms(72_350), Alarm::Tailgate),
        ];
        assert_eq!(bench.alarms(), alarms);
        assert_eq!(bench.ended()[0], (ms(61_000), Alarm::Intrusion));
        assert_eq!(bench.ended().last(), Some(&(ms(91_000), Alarm::BeamFault)));
        assert_eq!(bench.entries(), [(ms(72_150), Some(1)), (ms(72_950), None)]);
    }
}

#[test]
fn j33_a_blind_beam_is_a_fault_after_three_passages() {
    for dead in 0..6 {
        for ties in BOTH_TIES {
            let mut bench = Bench::new(&lane(), ties);
            bench.dead.push(dead);
            for i in 0..5 {
                bench.credit(ms(i * 10_000), i).body(&walker(ms(i * 10_000 + 1_000), 1_000));
            }
            bench.run(ms(60_000));
            let alarms: Vec<Alarm> = bench.alarms().into_iter().map(|(_, a)| a).collect();
            assert_eq!(alarms, [Alarm::BeamFault], "beam {dead}");
            assert!(bench.alarms()[0].0 > ms(20_000) && bench.alarms()[0].0 < ms(30_000));
            let grants: Vec<_> = bench.entries().into_iter().map(|(_, g)| g).collect();
            assert_eq!(grants, [0, 1, 2, 3, 4].map(Some), "beam {dead}");
        }
    }
}

#[test]
fn j34_short_drop_outs_do_not_split_a_body() {
    let row = BeamRow { debounce: Span::millis(20), ..BeamRow::default() };
    let mut bench = Bench::new(&beamed(row), Ties::RisesFirst);
    bench.credit(ms(0), 1).body(&walker(ms(1_000), 1_000));
    for (beam, at) in [(0, 1_200), (1, 1_400), (2, 1_600), (2, 1_700), (3, 1_900), (3, 2_100), (4, 2_200)] {
        bench.act(ms(at), Act::Beam(beam, false)).act(ms(at + 5), Act::Beam(beam, true));
    }
    bench.run(ms(20_000));
    assert_eq!((bench.entries(), bench.alarms()), (vec![(ms(2_170), Some(1))], vec![]));
}

#[test]
fn j42_locking_drops_the_grants_nobody_has_taken_up() {
    let mut bench = Bench::new(&Lane { memory: 1, ..lane() }, Ties::RisesFirst);
    bench.credit(ms(0), 1).credit(ms(100), 2).body(&walker(ms(1_000), 1_000));
    bench.act(ms(1_500), Act::Mode(Direction::In, PassMode::Locked)).run(ms(20_000));
    assert_eq!(bench.not_taken(), [(ms(1_500), 2)]);
    assert_eq!((bench.entries(), bench.alarms()), (vec![(ms(2_150), Some(1))], vec![]));
}

#[test]
fn somebody_on_the_safety_beams_of_the_open_flap_obstructs_it() {
    let mut bench = Bench::new(&lane(), Ties::RisesFirst);
    let stands = walker(ms(1_600), 1_000).then(ms(2_300), 0).then(ms(20_000), 1_000);
    bench.credit(ms(0), 1).body(&walker(ms(1_000), 1_000)).body(&stands).run(ms(60_000));
    let alarms: Vec<Alarm> = bench.alarms().into_iter().map(|(_, a)| a).collect();
    assert_eq!(alarms, [Alarm::Tailgate, Alarm::Obstruction]);
    // The follower has been on beam 3 since 2.15 s, when the only grant was used.
    assert_eq!(bench.alarms()[1].0, ms(12_150));
    assert!(bench.is_shut());
}

#[test]
fn a_machine_restored_at_every_step_goes_on_the_same() {
    let run = |restore| {
        let mut bench = Bench::new(&Lane { memory: 1, ..lane() }, Ties::RisesFirst);
        bench.restore = restore;
        bench.credit(ms(0), 1).credit(ms(100), 2).body(&walker(ms(1_000), 1_000));
        bench.body(&follower(ms(1_000), 1_000, 100)).body(&follower(ms(1_600), 1_000, 150));
        bench.body(&walker(ms(9_000), 1_500).outwards()).run(ms(60_000));
        bench.log
    };
    assert_eq!(run(true), run(false));
}

#[test]
fn a_gate_with_a_logic_of_its_own_is_told_once_for_every_grant() {
    let site = Lane { sensing: Sensing::Signals, memory: 1, ..lane() };
    let mut lane = LaneMachine::new(&site);
    let mut out = Vec::new();
    let way = Direction::In;
    let passed =
        |grant: Option<u64>, late| LaneEvent::Passed { direction: way, grant: grant.map(GrantId), late };
    lane.release(ms(0), GrantId(1), way, &mut out);
    lane.release(ms(100), GrantId(2), way, &mut out);
    lane.opened(ms(600), &mut out);
    lane.passed(ms(2_000), way, &mut out);
    lane.expire(ms(7_000), &mut out);
    let opened = LaneEvent::Opened(GrantId(1));
    let first = [LaneEvent::Open(way), opened, passed(Some(1), false), LaneEvent::Open(way)];
    assert_eq!(out, [&first[..], &[LaneEvent::NotTaken(GrantId(2)), LaneEvent::Close]].concat());
    out.clear();
    lane.passed(ms(7_999), way, &mut out);
    lane.passed(ms(8_998), way, &mut out);
    let accuses = LaneEvent::Alarm { alarm: Alarm::Tailgate, direction: Some(way), on: true };
    assert_eq!(out, [passed(Some(2), true), passed(None, false), accuses, LaneEvent::Buzz(Tone::Continuous)]);
}

#[test]
fn timers_of_zero_length_do_not_hang() {
    let zero = Span::ZERO;
    let timers = LaneTimers {
        not_taken: zero,
        queued: zero,
        late_grace: zero,
        alarm_hold: zero,
        loiter: zero,
        beam_fault: zero,
        obstruction: zero,
    };
    let mut bench = Bench::new(&Lane { timers, ..lane() }, Ties::RisesFirst);
    bench.credit(ms(0), 1).body(&walker(ms(1_000), 1_000)).run(ms(90_000));
    assert_eq!(bench.not_taken(), [(ms(0), 1)]);
    assert_eq!(bench.alarms(), [(ms(1_300), Alarm::Intrusion)]);
}
