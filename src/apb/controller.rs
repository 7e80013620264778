//! The controller: a value that turns inputs into effects.
//!
//! `(state, now, input) -> (state, effects)`, deterministic and total. Whoever drives it hands in inputs in
//! order of time, carries out the commands that come out, keeps the journal entries, and wakes it at
//! [`next_deadline`]. Between grant and passage stands the [`Pending`] grant; the ledger moves only when the
//! policy's commit says so.
//!
//! [`next_deadline`]: Controller::next_deadline

mod amnesty;
mod operator;
mod passing;
mod people;
mod reading;
mod replica;

pub(super) use super::decide::Answered;
pub use super::decide::{Ruling, Verdict};
pub use super::grant::{Held, Pending};
pub use people::CardRefusal;
pub(super) use replica::Opinion;

use super::decide::Ask;

use super::effect::Effects;
use super::id::{AreaId, CardNumber, Direction, HolderId, LaneId, ReaderId};
use super::input::{Factor, Input};
use super::journal::{Cause, Entry, Event};
use super::lane::{self, LaneEvent, LaneMachine};
use super::ledger::{Ledger, Location};
use super::policy::Policy;
use super::site::Site;
use super::time::{Span, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Why the controller wants to be woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// A lane's timer.
    Lane(LaneId, lane::Deadline),
    /// A holder's presence expires.
    Presence(HolderId),
    /// A scheduled amnesty: its place in the site's list.
    Amnesty(u16),
    /// Nobody can come late on a lapsed grant any more, or the first of two has waited long enough.
    Grace,
}

/// Everything a controller knows but the site: what has to outlive a restart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    now: Time,
    seq: u64,
    next_grant: u64,
    ledger: Ledger,
    lanes: Vec<LaneMachine>,
    pending: Vec<Pending>,
    held: Vec<Held>,
    /// When each amnesty comes next.
    amnesties: Vec<Option<Time>>,
}

/// A snapshot that does not fit the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the snapshot is of another site: {what} are {found}, the site has {expected}; restore it with its own"
)]
pub struct RestoreError {
    what: &'static str,
    found: usize,
    expected: usize,
}

/// An anti-passback controller for one site.
#[derive(Clone, Debug)]
pub struct Controller {
    site: Arc<Site>,
    state: Snapshot,
    /// The next deadline of every lane; derived from the lanes.
    wakes: Vec<Option<Time>>,
    /// When presences expire; derived from ledger and policies.
    expiries: BTreeSet<(Time, HolderId)>,
    /// Kept between calls for its memory only.
    happened: Vec<LaneEvent>,
}

impl Controller {
    /// A controller that knows nobody's location, at time zero.
    pub fn new(site: Arc<Site>) -> Self {
        let ledger = Ledger::new(&site);
        Self::with_ledger(site, ledger, (Time::ZERO, 0, 0))
    }

    /// A controller with empty lanes that goes on with a ledger, at a time, with the numbers of the next
    /// entry and the next grant.
    pub(super) fn with_ledger(
        site: Arc<Site>,
        ledger: Ledger,
        (now, seq, next_grant): (Time, u64, u64),
    ) -> Self {
        let mut lanes: Vec<LaneMachine> = site.lanes.iter().map(LaneMachine::new).collect();
        let mut unheard = Vec::new();
        for (lane, id) in lanes.iter_mut().zip((0..).map(LaneId)) {
            for way in Direction::BOTH {
                lane.set_mode(now, way, ledger.mode(id, way), &mut unheard);
            }
        }
        let amnesties = amnesty::all_after(&site, now);
        let (pending, held) = (Vec::new(), Vec::new());
        let state = Snapshot { now, seq, next_grant, ledger, lanes, pending, held, amnesties };
        Self::with(site, state)
    }

    /// The controller that a snapshot was taken of.
    ///
    /// # Errors
    /// If the snapshot's tables are not the site's.
    pub fn restore(site: Arc<Site>, snapshot: Snapshot) -> Result<Self, RestoreError> {
        let sizes = [
            ("holders", snapshot.ledger.holders(), site.holders.len()),
            ("areas", snapshot.ledger.areas(), site.areas.len()),
            ("lanes", snapshot.lanes.len(), site.lanes.len()),
            ("lanes of the ledger", snapshot.ledger.lanes(), site.lanes.len()),
            ("amnesties", snapshot.amnesties.len(), site.amnesties.len()),
        ];
        match sizes.into_iter().find(|(_, found, expected)| found != expected) {
            Some((what, found, expected)) => Err(RestoreError { what, found, expected }),
            None => Ok(Self::with(site, snapshot)),
        }
    }

    fn with(site: Arc<Site>, state: Snapshot) -> Self {
        let wakes = state.lanes.iter().map(|l| l.next_deadline().map(|(at, _)| at)).collect();
        let mut this = Self { site, state, wakes, expiries: BTreeSet::new(), happened: Vec::new() };
        for i in 0..this.state.ledger.holders() {
            this.schedule_expiry(HolderId::at(i));
        }
        this
    }

    /// Everything the controller knows but the site.
    pub fn snapshot(&self) -> Snapshot {
        self.state.clone()
    }

    /// The site.
    pub fn site(&self) -> &Arc<Site> {
        &self.site
    }

    /// Where everybody is believed to be.
    pub fn ledger(&self) -> &Ledger {
        &self.state.ledger
    }

    /// The policy in force for an area.
    pub fn policy(&self, area: AreaId) -> Option<&Policy> {
        self.state.ledger.policies().get(area.index())
    }

    /// The grants that may still be used, oldest first; lapsed ones stay until their grace is over.
    pub fn pending(&self) -> &[Pending] {
        &self.state.pending
    }

    /// Those who wait for a second person.
    pub fn held(&self) -> &[Held] {
        &self.state.held
    }

    /// Whether the fire alarm is on.
    pub fn is_on_fire(&self) -> bool {
        self.state.ledger.is_on_fire()
    }

    /// The latest time it has seen.
    pub fn now(&self) -> Time {
        self.state.now
    }

    /// When the controller has to be woken next, and why.
    pub fn next_deadline(&self) -> Option<(Time, Deadline)> {
        let lane = self.wakes.iter().enumerate().filter_map(|(i, at)| Some(((*at)?, i))).min();
        let lane = lane.and_then(|(at, i)| {
            let reason = self.state.lanes.get(i).and_then(LaneMachine::next_deadline)?.1;
            Some((at, Deadline::Lane(LaneId::at(i), reason)))
        });
        let presence = self.expiries.first().map(|(at, holder)| (*at, Deadline::Presence(*holder)));
        let rest = [lane, presence, self.next_amnesty(), self.next_grace()];
        rest.into_iter().flatten().min_by_key(|(at, _)| *at)
    }

    /// When each lane that waits for anything has to be woken next, and why.
    pub fn lane_deadlines(&self) -> impl Iterator<Item = (Time, LaneId, lane::Deadline)> {
        let lanes = self.state.lanes.iter().enumerate();
        lanes.filter_map(|(i, lane)| lane.next_deadline().map(|(at, why)| (at, LaneId::at(i), why)))
    }

    /// Whether anything is due: nearly always nothing is, and that is told without saying what comes next.
    fn is_due(&self, now: Time) -> bool {
        let is_reached = |at: &Time| *at <= now;
        self.wakes.iter().flatten().any(is_reached)
            || self.expiries.first().is_some_and(|(at, _)| is_reached(at))
            || self.state.amnesties.iter().flatten().any(is_reached)
            || self.next_grace().is_some_and(|(at, _)| is_reached(&at))
    }

    /// Does what is due at or before `now`, each thing at its own time.
    pub fn expire(&mut self, now: Time, effects: &mut Effects) {
        while self.is_due(now) {
            let Some((at, due)) = self.next_deadline() else { break };
            self.state.now = self.state.now.max(at);
            match due {
                Deadline::Lane(lane, _) => self.in_lane(lane, effects, |l, at, out| l.expire(at, out)),
                Deadline::Presence(holder) => {
                    self.expiries.remove(&(at, holder));
                    self.relocate(holder, Location::Unknown, Cause::Expiry, effects);
                }
                Deadline::Amnesty(amnesty) => self.amnesty(amnesty, effects),
                Deadline::Grace => self.end_grace(effects),
            }
        }
        self.state.now = self.state.now.max(now);
    }

    /// Takes in one input. Whatever was due before it happens before it. A `now` that lies in the past counts
    /// as the latest time seen, so that a clock that jumps back cannot rewrite history. An input about
    /// something that the site does not have changes nothing; if it is a read, it is denied and journalled.
    pub fn handle(&mut self, now: Time, input: &Input, effects: &mut Effects) {
        self.expire(now, effects);
        match input {
            Input::Read { reader, card, factor } => {
                self.read(&Ask::new(*reader, *card, *factor), Ruling::Own, effects);
            }
            Input::Muster { point, card } => self.muster(*point, *card, effects),
            Input::Beam { lane, beam, blocked } => {
                self.in_lane(*lane, effects, |l, at, out| l.beam(at, *beam, *blocked, out));
            }
            Input::Leaf { lane, leaf } => self.in_lane(*lane, effects, |l, at, out| l.leaf(at, *leaf, out)),
            Input::Opened { lane } => self.in_lane(*lane, effects, |l, at, out| l.opened(at, out)),
            Input::Passed { lane, direction } => {
                self.in_lane(*lane, effects, |l, at, out| l.passed(at, *direction, out));
            }
            Input::Reset { who, to, audit } => self.reset(who, *to, audit, effects),
            Input::Forgive { holder, ttl } => self.forgive(*holder, *ttl, effects),
            Input::Fire { active } => self.fire(*active, effects),
            Input::Lockdown { area, lockdown } => self.lockdown(*area, *lockdown, effects),
            Input::Unlock { lane, direction, holder, audit } => {
                self.unlock((*lane, *direction), *holder, Ruling::Own, audit, effects);
            }
            Input::Replace { old, new } => self.replace(*old, *new, effects),
            Input::Assign { card, holder } => self.assign(*card, *holder, effects),
            Input::Remove { holder } => self.remove(*holder, effects),
            Input::SetPolicy { area, policy } => self.set_policy(*area, policy, effects),
            Input::SetMode { lane, direction, mode } => self.set_mode(*lane, *direction, *mode, effects),
        }
    }

    /// Takes in one read that somebody else has judged as far as anti-passback, reservations, company and
    /// occupancy go.
    pub fn handle_ruled(
        &mut self,
        now: Time,
        (reader, card, factor): (ReaderId, CardNumber, Factor),
        ruling: Ruling,
        effects: &mut Effects,
    ) {
        self.expire(now, effects);
        self.read(&Ask::new(reader, card, factor), ruling, effects);
    }

    fn relocate(&mut self, holder: HolderId, to: Location, cause: Cause, effects: &mut Effects) {
        self.relocate_via(holder, to, (cause, None), effects);
    }

    fn relocate_via(
        &mut self,
        holder: HolderId,
        to: Location,
        (cause, via): (Cause, Option<ReaderId>),
        effects: &mut Effects,
    ) {
        self.unschedule_expiry(holder);
        let from = self.state.ledger.presence(holder).location;
        self.note(Event::Moved { holder, from, to, cause, via }, effects);
        self.schedule_expiry(holder);
    }

    /// When this holder's presence expires, if it does.
    fn expiry(&self, holder: HolderId) -> Option<(Time, HolderId)> {
        let presence = self.state.ledger.presence(holder);
        let Location::In(area) = presence.location else { return None };
        let timeout = self.policy(area)?.presence_timeout?;
        (timeout != Span::ZERO).then_some((presence.since + timeout, holder))
    }

    fn schedule_expiry(&mut self, holder: HolderId) {
        self.expiries.extend(self.expiry(holder));
    }

    fn unschedule_expiry(&mut self, holder: HolderId) {
        if let Some(due) = self.expiry(holder) {
            self.expiries.remove(&due);
        }
    }

    /// Writes an event into the journal and, so that the two never part, into the ledger.
    fn note(&mut self, event: Event, effects: &mut Effects) {
        self.state.ledger.apply(self.state.now, &event);
        effects.entries.push(Entry { seq: self.state.seq, at: self.state.now, event });
        self.state.seq += 1;
    }
}
