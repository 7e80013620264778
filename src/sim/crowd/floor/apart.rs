//! No two bodies in one place, and none in a wall.

use super::seen::Seen;
use crate::sim::ground::walls::Walls;
use bevy::prelude::*;

/// How much of a body gives way to nothing: the share of its outline that never overlaps with another's.
/// Clothes and flesh give a little, and shoulders turn. Calibrated on the flow through 0.5 m.
const CORE: f32 = 0.85;

/// How near to a wall the middle of a body gets, m: half of its breadth with the shoulders turned, of which
/// 0.45 m become 0.38. Calibrated on the flow through 0.5 m.
const WALL_M: f32 = 0.19;

/// Of an overlap, what whoever comes second makes good, and whoever goes first. Assumed.
const SECOND: f32 = 0.8;
const FIRST: f32 = 0.2;

/// Where somebody has to stand so as to overlap with nobody, as far as that can be said from where all others
/// are, and with no wall. Whoever `is_alone` has nobody near enough.
pub fn apart(seen: &Seen, walls: &Walls, k: usize, is_alone: bool, at: (&[f32], &[f32])) -> Vec2 {
    let here = Vec2::new(at.0[k], at.1[k]);
    let push = if is_alone { Vec2::ZERO } else { off_others(seen, k, here, at) };
    let place = off_walls(walls, here + push);
    let before = seen.position(k);
    if is_through(walls, before, place) { before } else { place }
}

/// Away from everybody who overlaps.
fn off_others(seen: &Seen, k: usize, here: Vec2, (x, y): (&[f32], &[f32])) -> Vec2 {
    let (mut push, mut touched) = (Vec2::ZERO, 0.0f32);
    let touch_m2 = seen.touch_m * seen.touch_m;
    for row in seen.within_touch(k) {
        for j in row {
            let to = Vec2::new(x[j] - here.x, y[j] - here.y);
            let squared = to.length_squared();
            if !(1e-6..touch_m2).contains(&squared) {
                continue;
            }
            let distance = squared.sqrt();
            let towards = to / distance;
            let other = (seen.outline[j], seen.heading[j]);
            let over = CORE * seen.outline[k].contact(seen.heading[k], other, towards) - distance;
            if over > 0.0 {
                let share = if seen.left_m[j] < seen.left_m[k] { SECOND } else { FIRST };
                push -= towards * (share * over);
                touched += 1.0;
            }
        }
    }
    // Several at once push less each: the sum would throw people about.
    push / touched.max(1.0).sqrt()
}

/// Whether a step leads through a wall.
fn is_through(walls: &Walls, from: Vec2, to: Vec2) -> bool {
    walls.near(from).iter().any(|piece| piece.is_between(from, to))
}

/// The nearest place at which a body has room beside every wall.
pub fn off_walls(walls: &Walls, place: Vec2) -> Vec2 {
    let mut place = place;
    for piece in walls.near(place) {
        let off = place - piece.nearest(place);
        let distance = off.length();
        if distance < WALL_M && distance > 1e-4 {
            place += off * ((WALL_M - distance) / distance);
        }
    }
    place
}
