//! Waiting for a lane: from when on people wait, and when they leave its queue for another lane's.

use super::Site;
use super::bound::Bound;
use super::choice::{self, Chooser, Errand, Gates};
use super::floor::{Floor, Walking};
use super::people::{People, Person};
use super::track::{Stage, Tracked, Tracks};
use crate::apb::id::{Direction, LaneId};
use crate::apb::site::{OUTSIDE, PassMode};
use crate::apb::time::{Span, Time};
use crate::record::{PersonId, Truth};
use crate::sim::clock::SimClock;
use crate::sim::ground::Ground;
use crate::sim::lane::{Gate, Place};
use crate::sim::truth::TruthLog;
use bevy::prelude::*;

/// People look round for a quicker lane this often. Assumed.
const LOOK_ROUND: Span = Span::seconds(1);

/// Who is slower than this share of their free speed, and this near to the end of a full file, m, waits.
/// Assumed.
const QUEUES_BELOW: f32 = 0.4;
const QUEUES_WITHIN_M: f32 = 10.0;

/// The first so many of a file stay, whatever they see elsewhere. Assumed.
const STAY: usize = 2;

/// Who has changed to another lane stays by it for at least this long. Assumed.
const SETTLED: Span = Span::seconds(8);

/// Whether it is time for this person to look round for a quicker lane.
pub(super) fn looks_round(clock: &SimClock, person: &Person) -> bool {
    looks_up(clock, person.id) && clock.start() >= person.settled
}

/// Whether it is time for this person to look up at all.
fn looks_up(clock: &SimClock, id: PersonId) -> bool {
    let ticks = (LOOK_ROUND.0 / clock.length().0.max(1)).max(1);
    let tick = clock.end().0 / clock.length().0.max(1);
    (tick + u64::from(id.0)).is_multiple_of(ticks)
}

/// Somebody has changed to another lane.
pub(super) fn settle(people: &mut People, id: PersonId, now: Time) {
    if let Some(person) = people.get_mut(id) {
        person.settled = now + SETTLED;
    }
}

/// Who comes to a stand behind a full file has begun to wait for that lane.
pub(super) fn line_up(
    clock: Res<SimClock>,
    people: Res<People>,
    mut floor: ResMut<Floor>,
    mut truth: ResMut<TruthLog>,
    gates: Query<(&Gate, &Tracks)>,
) {
    for walker in floor.walkers_mut() {
        let Errand::Lane { lane, direction } = walker.errand else { continue };
        let is_slow = walker.velocity.length() < QUEUES_BELOW * walker.speed_m_s;
        let is_near = walker.position.distance(walker.target) < QUEUES_WITHIN_M;
        if !is_slow || !is_near || walker.queues == Some((lane, direction)) {
            continue;
        }
        let is_full = gates.iter().any(|(gate, tracks)| gate.0 == lane && tracks.is_file_full(direction));
        let waits = choice::trip_of(&people, walker.person).is_some_and(|t| t.manner.waits_its_turn());
        if is_full && waits {
            walker.queues = Some((lane, direction));
            truth.note(clock.start(), Truth::Queued { person: walker.person, lane, direction });
        }
    }
}

/// Who stands in a file behind the first two leaves it for a lane that is clearly quicker; of a lane that has
/// been locked this way everybody does, if there is another.
pub(super) fn change(
    clock: Res<SimClock>,
    site: Res<Site>,
    mut people: ResMut<People>,
    mut floor: ResMut<Floor>,
    mut ground: ResMut<Ground>,
    mut gates: ParamSet<(Gates, Query<(&Gate, &mut Tracks)>)>,
) {
    let mut leaving: Vec<(LaneId, Direction, PersonId, Walking)> = Vec::new();
    let seen = gates.p0();
    let mut bound: Option<Bound> = None;
    for (gate, place, lamps, tracks) in &seen {
        for direction in Direction::BOTH {
            let is_locked = lamps.0[direction.index()] == PassMode::Locked;
            let stay = if is_locked { 0 } else { STAY };
            for (before, body) in tracks.of(direction).iter().enumerate().skip(stay) {
                let is_settled = || people.get(body.person).is_none_or(|p| clock.start() < p.settled);
                // Who is about to present looks at the lamp all the time.
                let looks = (is_locked && before < STAY)
                    || (looks_up(&clock, body.person) && (is_locked || !is_settled()));
                if body.stage != Stage::Queueing || body.front > 0.0 || !looks {
                    continue;
                }
                let at = place.point(direction, body.torso_front(), body.lateral);
                let file = (gate.0, before, at);
                let bound = bound.get_or_insert_with(|| Bound::of(&seen, &floor));
                let floor = (&*floor, &*bound, &mut *ground);
                if let Some(to) = better(&site, &people, body, file, &seen, floor) {
                    let from = (gate.0, direction, body.person);
                    leaving.push((from.0, from.1, from.2, off_the_file(body, (place, direction), to)));
                }
            }
        }
    }
    for (lane, direction, person, walking) in leaving {
        for (_, mut tracks) in gates.p1().iter_mut().filter(|(gate, _)| gate.0 == lane) {
            tracks.of_mut(direction).retain(|b| b.person != person);
        }
        floor.add(walking);
        settle(&mut people, person, clock.end());
    }
}

/// The other lane that somebody goes to who is in a file with so many before them.
fn better(
    site: &Site,
    people: &People,
    body: &Tracked,
    (lane, before, at): (LaneId, usize, Vec2),
    gates: &Gates<'_, '_, '_>,
    floor: (&Floor, &Bound, &mut Ground),
) -> Option<Errand> {
    let person = people.get(body.person)?;
    let trip = person.trips.front()?;
    let is_alone = trip.companion.is_none() && trip.companion_of.is_none();
    if trip.lane.is_some() || !is_alone || !trip.manner.waits_its_turn() {
        return None;
    }
    let from = person.area.unwrap_or(OUTSIDE);
    let who = Chooser { person, trip, from, at, current: Some(lane), before: Some(before) };
    let (chosen, direction) = choice::choose(&site.0, who, gates, floor)?;
    (chosen != lane).then_some(Errand::Lane { lane: chosen, direction })
}

fn off_the_file(body: &Tracked, (place, direction): (&Place, Direction), errand: Errand) -> Walking {
    let middle = body.torso_front() - body.shape.depth_m() / 2.0;
    let position = place.point(direction, middle, body.lateral);
    Walking::new(body.person, body.shape.outline(), position, body.free_speed, errand)
}
