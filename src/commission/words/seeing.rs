//! What is seen, and what is measured.

use crate::apb::effect::Signal;
use crate::apb::input::Leaf;
use crate::apb::journal::{Alarm, AlertCause};
use crate::apb::site::Site;
use crate::commission::measurement::{Limit, Measurement, Unit, Value};
use crate::commission::phase::Check;
use crate::commission::place::Names;
use crate::commission::stand::{DecisionLine, Seen};
use crate::scenario::expect::Verdict;

/// A verdict as measurements spell it.
pub(in crate::commission) fn verdict(verdict: Verdict) -> String {
    match verdict {
        Verdict::Granted => "granted".into(),
        Verdict::Flagged => "flagged".into(),
        Verdict::Denied(None) => "denied".into(),
        Verdict::Denied(Some(reason)) => format!("denied ({})", reason.name()),
    }
}

/// What a line of the journal says, as far as it matters to what is wanted: one that gives no reason is taken
/// at its word.
pub(in crate::commission) fn said(line: &DecisionLine, wanted: Verdict) -> String {
    let flagged = line.granted && line.violation.is_some();
    match (line.granted, line.reason, wanted) {
        (false, None, Verdict::Denied(_)) => verdict(wanted),
        (false, reason, _) => verdict(Verdict::Denied(reason)),
        (true, ..) if flagged => verdict(Verdict::Flagged),
        (true, ..) => verdict(Verdict::Granted),
    }
}

/// An alert as measurements spell it.
pub(in crate::commission) fn alert(cause: AlertCause) -> String {
    match cause {
        AlertCause::Denied(rule) => format!("denied ({})", rule.name()),
        AlertCause::Flagged(rule) => format!("flagged ({})", rule.name()),
        other => other.name().into(),
    }
}

/// Alarms as measurements spell them.
pub(in crate::commission) fn alarms(any_of: &[Alarm]) -> String {
    any_of.iter().map(|a| a.name()).collect::<Vec<_>>().join(" or ")
}

/// An alarm in plain words.
pub(super) fn alarm_words(alarm: Alarm) -> &'static str {
    match alarm {
        Alarm::Tailgate => "tailgating",
        Alarm::Intrusion => "intrusion",
        Alarm::WrongWay => "wrong way",
        Alarm::Loiter => "loitering",
        Alarm::StolenTicket => "stolen ticket",
        Alarm::Forced => "forced",
        Alarm::Contact => "contact",
        Alarm::Obstruction => "obstruction",
        Alarm::BeamFault => "beam fault",
        Alarm::ClosePrevented => "kept from closing",
    }
}

/// What a check measures first: name and title.
pub(in crate::commission) fn measured(check: &Check) -> (&'static str, &'static str) {
    match check {
        Check::Decided { .. } => ("decision", "decision"),
        Check::Logged => ("log", "line in the journal"),
        Check::Undecided { .. } => ("decisions", "decisions where there must be none"),
        Check::Alerted { .. } => ("alert", "alert"),
        Check::NoAlarm { .. } => ("alarms", "alarms and alerts where there must be none"),
        Check::NoAlert { .. } => ("alerts", "alerts where there must be none"),
        Check::Alarmed { .. } => ("alarm", "alarm"),
        Check::Still { .. } => ("leaf_moves", "movements of the leaf, orders to open it"),
        Check::Opens { .. } => ("opens", "leaf opens"),
        Check::StaysOpen { .. } => ("shut_early", "times the leaf shuts where it must not"),
        Check::Shuts { .. } => ("shuts", "leaf shuts again"),
        Check::Taken { .. } => ("taken", "holder counts as gone through"),
        Check::Lapses { .. } => ("lapse", "grant lapses"),
        Check::Unattributed { .. } => ("unattributed", "bodies that no credential stands for"),
        Check::Bodies { .. } => ("bodies", "bodies that went through"),
        Check::ResetLogged { .. } => ("reset_logged", "reset in the journal"),
        Check::Line { up: false, .. } => ("offline", "dead line told"),
        Check::Line { up: true, .. } => ("online", "devices answer again"),
    }
}

/// Something seen, as a line of live signals.
pub fn sighting(seen: &Seen, site: &Site) -> String {
    let names = Names(site);
    match seen {
        Seen::Read { reader, card } => format!("reader {}: number {}", names.reader(*reader), card.0),
        Seen::Decision(line) => {
            let reader = line.reader.map_or("?", |r| names.reader(r));
            let wanted = if line.granted { Verdict::Granted } else { Verdict::Denied(line.reason) };
            format!("reader {reader}: {}", said(line, wanted))
        }
        Seen::Alert(a) => {
            let lane = a.lane.map_or("?", |l| names.lane(l));
            let card = a.card.map_or_else(String::new, |c| format!(", number {}", c.0));
            format!("alert at {lane}: {}{card}", alert(a.cause))
        }
        Seen::Taken { lane, direction } => format!("lane {}: taken, {direction}", names.lane(*lane)),
        Seen::NotTaken { lane, direction } => format!("lane {}: not taken, {direction}", names.lane(*lane)),
        Seen::Passage { lane, direction, attributed } => {
            let whose = if *attributed { "on a grant" } else { "on nobody's grant" };
            format!("lane {}: a body went {direction}, {whose}", names.lane(*lane))
        }
        Seen::Alarm { lane, alarm, on, journal } => {
            let state = if *on { "alarm" } else { "alarm over" };
            let whose = if *journal { "" } else { " (the gate's own)" };
            format!(
                "lane {}: {state}, {}{whose}",
                names.lane(*lane),
                alarm.map_or("of a kind that it does not say", alarm_words)
            )
        }
        Seen::Leaf { lane, leaf } => format!("lane {}: leaf {}", names.lane(*lane), leaf_word(*leaf)),
        Seen::Released { lane } => format!("lane {}: told to open", names.lane(*lane)),
        Seen::Shown { reader, signal } => {
            let light = match signal {
                Signal::Granted => "green",
                Signal::Denied => "red",
                Signal::Busy => "busy",
            };
            format!("reader {}: shows {light}", names.reader(*reader))
        }
        Seen::Reset { holder } => {
            format!("reset of {}", holder.map_or("several holders", |h| names.holder(h)))
        }
        Seen::Fire(on) => format!("fire alarm {}", if *on { "on" } else { "off" }),
        Seen::Line { lane, up, detail } => {
            let state = if *up { "answers" } else { "does not answer" };
            let detail = if detail.is_empty() { String::new() } else { format!(" ({detail})") };
            format!("lane {}: {state}{detail}", names.lane(*lane))
        }
    }
}

fn leaf_word(leaf: Leaf) -> &'static str {
    match leaf {
        Leaf::Closed => "shut",
        Leaf::Open => "open",
        Leaf::Moving => "moves",
        Leaf::Stalled => "stalled",
        Leaf::Displaced => "pushed away",
    }
}

/// A measurement's value and its limits, as in `0.312 s` and `at most 2 s`.
pub fn measurement(m: &Measurement) -> (String, String) {
    let number = |n: u64| match m.unit {
        Unit::Seconds => {
            let ms = n.saturating_add(500) / 1_000;
            format!("{}.{:03} s", ms / 1_000, ms % 1_000)
        }
        Unit::Count | Unit::Word => n.to_string(),
    };
    let value = match &m.value {
        Some(Value::Number(n)) => number(*n),
        Some(Value::Word(word)) => word.clone(),
        None => "–".into(),
    };
    let limit = match &m.limit {
        Limit::Any => String::new(),
        Limit::Equals(word) => word.clone(),
        Limit::Within { low, high, .. } if low == high => number(*high),
        Limit::Within { low: 0, high, .. } => format!("at most {}", number(*high)),
        Limit::Within { low, high, .. } => format!("{} to {}", number(*low), number(*high)),
    };
    (value, limit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apb::journal::Reason;

    #[test]
    fn a_line_that_gives_no_reason_is_taken_at_its_word() {
        let line = |granted, reason| DecisionLine {
            reader: None,
            card: None,
            stamp: None,
            granted,
            reason,
            violation: None,
        };
        let wanted = Verdict::Denied(Some(Reason::Expired));
        assert_eq!(said(&line(false, None), wanted), verdict(wanted));
        assert_eq!(said(&line(false, Some(Reason::Lockdown)), wanted), "denied (lockdown)");
        assert_eq!(said(&line(true, None), wanted), "granted");
    }
}
