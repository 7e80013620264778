//! Going on from a journal after the power was cut.
//!
//! What people did in the lanes meanwhile nobody knows: lanes start empty and shut, and whoever held a grant
//! that was neither used nor lapsed may be on either side of it. Such a holder's location becomes unknown,
//! never silently outside.

use super::controller::Controller;
use super::effect::Effects;
use super::id::{GrantId, HolderId};
use super::journal::{Entry, Event};
use super::ledger::Ledger;
use super::site::Site;
use super::time::Time;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a journal tells, entry by entry, for a controller to go on from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovery {
    ledger: Ledger,
    /// Grants whose owners have not moved, neither because they went nor because the grant lapsed.
    open: Vec<(GrantId, HolderId)>,
    next_seq: u64,
    next_grant: u64,
    at: Time,
}

impl Recovery {
    /// Of a journal without entries.
    pub fn new(site: &Site) -> Self {
        Self { ledger: Ledger::new(site), open: Vec::new(), next_seq: 0, next_grant: 0, at: Time::ZERO }
    }

    /// Reads the next entry.
    pub fn see(&mut self, entry: &Entry) {
        self.next_seq = entry.seq + 1;
        self.at = self.at.max(entry.at);
        self.ledger.apply(entry.at, &entry.event);
        self.track(&entry.event);
    }

    fn track(&mut self, event: &Event) {
        match event {
            Event::Decision(decision) => {
                let Some(grant) = decision.grant else { return };
                self.next_grant = self.next_grant.max(grant.0 + 1);
                let is_new = self.open.iter().all(|(g, _)| *g != grant);
                if let (Some(holder), true, super::journal::Reason::Ok) =
                    (decision.holder, is_new, decision.reason)
                {
                    self.open.push((grant, holder));
                }
            }
            Event::Unlocked { grant: Some(grant), .. } => {
                self.next_grant = self.next_grant.max(grant.0 + 1);
            }
            Event::Taken { grant, .. } | Event::NotTaken { grant, .. } => {
                self.open.retain(|(g, _)| g != grant);
            }
            Event::Moved { holder, via: Some(_), .. } => self.open.retain(|(_, h)| h != holder),
            Event::Removed { holder } => self.open.retain(|(_, h)| h != holder),
            // Their holders are made unknown by the moves that follow, once and for all.
            Event::Resumed { .. } => self.open.clear(),
            Event::Moved { via: None, .. }
            | Event::Unlocked { grant: None, .. }
            | Event::Passage { .. }
            | Event::Side { .. }
            | Event::Paired { .. }
            | Event::LockedOut { .. }
            | Event::Mustered { .. }
            | Event::Alarm { .. }
            | Event::Alert(_)
            | Event::Reset { .. }
            | Event::Amnesty { .. }
            | Event::Lockdown { .. }
            | Event::Replaced { .. }
            | Event::Assigned { .. }
            | Event::Forgiven { .. }
            | Event::ForgivenessUsed { .. }
            | Event::Fire { .. }
            | Event::PolicySet { .. }
            | Event::ModeSet { .. }
            | Event::Domain(_) => {}
        }
    }

    /// How many entries there have been: the number of the next one.
    pub fn seq(&self) -> u64 {
        self.next_seq
    }

    /// The time of the last entry.
    pub fn at(&self) -> Time {
        self.at
    }

    /// What the journal tells.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Goes on at `now`, or at the last entry's time if that is later. The holders of open grants become
    /// unknown and amnesties that were missed are caught up on; both are effects, to be journalled before
    /// anything else happens.
    pub fn resume(self, site: Arc<Site>, now: Time, effects: &mut Effects) -> Controller {
        let lost = u32::try_from(self.open.len()).unwrap_or(u32::MAX);
        let is_interrupted = self.next_seq > 0;
        let start = (self.at, self.next_seq, self.next_grant);
        let mut controller = Controller::with_ledger(site, self.ledger, start);
        // What was missed happens now: nobody was there to do it at its own time.
        controller.wake(now);
        if is_interrupted {
            let holders = self.open.into_iter().map(|(_, holder)| holder).collect();
            controller.resume(lost, holders, effects);
        }
        controller.expire(now, effects);
        controller
    }
}
