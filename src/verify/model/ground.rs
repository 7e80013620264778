//! Which boundaries somebody crosses who goes through a lane.

use super::Model;
use crate::apb::id::{AreaId, Direction, LaneId, ReaderId};
use crate::apb::policy::Policy;
use crate::apb::site::{OUTSIDE, Reader};

/// A way through a lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trip {
    pub(super) lane: LaneId,
    pub(super) way: Direction,
    pub(super) from: AreaId,
    pub(super) to: AreaId,
    /// The areas left, innermost first.
    pub(super) left: Vec<AreaId>,
    /// The areas entered, innermost first.
    pub(super) entered: Vec<AreaId>,
}

impl Trip {
    /// The areas whose boundary is crossed, and on which side of it one is then.
    pub(super) fn sides(&self) -> Vec<(AreaId, bool)> {
        let entered = self.entered.iter().map(|a| (*a, true));
        entered.chain(self.left.iter().map(|a| (*a, false))).collect()
    }
}

impl Model {
    /// An area and all areas around it.
    pub(super) fn around(&self, area: AreaId) -> Vec<AreaId> {
        let mut chain = vec![area];
        while let Some(parent) = chain.last().and_then(|a| self.site.areas.get(a.index())?.parent) {
            chain.push(parent);
        }
        chain
    }

    /// Whether an area is another one or lies within it.
    pub(super) fn is_within(&self, inner: AreaId, outer: AreaId) -> bool {
        self.around(inner).contains(&outer)
    }

    pub(super) fn trip(&self, lane: LaneId, way: Direction) -> Trip {
        let sides = self.site.lanes.get(lane.index()).map_or((OUTSIDE, OUTSIDE), |l| (l.outer, l.inner));
        let (from, to) = if way == Direction::In { sides } else { (sides.1, sides.0) };
        let (here, there) = (self.around(from), self.around(to));
        Trip {
            lane,
            way,
            from,
            to,
            left: here.iter().copied().filter(|a| !there.contains(a)).collect(),
            entered: there.iter().copied().filter(|a| !here.contains(a)).collect(),
        }
    }

    /// The policies of the boundaries that a trip crosses.
    pub(super) fn policies_of(&self, trip: &Trip) -> Vec<&Policy> {
        trip.left.iter().chain(&trip.entered).filter_map(|a| self.policies.get(a.index())).collect()
    }

    pub(super) fn policy(&self, area: AreaId) -> Option<&Policy> {
        self.policies.get(area.index())
    }

    pub(super) fn reader(&self, reader: ReaderId) -> Option<&Reader> {
        self.site.readers.get(reader.index())
    }

    pub(super) fn has_area(&self, area: AreaId) -> bool {
        area.index() < self.site.areas.len()
    }
}
