//! The record as JSON, in the shape of `OpenHTF`'s test records as far as it fits.
//!
//! There `outcome` is one of `PASS`, `FAIL`, `ERROR`, `TIMEOUT`, `ABORTED` for a test and of `PASS`, `FAIL`,
//! `SKIP`, `ERROR` for a phase, and a measurement is `PASS`, `FAIL` or `UNSET`, with a flag for marginal
//! ones. A flaky phase is a `PASS` with the flag `flaky`. What `OpenHTF` has no word for has a name of its
//! own: `findings`, `devices`, `place`.

use super::{Outcome, PhaseResult, Record, Verdict};
use crate::commission::measurement::{Grade, Limit, Measurement, Unit, Value};
use serde_json::{Map, Value as Json, json};

/// The name of this shape.
pub const SCHEMA: &str = "apbrig.commission/1";

/// The record as JSON, with a line break at its end.
pub fn record_json(record: &Record) -> String {
    let about = &record.about;
    let whole = json!({
        "schema": SCHEMA,
        "dut_id": record.site,
        "station_id": about.station,
        "start_time_millis": about.start_ms,
        "end_time_millis": about.end_ms,
        "outcome": verdict(record.verdict()),
        "outcome_details": details(record),
        "metadata": {
            "apbrig_version": about.version,
            "simulated": about.simulated,
            "tester": about.tester,
            "witness": about.witness,
            "only": about.only,
            "notes": about.notes,
        },
        "planned_phases": record.planned,
        "findings": record.findings,
        "devices": record.devices,
        "phases": record.phases.iter().map(phase).collect::<Vec<_>>(),
        "log_records": record.phases.iter().flat_map(log).collect::<Vec<_>>(),
    });
    // A tree of plain values always has a text.
    let mut text = serde_json::to_string_pretty(&whole).unwrap_or_default();
    text.push('\n');
    text
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "PASS",
        Verdict::Fail => "FAIL",
        Verdict::Error => "ERROR",
        Verdict::Aborted => "ABORTED",
    }
}

/// Every phase that did not pass, with its reason.
fn details(record: &Record) -> Vec<Json> {
    let bad = record.phases.iter().filter(|p| p.outcome.is_bad());
    bad.map(|p| json!({ "code": p.id, "description": p.reason })).collect()
}

fn phase(result: &PhaseResult) -> Json {
    let outcome = match result.outcome {
        Outcome::Pass | Outcome::Flaky => "PASS",
        Outcome::Fail => "FAIL",
        Outcome::Error => "ERROR",
        Outcome::Skipped => "SKIP",
    };
    let measurements: Map<String, Json> =
        result.measurements.iter().map(|m| (m.name.clone(), measured(m))).collect();
    json!({
        "name": result.id,
        "title": result.title,
        "kind": result.kind,
        "place": { "kind": result.place_kind, "name": result.place },
        "outcome": outcome,
        "flaky": result.outcome == Outcome::Flaky,
        "reason": result.reason,
        "attempts": result.attempts,
        "failures": result.failures,
        "start_time_millis": result.start_ms,
        "end_time_millis": result.end_ms,
        "measurements": measurements,
    })
}

fn measured(m: &Measurement) -> Json {
    let outcome = match m.grade {
        Grade::Pass | Grade::Marginal => "PASS",
        Grade::Fail => "FAIL",
        Grade::Unset => "UNSET",
    };
    let number = |n: u64| match m.unit {
        Unit::Seconds => json!(n as f64 / 1e6),
        Unit::Count | Unit::Word => json!(n),
    };
    let value = match &m.value {
        None => Json::Null,
        Some(Value::Number(n)) => number(*n),
        Some(Value::Word(word)) => json!(word),
    };
    let validators = match &m.limit {
        Limit::Any => vec![],
        Limit::Equals(word) => vec![format!("x == '{word}'")],
        Limit::Within { low, high, marginal } if marginal < high => {
            vec![format!("{} <= x <= {}, marginal above {}", number(*low), number(*high), number(*marginal))]
        }
        Limit::Within { low, high, .. } => vec![format!("{} <= x <= {}", number(*low), number(*high))],
    };
    json!({
        "name": m.name,
        "docstring": m.title,
        "outcome": outcome,
        "marginal": m.grade == Grade::Marginal,
        "measured_value": value,
        "validators": validators,
        "units": m.unit.symbol(),
        "note": m.note,
    })
}

fn log(result: &PhaseResult) -> impl Iterator<Item = Json> + '_ {
    result
        .log
        .iter()
        .map(move |line| json!({ "phase": result.id, "at_s": line.at_us as f64 / 1e6, "message": line.text }))
}
