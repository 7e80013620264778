//! Which way somebody turns, and how fast they walk.

use super::decay::decay;
use super::seen::Seen;
use super::sight::Sight;
use crate::sim::ground::segment::Segment;
use crate::sim::ground::walls::Walls;
use bevy::prelude::*;

/// Strength and reach of turning away from walls. Calibrated.
const WALL_BEND: f32 = 0.5;
const WALL_REACH_M: f32 = 0.05;

/// Walls further away than this, beyond half a breadth, turn nobody: less than a hundredth is left, m.
const WALL_SIGHT_M: f32 = 0.25;

/// Walls are kept clear of by this share of half the breadth: near them people turn their shoulders.
/// Calibrated.
const TURNED: f32 = 0.85;

/// Time gap to whoever is ahead, s. Calibrated on the flow through 0.55 to 0.8 m and on the speeds over
/// density in corridors.
const TIME_GAP_S: f32 = 0.57;

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

/// Among so many people in sight or more nobody overtakes. Calibrated: more than about one and a half a
/// square metre.
const CROWDED: usize = 10;

/// How fast people can turn: the share of a new direction that they take up in a second, 1/s. Calibrated.
const TURN_PER_S: f32 = 12.0;

/// How fast people pick up speed, m/s². Assumed.
const PICK_UP_M_S2: f32 = 2.5;

/// How fast somebody still goes on whose way is barred only by people with other goals, m/s: they squeeze
/// through. Assumed.
const SQUEEZE_M_S: f32 = 0.35;

/// Nobody who is this much further away than bodies touch, m, gets in touch within a step: two who walk 3 m/s
/// at each other for 25 ms come 0.15 m nearer.
const TOUCH_SPARE_M: f32 = 0.2;

/// What is the same for everybody in a step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Length {
    /// The share of a new direction that people take up.
    turn: f32,
    /// How much faster they can get, m/s.
    pick_up_m_s: f32,
}

impl Length {
    /// A step of so many seconds.
    pub(super) fn of(dt_s: f32) -> Self {
        Self { turn: 1.0 - decay(TURN_PER_S * dt_s), pick_up_m_s: PICK_UP_M_S2 * dt_s }
    }
}

/// What somebody does in a step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Step {
    /// The new heading; of length 1.
    pub heading: Vec2,
    /// The speed, m/s.
    pub speed_m_s: f32,
    /// Whether nobody is near enough to get in touch.
    pub is_alone: bool,
    /// How crowded it is here: 0 alone, 1 where nobody overtakes any more.
    pub crowding: f32,
}

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

/// What somebody takes up for a step of this length.
pub(super) fn steer(
    seen: &Seen,
    walls: &Walls,
    k: usize,
    wish: Wish,
    length: Length,
    sight: &mut Sight,
) -> Step {
    let now = seen.heading[k];
    if wish.way == Vec2::ZERO {
        return Step { heading: now, ..Step::default() };
    }
    let is_alone = sight.look(seen, k) > seen.touch_m + TOUCH_SPARE_M;
    let (here, outline) = (seen.position(k), seen.outline[k]);
    let pieces = walls.near(here);
    let is_hidden = |to: Vec2| pieces.iter().any(|piece| piece.is_between(here, here + to));
    let most_m = wish.free_m_s * TIME_GAP_S;
    let crowding = (sight.len() as f32 / CROWDED as f32).min(1.0);
    let away = sight.bend((outline, now), wish.way, is_hidden);
    let bent = wish.way + away + away_from_walls(pieces, here, TURNED * outline.half_breadth_m);
    let mut pace = |heading: Vec2| speed(wish.free_m_s, sight.gaps(outline, heading, most_m, is_hidden));
    let mut heading = towards(now, forwards(bent, wish.way), length.turn);
    let mut speed_m_s = pace(heading);
    if speed_m_s < HELD_UP * wish.free_m_s
        && crowding < 1.0
        && let Some(past) = way_past(pieces, here, wish.way, speed_m_s * heading.dot(wish.way), &mut pace)
    {
        heading = towards(now, past, length.turn);
        speed_m_s = pace(heading);
    }
    let speed_m_s = speed_m_s.min(wish.speed_m_s + length.pick_up_m_s);
    Step { heading, speed_m_s, is_alone, crowding }
}

/// The speed, m/s, for these gaps to whoever is ahead on the same way and on others.
fn speed(free_m_s: f32, (room_m, squeeze_m): (f32, f32)) -> f32 {
    let through = (squeeze_m / TIME_GAP_S).max(SQUEEZE_M_S.min(free_m_s));
    (room_m / TIME_GAP_S).min(through).clamp(0.0, free_m_s)
}

/// A share of the turn from one heading to another.
fn towards(now: Vec2, wanted: Vec2, turn: f32) -> Vec2 {
    // Half way between one direction and its opposite there is none: people turn round by their right.
    let by_way_of = if now.dot(wanted) < -0.9 { -now.perp() } else { wanted };
    now.lerp(by_way_of, turn).normalize_or(wanted)
}

/// The heading that leads on best past whoever holds somebody up, of whom `pace` tells the speed on every
/// heading; `None` if none is worth it, for somebody who gets on at `gets_on` m/s as it is.
fn way_past(
    pieces: &[Segment],
    here: Vec2,
    way: Vec2,
    gets_on: f32,
    pace: &mut impl FnMut(Vec2) -> f32,
) -> Option<Vec2> {
    let mut best = (WORTH_IT * gets_on + WORTH_IT_M_S, None);
    for aside in PAST {
        let past = aside.rotate(way);
        let there = here + past * PAST_REACH_M;
        let is_barred = |piece: &Segment| {
            piece.nearest(there).distance(there) < PAST_WALL_M || piece.is_between(here, there)
        };
        if pieces.iter().any(is_barred) {
            continue;
        }
        let progress = pace(past) * past.dot(way);
        if progress > best.0 {
            best = (progress, Some(past));
        }
    }
    best.1
}

/// Away from these walls, for somebody who keeps clear of them by so much, m.
fn away_from_walls(pieces: &[Segment], here: Vec2, clear_m: f32) -> Vec2 {
    let far = clear_m + WALL_SIGHT_M;
    let mut push = Vec2::ZERO;
    for piece in pieces {
        let to = piece.nearest(here) - here;
        let squared = to.length_squared();
        if squared < far * far {
            let distance = squared.sqrt().max(1e-3);
            push -= to * (WALL_BEND * decay((distance - clear_m) / WALL_REACH_M) / distance);
        }
    }
    push
}

/// The direction, but never back: then straight aside.
fn forwards(bent: Vec2, way: Vec2) -> Vec2 {
    let direction = bent.normalize_or(way);
    let along = direction.dot(way);
    if along < 0.0 { (direction - way * along).normalize_or(way) } else { direction }
}
