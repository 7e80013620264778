//! Moving, and the truth of it: who entered a lane, crossed its flap line, came out or went back.

use super::Site;
use super::choice::{self, Errand};
use super::floor::{Floor, Standing, Walking};
use super::people::{People, Trip};
use super::track::{self, Stage, Tracked, Tracks, View};
use crate::apb::id::{AreaId, CardNumber, Direction, LaneId};
use crate::apb::site::{Lane, OUTSIDE};
use crate::apb::time::Time;
use crate::record::{Intent, PersonId, Route, Truth};
use crate::scenario::script::Manner;
use crate::sim::clock::SimClock;
use crate::sim::ground::{Ground, lane_goal};
use crate::sim::lane::flap::Flap;
use crate::sim::lane::{Gate, Place};
use crate::sim::truth::TruthLog;
use bevy::prelude::*;
use std::collections::VecDeque;

/// Everybody on the open floor takes a step.
pub(super) fn walk(
    clock: Res<SimClock>,
    mut floor: ResMut<Floor>,
    mut ground: ResMut<Ground>,
    gates: Query<(&Gate, &Place, &Tracks)>,
) {
    if floor.walkers().is_empty() {
        return;
    }
    let queued = gates.iter().flat_map(|(gate, place, tracks)| {
        Direction::BOTH.into_iter().flat_map(move |d| {
            let waiting = tracks.of(d).iter().filter(|b| b.front < 0.0);
            waiting.map(move |b| Standing {
                position: place.point(d, b.torso_front() - b.shape.depth_m() / 2.0, b.lateral),
                heading: heading(d),
                outline: b.shape.outline(),
                goal: Some(lane_goal(gate.0, d)),
            })
        })
    });
    floor.step(clock.length_s(), &mut ground, queued);
}

/// Which way people look who go this way through a lane.
fn heading(direction: Direction) -> Vec2 {
    match direction {
        Direction::In => Vec2::Y,
        Direction::Out => Vec2::NEG_Y,
    }
}

/// Everybody in a queue or a lane takes a step, and what that amounts to is noted.
pub(super) fn go_through(
    clock: Res<SimClock>,
    site: Res<Site>,
    mut people: ResMut<People>,
    mut floor: ResMut<Floor>,
    mut truth: ResMut<TruthLog>,
    mut gates: Query<(&Gate, &Place, &Flap, &mut Tracks)>,
) {
    for (gate, place, flap, mut tracks) in &mut gates {
        if tracks.is_empty() {
            continue;
        }
        let aside_m = site.0.lane(gate.0).map_or(0.0, |lane| View::aside_m(lane.width_m));
        for direction in Direction::BOTH {
            let flap_m = place.flap_from(direction);
            let view = View {
                shut_flap: (!flap.is_passable(clock.start())).then_some(flap_m),
                oncoming: tracks.foremost_inside(direction.opposite()).map(|f| place.length_m - f),
                aside_m,
            };
            track::advance(tracks.of_mut(direction), view, clock.length_s());
            let mut step = Step {
                clock: &clock,
                site: &site,
                lane: gate.0,
                direction,
                place,
                people: &mut people,
                truth: &mut truth,
            };
            for body in tracks.of_mut(direction) {
                step.note(body);
            }
            let leaves = |b: &mut Tracked| b.rear() >= place.length_m || b.stage == Stage::GivingUp;
            for body in tracks.of_mut(direction).extract_if(.., leaves) {
                step.leave(&body, &mut floor);
            }
        }
    }
}

/// One direction of one lane in one tick.
struct Step<'a> {
    clock: &'a SimClock,
    site: &'a Site,
    lane: LaneId,
    direction: Direction,
    place: &'a Place,
    people: &'a mut People,
    truth: &'a mut TruthLog,
}

impl Step<'_> {
    fn areas(&self) -> (AreaId, AreaId) {
        let lane = self.site.0.site.lanes.get(self.lane.index());
        lane.map_or((OUTSIDE, OUTSIDE), |l| (l.from(self.direction), l.to(self.direction)))
    }

    /// When, in this tick, a place on the body that is now at `now_at` was at `line`.
    fn instant(&self, body: &Tracked, now_at: f32, line: f32) -> Time {
        let moved = body.front - body.front_before;
        let share = if moved == 0.0 { 1.0 } else { 1.0 - (now_at - line) / moved };
        self.clock.at_fraction(share)
    }

    fn note(&mut self, body: &mut Tracked) {
        let (person, lane, direction) = (body.person, self.lane, self.direction);
        if !body.entered && body.front > 0.0 {
            body.entered = true;
            let at = self.instant(body, body.front, 0.0);
            self.truth.note(at, Truth::Entered { person, lane, direction, standing: body.standing });
        }
        if body.entered && !body.crossed && body.front <= 0.0 {
            body.entered = false;
            let at = self.instant(body, body.front, 0.0);
            self.truth.note(at, Truth::Retreated { person, lane, direction });
        }
        let line = self.place.flap_from(direction);
        if !body.crossed && body.rear() > line {
            body.crossed = true;
            let at = self.instant(body, body.rear(), line);
            self.truth.note(at, Truth::Crossed { person, lane, direction });
            let (from, to) = self.areas();
            self.truth.note(at, Truth::Moved { person, from, to, route: Route::Lane(lane) });
            self.crossed(person, to, at);
        }
        if body.crossed && body.rear() >= self.place.length_m {
            let at = self.instant(body, body.rear(), self.place.length_m);
            self.truth.note(at, Truth::Cleared { person, lane, direction });
        }
    }

    /// A person is in another area now; if a credential was to be handed back, it is.
    fn crossed(&mut self, person: PersonId, to: AreaId, at: Time) {
        let Some(who) = self.people.get_mut(person) else { return };
        who.area = Some(to);
        let card: Option<CardNumber> = who.own_card;
        let Some(hand_back) = who.trips.front_mut().and_then(|t| t.accomplice.take()) else { return };
        let (from, to) = self.areas();
        let lane = if hand_back.at_other_lane { self.other_lane() } else { self.lane };
        let cards = card.map(|c| (c, Intent::Borrowed)).into_iter().collect();
        let sets_out = at + hand_back.after;
        let attempt = Trip { lane: Some(lane), cards, ..Trip::honest(sets_out, from, to, None) };
        let leaves = |when: Time| Trip {
            manner: Manner::FireDoor,
            ..Trip::honest(when.max(sets_out), to, OUTSIDE, None)
        };
        self.people.add_trips(hand_back.to, [attempt].into_iter().chain(hand_back.leaves.map(leaves)));
    }

    /// The next lane that leads the same way.
    fn other_lane(&self) -> LaneId {
        let lanes = &self.site.0.site.lanes;
        let here = self.lane.index();
        let alike = |i: &usize| {
            let (Some(a), Some(b)) = (lanes.get(*i), lanes.get(here)) else { return false };
            (a.outer, a.inner) == (b.outer, b.inner)
        };
        let found = (here + 1..lanes.len()).chain(0..here).find(alike);
        found.map_or(self.lane, LaneId::at)
    }

    /// Off the track: to the portal, on to the next lane, or away.
    fn leave(&mut self, body: &Tracked, floor: &mut Floor) {
        let (person, lane, direction) = (body.person, self.lane, self.direction);
        if body.stage == Stage::GivingUp {
            self.truth.note(self.clock.end(), Truth::GaveUp { person, lane, direction });
        }
        let middle = body.torso_rear() + body.shape.depth_m() / 2.0;
        let position = self.place.point(direction, middle, body.lateral);
        let Some(who) = self.people.get_mut(person) else { return };
        let area = who.area.unwrap_or(OUTSIDE);
        if body.stage == Stage::GivingUp {
            give_up(who.trips.pop_front(), &mut who.trips);
        } else if let Some(to) = who.trips.front().map(|t| t.to).filter(|to| *to != area) {
            // Not there yet: the next boundary asks for the same credential again.
            let walking = self.off_the_track(body, position);
            floor.add(self.onward(walking, (area, to)));
            return;
        } else {
            who.trips.pop_front();
        }
        let mut walking = self.off_the_track(body, position);
        choice::send_off(&mut walking, &self.site.0, area);
        floor.add(walking);
    }

    /// Somebody who was on the track, on the floor.
    fn off_the_track(&self, body: &Tracked, position: Vec2) -> Walking {
        let outline = body.shape.outline();
        let mut walking = Walking::new(body.person, outline, position, body.free_speed, Errand::Leave);
        walking.heading = heading(self.direction);
        walking.velocity = walking.heading * body.speed.max(0.0);
        walking
    }

    /// Somebody on the way to the next boundary; to which of its lanes, they decide as they go.
    fn onward(&self, mut walking: Walking, (area, to): (AreaId, AreaId)) -> Walking {
        let site = &self.site.0.site;
        let next = choice::next_area(site, area, to);
        let leads =
            |l: &Lane| Direction::BOTH.into_iter().find(|d| l.from(*d) == area && Some(l.to(*d)) == next);
        let found = site.lanes.iter().enumerate().find_map(|(i, l)| Some((LaneId::at(i), leads(l)?)));
        choice::send_off(&mut walking, &self.site.0, area);
        if let Some((lane, direction)) = found {
            walking.errand = Errand::Lane { lane, direction };
        }
        walking
    }
}

/// Whoever gives up on a way in does not come that day: what hangs on it is dropped up to the next way in.
fn give_up(failed: Option<Trip>, trips: &mut VecDeque<Trip>) {
    if let Some(failed) = failed {
        while trips.front().is_some_and(|t| t.from == failed.to || t.companion_of.is_some()) {
            trips.pop_front();
        }
    }
}
