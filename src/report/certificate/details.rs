//! What stands behind the front: failures, findings, what was skipped, devices, every measurement.

use super::matrix::worded;
use crate::commission::Record;
use crate::commission::findings::Severity;
use crate::commission::measurement::{Grade, Measurement};
use crate::commission::record::{Outcome, PhaseResult};
use crate::commission::words::measurement;
use maud::{Markup, html};

/// What failed, had no verdict or was flaky, with the reasons.
pub(super) fn failures(record: &Record) -> Option<Markup> {
    let is_odd = |p: &&PhaseResult| p.outcome.is_bad() || p.outcome == Outcome::Flaky;
    let odd: Vec<&PhaseResult> = record.phases.iter().filter(is_odd).collect();
    (!odd.is_empty()).then(|| {
        html! {
            table {
                thead { tr { th { "Where" } th { "Test" } th { "Outcome" } th { "What was seen" } } }
                tbody {
                    @for phase in &odd {
                        tr {
                            th scope="row" { (phase.place) }
                            td { (phase.title) }
                            td { (worded(phase.outcome)) }
                            td { (seen(phase)) }
                        }
                    }
                }
            }
        }
    })
}

fn seen(phase: &PhaseResult) -> Markup {
    let last = phase.failures.last();
    html! {
        (if phase.reason.is_empty() { last.map_or("", String::as_str) } else { &phase.reason })
        @if phase.attempts > 1 { " (" (phase.attempts) " attempts)" }
    }
}

/// The static findings.
pub(super) fn findings(record: &Record) -> Option<Markup> {
    let class = |severity| match severity {
        Severity::Serious => "fail",
        Severity::Warning => "go",
        Severity::Notice => "aborted",
    };
    (!record.findings.is_empty()).then(|| {
        html! {
            table.findings {
                thead { tr { th { "Gravity" } th { "Where" } th { "What, why, and how to mend it" } } }
                tbody {
                    @for f in &record.findings {
                        tr {
                            td { span.mark.(class(f.severity)) { (f.severity.name()) } }
                            th scope="row" { (f.place_kind) " " (f.place) br; code { (f.id) } }
                            td { strong { (f.what) } " " (f.why) " " em { (f.mend) } }
                        }
                    }
                }
            }
        }
    })
}

/// What was not tried: each reason once, with all it kept from being tried.
pub(super) fn skipped(record: &Record) -> Option<Markup> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for phase in record.phases.iter().filter(|p| p.outcome == Outcome::Skipped) {
        match reasons.iter_mut().find(|(reason, _)| *reason == phase.reason) {
            Some((_, ids)) => ids.push(&phase.id),
            None => reasons.push((&phase.reason, vec![&phase.id])),
        }
    }
    let done: Vec<&str> = record.phases.iter().map(|p| p.id.as_str()).collect();
    let missing = record.planned.saturating_sub(done.len());
    (!reasons.is_empty() || missing > 0).then(|| {
        html! {
            @if missing > 0 {
                p {
                    @if record.about.only.is_empty() {
                        "Broken off: " (missing) " tests of the plan were not reached."
                    } @else {
                        (missing) " tests of the plan were left out: only part of it was to be carried out."
                    }
                }
            }
            @if !reasons.is_empty() {
                table {
                    thead { tr { th { "Why" } th { "Tests" } } }
                    tbody {
                        @for (reason, ids) in &reasons {
                            tr { th scope="row" { (reason) } td { (ids.join(", ")) } }
                        }
                    }
                }
            }
        }
    })
}

/// The devices, as far as they said who they are.
pub(super) fn devices(record: &Record) -> Option<Markup> {
    let or_dash = |text: &str| if text.is_empty() { "–".to_owned() } else { text.to_owned() };
    (!record.devices.is_empty()).then(|| {
        html! {
            table {
                thead {
                    tr {
                        th { "Name" } th { "Kind" } th { "Model" } th { "Firmware" } th { "Serial number" }
                        th { "Protocol" }
                    }
                }
                tbody {
                    @for d in &record.devices {
                        tr {
                            th scope="row" { (d.name) }
                            td { (d.kind) } td { (or_dash(&d.model)) } td { (or_dash(&d.firmware)) }
                            td { (or_dash(&d.serial)) } td { (or_dash(&d.protocol)) }
                        }
                    }
                }
            }
        }
    })
}

/// Every measurement of every test that was tried, place by place.
pub(super) fn measurements(record: &Record) -> Option<Markup> {
    let tried: Vec<&PhaseResult> = record.phases.iter().filter(|p| !p.measurements.is_empty()).collect();
    let same = |a: &&PhaseResult, b: &&PhaseResult| (&a.place_kind, &a.place) == (&b.place_kind, &b.place);
    (!tried.is_empty()).then(|| {
        html! {
            p.note {
                "The number before a measurement is the step of the test. Times are seconds. A marginal one "
                "is within its limits, but in the last quarter."
            }
            @for group in tried.chunk_by(same) {
                @if let Some(first) = group.first() {
                    table.measured {
                        caption { (first.place_kind) " " (first.place) }
                        thead {
                            tr { th { "Measurement" } th.number { "Value" } th { "Has to be" } th { "" } }
                        }
                        @for phase in group { (rows(phase)) }
                    }
                }
            }
        }
    })
}

fn rows(phase: &PhaseResult) -> Markup {
    html! {
        tbody {
            tr.head { th scope="rowgroup" colspan="3" { (phase.title) } td { (worded(phase.outcome)) } }
            @for m in &phase.measurements { (row(m)) }
        }
    }
}

fn row(m: &Measurement) -> Markup {
    let (value, limit) = measurement(m);
    let step = m.name.split('.').next().unwrap_or_default();
    let (class, word) = match m.grade {
        Grade::Pass => ("pass", ""),
        Grade::Marginal => ("go", "marginal"),
        Grade::Fail => ("fail", "✗ failed"),
        Grade::Unset => ("aborted", "not measured"),
    };
    html! {
        tr {
            td { (step) " " (m.title) @if !m.note.is_empty() { span.note { " (" (m.note) ")" } } }
            td.number { (value) }
            td { (limit) }
            td { span.mark.(class) { (word) } }
        }
    }
}
