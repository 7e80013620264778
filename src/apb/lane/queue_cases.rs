//! Grants that wait: for how long behind others.

use super::Deadline;
use super::bench::{BOTH_TIES, Bench, Ties, follower, lane, ms, walker};
use crate::apb::id::Direction;
use crate::apb::journal::Alarm;
use crate::apb::site::{Lane, LaneTimers};
use crate::apb::time::Span;

/// Room for two behind the first, each for so long; zero: for ever.
pub(super) fn patient(queued: u64) -> Lane {
    let timers = LaneTimers { queued: Span::millis(queued), ..LaneTimers::default() };
    Lane { memory: 2, timers, ..lane() }
}

/// Runs a case of this lane for 60 s, with ties broken both ways.
pub(super) fn at(site: &Lane, set_up: impl Fn(&mut Bench), verify: impl Fn(&Bench)) {
    for ties in BOTH_TIES {
        let mut bench = Bench::new(site, ties);
        set_up(&mut bench);
        bench.run(ms(60_000));
        verify(&bench);
    }
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
            assert_eq!(b.passages()[1], (ms(7_685), Direction::In, Some(2), true));
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
            let passages =
                [(ms(5_535), Direction::In, Some(2), false), (ms(5_810), Direction::In, Some(1), true)];
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
