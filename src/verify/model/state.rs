//! The state of the model, and what is due at which time.

use super::Said;
use super::company::Waiting;
use super::past::Fact;
use super::queue::Grant;
use crate::apb::id::HolderId;
use crate::apb::input::{Input, Leaf, Lockdown};
use crate::apb::ledger::Location;
use crate::apb::policy::Policy;
use crate::apb::site::{PassMode, SiteParts};
use crate::apb::time::Time;
use std::sync::Arc;

/// The reference model of one site.
#[derive(Clone, Debug)]
pub struct Model {
    pub(super) site: Arc<SiteParts>,
    /// The latest time it has seen; whatever was due by then has been done.
    pub(super) now: Time,
    pub(super) past: Vec<(Time, Fact)>,
    /// Every grant there ever was, in the order they were given.
    pub(super) grants: Vec<Grant>,
    /// Those who wait for a second person.
    pub(super) waiting: Vec<Waiting>,
    /// In force, by area.
    pub(super) policies: Vec<Policy>,
    /// What may pass when there is no fire, by lane, `In` first.
    pub(super) modes: Vec<[PassMode; 2]>,
    pub(super) lockdowns: Vec<Lockdown>,
    /// What it has said about the input in hand.
    pub(super) said: Vec<(Time, Said)>,
}

/// Something that happens without an input.
enum Due {
    Lapse(usize),
    Expiry(HolderId),
    Amnesty(u16),
    Grace(usize),
}

impl Model {
    /// A model that knows nobody's location, at time zero.
    pub fn new(site: Arc<SiteParts>) -> Self {
        Self {
            now: Time::ZERO,
            past: Vec::new(),
            grants: Vec::new(),
            waiting: Vec::new(),
            policies: site.areas.iter().map(|a| a.policy.clone()).collect(),
            modes: site.lanes.iter().map(|l| l.modes).collect(),
            lockdowns: vec![Lockdown::Off; site.areas.len()],
            said: Vec::new(),
            site,
        }
    }

    /// Takes in one input, and says what comes of it, each thing with its time. Whatever was due by then
    /// happens before it. A time in the past counts as the latest time seen.
    pub fn handle(&mut self, at: Time, input: &Input) -> Vec<(Time, Said)> {
        let at = at.max(self.now);
        self.advance(at);
        self.take(input);
        self.advance(at);
        std::mem::take(&mut self.said)
    }

    /// Lets time go by.
    pub fn wait(&mut self, until: Time) -> Vec<(Time, Said)> {
        self.advance(until.max(self.now));
        std::mem::take(&mut self.said)
    }

    /// How many are believed to be in an area or within it.
    pub fn occupancy(&self, area: crate::apb::id::AreaId) -> usize {
        self.inside(area).len()
    }

    pub(super) fn say(&mut self, said: Said) {
        self.said.push((self.now, said));
    }

    fn take(&mut self, input: &Input) {
        match input {
            Input::Read { reader, card, factor } => self.present(*reader, *card, *factor),
            Input::Muster { point, card } => self.muster(*point, *card),
            Input::Beam { .. } => {}
            Input::Leaf { lane, leaf } => self.contact(*lane, *leaf == Leaf::Open),
            Input::Opened { lane } => self.opened(*lane),
            Input::Passed { lane, direction } => self.passed(*lane, *direction),
            Input::Reset { who, to, .. } => self.reset(who, *to),
            Input::Forgive { holder, ttl } => self.forgive(*holder, *ttl),
            Input::Fire { active } => self.fire(*active),
            Input::Lockdown { area, lockdown } => {
                if let Some(slot) = self.lockdowns.get_mut(area.index()) {
                    *slot = *lockdown;
                }
            }
            Input::Unlock { lane, direction, holder, .. } => self.unlock(*lane, *direction, *holder),
            Input::Replace { old, new } => self.replace(*old, *new),
            Input::Assign { card, holder } => self.assign(*card, *holder),
            Input::Remove { holder } => self.remove(*holder),
            Input::SetPolicy { area, policy } => self.set_policy(*area, policy),
            Input::SetMode { lane, direction, mode } => self.set_mode(*lane, *direction, *mode),
        }
    }

    /// Does what is due up to and including an instant, each thing at its own time.
    fn advance(&mut self, until: Time) {
        let start = self.now;
        while let Some((at, due)) = self.next_due(start, until) {
            self.now = self.now.max(at);
            match due {
                Due::Lapse(grant) => self.lapse(grant),
                Due::Expiry(holder) => self.note(Fact::Place(holder, Location::Unknown)),
                Due::Amnesty(which) => self.amnesty(which),
                Due::Grace(grant) => self.end_grace(grant),
            }
        }
        self.now = until;
    }

    /// What is due next. At the same instant grants lapse first, then presences expire,
    /// then amnesties come, then it is too late to be late.
    fn next_due(&self, start: Time, until: Time) -> Option<(Time, Due)> {
        let lapses = self.next_lapse().map(|(at, grant)| (at, Due::Lapse(grant)));
        let expiries = self.holders().filter_map(|h| Some((self.expires_at(h)?, h))).min();
        let expiries = expiries.map(|(at, holder)| (at, Due::Expiry(holder)));
        let amnesties = self.next_amnesty(start).map(|(at, which)| (at, Due::Amnesty(which)));
        let graces = self.next_grace().map(|(at, grant)| (at, Due::Grace(grant)));
        let all = [lapses, expiries, amnesties, graces];
        all.into_iter().flatten().filter(|(at, _)| *at <= until).min_by_key(|(at, _)| (*at).max(self.now))
    }

    fn expires_at(&self, holder: HolderId) -> Option<Time> {
        let (location, since) = self.placed(holder)?;
        let Location::In(area) = location else { return None };
        let timeout = self.policy(area)?.presence_timeout?;
        (timeout.0 > 0).then_some(since + timeout)
    }
}
