//! The shortest way round the walls, to every goal.
//!
//! A shortest way turns at corners only. So the distance from every corner to every goal is found once, from
//! corner to visible corner; and from anywhere else the way begins at the visible corner by which it is
//! shortest. Which one that is, is looked up for a small square of the floor when somebody first walks there.

use super::segment::Segment;
use super::walls::{Walls, bounds};
use crate::scenario::plan::Point;
use bevy::prelude::*;

/// Edge of a square of the floor, m. About half a body.
const SQUARE_M: f32 = 0.25;

/// How far from a corner people turn round it, m: half of a body with the shoulders turned, and a little air.
/// Calibrated on the widths through which two go side by side.
const BERTH_M: f32 = 0.22;

/// How near to the end of a wall a straight way may pass, m: half of a body with the shoulders turned.
const PASS_M: f32 = 0.18;

/// How far beyond the walls squares are kept, m; further out people go straight.
const MARGIN_M: f32 = 3.0;

/// A square whose way has not been looked for.
const UNKNOWN: u16 = u16::MAX;

/// A square from which the goal is in sight, or cannot be reached at all.
const STRAIGHT: u16 = u16::MAX - 1;

/// Beside a corner there is room to walk abreast if it is wider than this, m; through what is narrower people
/// go by the shortest way.
const NARROW_M: f32 = 1.5;

/// No more room than this beside a corner is looked for, m.
const ROOM_MAX_M: f32 = 6.0;

/// The next corner of a way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leg {
    /// Where it is.
    pub corner: Vec2,
    /// From there to the goal, m.
    pub rest_m: f32,
    /// From the corner as far across the way as people can walk abreast.
    pub room: Vec2,
}

/// The way on from a corner.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Way {
    /// Its length, m; infinite: there is none.
    left_m: f32,
    /// The corner after it.
    next: u16,
}

/// Squares along the edge of a tile. There are only the tiles in which somebody has been.
const TILE: usize = 16;

/// What is known of a tile; nothing yet, or something of each of its squares.
type Tile = Option<Box<[u16; TILE * TILE]>>;

/// Ways to goals.
#[derive(Clone, Debug, Default)]
pub struct Routes {
    goals: Vec<Segment>,
    corners: Vec<Vec2>,
    /// The room beside each of them.
    rooms: Vec<Vec2>,
    /// For every goal the way on from every corner.
    ways: Vec<Vec<Way>>,
    low: Vec2,
    columns: usize,
    rows: usize,
    /// For every goal and tile the corner to head for from each of its squares.
    next: Vec<Vec<Tile>>,
}

impl Routes {
    /// Ways to these goals, which are lines that somebody has to reach at any point. Whoever walks stays
    /// within the outline, if there is one.
    pub fn new(walls: &Walls, goals: Vec<Segment>, outline: &[Point]) -> Self {
        let Some((low, high)) = bounds(walls.segments()) else { return Self { goals, ..Self::default() } };
        let low = low - MARGIN_M;
        let size = ((high + MARGIN_M - low) / SQUARE_M).ceil();
        let mut found = corners(walls);
        found.retain(|(corner, _)| outline.is_empty() || point(*corner).is_within(outline));
        let rooms = found.iter().map(|(_, end)| room(walls, *end)).collect();
        let corners: Vec<Vec2> = found.into_iter().map(|(corner, _)| corner).collect();
        let ways = goals.iter().map(|goal| ways(walls, &corners, *goal)).collect();
        let (columns, rows) = (size.x as usize, size.y as usize);
        let next = vec![Vec::new(); goals.len()];
        Self { goals, corners, rooms, ways, low, columns, rows, next }
    }

    /// The goals, in order.
    pub fn goals(&self) -> &[Segment] {
        &self.goals
    }

    /// From here to a goal: the corner to head for first. `None`: straight to the goal.
    pub fn next(&mut self, walls: &Walls, from: Vec2, goal: usize) -> Option<Leg> {
        if self.corners.is_empty() {
            return None;
        }
        let (column, row) = self.square(from)?;
        let across = self.columns.div_ceil(TILE);
        let tiles = self.next.get_mut(goal)?;
        if tiles.is_empty() {
            tiles.resize(across * self.rows.div_ceil(TILE), None);
        }
        let tile = tiles.get_mut(row / TILE * across + column / TILE)?;
        let tile = tile.get_or_insert_with(|| Box::new([UNKNOWN; TILE * TILE]));
        let known = row % TILE * TILE + column % TILE;
        let mut corner = *tile.get(known)?;
        if corner == UNKNOWN {
            corner = self.look(walls, (column, row), goal);
            let tile = self.next.get_mut(goal)?.get_mut(row / TILE * across + column / TILE)?;
            *tile.as_mut()?.get_mut(known)? = corner;
        }
        let number = usize::from(corner);
        let (corner, room) = (*self.corners.get(number)?, *self.rooms.get(number)?);
        Some(Leg { corner, rest_m: self.ways.get(goal)?.get(number)?.left_m, room })
    }

    fn square(&self, point: Vec2) -> Option<(usize, usize)> {
        let at = (point - self.low) / SQUARE_M;
        let inside = at.x >= 0.0 && at.y >= 0.0 && at.x < self.columns as f32 && at.y < self.rows as f32;
        inside.then_some((at.x as usize, at.y as usize))
    }

    /// The middle of a square. Nobody gets so near to a wall that it is behind one.
    fn middle(&self, (column, row): (usize, usize)) -> Vec2 {
        let at = Vec2::new(column as f32, row as f32);
        self.low + (at + 0.5) * SQUARE_M
    }

    /// The corner to head for from anywhere in a square.
    fn look(&self, walls: &Walls, square: (usize, usize), goal: usize) -> u16 {
        let Some((line, ways)) = self.goals.get(goal).zip(self.ways.get(goal)) else { return STRAIGHT };
        let from = self.middle(square);
        if walls.is_clear(from, line.nearest(from), PASS_M) {
            return STRAIGHT;
        }
        let mut best = (f32::INFINITY, STRAIGHT);
        for (corner, way) in self.corners.iter().zip(ways) {
            // Whoever has got to a corner heads for the next one.
            if self.square(*corner) == Some(square) && way.left_m < best.0 {
                best = (way.left_m, way.next);
            }
        }
        if best.0.is_finite() {
            return best.1;
        }
        for (i, (corner, way)) in self.corners.iter().zip(ways).enumerate() {
            let all = from.distance(*corner) + way.left_m;
            if all < best.0 && walls.is_clear(from, *corner, PASS_M) {
                best = (all, u16::try_from(i).unwrap_or(STRAIGHT));
            }
        }
        best.1
    }
}

fn point(at: Vec2) -> Point {
    Point { x_m: at.x, y_m: at.y }
}

/// How far across the way people can walk abreast beside this end of a wall, on both sides of the corner.
fn room(walls: &Walls, end: Vec2) -> Vec2 {
    let arms = arms(walls, end);
    let (first, second) = match arms.as_slice() {
        [arm] => (-*arm, -*arm),
        // Across either arm, away from the other.
        [a, b] => {
            let across = |arm: Vec2, other: Vec2| arm.perp() * -arm.perp().dot(other).signum();
            (across(*a, *b), across(*b, *a))
        }
        _ => return Vec2::ZERO,
    };
    let wide = |out: Vec2| {
        let steps = 1..=(ROOM_MAX_M / SQUARE_M) as u32;
        let there = |step: &u32| end + out * (BERTH_M + *step as f32 * SQUARE_M);
        let is_free = |step: &u32| {
            walls.clearance(there(step)) >= PASS_M && walls.is_clear(end + out * BERTH_M, there(step), 0.0)
        };
        let free = steps.take_while(is_free).last().unwrap_or(0);
        let wide = free as f32 * SQUARE_M;
        if wide < NARROW_M { 0.0 } else { wide }
    };
    (first + second) * 0.5 * wide(first).min(wide(second)) * if arms.len() > 1 { 2.0 } else { 1.0 }
}

/// The ways in which walls lead off from an end of one of them; of length 1.
fn arms(walls: &Walls, end: Vec2) -> Vec<Vec2> {
    let pieces = walls.near(end).iter().filter(|s| s.a.distance(end) < 1e-3 || s.b.distance(end) < 1e-3);
    let arms = pieces.map(|s| if s.a.distance(end) < 1e-3 { s.b - s.a } else { s.a - s.b });
    arms.map(Vec2::normalize_or_zero).collect()
}

/// Where people turn, and the end of a wall that they turn round: around every one, at a berth from all
/// walls.
fn corners(walls: &Walls) -> Vec<(Vec2, Vec2)> {
    const DIAGONAL: f32 = std::f32::consts::FRAC_1_SQRT_2;
    const AROUND: [Vec2; 8] = [
        Vec2::X,
        Vec2::new(DIAGONAL, DIAGONAL),
        Vec2::Y,
        Vec2::new(-DIAGONAL, DIAGONAL),
        Vec2::NEG_X,
        Vec2::new(-DIAGONAL, -DIAGONAL),
        Vec2::NEG_Y,
        Vec2::new(DIAGONAL, -DIAGONAL),
    ];
    let mut corners: Vec<(Vec2, Vec2)> = Vec::new();
    for end in walls.segments().iter().flat_map(|s| [s.a, s.b]) {
        for way in AROUND {
            let corner = end + way * (BERTH_M * 1.05);
            let is_free = walls.clearance(corner) >= BERTH_M && is_turned_round(walls, end, corner);
            if is_free && corners.iter().all(|(c, _)| c.distance_squared(corner) > 1e-4) {
                corners.push((corner, end));
            }
        }
    }
    corners
}

/// Whether a way that turns at this end of a wall can lead by this point: not where two walls make a nook.
fn is_turned_round(walls: &Walls, end: Vec2, corner: Vec2) -> bool {
    let out = (corner - end).normalize_or_zero();
    arms(walls, end).into_iter().all(|arm| arm.dot(out) < 0.1)
}

/// The shortest way to a goal from every corner, found from the goal backwards.
fn ways(walls: &Walls, corners: &[Vec2], goal: Segment) -> Vec<Way> {
    let straight = |c: &Vec2| {
        let to = goal.nearest(*c);
        let left_m = if walls.is_clear(*c, to, PASS_M) { c.distance(to) } else { f32::INFINITY };
        Way { left_m, next: STRAIGHT }
    };
    let mut ways: Vec<Way> = corners.iter().map(straight).collect();
    let mut open: Vec<usize> = (0..corners.len()).collect();
    while let Some(at) =
        (0..open.len()).min_by(|a, b| ways[open[*a]].left_m.total_cmp(&ways[open[*b]].left_m))
    {
        let nearest = open.swap_remove(at);
        if ways[nearest].left_m.is_infinite() {
            break;
        }
        for other in &open {
            let left_m = ways[nearest].left_m + corners[nearest].distance(corners[*other]);
            if left_m < ways[*other].left_m && walls.is_clear(corners[nearest], corners[*other], PASS_M) {
                ways[*other] = Way { left_m, next: u16::try_from(nearest).unwrap_or(STRAIGHT) };
            }
        }
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A wall from the origin 10 m to the right, and a goal behind its middle.
    fn behind_a_wall() -> (Walls, Routes) {
        let walls = Walls::new(vec![Segment::new((0.0, 0.0), (10.0, 0.0))]);
        let routes = Routes::new(&walls, vec![Segment::new((4.0, 5.0), (4.0, 5.0))], &[]);
        (walls, routes)
    }

    #[test]
    fn the_way_leads_round_the_nearer_end() {
        let (walls, mut routes) = behind_a_wall();
        let Leg { corner, rest_m: left, .. } = routes.next(&walls, Vec2::new(3.0, -2.0), 0).unwrap();
        assert!(corner.distance(Vec2::ZERO) < 0.4, "{corner}");
        let straight = corner.distance(Vec2::new(4.0, 5.0));
        assert!(left >= straight - 1e-3 && left < straight + 1.0, "{left} of {straight}");
        let Leg { corner, .. } = routes.next(&walls, Vec2::new(9.0, -2.0), 0).unwrap();
        assert!(corner.distance(Vec2::new(10.0, 0.0)) < 0.4, "{corner}");
    }

    #[test]
    fn whoever_sees_the_goal_goes_straight() {
        let (walls, mut routes) = behind_a_wall();
        assert_eq!(routes.next(&walls, Vec2::new(3.0, 2.0), 0), None);
        assert_eq!(routes.next(&walls, Vec2::new(500.0, -2.0), 0), None, "far away");
        assert_eq!(routes.next(&walls, Vec2::new(3.0, -2.0), 7), None, "no such goal");
    }

    /// Walks from corner to corner; how long the way was.
    fn walk(walls: &Walls, routes: &mut Routes, mut at: Vec2, goal: usize) -> f32 {
        let mut way = 0.0;
        for _ in 0..4_000 {
            let target = routes
                .next(walls, at, goal)
                .map_or_else(|| routes.goals()[goal].nearest(at), |leg| leg.corner);
            let step = (target - at).clamp_length_max(0.05);
            assert!(walls.is_clear(at, at + step, 0.0), "through a wall at {at}");
            at += step;
            way += step.length();
            for piece in walls.near(at) {
                let off = at - piece.nearest(at);
                at += off.normalize_or_zero() * (PASS_M - off.length()).max(0.0);
            }
            if at.distance(routes.goals()[goal].nearest(at)) < 0.25 {
                return way;
            }
        }
        panic!("never there: at {at}");
    }

    #[test]
    fn every_opening_is_found_from_everywhere() {
        for width in [0.5, 0.7, 0.9, 1.2, 2.0] {
            let half = width / 2.0;
            let corners = [
                (-2.8, -6.0),
                (2.8, -6.0),
                (2.8, 0.0),
                (half, 0.0),
                (half, 1.1),
                (2.8, 1.1),
                (2.8, 4.0),
                (-2.8, 4.0),
                (-2.8, 1.1),
                (-half, 1.1),
                (-half, 0.0),
                (-2.8, 0.0),
            ];
            let next = corners.iter().cycle().skip(1);
            let walls = Walls::new(corners.iter().zip(next).map(|(a, b)| Segment::new(*a, *b)).collect());
            let mut routes = Routes::new(&walls, vec![Segment::new((-2.5, 4.0), (2.5, 4.0))], &[]);
            for i in 0..500 {
                let at = Vec2::new(-2.6 + 0.01 * (i * 37 % 520) as f32, -5.8 + 0.01 * (i * 113 % 560) as f32);
                let way = walk(&walls, &mut routes, at, 0);
                let least = at.distance(Vec2::new(0.0, 0.5)) + 3.5 - width;
                assert!(way < least + 2.0, "{way} m from {at} through {width} m");
            }
        }
    }

    #[test]
    fn there_is_room_beside_a_corner_as_far_as_the_next_wall() {
        let walls = Walls::new(vec![
            Segment::new((0.0, 0.0), (10.0, 0.0)),
            Segment::new((10.0, 0.0), (10.0, 9.0)),
            Segment::new((10.0, -4.0), (0.0, -4.0)),
        ]);
        let room = room(&walls, Vec2::new(10.0, 0.0));
        let wide = 4.0 - BERTH_M - PASS_M;
        assert!((room.x - wide).abs() < SQUARE_M && (room.y + wide).abs() < SQUARE_M, "{room}");
    }

    #[test]
    fn nobody_turns_round_a_corner_from_outside() {
        let corners =
            [(0.0, 0.0), (5.0, 0.0), (5.0, 2.0), (2.0, 2.0), (2.0, 5.0), (0.0, 5.0)].map(Vec2::from);
        let next = corners.iter().cycle().skip(1);
        let walls = Walls::new(corners.iter().zip(next).map(|(a, b)| Segment::new(*a, *b)).collect());
        let routes = Routes::new(&walls, vec![Segment::new((1.0, 4.0), (1.0, 4.0))], &corners.map(point));
        assert!(!routes.corners.is_empty());
        for corner in routes.corners {
            assert!(corner.distance(Vec2::splat(2.0)) < 0.5, "{corner}");
            assert!(point(corner).is_within(&corners.map(point)), "{corner}");
        }
    }

    #[test]
    fn a_maze_is_walked_to_its_end() {
        let wall = |x: f32, from: f32, to: f32| Segment::new((x, from), (x, to));
        let walls = Walls::new(vec![
            Segment::new((0.0, 0.0), (12.0, 0.0)),
            Segment::new((0.0, 6.0), (12.0, 6.0)),
            wall(0.0, 0.0, 6.0),
            wall(12.0, 0.0, 6.0),
            wall(3.0, 0.0, 5.0),
            wall(6.0, 1.0, 6.0),
            wall(9.0, 0.0, 5.0),
        ]);
        let mut routes = Routes::new(&walls, vec![Segment::new((11.0, 1.0), (11.0, 1.0))], &[]);
        let way = walk(&walls, &mut routes, Vec2::new(1.0, 1.0), 0);
        assert!((18.0..23.0).contains(&way), "{way}");
    }
}
