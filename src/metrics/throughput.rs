//! How fast people get through: waiting, service, queues, bodies per minute, for each lane and direction.
//!
//! Somebody waits from joining a queue until service begins at the reader. Whoever leaves the queue otherwise
//! (gives up, walks into a lane unserved, goes by another way) no longer stands in it, but has no waiting
//! time. Service lasts until the body has crossed; if service began more than once, it counts from the last
//! time.

use super::lanes::{PerLane, lane_name};
use super::measures::{Measures, seconds};
use super::passage::Passages;
use super::quantile::nearest_rank;
use super::results::LaneFigures;
use crate::apb::id::{Direction, LaneId};
use crate::apb::site::Site;
use crate::apb::time::{Span, Time};
use crate::record::{PersonId, Truth};
use std::collections::{BTreeMap, VecDeque};

/// The window of the best minute, half-open: at a headway of 1.5 s there are 40 bodies in it, not 41.
const MINUTE: Span = Span::minutes(1);

/// Follows people from the queue to the other side.
#[derive(Debug)]
pub(super) struct Throughput {
    flows: PerLane<Flow>,
    overall: Rate,
    /// Who stands in which queue, since when.
    waiting: BTreeMap<PersonId, (Time, LaneId, Direction)>,
    /// Whose service began where, and when.
    served: BTreeMap<PersonId, (Time, LaneId, Direction)>,
    services: Vec<Span>,
    gave_up: u64,
}

/// One lane and direction.
#[derive(Debug, Default)]
struct Flow {
    rate: Rate,
    waits: Vec<Span>,
    queue: u32,
    queue_max: u32,
}

/// Bodies over time.
#[derive(Debug, Default)]
struct Rate {
    bodies: u64,
    first: Time,
    last: Time,
    /// The bodies of the last minute.
    recent: VecDeque<Time>,
    best: usize,
}

impl Rate {
    fn body(&mut self, at: Time) {
        if self.bodies == 0 {
            self.first = at;
        }
        self.bodies += 1;
        self.last = self.last.max(at);
        self.recent.push_back(at);
        while self.recent.front().is_some_and(|t| at.since(*t) >= MINUTE) {
            self.recent.pop_front();
        }
        self.best = self.best.max(self.recent.len());
    }

    /// Bodies per minute between the first and the last; `None` for fewer than two, or two at once.
    fn mean_ppm(&self) -> Option<f64> {
        let between = seconds(self.last.since(self.first));
        (self.bodies >= 2 && between > 0.0).then(|| (self.bodies - 1) as f64 * 60.0 / between)
    }

    /// Most bodies in any minute.
    fn best_ppm(&self) -> f64 {
        self.best as f64
    }
}

impl Throughput {
    pub(super) fn new(lanes: usize) -> Self {
        Self {
            flows: PerLane::new(lanes),
            overall: Rate::default(),
            waiting: BTreeMap::new(),
            served: BTreeMap::new(),
            services: Vec::new(),
            gave_up: 0,
        }
    }

    pub(super) fn truth(&mut self, at: Time, truth: &Truth) {
        match truth {
            Truth::Queued { person, lane, direction } => self.queue(at, *person, *lane, *direction),
            Truth::Served { person, lane, direction } => {
                if let Some((since, lane, direction)) = self.leave_queue(*person)
                    && let Some(flow) = self.flows.get_mut(lane, direction)
                {
                    flow.waits.push(at.since(since));
                }
                self.served.insert(*person, (at, *lane, *direction));
            }
            Truth::Crossed { person, lane, direction } => self.cross(at, *person, *lane, *direction),
            Truth::GaveUp { person, .. } => {
                self.gave_up += 1;
                self.leave_queue(*person);
                self.served.remove(person);
            }
            Truth::Entered { person, .. } | Truth::Moved { person, .. } => {
                self.leave_queue(*person);
            }
            _ => {}
        }
    }

    fn queue(&mut self, at: Time, person: PersonId, lane: LaneId, direction: Direction) {
        // Whoever changes lanes goes on waiting.
        let since = self.leave_queue(person).map_or(at, |(since, ..)| since);
        if let Some(flow) = self.flows.get_mut(lane, direction) {
            flow.queue += 1;
            flow.queue_max = flow.queue_max.max(flow.queue);
            self.waiting.insert(person, (since, lane, direction));
        }
    }

    fn leave_queue(&mut self, person: PersonId) -> Option<(Time, LaneId, Direction)> {
        let place = self.waiting.remove(&person)?;
        if let Some(flow) = self.flows.get_mut(place.1, place.2) {
            flow.queue = flow.queue.saturating_sub(1);
        }
        Some(place)
    }

    fn cross(&mut self, at: Time, person: PersonId, lane: LaneId, direction: Direction) {
        if let Some(flow) = self.flows.get_mut(lane, direction) {
            flow.rate.body(at);
            self.overall.body(at);
        }
        if let Some((since, there, way)) = self.served.remove(&person)
            && (there, way) == (lane, direction)
        {
            self.services.push(at.since(since));
        }
    }

    /// Sorts what was collected. Call it once, at the end.
    pub(super) fn close(&mut self) {
        self.services.sort_unstable();
        self.flows.for_each(|flow| flow.waits.sort_unstable());
    }

    pub(super) fn measure(&self, site: &Site, measures: &mut Measures) {
        for (lane, direction, flow) in self.flows.iter() {
            let name = |measure| format!("{measure}/{}/{direction}", lane_name(site, lane));
            measures.per_minute(name("throughput_ppm_mean"), flow.rate.mean_ppm());
            measures.per_minute(name("throughput_ppm_best"), Some(flow.rate.best_ppm()));
            measures.count(name("bodies"), flow.rate.bodies);
            measures.quantile(name("wait_s_p50"), &flow.waits, 50);
            measures.quantile(name("wait_s_p95"), &flow.waits, 95);
            measures.count(name("queue_max"), u64::from(flow.queue_max));
        }
        let waits = self.waits();
        measures.per_minute("throughput_ppm_mean", self.overall.mean_ppm());
        measures.per_minute("throughput_ppm_best", Some(self.overall.best_ppm()));
        measures.quantile("wait_s_p50", &waits, 50);
        measures.quantile("wait_s_p95", &waits, 95);
        measures.quantile("wait_s_max", &waits, 100);
        measures.quantile("service_s_p50", &self.services, 50);
        measures.quantile("service_s_p95", &self.services, 95);
        let queue_max = self.flows.iter().map(|(.., flow)| flow.queue_max).max();
        measures.count("queue_max", u64::from(queue_max.unwrap_or(0)));
        measures.count("gave_up", self.gave_up);
        measures.count("still_queued", self.waiting.len() as u64);
    }

    /// All waiting times, ascending.
    pub(super) fn waits(&self) -> Vec<Span> {
        let mut waits: Vec<_> = self.flows.iter().flat_map(|(.., flow)| &flow.waits).copied().collect();
        waits.sort_unstable();
        waits
    }

    /// One row for each lane and direction that anybody crossed or queued at.
    pub(super) fn rows(&self, site: &Site, passages: &Passages) -> Vec<LaneFigures> {
        let wait = |flow: &Flow, percent| nearest_rank(&flow.waits, percent).map(seconds);
        let mut rows = Vec::new();
        for ((lane, direction, flow), (.., join)) in self.flows.iter().zip(passages.joins()) {
            if flow.rate.bodies == 0 && flow.queue_max == 0 {
                continue;
            }
            rows.push(LaneFigures {
                lane: lane_name(site, lane),
                direction,
                bodies: join.bodies,
                attributed: join.attributed,
                mean_ppm: flow.rate.mean_ppm(),
                best_ppm: flow.rate.best_ppm(),
                wait_p50_s: wait(flow, 50),
                wait_p95_s: wait(flow, 95),
                queue_max: flow.queue_max,
            });
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use crate::apb::id::Direction::{In, Out};
    use crate::metrics::fixture::Stream;
    use crate::record::Standing;

    #[test]
    fn a_headway_of_1500_ms_for_600_s_is_400_bodies_and_40_a_minute() {
        let stream = (0..400).fold(Stream::new(), |s, i| s.crossed(i * 1_500, 1, 0, In));
        let results = stream.results();
        results.expect(&[
            ("bodies_in", 400),
            ("throughput_ppm_mean", 40),
            ("throughput_ppm_best", 40),
            ("throughput_ppm_mean/L1/in", 40),
            ("throughput_ppm_best/L1/in", 40),
            ("bodies/L1/in", 400),
            ("bodies/L1/out", 0),
        ]);
        assert_eq!(results.measures["throughput_ppm_mean/L2/in"].value, None);
    }

    #[test]
    fn one_body_has_no_mean_but_a_best_minute() {
        let results = Stream::new().crossed(5_000, 1, 0, In).results();
        results.expect(&[("throughput_ppm_best", 1)]);
        assert_eq!(results.measures["throughput_ppm_mean"].value, None);
        assert_eq!((results.lanes[0].mean_ppm, results.lanes[0].wait_p50_s), (None, None));
    }

    #[test]
    fn the_best_minute_slides_and_lanes_add_up() {
        let results = Stream::new()
            .crossed(0, 1, 0, In)
            .crossed(50_000, 2, 0, In)
            .crossed(70_000, 3, 1, Out)
            .crossed(109_999, 4, 0, In)
            .crossed(300_000, 5, 0, In)
            .results();
        results.expect(&[
            ("throughput_ppm_best", 3),
            ("throughput_ppm_best/L1/in", 2),
            ("throughput_ppm_best/L2/out", 1),
        ]);
    }

    #[test]
    fn waiting_ends_with_service_and_service_with_crossing() {
        let results = Stream::new()
            .queued(1_000, 1, 0, In)
            .queued(2_000, 2, 0, In)
            .served(3_000, 1, 0, In)
            .crossed(5_500, 1, 0, In)
            .served(6_000, 2, 0, In)
            .results();
        results.expect(&[("wait_s_p50", 2), ("wait_s_p95", 4), ("wait_s_max", 4), ("wait_s_p95/L1/in", 4)]);
        assert_eq!(results.measures["service_s_p50"].value, Some(2.5));
        assert_eq!(results.measures["wait_s_p50/L1/out"].value, None);
        assert_eq!(results.waits_s, [2.0, 4.0]);
        assert_eq!((results.lanes[0].wait_p50_s, results.lanes[0].queue_max), (Some(2.0), 2));
    }

    #[test]
    fn the_longest_queue_is_that_of_one_lane_and_direction() {
        let results = Stream::new()
            .queued(1_000, 1, 0, In)
            .queued(1_000, 2, 0, Out)
            .queued(1_000, 3, 1, In)
            .queued(2_000, 4, 1, In)
            .served(3_000, 3, 1, In)
            .queued(4_000, 5, 1, In)
            .results();
        results.expect(&[("queue_max", 2), ("queue_max/L1/in", 1), ("queue_max/L2/in", 2)]);
        assert_eq!(results.lanes.len(), 3, "used lanes only");
    }

    #[test]
    fn whoever_leaves_the_queue_unserved_has_no_waiting_time() {
        let results = Stream::new()
            .queued(1_000, 1, 0, In)
            .gave_up(5_000, 1, 0, In)
            .queued(6_000, 2, 0, In)
            .entered(7_000, 2, 0, In, Standing::Tailgating)
            .queued(8_000, 3, 0, In)
            .queued(9_000, 3, 1, In)
            .queued(9_500, 4, 0, In)
            .results();
        results.expect(&[("queue_max", 1), ("gave_up", 1), ("still_queued", 2)]);
        assert_eq!(results.measures["wait_s_max"].value, None);
        assert_eq!(results.waits_s, [0.0; 0]);
    }

    #[test]
    fn service_at_one_lane_is_not_ended_by_crossing_another() {
        let results = Stream::new().served(1_000, 1, 0, In).crossed(5_000, 1, 1, In).results();
        assert_eq!(results.measures["service_s_p95"].value, None);
    }
}
