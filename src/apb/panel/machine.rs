//! The panel as a state machine: what goes in, what comes out, when it wants to be woken.

use super::log::Log;
use super::upload::Uplink;
use super::waiting::Waiting;
use crate::apb::controller::{Controller, RestoreError, Snapshot};
use crate::apb::domain::{Consistency, Domain, ToHost, ToPanel};
use crate::apb::effect::{Command, Effects};
use crate::apb::id::{LaneId, PanelId};
use crate::apb::input::Input;
use crate::apb::recovery::Recovery;
use crate::apb::site::Site;
use crate::apb::time::Time;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What can happen to a panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PanelInput<'a> {
    /// Something at one of its own lanes, or on its own wires.
    Field(&'a Input),
    /// The host says something.
    Message(ToPanel),
}

/// What a panel wants done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PanelEffects {
    /// Entries of the panel's journal and orders to its gates and readers.
    pub effects: Effects,
    /// What to say to the host.
    pub messages: Vec<ToHost>,
}

/// How much had been done before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) entries: usize,
    pub(super) commands: usize,
}

impl Mark {
    pub(super) fn of(out: &PanelEffects) -> Self {
        Self { entries: out.effects.entries.len(), commands: out.effects.commands.len() }
    }
}

/// Everything a panel knows but the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelSnapshot {
    controller: Snapshot,
    state: State,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) log: Log,
    pub(super) link: Uplink,
    /// Reads that wait for an answer, oldest first.
    pub(super) waiting: Vec<Waiting>,
    pub(super) next_request: u64,
}

/// One panel of a domain.
#[derive(Clone, Debug)]
pub struct Panel {
    pub(super) id: PanelId,
    pub(super) domain: Domain,
    pub(super) controller: Controller,
    pub(super) state: State,
}

/// The numbers of a panel's grants begin at its own number times this: no two panels give the same, and all
/// are exact in formats that know only 53 bits.
const GRANTS_EACH: u64 = 1 << 37;

/// The number of the first grant of a panel; of one beyond the last panel, for the host.
pub(in crate::apb) fn first_grant(panel: u64) -> u64 {
    panel.saturating_mul(GRANTS_EACH)
}

/// The panel that gave a grant.
pub(in crate::apb) fn giver(grant: crate::apb::id::GrantId) -> PanelId {
    PanelId::at(usize::try_from(grant.0 / GRANTS_EACH).unwrap_or(usize::MAX))
}

impl Panel {
    /// A panel that knows nobody's location, at time zero.
    pub fn new(site: Arc<Site>, id: PanelId, domain: Domain) -> Self {
        let log_max = site.panels.get(id.index()).map_or(1, |p| p.log_max);
        let mut controller = Controller::new(site);
        controller.number_grants_from(first_grant(u64::from(id.0)));
        let (log, link) = (Log::new(log_max), Uplink::new(Time::ZERO));
        Self { id, domain, controller, state: State { log, link, waiting: Vec::new(), next_request: 0 } }
    }

    /// Everything the panel knows but the site.
    pub fn snapshot(&self) -> PanelSnapshot {
        PanelSnapshot { controller: self.controller.snapshot(), state: self.state.clone() }
    }

    /// The panel that a snapshot was taken of.
    ///
    /// # Errors
    /// If the snapshot's tables are not the site's.
    pub fn restore(
        site: Arc<Site>,
        id: PanelId,
        domain: Domain,
        snapshot: PanelSnapshot,
    ) -> Result<Self, RestoreError> {
        let controller = Controller::restore(site, snapshot.controller)?;
        Ok(Self { id, domain, controller, state: snapshot.state })
    }

    /// The panel after its power was cut: the controller goes on from the journal, the log has kept its
    /// records, and whoever waited for an answer has to present again. Gates are told to shut.
    #[must_use]
    pub fn resume(self, journal: Recovery, now: Time, out: &mut PanelEffects) -> Self {
        let Self { id, domain, controller, mut state } = self;
        let start = Mark::of(out);
        let mut controller = journal.resume(controller.site().clone(), now, &mut out.effects);
        controller.number_grants_from(first_grant(u64::from(id.0)));
        state.waiting.clear();
        state.link.restart(now);
        let mut this = Self { id, domain, controller, state };
        for lane in this.lanes() {
            out.effects.commands.push((now, Command::Close { lane }));
        }
        this.keep(start, out);
        this.send(now, false, out);
        this
    }

    /// Which panel it is.
    pub fn id(&self) -> PanelId {
        self.id
    }

    /// The controller inside.
    pub fn controller(&self) -> &Controller {
        &self.controller
    }

    /// The offline log.
    pub fn log(&self) -> &Log {
        &self.state.log
    }

    /// How many reads wait for an answer.
    pub fn waiting(&self) -> usize {
        self.state.waiting.len()
    }

    /// Whether a read waits for the answer to this question.
    pub fn awaits(&self, number: u64) -> bool {
        self.state.waiting.iter().any(|w| w.number() == number)
    }

    /// Whether it hears the host; one that shares nothing never does.
    pub fn is_linked(&self) -> bool {
        self.is_shared() && self.state.link.is_up
    }

    /// Whether there is anybody to share with.
    pub(super) fn is_shared(&self) -> bool {
        self.domain.consistency != Consistency::Local
    }

    /// The panel's own lanes.
    pub(in crate::apb) fn lanes(&self) -> Vec<LaneId> {
        let lanes = self.controller.site().lanes.iter().enumerate();
        lanes.filter(|(_, lane)| lane.panel == self.id).map(|(i, _)| LaneId::at(i)).collect()
    }

    /// Takes in one input. Whatever was due before it happens before it.
    pub fn handle(&mut self, now: Time, input: PanelInput<'_>, out: &mut PanelEffects) {
        self.expire(now, out);
        let now = now.max(self.controller.now());
        let start = Mark::of(out);
        let mut replies = false;
        match input {
            PanelInput::Field(input) => self.field(now, input, out),
            PanelInput::Message(ToPanel::News(news)) => replies = self.news(now, *news, out),
            PanelInput::Message(ToPanel::Answer(answer)) => self.answered(now, &answer, out),
        }
        self.keep(start, out);
        self.send(now, replies, out);
    }

    /// When the panel has to be woken next.
    pub fn next_deadline(&self) -> Option<Time> {
        let own = self.controller.next_deadline().map(|(at, _)| at);
        let waiting = self.state.waiting.iter().map(Waiting::next_deadline).min();
        let link = if self.is_shared() { self.state.link.next_deadline(&self.domain) } else { None };
        [own, waiting, link].into_iter().flatten().min()
    }

    /// Does what is due at or before `now`, each thing at its own time.
    pub fn expire(&mut self, now: Time, out: &mut PanelEffects) {
        while let Some(at) = self.next_deadline().filter(|at| *at <= now) {
            let start = Mark::of(out);
            let at = at.max(self.controller.now());
            self.controller.expire(at, &mut out.effects);
            self.expire_waiting(at, out);
            if self.is_shared() {
                self.expire_link(at, out);
            }
            self.keep(start, out);
            self.send(at, false, out);
        }
        self.controller.expire(now, &mut out.effects);
    }
}
