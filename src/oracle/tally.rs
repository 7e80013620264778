//! Counting what came of reads: one row for each reader, holder, rule and reason, however many reads there
//! are.

use crate::apb::id::{HolderId, ReaderId};
use crate::apb::journal::{AlertCause, Decision, Event, Reason};
use crate::apb::policy::Rule;
use crate::apb::site::Site;

/// What came of some reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) grants: u64,
    pub(super) denials: u64,
    /// Anti-passback rules broken, granted or denied.
    pub(super) violations: u64,
    /// Denials because an anti-passback rule was broken.
    pub(super) refused: u64,
}

impl Counts {
    pub(super) fn reads(&self) -> u64 {
        self.grants + self.denials
    }

    fn count(&mut self, decision: &Decision) {
        let is_granted = decision.grant.is_some();
        let is_violation = decision.violation.is_some();
        self.grants += u64::from(is_granted);
        self.denials += u64::from(!is_granted);
        self.violations += u64::from(is_violation);
        self.refused += u64::from(is_violation && !is_granted);
    }
}

/// How decisions compare with those that a log tells of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Compared {
    /// The same in both.
    pub(super) agreements: u64,
    /// Granted here, denied there.
    pub(super) granted_here: u64,
    /// Denied here, granted there.
    pub(super) denied_here: u64,
    /// The log does not say, or not in words that are known.
    pub(super) unclear: u64,
}

/// Everything that was counted.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    pub(super) all: Counts,
    pub(super) reasons: Vec<u64>,
    pub(super) rules: Vec<Counts>,
    pub(super) readers: Vec<Counts>,
    pub(super) holders: Vec<Counts>,
    pub(super) alerts: u64,
    /// What a log's own results have to say, if it has any.
    pub(super) compared: Option<Compared>,
    /// Rows whose log names another holder than the site does.
    pub(super) other_holders: u64,
    /// Rows of a log without credential and holder.
    pub(super) bare_rows: u64,
    /// The first credentials that the site does not have.
    pub(super) strangers: Vec<String>,
}

/// How many unknown credentials are kept as examples.
const STRANGERS_MAX: usize = 5;

impl Tally {
    pub(super) fn new(site: &Site) -> Self {
        Self {
            all: Counts::default(),
            reasons: vec![0; Reason::ALL.len()],
            rules: vec![Counts::default(); Rule::ALL.len()],
            readers: vec![Counts::default(); site.readers.len()],
            holders: vec![Counts::default(); site.holders.len()],
            alerts: 0,
            compared: None,
            other_holders: 0,
            bare_rows: 0,
            strangers: Vec::new(),
        }
    }

    pub(super) fn count(&mut self, event: &Event) {
        match event {
            Event::Decision(decision) => self.decision(decision),
            Event::Alert(alert) => {
                let told_already = matches!(alert.cause, AlertCause::Denied(_) | AlertCause::Flagged(_));
                self.alerts += u64::from(!told_already);
            }
            _ => {}
        }
    }

    fn decision(&mut self, decision: &Decision) {
        self.all.count(decision);
        if let Some(count) = position(Reason::ALL, &decision.reason).and_then(|i| self.reasons.get_mut(i)) {
            *count += 1;
        }
        let rule = decision.violation.and_then(|rule| position(&Rule::ALL, &rule));
        if let Some(counts) = rule.and_then(|i| self.rules.get_mut(i)) {
            counts.count(decision);
        }
        let ReaderId(reader) = decision.reader;
        if let Some(counts) = self.readers.get_mut(usize::from(reader)) {
            counts.count(decision);
        }
        if let Some(counts) = decision.holder.and_then(|HolderId(h)| self.holders.get_mut(h as usize)) {
            counts.count(decision);
        }
    }

    /// Notes a credential that the site does not have.
    pub(super) fn note_stranger(&mut self, name: &str) {
        if self.strangers.len() < STRANGERS_MAX && !self.strangers.iter().any(|s| s == name) {
            self.strangers.push(name.to_owned());
        }
    }

    /// Compares a decision with the log's; `None`: the log's is not clear.
    pub(super) fn compare(&mut self, granted: bool, there: Option<bool>) {
        let compared = self.compared.get_or_insert_default();
        match there {
            None => compared.unclear += 1,
            Some(there) if there == granted => compared.agreements += 1,
            Some(_) if granted => compared.granted_here += 1,
            Some(_) => compared.denied_here += 1,
        }
    }
}

fn position<T: PartialEq>(all: &[T], one: &T) -> Option<usize> {
    all.iter().position(|each| each == one)
}
