//! What came of every place at a glance: places down, tests across.

use crate::commission::Record;
use crate::commission::phase::Kind;
use crate::commission::record::{Outcome, PhaseResult};
use crate::report::words::spaced;
use maud::{Markup, html};

/// The table of all places of one kind; `None`: there are none.
pub(super) fn of(record: &Record, place_kind: &str) -> Option<Markup> {
    let phases: Vec<&PhaseResult> = record.phases.iter().filter(|p| p.place_kind == place_kind).collect();
    let mut places: Vec<&str> = phases.iter().map(|p| p.place.as_str()).collect();
    places.dedup();
    let columns = columns(&phases);
    let at = |place: &str, title: &str| {
        phases.iter().find(|p| p.place == place && p.title == title).map(|p| p.outcome)
    };
    (!places.is_empty()).then(|| {
        html! {
            div.scroll {
                table.matrix {
                    thead {
                        tr {
                            th scope="col" { (place_kind) }
                            @for (_, short) in &columns { th scope="col" { span { (short) } } }
                        }
                    }
                    tbody {
                        @for place in &places {
                            tr {
                                th scope="row" { (place) }
                                @for (title, _) in &columns { td { (cell(at(place, title))) } }
                            }
                        }
                    }
                }
            }
            (legend())
        }
    })
}

/// The tests that any of these places had, in the order of the kinds: title and heading.
fn columns(phases: &[&PhaseResult]) -> Vec<(String, String)> {
    let mut columns: Vec<(usize, String, String)> = Vec::new();
    for phase in phases {
        if columns.iter().any(|(_, title, _)| *title == phase.title) {
            continue;
        }
        let order = Kind::ALL.iter().position(|k| k.name() == phase.kind).unwrap_or(usize::MAX);
        let way = phase.title.rsplit_once(", ").map(|(_, way)| way).filter(|w| ["in", "out"].contains(w));
        let short = match way {
            Some(way) => format!("{}, {way}", spaced(&phase.kind)),
            None => spaced(&phase.kind),
        };
        columns.push((order, phase.title.clone(), short));
    }
    columns.sort();
    columns.into_iter().map(|(_, title, short)| (title, short)).collect()
}

/// Areas and the site: one row for each test.
pub(super) fn rest(record: &Record) -> Option<Markup> {
    let is_rest = |p: &&PhaseResult| p.place_kind == "area" || p.place_kind == "site";
    let phases: Vec<&PhaseResult> = record.phases.iter().filter(is_rest).collect();
    (!phases.is_empty()).then(|| {
        html! {
            table {
                thead { tr { th { "Place" } th { "Test" } th { "Outcome" } } }
                tbody {
                    @for phase in &phases {
                        tr {
                            th scope="row" { (phase.place) }
                            td { (phase.title) }
                            td { (worded(phase.outcome)) }
                        }
                    }
                }
            }
        }
    })
}

fn cell(outcome: Option<Outcome>) -> Markup {
    let Some(outcome) = outcome else { return html! {} };
    let (class, mark, word) = marked(outcome);
    html! { span.mark.(class) title=(word) { (mark) } }
}

/// Mark and word of an outcome.
pub(super) fn worded(outcome: Outcome) -> Markup {
    let (class, mark, word) = marked(outcome);
    html! { span.mark.(class) { span aria-hidden="true" { (mark) } " " (word) } }
}

/// Class, mark and word of an outcome; a mark tells it without its colour.
fn marked(outcome: Outcome) -> (&'static str, &'static str, &'static str) {
    match outcome {
        Outcome::Pass => ("pass", "✓", "passed"),
        Outcome::Fail => ("fail", "✗", "failed"),
        Outcome::Error => ("error", "!", "no verdict"),
        Outcome::Skipped => ("aborted", "–", "not tried"),
        Outcome::Flaky => ("go", "~", "passed on being repeated"),
    }
}

fn legend() -> Markup {
    html! {
        p.note {
            @for (n, outcome) in Outcome::ALL.into_iter().enumerate() {
                @if n > 0 { " · " }
                (worded(outcome))
            }
            " · empty: does not apply"
        }
    }
}
