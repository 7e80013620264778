//! Pairs of beams across a lane, each at a place and a height of its own: cut and cleared by bodies at the
//! exact instant, not at the next tick.
//!
//! Within a tick every part of a body moves in straight lines, so the instant at which its front reaches a
//! beam or its back leaves it follows from their ends. A 10 ms tick thus does not hide a 20 ms gap.

use super::receivers::Receivers;
use super::shadow::{REACH_M, Shadow, cast};
use super::{Gate, Place};
use crate::apb::id::Direction;
use crate::apb::input::Input;
use crate::apb::site::BeamRow;
use crate::scenario::plan::LanePlan;
use crate::sim::clock::SimClock;
use crate::sim::crowd::track::Tracks;
use crate::sim::port::FromLane;
use bevy::prelude::*;

/// The pairs of beams of one lane.
#[derive(Component, Clone, Debug)]
pub struct Beams {
    /// Along the lane, and the place of its height in `heights_m`.
    pairs: Vec<(f32, usize)>,
    /// The heights there are, above the floor.
    heights_m: Vec<f32>,
    /// The first and the last pair along the lane.
    ends_m: (f32, f32),
    blocked: Vec<bool>,
    /// What falls at each height in this tick; kept for its memory.
    shadows: Vec<Vec<Shadow>>,
}

impl Beams {
    /// Clear beams.
    pub fn new(row: &BeamRow, plan: &LanePlan) -> Self {
        let at = row.pairs_mm().map(|x| x as f32 / 1_000.0);
        let mut heights_m: Vec<f32> = Vec::new();
        let mut pairs = Vec::new();
        for (beam, x_m) in at.enumerate() {
            let is_low = beam >= row.x_mm.len();
            let own = plan.beam_heights_m.get(beam).copied().unwrap_or(plan.beam_height_m);
            let z_m = if is_low { plan.low_height_m } else { own };
            let known = heights_m.iter().position(|h| *h == z_m);
            let level = known.unwrap_or(heights_m.len());
            if known.is_none() {
                heights_m.push(z_m);
            }
            pairs.push((x_m, level));
        }
        let ends_m = pairs.iter().fold((f32::MAX, f32::MIN), |(a, b), (x, _)| (a.min(*x), b.max(*x)));
        let shadows = vec![Vec::new(); heights_m.len()];
        Self { blocked: vec![false; pairs.len()], pairs, heights_m, ends_m, shadows }
    }

    /// The edges of one tick: share of the tick, beam, cut or cleared. Of each height the shadows that fall
    /// at it.
    fn edges(&mut self, shadows: &[Vec<Shadow>]) -> Vec<(f32, u8, bool)> {
        let mut edges = Vec::new();
        let mut changes: Vec<(f32, i32)> = Vec::new();
        for (beam, (x, level)) in self.pairs.iter().enumerate() {
            changes.clear();
            let mut cover = 0;
            for shadow in shadows.get(*level).into_iter().flatten() {
                let (covers, crossings) = shadow.over(*x);
                cover += i32::from(covers);
                changes.extend(crossings.into_iter().flatten());
            }
            // A body that arrives in the instant another leaves keeps the beam cut.
            changes.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
            let Ok(index) = u8::try_from(beam) else { continue };
            let mut settle = |share, cover: i32| {
                if self.blocked[beam] != (cover > 0) {
                    self.blocked[beam] = cover > 0;
                    edges.push((share, index, cover > 0));
                }
            };
            settle(0.0, cover);
            for (share, change) in &changes {
                cover += change;
                settle(*share, cover);
            }
        }
        edges.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        edges
    }

    /// The edges of one tick by the bodies in and before a lane.
    pub(in crate::sim) fn see(&mut self, place: &Place, tracks: &Tracks) -> Vec<(f32, u8, bool)> {
        let mut shadows = std::mem::take(&mut self.shadows);
        shadows.iter_mut().for_each(Vec::clear);
        for direction in Direction::BOTH {
            let near = |front: f32| front > -REACH_M;
            for body in tracks.of(direction).iter().filter(|b| near(b.front) || near(b.front_before)) {
                for (z_m, out) in self.heights_m.iter().zip(&mut shadows) {
                    for section in body.shape.sections_at(*z_m) {
                        cast(body, &section, (place, direction), self.ends_m, out);
                    }
                }
            }
        }
        let idle = shadows.iter().all(Vec::is_empty) && !self.blocked.contains(&true);
        let edges = if idle { Vec::new() } else { self.edges(&shadows) };
        self.shadows = shadows;
        edges
    }
}

/// Reports what the receivers make of the edges of the tick.
pub(super) fn sense(
    clock: Res<SimClock>,
    mut gates: Query<(&Gate, &Place, &Tracks, &mut Beams, &mut Receivers)>,
    mut reports: MessageWriter<FromLane>,
) {
    for (gate, place, tracks, mut beams, mut receivers) in &mut gates {
        let edges = if tracks.is_empty() && !beams.blocked.contains(&true) {
            Vec::new()
        } else {
            beams.see(place, tracks)
        };
        if edges.is_empty() && receivers.next_due().is_none_or(|due| due > clock.end()) {
            continue;
        }
        let edges = edges.into_iter().map(|(share, beam, blocked)| (clock.at_fraction(share), beam, blocked));
        for (at, beam, blocked) in receivers.hear(edges, clock.end()) {
            reports.write(FromLane { at, input: Input::Beam { lane: gate.0, beam, blocked } });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::PersonId;
    use crate::sim::crowd::body::{Gait, Shape};
    use crate::sim::crowd::track::Tracked;

    fn row() -> Beams {
        Beams::new(&BeamRow::default(), &LanePlan::default())
    }

    fn shadow(start: (f32, f32), end: (f32, f32)) -> Shadow {
        Shadow { share: (0.0, 1.0), start, end }
    }

    fn place() -> Place {
        Place { outer: Vec2::ZERO, length_m: 1.4, flap_m: 0.7 }
    }

    #[test]
    fn edges_fall_between_ticks() {
        let edges = row().edges(&[vec![shadow((-0.20, 0.0999), (-0.19, 0.1099))]]);
        assert_eq!(edges.len(), 1);
        let (fraction, beam, blocked) = edges[0];
        assert!((fraction - 0.01).abs() < 1e-3 && beam == 0 && blocked);
    }

    #[test]
    fn a_gap_of_a_few_millimetres_is_seen_within_one_tick() {
        let mut row = row();
        row.edges(&[vec![shadow((0.0, 0.2), (0.0, 0.2))]]);
        // 15 mm a tick past the beam at 0.10 m, with 5 mm of air between two bodies.
        let leader = shadow((0.095, 0.395), (0.110, 0.410));
        let follower = shadow((-0.21, 0.090), (-0.195, 0.105));
        let edges = row.edges(&[vec![leader, follower]]);
        let of_first: Vec<_> = edges.into_iter().filter(|e| e.1 == 0).collect();
        assert_eq!(of_first.iter().map(|e| e.2).collect::<Vec<_>>(), [false, true]);
        assert!(of_first[0].0 < of_first[1].0);
    }

    #[test]
    fn bodies_that_touch_show_no_gap() {
        let mut row = row();
        row.edges(&[vec![shadow((0.0, 0.2), (0.0, 0.2))]]);
        let leader = shadow((0.09, 0.39), (0.11, 0.41));
        let follower = shadow((-0.21, 0.09), (-0.19, 0.11));
        assert!(row.edges(&[vec![leader, follower]]).iter().all(|e| e.1 != 0));
    }

    /// The edges of one beam, at 0.7 m and this height, while somebody walks by at 1.2 m/s: instants in
    /// seconds and whether it was cut.
    fn walk_by(z_m: f32, phase: f32, direction: Direction) -> Vec<(f32, bool)> {
        let one = BeamRow { x_mm: vec![700], ..BeamRow::default() };
        let mut beams = Beams::new(&one, &LanePlan { beam_height_m: z_m, ..LanePlan::default() });
        let mut tracks = Tracks::default();
        let shape = Shape::new(0.3, 0.5, 1.7);
        let gait = Gait::walking(phase, 1.2, shape.height_m());
        tracks.of_mut(direction).push(Tracked::walking(PersonId(0), -0.5, 1.2, (shape, gait)));
        let mut edges = Vec::new();
        for tick in 0..250 {
            let walker = &mut tracks.of_mut(direction)[0];
            walker.front_before = walker.front;
            walker.front += 0.012;
            walker.gait.advance(0.012, 0.01, shape.height_m());
            let seen = beams.see(&place(), &tracks);
            edges.extend(seen.into_iter().map(|(share, _, cut)| ((tick as f32 + share) * 0.01, cut)));
        }
        edges
    }

    #[test]
    fn a_waist_high_beam_sees_one_torso_and_a_knee_high_one_a_gait() {
        for direction in Direction::BOTH {
            let mut steps = Vec::new();
            for phase in (0_u8..20).map(|n| f32::from(n) / 20.0) {
                let torso = walk_by(0.9, phase, direction);
                assert_eq!(torso.iter().map(|e| e.1).collect::<Vec<_>>(), [true, false]);
                assert!((torso[0].0 - 1.0).abs() < 1e-3 && (torso[1].0 - 1.25).abs() < 1e-3, "{torso:?}");
                let gait = walk_by(0.3, phase, direction);
                assert!(!gait.is_empty() && gait.len().is_multiple_of(2), "{gait:?}");
                steps.push(gait.len() / 2);
            }
            // A foot that stands at the beam while the other one goes by hides it; more often one sees both.
            let both = steps.iter().filter(|n| **n >= 2).count();
            assert!((10..20).contains(&both), "{steps:?}");
        }
    }

    #[test]
    fn edges_of_legs_do_not_depend_on_the_length_of_a_tick() {
        // Between two corners of a leg's course the instants are exact: the same at half the tick, to well
        // below a millisecond.
        let at = |ticks: u8| {
            let one = BeamRow { x_mm: vec![700], ..BeamRow::default() };
            let mut beams = Beams::new(&one, &LanePlan { beam_height_m: 0.3, ..LanePlan::default() });
            let (mut tracks, dt) = (Tracks::default(), 0.01 / f32::from(ticks));
            let gait = Gait::walking(0.1, 1.2, 1.7);
            let shape = Shape::new(0.25, 0.48, 1.7);
            tracks.of_mut(Direction::In).push(Tracked::walking(PersonId(0), -0.3, 1.2, (shape, gait)));
            let mut edges = Vec::new();
            for tick in 0..200 * u16::from(ticks) {
                let walker = &mut tracks.of_mut(Direction::In)[0];
                walker.front_before = walker.front;
                walker.front += 1.2 * dt;
                walker.gait.advance(walker.front - walker.front_before, dt, 1.7);
                let seen = beams.see(&place(), &tracks);
                edges.extend(seen.into_iter().map(|(share, ..)| (f32::from(tick) + share) * dt));
            }
            edges
        };
        let (coarse, fine) = (at(1), at(4));
        assert_eq!(coarse.len(), fine.len());
        assert!(coarse.iter().zip(&fine).all(|(a, b)| (a - b).abs() < 2e-4), "{coarse:?} {fine:?}");
    }
}
