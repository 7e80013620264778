//! What one person sees of the others: a column for each property, so that the processor works on several of
//! them at once.

use super::decay::decay;
use super::outline::Outline;
use super::seen::Seen;
use bevy::prelude::*;

/// How far people take note of each other, m: who walks 2 m/s keeps about one metre clear, from middle to
/// middle one and a half.
pub(super) const SIGHT_M: f32 = 1.5;

/// More people than these around somebody are not looked at: nobody sees so many.
const MOST: usize = 96;

/// So many are worked on at once at least; there may be nobody in the last few places.
const AT_ONCE: usize = 4;

/// Beyond this distance nobody turns away from anybody, m: less than a hundredth of the whole is left of it.
const BEND_SIGHT_M: f32 = 1.0;

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

type Column = [f32; MOST];

/// Who is in sight of one person.
pub(super) struct Sight {
    count: usize,
    who: [u32; MOST],
    /// Where from here, m.
    x: Column,
    y: Column,
    distance: Column,
    /// Which way they look.
    heading_x: Column,
    heading_y: Column,
    /// Half their depth and half their breadth, m.
    depth: Column,
    breadth: Column,
    /// From their middle to their edge on this side, m.
    edge: Column,
    /// Whether this person is to give way to them.
    goes_first: [bool; MOST],
    /// Whether they have the same goal.
    is_same_way: [bool; MOST],
    /// The bend of each, or the gap to each, as worked out last.
    strength: Column,
    bend_x: Column,
    bend_y: Column,
    gap: Column,
}

impl Default for Sight {
    fn default() -> Self {
        Self {
            count: 0,
            who: [0; MOST],
            x: [0.0; MOST],
            y: [0.0; MOST],
            distance: [0.0; MOST],
            heading_x: [0.0; MOST],
            heading_y: [0.0; MOST],
            depth: [0.0; MOST],
            breadth: [0.0; MOST],
            edge: [0.0; MOST],
            goes_first: [false; MOST],
            is_same_way: [false; MOST],
            strength: [0.0; MOST],
            bend_x: [0.0; MOST],
            bend_y: [0.0; MOST],
            gap: [0.0; MOST],
        }
    }
}

impl Sight {
    /// How many are in sight.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// Somebody looks round.
    pub(super) fn look(&mut self, seen: &Seen, k: usize) {
        self.find(seen, k);
        let (left_m, goal) = (seen.left_m[k], seen.goal[k]);
        for n in 0..self.count {
            let j = self.who[n] as usize;
            let (heading, outline) = (seen.heading[j], seen.outline[j]);
            (self.heading_x[n], self.heading_y[n]) = (heading.x, heading.y);
            (self.depth[n], self.breadth[n]) = (outline.half_depth_m, outline.half_breadth_m);
            let is_same_way = seen.goal[j] == goal;
            self.is_same_way[n] = is_same_way;
            // A total order, also of two who have equally far to go.
            let is_ahead = (seen.left_m[j] < left_m) | ((seen.left_m[j] == left_m) & (j < k));
            self.goes_first[n] = !is_same_way | is_ahead;
        }
        for n in 0..self.padded() {
            let (x, y, depth, breadth) = (self.x[n], self.y[n], self.depth[n], self.breadth[n]);
            let squared = x * x + y * y;
            self.distance[n] = squared.sqrt();
            let along = x * self.heading_x[n] + y * self.heading_y[n];
            self.edge[n] = edge(depth, breadth, squared, along);
        }
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
                (self.x[count], self.y[count], self.who[count]) = (x, y, j);
                count += usize::from((squared < SIGHT_M * SIGHT_M) & (squared > 1e-6));
                count = count.min(MOST - 1);
            }
        }
        self.count = count;
    }

    /// The number of places that are worked on.
    #[inline]
    fn padded(&self) -> usize {
        self.count.next_multiple_of(AT_ONCE).min(MOST)
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
        let (depth, breadth) = (outline.half_depth_m, outline.half_breadth_m);
        let right = way.perp() * 0.5;
        for n in 0..self.padded() {
            let (x, y, distance) = (self.x[n], self.y[n], self.distance[n]);
            let along = x * heading.x + y * heading.y;
            let own = edge(depth, breadth, distance * distance, along);
            let full = BEND * decay((distance - own - self.edge[n]) * (1.0 / BEND_REACH_M));
            let is_behind = x * way.x + y * way.y < -0.1 * distance;
            let counts = (distance <= BEND_SIGHT_M) & !is_behind & (full >= BEND_LEAST);
            let share = if self.goes_first[n] { 1.0 } else { BEND_BEHIND };
            let strength = if counts { full * share } else { 0.0 };
            // Straight at each other: both step to their right.
            let is_ahead = (x * way.y - y * way.x).abs() < 0.05 * distance;
            let is_opposed = self.heading_x[n] * way.x + self.heading_y[n] * way.y < 0.0;
            let meets = if is_ahead & is_opposed { strength } else { 0.0 };
            let share = strength / distance;
            self.strength[n] = strength;
            self.bend_x[n] = x * share + right.x * meets;
            self.bend_y[n] = y * share + right.y * meets;
        }
        let mut bend = Vec2::ZERO;
        for n in 0..self.count {
            if self.strength[n] > 0.0 && !is_hidden(Vec2::new(self.x[n], self.y[n])) {
                bend -= Vec2::new(self.bend_x[n], self.bend_y[n]);
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
        let (depth, breadth) = (outline.half_depth_m, outline.half_breadth_m);
        for n in 0..self.padded() {
            let (x, y, distance) = (self.x[n], self.y[n], self.distance[n]);
            let along = x * heading.x + y * heading.y;
            let aside = (x * heading.y - y * heading.x).abs();
            let sine = self.heading_x[n] * heading.y - self.heading_y[n] * heading.x;
            let across = (sine * sine).min(1.0);
            let (a, b) = (self.depth[n], self.breadth[n]);
            let width = breadth + (b * b * (1.0 - across) + a * a * across).sqrt();
            let beside = (aside / width - IN_THE_WAY).max(0.0) * (BESIDE_GAP_M / (BESIDE - IN_THE_WAY));
            let own = edge(depth, breadth, distance * distance, along);
            let gap = distance - own - self.edge[n] - STOP_M + beside;
            let is_in_the_way = (along > 0.0) & (aside <= BESIDE * width) & self.goes_first[n];
            self.gap[n] = if is_in_the_way { gap } else { f32::INFINITY };
        }
        let mut least = [most_m; 2];
        for n in 0..self.count {
            let least = &mut least[usize::from(self.is_same_way[n])];
            if self.gap[n] < *least && !is_hidden(Vec2::new(self.x[n], self.y[n])) {
                *least = self.gap[n];
            }
        }
        (least[1], least[0])
    }
}

/// From the middle of an ellipse to its edge, m, towards a point at this distance, squared, of which so much
/// lies along its heading.
#[inline]
fn edge(depth: f32, breadth: f32, squared: f32, along: f32) -> f32 {
    let (a, b) = (depth * depth, breadth * breadth);
    depth * breadth * (squared / (a * squared + (b - a).max(0.0) * along * along)).sqrt()
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
            let found = edge(0.14, 0.225, to.length_squared(), to.dot(Vec2::Y));
            assert!((found - outline.radius(way.dot(Vec2::Y))).abs() < 1e-5);
        }
    }
}
