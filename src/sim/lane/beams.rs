//! A row of beams: cut and cleared by bodies at the exact instant, not at the next tick.
//!
//! Within a tick every body moves in a straight line, so the instant at which its front reaches a beam or its
//! back leaves it follows from the two end positions. A 10 ms tick thus does not hide a 20 ms gap.

use super::{Gate, Place};
use crate::apb::id::Direction;
use crate::apb::input::Input;
use crate::apb::site::BeamRow;
use crate::sim::clock::SimClock;
use crate::sim::crowd::track::Tracks;
use crate::sim::port::FromLane;
use bevy::prelude::*;

/// One row of beams.
#[derive(Component, Clone, Debug)]
pub struct Beams {
    x_m: Vec<f32>,
    height_m: f32,
    blocked: Vec<bool>,
}

impl Beams {
    /// A clear row.
    pub fn new(row: &BeamRow, height_m: f32) -> Self {
        let x_m: Vec<f32> = row.x_mm.iter().map(|x| *x as f32 / 1_000.0).collect();
        Self { blocked: vec![false; x_m.len()], x_m, height_m }
    }

    /// The edges of one tick: fraction of the tick, beam, cut or cleared.
    fn edges(&mut self, shadows: &[Shadow]) -> Vec<(f32, u8, bool)> {
        let mut edges = Vec::new();
        for (beam, x) in self.x_m.iter().enumerate() {
            let mut changes: Vec<(f32, i32)> = Vec::new();
            let mut cover = 0;
            for shadow in shadows {
                let (covers, crossings) = shadow.over(*x);
                cover += i32::from(covers);
                changes.extend(crossings.into_iter().flatten());
            }
            // A body that arrives in the instant another leaves keeps the beam cut.
            changes.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
            let Ok(index) = u8::try_from(beam) else { continue };
            let mut settle = |fraction, cover: i32| {
                if self.blocked[beam] != (cover > 0) {
                    self.blocked[beam] = cover > 0;
                    edges.push((fraction, index, cover > 0));
                }
            };
            settle(0.0, cover);
            for (fraction, change) in changes {
                cover += change;
                settle(fraction, cover);
            }
        }
        edges.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        edges
    }
}

/// What one part of a body covers along a lane, at the start and at the end of a tick, metres from the outer
/// end.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Shadow {
    start: (f32, f32),
    end: (f32, f32),
}

impl Shadow {
    /// Whether it covers this place at first, and when that changes.
    fn over(&self, x: f32) -> (bool, [Option<(f32, i32)>; 2]) {
        let covers = self.start.0 < x && x <= self.start.1;
        let crossing = |from: f32, to: f32, arrives: i32| {
            let passes_up = from < x && x <= to;
            let passes_down = to < x && x <= from;
            (passes_up || passes_down)
                .then(|| ((x - from) / (to - from), if passes_up { arrives } else { -arrives }))
        };
        let low = crossing(self.start.0, self.end.0, -1);
        let high = crossing(self.start.1, self.end.1, 1);
        (covers, [low, high])
    }
}

/// Reports every edge of the tick.
pub(super) fn sense(
    clock: Res<SimClock>,
    mut gates: Query<(&Gate, &Place, &Tracks, &mut Beams)>,
    mut reports: MessageWriter<FromLane>,
) {
    let mut shadows = Vec::new();
    for (gate, place, tracks, mut beams) in &mut gates {
        shadows.clear();
        for direction in Direction::BOTH {
            for body in tracks.of(direction).iter().filter(|b| b.front > 0.0 || b.front_before > 0.0) {
                for part in body.shape.parts_at(beams.height_m) {
                    let span = |front: f32| {
                        let (back, tip) = (front - part.back_m, front - part.tip_m);
                        match direction {
                            Direction::In => (back, tip),
                            Direction::Out => (place.length_m - tip, place.length_m - back),
                        }
                    };
                    shadows.push(Shadow { start: span(body.front_before), end: span(body.front) });
                }
            }
        }
        if shadows.is_empty() && !beams.blocked.contains(&true) {
            continue;
        }
        for (fraction, beam, blocked) in beams.edges(&shadows) {
            let at = clock.at_fraction(fraction);
            reports.write(FromLane { at, input: Input::Beam { lane: gate.0, beam, blocked } });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Beams {
        Beams::new(&BeamRow::default(), 0.9)
    }

    #[test]
    fn edges_fall_between_ticks() {
        let moving = Shadow { start: (-0.20, 0.0999), end: (-0.19, 0.1099) };
        let edges = row().edges(&[moving]);
        assert_eq!(edges.len(), 1);
        let (fraction, beam, blocked) = edges[0];
        assert!((fraction - 0.01).abs() < 1e-3 && beam == 0 && blocked);
    }

    #[test]
    fn a_gap_of_a_few_millimetres_is_seen_within_one_tick() {
        let mut row = row();
        row.edges(&[Shadow { start: (0.0, 0.2), end: (0.0, 0.2) }]);
        // 15 mm a tick past the beam at 0.10 m, with 5 mm of air between two bodies.
        let leader = Shadow { start: (0.095, 0.395), end: (0.110, 0.410) };
        let follower = Shadow { start: (-0.21, 0.090), end: (-0.195, 0.105) };
        let of_first: Vec<_> = row.edges(&[leader, follower]).into_iter().filter(|e| e.1 == 0).collect();
        assert_eq!(of_first.iter().map(|e| e.2).collect::<Vec<_>>(), [false, true]);
        assert!(of_first[0].0 < of_first[1].0);
    }

    #[test]
    fn bodies_that_touch_show_no_gap() {
        let mut row = row();
        row.edges(&[Shadow { start: (0.0, 0.2), end: (0.0, 0.2) }]);
        let leader = Shadow { start: (0.09, 0.39), end: (0.11, 0.41) };
        let follower = Shadow { start: (-0.21, 0.09), end: (-0.19, 0.11) };
        assert!(row.edges(&[leader, follower]).iter().all(|e| e.1 != 0));
    }
}
