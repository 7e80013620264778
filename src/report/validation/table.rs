//! The table on the console, and how figures are written.

use crate::metrics::validation::{Figure, Part, Validation};
use std::fmt::Write;

/// A number with two places, or one from ten on, and none that are zero.
fn number(value: f64) -> String {
    let text = if value.abs() < 10.0 { format!("{value:.2}") } else { format!("{value:.1}") };
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.replace('-', "−") }
}

/// A value as it is told.
pub(super) fn value(figure: &Figure) -> String {
    if figure.value.is_finite() { number(figure.value) } else { "none".to_owned() }
}

/// A band in words: `1 to 1.2`, `at most 0.08`.
pub(super) fn band(figure: &Figure) -> String {
    match figure.band {
        (Some(low), Some(high)) if low == high => format!("just {}", number(low)),
        (Some(low), Some(high)) => format!("{} to {}", number(low), number(high)),
        (Some(low), None) => format!("at least {}", number(low)),
        (None, Some(high)) => format!("at most {}", number(high)),
        (None, None) => "none".to_owned(),
    }
}

/// Whether a figure is in its band, in a word.
pub(super) fn verdict(figure: &Figure) -> &'static str {
    if figure.is_met() { "met" } else { "MISSED" }
}

/// A part on the console: its title and a line for each figure.
pub fn part_summary(part: &Part) -> String {
    let mut out = format!("{}\n", part.title);
    for figure in &part.figures {
        let simulated = format!("{} {}", value(figure), figure.unit);
        let _ = writeln!(
            out,
            "  {:<7} {:<58} {:>16}   {} {}",
            verdict(figure),
            figure.what,
            simulated.trim_end(),
            band(figure),
            figure.unit
        );
    }
    out
}

/// The last line: how many figures are in their bands.
pub fn validation_verdict(validation: &Validation) -> String {
    let (figures, missed) = validation.count();
    let mut out = format!("{} of {figures} figures are in their bands", figures - missed);
    if validation.interrupted {
        out.push_str("; interrupted: what was not finished is missing");
    }
    out
}
