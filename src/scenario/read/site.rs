//! A site file into tables, and the tables into a checked floor plan.

use super::area::areas;
use super::lane::{Around, lane};
use super::lane_row::lane_row;
use super::people::{Ground, People, people};
use super::reader::{Gates, reader};
use super::week::schedule;
use crate::apb::id::{AreaId, LaneId};
use crate::apb::site::{Lane, Panel, Reader, Schedule, Site, SiteParts, Subject};
use crate::scenario::calendar::Calendar;
use crate::scenario::decode::{Fields, Log, list};
use crate::scenario::names::{Names, with_article};
use crate::scenario::plan::{LanePlan, Plan, Portal};
use crate::scenario::syntax::{Node, Place, quoted};
use crate::scenario::units;

/// The most entries of one table: identities of areas, lanes, readers, panels and schedules have 16 bits.
const ENTRIES_MAX: usize = 60_000;

/// The most lanes of a site.
const LANES_MAX: usize = 2_000;

/// The entries of a list in which each has an `id`.
pub(super) struct Entries<'n> {
    pub(super) nodes: &'n [Node],
    names: Vec<String>,
}

impl<'n> Entries<'n> {
    /// Reads the list and every `id`; notes missing and repeated ones. `kind` is singular and plural.
    pub(super) fn of(node: Option<&'n Node>, kind: (&'static str, &'static str), log: &Log<'_>) -> Self {
        let mut nodes =
            node.and_then(|node| crate::scenario::decode::entries(node, kind.1, log)).unwrap_or_default();
        if nodes.len() > ENTRIES_MAX {
            let found = format!("{} {}", nodes.len(), kind.1);
            log.note(node.map(Node::head).unwrap_or_default(), found, format!("at most {ENTRIES_MAX}"), "");
            nodes = nodes.get(..ENTRIES_MAX).unwrap_or_default();
        }
        let mut seen = Names::new(kind.0, kind.1);
        let mut names = Vec::with_capacity(nodes.len());
        for node in nodes {
            let what = with_article(kind.0);
            let name = Fields::of(node, &what, log).and_then(|fields| {
                let name = fields.required("id", log, units::name)?;
                if !seen.add(&name) {
                    let place = fields.get("id").map_or(fields.head, |node| node.place);
                    let found = format!("a second {} {}", kind.0, quoted(&name));
                    log.note(place, found, "given again here", format!("names of {} are unique", kind.1));
                }
                Some(name)
            });
            names.push(name.unwrap_or_default());
        }
        Self { nodes, names }
    }

    /// The `id` of one entry; empty if it has none.
    pub(super) fn name(&self, i: usize) -> &str {
        self.names.get(i).map_or("", String::as_str)
    }
}

/// A site's tables and the names in them, which a scenario refers to.
pub(in crate::scenario) struct Tables {
    pub(in crate::scenario) areas: Names,
    pub(in crate::scenario) lanes: Names,
    pub(in crate::scenario) readers: Names,
    pub(in crate::scenario) people: People,
    pub(in crate::scenario) parts: SiteParts,
    pub(in crate::scenario) portals: Vec<Portal>,
    lane_plans: Vec<LanePlan>,
    area_places: Vec<Place>,
    lane_places: Vec<Place>,
    reader_places: Vec<Place>,
}

/// Lanes and readers while they are being collected.
struct Hardware {
    lane_names: Names,
    lanes: Vec<Lane>,
    plans: Vec<LanePlan>,
    lane_places: Vec<Place>,
    reader_names: Names,
    readers: Vec<Reader>,
    reader_places: Vec<Place>,
}

/// The tables of a site file. What could not be read is left out or replaced; the log says so.
pub(in crate::scenario) fn site(tree: &Node, calendar: &Calendar, log: &Log<'_>) -> Option<Tables> {
    let fields = Fields::of(tree, "a site", log)?;
    let name = fields.required("name", log, units::text).unwrap_or_default();
    let (area_names, areas, area_places) = areas(fields.get("areas"), log);
    if areas.is_empty() && !log.has_within(tree.place) {
        log.note(fields.head, "a site without areas", "add `areas: […]`", "the first one is the outside");
    }
    let (panel_names, panels) = panels(fields.get("panels"), log);
    let around = Around { areas: &area_names, panels: &panel_names };
    let mut hardware = Hardware::new();
    hardware.add_lanes(fields.get("lanes"), &around, log);
    hardware.add_rows(fields.get("lane_rows"), &around, log);
    let gates = (&area_names, areas.as_slice());
    hardware.add_readers(fields.get("readers"), gates, log);
    if hardware.lanes.is_empty() {
        log.note(fields.head, "a site without lanes", "add `lanes: […]` or `lane_rows: […]`", "");
    }
    let portals = fields.or("portals", vec![], log, |node, log| {
        list(node, "portals", log, |node, log| portal(node, &area_names, log))
    });
    let (schedule_names, schedules) = schedules(fields.get("schedules"), log);
    let ground = Ground { areas: &area_names, schedules: &schedule_names, calendar };
    let mut people = people(&fields, &ground, log);
    fields.finish(log);
    let parts = SiteParts {
        name,
        areas,
        panels,
        lanes: hardware.lanes,
        readers: hardware.readers,
        schedules,
        rights: std::mem::take(&mut people.rights),
        holders: std::mem::take(&mut people.holders),
        credentials: std::mem::take(&mut people.credentials),
        clock: calendar.wall_clock(),
        ..SiteParts::default()
    };
    Some(Tables {
        areas: area_names,
        lanes: hardware.lane_names,
        readers: hardware.reader_names,
        people,
        parts,
        portals,
        lane_plans: hardware.plans,
        area_places,
        lane_places: hardware.lane_places,
        reader_places: hardware.reader_places,
    })
}

impl Tables {
    /// Where a lane stands; the reference lane at the origin if there is no such lane.
    pub(in crate::scenario) fn lane_plan(&self, lane: LaneId) -> LanePlan {
        self.lane_plans.get(lane.index()).cloned().unwrap_or_default()
    }

    /// The checked floor plan. What is wrong is noted in the site file's log.
    pub(in crate::scenario) fn plan(&self, log: &Log<'_>) -> Option<Plan> {
        self.check_floor(log);
        self.check_readers(log);
        match Site::new(self.parts.clone()) {
            Ok(site) => {
                let (lanes, portals) = (self.lane_plans.clone(), self.portals.clone());
                Some(Plan { site, lanes, portals })
            }
            Err(errors) => {
                // Only what nothing else has been noted about: the rest follows from what stands in for it.
                for error in errors {
                    let place = self.place(error.subject);
                    if place.map_or(log.count() > 0, |place| log.has_within(place)) {
                        continue;
                    }
                    log.note(head(place.unwrap_or_default(), log.text), error.message, "", "");
                }
                None
            }
        }
    }

    fn place(&self, subject: Subject) -> Option<Place> {
        let found = match subject {
            Subject::Area(id) => self.area_places.get(id.index()),
            Subject::Lane(id) => self.lane_places.get(id.index()),
            Subject::Reader(id) => self.reader_places.get(id.index()),
            Subject::Holder(id) => self.people.holder_places.get(id.index()),
            Subject::Credential(id) => self.people.credential_places.get(id.index()),
            Subject::Site
            | Subject::Panel(_)
            | Subject::Schedule(_)
            | Subject::Group(_)
            | Subject::Muster(_)
            | Subject::Interlock(_)
            | Subject::Amnesty(_) => None,
        };
        found.copied()
    }

    /// No two lanes stand in each other.
    fn check_floor(&self, log: &Log<'_>) {
        let reach =
            |p: &LanePlan| (p.x_m - p.width_m / 2.0, p.x_m + p.width_m / 2.0, p.y_m, p.y_m + p.length_m);
        for (j, b) in self.lane_plans.iter().enumerate() {
            let b_reach = reach(b);
            let clash = self.lane_plans.iter().take(j).position(|a| {
                let a = reach(a);
                // A millimetre of grace for rounding.
                const GRACE_M: f32 = 0.001;
                a.0 + GRACE_M < b_reach.1
                    && b_reach.0 + GRACE_M < a.1
                    && a.2 + GRACE_M < b_reach.3
                    && b_reach.2 + GRACE_M < a.3
            });
            let place = self.lane_places.get(j).copied().unwrap_or_default();
            let name = |i: usize| self.parts.lanes.get(i).map_or("", |l| l.name.as_str());
            if let Some(i) = clash.filter(|_| !log.has_within(place)) {
                let found = format!("lanes `{}` and `{}` stand in each other", name(i), name(j));
                let expected = format!("`{}` is {} m wide", name(j), b.width_m);
                let help = "move one, or make one narrower or shorter";
                log.note(head(place, log.text), found, expected, help);
            }
        }
    }

    /// No two readers open the same lane the same way.
    fn check_readers(&self, log: &Log<'_>) {
        let key = |r: &Reader| (r.lane, r.direction);
        let mut owners = std::collections::BTreeMap::new();
        for (i, reader) in self.parts.readers.iter().enumerate() {
            let place = self.reader_places.get(i).copied().unwrap_or_default();
            // One with another mistake may only stand in for what was meant.
            if log.has_within(place) {
                continue;
            }
            if let Some(other) = owners.insert(key(reader), &reader.name) {
                let found =
                    format!("readers `{other}` and `{}` open the same lane the same way", reader.name);
                log.note(
                    head(place, log.text),
                    found,
                    "the second one",
                    "one of them may belong to another lane",
                );
            }
        }
    }
}

/// The first character of a place: enough to point at a long entry.
fn head(place: Place, text: &str) -> Place {
    let start = place.start();
    let first = text.get(start..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8);
    if text.get(start..).is_some_and(|t| t.starts_with('(')) {
        Place::new(start, start + first)
    } else {
        place
    }
}

impl Hardware {
    fn new() -> Self {
        Self {
            lane_names: Names::new("lane", "lanes"),
            lanes: vec![],
            plans: vec![],
            lane_places: vec![],
            reader_names: Names::new("reader", "readers"),
            readers: vec![],
            reader_places: vec![],
        }
    }

    fn push_lane(&mut self, (lane, plan): (Lane, LanePlan), place: Place) {
        self.lane_names.add(&lane.name);
        self.lanes.push(lane);
        self.plans.push(plan);
        self.lane_places.push(place);
    }

    fn add_lanes(&mut self, node: Option<&Node>, around: &Around<'_>, log: &Log<'_>) {
        let entries = Entries::of(node, ("lane", "lanes"), log);
        if entries.nodes.len() > LANES_MAX {
            let place = node.map(Node::head).unwrap_or_default();
            log.note(place, format!("{} lanes", entries.nodes.len()), format!("at most {LANES_MAX}"), "");
        }
        for (i, node) in entries.nodes.iter().take(LANES_MAX).enumerate() {
            self.push_lane(lane(node, entries.name(i), around, log), node.place);
        }
    }

    fn add_rows(&mut self, node: Option<&Node>, around: &Around<'_>, log: &Log<'_>) {
        let rows = node.and_then(|node| crate::scenario::decode::entries(node, "rows of lanes", log));
        for node in rows.unwrap_or_default() {
            for row in lane_row(node, around, log).unwrap_or_default() {
                if self.lanes.len() >= LANES_MAX {
                    log.note(node.head(), "too many lanes", format!("at most {LANES_MAX}"), "");
                    return;
                }
                let id = LaneId::at(self.lanes.len());
                if self.lane_names.find(&row.lane.name).is_some() {
                    let found = format!("a second lane {}", quoted(&row.lane.name));
                    log.note(node.head(), found, "made by this row", "names of lanes are unique");
                }
                self.push_lane((row.lane, row.plan), node.place);
                for (name, direction) in row.readers {
                    self.push_reader(Reader::new(name, id, direction), node.head(), node.place, log);
                }
            }
        }
    }

    fn push_reader(&mut self, reader: Reader, head: Place, place: Place, log: &Log<'_>) {
        if !self.reader_names.add(&reader.name) && !reader.name.is_empty() {
            let found = format!("a second reader {}", quoted(&reader.name));
            log.note(head, found, "given again here", "names of readers are unique");
        }
        self.readers.push(reader);
        self.reader_places.push(place);
    }

    fn add_readers(
        &mut self,
        node: Option<&Node>,
        (area_names, areas): (&Names, &[crate::apb::site::Area]),
        log: &Log<'_>,
    ) {
        let entries = Entries::of(node, ("reader", "readers"), log);
        let mut own = std::collections::BTreeSet::new();
        for (i, node) in entries.nodes.iter().enumerate() {
            let gates = Gates { area_names, areas, lane_names: &self.lane_names, lanes: &self.lanes };
            let reader = reader(node, entries.name(i), &gates, log);
            // `Entries` has noted repeated names of the list; here they can only clash with those of rows.
            let fresh = self.reader_names.find(&reader.name).is_none();
            let repeated = !own.insert(entries.name(i));
            if fresh || repeated {
                self.reader_names.add(&reader.name);
                self.readers.push(reader);
                self.reader_places.push(node.place);
            } else {
                self.push_reader(reader, node.head(), node.place, log);
            }
        }
    }
}

fn panels(node: Option<&Node>, log: &Log<'_>) -> (Names, Vec<Panel>) {
    /// The seed panel's data sheet.
    const CARDS_MAX: u32 = 45_000;
    /// The seed panel's data sheet.
    const LOG_MAX: u32 = 21_000;
    let entries = Entries::of(node, ("panel", "panels"), log);
    let mut names = Names::new("panel", "panels");
    let mut panels = Vec::new();
    for (i, node) in entries.nodes.iter().enumerate() {
        names.add(entries.name(i));
        let mut panel = Panel { name: entries.name(i).into(), cards_max: CARDS_MAX, log_max: LOG_MAX };
        if let Some(fields) = Fields::of(node, "a panel", log) {
            fields.get("id");
            let count = |node: &Node, log: &Log<'_>| {
                units::whole(node, 1, u64::from(u32::MAX), log).and_then(|n| u32::try_from(n).ok())
            };
            panel.cards_max = fields.or("cards_max", CARDS_MAX, log, count);
            panel.log_max = fields.or("log_max", LOG_MAX, log, count);
            fields.finish(log);
        }
        panels.push(panel);
    }
    if panels.is_empty() {
        names.add("panel");
        panels.push(Panel { name: "panel".into(), cards_max: CARDS_MAX, log_max: LOG_MAX });
    }
    (names, panels)
}

fn schedules(node: Option<&Node>, log: &Log<'_>) -> (Names, Vec<Schedule>) {
    let entries = Entries::of(node, ("schedule", "schedules"), log);
    let mut names = Names::new("schedule", "schedules");
    let mut schedules = Vec::new();
    for (i, node) in entries.nodes.iter().enumerate() {
        names.add(entries.name(i));
        schedules.push(schedule(node, entries.name(i).to_owned(), log));
    }
    (names, schedules)
}

fn portal(node: &Node, areas: &Names, log: &Log<'_>) -> Option<Portal> {
    let fields = Fields::of(node, "a portal", log)?;
    let area = fields.required("area", log, |node, log| units::known(node, areas, log));
    let x_m = fields.required("x_m", log, units::position);
    let y_m = fields.required("y_m", log, units::position);
    fields.finish(log);
    Some(Portal { area: AreaId::at(area?), x_m: x_m?, y_m: y_m? })
}
