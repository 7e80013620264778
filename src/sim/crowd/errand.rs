//! Errands: approaching a lane, joining its queue, and walking off at the end.

use super::Site;
use super::body::Gait;
use super::bound::Bound;
use super::change::{looks_round, settle};
use super::choice::{self, Chooser, Errand, Gates};
use super::floor::{Floor, Walking};
use super::people::{People, Person, Trip};
use super::track::{FILE_M, Stage, Tracked, Tracks};
use crate::apb::site::OUTSIDE;
use crate::apb::time::Time;
use crate::record::{PersonId, Standing, Truth};
use crate::sim::clock::SimClock;
use crate::sim::ground::{Ground, lane_goal};
use crate::sim::lane::{Gate, Place};
use crate::sim::truth::TruthLog;
use bevy::prelude::*;

/// Who is this near to the end of a queue stands in it, m.
const JOIN_WITHIN_M: f32 = 0.6;

/// Who is this near to a portal is gone, m: nearer to one that is a line, such as a door, since others have
/// to get through there too.
const GONE_WITHIN_M: f32 = 0.4;
const GONE_WITHIN_LINE_M: f32 = 0.25;

/// A companion this near comes along into the queue, m.
const COMES_ALONG_WITHIN_M: f32 = 3.0;

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
    let mut bound: Option<Bound> = None;
    for i in 0..floor.walkers().len() {
        let Errand::Lane { lane, direction } = floor.walkers()[i].errand else { continue };
        let walker = floor.walkers()[i].clone();
        let Some(trip) = choice::trip_of(&people, walker.person) else { continue };
        let leader = trip.companion_of.and_then(|l| leader_of(&floor, i, l));
        let (errand, target) = if let Some(leader) = leader {
            (leader.errand, leader.position - (leader.target - leader.position).normalize_or_zero() * 0.6)
        } else {
            let mut now = (lane, direction);
            if let Some(person) = people.get(walker.person).filter(|p| looks_round(&clock, p))
                && trip.lane.is_none()
            {
                let (from, at) = (person.area.unwrap_or(OUTSIDE), walker.position);
                let who = Chooser { person, trip, from, at, current: Some(lane), before: None };
                let bound = bound.get_or_insert_with(|| Bound::of(&gates, &floor));
                now = choice::choose(&site.0, who, &gates, (&floor, bound, &mut ground)).unwrap_or(now);
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
            if let Some(bound) = &mut bound {
                bound.change(walker.position, walker.errand, errand);
            }
            walker.errand = errand;
            let goal = match errand {
                Errand::Lane { lane, direction } => Some(lane_goal(lane, direction)),
                Errand::Leave | Errand::Stand => walker.goal,
            };
            walker.set_goal(goal, target);
        }
    }
}

/// Whoever leads the walker of this number. They have mostly come onto the floor right before.
fn leader_of(floor: &Floor, i: usize, leader: PersonId) -> Option<&Walking> {
    let (before, after) = floor.walkers().split_at_checked(i)?;
    let is_leader = |w: &&Walking| w.person == leader;
    before.iter().rfind(is_leader).or_else(|| after.iter().find(is_leader))
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
            Passed::ToLanes => walker.stand(),
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
    let Some(trip) = person.trips.front_mut().filter(|t| t.via.next().is_some()) else { return Passed::Gone };
    trip.via.pass();
    match trip.via.next() {
        Some(next) => Passed::On(next),
        None if trip.to != trip.from => Passed::ToLanes,
        None => {
            person.trips.pop_front();
            Passed::Gone
        }
    }
}
