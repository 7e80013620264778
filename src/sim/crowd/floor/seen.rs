//! Everybody as others see them, sorted by the square of the floor they stand in, an array for each property.

use super::outline::Outline;
use super::sight::SIGHT_M;
use bevy::prelude::*;
use std::ops::Range;

/// Where people are this many a square metre or more, squares are half as large as people see, and else as
/// large: then most are empty.
const DENSE_M2: f32 = 0.5;

/// Squares that people see each way, at most.
const REACH: usize = 2;

/// More squares than these are never made: if people are further apart, squares are larger.
const SQUARES_MAX: f32 = 4_000_000.0;

/// One body as others see it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Body {
    /// Where its middle is, m.
    pub position: Vec2,
    /// Which way it looks; of length 1.
    pub heading: Vec2,
    /// Its outline.
    pub outline: Outline,
    /// How far it is from its goal, m: whoever has less goes first.
    pub left_m: f32,
    /// Its goal's number: only those with the same goal wait for each other.
    pub goal: u32,
}

/// Everybody, sorted.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Where everybody's middle is, across and along the floor, m.
    pub x: Vec<f32>,
    /// The same, along.
    pub y: Vec<f32>,
    pub(super) heading: Vec<Vec2>,
    pub(super) outline: Vec<Outline>,
    pub(super) left_m: Vec<f32>,
    pub(super) goal: Vec<u32>,
    /// Who each of them was before they were sorted.
    pub(super) who: Vec<u32>,
    /// The square that each stands in.
    square: Vec<u32>,
    /// Where each square's people begin.
    starts: Vec<u32>,
    columns: usize,
    /// Squares that people see each way.
    reach: usize,
    /// Further away than this no two bodies touch, m.
    pub(super) touch_m: f32,
    /// Kept for their memory.
    unsorted: Vec<u32>,
    next: Vec<u32>,
}

impl Seen {
    /// Takes these in.
    pub fn sort(&mut self, bodies: &[Body]) {
        self.count(bodies);
        self.who.clear();
        self.who.resize(bodies.len(), 0);
        self.next.clone_from(&self.starts);
        for (i, square) in self.unsorted.iter().enumerate() {
            if let Some(next) = self.next.get_mut(*square as usize) {
                if let Some(who) = self.who.get_mut(*next as usize) {
                    *who = i as u32;
                }
                *next += 1;
            }
        }
        let sorted = || self.who.iter().map(|i| (*i as usize, &bodies[*i as usize]));
        gather(&mut self.x, sorted().map(|(_, b)| b.position.x));
        gather(&mut self.y, sorted().map(|(_, b)| b.position.y));
        gather(&mut self.heading, sorted().map(|(_, b)| b.heading));
        gather(&mut self.outline, sorted().map(|(_, b)| b.outline));
        gather(&mut self.left_m, sorted().map(|(_, b)| b.left_m));
        gather(&mut self.goal, sorted().map(|(_, b)| b.goal));
        gather(&mut self.square, sorted().map(|(i, _)| self.unsorted[i]));
    }

    /// Finds everybody's square, and how many stand before each.
    fn count(&mut self, bodies: &[Body]) {
        let low = bodies.iter().map(|b| b.position).reduce(Vec2::min).unwrap_or_default();
        let high = bodies.iter().map(|b| b.position).reduce(Vec2::max).unwrap_or_default();
        let size = high - low;
        let largest = bodies.iter().map(|b| b.outline.half_depth_m.max(b.outline.half_breadth_m));
        self.touch_m = (2.0 * largest.fold(0.0, f32::max)).min(SIGHT_M);
        self.reach = if bodies.len() as f32 >= DENSE_M2 * size.x * size.y { REACH } else { 1 };
        let square_m = SIGHT_M / self.reach as f32;
        let edge = square_m.max((size.x * size.y / SQUARES_MAX).sqrt()).max(size.max_element() / SQUARES_MAX);
        // A border of empty squares all round, so that everybody's neighbourhood is there.
        let columns = (size.x / edge) as usize + 1 + 2 * REACH;
        let rows = (size.y / edge) as usize + 1 + 2 * REACH;
        self.columns = columns;
        self.starts.clear();
        self.starts.resize(columns * rows + 1, 0);
        self.unsorted.clear();
        for body in bodies {
            let at = (body.position - low) / edge;
            let square = (at.y as usize + REACH) * columns + at.x as usize + REACH;
            self.unsorted.push(square as u32);
            if let Some(next) = self.starts.get_mut(square + 1) {
                *next += 1;
            }
        }
        let mut before = 0;
        for start in &mut self.starts {
            before += *start;
            *start = before;
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.x.len()
    }

    /// Whether nobody is there.
    pub fn is_empty(&self) -> bool {
        self.x.is_empty()
    }

    /// Where somebody's middle is, m.
    #[inline]
    pub fn position(&self, k: usize) -> Vec2 {
        Vec2::new(self.x[k], self.y[k])
    }

    /// Everybody whom somebody may see: a range for each row of squares.
    #[inline]
    pub(super) fn in_sight(&self, k: usize) -> impl Iterator<Item = Range<usize>> {
        self.around(k, self.reach)
    }

    /// Everybody whom somebody may touch.
    #[inline]
    pub(super) fn within_touch(&self, k: usize) -> impl Iterator<Item = Range<usize>> {
        let is_near = self.touch_m * self.reach as f32 <= SIGHT_M;
        self.around(k, if is_near { 1 } else { self.reach })
    }

    #[inline]
    fn around(&self, k: usize, reach: usize) -> impl Iterator<Item = Range<usize>> {
        let first = self.square[k] as usize - reach * (self.columns + 1);
        (0..=2 * reach).map(move |row| {
            let from = first + row * self.columns;
            self.starts[from] as usize..self.starts[from + 2 * reach + 1] as usize
        })
    }
}

fn gather<T>(into: &mut Vec<T>, from: impl Iterator<Item = T>) {
    into.clear();
    into.extend(from);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(x: f32, y: f32) -> Body {
        let outline = Outline { half_depth_m: 0.14, half_breadth_m: 0.22 };
        Body { position: Vec2::new(x, y), heading: Vec2::Y, outline, left_m: 1.0, goal: 0 }
    }

    #[test]
    fn everybody_in_sight_is_found_and_nobody_twice() {
        for crowded in [1.0, 5.0] {
            let place = |i: i32, by: i32, of: i32| (i * by % of) as f32 / (12.0 * crowded);
            let bodies: Vec<Body> =
                (0..500).map(|i| body(place(i, 7_919, 1_009) - 4.0, place(i, 104_729, 1_013))).collect();
            let mut seen = Seen::default();
            seen.sort(&bodies);
            assert_eq!(seen.reach, if crowded > 1.0 { 2 } else { 1 });
            for k in 0..seen.len() {
                let near: Vec<usize> = seen.in_sight(k).flatten().collect();
                let touching: Vec<usize> = seen.within_touch(k).flatten().collect();
                assert!(near.contains(&k) && near.is_sorted_by(|a, b| a < b));
                for j in 0..seen.len() {
                    let distance = seen.position(j).distance(seen.position(k));
                    assert!(distance >= SIGHT_M || near.binary_search(&j).is_ok());
                    assert!(distance >= SIGHT_M / 2.0 || touching.binary_search(&j).is_ok());
                }
            }
        }
    }

    #[test]
    fn people_far_apart_do_not_take_all_the_memory_there_is() {
        let mut seen = Seen::default();
        seen.sort(&[body(-1e6, -1e6), body(1e6, 1e6), body(1e6, 1e6 - 0.1)]);
        assert!(seen.starts.len() < 2 * SQUARES_MAX as usize);
        assert_eq!(seen.in_sight(2).flatten().count(), 2);
    }
}
