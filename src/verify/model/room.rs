//! How many may be inside an area.

use super::Model;
use super::gate::{Fate, Grant};
use super::ground::Trip;
use crate::apb::id::{AreaId, Direction, HolderId, LaneId};
use crate::apb::journal::Reason;
use crate::apb::policy::Enforcement;
use crate::apb::site::{Counts, Occupancy};
use std::collections::BTreeSet;

impl Model {
    /// The limits that these people break together, going this way: first the upper ones.
    pub(super) fn limits_broken(&self, who: &[HolderId], trip: &Trip) -> Vec<(Reason, Enforcement)> {
        let too_full = trip.entered.iter().filter_map(|area| {
            let limit = self.limit(*area)?;
            let coming = who.iter().filter(|h| !self.counts_already(**h, *area)).count();
            let is_broken = coming > 0 && self.count(limit, *area) + coming as i64 > i64::from(limit.max?);
            is_broken.then_some((Reason::OccupancyUpper, limit.enforcement))
        });
        let too_few = trip.left.iter().filter_map(|area| {
            let limit = self.limit(*area)?;
            let is_broken = who.len() == 1 && self.count(limit, *area) <= i64::from(limit.min?);
            is_broken.then_some((Reason::OccupancyLower, limit.enforcement))
        });
        too_full.chain(too_few).filter(|(_, e)| *e != Enforcement::Off).collect()
    }

    fn limit(&self, area: AreaId) -> Option<&Occupancy> {
        Some(&self.site.areas.get(area.index())?.occupancy)
    }

    fn counts_already(&self, holder: HolderId, area: AreaId) -> bool {
        self.inside(area).contains(&holder)
    }

    fn count(&self, limit: &Occupancy, area: AreaId) -> i64 {
        match limit.counts {
            Counts::Holders => {
                let mut all: BTreeSet<HolderId> = self.inside(area).into_iter().collect();
                let coming = self.grants.iter().filter(|g| self.is_coming(g, area) && !g.committed);
                all.extend(coming.filter_map(|g| Some(g.owner?.0)));
                i64::try_from(all.len()).unwrap_or(i64::MAX)
            }
            Counts::Bodies => {
                let coming = self.grants.iter().filter(|g| self.is_coming(g, area)).count();
                self.bodies_in(area).max(0) + i64::try_from(coming).unwrap_or(i64::MAX)
            }
        }
    }

    /// Whether somebody is still to come into an area on this grant.
    fn is_coming(&self, grant: &Grant, area: AreaId) -> bool {
        grant.fate == Fate::Waiting && grant.trip.entered.contains(&area)
    }

    /// The bodies that the gates have counted into an area and not out of it.
    fn bodies_in(&self, area: AreaId) -> i64 {
        let lanes = (0..self.site.lanes.len()).map(LaneId::at);
        let ways = lanes.flat_map(|lane| Direction::BOTH.map(|way| (lane, way)));
        ways.map(|(lane, way)| {
            let trip = self.trip(lane, way);
            let sign = i64::from(trip.entered.contains(&area)) - i64::from(trip.left.contains(&area));
            sign * self.bodies(lane, way)
        })
        .sum()
    }
}
