//! Who walks towards which lane, so that whoever chooses need not look at everybody.

use super::choice::{Errand, Gates};
use super::floor::Floor;
use crate::apb::id::{Direction, LaneId};
use bevy::prelude::*;
use std::collections::BTreeMap;

/// For every lane and way where its queue ends, m, and how far from there each of those is who walk there, in
/// order, m. It holds as long as nobody moves.
#[derive(Debug, Default)]
pub(super) struct Bound(BTreeMap<(LaneId, usize), (Vec2, Vec<f32>)>);

impl Bound {
    /// Everybody on the floor as they are now.
    pub(super) fn of(gates: &Gates<'_, '_, '_>, floor: &Floor) -> Self {
        let ends = gates.iter().flat_map(|(gate, place, _, tracks)| {
            Direction::BOTH.map(|way| (gate.0, way, place.point(way, tracks.tail(way), 0.0)))
        });
        Self::towards(ends, floor)
    }

    fn towards(ends: impl Iterator<Item = (LaneId, Direction, Vec2)>, floor: &Floor) -> Self {
        let none = |(lane, way, end): (LaneId, Direction, Vec2)| ((lane, way.index()), (end, Vec::new()));
        let mut bound = Self(ends.map(none).collect());
        for walker in floor.walkers() {
            if let Some((end, far)) = bound.to(walker.errand) {
                far.push(walker.position.distance(*end));
            }
        }
        bound.0.values_mut().for_each(|(_, far)| far.sort_unstable_by(f32::total_cmp));
        bound
    }

    fn to(&mut self, errand: Errand) -> Option<&mut (Vec2, Vec<f32>)> {
        match errand {
            Errand::Lane { lane, direction } => self.0.get_mut(&(lane, direction.index())),
            Errand::Leave | Errand::Stand => None,
        }
    }

    /// How many are nearer to the end of this queue than somebody here is.
    pub(super) fn nearer(&self, lane: LaneId, direction: Direction, at: Vec2) -> usize {
        let bound = self.0.get(&(lane, direction.index()));
        bound.map_or(0, |(end, far)| far.partition_point(|d| *d < at.distance(*end)))
    }

    /// Somebody here changes their mind, or comes onto the floor.
    pub(super) fn change(&mut self, at: Vec2, from: Errand, to: Errand) {
        if from == to {
            return;
        }
        if let Some((end, far)) = self.to(from) {
            let mine = at.distance(*end);
            let first = far.partition_point(|d| *d < mine);
            if far.get(first) == Some(&mine) {
                far.remove(first);
            }
        }
        if let Some((end, far)) = self.to(to) {
            let mine = at.distance(*end);
            far.insert(far.partition_point(|d| *d < mine), mine);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::PersonId;
    use crate::sim::crowd::floor::{Outline, Walking};
    use proptest::prelude::*;

    fn errand(number: u16) -> Errand {
        let direction = Direction::BOTH[usize::from(number % 2)];
        if number == 0 { Errand::Leave } else { Errand::Lane { lane: LaneId(number / 4), direction } }
    }

    proptest! {
        #[test]
        fn as_many_are_nearer_as_one_would_count(
            people in prop::collection::vec(((-20_f32..20.0, -20_f32..20.0), 0_u16..12, 0_u16..12), 1..40),
        ) {
            let ends: Vec<_> = (0..3).flat_map(|lane| {
                let end = |way: Direction| Vec2::new(f32::from(lane) * 3.0, way.index() as f32);
                Direction::BOTH.map(|way| (LaneId(lane), way, end(way)))
            }).collect();
            let outline = Outline { half_depth_m: 0.1, half_breadth_m: 0.2 };
            let mut floor = Floor::default();
            for (i, (at, before, _)) in people.iter().enumerate() {
                let id = PersonId(u32::try_from(i).unwrap());
                floor.add(Walking::new(id, outline, Vec2::from(*at), 1.3, errand(*before)));
            }
            let mut bound = Bound::towards(ends.iter().copied(), &floor);
            for (i, (at, before, after)) in people.iter().enumerate() {
                for (lane, direction, end) in &ends {
                    let there = Errand::Lane { lane: *lane, direction: *direction };
                    let me = Vec2::from(*at).distance(*end);
                    let nearer = |w: &&Walking| w.errand == there && w.position.distance(*end) < me;
                    let counted = floor.walkers().iter().filter(nearer).count();
                    prop_assert_eq!(bound.nearer(*lane, *direction, Vec2::from(*at)), counted);
                }
                bound.change(Vec2::from(*at), errand(*before), errand(*after));
                floor.walkers_mut()[i].errand = errand(*after);
            }
        }
    }
}
