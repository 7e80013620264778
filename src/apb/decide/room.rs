//! Occupancy: whether there is room in the areas entered, and whether enough stay in the areas left.

use super::Known;
use crate::apb::grant::Pending;
use crate::apb::id::{AreaId, Direction, HolderId, LaneId};
use crate::apb::journal::Reason;
use crate::apb::ledger::Location;
use crate::apb::policy::{Enforcement, Exemption};
use crate::apb::site::{Counts, Issued, Occupancy, Route};
use std::collections::BTreeSet;

/// Whether so many bodies may go along a route: `Ok(true)` if a limit that only alerts is passed.
pub(super) fn check(known: &Known<'_>, card: &Issued, route: &Route, bodies: usize) -> Result<bool, Reason> {
    if card.exempt.has(Exemption::Occupancy) {
        return Ok(false);
    }
    let mut is_crowded = false;
    let limits = |area: &AreaId| known.site.areas.get(area.index()).map(|a| a.occupancy);
    let full = route.entered.iter().filter(|a| is_full(known, **a, card.holder, bodies));
    let short = route.left.iter().filter(|a| is_short(known, **a, card.holder, bodies));
    let passed = full.map(|a| (a, Reason::OccupancyUpper)).chain(short.map(|a| (a, Reason::OccupancyLower)));
    for (area, reason) in passed {
        match limits(area).map(|l| l.enforcement) {
            Some(Enforcement::Hard) => return Err(reason),
            Some(Enforcement::Soft) => is_crowded = true,
            Some(Enforcement::Off) | None => {}
        }
    }
    Ok(is_crowded)
}

/// Whether an area is full for so many more. Holders with unused grants into it count, lapsed grants do not;
/// nobody counts twice.
fn is_full(known: &Known<'_>, area: AreaId, holder: HolderId, bodies: usize) -> bool {
    let Some(Occupancy { max: Some(max), counts, .. }) = occupancy(known, area) else { return false };
    let room = max as usize;
    match counts {
        Counts::Holders => {
            let coming = going(known, area, &[holder], true);
            !is_inside(known, area, holder) && located(known, area) + coming + bodies > room
        }
        Counts::Bodies => counted(known, area) + unused(known, area, holder, true) + bodies > room,
    }
}

/// Whether too few would stay in an area. Nobody is kept from leaving together as the last ones.
fn is_short(known: &Known<'_>, area: AreaId, holder: HolderId, bodies: usize) -> bool {
    let Some(Occupancy { min: Some(min), counts, .. }) = occupancy(known, area) else { return false };
    let is_concerned = counts == Counts::Bodies || is_inside(known, area, holder);
    let there = match counts {
        Counts::Holders => located(known, area).saturating_sub(going(known, area, &[holder], false)),
        Counts::Bodies => counted(known, area).saturating_sub(unused(known, area, holder, false)),
    };
    let leave_together = bodies > 1 && there == bodies;
    is_concerned && !leave_together && there <= min as usize + (bodies - 1)
}

fn occupancy(known: &Known<'_>, area: AreaId) -> Option<Occupancy> {
    known.site.areas.get(area.index()).map(|a| a.occupancy)
}

/// Whether a holder is in an area, or in one within.
pub(super) fn is_inside(known: &Known<'_>, area: AreaId, holder: HolderId) -> bool {
    match known.ledger.presence(holder).location {
        Location::In(place) => known.site.within(place, area),
        Location::Unknown => false,
    }
}

/// How many are in an area, or in one within.
pub(super) fn located(known: &Known<'_>, area: AreaId) -> usize {
    let within = (0..known.site.areas.len()).map(AreaId::at).filter(|a| known.site.within(*a, area));
    within.map(|a| known.ledger.located(a).len()).sum()
}

/// How many besides these hold unused grants into an area where they are not, or out of one where they are.
pub(super) fn going(known: &Known<'_>, area: AreaId, besides: &[HolderId], inwards: bool) -> usize {
    let goes = |p: &&Pending| {
        let Some(route) = known.site.route_towards(p.reader, p.way) else { return false };
        let crosses = if inwards { &route.entered } else { &route.left };
        let waits = !p.has_lapsed() && !besides.contains(&p.holder) && crosses.contains(&area);
        waits && is_inside(known, area, p.holder) != inwards
    };
    let going: BTreeSet<HolderId> = known.pending.iter().filter(goes).map(|p| p.holder).collect();
    going.len()
}

/// How many bodies may still come into an area, or go out of it, on grants: those of others than this holder,
/// and those that are nobody's because a lane was opened by hand.
fn unused(known: &Known<'_>, area: AreaId, holder: HolderId, inwards: bool) -> usize {
    let is_within = |a: AreaId| known.site.within(a, area);
    let crosses = |lane: LaneId, way: Direction| {
        let lane = known.site.lanes.get(lane.index());
        lane.is_some_and(|l| is_within(l.to(way)) == inwards && is_within(l.from(way)) != inwards)
    };
    let lane_of = |p: &Pending| known.site.readers.get(p.reader.index()).map(|r| r.lane);
    let crossing = |p: &&Pending| lane_of(p).is_some_and(|lane| crosses(lane, p.way));
    let somebodys = known.pending.iter().filter(crossing).filter(|p| p.is_unused());
    let mut nobodys = 0;
    for (lane, machine) in (0..).map(LaneId).zip(known.lanes) {
        let ways = Direction::BOTH.into_iter().filter(|way| crosses(lane, *way));
        nobodys += ways.map(|way| machine.waiting(way)).sum::<usize>();
        let known_here = known.pending.iter().filter(|p| machine.holds(p.grant)).filter(crossing);
        nobodys = nobodys.saturating_sub(known_here.count());
    }
    somebodys.filter(|p| p.holder != holder).count() + nobodys
}

/// How many bodies the gates have counted into an area and not out of it.
fn counted(known: &Known<'_>, area: AreaId) -> usize {
    let within = |a: AreaId| known.site.within(a, area);
    let balance = known.site.lanes.iter().enumerate().map(|(i, lane)| {
        let passed = |way| i64::try_from(known.ledger.passed(LaneId::at(i), way)).unwrap_or(i64::MAX / 2);
        let inwards = passed(Direction::In) - passed(Direction::Out);
        match (within(lane.inner), within(lane.outer)) {
            (true, false) => inwards,
            (false, true) => -inwards,
            (true, true) | (false, false) => 0,
        }
    });
    usize::try_from(balance.sum::<i64>()).unwrap_or(0)
}
