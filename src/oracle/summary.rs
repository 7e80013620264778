//! What came of all reads, for people and as one more line.

use super::names::Names;
use super::object::Object;
use super::tally::{Compared, Counts, Tally};
use crate::apb::journal::Reason;
use crate::apb::policy::Rule;
use crate::apb::site::Site;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::{Display, Write};

/// How many of those whom anti-passback rules refused most are listed.
const LISTED_MAX: usize = 10;

/// What came of some reads, as the line shows it.
#[derive(Clone, Copy, Debug, Serialize)]
struct Shown {
    reads: u64,
    grants: u64,
    denials: u64,
    violations: u64,
    /// Denials because an anti-passback rule was broken.
    refused: u64,
}

impl From<&Counts> for Shown {
    fn from(counts: &Counts) -> Self {
        let Counts { grants, denials, violations, refused } = *counts;
        Self { reads: counts.reads(), grants, denials, violations, refused }
    }
}

/// What came of all reads.
#[derive(Clone, Debug)]
pub struct Summary {
    all: Shown,
    reasons: BTreeMap<&'static str, u64>,
    rules: BTreeMap<&'static str, Shown>,
    readers: Vec<(String, Shown)>,
    /// Those of whom anything but a plain grant is to be told.
    holders: Vec<(String, Shown)>,
    most_refused: Vec<(String, Shown)>,
    other_alerts: u64,
    compared: Option<Compared>,
    other_holders: u64,
    bare_rows: u64,
    foreign_rows: u64,
    foreign_readers: Vec<String>,
    /// The first unknown credentials, and what to write in their place.
    strangers: Vec<(String, String)>,
    unknown: u64,
    notes: Vec<String>,
}

impl Summary {
    pub(super) fn of(tally: &Tally, site: &Site) -> Self {
        let reasons = Reason::ALL.iter().zip(&tally.reasons).filter(|(_, n)| **n > 0);
        let reasons: BTreeMap<_, _> = reasons.map(|(reason, n)| (reason.name(), *n)).collect();
        let rules = Rule::ALL.iter().zip(&tally.rules).filter(|(_, c)| c.reads() > 0);
        let readers = site.readers.iter().zip(&tally.readers).filter(|(_, c)| c.reads() > 0);
        let holders = site.holders.iter().zip(&tally.holders);
        let holders = holders.filter(|(_, c)| c.denials > 0 || c.violations > 0);
        let holders: Vec<_> = holders.map(|(h, c)| (h.name.clone(), c.into())).collect();
        let stranger = |name: &String| (name.clone(), Names::card_help(name, site));
        Self {
            all: (&tally.all).into(),
            rules: rules.map(|(rule, counts)| (rule.name(), counts.into())).collect(),
            readers: readers.map(|(r, counts)| (r.name.clone(), counts.into())).collect(),
            most_refused: most_refused(&holders),
            holders,
            other_alerts: tally.other_alerts,
            compared: tally.compared,
            other_holders: tally.other_holders,
            bare_rows: tally.bare_rows,
            foreign_rows: tally.foreign_rows,
            foreign_readers: tally.foreign_readers.clone(),
            strangers: tally.strangers.iter().map(stranger).collect(),
            unknown: reasons.get(Reason::UnknownCredential.name()).copied().unwrap_or(0),
            reasons,
            notes: Vec::new(),
        }
    }

    /// The same summary and something that was taken for granted.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Writes it as a line, `{"event":"summary",…}`.
    pub fn line(&self, out: &mut Vec<u8>) {
        let by_name =
            |list: &[(String, Shown)]| -> BTreeMap<String, Shown> { list.iter().cloned().collect() };
        let most: Vec<&str> = self.most_refused.iter().map(|(name, _)| name.as_str()).collect();
        let mut object = Object::timeless("summary", out);
        object
            .whole("reads", self.all.reads)
            .whole("grants", self.all.grants)
            .whole("denials", self.all.denials)
            .whole("violations", self.all.violations)
            .whole("refused", self.all.refused)
            .whole("unknown_credentials", self.unknown)
            .whole("other_alerts", self.other_alerts)
            .value("reasons", &self.reasons)
            .value("rules", &self.rules)
            .value("readers", &by_name(&self.readers))
            .value("holders", &by_name(&self.holders))
            .value("most_refused", &most);
        if let Some(Compared { agreements, granted_here, denied_here, unclear }) = self.compared {
            object
                .whole("agreements", agreements)
                .whole("disagreements", granted_here + denied_here)
                .whole("granted_here_denied_there", granted_here)
                .whole("denied_here_granted_there", denied_here)
                .whole("unclear_results", unclear);
        }
        if self.other_holders > 0 {
            object.whole("other_holders", self.other_holders);
        }
        if self.bare_rows > 0 {
            object.whole("rows_without_credential", self.bare_rows);
        }
        if self.foreign_rows > 0 {
            object.whole("rows_of_unknown_readers", self.foreign_rows);
            object.value("unknown_readers", &self.foreign_readers);
        }
        object.value("notes", &self.notes);
        object.end();
    }

    /// The same for people.
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, to: &mut String) {
        let Shown { reads, grants, denials, violations, refused } = self.all;
        let share = |n: u64| if reads == 0 { 0.0 } else { n as f64 * 100.0 / reads as f64 };
        row(to, "reads", reads, "");
        row(to, "granted", grants, &format!("{:.2} %", share(grants)));
        row(to, "denied", denials, &format!("{:.2} %", share(denials)));
        row(to, "violations", violations, &format!("{refused} of them denied"));
        row(to, "other alerts", self.other_alerts, "");
        for (reason, count) in self.reasons.iter().filter(|(reason, _)| **reason != Reason::Ok.name()) {
            row(to, &format!("reason {reason}"), *count, "");
        }
        for (rule, shown) in &self.rules {
            row(to, &format!("rule {rule}"), shown.violations, &format!("{} denied", shown.refused));
        }
        if let Some(Compared { agreements, granted_here, denied_here, unclear }) = self.compared {
            row(to, "as in the log", agreements, "");
            row(to, "other than in the log", granted_here + denied_here, "");
            row(to, "  granted, denied there", granted_here, "");
            row(to, "  denied, granted there", denied_here, "");
            row(to, "  not clear in the log", unclear, "");
        }
        if self.other_holders > 0 {
            row(to, "rows of another holder", self.other_holders, "the log says so; the site's was taken");
        }
        if self.bare_rows > 0 {
            row(to, "rows without credential", self.bare_rows, "passed over");
        }
        if self.foreign_rows > 0 {
            let detail = format!("passed over: {}", self.foreign_readers.join(", "));
            row(to, "rows of unknown readers", self.foreign_rows, &detail);
        }
        self.write_table(to, "by reader", &self.readers);
        self.write_table(to, "refused most", &self.most_refused);
        for (name, help) in &self.strangers {
            let _ = writeln!(to, "unknown credential `{name}`; {help}");
        }
        for note in &self.notes {
            let _ = writeln!(to, "note: {note}");
        }
    }

    fn write_table(&self, to: &mut String, title: &str, list: &[(String, Shown)]) {
        if list.is_empty() {
            return;
        }
        let row = |to: &mut String, name: &str, cells: [&dyn Display; 5]| {
            let cells: String = cells.iter().map(|cell| format!("{cell:>12}")).collect();
            let _ = writeln!(to, "{name:<22}{cells}");
        };
        row(to, title, [&"reads", &"granted", &"denied", &"violations", &"refused"]);
        for (name, Shown { reads, grants, denials, violations, refused }) in list.iter().take(LISTED_MAX) {
            row(to, &format!("  {name}"), [reads, grants, denials, violations, refused]);
        }
        if let Some(more) = list.len().checked_sub(LISTED_MAX).filter(|more| *more > 0) {
            let _ = writeln!(to, "  and {more} more");
        }
    }
}

fn row(to: &mut String, name: &str, count: u64, detail: &str) {
    let line = format!("{name:<30}{count:>12}  {detail}");
    // Writing into memory cannot fail.
    let _ = writeln!(to, "{}", line.trim_end());
}

/// Those whom anti-passback rules refused most often, the most first; of equals the first by name.
fn most_refused(holders: &[(String, Shown)]) -> Vec<(String, Shown)> {
    let mut refused: Vec<_> = holders.iter().filter(|(_, shown)| shown.refused > 0).collect();
    refused.sort_by(|a, b| b.1.refused.cmp(&a.1.refused).then_with(|| a.0.cmp(&b.0)));
    refused.into_iter().take(LISTED_MAX).cloned().collect()
}
