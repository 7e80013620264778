//! What came of a commissioning, for people.

use crate::apb::time::Time;
use crate::cli::batch::is_interrupted;
use crate::commission::Record;
use crate::commission::operator::{Answer, Meanwhile, Next, Operator, Task, Unattended, Witnessed};
use crate::commission::phase::Phase;
use crate::commission::record::{Outcome, PhaseResult, Verdict};
use crate::commission::words::shown;
use indicatif::ProgressBar;

/// The whole, in a few lines.
pub(super) fn verdict(record: &Record) -> String {
    let said = match record.verdict() {
        _ if record.is_part_passed() => "PART  what was asked for passed; the rest of the plan was left out",
        Verdict::Pass => "PASS  the installation is as it has to be, as far as it was tried",
        Verdict::Fail => "FAIL  the installation is not as it has to be",
        Verdict::Error => "ERROR the rig was at fault: no verdict on the installation",
        Verdict::Aborted => "INCOMPLETE  broken off, or nothing could be tried",
    };
    let counts: Vec<String> = Outcome::ALL
        .into_iter()
        .map(|o| (o, record.count(o)))
        .filter(|(_, count)| *count > 0)
        .map(|(o, count)| format!("{count} {}", o.name()))
        .collect();
    format!(
        "{said}\n{}: {} of {} phases: {}",
        record.site,
        record.phases.len(),
        record.planned,
        counts.join(", ")
    )
}

/// Nobody is there: what comes of each phase is told as it comes, over a bar.
pub(super) struct Onlooker {
    pub(super) unattended: Unattended,
    pub(super) bar: ProgressBar,
    pub(super) quiet: bool,
}

impl Operator for Onlooker {
    fn is_there(&self) -> bool {
        false
    }

    fn is_stopping(&self) -> bool {
        is_interrupted()
    }

    fn begins(&mut self, (number, _): (usize, usize), place: &str, phase: &Phase) {
        self.bar.set_position(number.saturating_sub(1) as u64);
        self.bar.set_message(format!("{place}: {}", phase.title()));
    }

    fn perform(&mut self, task: &Task, meanwhile: &mut Meanwhile<'_>) -> Answer {
        self.unattended.perform(task, meanwhile)
    }

    fn signal(&mut self, _: Time, _: &str) {}

    fn witness(&mut self, expected: &str, meanwhile: &mut Meanwhile<'_>) -> Witnessed {
        self.unattended.witness(expected, meanwhile)
    }

    fn settle(&mut self, result: &PhaseResult, meanwhile: &mut Meanwhile<'_>) -> Next {
        let is_told = !self.quiet || result.outcome.is_bad();
        if is_told {
            self.bar.suspend(|| crate::cli::screen::say(&shown(result)));
        }
        if is_interrupted() { Next::Stop } else { self.unattended.settle(result, meanwhile) }
    }
}
