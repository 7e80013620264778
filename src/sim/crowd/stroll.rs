//! Walkers: people without credentials, where they stand at first and where they go.

use super::agenda::Day;
use super::party::come_together;
use super::people::{Course, Origin, Person, Trip};
use crate::apb::time::Time;
use crate::record::PersonId;
use crate::scenario::plan::Point;
use crate::scenario::walkers::{Destination, Start, Walkers};
use crate::sim::ground::portal_goal;
use bevy::prelude::*;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use std::sync::Arc;

/// How far from the middle of their square people stand at most, as a share of the room there is. Assumed.
const STRAY: f32 = 0.5;

/// The depth and breadth that nobody else stands in, m: those of a body with its arms.
const BODY_M: f32 = 0.40;

/// Where a child begins whom somebody has by the hand, m: the two part within a few steps, and there is never
/// a wall between them.
const BESIDE: Vec2 = Vec2::new(-0.10, -0.05);

impl Day<'_> {
    /// Everybody who walks about.
    pub(super) fn walkers(&mut self) {
        let mut number = self.first_walker();
        for walkers in &self.scenario.walkers {
            self.some_walkers(walkers, number);
            number += walkers.count as usize;
        }
    }

    fn some_walkers(&mut self, walkers: &Walkers, first: usize) {
        let mut origins = self.origins(walkers);
        let parties = self.parties(&walkers.name, walkers.population.as_ref(), walkers.count as usize);
        let mut times = walkers.sets_out.clone();
        come_together(&mut times, &parties);
        let number = |i: usize| u32::try_from(first + i).ok().map(PersonId);
        let goal = |portal: &usize| portal_goal(&self.scenario.plan, *portal);
        let round: Arc<[usize]> = walkers.via.iter().map(goal).collect();
        for i in 0..walkers.count as usize {
            let (Some(origin), Some(id)) = (origins.pop(), number(i)) else { break };
            let at = times.get(i).or(times.first()).copied().unwrap_or(Time::ZERO);
            let (person, child) = self.person(id, None, (&walkers.habits, walkers.population.as_ref()));
            let trip = self.stroll(walkers, &round, origin.place(), at);
            if let (Some(child), Some(id)) = (child, number(i + self.walkers_in_all())) {
                let along = self.child(id, child, &person);
                let origin = Some(beside(origin));
                self.people.add(Person { origin, trips: [trip.clone()].into(), ..along });
            }
            self.people.add(Person { origin: Some(origin), trips: [trip].into(), ..person });
        }
        for party in parties {
            let members: Vec<PersonId> = party.filter_map(number).collect();
            self.together(&members);
        }
    }

    /// How many walkers there are; their children have the numbers after them.
    fn walkers_in_all(&self) -> usize {
        self.scenario.walkers.iter().map(|w| w.count as usize).sum()
    }

    /// Where each of them comes onto the floor, the last first.
    fn origins(&self, walkers: &Walkers) -> Vec<Origin> {
        let mut rng = self.rng.named(&format!("places/{}", walkers.name));
        let count = walkers.count as usize;
        match walkers.start {
            Start::Within(a, b) => spread(&mut rng, a, b, count).into_iter().map(Origin::Stands).collect(),
            Start::Portal(portal) => {
                let portal = self.scenario.plan.portals.get(portal);
                let (a, b) = portal.map(|p| (corner(p.from), corner(p.to))).unwrap_or_default();
                let mut along = || match a.lerp(b, rng.random_range(0.0..1.0)) {
                    at if a == b => Origin::About(at),
                    at => Origin::Here(at),
                };
                (0..count).map(|_| along()).collect()
            }
        }
    }

    fn stroll(&self, walkers: &Walkers, round: &Arc<[usize]>, place: Vec2, at: Time) -> Trip {
        let plan = &self.scenario.plan;
        let (to, last) = match &walkers.to {
            Destination::Area(area) => (*area, None),
            Destination::Portals(portals) => {
                let far = |portal: &usize| {
                    let middle = plan.portals.get(*portal).map(|p| corner(p.middle()));
                    middle.map_or(f32::INFINITY, |m| m.distance_squared(place))
                };
                let nearest = portals.iter().min_by(|a, b| far(a).total_cmp(&far(b)));
                (walkers.area, nearest.map(|portal| portal_goal(plan, *portal)))
            }
        };
        let via = Course::new(round.clone(), walkers.rounds, last);
        Trip { via, ..Trip::honest(at, walkers.area, to, None) }
    }
}

/// Where the child begins of somebody who begins here.
fn beside(origin: Origin) -> Origin {
    match origin {
        Origin::Stands(at) => Origin::Stands(at + BESIDE),
        Origin::Here(at) => Origin::Here(at + BESIDE),
        Origin::About(at) => Origin::About(at),
    }
}

fn corner(point: Point) -> Vec2 {
    Vec2::new(point.x_m, point.y_m)
}

/// So many places, evenly over a rectangle, each somewhere in a square of its own.
fn spread(rng: &mut ChaCha8Rng, a: Point, b: Point, count: usize) -> Vec<Vec2> {
    let (low, high) = (corner(a).min(corner(b)), corner(a).max(corner(b)));
    let size = high - low;
    let edge = (size.x * size.y / count.max(1) as f32).sqrt();
    let mut columns = ((size.x / edge).round() as usize).max(1);
    if columns * ((size.y / edge).round() as usize).max(1) < count {
        columns = columns.max((size.x / edge).ceil() as usize);
    }
    let rows = count.div_ceil(columns).max(1);
    let square = Vec2::new(size.x / columns as f32, size.y / rows as f32);
    let slack = ((square - BODY_M) * 0.5 * STRAY).max(Vec2::ZERO);
    let mut places = Vec::with_capacity(count);
    for i in 0..count {
        let at = Vec2::new((i % columns) as f32, (i / columns) as f32);
        let stray = Vec2::new(rng.random_range(-1.0..1.0), rng.random_range(-1.0..1.0)) * slack;
        places.push(low + (at + 0.5) * square + stray);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::rng::SimRng;

    #[test]
    fn places_are_within_and_apart() {
        let (a, b) = (Point { x_m: 20.0, y_m: 0.0 }, Point { x_m: 0.0, y_m: 15.0 });
        for count in [1, 2, 7, 200, 1_000] {
            let places = spread(&mut SimRng::new(1).named("test"), a, b, count);
            assert_eq!(places.len(), count);
            for (i, p) in places.iter().enumerate() {
                assert!((0.0..=20.0).contains(&p.x) && (0.0..=15.0).contains(&p.y), "{p}");
                assert!(places[..i].iter().all(|q| q.distance(*p) > 0.38), "{count}: {p}");
            }
        }
    }
}
