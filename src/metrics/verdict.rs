//! Expectations: what had to come out, what did, and whether that passes.
//!
//! A measure is compared once, at the end. A decision check follows one presentation through the stream: its
//! verdict, the first alert with its credential and gate before the credential's next read there, and the
//! first command to open the flap within the time it has to keep still (half-open). A flap that was not
//! watched for all of that time, because the run ended, does not pass.

use super::lanes::{credential_name, reader_name};
use super::results::{Checked, Measure, Outcome};
use crate::apb::effect::Command;
use crate::apb::id::{CardNumber, LaneId};
use crate::apb::journal::{Decision, Event, Reason};
use crate::apb::site::Site;
use crate::apb::time::{Span, Time};
use crate::record::State;
use crate::scenario::expect::{DecisionCheck, Expectation, Verdict};
use std::collections::BTreeMap;

/// Commands may stand in the stream this much after their time.
const SLACK: Span = Span::seconds(1);

/// Follows the expectations of one scenario.
#[derive(Debug)]
pub(super) struct Checks {
    expectations: Vec<Expectation>,
    /// One for each expectation; measures leave theirs empty.
    progress: Vec<Progress>,
    /// The decision checks by credential.
    by_card: BTreeMap<CardNumber, Vec<usize>>,
    /// The decision checks whose flap has to keep still now.
    watching: Vec<usize>,
}

#[derive(Debug, Default)]
struct Progress {
    /// Presentations seen so far.
    seen: u32,
    /// The one that counts.
    read: Option<Read>,
}

#[derive(Clone, Copy, Debug)]
struct Read {
    at: Time,
    lane: Option<LaneId>,
    verdict: Verdict,
    alert: Option<Time>,
    opened: Option<Time>,
    /// The credential was read there again: later alerts are not about this read.
    superseded: bool,
}

impl Checks {
    pub(super) fn new(expectations: &[Expectation]) -> Self {
        let mut by_card: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (i, expectation) in expectations.iter().enumerate() {
            if let Expectation::Decision(check) = expectation {
                by_card.entry(check.card).or_default().push(i);
            }
        }
        Self {
            expectations: expectations.to_vec(),
            progress: expectations.iter().map(|_| Progress::default()).collect(),
            by_card,
            watching: Vec::new(),
        }
    }

    pub(super) fn entry(&mut self, site: &Site, at: Time, event: &Event) {
        match event {
            Event::Decision(decision) => self.decide(site, at, decision),
            Event::Alert(alert) => {
                let checks = alert.card.and_then(|card| self.by_card.get(&card));
                for i in checks.into_iter().flatten() {
                    if let Some(read) = self.progress[*i].read.as_mut()
                        && read.lane == Some(alert.lane)
                        && !read.superseded
                        && at >= read.at
                    {
                        read.alert.get_or_insert(at);
                    }
                }
            }
            _ => {}
        }
    }

    fn decide(&mut self, site: &Site, at: Time, decision: &Decision) {
        let lane = site.readers.get(decision.reader.index()).map(|r| r.lane);
        for i in self.by_card.get(&decision.card).into_iter().flatten() {
            let Expectation::Decision(check) = &self.expectations[*i] else { continue };
            let progress = &mut self.progress[*i];
            if let Some(read) = progress.read.as_mut() {
                read.superseded |= read.lane == lane;
            }
            if check.reader.is_some_and(|reader| reader != decision.reader) {
                continue;
            }
            progress.seen += 1;
            if progress.seen == check.nth {
                let verdict = verdict_of(decision);
                progress.read =
                    Some(Read { at, lane, verdict, alert: None, opened: None, superseded: false });
                if check.still_for.is_some() {
                    self.watching.push(*i);
                }
            }
        }
    }

    pub(super) fn command(&mut self, at: Time, command: &Command) {
        let Command::Open { lane, .. } = command else { return };
        let (expectations, progress) = (&self.expectations, &mut self.progress);
        self.watching.retain(|i| {
            let (Expectation::Decision(DecisionCheck { still_for: Some(still_for), .. }), Some(read)) =
                (&expectations[*i], progress[*i].read.as_mut())
            else {
                return false;
            };
            let until = read.at + *still_for;
            if read.lane == Some(*lane) && at < until {
                read.opened.get_or_insert(at);
            }
            at < until + SLACK
        });
    }

    /// Every expectation with what came out.
    pub(super) fn results(
        &self,
        site: &Site,
        end: Time,
        measures: &BTreeMap<String, Measure>,
    ) -> Vec<Checked> {
        let check = |(expectation, progress): (&Expectation, &Progress)| match expectation {
            Expectation::Measure { name, bound } => {
                let value = measures.get(name).map(|measure| measure.value);
                Checked {
                    measure: name.clone(),
                    bound: bound.to_string(),
                    value: match value {
                        None => "there is no such measure".to_owned(),
                        Some(None) => "nothing was measured".to_owned(),
                        Some(Some(value)) => number(value),
                    },
                    outcome: outcome(value.flatten().is_some_and(|value| bound.admits(value))),
                }
            }
            Expectation::Decision(check) => decision(site, end, check, progress),
        };
        self.expectations.iter().zip(&self.progress).map(check).collect()
    }
}

/// The verdict on a whole run.
pub(super) fn overall(state: State, expectations: &[Checked]) -> Outcome {
    match state {
        State::Aborted => Outcome::Aborted,
        State::Broken => Outcome::Error,
        State::Finished => outcome(expectations.iter().all(|c| c.outcome == Outcome::Pass)),
    }
}

fn outcome(held: bool) -> Outcome {
    if held { Outcome::Pass } else { Outcome::Fail }
}

/// Up to four decimals, and none that say nothing.
fn number(value: f64) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn verdict_of(decision: &Decision) -> Verdict {
    match (decision.grant, decision.violation) {
        (None, _) => Verdict::Denied(Some(decision.reason)),
        (Some(_), None) => Verdict::Granted,
        (Some(_), Some(_)) => Verdict::Flagged,
    }
}

fn agrees(expected: Verdict, found: Verdict) -> bool {
    let denied = |verdict| -> Option<Option<Reason>> {
        if let Verdict::Denied(reason) = verdict { Some(reason) } else { None }
    };
    expected == found || (denied(expected) == Some(None) && denied(found).is_some())
}

fn decision(site: &Site, end: Time, check: &DecisionCheck, progress: &Progress) -> Checked {
    let place = check.reader.map_or_else(String::new, |reader| format!(" at {}", reader_name(site, reader)));
    let mut bound = vec![check.verdict.to_string()];
    bound.extend(check.alert_within.map(|within| format!("alert within {within}")));
    bound.extend(check.still_for.map(|still| format!("flap still for {still}")));
    let (value, held) = match progress.read {
        Some(read) => judged(end, check, &read),
        None if progress.seen == 0 => (vec!["never presented".to_owned()], false),
        None => (vec![format!("presented only {} of {} times", progress.seen, check.nth)], false),
    };
    Checked {
        measure: format!("decision {}{place} #{}", credential_name(site, check.card), check.nth),
        bound: bound.join(", "),
        value: value.join(", "),
        outcome: outcome(held),
    }
}

/// What came of the presentation, in words, and whether it was as asked.
fn judged(end: Time, check: &DecisionCheck, read: &Read) -> (Vec<String>, bool) {
    let mut value = vec![read.verdict.to_string()];
    let mut held = agrees(check.verdict, read.verdict);
    if let Some(within) = check.alert_within {
        let after = read.alert.map(|at| at.since(read.at));
        value.push(after.map_or_else(|| "no alert".to_owned(), |after| format!("alert after {after}")));
        held &= after.is_some_and(|after| after <= within);
    }
    if let Some(still) = check.still_for {
        let watched = end.since(read.at);
        match read.opened {
            Some(at) => value.push(format!("flap opened after {}", at.since(read.at))),
            None if watched < still => value.push(format!("flap still, but the run ended after {watched}")),
            None => value.push("flap still".to_owned()),
        }
        held &= read.opened.is_none() && watched >= still;
    }
    (value, held)
}

#[cfg(test)]
#[path = "verdict_tests.rs"]
mod tests;
