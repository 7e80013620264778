//! A lane on the bench: what its geometry allows shows in what becomes of followers.

use crate::fixture::lane;
use apbrig::apb::journal::Alarm;
use apbrig::apb::site::{BeamRow, Sensing};
use apbrig::apb::time::Span;
use apbrig::metrics::bench::{Limits, Rate};
use apbrig::scenario::LaneType;
use apbrig::scenario::plan::{LanePlan, ReceiverPlan};
use apbrig::sim::bench::{Bench, Carried, Kind, Outcome, Trial};
use proptest::prelude::*;

fn lane_type(row: BeamRow, plan: LanePlan) -> LaneType {
    let mut lane = lane(0, 0, 1);
    lane.sensing = Sensing::Beams(row);
    LaneType { name: "bench".into(), source: "a test".into(), lane, plan }
}

fn bench(row: BeamRow, plan: LanePlan) -> Bench {
    Bench::new(&lane_type(row, plan), 7).expect("the lane is sound").expect("it has beams")
}

fn trial(speed_m_s: f32, follower: Option<(Kind, f32)>, number: u64) -> Trial {
    Trial { speed_m_s, carried: Carried::Nothing, follower, leader: Kind::Adult, number }
}

fn follow(bench: &Bench, speed: f32, gap: f64, number: u64) -> Outcome {
    bench.run(&trial(speed, Some((Kind::Adult, gap as f32)), number))
}

/// Lanes with beams on a grid of 50 mm, close enough together for bodies not to hide between two of them.
fn rows() -> impl Strategy<Value = BeamRow> {
    let pitch = || (2_u32..=3).prop_map(|n| n * 50);
    (pitch(), pitch(), 2_u32..=3, 0_u64..=20).prop_map(|(a, b, c, debounce)| {
        let (x2, x3) = (100 + a, 100 + a + b);
        let x4 = x3 + c * 50;
        let x_mm = vec![100, x2, x3, x4, x4 + 150, x4 + 300];
        BeamRow { flap_mm: x4 - 50, x_mm, debounce: Span::millis(debounce), ..BeamRow::default() }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the geometry, the speed and the time the flap takes: nearer than the first limit it does not
    /// begin to close, nearer than the second everybody gets through, from the third on it is an intrusion.
    /// Bodies of any depth, and a drive with a ramp as well as one without.
    #[test]
    fn the_limits_show_in_what_becomes_of_followers(
        row in rows(),
        speed in 0.6_f32..1.8,
        closes in 150_u64..=900,
        ramp in 0_u64..=2,
        number in 0_u64..1_000,
    ) {
        let closes_s = closes as f64 / 1e3;
        let plan = LanePlan {
            flap_closes: Span::millis(closes),
            flap_ramp: Span::millis(closes * ramp / 4),
            ..LanePlan::default()
        };
        let limits = Limits::of(&row, closes_s, f64::from(speed)).expect("there are beams on both sides");
        let bench = bench(row, plan);
        const NEAR_M: f64 = 0.003;
        let of = |gap: f64| follow(&bench, speed, gap, number);
        for gap in [limits.no_close_m - NEAR_M, limits.no_close_m + NEAR_M] {
            let outcome = of(gap);
            prop_assert_eq!(outcome.closed_between, gap > limits.no_close_m, "{} {:?}", gap, outcome);
            prop_assert!(outcome.led && outcome.followed);
        }
        for gap in [limits.prevention_m - NEAR_M, limits.prevention_m + NEAR_M] {
            let outcome = of(gap);
            prop_assert_eq!(outcome.followed, gap < limits.prevention_m, "{} {:?}", gap, outcome);
            prop_assert_eq!(outcome.alarm, Some(Alarm::Tailgate));
        }
        for gap in [limits.class_change_m - NEAR_M, limits.class_change_m + NEAR_M] {
            let outcome = of(gap);
            let expected = if gap < limits.class_change_m { Alarm::Tailgate } else { Alarm::Intrusion };
            prop_assert_eq!(outcome.alarm, Some(expected), "{} {:?}", gap, outcome);
            prop_assert!(!outcome.followed);
        }
    }
}

/// How many of so many trials with this gap were told.
fn told(bench: &Bench, speed: f32, gap: f32) -> Rate {
    let trials = 299;
    let told = (0..trials).filter(|n| follow(bench, speed, f64::from(gap), *n).alarm.is_some()).count();
    Rate::of(told as u64, trials)
}

#[test]
fn a_gap_shows_from_the_debounce_and_the_scan_on() {
    // Nobody is thinner than the pitch: whoever is may hide between two beams, and a follower pass for them.
    let x_mm = vec![100, 250, 400, 550, 700, 850];
    let row = BeamRow { x_mm, flap_mm: 475, debounce: Span::millis(20), ..BeamRow::default() };
    let receivers = ReceiverPlan { scan: Span::millis(1), ..ReceiverPlan::default() };
    let bench = bench(row, LanePlan { receivers, ..LanePlan::default() });
    for speed in [0.8_f32, 1.2] {
        let shows = 0.021 * speed;
        assert_eq!(told(&bench, speed, 0.0).hits, 0, "nothing tells bodies without a gap");
        assert_eq!(told(&bench, speed, shows - 0.003 * speed).hits, 0);
        let seen = told(&bench, speed, shows + 0.002 * speed);
        assert!(seen.interval.0 > 0.99, "{seen:?}");
    }
}

#[test]
fn nobody_behind_is_no_tailgate() {
    let bench = bench(BeamRow::default(), LanePlan::default());
    for kind in [Kind::Adult, Kind::Child] {
        for number in 0..100 {
            let outcome = bench.run(&Trial { leader: kind, ..trial(1.2, None, number) });
            assert!(outcome.led && outcome.alarm.is_none(), "{kind:?} {number}: {outcome:?}");
        }
    }
}

#[test]
fn what_beams_at_the_waist_cannot_see_is_missed() {
    let bench = bench(BeamRow::default(), LanePlan::default());
    for number in 0..50 {
        let outcome = bench.run(&trial(0.8, Some((Kind::Crawling, 0.2)), number));
        assert_eq!((outcome.alarm, outcome.led), (None, true), "{outcome:?}");
    }
}

#[test]
fn the_same_trial_comes_out_the_same() {
    let receivers = ReceiverPlan { scan: Span::millis(5), noise_per_hour: 500.0, ..ReceiverPlan::default() };
    let bench = bench(BeamRow::default(), LanePlan { receivers, ..LanePlan::default() });
    let run = || (0..50).map(|n| follow(&bench, 1.2, 0.05, n)).collect::<Vec<_>>();
    assert_eq!(run(), run());
}
