//! How many may be inside an area.

use super::Model;
use super::ground::Trip;
use super::queue::{Fate, Grant};
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
            let inside = self.inside(*area);
            let is_free = limit.counts == Counts::Holders && who.last().is_some_and(|h| inside.contains(h));
            let count = self.count(limit, *area, who) + i64::try_from(who.len()).ok()?;
            let is_broken = !is_free && count > i64::from(limit.max?);
            is_broken.then_some((Reason::OccupancyUpper, limit.enforcement))
        });
        let too_few = trip.left.iter().filter_map(|area| {
            let limit = self.limit(*area)?;
            let (stay, go) = (self.staying(limit, *area, who), i64::try_from(who.len()).ok()?);
            // The last ones may leave together.
            let together = go > 1 && stay == go;
            let inside = self.inside(*area);
            let is_concerned =
                limit.counts == Counts::Bodies || who.last().is_some_and(|h| inside.contains(h));
            let is_broken = is_concerned && !together && stay - go < i64::from(limit.min?);
            is_broken.then_some((Reason::OccupancyLower, limit.enforcement))
        });
        too_full.chain(too_few).filter(|(_, e)| *e != Enforcement::Off).collect()
    }

    fn limit(&self, area: AreaId) -> Option<&Occupancy> {
        Some(&self.site.areas.get(area.index())?.occupancy)
    }

    /// How many are in an area, or will be with the grants into it; whoever asks is not among those.
    fn count(&self, limit: &Occupancy, area: AreaId, who: &[HolderId]) -> i64 {
        let enters = |g: &Grant| g.trip.entered.contains(&area) && !who.iter().any(|h| g.is_of(*h));
        match limit.counts {
            Counts::Holders => {
                let mut all: BTreeSet<HolderId> = self.inside(area).into_iter().collect();
                let coming = self.grants.iter().filter(|g| is_to_move(g) && enters(g));
                all.extend(coming.filter_map(|g| Some(g.owner?.0)));
                length(all.len())
            }
            Counts::Bodies => {
                let coming = self.grants.iter().filter(|g| g.fate == Fate::Waiting && enters(g)).count();
                self.bodies_in(area).max(0) + length(coming)
            }
        }
    }

    /// How many stay in an area when everybody has left who holds a grant to leave it; whoever asks stays.
    fn staying(&self, limit: &Occupancy, area: AreaId, who: &[HolderId]) -> i64 {
        let leaves = |g: &Grant| g.trip.left.contains(&area) && !who.iter().any(|h| g.is_of(*h));
        match limit.counts {
            Counts::Holders => {
                let mut all: BTreeSet<HolderId> = self.inside(area).into_iter().collect();
                let going = self.grants.iter().filter(|g| is_to_move(g) && leaves(g));
                for holder in going.filter_map(|g| Some(g.owner?.0)) {
                    all.remove(&holder);
                }
                length(all.len())
            }
            Counts::Bodies => {
                let going = self.grants.iter().filter(|g| g.fate == Fate::Waiting && leaves(g)).count();
                (self.bodies_in(area).max(0) - length(going)).max(0)
            }
        }
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

/// Whether a grant's owner has still to come, or has come and waits for the other of two.
pub(super) fn is_to_move(grant: &Grant) -> bool {
    grant.fate == Fate::Waiting || grant.is_half()
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
