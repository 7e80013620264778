//! Figures and stable words put into plain language, once for all formats.
//!
//! Between a number and its unit stands a space that does not break (`\u{a0}`).

use crate::apb::time::Time;
use crate::metrics::results::{Measure, Results};
use crate::record::Standing;

/// Seconds in a day.
const DAY_S: u64 = 86_400;

/// The clock on the wall at `at`, as `08:31:07`; from the second day on with the day before it.
pub(super) fn clock(results: &Results, at: Time) -> String {
    let second = u64::from(results.start_second) + at.whole_seconds();
    let (day, second) = (second / DAY_S, second % DAY_S);
    let time = format!("{:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60);
    if day == 0 { time } else { format!("day {} {time}", day + 1) }
}

/// A length of time as people say it: `1 h 30 min`, `45 s`.
pub(super) fn duration(span: Time) -> String {
    let seconds = span.whole_seconds();
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes, rest) {
        (0, 0, s) => format!("{s}\u{a0}s"),
        (0, m, 0) => format!("{m}\u{a0}min"),
        (0, m, s) => format!("{m}\u{a0}min {s}\u{a0}s"),
        (h, 0, _) => format!("{h}\u{a0}h"),
        (h, m, _) => format!("{h}\u{a0}h {m}\u{a0}min"),
    }
}

/// A whole number with commas between the thousands.
pub(super) fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number as it is best read: whole numbers whole, others with one decimal, or two below one.
pub(super) fn number(x: f64) -> String {
    if !x.is_finite() {
        return "–".into();
    }
    let sign = if x < 0.0 { "−" } else { "" };
    let size = x.abs();
    if size == size.trunc() && size < 1e15 {
        format!("{sign}{}", count(size as u64))
    } else if size < 1.0 {
        format!("{sign}{size:.2}")
    } else {
        format!("{sign}{size:.1}")
    }
}

/// A ratio as a percentage: whole, except close to 0 and to 100, where decimals keep "nearly" from reading
/// "all".
pub(super) fn percent(ratio: f64) -> String {
    let percent = ratio * 100.0;
    let from_an_end = percent.min(100.0 - percent);
    if from_an_end <= 0.0 || from_an_end >= 1.0 {
        format!("{percent:.0}\u{a0}%")
    } else if from_an_end >= 0.1 {
        format!("{percent:.1}\u{a0}%")
    } else {
        format!("{percent:.2}\u{a0}%")
    }
}

/// A value with its unit.
pub(super) fn value(x: f64, unit: &str) -> String {
    match unit {
        "ratio" => percent(x),
        "s" => format!("{x:.1}\u{a0}s"),
        "1/min" => format!("{} per\u{a0}min", number(x)),
        "1" => number(x),
        other => format!("{} {other}", number(x)),
    }
}

/// A measure with its unit; a dash where there was nothing to measure.
pub(super) fn measure(m: &Measure) -> String {
    m.value.map_or_else(|| "–".into(), |x| value(x, m.unit))
}

/// The named measure with its unit; a dash where it is missing.
pub(super) fn named(results: &Results, name: &str) -> String {
    results.measures.get(name).map_or_else(|| "–".into(), measure)
}

/// The number of the named measure.
pub(super) fn figure(results: &Results, name: &str) -> Option<f64> {
    results.measures.get(name).and_then(|m| m.value)
}

/// The confidence interval of the named rate in words, if it has one.
pub(super) fn confidence(results: &Results, rate: &str) -> Option<String> {
    let m = results.measures.get(rate)?;
    let (low, high) = (m.low?, m.high?);
    Some(format!("with 95\u{a0}% confidence between {} and {}", percent(low), percent(high)))
}

/// The word for `n` of something.
pub(super) fn plural<'a>(n: u64, one: &'a str, many: &'a str) -> &'a str {
    if n == 1 { one } else { many }
}

/// An anti-passback rule, by its stable name.
pub(super) fn rule(name: &str) -> String {
    match name {
        "location_match" => "location match".into(),
        "in_out" => "in/out alternation".into(),
        "entry_only" => "entry only".into(),
        "timed_area" => "timed".into(),
        other => spaced(other),
    }
}

/// The cause of an alert: `denied: location_match`, `wrong_way`.
pub(super) fn alert(cause: &str) -> String {
    match cause.split_once(": ") {
        Some((answer, broken)) => format!("{}: {}", spaced(answer), rule(broken)),
        None => spaced(cause),
    }
}

/// What a presentation really was, by the stable name of its intent.
pub(super) fn intent(name: &str) -> String {
    match name {
        "own" => "honest: the owner".into(),
        "borrowed" => "passback: somebody else’s credential".into(),
        "buddy" => "passback: for a colleague who was not there".into(),
        "second_body" => "passback: a second person on one credential".into(),
        "probe" => "a test read".into(),
        other => spaced(other),
    }
}

/// Why a read was refused, by the stable name of the reason.
pub(super) fn reason(name: &str) -> String {
    match name {
        "unknown_reader" => "The reader is not part of the site".into(),
        "unknown_credential" => "The credential is not known".into(),
        "not_yet_valid" => "The credential is not valid yet".into(),
        "expired" => "The credential has expired".into(),
        "no_access_right" => "The holder may not enter the area".into(),
        "outside_schedule" => "The holder may enter, but not at this hour".into(),
        "apb_violation" => "An anti-passback rule forbids it".into(),
        "pending_elsewhere" => "The holder has an unused grant at another gate".into(),
        "occupancy_upper" => "The area is full".into(),
        "lane_locked" => "The lane is locked this way".into(),
        "lane_busy" => "The lane was in use".into(),
        other => spaced(other),
    }
}

/// By what lack of right a body was in a lane.
pub(super) fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Granted => "with a grant",
        Standing::Free => "lane free",
        Standing::Tailgating => "tailgating",
        Standing::Piggybacking => "piggybacking",
        Standing::WrongWay => "wrong way",
        Standing::Intruding => "intruding",
    }
}

/// A stable name with spaces for underscores.
pub(super) fn spaced(name: &str) -> String {
    name.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_000), "1,000");
        assert_eq!(count(12_345_678), "12,345,678");
        assert_eq!(number(-3.0), "−3");
        assert_eq!(number(0.25), "0.25");
        assert_eq!(number(12.34), "12.3");
        assert_eq!(number(f64::NAN), "–");
    }

    #[test]
    fn nearly_all_never_reads_all() {
        assert_eq!(percent(1.0), "100\u{a0}%");
        assert_eq!(percent(0.9975), "99.8\u{a0}%");
        assert_eq!(percent(0.555), "56\u{a0}%");
        assert_eq!(percent(0.0), "0\u{a0}%");
        assert_eq!(percent(0.004), "0.4\u{a0}%");
        assert_eq!(percent(0.000_9), "0.09\u{a0}%");
    }

    #[test]
    fn spans_read_as_people_say_them() {
        let say = |s: u64| duration(Time(s * 1_000_000));
        assert_eq!(
            [say(0), say(60), say(90), say(3_600), say(5_400)],
            ["0\u{a0}s", "1\u{a0}min", "1\u{a0}min 30\u{a0}s", "1\u{a0}h", "1\u{a0}h 30\u{a0}min"]
        );
    }
}
