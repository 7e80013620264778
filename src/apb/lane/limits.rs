//! The limits of what a flap can prevent and of what beams can tell, over speeds, gaps and geometries.

use super::bench::{BOTH_TIES, Bench, DEPTH_MM, beamed, follower, ms, walker};
use super::{LaneEvent, LaneMachine};
use crate::apb::id::{Direction, GrantId};
use crate::apb::input::Leaf;
use crate::apb::journal::Alarm;
use crate::apb::site::BeamRow;
use crate::apb::time::{Span, Time};
use proptest::prelude::*;

/// What became of a follower.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    alarm: Option<Alarm>,
    flap_started: bool,
    passed: bool,
}

/// An owner and a follower at this gap, in a lane whose beams 2, 3 and 4 and flap are as given.
fn follow(gap_mm: u64, speed: u64, t_close: Span, row: &BeamRow) -> Vec<Outcome> {
    let outcome = |ties| {
        let mut bench = Bench::new(&beamed(row.clone()), ties);
        bench.t_flap = t_close;
        let t0 = ms(3_000);
        bench.credit(ms(0), 1).body(&walker(t0, i64::try_from(speed).unwrap()));
        bench.body(&follower(t0, speed, gap_mm)).run(ms(12_000));
        let entries = bench.entries();
        let leader = entries[0].0;
        let second = entries.get(1).map_or(Time(leader.0 + 1), |e| e.0);
        Outcome {
            alarm: bench.alarms().first().map(|a| a.1),
            flap_started: bench.flap().iter().any(|(at, open)| !open && *at < second),
            passed: entries.len() == 2,
        }
    };
    BOTH_TIES.map(outcome).into()
}

/// Lanes with beams on a grid of 50 mm, deep enough bodies not to hide between two of them.
fn rows() -> impl Strategy<Value = BeamRow> {
    let pitch = || (2_u32..=5).prop_map(|n| n * 50);
    (pitch(), pitch(), 2_u32..=6).prop_map(|(a, b, c)| {
        let (x2, x3) = (100 + a, 100 + a + b);
        let x4 = x3 + c * 50;
        let x_mm = vec![100, x2, x3, x4, x4 + 200, x4 + 300];
        BeamRow { flap_mm: x4 - 50, x_mm, ..BeamRow::default() }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Nearer than the distance of the safety beams the flap cannot start, for whoever follows is on them
    /// already. Up to what he walks while it closes it starts, but has to open again. Up to the distance from
    /// the entry beam he tailgates, and beyond he intrudes.
    #[test]
    fn a_follower_meets_the_limits_exactly(
        row in rows(),
        // A whole number of microseconds a millimetre, so that ties are ties.
        speed in prop::sample::select(vec![500_u64, 800, 1_000, 1_250, 1_600, 2_000]),
        t_close in (2_u64..=10).prop_map(|t| Span::millis(t * 100)),
    ) {
        let x = |beam: usize| u64::from(row.x_mm[beam - 1]);
        let closing_mm = speed * t_close.0 / 1_000_000;
        let no_close = x(4) - x(3);
        let prevented = x(4) - x(3) + closing_mm;
        let class_change = x(4) - x(2) + closing_mm;
        let (tailgate, intrusion) = (Some(Alarm::Tailgate), Some(Alarm::Intrusion));
        for gap in [no_close - 1, no_close + 1, prevented - 1, prevented, class_change - 1, class_change] {
            let expected = Outcome {
                alarm: if gap < class_change { tailgate } else { intrusion },
                flap_started: gap > no_close,
                passed: gap < prevented,
            };
            for outcome in follow(gap, speed, t_close, &row) {
                prop_assert_eq!(&outcome, &expected, "gap {} mm", gap);
            }
        }
    }
}

/// Numbers that look random enough to jitter a scan's phase.
struct Jitter(u64);

impl Jitter {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// The edges that a scan every millisecond sees of two bodies, each taken for the body-long time it blocks a
/// beam.
fn scanned(speed: u64, gap_um: u64, phase: u64, row: &BeamRow) -> Vec<(Time, bool, u8)> {
    let cross = |x_um: u64| x_um * 1_000_000 / (speed * 1_000);
    let depth = DEPTH_MM * 1_000;
    let mut edges = Vec::new();
    for (beam, x) in (0..).zip(&row.x_mm) {
        let x = u64::from(*x) * 1_000;
        let fronts = [x, x + depth, x + depth + gap_um, x + 2 * depth + gap_um].map(cross);
        let sampled = fronts.map(|t| Time((t + phase).div_ceil(1_000) * 1_000 - phase + 3_000_000));
        let [rise, fall, again, end] = sampled;
        edges.extend([(rise, true, beam), (end, false, beam)]);
        if fall < again {
            edges.extend([(fall, false, beam), (again, true, beam)]);
        }
    }
    edges.sort_unstable();
    edges
}

/// Whether two bodies on one grant raise a tailgate, and how many passages they make.
fn is_told(edges: &[(Time, bool, u8)], row: &BeamRow) -> (bool, usize) {
    let mut lane = LaneMachine::new(&beamed(row.clone()));
    let mut out = Vec::new();
    lane.release(Time::ZERO, GrantId(1), Direction::In, &mut out);
    lane.leaf(ms(500), Leaf::Open, &mut out);
    for (at, blocked, beam) in edges {
        while let Some((due, _)) = lane.next_deadline().filter(|(due, _)| due <= at) {
            lane.expire(due, &mut out);
        }
        lane.beam(*at, *beam, *blocked, &mut out);
    }
    while let Some((due, _)) = lane.next_deadline() {
        lane.expire(due, &mut out);
    }
    let told = |e: &LaneEvent| matches!(e, LaneEvent::Alarm { alarm: Alarm::Tailgate, on: true, .. });
    let passed = out.iter().filter(|e| matches!(e, LaneEvent::Passed { .. })).count();
    (out.iter().any(told), passed)
}

/// 299 trials without a miss prove a rate of 99 %.
const TRIALS: u64 = 299;

#[test]
fn j10_a_gap_is_told_from_the_debounce_on() {
    let row = BeamRow { debounce: Span::millis(20), ..BeamRow::default() };
    let mut jitter = Jitter(1);
    for speed in [800, 1_200, 2_000] {
        for gap_mm in [0, 6, 23, 50, 100, 250, 500] {
            let told = (0..TRIALS)
                .filter(|_| is_told(&scanned(speed, gap_mm * 1_000, jitter.below(1_000), &row), &row).0)
                .count();
            let told = u64::try_from(told).unwrap();
            let clear_us = gap_mm * 1_000_000 / speed;
            // A scan a millisecond makes a clear time up to a millisecond longer or shorter.
            if clear_us >= 21_000 {
                assert_eq!(told, TRIALS, "{gap_mm} mm at {speed} mm/s");
            } else if clear_us <= 19_000 {
                assert_eq!(told, 0, "{gap_mm} mm at {speed} mm/s");
            }
        }
    }
}

#[test]
fn j10_without_a_gap_only_the_length_tells() {
    let debounce = Span::millis(20);
    let row = BeamRow { debounce, body_max_mm: Some(550), ..BeamRow::default() };
    let mut jitter = Jitter(2);
    for speed in [800, 1_200, 2_000] {
        for gap_mm in [0, 6] {
            for _ in 0..TRIALS {
                let edges = scanned(speed, gap_mm * 1_000, jitter.below(1_000), &row);
                assert_eq!(is_told(&edges, &row), (true, 1), "{gap_mm} mm at {speed} mm/s");
            }
        }
        let mut bench = Bench::new(&beamed(row.clone()), BOTH_TIES[0]);
        let alone = walker(ms(1_000), i64::try_from(speed).unwrap());
        bench.credit(ms(0), 1).body(&alone).run(ms(20_000));
        assert_eq!(bench.alarms().iter().filter(|a| a.1 == Alarm::Tailgate).count(), 0);
    }
}
