//! A leaf: how far it is open at any instant, and what it says about itself.
//!
//! Position is a straight line in time between commands, in whole millionths of full travel. A leaf that
//! closes on a body stalls where it is as wide as a body (anti-pinch) and goes on once the body is gone,
//! unless it is told otherwise. Whoever pushes a shut leaf hard enough moves it as long as they push. Without
//! power it opens or stays where it is, and says nothing; once power is back it goes where it was ordered
//! last.

use super::model::GateModel;
use crate::apb::input::Leaf;
use crate::apb::time::{Span, Time};
use crate::scenario::plan::PowerLoss;

/// Fully open, in millionths of travel.
pub const OPEN: u32 = 1_000_000;

/// A body goes through a leaf that is at least this far open, in millionths. 0.45 m of shoulders, turned, in
/// a 0.55 m passage; assumed, as in the simulated lanes.
pub const PASSABLE: u32 = 800_000;

/// A jammed drive notices that it does not close after this long. Assumed.
const NOTICES_JAM: Span = Span::millis(250);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Motion {
    Still,
    Opening,
    Closing,
}

/// The leaf of one gate.
#[derive(Clone, Debug)]
pub(super) struct LeafDrive {
    opens: Span,
    closes: Span,
    pub(super) holds_n: u32,
    without_power: PowerLoss,
    /// Travel at `since`.
    travel: u32,
    since: Time,
    motion: Motion,
    /// Whether it has gone by [`PASSABLE`] on its way, or has no need to.
    by: bool,
    jammed: bool,
    /// Whether it stopped on a body, or jammed, while it closed.
    stalled: bool,
    pushed: bool,
    powered: bool,
    ordered_open: bool,
}

impl LeafDrive {
    /// A shut leaf.
    pub(super) fn new(model: &GateModel) -> Self {
        Self {
            opens: model.opens,
            closes: model.closes,
            holds_n: model.holds_n,
            without_power: model.power_loss,
            travel: 0,
            since: Time::ZERO,
            motion: Motion::Still,
            by: true,
            jammed: false,
            stalled: false,
            pushed: false,
            powered: true,
            ordered_open: false,
        }
    }

    /// How far it is open, in millionths.
    pub(super) fn travel_at(&self, now: Time) -> u32 {
        let gone = |full: Span| {
            let share = u128::from(now.since(self.since).0) * u128::from(OPEN) / u128::from(full.0.max(1));
            u32::try_from(share).unwrap_or(u32::MAX)
        };
        match self.motion {
            _ if self.jammed => self.travel,
            Motion::Still => self.travel,
            Motion::Opening => self.travel.saturating_add(gone(self.opens)).min(OPEN),
            Motion::Closing => self.travel.saturating_sub(gone(self.closes)),
        }
    }

    /// Whether a body can go through now, everything up to now having been done.
    pub(super) fn is_passable(&self) -> bool {
        match self.motion {
            Motion::Still => self.travel >= PASSABLE,
            Motion::Opening => self.by,
            Motion::Closing => !self.by,
        }
    }

    /// Shut and at rest.
    pub(super) fn is_shut(&self) -> bool {
        self.motion == Motion::Still && self.travel == 0
    }

    /// What its sensors say.
    pub(super) fn position(&self) -> Leaf {
        match (self.motion, self.travel) {
            (Motion::Still, 0) => Leaf::Closed,
            (Motion::Still, OPEN) => Leaf::Open,
            (Motion::Still, _) if self.pushed => Leaf::Displaced,
            (Motion::Still, _) if self.stalled => Leaf::Stalled,
            (Motion::Still | Motion::Opening | Motion::Closing, _) => Leaf::Moving,
        }
    }

    fn put(&mut self, now: Time, travel: u32, motion: Motion) {
        self.by = match motion {
            Motion::Still => true,
            Motion::Opening => travel >= PASSABLE,
            Motion::Closing => travel <= PASSABLE,
        };
        (self.travel, self.since, self.motion) = (travel, now, motion);
    }

    /// Starts to open or to close; what it reports, if it starts to move.
    pub(super) fn drive(&mut self, now: Time, open: bool) -> Option<Leaf> {
        self.ordered_open = open;
        if !self.powered || self.pushed {
            return None;
        }
        self.move_to(now, open)
    }

    fn move_to(&mut self, now: Time, open: bool) -> Option<Leaf> {
        let motion = if open { Motion::Opening } else { Motion::Closing };
        let travel = self.travel_at(now);
        let is_there = travel == if open { OPEN } else { 0 };
        if motion == self.motion || (is_there && self.motion == Motion::Still) {
            return None;
        }
        self.put(now, travel, motion);
        self.stalled = false;
        (!is_there).then_some(Leaf::Moving)
    }

    /// Holds it where it is, or lets it go.
    pub(super) fn jam(&mut self, now: Time, jammed: bool) {
        let travel = self.travel_at(now);
        self.jammed = jammed;
        self.put(now, travel, self.motion);
    }

    /// Somebody pushes it with this force; what it reports, if that moves it.
    pub(super) fn push(&mut self, now: Time, newtons: u32) -> Option<Leaf> {
        if !self.is_shut() || self.jammed || newtons < self.holds_n {
            return None;
        }
        self.pushed = true;
        self.put(now, PASSABLE, Motion::Still);
        Some(Leaf::Displaced)
    }

    /// Nobody pushes it any more; what it reports.
    pub(super) fn let_go(&mut self, now: Time) -> Option<Leaf> {
        self.pushed = false;
        if !self.powered {
            return None;
        }
        self.move_to(now, self.ordered_open)
    }

    /// Its power goes or comes back; what it reports.
    pub(super) fn power(&mut self, now: Time, on: bool) -> Option<Leaf> {
        self.powered = on;
        let travel = self.travel_at(now);
        if on {
            self.put(now, travel, Motion::Still);
            let moves = if self.pushed { None } else { self.move_to(now, self.ordered_open) };
            return Some(moves.unwrap_or_else(|| self.position()));
        }
        match self.without_power {
            PowerLoss::Stay => {
                self.put(now, travel, Motion::Still);
                None
            }
            PowerLoss::Open => self.move_to(now, true),
        }
    }

    /// The order it had is forgotten: it is to be shut.
    pub(super) fn forget_order(&mut self) {
        self.ordered_open = false;
    }

    /// When it gets from `self.travel` to there, on its way.
    fn reaches(&self, travel: u32) -> Time {
        let full = if self.motion == Motion::Opening { self.opens } else { self.closes };
        let left = u128::from(self.travel.abs_diff(travel));
        let takes = (left * u128::from(full.0)).div_ceil(u128::from(OPEN));
        self.since + Span(u64::try_from(takes).unwrap_or(u64::MAX))
    }

    /// When something about it changes by itself.
    pub(super) fn next_due(&self) -> Option<Time> {
        match self.motion {
            Motion::Still => None,
            Motion::Closing if self.jammed => Some(self.since + NOTICES_JAM),
            Motion::Opening if self.jammed && self.travel < OPEN => None,
            _ if !self.by => Some(self.reaches(PASSABLE)),
            Motion::Opening => Some(self.reaches(OPEN)),
            Motion::Closing => Some(self.reaches(0)),
        }
    }

    /// Does what is due; what it reports. `across`: a body is in its way.
    pub(super) fn step(&mut self, now: Time, across: bool) -> Option<Leaf> {
        let due = self.next_due().is_some_and(|at| at <= now);
        match self.motion {
            Motion::Closing if self.jammed && due => self.stall(now, self.travel),
            Motion::Closing if across && self.travel_at(now) <= PASSABLE => self.stall(now, PASSABLE),
            Motion::Still if self.stalled && !across && !self.jammed && self.powered => {
                self.move_to(now, self.ordered_open)
            }
            Motion::Opening | Motion::Closing if due && !self.by => {
                self.by = true;
                None
            }
            Motion::Opening if due => self.arrive(now, OPEN, Leaf::Open),
            Motion::Closing if due => self.arrive(now, 0, Leaf::Closed),
            Motion::Still | Motion::Opening | Motion::Closing => None,
        }
    }

    fn stall(&mut self, now: Time, travel: u32) -> Option<Leaf> {
        self.put(now, travel, Motion::Still);
        self.stalled = true;
        Some(Leaf::Stalled)
    }

    fn arrive(&mut self, now: Time, travel: u32, leaf: Leaf) -> Option<Leaf> {
        self.put(now, travel, Motion::Still);
        self.stalled = false;
        Some(leaf)
    }
}
