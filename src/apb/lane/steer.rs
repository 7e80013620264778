//! When the flap opens and closes, and when the grants' time runs.

use super::alarms::Cause;
use super::event::LaneEvent;
use super::flap::Drive;
use super::machine::LaneMachine;
use super::people::Standing;
use crate::apb::id::Direction;
use crate::apb::passage::Tracker;
use crate::apb::time::{Span, Time};

impl LaneMachine {
    /// When somebody will have kept the flap from closing for too long.
    pub(super) fn obstruction_at(&self) -> Option<Time> {
        let silent = self.timers.obstruction == Span::ZERO || self.alarms.is_due_to(Cause::Safety);
        self.obstructed.filter(|_| !silent).map(|since| since + self.timers.obstruction)
    }

    /// The way the one who keeps the flap open goes, as far as that is certain.
    pub(super) fn on_safety_beams(&self) -> Option<Direction> {
        match Direction::BOTH.map(|d| self.people.is_coming(d)) {
            [true, false] => Some(Direction::In),
            [false, true] => Some(Direction::Out),
            [true, true] | [false, false] => None,
        }
    }

    /// Notes whether somebody without a grant is on a safety beam of the open flap.
    pub(super) fn watch_flap(&mut self, now: Time) {
        let occupied = self.tracker.as_ref().is_some_and(Tracker::is_safety_occupied);
        let free = Direction::BOTH.iter().any(|d| self.people.count(*d, Standing::Free) > 0);
        let excused = free || self.evacuating || self.grants.direction().is_some();
        if occupied && !excused && !self.flap.is_closed() {
            self.obstructed.get_or_insert(now);
        } else {
            self.obstructed = None;
            self.alarms.clear(now, Cause::Safety);
        }
    }

    /// Ends and begins the turns of the two ways; how many grants came into the present one.
    pub(super) fn take_turns(&mut self) -> usize {
        self.grants.arrange(Direction::BOTH.map(|d| self.people.is_inside(d)))
    }

    /// Lets the first grant's time run while nobody is there who may use it or keeps its owner out, and the
    /// others' while nobody in the lane has taken them up.
    pub(super) fn run_clocks(&mut self, now: Time) {
        let (rests, owners) = match self.grants.direction() {
            Some(d) => {
                let rests = self.people.is_coming(d) || self.people.hinders(d);
                (rests, self.people.count(d, Standing::Owner))
            }
            None => (true, 0),
        };
        self.grants.run(now, !rests, owners);
    }

    /// The way the flap should be open for, if it should be open.
    fn wanted(&self) -> Option<Direction> {
        if self.evacuating {
            return Some(Direction::Out);
        }
        let owed = self.grants.direction().filter(|d| {
            let on_the_way = self.people.count(*d, Standing::Owner) > 0;
            (on_the_way && !self.is_relocked()) || !self.people.hinders(*d)
        });
        owed.or_else(|| self.people.iter().find(|p| p.standing == Standing::Free).map(|p| p.direction))
    }

    /// Whether an offender keeps everybody out who is not under the open flap yet.
    fn is_relocked(&self) -> bool {
        let offended = self.people.iter().any(|p| p.standing == Standing::Offender);
        let under = self.tracker.as_ref().is_some_and(Tracker::is_under_flap);
        self.relock && offended && (!under || self.flap.is_closed())
    }

    /// Opens or closes the flap if it should be otherwise than it is told to be.
    pub(super) fn steer(&mut self, out: &mut Vec<LaneEvent>) {
        let Some(tracker) = &self.tracker else {
            self.steer_gate(out);
            return;
        };
        let (blocked, under) = (tracker.is_safety_blocked(), tracker.is_under_flap());
        match (self.wanted(), self.flap.drive) {
            (Some(way), Drive::Shut | Drive::Closing) => self.flap.open(way, out),
            (Some(way), Drive::Open) if way != self.flap.released_for => self.flap.open(way, out),
            (None, Drive::Open) if !blocked && !under && self.flap.retry_at.is_none() => {
                self.flap.close(out);
            }
            (None, Drive::Closing) if blocked && !self.flap.is_closed() => {
                self.flap.open(self.flap.released_for, out);
            }
            (Some(_) | None, Drive::Open) | (None, Drive::Shut | Drive::Closing) => {}
        }
        if self.flap.is_ready()
            && let Some(credit) = self.grants.front().filter(|c| !c.opened)
        {
            credit.opened = true;
            out.push(LaneEvent::Opened(credit.grant));
        }
    }

    /// A gate that counts for itself is told once for every grant, and that no grant waits this way any more.
    fn steer_gate(&mut self, out: &mut Vec<LaneEvent>) {
        if self.evacuating {
            if self.flap.drive == Drive::Shut {
                self.flap.open(Direction::Out, out);
            }
            return;
        }
        match self.grants.direction() {
            Some(way) => {
                if let Some(credit) = self.grants.front().filter(|c| !c.told) {
                    credit.told = true;
                    if self.flap.drive == Drive::Open && self.flap.released_for != way {
                        self.flap.close(out);
                    }
                    self.flap.open(way, out);
                }
            }
            None if self.flap.drive == Drive::Open => {
                self.flap.close(out);
                self.flap.drive = Drive::Shut;
            }
            None => {}
        }
    }
}
