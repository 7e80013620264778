//! The floor: its outline, what stands on it, its walls, and the portals that people come and go by.

use crate::apb::id::AreaId;
use crate::scenario::decode::{Fields, Log, list, tuple};
use crate::scenario::names::Names;
use crate::scenario::plan::{FloorPlan, Point, Portal};
use crate::scenario::syntax::{Node, quoted};
use crate::scenario::units;

/// The field `floor` of a site.
pub(super) fn floor(node: &Node, log: &Log<'_>) -> Option<FloorPlan> {
    let fields = Fields::of(node, "a floor", log)?;
    let outline = fields.optional("outline", log, |node, log| corners(node, 3, log));
    let lines = |least| {
        move |node: &Node, log: &Log<'_>| {
            list(node, "lists of corners", log, |node, log| corners(node, least, log))
        }
    };
    let obstacles = fields.or("obstacles", vec![], log, lines(3));
    let walls = fields.or("walls", vec![], log, lines(2));
    fields.finish(log);
    Some(FloorPlan { outline, obstacles, walls })
}

/// `[(0, 0), (20, 0), …]`, at least so many, no two running the same.
fn corners(node: &Node, least: usize, log: &Log<'_>) -> Option<Vec<Point>> {
    let all = list(node, "corners in metres", log, point)?;
    if all.len() < least {
        let found = format!("{} corners", all.len());
        log.note(node.head(), found, format!("expected at least {least}"), "each is `(x, y)` in metres");
        return None;
    }
    if all.windows(2).any(|w| w[0] == w[1]) {
        log.note(node.head(), "the same corner twice, one after the other", "", "remove one of the two");
        return None;
    }
    Some(all)
}

/// `(x, y)` in metres.
pub(super) fn point(node: &Node, log: &Log<'_>) -> Option<Point> {
    let [x, y] = tuple(node, "(x, y)", log)?;
    Some(Point { x_m: units::position(x, log)?, y_m: units::position(y, log)? })
}

/// The field `portals` of a site. Names, where there are any, are unique.
pub(super) fn portals(node: &Node, areas: &Names, log: &Log<'_>) -> Option<Vec<Portal>> {
    let mut names = Names::new("portal", "portals");
    list(node, "portals", log, |node, log| {
        let portal = portal(node, areas, log)?;
        if !portal.name.is_empty() && !names.add(&portal.name) {
            let found = format!("a second portal {}", quoted(&portal.name));
            log.note(node.head(), found, "given again here", "names of portals are unique");
            return None;
        }
        Some(portal)
    })
}

fn portal(node: &Node, areas: &Names, log: &Log<'_>) -> Option<Portal> {
    let fields = Fields::of(node, "a portal", log)?;
    let name = fields.or("id", String::new(), log, units::name);
    let area = fields.required("area", log, |node, log| units::known(node, areas, log));
    let x_m = fields.required("x_m", log, units::position);
    let y_m = fields.required("y_m", log, units::position);
    let to = fields.optional("to", log, point);
    fields.finish(log);
    let from = Point { x_m: x_m?, y_m: y_m? };
    Some(Portal { name, area: AreaId::at(area?), from, to: to.unwrap_or(from) })
}
