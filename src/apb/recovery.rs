//! What a journal tells, entry by entry, for a controller to go on from.

use super::controller::Controller;
use super::effect::Effects;
use super::id::{GrantId, HolderId};
use super::journal::{Cause, Entry, Event, Reason};
use super::ledger::{Ledger, Location};
use super::site::Site;
use super::time::Time;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a journal tells, entry by entry, for a controller to go on from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovery {
    ledger: Ledger,
    open: Vec<(GrantId, HolderId)>,
    seq: u64,
    next_grant: u64,
    at: Time,
}

impl Recovery {
    /// Before the first entry.
    pub fn new(site: &Site) -> Self {
        let ledger = Ledger::new(site.holders.len(), site.areas.len());
        Self { ledger, open: Vec::new(), seq: 0, next_grant: 0, at: Time::ZERO }
    }

    /// Takes in the next entry.
    pub fn see(&mut self, entry: &Entry) {
        self.ledger.apply(entry.at, &entry.event);
        self.seq = entry.seq + 1;
        self.at = entry.at;
        if let Event::Decision(decision) = &entry.event
            && let Some(grant) = decision.grant
        {
            self.next_grant = self.next_grant.max(grant.0 + 1);
            if let (Reason::Ok, Some(holder)) = (decision.reason, decision.holder) {
                self.open.retain(|(g, _)| *g != grant);
                self.open.push((grant, holder));
            }
        }
        if let Event::Taken { grant, .. } | Event::NotTaken { grant, .. } = &entry.event {
            self.open.retain(|(g, _)| g != grant);
        }
        if let Event::Moved { holder, to, cause, .. } = &entry.event
            && (*cause == Cause::Access || *to == Location::Unknown)
        {
            self.open.retain(|(_, h)| h != holder);
        }
    }

    /// The number of the next entry.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// When the last entry was written.
    pub fn at(&self) -> Time {
        self.at
    }

    /// Goes on at `now`, but never before the last entry.
    pub fn resume(self, site: Arc<Site>, now: Time, effects: &mut Effects) -> Controller {
        let now = now.max(self.at);
        let mut controller = Controller::cold(site, now, self.seq, self.next_grant, self.ledger);
        let mut holders: Vec<HolderId> = self.open.into_iter().map(|(_, h)| h).collect();
        holders.sort_unstable();
        holders.dedup();
        for holder in holders {
            controller.lose(holder, effects);
        }
        controller
    }
}
