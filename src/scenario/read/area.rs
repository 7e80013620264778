//! The areas of a site, as a tree, and what holds in them.

use super::entries::{Entries, Table};
use super::policy::policy;
use crate::apb::id::AreaId;
use crate::apb::policy::{Enforcement, Policy};
use crate::apb::site::{Area, Company, Counts, Occupancy, Together};
use crate::scenario::decode::{Fields, Log, choice};
use crate::scenario::names::Names;
use crate::scenario::syntax::Node;
use crate::scenario::units;

/// The areas in site order, which is the file's, but for the outside: it always comes first.
pub(super) fn areas(list: Option<&Node>, schedules: &Names, log: &Log<'_>) -> Table<Area> {
    let entries = Entries::of(list, ("area", "areas"), log);
    let outside = entries.nodes.iter().position(|node| !gives_within(node, log)).unwrap_or(0);
    let order: Vec<usize> =
        std::iter::once(outside).chain((0..entries.nodes.len()).filter(|i| *i != outside)).collect();
    let mut names = Names::new("area", "areas");
    for i in &order {
        names.add(entries.name(*i));
    }
    let (mut rows, mut places) = (Vec::new(), Vec::new());
    for (position, i) in order.iter().enumerate() {
        let Some(node) = entries.nodes.get(*i) else { continue };
        places.push(node.place);
        rows.push(area(node, entries.name(*i), position == 0, (&names, schedules), log));
    }
    Table { names, rows, places }
}

/// Whether an area says what it lies within. Looks without noting anything: the area itself is decoded later.
fn gives_within(node: &Node, log: &Log<'_>) -> bool {
    let silent = Log::new(&log.path, log.text, vec![]);
    Fields::of(node, "an area", &silent).is_none_or(|fields| fields.gives("within"))
}

fn area(node: &Node, name: &str, outside: bool, (names, schedules): (&Names, &Names), log: &Log<'_>) -> Area {
    let root = (!outside).then_some(AreaId(0));
    let mut area = Area { name: name.into(), parent: root, policy: Policy::off(), ..Area::default() };
    let Some(fields) = Fields::of(node, "an area", log) else { return area };
    fields.get("id");
    let within = fields.optional("within", log, |node, log| {
        let position = units::known(node, names, log)?;
        if names.find(name) == Some(position) {
            log.note(node.place, format!("`{name}` lies within itself"), "expected another area", "");
            return None;
        }
        Some(AreaId::at(position))
    });
    if fields.gives("within") {
        area.parent = within.or(root);
    } else if !outside {
        let found = format!("`{name}` lies within no area");
        let help = "only the outside may; say `within: \"…\"`";
        log.note(fields.head, found, "a second outside", help);
    }
    area.policy = fields.or("apb", Policy::off(), log, |node, log| policy(node, schedules, log));
    area.occupancy = occupancies(&fields, log);
    area.company = fields.or("company", Company::default(), log, company);
    fields.finish(log);
    area
}

/// The field `occupancy`, or its short form `occupancy_max`.
fn occupancies(fields: &Fields<'_>, log: &Log<'_>) -> Occupancy {
    let mut limits = fields.or("occupancy", Occupancy::default(), log, occupancy);
    let Some(short) = fields.get("occupancy_max") else { return limits };
    if fields.gives("occupancy") {
        let found = "`occupancy_max` beside `occupancy`";
        log.note(short.place, found, "it is the short form of `occupancy: (max: …)`", "keep one of the two");
    } else {
        limits.max = headcount(short, log);
    }
    limits
}

fn occupancy(node: &Node, log: &Log<'_>) -> Option<Occupancy> {
    let fields = Fields::of(node, "an occupancy", log)?;
    let usual = Occupancy::default();
    let max = fields.optional("max", log, headcount);
    let min = fields.optional("min", log, headcount);
    let enforcements = [("Hard", Enforcement::Hard), ("Soft", Enforcement::Soft)];
    let enforcement = fields.or("enforcement", usual.enforcement, log, |node, log| {
        choice(node, "an enforcement of limits", enforcements, log)
    });
    let all = [("Holders", Counts::Holders), ("Bodies", Counts::Bodies)];
    let counts =
        fields.or("counts", usual.counts, log, |node, log| choice(node, "what is counted", all, log));
    if !fields.gives("max") && !fields.gives("min") {
        log.note(fields.head, "an occupancy without a limit", "expected `max` or `min`", "add `max: …`");
    }
    if let (Some(max), Some(min)) = (max, min)
        && min > max
    {
        let found = format!("{min} have to stay where only {max} may be");
        log.note(fields.head, found, "`min` is more than `max`", "");
    }
    fields.finish(log);
    Some(Occupancy { max, min, enforcement, counts })
}

fn headcount(node: &Node, log: &Log<'_>) -> Option<u32> {
    units::whole(node, 1, u64::from(u32::MAX), log).and_then(|n| u32::try_from(n).ok())
}

fn company(node: &Node, log: &Log<'_>) -> Option<Company> {
    let fields = Fields::of(node, "a rule of company", log)?;
    let usual = Company::default();
    let rules = [("Alone", Together::Alone), ("TwoMan", Together::TwoMan), ("Dual", Together::Dual)];
    let rule = fields.or("rule", usual.rule, log, |node, log| choice(node, "a rule of company", rules, log));
    let within = fields.or("within", usual.within, log, units::positive_span);
    let first_person = fields.or("first_person", usual.first_person, log, units::boolean);
    fields.finish(log);
    Some(Company { rule, within, first_person })
}
