//! Setting out: whose trip is due comes onto the floor, or goes on from where they are on it.

use super::Site;
use super::bound::Bound;
use super::choice::{self, Chooser, Errand, Gates};
use super::floor::{Floor, Walking};
use super::party;
use super::people::{Origin, People, Trip};
use crate::apb::id::AreaId;
use crate::apb::site::OUTSIDE;
use crate::apb::time::{Span, Time};
use crate::record::{PersonId, Route, Truth};
use crate::scenario::plan::Plan;
use crate::scenario::script::Manner;
use crate::sim::clock::SimClock;
use crate::sim::ground::Ground;
use crate::sim::ground::segment::Segment;
use crate::sim::truth::TruthLog;
use bevy::prelude::*;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use std::collections::BTreeMap;

/// Who finds no lane at all tries again after this long. Assumed.
const TRY_AGAIN: Span = Span::seconds(10);

/// Between its posts people come through a door evenly, as shares of its breadth. Assumed.
const DOOR: (f32, f32) = (0.1, 0.9);

/// Whose trip is due comes onto the floor, or takes the fire door.
pub(super) fn set_out(
    clock: Res<SimClock>,
    site: Res<Site>,
    mut people: ResMut<People>,
    mut ground: ResMut<Ground>,
    mut floor: ResMut<Floor>,
    mut truth: ResMut<TruthLog>,
    gates: Gates,
) {
    let mut present = Present::new(&people, &floor, clock.end());
    while let Some((due, id)) = people.take_due(clock.end()) {
        let at = due.max(clock.start());
        let Some(trip) = introduce(&mut people, id, at, &mut truth) else { continue };
        let Some(from) = people.get(id).and_then(|p| p.area) else { continue };
        let goal = trip.via.next();
        if goal.is_none() && (trip.manner == Manner::FireDoor || from == trip.to) {
            if trip.manner == Manner::FireDoor && from != OUTSIDE {
                let route = Route::FireDoor;
                truth.note(at, Truth::Moved { person: id, from, to: OUTSIDE, route });
            }
            finish(&mut people, id, at, trip.manner == Manner::FireDoor);
            continue;
        }
        let there = present.find(&floor, id).and_then(|i| floor.walkers().get(i)).map(|w| w.position);
        let beside = || party::beside(&trip, from, &people, (&floor, &ground));
        let known = there.or_else(|| if goal.is_none() { beside() } else { None });
        let Some(start) = known.or_else(|| start_of(&mut people, id, (&site.0, &ground), &trip)) else {
            continue;
        };
        let Some(person) = people.get(id) else { continue };
        let (outline, speed) = (person.shape.outline(), trip.speed_m_s.unwrap_or(person.speed_m_s));
        if goal.is_some() {
            let mut walking = Walking::new(id, outline, start, speed, Errand::Leave);
            let point = goal.and_then(|goal| ground.point_of(goal, start));
            walking.set_goal(goal, point.unwrap_or(start));
            present.appear((&mut people, &mut floor), walking);
            continue;
        }
        let who = Chooser { person, trip: &trip, from, at: start, current: None, before: None };
        let bound = present.bound.get_or_insert_with(|| Bound::of(&gates, &floor));
        let chosen = choice::choose(&site.0, who, &gates, (&floor, bound, &mut ground));
        let Some((lane, direction)) = chosen else {
            people.schedule(id, at + TRY_AGAIN);
            continue;
        };
        let walking = Walking::new(id, outline, start, speed, Errand::Lane { lane, direction });
        present.appear((&mut people, &mut floor), walking.clone());
        if let Some(companion) = trip.companion
            && comes_along(&mut people, companion, (from, at), &mut truth)
        {
            let position = party::place_beside(&ground, start, Vec2::new(-0.5, -0.3));
            let outline = people.get(companion).map_or(outline, |p| p.shape.outline());
            let along = Walking { person: companion, position, outline, ..walking };
            present.appear((&mut people, &mut floor), along);
        }
    }
}

/// So many are found one by one on the floor, more by an index.
const FEW: usize = 8;

/// Who is on the floor, for as long as others come but nobody moves or leaves.
struct Present {
    /// Where they are in its list.
    index: Option<BTreeMap<PersonId, usize>>,
    /// Where they go, once somebody has asked.
    bound: Option<Bound>,
}

impl Present {
    fn new(people: &People, floor: &Floor, now: Time) -> Self {
        let index = || floor.walkers().iter().enumerate().map(|(i, w)| (w.person, i)).collect();
        Self { index: people.are_due(now, FEW).then(index), bound: None }
    }

    fn find(&self, floor: &Floor, id: PersonId) -> Option<usize> {
        match &self.index {
            Some(index) => index.get(&id).copied(),
            None => floor.walkers().iter().position(|w| w.person == id),
        }
    }

    /// Comes onto the floor; whoever is there already sets out from where they are.
    fn appear(&mut self, (people, floor): (&mut People, &mut Floor), mut walking: Walking) {
        let id = walking.person;
        let there = self.find(floor, id).and_then(|i| floor.walkers_mut().get_mut(i));
        let before = there.as_ref().map_or(Errand::Leave, |there| there.errand);
        if let Some(there) = &there {
            (walking.position, walking.heading) = (there.position, there.heading);
        }
        if let Some(bound) = &mut self.bound {
            bound.change(walking.position, before, walking.errand);
        }
        if let Some(there) = there {
            *there = walking;
        } else {
            if let Some(index) = &mut self.index {
                index.insert(id, floor.walkers().len());
            }
            floor.add(walking);
        }
        if let Some(person) = people.get_mut(id) {
            person.origin = None;
        }
    }
}

/// Everybody who stands on the floor from the beginning.
pub(super) fn stand(people: &People, floor: &mut Floor, ground: &Ground) {
    for person in people.iter() {
        let Some(Origin::Stands(here)) = person.origin else { continue };
        let errand = Errand::Stand;
        floor.add(Walking::new(person.id, person.shape.outline(), here, person.speed_m_s, errand));
    }
    floor.make_room(ground);
}

/// Makes sure that the truth knows where a person is who is about to set out; their trip.
fn introduce(people: &mut People, id: PersonId, at: Time, truth: &mut TruthLog) -> Option<Trip> {
    let person = people.get_mut(id)?;
    let trip = person.trips.front()?.clone();
    let is_elsewhere = person.area.is_none_or(|a| a != trip.from && trip.lane.is_some());
    if is_elsewhere {
        person.area = Some(trip.from);
        truth.note(at, Truth::Introduced { person: id, holder: person.holder, area: trip.from });
    }
    Some(trip)
}

/// Whether somebody sets out beside another, who begins in this area at this time. Who has not appeared yet
/// appears there; who is elsewhere does not come along.
fn comes_along(people: &mut People, id: PersonId, (from, at): (AreaId, Time), truth: &mut TruthLog) -> bool {
    let Some(person) = people.get_mut(id).filter(|p| !p.trips.is_empty()) else { return false };
    if person.area.is_none() {
        person.area = Some(from);
        truth.note(at, Truth::Introduced { person: id, holder: person.holder, area: from });
    }
    person.area == Some(from)
}

/// Where a person comes onto the floor: where they begin, or at a portal of their area, a little to one side
/// of it or anywhere on its line. Who goes to a certain lane comes from the portal nearest to it, everybody
/// else from any.
fn start_of(
    people: &mut People,
    id: PersonId,
    (plan, ground): (&Plan, &Ground),
    trip: &Trip,
) -> Option<Vec2> {
    let person = people.get_mut(id)?;
    let area = person.area?;
    match person.origin {
        Some(Origin::Stands(at) | Origin::Here(at)) => return Some(at),
        Some(Origin::About(at)) => return Some(party::place_beside(ground, at, aside(&mut person.rng))),
        None => {}
    }
    let line = if let Some(lane) = trip.lane.and_then(|l| plan.lane(l)) {
        let nearest = choice::portal(plan, area, Vec2::new(lane.x_m, lane.y_m))?.1;
        Segment { a: nearest, b: nearest }
    } else {
        let of_area: Vec<_> = choice::portals(plan, area).collect();
        of_area.get(person.rng.random_range(0..of_area.len().max(1)))?.1
    };
    if line.a != line.b {
        return Some(line.a.lerp(line.b, person.rng.random_range(DOOR.0..DOOR.1)));
    }
    Some(line.a + aside(&mut person.rng))
}

/// How far to one side of a portal that is a mere point somebody appears, m. Assumed.
fn aside(rng: &mut ChaCha8Rng) -> Vec2 {
    Vec2::new(rng.random_range(-0.8..0.8), rng.random_range(-0.3..0.3))
}

/// Ends a person's trip; the next one becomes due.
fn finish(people: &mut People, id: PersonId, now: Time, left_by_fire_door: bool) {
    if let Some(person) = people.get_mut(id) {
        person.trips.pop_front();
        if left_by_fire_door {
            person.area = Some(OUTSIDE);
        }
    }
    people.schedule(id, now);
}
