//! At a lane: presenting, waiting for the lamp, going, following, stepping back, giving up.
//!
//! People see what people see: the lamps, the flap, and whoever is before them. They know nothing of the
//! controller.

use super::Site;
use super::people::{People, Person};
use super::track::{QUEUE_GAP_M, STOP_LINE_M, Stage, Tracked, Tracks};
use crate::apb::effect::Signal;
use crate::apb::id::{Direction, LaneId};
use crate::apb::input::Factor;
use crate::apb::site::PassMode;
use crate::apb::time::{Span, Time};
use crate::record::{Intent, Standing, Truth};
use crate::scenario::script::Manner;
use crate::scenario::technology::Technology;
use crate::sim::chance;
use crate::sim::clock::SimClock;
use crate::sim::lane::flap::Flap;
use crate::sim::lane::reader::Readers;
use crate::sim::lane::{Gate, Lamps, Place};
use crate::sim::truth::TruthLog;
use bevy::prelude::*;
use rand::RngExt;

/// Who is refused this often gives up. Assumed.
const REFUSALS_MAX: u8 = 2;

/// Time until somebody tries again: after a refusal, after a lane was busy, and after a read that failed.
/// Assumed; failed reads cost 2 to 4 s, drawn evenly where a reader's technology is known.
const RETRY_REFUSED: Span = Span::seconds(2);
const RETRY_BUSY: Span = Span::seconds(1);
const RETRY_MISREAD: Span = Span::seconds(2);
const RETRY_MISREAD_S: (f64, f64) = (2.0, 4.0);

/// A reader that shows nothing for this long is tried again. Assumed.
const NO_ANSWER: Span = Span::seconds(3);

/// How long somebody stands before a shut flap before stepping back. Assumed.
const STANDS_AT_FLAP: Span = Span::millis(1_500);

/// How long somebody waits for another to follow, and for a flap to open the wrong way. Assumed.
const PATIENCE: Span = Span::seconds(20);
const WRONG_WAY_PATIENCE: Span = Span::seconds(60);

/// Who is told that the lane is in use for this long gives up: nobody stands at a reader for ever. Assumed.
const BUSY_PATIENCE: Span = Span::minutes(1);

/// Who wants to follow lets the next in line by once they are this close, m. Assumed.
const STEPS_ASIDE_M: f32 = 0.5;

/// The next in line presents once the one before is this far into the lane, m, and moves on. Assumed.
const CLEAR_OF_MOUTH_M: f32 = 0.25;

/// Whoever comes to a free lane has seen that it is free this far before the line, m. Assumed.
const FREE_FROM_M: f32 = 1.0;

/// What one person at a lane can see and do.
struct Scene<'a> {
    now: Time,
    end: Time,
    lane: LaneId,
    direction: Direction,
    flap_open: bool,
    /// Where a shut flap is, from this side.
    flap_m: f32,
    lamp: PassMode,
    oncoming: bool,
    technology: Option<Technology>,
    readers: &'a mut Readers,
    truth: &'a mut TruthLog,
}

/// Everybody at every lane decides, lanes in site order, the foremost first.
pub(super) fn decide(
    clock: Res<SimClock>,
    site: Res<Site>,
    mut people: ResMut<People>,
    mut truth: ResMut<TruthLog>,
    mut gates: Query<(&Gate, &Place, &Lamps, &Flap, &mut Readers, &mut Tracks)>,
) {
    for (gate, place, lamps, flap, mut readers, mut tracks) in &mut gates {
        if tracks.is_empty() {
            continue;
        }
        for direction in Direction::BOTH {
            let mut scene = Scene {
                now: clock.start(),
                end: clock.end(),
                lane: gate.0,
                direction,
                flap_open: flap.is_passable(clock.start()),
                flap_m: place.flap_from(direction),
                lamp: lamps.0[direction.index()],
                oncoming: tracks.foremost_inside(direction.opposite()).is_some(),
                technology: site.0.lane(gate.0).and_then(|lane| lane.technology[direction.index()]),
                readers: &mut readers,
                truth: &mut truth,
            };
            let track = tracks.of_mut(direction);
            let_honest_people_by(track);
            for i in 0..track.len() {
                let (ahead, rest) = track.split_at_mut(i);
                let Some(body) = rest.first_mut() else { continue };
                if let Some(person) = people.get_mut(body.person) {
                    scene.decide(body, ahead.last(), person);
                }
            }
        }
    }
}

impl Scene<'_> {
    fn decide(&mut self, body: &mut Tracked, leader: Option<&Tracked>, person: &mut Person) {
        match body.stage {
            Stage::Queueing => self.at_the_line(body, leader, person),
            Stage::Presenting { until } if until <= self.end => self.present(body, person, until),
            Stage::Asking { since } => self.look_at_the_lamp(body, person, since),
            Stage::Pausing { until } if until <= self.end => self.after_a_pause(body, person),
            Stage::Going | Stage::Following { .. } => self.on_the_way(body, leader),
            Stage::Retreating if body.front <= STOP_LINE_M => self.back_at_the_line(body, person),
            Stage::Presenting { .. } | Stage::Pausing { .. } | Stage::Retreating | Stage::GivingUp => {}
        }
    }

    /// In the queue: begin when it is one's turn, each in their manner.
    fn at_the_line(&mut self, body: &mut Tracked, leader: Option<&Tracked>, person: &mut Person) {
        if let Manner::Follows { gap_m, consent } = body.manner {
            match leader {
                Some(leader) if leader.stage.is_through() && !leader.crossed => {
                    body.standing = if consent { Standing::Piggybacking } else { Standing::Tailgating };
                    body.stage = Stage::Following { gap_m };
                }
                None if self.has_lost_patience(body, PATIENCE) => self.fall_back(body, person),
                _ => {}
            }
            return;
        }
        // Where nothing is asked for people do not even slow down.
        let is_asked = self.lamp != PassMode::Free || !body.manner.waits_its_turn();
        let is_clear = |l: &Tracked| l.rear() > CLEAR_OF_MOUTH_M && l.speed > 0.2;
        // A camera sees the next face once the one before is in the lane.
        let sees_m = self.technology.map_or(0.0, |t| t.sees_m);
        let stops = is_asked && sees_m == 0.0;
        let is_first = leader.is_none_or(|l| l.stage.is_through() && (!is_asked || is_clear(l)));
        let near_m = match is_asked {
            true if stops => 0.1,
            true => sees_m,
            false => FREE_FROM_M,
        };
        if !is_first || body.front < STOP_LINE_M - near_m {
            return;
        }
        match body.manner {
            Manner::Intrudes => self.go(body, Standing::Intruding),
            Manner::WrongWay if self.flap_open && !body.green && !self.oncoming => {
                self.go(body, Standing::WrongWay);
            }
            Manner::WrongWay => {
                if self.has_lost_patience(body, WRONG_WAY_PATIENCE) {
                    self.fall_back(body, person);
                }
            }
            _ if self.lamp == PassMode::Free => self.go(body, Standing::Free),
            _ if self.oncoming => {}
            _ => {
                self.serve(body);
                body.stage = Stage::Presenting { until: self.now + self.presenting_takes(person) };
            }
        }
    }

    /// Waiting ends and service begins, for those who wait for their turn.
    fn serve(&mut self, body: &mut Tracked) {
        if !body.served && body.manner.waits_its_turn() {
            body.served = true;
            let (person, lane, direction) = (body.person, self.lane, self.direction);
            self.truth.note(self.now, Truth::Served { person, lane, direction });
        }
    }

    fn go(&mut self, body: &mut Tracked, standing: Standing) {
        self.serve(body);
        body.standing = standing;
        body.waiting_since = None;
        body.stage = Stage::Going;
    }

    /// Since when somebody has waited for something that does not come is remembered; whether that is too
    /// long.
    fn has_lost_patience(&self, body: &mut Tracked, patience: Span) -> bool {
        self.now.since(*body.waiting_since.get_or_insert(self.now)) >= patience
    }

    /// The next credential comes into the reader's field, unless the hand misses.
    fn present(&mut self, body: &mut Tracked, person: &mut Person, at: Time) {
        let Some((card, intent)) = body.cards.front().copied() else {
            body.stage = Stage::GivingUp;
            return;
        };
        let misread = self.technology.and_then(|t| t.misread_rate).unwrap_or(person.misread_rate);
        if person.rng.random_bool(misread.clamp(0.0, 1.0)) {
            body.stage = Stage::Pausing { until: at + self.misread_costs(person) };
            return;
        }
        if let Some(reader) = self.readers.id(self.direction) {
            let factor = body.pin.unwrap_or_else(|| second_factor(intent));
            self.readers.present(self.direction, at, (card, factor));
            let person = Some(body.person);
            self.truth.note(at, Truth::Presented { person, reader, card, intent });
        }
        body.stage = Stage::Asking { since: at };
    }

    fn look_at_the_lamp(&mut self, body: &mut Tracked, person: &Person, since: Time) {
        let shown = self.readers.take_shown(self.direction);
        let Some(signal) = shown else {
            if self.now.since(since) >= NO_ANSWER {
                self.refused(body);
            }
            return;
        };
        let stays = body.manner == Manner::StaysOut;
        // Who is caught with somebody else's credential does not try it again.
        let borrowed = body.cards.front().is_some_and(|(_, intent)| *intent == Intent::Borrowed);
        match signal {
            Signal::Busy if self.has_lost_patience(body, BUSY_PATIENCE) => body.stage = Stage::GivingUp,
            Signal::Busy => body.stage = Stage::Pausing { until: self.now + RETRY_BUSY },
            Signal::Denied if stays || borrowed => body.stage = Stage::GivingUp,
            Signal::Denied if body.green => {
                body.cards.pop_front();
                self.next_card_or_walk(body, person);
            }
            Signal::Denied => self.refused(body),
            Signal::Granted => {
                let intent = body.cards.pop_front().map(|(_, intent)| intent);
                body.green |= intent != Some(Intent::Buddy);
                if stays {
                    body.stage = Stage::GivingUp;
                } else {
                    self.next_card_or_walk(body, person);
                }
            }
        }
    }

    fn next_card_or_walk(&mut self, body: &mut Tracked, person: &Person) {
        body.stage = if body.cards.is_empty() {
            Stage::Pausing { until: self.now + body.hesitates }
        } else {
            let median = self.technology.map_or(person.present.0, |t| t.median_s);
            Stage::Presenting { until: self.now + Span::micros((median * 1e6) as u64) }
        };
    }

    fn refused(&mut self, body: &mut Tracked) {
        body.refusals += 1;
        body.stage = if body.refusals >= REFUSALS_MAX {
            Stage::GivingUp
        } else {
            Stage::Pausing { until: self.now + RETRY_REFUSED }
        };
    }

    /// After a pause: walk if the reader said green, or else present again.
    fn after_a_pause(&mut self, body: &mut Tracked, person: &mut Person) {
        if body.green {
            self.go(body, Standing::Granted);
        } else {
            body.stage = Stage::Presenting { until: self.now + self.presenting_takes(person) };
        }
    }

    /// How long this person takes to get a credential into the reader's field.
    fn presenting_takes(&self, person: &mut Person) -> Span {
        let (median, cv) = self.technology.map_or(person.present, |t| (t.median_s, t.cv));
        if median == 0.0 {
            return Span::ZERO;
        }
        let seconds = chance::log_normal(&mut person.rng, f64::from(median), f64::from(cv));
        Span::micros((seconds * 1e6) as u64)
    }

    /// How long it takes until somebody tries again whose credential was not read.
    fn misread_costs(&self, person: &mut Person) -> Span {
        if self.technology.is_none() {
            return RETRY_MISREAD;
        }
        Span::micros((person.rng.random_range(RETRY_MISREAD_S.0..RETRY_MISREAD_S.1) * 1e6) as u64)
    }

    /// In the lane: who stands before a shut flap, or before somebody, for too long steps back.
    fn on_the_way(&mut self, body: &mut Tracked, leader: Option<&Tracked>) {
        let before_flap = body.front <= self.flap_m;
        let stands =
            body.speed < 0.05 && body.front > 0.0 && before_flap && (!self.flap_open || self.oncoming);
        let waits_for_flap =
            body.standing.is_rightful() && body.speed < 0.05 && !self.flap_open && before_flap;
        if !stands && !waits_for_flap {
            body.waiting_since = None;
            return;
        }
        let since = *body.waiting_since.get_or_insert(self.now);
        let patience = if body.standing.is_rightful() { NO_ANSWER } else { STANDS_AT_FLAP };
        let leader_in_the_way = leader.is_some_and(|l| l.front > 0.0 && !l.crossed);
        if self.now.since(since) >= patience && !leader_in_the_way {
            body.waiting_since = None;
            body.stage = Stage::Retreating;
        }
    }

    /// Out of the lane again: present one's own credential, or give up.
    fn back_at_the_line(&mut self, body: &mut Tracked, person: &Person) {
        body.green = false;
        body.refusals += u8::from(body.standing.is_rightful());
        if body.refusals >= REFUSALS_MAX {
            body.stage = Stage::GivingUp;
        } else {
            self.fall_back(body, person);
        }
    }

    /// Goes on as an honest holder would, or gives up for want of a credential.
    fn fall_back(&mut self, body: &mut Tracked, person: &Person) {
        body.waiting_since = None;
        let Some(card) = person.own_card else {
            body.stage = Stage::GivingUp;
            return;
        };
        if !body.manner.waits_its_turn() {
            let (person, lane, direction) = (body.person, self.lane, self.direction);
            self.truth.note(self.now, Truth::Queued { person, lane, direction });
        }
        body.manner = Manner::Honest;
        body.standing = Standing::Granted;
        body.cards = [(card, Intent::Own)].into();
        body.stage = Stage::Queueing;
    }
}

/// Who wants to follow somebody and has nobody before them steps aside for the next in line: the two change
/// places.
fn let_honest_people_by(track: &mut [Tracked]) {
    for i in 1..track.len() {
        let nobody_to_follow = i.checked_sub(2).and_then(|l| track.get(l)).is_none_or(|l| l.crossed);
        let [follower, next] = &mut track[i - 1..=i] else { continue };
        let follows = |b: &Tracked| matches!(b.manner, Manner::Follows { .. });
        let both_wait = follower.stage == Stage::Queueing && next.stage == Stage::Queueing;
        let is_close = follower.rear() - next.front < STEPS_ASIDE_M;
        if nobody_to_follow && both_wait && is_close && follows(follower) && !follows(next) {
            let (front, length) = (follower.front, next.shape.length_m());
            std::mem::swap(follower, next);
            follower.front = front;
            next.front = front - length - QUEUE_GAP_M;
            (follower.front_before, next.front_before) = (follower.front, next.front);
        }
    }
}

/// What people give as a second factor: their own with their own credential, and what they can think of with
/// somebody else's.
fn second_factor(intent: Intent) -> Factor {
    match intent {
        Intent::Own | Intent::SecondBody | Intent::Probe => Factor::Right,
        Intent::Borrowed | Intent::Buddy => Factor::Wrong,
    }
}
