//! The floor as a polygon in well-known text.

use crate::scenario::plan::{LanePlan, Plan, Point};
use std::fmt::Write;

/// Floor left around everything, m. Assumed; nobody may stand on the edge.
const MARGIN_M: f64 = 1.0;

/// Breadth of the cabinets at either side of a lane, m. The reference lanes stand 0.85 m apart and are 0.55 m
/// wide.
const CABINET_M: f64 = 0.30;

/// Holes keep at least this far from the outline, m.
const HAIR_M: f32 = 0.001;

/// A rectangle along the axes, m.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bounds {
    pub(super) least: [f64; 2],
    pub(super) greatest: [f64; 2],
}

impl Bounds {
    /// Nothing.
    pub(super) const EMPTY: Self = Self { least: [f64::INFINITY; 2], greatest: [f64::NEG_INFINITY; 2] };

    /// Makes it hold this point too.
    pub(super) fn add(&mut self, point: [f64; 2]) {
        for (i, at) in point.into_iter().enumerate() {
            self.least[i] = self.least[i].min(at);
            self.greatest[i] = self.greatest[i].max(at);
        }
    }

    fn wider(self, by_m: f64) -> Self {
        Self { least: self.least.map(|at| at - by_m), greatest: self.greatest.map(|at| at + by_m) }
    }

    fn touches(&self, other: &Self) -> bool {
        (0..2).all(|i| self.least[i] <= other.greatest[i] && other.least[i] <= self.greatest[i])
    }

    fn corners(&self) -> Vec<Point> {
        let ([x0, y0], [x1, y1]) = (self.least, self.greatest);
        let point = |(x, y): (f64, f64)| Point { x_m: x as f32, y_m: y as f32 };
        [(x0, y0), (x1, y0), (x1, y1), (x0, y1)].map(point).to_vec()
    }

    fn ring(&self) -> String {
        let ([x0, y0], [x1, y1]) = (self.least, self.greatest);
        format!("({x0:.4} {y0:.4}, {x1:.4} {y0:.4}, {x1:.4} {y1:.4}, {x0:.4} {y1:.4}, {x0:.4} {y0:.4})")
    }
}

/// The walkable floor and what it measures: the outline of the floor, or else a rectangle that holds lanes,
/// portals and everybody who was seen, with the lanes' cabinets and the obstacles as holes. An obstacle that
/// touches the outline or another hole is left out, since the floor were no polygon then; so are walls, which
/// have no breadth.
pub(super) fn walkable(plan: &Plan, seen: Bounds) -> (String, Bounds) {
    let outline = plan.floor.outline.as_deref().unwrap_or_default();
    let mut bounds = seen;
    for lane in &plan.lanes {
        let passage = passage(lane);
        bounds.add(passage.wider(CABINET_M).least);
        bounds.add(passage.wider(CABINET_M).greatest);
    }
    let ends = plan.portals.iter().flat_map(|portal| [portal.from, portal.to]);
    for point in ends.chain(outline.iter().copied()) {
        bounds.add([point.x_m, point.y_m].map(metres));
    }
    let bounds = bounds.wider(MARGIN_M);
    let outer = if outline.is_empty() { bounds.ring() } else { ring(outline) };
    let mut text = format!("POLYGON ({outer}");
    let mut holes: Vec<Bounds> = Vec::new();
    let cabinets = cabinets(plan).into_iter().map(|cabinet| (cabinet, cabinet.corners(), cabinet.ring()));
    let obstacles = plan.floor.obstacles.iter().map(|o| (around(o), o.clone(), ring(o)));
    for (around, corners, ring) in cabinets.chain(obstacles) {
        let is_inside = outline.is_empty() || corners.iter().all(|corner| is_well_within(*corner, outline));
        if is_inside && holes.iter().all(|hole| !hole.touches(&around)) {
            holes.push(around);
            // Writing to a string does not fail.
            let _ = write!(text, ", {ring}");
        }
    }
    text.push(')');
    (text, bounds)
}

/// Whether a corner of a hole is inside of the outline and not on it.
fn is_well_within(corner: Point, outline: &[Point]) -> bool {
    [-HAIR_M, HAIR_M].into_iter().all(|by| {
        Point { x_m: corner.x_m + by, ..corner }.is_within(outline)
            && Point { y_m: corner.y_m + by, ..corner }.is_within(outline)
    })
}

/// The box around some corners.
fn around(corners: &[Point]) -> Bounds {
    let mut bounds = Bounds::EMPTY;
    corners.iter().for_each(|corner| bounds.add([corner.x_m, corner.y_m].map(metres)));
    bounds
}

/// A closed line in well-known text.
fn ring(corners: &[Point]) -> String {
    let written = |corner: &Point| format!("{:.4} {:.4}", metres(corner.x_m), metres(corner.y_m));
    let all: Vec<String> = corners.iter().chain(corners.first()).map(written).collect();
    format!("({})", all.join(", "))
}

/// What one walks through.
fn passage(lane: &LanePlan) -> Bounds {
    let [x, y, length, width] = [lane.x_m, lane.y_m, lane.length_m, lane.width_m].map(metres);
    Bounds { least: [x - width / 2.0, y], greatest: [x + width / 2.0, y + length] }
}

/// A length as it was written, to the micrometre.
fn metres(length: f32) -> f64 {
    (f64::from(length) * 1e6).round() / 1e6
}

/// One at either side of every lane; where two lanes stand close together they share the one between them. A
/// cabinet that would stand in a lane or touch another, so that the floor were no polygon, is left out.
fn cabinets(plan: &Plan) -> Vec<Bounds> {
    let passages: Vec<Bounds> = plan.lanes.iter().map(passage).collect();
    let mut found: Vec<Bounds> = Vec::new();
    for lane in &passages {
        let ([left, y0], [right, y1]) = (lane.least, lane.greatest);
        let beside = |other: &&Bounds| other.least[1] == y0 && other.greatest[1] == y1;
        let room = |gap: f64| (0.0..2.0 * CABINET_M).contains(&gap).then_some(gap);
        let nearest = |gap: &dyn Fn(&Bounds) -> f64| {
            let gaps = passages.iter().filter(beside).filter_map(|o| room(gap(o)));
            gaps.reduce(f64::min).unwrap_or(CABINET_M)
        };
        let to_the_left = nearest(&|o| left - o.greatest[0]);
        let to_the_right = nearest(&|o| o.least[0] - right);
        for (from, to) in [(left - to_the_left, left), (right, right + to_the_right)] {
            let new = Bounds { least: [from, y0], greatest: [to, y1] };
            let stands_free = passages.iter().all(|p| !new.wider(-1e-6).touches(p))
                && found.iter().all(|c| !new.touches(c));
            if from < to && stands_free {
                found.push(new);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passages(x_m: &[f32]) -> Vec<LanePlan> {
        x_m.iter().map(|x_m| LanePlan { x_m: *x_m, y_m: 4.0, width_m: 0.5, ..LanePlan::default() }).collect()
    }

    fn plan(lanes: Vec<LanePlan>) -> Plan {
        let mut plan = crate::metrics::fixture::scenario().plan;
        plan.lanes = lanes;
        plan.portals.clear();
        plan
    }

    #[test]
    fn neighbours_share_the_cabinet_between_them() {
        let found = cabinets(&plan(passages(&[1.0, 1.75, 5.0])));
        let edges: Vec<[f64; 2]> = found.iter().map(|c| [c.least[0], c.greatest[0]]).collect();
        let near = |a: f64, b: f64| (a - b).abs() < 1e-6;
        let want = [[0.45, 0.75], [1.25, 1.5], [2.0, 2.3], [4.45, 4.75], [5.25, 5.55]];
        assert_eq!(edges.len(), want.len(), "{edges:?}");
        assert!(edges.iter().zip(want).all(|(a, b)| near(a[0], b[0]) && near(a[1], b[1])), "{edges:?}");
    }

    #[test]
    fn a_cabinet_never_stands_in_a_lane() {
        let mut lanes = passages(&[1.0, 1.0]);
        lanes[1].y_m = 4.7;
        lanes[1].x_m = 1.4;
        let plan = plan(lanes);
        for cabinet in cabinets(&plan) {
            assert!(plan.lanes.iter().all(|l| !cabinet.wider(-1e-3).touches(&passage(l))), "{cabinet:?}");
        }
    }

    #[test]
    fn the_floor_is_the_outline_with_obstacles_as_holes() {
        let point = |(x_m, y_m): (f32, f32)| Point { x_m, y_m };
        let square =
            |x: f32, y: f32| [(x, y), (x + 1.0, y), (x + 1.0, y + 1.0), (x, y + 1.0)].map(point).to_vec();
        let mut plan = plan(vec![]);
        plan.floor.outline = Some([(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)].map(point).to_vec());
        plan.floor.obstacles = vec![square(3.0, 3.0), square(8.0, 5.0), square(3.5, 3.5)];
        let (text, _) = walkable(&plan, Bounds::EMPTY);
        let outer = "0.0000 0.0000, 9.0000 0.0000, 9.0000 9.0000, 0.0000 9.0000, 0.0000 0.0000";
        let pillar = "3.0000 3.0000, 4.0000 3.0000, 4.0000 4.0000, 3.0000 4.0000, 3.0000 3.0000";
        assert_eq!(text, format!("POLYGON (({outer}), ({pillar}))"));
    }

    #[test]
    fn the_floor_holds_everybody() {
        let mut seen = Bounds::EMPTY;
        seen.add([-20.0, 3.0]);
        let (text, bounds) = walkable(&plan(passages(&[1.0])), seen);
        assert_eq!(bounds.least, [-21.0, 2.0]);
        assert!(text.starts_with("POLYGON ((-21.0000 2.0000, ") && text.matches('(').count() == 4, "{text}");
    }
}
