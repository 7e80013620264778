//! What has to come out of a run.

use crate::apb::id::{CardNumber, ReaderId};
use crate::apb::journal::Reason;
use crate::apb::time::Span;
use std::fmt;

/// The measures of a whole run, by the names that results and expectations use.
pub const MEASURES: &[&str] = &[
    "bodies_in",
    "bodies_out",
    "attributed_in",
    "attributed_out",
    "unattributed_in",
    "unattributed_out",
    "clean_entries",
    "tailgate_attempts",
    "tailgate_detected",
    "tailgate_prevented",
    "tailgate_passed",
    "tailgate_false_alarms",
    "tailgate_detection_rate",
    "tailgate_prevention_rate",
    "false_alarm_rate",
    "wrong_way_attempts",
    "wrong_way_passed",
    "violations",
    "violations_denied",
    "violations_flagged",
    "passback_attempts",
    "passback_denied",
    "passback_flagged",
    "passback_missed",
    "false_denials",
    "stuck_inside",
    "gave_up",
    "still_queued",
    "throughput_ppm_mean",
    "throughput_ppm_best",
    "wait_s_p50",
    "wait_s_p95",
    "wait_s_max",
    "queue_max",
    "service_s_p50",
    "service_s_p95",
    "occupancy_drift_max",
    "muster_error",
    "people_inside_true",
    "people_inside_believed",
    "left_by_fire_door",
    "decisions",
    "denials",
    "alarms",
    "contact_risks",
    "ghost_passages",
];

/// The measures of a whole run at a site whose panels decide together.
pub const DOMAIN_MEASURES: &[&str] = &["degraded_s", "offline_decisions", "conflicts"];

/// The measures of one lane and direction; their names end in `/LANE/in` or `/LANE/out`.
pub const LANE_MEASURES: &[&str] =
    &["bodies", "throughput_ppm_mean", "throughput_ppm_best", "wait_s_p50", "wait_s_p95", "queue_max"];

/// One thing that has to come out.
#[derive(Clone, Debug, PartialEq)]
pub enum Expectation {
    /// A measure lies within a bound.
    Measure {
        /// The measure's name.
        name: String,
        /// The bound.
        bound: Bound,
    },
    /// A presentation is judged a certain way.
    Decision(DecisionCheck),
}

/// What a measure has to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// Exactly this.
    Equals(f64),
    /// This or more.
    AtLeast(f64),
    /// This or less.
    AtMost(f64),
    /// Between these, both included.
    Between(f64, f64),
}

impl Bound {
    /// Whether `value` lies within the bound.
    pub fn admits(self, value: f64) -> bool {
        match self {
            Self::Equals(x) => value == x,
            Self::AtLeast(x) => value >= x,
            Self::AtMost(x) => value <= x,
            Self::Between(low, high) => (low..=high).contains(&value),
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Equals(x) => write!(f, "= {x}"),
            Self::AtLeast(x) => write!(f, "≥ {x}"),
            Self::AtMost(x) => write!(f, "≤ {x}"),
            Self::Between(low, high) => write!(f, "{low} … {high}"),
        }
    }
}

/// How one presentation has to be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionCheck {
    /// The credential.
    pub card: CardNumber,
    /// The reader; `None`: any.
    pub reader: Option<ReaderId>,
    /// Which of its presentations there, counting from 1.
    pub nth: u32,
    /// The judgement.
    pub verdict: Verdict,
    /// An alert with this credential, and the gate, has to follow within this time.
    pub alert_within: Option<Span>,
    /// The flap must not be told to open for this long after the read.
    pub still_for: Option<Span>,
}

/// How a presentation is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Granted, nothing to say.
    Granted,
    /// Granted with a violation.
    Flagged,
    /// Denied, for this reason or any.
    Denied(Option<Reason>),
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Granted => f.write_str("granted"),
            Self::Flagged => f.write_str("granted with a violation"),
            Self::Denied(None) => f.write_str("denied"),
            Self::Denied(Some(reason)) => write!(f, "denied ({})", reason.name()),
        }
    }
}
