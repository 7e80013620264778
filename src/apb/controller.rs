//! The controller: a value that turns inputs into effects.
//!
//! `(state, now, input) -> (state, effects)`, deterministic and total. Whoever drives it hands in inputs in
//! order of time, carries out the commands that come out, keeps the journal entries, and wakes it at
//! [`next_deadline`]. Between grant and passage stands the [`Pending`] grant; the ledger moves only when the
//! policy's commit says so.
//!
//! [`next_deadline`]: Controller::next_deadline

use super::decide::{self, Judgement, Known};
use super::effect::{Command, Effects, Signal};
use super::id::{AreaId, CardNumber, Direction, GrantId, HolderId, LaneId, ReaderId};
use super::input::{Input, Who};
use super::journal::{Alarm, Alert, AlertCause, Cause, Decision, Entry, Event, Reason};
use super::lane::{self, LaneEvent, LaneMachine, Refusal};
use super::ledger::{Ledger, Location};
use super::policy::{Commit, Policy};
use super::site::{PassMode, Site};
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
            ("lanes", snapshot.lanes.len(), site.lanes.len()),
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
        self.state.policies.get(area.index())
    }

    /// The grants that may still be used, oldest first.
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
    /// as the latest time seen, so that a clock that jumps back cannot rewrite history.
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
            Input::Forgive { holder, ttl } => {
                if holder.index() < self.site.holders.len() {
                    let until = self.state.now + *ttl;
                    self.note(Event::Forgiven { holder: *holder, until }, effects);
                }
            }
            Input::Fire { active } => self.fire(*active, effects),
            Input::SetPolicy { area, policy } => self.set_policy(*area, policy, effects),
            Input::SetMode { lane, direction, mode } => {
                if lane.index() < self.site.lanes.len() {
                    self.note(Event::ModeSet { lane: *lane, direction: *direction, mode: *mode }, effects);
                    self.show_mode(*lane, *direction, *mode, effects);
                    self.in_lane(*lane, effects, |l, at, out| l.set_mode(at, *direction, *mode, out));
                }
            }
        }
    }

    fn read(&mut self, reader: ReaderId, card: CardNumber, effects: &mut Effects) {
        let judgement = self.judge(reader, card);
        let lane = self.site.readers.get(reader.index()).map(|r| (r.lane, r.direction));
        let grant = (judgement.reason == Reason::Ok || judgement.reason == Reason::Fire).then(|| {
            let same = |p: &&Pending| p.reader == reader && p.lapses.is_none() && p.reserves;
            let renewed = self.state.pending.iter().filter(same).find(|p| Some(p.holder) == judgement.holder);
            renewed.map_or(GrantId(self.state.next_grant), |p| p.grant)
        });
        let Judgement { credential, holder, reason, violation, forgiven } = judgement;
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
        if let (Some(grant), Some(holder), Some((lane, direction)), Reason::Ok) =
            (grant, holder, lane, reason)
            && grant.0 == self.state.next_grant
        {
            self.grant(grant, holder, reader, lane, direction, effects);
        }
    }

    fn judge(&self, reader: ReaderId, card: CardNumber) -> Judgement {
        let at = self.site.readers.get(reader.index());
        let lane = at.and_then(|r| Some((self.state.lanes.get(r.lane.index())?, r.direction)));
        let owner =
            self.site.credential(card).and_then(|c| self.site.credentials.get(c.index())).map(|c| c.holder);
        // Whoever has a grant at this very reader asks for no second one.
        let has_grant = |p: &Pending| p.reader == reader && p.reserves && Some(p.holder) == owner;
        let room = if self.state.pending.iter().any(has_grant) {
            Ok(())
        } else {
            lane.map_or(Err(Refusal::Locked), |(lane, direction)| lane.check(direction))
        };
        let known = Known {
            site: &self.site,
            policies: &self.state.policies,
            ledger: &self.state.ledger,
            pending: &self.state.pending,
        };
        let judgement = decide::judge(&known, self.state.now, reader, card, room);
        if self.state.fire && at.is_some() {
            return Judgement { reason: Reason::Fire, violation: None, forgiven: false, ..judgement };
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
        self.state.next_grant += 1;
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
        let reader = self.site.readers.get(reader.index())?;
        decide::governing(&self.site, &self.state.policies, reader)
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
        if let (true, Some(at)) = (followed, self.site.readers.get(reader.index())) {
            let to = Location::In(self.site.reader_to(at));
            self.relocate(holder, to, Cause::Access, effects);
        }
    }

    /// Lets a lane do something and takes in what came of it.
    fn in_lane(
        &mut self,
        lane: LaneId,
        effects: &mut Effects,
        act: impl FnOnce(&mut LaneMachine, Time, &mut Vec<LaneEvent>),
    ) {
        let Some(machine) = self.state.lanes.get_mut(lane.index()) else { return };
        let mut happened = std::mem::take(&mut self.happened);
        act(machine, self.state.now, &mut happened);
        if let Some(wake) = self.wakes.get_mut(lane.index()) {
            *wake = machine.next_deadline().map(|(at, _)| at);
        }
        for event in happened.drain(..) {
            self.lane_event(lane, event, effects);
        }
        self.happened = happened;
    }

    fn lane_event(&mut self, lane: LaneId, event: LaneEvent, effects: &mut Effects) {
        let now = self.state.now;
        match event {
            LaneEvent::Open(direction) => effects.commands.push((now, Command::Open { lane, direction })),
            LaneEvent::Close => effects.commands.push((now, Command::Close { lane })),
            LaneEvent::Buzz(tone) => effects.commands.push((now, Command::Buzz { lane, tone })),
            LaneEvent::Opened(grant) => {
                let reader = self.state.pending.iter().find(|p| p.grant == grant).map(|p| p.reader);
                if reader.and_then(|r| self.policy_of(r)).is_some_and(|p| p.commit == Commit::OnOpen) {
                    self.commit(grant, effects);
                }
            }
            LaneEvent::Passed { direction, grant, late } => {
                self.note(Event::Passage { lane, direction, grant }, effects);
                if let Some(grant) = grant {
                    self.taken(grant, lane, direction, late, effects);
                }
            }
            LaneEvent::NotTaken(grant) => self.not_taken(grant, lane, effects),
            LaneEvent::Alarm { alarm, direction, on } => {
                self.note(Event::Alarm { lane, alarm, direction, on }, effects);
                if on && alarm != Alarm::Contact {
                    let cause = AlertCause::Lane(alarm);
                    self.note(
                        Event::Alert(Alert { lane, reader: None, card: None, holder: None, cause }),
                        effects,
                    );
                }
            }
        }
    }

    fn taken(
        &mut self,
        grant: GrantId,
        lane: LaneId,
        direction: Direction,
        late: bool,
        effects: &mut Effects,
    ) {
        let Some(holder) = self.state.pending.iter().find(|p| p.grant == grant).map(|p| p.holder) else {
            return;
        };
        self.note(Event::Taken { grant, holder, lane, direction, late }, effects);
        self.commit(grant, effects);
        self.state.pending.retain(|p| p.grant != grant);
    }

    fn not_taken(&mut self, grant: GrantId, lane: LaneId, effects: &mut Effects) {
        let grace = self.site.lanes.get(lane.index()).map_or(Span::ZERO, |l| l.timers.late_grace);
        let until = self.state.now + grace;
        let Some(pending) = self.state.pending.iter_mut().find(|p| p.grant == grant) else { return };
        pending.reserves = false;
        pending.lapses = Some(until);
        let (holder, reader) = (pending.holder, pending.reader);
        let direction = self.site.readers.get(reader.index()).map_or(Direction::In, |r| r.direction);
        self.note(Event::NotTaken { grant, holder, lane, direction }, effects);
    }

    fn reset(&mut self, who: Who, to: Option<AreaId>, effects: &mut Effects) {
        let to = match to {
            None => Location::Unknown,
            Some(area) if area.index() < self.site.areas.len() => Location::In(area),
            Some(_) => return,
        };
        let mut holders: Vec<HolderId> = match who {
            Who::Holder(holder) => {
                Vec::from_iter((holder.index() < self.site.holders.len()).then_some(holder))
            }
            Who::Area(area) => self.located_within(area),
            Who::All => (0..self.site.holders.len()).map(HolderId::at).collect(),
        };
        holders.sort_unstable();
        let target = match to {
            Location::Unknown => None,
            Location::In(area) => Some(area),
        };
        self.note(Event::Reset { who, to: target }, effects);
        for holder in holders {
            let is = self.state.ledger.presence(holder);
            if is.location != to || is.moved_at.is_some() {
                self.relocate(holder, to, Cause::Reset, effects);
            }
        }
    }

    fn located_within(&self, area: AreaId) -> Vec<HolderId> {
        let within = (0..self.site.areas.len()).map(AreaId::at).filter(|a| self.site.within(*a, area));
        within.flat_map(|a| self.state.ledger.located(a).iter().copied()).collect()
    }

    fn fire(&mut self, active: bool, effects: &mut Effects) {
        if active == self.state.fire {
            return;
        }
        self.state.fire = active;
        self.note(Event::Fire { active }, effects);
        for lane in (0..self.site.lanes.len()).map(LaneId::at) {
            for direction in Direction::BOTH {
                let mode = if active { Some(PassMode::Free) } else { self.mode(lane, direction) };
                self.show_mode(lane, direction, mode.unwrap_or(PassMode::Controlled), effects);
            }
            self.in_lane(lane, effects, |l, at, out| l.evacuate(at, active, out));
        }
        if !active {
            for holder in (0..self.site.holders.len()).map(HolderId::at) {
                if self.state.ledger.presence(holder).location != Location::Unknown {
                    self.relocate(holder, Location::Unknown, Cause::Fire, effects);
                }
            }
        }
    }

    /// What may pass a lane this way when there is no fire.
    fn mode(&self, lane: LaneId, direction: Direction) -> Option<PassMode> {
        self.state.lanes.get(lane.index()).map(|l| l.mode(direction))
    }

    fn show_mode(&self, lane: LaneId, direction: Direction, mode: PassMode, effects: &mut Effects) {
        effects.commands.push((self.state.now, Command::Mode { lane, direction, mode }));
    }

    fn set_policy(&mut self, area: AreaId, policy: &Policy, effects: &mut Effects) {
        let Some(slot) = self.state.policies.get_mut(area.index()) else { return };
        *slot = policy.clone();
        self.note(Event::PolicySet { area, policy: Box::new(policy.clone()) }, effects);
        self.expiries.clear();
        for holder in 0..self.state.ledger.holders() {
            self.schedule_expiry(HolderId::at(holder));
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
        Some((presence.moved_at? + timeout, holder))
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
