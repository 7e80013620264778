//! A site's tables, what a scenario looks up in them, and the checked floor plan they make.

use super::people::People;
use crate::apb::id::LaneId;
use crate::apb::site::{Reader, Site, SiteParts, Subject};
use crate::scenario::decode::Log;
use crate::scenario::names::Names;
use crate::scenario::plan::{FloorPlan, LanePlan, Plan, Portal, WirePlan};
use crate::scenario::syntax::Place;
use std::collections::BTreeMap;

/// A site's tables and the names in them, which a scenario refers to.
pub(in crate::scenario) struct Tables {
    pub(in crate::scenario) areas: Names,
    pub(in crate::scenario) panels: Names,
    pub(in crate::scenario) lanes: Names,
    pub(in crate::scenario) readers: Names,
    pub(in crate::scenario) schedules: Names,
    pub(in crate::scenario) musters: Names,
    pub(in crate::scenario) people: People,
    pub(in crate::scenario) parts: SiteParts,
    pub(in crate::scenario) portals: Vec<Portal>,
    pub(super) floor: FloorPlan,
    pub(super) wire: WirePlan,
    pub(super) lane_plans: Vec<LanePlan>,
    pub(super) places: Places,
}

/// Where the entries of a site's tables stand in its file.
#[derive(Default)]
pub(super) struct Places {
    /// The site itself.
    pub(super) site: Place,
    pub(super) areas: Vec<Place>,
    /// Empty where a site that names no panel has one all the same.
    pub(super) panels: Vec<Place>,
    pub(super) lanes: Vec<Place>,
    pub(super) readers: Vec<Place>,
    pub(super) schedules: Vec<Place>,
    pub(super) groups: Vec<Place>,
    pub(super) musters: Vec<Place>,
    pub(super) interlocks: Vec<Place>,
    pub(super) amnesties: Vec<Place>,
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
                Some(Plan { site, lanes, portals, floor: self.floor.clone(), wire: self.wire })
            }
            Err(errors) => {
                // Only what nothing else has been noted about: the rest follows from what stands in for it.
                for error in errors {
                    let place = self.place(error.subject);
                    if place.map_or(log.count() > 0, |place| log.has_within(place)) {
                        continue;
                    }
                    // The domain says what is wrong and, after a semicolon, how to mend it.
                    let (found, help) = error.message.split_once("; ").unwrap_or((&error.message, ""));
                    log.note(head(place.unwrap_or(self.places.site), log.text), found, "", help);
                }
                None
            }
        }
    }

    /// The place of an entry; `None`: it is the site as a whole.
    fn place(&self, subject: Subject) -> Option<Place> {
        let places = &self.places;
        let found = match subject {
            Subject::Site => None,
            Subject::Area(id) => places.areas.get(id.index()),
            Subject::Panel(id) => places.panels.get(id.index()),
            Subject::Lane(id) => places.lanes.get(id.index()),
            Subject::Reader(id) => places.readers.get(id.index()),
            Subject::Schedule(id) => places.schedules.get(id.index()),
            Subject::Holder(id) => self.people.holder_places.get(id.index()),
            Subject::Credential(id) => self.people.credential_places.get(id.index()),
            Subject::Group(id) => places.groups.get(id.index()),
            Subject::Muster(id) => places.musters.get(id.index()),
            Subject::Interlock(i) => places.interlocks.get(i),
            Subject::Amnesty(i) => places.amnesties.get(i),
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
            let place = self.places.lanes.get(j).copied().unwrap_or_default();
            let name = |i: usize| self.parts.lanes.get(i).map_or("", |l| l.name.as_str());
            if let Some(i) = clash.filter(|_| !log.has_within(place)) {
                let found = format!("lanes `{}` and `{}` stand in each other", name(i), name(j));
                let expected = format!("`{}` is {} m wide", name(j), b.width_m);
                let help = "move one, or make one narrower or shorter";
                log.note(head(place, log.text), found, expected, help);
            }
        }
    }

    /// No two readers open the same lane the same way; one that toggles opens it both ways.
    fn check_readers(&self, log: &Log<'_>) {
        let mut owners: BTreeMap<_, &Reader> = BTreeMap::new();
        for (i, reader) in self.parts.readers.iter().enumerate() {
            let place = self.places.readers.get(i).copied().unwrap_or_default();
            // One with another mistake may only stand in for what was meant.
            if log.has_within(place) {
                continue;
            }
            let ways = [Some(reader.direction), reader.toggles.then(|| reader.direction.opposite())];
            let taken = ways.into_iter().flatten().find_map(|way| owners.insert((reader.lane, way), reader));
            if let Some(other) = taken {
                let found =
                    format!("readers `{}` and `{}` open the same lane the same way", other.name, reader.name);
                let help = if other.toggles || reader.toggles {
                    "a reader that toggles opens its lane both ways and needs no other"
                } else {
                    "one of them may belong to another lane"
                };
                log.note(head(place, log.text), found, "the second one", help);
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
