//! Readers: each stands at one end of a lane and looks one way.

use super::hardware::Behind;
use super::policy::enforcement;
use super::technology::technology;
use crate::apb::id::{AreaId, Direction, LaneId, ScheduleId};
use crate::apb::site::{FactorRule, Lane, Reader};
use crate::scenario::decode::{Fields, Log, Variant};
use crate::scenario::names::Names;
use crate::scenario::syntax::Node;
use crate::scenario::technology::Technology;
use crate::scenario::units;

/// The tables that readers refer to.
pub(super) struct Gates<'a> {
    pub(super) behind: &'a Behind<'a>,
    pub(super) lane_names: &'a Names,
    pub(super) lanes: &'a [Lane],
}

/// A reader, if it fits its lane, or else one that stands in for it; and what people have to do there, if
/// that is not what its lane says.
pub(super) fn reader(
    node: &Node,
    name: &str,
    gates: &Gates<'_>,
    log: &Log<'_>,
) -> (Reader, Option<Technology>) {
    let mut reader = Reader::new(name, LaneId(0), Direction::In);
    let Some(fields) = Fields::of(node, "a reader", log) else { return (reader, None) };
    fields.get("id");
    let behind = gates.behind;
    let lane = fields.required("lane", log, |node, log| units::known(node, gates.lane_names, log));
    let area = |field| fields.required(field, log, |node, log| units::known(node, behind.area_names, log));
    let (from, to) = (area("from").map(AreaId::at), area("to").map(AreaId::at));
    reader.toggles = fields.or("toggles", reader.toggles, log, units::boolean);
    reader.apb = fields.optional("apb", log, enforcement);
    reader.factor =
        fields.or("factor", reader.factor, log, |node, log| factor_rule(node, behind.schedules, log));
    let technology = fields.optional("technology", log, technology);
    let head = fields.head;
    fields.finish(log);
    reader.lane = lane.map_or(reader.lane, LaneId::at);
    if let (Some(lane), Some(from), Some(to)) = (lane.and_then(|i| gates.lanes.get(i)), from, to) {
        match direction(lane, from, to) {
            Some(direction) => reader.direction = direction,
            None => {
                let title = |id: AreaId| behind.areas.get(id.index()).map_or("?", |a| a.name.as_str());
                let (outer, inner) = (title(lane.outer), title(lane.inner));
                let found = if from == to {
                    format!("reader `{name}` leads from `{0}` to `{0}`", title(from))
                } else {
                    format!("reader `{name}` leads from `{}` to `{}`", title(from), title(to))
                };
                let expected = format!("lane `{}` lies between `{outer}` and `{inner}`", lane.name);
                let help = format!("an entry reader leads from `{outer}` to `{inner}`, an exit reader back");
                log.note(head, found, expected, help);
            }
        }
    }
    (reader, technology)
}

fn direction(lane: &Lane, from: AreaId, to: AreaId) -> Option<Direction> {
    Direction::BOTH.into_iter().find(|d| from != to && lane.from(*d) == from && lane.to(*d) == to)
}

fn factor_rule(node: &Node, schedules: &Names, log: &Log<'_>) -> Option<FactorRule> {
    let variant = Variant::of(node, "a rule for second factors", &["Never", "Always", "During"], log)?;
    match variant.name {
        "Never" => variant.bare(FactorRule::Never, log),
        "Always" => variant.bare(FactorRule::Always, log),
        _ => {
            let [schedule] = variant.values("During(\"schedule\")", log)?;
            units::known(schedule, schedules, log).map(|i| FactorRule::During(ScheduleId::at(i)))
        }
    }
}
