//! Errands: setting out from a portal, approaching a lane, joining its queue, and walking off at the end.

use super::Site;
use super::body::Gait;
use super::choice::{self, Errand};
use super::floor::{Floor, Walking};
use super::people::{People, Person, Trip};
use super::track::{Stage, Tracked, Tracks};
use crate::apb::id::AreaId;
use crate::apb::site::OUTSIDE;
use crate::apb::time::{Span, Time};
use crate::record::{PersonId, Route, Standing, Truth};
use crate::scenario::plan::Plan;
use crate::scenario::script::Manner;
use crate::sim::clock::SimClock;
use crate::sim::lane::{Gate, Lamps, Place};
use crate::sim::truth::TruthLog;
use bevy::prelude::*;
use rand::RngExt;

/// People look round for a quicker lane this often. Assumed.
const LOOK_ROUND: Span = Span::seconds(1);

/// Who finds no lane at all tries again after this long. Assumed.
const TRY_AGAIN: Span = Span::seconds(10);

/// Who is this near to the end of a queue stands in it, m.
const JOIN_WITHIN_M: f32 = 0.6;

/// Who is this near to a portal is gone, m.
const GONE_WITHIN_M: f32 = 0.4;

/// A companion this near comes along into the queue, m.
const COMES_ALONG_WITHIN_M: f32 = 3.0;

/// Whose trip is due comes onto the floor, or takes the fire door.
pub(super) fn set_out(
    clock: Res<SimClock>,
    site: Res<Site>,
    mut people: ResMut<People>,
    mut floor: ResMut<Floor>,
    mut truth: ResMut<TruthLog>,
    gates: Query<(&Gate, &Place, &Lamps, &Tracks)>,
) {
    while let Some((due, id)) = people.take_due(clock.end()) {
        let at = due.max(clock.start());
        let Some(trip) = introduce(&mut people, id, at, &mut truth) else { continue };
        let Some(from) = people.get(id).and_then(|p| p.area) else { continue };
        if trip.manner == Manner::FireDoor || from == trip.to {
            if trip.manner == Manner::FireDoor && from != OUTSIDE {
                let route = Route::FireDoor;
                truth.note(at, Truth::Moved { person: id, from, to: OUTSIDE, route });
            }
            finish(&mut people, id, at, trip.manner == Manner::FireDoor);
            continue;
        }
        let Some(start) = start_of(&mut people, id, &site.0, &trip) else { continue };
        let speed = trip.speed_m_s.or_else(|| people.get(id).map(|p| p.speed_m_s)).unwrap_or(1.0);
        let chosen = choice::choose(&site.0.site, from, &trip, start, (id, speed), None, &gates, &floor);
        let Some((lane, direction)) = chosen else {
            people.schedule(id, at + TRY_AGAIN);
            continue;
        };
        let errand = Errand::Lane { lane, direction };
        let walking = Walking {
            person: id,
            position: start,
            velocity: Vec2::ZERO,
            target: start,
            speed_m_s: speed,
            errand,
        };
        floor.add(walking.clone());
        if let Some(companion) = trip.companion
            && comes_along(&mut people, companion, (from, at), &mut truth)
        {
            let position = start - Vec2::new(0.5, 0.3);
            floor.add(Walking { person: companion, position, ..walking });
        }
    }
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

/// Where a person comes onto the floor: at a portal of their area, a little to one side. Who goes to a
/// certain lane comes from the portal nearest to it, everybody else from any.
fn start_of(people: &mut People, id: PersonId, plan: &Plan, trip: &Trip) -> Option<Vec2> {
    let person = people.get_mut(id)?;
    let area = person.area?;
    let portal = if let Some(lane) = trip.lane.and_then(|l| plan.lane(l)) {
        choice::portal(plan, area, Vec2::new(lane.x_m, lane.y_m))?
    } else {
        let of_area: Vec<Vec2> = choice::portals(plan, area).collect();
        *of_area.get(person.rng.random_range(0..of_area.len().max(1)))?
    };
    let aside = Vec2::new(person.rng.random_range(-0.8..0.8), person.rng.random_range(-0.3..0.3));
    Some(portal + aside)
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
    people: Res<People>,
    mut floor: ResMut<Floor>,
    gates: Query<(&Gate, &Place, &Lamps, &Tracks)>,
) {
    let ticks = (LOOK_ROUND.0 / clock.length().0.max(1)).max(1);
    let tick = clock.end().0 / clock.length().0.max(1);
    for i in 0..floor.walkers().len() {
        let walker = floor.walkers()[i].clone();
        let Errand::Lane { lane, direction } = walker.errand else { continue };
        let Some(trip) = choice::trip_of(&people, walker.person) else { continue };
        let leader = trip.companion_of.and_then(|l| floor.walkers().iter().find(|w| w.person == l));
        let (errand, target) = if let Some(leader) = leader {
            (leader.errand, leader.position - (leader.target - leader.position).normalize_or_zero() * 0.6)
        } else {
            let mut now = (lane, direction);
            if (tick + u64::from(walker.person.0)).is_multiple_of(ticks) && trip.lane.is_none() {
                let from = people.get(walker.person).and_then(|p| p.area).unwrap_or(OUTSIDE);
                let who = (walker.person, walker.speed_m_s);
                let at = walker.position;
                now = choice::choose(&site.0.site, from, trip, at, who, Some(lane), &gates, &floor)
                    .unwrap_or(now);
            }
            let tail = gates
                .iter()
                .find(|(g, ..)| g.0 == now.0)
                .map(|(_, place, _, tracks)| place.point(now.1, tracks.tail(now.1) - 0.3, 0.0));
            (Errand::Lane { lane: now.0, direction: now.1 }, tail.unwrap_or(walker.target))
        };
        if let Some(walker) = floor.walkers_mut().get_mut(i) {
            (walker.errand, walker.target) = (errand, target);
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
        let is_led = choice::trip_of(&people, walker.person)
            .and_then(|t| t.companion_of)
            .is_some_and(|l| floor.walkers().iter().any(|w| w.person == l));
        if !near || is_led || walker.errand == Errand::Leave {
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
    if trip.manner.waits_its_turn() {
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

/// Who reaches a portal is off the floor until their next trip.
pub(super) fn depart(clock: Res<SimClock>, mut people: ResMut<People>, mut floor: ResMut<Floor>) {
    floor.walkers_mut().retain(|walker| {
        let is_gone =
            walker.errand == Errand::Leave && walker.position.distance(walker.target) < GONE_WITHIN_M;
        if is_gone {
            people.schedule(walker.person, clock.end());
        }
        !is_gone
    });
}
