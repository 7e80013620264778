//! One measured thing: its value, its limits, and whether it lies within them.

use crate::apb::time::Span;
use serde::{Deserialize, Serialize};

/// What a measurement is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Seconds; numbers are microseconds.
    Seconds,
    /// Things that are counted.
    Count,
    /// Words.
    Word,
}

impl Unit {
    /// The unit as it stands behind a number; empty: none.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Count | Self::Word => "",
        }
    }
}

/// What was measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// A count, or microseconds.
    Number(u64),
    /// A word.
    Word(String),
}

/// What it has to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// Anything: it is told and not judged.
    Any,
    /// A number from `low` to `high`, both included; above `marginal` it is within the limits and should be
    /// looked at.
    Within {
        /// The least.
        low: u64,
        /// The most.
        high: u64,
        /// Where the marginal band begins; `high`: there is none.
        marginal: u64,
    },
    /// Exactly this word.
    Equals(String),
}

/// What came of a measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Within the limits.
    Pass,
    /// Within the limits, but only just.
    Marginal,
    /// Outside the limits, or not seen where it had to be.
    Fail,
    /// Nobody could measure it here.
    Unset,
}

impl Grade {
    /// The stable word for this grade.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Marginal => "marginal",
            Self::Fail => "fail",
            Self::Unset => "unset",
        }
    }
}

/// One measured thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measurement {
    /// Its stable name, unique in its phase: the step's number and a word, as in `3.alert_s`.
    pub name: String,
    /// What it is, in words.
    pub title: String,
    /// What it is in.
    pub unit: Unit,
    /// What was measured; `None`: nothing was seen.
    pub value: Option<Value>,
    /// What it has to be.
    pub limit: Limit,
    /// Whether it is.
    pub grade: Grade,
    /// What else there is to say: why it is unset, what was seen instead.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Measurement {
    fn new(name: &str, title: &str, unit: Unit, value: Option<Value>, limit: Limit) -> Self {
        let grade = graded(value.as_ref(), &limit);
        let (name, title) = (name.to_owned(), title.to_owned());
        Self { name, title, unit, value, limit, grade, note: String::new() }
    }

    /// A time that may be so long at most; in the last quarter it is marginal.
    pub(super) fn at_most((name, title): (&str, &str), value: Option<Span>, most: Span) -> Self {
        let marginal = super::limits::marginal(most).0;
        let limit = Limit::Within { low: 0, high: most.0, marginal };
        Self::new(name, title, Unit::Seconds, value.map(|v| Value::Number(v.0)), limit)
    }

    /// A time between two others.
    pub(super) fn between(
        (name, title): (&str, &str),
        value: Option<Span>,
        (low, high): (Span, Span),
    ) -> Self {
        let limit = Limit::Within { low: low.0, high: high.0, marginal: high.0 };
        Self::new(name, title, Unit::Seconds, value.map(|v| Value::Number(v.0)), limit)
    }

    /// A count that has to be this.
    pub(super) fn exactly((name, title): (&str, &str), value: u64, wanted: u64) -> Self {
        let limit = Limit::Within { low: wanted, high: wanted, marginal: wanted };
        Self::new(name, title, Unit::Count, Some(Value::Number(value)), limit)
    }

    /// A count that is told and not judged.
    pub(super) fn told((name, title): (&str, &str), value: u64) -> Self {
        Self::new(name, title, Unit::Count, Some(Value::Number(value)), Limit::Any)
    }

    /// A word that has to be this.
    pub(super) fn word((name, title): (&str, &str), value: Option<String>, wanted: String) -> Self {
        Self::new(name, title, Unit::Word, value.map(Value::Word), Limit::Equals(wanted))
    }

    /// Something that nobody can measure here; why.
    pub(super) fn unset((name, title): (&str, &str), why: String) -> Self {
        let blank = Self::new(name, title, Unit::Word, None, Limit::Any);
        Self { grade: Grade::Unset, note: why, ..blank }
    }

    /// The same with something to say.
    #[must_use]
    pub(super) fn saying(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }
}

fn graded(value: Option<&Value>, limit: &Limit) -> Grade {
    match (value, limit) {
        (Some(_), Limit::Any) => Grade::Pass,
        (Some(Value::Number(n)), Limit::Within { low, high, marginal }) => {
            if n < low || n > high {
                Grade::Fail
            } else if n > marginal {
                Grade::Marginal
            } else {
                Grade::Pass
            }
        }
        (Some(Value::Word(word)), Limit::Equals(wanted)) if word == wanted => Grade::Pass,
        (None, _)
        | (Some(Value::Word(_)), Limit::Equals(_) | Limit::Within { .. })
        | (Some(Value::Number(_)), Limit::Equals(_)) => Grade::Fail,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMED: (&str, &str) = ("alert_s", "time to the alert");

    #[test]
    fn limits_include_their_ends_and_the_last_quarter_is_marginal() {
        let grade = |ms| Measurement::at_most(NAMED, Some(Span::millis(ms)), Span::seconds(2)).grade;
        assert_eq!([grade(0), grade(1_500), grade(1_501)], [Grade::Pass, Grade::Pass, Grade::Marginal]);
        assert_eq!([grade(2_000), grade(2_001)], [Grade::Marginal, Grade::Fail]);
        let between = |ms| {
            let ends = (Span::millis(4_500), Span::millis(5_500));
            Measurement::between(NAMED, Some(Span::millis(ms)), ends).grade
        };
        assert_eq!([between(4_499), between(4_500)], [Grade::Fail, Grade::Pass]);
        assert_eq!([between(5_500), between(5_501)], [Grade::Pass, Grade::Fail]);
    }

    #[test]
    fn what_was_not_seen_fails_and_what_cannot_be_seen_is_unset() {
        assert_eq!(Measurement::at_most(NAMED, None, Span::seconds(2)).grade, Grade::Fail);
        assert_eq!(Measurement::unset(NAMED, "no sensor".into()).grade, Grade::Unset);
        assert_eq!(Measurement::word(NAMED, Some("a".into()), "b".into()).grade, Grade::Fail);
        assert_eq!(Measurement::told(NAMED, 7).grade, Grade::Pass);
        assert_eq!(Measurement::exactly(NAMED, 1, 0).grade, Grade::Fail);
    }
}
