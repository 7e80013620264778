//! Who is believed where, and who really is there.
//!
//! Belief is the journal's `Moved`, truth is `Introduced` and `Moved`. *Inside* is every area but the
//! outside; a holder of unknown location is believed outside, and one whom nobody introduced is nowhere on
//! the site and so outside. A body crosses and its move is committed a moment apart, so drift counts only
//! what lasts: a discrepancy that is gone, or smaller, within two seconds is ignored.

use super::drift::Sustained;
use super::measures::Measures;
use super::results::{AreaOccupancy, OccupancyPoint};
use super::series::Series;
use crate::apb::id::{AreaId, HolderId};
use crate::apb::journal::Event;
use crate::apb::ledger::Location;
use crate::apb::site::{OUTSIDE, Site};
use crate::apb::time::{Span, Time};
use crate::record::{PersonId, Route, Truth};
use std::collections::BTreeMap;

/// Discrepancies shorter than this are no drift. As far apart as a body and its passage may be.
const DRIFT_LASTS: Span = Span::seconds(2);

/// Follows belief and truth.
#[derive(Debug)]
pub(super) struct Occupancy {
    /// By holder.
    believed: Vec<AreaId>,
    /// By holder.
    really: Vec<AreaId>,
    people: BTreeMap<PersonId, Whereabouts>,
    /// By area, areas within it included; nothing for the outside.
    counts: Vec<Count>,
    inside: Count,
    series: Vec<Series>,
    drift_over: Sustained,
    drift_under: Sustained,
    fire_door: u64,
}

#[derive(Clone, Copy, Debug)]
struct Whereabouts {
    holder: Option<HolderId>,
    area: AreaId,
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    believed: u32,
    really: u32,
}

impl Count {
    /// The one or the other.
    fn of(&mut self, side: Side) -> &mut u32 {
        match side {
            Side::Believed => &mut self.believed,
            Side::Really => &mut self.really,
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Side {
    Believed,
    Really,
}

impl Occupancy {
    pub(super) fn new(site: &Site) -> Self {
        Self {
            believed: vec![OUTSIDE; site.holders.len()],
            really: vec![OUTSIDE; site.holders.len()],
            people: BTreeMap::new(),
            counts: vec![Count::default(); site.areas.len()],
            inside: Count::default(),
            series: site.areas.iter().map(|_| Series::new()).collect(),
            drift_over: Sustained::new(DRIFT_LASTS),
            drift_under: Sustained::new(DRIFT_LASTS),
            fire_door: 0,
        }
    }

    pub(super) fn entry(&mut self, site: &Site, at: Time, event: &Event) {
        let Event::Moved { holder, to, .. } = event else { return };
        let Some(place) = self.believed.get_mut(holder.index()) else { return };
        let to = match to {
            Location::Unknown => OUTSIDE,
            Location::In(area) => *area,
        };
        let from = std::mem::replace(place, to);
        self.shift(site, at, Side::Believed, from, to);
    }

    pub(super) fn truth(&mut self, site: &Site, at: Time, truth: &Truth) {
        match *truth {
            Truth::Introduced { person, holder, area } => {
                self.put(site, at, person, Whereabouts { holder, area });
            }
            Truth::Moved { person, to, route, .. } => {
                self.fire_door += u64::from(route == Route::FireDoor);
                let holder = self.people.get(&person).and_then(|p| p.holder);
                self.put(site, at, person, Whereabouts { holder, area: to });
            }
            _ => {}
        }
    }

    fn put(&mut self, site: &Site, at: Time, person: PersonId, place: Whereabouts) {
        let from = self.people.insert(person, place).map_or(OUTSIDE, |before| before.area);
        if let Some(really) = place.holder.and_then(|holder| self.really.get_mut(holder.index())) {
            *really = place.area;
        }
        self.shift(site, at, Side::Really, from, place.area);
    }

    /// Moves one head in every count and series that it changes.
    fn shift(&mut self, site: &Site, at: Time, side: Side, from: AreaId, to: AreaId) {
        let around = |area| site.enclosing(area).filter(|a| *a != OUTSIDE);
        for (area, up) in around(from).map(|a| (a, false)).chain(around(to).map(|a| (a, true))) {
            if let Some(count) = self.counts.get_mut(area.index()) {
                step(count.of(side), up);
            }
        }
        for area in around(from).chain(around(to)) {
            if let (Some(count), Some(series)) =
                (self.counts.get(area.index()), self.series.get_mut(area.index()))
            {
                series.push(OccupancyPoint { at, believed: count.believed, true_count: count.really });
            }
        }
        if (from == OUTSIDE) != (to == OUTSIDE) {
            step(self.inside.of(side), from == OUTSIDE);
            let Count { believed, really } = self.inside;
            self.drift_over.set(at, believed.saturating_sub(really));
            self.drift_under.set(at, really.saturating_sub(believed));
        }
    }

    pub(super) fn measure(&mut self, end: Time, measures: &mut Measures) {
        let drift = self.drift_over.finish(end).max(self.drift_under.finish(end));
        let holders = || self.believed.iter().zip(&self.really);
        let stuck = holders().filter(|(b, r)| **b != OUTSIDE && **r == OUTSIDE).count();
        let wrong = holders().filter(|(b, r)| (**b == OUTSIDE) != (**r == OUTSIDE)).count();
        let strangers = self.people.values().filter(|p| p.holder.is_none() && p.area != OUTSIDE).count();
        measures.count("occupancy_drift_max", u64::from(drift));
        measures.count("stuck_inside", stuck as u64);
        measures.count("muster_error", (wrong + strangers) as u64);
        measures.count("people_inside_true", u64::from(self.inside.really));
        measures.count("people_inside_believed", u64::from(self.inside.believed));
        measures.count("left_by_fire_door", self.fire_door);
    }

    /// Every area but the outside, in the order of the site.
    pub(super) fn into_areas(self, site: &Site) -> Vec<AreaOccupancy> {
        let areas = site.areas.iter().zip(self.series).skip(OUTSIDE.index() + 1);
        areas
            .map(|(area, series)| AreaOccupancy { area: area.name.clone(), points: series.into_points() })
            .collect()
    }
}

fn step(count: &mut u32, up: bool) {
    *count = if up { count.saturating_add(1) } else { count.saturating_sub(1) };
}

#[cfg(test)]
mod tests {
    use crate::metrics::fixture::Stream;
    use crate::record::Route;

    /// Holder 0 is person 1.
    fn outside() -> Stream {
        Stream::new().introduced(0, 1, Some(0), 0)
    }

    #[test]
    fn believed_and_true_agree_when_a_move_is_committed() {
        let results = outside().walked(1_000, 1, 0, 1).believed(1_300, 0, 1).ends(60_000).results();
        results.expect(&[
            ("people_inside_true", 1),
            ("people_inside_believed", 1),
            ("occupancy_drift_max", 0),
            ("muster_error", 0),
            ("stuck_inside", 0),
        ]);
        let points: Vec<_> =
            results.occupancy[0].points.iter().map(|p| (p.at.0, p.believed, p.true_count)).collect();
        assert_eq!(points, [(0, 0, 0), (1_000_000, 0, 1), (1_300_000, 1, 1)]);
    }

    #[test]
    fn a_discrepancy_is_drift_from_two_seconds_on() {
        let lag =
            |ms: u64| outside().walked(1_000, 1, 0, 1).believed(1_000 + ms, 0, 1).ends(60_000).results();
        lag(1_999).expect(&[("occupancy_drift_max", 0)]);
        lag(2_000).expect(&[("occupancy_drift_max", 1)]);
    }

    #[test]
    fn drift_counts_either_way() {
        let believed_only = outside().believed(1_000, 0, 1).ends(60_000).results();
        believed_only.expect(&[("occupancy_drift_max", 1), ("people_inside_believed", 1)]);
        let strangers = Stream::new()
            .introduced(0, 7, None, 0)
            .introduced(0, 8, None, 0)
            .walked(1_000, 7, 0, 1)
            .walked(5_000, 8, 0, 1)
            .ends(60_000)
            .results();
        strangers.expect(&[("occupancy_drift_max", 2), ("muster_error", 2), ("people_inside_true", 2)]);
    }

    #[test]
    fn whoever_left_by_the_fire_door_is_stuck_inside() {
        let results = outside()
            .walked(1_000, 1, 0, 1)
            .believed(1_000, 0, 1)
            .moved(9_000, 1, 1, 0, Route::FireDoor)
            .ends(60_000)
            .results();
        results.expect(&[
            ("stuck_inside", 1),
            ("left_by_fire_door", 1),
            ("muster_error", 1),
            ("people_inside_true", 0),
            ("people_inside_believed", 1),
        ]);
    }

    #[test]
    fn unknown_is_not_inside_and_the_wrong_area_inside_is_no_muster_error() {
        let inside = || outside().walked(1_000, 1, 0, 1).believed(1_000, 0, 2).ends(60_000);
        inside().results().expect(&[("muster_error", 0), ("stuck_inside", 0), ("people_inside_believed", 1)]);
        let unknown = inside().forgotten(5_000, 0).results();
        unknown.expect(&[("muster_error", 1), ("stuck_inside", 0), ("people_inside_believed", 0)]);
    }

    #[test]
    fn an_area_counts_the_areas_within_it() {
        // Area 2 lies within area 1.
        let results = outside().walked(1_000, 1, 0, 1).walked(2_000, 1, 1, 2).ends(60_000).results();
        let series: Vec<_> = results.occupancy.iter().map(|a| (&*a.area, a.points.len())).collect();
        assert_eq!(series, [("A", 2), ("B", 2)]);
        let last = |i: usize| results.occupancy[i].points.last().unwrap().true_count;
        assert_eq!((last(0), last(1)), (1, 1));
        results.expect(&[("people_inside_true", 1)]);
    }
}
