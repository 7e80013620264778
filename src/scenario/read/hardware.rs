//! Lanes and readers while they are being collected, those of rows among them.

use super::entries::Entries;
use super::lane::{Around, lane};
use super::lane_row::lane_row;
use super::reader::{Gates, reader};
use crate::apb::id::LaneId;
use crate::apb::site::{Area, Lane, Reader};
use crate::scenario::decode::{Log, entries};
use crate::scenario::names::Names;
use crate::scenario::plan::LanePlan;
use crate::scenario::syntax::{Node, Place, quoted};

/// The most lanes of a site.
const LANES_MAX: usize = 2_000;

/// Lanes and readers.
pub(super) struct Hardware {
    pub(super) lane_names: Names,
    pub(super) lanes: Vec<Lane>,
    pub(super) plans: Vec<LanePlan>,
    pub(super) lane_places: Vec<Place>,
    pub(super) reader_names: Names,
    pub(super) readers: Vec<Reader>,
    pub(super) reader_places: Vec<Place>,
}

/// The tables that readers refer to, but for the lanes.
pub(super) struct Behind<'a> {
    pub(super) area_names: &'a Names,
    pub(super) areas: &'a [Area],
    pub(super) schedules: &'a Names,
}

impl Hardware {
    pub(super) fn new() -> Self {
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

    pub(super) fn add_lanes(&mut self, node: Option<&Node>, around: &Around<'_>, log: &Log<'_>) {
        let entries = Entries::of(node, ("lane", "lanes"), log);
        if entries.nodes.len() > LANES_MAX {
            let place = node.map(Node::head).unwrap_or_default();
            log.note(place, format!("{} lanes", entries.nodes.len()), format!("at most {LANES_MAX}"), "");
        }
        for (i, node) in entries.nodes.iter().take(LANES_MAX).enumerate() {
            self.push_lane(lane(node, entries.name(i), around, log), node.place);
        }
    }

    pub(super) fn add_rows(&mut self, node: Option<&Node>, around: &Around<'_>, log: &Log<'_>) {
        let rows = node.and_then(|node| entries(node, "rows of lanes", log));
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

    pub(super) fn add_readers(&mut self, node: Option<&Node>, behind: &Behind<'_>, log: &Log<'_>) {
        let entries = Entries::of(node, ("reader", "readers"), log);
        let mut own = std::collections::BTreeSet::new();
        for (i, node) in entries.nodes.iter().enumerate() {
            let gates = Gates { behind, lane_names: &self.lane_names, lanes: &self.lanes };
            let (reader, technology) = reader(node, entries.name(i), &gates, log);
            if let (Some(plan), Some(_)) = (self.plans.get_mut(reader.lane.index()), technology) {
                plan.technology[reader.direction.index()] = technology;
            }
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
