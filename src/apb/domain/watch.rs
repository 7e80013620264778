//! What must hold of a domain at all times, checked beside it from what its members write down.

use super::event::DomainEvent;
use super::host::Host;
use super::rules::{Consistency, Domain};
use crate::apb::id::{GrantId, HolderId, PanelId, ReaderId};
use crate::apb::journal::{Decision, Entry, Event, Reason};
use crate::apb::panel::Panel;
use crate::apb::time::Time;
use std::collections::BTreeMap;

/// Reads along in the one journal of a domain.
#[derive(Clone, Debug)]
pub struct DomainWatch {
    domain: Domain,
    /// Grants that are neither taken nor lapsed and that were given to block their holders elsewhere.
    open: BTreeMap<GrantId, Open>,
    /// Second grants that may have been given offline: what follows until the next read tells.
    suspects: Vec<Suspect>,
    /// Up to here an answer may have been given by a host that did not know everything.
    doubtful_until: Option<Time>,
    broken: Option<String>,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    holder: HolderId,
    reader: ReaderId,
    panel: PanelId,
    at: Time,
    is_offline: bool,
    /// Its holder has moved since, by whatever: it blocks nobody any more.
    has_moved: bool,
}

#[derive(Clone, Debug)]
struct Suspect {
    grant: GrantId,
    /// Where and when it was given.
    given: (ReaderId, Time),
    what: String,
}

impl DomainWatch {
    /// A watch that begins with the first entry.
    pub fn new(domain: Domain) -> Self {
        Self { domain, open: BTreeMap::new(), suspects: Vec::new(), doubtful_until: None, broken: None }
    }

    /// Something does not hold.
    pub(super) fn note(&mut self, what: String) {
        self.broken.get_or_insert(what);
    }

    /// The host has done something. A question waits for its answer until the deadline at most: whatever is
    /// decided later than that after the host was whole again, it has answered whole.
    pub(super) fn look_at_host(&mut self, host: &Host) {
        if !host.is_whole() {
            self.doubtful_until = Some(host.controller().now() + self.domain.deadline);
        }
    }

    /// Reads one entry of a panel.
    pub(super) fn see(&mut self, panel: PanelId, entry: &Entry, host: Option<&Host>) {
        let event = &entry.event;
        if let Event::Decision(decision) = event {
            self.settle_suspects((decision.reader, entry.at));
            self.decided(panel, decision, entry.at, host);
        }
        if let Event::Domain(DomainEvent::Offline { grant: Some(grant), .. }) = event {
            if let Some(open) = self.open.get_mut(grant) {
                open.is_offline = true;
            }
            self.suspects.retain(|s| s.grant != *grant);
        }
        if let Event::Taken { grant, .. } | Event::NotTaken { grant, .. } = event {
            self.open.remove(grant);
        }
        if let Event::Moved { holder, .. } = event {
            for open in self.open.values_mut().filter(|open| open.holder == *holder) {
                open.has_moved = true;
            }
        }
        if let Event::Resumed { .. } = event {
            self.open.retain(|_, open| open.panel != panel);
        }
    }

    /// Under a single writer nobody holds two grants at once while the host knows of every panel all there
    /// is.
    fn decided(&mut self, panel: PanelId, decision: &Decision, at: Time, host: Option<&Host>) {
        let (Some(grant), Some(holder), Reason::Ok) = (decision.grant, decision.holder, decision.reason)
        else {
            return;
        };
        // A grant that is shown once more is no second one.
        if self.open.contains_key(&grant) {
            return;
        }
        let reader = decision.reader;
        let is_whole = self.doubtful_until.is_none_or(|until| until < at) && host.is_some_and(Host::is_whole);
        let blocks = |host: &Host| host.controller().blocks(reader);
        let is_strict =
            self.domain.consistency == Consistency::SingleWriter && is_whole && host.is_some_and(blocks);
        let counts = |open: &Open| !open.is_offline && !open.has_moved;
        let other = |open: &Open| open.holder == holder && open.reader != reader && counts(open);
        if is_strict && let Some((first, open)) = self.open.iter().find(|(_, open)| other(open)) {
            let what = format!(
                "{holder} has {first} by {} since {} and {grant} by {panel} at {at}, every panel in reach",
                open.panel, open.at
            );
            self.suspects.push(Suspect { grant, given: (reader, at), what });
        }
        if host.is_some_and(blocks) {
            let open = Open { holder, reader, panel, at, is_offline: false, has_moved: false };
            self.open.insert(grant, open);
        }
    }

    /// Of two who go together both are decided before anything is told of the one or the other.
    fn settle_suspects(&mut self, next: (ReaderId, Time)) {
        if let Some(suspect) = self.suspects.iter().find(|s| s.given != next) {
            let what = suspect.what.clone();
            self.note(what);
        }
    }

    /// A panel's log never holds more than it can.
    pub(super) fn look(&mut self, panel: &Panel) {
        if panel.log().len() > panel.log().max() {
            self.note(format!("{} holds {} records in its log", panel.id(), panel.log().len()));
        }
    }

    /// What does not hold, if anything.
    ///
    /// # Errors
    /// Names the first thing that does not hold.
    pub fn check(&self) -> Result<(), String> {
        match self.broken.as_ref().or(self.suspects.first().map(|s| &s.what)) {
            Some(what) => Err(what.clone()),
            None => Ok(()),
        }
    }
}
