//! Lane choice: which lane looks quickest from here, without changing one's mind at every step.

use super::bound::Bound;
use super::floor::{Floor, Walking};
use super::people::{People, Person, Trip};
use super::track::Tracks;
use crate::apb::id::{AreaId, Direction, LaneId};
use crate::apb::site::{PassMode, Site};
use crate::record::PersonId;
use crate::scenario::plan::{Barrier, LanePlan, Plan};
use crate::scenario::script::Manner;
use crate::sim::ground::segment::Segment;
use crate::sim::ground::{Ground, lane_goal, portal_goal};
use crate::sim::lane::{Gate, Lamps, Place};
use bevy::prelude::*;

/// What somebody on the open floor is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Errand {
    /// On the way to a lane.
    Lane {
        /// Which.
        lane: LaneId,
        /// Which way through it.
        direction: Direction,
    },
    /// On the way to a portal, or to something else on the floor.
    Leave,
    /// Standing about until it is time to set out.
    Stand,
}

/// What one person ahead in a queue seems to cost, s: about the time one takes at a reader.
const PER_PERSON_S: f32 = 2.0;

/// What one person coming the other way seems to cost, s. Assumed.
const PER_OPPOSED_S: f32 = 1.5;

/// A lane must look this much quicker to be changed to, s. Assumed.
const HYSTERESIS_S: f32 = 3.0;

/// Who stands in a file leaves it for a lane that looks this much quicker, s: more than on the way, since
/// they give up a place. Assumed.
const LEAVES_FILE_S: f32 = 5.0;

/// Nor is less than this share of what they expect a clear gain to anybody. Assumed.
const GAIN: f32 = 0.25;

/// The lane of those with whom one has come seems this much quicker, s. Assumed.
const TOGETHER_S: f32 = 4.0;

/// The area one boundary further on the way from one area to another.
pub(super) fn next_area(site: &Site, from: AreaId, to: AreaId) -> Option<AreaId> {
    if from == to {
        return None;
    }
    if site.within(to, from) {
        site.enclosing(to).find(|a| site.areas.get(a.index()).and_then(|a| a.parent) == Some(from))
    } else {
        site.areas.get(from.index()).and_then(|a| a.parent)
    }
}

/// Somebody who chooses.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chooser<'a> {
    /// Who.
    pub(super) person: &'a Person,
    /// What they are going to do.
    pub(super) trip: &'a Trip,
    /// The area they are in.
    pub(super) from: AreaId,
    /// Where they are, m.
    pub(super) at: Vec2,
    /// The lane they have chosen before.
    pub(super) current: Option<LaneId>,
    /// How many are before them in its file; `None`: they are not in it yet.
    pub(super) before: Option<usize>,
}

/// Lanes and the people at them.
pub(super) type Gates<'w, 's, 'a> = Query<'w, 's, (&'a Gate, &'a Place, &'a Lamps, &'a Tracks)>;

/// The lane that looks quickest for this trip, and the way through it: the one with the least walk and wait.
/// Keeps the current one unless another is clearly better. `None`: none is open and wide enough.
pub(super) fn choose(
    plan: &Plan,
    who: Chooser<'_>,
    gates: &Gates<'_, '_, '_>,
    (floor, bound, ground): (&Floor, &Bound, &mut Ground),
) -> Option<(LaneId, Direction)> {
    let (site, trip) = (&plan.site, who.trip);
    let next = next_area(site, who.from, trip.to)?;
    let others = trip.with.and_then(|with| lane_of(with, gates, floor));
    let mut best: Option<(f32, LaneId, Direction)> = None;
    for (gate, place, lamps, tracks) in gates {
        if trip.lane.is_some_and(|l| l != gate.0) {
            continue;
        }
        let Some(lane) = site.lanes.get(gate.0.index()) else { continue };
        // The lane that a trip names may lead past areas that lie between.
        let leads = |to| to == next || (trip.lane == Some(gate.0) && to == trip.to);
        let Some(direction) =
            Direction::BOTH.into_iter().find(|d| lane.from(*d) == who.from && leads(lane.to(*d)))
        else {
            continue;
        };
        let against = trip.manner == Manner::WrongWay;
        let usable = lamps.0[direction.index()] != PassMode::Locked && fits(plan, gate.0, who.person);
        if !usable && !against && trip.lane.is_none() {
            continue;
        }
        let mut cost = cost((gate, place, tracks), direction, who, (bound, ground));
        if Some(gate.0) == who.current {
            let gain = if who.before.is_some() { LEAVES_FILE_S } else { HYSTERESIS_S };
            cost -= gain.max(GAIN * cost);
        }
        if Some(gate.0) == others {
            cost -= TOGETHER_S;
        }
        if best.is_none_or(|(least, ..)| cost < least) {
            best = Some((cost, gate.0, direction));
        }
    }
    best.map(|(_, lane, direction)| (lane, direction))
}

/// Whether a lane is wide enough for somebody and what they push or sit in. A rotor is not.
fn fits(plan: &Plan, lane: LaneId, person: &Person) -> bool {
    let wide = |l: &LanePlan| l.barrier == Barrier::Leaves && l.width_m >= person.lane_m;
    person.lane_m == 0.0 || plan.lane(lane).is_some_and(wide)
}

/// The lane that somebody goes to or is in.
fn lane_of(person: PersonId, gates: &Gates<'_, '_, '_>, floor: &Floor) -> Option<LaneId> {
    let walks = floor.walkers().iter().find(|w| w.person == person).and_then(|w| match w.errand {
        Errand::Lane { lane, .. } => Some(lane),
        Errand::Leave | Errand::Stand => None,
    });
    walks.or_else(|| gates.iter().find(|g| g.3.both().any(|b| b.person == person)).map(|g| g.0.0))
}

fn cost(
    (gate, place, tracks): (&Gate, &Place, &Tracks),
    direction: Direction,
    who: Chooser<'_>,
    (bound, ground): (&Bound, &mut Ground),
) -> f32 {
    let (at, id) = (who.at, who.person.id);
    let tail = place.point(direction, tracks.tail(direction), 0.0);
    let queued = tracks.of(direction).len();
    let opposed = tracks.of(direction.opposite()).len();
    let (walk, ahead) = match who.before.filter(|_| Some(gate.0) == who.current) {
        Some(before) => (0.0, before),
        None => {
            let speed = who.trip.speed_m_s.unwrap_or(who.person.speed_m_s);
            let far = way_m(ground, at, tail, lane_goal(gate.0, direction));
            (far / speed.max(0.1), queued + bound.nearer(gate.0, direction, at))
        }
    };
    let mood = match who.trip.manner {
        // Who wants to follow somebody goes where somebody is.
        Manner::Follows { .. } if queued == 0 => 15.0,
        Manner::WrongWay if opposed == 0 => 15.0,
        _ => 0.0,
    };
    // Ties are broken differently by different people, always the same way by the same one.
    let taste = (id.0.wrapping_mul(2_654_435_761).wrapping_add(u32::from(gate.0.0) * 40_503) >> 16) % 1_000;
    walk + ahead as f32 * PER_PERSON_S + opposed as f32 * PER_OPPOSED_S + mood + taste as f32 / 1_000.0
}

/// How far it is to the end of a queue, round whatever is in the way, m.
fn way_m(ground: &mut Ground, at: Vec2, tail: Vec2, goal: usize) -> f32 {
    let straight = at.distance(tail);
    ground.next(at, goal).map_or(straight, |leg| (at.distance(leg.corner) + leg.rest_m).max(straight))
}

/// Where the people of an area come onto the floor: numbers and lines.
pub(super) fn portals(plan: &Plan, area: AreaId) -> impl Iterator<Item = (usize, Segment)> + '_ {
    let of_area = plan.portals.iter().enumerate().filter(move |(_, p)| p.area == area);
    of_area.map(|(i, p)| (i, Segment::new((p.from.x_m, p.from.y_m), (p.to.x_m, p.to.y_m))))
}

/// The portal of an area that is nearest to a point: the number of its goal, and its nearest point.
pub(super) fn portal(plan: &Plan, area: AreaId, near: Vec2) -> Option<(usize, Vec2)> {
    let points = portals(plan, area).map(|(i, line)| (portal_goal(plan, i), line.nearest(near)));
    points.min_by(|a, b| a.1.distance_squared(near).total_cmp(&b.1.distance_squared(near)))
}

/// Sends somebody to the portal of an area that is nearest to them.
pub(super) fn send_off(walking: &mut Walking, plan: &Plan, area: AreaId) {
    walking.errand = Errand::Leave;
    match portal(plan, area, walking.position) {
        Some((goal, point)) => walking.set_goal(Some(goal), point),
        None => walking.set_goal(None, walking.position),
    }
}

/// The person's trip that is under way.
pub(super) fn trip_of(people: &People, person: PersonId) -> Option<&Trip> {
    people.get(person).and_then(|p| p.trips.front())
}
