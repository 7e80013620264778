//! The open floor: people who walk between portals and lanes.
//!
//! A collision-free speed model: everybody heads for their target, bent away from whoever is near, and slows
//! down for whoever is ahead. Only those nearer to their own target are given way to, which is a total order,
//! so that somebody can always move and nobody waits in a circle.

use super::choice::Errand;
use crate::record::PersonId;
use bevy::prelude::*;

/// How far people take note of each other, m.
const SIGHT_M: f32 = 2.0;

/// Radius of a person on the open floor, m. Half the mean shoulder breadth.
const RADIUS_M: f32 = 0.22;

/// Strength and reach of the bending away from others: direction units, and m. Calibrated for the
/// collision-free speed model by its authors at 8 and 0.1; weaker here, as queues stand close together.
const BEND: f32 = 3.0;
const BEND_REACH_M: f32 = 0.12;

/// Time gap to whoever is ahead, s. 0.5 s reproduces measured speeds over density.
const TIME_GAP_S: f32 = 0.5;

/// Somebody on the open floor.
#[derive(Clone, Debug)]
pub struct Walking {
    /// Who.
    pub person: PersonId,
    /// Where, m.
    pub position: Vec2,
    /// How fast and which way, m/s.
    pub velocity: Vec2,
    /// Where to, m.
    pub target: Vec2,
    /// Free walking speed, m/s.
    pub speed_m_s: f32,
    /// What for.
    pub errand: Errand,
}

/// Everybody on the open floor.
#[derive(Resource, Default, Debug)]
pub struct Floor {
    walkers: Vec<Walking>,
    /// Positions of the tick before and of people who stand in queues, sorted; kept for its memory.
    seen: Vec<Seen>,
}

/// Somebody as others see them.
#[derive(Clone, Copy, Debug)]
struct Seen {
    position: Vec2,
    /// Distance left to the target, m, and the person's number: whoever has less is given way to. `None`:
    /// stands in a queue, is walked around and never waited for.
    rank: Option<(f32, PersonId)>,
}

impl Floor {
    /// Everybody, in order of setting out.
    pub fn walkers(&self) -> &[Walking] {
        &self.walkers
    }

    pub(super) fn walkers_mut(&mut self) -> &mut Vec<Walking> {
        &mut self.walkers
    }

    /// Somebody comes onto the floor.
    pub fn add(&mut self, walking: Walking) {
        self.walkers.push(walking);
    }

    /// Moves everybody by one step of `dt_s` seconds, around people who stand at these places.
    pub fn step(&mut self, dt_s: f32, standing: impl IntoIterator<Item = Vec2>) {
        if self.walkers.is_empty() {
            return;
        }
        self.seen.clear();
        self.seen.extend(standing.into_iter().map(|position| Seen { position, rank: None }));
        self.seen.extend(self.walkers.iter().map(|w| Seen { position: w.position, rank: Some(rank(w)) }));
        self.seen.sort_by(|a, b| {
            a.position.y.total_cmp(&b.position.y).then(a.position.x.total_cmp(&b.position.x))
        });
        for walker in &mut self.walkers {
            walker.velocity = velocity(walker, &self.seen);
        }
        for walker in &mut self.walkers {
            let step = walker.velocity * dt_s;
            let left = walker.target - walker.position;
            walker.position += if step.length_squared() > left.length_squared() { left } else { step };
        }
    }
}

fn rank(walker: &Walking) -> (f32, PersonId) {
    (walker.position.distance(walker.target), walker.person)
}

fn velocity(walker: &Walking, seen: &[Seen]) -> Vec2 {
    let here = walker.position;
    let heading = (walker.target - here).normalize_or_zero();
    let mine = rank(walker);
    let first = seen.partition_point(|s| s.position.y < here.y - SIGHT_M);
    let near = || {
        let in_sight = seen[first..].iter().take_while(|s| s.position.y <= here.y + SIGHT_M);
        in_sight.filter(|s| s.rank.is_none_or(|r| r.1 != mine.1) && (s.position.x - here.x).abs() <= SIGHT_M)
    };
    let mut direction = heading;
    for other in near() {
        let apart = here - other.position;
        let distance = apart.length();
        if distance > 1e-3 && apart.dot(heading) < 0.1 {
            let push = BEND * libm::expf((2.0 * RADIUS_M - distance) / BEND_REACH_M).min(1.0);
            // Straight at each other: both step to their right.
            let aside = if apart.perp_dot(heading).abs() < 0.05 * distance {
                heading.perp() * -0.5
            } else {
                Vec2::ZERO
            };
            direction += (apart / distance + aside) * push;
        }
    }
    let direction = direction.normalize_or(heading);
    let ahead =
        near().filter(|s| s.rank.is_some_and(|r| r.0.total_cmp(&mine.0).then(r.1.cmp(&mine.1)).is_lt()));
    let mut speed = walker.speed_m_s;
    for other in ahead {
        let offset = other.position - here;
        let along = offset.dot(direction);
        if along > 0.0 && offset.perp_dot(direction).abs() < 2.0 * RADIUS_M {
            speed = speed.min(((along - 2.0 * RADIUS_M) / TIME_GAP_S).max(0.0));
        }
    }
    direction * speed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walker(id: u32, from: (f32, f32), to: (f32, f32)) -> Walking {
        let (position, target) = (Vec2::from(from), Vec2::from(to));
        let errand = Errand::Leave;
        Walking { person: PersonId(id), position, velocity: Vec2::ZERO, target, speed_m_s: 1.34, errand }
    }

    fn walk(floor: &mut Floor, seconds: f32) {
        for _ in 0..(seconds / 0.01) as u32 {
            floor.step(0.01, []);
        }
    }

    #[test]
    fn alone_one_walks_straight_at_free_speed() {
        let mut floor = Floor::default();
        floor.add(walker(0, (0.0, 0.0), (0.0, 13.4)));
        walk(&mut floor, 5.0);
        let position = floor.walkers()[0].position;
        assert!((position.y - 6.7).abs() < 0.05 && position.x.abs() < 1e-3, "{position}");
    }

    #[test]
    fn a_crossing_crowd_all_arrives() {
        let mut floor = Floor::default();
        for i in 0..20_u32 {
            let along = i as f32 * 0.5;
            floor.add(walker(2 * i, (along, 0.0), (10.0 - along, 15.0)));
            floor.add(walker(2 * i + 1, (along, 15.0), (10.0 - along, 0.0)));
        }
        for _ in 0..6_000 {
            floor.step(0.01, []);
            floor.walkers_mut().retain(|w| w.position.distance(w.target) > 0.4);
        }
        assert!(floor.walkers().is_empty(), "stuck: {:?}", floor.walkers());
    }
}
