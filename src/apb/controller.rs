//! The controller: a value that turns inputs into effects.
//!
//! `(state, now, input) -> (state, effects)`, deterministic and total. Whoever drives it hands in inputs in
//! order of time, carries out the commands that come out, keeps the journal entries, and wakes it at
//! [`next_deadline`]. Between grant and passage stands the [`Pending`] grant; the ledger moves only when the
//! policy's commit says so.
//!
//! [`next_deadline`]: Controller::next_deadline

mod operator;
mod passing;

use super::decide::{self, Judgement, Known};
use super::effect::{Command, Effects, Signal};
use super::id::{AreaId, CardNumber, Direction, GrantId, HolderId, LaneId, ReaderId};
use super::input::Input;
use super::journal::{Alert, AlertCause, Cause, Decision, Entry, Event, Reason};
use super::lane::{self, LaneEvent, LaneMachine, Refusal};
use super::ledger::{Ledger, Location};
use super::policy::{Commit, Policy};
use super::site::Site;
use super::time::{Span, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A grant that may still be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The grant.
    pub grant: GrantId,
    /// Its owner.
    pub holder: HolderId,
    /// Where it was given.
    pub reader: ReaderId,
    /// Whether it blocks the owner at other readers.
    pub reserves: bool,
    /// Whether the location has moved already.
    committed: bool,
    /// When the controller forgets a lapsed grant, which until then can still be taken late.
    lapses: Option<Time>,
}

impl Pending {
    /// Whether its time is over: it may still be taken late, but stands in nobody's way.
    pub fn has_lapsed(&self) -> bool {
        self.lapses.is_some()
    }

    /// Whether its owner, not moved yet, may simply present again.
    pub(super) fn is_renewable(&self) -> bool {
        !self.has_lapsed() && !self.committed
    }
}

/// Why the controller wants to be woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// A lane's timer.
    Lane(LaneId, lane::Deadline),
    /// A holder's presence expires.
    Presence(HolderId),
}

/// Everything a controller knows but the site: what has to outlive a restart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    now: Time,
    seq: u64,
    next_grant: u64,
    fire: bool,
    policies: Vec<Policy>,
    ledger: Ledger,
    lanes: Vec<LaneMachine>,
    pending: Vec<Pending>,
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
        let state = Snapshot {
            now: Time::ZERO,
            seq: 0,
            next_grant: 0,
            fire: false,
            policies: site.areas.iter().map(|a| a.policy.clone()).collect(),
            ledger: Ledger::new(site.holders.len(), site.areas.len()),
            lanes: site.lanes.iter().map(LaneMachine::new).collect(),
            pending: Vec::new(),
        };
        Self::with(site, state)
    }

    /// The controller that a snapshot was taken of.
    ///
    /// # Errors
    /// If the snapshot's tables are not the site's.
    pub fn restore(site: Arc<Site>, snapshot: Snapshot) -> Result<Self, RestoreError> {
        let sizes = [
            ("holders", snapshot.ledger.holders(), site.holders.len()),
            ("areas", snapshot.policies.len(), site.areas.len()),
            ("areas of the ledger", snapshot.ledger.areas(), site.areas.len()),
            ("lanes", snapshot.lanes.len(), site.lanes.len()),
        ];
        match sizes.into_iter().find(|(_, found, expected)| found != expected) {
            Some((what, found, expected)) => Err(RestoreError { what, found, expected }),
            None => Ok(Self::with(site, snapshot)),
        }
    }

    /// A controller whose lanes are at rest.
    pub(super) fn cold(site: Arc<Site>, now: Time, seq: u64, next_grant: u64, ledger: Ledger) -> Self {
        let fresh = Self::new(site.clone()).state;
        Self::with(site, Snapshot { now, seq, next_grant, ledger, ..fresh })
    }

    /// A holder's location is not known any more.
    pub(super) fn lose(&mut self, holder: HolderId, effects: &mut Effects) {
        self.relocate(holder, Location::Unknown, Cause::Reset, effects);
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
        self.state.policies.get(area.index())
    }

    /// The grants that may still be used, oldest first; lapsed ones stay until their grace is over.
    pub fn pending(&self) -> &[Pending] {
        &self.state.pending
    }

    /// Whether the fire alarm is on.
    pub fn is_on_fire(&self) -> bool {
        self.state.fire
    }

    /// When the controller has to be woken next, and why.
    pub fn next_deadline(&self) -> Option<(Time, Deadline)> {
        let lane = self.wakes.iter().enumerate().filter_map(|(i, at)| Some(((*at)?, i))).min();
        let presence = self.expiries.first().copied();
        match (lane, presence) {
            (Some((at, i)), p) if p.is_none_or(|p| at <= p.0) => {
                let reason = self.state.lanes.get(i).and_then(LaneMachine::next_deadline)?.1;
                Some((at, Deadline::Lane(LaneId::at(i), reason)))
            }
            (_, p) => p.map(|(at, holder)| (at, Deadline::Presence(holder))),
        }
    }

    /// Does what is due at or before `now`, each thing at its own time.
    pub fn expire(&mut self, now: Time, effects: &mut Effects) {
        while let Some((at, due)) = self.next_deadline().filter(|(at, _)| *at <= now) {
            self.state.now = self.state.now.max(at);
            match due {
                Deadline::Lane(lane, _) => self.in_lane(lane, effects, |l, at, out| l.expire(at, out)),
                Deadline::Presence(holder) => {
                    self.expiries.remove(&(at, holder));
                    self.relocate(holder, Location::Unknown, Cause::Expiry, effects);
                }
            }
        }
        self.state.now = self.state.now.max(now);
        let now = self.state.now;
        self.state.pending.retain(|p| p.lapses.is_none_or(|until| now < until));
    }

    /// Takes in one input. Whatever was due before it happens before it. A `now` that lies in the past counts
    /// as the latest time seen, so that a clock that jumps back cannot rewrite history. An input about
    /// something that the site does not have changes nothing; if it is a read, it is denied and journalled.
    pub fn handle(&mut self, now: Time, input: &Input, effects: &mut Effects) {
        self.expire(now, effects);
        match input {
            Input::Read { reader, card } => self.read(*reader, *card, effects),
            Input::Beam { lane, beam, blocked } => {
                self.in_lane(*lane, effects, |l, at, out| l.beam(at, *beam, *blocked, out));
            }
            Input::Leaf { lane, leaf } => self.in_lane(*lane, effects, |l, at, out| l.leaf(at, *leaf, out)),
            Input::Opened { lane } => self.in_lane(*lane, effects, |l, at, out| l.opened(at, out)),
            Input::Passed { lane, direction } => {
                self.in_lane(*lane, effects, |l, at, out| l.passed(at, *direction, out));
            }
            Input::Reset { who, to } => self.reset(*who, *to, effects),
            Input::Forgive { holder, ttl } => self.forgive(*holder, *ttl, effects),
            Input::Fire { active } => self.fire(*active, effects),
            Input::SetPolicy { area, policy } => self.set_policy(*area, policy, effects),
            Input::SetMode { lane, direction, mode } => self.set_mode(*lane, *direction, *mode, effects),
        }
    }

    fn read(&mut self, reader: ReaderId, card: CardNumber, effects: &mut Effects) {
        let judgement = self.judge(reader, card);
        let lane = self.site.readers.get(reader.index()).map(|r| (r.lane, r.direction));
        let Judgement { credential, holder, reason, violation, forgiven, renews } = judgement;
        let granted = reason == Reason::Ok || reason == Reason::Fire;
        let grant = granted.then(|| renews.unwrap_or_else(|| self.next_grant()));
        let decision = Decision { reader, card, credential, holder, grant, reason, violation };
        self.note(Event::Decision(decision), effects);
        if let (true, Some(holder)) = (forgiven, holder) {
            self.note(Event::ForgivenessUsed { holder }, effects);
        }
        let signal = match (grant, reason) {
            (Some(_), _) => Signal::Granted,
            (None, Reason::LaneBusy) => Signal::Busy,
            (None, _) => Signal::Denied,
        };
        effects.commands.push((self.state.now, Command::Show { reader, signal }));
        if let (Some(rule), Some((lane, _))) = (violation, lane) {
            let cause = if grant.is_some() { AlertCause::Flagged(rule) } else { AlertCause::Denied(rule) };
            let alert = Alert { lane, reader: Some(reader), card: Some(card), holder, cause };
            self.note(Event::Alert(alert), effects);
        }
        if let (Some(grant), Some(holder), Some((lane, direction)), Reason::Ok, None) =
            (grant, holder, lane, reason, renews)
        {
            self.grant(grant, holder, reader, lane, direction, effects);
        }
    }

    fn next_grant(&mut self) -> GrantId {
        let grant = GrantId(self.state.next_grant);
        self.state.next_grant += 1;
        grant
    }

    fn judge(&self, reader: ReaderId, card: CardNumber) -> Judgement {
        let at = self.site.readers.get(reader.index());
        let lane = at.and_then(|r| Some((self.state.lanes.get(r.lane.index())?, r.direction)));
        let room = lane.map_or(Err(Refusal::Locked), |(lane, direction)| lane.check(direction));
        let known = Known {
            site: &self.site,
            policies: &self.state.policies,
            ledger: &self.state.ledger,
            pending: &self.state.pending,
        };
        let judgement = decide::judge(&known, self.state.now, reader, card, room);
        if self.state.fire && at.is_some() {
            let reason = Reason::Fire;
            return Judgement { reason, violation: None, forgiven: false, renews: None, ..judgement };
        }
        judgement
    }

    fn grant(
        &mut self,
        grant: GrantId,
        holder: HolderId,
        reader: ReaderId,
        lane: LaneId,
        direction: Direction,
        effects: &mut Effects,
    ) {
        self.forget_lapsed(holder, effects);
        let policy = self.policy_of(reader);
        let reserves = policy.is_none_or(|p| p.reservation);
        let on_grant = policy.is_some_and(|p| p.commit == Commit::OnGrant);
        self.state.pending.push(Pending { grant, holder, reader, reserves, committed: false, lapses: None });
        if on_grant {
            self.commit(grant, effects);
        }
        self.in_lane(lane, effects, |l, at, out| l.release(at, grant, direction, out));
    }

    fn policy_of(&self, reader: ReaderId) -> Option<&Policy> {
        decide::governing(&self.state.policies, self.site.route(reader)?)
    }

    /// Moves the owner of a grant to where the grant leads, once.
    fn commit(&mut self, grant: GrantId, effects: &mut Effects) {
        let Some(pending) = self.state.pending.iter_mut().find(|p| p.grant == grant) else { return };
        if pending.committed {
            return;
        }
        pending.committed = true;
        pending.reserves = false;
        let (holder, reader) = (pending.holder, pending.reader);
        let followed =
            self.policy_of(reader).is_none_or(|p| p.rule != super::policy::Rule::Off || p.track_when_off);
        if let (true, Some(to)) = (followed, self.site.route(reader).map(|r| Location::In(r.to))) {
            self.relocate(holder, to, Cause::Access, effects);
        }
    }

    fn relocate(&mut self, holder: HolderId, to: Location, cause: Cause, effects: &mut Effects) {
        self.unschedule_expiry(holder);
        let from = self.state.ledger.presence(holder).location;
        self.note(Event::Moved { holder, from, to, cause }, effects);
        self.schedule_expiry(holder);
    }

    /// When this holder's presence expires, if it does.
    fn expiry(&self, holder: HolderId) -> Option<(Time, HolderId)> {
        let presence = self.state.ledger.presence(holder);
        let Location::In(area) = presence.location else { return None };
        let timeout = self.state.policies.get(area.index())?.presence_timeout?;
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
