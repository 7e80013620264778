//! A number of people over time, kept short enough to draw.

use super::results::OccupancyPoint;
use crate::apb::time::Time;

/// A series never holds more points than this; half of them is still finer than a chart's pixels.
const POINTS_MAX: usize = 2_000;

/// Points at changes. A long series is thinned: time is cut into ever longer slots, and each slot but the
/// first point's keeps only its last point. Every point that is left is exact.
#[derive(Debug)]
pub(super) struct Series {
    points: Vec<OccupancyPoint>,
    /// Length of a slot, microseconds.
    slot: u64,
}

impl Series {
    /// Nobody there from the start of the run on.
    pub(super) fn new() -> Self {
        Self { points: vec![OccupancyPoint { at: Time::ZERO, believed: 0, true_count: 0 }], slot: 1 }
    }

    /// Adds a point, unless nothing changed. Times that run backwards count as the last one.
    pub(super) fn push(&mut self, point: OccupancyPoint) {
        let Some(last) = self.points.last().copied() else { return };
        if (last.believed, last.true_count) == (point.believed, point.true_count) {
            return;
        }
        let point = OccupancyPoint { at: point.at.max(last.at), ..point };
        let slot = |p: &OccupancyPoint| p.at.0 / self.slot;
        if last.at == point.at || (slot(&last) == slot(&point) && self.points.len() > 1) {
            self.points.pop();
        }
        self.points.push(point);
        while self.points.len() > POINTS_MAX {
            self.slot = self.slot.saturating_mul(2);
            self.thin();
        }
    }

    fn thin(&mut self) {
        let slot = |p: &OccupancyPoint| p.at.0 / self.slot;
        let mut kept: Vec<OccupancyPoint> = Vec::with_capacity(self.points.len());
        for point in &self.points {
            if kept.len() > 1 && kept.last().is_some_and(|last| slot(last) == slot(point)) {
                kept.pop();
            }
            kept.push(*point);
        }
        self.points = kept;
    }

    pub(super) fn into_points(self) -> Vec<OccupancyPoint> {
        self.points
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(points: impl IntoIterator<Item = (u64, u32, u32)>) -> Vec<OccupancyPoint> {
        let mut series = Series::new();
        for (at, believed, true_count) in points {
            series.push(OccupancyPoint { at: Time(at), believed, true_count });
        }
        series.into_points()
    }

    fn tuples(points: &[OccupancyPoint]) -> Vec<(u64, u32, u32)> {
        points.iter().map(|p| (p.at.0, p.believed, p.true_count)).collect()
    }

    #[test]
    fn changes_at_the_same_time_are_one_point_and_no_change_is_none() {
        let points = series([(5, 1, 0), (5, 1, 1), (9, 1, 1), (12, 0, 1)]);
        assert_eq!(tuples(&points), [(0, 0, 0), (5, 1, 1), (12, 0, 1)]);
        assert_eq!(tuples(&series([(0, 3, 3)])), [(0, 3, 3)]);
    }

    #[test]
    fn time_never_runs_backwards() {
        assert_eq!(tuples(&series([(9, 1, 0), (8, 1, 1)])), [(0, 0, 0), (9, 1, 1)]);
    }

    #[test]
    fn a_long_series_is_thinned_and_keeps_its_ends() {
        let all: Vec<_> = (1..100_000u32).map(|i| (u64::from(i) * 1_000, i, i / 2)).collect();
        let points = series(all.clone());
        assert!((500..=2_000).contains(&points.len()), "{}", points.len());
        assert_eq!(tuples(&points)[0], (0, 0, 0));
        assert_eq!(tuples(&points).last(), all.last());
        assert!(points.is_sorted_by(|a, b| a.at < b.at));
        assert!(points[1..].iter().all(|p| u64::from(p.believed) * 1_000 == p.at.0), "every point is exact");
    }
}
