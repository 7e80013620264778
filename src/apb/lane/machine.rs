//! The lane machine: bodies meet grants, and the flap and the alarms follow.
//!
//! *Counting.* A body that enters takes up one waiting grant of its direction; if all are taken up it is at
//! fault. Grants are used in the order they were given, by whoever took one up. A body at fault stays so: a
//! grant that comes later is for somebody else.
//!
//! *Queueing.* Grants that wait together are for one way, or, where the lane queues both ways, the two ways
//! take turns (see [`Queue`]). Only a grant of the present turn can be taken up: whoever enters on a grant
//! whose turn is to come is at fault, and his grant is left alone.
//!
//! *Lapsing.* The first grant's time runs from when it became the first, and rests while anybody who goes its
//! way is in the lane and has not passed, and while somebody keeps its owner out. When it has lapsed, a body
//! that enters before the flap is shut and finds no other grant may still use it until the grace is over;
//! after that it is at fault. Waiting grants go before the lapsed one. A grant may also lapse while it waits
//! behind others; those are not touched, and since it was not released yet there is no grace for its owner.
//!
//! *Flap.* Open while a grant waits and nobody hinders its owner, or while an owner is in the lane; in a lane
//! with two detection zones not for owners before the flap while an offender is in it, too. It closes
//! only with both safety beams clear and nobody between them, and opens again when one of them is cut while
//! it closes.
//!
//! Timers of zero length for loitering, obstruction and beam faults mean never.

use super::alarms::{Alarms, Cause};
use super::event::{Deadline, LaneEvent, Refusal};
use super::flap::{Drive, Flap};
use super::grants::Grants;
use super::people::{People, Person, Standing};
use crate::apb::id::{Direction, GrantId};
use crate::apb::input::Leaf;
use crate::apb::journal::Alarm;
use crate::apb::passage::Tracker;
use crate::apb::site::{Lane, LaneTimers, PassMode, Queue, Sensing};
use crate::apb::time::{Span, Time};
use serde::{Deserialize, Serialize};

/// A passage on nobody's grant this soon after another one the same way follows it. Assumed: people walk
/// about 1 m/s, and who follows is less than a metre behind.
const SECOND_PASSAGE_WITHIN: Span = Span::seconds(1);

/// One lane's grants, bodies, flap and alarms.
///
/// Whoever drives it calls [`expire`](Self::expire) for each [`next_deadline`](Self::next_deadline) before
/// anything that happens at that time or later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaneMachine {
    /// `None`: the gate has a logic of its own.
    pub(super) tracker: Option<Tracker>,
    pub(super) timers: LaneTimers,
    pub(super) memory: u8,
    pub(super) queue: Queue,
    pub(super) modes: [PassMode; 2],
    pub(super) evacuating: bool,
    pub(super) grants: Grants,
    pub(super) people: People,
    pub(super) flap: Flap,
    pub(super) alarms: Alarms,
    /// Since when a body without a grant has been on a safety beam of the open flap.
    pub(super) obstructed: Option<Time>,
    /// When a gate with a logic of its own last let somebody through, `In` first.
    pub(super) last_passed: [Option<Time>; 2],
    /// Whether an offender shuts the flap before an owner who has not reached it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) relock: bool,
}

impl LaneMachine {
    /// An empty lane with a shut flap.
    pub fn new(lane: &Lane) -> Self {
        let timers = lane.timers;
        let tracker = match &lane.sensing {
            Sensing::Beams(row) => Some(Tracker::new(row, timers.beam_fault)),
            Sensing::Signals => None,
        };
        Self {
            tracker,
            timers,
            memory: lane.memory,
            queue: lane.queue,
            modes: lane.modes,
            evacuating: false,
            grants: Grants::new(&timers),
            people: People::default(),
            flap: Flap::new(),
            alarms: Alarms::new(timers.alarm_hold),
            obstructed: None,
            last_passed: [None; 2],
            relock: matches!(&lane.sensing, Sensing::Beams(row) if row.relock),
        }
    }

    /// Whether a grant this way may be queued now.
    ///
    /// # Errors
    /// Why it may not.
    pub fn check(&self, direction: Direction) -> Result<(), Refusal> {
        self.room(direction).map(|_| ())
    }

    /// How many further grants this way may be queued now: none exactly if [`check`](Self::check) refuses
    /// one. During an evacuation, when nobody needs a grant, as many as one likes.
    pub fn free_slots(&self, direction: Direction) -> usize {
        self.room(direction).unwrap_or(0)
    }

    fn room(&self, direction: Direction) -> Result<usize, Refusal> {
        if self.evacuating {
            return Ok(usize::MAX);
        }
        match self.modes[direction.index()] {
            PassMode::Locked => return Err(Refusal::Locked),
            PassMode::Controlled | PassMode::Free => {}
        }
        let opposite = direction.opposite();
        let facing = match self.queue {
            Queue::OneWay => self.grants.count(opposite) > 0 || self.people.is_inside(opposite),
            Queue::BothWays => false,
        };
        let room = (usize::from(self.memory) + 1).saturating_sub(self.grants.count(direction));
        if facing || room == 0 { Err(Refusal::Busy) } else { Ok(room) }
    }

    /// Whether this lane lets another one of an interlock open: its flap is told to stay shut and reports, if
    /// it reports at all, that it is; no grant waits and nobody may come late; and nobody is in it who has
    /// not passed. Somebody who has only just come to a lane that is shut does not count.
    pub fn is_secure(&self) -> bool {
        let inside = Direction::BOTH.iter().any(|d| self.people.is_inside(*d));
        self.flap.is_secure() && self.grants.is_idle() && !inside
    }

    /// How many grants this way nobody has used yet.
    pub fn waiting(&self, direction: Direction) -> usize {
        self.grants.count(direction)
    }

    /// What may pass this way when there is no evacuation.
    pub fn mode(&self, direction: Direction) -> PassMode {
        self.modes[direction.index()]
    }

    /// Whether the grant still waits to be used.
    pub fn holds(&self, grant: GrantId) -> bool {
        self.grants.holds(grant)
    }

    /// Whether the grant waits, and whoever came in on it now would be at fault: its turn is yet to come.
    pub fn is_for_later(&self, grant: GrantId) -> bool {
        self.grants.is_for_later(grant)
    }

    /// Queues a grant that [`check`](Self::check) allowed. During an evacuation nobody needs one: it is not
    /// taken.
    pub fn release(&mut self, now: Time, grant: GrantId, direction: Direction, out: &mut Vec<LaneEvent>) {
        if self.evacuating {
            out.push(LaneEvent::NotTaken(grant));
            return;
        }
        self.grants.push(grant, direction);
        let joined = self.take_turns();
        if self.flap.is_closed() {
            let stolen = |p: &&Person| p.direction == direction && p.standing == Standing::Offender;
            for thief in self.people.iter().filter(stolen) {
                self.alarms.raise(Alarm::StolenTicket, Some(direction), Cause::Body(thief.id), out);
            }
        } else if self.flap.is_ready() || self.is_contact_open() {
            self.open_for_latest(joined, out);
        }
        self.settle(now, out);
    }

    /// A contact tells that a gate with a logic of its own stands open: there will be no edge.
    fn is_contact_open(&self) -> bool {
        self.tracker.is_none() && self.flap.leaf == Leaf::Open
    }

    fn open_for_latest(&mut self, joined: usize, out: &mut Vec<LaneEvent>) {
        out.extend(self.grants.latest(joined).map(|c| {
            c.opened = true;
            LaneEvent::Opened(c.grant)
        }));
    }

    /// Nobody comes late on this grant any more.
    pub fn forget_lapsed(&mut self, now: Time, grant: GrantId, out: &mut Vec<LaneEvent>) {
        if self.grants.lapsed().is_some_and(|l| l.grant == grant) {
            self.end_grace(out);
            self.settle(now, out);
        }
    }

    /// A beam was cut or cleared. Beams that the lane does not have are ignored.
    pub fn beam(&mut self, now: Time, beam: u8, blocked: bool, out: &mut Vec<LaneEvent>) {
        let mut sightings = Vec::new();
        if let Some(tracker) = &mut self.tracker {
            tracker.edge(now, beam, blocked, &mut sightings);
        }
        self.digest(now, &sightings, out);
        self.settle(now, out);
    }

    /// The flap reports where it is.
    pub fn leaf(&mut self, now: Time, leaf: Leaf, out: &mut Vec<LaneEvent>) {
        if self.tracker.is_none() && leaf == Leaf::Stalled {
            // The gate closes by itself once nothing is in its way.
            self.flap.leaf = leaf;
        } else if self.flap.report(now, leaf, out) {
            self.alarms.raise(Alarm::ClosePrevented, None, Cause::Closing, out);
        }
        if self.flap.drive == Drive::Shut {
            self.alarms.clear(now, Cause::Closing);
        }
        match leaf {
            Leaf::Displaced => {
                if self.flap.drive == Drive::Shut && !self.alarms.is_due_to(Cause::Leaf) {
                    self.alarms.raise(Alarm::Forced, None, Cause::Leaf, out);
                }
            }
            Leaf::Closed | Leaf::Open | Leaf::Moving | Leaf::Stalled => {
                self.alarms.clear(now, Cause::Leaf);
            }
        }
        self.settle(now, out);
    }

    /// A gate with a logic of its own, or a contact, reports that it opened: on the first waiting grant, if
    /// any.
    pub fn opened(&mut self, now: Time, out: &mut Vec<LaneEvent>) {
        if let Some(credit) = self.grants.front().filter(|c| !c.opened) {
            credit.opened = true;
            out.push(LaneEvent::Opened(credit.grant));
        }
        self.settle(now, out);
    }

    /// A gate with a logic of its own reports that a body went through. Ignored where beams tell.
    ///
    /// Without a grant this is a tailgate if it comes within a second of another passage the same way,
    /// against the direction of a waiting grant it is the wrong way, and otherwise an intrusion.
    pub fn passed(&mut self, now: Time, direction: Direction, out: &mut Vec<LaneEvent>) {
        if self.tracker.is_some() {
            return;
        }
        let waiting = self.grants.direction();
        let grant = self.grants.take(direction);
        let late = if grant.is_none() { self.grants.take_lapsed(direction) } else { None };
        let last = self.last_passed[direction.index()].replace(now);
        out.push(LaneEvent::Passed { direction, grant: grant.or(late), late: late.is_some() });
        if grant.or(late).is_none() && !self.is_free(direction) {
            let alarm = if waiting.is_some() {
                Alarm::WrongWay
            } else if last.is_some_and(|t| now.since(t) < SECOND_PASSAGE_WITHIN) {
                Alarm::Tailgate
            } else {
                Alarm::Intrusion
            };
            self.alarms.raise(alarm, Some(direction), Cause::Report, out);
            self.alarms.clear(now, Cause::Report);
        }
        self.settle(now, out);
    }

    /// An operator changes what may pass this way. Locking drops the grants that nobody has taken up yet.
    pub fn set_mode(&mut self, now: Time, direction: Direction, mode: PassMode, out: &mut Vec<LaneEvent>) {
        self.modes[direction.index()] = mode;
        match mode {
            PassMode::Locked => {
                let owners = self.people.count(direction, Standing::Owner);
                out.extend(self.grants.truncate(direction, owners).into_iter().map(LaneEvent::NotTaken));
            }
            PassMode::Free => {
                let waiting = self.people.iter_mut().filter(|p| p.direction == direction);
                for person in waiting.filter(|p| p.standing == Standing::Waiting) {
                    person.standing = Standing::Free;
                }
            }
            PassMode::Controlled => {}
        }
        self.settle(now, out);
    }

    /// The fire alarm went off or was reset. While it is on the flap stays open, everybody may pass either
    /// way, waiting grants are dropped and nobody is at fault; passages are still told.
    pub fn evacuate(&mut self, now: Time, active: bool, out: &mut Vec<LaneEvent>) {
        self.evacuating = active;
        if active {
            out.extend(self.grants.clear().into_iter().map(LaneEvent::NotTaken));
            self.grants.forget_lapsed();
            for person in self.people.iter_mut().filter(|p| p.standing != Standing::Through) {
                person.standing = Standing::Free;
            }
            self.alarms.clear_bodies(now);
            if self.tracker.is_none() {
                self.flap.drive = Drive::Shut;
            }
        }
        self.settle(now, out);
    }

    /// The next instant at which something happens without an input, and what. Later than the last time
    /// handled.
    pub fn next_deadline(&self) -> Option<(Time, Deadline)> {
        let tracked = self.tracker.as_ref().and_then(Tracker::next_deadline);
        let named = [
            tracked.map(|(at, why)| (at, why.into())),
            self.grants.gives_up_at().map(|at| (at, Deadline::Queued)),
            self.grants.lapses_at().map(|at| (at, Deadline::NotTaken)),
            self.grants.lapsed().map(|l| (l.until, Deadline::LateGrace)),
            self.loiter_at().map(|at| (at, Deadline::Loiter)),
            self.obstruction_at().map(|at| (at, Deadline::Obstruction)),
            self.flap.retry_at.map(|at| (at, Deadline::Retry)),
            self.alarms.next_deadline().map(|at| (at, Deadline::AlarmHold)),
        ];
        named.into_iter().flatten().min()
    }

    /// Handles every deadline up to and including `now`.
    pub fn expire(&mut self, now: Time, out: &mut Vec<LaneEvent>) {
        self.settle(now, out);
    }

    /// Brings turns, flap, clocks and buzzer in line with what is known, and handles what is due.
    fn settle(&mut self, now: Time, out: &mut Vec<LaneEvent>) {
        loop {
            let joined = self.take_turns();
            out.extend(self.grants.latest(joined).map(|c| LaneEvent::Turn(c.grant)));
            // A gate that stands open this way already opens no more for those who have waited. One that
            // turns to the other way does.
            if self.is_contact_open() && self.grants.direction() == Some(self.flap.released_for) {
                self.open_for_latest(joined, out);
            }
            self.steer(out);
            self.run_clocks(now);
            self.watch_flap(now);
            let Some((_, why)) = self.next_deadline().filter(|(at, _)| *at <= now) else { break };
            self.lapse(now, why, out);
        }
        self.alarms.sound(out);
    }

    fn lapse(&mut self, now: Time, why: Deadline, out: &mut Vec<LaneEvent>) {
        match why {
            Deadline::Debounce | Deadline::Unseen | Deadline::LowRow | Deadline::BeamFault => {
                let mut sightings = Vec::new();
                if let Some(tracker) = &mut self.tracker {
                    tracker.expire(now, &mut sightings);
                }
                self.digest(now, &sightings, out);
            }
            Deadline::Queued => out.extend(self.grants.give_up(now).map(LaneEvent::NotTaken)),
            Deadline::NotTaken => out.extend(self.grants.lapse(now).map(LaneEvent::NotTaken)),
            Deadline::LateGrace => self.end_grace(out),
            Deadline::Loiter => self.accuse_loiterers(now, out),
            Deadline::Obstruction => {
                let direction = self.on_safety_beams();
                self.alarms.raise(Alarm::Obstruction, direction, Cause::Safety, out);
            }
            Deadline::Retry => self.flap.retry_at = None,
            Deadline::AlarmHold => self.alarms.expire(now, out),
        }
    }
}
