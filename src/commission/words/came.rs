//! What came of a phase.

use crate::commission::record::{Outcome, PhaseResult};

/// The words for an outcome.
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "Passed",
        Outcome::Fail => "Failed",
        Outcome::Error => "The rig was at fault",
        Outcome::Skipped => "Skipped",
        Outcome::Flaky => "Passed on being repeated",
    }
}

/// One phase in a line or two.
pub fn shown(result: &PhaseResult) -> String {
    let head = format!("{:8}{} {}: {}", word(result.outcome), result.place_kind, result.place, result.title);
    if result.reason.is_empty() { head } else { format!("{head}\n        {}", result.reason) }
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "pass",
        Outcome::Fail => "FAIL",
        Outcome::Error => "ERROR",
        Outcome::Skipped => "skipped",
        Outcome::Flaky => "flaky",
    }
}
