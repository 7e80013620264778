//! What each body is in the lane by, and what it is accused of.

use super::alarms::Cause;
use super::event::LaneEvent;
use super::machine::LaneMachine;
use super::people::{Person, Standing};
use crate::apb::id::Direction;
use crate::apb::input::Leaf;
use crate::apb::journal::Alarm;
use crate::apb::passage::{BodyId, Sighting};
use crate::apb::site::PassMode;
use crate::apb::time::{Span, Time};

impl LaneMachine {
    /// Takes in what the beams saw.
    pub(super) fn digest(&mut self, now: Time, sightings: &[Sighting], out: &mut Vec<LaneEvent>) {
        for sighting in sightings {
            match *sighting {
                Sighting::Approached(id, direction) => {
                    let free = self.is_free(direction);
                    let standing = if free { Standing::Free } else { Standing::Waiting };
                    self.people.arrive(id, direction, now, standing);
                }
                Sighting::Entered(id) => self.admit(id, out),
                Sighting::AtFlap(id) => self.check_contact(id, out),
                Sighting::Passed(id) => self.count_passage(id, out),
                Sighting::Long(id) => self.judge_length(id, out),
                Sighting::Gone(id) => {
                    self.people.leave(id);
                    self.alarms.clear(now, Cause::Body(id));
                }
                Sighting::BeamFault(beam, true) => {
                    self.alarms.raise(Alarm::BeamFault, None, Cause::Beam(beam), out);
                }
                Sighting::BeamFault(beam, false) => self.alarms.clear(now, Cause::Beam(beam)),
            }
        }
    }

    /// Somebody enters: by a grant, by a lapsed one, or by nothing.
    fn admit(&mut self, id: BodyId, out: &mut Vec<LaneEvent>) {
        let Some(&mut Person { direction, standing, .. }) = self.people.get(id) else { return };
        let spare = self.people.count(direction, Standing::Owner) < self.grants.usable(direction);
        let grace = self.grants.lapsed().is_some_and(|l| l.direction == direction)
            && self.people.count(direction, Standing::Late) == 0
            && !self.flap.is_closed();
        let standing = match standing {
            Standing::Waiting | Standing::Free | Standing::Late if spare => Standing::Owner,
            Standing::Waiting if grace => Standing::Late,
            Standing::Waiting | Standing::Late => {
                self.accuse(id, direction, out);
                Standing::Offender
            }
            Standing::Free | Standing::Owner | Standing::Offender | Standing::Through => standing,
        };
        if let Some(person) = self.people.get(id) {
            person.standing = standing;
        }
    }

    /// Names the alarm: by the flap, and by the way it is open for.
    fn accuse(&mut self, id: BodyId, direction: Direction, out: &mut Vec<LaneEvent>) {
        let alarm = if self.flap.is_closed() {
            Alarm::Intrusion
        } else if self.flap.released_for != direction {
            Alarm::WrongWay
        } else {
            Alarm::Tailgate
        };
        self.alarms.raise(alarm, Some(direction), Cause::Body(id), out);
    }

    /// An owner who reaches the flap before it is open may be hit by it.
    fn check_contact(&mut self, id: BodyId, out: &mut Vec<LaneEvent>) {
        let Some(person) = self.people.get(id) else { return };
        if person.standing == Standing::Owner && self.flap.leaf != Leaf::Open {
            self.alarms.raise(Alarm::Contact, Some(person.direction), Cause::Body(id), out);
        }
    }

    fn count_passage(&mut self, id: BodyId, out: &mut Vec<LaneEvent>) {
        let Some(person) = self.people.get(id) else { return };
        let direction = person.direction;
        let (grant, late) = match std::mem::replace(&mut person.standing, Standing::Through) {
            Standing::Owner => (self.grants.take(direction), false),
            Standing::Late => (self.grants.take_lapsed(direction), true),
            Standing::Waiting | Standing::Free | Standing::Offender | Standing::Through => (None, false),
        };
        self.alarms.went_through(id);
        out.push(LaneEvent::Passed { direction, grant, late: late && grant.is_some() });
    }

    /// A body too long for one: the one hidden in it needs a grant of its own.
    fn judge_length(&mut self, id: BodyId, out: &mut Vec<LaneEvent>) {
        let Some(&mut Person { direction, standing, .. }) = self.people.get(id) else { return };
        let spare = self.people.count(direction, Standing::Owner) < self.grants.usable(direction);
        let judged = match standing {
            Standing::Waiting | Standing::Owner | Standing::Late => true,
            Standing::Free | Standing::Offender | Standing::Through => false,
        };
        if judged && !spare && !self.flap.is_closed() {
            self.alarms.raise(Alarm::Tailgate, Some(direction), Cause::Body(id), out);
        }
    }

    /// Whoever was let in on the lapsed grant and has not passed is judged again without it.
    pub(super) fn end_grace(&mut self, out: &mut Vec<LaneEvent>) {
        self.grants.forget_lapsed();
        let late: Vec<BodyId> =
            self.people.iter().filter(|p| p.standing == Standing::Late).map(|p| p.id).collect();
        for id in late {
            self.admit(id, out);
        }
    }

    /// When the next one who stands about without a grant in sight has done so for too long.
    pub(super) fn loiter_at(&self) -> Option<Time> {
        self.people.iter().filter(|p| self.may_loiter(p)).map(|p| p.since + self.timers.loiter).min()
    }

    fn may_loiter(&self, person: &Person) -> bool {
        self.timers.loiter != Span::ZERO
            && !person.loiters
            && person.standing == Standing::Waiting
            && self.grants.usable(person.direction) == 0
    }

    pub(super) fn accuse_loiterers(&mut self, now: Time, out: &mut Vec<LaneEvent>) {
        let due = |p: &&Person| self.may_loiter(p) && p.since + self.timers.loiter <= now;
        let loiterers: Vec<BodyId> = self.people.iter().filter(due).map(|p| p.id).collect();
        for id in loiterers {
            let Some(person) = self.people.get(id) else { continue };
            person.loiters = true;
            self.alarms.raise(Alarm::Loiter, Some(person.direction), Cause::Body(id), out);
        }
    }

    /// Whether anybody may go this way.
    pub(super) fn is_free(&self, direction: Direction) -> bool {
        self.evacuating || self.modes[direction.index()] == PassMode::Free
    }
}
