//! Every piece of wall, and which of them are near a point.

use super::segment::Segment;
use bevy::prelude::*;

/// Edge of a cell of the index, m.
const CELL_M: f32 = 0.5;

/// Walls up to this far from a point are near it, m: beyond the reach of everything that walls do to people.
const NEAR_M: f32 = 1.0;

/// Every piece of wall of a floor.
#[derive(Clone, Debug, Default)]
pub struct Walls {
    segments: Vec<Segment>,
    /// The outer corner of the index, and how many cells it has each way.
    corner: Vec2,
    columns: usize,
    rows: usize,
    /// Where each cell's pieces begin in `near`.
    starts: Vec<u32>,
    near: Vec<Segment>,
}

impl Walls {
    /// An index of these pieces.
    pub fn new(segments: Vec<Segment>) -> Self {
        let Some((low, high)) = bounds(&segments) else { return Self::default() };
        let corner = low - NEAR_M;
        let cells = ((high + NEAR_M - corner) / CELL_M).ceil();
        let (columns, rows) = (cells.x as usize + 1, cells.y as usize + 1);
        let (mut starts, mut near) = (vec![0], Vec::new());
        for row in 0..rows {
            for column in 0..columns {
                let middle = corner + (Vec2::new(column as f32, row as f32) + 0.5) * CELL_M;
                let reach = NEAR_M + CELL_M * std::f32::consts::FRAC_1_SQRT_2;
                near.extend(segments.iter().filter(|s| s.nearest(middle).distance(middle) < reach));
                starts.push(u32::try_from(near.len()).unwrap_or(u32::MAX));
            }
        }
        Self { segments, corner, columns, rows, starts, near }
    }

    /// All of them.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Those near a point, and perhaps a few more.
    #[inline]
    pub fn near(&self, point: Vec2) -> &[Segment] {
        let cell = (point - self.corner) / CELL_M;
        if !(cell.x >= 0.0 && cell.y >= 0.0) {
            return &[];
        }
        let (column, row) = (cell.x as usize, cell.y as usize);
        if column >= self.columns || row >= self.rows {
            return &[];
        }
        let cell = row * self.columns + column;
        match (self.starts.get(cell), self.starts.get(cell + 1)) {
            (Some(from), Some(to)) => self.near.get(*from as usize..*to as usize).unwrap_or(&[]),
            _ => &[],
        }
    }

    /// Whether a straight way leads through no wall at all, and nearer than `berth_m` to no end of one that
    /// is not as near to where it begins or ends.
    pub fn is_clear(&self, from: Vec2, to: Vec2, berth_m: f32) -> bool {
        let way = Segment::new(from, to);
        let is_by = |end: Vec2| {
            let least = (end.distance(from).min(end.distance(to)) * 0.99).min(berth_m);
            way.nearest(end).distance_squared(end) < least * least
        };
        !self.segments.iter().any(|s| s.is_between(from, to) || is_by(s.a) || is_by(s.b))
    }

    /// Distance to the nearest wall, m, as far as one is near; else a little more than that.
    pub fn clearance(&self, point: Vec2) -> f32 {
        let near = self.near(point).iter().map(|s| s.nearest(point).distance(point));
        near.fold(NEAR_M, f32::min)
    }
}

/// The corners of a box around every piece.
pub(super) fn bounds(segments: &[Segment]) -> Option<(Vec2, Vec2)> {
    let points = || segments.iter().flat_map(|s| [s.a, s.b]);
    Some((points().reduce(Vec2::min)?, points().reduce(Vec2::max)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wall_that_is_near_is_found() {
        let segments: Vec<Segment> =
            (0..30).map(|i| Segment::new((i as f32, 0.0), (i as f32 * 0.7, 9.0))).collect();
        let walls = Walls::new(segments.clone());
        for i in 0..400 {
            let point = Vec2::new((i % 20) as f32 * 1.7 - 2.0, (i / 20) as f32 * 0.6 - 1.0);
            let near = segments.iter().filter(|s| s.nearest(point).distance(point) < NEAR_M);
            near.for_each(|s| assert!(walls.near(point).contains(s), "{s:?} is near {point}"));
        }
    }

    #[test]
    fn nothing_is_near_where_there_are_no_walls() {
        assert!(Walls::default().near(Vec2::ZERO).is_empty());
        let walls = Walls::new(vec![Segment::new((0.0, 0.0), (1.0, 0.0))]);
        for far in [Vec2::splat(1e6), Vec2::splat(-1e6), Vec2::splat(f32::NAN)] {
            assert!(walls.near(far).is_empty());
        }
    }
}
