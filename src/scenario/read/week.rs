//! Weekly schedules, `"Mon-Fri 07:00-19:00"`, and times of the week, `"Mon-Fri 02:00"`.

use crate::apb::site::Schedule;
use crate::scenario::calendar::parse_clock;
use crate::scenario::decode::{Fields, Log, entries};
use crate::scenario::syntax::{Node, quoted};
use crate::scenario::units;

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const DAY_S: u32 = 86_400;
const WEEK_S: u32 = 7 * DAY_S;

/// A schedule; its name is checked by the caller.
pub(super) fn schedule(fields: Option<&Fields<'_>>, name: String, log: &Log<'_>) -> Schedule {
    let mut windows = Vec::new();
    if let Some(fields) = fields {
        fields.required("windows", log, |node, log| {
            for entry in entries(node, "windows", log)? {
                windows.extend(window(entry, log).unwrap_or_default());
            }
            Some(())
        });
    }
    windows.sort_unstable();
    Schedule { name, windows }
}

fn window(node: &Node, log: &Log<'_>) -> Option<Vec<(u32, u32)>> {
    let text = units::text(node, log)?;
    let windows = parse(&text);
    if windows.is_none() {
        let found = format!("{} is not a window of a schedule", quoted(&text));
        let help = "days are Mon, Tue, Wed, Thu, Fri, Sat, Sun, `Mon-Fri`, `Mon,Wed` or `daily`; \
                    a window that ends before it begins runs past midnight; midnight at the end is 24:00";
        log.note(node.place, found, "expected days and two clock times, \"Mon-Fri 07:00-19:00\"", help);
    }
    windows
}

fn parse(text: &str) -> Option<Vec<(u32, u32)>> {
    let (days, times) = text.trim().rsplit_once(' ')?;
    let (from, until) = times.split_once('-')?;
    let (from, until) = (second(from)?, if until == "24:00" { DAY_S } else { second(until)? });
    if from == until {
        return None;
    }
    let length = if until > from { until - from } else { DAY_S - from + until };
    let mut windows = Vec::new();
    for day in parse_days(days)? {
        let start = day * DAY_S + from;
        windows.push((start, (start + length).min(WEEK_S)));
        if start + length > WEEK_S {
            windows.push((0, start + length - WEEK_S));
        }
    }
    Some(windows)
}

/// The seconds of the week that days and a clock time mean: `"daily 02:00"`.
pub(in crate::scenario) fn parse_times(text: &str) -> Option<Vec<u32>> {
    let (days, time) = text.trim().rsplit_once(' ')?;
    let second = second(time)?;
    Some(parse_days(days)?.into_iter().map(|day| day * DAY_S + second).collect())
}

fn parse_days(text: &str) -> Option<Vec<u32>> {
    if text.trim() == "daily" {
        return Some((0..7).collect());
    }
    let mut days = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (day(first)?, day(last)?);
        // `Sat-Mon` runs over the end of the week.
        days.extend((0..7).map(|i| (first + i) % 7).take(((last + 7 - first) % 7 + 1) as usize));
    }
    Some(days)
}

fn day(text: &str) -> Option<u32> {
    DAYS.iter().position(|day| *day == text.trim()).and_then(|i| u32::try_from(i).ok())
}

fn second(text: &str) -> Option<u32> {
    let time = parse_clock(text)?;
    let part = |n: i8| u32::from(n.unsigned_abs());
    Some(part(time.hour()) * 3_600 + part(time.minute()) * 60 + part(time.second()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_seconds_of_the_week() {
        assert_eq!(parse("Mon 07:00-19:00"), Some(vec![(25_200, 68_400)]));
        assert_eq!(parse("Mon,Wed 00:00-24:00"), Some(vec![(0, DAY_S), (2 * DAY_S, 3 * DAY_S)]));
        assert_eq!(parse("daily 08:00-09:00").map(|w| w.len()), Some(7));
        assert_eq!(parse("Sat-Mon 08:00-09:00").map(|w| w.len()), Some(3));
    }

    #[test]
    fn nights_run_into_the_next_day_and_week() {
        assert_eq!(parse("Mon 22:00-06:00"), Some(vec![(79_200, 108_000)]));
        assert_eq!(parse("Sun 22:00-06:00"), Some(vec![(6 * DAY_S + 79_200, WEEK_S), (0, 21_600)]));
    }

    #[test]
    fn times_are_seconds_of_the_week() {
        assert_eq!(parse_times("Mon,Wed 02:00"), Some(vec![7_200, 2 * DAY_S + 7_200]));
        assert_eq!(parse_times("daily 00:00").map(|t| t.len()), Some(7));
        for text in ["", "daily", "00:00", "daily 24:00", "Mo 02:00", "daily 2:00"] {
            assert_eq!(parse_times(text), None, "{text}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in
            ["", "Mon", "07:00-19:00", "Mon 7-19", "Mo 07:00-19:00", "Mon 07:00-07:00", "Mon 24:00-07:00"]
        {
            assert!(parse(text).is_none(), "{text}");
        }
    }
}
