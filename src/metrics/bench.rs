//! What a lane does against people who follow others: rates with intervals over gap, speed, body and luggage,
//! and the limits that its geometry sets.

use super::interval::interval;
use super::quantile::nearest_rank;
use crate::apb::site::{BeamRow, Sensing};
use crate::scenario::lane_type::LaneType;
use crate::scenario::plan::Barrier;
use serde::{Deserialize, Serialize};

/// So many of so many, and what that proves.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// How often it happened.
    pub hits: u64,
    /// Of so many trials.
    pub trials: u64,
    /// The 95 % interval of Clopper and Pearson; 0 and 1 without a trial.
    pub interval: (f64, f64),
}

impl Rate {
    /// A rate.
    pub fn of(hits: u64, trials: u64) -> Self {
        Self { hits, trials, interval: interval(hits, trials).unwrap_or((0.0, 1.0)) }
    }

    /// The share, 0 to 1; `None` without a trial.
    pub fn share(&self) -> Option<f64> {
        (self.trials > 0).then(|| self.hits as f64 / self.trials as f64)
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::of(self.hits + other.hits, self.trials + other.trials)
    }
}

/// The clear gaps at which what a lane can do against a follower changes. They do not depend on how deep
/// bodies are.
///
/// The time the flap takes to close counts from the order to the leaf's report that it is shut, the ramps of
/// its drive at both ends included: how it gets there in between changes nothing, for the order is taken
/// back as soon as a safety beam is cut, and only a shut flap stops anybody for certain. A follower who is
/// stopped by a leaf that is no longer wide open has cut the safety beam before.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// Both walk at this speed, m/s.
    pub speed_m_s: f64,
    /// Nearer than this the follower is on a safety beam when the leader clears the other one: the flap
    /// cannot begin to close, m.
    pub no_close_m: f64,
    /// Nearer than this he is on it before the flap is shut, and it opens again: nobody is kept out, m.
    pub prevention_m: f64,
    /// From here on he comes in when the flap is shut: an intrusion, no tailgate, m.
    pub class_change_m: f64,
}

impl Limits {
    /// The limits of a row of beams whose flap closes in this time, for bodies going in. What the leader
    /// clears counts a debounce later; a scan may add as much as it lasts.
    pub fn of(row: &BeamRow, closes_s: f64, speed_m_s: f64) -> Option<Self> {
        let outer = row.x_mm.iter().filter(|x| **x < row.flap_mm).count();
        let x = |beam: usize| row.x_mm.get(beam).map(|x| f64::from(*x) / 1_000.0);
        let (near, far) = (x(outer.checked_sub(1)?)?, x(outer)?);
        let entry = if row.relock { x(1)? } else { x(outer.checked_sub(2)?)? };
        let debounce_s = row.debounce.0 as f64 / 1e6;
        let no_close_m = far - near + speed_m_s * debounce_s;
        let closing_m = speed_m_s * closes_s;
        Some(Self {
            speed_m_s,
            no_close_m,
            prevention_m: no_close_m + closing_m,
            class_change_m: no_close_m + closing_m + (near - entry),
        })
    }
}

/// The follower's trials at one gap, speed, kind of body and luggage of the leader.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// Clear gap, m.
    pub gap_m: f64,
    /// Speed of both, m/s.
    pub speed_m_s: f64,
    /// Who follows.
    pub body: String,
    /// What the leader has.
    pub luggage: String,
    /// An alarm about a body that the same trial does not raise without the follower; `None`: this gate sees
    /// no bodies.
    pub detection: Option<Rate>,
    /// The follower did not get through.
    pub prevention: Rate,
}

/// Trials of somebody with a grant and nobody behind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Control {
    /// Speed, m/s.
    pub speed_m_s: f64,
    /// Who it is.
    pub body: String,
    /// What they have.
    pub luggage: String,
    /// Alarms about a body; `None`: this gate sees no bodies.
    pub false_alarms: Option<Rate>,
    /// They did not get through.
    pub stopped: Rate,
}

/// What went through while people with grants came faster than the lane lets them through.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Throughput {
    /// How many came.
    pub people: u64,
    /// How many got through.
    pub bodies: u64,
    /// Grants that were used.
    pub taken: u64,
    /// Grants that nobody used in time.
    pub not_taken: u64,
    /// Bodies a minute, from the first to the last; `None`: fewer than two.
    pub per_minute: Option<f64>,
    /// From a grant to its passage, s: the median; `None`: nobody passed.
    pub passage_s_p50: Option<f64>,
    /// The same: exceeded by one in twenty.
    pub passage_s_p95: Option<f64>,
    /// Alarms about bodies, all of them false.
    pub false_alarms: u64,
}

impl Throughput {
    /// What so many people were let through: so many bodies in so many seconds, and how long each passage
    /// took.
    pub fn of(people: u64, bodies: u64, lasted_s: f64, mut passages_s: Vec<f64>) -> Self {
        passages_s.sort_by(f64::total_cmp);
        let per_minute = (bodies > 1 && lasted_s > 0.0).then(|| (bodies - 1) as f64 * 60.0 / lasted_s);
        Self {
            people,
            bodies,
            taken: passages_s.len() as u64,
            not_taken: 0,
            per_minute,
            passage_s_p50: nearest_rank(&passages_s, 50),
            passage_s_p95: nearest_rank(&passages_s, 95),
            false_alarms: 0,
        }
    }

    /// Bodies through for each grant that was used.
    pub fn bodies_per_grant(&self) -> Option<f64> {
        (self.taken > 0).then(|| self.bodies as f64 / self.taken as f64)
    }
}

/// Everything about one lane type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LaneBench {
    /// The lane type's name.
    pub lane_type: String,
    /// Where its figures come from.
    pub source: String,
    /// The file, as it was named.
    pub file: String,
    /// The seed of all trials.
    pub seed: u64,
    /// Trials of each cell.
    pub trials: u64,
    /// Whether it is a rotor, which lets one body through for a grant by turning and sees nobody.
    pub rotor: bool,
    /// Whether somebody stopped it: some cells are missing.
    pub interrupted: bool,
    /// The limits at each speed.
    pub limits: Vec<Limits>,
    /// With a follower.
    pub cells: Vec<Cell>,
    /// Without one.
    pub controls: Vec<Control>,
    /// A stream of people; `None`: interrupted before.
    pub throughput: Option<Throughput>,
}

impl LaneBench {
    /// No trials yet.
    pub fn new(lane_type: &LaneType, file: &str, (seed, trials): (u64, u64), speeds_m_s: &[f64]) -> Self {
        let closes_s = lane_type.plan.flap_closes.0 as f64 / 1e6;
        let limits = |speed: &f64| match &lane_type.lane.sensing {
            Sensing::Beams(row) => Limits::of(row, closes_s, *speed),
            Sensing::Signals => None,
        };
        Self {
            lane_type: lane_type.name.clone(),
            source: lane_type.source.clone(),
            file: file.into(),
            seed,
            trials,
            rotor: lane_type.plan.barrier == Barrier::Rotor,
            interrupted: false,
            limits: speeds_m_s.iter().filter_map(limits).collect(),
            cells: Vec::new(),
            controls: Vec::new(),
            throughput: None,
        }
    }

    /// The kinds of followers and of luggage there are, in order of first mention.
    pub fn kinds(&self) -> Vec<(&str, &str)> {
        let mut kinds = Vec::new();
        for cell in &self.cells {
            let kind = (cell.body.as_str(), cell.luggage.as_str());
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        kinds
    }

    /// The cells of one kind, gap after gap as they were asked for.
    pub fn of_kind<'a>(&'a self, (body, luggage): (&'a str, &'a str)) -> impl Iterator<Item = &'a Cell> {
        self.cells.iter().filter(move |c| c.body == body && c.luggage == luggage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apb::time::Span;

    #[test]
    fn the_reference_lane_has_the_limits_of_the_book() {
        for (speed, prevention, class_change) in [(1.0, 0.80, 1.05), (1.2, 0.90, 1.15), (1.5, 1.05, 1.30)] {
            let limits = Limits::of(&BeamRow::default(), 0.5, speed).unwrap();
            assert!((limits.no_close_m - 0.30).abs() < 1e-9);
            assert!((limits.prevention_m - prevention).abs() < 1e-9);
            assert!((limits.class_change_m - class_change).abs() < 1e-9);
        }
    }

    #[test]
    fn a_debounce_moves_every_limit() {
        let row = BeamRow { debounce: Span::millis(20), ..BeamRow::default() };
        let limits = Limits::of(&row, 0.5, 1.0).unwrap();
        assert!((limits.no_close_m - 0.32).abs() < 1e-9 && (limits.prevention_m - 0.82).abs() < 1e-9);
    }

    #[test]
    fn a_stream_is_as_many_a_minute_as_came_after_the_first() {
        let stream = Throughput::of(5, 4, 6.0, vec![2.0, 1.0, 4.0, 3.0]);
        assert_eq!((stream.per_minute, stream.bodies_per_grant()), (Some(30.0), Some(1.0)));
        assert_eq!((stream.passage_s_p50, stream.passage_s_p95), (Some(2.0), Some(4.0)));
        let nobody = Throughput::of(5, 0, 0.0, vec![]);
        assert_eq!((nobody.per_minute, nobody.bodies_per_grant(), nobody.passage_s_p50), (None, None, None));
    }

    #[test]
    fn rates_come_with_what_they_prove() {
        let rate = Rate::of(299, 299);
        assert!(rate.interval.0 > 0.99 && rate.share() == Some(1.0));
        assert_eq!(Rate::of(0, 0).share(), None);
        assert_eq!(Rate::of(1, 2).and(Rate::of(2, 3)), Rate::of(3, 5));
    }
}
