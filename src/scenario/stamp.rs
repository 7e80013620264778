//! Time stamps of real systems: dates and clock times in a zone, as instants.

use super::calendar::Calendar;
use super::names::nearest;
use super::syntax::shortened;
use crate::apb::time::{Span, Time};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// So long clock changes are looked up ahead: thirty years, longer than any log.
const AHEAD: Span = Span::seconds(30 * 366 * 86_400);

/// An instant, microseconds since 1970 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub i64);

impl Moment {
    /// How long after `start` this is; `None`: before it.
    pub fn since(self, start: Self) -> Option<Time> {
        self.0.checked_sub(start.0).and_then(|micros| u64::try_from(micros).ok()).map(Time)
    }
}

/// The clocks of one place.
#[derive(Clone, Debug)]
pub struct Clocks {
    zone: TimeZone,
}

impl Clocks {
    /// Clocks in a zone of the IANA database; `None`: UTC.
    ///
    /// # Errors
    /// There is no such zone.
    pub fn new(zone: Option<&str>) -> Result<Self, String> {
        let Some(name) = zone else { return Ok(Self { zone: TimeZone::UTC }) };
        let found = jiff::tz::db().get(name).map(|zone| Self { zone });
        found.map_err(|_| {
            let known: Vec<String> = jiff::tz::db().available().map(|n| n.to_string()).collect();
            let near = nearest(name, known.iter().map(String::as_str));
            let help = near
                .map_or("names are those of the IANA database".into(), |n| format!("did you mean `{n}`?"));
            format!("there is no time zone `{}`; {help}", shortened(name))
        })
    }

    /// The instant of a stamp: RFC 3339 with an offset, or a local date and time. Of a local time that comes
    /// twice the first is meant, unless that is before `after`; one that clocks skip is as much later.
    pub fn moment(&self, text: &str, after: Option<Moment>) -> Option<Moment> {
        let has_offset = text.get(10..).is_some_and(|time| time.contains(['Z', 'z', '+', '-']));
        if has_offset {
            return text.parse::<Timestamp>().ok().map(|at| Moment(at.as_microsecond()));
        }
        // A date alone is no time stamp.
        let local: DateTime = text.contains(':').then(|| text.parse().ok())??;
        let ambiguous = self.zone.to_ambiguous_timestamp(local);
        let first = Moment(ambiguous.compatible().ok()?.as_microsecond());
        if after.is_none_or(|after| first >= after) {
            return Some(first);
        }
        Some(Moment(ambiguous.later().ok()?.as_microsecond()))
    }

    /// The local midnight at or before an instant.
    pub fn midnight(&self, at: Moment) -> Moment {
        let start = self.zoned(at).start_of_day();
        start.map_or(at, |day| Moment(day.timestamp().as_microsecond()))
    }

    fn zoned(&self, at: Moment) -> Zoned {
        let timestamp = Timestamp::from_microsecond(at.0).unwrap_or_default();
        timestamp.to_zoned(self.zone.clone())
    }

    /// The calendar of a site whose clock starts at an instant.
    pub(super) fn calendar(&self, start: Moment) -> Calendar {
        Calendar::starting(self.zoned(start), AHEAD)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn london() -> Clocks {
        Clocks::new(Some("Europe/London")).unwrap()
    }

    #[test]
    fn stamps_come_in_several_forms() {
        let at = Moment(1_772_436_600_000_000);
        for text in [
            "2026-03-02T07:30:00Z",
            "2026-03-02T08:30:00+01:00",
            "2026-03-02T07:30:00.000-00:00",
            "2026-03-02 07:30:00",
            "2026-03-02T07:30:00",
            "2026-03-02 07:30",
        ] {
            assert_eq!(london().moment(text, None), Some(at), "{text}");
        }
        assert_eq!(london().moment("2026-03-02 07:30:00.125", None), Some(Moment(at.0 + 125_000)));
        for text in ["", "07:30", "2026-03-02", "2026-03-02 25:00", "yesterday", "02.03.2026 07:30"] {
            assert_eq!(london().moment(text, None), None, "{text}");
        }
    }

    #[test]
    fn a_local_time_that_comes_twice_goes_on() {
        // At 02:00 British Summer Time on 2026-10-25 clocks go back to 01:00.
        let first = london().moment("2026-10-25 01:59:00", None).unwrap();
        let next = london().moment("2026-10-25 01:00:00", Some(first)).unwrap();
        assert_eq!(next.since(first), Some(Time(60 * 1_000_000)));
        let again = london().moment("2026-10-25 01:59:30", Some(first)).unwrap();
        assert_eq!(again.since(first), Some(Time(30 * 1_000_000)), "still the first time");
    }

    #[test]
    fn days_begin_at_local_midnight() {
        let at = london().moment("2026-06-01 12:00", None).unwrap();
        let midnight = london().midnight(at);
        assert_eq!(at.since(midnight), Some(Time(12 * 3_600 * 1_000_000)));
        assert_eq!(midnight.since(at), None);
        let wall = london().calendar(midnight).wall_clock();
        assert_eq!(wall.week_second_at_zero, 0, "a Monday");
        assert!(wall.changes.len() > 50, "two for each year");
    }

    #[test]
    fn zones_are_known_by_name() {
        assert!(Clocks::new(Some("Europe/Lundon")).unwrap_err().contains("did you mean `Europe/London`?"));
    }
}
