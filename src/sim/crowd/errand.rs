//! Errands: setting out from a portal, approaching a lane, joining its queue, and walking off at the end.

use super::Site;
use super::body::Gait;
use super::change::{looks_round, settle};
use super::choice::{self, Chooser, Errand, Gates};
use super::floor::{Floor, Walking};
use super::party;
use super::people::{People, Person, Trip};
use super::track::{FILE_M, Stage, Tracked, Tracks};
use crate::apb::id::AreaId;
use crate::apb::site::OUTSIDE;
use crate::apb::time::{Span, Time};
use crate::record::{PersonId, Route, Standing, Truth};
use crate::scenario::plan::Plan;
use crate::scenario::script::Manner;
use crate::sim::clock::SimClock;
use crate::sim::ground::segment::Segment;
use crate::sim::ground::{Ground, lane_goal};
use crate::sim::lane::{Gate, Place};
use crate::sim::truth::TruthLog;
use bevy::prelude::*;
use rand::RngExt;

/// Who finds no lane at all tries again after this long. Assumed.
const TRY_AGAIN: Span = Span::seconds(10);

/// Who is this near to the end of a queue stands in it, m.
const JOIN_WITHIN_M: f32 = 0.6;

/// Who is this near to a portal is gone, m: nearer to one that is a line, such as a door, since others have
/// to get through there too.
const GONE_WITHIN_M: f32 = 0.4;
const GONE_WITHIN_LINE_M: f32 = 0.25;

/// Between its posts people come through a door evenly, as shares of its breadth. Assumed.
const DOOR: (f32, f32) = (0.1, 0.9);

/// A companion this near comes along into the queue, m.
const COMES_ALONG_WITHIN_M: f32 = 3.0;

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
    while let Some((due, id)) = people.take_due(clock.end()) {
        let at = due.max(clock.start());
        let Some(trip) = introduce(&mut people, id, at, &mut truth) else { continue };
        let Some(from) = people.get(id).and_then(|p| p.area) else { continue };
        if let Some(goal) = trip.via.front().copied() {
            start_strolling(&people, (id, trip.speed_m_s), goal, &mut floor, &ground);
            continue;
        }
        if trip.manner == Manner::FireDoor || from == trip.to {
            if trip.manner == Manner::FireDoor && from != OUTSIDE {
                let route = Route::FireDoor;
                truth.note(at, Truth::Moved { person: id, from, to: OUTSIDE, route });
            }
            finish(&mut people, id, at, trip.manner == Manner::FireDoor);
            continue;
        }
        let beside = party::beside(&trip, from, &people, (&floor, &ground));
        let Some(start) = beside.or_else(|| start_of(&mut people, id, &site.0, &trip)) else { continue };
        let Some(person) = people.get(id) else { continue };
        let speed = trip.speed_m_s.unwrap_or(person.speed_m_s);
        let who = Chooser { person, trip: &trip, from, at: start, current: None, before: None };
        let chosen = choice::choose(&site.0, who, &gates, (&floor, &mut ground));
        let Some((lane, direction)) = chosen else {
            people.schedule(id, at + TRY_AGAIN);
            continue;
        };
        let Some(outline) = people.get(id).map(|p| p.shape.outline()) else { continue };
        let walking = Walking::new(id, outline, start, speed, Errand::Lane { lane, direction });
        let walking = appear(&mut floor, walking);
        if let Some(companion) = trip.companion
            && comes_along(&mut people, companion, (from, at), &mut truth)
        {
            let position = party::place_beside(&ground, start, Vec2::new(-0.5, -0.3));
            let outline = people.get(companion).map_or(outline, |p| p.shape.outline());
            floor.add(Walking { person: companion, position, outline, ..walking });
        }
    }
}

/// Comes onto the floor; whoever has stood there from the beginning sets out from where they are.
fn appear(floor: &mut Floor, mut walking: Walking) -> Walking {
    match floor.walkers_mut().iter_mut().find(|w| w.person == walking.person) {
        Some(there) => {
            (walking.position, walking.heading) = (there.position, there.heading);
            walking.target = there.position;
            *there = walking.clone();
        }
        None => floor.add(walking.clone()),
    }
    walking
}

/// Sets out for the first of the goals that lie on the floor.
fn start_strolling(
    people: &People,
    (id, speed_m_s): (PersonId, Option<f32>),
    goal: usize,
    floor: &mut Floor,
    ground: &Ground,
) {
    let Some(person) = people.get(id) else { return };
    let here = person.place.unwrap_or_default();
    let speed = speed_m_s.unwrap_or(person.speed_m_s);
    let mut walking = Walking::new(id, person.shape.outline(), here, speed, Errand::Leave);
    walking.set_goal(Some(goal), ground.point_of(goal, here).unwrap_or(here));
    appear(floor, walking);
}

/// Everybody who stands on the floor from the beginning.
pub(super) fn stand(people: &People, floor: &mut Floor, ground: &Ground) {
    for person in people.iter().filter(|p| p.stands) {
        let Some(here) = person.place else { continue };
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

/// Where a person comes onto the floor: at a portal of their area, a little to one side of it, or anywhere on
/// its line. Who goes to a
/// certain lane comes from the portal nearest to it, everybody else from any.
fn start_of(people: &mut People, id: PersonId, plan: &Plan, trip: &Trip) -> Option<Vec2> {
    let person = people.get_mut(id)?;
    let area = person.area?;
    if let Some(place) = person.place {
        return Some(place);
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
    let aside = Vec2::new(person.rng.random_range(-0.8..0.8), person.rng.random_range(-0.3..0.3));
    Some(line.a + aside)
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

/// People on their way to a lane look where its queue ends, and now and then whether another lane is quicker.
pub(super) fn approach(
    clock: Res<SimClock>,
    site: Res<Site>,
    mut people: ResMut<People>,
    mut ground: ResMut<Ground>,
    mut floor: ResMut<Floor>,
    gates: Gates,
) {
    for walker in floor.walkers_mut().iter_mut().filter(|w| w.errand == Errand::Leave) {
        // A line may be reached at any point.
        let point = walker.goal.and_then(|goal| ground.point_of(goal, walker.position));
        walker.target = point.unwrap_or(walker.target);
    }
    for i in 0..floor.walkers().len() {
        let Errand::Lane { lane, direction } = floor.walkers()[i].errand else { continue };
        let walker = floor.walkers()[i].clone();
        let Some(trip) = choice::trip_of(&people, walker.person) else { continue };
        let leader = trip.companion_of.and_then(|l| floor.walkers().iter().find(|w| w.person == l));
        let (errand, target) = if let Some(leader) = leader {
            (leader.errand, leader.position - (leader.target - leader.position).normalize_or_zero() * 0.6)
        } else {
            let mut now = (lane, direction);
            if let Some(person) = people.get(walker.person).filter(|p| looks_round(&clock, p))
                && trip.lane.is_none()
            {
                let (from, at) = (person.area.unwrap_or(OUTSIDE), walker.position);
                let who = Chooser { person, trip, from, at, current: Some(lane), before: None };
                now = choice::choose(&site.0, who, &gates, (&floor, &mut ground)).unwrap_or(now);
            }
            if now.0 != lane {
                settle(&mut people, walker.person, clock.end());
            }
            let tail = gates
                .iter()
                .find(|(g, ..)| g.0 == now.0)
                .map(|(_, place, _, tracks)| place.point(now.1, tracks.tail(now.1).max(-FILE_M) - 0.3, 0.0));
            (Errand::Lane { lane: now.0, direction: now.1 }, tail.unwrap_or(walker.target))
        };
        if let Some(walker) = floor.walkers_mut().get_mut(i) {
            walker.errand = errand;
            let goal = match errand {
                Errand::Lane { lane, direction } => Some(lane_goal(lane, direction)),
                Errand::Leave | Errand::Stand => walker.goal,
            };
            walker.set_goal(goal, target);
        }
    }
}

/// Who has reached the end of the queue stands in it.
pub(super) fn join(
    clock: Res<SimClock>,
    people: Res<People>,
    mut floor: ResMut<Floor>,
    mut truth: ResMut<TruthLog>,
    mut gates: Query<(&Gate, &Place, &mut Tracks)>,
) {
    let mut i = 0;
    while i < floor.walkers().len() {
        let walker = &floor.walkers()[i];
        let near = walker.position.distance(walker.target) < JOIN_WITHIN_M;
        if !near || !matches!(walker.errand, Errand::Lane { .. }) {
            i += 1;
            continue;
        }
        let is_led = choice::trip_of(&people, walker.person)
            .and_then(|t| t.companion_of)
            .is_some_and(|l| floor.walkers().iter().any(|w| w.person == l));
        let is_full = |(gate, _, tracks): (&Gate, &Place, &Tracks)| match walker.errand {
            Errand::Lane { lane, direction } => gate.0 == lane && tracks.is_file_full(direction),
            Errand::Leave | Errand::Stand => false,
        };
        let is_full = gates.iter().any(is_full);
        if is_full || is_led {
            i += 1;
            continue;
        }
        let walker = floor.walkers_mut().remove(i);
        let companion = choice::trip_of(&people, walker.person).and_then(|t| t.companion);
        let comes_along = |w: &Walking| {
            Some(w.person) == companion && w.position.distance(walker.position) < COMES_ALONG_WITHIN_M
        };
        let along = floor.walkers().iter().position(comes_along).map(|j| floor.walkers_mut().remove(j));
        for joining in [Some(walker), along].into_iter().flatten() {
            stand_in_queue(clock.start(), &joining, &people, &mut truth, &mut gates);
        }
    }
}

fn stand_in_queue(
    now: Time,
    walker: &Walking,
    people: &People,
    truth: &mut TruthLog,
    gates: &mut Query<(&Gate, &Place, &mut Tracks)>,
) {
    let Errand::Lane { lane, direction } = walker.errand else { return };
    let Some((_, place, mut tracks)) = gates.iter_mut().find(|(g, ..)| g.0 == lane) else { return };
    let (Some(person), Some(trip)) = (people.get(walker.person), choice::trip_of(people, walker.person))
    else {
        return;
    };
    let mouth = place.point(direction, 0.0, 0.0);
    let before = (mouth.y - walker.position.y).abs();
    let front = tracks.tail(direction).min(-before);
    let body = tracked(person, trip, walker, front, walker.position.x - mouth.x);
    tracks.of_mut(direction).push(body);
    if trip.manner.waits_its_turn() && walker.queues != Some((lane, direction)) {
        truth.note(now, Truth::Queued { person: walker.person, lane, direction });
    }
}

fn tracked(person: &Person, trip: &Trip, walker: &Walking, front: f32, lateral: f32) -> Tracked {
    Tracked {
        person: person.id,
        front,
        front_before: front,
        speed: walker.velocity.y.abs(),
        lateral,
        shape: person.shape,
        gait: Gait::of(person.id),
        stage: Stage::Queueing,
        standing: Standing::Granted,
        free_speed: walker.speed_m_s,
        reaction_s: (person.reaction_s, 0.0),
        manner: trip.manner,
        cards: trip.cards.iter().copied().collect(),
        pin: trip.pin,
        hesitates: trip.hesitates,
        green: false,
        refusals: 0,
        served: false,
        waiting_since: None,
        entered: false,
        crossed: false,
    }
}

/// Who reaches a portal is off the floor until their next trip; who only passes it goes on to the next goal.
pub(super) fn depart(
    clock: Res<SimClock>,
    ground: Res<Ground>,
    mut people: ResMut<People>,
    mut floor: ResMut<Floor>,
) {
    floor.walkers_mut().retain_mut(|walker| {
        let is_line = walker.goal.is_some_and(|goal| ground.is_line(goal));
        let within = if is_line { GONE_WITHIN_LINE_M } else { GONE_WITHIN_M };
        if walker.errand != Errand::Leave || walker.position.distance(walker.target) >= within {
            return true;
        }
        match pass(&mut people, walker.person) {
            Passed::On(goal) => {
                let point = ground.point_of(goal, walker.position);
                walker.set_goal(Some(goal), point.unwrap_or(walker.position));
                return true;
            }
            Passed::ToLanes => walker.errand = Errand::Stand,
            Passed::Gone => {}
        }
        people.schedule(walker.person, clock.end());
        walker.errand == Errand::Stand
    });
}

/// What comes after a goal on the floor.
enum Passed {
    /// The next goal.
    On(usize),
    /// Another area.
    ToLanes,
    /// Nothing before the next trip.
    Gone,
}

fn pass(people: &mut People, id: PersonId) -> Passed {
    let Some(person) = people.get_mut(id) else { return Passed::Gone };
    let Some(trip) = person.trips.front_mut().filter(|t| !t.via.is_empty()) else { return Passed::Gone };
    trip.via.pop_front();
    match trip.via.front() {
        Some(next) => Passed::On(*next),
        None if trip.to != trip.from => Passed::ToLanes,
        None => {
            person.trips.pop_front();
            Passed::Gone
        }
    }
}
