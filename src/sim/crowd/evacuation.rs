//! Evacuation: once the fire bell rings, people inside leave by the nearest means, and nobody comes in.

use super::Site;
use super::choice::{self, Errand};
use super::floor::Floor;
use super::people::{People, Trip};
use super::track::{Stage, Tracks};
use crate::apb::id::Direction;
use crate::apb::site::OUTSIDE;
use crate::apb::time::{Span, Time};
use crate::record::PersonId;
use crate::sim::clock::SimClock;
use bevy::prelude::*;
use rand::RngExt;
use std::collections::BTreeSet;

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
    let mut about: BTreeSet<PersonId> = BTreeSet::new();
    for mut tracks in &mut gates {
        for direction in Direction::BOTH {
            for body in tracks.of_mut(direction) {
                about.insert(body.person);
                let inwards = choice::trip_of(&people, body.person).is_some_and(|t| t.to != OUTSIDE);
                if inwards && body.front <= 0.0 {
                    body.stage = Stage::GivingUp;
                }
            }
        }
    }
    for walker in floor.walkers_mut() {
        about.insert(walker.person);
        let inwards = choice::trip_of(&people, walker.person).is_some_and(|t| t.to != OUTSIDE);
        if let (Errand::Lane { .. }, true) = (walker.errand, inwards) {
            let area = people.get(walker.person).and_then(|p| p.area).unwrap_or(OUTSIDE);
            choice::send_off(walker, &site.0, area);
        }
    }
    let everybody: Vec<PersonId> = people.iter().map(|p| p.id).collect();
    for id in everybody {
        let is_about = about.contains(&id);
        let under_way = floor.walkers().iter().any(|w| w.person == id && w.errand != Errand::Leave)
            || gates.iter().any(|t| t.both().any(|b| b.person == id && b.stage != Stage::GivingUp));
        evacuate(&mut people, id, now, is_about, under_way);
    }
}

/// Replaces what is left of a person's day by the way out. Who is under way in a lane finishes that first.
fn evacuate(people: &mut People, id: PersonId, now: Time, is_about: bool, under_way: bool) {
    let Some(person) = people.get_mut(id) else { return };
    let here = person.area.unwrap_or(OUTSIDE);
    let after = if under_way { person.trips.front().map_or(here, |t| t.to) } else { here };
    person.trips.truncate(usize::from(under_way));
    if let Some(trip) = person.trips.front_mut() {
        (trip.companion, trip.accomplice) = (None, None);
    }
    if after != OUTSIDE {
        let reaction = person.rng.random_range(REACTION_S.0..REACTION_S.1);
        let at = now + Span::micros((reaction * 1e6) as u64);
        person.trips.push_back(Trip::honest(at, after, OUTSIDE, person.own_card));
    }
    people.unschedule(id);
    if !is_about {
        people.schedule(id, now);
    }
}
