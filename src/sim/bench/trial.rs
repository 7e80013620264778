//! One trial: a leader with a grant, perhaps somebody without one behind him, and what came of it.
//!
//! *Whom an alarm is about.* A trial with a follower is run a second time without him: the same leader, the
//! same steps, the same receivers with the same mistakes. Up to the instant at which the follower first cuts
//! a beam the two are the same, so that what the leader, his luggage and noise bring about by themselves
//! comes at the same instants in both. An alarm at an instant at which the lane alarms without the follower
//! too is a false alarm; only one that is not is a detection. Instants are compared, not kinds: whatever the
//! lane calls it, an alarm that the leader's trolley causes does not tell of the follower.

use super::people::{Carried, Kind};
use super::run::Run;
use crate::apb::journal::Alarm;
use crate::apb::site::{BeamRow, Sensing, Site, SiteError};
use crate::apb::time::Time;
use crate::scenario::lane_type::LaneType;
use crate::scenario::plan::{Barrier, LanePlan};
use crate::sim::lane::Place;
use bevy::math::Vec2;
use std::sync::Arc;

/// One trial.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trial {
    /// Both walk at this speed, m/s.
    pub speed_m_s: f32,
    /// What the leader carries.
    pub carried: Carried,
    /// Who follows without a grant, at which clear gap in metres, from the end of what the leader pulls;
    /// `None`: nobody does.
    pub follower: Option<(Kind, f32)>,
    /// Who leads.
    pub leader: Kind,
    /// Which of the trials of its kind: everything that chance decides depends on it and on the seed. What
    /// chance decides about a leader does not depend on the follower.
    pub number: u64,
}

/// What came of a trial.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The first alarm about the follower, see above; without a follower, the first about any body.
    pub alarm: Option<Alarm>,
    /// Whether the leader got through.
    pub led: bool,
    /// Whether the follower got through.
    pub followed: bool,
    /// Whether the flap began to close between the two, before the follower was through.
    pub closed_between: bool,
}

/// A lane of one type, ready for trials.
#[derive(Debug)]
pub struct Bench {
    pub(super) site: Arc<Site>,
    pub(super) plan: LanePlan,
    pub(super) row: BeamRow,
    pub(super) place: Place,
    pub(super) seed: u64,
}

impl Bench {
    /// A bench for lanes with beams and for rotors; `None` for leaves with a logic of their own, of which
    /// nothing is known that could be tried.
    ///
    /// # Errors
    /// What is wrong with the lane type.
    pub fn new(lane_type: &LaneType, seed: u64) -> Result<Option<Self>, Vec<SiteError>> {
        let plan = lane_type.plan.clone();
        let row = match (&lane_type.lane.sensing, plan.barrier) {
            (Sensing::Beams(row), _) => row.clone(),
            (Sensing::Signals, Barrier::Rotor) => BeamRow { x_mm: Vec::new(), ..BeamRow::default() },
            (Sensing::Signals, Barrier::Leaves) => return Ok(None),
        };
        let flap_m = row.flap_mm as f32 / 1_000.0;
        let place = Place { outer: Vec2::ZERO, length_m: plan.length_m, flap_m };
        Ok(Some(Self { site: Arc::new(lane_type.site(1)?), plan, row, place, seed }))
    }

    /// Whether it lets one body through for a grant by turning, and sees nobody.
    pub fn is_rotor(&self) -> bool {
        self.plan.barrier == Barrier::Rotor
    }

    /// What comes of a trial.
    pub fn run(&self, trial: &Trial) -> Outcome {
        let mut run = Run::new(self, trial);
        run.finish();
        let told = run.alarms;
        let by_itself = match (trial.follower, told.last()) {
            (Some(_), Some((last, _))) => self.alarms_without_follower(trial, *last),
            (Some(_), None) | (None, _) => Vec::new(),
        };
        let is_about_follower = |(at, _): &&(Time, Alarm)| !by_itself.contains(at);
        Outcome { alarm: told.iter().find(is_about_follower).map(|(_, alarm)| *alarm), ..run.outcome }
    }

    /// The instants of the alarms that the same trial raises without its follower, up to this time.
    fn alarms_without_follower(&self, trial: &Trial, until: Time) -> Vec<Time> {
        let mut alone = Run::new(self, &Trial { follower: None, ..*trial });
        alone.until(until);
        alone.alarms.into_iter().map(|(at, _)| at).collect()
    }
}
