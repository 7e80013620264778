//! A scenario, drawn or written, against every oracle.

use super::case::{Case, Tree};
use super::oracle::{self, Failure, Kind};
use super::panics::guarded;
use super::trial::{self, Trial};
use crate::scenario::Scenario;

/// One case in so many is run a second time.
const REPEAT_EVERY: u64 = 16;

/// Everything that does not hold of a scenario. `repeat`: it is run twice, to see whether it runs the same.
pub fn check(scenario: &Scenario, seed: u64, repeat: bool) -> Vec<Failure> {
    match trial::run(scenario, seed) {
        Ok(trial) => judge(&trial, repeat),
        Err(what) => vec![Failure { oracle: Kind::Panics, what }],
    }
}

/// Everything that does not hold of a run.
pub fn judge(trial: &Trial<'_>, repeat: bool) -> Vec<Failure> {
    let mut failures = oracle::judge(trial);
    if repeat && let Err(what) = oracle::repeat(trial) {
        failures.push(Failure { oracle: Kind::Repeat, what });
    }
    for failure in &mut failures {
        failure.what = oracle::with_names(&trial.scenario.plan.site, &failure.what);
    }
    failures
}

/// Everything that does not hold of a tree: that it loads, first of all.
pub fn check_tree(tree: &Tree, repeat: bool) -> Vec<Failure> {
    let scenario = match guarded(|| tree.load()) {
        Ok(Ok(scenario)) => scenario,
        Ok(Err(what)) => return vec![Failure { oracle: Kind::Loads, what }],
        Err(what) => return vec![Failure { oracle: Kind::Panics, what }],
    };
    check(&scenario, scenario.seed, repeat)
}

/// Everything that does not hold of a case. One in sixteen is run twice.
pub fn check_case(case: &Case) -> Vec<Failure> {
    check_tree(&case.tree, case.number.is_multiple_of(REPEAT_EVERY))
}
