//! Single values: texts, numbers in range, lengths of time.

use super::decode::Log;
use super::names::{Names, with_article};
use super::syntax::{Node, Value, quoted, shortened};
use crate::apb::time::Span;
use jiff::fmt::friendly::SpanParser;

/// The longest name, bytes.
const NAME_MAX: usize = 200;

/// Any text.
pub(crate) fn text(node: &Node, log: &Log<'_>) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text.clone()),
        Value::Name(name) => {
            log.wrong_kind(node, "a text", format!("put it in quotes, \"{}\"", shortened(name)));
            None
        }
        _ => {
            log.wrong_kind(node, "a text in quotes", "");
            None
        }
    }
}

/// A name somebody gives to something: printable, not empty.
pub(crate) fn name(node: &Node, log: &Log<'_>) -> Option<String> {
    let name = text(node, log)?;
    let trouble = if name.trim().is_empty() {
        "an empty name"
    } else if name.trim() != name {
        "a name with a space at its end"
    } else if name.chars().any(char::is_control) {
        "a name with a control character"
    } else if name.contains('/') {
        "a name with a `/`, which separates the parts of a measure's name"
    } else if name.len() > NAME_MAX {
        "a name of more than 200 bytes"
    } else {
        return Some(name);
    };
    log.note(node.place, trouble, "expected a name", "names are short and printable, like \"L1\"");
    None
}

/// The position of a name that something else was given.
pub(crate) fn known(node: &Node, names: &Names, log: &Log<'_>) -> Option<usize> {
    let wanted = text(node, log)?;
    let position = names.find(&wanted);
    if position.is_none() {
        let help = if log.suggests() { names.help(&wanted) } else { String::new() };
        let found = format!("there is no {} {}", names.kind, quoted(&wanted));
        log.note(node.place, found, format!("expected the name of {}", with_article(names.kind)), help);
    }
    position
}

/// `true` or `false`.
pub(crate) fn boolean(node: &Node, log: &Log<'_>) -> Option<bool> {
    match node.value {
        Value::Bool(b) => Some(b),
        _ => {
            log.wrong_kind(node, "`true` or `false`", "");
            None
        }
    }
}

/// A whole number between two limits, both included.
pub(crate) fn whole(node: &Node, low: u64, high: u64, log: &Log<'_>) -> Option<u64> {
    let range = || if high == u64::MAX { format!("{low} or more") } else { format!("from {low} to {high}") };
    match node.value {
        Value::Integer(n) => match u64::try_from(n).ok().filter(|n| (low..=high).contains(n)) {
            Some(n) => Some(n),
            None => {
                let expected = format!("expected a whole number {}", range());
                log.note(node.place, format!("{n} is out of range"), expected, "");
                None
            }
        },
        _ => {
            log.wrong_kind(node, &format!("a whole number {}", range()), "");
            None
        }
    }
}

/// A number between two limits, both included, never `NaN` or infinite. `unit` may be empty.
pub(crate) fn number(node: &Node, low: f64, high: f64, unit: &str, log: &Log<'_>) -> Option<f64> {
    let space = if unit.is_empty() { "" } else { " " };
    let range = if low == f64::MIN {
        "a number".into()
    } else {
        format!("a number from {low} to {high}{space}{unit}")
    };
    #[expect(clippy::cast_precision_loss, reason = "whole numbers in files are small")]
    let value = match node.value {
        Value::Integer(n) => n as f64,
        Value::Float(x) if x.is_finite() => x,
        Value::Float(x) => {
            let found = if x.is_nan() { "`NaN` is not a number" } else { "`inf` is not a finite number" };
            log.note(node.place, found, format!("expected {range}"), "");
            return None;
        }
        _ => {
            log.wrong_kind(node, &range, "");
            return None;
        }
    };
    if (low..=high).contains(&value) {
        return Some(value);
    }
    log.note(node.place, format!("{value} is out of range"), format!("expected {range}"), "");
    None
}

/// A probability or a share.
pub(crate) fn share(node: &Node, log: &Log<'_>) -> Option<f64> {
    number(node, 0.0, 1.0, "", log)
}

/// A number as the floor plan and the crowd keep it.
#[expect(clippy::cast_possible_truncation, reason = "the floor plan is in single precision")]
pub(crate) fn small(node: &Node, low: f64, high: f64, unit: &str, log: &Log<'_>) -> Option<f32> {
    number(node, low, high, unit, log).map(|x| x as f32)
}

/// Where something stands on the floor, metres.
pub(crate) fn position(node: &Node, log: &Log<'_>) -> Option<f32> {
    small(node, -1_000.0, 1_000.0, "m", log)
}

/// A length in metres as whole millimetres.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be within range before"
)]
pub(crate) fn millimetres(node: &Node, low: f64, high: f64, log: &Log<'_>) -> Option<u32> {
    number(node, low, high, "m", log).map(|metres| (metres * 1_000.0).round() as u32)
}

/// A length of time, `"1h 30min"`; it may be zero.
pub(crate) fn span(node: &Node, log: &Log<'_>) -> Option<Span> {
    const HELP: &str = "units are h, min, s, ms and us: \"1h 30min\", \"1.5s\", \"250ms\"";
    match &node.value {
        Value::Text(text) => match parse_span(text) {
            Ok(span) => Some(span),
            Err(trouble) => {
                let found = format!("{} is not a length of time", quoted(text));
                log.note(node.place, found, trouble, HELP);
                None
            }
        },
        Value::Integer(n) => {
            log.wrong_kind(
                node,
                "a length of time",
                format!("say the unit, in quotes: \"{n}s\" or \"{n}min\""),
            );
            None
        }
        _ => {
            log.wrong_kind(node, "a length of time", HELP);
            None
        }
    }
}

/// A length of time greater than zero.
pub(crate) fn positive_span(node: &Node, log: &Log<'_>) -> Option<Span> {
    let span = span(node, log)?;
    if span == Span::ZERO {
        log.note(node.place, "a length of time of zero", "expected more than zero", "");
        return None;
    }
    Some(span)
}

/// Reads a length of time as files write it, `1h 30min`, or says what is wrong with it.
///
/// # Errors
/// What was expected instead.
pub fn parse_span(text: &str) -> Result<Span, &'static str> {
    /// A hundred years: nothing in a file lasts longer, and sums of such spans stay far from overflow.
    const LONGEST_S: i64 = 3_155_760_000;
    if text.contains(':') {
        return Err("a clock time has no meaning here");
    }
    if let Some(unit) = calendar_unit(text) {
        return Err(unit);
    }
    let Ok(duration) = SpanParser::new().parse_duration(text) else {
        return Err("expected a length of time");
    };
    if duration.is_negative() {
        return Err("a length of time cannot be negative");
    }
    if duration.as_secs() > LONGEST_S {
        return Err("nothing lasts that long");
    }
    if duration.subsec_nanos() % 1_000 != 0 {
        return Err("times are whole microseconds");
    }
    u64::try_from(duration.as_micros()).map(Span).map_err(|_| "expected a length of time")
}

/// Units whose length depends on the calendar are refused by name.
fn calendar_unit(text: &str) -> Option<&'static str> {
    let words = text.split(|c: char| !c.is_ascii_alphabetic());
    words.into_iter().find_map(|word| match word {
        "d" | "day" | "days" => Some("days are not all equally long; write \"24h\""),
        "w" | "wk" | "wks" | "week" | "weeks" => Some("weeks are not all equally long; write \"168h\""),
        "mo" | "mos" | "month" | "months" => Some("months are not all equally long"),
        "y" | "yr" | "yrs" | "year" | "years" => Some("years are not all equally long"),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_exact() {
        let good = [
            ("10min", 600_000_000),
            ("1.5s", 1_500_000),
            ("250ms", 250_000),
            ("1h 30min", 5_400_000_000),
            ("8h", 28_800_000_000),
            ("8h30min", 30_600_000_000),
            ("0ms", 0),
            ("1us", 1),
        ];
        for (text, micros) in good {
            assert_eq!(parse_span(text), Ok(Span(micros)), "{text}");
        }
    }

    #[test]
    fn spans_that_are_none_are_refused() {
        for text in
            ["", "10", "-5s", "5s ago", "1d", "2 weeks", "1ns", "0.1us", "07:30", "PT2H", "9e9h", "abc"]
        {
            assert!(parse_span(text).is_err(), "{text}");
        }
        assert!(parse_span("999999999999h").is_err());
    }
}
