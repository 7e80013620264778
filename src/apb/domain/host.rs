//! The host of a domain: it has everybody's records, answers questions and tells everybody what it knows.
//!
//! It is a controller without lanes of its own. Operators talk to it; it runs amnesties and presence
//! time-outs; its ledger is what everybody will know once every message has come.

mod answers;
mod merge;
mod talk;

use super::feed::Feed;
use super::history::History;
use super::link::Link;
use super::message::{Answer, Request, ToHost, ToPanel};
use super::rules::Domain;
use crate::apb::controller::{Controller, RestoreError, Snapshot};
use crate::apb::effect::Effects;
use crate::apb::id::{GrantId, HolderId, PanelId};
use crate::apb::input::Input;
use crate::apb::site::Site;
use crate::apb::time::Time;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What can happen to a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostInput<'a> {
    /// An operator or the fire alarm does something, or somebody reports at a muster point.
    Operator(&'a Input),
    /// A panel says something.
    Message(PanelId, ToHost),
}

/// What a host wants done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostEffects {
    /// Entries of the host's journal. It has no gates: its commands are of no use to anybody.
    pub effects: Effects,
    /// What to say to panels.
    pub messages: Vec<(PanelId, ToPanel)>,
}

/// Everything a host knows but the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostSnapshot {
    controller: Snapshot,
    state: State,
}

/// A question that has been answered and not been settled by the panel yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Asked {
    panel: PanelId,
    answer: Answer,
    /// The grants under which the places of the holder and of the first of two are kept.
    kept: Vec<GrantId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    links: Vec<Link>,
    feed: Feed,
    histories: BTreeMap<HolderId, History>,
    asked: Vec<Asked>,
    /// Questions that came before the records they are about.
    early: Vec<(PanelId, Request)>,
    /// When a holder was last forgotten: older reports about them count for nothing.
    reset_at: BTreeMap<HolderId, Time>,
    /// When the fire alarm was last reset: bodies are counted from then on.
    fire_over: Time,
}

/// The host of a domain.
#[derive(Clone, Debug)]
pub struct Host {
    controller: Controller,
    domain: Domain,
    state: State,
}

impl Host {
    /// A host that knows nobody's location, at time zero; every panel counts as in reach.
    pub fn new(site: Arc<Site>, domain: Domain) -> Self {
        let links = site.panels.iter().map(|_| Link::new()).collect();
        // Above the numbers of every panel.
        let first = u64::try_from(site.panels.len()).unwrap_or(u64::MAX);
        let mut controller = Controller::new(site);
        controller.number_grants_from(crate::apb::panel::first_grant(first));
        let state = State {
            links,
            feed: Feed::default(),
            histories: BTreeMap::new(),
            asked: Vec::new(),
            early: Vec::new(),
            reset_at: BTreeMap::new(),
            fire_over: Time::ZERO,
        };
        Self { controller, domain, state }
    }

    /// Everything the host knows but the site.
    pub fn snapshot(&self) -> HostSnapshot {
        HostSnapshot { controller: self.controller.snapshot(), state: self.state.clone() }
    }

    /// The host that a snapshot was taken of.
    ///
    /// # Errors
    /// If the snapshot's tables are not the site's.
    pub fn restore(site: Arc<Site>, domain: Domain, snapshot: HostSnapshot) -> Result<Self, RestoreError> {
        let controller = Controller::restore(site, snapshot.controller)?;
        Ok(Self { controller, domain, state: snapshot.state })
    }

    /// The controller inside.
    pub fn controller(&self) -> &Controller {
        &self.controller
    }

    /// Whether a panel is in reach.
    pub fn is_reachable(&self, panel: PanelId) -> bool {
        self.state.links.get(panel.index()).is_some_and(|l| l.is_up)
    }

    /// Whether every panel is in reach and all that has happened there is known here.
    pub fn is_whole(&self) -> bool {
        self.state.links.iter().all(Link::is_whole)
    }

    /// How many answers wait for a panel to tell what became of them.
    pub fn open_answers(&self) -> usize {
        self.state.asked.len()
    }

    /// Takes in one input. Whatever was due before it happens before it.
    pub fn handle(&mut self, now: Time, input: HostInput<'_>, out: &mut HostEffects) {
        self.expire(now, out);
        let now = now.max(self.controller.now());
        let start = out.effects.entries.len();
        match input {
            HostInput::Operator(input) => self.operate(now, input, &mut out.effects),
            HostInput::Message(panel, message) => {
                self.heard(now, panel, &mut out.effects);
                match message {
                    ToHost::Upload(upload) => self.take(now, panel, *upload, out),
                    ToHost::Ask(request) => self.answer(panel, &request, out),
                }
            }
        }
        self.absorb(start, now, &out.effects);
        self.flush(now, out);
    }

    /// When the host has to be woken next.
    pub fn next_deadline(&self) -> Option<Time> {
        let own = self.controller.next_deadline().map(|(at, _)| at);
        let links = self.state.links.iter().filter_map(|l| l.next_deadline(&self.domain));
        own.into_iter().chain(links).min()
    }

    /// Does what is due at or before `now`, each thing at its own time.
    pub fn expire(&mut self, now: Time, out: &mut HostEffects) {
        while let Some(at) = self.next_deadline().filter(|at| *at <= now) {
            let start = out.effects.entries.len();
            let at = at.max(self.controller.now());
            self.controller.expire(at, &mut out.effects);
            self.absorb(start, at, &out.effects);
            self.expire_links(at, out);
            self.flush(at, out);
        }
        self.controller.expire(now, &mut out.effects);
    }

    /// An operator, the fire alarm or a muster point. What concerns one lane only is its panel's business.
    fn operate(&mut self, now: Time, input: &Input, effects: &mut Effects) {
        match input {
            Input::Lockdown { .. }
            | Input::Replace { .. }
            | Input::Assign { .. }
            | Input::Remove { .. }
            | Input::SetPolicy { .. }
            | Input::SetMode { .. } => self.state.feed.order(input.clone()),
            Input::Fire { .. } | Input::Reset { .. } | Input::Forgive { .. } | Input::Muster { .. } => {}
            Input::Read { .. }
            | Input::Beam { .. }
            | Input::Leaf { .. }
            | Input::Opened { .. }
            | Input::Passed { .. }
            | Input::Unlock { .. } => return,
        }
        self.controller.handle(now, input, effects);
    }
}
