//! A lane on the bench: what its geometry allows shows in what becomes of followers.

use crate::fixture::lane;
use apbrig::apb::journal::Alarm;
use apbrig::apb::site::{BeamRow, Sensing};
use apbrig::apb::time::Span;
use apbrig::metrics::bench::{Limits, Rate};
use apbrig::scenario::load::load_lane_type;
use apbrig::scenario::plan::{Barrier, LanePlan, ReceiverPlan};
use apbrig::scenario::{DiskFiles, LaneType};
use apbrig::sim::bench::{Bench, Carried, Case, Kind, Outcome, STREAM_PEOPLE, Stream, Trial, stream};
use proptest::prelude::*;
use std::path::Path;

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
    /// Bodies of any depth, a drive with a ramp as well as one without, and receivers that look now and then:
    /// each limit is met to within what a body walks during a scan.
    #[test]
    fn the_limits_show_in_what_becomes_of_followers(
        row in rows(),
        speed in 0.6_f32..1.8,
        closes in 150_u64..=900,
        ramp in 0_u64..=2,
        scan in 0_u64..=8,
        number in 0_u64..1_000,
    ) {
        let closes_s = closes as f64 / 1e3;
        let plan = LanePlan {
            flap_closes: Span::millis(closes),
            flap_ramp: Span::millis(closes * ramp / 4),
            receivers: ReceiverPlan { scan: Span::millis(scan), ..ReceiverPlan::default() },
            ..LanePlan::default()
        };
        let limits = Limits::of(&row, closes_s, f64::from(speed)).expect("there are beams on both sides");
        let bench = bench(row, plan);
        let near_m = 0.003 + f64::from(speed) * scan as f64 / 1e3;
        let of = |gap: f64| follow(&bench, speed, gap, number);
        for gap in [limits.no_close_m - near_m, limits.no_close_m + near_m] {
            let outcome = of(gap);
            prop_assert_eq!(outcome.closed_between, gap > limits.no_close_m, "{} {:?}", gap, outcome);
            prop_assert!(outcome.led && outcome.followed);
        }
        for gap in [limits.prevention_m - near_m, limits.prevention_m + near_m] {
            let outcome = of(gap);
            prop_assert_eq!(outcome.followed, gap < limits.prevention_m, "{} {:?}", gap, outcome);
            prop_assert_eq!(outcome.alarm, Some(Alarm::Tailgate));
        }
        for gap in [limits.class_change_m - near_m, limits.class_change_m + near_m] {
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

/// Trials of a leader with something, who is followed or not.
fn with(bench: &Bench, carried: Carried, follower: Option<(Kind, f32)>) -> impl Iterator<Item = Outcome> {
    (0..40).map(move |number| bench.run(&Trial { carried, ..trial(1.2, follower, number) }))
}

#[test]
fn what_the_leaders_luggage_sets_off_tells_of_nobody_else() {
    // Bodies that touch are one; without a debounce what positions are rounded to would part them.
    let row = BeamRow { debounce: Span::millis(5), ..BeamRow::default() };
    let bench = bench(row, LanePlan::default());
    assert!(with(&bench, Carried::Trolley, None).all(|o| o.alarm.is_some()), "a trolley is taken for a body");
    // Nobody at the waist sees who crawls: the only alarms are the trolley's.
    let crawls = Some((Kind::Crawling, 0.3));
    assert!(with(&bench, Carried::Trolley, crawls).all(|o| o.alarm.is_none()));
    let pressed = Some((Kind::Adult, 0.0));
    assert!(with(&bench, Carried::Trolley, pressed).all(|o| o.alarm.is_none()), "he is one with the trolley");
    let follows = Some((Kind::Adult, 0.4));
    assert!(with(&bench, Carried::Trolley, follows).all(|o| o.alarm.is_some()), "a second alarm, about him");
}

#[test]
fn what_noise_sets_off_tells_of_nobody() {
    let noise_lasts = Span::millis(60);
    let receivers = ReceiverPlan { scan: Span::ZERO, noise_per_hour: 3_000.0, noise_lasts };
    let bench = bench(BeamRow::default(), LanePlan { receivers, ..LanePlan::default() });
    let alarms = |follower| with(&bench, Carried::Nothing, follower).filter(|o| o.alarm.is_some()).count();
    assert!(alarms(None) > 5, "there is noise to be mistaken for somebody");
    assert_eq!(alarms(Some((Kind::Crawling, 0.5))), 0);
}

#[test]
fn a_rotor_keeps_out_who_keeps_a_gap_and_takes_two_who_press_for_one() {
    let mut rotor = lane_type(BeamRow::default(), LanePlan::default());
    rotor.lane.sensing = Sensing::Signals;
    assert!(Bench::new(&rotor, 7).expect("the lane is sound").is_none(), "leaves that tell nothing");
    rotor.plan.barrier = Barrier::Rotor;
    let bench = Bench::new(&rotor, 7).expect("the lane is sound").expect("a rotor");
    for number in 0..30 {
        for (gap, through) in [(0.0, true), (0.005, false), (0.3, false), (2.0, false)] {
            let outcome = follow(&bench, 1.2, gap, number);
            assert_eq!((outcome.led, outcome.followed), (true, through), "{gap} m, {number}");
            assert_eq!(outcome.alarm, None, "it sees nobody");
        }
    }
    let kinds: Vec<Kind> = Case::all(&bench, &[0.1], &[1.2]).iter().map(|c| c.kind).collect();
    assert!(!kinds.contains(&Kind::Crawling));
}

#[test]
fn a_stream_shows_how_many_a_lane_lets_through() {
    let flap = lane_type(BeamRow::default(), LanePlan::default());
    let Stream { bodies, taken, lasted_s, passages_s, .. } = stream(&flap, 3).expect("the lane is sound");
    assert_eq!((bodies, taken), (u64::from(STREAM_PEOPLE), u64::from(STREAM_PEOPLE)));
    let per_minute = (bodies - 1) as f64 * 60.0 / lasted_s;
    assert!((20.0..60.0).contains(&per_minute), "{per_minute} a minute");
    // Half a second to open and a metre to walk at least.
    assert!(passages_s.iter().all(|s| (0.5..10.0).contains(s)), "{passages_s:?}");
    let mut slow = flap;
    slow.plan.read_time = Span::seconds(3);
    assert!(stream(&slow, 3).expect("the lane is sound").lasted_s > 1.5 * lasted_s);
}

fn shipped(lane: &str) -> Bench {
    let path = format!("scenarios/lanes/{lane}.ron");
    let lane_type =
        load_lane_type(Path::new(&path), &DiskFiles).unwrap_or_else(|e| panic!("{}", e.render(false)));
    Bench::new(&lane_type, 7).expect("the lane is sound").expect("it has beams")
}

/// The lane types that have a second row of beams, near the floor.
const TWO_ROWS: [&str; 2] = ["optical-speed-gate", "smart-speed-gate"];

#[test]
fn j22_what_is_pulled_is_no_second_body_where_beams_can_tell() {
    for lane in TWO_ROWS {
        let bench = shipped(lane);
        for carried in [Carried::Nothing, Carried::Backpack, Carried::Suitcase, Carried::Trolley] {
            for speed in [0.6, 1.2, 1.8] {
                let alone = |number| bench.run(&Trial { carried, ..trial(speed, None, number) });
                let outcomes: Vec<Outcome> = (0..100).map(alone).collect();
                let wrong = outcomes.iter().filter(|o| o.alarm.is_some()).count();
                assert!(wrong <= 5, "{lane}, {carried:?} at {speed} m/s: {wrong} of 100");
                assert!(outcomes.iter().all(|o| o.led), "{lane}, {carried:?} at {speed} m/s");
            }
        }
    }
}

#[test]
fn j23_who_crawls_is_seen_by_a_row_near_the_floor() {
    for lane in TWO_ROWS {
        let bench = shipped(lane);
        for (gap, speed) in [(0.5, 0.6), (0.5, 1.0), (1.0, 0.8), (2.0, 0.8)] {
            let crawls = |number| bench.run(&trial(speed, Some((Kind::Crawling, gap)), number));
            let told = (0..59).filter(|n| crawls(*n).alarm.is_some()).count();
            assert_eq!(told, 59, "{lane}, {gap} m at {speed} m/s");
        }
        // Nobody before him: the flap is shut.
        let alone = |number| Trial { leader: Kind::Crawling, ..trial(0.8, None, number) };
        assert!((0..20).all(|n| bench.run(&alone(n)).led), "with a grant of his own he goes through");
    }
}

#[test]
fn j24_who_vaults_is_missed_by_beams_at_the_waist_and_told_by_higher_ones() {
    let vaults = |bench: &Bench| -> Vec<Outcome> {
        (0..30).map(|n| bench.run(&trial(1.5, Some((Kind::Vaulting, 2.5)), n))).collect()
    };
    let missed = vaults(&shipped("flap-barrier"));
    assert!(missed.iter().all(|o| o.alarm.is_none() && o.followed), "over the leaves and under no beam");
    let told = vaults(&shipped("optical-speed-gate"));
    assert!(told.iter().all(|o| o.alarm.is_some() && o.followed), "told, and over the leaves all the same");
    let kept_out = vaults(&shipped("anti-climb-swing"));
    assert!(kept_out.iter().all(|o| !o.followed), "tall leaves");
}

#[test]
fn j26_a_small_child_close_behind_passes_under_beams_at_the_waist() {
    let bench = bench(BeamRow { debounce: Span::millis(5), ..BeamRow::default() }, LanePlan::default());
    let child = |number| bench.run(&trial(1.0, Some((Kind::SmallChild, 0.1)), number));
    let told = (0..100).filter(|n| child(*n).alarm.is_some()).count();
    assert!(told < 70, "beams at 0.9 m see the heads of the taller ones: {told} of 100");
    let ten = |number| bench.run(&trial(1.0, Some((Kind::Child, 0.1)), number));
    assert!((0..100).all(|n| ten(n).alarm.is_some()), "one of ten years is seen like anybody");
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
