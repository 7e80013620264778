//! Parties: people who come together keep the pace of the slowest and prefer the same lane.

use super::agenda::Day;
use super::floor::{Floor, Walking};
use super::people::{People, Trip};
use crate::apb::id::AreaId;
use crate::apb::time::Time;
use crate::record::PersonId;
use crate::scenario::population::Population;
use crate::sim::ground::Ground;
use bevy::prelude::*;
use rand::RngExt;
use std::ops::Range;

impl Day<'_> {
    /// Cuts so many people, in order, into those who come together. Nobody comes with nobody, and nothing is
    /// drawn, where a population has no parties.
    pub(super) fn parties(&self, name: &str, of: Option<&Population>, count: usize) -> Vec<Range<usize>> {
        let Some(of) = of.filter(|p| !p.parties.is_empty()) else { return Vec::new() };
        let mut rng = self.rng.named(&format!("parties/{name}"));
        let chances = chances(&of.parties);
        let mut all = Vec::new();
        let mut first = 0;
        while first < count {
            let mut left: f64 = rng.random_range(0.0..1.0);
            let drawn = chances.iter().find(|(chance, _)| {
                left -= chance;
                left < 0.0
            });
            let end = (first + drawn.map_or(1, |(_, size)| usize::from(*size))).min(count);
            if end - first > 1 {
                all.push(first..end);
            }
            first = end;
        }
        all
    }

    /// Makes these people go on their first trip together. Whoever needs the widest lane leads.
    pub(super) fn together(&mut self, members: &[PersonId]) {
        let there = || members.iter().filter_map(|id| self.people.get(*id));
        let Some(slowest) = there().map(|p| p.speed_m_s).reduce(f32::min) else { return };
        let by_need = there().min_by(|a, b| b.lane_m.total_cmp(&a.lane_m).then(a.id.cmp(&b.id)));
        let Some(leader) = by_need.map(|p| p.id) else { return };
        for id in members {
            if let Some(trip) = self.people.get_mut(*id).and_then(|p| p.trips.front_mut()) {
                trip.speed_m_s = Some(trip.speed_m_s.map_or(slowest, |own| own.min(slowest)));
                trip.with = (*id != leader).then_some(leader);
            }
        }
    }
}

/// Where somebody comes onto the floor who has come with others: beside whoever leads them.
pub(super) fn beside(
    trip: &Trip,
    from: AreaId,
    people: &People,
    (floor, ground): (&Floor, &Ground),
) -> Option<Vec2> {
    /// How far apart people walk who are together, m. Assumed.
    const ABREAST_M: f32 = 0.6;
    const BEHIND_M: f32 = 0.3;
    /// Nobody else of theirs is further from them than this as they come, m.
    const NEAR_M: f32 = 3.0;
    /// Who begins this near to another is taken to begin in the same place, m.
    const RIGHT_BY_M: f32 = 0.01;
    let leader = trip.with?;
    let walks = floor.walkers().iter().find(|w| w.person == leader)?;
    let is_here = people.get(leader).is_some_and(|p| p.area == Some(from));
    if !is_here {
        return None;
    }
    let comes = |w: &&Walking| {
        let trip = people.get(w.person).and_then(|p| p.trips.front());
        trip.is_some_and(|t| t.with == Some(leader))
    };
    let near = floor.walkers().iter().filter(|w| w.position.distance(walks.position) < NEAR_M);
    let comers: Vec<Vec2> = near.filter(comes).map(|w| w.position).collect();
    let side = if comers.len().is_multiple_of(2) { ABREAST_M } else { -ABREAST_M };
    let offset = Vec2::new(side, -BEHIND_M * (comers.len() / 2) as f32);
    let place = place_beside(ground, walks.position, offset);
    // Where there is room on one side only, the next begins right by the one who leads.
    let is_taken = comers.iter().any(|c| c.distance(place) < RIGHT_BY_M);
    Some(if is_taken { walks.position + RIGHT_BY * offset } else { place })
}

/// Bodies that begin in one place part by themselves within a few steps; those exactly there do not. So it is
/// this share of how far away they should be.
const RIGHT_BY: f32 = 0.1;

/// A place so far from somebody; right by them, or on their other side, where a wall is between.
pub(super) fn place_beside(ground: &Ground, at: Vec2, offset: Vec2) -> Vec2 {
    /// As near to a wall as the middle of a body gets, m.
    const BERTH_M: f32 = 0.19;
    let walls = ground.walls();
    let has_room = |place: &Vec2| walls.is_clear(at, *place, 0.0) && walls.clearance(*place) > BERTH_M;
    [at + offset, at - offset].into_iter().find(has_room).unwrap_or(at + RIGHT_BY * offset)
}

/// Everybody comes when the first of their party does.
pub(super) fn come_together(times: &mut [Time], parties: &[Range<usize>]) {
    for party in parties {
        if let Some(party) = times.get_mut(party.clone())
            && let Some(first) = party.iter().min().copied()
        {
            party.fill(first);
        }
    }
}

/// From the shares of people in parties of a size to the chances that the next to come are one.
fn chances(shares: &[(f64, u8)]) -> Vec<(f64, u8)> {
    let alone = (1.0 - shares.iter().map(|(share, _)| share).sum::<f64>()).max(0.0);
    let parties = |(share, size): &(f64, u8)| share / f64::from((*size).max(1));
    let all = alone + shares.iter().map(parties).sum::<f64>();
    shares.iter().map(|s| (parties(s) / all, s.1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_people_become_chances_of_parties() {
        // Of eight people four come alone and four in two pairs: a third of all that come are pairs.
        assert_eq!(chances(&[(0.5, 2)]), [(0.25 / 0.75, 2)]);
        assert_eq!(chances(&[(1.0, 4)]), [(1.0, 4)]);
    }

    #[test]
    fn nobody_waits_for_a_party_that_is_cut_short() {
        let mut times = [5, 3, 9, 7].map(Time);
        come_together(&mut times, &[0..2, 2..6]);
        assert_eq!(times, [3, 3, 9, 7].map(Time));
    }
}
