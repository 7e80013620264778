//! Trials counted: so many of the same kind, and how often what came of them.

use super::people::{Carried, Kind};
use super::trial::{Bench, Trial};

/// What is tried so often: a follower at a gap, or nobody behind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Case {
    /// Who follows; who walks alone, if nobody does.
    pub kind: Kind,
    /// What the leader has.
    pub carried: Carried,
    /// Speed of both, m/s.
    pub speed_m_s: f64,
    /// Clear gap, m; `None`: nobody follows.
    pub gap_m: Option<f64>,
}

/// How often what came of the trials of a case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Trials.
    pub trials: u64,
    /// An alarm about the follower; alone: about anybody.
    pub told: u64,
    /// The follower did not get through.
    pub kept_out: u64,
    /// The leader did not get through.
    pub stopped: u64,
}

impl Case {
    /// Followers of every kind at these gaps and speeds, and everybody who walks alone. Nobody crawls under a
    /// rotor's arms or vaults over them: whether they leave room for that is not known of a lane type.
    pub fn all(bench: &Bench, gaps_m: &[f64], speeds_m_s: &[f64]) -> Vec<Self> {
        let mut cases = Vec::new();
        let kinds = Kind::ALL.into_iter().filter(|kind| !bench.is_rotor() || kind.walks());
        for kind in kinds {
            for carried in Carried::ALL {
                for speed_m_s in speeds_m_s.iter().copied() {
                    let alone = kind.walks().then_some(None);
                    let gaps = gaps_m.iter().copied().map(Some).chain(alone);
                    cases.extend(gaps.map(|gap_m| Self { kind, carried, speed_m_s, gap_m }));
                }
            }
        }
        cases
    }

    /// One of its trials. A grown-up leads a follower; alone everybody walks with their own luggage.
    fn trial(&self, number: u64) -> Trial {
        let (leader, follower) = match self.gap_m {
            Some(gap) => (Kind::Adult, Some((self.kind, gap as f32))),
            None => (self.kind, None),
        };
        Trial { speed_m_s: self.speed_m_s as f32, carried: self.carried, follower, leader, number }
    }
}

impl Bench {
    /// What comes of so many trials of a case; `None`: `goes_on` said no before they were all done.
    pub fn tally(&self, case: &Case, trials: u64, goes_on: impl Fn() -> bool) -> Option<Tally> {
        let mut tally = Tally { trials, ..Tally::default() };
        for number in 0..trials {
            if !goes_on() {
                return None;
            }
            let outcome = self.run(&case.trial(number));
            tally.told += u64::from(outcome.alarm.is_some());
            tally.kept_out += u64::from(!outcome.followed);
            tally.stopped += u64::from(!outcome.led);
        }
        Some(tally)
    }
}
