//! Which way somebody turns, and how fast they walk.

use super::seen::Seen;
use crate::sim::ground::segment::Segment;
use crate::sim::ground::walls::Walls;
use bevy::prelude::*;
use std::ops::Range;

/// How far people take note of each other, m: who walks 2 m/s keeps about one metre clear, from middle to
/// middle one and a half.
pub const SIGHT_M: f32 = 1.5;

/// Beyond this distance nobody turns away from anybody, m: less than a hundredth of the whole is left of it.
const BEND_SIGHT_M: f32 = 1.0;

/// Strength and reach of turning away from other people: lengths of the wish to go on, and m. The
/// collision-free speed model was published with 5 and 0.1; weaker here, since bodies that are ellipses need
/// less room. Calibrated with the rest of this file on the bottlenecks and corridors in `tests/validation`.
const BEND: f32 = 1.5;
const BEND_REACH_M: f32 = 0.10;

/// Of that, towards those who are to give way.
const BEND_BEHIND: f32 = 0.3;

/// Strength and reach of turning away from walls. Calibrated.
const WALL_BEND: f32 = 0.5;
const WALL_REACH_M: f32 = 0.05;

/// Walls are kept clear of by this share of half the breadth: near them people turn their shoulders.
/// Calibrated.
const TURNED: f32 = 0.85;

/// Time gap to whoever is ahead, s. Calibrated on the flow through 0.55 to 0.8 m and on the speeds over
/// density in corridors.
const TIME_GAP_S: f32 = 0.57;

/// Clear distance at which people stop, m. Calibrated on the speeds at three people a square metre.
const STOP_M: f32 = 0.06;

/// Whoever walks this far aside is wholly in the way, and beyond the other, not at all: people turn their
/// shoulders. Shares of the two half widths; calibrated on the widths at which two people fit through side by
/// side.
const IN_THE_WAY: f32 = 0.45;
const BESIDE: f32 = 0.75;

/// What the gap to somebody who is only just in the way counts for more, m. Calibrated with the former.
const BESIDE_GAP_M: f32 = 0.75;

/// Whoever gets on slower than this share of their free speed looks for a way past. Calibrated on the speeds
/// at low density in corridors.
const HELD_UP: f32 = 0.95;

/// A way past is taken if it leads on faster by this factor, and by this, m/s. Assumed.
const WORTH_IT: f32 = 1.1;
const WORTH_IT_M_S: f32 = 0.02;

/// Where people look for a way past: the cosines and sines of 0.25 and 0.6 rad to either side. Calibrated on
/// the same speeds.
const PAST: [Vec2; 4] = [
    Vec2::new(0.968_912_4, -0.247_403_96),
    Vec2::new(0.968_912_4, 0.247_403_96),
    Vec2::new(0.825_335_6, -0.564_642_5),
    Vec2::new(0.825_335_6, 0.564_642_5),
];

/// A way past has no wall nearer than this, m, so far on, m. Assumed: half a breadth, half a pace.
const PAST_WALL_M: f32 = 0.22;
const PAST_REACH_M: f32 = 0.4;

/// Among so many people in sight or more nobody overtakes. Calibrated: more than about one and a half a square
/// metre.
const CROWDED: usize = 10;

/// How fast people can turn: the share of a new direction that they take up in a second, 1/s. Calibrated.
const TURN_PER_S: f32 = 12.0;

/// How fast people pick up speed, m/s². Assumed.
const PICK_UP_M_S2: f32 = 2.5;

/// How fast somebody still goes on whose way is barred only by people with other goals, m/s: they squeeze
/// through. Assumed.
const SQUEEZE_M_S: f32 = 0.35;

/// More people than these around somebody are not looked at: nobody sees so many.
const NEAR_MAX: usize = 96;

/// What somebody wants.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wish {
    /// The straight way on; of length 1, or zero for somebody who is there.
    pub way: Vec2,
    /// Free walking speed, m/s.
    pub free_m_s: f32,
    /// Speed before this step, m/s.
    pub speed_m_s: f32,
}

/// Somebody near: where from here, and who.
type Near = (Vec2, usize);

/// The heading and the speed, m/s, that somebody takes up for a step of this length.
pub fn steer(seen: &Seen, walls: &Walls, k: usize, wish: Wish, dt_s: f32) -> (Vec2, f32) {
    let here = seen.position(k);
    if wish.way == Vec2::ZERO {
        return (seen.heading[k], 0.0);
    }
    let pieces = walls.near(here);
    let mut near = [(Vec2::ZERO, 0); NEAR_MAX];
    let count = look_round(seen, seen.around::<5>(k), here, &mut near);
    let near = near.get(..count).unwrap_or(&near);
    let bent =
        wish.way + away_from_people(seen, pieces, k, wish.way, near) + away_from_walls(seen, pieces, k);
    let wanted = forwards(bent, wish.way);
    let turn = 1.0 - decay(TURN_PER_S * dt_s);
    let mut heading = towards(seen.heading[k], wanted, turn);
    let mut pace = speed(seen, pieces, k, (heading, wish), near);
    if pace < HELD_UP * wish.free_m_s
        && near.len() < CROWDED
        && let Some(past) = way_past(seen, pieces, k, wish, near, pace * heading.dot(wish.way))
    {
        heading = towards(seen.heading[k], past, turn);
        pace = speed(seen, pieces, k, (heading, wish), near);
    }
    (heading, pace.min(wish.speed_m_s + PICK_UP_M_S2 * dt_s))
}

/// A share of the turn from one heading to another.
fn towards(now: Vec2, wanted: Vec2, turn: f32) -> Vec2 {
    // Half way between one direction and its opposite there is none: people turn round by their right.
    let by_way_of = if now.dot(wanted) < -0.9 { -now.perp() } else { wanted };
    now.lerp(by_way_of, turn).normalize_or(wanted)
}

/// The heading that leads on best past whoever holds somebody up; `None` if none is worth it, for somebody who
/// gets on at `gets_on` m/s as it is.
fn way_past(
    seen: &Seen,
    pieces: &[Segment],
    k: usize,
    wish: Wish,
    near: &[Near],
    gets_on: f32,
) -> Option<Vec2> {
    let here = seen.position(k);
    let mut best = (WORTH_IT * gets_on + WORTH_IT_M_S, None);
    for aside in PAST {
        let past = aside.rotate(wish.way);
        let there = here + past * PAST_REACH_M;
        let is_barred = |piece: &Segment| {
            piece.nearest(there).distance(there) < PAST_WALL_M || piece.is_between(here, there)
        };
        if pieces.iter().any(is_barred) {
            continue;
        }
        let progress = speed(seen, pieces, k, (past, wish), near) * past.dot(wish.way);
        if progress > best.0 {
            best = (progress, Some(past));
        }
    }
    best.1
}

/// Collects who is in sight; how many.
#[inline]
fn look_round(seen: &Seen, rows: [Range<usize>; 5], here: Vec2, near: &mut [Near; NEAR_MAX]) -> usize {
    let mut count = 0;
    for row in rows {
        let first = row.start;
        let places = seen.x[row.clone()].iter().zip(&seen.y[row]);
        for (i, (x, y)) in places.enumerate() {
            let to = Vec2::new(x - here.x, y - here.y);
            let squared = to.length_squared();
            // Written whether or not it is kept: no branch to guess wrong.
            near[count] = (to, first + i);
            count += usize::from(squared < SIGHT_M * SIGHT_M && squared > 1e-6);
            count = count.min(NEAR_MAX - 1);
        }
    }
    count
}

fn away_from_people(seen: &Seen, pieces: &[Segment], k: usize, way: Vec2, near: &[Near]) -> Vec2 {
    let mut push = Vec2::ZERO;
    for &(to, j) in near {
        let squared = to.length_squared();
        if squared > BEND_SIGHT_M * BEND_SIGHT_M {
            continue;
        }
        let distance = squared.sqrt();
        if to.dot(way) < -0.1 * distance {
            continue;
        }
        let towards = to / distance;
        let other = (seen.outline[j], seen.heading[j]);
        let contact = seen.outline[k].contact(seen.heading[k], other, towards);
        let strength = BEND * decay((distance - contact) / BEND_REACH_M);
        if strength < 0.01 || is_hidden(pieces, seen.position(k), to) {
            continue;
        }
        let goes_first = seen.goal[j] != seen.goal[k] || seen.left_m[j] < seen.left_m[k];
        // Straight at each other: both step to their right.
        let meets = towards.perp_dot(way).abs() < 0.05 && seen.heading[j].dot(way) < 0.0;
        let aside = if meets { way.perp() * 0.5 } else { Vec2::ZERO };
        push -= (towards + aside) * if goes_first { strength } else { BEND_BEHIND * strength };
    }
    push
}

fn away_from_walls(seen: &Seen, pieces: &[Segment], k: usize) -> Vec2 {
    let here = seen.position(k);
    let mut push = Vec2::ZERO;
    for piece in pieces {
        let to = piece.nearest(here) - here;
        let distance = to.length().max(1e-3);
        let strength = WALL_BEND * decay((distance - TURNED * seen.outline[k].half_breadth_m) / WALL_REACH_M);
        push -= to * (strength / distance);
    }
    push
}

/// The direction, but never back: then straight aside.
fn forwards(bent: Vec2, way: Vec2) -> Vec2 {
    let direction = bent.normalize_or(way);
    let along = direction.dot(way);
    if along < 0.0 { (direction - way * along).normalize_or(way) } else { direction }
}

fn speed(seen: &Seen, pieces: &[Segment], k: usize, (heading, wish): (Vec2, Wish), near: &[Near]) -> f32 {
    let outline = seen.outline[k];
    let mut room = wish.free_m_s * TIME_GAP_S;
    let mut squeeze = room;
    for &(to, j) in near {
        let goes_first = seen.goal[j] != seen.goal[k] || seen.left_m[j] <= seen.left_m[k];
        if to.dot(heading) <= 0.0 || !goes_first {
            continue;
        }
        let side = to.perp_dot(heading).abs();
        let width = outline.half_breadth_m + seen.outline[j].half_width(seen.heading[j].perp_dot(heading));
        if side > BESIDE * width {
            continue;
        }
        let distance = to.length();
        let contact = outline.contact(heading, (seen.outline[j], seen.heading[j]), to / distance);
        let beside = (side / width - IN_THE_WAY).max(0.0) / (BESIDE - IN_THE_WAY);
        let gap = distance - contact - STOP_M + beside * BESIDE_GAP_M;
        let least = if seen.goal[j] == seen.goal[k] { &mut room } else { &mut squeeze };
        if gap < *least && !is_hidden(pieces, seen.position(k), to) {
            *least = gap;
        }
    }
    let free = wish.free_m_s;
    let through = (squeeze / TIME_GAP_S).max(SQUEEZE_M_S.min(free));
    (room / TIME_GAP_S).min(through).clamp(0.0, free)
}

#[inline]
fn is_hidden(pieces: &[Segment], here: Vec2, to: Vec2) -> bool {
    pieces.iter().any(|piece| piece.is_between(here, here + to))
}

/// One at nothing and below, and smaller by a factor of e for every one more. Arithmetic only, so that it is
/// the same on every machine; off by less than one in ten thousand.
#[inline]
fn decay(x: f32) -> f32 {
    let t = (-x * std::f32::consts::LOG2_E).clamp(-100.0, 0.0);
    let whole = (t - 0.5) as i32;
    let rest = (t - whole as f32) * std::f32::consts::LN_2;
    let series = 1.0 + rest * (1.0 + rest * (0.5 + rest * (1.0 / 6.0 + rest * (1.0 / 24.0))));
    f32::from_bits(((whole + 127) << 23) as u32) * series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_decays_as_the_exponential_does() {
        for i in 0..900 {
            let x = i as f32 / 20.0;
            let exact = libm::expf(-x);
            assert!((decay(x) - exact).abs() <= 1e-4 * exact, "{x}: {} is not {exact}", decay(x));
        }
        assert_eq!((decay(0.0), decay(-3.0)), (1.0, 1.0));
        assert!(decay(1e9) < 1e-20);
    }
}
