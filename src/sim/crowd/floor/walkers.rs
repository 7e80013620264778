//! Who is on the floor, and a step of all of them.

use super::apart::{apart, off_walls};
use super::outline::Outline;
use super::seen::{Body, Seen};
use super::shares::fill;
use super::steer::{Length, Step, Wish, steer};
use crate::apb::id::{Direction, LaneId};
use crate::record::PersonId;
use crate::sim::crowd::choice::Errand;
use crate::sim::ground::Ground;
use crate::sim::ground::routes::Leg;
use bevy::prelude::*;

/// Overlaps are made good once in so long, s: bodies are as hard in long steps as they are in short ones.
const PASS_S: f32 = 0.01;

/// Longer steps than this are walked in equal parts, s: the flow through an opening is the same within 5 % at
/// steps of 10, 20 and 50 ms.
const PART_S: f32 = 0.025;

/// Whoever is this near to where they are going is there, m.
const THERE_M: f32 = 0.02;

/// Somebody on the open floor.
#[derive(Clone, Debug)]
pub struct Walking {
    /// Who.
    pub person: PersonId,
    /// Where, m.
    pub position: Vec2,
    /// How fast and which way, m/s.
    pub velocity: Vec2,
    /// Which way they look; of length 1.
    pub heading: Vec2,
    /// Where to in the end, m.
    pub target: Vec2,
    /// The number of that goal for the ways round walls; `None`: straight on.
    pub goal: Option<usize>,
    /// Free walking speed, m/s.
    pub speed_m_s: f32,
    /// Their body from above.
    pub outline: Outline,
    /// How crowded it was around them in the last step, 0 to 1.
    pub crowding: f32,
    /// What for.
    pub errand: Errand,
    /// The lane that they have begun to wait for, if any.
    pub queues: Option<(LaneId, Direction)>,
}

impl Walking {
    /// Somebody who stands here and has nowhere to go yet.
    pub fn new(person: PersonId, outline: Outline, position: Vec2, speed_m_s: f32, errand: Errand) -> Self {
        let (velocity, heading) = (Vec2::ZERO, Vec2::Y);
        let (target, goal, queues) = (position, None, None);
        Self {
            person,
            position,
            velocity,
            heading,
            target,
            goal,
            speed_m_s,
            outline,
            crowding: 0.0,
            errand,
            queues,
        }
    }

    /// On to a goal, seen at this point.
    pub fn set_goal(&mut self, goal: Option<usize>, target: Vec2) {
        (self.goal, self.target) = (goal, target);
    }

    /// Stands where they are until it is time to set out.
    pub fn stand(&mut self) {
        self.errand = Errand::Stand;
        self.set_goal(None, self.position);
    }
}

/// Somebody who stands on the floor, or moves on a track there, and is walked around.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Where the middle of their body is, m.
    pub position: Vec2,
    /// Which way they look; of length 1.
    pub heading: Vec2,
    /// Their body from above.
    pub outline: Outline,
    /// What they wait for.
    pub goal: Option<usize>,
}

/// Everybody on the open floor.
#[derive(Resource, Default, Debug)]
pub struct Floor {
    walkers: Vec<Walking>,
    /// Threads for a step of very many people.
    threads: usize,
    /// Kept for their memory.
    standing: Vec<Standing>,
    bodies: Vec<Body>,
    wishes: Vec<Wish>,
    seen: Seen,
    taken_up: Vec<Step>,
    places: [Places; 2],
}

/// Places of everybody, in the order in which they are seen, m.
#[derive(Debug, Default)]
struct Places {
    x: Vec<f32>,
    y: Vec<f32>,
    both: Vec<Vec2>,
}

impl Places {
    fn split(&mut self) {
        self.x.clear();
        self.x.extend(self.both.iter().map(|p| p.x));
        self.y.clear();
        self.y.extend(self.both.iter().map(|p| p.y));
    }
}

impl Floor {
    /// Everybody, in order of setting out.
    pub fn walkers(&self) -> &[Walking] {
        &self.walkers
    }

    pub(in crate::sim) fn walkers_mut(&mut self) -> &mut Vec<Walking> {
        &mut self.walkers
    }

    /// Somebody comes onto the floor.
    pub fn add(&mut self, walking: Walking) {
        self.walkers.push(walking);
    }

    /// Lets a step of very many people use so many threads. It changes nothing but the time a step takes.
    pub fn use_threads(&mut self, threads: usize) {
        self.threads = threads;
    }

    /// Moves everybody by one step of `dt_s` seconds, among people who stand.
    pub fn step(&mut self, dt_s: f32, ground: &mut Ground, standing: impl IntoIterator<Item = Standing>) {
        if self.walkers.is_empty() {
            return;
        }
        self.standing.clear();
        self.standing.extend(standing);
        let parts = (dt_s / PART_S).ceil().max(1.0);
        for _ in 0..parts as u32 {
            self.part(dt_s / parts, ground);
        }
    }

    /// Moves everybody by a step that is not too long, or by a part of one.
    fn part(&mut self, dt_s: f32, ground: &mut Ground) {
        self.look(ground);
        self.seen.sort(&self.bodies);
        let (seen, walls, wishes) = (&self.seen, &ground.walls, &self.wishes);
        let (threads, length) = (self.threads.max(1), Length::of(dt_s));
        self.taken_up.clear();
        self.taken_up.resize(seen.len(), Step::default());
        fill(&mut self.taken_up, threads, |sight, k| match wishes.get(seen.who[k] as usize) {
            Some(wish) => steer(seen, walls, k, *wish, length, sight),
            None => Step { heading: seen.heading[k], ..Step::default() },
        });
        let [now, then] = &mut self.places;
        now.both.clear();
        let moved = self.taken_up.iter().enumerate();
        now.both.extend(moved.map(|(k, step)| seen.position(k) + step.heading * (step.speed_m_s * dt_s)));
        let last = (0..seen.len()).map(|k| self.taken_up[k].heading);
        self.seen.heading.clear();
        self.seen.heading.extend(last);
        let (seen, steps) = (&self.seen, &self.taken_up);
        for _ in 0..(dt_s / PASS_S).round().max(1.0) as u32 {
            now.split();
            then.both.clear();
            then.both.resize(seen.len(), Vec2::ZERO);
            fill(&mut then.both, threads, |(), k| {
                let walks = (seen.who[k] as usize) < wishes.len();
                if walks { apart(seen, walls, k, steps[k].is_alone, (&now.x, &now.y)) } else { now.both[k] }
            });
            std::mem::swap(now, then);
        }
        self.settle(dt_s);
    }

    /// Everybody as they are before the step, and what those who walk want.
    fn look(&mut self, ground: &mut Ground) {
        self.bodies.clear();
        self.wishes.clear();
        for walker in &self.walkers {
            let here = walker.position;
            let leg = walker.goal.and_then(|goal| ground.next(here, goal));
            // In a crowd people do not all want to pass the corner at the same point.
            let abreast = |leg: Leg| leg.corner + leg.room * (side(walker.person) * walker.crowding);
            let (to, rest) = leg.map_or((walker.target, 0.0), |leg| (abreast(leg), leg.rest_m));
            let left = here.distance(to);
            // Nobody stops at a corner.
            let is_there = leg.is_none() && left < THERE_M;
            let way = if is_there { Vec2::ZERO } else { (to - here).normalize_or(walker.heading) };
            self.wishes.push(Wish { way, free_m_s: walker.speed_m_s, speed_m_s: walker.velocity.length() });
            self.bodies.push(Body {
                position: here,
                heading: walker.heading,
                outline: walker.outline,
                left_m: left + rest,
                goal: number(walker.goal),
            });
        }
        // Whoever stands gives way to nobody.
        self.bodies.extend(self.standing.iter().map(|s| Body {
            position: s.position,
            heading: s.heading,
            outline: s.outline,
            left_m: -1.0,
            goal: number(s.goal),
        }));
    }

    /// Everybody is where the step has brought them.
    fn settle(&mut self, dt_s: f32) {
        for (k, place) in self.places[0].both.iter().enumerate() {
            let Some(walker) = self.walkers.get_mut(self.seen.who[k] as usize) else { continue };
            let Step { heading, speed_m_s: wanted, crowding, .. } = self.taken_up[k];
            // Nobody walks past what they are heading for.
            let is_past = (walker.target - walker.position).length() <= wanted * dt_s
                && (walker.target - walker.position).dot(heading) > 0.0;
            let place = if is_past { walker.target } else { *place };
            let forwards = (place - walker.position).dot(heading) / dt_s;
            walker.velocity = heading * forwards.clamp(0.0, wanted);
            (walker.position, walker.heading, walker.crowding) = (place, heading, crowding);
        }
    }

    /// Puts whoever stands too near to a wall where there is room.
    pub fn make_room(&mut self, ground: &Ground) {
        for walker in &mut self.walkers {
            walker.position = off_walls(&ground.walls, walker.position);
        }
    }
}

/// How far out somebody likes to pass a corner in a crowd, 0 to 1: evenly over people, the same for each
/// always.
fn side(person: PersonId) -> f32 {
    (person.0.wrapping_mul(2_654_435_761) >> 8) as f32 / (1 << 24) as f32
}

fn number(goal: Option<usize>) -> u32 {
    goal.and_then(|g| u32::try_from(g).ok()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walker(id: u32, from: (f32, f32), to: (f32, f32)) -> Walking {
        let outline = Outline { half_depth_m: 0.14, half_breadth_m: 0.225 };
        let mut walking = Walking::new(PersonId(id), outline, Vec2::from(from), 1.34, Errand::Leave);
        walking.set_goal(None, Vec2::from(to));
        walking
    }

    fn walk(floor: &mut Floor, seconds: f32) {
        for _ in 0..(seconds / 0.01) as u32 {
            floor.step(0.01, &mut Ground::default(), []);
        }
    }

    #[test]
    fn alone_one_walks_straight_at_free_speed() {
        let mut floor = Floor::default();
        floor.add(walker(0, (0.0, 0.0), (0.0, 13.4)));
        walk(&mut floor, 5.0);
        let position = floor.walkers()[0].position;
        assert!((position.y - 6.35).abs() < 0.05 && position.x.abs() < 1e-3, "{position}");
    }

    #[test]
    fn whoever_looks_the_wrong_way_turns_round() {
        let mut floor = Floor::default();
        floor.add(walker(0, (0.0, 0.0), (0.0, -5.0)));
        walk(&mut floor, 6.0);
        assert!(floor.walkers()[0].position.distance(Vec2::new(0.0, -5.0)) < 0.1);
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
            floor.step(0.01, &mut Ground::default(), []);
            floor.walkers_mut().retain(|w| w.position.distance(w.target) > 0.4);
        }
        assert!(floor.walkers().is_empty(), "stuck: {:?}", floor.walkers());
    }
}
