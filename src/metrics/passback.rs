//! Decisions: violations the controller saw, passback as it really happened, and honest people refused.
//!
//! Truth knows what a presentation was for, the journal how it was decided. A decision belongs to the oldest
//! presentation of the same credential at the same reader, at its time or before. A presentation that is not
//! decided within five seconds was lost on the way to the controller: it stays an attempt and is nothing
//! else. An attempt that is refused for another reason than passback, a busy lane or a missing right, proves
//! nothing of passback and is no attempt. Whoever lets a second body in is flagged if the lane alarms about
//! that body.

use super::lanes::{credential_name, lane_name, reader_name};
use super::measures::Measures;
use super::results::{AlertRow, Violation};
use crate::apb::id::{CardNumber, HolderId, LaneId, ReaderId};
use crate::apb::journal::{Alarm, Alert, AlertCause, Decision, Event, Reason};
use crate::apb::policy::Rule;
use crate::apb::site::Site;
use crate::apb::time::{Span, Time};
use crate::record::{Intent, Truth};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A decision follows its presentation within this time, or never. Assumed: far longer than a card is read
/// (0.35 s) or a serial line repeats itself.
const DECIDED_WITHIN: Span = Span::seconds(5);

/// A second body follows its owner's grant within this time: the time a grant waits, and a walk through a
/// lane. Assumed.
const SECOND_BODY_WITHIN: Span = Span::seconds(10);

/// Joins presentations with decisions.
#[derive(Debug)]
pub(super) struct Decisions {
    slack: Span,
    /// The lane of each reader.
    lanes: Vec<LaneId>,
    /// Grants on which a second body is let in, not alarmed about yet.
    second_bodies: Vec<(Time, LaneId)>,
    /// Holders who were refused by passback rules though they presented their own credential for themselves.
    refused: BTreeSet<HolderId>,
    /// By reader, what is not joined yet.
    readers: Vec<Pending>,
    counts: Counts,
    denials: BTreeMap<&'static str, u64>,
    violations: Vec<Row>,
    alerts: Vec<(Time, Alert)>,
}

#[derive(Debug, Default)]
struct Pending {
    presented: VecDeque<(Time, CardNumber, Intent)>,
    /// Decisions whose presentation may still come: the stream may run backwards a little.
    decided: VecDeque<(Time, CardNumber, Judged)>,
}

/// What the join needs of a decision.
#[derive(Clone, Copy, Debug)]
struct Judged {
    at: Time,
    reader: ReaderId,
    holder: Option<HolderId>,
    granted: bool,
    reason: Reason,
    flawed: bool,
    /// Its row among the violations.
    row: Option<usize>,
}

#[derive(Debug, Default)]
struct Counts {
    decisions: u64,
    denials: u64,
    violations_denied: u64,
    violations_flagged: u64,
    attempts: u64,
    denied: u64,
    flagged: u64,
    missed: u64,
}

/// A violation, by numbers.
#[derive(Debug)]
struct Row {
    at: Time,
    card: CardNumber,
    holder: Option<HolderId>,
    reader: ReaderId,
    rule: Rule,
    denied: bool,
    intent: Option<Intent>,
}

impl Decisions {
    pub(super) fn new(site: &Site, slack: Span) -> Self {
        Self {
            slack,
            lanes: site.readers.iter().map(|r| r.lane).collect(),
            second_bodies: Vec::new(),
            refused: BTreeSet::new(),
            readers: site.readers.iter().map(|_| Pending::default()).collect(),
            counts: Counts::default(),
            denials: BTreeMap::new(),
            violations: Vec::new(),
            alerts: Vec::new(),
        }
    }

    pub(super) fn truth(&mut self, at: Time, truth: &Truth) {
        let Truth::Presented { reader, card, intent, .. } = truth else { return };
        self.counts.attempts += u64::from(intent.is_passback());
        let Some(pending) = self.readers.get_mut(reader.index()) else { return };
        let waiting = pending.decided.iter().position(|(t, c, _)| c == card && *t >= at);
        match waiting.and_then(|i| pending.decided.remove(i)) {
            Some((.., judged)) => self.join(*intent, judged),
            None => pending.presented.push_back((at, *card, *intent)),
        }
    }

    pub(super) fn entry(&mut self, at: Time, event: &Event) {
        match event {
            Event::Decision(decision) => self.decide(at, decision),
            Event::Alert(alert) => self.alerts.push((at, alert.clone())),
            Event::Alarm { lane, alarm: Alarm::Tailgate, on: true, .. } => self.second_body_alarm(at, *lane),
            _ => {}
        }
    }

    /// A tailgate alarm is about the second body that was let in there last, if one was.
    fn second_body_alarm(&mut self, at: Time, lane: LaneId) {
        let is_it = |(since, l): &(Time, LaneId)| *l == lane && at.since(*since) <= SECOND_BODY_WITHIN;
        if let Some(index) = self.second_bodies.iter().rposition(is_it) {
            self.second_bodies.remove(index);
            self.counts.flagged += 1;
        }
    }

    fn decide(&mut self, at: Time, decision: &Decision) {
        let judged = self.count(at, decision);
        let Some(pending) = self.readers.get_mut(decision.reader.index()) else { return };
        while pending.presented.front().is_some_and(|(t, ..)| at.since(*t) > DECIDED_WITHIN) {
            pending.presented.pop_front();
        }
        while pending.decided.front().is_some_and(|(t, ..)| at.since(*t) > self.slack) {
            pending.decided.pop_front();
        }
        let card = decision.card;
        let waiting = pending.presented.iter().position(|(t, c, _)| *c == card && *t <= at);
        match waiting.and_then(|i| pending.presented.remove(i)) {
            Some((.., intent)) => self.join(intent, judged),
            None => pending.decided.push_back((at, card, judged)),
        }
    }

    /// Counts what the journal alone says.
    fn count(&mut self, at: Time, decision: &Decision) -> Judged {
        let granted = decision.grant.is_some();
        self.counts.decisions += 1;
        if !granted {
            self.counts.denials += 1;
            *self.denials.entry(decision.reason.name()).or_default() += 1;
        }
        let row = decision.violation.map(|rule| {
            if granted {
                self.counts.violations_flagged += 1;
            } else {
                self.counts.violations_denied += 1;
            }
            let Decision { reader, card, holder, .. } = *decision;
            self.violations.push(Row { at, card, holder, reader, rule, denied: !granted, intent: None });
            self.violations.len() - 1
        });
        let Decision { reader, holder, reason, .. } = *decision;
        Judged { at, reader, holder, granted, reason, flawed: row.is_some(), row }
    }

    /// Counts what the decision and the truth say together.
    fn join(&mut self, intent: Intent, judged: Judged) {
        if let Some(row) = judged.row {
            self.violations[row].intent = Some(intent);
        }
        let by_passback_rules = matches!(judged.reason, Reason::ApbViolation | Reason::PendingElsewhere);
        let lane = self.lanes.get(judged.reader.index()).copied();
        if intent.is_passback() {
            match (judged.granted, judged.flawed) {
                (false, _) if by_passback_rules => self.counts.denied += 1,
                (false, _) => self.counts.attempts = self.counts.attempts.saturating_sub(1),
                (true, true) => self.counts.flagged += 1,
                (true, false) => match lane {
                    Some(lane) if intent == Intent::SecondBody => self.second_bodies.push((judged.at, lane)),
                    _ => self.counts.missed += 1,
                },
            }
        }
        if intent == Intent::Own && !judged.granted && by_passback_rules {
            self.refused.extend(judged.holder);
        }
    }

    pub(super) fn measure(&self, measures: &mut Measures) {
        let c = &self.counts;
        measures.count("decisions", c.decisions);
        measures.count("denials", c.denials);
        measures.count("violations", c.violations_denied + c.violations_flagged);
        measures.count("violations_denied", c.violations_denied);
        measures.count("violations_flagged", c.violations_flagged);
        measures.count("passback_attempts", c.attempts);
        measures.count("passback_denied", c.denied);
        measures.count("passback_flagged", c.flagged);
        measures.count("passback_missed", c.missed + self.second_bodies.len() as u64);
        measures.count("false_denials", self.refused.len() as u64);
    }

    /// Denials by reason.
    pub(super) fn denials(&self) -> BTreeMap<&'static str, u64> {
        self.denials.clone()
    }

    /// Every violation, in order.
    pub(super) fn violation_rows(&self, site: &Site) -> Vec<Violation> {
        let row = |row: &Row| {
            let lane = site.readers.get(row.reader.index()).map(|r| lane_name(site, r.lane));
            let holder = row.holder.and_then(|h| site.holders.get(h.index()));
            Violation {
                at: row.at,
                credential: credential_name(site, row.card),
                holder: holder.map_or_else(|| "nobody".to_owned(), |h| h.name.clone()),
                reader: reader_name(site, row.reader),
                lane: lane.unwrap_or_else(|| "unknown".to_owned()),
                rule: row.rule.name(),
                denied: row.denied,
                intent: intent_name(row.intent),
            }
        };
        self.violations.iter().map(row).collect()
    }

    /// Every alert, in order.
    pub(super) fn alert_rows(&self, site: &Site) -> Vec<AlertRow> {
        let row = |(at, alert): &(Time, Alert)| AlertRow {
            at: *at,
            credential: alert.card.map(|card| credential_name(site, card)),
            lane: lane_name(site, alert.lane),
            cause: match alert.cause {
                AlertCause::Denied(rule) => format!("denied: {}", rule.name()),
                AlertCause::Flagged(rule) => format!("flagged: {}", rule.name()),
                other => other.name().to_owned(),
            },
        };
        self.alerts.iter().map(row).collect()
    }
}

fn intent_name(intent: Option<Intent>) -> &'static str {
    match intent {
        Some(Intent::Own) => "own",
        Some(Intent::Borrowed) => "borrowed",
        Some(Intent::Buddy) => "buddy",
        Some(Intent::SecondBody) => "second_body",
        Some(Intent::Probe) => "probe",
        None => "unknown",
    }
}

#[cfg(test)]
#[path = "passback_tests.rs"]
mod tests;
