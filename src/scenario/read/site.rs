//! A site file into tables.

use super::amnesty::{after_fire, amnesties};
use super::area::areas;
use super::domain::domain;
use super::entries::Table;
use super::floor::{floor, portals};
use super::hardware::{Behind, Hardware};
use super::lane::Around;
use super::lane_type::LaneTypes;
use super::people::{Ground, groups, people};
use super::tables::{Places, Tables};
use super::week::schedule;
use crate::apb::id::{AreaId, LaneId};
use crate::apb::site::{Area, Interlock, MusterPoint, Panel, Schedule, SiteParts};
use crate::scenario::calendar::Calendar;
use crate::scenario::decode::{Fields, Log, choice, list};
use crate::scenario::names::Names;
use crate::scenario::syntax::Node;
use crate::scenario::units;

/// What a site is read with: its calendar and the types of its lanes.
pub(in crate::scenario) type Beside<'a> = (&'a Calendar, &'a LaneTypes<'a>);

/// The tables of a site file. What could not be read is left out or replaced; the log says so.
pub(in crate::scenario) fn site(tree: &Node, beside: Beside<'_>, log: &Log<'_>) -> Option<Tables> {
    let (calendar, types) = beside;
    let fields = Fields::of(tree, "a site", log)?;
    let name = fields.required("name", log, units::text).unwrap_or_default();
    let schedules = schedules(fields.get("schedules"), log);
    let areas = areas(fields.get("areas"), &schedules.names, log);
    note_no_areas(&areas, &fields, log);
    let panels = panels(fields.get("panels"), log);
    let hardware = hardware(&fields, (&areas, &panels.names, &schedules.names, types), log);
    let portals = fields.or("portals", vec![], log, |node, log| portals(node, &areas.names, log));
    let floor = fields.or("floor", Default::default(), log, floor);
    let musters = musters(fields.get("musters"), &areas.names, &hardware.reader_names, log);
    let interlocks = interlocks(fields.get("interlocks"), &hardware.lane_names, log);
    let amnesties = amnesties(fields.get("amnesties"), &areas.names, log);
    let reset = |node: &Node, log: &Log<'_>| after_fire(node, &areas.names, log);
    let after_fire = fields.or("after_fire", Default::default(), log, reset);
    let groups = groups(fields.get("groups"), log);
    let ground = Ground { areas: &areas.names, schedules: &schedules.names, groups: &groups.names, calendar };
    let mut people = people(&fields, &ground, log);
    let follows = fields.or("follow", false, log, follow);
    let (domain, wire) = fields.optional("domain", log, domain).unzip();
    let site = fields.place;
    fields.finish(log);
    let mut parts = SiteParts {
        name,
        areas: areas.rows,
        panels: panels.rows,
        lanes: hardware.lanes,
        readers: hardware.readers,
        schedules: schedules.rows,
        rights: std::mem::take(&mut people.rights),
        holders: std::mem::take(&mut people.holders),
        credentials: std::mem::take(&mut people.credentials),
        groups: groups.rows,
        musters: musters.rows,
        interlocks: interlocks.rows,
        amnesties: amnesties.rows,
        after_fire,
        clock: calendar.wall_clock(),
        domain,
    };
    people.follow(follows, &mut parts);
    Some(Tables {
        areas: areas.names,
        panels: panels.names,
        lanes: hardware.lane_names,
        readers: hardware.reader_names,
        schedules: schedules.names,
        musters: musters.names,
        people,
        parts,
        portals,
        floor,
        wire: wire.unwrap_or_default(),
        lane_plans: hardware.plans,
        places: Places {
            site,
            areas: areas.places,
            panels: panels.places,
            lanes: hardware.lane_places,
            readers: hardware.reader_places,
            schedules: schedules.places,
            groups: groups.places,
            musters: musters.places,
            interlocks: interlocks.places,
            amnesties: amnesties.places,
        },
    })
}

/// A site has areas; what is wrong with those there are has been noted.
fn note_no_areas(areas: &Table<Area>, fields: &Fields<'_>, log: &Log<'_>) {
    if areas.rows.is_empty() && !log.has_within(fields.place) {
        log.note(fields.head, "a site without areas", "add `areas: […]`", "the first one is the outside");
    }
}

fn hardware(
    fields: &Fields<'_>,
    (areas, panels, schedules, types): (&Table<Area>, &Names, &Names, &LaneTypes<'_>),
    log: &Log<'_>,
) -> Hardware {
    let around = Around { areas: &areas.names, panels, types };
    let mut hardware = Hardware::new();
    hardware.add_lanes(fields.get("lanes"), &around, log);
    hardware.add_rows(fields.get("lane_rows"), &around, log);
    let behind = Behind { area_names: &areas.names, areas: &areas.rows, schedules };
    hardware.add_readers(fields.get("readers"), &behind, log);
    if hardware.lanes.is_empty() && !fields.gives("floor") {
        log.note(fields.head, "a site without lanes", "add `lanes: […]` or `lane_rows: […]`", "");
    }
    hardware
}

/// Whether credentials are followed instead of holders.
fn follow(node: &Node, log: &Log<'_>) -> Option<bool> {
    choice(node, "a choice of whom to follow", [("Holder", false), ("Credential", true)], log)
}

fn panels(node: Option<&Node>, log: &Log<'_>) -> Table<Panel> {
    let seed = |name: &str| Panel { name: name.into(), cards_max: Panel::CARDS_MAX, log_max: Panel::LOG_MAX };
    let count = |node: &Node, log: &Log<'_>| {
        units::whole(node, 1, u64::from(u32::MAX), log).and_then(|n| u32::try_from(n).ok())
    };
    let mut panels = Table::of(node, ("panel", "panels"), log, |fields, name| {
        let mut panel = seed(name);
        if let Some(fields) = fields {
            panel.cards_max = fields.or("cards_max", panel.cards_max, log, count);
            panel.log_max = fields.or("log_max", panel.log_max, log, count);
        }
        panel
    });
    if panels.rows.is_empty() {
        panels.names.add("panel");
        panels.rows.push(seed("panel"));
    }
    panels
}

fn schedules(node: Option<&Node>, log: &Log<'_>) -> Table<Schedule> {
    Table::of(node, ("schedule", "schedules"), log, |fields, name| schedule(fields, name.to_owned(), log))
}

fn musters(node: Option<&Node>, areas: &Names, readers: &Names, log: &Log<'_>) -> Table<MusterPoint> {
    Table::of(node, ("muster point", "muster points"), log, |fields, name| {
        let known = |node: &Node, log: &Log<'_>| units::known(node, areas, log);
        let area = fields.and_then(|f| f.required("area", log, known));
        if let Some(place) = fields.and_then(|f| f.get("id")).filter(|_| readers.find(name).is_some()) {
            let found = format!("a reader is called `{name}`, too");
            log.note(place.place, found, "a muster point is no reader", "give one of them another name");
        }
        MusterPoint { name: name.into(), area: area.map_or(crate::apb::site::OUTSIDE, AreaId::at) }
    })
}

fn interlocks(node: Option<&Node>, lanes: &Names, log: &Log<'_>) -> Table<Interlock> {
    Table::of(node, ("interlock", "interlocks"), log, |fields, name| {
        let known = |node: &Node, log: &Log<'_>| units::known(node, lanes, log).map(LaneId::at);
        let lanes =
            fields.and_then(|f| f.required("lanes", log, |node, log| list(node, "lanes", log, known)));
        Interlock { name: name.into(), lanes: lanes.unwrap_or_default() }
    })
}
