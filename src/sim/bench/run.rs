//! A trial that is going on: bodies, flap or rotor, beams and controller, tick after tick.

use super::people::{Carried, draw};
use super::trial::{Bench, Outcome, Trial};
use crate::apb::controller::Controller;
use crate::apb::effect::{Command, Effects};
use crate::apb::id::{Direction, LaneId};
use crate::apb::input::{Factor, Input, Leaf};
use crate::apb::journal::{Alarm, Event};
use crate::apb::time::{Span, Time};
use crate::record::PersonId;
use crate::scenario::lane_type::BENCH_CARD;
use crate::sim::crowd::track::{Tracked, Tracks};
use crate::sim::lane::beams::Beams;
use crate::sim::lane::flap::Flap;
use crate::sim::lane::receivers::Receivers;
use crate::sim::lane::rotor::Rotor;
use crate::sim::rng::SimRng;
use rand::RngExt;

/// The step of a trial. Edges and flaps have their own instants within it.
const TICK: Span = Span::millis(10);

/// A trial goes on for so long after everybody could have been through. A flap that opens again for somebody
/// on a safety beam needs no longer.
const AFTER: Span = Span::seconds(4);

/// The walk before the lane begins so long after the flap could have opened.
const SPARE: Span = Span::millis(300);

/// Distance that people keep from a shut flap, m. Assumed.
const CLEARANCE_M: f32 = 0.02;

/// Two bodies nearer than this press together, and a rotor takes them for one. Assumed; well below any gap
/// that is asked for, and well above what positions are rounded to.
const PRESSED_M: f32 = 0.001;

/// A trial that is going on.
pub(super) struct Run<'a> {
    bench: &'a Bench,
    controller: Controller,
    effects: Effects,
    flap: Flap,
    rotor: Option<Rotor>,
    beams: Beams,
    receivers: Receivers,
    tracks: Tracks,
    reports: Vec<(Time, Input)>,
    now: Time,
    speed_m_s: f32,
    ends: Time,
    /// Alarms about bodies, in order of time.
    pub(super) alarms: Vec<(Time, Alarm)>,
    pub(super) outcome: Outcome,
}

impl<'a> Run<'a> {
    pub(super) fn new(bench: &'a Bench, trial: &Trial) -> Self {
        let name = leader_name(trial);
        let mut rng = SimRng::new(bench.seed).named(&name);
        let plan = &bench.plan;
        let (shape, gait) = draw(trial.leader, trial.carried, trial.speed_m_s, &mut rng);
        // Where in a scan and in a tick a body reaches a beam is chance.
        let late = Span(rng.random_range(0..2 * TICK.0.max(plan.receivers.scan.0)));
        let opens = plan.read_time.0 + plan.flap_opens.0 + SPARE.0 + late.0;
        let approach_m = trial.speed_m_s * opens as f32 / 1e6;
        let leader = Tracked::walking(PersonId(0), -approach_m, trial.speed_m_s, (shape, gait));
        let mut length_m = shape.length_m();
        let mut tracks = Tracks::default();
        let track = tracks.of_mut(Direction::In);
        let rear = leader.rear();
        track.push(leader);
        if let Some((kind, gap_m)) = trial.follower {
            let mut rng = SimRng::new(bench.seed).named(&format!("{name}/{}/{}", kind.name(), micro(gap_m)));
            let (shape, gait) = draw(kind, Carried::Nothing, trial.speed_m_s, &mut rng);
            let follower = Tracked::walking(PersonId(1), rear - gap_m, trial.speed_m_s, (shape, gait));
            length_m += gap_m + shape.length_m();
            track.push(follower);
        }
        let mut reports = Vec::new();
        if let Some(reader) = bench.site.reader_at(LaneId(0), Direction::In) {
            let read = Input::Read { reader, card: BENCH_CARD, factor: Factor::Right };
            reports.push((Time::ZERO + plan.read_time, read));
        }
        let way_m = approach_m + bench.place.length_m + length_m;
        let ends = Time::ZERO + Span((f64::from(way_m / trial.speed_m_s) * 1e6) as u64);
        let flap = Flap::new(plan);
        Self {
            bench,
            controller: Controller::new(bench.site.clone()),
            effects: Effects::default(),
            flap: if bench.is_rotor() { flap.of_a_gate_with_logic() } else { flap },
            rotor: bench.is_rotor().then(Rotor::default),
            beams: Beams::new(&bench.row, plan),
            receivers: Receivers::new(&plan.receivers, bench.row.pairs_mm().count(), || {
                SimRng::new(bench.seed).named(&format!("{name}/beams"))
            }),
            tracks,
            reports,
            now: Time::ZERO,
            speed_m_s: trial.speed_m_s,
            ends: ends + plan.flap_closes + AFTER,
            alarms: Vec::new(),
            outcome: Outcome::default(),
        }
    }

    /// Until everybody is out of the lane, or nothing more can come of it.
    pub(super) fn finish(&mut self) {
        let length = self.bench.place.length_m;
        while self.now < self.ends && !self.tracks.both().all(|b| b.rear() > length) {
            self.step();
        }
    }

    /// Until this time, whatever is left to happen.
    pub(super) fn until(&mut self, end: Time) {
        while self.now < end {
            self.step();
        }
    }

    fn step(&mut self) {
        let (start, end) = (self.now, self.now + TICK);
        self.now = end;
        let place = &self.bench.place;
        let shut = (!self.flap.is_passable(start)).then_some((place.flap_m, self.bench.plan.flap_height_m));
        walk(self.tracks.of_mut(Direction::In), self.speed_m_s, shut);
        self.turn(start, end);
        self.note_passages();
        let line = place.flap_m;
        // A rotor turns with whoever is in it.
        let in_the_way = self.rotor.is_none()
            && self
                .tracks
                .both()
                .any(|b| b.front > line && b.rear() < line && !is_over(b, self.bench.plan.flap_height_m));
        if let Some((at, leaf)) = self.flap.step(end, in_the_way) {
            self.tell(at, leaf);
        }
        let edges = self.beams.see(place, &self.tracks).into_iter().map(|(share, beam, blocked)| {
            (start + Span((f64::from(share.clamp(0.0, 1.0)) * TICK.0 as f64) as u64), beam, blocked)
        });
        for (at, beam, blocked) in self.receivers.hear(edges, end) {
            self.reports.push((at, Input::Beam { lane: LaneId(0), beam, blocked }));
        }
        self.control(end);
    }

    /// Whoever goes through a rotor turns it, and the next arm stops who does not press against him.
    fn turn(&mut self, start: Time, end: Time) {
        let Some(rotor) = &mut self.rotor else { return };
        let line = self.bench.place.flap_m;
        let track = self.tracks.of_mut(Direction::In);
        for index in 0..track.len() {
            let Some(share) = track.get(index).and_then(|body| Rotor::share_through(body, line)) else {
                continue;
            };
            let (turned, locks) = rotor.turn(Direction::In);
            if turned {
                let at = start + Span((f64::from(share) * TICK.0 as f64) as u64);
                self.reports.push((at, Input::Passed { lane: LaneId(0), direction: Direction::In }));
            }
            if locks {
                self.flap.lock(end);
                for next in track.iter_mut().skip(index + 1) {
                    let front = next.front_before + (next.front - next.front_before) * share;
                    if front < line - PRESSED_M {
                        next.front = next.front.min(line - CLEARANCE_M).max(next.front_before);
                    }
                }
            }
        }
    }

    fn tell(&mut self, at: Time, leaf: Leaf) {
        let lane = LaneId(0);
        let input = match self.rotor {
            Some(_) => (leaf == Leaf::Open).then_some(Input::Opened { lane }),
            None => Some(Input::Leaf { lane, leaf }),
        };
        self.reports.extend(input.map(|input| (at, input)));
    }

    fn note_passages(&mut self) {
        let line = self.bench.place.flap_m;
        let through = |id: u32| self.tracks.both().any(|b| b.person == PersonId(id) && b.rear() > line);
        (self.outcome.led, self.outcome.followed) = (through(0), through(1));
    }

    fn control(&mut self, end: Time) {
        // What is read later waits.
        let (mut due, later): (Vec<_>, Vec<_>) = self.reports.drain(..).partition(|(at, _)| *at <= end);
        self.reports = later;
        due.sort_by_key(|(at, _)| *at);
        for (at, input) in due {
            self.controller.handle(at, &input, &mut self.effects);
        }
        self.controller.expire(end, &mut self.effects);
        for entry in self.effects.entries.drain(..) {
            if let Event::Alarm { alarm, on: true, .. } = entry.event
                && is_about_a_body(alarm)
            {
                self.alarms.push((entry.at, alarm));
            }
        }
        for (at, command) in std::mem::take(&mut self.effects.commands) {
            let opens = match command {
                Command::Open { .. } => true,
                Command::Close { .. } => false,
                Command::Show { .. } | Command::Mode { .. } | Command::Buzz { .. } => continue,
            };
            self.outcome.closed_between |= !opens && self.outcome.led && !self.outcome.followed;
            if let Some(rotor) = &mut self.rotor {
                if opens { rotor.release(Direction::In) } else { rotor.lock() }
            }
            if let Some(leaf) = self.flap.drive(at.min(end), opens) {
                self.tell(end, leaf);
            }
        }
    }
}

/// What chance decides about a leader goes by this.
fn leader_name(trial: &Trial) -> String {
    let (lead, carried) = (trial.leader.name(), trial.carried.name());
    format!("{lead}/{carried}/{}/{}", micro(trial.speed_m_s), trial.number)
}

fn micro(number: f32) -> u64 {
    (f64::from(number) * 1e6) as u64
}

/// Whether a body gets over leaves of this height.
fn is_over(body: &Tracked, leaf_m: f32) -> bool {
    body.shape.underside_m() >= leaf_m
}

/// Everybody goes on at the same speed, the foremost first, up to a shut flap, which is at a place and of a
/// height, and up to whoever is ahead.
fn walk(track: &mut [Tracked], speed_m_s: f32, shut_flap: Option<(f32, f32)>) {
    let dt_s = TICK.0 as f32 / 1e6;
    let mut ahead = f32::INFINITY;
    for body in track {
        let stops = shut_flap.filter(|(at, leaf_m)| body.front <= *at && !is_over(body, *leaf_m));
        let flap = stops.map_or(f32::INFINITY, |(at, _)| at - CLEARANCE_M);
        body.front_before = body.front;
        body.front = (body.front + speed_m_s * dt_s).min(flap).min(ahead).max(body.front);
        body.gait.advance(body.front - body.front_before, dt_s, body.shape.height_m());
        ahead = body.rear();
    }
}

/// Alarms that say that somebody is where nobody may be.
fn is_about_a_body(alarm: Alarm) -> bool {
    match alarm {
        Alarm::Tailgate | Alarm::Intrusion | Alarm::WrongWay | Alarm::StolenTicket => true,
        Alarm::Loiter
        | Alarm::Forced
        | Alarm::Obstruction
        | Alarm::Contact
        | Alarm::BeamFault
        | Alarm::ClosePrevented => false,
    }
}
