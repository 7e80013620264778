//! What came of a commissioning: results of phases, and the record as a whole.

mod json;

use super::findings::Finding;
use super::measurement::Measurement;
use super::stand::Device;
use serde::{Deserialize, Serialize};

pub use json::{SCHEMA, record_json};

/// What came of a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Everything was within its limits.
    Pass,
    /// The installation is not as it has to be.
    Fail,
    /// The rig was at fault: nothing is said about the installation.
    Error,
    /// It could not be tried, or was not to be.
    Skipped,
    /// It failed, and passed on being repeated.
    Flaky,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 5] = [Self::Pass, Self::Fail, Self::Error, Self::Skipped, Self::Flaky];

    /// The stable word for this outcome.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Error => "error",
            Self::Skipped => "skipped",
            Self::Flaky => "flaky",
        }
    }

    /// Whether it did not pass though it was tried.
    pub fn is_bad(self) -> bool {
        matches!(self, Self::Fail | Self::Error)
    }
}

/// A line of a phase's log: what was done (`> …`), and what was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// When, microseconds by the stand's clock.
    pub at_us: u64,
    /// What.
    pub text: String,
}

/// What came of one phase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseResult {
    /// The phase's stable name.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// The stable word for what it is about.
    pub kind: String,
    /// `site`, `area`, `lane` or `reader`.
    pub place_kind: String,
    /// The place's name.
    pub place: String,
    /// What came of it.
    pub outcome: Outcome,
    /// What failed first, or why it was skipped; empty: it passed.
    pub reason: String,
    /// How often it was carried out.
    pub attempts: u32,
    /// Why earlier attempts, or this one, failed.
    pub failures: Vec<String>,
    /// When the latest attempt began, milliseconds since 1970 in UTC.
    pub start_ms: u64,
    /// When it ended.
    pub end_ms: u64,
    /// Everything measured in the latest attempt.
    pub measurements: Vec<Measurement>,
    /// What was done and seen in the latest attempt.
    pub log: Vec<LogLine>,
}

/// Who did it, with what, where and when: what the caller knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The rig, or the machine, it was done with.
    pub station: String,
    /// The version of apbrig.
    pub version: String,
    /// Whether the site was simulated.
    pub simulated: bool,
    /// Who carried it out; empty: to be filled in by hand.
    pub tester: String,
    /// Who watched; empty: to be filled in by hand.
    pub witness: String,
    /// When it began, milliseconds since 1970 in UTC.
    pub start_ms: u64,
    /// When it ended.
    pub end_ms: u64,
    /// The date for people, as the caller writes it.
    pub date: String,
    /// The parts of the plan that were to be carried out, by name; empty: all of it.
    #[serde(default)]
    pub only: Vec<String>,
    /// Anything else there is to say.
    pub notes: Vec<String>,
}

/// What came of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing failed and everything was tried that could be.
    Pass,
    /// A phase failed.
    Fail,
    /// Nothing failed, but the rig was at fault in a phase.
    Error,
    /// Broken off before the plan's end, or only part of it was to be carried out, or nothing could be
    /// tried at all.
    Aborted,
}

/// The record of one commissioning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The site's name.
    pub site: String,
    /// Who, with what, when.
    pub about: About,
    /// How many phases the whole plan has, whatever part of it was to be carried out.
    pub planned: usize,
    /// What is wrong with the site before anybody walks.
    pub findings: Vec<Finding>,
    /// The devices.
    pub devices: Vec<Device>,
    /// What came of each phase, in the plan's order.
    pub phases: Vec<PhaseResult>,
}

impl Record {
    /// How many phases came out so.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.phases.iter().filter(|p| p.outcome == outcome).count()
    }

    /// Whether only a part of the plan was to be carried out, and passed: that is no verdict on the whole.
    pub fn is_part_passed(&self) -> bool {
        let any = self.count(Outcome::Pass) + self.count(Outcome::Flaky) > 0;
        any && !self.about.only.is_empty() && self.verdict() == Verdict::Aborted
    }

    /// What came of the whole.
    pub fn verdict(&self) -> Verdict {
        let nothing = self.count(Outcome::Pass) + self.count(Outcome::Flaky) == 0;
        if self.count(Outcome::Fail) > 0 {
            Verdict::Fail
        } else if self.count(Outcome::Error) > 0 {
            Verdict::Error
        } else if self.phases.len() < self.planned || nothing {
            Verdict::Aborted
        } else {
            Verdict::Pass
        }
    }
}
