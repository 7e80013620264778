//! One value for each lane and direction of a site, and the names of a site's things.

use crate::apb::id::{CardNumber, Direction, LaneId, ReaderId};
use crate::apb::site::Site;

/// One value for each lane and direction.
#[derive(Debug)]
pub(super) struct PerLane<T>(Vec<[T; 2]>);

impl<T: Default> PerLane<T> {
    /// Default values for this many lanes.
    pub(super) fn new(lanes: usize) -> Self {
        Self((0..lanes).map(|_| Default::default()).collect())
    }

    /// The value for this lane and direction; `None` for a lane that the site does not have.
    pub(super) fn get_mut(&mut self, lane: LaneId, direction: Direction) -> Option<&mut T> {
        self.0.get_mut(lane.index()).map(|pair| &mut pair[direction.index()])
    }

    /// Every value in the order of the site, `In` first.
    pub(super) fn iter(&self) -> impl Iterator<Item = (LaneId, Direction, &T)> {
        let both = |(i, pair)| Direction::BOTH.into_iter().zip(pair).map(move |(d, v)| (LaneId::at(i), d, v));
        self.0.iter().enumerate().flat_map(both)
    }

    /// Changes every value.
    pub(super) fn for_each(&mut self, change: impl FnMut(&mut T)) {
        self.0.iter_mut().flatten().for_each(change);
    }

    /// Every lane's value for one direction.
    pub(super) fn towards(&self, direction: Direction) -> impl Iterator<Item = &T> {
        self.0.iter().map(move |pair| &pair[direction.index()])
    }
}

/// The lane's name.
pub(super) fn lane_name(site: &Site, lane: LaneId) -> String {
    site.lanes.get(lane.index()).map_or_else(|| lane.to_string(), |l| l.name.clone())
}

/// The reader's name.
pub(super) fn reader_name(site: &Site, reader: ReaderId) -> String {
    site.readers.get(reader.index()).map_or_else(|| reader.to_string(), |r| r.name.clone())
}

/// The credential's name, or its number where the site does not know it.
pub(super) fn credential_name(site: &Site, card: CardNumber) -> String {
    let known = site.credential(card).and_then(|id| site.credentials.get(id.index()));
    known.map_or_else(|| format!("card {}", card.0), |c| c.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::fixture;

    #[test]
    fn values_are_told_apart_by_lane_and_direction() {
        let mut counts = PerLane::<u32>::new(2);
        *counts.get_mut(LaneId(1), Direction::Out).unwrap() = 5;
        assert!(counts.get_mut(LaneId(2), Direction::In).is_none());
        assert_eq!(counts.towards(Direction::Out).copied().collect::<Vec<_>>(), [0, 5]);
        assert_eq!(counts.iter().last(), Some((LaneId(1), Direction::Out, &5)));
    }

    #[test]
    fn things_the_site_does_not_have_are_called_by_their_number() {
        let site = fixture::site();
        assert_eq!(lane_name(&site, LaneId(0)), "L1");
        assert_eq!(lane_name(&site, LaneId(9)), "LaneId 9");
        assert_eq!(reader_name(&site, ReaderId(1)), "R1x");
        assert_eq!(credential_name(&site, CardNumber(101)), "K1");
        assert_eq!(credential_name(&site, CardNumber(7)), "card 7");
    }
}
