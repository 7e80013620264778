//! The reference lane's cases: people, and what the lane makes of them.

use super::Refusal;
use super::bench::{Act, BOTH_TIES, Bench, Ties, beamed, follower, lane, ms, walker};
use crate::apb::effect::Tone;
use crate::apb::id::{Direction, GrantId};
use crate::apb::input::Leaf;
use crate::apb::journal::Alarm;
use crate::apb::site::{BeamRow, PassMode};
use crate::apb::time::Span;

/// Runs a case of the reference lane for 60 s, with ties broken both ways.
fn both_ways(set_up: impl Fn(&mut Bench), verify: impl Fn(&Bench)) {
    for ties in BOTH_TIES {
        let mut bench = Bench::new(&lane(), ties);
        set_up(&mut bench);
        bench.run(ms(60_000));
        verify(&bench);
    }
}

/// An owner at 1 m/s from 1 s on, and a follower at this gap.
fn with_follower(gap_mm: u64) -> impl Fn(&mut Bench) {
    move |b| {
        b.credit(ms(0), 1).body(&walker(ms(1_000), 1_000)).body(&follower(ms(1_000), 1_000, gap_mm));
    }
}

#[test]
fn j01_one_body_one_passage() {
    both_ways(
        |b| {
            b.credit(ms(0), 1).body(&walker(ms(1_000), 1_000));
        },
        |b| {
            assert_eq!(b.passages(), [(ms(2_150), Direction::In, Some(1), false)]);
            assert_eq!(b.flap(), [(ms(0), true), (ms(2_150), false)]);
            assert!(b.log.contains(&(ms(500), super::LaneEvent::Opened(GrantId(1)))));
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
        let mut bench = Bench::new(&crate::apb::site::Lane { memory: 1, ..lane() }, ties);
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
        let mut bench = Bench::new(&crate::apb::site::Lane { memory: 2, ..lane() }, ties);
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
        let mut bench = Bench::new(&crate::apb::site::Lane { memory: 5, ..lane() }, Ties::RisesFirst);
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
fn j29_fraud_sounds_unlike_intrusion() {
    both_ways(with_follower(500), |b| {
        let tones = [(ms(2_100), Tone::Continuous), (ms(2_950), Tone::Intermittent), (ms(4_400), Tone::Off)];
        assert_eq!(b.tones(), tones);
        assert_eq!(b.ended(), [(ms(4_400), Alarm::Tailgate)]);
    });
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
        let mut bench = Bench::new(&crate::apb::site::Lane { modes, ..lane() }, ties);
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
