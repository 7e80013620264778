//! Evacuation: once the fire bell rings, people inside leave by the nearest means, and nobody comes in.

use super::Site;
use super::choice::{self, Errand};
use super::floor::{Floor, Walking};
use super::people::{People, Person, Trip};
use super::track::{Stage, Tracks};
use crate::apb::id::{AreaId, Direction};
use crate::apb::site::OUTSIDE;
use crate::apb::time::{Span, Time};
use crate::record::PersonId;
use crate::sim::clock::SimClock;
use bevy::prelude::*;
use rand::RngExt;
use std::collections::BTreeMap;

/// Time from the bell until somebody sets out, s, least and most; drawn evenly. Assumed.
const REACTION_S: (f32, f32) = (5.0, 45.0);

/// The fire bell, which everybody hears.
#[derive(Resource, Default, Debug)]
pub(in crate::sim) struct FireBell {
    /// It rings, and nobody has taken notice yet.
    rings: bool,
}

impl FireBell {
    /// The fire alarm went off.
    pub(in crate::sim) fn ring(&mut self) {
        self.rings = true;
    }
}

/// Everybody takes notice of the bell, once.
pub(super) fn heed_the_bell(
    clock: Res<SimClock>,
    site: Res<Site>,
    mut bell: ResMut<FireBell>,
    mut people: ResMut<People>,
    mut floor: ResMut<Floor>,
    mut gates: Query<&mut Tracks>,
) {
    if !std::mem::take(&mut bell.rings) {
        return;
    }
    let now = clock.start();
    let mut found: BTreeMap<PersonId, Found> = BTreeMap::new();
    for mut tracks in &mut gates {
        for direction in Direction::BOTH {
            for body in tracks.of_mut(direction) {
                let inwards = choice::trip_of(&people, body.person).is_some_and(|t| t.to != OUTSIDE);
                if inwards && body.front <= 0.0 {
                    body.stage = Stage::GivingUp;
                }
                let gives_up = body.stage == Stage::GivingUp;
                found.insert(body.person, if gives_up { Found::GivingUp } else { Found::UnderWay });
            }
        }
    }
    people.unschedule_all();
    for walker in floor.walkers_mut() {
        if let Some(person) = people.get(walker.person) {
            found.insert(walker.person, stop(walker, person, &site));
        }
    }
    let everybody: Vec<PersonId> = people.iter().map(|p| p.id).collect();
    for id in everybody {
        evacuate(&mut people, id, now, found.get(&id).copied());
    }
}

/// What the bell finds somebody at who is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// In a lane, or on the way out to one: they finish that first.
    UnderWay,
    /// Turning back from a lane, with which that trip ends.
    GivingUp,
    /// Walking off: they set out again from the portal they go to.
    WalkingOff,
    /// On the floor of this area: they set out from where they are.
    Here(AreaId),
    /// Outside, and going nowhere else.
    Outside,
}

/// Somebody on the floor hears the bell. Who wants in walks off; who stands or strolls about inside stops
/// until they have understood.
fn stop(walker: &mut Walking, person: &Person, site: &Site) -> Found {
    let trip = person.trips.front();
    let area = person.area.or(trip.map(|t| t.from)).unwrap_or(OUTSIDE);
    let inwards = trip.is_some_and(|t| t.to != OUTSIDE);
    let is_about = match walker.errand {
        Errand::Lane { .. } if !inwards => return Found::UnderWay,
        Errand::Lane { .. } => false,
        Errand::Leave => trip.is_some_and(|t| t.via.next().is_some()),
        Errand::Stand => true,
    };
    if is_about && area != OUTSIDE {
        walker.stand();
        return Found::Here(area);
    }
    if is_about && !inwards {
        return Found::Outside;
    }
    if is_about || walker.errand != Errand::Leave {
        choice::send_off(walker, &site.0, area);
    }
    Found::WalkingOff
}

/// Replaces what is left of a person's day by the way out. Who is under way in a lane finishes that first.
fn evacuate(people: &mut People, id: PersonId, now: Time, found: Option<Found>) {
    let Some(person) = people.get_mut(id) else { return };
    if found == Some(Found::Outside) {
        people.schedule(id, now);
        return;
    }
    let under_way = found == Some(Found::UnderWay);
    let here = match found {
        Some(Found::Here(area)) => area,
        _ => person.area.unwrap_or(OUTSIDE),
    };
    let after = if under_way { person.trips.front().map_or(here, |t| t.to) } else { here };
    person.trips.truncate(usize::from(under_way || found == Some(Found::GivingUp)));
    if let Some(trip) = person.trips.front_mut() {
        (trip.companion, trip.accomplice) = (None, None);
    }
    if after != OUTSIDE {
        let reaction = person.rng.random_range(REACTION_S.0..REACTION_S.1);
        let at = now + Span::micros((reaction * 1e6) as u64);
        person.trips.push_back(Trip::honest(at, after, OUTSIDE, person.own_card));
    }
    if matches!(found, None | Some(Found::Here(_))) {
        people.schedule(id, now);
    }
}
