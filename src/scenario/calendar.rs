//! The local calendar of a run: from dates and clock times in files to the monotonic clock.

use super::decode::Log;
use super::syntax::{Node, Value, quoted};
use super::units;
use crate::apb::time::{Span, Time, WallClock};
use jiff::civil;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, Zoned};

/// The start of a site that is loaded alone, and of a scenario that names none: a Monday, midnight.
pub(super) const DEFAULT_START: &str = "2026-01-05T00:00";

/// When a run starts, how long it lasts, and how local clocks run meanwhile.
#[derive(Clone, Debug)]
pub(super) struct Calendar {
    /// As written in the file.
    pub(super) written: String,
    start: Zoned,
    duration: Span,
}

impl Calendar {
    /// The calendar of a site that is loaded alone.
    pub(super) fn alone() -> Self {
        let start = civil::date(2026, 1, 5).at(0, 0, 0, 0);
        let start = start.to_zoned(TimeZone::UTC).unwrap_or_default();
        Self { written: DEFAULT_START.into(), start, duration: Span::ZERO }
    }

    /// The calendar of a site that starts then.
    pub(super) fn starting(start: Zoned, duration: Span) -> Self {
        Self { written: start.datetime().to_string(), start, duration }
    }

    /// From the fields of a scenario. Whatever is wrong is noted and replaced, so that decoding can go on.
    pub(super) fn decode(
        start: Option<&Node>,
        time_zone: Option<&Node>,
        duration: Span,
        log: &Log<'_>,
    ) -> Self {
        let zone = time_zone.and_then(|node| zone(node, log)).unwrap_or(TimeZone::UTC);
        let written = start.and_then(|node| units::text(node, log));
        let parsed = start.and_then(|node| local(node, log)).zip(start);
        let zoned = parsed.and_then(|(local, node)| in_zone(local, &zone, node, log));
        let alone = Self::alone();
        Self { written: written.unwrap_or(alone.written), start: zoned.unwrap_or(alone.start), duration }
    }

    /// How long the run lasts.
    pub(super) fn duration(&self) -> Span {
        self.duration
    }

    /// The first instant after the run.
    pub(super) fn end(&self) -> Time {
        Time(self.duration.0)
    }

    /// Local seconds since midnight at the start.
    pub(super) fn start_second(&self) -> u32 {
        second_of_day(self.start.time())
    }

    /// The wall clock that the controller is given.
    pub(super) fn wall_clock(&self) -> WallClock {
        let days = u32::from(self.start.weekday().to_monday_zero_offset().unsigned_abs());
        let mut changes = Vec::new();
        let before = self.start.offset().seconds();
        for change in self.start.time_zone().following(self.start.timestamp()) {
            let Some(at) = self.since_start(change.timestamp()).filter(|at| *at <= self.end()) else {
                break;
            };
            changes.push((at, change.offset().seconds() - before));
        }
        WallClock { week_second_at_zero: days * 86_400 + self.start_second(), changes }
    }

    /// The monotonic time of an instant; `None` before the start.
    fn since_start(&self, instant: Timestamp) -> Option<Time> {
        let micros = instant.as_microsecond().checked_sub(self.start.timestamp().as_microsecond())?;
        u64::try_from(micros).ok().map(Time)
    }

    /// A local date-time as monotonic time; `Some(None)` before the start.
    pub(super) fn instant(&self, node: &Node, log: &Log<'_>) -> Option<Option<Time>> {
        let zoned = in_zone(local(node, log)?, self.start.time_zone(), node, log)?;
        Some(self.since_start(zoned.timestamp()))
    }

    /// The first time at or after `earliest` at which local clocks show this.
    fn clock(&self, time: civil::Time, earliest: Time) -> Option<Time> {
        let day_of = |time: Time| {
            let micros = i64::try_from(time.0).ok()?;
            let later = self.start.timestamp().checked_add(jiff::SignedDuration::from_micros(micros)).ok()?;
            Some(later.to_zoned(self.start.time_zone().clone()).date())
        };
        let mut date = day_of(earliest)?;
        for _ in 0..3 {
            let zoned = date.to_datetime(time).to_zoned(self.start.time_zone().clone()).ok()?;
            match self.since_start(zoned.timestamp()) {
                Some(at) if at >= earliest => return Some(at),
                _ => date = date.tomorrow().ok()?,
            }
        }
        None
    }

    /// A time in the run: a length of time since the start, or a clock time such as `"07:45"`. It may lie
    /// after the end.
    pub(super) fn moment_after(&self, node: &Node, earliest: Time, log: &Log<'_>) -> Option<Time> {
        const EXPECTED: &str = "expected a clock time or a length of time since the start";
        let Value::Text(text) = &node.value else {
            log.wrong_kind(
                node,
                "a clock time or a length of time since the start",
                "\"07:45\" or \"10min\"",
            );
            return None;
        };
        if !text.contains(':') {
            return match units::parse_span(text) {
                Ok(span) => Some(Time::ZERO + span),
                Err(trouble) => {
                    let found = format!("{} is not a time", quoted(text));
                    log.note(node.place, found, trouble, "\"07:45\" or \"10min\"");
                    None
                }
            };
        }
        let at = parse_clock(text).and_then(|time| self.clock(time, earliest));
        if at.is_none() {
            let found = format!("{} is not a clock time", quoted(text));
            log.note(node.place, found, EXPECTED, "clock times go from \"00:00\" to \"23:59:59\"");
        }
        at
    }

    /// As [`Calendar::moment_after`], but within the run.
    pub(super) fn moment(&self, node: &Node, log: &Log<'_>) -> Option<Time> {
        let at = self.moment_after(node, Time::ZERO, log)?;
        if at <= self.end() || self.duration == Span::ZERO {
            return Some(at);
        }
        let found = format!("{} is after the end of the run", node.kind());
        let clock = matches!(&node.value, Value::Text(t) if t.contains(':'));
        let expected = format!("the run lasts {} from {}", self.duration, self.written);
        let help = if clock {
            "clock times before the start mean the next day; start earlier or make `duration` longer"
        } else {
            "make `duration` longer or the time earlier"
        };
        log.note(node.place, found, expected, help);
        None
    }
}

/// Seconds since midnight.
fn second_of_day(time: civil::Time) -> u32 {
    let part = |n: i8| u32::from(n.unsigned_abs());
    part(time.hour()) * 3_600 + part(time.minute()) * 60 + part(time.second())
}

/// `07:30` or `07:30:15`.
pub(super) fn parse_clock(text: &str) -> Option<civil::Time> {
    let shape = text.bytes().all(|b| b.is_ascii_digit() || b == b':');
    let two_digits = text.split(':').all(|part| part.len() == 2);
    let parts = text.split(':').count();
    if !shape || !two_digits || !(2..=3).contains(&parts) {
        return None;
    }
    let mut numbers = text.split(':').map(|part| part.parse::<i8>().ok());
    let (hour, minute) = (numbers.next()??, numbers.next()??);
    let second = numbers.next().unwrap_or(Some(0))?;
    civil::Time::new(hour, minute, second, 0).ok()
}

/// A local date-time, `2026-03-02T07:30`.
fn local(node: &Node, log: &Log<'_>) -> Option<civil::DateTime> {
    const EXPECTED: &str = "a local date and time, \"2026-03-02T07:30\"";
    let Value::Text(text) = &node.value else {
        log.wrong_kind(node, EXPECTED, "");
        return None;
    };
    let parsed = text.split_once(['T', ' ']).and_then(|(date, time)| {
        let date: civil::Date = date.parse().ok()?;
        (1970..=2200).contains(&date.year()).then_some(date)?;
        Some(date.to_datetime(parse_clock(time)?))
    });
    if parsed.is_none() {
        let found = format!("{} is not a date and time", quoted(text));
        let help = "year-month-day, `T`, hours:minutes, perhaps :seconds; the years 1970 to 2200; no zone";
        log.note(node.place, found, format!("expected {EXPECTED}"), help);
    }
    parsed
}

fn zone(node: &Node, log: &Log<'_>) -> Option<TimeZone> {
    let name = units::text(node, log)?;
    let zone = jiff::tz::db().get(&name).ok();
    if zone.is_none() {
        let known: Vec<String> = jiff::tz::db().available().map(|n| n.to_string()).collect();
        let near = super::names::nearest(&name, known.iter().map(String::as_str));
        let help =
            near.map_or("names are those of the IANA database".into(), |n| format!("did you mean `{n}`?"));
        let found = format!("there is no time zone {}", quoted(&name));
        log.note(node.place, found, "expected a name such as \"Europe/London\"", help);
    }
    zone
}

/// A local date-time in its zone. One that clocks skip is refused; of two that clocks show twice, the first
/// is meant.
fn in_zone(local: civil::DateTime, zone: &TimeZone, node: &Node, log: &Log<'_>) -> Option<Zoned> {
    let ambiguous = zone.to_ambiguous_zoned(local);
    if let AmbiguousOffset::Gap { .. } = ambiguous.offset() {
        let found = format!("clocks skip {local} on that day");
        log.note(
            node.place,
            found,
            "expected a time that exists",
            "clocks go forward then; take an hour later",
        );
        return None;
    }
    match ambiguous.compatible() {
        Ok(zoned) => Some(zoned),
        Err(_) => {
            log.note(node.place, format!("{local} is out of range"), "", "");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::syntax::parse;

    fn calendar(start: &str, zone: Option<&str>, hours: u64) -> (Calendar, usize) {
        let node = |text: &str| parse(&format!("{text:?}")).tree.unwrap();
        let log = Log::new("t.ron", "", vec![]);
        let zone = zone.map(node);
        let duration = Span::seconds(hours * 3_600);
        let calendar = Calendar::decode(Some(&node(start)), zone.as_ref(), duration, &log);
        (calendar, log.count())
    }

    #[test]
    fn summer_time_begins_within_the_run() {
        let (calendar, mistakes) = calendar("2026-03-28T20:00", Some("Europe/London"), 12);
        let clock = calendar.wall_clock();
        assert_eq!(mistakes, 0);
        assert_eq!(clock.week_second_at_zero, 5 * 86_400 + 20 * 3_600);
        // At 01:00 local time on Sunday clocks go forward by an hour.
        assert_eq!(clock.changes, [(Time(5 * 3_600 * 1_000_000), 3_600)]);
        // So 07:30 comes an hour sooner.
        let half_past_seven = calendar.clock(parse_clock("07:30").unwrap(), Time::ZERO);
        assert_eq!(half_past_seven, Some(Time((10 * 3_600 + 1_800) * 1_000_000)));
    }

    #[test]
    fn a_skipped_start_is_refused() {
        assert_eq!(calendar("2026-03-29T01:30", Some("Europe/London"), 1).1, 1);
        assert_eq!(calendar("2026-03-29T01:30", None, 1).1, 0);
        assert_eq!(calendar("2026-03-29T01:30", Some("Europe/Lundon"), 1).1, 1);
    }

    #[test]
    fn clock_times_before_the_start_are_tomorrow() {
        let (calendar, _) = calendar("2026-03-02T22:00", None, 12);
        let at = |text| calendar.clock(parse_clock(text).unwrap(), Time::ZERO).unwrap();
        assert_eq!(at("22:00"), Time::ZERO);
        assert_eq!(at("06:00"), Time(8 * 3_600 * 1_000_000));
    }

    #[test]
    fn clock_times_have_two_digits() {
        for text in ["7:30", "07:3", "24:00", "07:60", "07:30:15:00", "0730", "", ":", "٠٧:٣٠"] {
            assert!(parse_clock(text).is_none(), "{text}");
        }
        assert_eq!(parse_clock("07:30:15").map(second_of_day), Some(7 * 3_600 + 1_815));
    }
}
