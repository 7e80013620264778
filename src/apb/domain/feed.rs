//! What the host has to tell all panels, numbered. Only the latest news of a thing is kept: a panel that was
//! away for hours is told how it is, not all that happened.

use crate::apb::id::{HolderId, LaneId};
use crate::apb::input::Input;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What there is news of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Topic {
    /// What is known of a holder has changed.
    Holder(HolderId),
    /// A body has passed a lane.
    Lane(LaneId),
    /// An operator has done something.
    Order(Box<Input>),
}

/// News by number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Feed {
    last: u64,
    topics: BTreeMap<u64, Topic>,
    holders: BTreeMap<HolderId, u64>,
    lanes: BTreeMap<LaneId, u64>,
}

impl Feed {
    /// The number of the last news.
    pub(super) fn last(&self) -> u64 {
        self.last
    }

    /// There is news of a holder.
    pub(super) fn holder(&mut self, holder: HolderId) {
        let older = self.holders.insert(holder, self.last + 1);
        self.add(older, Topic::Holder(holder));
    }

    /// There is news of a lane.
    pub(super) fn lane(&mut self, lane: LaneId) {
        let older = self.lanes.insert(lane, self.last + 1);
        self.add(older, Topic::Lane(lane));
    }

    /// An operator has done something.
    pub(super) fn order(&mut self, input: Input) {
        self.add(None, Topic::Order(Box::new(input)));
    }

    fn add(&mut self, older: Option<u64>, topic: Topic) {
        if let Some(older) = older {
            self.topics.remove(&older);
        }
        self.last += 1;
        self.topics.insert(self.last, topic);
    }

    /// The first news after a number, so many at most, and the number up to which they reach.
    pub(super) fn after(&self, base: u64, max: usize) -> (u64, Vec<(u64, &Topic)>) {
        let from = base.saturating_add(1);
        let news: Vec<_> = self.topics.range(from..).take(max).map(|(n, topic)| (*n, topic)).collect();
        let is_all = news.len() < max;
        let upto = if is_all { self.last } else { news.last().map_or(self.last, |(n, _)| *n) };
        (upto, news)
    }

    /// Every panel has all news up to this number.
    pub(super) fn forget(&mut self, upto: u64) {
        while let Some(first) = self.topics.first_entry().filter(|e| *e.key() <= upto) {
            match first.remove() {
                Topic::Holder(holder) => drop(self.holders.remove(&holder)),
                Topic::Lane(lane) => drop(self.lanes.remove(&lane)),
                Topic::Order(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(feed: &Feed, base: u64, max: usize) -> (u64, Vec<u64>) {
        let (upto, news) = feed.after(base, max);
        (upto, news.into_iter().map(|(n, _)| n).collect())
    }

    #[test]
    fn only_the_latest_news_of_a_thing_is_told() {
        let mut feed = Feed::default();
        for holder in [0, 1, 0, 0] {
            feed.holder(HolderId(holder));
        }
        feed.order(Input::Fire { active: true });
        assert_eq!(numbers(&feed, 0, 9), (5, vec![2, 4, 5]));
        assert_eq!(numbers(&feed, 0, 2), (4, vec![2, 4]));
        assert_eq!(numbers(&feed, 4, 2), (5, vec![5]));
        assert_eq!(numbers(&feed, 5, 2), (5, vec![]));
    }

    #[test]
    fn what_everybody_has_is_forgotten() {
        let mut feed = Feed::default();
        feed.holder(HolderId(3));
        feed.lane(LaneId(1));
        feed.forget(1);
        assert_eq!(numbers(&feed, 0, 9), (2, vec![2]));
        feed.holder(HolderId(3));
        assert_eq!(numbers(&feed, 1, 9), (3, vec![2, 3]));
    }
}
