//! The collector: takes a run's observations in one by one, and hands out its results at the end.
//!
//! One pass, in the order of the stream. Memory is bounded by the site, the people in it and the number of
//! passages: a waiting and a service time each, a row for every violation, alert and body without right.

use super::domain::Panels;
use super::measures::{Measures, seconds};
use super::occupancy::Occupancy;
use super::passage::Passages;
use super::passback::Decisions;
use super::results::Results;
use super::tailgating::Trespasses;
use super::throughput::Throughput;
use super::verdict::{self, Checks};
use crate::apb::journal::Event;
use crate::apb::site::Site;
use crate::apb::time::Time;
use crate::record::{Observation, State, Truth, What};
use crate::scenario::Scenario;

/// Makes results out of observations.
#[derive(Debug)]
pub struct Collector {
    about: About,
    site: Site,
    passages: Passages,
    trespasses: Trespasses,
    decisions: Decisions,
    throughput: Throughput,
    occupancy: Occupancy,
    /// `None`: one controller decides for all.
    panels: Option<Panels>,
    checks: Checks,
}

/// What the results say about the scenario itself.
#[derive(Debug)]
struct About {
    scenario: String,
    title: String,
    start: String,
    start_second: u32,
    seed: u64,
}

impl Collector {
    /// A collector for a run of this scenario with this seed.
    pub fn new(scenario: &Scenario, seed: u64) -> Self {
        let site = &scenario.plan.site;
        let lanes = site.lanes.len();
        Self {
            about: About {
                scenario: scenario.name.clone(),
                title: scenario.title.clone(),
                start: scenario.start.clone(),
                start_second: scenario.start_second,
                seed,
            },
            passages: Passages::new(lanes),
            trespasses: Trespasses::new(lanes, scenario.tick),
            decisions: Decisions::new(site, scenario.tick),
            throughput: Throughput::new(lanes),
            occupancy: Occupancy::new(site),
            panels: site.domain.map(|_| Panels::default()),
            checks: Checks::new(&scenario.expectations),
            site: site.clone(),
        }
    }

    /// Takes one observation in.
    pub fn observe(&mut self, observation: &Observation) {
        let at = observation.at;
        self.trespasses.advance(at);
        match &observation.what {
            What::Truth(truth) => self.truth(at, truth),
            What::Entry(entry) => self.entry(entry.at, &entry.event),
            What::Command(command) => self.checks.command(at, command),
            What::Input(_) | What::Checkpoint { .. } => {}
        }
    }

    fn truth(&mut self, at: Time, truth: &Truth) {
        self.passages.truth(at, truth);
        self.trespasses.truth(at, truth);
        self.decisions.truth(at, truth);
        self.throughput.truth(at, truth);
        self.occupancy.truth(&self.site, at, truth);
    }

    fn entry(&mut self, at: Time, event: &Event) {
        self.passages.entry(at, event);
        self.trespasses.entry(at, event);
        self.decisions.entry(at, event);
        self.occupancy.entry(&self.site, at, event);
        if let Some(panels) = &mut self.panels {
            panels.entry(at, event);
        }
        self.checks.entry(&self.site, at, event);
    }

    /// The results of the run, which lasted until `end`. `digest` is the record's, `reproduce` the command
    /// that makes the run again.
    pub fn finish(mut self, end: Time, state: State, digest: String, reproduce: String) -> Results {
        self.trespasses.close();
        self.throughput.close();
        let site = &self.site;
        let mut measures = Measures::default();
        self.passages.measure(&mut measures);
        self.trespasses.measure(&mut measures);
        self.decisions.measure(&mut measures);
        self.throughput.measure(site, &mut measures);
        self.occupancy.measure(end, &mut measures);
        if let Some(panels) = &self.panels {
            panels.measure(end, &mut measures);
        }
        let measures = measures.into_table();
        let expectations = self.checks.results(site, end, &measures);
        Results {
            scenario: self.about.scenario,
            title: self.about.title,
            site: site.name.clone(),
            seed: self.about.seed,
            start: self.about.start,
            start_second: self.about.start_second,
            simulated: end,
            outcome: verdict::overall(state, &expectations),
            digest,
            reproduce,
            measures,
            expectations,
            lanes: self.throughput.rows(site, &self.passages),
            waits_s: self.throughput.waits().into_iter().map(seconds).collect(),
            violations: self.decisions.violation_rows(site),
            trespasses: self.trespasses.rows(site),
            alerts: self.decisions.alert_rows(site),
            denials: self.decisions.denials(),
            occupancy: self.occupancy.into_areas(site),
        }
    }
}

#[cfg(test)]
#[path = "collector_tests.rs"]
mod tests;
