//! A stream: holders with a credential each come faster than the lane lets them through, so that what goes
//! through is what the lane can do. The whole simulation: floor, queue, reader, flap or rotor, controller.

use crate::apb::id::{AreaId, GrantId, HolderId};
use crate::apb::journal::{Alarm, Event};
use crate::apb::site::SiteError;
use crate::apb::time::{Span, Time};
use crate::record::{Observation, Truth, What};
use crate::scenario::Scenario;
use crate::scenario::crowd::{Arrivals, Group, Habits};
use crate::scenario::lane_type::LaneType;
use crate::scenario::plan::{FloorPlan, LanePlan, Plan, Portal, WirePlan};
use crate::sim::Simulation;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// How many come.
pub const STREAM_PEOPLE: u32 = 120;

/// One comes every so often: 75 a minute, more than any gate's maker claims.
const EVERY: Span = Span::millis(800);

/// Longer than any lane needs for them all: 6 a minute.
const LASTS: Span = Span::minutes(20);

/// What went through a lane that never was without people before it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stream {
    /// Bodies through, whoever had let them.
    pub bodies: u64,
    /// Grants that were used.
    pub taken: u64,
    /// Grants that nobody used in time.
    pub not_taken: u64,
    /// From the first to the last body, s.
    pub lasted_s: f64,
    /// From each grant that was used to its passage, s.
    pub passages_s: Vec<f64>,
    /// Alarms about bodies; everybody has a grant, so all of them are false.
    pub alarms: u64,
}

/// What goes through a lane of this type. Adults with the habits of the scenario language.
///
/// # Errors
/// What is wrong with the lane type.
pub fn stream(lane_type: &LaneType, seed: u64) -> Result<Stream, Vec<SiteError>> {
    let scenario = scenario(lane_type)?;
    let mut counter = Counter::default();
    // A run that breaks its rules leaves what it has counted by then.
    let _ = Simulation::new(&scenario, seed).run(|o| counter.hear(o), |_| ControlFlow::Continue(()));
    Ok(counter.stream)
}

#[derive(Default)]
struct Counter {
    stream: Stream,
    granted: BTreeMap<GrantId, Time>,
    first: Option<Time>,
}

impl Counter {
    fn hear(&mut self, observation: &Observation) {
        match &observation.what {
            What::Truth(Truth::Crossed { .. }) => {
                let first = *self.first.get_or_insert(observation.at);
                self.stream.bodies += 1;
                self.stream.lasted_s = observation.at.since(first).0 as f64 / 1e6;
            }
            What::Entry(entry) => self.note(entry.at, &entry.event),
            What::Truth(_) | What::Input(_) | What::Command(_) | What::Checkpoint { .. } => {}
        }
    }

    fn note(&mut self, at: Time, event: &Event) {
        match event {
            Event::Decision(decision) => {
                self.granted.extend(decision.grant.map(|grant| (grant, at)));
            }
            Event::Taken { grant, .. } => {
                self.stream.taken += 1;
                let passage = self.granted.remove(grant).map(|since| at.since(since).0 as f64 / 1e6);
                self.stream.passages_s.extend(passage);
            }
            Event::NotTaken { .. } => self.stream.not_taken += 1,
            Event::Alarm {
                alarm: Alarm::Tailgate | Alarm::Intrusion | Alarm::WrongWay, on: true, ..
            }
            | Event::Alarm { alarm: Alarm::StolenTicket, on: true, .. } => self.stream.alarms += 1,
            _ => {}
        }
    }
}

fn scenario(lane_type: &LaneType) -> Result<Scenario, Vec<SiteError>> {
    let site = lane_type.site(STREAM_PEOPLE)?;
    let inside = site.lanes.first().map_or(AreaId(0), |lane| lane.inner);
    let lane = LanePlan { x_m: 5.0, y_m: 8.0, ..lane_type.plan.clone() };
    let beyond = 8.0 + lane.length_m + 6.0;
    let group = Group {
        name: "stream".into(),
        holders: (0..STREAM_PEOPLE).map(HolderId).collect(),
        to: inside,
        arrivals: Arrivals::Schedule((0..STREAM_PEOPLE).map(|i| Time(EVERY.0 * u64::from(i))).collect()),
        stay: None,
        breaks: vec![],
        habits: Habits::default(),
        personas: vec![],
        population: None,
    };
    Ok(Scenario {
        name: "stream".into(),
        title: "people before one lane".into(),
        plan: Plan {
            site,
            lanes: vec![lane],
            portals: vec![Portal::at(AreaId(0), 5.0, 0.0), Portal::at(inside, 5.0, beyond)],
            floor: FloorPlan::default(),
            wire: WirePlan::default(),
        },
        seed: 1,
        duration: LASTS,
        tick: Span::millis(10),
        start: "2026-03-02T07:30".into(),
        start_second: 27_000,
        crowd: vec![group],
        walkers: vec![],
        script: vec![],
        faults: vec![],
        expectations: vec![],
        sources: vec![],
    })
}
