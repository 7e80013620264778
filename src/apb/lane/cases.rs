//! The reference lane's cases: people, one by one, and what the lane makes of them.

use super::bench::{Act, BOTH_TIES, Bench, Ties, both_ways, lane, ms, walker};
use super::{LaneEvent, Refusal};
use crate::apb::effect::Tone;
use crate::apb::id::{Direction, GrantId};
use crate::apb::journal::Alarm;
use crate::apb::site::{Lane, PassMode};

#[test]
fn j01_one_body_one_passage() {
    both_ways(
        |b| {
            b.credit(ms(0), 1).body(&walker(ms(1_000), 1_000));
        },
        |b| {
            assert_eq!(b.passages(), [(ms(2_150), Direction::In, Some(1), false)]);
            assert_eq!(b.flap(), [(ms(0), true), (ms(2_150), false)]);
            assert!(b.log.contains(&(ms(500), LaneEvent::Opened(GrantId(1)))));
            assert_eq!(b.alarms(), []);
            assert!(b.is_shut() && b.machine.next_deadline().is_none());
        },
    );
}

#[test]
fn j02_nobody_comes() {
    both_ways(
        |b| {
            b.credit(ms(0), 1);
        },
        |b| {
            assert_eq!(b.not_taken(), [(ms(5_000), 1)]);
            assert_eq!(b.flap(), [(ms(0), true), (ms(5_000), false)]);
            assert!(!b.machine.holds(GrantId(1)));
        },
    );
}

#[test]
fn j03_the_timer_rests_while_somebody_stands_before_the_flap() {
    both_ways(
        |b| {
            b.credit(ms(0), 1).act(ms(1_000), Act::Beam(0, true)).act(ms(10_000), Act::Beam(0, false));
        },
        |b| {
            assert_eq!(b.not_taken(), [(ms(14_000), 1)]);
            assert_eq!(b.flap(), [(ms(0), true), (ms(14_000), false)]);
            assert_eq!(b.alarms(), []);
        },
    );
}

#[test]
fn j14_an_intruder_from_behind_is_heard_while_present() {
    both_ways(
        |b| {
            let walk = walker(ms(1_000), 1_000).outwards();
            b.body(&walk.then(ms(1_500), 0).then(ms(5_000), -1_000));
        },
        |b| {
            assert_eq!(b.accused(), [(Alarm::Intrusion, Some(Direction::Out))]);
            assert_eq!(b.tones(), [(ms(1_300), Tone::Continuous), (ms(6_400), Tone::Off)]);
            assert_eq!(b.ended(), [(ms(6_400), Alarm::Intrusion)]);
            assert_eq!((b.flap(), b.passages()), (vec![], vec![]));
        },
    );
}

#[test]
fn j15_a_body_from_behind_shuts_the_flap_and_the_owner_keeps_his_time() {
    both_ways(
        |b| {
            let walk = walker(ms(700), 1_000).outwards();
            b.credit(ms(0), 1).body(&walk.then(ms(850), 0).then(ms(3_800), -1_000));
        },
        |b| {
            // Beam 6 is blocked from 0.80 to 3.85 s; 4.2 of the 5 seconds are left then.
            let flap = [(ms(0), true), (ms(800), false), (ms(3_850), true), (ms(8_050), false)];
            assert_eq!(b.flap(), flap);
            assert_eq!(b.not_taken(), [(ms(8_050), 1)]);
            assert_eq!(b.alarms(), []);
        },
    );
}

#[test]
fn j16_the_flap_does_not_close_on_a_body_from_behind() {
    both_ways(
        |b| {
            b.credit(ms(0), 1).body(&walker(ms(1_000), 3_000)).body(&walker(ms(1_500), 2_000).outwards());
        },
        |b| {
            assert_eq!(b.accused(), [(Alarm::WrongWay, Some(Direction::Out))]);
            // Beam 4 is cut at 1.775 s, while the flap closes, and beam 3 clears at 2.075 s.
            assert_eq!(b.flap()[2..], [(ms(1_775), true), (ms(2_075), false)]);
            assert_eq!(b.passages()[1], (ms(2_075), Direction::Out, None, false));
        },
    );
}

#[test]
fn j17_opposite_grants_are_served_first_come() {
    for (first, second) in [(Direction::In, Direction::Out), (Direction::Out, Direction::In)] {
        let mut bench = Bench::new(&Lane { memory: 5, ..lane() }, Ties::RisesFirst);
        bench.act(ms(0), Act::Release(GrantId(1), first)).run(ms(50));
        assert_eq!(bench.machine.check(second), Err(Refusal::Busy));
        assert_eq!(bench.machine.check(first), Ok(()));
        bench.run(ms(5_000));
        assert_eq!(bench.machine.check(second), Ok(()));
    }
}

#[test]
fn j18_the_wrong_way_leaves_the_owners_grant_alone() {
    both_ways(
        |b| {
            b.credit(ms(0), 1).body(&walker(ms(1_000), 2_000).outwards()).body(&walker(ms(3_000), 1_000));
        },
        |b| {
            assert_eq!(b.accused(), [(Alarm::WrongWay, Some(Direction::Out))]);
            let passages =
                [(ms(1_575), Direction::Out, None, false), (ms(4_150), Direction::In, Some(1), false)];
            assert_eq!(b.passages(), passages);
        },
    );
}

#[test]
fn j19_a_u_turn_uses_nothing_up() {
    both_ways(
        |b| {
            let turn = walker(ms(1_000), 1_000).then(ms(1_600), -1_000);
            b.credit(ms(0), 1).body(&turn);
        },
        |b| {
            assert_eq!((b.passages(), b.alarms()), (vec![], vec![]));
            // In the lane from 1.1 to 2.1 s.
            assert_eq!(b.not_taken(), [(ms(6_000), 1)]);
        },
    );
}

#[test]
fn j20_who_stands_about_loiters() {
    both_ways(
        |b| {
            b.act(ms(0), Act::Beam(0, true)).act(ms(20_000), Act::Beam(0, false));
        },
        |b| {
            assert_eq!(b.alarms(), [(ms(15_000), Alarm::Loiter)]);
            assert_eq!(b.ended(), [(ms(21_000), Alarm::Loiter)]);
        },
    );
}

#[test]
fn j21_a_hand_waved_through_is_nobody() {
    both_ways(
        |b| {
            for i in 0..5 {
                b.act(ms(i * 4_000), Act::Beam(0, true)).act(ms(i * 4_000 + 60), Act::Beam(0, false));
            }
        },
        |b| assert!(b.log.is_empty()),
    );
}

#[test]
fn j25_two_side_by_side_are_one() {
    both_ways(
        |b| {
            b.credit(ms(0), 1).body(&walker(ms(1_000), 1_000)).body(&walker(ms(1_000), 1_000));
        },
        |b| assert_eq!((b.entries(), b.alarms()), (vec![(ms(2_150), Some(1))], vec![])),
    );
}

#[test]
fn j27_a_wheelchair_is_one_body() {
    both_ways(
        |b| {
            b.credit(ms(0), 1).body(&walker(ms(1_000), 500).deep(1_200));
        },
        |b| {
            assert_eq!((b.entries(), b.alarms()), (vec![(ms(5_100), Some(1))], vec![]));
            assert_eq!(b.flap(), [(ms(0), true), (ms(5_100), false)]);
        },
    );
}

#[test]
fn j28_a_stolen_ticket_keeps_the_flap_shut() {
    both_ways(
        |b| {
            let thief = walker(ms(1_000), 1_000).then(ms(1_350), 0).then(ms(4_000), -1_000);
            b.body(&thief).credit(ms(2_000), 1).body(&walker(ms(6_000), 1_000));
        },
        |b| {
            assert_eq!(b.alarms(), [(ms(1_300), Alarm::Intrusion), (ms(2_000), Alarm::StolenTicket)]);
            // The thief has left at 4.25 s.
            assert_eq!(b.flap(), [(ms(4_250), true), (ms(7_150), false)]);
            assert_eq!(b.entries(), [(ms(7_150), Some(1))]);
        },
    );
}

#[test]
fn j35_a_runner_reaches_the_flap_before_it_is_open() {
    both_ways(
        |b| {
            b.credit(ms(900), 1).body(&walker(ms(1_000), 3_000));
        },
        |b| {
            assert_eq!(b.alarms().len(), 1);
            assert_eq!((b.alarms()[0].1, b.alarms()[0].0.0 / 1_000), (Alarm::Contact, 1_183));
            assert_eq!(b.entries()[0].1, Some(1));
        },
    );
}

#[test]
fn j38_an_evacuation_counts_and_does_not_alarm() {
    both_ways(
        |b| {
            b.credit(ms(0), 1).act(ms(100), Act::Fire(true));
            for i in 0..60 {
                b.body(&walker(ms(i * 980 + 200), 1_000).outwards());
            }
        },
        |b| {
            assert_eq!(b.not_taken(), [(ms(100), 1)]);
            assert_eq!((b.passages().len(), b.alarms().len()), (60, 0));
            assert!(b.passages().iter().all(|p| p.1 == Direction::Out && p.2.is_none()));
            assert!(!b.is_shut());
        },
    );
}

#[test]
fn j39_one_way_free_the_other_controlled() {
    for ties in BOTH_TIES {
        let modes = [PassMode::Controlled, PassMode::Free];
        let mut bench = Bench::new(&Lane { modes, ..lane() }, ties);
        bench.body(&walker(ms(1_000), 1_000).outwards()).body(&walker(ms(10_000), 1_000));
        bench.run(ms(30_000));
        assert_eq!(bench.passages(), [(ms(2_150), Direction::Out, None, false)]);
        assert_eq!(bench.accused(), [(Alarm::Intrusion, Some(Direction::In))]);
        assert!(bench.is_shut());
    }
}

#[test]
fn j44_badging_while_walking_is_no_theft() {
    both_ways(
        |b| {
            b.credit(ms(1_400), 1).body(&walker(ms(1_000), 500));
        },
        |b| assert_eq!((b.alarms(), b.entries().len()), (vec![], 1)),
    );
    // At 1 m/s the flap is not quite open when its owner is there: worth telling, but nobody's fault.
    both_ways(
        |b| {
            b.credit(ms(1_300), 1).body(&walker(ms(1_000), 1_000));
        },
        |b| assert_eq!((b.alarms(), b.entries().len()), (vec![(ms(1_550), Alarm::Contact)], 1)),
    );
}

#[test]
fn a_late_owner_gets_his_passage_if_he_makes_it_in_time() {
    // The grant lapses at 5 s while nobody is in the lane, and its owner is through in the second after.
    let late = |t0: u64, speed: i64| {
        move |b: &mut Bench| {
            b.credit(ms(0), 1).body(&walker(ms(t0), speed));
        }
    };
    both_ways(late(4_950, 2_000), |b| {
        assert_eq!(b.passages(), [(ms(5_525), Direction::In, Some(1), true)]);
        assert_eq!(b.alarms(), []);
    });
    both_ways(late(4_901, 1_000), |b| {
        assert_eq!(b.passages(), [(ms(6_051), Direction::In, None, false)]);
        assert_eq!(b.alarms(), [(ms(6_000), Alarm::Tailgate)]);
    });
}
