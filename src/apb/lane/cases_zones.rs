//! Where a lane wants people to have validated, and what a gate that is held open is not.

use super::bench::{Act, BOTH_TIES, Bench, beamed, follower, ms, walker};
use crate::apb::id::Direction;
use crate::apb::journal::Alarm;
use crate::apb::site::{BeamRow, Lane, PassMode};
use crate::apb::time::{Span, Time};

/// A lane whose people have to validate before its first zone, which begins at the second beam, or only
/// before the doors: the beam but one before them.
fn zoned(before_zone: bool) -> Lane {
    let x_mm = vec![100, 250, 400, 550, 700, 900, 1_050, 1_300];
    beamed(BeamRow { x_mm, flap_mm: 800, relock: before_zone, ..BeamRow::default() })
}

#[test]
fn j43_who_validates_in_the_first_zone_is_late_only_where_it_had_to_be_before() {
    for ties in BOTH_TIES {
        // At the second beam at 1.5 s, at the one before the doors but one at 2.1 s.
        let accused = |before_zone| {
            let mut bench = Bench::new(&zoned(before_zone), ties);
            bench.body(&walker(ms(1_000), 500)).credit(ms(1_700), 1).run(ms(20_000));
            (bench.alarms(), bench.entries().len())
        };
        let (early, _) = accused(true);
        assert_eq!(early, [(ms(1_500), Alarm::Intrusion), (ms(1_700), Alarm::StolenTicket)]);
        assert_eq!(accused(false), (vec![], 1));
    }
}

#[test]
fn j43_a_follower_is_told_earlier_where_people_validate_before_the_zone() {
    for ties in BOTH_TIES {
        let told = |before_zone| {
            let mut bench = Bench::new(&zoned(before_zone), ties);
            bench.credit(ms(0), 1).body(&walker(ms(1_000), 500)).body(&follower(ms(1_000), 500, 100));
            bench.run(ms(20_000)).alarms().first().copied()
        };
        // His front is in the lane at 1.8 s.
        assert_eq!(told(true), Some((ms(2_300), Alarm::Tailgate)));
        assert_eq!(told(false), Some((ms(2_900), Alarm::Tailgate)));
    }
}

#[test]
fn j45_a_gate_that_is_held_open_is_no_single_grant() {
    for ties in BOTH_TIES {
        let three = |bench: &mut Bench| {
            for n in 0..3 {
                bench.body(&walker(ms(1_000 + 600 * n), 1_000));
            }
        };
        let grants = |bench: &Bench| bench.entries().iter().map(|e| e.1).collect::<Vec<_>>();
        let mut held = Bench::new(&super::bench::lane(), ties);
        held.act(ms(0), Act::Mode(Direction::In, PassMode::Free));
        held.act(ms(20_000), Act::Mode(Direction::In, PassMode::Controlled));
        three(&mut held);
        held.body(&walker(ms(21_000), 1_000)).run(ms(40_000));
        assert_eq!(grants(&held), [None; 3], "nobody's grants: counted, and not the same as used ones");
        assert_eq!(held.accused(), [(Alarm::Intrusion, Some(Direction::In))], "who comes when it is over");
        let mut single = Bench::new(&super::bench::lane(), ties);
        single.credit(ms(0), 1);
        three(&mut single);
        single.run(ms(40_000));
        assert_eq!(grants(&single)[0], Some(1));
        assert!(single.alarms().iter().any(|a| a.1 == Alarm::Tailgate), "one grant is for one");
    }
}

#[test]
fn an_owner_who_steps_back_onto_the_safety_beam_is_not_shut_in() {
    for ties in BOTH_TIES {
        // Past the flap, he turns round on the beam behind it and stands there: the flap stays open.
        let mut bench = Bench::new(&super::bench::lane(), ties);
        let turns = walker(ms(1_000), 1_000).then(ms(1_900), 0).then(ms(9_000), 1_000);
        bench.credit(ms(0), 1).body(&turns).run(ms(30_000));
        let closed: Vec<Time> = bench.flap().iter().filter(|f| !f.1).map(|f| f.0).collect();
        assert_eq!(closed, [ms(9_250)], "a quarter of a metre later");
        assert!(bench.is_shut() && closed[0] > ms(1_900) + Span::seconds(5));
    }
}
