//! Grants that wait: for how long behind others, and whose turn it is where both ways queue.

use super::bench::{Act, BOTH_TIES, Bench, Ties, follower, lane, ms, walker};
use super::{Deadline, LaneEvent};
use crate::apb::id::{Direction, GrantId};
use crate::apb::journal::Alarm;
use crate::apb::site::{Lane, LaneTimers, PassMode, Queue};
use crate::apb::time::Span;

const IN: Direction = Direction::In;
const OUT: Direction = Direction::Out;

/// Room for two behind the first, each for so long; zero: for ever.
fn patient(queued: u64) -> Lane {
    let timers = LaneTimers { queued: Span::millis(queued), ..LaneTimers::default() };
    Lane { memory: 2, timers, ..lane() }
}

/// As [`patient`], for both ways.
fn two_way(queued: u64) -> Lane {
    Lane { queue: Queue::BothWays, ..patient(queued) }
}

/// Runs a case of this lane for 60 s, with ties broken both ways.
fn at(site: &Lane, set_up: impl Fn(&mut Bench), verify: impl Fn(&Bench)) {
    for ties in BOTH_TIES {
        let mut bench = Bench::new(site, ties);
        set_up(&mut bench);
        bench.run(ms(60_000));
        verify(&bench);
    }
}

/// Gives a grant.
fn give(bench: &mut Bench, at: u64, grant: u64, direction: Direction) {
    bench.act(ms(at), Act::Release(GrantId(grant), direction));
}

/// When the flap was told to open, and for which way.
fn opens(bench: &Bench) -> Vec<(u64, Direction)> {
    let open = |(at, event): &(_, LaneEvent)| {
        let LaneEvent::Open(direction) = event else { return None };
        let crate::apb::time::Time(micros) = at;
        Some((micros / 1_000, *direction))
    };
    bench.log.iter().filter_map(open).collect()
}

#[test]
fn each_waiting_grant_has_its_own_time() {
    at(
        &patient(3_000),
        |b| {
            b.credit(ms(0), 1).credit(ms(100), 2).credit(ms(200), 3);
        },
        |b| {
            assert_eq!(b.not_taken(), [(ms(3_100), 2), (ms(3_200), 3), (ms(5_000), 1)]);
            assert_eq!(b.flap(), [(ms(0), true), (ms(5_000), false)]);
        },
    );
}

#[test]
fn a_grant_that_gives_up_disturbs_neither_the_one_before_nor_the_one_behind() {
    at(
        &patient(3_000),
        |b| {
            b.credit(ms(0), 1).credit(ms(100), 2).credit(ms(2_000), 3);
            b.body(&walker(ms(3_050), 1_000)).body(&follower(ms(3_050), 1_000, 300));
        },
        |b| {
            assert_eq!(b.not_taken(), [(ms(3_100), 2)]);
            assert_eq!(b.entries(), [(ms(4_200), Some(1)), (ms(4_800), Some(3))]);
            assert_eq!(b.alarms(), []);
        },
    );
}

#[test]
fn without_a_time_to_wait_a_grant_waits_until_it_is_the_first() {
    at(
        &patient(0),
        |b| {
            b.credit(ms(0), 1).credit(ms(0), 2).credit(ms(0), 3);
        },
        |b| assert_eq!(b.not_taken(), [(ms(5_000), 1), (ms(10_000), 2), (ms(15_000), 3)]),
    );
}

#[test]
fn whoever_becomes_the_first_has_the_whole_time_and_the_grace() {
    at(
        &patient(3_000),
        |b| {
            b.credit(ms(0), 1).credit(ms(100), 2).body(&walker(ms(1_000), 1_000));
            b.body(&walker(ms(7_110), 2_000));
        },
        |b| {
            // The first one passes at 2.15 s.
            assert_eq!(b.not_taken(), [(ms(7_150), 2)]);
            assert_eq!(b.passages()[1], (ms(7_685), IN, Some(2), true));
            assert_eq!(b.alarms(), []);
        },
    );
}

#[test]
fn nobody_comes_late_on_a_grant_that_only_waited() {
    at(
        &patient(1_000),
        |b| {
            b.credit(ms(0), 1).credit(ms(0), 2);
            b.body(&walker(ms(1_050), 1_000)).body(&follower(ms(1_050), 1_000, 250));
        },
        |b| {
            assert_eq!(b.not_taken(), [(ms(1_000), 2)]);
            // He enters within a late grace, had there been one.
            assert_eq!(b.alarms(), [(ms(1_900), Alarm::Tailgate)]);
            assert_eq!(b.entries(), [(ms(2_200), Some(1)), (ms(2_750), None)]);
        },
    );
}

#[test]
fn a_grant_that_gives_up_leaves_the_grace_of_a_lapsed_one_alone() {
    at(
        &patient(5_200),
        |b| {
            b.credit(ms(0), 1).credit(ms(1), 2).credit(ms(2), 3);
            b.body(&walker(ms(4_960), 2_000)).body(&follower(ms(4_960), 2_000, 250));
        },
        |b| {
            // The second grant goes to whoever comes first; the next one comes late on the first.
            assert_eq!(b.not_taken(), [(ms(5_000), 1), (ms(5_202), 3)]);
            let passages = [(ms(5_535), IN, Some(2), false), (ms(5_810), IN, Some(1), true)];
            assert_eq!(b.passages(), passages);
            assert_eq!(b.alarms(), []);
        },
    );
}

#[test]
fn the_time_to_wait_rests_while_the_grant_is_taken_up() {
    // The first stands before the flap from 1.6 to 6 s, and the second, in at 1.7 s, behind him.
    let stand = |b: &mut Bench, turn: i64| {
        b.credit(ms(0), 1).credit(ms(0), 2);
        b.body(&walker(ms(800), 1_000).then(ms(1_600), 0).then(ms(6_000), 1_000));
        let back = if turn > 0 { 6_000 } else { 3_000 };
        b.body(&walker(ms(1_400), 1_000).then(ms(1_800), 0).then(ms(back), turn));
    };
    at(
        &patient(2_000),
        |b| stand(b, 1_000),
        |b| {
            assert_eq!(b.entries(), [(ms(6_350), Some(1)), (ms(6_750), Some(2))]);
            assert_eq!((b.not_taken(), b.alarms()), (vec![], vec![]));
        },
    );
    at(
        &patient(2_000),
        |b| stand(b, -1_000),
        |b| {
            // He has left at 3.3 s, with 0.3 s to go.
            assert_eq!(b.not_taken(), [(ms(3_600), 2)]);
            assert_eq!(b.entries(), [(ms(6_350), Some(1))]);
        },
    );
}

#[test]
fn waiting_and_use_that_end_together_end_both() {
    let mut bench = Bench::new(&patient(5_000), Ties::RisesFirst);
    bench.credit(ms(0), 1).credit(ms(0), 2).credit(ms(1), 3).run(ms(4_999));
    assert_eq!(bench.machine.next_deadline(), Some((ms(5_000), Deadline::Queued)));
    bench.run(ms(60_000));
    assert_eq!(bench.not_taken(), [(ms(5_000), 2), (ms(5_000), 1), (ms(10_000), 3)]);
    assert_eq!(Deadline::Queued.name(), "queued");
}

#[test]
fn both_ways_take_turns() {
    at(
        &two_way(0),
        |b| {
            give(b, 0, 1, IN);
            give(b, 50, 2, OUT);
            b.body(&walker(ms(1_000), 1_000)).body(&walker(ms(4_000), 1_000).outwards());
        },
        |b| {
            assert_eq!(opens(b), [(0, IN), (2_150, OUT)]);
            assert_eq!(b.passages(), [(ms(2_150), IN, Some(1), false), (ms(5_150), OUT, Some(2), false)]);
            assert_eq!((b.alarms(), b.not_taken()), (vec![], vec![]));
            let opened = |g| b.log.iter().position(|e| e.1 == LaneEvent::Opened(GrantId(g)));
            let turn = b.log.iter().position(|e| e.1 == LaneEvent::Open(OUT));
            assert!(opened(1) < turn && turn < opened(2), "{:?}", b.log);
            assert!(b.is_shut() && b.machine.next_deadline().is_none());
        },
    );
}

#[test]
fn a_grant_the_other_way_has_its_time_from_the_start_of_its_turn() {
    at(
        &two_way(0),
        |b| {
            give(b, 0, 1, IN);
            give(b, 50, 2, OUT);
        },
        |b| {
            assert_eq!(opens(b), [(0, IN), (5_000, OUT)]);
            assert_eq!(b.not_taken(), [(ms(5_000), 1), (ms(10_000), 2)]);
        },
    );
    at(
        &two_way(3_000),
        |b| {
            give(b, 0, 1, IN);
            give(b, 50, 2, OUT);
        },
        |b| assert_eq!(b.not_taken(), [(ms(3_050), 2), (ms(5_000), 1)]),
    );
}

#[test]
fn a_turn_does_not_begin_on_somebody_who_comes_the_other_way() {
    at(
        &two_way(0),
        |b| {
            give(b, 0, 1, IN);
            give(b, 50, 2, OUT);
            b.body(&walker(ms(1_000), 1_000)).body(&follower(ms(1_000), 1_000, 250));
        },
        |b| {
            // The owner is through at 2.15 s, his follower at 2.7 s.
            assert_eq!(opens(b), [(0, IN), (2_700, OUT)]);
            assert_eq!(b.alarms(), [(ms(1_850), Alarm::Tailgate)]);
            assert_eq!(b.not_taken(), [(ms(7_700), 2)]);
        },
    );
}

#[test]
fn while_the_other_way_waits_later_grants_are_for_the_next_turn() {
    at(
        &two_way(0),
        |b| {
            give(b, 0, 1, IN);
            give(b, 10, 2, IN);
            give(b, 50, 3, OUT);
            give(b, 100, 4, IN);
            for gap in [300, 900] {
                b.body(&follower(ms(1_000), 1_000, gap));
            }
            b.body(&walker(ms(1_000), 1_000)).body(&walker(ms(5_000), 1_000).outwards());
            b.body(&walker(ms(8_000), 1_000));
        },
        |b| {
            // The third comes too early: his grant is left alone.
            assert_eq!(b.alarms(), [(ms(2_500), Alarm::Tailgate)]);
            let passed: Vec<_> = b.passages().into_iter().map(|p| (p.1, p.2)).collect();
            let due = [(IN, Some(1)), (IN, Some(2)), (IN, None), (OUT, Some(3)), (IN, Some(4))];
            assert_eq!(passed, due);
            assert_eq!(b.not_taken(), []);
        },
    );
}

#[test]
fn a_body_of_the_other_way_uses_no_grant_of_this_one() {
    at(
        &two_way(0),
        |b| {
            give(b, 0, 1, IN);
            give(b, 0, 2, OUT);
            b.body(&walker(ms(1_000), 2_000).outwards()).body(&walker(ms(3_000), 1_000));
            b.body(&walker(ms(5_000), 1_000).outwards());
        },
        |b| {
            assert_eq!(b.accused(), [(Alarm::WrongWay, Some(OUT))]);
            let passages = [
                (ms(1_575), OUT, None, false),
                (ms(4_150), IN, Some(1), false),
                (ms(6_150), OUT, Some(2), false),
            ];
            assert_eq!(b.passages(), passages);
        },
    );
}

#[test]
fn locking_the_other_way_drops_its_grants_and_opens_the_turn_again() {
    at(
        &two_way(0),
        |b| {
            give(b, 0, 1, IN);
            give(b, 50, 2, OUT);
            give(b, 100, 3, IN);
            b.act(ms(1_000), Act::Mode(OUT, PassMode::Locked));
            b.body(&walker(ms(1_500), 1_000)).body(&follower(ms(1_500), 1_000, 300));
        },
        |b| {
            assert_eq!(b.not_taken(), [(ms(1_000), 2)]);
            assert_eq!(b.entries(), [(ms(2_650), Some(1)), (ms(3_250), Some(3))]);
            assert_eq!(b.alarms(), []);
        },
    );
}

#[test]
fn an_evacuation_drops_the_grants_of_both_ways() {
    at(
        &two_way(0),
        |b| {
            give(b, 0, 1, IN);
            give(b, 50, 2, OUT);
            give(b, 100, 3, IN);
            b.act(ms(1_000), Act::Fire(true)).act(ms(2_000), Act::Fire(false));
            give(b, 3_000, 4, OUT);
        },
        |b| {
            let dropped = [(ms(1_000), 1), (ms(1_000), 3), (ms(1_000), 2), (ms(8_000), 4)];
            assert_eq!(b.not_taken(), dropped);
        },
    );
}

#[test]
fn a_thief_is_heard_whoever_has_the_turn() {
    at(
        &two_way(0),
        |b| {
            let thief = walker(ms(1_000), 1_000).outwards();
            b.body(&thief.then(ms(1_350), 0).then(ms(4_000), -1_000));
            give(b, 2_000, 1, IN);
            give(b, 2_100, 2, OUT);
        },
        |b| {
            assert_eq!(b.alarms()[..2], [(ms(1_300), Alarm::Intrusion), (ms(2_100), Alarm::StolenTicket)]);
            // The thief has left at 4.25 s, and what he kept waiting begins.
            assert_eq!(opens(b), [(4_250, OUT), (9_250, IN)]);
            assert_eq!(b.not_taken(), [(ms(9_250), 2), (ms(14_250), 1)]);
        },
    );
}

#[test]
fn who_stands_in_the_way_of_the_other_turn_loiters() {
    at(
        &two_way(0),
        |b| {
            b.act(ms(0), Act::Beam(0, true)).act(ms(20_000), Act::Beam(0, false));
            give(b, 1_000, 1, OUT);
            give(b, 1_100, 2, IN);
        },
        |b| {
            assert_eq!(b.alarms(), [(ms(15_000), Alarm::Loiter)]);
            assert_eq!(b.not_taken(), [(ms(25_000), 1), (ms(30_000), 2)]);
        },
    );
}

#[test]
fn two_grants_at_one_instant_are_two_grants() {
    at(
        &patient(0),
        |b| {
            b.credit(ms(0), 1).credit(ms(0), 2);
            b.body(&walker(ms(1_000), 1_000)).body(&follower(ms(1_000), 1_000, 300));
        },
        |b| {
            assert_eq!(b.entries(), [(ms(2_150), Some(1)), (ms(2_750), Some(2))]);
            assert_eq!((b.alarms(), b.not_taken()), (vec![], vec![]));
        },
    );
}
