//! What has to come out of a run.

use crate::apb::id::{CardNumber, ReaderId};
use crate::apb::journal::Reason;
use crate::apb::time::Span;
use std::fmt;

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
