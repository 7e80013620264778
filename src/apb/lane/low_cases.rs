//! Lanes with a second row of beams near the floor: crawling bodies, luggage, feet.

use super::bench::{beamed, ms};
use super::{LaneEvent, LaneMachine};
use crate::apb::id::{Direction, GrantId};
use crate::apb::input::Leaf;
use crate::apb::journal::Alarm;
use crate::apb::site::{BeamRow, LUGGAGE_MM, LaneTimers, LowRow, REFERENCE_BEAMS_MM};
use crate::apb::time::{Span, Time};
use proptest::prelude::*;

/// Part of somebody that moves: cuts one of the rows from its front to its back.
#[derive(Clone, Copy)]
struct Part {
    low: bool,
    direction: Direction,
    /// When the front is at the end of the lane it comes in at.
    t0_ms: u64,
    mm_s: u64,
    length_mm: u64,
    /// Where it stops, mm from the end it came in at; and stays.
    stops_mm: Option<u64>,
}

fn torso(t0_ms: u64) -> Part {
    Part { low: false, direction: Direction::In, t0_ms, mm_s: 1_000, length_mm: 300, stops_mm: None }
}

/// What walks a clear gap behind the torso that comes at this time, near the floor.
fn behind(t0_ms: u64, gap_mm: u64, length_mm: u64) -> Part {
    Part { low: true, t0_ms: t0_ms + 300 + gap_mm, length_mm, ..torso(t0_ms) }
}

fn two_rows() -> BeamRow {
    let low = LowRow { x_mm: REFERENCE_BEAMS_MM.to_vec(), luggage_mm: LUGGAGE_MM };
    BeamRow { low: Some(low), ..BeamRow::default() }
}

fn edges_of(parts: &[Part]) -> Vec<(Time, u8, bool)> {
    let mut edges = Vec::new();
    for part in parts {
        for (beam, x) in (0_u8..).zip(REFERENCE_BEAMS_MM) {
            let x = match part.direction {
                Direction::In => u64::from(x),
                Direction::Out => 1_400 - u64::from(x),
            };
            if part.stops_mm.is_some_and(|stop| x > stop) {
                continue;
            }
            let number = if part.low { beam + 6 } else { beam };
            let at = |way_mm: u64| ms(part.t0_ms + way_mm * 1_000 / part.mm_s);
            edges.push((at(x), number, true));
            if part.stops_mm.is_none_or(|stop| x + part.length_mm < stop) {
                edges.push((at(x + part.length_mm), number, false));
            }
        }
    }
    edges.sort_unstable();
    edges
}

/// What a lane with these grants at the start makes of it; its flap does as it is told at once.
fn run(row: BeamRow, credits: u64, parts: &[Part]) -> Vec<(Time, LaneEvent)> {
    let mut lane = beamed(row);
    lane.memory = 3;
    lane.timers = LaneTimers { not_taken: Span::seconds(600), ..lane.timers };
    let mut lane = LaneMachine::new(&lane);
    let mut told = Vec::new();
    let step = |lane: &mut LaneMachine, now: Time, out: Vec<LaneEvent>, told: &mut Vec<_>| {
        let mut pending = out;
        while let Some(event) = (!pending.is_empty()).then(|| pending.remove(0)) {
            if matches!(event, LaneEvent::Open(_)) {
                lane.leaf(now, Leaf::Open, &mut pending);
            } else if event == LaneEvent::Close {
                lane.leaf(now, Leaf::Closed, &mut pending);
            }
            told.push((now, event));
        }
    };
    for grant in 0..credits {
        let mut out = Vec::new();
        lane.release(ms(0), GrantId(grant), Direction::In, &mut out);
        step(&mut lane, ms(0), out, &mut told);
    }
    let mut edges = edges_of(parts).into_iter().peekable();
    loop {
        let due = lane.next_deadline().map(|d| d.0).filter(|due| *due < ms(200_000));
        let next = edges.peek().map(|e| e.0);
        let mut out = Vec::new();
        let now = match (due, next) {
            (Some(due), next) if next.is_none_or(|next| due <= next) => {
                lane.expire(due, &mut out);
                due
            }
            (_, Some(_)) => {
                let Some((at, beam, cut)) = edges.next() else { break };
                lane.beam(at, beam, cut, &mut out);
                at
            }
            (_, None) => break,
        };
        step(&mut lane, now, out, &mut told);
    }
    told
}

fn alarms(told: &[(Time, LaneEvent)]) -> Vec<Alarm> {
    let on = |(_, e): &(Time, LaneEvent)| {
        let LaneEvent::Alarm { alarm, on: true, .. } = e else { return None };
        Some(*alarm)
    };
    told.iter().filter_map(on).collect()
}

fn passages(told: &[(Time, LaneEvent)]) -> Vec<Option<GrantId>> {
    let passed = |(_, e): &(Time, LaneEvent)| {
        let LaneEvent::Passed { grant, .. } = e else { return None };
        Some(*grant)
    };
    told.iter().filter_map(passed).collect()
}

/// Somebody on hands and knees, a metre long, who comes up to the shut flap.
fn crawls(low: bool, direction: Direction) -> Part {
    Part { low, direction, t0_ms: 1_000, mm_s: 500, length_mm: 1_000, stops_mm: Some(680) }
}

#[test]
fn j23_who_crawls_is_missed_by_one_row_at_the_waist_and_an_intruder_for_two() {
    for direction in Direction::BOTH {
        let crawls = [crawls(true, direction)];
        assert_eq!(alarms(&run(BeamRow::default(), 0, &crawls)), [], "beams that are not there tell nothing");
        let told = run(two_rows(), 0, &crawls);
        assert_eq!(alarms(&told).first(), Some(&Alarm::Intrusion), "{direction}");
        // At the second beam after 0.6 s; told when nobody has come after a foot.
        let at = told.iter().find(|(_, e)| matches!(e, LaneEvent::Alarm { .. })).map(|t| t.0);
        assert_eq!(at, Some(ms(1_900)));
    }
}

#[test]
fn j23_who_crawls_after_somebody_is_a_tailgater_and_is_counted() {
    // No further behind than a trolley's end, but for a little: taken for one.
    assert_eq!(alarms(&run(two_rows(), 1, &[torso(1_000), behind(1_000, 0, 900)])), []);
    for gap_mm in [300, 700, 1_000] {
        let told = run(two_rows(), 1, &[torso(1_000), behind(1_000, gap_mm, 1_000)]);
        assert!(!alarms(&told).is_empty(), "{gap_mm} mm");
        assert_eq!(passages(&told), [Some(GrantId(0)), None], "{gap_mm} mm");
    }
}

#[test]
fn who_crawls_on_a_grant_of_his_own_uses_it() {
    let crawls = Part { low: true, length_mm: 1_000, ..torso(1_000) };
    let told = run(two_rows(), 1, &[crawls]);
    assert_eq!((alarms(&told), passages(&told)), (vec![], vec![Some(GrantId(0))]));
}

#[test]
fn j22_what_is_pulled_is_no_second_body() {
    for (gap_mm, length_mm) in [(200, 350), (200, 600), (100, 600), (0, 800)] {
        let told = run(two_rows(), 1, &[torso(1_000), behind(1_000, gap_mm, length_mm)]);
        assert_eq!((alarms(&told), passages(&told).len()), (vec![], 1), "{length_mm} mm at {gap_mm} mm");
    }
}

#[test]
fn feet_before_and_behind_their_body_are_nobody() {
    for mm_s in [400, 1_000, 2_000] {
        let torso = Part { mm_s, ..torso(2_000) };
        let lead_ms = 250 * 1_000 / mm_s;
        let feet = Part { low: true, t0_ms: 2_000 - lead_ms, length_mm: 800, ..torso };
        let told = run(two_rows(), 1, &[torso, feet]);
        assert_eq!((alarms(&told), passages(&told).len()), (vec![], 1), "{mm_s} mm/s");
    }
}

#[test]
fn what_is_pulled_keeps_the_flap_open_and_a_foot_does_not() {
    let closes = |parts: &[Part]| {
        let told = run(two_rows(), 1, parts);
        told.iter().find(|(_, e)| matches!(e, LaneEvent::Close)).map(|t| t.0)
    };
    let alone = closes(&[torso(1_000)]);
    assert_eq!(alone, Some(ms(2_150)));
    assert_eq!(closes(&[torso(1_000), behind(1_000, 0, 200)]), alone);
    let trolley = closes(&[torso(1_000), behind(1_000, 200, 600)]);
    assert!(trolley > Some(ms(2_700)), "{trolley:?}");
}

#[test]
fn a_beam_near_the_floor_that_stays_cut_is_broken_and_tells_of_nobody_any_more() {
    let stuck = Part { stops_mm: Some(600), length_mm: 200, ..crawls(true, Direction::In) };
    let told = run(two_rows(), 0, &[stuck]);
    assert!(alarms(&told).contains(&Alarm::BeamFault));
    let off =
        |(_, e): &(Time, LaneEvent)| matches!(e, LaneEvent::Alarm { alarm: Alarm::Intrusion, on: false, .. });
    assert!(told.iter().any(off), "{told:?}");
}

#[test]
fn who_lies_on_the_low_beams_of_an_open_flap_obstructs_it_and_it_never_closes_on_them() {
    // Comes in behind somebody with a grant and stays: on both safety beams, near the floor only. A body or
    // a suitcase.
    for length_mm in [1_000, 400] {
        let lies = Part { stops_mm: Some(860), ..behind(1_000, 200, length_mm) };
        let told = run(two_rows(), 1, &[torso(1_000), lies]);
        let closes = told.iter().find(|(_, e)| matches!(e, LaneEvent::Close));
        assert_eq!(closes, None, "{length_mm} mm");
        let raised = alarms(&told);
        assert!(raised.contains(&Alarm::Obstruction), "{length_mm} mm: {raised:?}");
        let told: Vec<LaneEvent> = told.into_iter().map(|(_, e)| e).collect();
        let still: Vec<Alarm> = still_on(&told).into_iter().map(|(alarm, _)| alarm).collect();
        assert_eq!(still, [Alarm::BeamFault], "{length_mm} mm: broken beams accuse nobody");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the rows are told, in whatever order: a lane with a low row ends every deadline, and once all
    /// is clear and somebody has shown that no beam is blind, nobody is left in it and every alarm is off.
    #[test]
    fn storms_of_edges_end(edges in prop::collection::vec((0_u64..400, 0_u8..14, any::<bool>()), 0..200)) {
        let mut lane = LaneMachine::new(&beamed(two_rows()));
        let (mut now, mut out) = (ms(0), Vec::new());
        for (wait, beam, cut) in edges.into_iter().chain((0..12).map(|beam| (1, beam, false))) {
            now = now + Span::millis(wait);
            while let Some((due, _)) = lane.next_deadline().filter(|d| d.0 <= now) {
                lane.expire(due, &mut out);
                prop_assert!(lane.next_deadline().is_none_or(|d| d.0 > due));
            }
            lane.beam(now, beam, cut, &mut out);
        }
        now = rests(&mut lane, &mut out).max(now) + Span::seconds(1);
        for (at, beam, cut) in edges_of(&[torso(0)]) {
            lane.beam(now + at.since(ms(0)), beam, cut, &mut out);
        }
        rests(&mut lane, &mut out);
        prop_assert!(lane.is_secure());
        prop_assert_eq!(still_on(&out), vec![]);
    }
}

/// Lets every deadline of a lane come; when the last one was.
fn rests(lane: &mut LaneMachine, out: &mut Vec<LaneEvent>) -> Time {
    let mut last = ms(0);
    while let Some((due, _)) = lane.next_deadline() {
        lane.expire(due, out);
        last = due;
    }
    last
}

/// The alarms that were switched on and not off again.
fn still_on(told: &[LaneEvent]) -> Vec<(Alarm, Option<Direction>)> {
    let mut still = Vec::new();
    for event in told {
        if let LaneEvent::Alarm { alarm, direction, on } = event {
            still.retain(|was| *was != (*alarm, *direction));
            still.extend(on.then_some((*alarm, *direction)));
        }
    }
    still
}
