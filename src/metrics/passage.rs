//! Bodies through lanes, and whose passages the controller took them for.
//!
//! A body is counted where truth says `Crossed`. A journal `Passage` belongs to the oldest body of the same
//! lane and direction that crossed within two seconds of it and has none yet. A body whose passage has a
//! grant is *attributed*, every other one *unattributed*; a passage without a body is a *ghost*.

use super::lanes::PerLane;
use super::measures::Measures;
use crate::apb::id::{Direction, GrantId, LaneId};
use crate::apb::journal::Event;
use crate::apb::time::{Span, Time};
use crate::record::Truth;
use std::collections::{BTreeMap, VecDeque};

/// A body and the journal's passage for it may be this far apart, either way. Assumed: the longest way from
/// the flap line to the last beam, about 0.7 m, at a dawdling 0.35 m/s.
const APART_MAX: Span = Span::seconds(2);

/// Joins bodies with passages, and counts clean entries.
#[derive(Debug)]
pub(super) struct Passages {
    joins: PerLane<Join>,
    /// Grants that are not yet taken, and whether their decision was without a violation.
    grants: BTreeMap<GrantId, bool>,
    clean_entries: u64,
}

/// The join for one lane and direction. At most one of the queues holds anything.
#[derive(Debug, Default)]
pub(super) struct Join {
    /// Bodies through.
    pub(super) bodies: u64,
    /// Of these, with a grant.
    pub(super) attributed: u64,
    ghosts: u64,
    waiting_bodies: VecDeque<Time>,
    waiting_passages: VecDeque<(Time, bool)>,
}

impl Passages {
    pub(super) fn new(lanes: usize) -> Self {
        Self { joins: PerLane::new(lanes), grants: BTreeMap::new(), clean_entries: 0 }
    }

    pub(super) fn truth(&mut self, at: Time, truth: &Truth) {
        if let Truth::Crossed { lane, direction, .. } = truth
            && let Some(join) = self.joins.get_mut(*lane, *direction)
        {
            join.body(at);
        }
    }

    pub(super) fn entry(&mut self, at: Time, event: &Event) {
        match event {
            Event::Passage { lane, direction, grant } => {
                if let Some(join) = self.joins.get_mut(*lane, *direction) {
                    join.passage(at, grant.is_some());
                }
            }
            Event::Decision(decision) => {
                if let Some(grant) = decision.grant {
                    self.grants.insert(grant, decision.violation.is_none());
                }
            }
            Event::Taken { grant, direction, late, .. } => {
                let clean = self.grants.remove(grant) == Some(true);
                self.clean_entries += u64::from(clean && !late && *direction == Direction::In);
            }
            Event::NotTaken { grant, .. } => {
                self.grants.remove(grant);
            }
            _ => {}
        }
    }

    pub(super) fn measure(&self, measures: &mut Measures) {
        for direction in Direction::BOTH {
            let sum = |field: fn(&Join) -> u64| self.joins.towards(direction).map(field).sum();
            let (bodies, attributed): (u64, u64) = (sum(|j| j.bodies), sum(|j| j.attributed));
            measures.count(format!("bodies_{direction}"), bodies);
            measures.count(format!("attributed_{direction}"), attributed);
            measures.count(format!("unattributed_{direction}"), bodies - attributed);
        }
        measures.count("ghost_passages", self.joins.iter().map(|(.., join)| join.ghosts()).sum());
        measures.count("clean_entries", self.clean_entries);
    }

    /// The joins in the order of the site.
    pub(super) fn joins(&self) -> impl Iterator<Item = (LaneId, Direction, &Join)> {
        self.joins.iter()
    }
}

impl Join {
    fn body(&mut self, at: Time) {
        self.bodies += 1;
        self.expire(at);
        match self.waiting_passages.pop_front() {
            Some((_, granted)) => self.attributed += u64::from(granted),
            None => self.waiting_bodies.push_back(at),
        }
    }

    fn passage(&mut self, at: Time, granted: bool) {
        self.expire(at);
        match self.waiting_bodies.pop_front() {
            Some(_) => self.attributed += u64::from(granted),
            None => self.waiting_passages.push_back((at, granted)),
        }
    }

    /// Gives up on everything that nothing at `now` or later can belong to.
    fn expire(&mut self, now: Time) {
        while self.waiting_bodies.front().is_some_and(|t| now.since(*t) > APART_MAX) {
            self.waiting_bodies.pop_front();
        }
        while self.waiting_passages.front().is_some_and(|(t, _)| now.since(*t) > APART_MAX) {
            self.waiting_passages.pop_front();
            self.ghosts += 1;
        }
    }

    /// Passages without a body, those still waiting included.
    fn ghosts(&self) -> u64 {
        self.ghosts + self.waiting_passages.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use crate::apb::id::Direction::{In, Out};
    use crate::metrics::fixture::Stream;

    #[test]
    fn a_body_with_a_granted_passage_is_attributed() {
        let results = Stream::new().crossed(1_000, 1, 0, In).passage(1_300, 0, In, Some(1)).results();
        results.expect(&[("bodies_in", 1), ("attributed_in", 1), ("unattributed_in", 0), ("bodies_out", 0)]);
    }

    #[test]
    fn a_body_without_a_passage_or_with_nobodys_is_unattributed() {
        let results = Stream::new()
            .crossed(1_000, 1, 0, Out)
            .passage(1_300, 0, Out, None)
            .crossed(9_000, 2, 0, Out)
            .results();
        results.expect(&[
            ("bodies_out", 2),
            ("attributed_out", 0),
            ("unattributed_out", 2),
            ("ghost_passages", 0),
        ]);
    }

    #[test]
    fn the_passage_may_come_first() {
        let results = Stream::new().passage(1_000, 0, In, Some(1)).crossed(1_010, 1, 0, In).results();
        results.expect(&[("attributed_in", 1), ("ghost_passages", 0)]);
    }

    #[test]
    fn two_seconds_apart_belong_together_and_more_do_not() {
        let near = Stream::new().crossed(1_000, 1, 0, In).passage(3_000, 0, In, Some(1)).results();
        near.expect(&[("attributed_in", 1), ("ghost_passages", 0)]);
        let far = Stream::new().crossed(1_000, 1, 0, In).passage(3_001, 0, In, Some(1)).results();
        far.expect(&[("attributed_in", 0), ("unattributed_in", 1), ("ghost_passages", 1)]);
    }

    #[test]
    fn the_oldest_body_comes_first_and_lanes_are_kept_apart() {
        let results = Stream::new()
            .crossed(1_000, 1, 0, In)
            .crossed(1_400, 2, 0, In)
            .passage(1_300, 0, In, Some(1))
            .passage(1_700, 0, In, None)
            .crossed(1_800, 3, 1, In)
            .passage(1_900, 0, In, Some(2))
            .results();
        results.expect(&[
            ("bodies_in", 3),
            ("attributed_in", 1),
            ("unattributed_in", 2),
            ("ghost_passages", 1),
        ]);
        let lanes: Vec<_> = results.lanes.iter().map(|l| (&*l.lane, l.bodies, l.attributed)).collect();
        assert_eq!(lanes, [("L1", 2, 1), ("L2", 1, 0)]);
    }

    #[test]
    fn a_clean_entry_is_granted_without_violation_taken_in_time_and_inwards() {
        let granted = |grant| Stream::new().granted(500, 0, 101, grant);
        granted(1).taken(1_500, 1, 0, In, false).results().expect(&[("clean_entries", 1)]);
        granted(1).taken(1_500, 1, 0, In, true).results().expect(&[("clean_entries", 0)]);
        granted(1).taken(1_500, 1, 0, Out, false).results().expect(&[("clean_entries", 0)]);
        granted(1).taken(1_500, 2, 0, In, false).results().expect(&[("clean_entries", 0)]);
        granted(1)
            .not_taken(1_200, 1, 0, In)
            .taken(1_500, 1, 0, In, false)
            .results()
            .expect(&[("clean_entries", 0)]);
        let flagged = Stream::new().flagged(500, 0, 101, 1).taken(1_500, 1, 0, In, false);
        flagged.results().expect(&[("clean_entries", 0)]);
    }
}
