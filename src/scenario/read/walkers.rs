//! People without credentials who walk about.

use super::crowd::kinds_of_people;
use super::floor::point;
use super::scenario::Stage;
use crate::apb::id::AreaId;
use crate::apb::site::OUTSIDE;
use crate::apb::time::Time;
use crate::scenario::crowd::Group;
use crate::scenario::decode::{Fields, Log, Variant, list};
use crate::scenario::plan::Point;
use crate::scenario::syntax::{Node, quoted};
use crate::scenario::units;
use crate::scenario::walkers::{Destination, Start, Walkers};
use std::collections::BTreeSet;

/// More walkers than these are a mistake.
const COUNT_MAX: u64 = 200_000;

/// The least room that somebody has to stand in, m².
const ROOM_M2: f32 = 0.16;

/// The field `walkers` of a scenario.
pub(super) fn walkers(
    node: &Node,
    stage: &Stage<'_>,
    groups: &[Group],
    log: &Log<'_>,
) -> Option<Vec<Walkers>> {
    let mut taken: BTreeSet<String> = groups.iter().map(|g| g.name.clone()).collect();
    list(node, "groups of walkers", log, |node, log| {
        let walkers = some(node, stage, log)?;
        if !taken.insert(walkers.name.clone()) {
            let found = format!("a second group {}", quoted(&walkers.name));
            log.note(node.head(), found, "given again here", "names of groups are unique");
            return None;
        }
        Some(walkers)
    })
}

fn some(node: &Node, stage: &Stage<'_>, log: &Log<'_>) -> Option<Walkers> {
    let fields = Fields::of(node, "a group of walkers", log)?;
    let name = fields.required("name", log, units::name);
    let count = fields.required("count", log, |node, log| units::whole(node, 1, COUNT_MAX, log));
    let count = count.and_then(|n| u32::try_from(n).ok());
    let area = fields.or("area", OUTSIDE, log, |node, log| stage.area(node, log));
    let start = fields.required("start", log, |node, log| start(node, count.unwrap_or(1), stage, log));
    let once = vec![Time::ZERO];
    let sets_out = fields.or("sets_out", once, log, |node, log| sets_out(node, count, stage, log));
    let portal = |node: &Node, log: &Log<'_>| portal(node, stage, log);
    let via = fields.or("via", vec![], log, |node, log| list(node, "names of portals", log, portal));
    let rounds = fields.or("rounds", 1, log, |node, log| {
        units::whole(node, 1, 10_000, log).and_then(|n| u32::try_from(n).ok())
    });
    let to = fields.required("to", log, |node, log| destination(node, area, stage, log));
    let ways = match &to {
        Some(Destination::Area(to)) => vec![(area, *to)],
        Some(Destination::Portals(_)) | None => vec![],
    };
    let (habits, population) = kinds_of_people(&fields, &ways, stage, log);
    fields.finish(log);
    let (name, count, start, to) = (name?, count?, start?, to?);
    Some(Walkers { name, count, area, start, sets_out, via, rounds, to, habits, population })
}

fn portal(node: &Node, stage: &Stage<'_>, log: &Log<'_>) -> Option<usize> {
    let wanted = units::text(node, log)?;
    let found = stage.tables.portals.iter().position(|p| !p.name.is_empty() && p.name == wanted);
    if found.is_none() {
        let help = "give a portal of the site this `id`";
        log.note(node.place, format!("no portal is called {}", quoted(&wanted)), "", help);
    }
    found
}

/// `Within((0, 0), (20, 15))` or `Portal("door")`.
fn start(node: &Node, count: u32, stage: &Stage<'_>, log: &Log<'_>) -> Option<Start> {
    let variant = Variant::of(node, "a place to start", &["Within", "Portal"], log)?;
    if variant.name == "Portal" {
        let [name] = variant.values("Portal(\"name\")", log)?;
        return portal(name, stage, log).map(Start::Portal);
    }
    let [a, b] = variant.values("Within((0, 0), (20, 15))", log)?;
    let (a, b): (Point, Point) = (point(a, log)?, point(b, log)?);
    let room = (a.x_m - b.x_m).abs() * (a.y_m - b.y_m).abs();
    #[expect(clippy::cast_precision_loss, reason = "a count for comparison")]
    if room < count as f32 * ROOM_M2 {
        let found = format!("{count} people on {room:.1} m²");
        log.note(node.head(), found, "expected at most six to a square metre", "make the rectangle larger");
        return None;
    }
    Some(Start::Within(a, b))
}

/// One time for all, or a list of one for each.
fn sets_out(node: &Node, count: Option<u32>, stage: &Stage<'_>, log: &Log<'_>) -> Option<Vec<Time>> {
    let moment = |node: &Node, log: &Log<'_>| stage.calendar.moment(node, log);
    if !matches!(node.value, crate::scenario::syntax::Value::List(_)) {
        return moment(node, log).map(|at| vec![at]);
    }
    let times = list(node, "times", log, moment)?;
    if count.is_some_and(|n| usize::try_from(n) != Ok(times.len())) {
        let found = format!("{} times for {} people", times.len(), count.unwrap_or(0));
        log.note(node.head(), found, "expected one for each", "or a single time for all of them");
        return None;
    }
    Some(times)
}

/// `Portal("name")`, `Nearest(["name", …])` or `Area("name")`.
fn destination(node: &Node, from: AreaId, stage: &Stage<'_>, log: &Log<'_>) -> Option<Destination> {
    let variant = Variant::of(node, "a destination", &["Portal", "Nearest", "Area"], log)?;
    match variant.name {
        "Portal" => {
            let [name] = variant.values("Portal(\"name\")", log)?;
            Some(Destination::Portals(vec![portal(name, stage, log)?]))
        }
        "Nearest" => {
            let [names] = variant.values("Nearest([\"name\", …])", log)?;
            let all = list(names, "names of portals", log, |node, log| portal(node, stage, log))?;
            if all.is_empty() {
                log.note(names.head(), "a choice of no portals", "expected at least one", "");
                return None;
            }
            Some(Destination::Portals(all))
        }
        _ => {
            let [name] = variant.values("Area(\"name\")", log)?;
            let area = stage.area(name, log)?;
            stage.check_portal(area, name.place, log);
            if area == from {
                log.note(name.place, "walkers who are there already", "expected another area", "");
                return None;
            }
            Some(Destination::Area(area))
        }
    }
}
