//! The floor as a polygon in well-known text.

use crate::scenario::plan::{LanePlan, Plan};
use std::fmt::Write;

/// Floor left around everything, m. Assumed; nobody may stand on the edge.
const MARGIN_M: f64 = 1.0;

/// Breadth of the cabinets at either side of a lane, m. The reference lanes stand 0.85 m apart and are 0.55 m
/// wide.
const CABINET_M: f64 = 0.30;

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

    fn ring(&self) -> String {
        let ([x0, y0], [x1, y1]) = (self.least, self.greatest);
        format!("({x0:.4} {y0:.4}, {x1:.4} {y0:.4}, {x1:.4} {y1:.4}, {x0:.4} {y1:.4}, {x0:.4} {y0:.4})")
    }
}

/// The walkable floor and what it measures: a rectangle that holds lanes, portals and everybody who was seen,
/// with the lanes' cabinets as holes. The plan knows of no walls, nor do people on the open floor.
pub(super) fn walkable(plan: &Plan, seen: Bounds) -> (String, Bounds) {
    let mut bounds = seen;
    for lane in &plan.lanes {
        let passage = passage(lane);
        bounds.add(passage.wider(CABINET_M).least);
        bounds.add(passage.wider(CABINET_M).greatest);
    }
    for portal in &plan.portals {
        for end in [portal.from, portal.to] {
            bounds.add([end.x_m, end.y_m].map(metres));
        }
    }
    let bounds = bounds.wider(MARGIN_M);
    let mut text = format!("POLYGON ({}", bounds.ring());
    for cabinet in cabinets(plan) {
        // Writing to a string does not fail.
        let _ = write!(text, ", {}", cabinet.ring());
    }
    text.push(')');
    (text, bounds)
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
    fn the_floor_holds_everybody() {
        let mut seen = Bounds::EMPTY;
        seen.add([-20.0, 3.0]);
        let (text, bounds) = walkable(&plan(passages(&[1.0])), seen);
        assert_eq!(bounds.least, [-21.0, 2.0]);
        assert!(text.starts_with("POLYGON ((-21.0000 2.0000, ") && text.matches('(').count() == 4, "{text}");
    }
}
