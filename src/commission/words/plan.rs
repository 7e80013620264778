//! The plan as text: for whoever wants to know what will be asked, and for comparison.

use super::doing::{expectation, instruction, step_instruction};
use crate::apb::site::Site;
use crate::commission::plan::Acceptance;
use std::fmt::Write;

/// The whole plan: every phase with its steps, expectations and what puts the site back.
pub fn plan_text(plan: &Acceptance, site: &Site) -> String {
    let mut text = format!("Acceptance plan: {}\n", plan.site);
    let mut place = None;
    for phase in &plan.phases {
        if place != Some(phase.place) {
            place = Some(phase.place);
            let _ = write!(text, "\n== {}\n", phase.place.title(site));
        }
        let _ = write!(text, "\n{}: {}\n", phase.id, phase.title());
        if let Some(reason) = &phase.skip {
            let _ = writeln!(text, "  skipped: {reason}");
        }
        for (index, step) in phase.steps.iter().enumerate() {
            let _ = writeln!(text, "  - {}", step_instruction(&phase.steps, index, site));
            for check in &step.checks {
                let _ = writeln!(text, "      {}", expectation(check, site));
            }
        }
        for act in &phase.restore {
            let _ = writeln!(text, "  < {}", instruction(act, site));
        }
    }
    text
}
