//! `results.json`: the figures and the verdict, for scripts.

use super::ReportError;
use crate::metrics::Results;
use crate::metrics::results::{Checked, Measure};
use serde::Serialize;
use std::collections::BTreeMap;

/// The name and version of the format. A field more keeps the version; a field less or renamed makes a new
/// one.
pub const SCHEMA: &str = "apbrig.results/1";

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    scenario: &'a str,
    site: &'a str,
    seed: u64,
    outcome: &'static str,
    digest: &'a str,
    measures: &'a BTreeMap<String, Measure>,
    expectations: &'a [Checked],
}

/// The results as JSON: indented, measures by name, a line break at the end.
///
/// # Errors
/// None that results can cause; the writer's own are passed on.
pub fn results_json(results: &Results) -> Result<String, ReportError> {
    let document = Document {
        schema: SCHEMA,
        scenario: &results.scenario,
        site: &results.site,
        seed: results.seed,
        outcome: results.outcome.name(),
        digest: &results.digest,
        measures: &results.measures,
        expectations: &results.expectations,
    };
    let mut text = serde_json::to_string_pretty(&document)
        .map_err(|e| ReportError::Format { format: "JSON", message: e.to_string() })?;
    text.push('\n');
    Ok(text)
}
