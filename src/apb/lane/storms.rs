//! Storms: whatever edges, reports and grants come, in whatever order, the lane keeps its promises.

use super::bench::{beamed, ms};
use super::{LaneEvent, LaneMachine};
use crate::apb::id::{Direction, GrantId};
use crate::apb::input::Leaf;
use crate::apb::site::{BeamRow, Lane, PassMode};
use crate::apb::time::{Span, Time};
use proptest::prelude::*;
use std::collections::BTreeSet;

#[derive(Clone, Copy, Debug)]
pub(super) enum Gust {
    Release(Direction),
    Beam(u8, bool),
    Leaf(Leaf),
    Opened,
    Passed(Direction),
    Mode(Direction, PassMode),
    Fire(bool),
}

fn gusts() -> impl Strategy<Value = Gust> {
    let way = || prop_oneof![Just(Direction::In), Just(Direction::Out)];
    let leaf = prop_oneof![
        Just(Leaf::Closed),
        Just(Leaf::Open),
        Just(Leaf::Moving),
        Just(Leaf::Stalled),
        Just(Leaf::Displaced)
    ];
    let mode = prop_oneof![Just(PassMode::Controlled), Just(PassMode::Free), Just(PassMode::Locked)];
    prop_oneof![
        3 => way().prop_map(Gust::Release),
        20 => (0_u8..7, any::<bool>()).prop_map(|(b, on)| Gust::Beam(b, on)),
        6 => leaf.prop_map(Gust::Leaf),
        1 => Just(Gust::Opened),
        1 => way().prop_map(Gust::Passed),
        1 => (way(), mode).prop_map(|(w, m)| Gust::Mode(w, m)),
        1 => any::<bool>().prop_map(Gust::Fire),
    ]
}

/// A machine under watch: what it says is checked against what it was told.
struct Watch {
    lane: LaneMachine,
    blocked: [bool; 7],
    given: u64,
    used: BTreeSet<GrantId>,
    lapsed: BTreeSet<GrantId>,
}

impl Watch {
    fn blow(&mut self, now: Time, gust: Gust) -> Vec<LaneEvent> {
        let mut out = Vec::new();
        let lane = &mut self.lane;
        match gust {
            Gust::Release(direction) => {
                if lane.check(direction).is_ok() {
                    self.given += 1;
                    lane.release(now, GrantId(self.given), direction, &mut out);
                }
            }
            Gust::Beam(beam, blocked) => {
                self.blocked[usize::from(beam)] = blocked;
                lane.beam(now, beam, blocked, &mut out);
            }
            Gust::Leaf(leaf) => lane.leaf(now, leaf, &mut out),
            Gust::Opened => lane.opened(now, &mut out),
            Gust::Passed(direction) => lane.passed(now, direction, &mut out),
            Gust::Mode(direction, mode) => lane.set_mode(now, direction, mode, &mut out),
            Gust::Fire(active) => lane.evacuate(now, active, &mut out),
        }
        out
    }

    fn verify(&mut self, now: Time, out: &[LaneEvent], safety: [usize; 2]) -> Result<(), TestCaseError> {
        for event in out {
            match event {
                LaneEvent::Close => {
                    let clear = safety.iter().all(|b| !self.blocked[*b]);
                    prop_assert!(clear, "closes on somebody");
                }
                LaneEvent::Passed { grant: Some(grant), late, .. } => {
                    prop_assert!(self.used.insert(*grant), "one grant, two passages");
                    prop_assert_eq!(self.lapsed.contains(grant), *late);
                }
                LaneEvent::NotTaken(grant) => {
                    prop_assert!(self.lapsed.insert(*grant) && !self.used.contains(grant));
                }
                LaneEvent::Open(_)
                | LaneEvent::Buzz(_)
                | LaneEvent::Turn(_)
                | LaneEvent::Opened(_)
                | LaneEvent::Passed { grant: None, .. }
                | LaneEvent::Alarm { .. } => {}
            }
        }
        for grant in (1..=self.given).map(GrantId) {
            let ended = self.used.contains(&grant) || self.lapsed.contains(&grant);
            prop_assert_eq!(self.lane.holds(grant), !ended, "a grant is held until it is used or lapses");
        }
        prop_assert!(self.lane.next_deadline().is_none_or(|(at, _)| at > now));
        let mut again = Vec::new();
        let before = self.lane.clone();
        self.lane.expire(now, &mut again);
        prop_assert!(again.is_empty() && before == self.lane, "expire is idempotent");
        Ok(())
    }
}

pub(super) fn storm(site: &Lane, gusts: &[(u64, Gust)], safety: [usize; 2]) -> Result<(), TestCaseError> {
    let lane = LaneMachine::new(site);
    let (used, lapsed) = (BTreeSet::new(), BTreeSet::new());
    let mut watch = Watch { lane, blocked: [false; 7], given: 0, used, lapsed };
    let mut now = Time::ZERO;
    for (pause, gust) in gusts {
        now = now + Span::millis(*pause);
        while let Some((due, _)) = watch.lane.next_deadline().filter(|(due, _)| *due <= now) {
            let mut out = Vec::new();
            watch.lane.expire(due, &mut out);
            watch.verify(due, &out, safety)?;
        }
        let out = watch.blow(now, *gust);
        watch.verify(now, &out, safety)?;
    }
    let text = serde_json::to_string(&watch.lane).map_err(|e| TestCaseError::fail(e.to_string()))?;
    let restored: LaneMachine =
        serde_json::from_str(&text).map_err(|e| TestCaseError::fail(e.to_string()))?;
    prop_assert_eq!(restored, watch.lane);
    Ok(())
}

/// Pauses of every order of magnitude, so that ties, debounces and timers are all met.
pub(super) fn weather() -> impl Strategy<Value = Vec<(u64, Gust)>> {
    let pause = prop_oneof![4 => Just(0), 8 => 1_u64..50, 8 => 50_u64..2_000, 1 => 2_000_u64..90_000];
    prop::collection::vec((pause, gusts()), 1..120)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_lane_keeps_its_promises_in_any_storm(gusts in weather(), debounce in 0_u64..3, memory in 0_u8..3) {
        let row = BeamRow {
            debounce: Span::millis(debounce * 20),
            body_max_mm: (debounce == 1).then_some(550),
            ..BeamRow::default()
        };
        storm(&Lane { memory, ..beamed(row) }, &gusts, [2, 3])?;
    }

    #[test]
    fn the_smallest_row_keeps_its_promises_too(gusts in weather()) {
        let row = BeamRow { x_mm: vec![100, 300, 500, 700], flap_mm: 400, ..BeamRow::default() };
        storm(&beamed(row), &gusts, [1, 2])?;
    }
}

#[test]
fn a_lane_without_beams_to_speak_of_does_not_panic() {
    for x_mm in [vec![], vec![100], vec![100, 300], (0..300).collect()] {
        let mut lane = LaneMachine::new(&beamed(BeamRow { x_mm, ..BeamRow::default() }));
        for (i, beam) in (0..=u8::MAX).chain([0, 1, 2, 255]).enumerate() {
            lane.beam(ms(i as u64), beam, i % 3 > 0, &mut Vec::new());
        }
    }
}
