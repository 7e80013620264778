//! The same scenario and seed make the same run.

use crate::verify::trial::{Trial, run};

/// Runs the scenario once more.
pub(in crate::verify) fn repeat(trial: &Trial<'_>) -> Result<(), String> {
    let again = run(trial.scenario, trial.seed)?;
    let (first, second) = (&trial.observed, &again.observed);
    match first.iter().zip(second).find(|(a, b)| a != b) {
        Some((a, b)) => Err(format!("the second run parts from the first: {a:?} became {b:?}")),
        None if first.len() != second.len() => {
            Err(format!("{} observations became {}", first.len(), second.len()))
        }
        None => Ok(()),
    }
}
