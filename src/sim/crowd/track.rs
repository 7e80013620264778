//! Inside a lane and in the queue before it: people one behind the other, in one dimension.
//!
//! Positions count from the end of the lane at which a body comes in, forwards; a queue stands at negative
//! positions.

use super::body::{Gait, Shape};
use crate::apb::id::{CardNumber, Direction};
use crate::apb::input::Factor;
use crate::apb::time::{Span, Time};
use crate::record::{Intent, PersonId, Standing};
use crate::scenario::script::Manner;
use bevy::prelude::*;
use std::collections::VecDeque;

/// Where people stop to present: their front this far before the lane, m. Just short of the reference lane's
/// first beam; assumed.
pub const STOP_LINE_M: f32 = -0.10;

/// Clear distance between people who queue, m. Assumed.
pub const QUEUE_GAP_M: f32 = 0.35;

/// People line up in single file over the last of the way to a lane, m; further away they stand as they have
/// come, the nearest next. Assumed.
pub const FILE_M: f32 = 1.5;

/// Least clear distance between people who walk through a lane, m. Assumed.
const LANE_GAP_M: f32 = 0.10;

/// Distance people keep from a shut flap and from somebody coming towards them, m. Assumed.
const CLEARANCE_M: f32 = 0.02;

/// Time gap to whoever is ahead in a lane, s. 0.2 to 0.45 s passes 45 to 66 people a minute through 0.55 m.
const TIME_GAP_S: f32 = 0.25;

/// How fast people pick up speed, m/s². Assumed.
const PICK_UP_M_S2: f32 = 2.5;

/// How fast people step back, m/s. Assumed.
const STEP_BACK_M_S: f32 = 0.7;

/// How quickly a follower closes in on the gap he wants, s. Assumed.
const FOLLOW_S: f32 = 0.15;

/// The people of one lane, by the way they want through.
#[derive(Component, Clone, Debug, Default)]
pub struct Tracks([Vec<Tracked>; 2]);

impl Tracks {
    /// The people going this way, the foremost first.
    pub fn of(&self, direction: Direction) -> &[Tracked] {
        &self.0[direction.index()]
    }

    pub(in crate::sim) fn of_mut(&mut self, direction: Direction) -> &mut Vec<Tracked> {
        &mut self.0[direction.index()]
    }

    /// Everybody, those going in first.
    pub fn both(&self) -> impl Iterator<Item = &Tracked> {
        self.0.iter().flatten()
    }

    /// Whether nobody is here.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    /// Where the next person to join would stand.
    pub fn tail(&self, direction: Direction) -> f32 {
        self.of(direction).last().map_or(STOP_LINE_M, |last| (last.rear() - QUEUE_GAP_M).min(STOP_LINE_M))
    }

    /// Whether the single file before the lane is as long as it gets.
    pub fn is_file_full(&self, direction: Direction) -> bool {
        self.tail(direction) < -FILE_M
    }

    /// The front of the foremost body inside the lane going this way, in its own count.
    pub fn foremost_inside(&self, direction: Direction) -> Option<f32> {
        self.of(direction).iter().map(|b| b.front).filter(|f| *f > 0.0).reduce(f32::max)
    }
}

/// Somebody in a queue or in a lane.
#[derive(Clone, Debug)]
pub struct Tracked {
    /// Who.
    pub person: PersonId,
    /// Where the front is, m.
    pub front: f32,
    /// Where it was at the start of the tick, m.
    pub front_before: f32,
    /// Speed forwards, m/s.
    pub speed: f32,
    /// Sideways from the middle of the lane, m; fades out.
    pub lateral: f32,
    /// Outline.
    pub shape: Shape,
    /// Where the legs are.
    pub gait: Gait,
    /// What they are doing.
    pub stage: Stage,
    /// By what right they are in the lane, once they are.
    pub standing: Standing,
    pub(super) free_speed: f32,
    /// How long they take to walk on once they can, s, and for how long they could have.
    pub(super) reaction_s: (f32, f32),
    pub(super) manner: Manner,
    pub(super) cards: VecDeque<(CardNumber, Intent)>,
    /// What to give as a second factor; `None`: the right one for a credential of their own.
    pub(super) pin: Option<Factor>,
    pub(super) hesitates: Span,
    /// Whether the reader said green to the first credential.
    pub(super) green: bool,
    pub(super) refusals: u8,
    pub(super) served: bool,
    /// Since when they have waited for something that does not come.
    pub(super) waiting_since: Option<Time>,
    pub(super) entered: bool,
    pub(super) crossed: bool,
}

/// What somebody in a queue or a lane is doing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stage {
    /// Moving up.
    Queueing,
    /// Getting the credential into the reader's field.
    Presenting {
        /// When it is there.
        until: Time,
    },
    /// Waiting for the reader's lamp.
    Asking {
        /// Since when.
        since: Time,
    },
    /// Standing for a moment.
    Pausing {
        /// Until when.
        until: Time,
    },
    /// Going through.
    Going,
    /// Going through behind somebody, at this clear gap.
    Following {
        /// Clear gap, m.
        gap_m: f32,
    },
    /// Stepping back out of the lane.
    Retreating,
    /// Walking away from the lane.
    GivingUp,
}

impl Stage {
    /// Whether somebody who is doing this goes through the lane.
    pub fn is_through(self) -> bool {
        matches!(self, Self::Going | Self::Following { .. })
    }
}

impl Tracked {
    /// Somebody who has been walking at this speed and goes on into a lane, holding nothing.
    pub(in crate::sim) fn walking(
        person: PersonId,
        front: f32,
        speed: f32,
        (shape, gait): (Shape, Gait),
    ) -> Self {
        Self {
            person,
            front,
            front_before: front,
            speed,
            lateral: 0.0,
            shape,
            gait,
            stage: Stage::Going,
            standing: Standing::Granted,
            free_speed: speed,
            reaction_s: (0.0, 0.0),
            manner: Manner::Honest,
            cards: VecDeque::new(),
            pin: None,
            hesitates: Span::ZERO,
            green: false,
            refusals: 0,
            served: false,
            waiting_since: None,
            entered: false,
            crossed: false,
        }
    }

    /// Where the back is, luggage included, m.
    pub fn rear(&self) -> f32 {
        self.front - self.shape.length_m()
    }

    /// Where the torso's back is, m.
    pub fn torso_rear(&self) -> f32 {
        self.torso_front() - self.shape.depth_m()
    }

    /// Where the torso's front is: behind a cart, m.
    pub fn torso_front(&self) -> f32 {
        self.front - self.shape.ahead_m()
    }
}

/// What the people of one track see of their lane.
#[derive(Clone, Copy, Debug)]
pub(super) struct View {
    /// Where the flap is, m from the end they come in at; `None`: it is open.
    pub(super) shut_flap: Option<f32>,
    /// The front of the foremost body that comes towards them in the lane, m from the end they come in at.
    pub(super) oncoming: Option<f32>,
    /// How far from the middle of the lane a body gets in it, m.
    pub(super) aside_m: f32,
}

/// How near to the side of a lane the middle of a body gets, m: half of a body with its shoulders turned.
const SIDE_M: f32 = 0.19;

impl View {
    /// How far from the middle of a lane of this clear width a body gets, m. One broader than the lane turns.
    pub(super) fn aside_m(width_m: f32) -> f32 {
        (width_m / 2.0 - SIDE_M).max(0.0)
    }
}

/// Moves the people of one track by one tick, the foremost first.
pub(super) fn advance(track: &mut [Tracked], view: View, dt_s: f32) {
    for i in 0..track.len() {
        let (ahead, rest) = track.split_at_mut(i);
        let (Some(body), leader) = (rest.first_mut(), ahead.last()) else { continue };
        body.front_before = body.front;
        let (speed, limit) = wish(body, leader, view);
        let speed = if notices(body, speed, dt_s) { speed } else { 0.0 };
        body.speed = speed.min(body.speed.max(0.0) + PICK_UP_M_S2 * dt_s);
        let front = body.front + body.speed * dt_s;
        if body.speed > 0.0 && front > limit {
            body.front = limit.max(body.front);
            body.speed = (body.front - body.front_before) / dt_s;
        } else {
            body.front = front;
        }
        // Whoever steps back pushes those behind.
        if let Some(leader) = leader.filter(|l| l.rear() < body.front) {
            body.front = leader.rear();
            body.speed = (body.front - body.front_before) / dt_s;
        }
        body.lateral -= body.lateral.clamp(-dt_s, dt_s);
        // Into a lane nobody walks but through its mouth.
        let aside = view.aside_m + (-body.front).max(0.0);
        body.lateral = body.lateral.clamp(-aside, aside);
        body.gait.advance(body.front - body.front_before, dt_s, body.shape.height_m());
    }
}

/// Whether somebody who stands has noticed that the one ahead is gone, or that the lamp is green.
fn notices(body: &mut Tracked, wanted: f32, dt_s: f32) -> bool {
    /// Who is slower stands, and who could be faster has room, m/s. Assumed.
    const STANDS_M_S: f32 = 0.05;
    const ROOM_M_S: f32 = 0.2;
    let (takes, since) = &mut body.reaction_s;
    if *takes == 0.0 || body.speed.abs() > STANDS_M_S || wanted < ROOM_M_S {
        *since = 0.0;
        return true;
    }
    *since += dt_s;
    *since >= *takes
}

/// The speed somebody wants, and the position that must not be passed.
fn wish(body: &Tracked, leader: Option<&Tracked>, view: View) -> (f32, f32) {
    if body.stage == Stage::Retreating {
        return (-STEP_BACK_M_S, f32::INFINITY);
    }
    let leader_rear = leader.map_or(f32::INFINITY, Tracked::rear);
    let mut limit =
        if body.stage.is_through() { leader_rear - LANE_GAP_M } else { leader_rear - QUEUE_GAP_M };
    let mut speed = None;
    if let (Stage::Following { gap_m }, Some(leader)) = (body.stage, leader) {
        limit = leader_rear;
        speed = Some(leader.speed + (leader_rear - gap_m - body.front) / FOLLOW_S);
    }
    if !body.stage.is_through() {
        limit = limit.min(STOP_LINE_M);
    }
    let flap =
        view.shut_flap.filter(|flap| body.front <= *flap).map_or(f32::INFINITY, |flap| flap - CLEARANCE_M);
    // Who has no right to be here does not slow down for a flap that begins to shut.
    let yields = !body.stage.is_through() || body.standing.is_rightful();
    if yields {
        limit = limit.min(flap);
    }
    if let Some(oncoming) = view.oncoming {
        let wait_at = if body.front <= 0.0 { STOP_LINE_M } else { oncoming - CLEARANCE_M };
        limit = limit.min(wait_at);
    }
    let room = (limit - body.front) / TIME_GAP_S;
    let speed = speed.map_or(room, |s: f32| s.min((limit - body.front) / FOLLOW_S));
    let most =
        if matches!(body.stage, Stage::Following { .. }) { 1.5 * body.free_speed } else { body.free_speed };
    let least = if body.front <= 0.0 { -STEP_BACK_M_S } else { 0.0 };
    (speed.clamp(least, most), limit.min(flap))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    const CLEAR: View = View { shut_flap: None, oncoming: None, aside_m: 0.1 };

    fn body(front: f32, stage: Stage) -> Tracked {
        let (shape, gait) = (Shape::new(0.25, 0.48, 1.7), Gait::of(PersonId(0)));
        let walking = Tracked::walking(PersonId(0), front, 0.0, (shape, gait));
        Tracked { stage, free_speed: 1.34, ..walking }
    }

    fn run(track: &mut [Tracked], view: View, seconds: f32) {
        for _ in 0..(seconds / 0.01) as u32 {
            advance(track, view, 0.01);
        }
    }

    #[test]
    fn a_queue_closes_up_to_the_stop_line() {
        let mut track = [body(-1.0, Stage::Queueing), body(-3.0, Stage::Queueing)];
        run(&mut track, CLEAR, 20.0);
        assert!((track[0].front - STOP_LINE_M).abs() < 0.01);
        assert!((track[1].front - (track[0].rear() - QUEUE_GAP_M)).abs() < 0.02);
    }

    #[test]
    fn who_takes_time_to_notice_moves_up_later() {
        let moves_up_after = |takes: f32| {
            let second = body(STOP_LINE_M - 0.25 - QUEUE_GAP_M, Stage::Queueing);
            let mut track = [body(2.0, Stage::Going), Tracked { reaction_s: (takes, 0.0), ..second }];
            let start = track[1].front;
            (0..).find(|_| {
                advance(&mut track, CLEAR, 0.01);
                track[1].front > start + 0.01
            })
        };
        let (at_once, late) = (moves_up_after(0.0).unwrap(), moves_up_after(0.6).unwrap());
        assert!((58..=62).contains(&(late - at_once)), "{at_once} and {late} ticks");
    }

    #[test]
    fn nobody_walks_into_a_lane_but_through_its_mouth() {
        let view = View { aside_m: View::aside_m(0.50), ..CLEAR };
        let mut track = [Tracked { lateral: 0.5, speed: 1.3, ..body(-0.3, Stage::Going) }];
        for _ in 0..60 {
            advance(&mut track, view, 0.01);
            let body = &track[0];
            assert!(body.front < 0.0 || body.lateral.abs() <= 0.06 + 1e-6, "{} aside", body.lateral);
        }
        assert!(track[0].front > 0.3);
    }

    #[test]
    fn a_shut_flap_stops_people_and_an_open_one_does_not() {
        let mut track = [body(STOP_LINE_M, Stage::Going)];
        run(&mut track, View { shut_flap: Some(0.7), ..CLEAR }, 5.0);
        assert!((track[0].front - 0.68).abs() < 0.01);
        run(&mut track, CLEAR, 5.0);
        assert!(track[0].front > 1.4);
    }

    #[test]
    fn a_follower_keeps_the_gap_he_wants() {
        let mut track = [body(STOP_LINE_M, Stage::Going), body(-0.8, Stage::Following { gap_m: 0.5 })];
        run(&mut track, CLEAR, 3.0);
        assert!((track[0].rear() - track[1].front - 0.5).abs() < 0.05);
    }

    #[test]
    fn who_steps_back_makes_the_queue_step_back() {
        let mut track = [body(0.3, Stage::Retreating), body(STOP_LINE_M - 0.1, Stage::Queueing)];
        for _ in 0..60 {
            advance(&mut track, CLEAR, 0.01);
        }
        assert!(track[0].front < 0.0 && track[0].rear() - track[1].front > -0.05);
    }
}
