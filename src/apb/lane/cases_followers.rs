//! The reference lane's cases: owners and who follows them.

use super::Refusal;
use super::bench::{
    Act, BOTH_TIES, Bench, Ties, beamed, both_ways, follower, lane, ms, walker, with_follower,
};
use crate::apb::effect::Tone;
use crate::apb::id::Direction;
use crate::apb::input::Leaf;
use crate::apb::journal::Alarm;
use crate::apb::site::{BeamRow, Lane};
use crate::apb::time::Span;

#[test]
fn j04_a_close_follower_keeps_the_flap_open() {
    both_ways(with_follower(250), |b| {
        assert_eq!(b.alarms(), [(ms(1_850), Alarm::Tailgate)]);
        assert_eq!(b.entries(), [(ms(2_150), Some(1)), (ms(2_700), None)]);
        assert_eq!(b.flap(), [(ms(0), true), (ms(2_700), false)]);
    });
}

#[test]
fn j05_a_follower_on_the_safety_beam_makes_the_flap_open_again() {
    both_ways(with_follower(500), |b| {
        assert_eq!(b.alarms(), [(ms(2_100), Alarm::Tailgate)]);
        assert_eq!(b.entries(), [(ms(2_150), Some(1)), (ms(2_950), None)]);
        let flap = [(ms(0), true), (ms(2_150), false), (ms(2_350), true), (ms(2_950), false)];
        assert_eq!(b.flap(), flap);
    });
}

#[test]
fn j06_a_follower_is_not_stopped_at_the_last_moment() {
    both_ways(with_follower(790), |b| {
        assert_eq!(b.alarms(), [(ms(2_390), Alarm::Tailgate)]);
        assert_eq!(b.entries().len(), 2);
        assert_eq!(b.flap()[..3], [(ms(0), true), (ms(2_150), false), (ms(2_640), true)]);
    });
}

#[test]
fn j07_a_shut_flap_stops_the_follower() {
    both_ways(with_follower(800), |b| {
        assert_eq!(b.alarms()[0], (ms(2_400), Alarm::Tailgate));
        assert_eq!(b.entries(), [(ms(2_150), Some(1))]);
        assert_eq!(b.flap(), [(ms(0), true), (ms(2_150), false)]);
    });
}

#[test]
fn j08_a_follower_who_enters_while_the_flap_closes_is_stopped() {
    both_ways(with_follower(1_000), |b| {
        assert_eq!(b.alarms()[0], (ms(2_600), Alarm::Tailgate));
        assert_eq!(b.entries().len(), 1);
        assert!(b.is_shut());
    });
}

#[test]
fn j09_a_follower_who_enters_before_a_shut_flap_intrudes() {
    for gap_mm in [1_050, 1_051, 1_500] {
        both_ways(with_follower(gap_mm), |b| {
            assert_eq!(b.alarms()[0], (ms(1_600 + gap_mm), Alarm::Intrusion));
            assert_eq!(b.entries().len(), 1);
        });
    }
}

#[test]
fn j11_a_queued_grant_is_never_a_tailgate() {
    for ties in BOTH_TIES {
        let mut bench = Bench::new(&Lane { memory: 1, ..lane() }, ties);
        bench.credit(ms(0), 1).credit(ms(200), 2);
        bench.body(&walker(ms(1_000), 1_000)).body(&follower(ms(1_000), 1_000, 300));
        bench.run(ms(20_000));
        assert_eq!(bench.entries(), [(ms(2_150), Some(1)), (ms(2_750), Some(2))]);
        assert_eq!(bench.alarms(), []);
    }
}

#[test]
fn j12_without_memory_a_second_read_is_busy() {
    let mut bench = Bench::new(&lane(), Ties::RisesFirst);
    assert_eq!(bench.machine.check(Direction::In), Ok(()));
    with_follower(500)(&mut bench);
    bench.run(ms(2_000));
    assert_eq!(bench.machine.check(Direction::In), Err(Refusal::Busy));
    bench.run(ms(20_000));
    assert_eq!(bench.alarms(), [(ms(2_100), Alarm::Tailgate)]);
    assert_eq!(bench.machine.check(Direction::In), Ok(()));
}

#[test]
fn j13_the_fourth_of_three_is_a_tailgater() {
    for ties in BOTH_TIES {
        let mut bench = Bench::new(&Lane { memory: 2, ..lane() }, ties);
        bench.credit(ms(0), 1).credit(ms(100), 2).credit(ms(200), 3);
        bench.run(ms(300));
        assert_eq!(bench.machine.check(Direction::In), Err(Refusal::Busy));
        for i in 1..=4 {
            bench.body(&walker(ms(i * 1_000), 1_000));
        }
        bench.run(ms(30_000));
        let grants: Vec<_> = bench.entries().into_iter().map(|(_, g)| g).collect();
        assert_eq!(grants, [Some(1), Some(2), Some(3), None]);
        assert_eq!(bench.alarms(), [(ms(4_300), Alarm::Tailgate)]);
    }
}

#[test]
fn j29_fraud_sounds_unlike_intrusion() {
    both_ways(with_follower(500), |b| {
        let tones = [(ms(2_100), Tone::Continuous), (ms(2_950), Tone::Intermittent), (ms(4_400), Tone::Off)];
        assert_eq!(b.tones(), tones);
        assert_eq!(b.ended(), [(ms(4_400), Alarm::Tailgate)]);
    });
}

#[test]
fn a_debounced_lane_judges_as_the_bare_one() {
    let row = BeamRow { debounce: Span::millis(20), ..BeamRow::default() };
    let mut bench = Bench::new(&beamed(row), Ties::RisesFirst);
    with_follower(500)(&mut bench);
    bench.run(ms(20_000));
    assert_eq!(bench.alarms(), [(ms(2_100), Alarm::Tailgate)]);
    assert_eq!(bench.entries(), [(ms(2_170), Some(1)), (ms(2_970), None)]);
    bench.act(ms(20_001), Act::Leaf(Leaf::Closed)).run(ms(21_000));
    assert!(bench.is_shut());
}

/// A lane with a zone of its own before the flap, which shuts for both as a second body enters it.
fn zoned(relock: bool) -> Lane {
    let x_mm = vec![100, 300, 600, 900, 1_200, 1_300];
    beamed(BeamRow { x_mm, flap_mm: 1_050, relock, ..BeamRow::default() })
}

#[test]
fn a_second_body_in_the_zone_before_the_flap_locks_it_again() {
    for (relock, passages) in [(true, 0), (false, 2)] {
        for ties in BOTH_TIES {
            let mut bench = Bench::new(&zoned(relock), ties);
            bench.t_flap = Span::millis(400);
            bench.credit(ms(0), 1).body(&walker(ms(1_000), 400)).body(&follower(ms(1_000), 400, 100));
            bench.run(ms(4_000));
            assert_eq!(bench.alarms()[0].1, Alarm::Tailgate);
            assert_eq!(bench.flap().contains(&(ms(2_750), false)), relock, "as the second one enters");
            bench.run(ms(20_000));
            assert_eq!(bench.entries().len(), passages);
        }
    }
}

#[test]
fn the_zone_opens_again_for_its_owner_once_the_second_body_has_left() {
    for ties in BOTH_TIES {
        let mut bench = Bench::new(&zoned(true), ties);
        bench.t_flap = Span::millis(400);
        let owner = walker(ms(1_000), 400).then(ms(3_200), 0).then(ms(8_000), 400);
        let second = follower(ms(1_000), 400, 100).then(ms(3_200), -400);
        bench.credit(ms(0), 1).body(&owner).body(&second).run(ms(30_000));
        assert_eq!(bench.entries().iter().map(|e| e.1).collect::<Vec<_>>(), [Some(1)]);
        assert_eq!(bench.not_taken(), []);
    }
}
