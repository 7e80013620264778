//! `junit.xml`: one suite per run, one case per expectation, for continuous integration.
//!
//! No wall-clock times: they would make the same run different bytes.

use super::ReportError;
use super::verdict::Verdict;
use crate::metrics::Results;
use crate::metrics::results::{Checked, Outcome};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

/// Any number of runs as one `JUnit` document. `lost` are runs that could not be made or kept, by name and
/// reason: each is a suite with one error.
///
/// # Errors
/// None that results can cause; the writer's own are passed on.
pub fn junit_of<'a>(
    runs: impl IntoIterator<Item = &'a Results>,
    lost: &[(String, String)],
) -> Result<String, ReportError> {
    let mut report = Report::new("apbrig");
    report.add_test_suites(runs.into_iter().map(suite));
    report.add_test_suites(lost.iter().map(lost_suite));
    report.to_string().map_err(|e| ReportError::Format { format: "JUnit XML", message: e.to_string() })
}

fn lost_suite((name, reason): &(String, String)) -> TestSuite {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_message(reason.as_str());
    let mut suite = TestSuite::new(name.as_str());
    suite.add_test_case(TestCase::new("run is kept", status));
    suite
}

fn suite(results: &Results) -> TestSuite {
    let mut suite = TestSuite::new(format!("{} seed {}", results.scenario, results.seed));
    suite.add_property(("site", results.site.as_str()));
    suite.add_property(("seed", results.seed.to_string().as_str()));
    suite.add_property(("outcome", results.outcome.name()));
    suite.add_property(("digest", results.digest.as_str()));
    suite.add_property(("reproduce", results.reproduce.as_str()));
    let broken_off = matches!(results.outcome, Outcome::Error | Outcome::Aborted);
    if results.expectations.is_empty() || broken_off {
        suite.add_test_case(run_case(results));
    }
    suite.add_test_cases(results.expectations.iter().map(|checked| case(results, checked)));
    suite
}

/// The case for the run as a whole, where no expectation speaks for it.
fn run_case(results: &Results) -> TestCase {
    let status = match results.outcome {
        Outcome::Pass => TestCaseStatus::success(),
        Outcome::Fail => broken(NonSuccessKind::Failure, results, Verdict::of(results).reason),
        Outcome::Error | Outcome::Aborted => {
            broken(NonSuccessKind::Error, results, Verdict::of(results).reason)
        }
    };
    named("run completes".into(), status, results)
}

fn case(results: &Results, checked: &Checked) -> TestCase {
    let message =
        || format!("{} had to be {}, came out as {}", checked.measure, checked.bound, checked.value);
    let status = match checked.outcome {
        Outcome::Pass => TestCaseStatus::success(),
        Outcome::Fail => broken(NonSuccessKind::Failure, results, message()),
        Outcome::Error | Outcome::Aborted => broken(NonSuccessKind::Error, results, message()),
    };
    named(format!("{} {}", checked.measure, checked.bound), status, results)
}

fn broken(kind: NonSuccessKind, results: &Results, message: String) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_description(format!("{message}\nreproduce: {}", results.reproduce));
    status.set_message(message);
    status
}

fn named(name: String, status: TestCaseStatus, results: &Results) -> TestCase {
    let mut case = TestCase::new(name, status);
    case.set_classname(results.scenario.as_str());
    case
}
