//! What one person sees of the others: a column for each property, so that the processor works on several of
//! them at once.

use super::decay::decay4;
use super::outline::Outline;
use super::seen::Seen;
use bevy::prelude::*;
use wide::f32x4;

/// How far people take note of each other, m: who walks 2 m/s keeps about one metre clear, from middle to
/// middle one and a half.
pub(super) const SIGHT_M: f32 = 1.5;

/// More people than these around somebody are not looked at: nobody sees so many.
const MOST: usize = 96;

/// Strength and reach of turning away from other people: lengths of the wish to go on, and m. The
/// collision-free speed model was published with 5 and 0.1; weaker here, since bodies that are ellipses need
/// less room. Calibrated with the rest of this file on the bottlenecks and corridors in `tests/validation`.
const BEND: f32 = 1.5;
const BEND_REACH_M: f32 = 0.10;

/// Of that, towards those who are to give way.
const BEND_BEHIND: f32 = 0.3;

/// A weaker bend than this is none.
const BEND_LEAST: f32 = 0.01;

/// Clear distance at which people stop, m. Calibrated on the speeds at three people a square metre.
const STOP_M: f32 = 0.06;

/// Whoever walks this far aside is wholly in the way, and beyond the other, not at all: people turn their
/// shoulders. Shares of the two half widths; calibrated on the widths at which two people fit through side by
/// side.
const IN_THE_WAY: f32 = 0.45;
const BESIDE: f32 = 0.75;

/// What the gap to somebody who is only just in the way counts for more, m. Calibrated with the former.
const BESIDE_GAP_M: f32 = 0.75;

/// So many are worked on at once.
const LANES: usize = 4;

/// A property of everybody in sight.
type Column = [[f32; LANES]; MOST / LANES];

const NOTHING: Column = [[0.0; LANES]; MOST / LANES];

/// Who is in sight of one person.
pub(super) struct Sight {
    count: usize,
    who: [u32; MOST],
    /// Where from here, m.
    x: Column,
    y: Column,
    /// Which way they look.
    heading_x: Column,
    heading_y: Column,
    /// Half their depth and half their breadth, m.
    depth: Column,
    breadth: Column,
    /// How much they count when this person turns away from them: less if they are to give way.
    share: Column,
    /// Nothing for those whom this person gives way to, infinite for the others, m.
    gives_way: Column,
    /// Whether they have the same goal.
    is_same_way: [bool; MOST],
    /// How far away they are, and how far of that is their own body, m.
    distance: Column,
    edge: Column,
    /// The bend that each causes, or the gap to each, as worked out last.
    bend_x: Column,
    bend_y: Column,
    gap: Column,
}

impl Default for Sight {
    fn default() -> Self {
        Self {
            count: 0,
            who: [0; MOST],
            x: NOTHING,
            y: NOTHING,
            heading_x: NOTHING,
            heading_y: NOTHING,
            depth: NOTHING,
            breadth: NOTHING,
            share: NOTHING,
            gives_way: NOTHING,
            is_same_way: [false; MOST],
            distance: NOTHING,
            edge: NOTHING,
            bend_x: NOTHING,
            bend_y: NOTHING,
            gap: NOTHING,
        }
    }
}

impl Sight {
    /// How many are in sight.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// Somebody looks round; how near the nearest is, m, if anybody is in sight.
    pub(super) fn look(&mut self, seen: &Seen, k: usize) -> f32 {
        self.find(seen, k);
        let (left_m, goal) = (seen.left_m[k], seen.goal[k]);
        for n in 0..self.count {
            let j = self.who[n] as usize;
            let (heading, outline) = (seen.heading[j], seen.outline[j]);
            set(&mut self.heading_x, n, heading.x);
            set(&mut self.heading_y, n, heading.y);
            set(&mut self.depth, n, outline.half_depth_m);
            set(&mut self.breadth, n, outline.half_breadth_m);
            let is_same_way = seen.goal[j] == goal;
            self.is_same_way[n] = is_same_way;
            // A total order, also of two who have equally far to go.
            let is_ahead = (seen.left_m[j] < left_m) | ((seen.left_m[j] == left_m) & (j < k));
            let goes_first = !is_same_way | is_ahead;
            set(&mut self.share, n, if goes_first { 1.0 } else { BEND_BEHIND });
            set(&mut self.gives_way, n, if goes_first { 0.0 } else { f32::INFINITY });
        }
        let mut nearest = f32::INFINITY;
        for c in 0..self.chunks() {
            let (x, y) = (f32x4::new(self.x[c]), f32x4::new(self.y[c]));
            let squared = x * x + y * y;
            let distance = squared.sqrt();
            let along = x * f32x4::new(self.heading_x[c]) + y * f32x4::new(self.heading_y[c]);
            let edge = edge(f32x4::new(self.depth[c]), f32x4::new(self.breadth[c]), squared, along);
            self.distance[c] = distance.to_array();
            self.edge[c] = edge.to_array();
        }
        for n in 0..self.count {
            nearest = nearest.min(get(&self.distance, n));
        }
        nearest
    }

    /// Collects who is in sight.
    #[inline]
    fn find(&mut self, seen: &Seen, k: usize) {
        let here = seen.position(k);
        let mut count = 0;
        for row in seen.in_sight(k) {
            let first = row.start as u32;
            let places = seen.x[row.clone()].iter().zip(&seen.y[row]);
            for ((x, y), j) in places.zip(first..) {
                let (x, y) = (x - here.x, y - here.y);
                let squared = x * x + y * y;
                // Written whether or not it is kept: no branch to guess wrong.
                set(&mut self.x, count, x);
                set(&mut self.y, count, y);
                self.who[count] = j;
                count += usize::from((squared < SIGHT_M * SIGHT_M) & (squared > 1e-6));
                count = count.min(MOST - 1);
            }
        }
        self.count = count;
    }

    /// How many are worked on, in fours; nobody is in the last few places.
    #[inline]
    fn chunks(&self) -> usize {
        self.count.div_ceil(LANES).min(MOST / LANES)
    }

    /// The sum of turning away from everybody, for somebody with this outline and heading who wants to go
    /// this way. Whoever `is_hidden`, by where they are from here, counts for nothing.
    #[inline]
    pub(super) fn bend(
        &mut self,
        (outline, heading): (Outline, Vec2),
        way: Vec2,
        is_hidden: impl Fn(Vec2) -> bool,
    ) -> Vec2 {
        let (depth, breadth) = (f32x4::splat(outline.half_depth_m), f32x4::splat(outline.half_breadth_m));
        let (heading_x, heading_y) = (f32x4::splat(heading.x), f32x4::splat(heading.y));
        let (way_x, way_y) = (f32x4::splat(way.x), f32x4::splat(way.y));
        let right = way.perp() * 0.5;
        let (right_x, right_y) = (f32x4::splat(right.x), f32x4::splat(right.y));
        for c in 0..self.chunks() {
            let (x, y) = (f32x4::new(self.x[c]), f32x4::new(self.y[c]));
            let distance = f32x4::new(self.distance[c]);
            let own = edge(depth, breadth, distance * distance, x * heading_x + y * heading_y);
            let gap = distance - own - f32x4::new(self.edge[c]);
            let full = decay4(gap * f32x4::splat(1.0 / BEND_REACH_M)) * f32x4::splat(BEND);
            let is_before = (x * way_x + y * way_y).simd_ge(distance * f32x4::splat(-0.1));
            let counts = is_before & full.simd_ge(f32x4::splat(BEND_LEAST));
            let strength = counts.bitselect(full * f32x4::new(self.share[c]), f32x4::ZERO);
            // Straight at each other: both step to their right.
            let is_ahead = (x * way_y - y * way_x).abs().simd_lt(distance * f32x4::splat(0.05));
            let facing = f32x4::new(self.heading_x[c]) * way_x + f32x4::new(self.heading_y[c]) * way_y;
            let meets = (is_ahead & facing.simd_lt(f32x4::ZERO)).bitselect(strength, f32x4::ZERO);
            let share = strength / distance;
            self.bend_x[c] = (x * share + right_x * meets).to_array();
            self.bend_y[c] = (y * share + right_y * meets).to_array();
        }
        let mut bend = Vec2::ZERO;
        for n in 0..self.count {
            let away = Vec2::new(get(&self.bend_x, n), get(&self.bend_y, n));
            if away != Vec2::ZERO && !is_hidden(self.to(n)) {
                bend -= away;
            }
        }
        bend
    }

    /// The least gap, m, to whoever is in the way of somebody with this outline who heads there and gives way
    /// to them: among those with the same goal, and among the others. At most so much.
    #[inline]
    pub(super) fn gaps(
        &mut self,
        outline: Outline,
        heading: Vec2,
        most_m: f32,
        is_hidden: impl Fn(Vec2) -> bool,
    ) -> (f32, f32) {
        let (depth, breadth) = (f32x4::splat(outline.half_depth_m), f32x4::splat(outline.half_breadth_m));
        let (heading_x, heading_y) = (f32x4::splat(heading.x), f32x4::splat(heading.y));
        for c in 0..self.chunks() {
            let (x, y) = (f32x4::new(self.x[c]), f32x4::new(self.y[c]));
            let distance = f32x4::new(self.distance[c]);
            let along = x * heading_x + y * heading_y;
            let aside = (x * heading_y - y * heading_x).abs();
            let sine = f32x4::new(self.heading_x[c]) * heading_y - f32x4::new(self.heading_y[c]) * heading_x;
            let across = (sine * sine).fast_min(f32x4::ONE);
            let (a, b) = (f32x4::new(self.depth[c]), f32x4::new(self.breadth[c]));
            let width = breadth + (b * b * (f32x4::ONE - across) + a * a * across).sqrt();
            let beside = (aside / width - f32x4::splat(IN_THE_WAY)).fast_max(f32x4::ZERO)
                * f32x4::splat(BESIDE_GAP_M / (BESIDE - IN_THE_WAY));
            let own = edge(depth, breadth, distance * distance, along);
            let bodies = own + f32x4::new(self.edge[c]) + f32x4::splat(STOP_M);
            let gap = distance - bodies + beside + f32x4::new(self.gives_way[c]);
            let is_in_the_way = along.simd_gt(f32x4::ZERO) & aside.simd_le(width * f32x4::splat(BESIDE));
            self.gap[c] = is_in_the_way.bitselect(gap, f32x4::splat(f32::INFINITY)).to_array();
        }
        let mut least = [most_m; 2];
        for n in 0..self.count {
            let (gap, least) = (get(&self.gap, n), &mut least[usize::from(self.is_same_way[n])]);
            if gap < *least && !is_hidden(self.to(n)) {
                *least = gap;
            }
        }
        (least[1], least[0])
    }

    fn to(&self, n: usize) -> Vec2 {
        Vec2::new(get(&self.x, n), get(&self.y, n))
    }
}

#[inline]
fn get(column: &Column, n: usize) -> f32 {
    column.as_flattened()[n]
}

#[inline]
fn set(column: &mut Column, n: usize, value: f32) {
    column.as_flattened_mut()[n] = value;
}

/// From the middle of an ellipse to its edge, m, towards a point at this distance, squared, of which so much
/// lies along its heading.
#[inline]
fn edge(depth: f32x4, breadth: f32x4, squared: f32x4, along: f32x4) -> f32x4 {
    let (a, b) = (depth * depth, breadth * breadth);
    depth * breadth * (squared / (a * squared + (b - a) * along * along)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edge_is_that_of_the_outline() {
        let outline = Outline { half_depth_m: 0.14, half_breadth_m: 0.225 };
        for i in 0..64 {
            let way = Vec2::new(libm::cosf(i as f32 / 10.0), libm::sinf(i as f32 / 10.0));
            let to = way * 0.8;
            let [squared, along] = [to.length_squared(), to.dot(Vec2::Y)].map(f32x4::splat);
            let found = edge(f32x4::splat(0.14), f32x4::splat(0.225), squared, along).to_array()[0];
            assert!((found - outline.radius(way.dot(Vec2::Y))).abs() < 1e-5);
        }
    }
}
