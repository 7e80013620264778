//! `events.csv`: the controller's journal as a table, one line per entry, written while a record is read.
//!
//! The columns follow what EN 60839-11-1 asks of an event log: type, location, time and date of every event.

use super::ReportError;
use crate::apb::domain::{Claim, DomainEvent};
use crate::apb::id::{AreaId, CardNumber, Direction, HolderId, LaneId, PanelId, ReaderId};
use crate::apb::input::Who;
use crate::apb::journal::{AlertCause, Decision, Entry, Event};
use crate::apb::ledger::Location;
use crate::apb::policy::Enforcement;
use crate::apb::site::{PassMode, Site};
use crate::apb::time::Time;
use crate::record::{Observation, What};
use jiff::ToSpan;
use jiff::civil::DateTime;
use std::borrow::Cow;
use std::io::Write;

/// The columns of the file.
const COLUMNS: [&str; 12] = [
    "t_s",
    "local_time",
    "event",
    "lane",
    "direction",
    "reader",
    "credential",
    "holder",
    "decision",
    "reason",
    "rule",
    "detail",
];

/// Writes `events.csv` line by line; memory does not grow with the run.
pub struct EventsCsv<W: Write> {
    lines: ::csv::Writer<W>,
    start: Option<DateTime>,
}

/// The cells of one line that are not about time.
#[derive(Default)]
struct Row {
    event: &'static str,
    lane: String,
    direction: String,
    reader: String,
    credential: String,
    holder: String,
    decision: &'static str,
    reason: &'static str,
    rule: &'static str,
    detail: String,
}

impl<W: Write> EventsCsv<W> {
    /// Writes the heading. `start` is the local date and time at which the run begins, as the scenario writes
    /// it; if it is not a date and time, the column `local_time` stays empty.
    ///
    /// # Errors
    /// What the writer fails with.
    pub fn new(writer: W, start: &str) -> Result<Self, ReportError> {
        let mut lines = ::csv::Writer::from_writer(writer);
        lines.write_record(COLUMNS)?;
        Ok(Self { lines, start: start.parse().ok() })
    }

    /// Writes one line if `observation` is an entry of the controller's journal; anything else is passed
    /// over.
    ///
    /// # Errors
    /// What the writer fails with.
    pub fn write(&mut self, observation: &Observation, site: &Site) -> Result<(), ReportError> {
        let What::Entry(entry) = &observation.what else {
            return Ok(());
        };
        let row = Names(site).row(entry);
        let seconds = format!("{}.{:06}", entry.at.whole_seconds(), entry.at.0 % 1_000_000);
        let local = self.local(entry.at, site);
        self.lines.write_record([
            seconds.as_str(),
            local.as_str(),
            row.event,
            &*tame(&row.lane),
            row.direction.as_str(),
            &*tame(&row.reader),
            &*tame(&row.credential),
            &*tame(&row.holder),
            row.decision,
            row.reason,
            row.rule,
            &*tame(&row.detail),
        ])?;
        Ok(())
    }

    /// Writes out what is still held back and hands the writer over.
    ///
    /// # Errors
    /// What the writer fails with.
    pub fn finish(mut self) -> Result<W, ReportError> {
        self.lines.flush().map_err(::csv::Error::from)?;
        self.lines.into_inner().map_err(|e| ReportError::Format { format: "CSV", message: e.to_string() })
    }

    fn local(&self, at: Time, site: &Site) -> String {
        let shift = site.clock.changes.iter().take_while(|(from, _)| *from <= at).last().map_or(0, |c| c.1);
        let millis = i64::try_from(at.0 / 1_000).unwrap_or(i64::MAX).saturating_add(i64::from(shift) * 1_000);
        let local = self.start.and_then(|s| s.checked_add(millis.milliseconds()).ok());
        local.map_or_else(String::new, |l| l.strftime("%Y-%m-%d %H:%M:%S%.3f").to_string())
    }
}

/// A cell that no spreadsheet takes for a formula: one that begins like a formula gets an apostrophe in
/// front, as OWASP's page on CSV injection advises.
fn tame(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// Looks up what the site calls things; a number that is not in the site stands for itself.
struct Names<'a>(&'a Site);

impl Names<'_> {
    fn lane(&self, id: LaneId) -> String {
        self.0.lanes.get(id.index()).map_or_else(|| id.to_string(), |l| l.name.clone())
    }

    fn reader(&self, id: ReaderId) -> String {
        self.0.readers.get(id.index()).map_or_else(|| id.to_string(), |r| r.name.clone())
    }

    fn area(&self, id: AreaId) -> String {
        self.0.areas.get(id.index()).map_or_else(|| id.to_string(), |a| a.name.clone())
    }

    fn holder(&self, id: HolderId) -> String {
        self.0.holders.get(id.index()).map_or_else(|| id.to_string(), |h| h.name.clone())
    }

    fn card(&self, number: CardNumber) -> String {
        let known = self.0.credential(number).and_then(|id| self.0.credentials.get(id.index()));
        known.map_or_else(|| format!("number {}", number.0), |c| c.name.clone())
    }

    fn location(&self, location: Location) -> String {
        match location {
            Location::Unknown => "unknown".into(),
            Location::In(area) => self.area(area),
        }
    }

    fn row(&self, entry: &Entry) -> Row {
        match &entry.event {
            Event::Decision(decision) => self.decision(decision),
            Event::Taken { holder, lane, direction, late, .. } => Row {
                holder: self.holder(*holder),
                detail: if *late { "late".into() } else { String::new() },
                ..self.at_lane("taken", *lane, Some(*direction))
            },
            Event::NotTaken { holder, lane, direction, .. } => {
                Row { holder: self.holder(*holder), ..self.at_lane("not_taken", *lane, Some(*direction)) }
            }
            Event::Passage { lane, direction, grant } => Row {
                detail: if grant.is_some() { "on a grant".into() } else { "on nobody's grant".into() },
                ..self.at_lane("passage", *lane, Some(*direction))
            },
            Event::Moved { holder, from, to, cause, .. } => Row {
                event: "moved",
                holder: self.holder(*holder),
                reason: cause.name(),
                detail: format!("{} to {}", self.location(*from), self.location(*to)),
                ..Row::default()
            },
            Event::Alarm { lane, alarm, direction, on } => Row {
                reason: alarm.name(),
                ..self.at_lane(if *on { "alarm_on" } else { "alarm_off" }, *lane, *direction)
            },
            Event::Alert(alert) => {
                let (decision, rule, reason) = match alert.cause {
                    AlertCause::Denied(rule) => ("deny", rule.name(), ""),
                    AlertCause::Flagged(rule) => ("grant", rule.name(), ""),
                    other => ("", "", other.name()),
                };
                Row {
                    reader: alert.reader.map_or_else(String::new, |r| self.reader(r)),
                    credential: alert.card.map_or_else(String::new, |c| self.card(c)),
                    holder: alert.holder.map_or_else(String::new, |h| self.holder(h)),
                    decision,
                    reason,
                    rule,
                    ..self.at_lane("alert", alert.lane, None)
                }
            }
            other => self.operator(other),
        }
    }

    fn decision(&self, decision: &Decision) -> Row {
        let reader = self.0.readers.get(decision.reader.index());
        Row {
            event: "decision",
            lane: reader.map_or_else(String::new, |r| self.lane(r.lane)),
            direction: reader.map_or_else(String::new, |r| r.direction.to_string()),
            reader: self.reader(decision.reader),
            credential: self.card(decision.card),
            holder: decision.holder.map_or_else(String::new, |h| self.holder(h)),
            decision: if decision.grant.is_some() { "grant" } else { "deny" },
            reason: decision.reason.name(),
            rule: decision.violation.map_or("", |r| r.name()),
            detail: String::new(),
        }
    }

    /// What an operator or the fire alarm did.
    fn operator(&self, event: &Event) -> Row {
        let (event, holder, detail) = match event {
            Event::Reset { who, to, .. } => {
                let to = to.map_or_else(|| "unknown".into(), |area| self.area(area));
                match who {
                    Who::Holder(holder) => ("reset", self.holder(*holder), format!("to {to}")),
                    Who::Holders(holders) => {
                        ("reset", String::new(), format!("{} holders to {to}", holders.len()))
                    }
                    Who::Area(area) => {
                        ("reset", String::new(), format!("everybody in {} to {to}", self.area(*area)))
                    }
                    Who::All => ("reset", String::new(), format!("everybody to {to}")),
                }
            }
            Event::Forgiven { holder, until } => {
                ("forgiven", self.holder(*holder), format!("until {until} after the start"))
            }
            Event::ForgivenessUsed { holder } => ("forgiveness_used", self.holder(*holder), String::new()),
            Event::Fire { active } => {
                (if *active { "fire_on" } else { "fire_off" }, String::new(), String::new())
            }
            Event::PolicySet { area, policy } => {
                let (inbound, outbound) = (enforcement(policy.inbound), enforcement(policy.outbound));
                let rule = policy.rule.name();
                let detail = format!("{}: {rule}, in {inbound}, out {outbound}", self.area(*area));
                ("policy_set", String::new(), detail)
            }
            Event::ModeSet { lane, direction, mode } => {
                let mode = match mode {
                    PassMode::Controlled => "controlled",
                    PassMode::Free => "free",
                    PassMode::Locked => "locked",
                };
                return Row { detail: mode.into(), ..self.at_lane("mode_set", *lane, Some(*direction)) };
            }
            other => return self.matter(other),
        };
        Row { event, holder, detail, ..Row::default() }
    }

    /// What concerns holders and credentials, and everything else that moves nobody by itself.
    fn matter(&self, event: &Event) -> Row {
        let (event, holder, detail) = match event {
            Event::Side { holder, area, inside } => {
                let side = if *inside { "in" } else { "out of" };
                ("side", Some(*holder), format!("{side} {}", self.area(*area)))
            }
            Event::Paired { grants: [first, second] } => {
                ("paired", None, format!("grants {} and {}", first.0, second.0))
            }
            Event::LockedOut { holder, until } => {
                let until = until.map_or_else(|| "a reset".into(), |t| format!("{t} after the start"));
                ("locked_out", Some(*holder), format!("until {until}"))
            }
            Event::Mustered { point, card, holder } => {
                let point = self.0.musters.get(point.index()).map_or("", |m| m.name.as_str());
                ("mustered", *holder, format!("at {point} with {}", self.card(*card)))
            }
            Event::Amnesty { amnesty } => {
                let name = self.0.amnesties.get(usize::from(*amnesty)).map_or("", |a| a.name.as_str());
                ("amnesty", None, name.into())
            }
            Event::Lockdown { area, lockdown } => {
                ("lockdown", None, format!("{} {}", self.area(*area), lockdown.name()))
            }
            Event::Unlocked { lane, direction, grant, .. } => {
                let detail = if grant.is_some() { "by hand" } else { "refused" };
                return Row { detail: detail.into(), ..self.at_lane("unlocked", *lane, Some(*direction)) };
            }
            Event::Replaced { old, new, holder, .. } => {
                ("replaced", Some(*holder), format!("number {} by number {}", old.0, new.0))
            }
            Event::Assigned { card, holder, .. } => ("assigned", Some(*holder), self.card(*card)),
            Event::Removed { holder } => ("removed", Some(*holder), String::new()),
            Event::Resumed { lost } => ("resumed", None, format!("{lost} holders between grant and passage")),
            Event::Domain(event) => return self.domain(event),
            _ => ("other", None, String::new()),
        };
        let holder = holder.map_or_else(String::new, |h| self.holder(h));
        Row { event, holder, detail, ..Row::default() }
    }

    /// What concerns several panels.
    fn domain(&self, event: &DomainEvent) -> Row {
        let row = |detail: String| Row { event: event.name(), detail, ..Row::default() };
        match event {
            DomainEvent::Degraded { panel, on } | DomainEvent::Unreachable { panel, on } => {
                row(format!("{}: {}", self.panel(*panel), if *on { "cut off" } else { "back" }))
            }
            DomainEvent::Offline { reader, card, grant, rule } => Row {
                reader: self.reader(*reader),
                credential: self.card(*card),
                decision: if grant.is_some() { "grant" } else { "deny" },
                ..row(rule.name().into())
            },
            DomainEvent::Conflict { holder, first, second, kept } => {
                let side = |c: &Claim| format!("{} at {} to {}", self.panel(c.panel), c.at, self.area(c.to));
                let kept = self.location(*kept);
                let holder = self.holder(*holder);
                Row { holder, ..row(format!("{}; {}; kept: {kept}", side(first), side(second))) }
            }
            DomainEvent::LogNearlyFull { panel, records } => {
                row(format!("{}: {records} records", self.panel(*panel)))
            }
            DomainEvent::LogOverflow { panel, lost } => {
                row(format!("{}: {lost} records lost", self.panel(*panel)))
            }
            DomainEvent::Learned { holder, .. } => Row { holder: self.holder(*holder), ..row(String::new()) },
            DomainEvent::Counted { lane, .. } => Row { lane: self.lane(*lane), ..row(String::new()) },
        }
    }

    fn panel(&self, id: PanelId) -> String {
        self.0.panels.get(id.index()).map_or_else(|| id.to_string(), |p| p.name.clone())
    }

    fn at_lane(&self, event: &'static str, lane: LaneId, direction: Option<Direction>) -> Row {
        let direction = direction.map_or_else(String::new, |d| d.to_string());
        Row { event, lane: self.lane(lane), direction, ..Row::default() }
    }
}

fn enforcement(enforcement: Enforcement) -> &'static str {
    match enforcement {
        Enforcement::Off => "off",
        Enforcement::Soft => "soft",
        Enforcement::Hard => "hard",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(tame(formula), format!("'{formula}"));
        }
        for name in ["", "P1", "a=b", "1-2", "'=1"] {
            assert_eq!(tame(name), name);
        }
    }
}
