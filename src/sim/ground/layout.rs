//! Walls and goals of a floor plan.

use super::routes::{Leg, Routes};
use super::segment::Segment;
use super::walls::Walls;
use crate::apb::id::{Direction, LaneId};
use crate::scenario::plan::{LanePlan, Plan, Point};
use bevy::prelude::*;

/// Lanes in a row with less than this between them, m, have a fence there: nobody gets through beside a gate.
/// Assumed.
const FENCE_M: f32 = 2.0;

/// Where people who come to a lane line up, m before its end.
const BEFORE_LANE_M: f32 = 0.5;

/// A body fits through a door this far from its posts, m: half of a body with the shoulders turned.
const POST_M: f32 = 0.20;

/// The ground of a floor plan: walls, and the ways to lanes and portals.
#[derive(Resource, Clone, Debug, Default)]
pub struct Ground {
    pub(in crate::sim) walls: Walls,
    routes: Routes,
}

impl Ground {
    /// The ground of a plan. Its goals are both ends of every lane, then the portals.
    pub fn new(plan: &Plan) -> Self {
        let floor = &plan.floor;
        let mut pieces = Vec::new();
        let corner = |p: &Point| Vec2::new(p.x_m, p.y_m);
        for line in &floor.walls {
            pieces.extend(line.windows(2).map(|w| Segment::new(corner(&w[0]), corner(&w[1]))));
        }
        for closed in floor.outline.iter().chain(&floor.obstacles) {
            let next = closed.iter().cycle().skip(1);
            pieces.extend(closed.iter().zip(next).map(|(a, b)| Segment::new(corner(a), corner(b))));
        }
        pieces.extend(cabinets(&plan.lanes));
        let walls = Walls::new(pieces);
        let ends = plan.lanes.iter().flat_map(|lane| Direction::BOTH.map(|way| before(lane, way)));
        let doors = plan.portals.iter().map(|p| Segment::new(corner(&p.from), corner(&p.to)).shrunk(POST_M));
        let outline = floor.outline.as_deref().unwrap_or_default();
        let routes = Routes::new(&walls, ends.chain(doors).collect(), outline);
        Self { walls, routes }
    }

    /// From here to a goal: the corner to head for first. `None`: straight to the goal.
    pub fn next(&mut self, from: Vec2, goal: usize) -> Option<Leg> {
        self.routes.next(&self.walls, from, goal)
    }

    /// The point of a goal that is nearest to somebody.
    pub fn point_of(&self, goal: usize, near: Vec2) -> Option<Vec2> {
        self.routes.goals().get(goal).map(|line| line.nearest(near))
    }

    /// Whether a goal can be reached at more than one point.
    pub fn is_line(&self, goal: usize) -> bool {
        self.routes.goals().get(goal).is_some_and(|line| line.a != line.b)
    }

    /// Every piece of wall.
    pub fn walls(&self) -> &Walls {
        &self.walls
    }
}

/// The number of the goal before one end of a lane.
pub fn lane_goal(lane: LaneId, way: Direction) -> usize {
    2 * lane.index() + way.index()
}

/// The number of a portal's goal; portals are numbered as in the plan.
pub fn portal_goal(plan: &Plan, portal: usize) -> usize {
    2 * plan.lanes.len() + portal
}

fn before(lane: &LanePlan, way: Direction) -> Segment {
    let y_m = match way {
        Direction::In => lane.y_m - BEFORE_LANE_M,
        Direction::Out => lane.y_m + lane.length_m + BEFORE_LANE_M,
    };
    Segment::new((lane.x_m, y_m), (lane.x_m, y_m))
}

/// The sides and ends of every lane, and fences between lanes of one row. Through a lane people go on its
/// track; nobody who walks on the floor is pushed into one.
fn cabinets(lanes: &[LanePlan]) -> Vec<Segment> {
    let side = |lane: &LanePlan, sign: f32| {
        let x = lane.x_m + sign * lane.width_m / 2.0;
        Segment::new((x, lane.y_m), (x, lane.y_m + lane.length_m))
    };
    let mut pieces: Vec<Segment> =
        lanes.iter().flat_map(|lane| [side(lane, -1.0), side(lane, 1.0)]).collect();
    for lane in lanes {
        let (left, right) = (side(lane, -1.0), side(lane, 1.0));
        pieces.extend([Segment::new(left.a, right.a), Segment::new(left.b, right.b)]);
    }
    for lane in lanes {
        let right = side(lane, 1.0);
        let next = lanes.iter().filter(|other| other.y_m == lane.y_m).map(|other| side(other, -1.0));
        let next = next.filter(|left| left.a.x >= right.a.x && left.a.x - right.a.x < FENCE_M);
        if let Some(left) = next.min_by(|a, b| a.a.x.total_cmp(&b.a.x)) {
            pieces.push(Segment::new(right.a, left.a));
            pieces.push(Segment::new(right.b, Vec2::new(left.b.x, right.b.y)));
        }
    }
    pieces
}
