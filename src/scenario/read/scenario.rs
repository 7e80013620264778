//! A scenario file, given the tables of its site.

use super::crowd::crowd;
use super::expect::expectations;
use super::fault::faults;
use super::population::Populations;
use super::script::script;
use super::tables::Tables;
use super::walkers::walkers;
use crate::apb::id::{AreaId, CardNumber};
use crate::apb::time::Span;
use crate::scenario::calendar::Calendar;
use crate::scenario::crowd::Group;
use crate::scenario::decode::{Fields, Log};
use crate::scenario::expect::Expectation;
use crate::scenario::fault::Fault;
use crate::scenario::names::Names;
use crate::scenario::script::Step;
use crate::scenario::syntax::{Node, Place, Value};
use crate::scenario::units;
use crate::scenario::walkers::Walkers;
use std::collections::BTreeSet;

/// The longest run: four weeks.
const DURATION_MAX: Span = Span::seconds(28 * 86_400);

/// Every field of a scenario.
const FIELDS: [&str; 12] = [
    "title",
    "site",
    "duration",
    "start",
    "time_zone",
    "seed",
    "tick",
    "crowd",
    "walkers",
    "script",
    "faults",
    "expect",
];

/// What a scenario file says, apart from its site.
pub(in crate::scenario) struct Story {
    pub(in crate::scenario) title: String,
    pub(in crate::scenario) seed: u64,
    pub(in crate::scenario) tick: Span,
    pub(in crate::scenario) crowd: Vec<Group>,
    pub(in crate::scenario) walkers: Vec<Walkers>,
    pub(in crate::scenario) script: Vec<Step>,
    pub(in crate::scenario) faults: Vec<Fault>,
    pub(in crate::scenario) expectations: Vec<Expectation>,
}

/// The head of a scenario: what has to be known before its site can be read.
pub(in crate::scenario) struct Head {
    pub(in crate::scenario) site: Option<(String, Place)>,
    pub(in crate::scenario) calendar: Calendar,
}

/// What the parts of a scenario refer to.
pub(super) struct Stage<'a> {
    pub(super) tables: &'a Tables,
    pub(super) calendar: &'a Calendar,
    pub(super) populations: &'a Populations<'a>,
}

/// Reads path of the site, start, time zone and duration.
pub(in crate::scenario) fn head(tree: &Node, log: &Log<'_>) -> Option<Head> {
    let fields = Fields::of(tree, "a scenario", log)?;
    // Named in the order of the file format, so that the first missing field is reported like the others.
    fields.required("title", log, units::text);
    let site = fields.required("site", log, |node, log| Some((units::text(node, log)?, node.place)));
    let duration = fields.required("duration", log, |node, log| {
        let duration = units::positive_span(node, log)?;
        if duration > DURATION_MAX {
            log.note(node.place, "a run of more than four weeks", "at most \"672h\"", "");
            return None;
        }
        Some(duration)
    });
    let (start, zone) = (fields.get("start"), fields.get("time_zone"));
    let calendar = Calendar::decode(start, zone, duration.unwrap_or(Span::ZERO), log);
    if site.is_none() {
        // Nothing else will be read: say now which field is misspelt.
        fields.know(&FIELDS);
        fields.finish(log);
    }
    Some(Head { site, calendar })
}

/// Reads the rest. What is wrong is noted and left out.
pub(in crate::scenario) fn scenario(
    tree: &Node,
    (tables, calendar, populations): (&Tables, &Calendar, &Populations<'_>),
    log: &Log<'_>,
) -> Option<Story> {
    let stage = &Stage { tables, calendar, populations };
    let fields = Fields::of(tree, "a scenario", log)?;
    fields.know(&FIELDS);
    let title = fields.optional("title", log, units::text).unwrap_or_default();
    let seed = fields.or("seed", 1, log, |node, log| units::whole(node, 0, u64::MAX, log));
    let tick = fields.or("tick", Span::millis(10), log, tick);
    let crowd = fields.or("crowd", vec![], log, |node, log| crowd(node, stage, log));
    let walkers = fields.or("walkers", vec![], log, |node, log| walkers(node, stage, &crowd, log));
    let mut script = fields.or("script", Default::default(), log, |node, log| script(node, stage, log));
    let faults = fields.or("faults", vec![], log, |node, log| faults(node, stage, log));
    let mut expectations = fields.or("expect", vec![], log, |node, log| expectations(node, stage, log));
    expectations.append(&mut script.checks);
    fields.finish(log);
    Some(Story { title, seed, tick, crowd, walkers, script: script.steps, faults, expectations })
}

fn tick(node: &Node, log: &Log<'_>) -> Option<Span> {
    let tick = units::span(node, log)?;
    if (Span::millis(1)..=Span::seconds(1)).contains(&tick) {
        return Some(tick);
    }
    log.note(node.place, "a tick out of range", "expected \"1ms\" to \"1s\"", "\"10ms\" is the default");
    None
}

impl Stage<'_> {
    /// A credential by its name, or a number that no credential of the site may have.
    pub(super) fn card(&self, node: &Node, log: &Log<'_>) -> Option<CardNumber> {
        if let Value::Integer(_) = node.value {
            return units::whole(node, 0, u64::MAX, log).map(CardNumber);
        }
        let position = units::known(node, &self.tables.people.credential_names, log)?;
        self.tables.parts.credentials.get(position).map(|c| c.number)
    }

    /// An area by its name.
    pub(super) fn area(&self, node: &Node, log: &Log<'_>) -> Option<AreaId> {
        units::known(node, &self.tables.areas, log).map(AreaId::at)
    }

    /// Something by its name.
    pub(super) fn known(&self, names: fn(&Tables) -> &Names, node: &Node, log: &Log<'_>) -> Option<usize> {
        units::known(node, names(self.tables), log)
    }

    /// Notes, at `place`, that people of this area have nowhere to appear or vanish.
    pub(super) fn check_portal(&self, area: AreaId, place: Place, log: &Log<'_>) {
        if !self.tables.portals.iter().any(|portal| portal.area == area) {
            let name = self.tables.parts.areas.get(area.index()).map_or("?", |a| a.name.as_str());
            let found = format!("area `{name}` has no portal, so nobody can appear or vanish there");
            let help = format!("add `(area: \"{name}\", x_m: …, y_m: …)` to the site's `portals`");
            log.note(place, found, "somebody goes there", help);
        }
    }

    /// Whether lanes lead from the outside to this area.
    pub(super) fn reachable(&self, area: AreaId) -> bool {
        let mut reached = BTreeSet::from([crate::apb::site::OUTSIDE]);
        loop {
            let before = reached.len();
            for lane in &self.tables.parts.lanes {
                if reached.contains(&lane.outer) || reached.contains(&lane.inner) {
                    reached.extend([lane.outer, lane.inner]);
                }
            }
            if reached.len() == before {
                return reached.contains(&area);
            }
        }
    }
}
