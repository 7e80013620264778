//! Everything a report can say about one run.

use crate::apb::id::Direction;
use crate::apb::time::Time;
use crate::record::Standing;
use serde::Serialize;
use std::collections::BTreeMap;

/// The figures of one run.
#[derive(Clone, Debug)]
pub struct Results {
    /// The scenario's name.
    pub scenario: String,
    /// What the scenario shows.
    pub title: String,
    /// The site's name.
    pub site: String,
    /// The seed of the run.
    pub seed: u64,
    /// Local date and time at the start, as the scenario writes it.
    pub start: String,
    /// Local seconds since midnight at the start.
    pub start_second: u32,
    /// How much time was simulated.
    pub simulated: Time,
    /// The verdict.
    pub outcome: Outcome,
    /// The digest of the record, hexadecimal.
    pub digest: String,
    /// The command that makes this run again.
    pub reproduce: String,
    /// Every measure by name.
    pub measures: BTreeMap<String, Measure>,
    /// What had to come out and what did.
    pub expectations: Vec<Checked>,
    /// People inside over time, believed and true; every area but the outside, in site order.
    pub occupancy: Vec<AreaOccupancy>,
    /// One row per lane and direction that was used.
    pub lanes: Vec<LaneFigures>,
    /// Waiting times of everybody who was served, seconds, ascending.
    pub waits_s: Vec<f64>,
    /// Every anti-passback violation the controller saw, in order.
    pub violations: Vec<Violation>,
    /// Every body that entered a lane without right, in order.
    pub trespasses: Vec<Trespass>,
    /// Every alert, in order.
    pub alerts: Vec<AlertRow>,
    /// Denials by reason.
    pub denials: BTreeMap<&'static str, u64>,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Every expectation held.
    Pass,
    /// An expectation failed: the system under test is bad.
    Fail,
    /// The run itself went wrong: no verdict on the system under test.
    Error,
    /// The run was interrupted.
    Aborted,
}

impl Results {
    /// Adds an expectation of something beside the measures. If it does not hold, the run has not passed.
    pub fn add(&mut self, checked: Checked) {
        if self.outcome == Outcome::Pass {
            self.outcome = checked.outcome;
        }
        self.expectations.push(checked);
    }
}

impl Outcome {
    /// The stable word for this outcome.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Error => "error",
            Self::Aborted => "aborted",
        }
    }
}

/// One number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Measure {
    /// The number; `None` where there was nothing to measure (a rate of no trials).
    pub value: Option<f64>,
    /// Its unit: `1` for counts, `ratio`, `s`, `1/min`.
    pub unit: &'static str,
    /// Lower end of the 95 % confidence [interval](super::interval), for rates.
    pub low: Option<f64>,
    /// Upper end of the 95 % confidence interval, for rates.
    pub high: Option<f64>,
}

/// One expectation and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Checked {
    /// The measure, or `decision K1 at R1e #2`.
    pub measure: String,
    /// What was asked for, in words.
    pub bound: String,
    /// What came out, in words.
    pub value: String,
    /// Whether it held.
    pub outcome: Outcome,
}

/// People in one area over time.
#[derive(Clone, Debug, PartialEq)]
pub struct AreaOccupancy {
    /// The area; it counts together with all areas within it.
    pub area: String,
    /// One point at every change.
    pub points: Vec<OccupancyPoint>,
}

/// People in an area at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OccupancyPoint {
    /// From when on.
    pub at: Time,
    /// Holders the controller believes inside.
    pub believed: u32,
    /// Bodies that are inside.
    pub true_count: u32,
}

/// What went through one lane one way.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneFigures {
    /// The lane.
    pub lane: String,
    /// Which way.
    pub direction: Direction,
    /// Bodies through.
    pub bodies: u64,
    /// Of these, with a grant of their own.
    pub attributed: u64,
    /// Bodies per minute between the first and the last body; `None` for fewer than two.
    pub mean_ppm: Option<f64>,
    /// Most bodies in any minute (sliding).
    pub best_ppm: f64,
    /// Median waiting time, seconds; `None`: nobody waited for a turn.
    pub wait_p50_s: Option<f64>,
    /// 95th percentile of waiting times, seconds.
    pub wait_p95_s: Option<f64>,
    /// Longest queue.
    pub queue_max: u32,
}

/// One anti-passback violation that the controller saw.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// When.
    pub at: Time,
    /// The credential.
    pub credential: String,
    /// Its holder.
    pub holder: String,
    /// The reader.
    pub reader: String,
    /// The gate.
    pub lane: String,
    /// The broken rule.
    pub rule: &'static str,
    /// Whether the holder was refused.
    pub denied: bool,
    /// What the presentation really was for: `own`, `borrowed`, `buddy`, `second_body` or `probe`;
    /// `unknown` where no presentation belongs to the read.
    pub intent: &'static str,
}

/// One body that entered a lane without right.
#[derive(Clone, Debug, PartialEq)]
pub struct Trespass {
    /// When its front came into the lane.
    pub at: Time,
    /// The gate.
    pub lane: String,
    /// Which way.
    pub direction: Direction,
    /// By what lack of right.
    pub standing: Standing,
    /// The first alarm it caused, and when; `None`: missed.
    pub detected: Option<(&'static str, Time)>,
    /// Whether it got through.
    pub passed: bool,
}

/// One alert.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertRow {
    /// When.
    pub at: Time,
    /// The credential, where a read was the cause.
    pub credential: Option<String>,
    /// The gate.
    pub lane: String,
    /// What, in words: `denied: location_match`, `tailgate`, …
    pub cause: String,
}
