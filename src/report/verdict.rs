//! The verdict in plain words: the first thing that every report says.

use super::definitions;
use super::words;
use crate::metrics::results::{Checked, Outcome, Results};

/// A verdict that a reader understands without knowing the tool.
pub(super) struct Verdict {
    /// A mark that means the same as the word, for the eye.
    pub(super) mark: &'static str,
    /// `Passed`, `Failed`, …
    pub(super) word: &'static str,
    /// Why, in one sentence or two.
    pub(super) reason: String,
}

impl Verdict {
    /// The verdict of a run.
    pub(super) fn of(results: &Results) -> Self {
        let (mark, word) = mark_and_word(results.outcome);
        let reason = match results.outcome {
            Outcome::Pass => passed(results),
            Outcome::Fail => failed(results),
            Outcome::Error => "The run itself went wrong, so it says nothing about the gates or the \
                               controller. Mend the cause and run it again."
                .into(),
            Outcome::Aborted => format!(
                "The run was interrupted after {}; the figures cover only what happened until then.",
                words::duration(results.simulated)
            ),
        };
        Self { mark, word, reason }
    }
}

/// The mark and the word of an outcome; never one without the other.
pub(super) fn mark_and_word(outcome: Outcome) -> (&'static str, &'static str) {
    match outcome {
        Outcome::Pass => ("✓", "Passed"),
        Outcome::Fail => ("✗", "Failed"),
        Outcome::Error => ("!", "No verdict"),
        Outcome::Aborted => ("–", "Interrupted"),
    }
}

/// The expectations that did not hold.
pub(super) fn broken(results: &Results) -> impl Iterator<Item = &Checked> {
    results.expectations.iter().filter(|c| c.outcome != Outcome::Pass)
}

/// What an expectation is about, for people: a measure's title, or the expectation's own words.
pub(super) fn subject(checked: &Checked) -> &str {
    definitions::of(&checked.measure).map_or(&checked.measure, |d| d.title)
}

fn passed(results: &Results) -> String {
    match results.expectations.len() {
        0 => "The run completed. Nothing was expected of it, so nothing could fail.".into(),
        1 => "The one expectation held.".into(),
        n => format!("All {n} expectations held."),
    }
}

fn failed(results: &Results) -> String {
    let total = results.expectations.len();
    let mut broken = broken(results);
    let Some(first) = broken.next() else {
        return "The system under test did not do what it should.".into();
    };
    let more = broken.count();
    let head = if total == 1 {
        "The one expectation failed".to_owned()
    } else {
        format!("{} of {total} expectations failed", more + 1)
    };
    let also = match more {
        0 => String::new(),
        n => format!(", and {n} more below"),
    };
    format!("{head}. “{}” had to be {} and came out as {}{also}.", subject(first), first.bound, first.value)
}
