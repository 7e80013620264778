//! The plan as it grows, place by place.

use super::{area, lane, reader, whole};
use crate::apb::id::{AreaId, CardNumber, Direction, HolderId, LaneId, ReaderId};
use crate::apb::site::{PassMode, Site};
use crate::apb::time::Span;
use crate::commission::cast;
use crate::commission::phase::{Act, Kind, Phase, Step};
use crate::commission::place::{Names, Place};
use crate::scenario::plan::Plan;

/// The acceptance plan of one site.
#[derive(Clone, Debug, PartialEq)]
pub struct Acceptance {
    /// The site's name.
    pub site: String,
    /// The phases, those of a place one after the other.
    pub phases: Vec<Phase>,
}

/// The acceptance plan of a site as its clock stands at time zero: every reader, every lane, every area, and
/// the site as a whole.
pub fn plan(site: &Plan) -> Acceptance {
    let mut draft = Draft::new(site);
    for id in (0..site.site.readers.len()).map(ReaderId::at) {
        reader::phases(&mut draft, id);
    }
    for id in (0..site.site.lanes.len()).map(LaneId::at) {
        lane::phases(&mut draft, id);
    }
    for id in (1..site.site.areas.len()).map(AreaId::at) {
        area::phases(&mut draft, id);
    }
    whole::phases(&mut draft);
    Acceptance { site: site.site.name.clone(), phases: draft.phases }
}

/// What a phase does, and what it does to put things back.
pub(super) struct Course {
    pub(super) steps: Vec<Step>,
    pub(super) restore: Vec<Act>,
}

impl Course {
    pub(super) fn new(steps: Vec<Step>, restore: Vec<Act>) -> Self {
        Self { steps, restore }
    }
}

/// The plan so far.
pub(super) struct Draft<'a> {
    pub(super) plan: &'a Plan,
    pub(super) site: &'a Site,
    /// A number that nobody was issued.
    pub(super) unissued: CardNumber,
    phases: Vec<Phase>,
}

impl<'a> Draft<'a> {
    fn new(plan: &'a Plan) -> Self {
        let site = &plan.site;
        Self { plan, site, unissued: cast::unissued(site), phases: Vec::new() }
    }

    /// Adds a phase; what cannot be tried is there with its reason.
    pub(super) fn add(
        &mut self,
        place: Place,
        (kind, way): (Kind, Option<Direction>),
        course: Result<Course, String>,
    ) {
        let name = place.name(self.site);
        let way_of = way.map(|w| format!("-{w}")).unwrap_or_default();
        let whole = if place == Place::Site { "site".into() } else { name };
        let id = self.unique(format!("{whole}/{}{way_of}", kind.name()));
        let (steps, restore, skip) = match course {
            Ok(course) => (course.steps, course.restore, None),
            Err(reason) => (Vec::new(), Vec::new(), Some(reason)),
        };
        self.phases.push(Phase { id, place, kind, way, steps, restore, skip });
    }

    /// A reader and an area may have the same name.
    fn unique(&self, id: String) -> String {
        let taken = |id: &str| self.phases.iter().any(|p| p.id == id);
        if !taken(&id) {
            return id;
        }
        let more = (2_u32..).map(|n| format!("{id}-{n}")).find(|id| !taken(id));
        more.unwrap_or(id)
    }

    pub(super) fn names(&self) -> Names<'a> {
        Names(self.site)
    }

    /// Where a reader leads the way it is mounted, if nothing but a presentation opens its lane that way.
    pub(super) fn gate(&self, reader: ReaderId) -> Option<Gate> {
        let here = self.site.readers.get(reader.index())?;
        let lane = self.site.lanes.get(here.lane.index())?;
        let way = here.direction;
        let mode = lane.modes[way.index()];
        let (from, to) = (lane.from(way), lane.to(way));
        Some(Gate { reader, lane: here.lane, way, from, to, mode, toggles: here.toggles })
    }

    /// Every gate whose way is controlled, in the site's order.
    pub(super) fn controlled(&self) -> impl Iterator<Item = Gate> + '_ {
        let all = (0..self.site.readers.len()).map(ReaderId::at);
        all.filter_map(|r| self.gate(r)).filter(|g| g.mode == PassMode::Controlled)
    }

    /// How long a lane's leaf takes to open and to shut.
    pub(super) fn leaf_times(&self, lane: LaneId) -> (Span, Span) {
        self.plan.lane(lane).map_or((Span::ZERO, Span::ZERO), |l| (l.flap_opens, l.flap_closes))
    }

    /// How long a grant of this lane holds the gate open for its owner.
    pub(super) fn strike(&self, lane: LaneId) -> Span {
        self.site.lanes.get(lane.index()).map_or(Span::ZERO, |l| l.timers.not_taken)
    }

    /// How long until a grant that nobody uses is over, its grace too, and the leaf shut.
    pub(super) fn lapse(&self, lane: LaneId) -> Span {
        let grace = self.site.lanes.get(lane.index()).map_or(Span::ZERO, |l| l.timers.late_grace);
        self.strike(lane) + grace + self.leaf_times(lane).1 + Span::seconds(1)
    }
}

/// A reader and where it leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gate {
    pub(super) reader: ReaderId,
    pub(super) lane: LaneId,
    pub(super) way: Direction,
    pub(super) from: AreaId,
    pub(super) to: AreaId,
    pub(super) mode: PassMode,
    pub(super) toggles: bool,
}

/// Nobody knows where this holder is: as before the commissioning.
pub(super) fn forget(holder: HolderId) -> Act {
    Act::Reset { holder, to: None }
}
