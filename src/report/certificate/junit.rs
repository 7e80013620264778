//! `junit.xml` of a commissioning: one suite for each place, one case for each test.
//!
//! A failure is the installation's, an error the rig's; what could not be tried is skipped, and what passed
//! on being repeated is flaky. Measurements are properties of their case.

use crate::commission::Record;
use crate::commission::record::{Outcome, PhaseResult};
use crate::commission::words::measurement;
use crate::report::ReportError;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestRerun, TestSuite};

/// A commissioning as a `JUnit` document.
///
/// # Errors
/// None that a record can cause; the writer's own are passed on.
pub fn certificate_junit(record: &Record) -> Result<String, ReportError> {
    let mut report = Report::new(format!("apbrig commission: {}", record.site));
    let same = |a: &PhaseResult, b: &PhaseResult| (&a.place_kind, &a.place) == (&b.place_kind, &b.place);
    report.add_test_suites(record.phases.chunk_by(same).map(|phases| suite(record, phases)));
    report.to_string().map_err(|e| ReportError::Format { format: "JUnit XML", message: e.to_string() })
}

fn suite(record: &Record, phases: &[PhaseResult]) -> TestSuite {
    let place = phases.first().map_or_else(String::new, |p| format!("{} {}", p.place_kind, p.place));
    let mut suite = TestSuite::new(place.as_str());
    suite.add_property(("site", record.site.as_str()));
    suite.add_property(("simulated", if record.about.simulated { "true" } else { "false" }));
    suite.add_test_cases(phases.iter().map(|phase| case(&place, phase)));
    suite
}

fn case(place: &str, phase: &PhaseResult) -> TestCase {
    let mut case = TestCase::new(phase.id.as_str(), status(phase));
    case.set_classname(place);
    for m in &phase.measurements {
        let (value, limit) = measurement(m);
        let said = if limit.is_empty() { value } else { format!("{value} (has to be {limit})") };
        case.add_property((m.name.as_str(), said.as_str()));
    }
    case
}

fn status(phase: &PhaseResult) -> TestCaseStatus {
    let bad = |kind| {
        let mut status = TestCaseStatus::non_success(kind);
        status.set_message(phase.reason.as_str());
        status
    };
    match phase.outcome {
        Outcome::Pass => TestCaseStatus::success(),
        Outcome::Fail => bad(NonSuccessKind::Failure),
        Outcome::Error => bad(NonSuccessKind::Error),
        Outcome::Skipped => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(phase.reason.as_str());
            status
        }
        Outcome::Flaky => {
            let mut status = TestCaseStatus::success();
            for failure in &phase.failures {
                let mut rerun = TestRerun::new(NonSuccessKind::Failure);
                rerun.set_message(failure.as_str());
                status.add_rerun(rerun);
            }
            status
        }
    }
}
