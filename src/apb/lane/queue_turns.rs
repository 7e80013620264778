//! Both ways queue: whose turn it is, and whose grants are for later.

use super::bench::{Act, Bench, Ties, follower, ms, walker};
use super::queue_cases::{at, patient};
use super::{LaneEvent, Refusal};
use crate::apb::id::{Direction, GrantId};
use crate::apb::journal::Alarm;
use crate::apb::site::{BeamRow, Lane, PassMode, Queue, Sensing};
use crate::apb::time::Time;

const IN: Direction = Direction::In;
const OUT: Direction = Direction::Out;

/// As [`patient`], for both ways.
fn two_way(queued: u64) -> Lane {
    Lane { queue: Queue::BothWays, ..patient(queued) }
}

/// Gives a grant.
fn give(bench: &mut Bench, at: u64, grant: u64, direction: Direction) {
    bench.act(ms(at), Act::Release(GrantId(grant), direction));
}

/// When the flap was told to open, and for which way.
fn opens(bench: &Bench) -> Vec<(u64, Direction)> {
    let open = |(at, event): &(Time, LaneEvent)| {
        let LaneEvent::Open(direction) = event else { return None };
        Some((at.0 / 1_000, *direction))
    };
    bench.log.iter().filter_map(open).collect()
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
fn a_turn_does_not_begin_on_somebody_who_passes_freely_or_comes_late() {
    at(
        &Lane { modes: [PassMode::Free, PassMode::Controlled], ..two_way(0) },
        |b| {
            b.body(&walker(ms(1_000), 1_000));
            give(b, 1_500, 1, OUT);
        },
        |b| {
            assert_eq!(opens(b), [(1_100, IN), (2_150, OUT)]);
            assert_eq!(b.not_taken(), [(ms(7_150), 1)]);
        },
    );
    at(
        &two_way(0),
        |b| {
            b.credit(ms(0), 1).body(&walker(ms(4_950), 2_000));
            give(b, 5_300, 2, OUT);
        },
        |b| {
            // In at 5.1 s on the grant that lapsed at 5 s.
            assert_eq!(b.passages(), [(ms(5_525), IN, Some(1), true)]);
            assert_eq!(opens(b).last(), Some(&(5_525, OUT)));
            assert_eq!(b.not_taken(), [(ms(5_000), 1), (ms(10_525), 2)]);
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
fn two_without_a_gap_need_two_grants_of_the_turn() {
    let row = BeamRow { body_max_mm: Some(550), ..BeamRow::default() };
    for (opposite, alarms) in [(None, vec![]), (Some(2), vec![Alarm::Tailgate])] {
        at(
            &Lane { sensing: Sensing::Beams(row.clone()), ..two_way(0) },
            |b| {
                give(b, 0, 1, IN);
                if let Some(grant) = opposite {
                    give(b, 50, grant, OUT);
                }
                give(b, 600, 3, IN);
                b.body(&walker(ms(1_000), 1_000).deep(600));
            },
            |b| assert_eq!(b.alarms().into_iter().map(|a| a.1).collect::<Vec<_>>(), alarms),
        );
    }
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
fn locking_the_way_of_the_turn_keeps_what_is_taken_up_and_passes_the_turn_on() {
    at(
        &two_way(0),
        |b| {
            give(b, 0, 1, IN);
            give(b, 10, 2, IN);
            give(b, 50, 3, OUT);
            give(b, 100, 4, IN);
            b.act(ms(1_500), Act::Mode(IN, PassMode::Locked)).body(&walker(ms(1_000), 1_000));
        },
        |b| {
            assert_eq!(b.entries(), [(ms(2_150), Some(1))]);
            assert_eq!(b.not_taken(), [(ms(1_500), 2), (ms(1_500), 4), (ms(7_150), 3)]);
            assert_eq!((opens(b), b.alarms()), (vec![(0, IN), (2_150, OUT)], vec![]));
        },
    );
}

#[test]
fn a_read_is_queued_while_somebody_comes_the_other_way() {
    let busy = [(Queue::OneWay, Err(Refusal::Busy)), (Queue::BothWays, Ok(()))];
    for (queue, answer) in busy {
        let modes = [PassMode::Free, PassMode::Controlled];
        let mut bench = Bench::new(&Lane { queue, modes, ..patient(0) }, Ties::RisesFirst);
        bench.body(&walker(ms(1_000), 1_000)).run(ms(1_500));
        assert_eq!(bench.machine.check(OUT), answer);
    }
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
