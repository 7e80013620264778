//! Lane choice: which lane looks quickest from here, without changing one's mind at every step.

use super::floor::{Floor, Walking};
use super::people::{People, Trip};
use super::track::Tracks;
use crate::apb::id::{AreaId, Direction, LaneId};
use crate::apb::site::{PassMode, Site};
use crate::record::PersonId;
use crate::scenario::plan::Plan;
use crate::scenario::script::Manner;
use crate::sim::ground::portal_goal;
use crate::sim::ground::segment::Segment;
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

/// The lane that looks quickest for this trip, and the way through it. Keeps `current` unless another is
/// clearly better.
pub(super) fn choose(
    site: &Site,
    from: AreaId,
    trip: &Trip,
    at: Vec2,
    who: (PersonId, f32),
    current: Option<LaneId>,
    gates: &Query<(&Gate, &Place, &Lamps, &Tracks)>,
    floor: &Floor,
) -> Option<(LaneId, Direction)> {
    let next = next_area(site, from, trip.to)?;
    let mut best: Option<(f32, LaneId, Direction)> = None;
    for (gate, place, lamps, tracks) in gates {
        let Some(lane) = site.lanes.get(gate.0.index()) else { continue };
        // The lane that a trip names may lead past areas that lie between.
        let leads = |to| to == next || (trip.lane == Some(gate.0) && to == trip.to);
        let Some(direction) =
            Direction::BOTH.into_iter().find(|d| lane.from(*d) == from && leads(lane.to(*d)))
        else {
            continue;
        };
        let against = trip.manner == Manner::WrongWay;
        if trip.lane.is_some_and(|l| l != gate.0) {
            continue;
        }
        let usable = lamps.0[direction.index()] != PassMode::Locked;
        if !usable && !against && trip.lane.is_none() {
            continue;
        }
        let mut cost = cost(gate, place, tracks, direction, trip, at, who, floor);
        if Some(gate.0) == current {
            cost -= HYSTERESIS_S;
        }
        if best.is_none_or(|(least, ..)| cost < least) {
            best = Some((cost, gate.0, direction));
        }
    }
    best.map(|(_, lane, direction)| (lane, direction))
}

fn cost(
    gate: &Gate,
    place: &Place,
    tracks: &Tracks,
    direction: Direction,
    trip: &Trip,
    at: Vec2,
    (person, speed): (PersonId, f32),
    floor: &Floor,
) -> f32 {
    let tail = place.point(direction, tracks.tail(direction), 0.0);
    let queued = tracks.of(direction).len();
    let opposed = tracks.of(direction.opposite()).len();
    let heading = floor.walkers().iter().filter(|w| {
        w.person != person
            && w.errand == Errand::Lane { lane: gate.0, direction }
            && w.position.distance(tail) < at.distance(tail)
    });
    let ahead = (queued + heading.count()) as f32;
    let walk = at.distance(tail) / speed.max(0.1);
    let mood = match trip.manner {
        // Who wants to follow somebody goes where somebody is.
        Manner::Follows { .. } if queued == 0 => 15.0,
        Manner::WrongWay if opposed == 0 => 15.0,
        _ => 0.0,
    };
    // Ties are broken differently by different people, always the same way by the same one.
    let taste =
        (person.0.wrapping_mul(2_654_435_761).wrapping_add(u32::from(gate.0.0) * 40_503) >> 16) % 1_000;
    walk + ahead * PER_PERSON_S + opposed as f32 * PER_OPPOSED_S + mood + taste as f32 / 1_000.0
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
