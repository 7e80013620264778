//! What is wrong with a site before anybody has walked through a gate: how it is laid out and how it is set.

mod areas;
mod lanes;
mod people;
mod readers;

use super::place::Place;
use crate::apb::site::Site;
use crate::scenario::plan::Plan;
use serde::{Deserialize, Serialize};

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Anti-passback does not do what it is there for, or people are locked in or out.
    Serious,
    /// It works, and can be got round, or will be a nuisance.
    Warning,
    /// Somebody should know it.
    Notice,
}

impl Severity {
    /// The stable word for this severity.
    pub fn name(self) -> &'static str {
        match self {
            Self::Serious => "serious",
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }
}

/// Something about a site that can be told without trying it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The stable word for this kind of finding.
    pub id: String,
    /// How grave it is.
    pub severity: Severity,
    /// `site`, `area`, `lane` or `reader`.
    pub place_kind: String,
    /// The place's name.
    pub place: String,
    /// What it is.
    pub what: String,
    /// Why it matters.
    pub why: String,
    /// How to mend it.
    pub mend: String,
}

/// All that can be told of a site without trying it: the gravest first, then by place.
pub fn findings(plan: &Plan) -> Vec<Finding> {
    let mut notes = Notes { site: &plan.site, found: Vec::new() };
    readers::look(&mut notes);
    lanes::look(plan, &mut notes);
    areas::look(&mut notes);
    people::look(&mut notes);
    let mut found = notes.found;
    found.sort_by_key(|(place, finding)| (finding.severity, *place));
    found.into_iter().map(|(_, finding)| finding).collect()
}

/// The findings so far.
struct Notes<'a> {
    site: &'a Site,
    found: Vec<(Place, Finding)>,
}

impl Notes<'_> {
    fn add(&mut self, place: Place, id: &str, severity: Severity, [what, why, mend]: [String; 3]) {
        let (place_kind, name) = (place.kind().into(), place.name(self.site));
        let finding = Finding { id: id.into(), severity, place_kind, place: name, what, why, mend };
        self.found.push((place, finding));
    }
}
