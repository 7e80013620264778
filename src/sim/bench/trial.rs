//! One trial: a leader with a grant, perhaps somebody without one behind him, and what came of it.

use super::people::{Carried, Kind, draw};
use crate::apb::controller::Controller;
use crate::apb::effect::{Command, Effects};
use crate::apb::id::{Direction, LaneId};
use crate::apb::input::{Factor, Input};
use crate::apb::journal::{Alarm, Event};
use crate::apb::site::{Sensing, Site, SiteError};
use crate::apb::time::{Span, Time};
use crate::record::PersonId;
use crate::scenario::lane_type::{BENCH_CARD, LaneType};
use crate::scenario::plan::LanePlan;
use crate::sim::crowd::track::{Tracked, Tracks};
use crate::sim::lane::Place;
use crate::sim::lane::beams::Beams;
use crate::sim::lane::flap::Flap;
use crate::sim::lane::receivers::Receivers;
use crate::sim::rng::SimRng;
use bevy::math::Vec2;
use rand::RngExt;
use std::sync::Arc;

/// The step of a trial. Edges and flaps have their own instants within it.
const TICK: Span = Span::millis(10);

/// A trial goes on for so long after everybody could have been through. A flap that opens again for somebody
/// on a safety beam needs no longer.
const AFTER: Span = Span::seconds(4);

/// The walk before the lane begins so long after the flap could have opened.
const SPARE: Span = Span::millis(300);

/// A leg or a hand reaches so far before the front, m.
const LEAD_M: f32 = 0.5;

/// One trial.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trial {
    /// Both walk at this speed, m/s.
    pub speed_m_s: f32,
    /// What the leader carries.
    pub carried: Carried,
    /// Who follows without a grant, at which clear gap in metres, from the end of what the leader pulls;
    /// `None`: nobody does.
    pub follower: Option<(Kind, f32)>,
    /// Who leads.
    pub leader: Kind,
    /// Which of the trials of its kind: everything that chance decides depends on it and on the seed.
    pub number: u64,
}

/// What came of a trial.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The first alarm about a body since the follower came in; without a follower, the first at all.
    pub alarm: Option<Alarm>,
    /// Whether the leader got through.
    pub led: bool,
    /// Whether the follower got through.
    pub followed: bool,
    /// Whether the flap began to close between the two, before the follower was through.
    pub closed_between: bool,
}

/// A lane of one type, ready for trials.
#[derive(Debug)]
pub struct Bench {
    site: Arc<Site>,
    plan: LanePlan,
    place: Place,
    seed: u64,
}

impl Bench {
    /// A bench for lanes with beams; `None` for gates with a logic of their own, which have none to test.
    ///
    /// # Errors
    /// What is wrong with the lane type.
    pub fn new(lane_type: &LaneType, seed: u64) -> Result<Option<Self>, Vec<SiteError>> {
        let Sensing::Beams(row) = &lane_type.lane.sensing else { return Ok(None) };
        let flap_m = row.flap_mm as f32 / 1_000.0;
        let plan = lane_type.plan.clone();
        let place = Place { outer: Vec2::ZERO, length_m: plan.length_m, flap_m };
        Ok(Some(Self { site: Arc::new(lane_type.site()?), plan, place, seed }))
    }

    /// What comes of a trial.
    pub fn run(&self, trial: &Trial) -> Outcome {
        let mut run = Run::new(self, trial);
        let speed = trial.speed_m_s;
        let gap = trial.follower.map_or(0.0, |(_, gap)| gap);
        let way = run.approach_m + self.place.length_m + run.length_m + gap;
        let ends = Span((f64::from(way / speed) * 1e6) as u64);
        let ends = Time::ZERO + ends + self.plan.flap_closes + AFTER;
        while run.now < ends && !run.is_over() {
            run.step();
        }
        run.outcome
    }
}

/// A trial that is going on.
struct Run<'a> {
    bench: &'a Bench,
    controller: Controller,
    effects: Effects,
    flap: Flap,
    beams: Beams,
    receivers: Receivers,
    tracks: Tracks,
    reports: Vec<(Time, Input)>,
    now: Time,
    speed_m_s: f32,
    /// How far before the lane the leader begins.
    approach_m: f32,
    /// From the leader's front to the follower's back.
    length_m: f32,
    outcome: Outcome,
}

impl<'a> Run<'a> {
    fn new(bench: &'a Bench, trial: &Trial) -> Self {
        let follower = trial.follower.map_or("alone", |(kind, _)| kind.name());
        let gap_um = trial.follower.map_or(0, |(_, gap)| (gap * 1e6) as u64);
        let (lead, carried) = (trial.leader.name(), trial.carried.name());
        let speed_um = (trial.speed_m_s * 1e6) as u64;
        let name = format!("{lead}/{carried}/{follower}/{gap_um}/{speed_um}/{}", trial.number);
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
            let (shape, gait) = draw(kind, Carried::Nothing, trial.speed_m_s, &mut rng);
            let follower = Tracked::walking(PersonId(1), rear - gap_m, trial.speed_m_s, (shape, gait));
            length_m += gap_m + shape.length_m();
            track.push(follower);
        }
        let row = match bench.site.lanes.first().map(|l| &l.sensing) {
            Some(Sensing::Beams(row)) => row.clone(),
            Some(Sensing::Signals) | None => Default::default(),
        };
        let mut reports = Vec::new();
        if let Some(reader) = bench.site.reader_at(LaneId(0), Direction::In) {
            let read = Input::Read { reader, card: BENCH_CARD, factor: Factor::Right };
            reports.push((Time::ZERO + plan.read_time, read));
        }
        Self {
            bench,
            controller: Controller::new(bench.site.clone()),
            effects: Effects::default(),
            flap: Flap::new(plan),
            beams: Beams::new(&row, plan),
            receivers: Receivers::new(&plan.receivers, row.x_mm.len(), || {
                SimRng::new(bench.seed).named(&format!("{name}/beams"))
            }),
            tracks,
            reports,
            now: Time::ZERO,
            speed_m_s: trial.speed_m_s,
            approach_m,
            length_m,
            outcome: Outcome::default(),
        }
    }

    /// Nothing more can come of it: everybody is out of the lane.
    fn is_over(&self) -> bool {
        let length = self.bench.place.length_m;
        self.tracks.both().all(|b| b.rear() > length)
    }

    fn step(&mut self) {
        let (start, end) = (self.now, self.now + TICK);
        self.now = end;
        let place = &self.bench.place;
        let shut = (!self.flap.is_passable(start)).then_some(place.flap_m);
        walk(self.tracks.of_mut(Direction::In), self.speed_m_s, shut);
        self.note_passages();
        let line = place.flap_m;
        let in_the_way = self.tracks.both().any(|b| b.front > line && b.rear() < line);
        if let Some((at, leaf)) = self.flap.step(end, in_the_way) {
            self.reports.push((at, Input::Leaf { lane: LaneId(0), leaf }));
        }
        let edges = self.beams.see(place, &self.tracks).into_iter().map(|(share, beam, blocked)| {
            (start + Span((f64::from(share.clamp(0.0, 1.0)) * TICK.0 as f64) as u64), beam, blocked)
        });
        for (at, beam, blocked) in self.receivers.hear(edges, end) {
            self.reports.push((at, Input::Beam { lane: LaneId(0), beam, blocked }));
        }
        self.control(end);
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
        let entered = self.follower_is_in();
        for entry in self.effects.entries.drain(..) {
            if let Event::Alarm { alarm, on: true, .. } = entry.event
                && (entered || self.tracks.of(Direction::In).len() == 1)
                && is_about_a_body(alarm)
            {
                self.outcome.alarm.get_or_insert(alarm);
            }
        }
        for (at, command) in self.effects.commands.drain(..) {
            let opens = match command {
                Command::Open { .. } => true,
                Command::Close { .. } => false,
                Command::Show { .. } | Command::Mode { .. } | Command::Buzz { .. } => continue,
            };
            self.outcome.closed_between |= !opens && self.outcome.led && !self.outcome.followed;
            if let Some(leaf) = self.flap.drive(at.min(end), opens) {
                self.reports.push((end, Input::Leaf { lane: LaneId(0), leaf }));
            }
        }
    }

    fn follower_is_in(&self) -> bool {
        self.tracks.of(Direction::In).get(1).is_some_and(|b| b.front > -LEAD_M)
    }
}

/// Everybody goes on at the same speed, the foremost first, up to a shut flap and up to whoever is ahead.
fn walk(track: &mut [Tracked], speed_m_s: f32, shut_flap: Option<f32>) {
    /// Distance that people keep from a shut flap, m. Assumed.
    const CLEARANCE_M: f32 = 0.02;
    let dt_s = TICK.0 as f32 / 1e6;
    let mut ahead = f32::INFINITY;
    for body in track {
        let flap = shut_flap.filter(|flap| body.front <= *flap).map_or(f32::INFINITY, |f| f - CLEARANCE_M);
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
