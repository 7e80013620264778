//! The tables of measures in the READMEs are those of the definitions, row by row.

use crate::table::assert_table;
use apbrig::report::definitions::{Definition, MEASURES};

/// The table of measures of a file has a row for each definition and no others.
#[track_caller]
fn compare(path: &str) {
    let row = |d: &Definition| format!("| `{}` | {} | {} |", d.name, d.unit, d.meaning);
    assert_table(path, "## Measures", &MEASURES.iter().map(row).collect::<Vec<_>>());
}

#[test]
fn the_page_about_reports_defines_every_measure_in_the_same_words() {
    compare("reports/README.md");
}

#[test]
fn the_page_about_scenarios_defines_every_measure_in_the_same_words() {
    compare("scenarios/README.md");
}
