//! Counting what came of reads: one row for each reader, holder, rule and reason, however many reads there
//! are.

use crate::apb::id::{GrantId, HolderId, ReaderId};
use crate::apb::journal::{AlertCause, Decision, Event, Reason};
use crate::apb::policy::Rule;
use crate::apb::site::Site;
use std::collections::BTreeMap;

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

    /// Takes back a denial that was none in the end. A denial for want of company is no violation.
    fn take_back_denial(&mut self) {
        self.denials = self.denials.saturating_sub(1);
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
    /// Alerts about anything but a violation, which is counted already.
    pub(super) other_alerts: u64,
    /// What a log's own results have to say, if it has any.
    pub(super) compared: Option<Compared>,
    /// Rows whose log names another holder than the site does.
    pub(super) other_holders: u64,
    /// Rows of a log without credential and holder.
    pub(super) bare_rows: u64,
    /// The first credentials that the site does not have.
    pub(super) strangers: Vec<String>,
    /// Rows of a log whose readers the site does not have, and the first such readers.
    pub(super) foreign_rows: u64,
    pub(super) foreign_readers: Vec<String>,
    /// Who was denied for want of company and may yet be decided anew: where, and what the log says of it.
    waiting: BTreeMap<HolderId, Waiting>,
    /// Who was denied so by the decision before.
    denied_alone: Option<HolderId>,
    /// The last two grants and whose they are.
    granted: [Option<(GrantId, HolderId)>; 2],
}

/// A denial for want of company.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    reader: ReaderId,
    /// What the log says of that read, once it was compared.
    there: Option<Option<bool>>,
}

/// How many unknown credentials, and unknown readers, are kept as examples.
const EXAMPLES_MAX: usize = 5;

impl Tally {
    pub(super) fn new(site: &Site) -> Self {
        Self {
            all: Counts::default(),
            reasons: vec![0; Reason::ALL.len()],
            rules: vec![Counts::default(); Rule::ALL.len()],
            readers: vec![Counts::default(); site.readers.len()],
            holders: vec![Counts::default(); site.holders.len()],
            other_alerts: 0,
            compared: None,
            other_holders: 0,
            bare_rows: 0,
            strangers: Vec::new(),
            foreign_rows: 0,
            foreign_readers: Vec::new(),
            waiting: BTreeMap::new(),
            denied_alone: None,
            granted: [None; 2],
        }
    }

    pub(super) fn count(&mut self, event: &Event) {
        match event {
            Event::Decision(decision) => self.decision(decision),
            Event::Alert(alert) => {
                let told_already = matches!(alert.cause, AlertCause::Denied(_) | AlertCause::Flagged(_));
                self.other_alerts += u64::from(!told_already);
            }
            Event::Paired { grants: [first, _] } => self.pair(*first),
            _ => {}
        }
    }

    fn decision(&mut self, decision: &Decision) {
        self.note_company(decision);
        if let Some(count) = position(Reason::ALL, &decision.reason).and_then(|i| self.reasons.get_mut(i)) {
            *count += 1;
        }
        let rule = decision.violation.and_then(|rule| position(&Rule::ALL, &rule));
        if let Some(counts) = rule.and_then(|i| self.rules.get_mut(i)) {
            counts.count(decision);
        }
        self.each(decision.reader, decision.holder, |counts| counts.count(decision));
    }

    /// Does something to the counts of everything, of a reader and of a holder.
    fn each(&mut self, ReaderId(reader): ReaderId, holder: Option<HolderId>, change: impl Fn(&mut Counts)) {
        let of_reader = self.readers.get_mut(usize::from(reader));
        let of_holder = holder.and_then(|HolderId(holder)| self.holders.get_mut(holder as usize));
        [Some(&mut self.all), of_reader, of_holder].into_iter().flatten().for_each(change);
    }

    /// Notes who is denied until a second one comes, and who was granted last.
    fn note_company(&mut self, decision: &Decision) {
        let waits = decision.holder.filter(|_| decision.reason == Reason::AwaitingPartner);
        if let Some(holder) = waits {
            self.waiting.insert(holder, Waiting { reader: decision.reader, there: None });
        }
        self.denied_alone = waits;
        if let Some(granted) = decision.grant.zip(decision.holder) {
            self.granted = [self.granted[1], Some(granted)];
        }
    }

    /// When the second of two comes both are decided, the first one anew: the denial meanwhile was none.
    fn pair(&mut self, first: GrantId) {
        let mut granted = self.granted.iter().flatten();
        let holder = granted.find(|(grant, _)| *grant == first).map(|(_, holder)| *holder);
        let waited = holder.and_then(|holder| self.waiting.remove(&holder));
        let Some(waited) = waited else { return };
        self.each(waited.reader, holder, Counts::take_back_denial);
        let reason = position(Reason::ALL, &Reason::AwaitingPartner);
        if let Some(count) = reason.and_then(|i| self.reasons.get_mut(i)) {
            *count = count.saturating_sub(1);
        }
        if let (Some(there), Some(compared)) = (waited.there, &mut self.compared) {
            compared.add(false, there, |count| *count = count.saturating_sub(1));
            compared.add(true, there, |count| *count += 1);
        }
    }

    /// Notes a row whose reader the site does not have.
    pub(super) fn note_foreign_row(&mut self, reader: &str) {
        self.foreign_rows += 1;
        note(&mut self.foreign_readers, reader);
    }

    /// Notes a credential that the site does not have.
    pub(super) fn note_stranger(&mut self, name: &str) {
        note(&mut self.strangers, name);
    }

    /// Compares a decision with the log's; `None`: the log's is not clear.
    pub(super) fn compare(&mut self, granted: bool, there: Option<bool>) {
        self.compared.get_or_insert_default().add(granted, there, |count| *count += 1);
        if let Some(waiting) = self.denied_alone.and_then(|holder| self.waiting.get_mut(&holder)) {
            waiting.there = Some(there);
        }
    }
}

impl Compared {
    /// Does something to the count that a decision here and one there belong to.
    fn add(&mut self, granted: bool, there: Option<bool>, change: impl Fn(&mut u64)) {
        change(match there {
            None => &mut self.unclear,
            Some(there) if there == granted => &mut self.agreements,
            Some(_) if granted => &mut self.granted_here,
            Some(_) => &mut self.denied_here,
        });
    }
}

/// Keeps an example, unless there are enough or it is one already.
fn note(examples: &mut Vec<String>, name: &str) {
    if examples.len() < EXAMPLES_MAX && !examples.iter().any(|example| example == name) {
        examples.push(name.to_owned());
    }
}

fn position<T: PartialEq>(all: &[T], one: &T) -> Option<usize> {
    all.iter().position(|each| each == one)
}
