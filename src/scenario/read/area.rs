//! The areas of a site, as a tree.

use super::policy::policy;
use super::site::Entries;
use crate::apb::id::AreaId;
use crate::apb::policy::Policy;
use crate::apb::site::Area;
use crate::scenario::decode::{Fields, Log};
use crate::scenario::names::Names;
use crate::scenario::syntax::{Node, Place};
use crate::scenario::units;

/// The areas in site order, which is the file's, but for the outside: it always comes first.
pub(super) fn areas(list: Option<&Node>, log: &Log<'_>) -> (Names, Vec<Area>, Vec<Place>) {
    let entries = Entries::of(list, ("area", "areas"), log);
    let outside = entries.nodes.iter().position(|node| !gives_within(node, log)).unwrap_or(0);
    let order: Vec<usize> =
        std::iter::once(outside).chain((0..entries.nodes.len()).filter(|i| *i != outside)).collect();
    let mut names = Names::new("area", "areas");
    for i in &order {
        names.add(entries.name(*i));
    }
    let (mut areas, mut places) = (Vec::new(), Vec::new());
    for (position, i) in order.iter().enumerate() {
        let Some(node) = entries.nodes.get(*i) else { continue };
        places.push(node.place);
        areas.push(area(node, entries.name(*i), position == 0, &names, log));
    }
    (names, areas, places)
}

/// Whether an area says what it lies within. Looks without noting anything: the area itself is decoded later.
fn gives_within(node: &Node, log: &Log<'_>) -> bool {
    let silent = Log::new(&log.path, log.text, vec![]);
    Fields::of(node, "an area", &silent).is_none_or(|fields| fields.gives("within"))
}

fn area(node: &Node, name: &str, outside: bool, names: &Names, log: &Log<'_>) -> Area {
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
    area.policy = fields.or("apb", Policy::off(), log, policy);
    area.occupancy.max = fields.optional("occupancy_max", log, |node, log| {
        units::whole(node, 1, u64::from(u32::MAX), log).and_then(|n| u32::try_from(n).ok())
    });
    fields.finish(log);
    area
}
