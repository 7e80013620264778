//! Going on from a journal after the power was cut.
//!
//! What people did in the lanes meanwhile nobody knows: lanes start empty and shut, and whoever held a grant
//! that was neither used nor lapsed may be on either side of it. Such a holder's location becomes unknown,
//! never silently outside.

use super::controller::Controller;
use super::effect::Effects;
use super::id::{GrantId, HolderId, ReaderId};
use super::journal::{Alert, AlertCause, Entry, Event};
use super::ledger::Ledger;
use super::policy::Policy;
use super::site::Site;
use super::time::{Span, Time};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A grant whose owner has not moved, and may still.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Open {
    grant: GrantId,
    holder: HolderId,
    reader: ReaderId,
    /// The grant of the one who goes together with the owner: having gone alone is not yet having moved.
    partner: Option<GrantId>,
    /// Whether the owner has gone.
    taken: bool,
    /// When it lapsed: the owner may still have come a little late.
    lapsed: Option<Time>,
}

/// What a journal tells, entry by entry, for a controller to go on from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovery {
    ledger: Ledger,
    open: Vec<Open>,
    next_seq: u64,
    next_grant: u64,
    at: Time,
    /// The longest late grace of the site's lanes.
    grace: Span,
}

impl Recovery {
    /// Of a journal without entries.
    pub fn new(site: &Site) -> Self {
        let grace = site.lanes.iter().map(|l| l.timers.late_grace).max().unwrap_or_default();
        let ledger = Ledger::new(site);
        Self { ledger, open: Vec::new(), next_seq: 0, next_grant: 0, at: Time::ZERO, grace }
    }

    /// Reads the next entry.
    pub fn see(&mut self, entry: &Entry) {
        self.next_seq = entry.seq + 1;
        self.at = self.at.max(entry.at);
        let grace = self.grace;
        self.open.retain(|o| o.lapsed.is_none_or(|lapsed| entry.at < lapsed + grace));
        self.ledger.apply(entry.at, &entry.event);
        self.track(entry.at, &entry.event);
    }

    fn track(&mut self, at: Time, event: &Event) {
        match event {
            Event::Decision(decision) => {
                let Some(grant) = decision.grant else { return };
                self.next_grant = self.next_grant.max(grant.0 + 1);
                let is_new = self.open.iter().all(|o| o.grant != grant);
                if let (Some(holder), true, super::journal::Reason::Ok) =
                    (decision.holder, is_new, decision.reason)
                {
                    let reader = decision.reader;
                    self.open.push(Open { grant, holder, reader, partner: None, taken: false, lapsed: None });
                }
            }
            Event::Unlocked { grant: Some(grant), .. } => {
                self.next_grant = self.next_grant.max(grant.0 + 1);
            }
            Event::Paired { grants: [first, second] } => {
                for (grant, partner) in [(first, second), (second, first)] {
                    for open in self.open.iter_mut().filter(|o| o.grant == *grant) {
                        open.partner = Some(*partner);
                    }
                }
            }
            Event::Taken { grant, .. } => self.taken(*grant),
            Event::NotTaken { grant, .. } => {
                for open in self.open.iter_mut().filter(|o| o.grant == *grant) {
                    open.lapsed = Some(at);
                }
            }
            Event::Moved { holder, via: Some(reader), .. } => {
                self.open.retain(|o| o.holder != *holder || o.reader != *reader);
            }
            Event::Removed { holder } => self.open.retain(|o| o.holder != *holder),
            Event::Alert(Alert { cause: AlertCause::PairBroken, holder, .. }) => {
                self.open.retain(|o| Some(o.holder) != *holder);
            }
            // Their holders are made unknown by the moves that follow, once and for all.
            Event::Resumed { .. } => self.open.clear(),
            Event::Moved { via: None, .. }
            | Event::Unlocked { grant: None, .. }
            | Event::Passage { .. }
            | Event::Side { .. }
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

    /// An owner has gone; of two who go together neither has moved before both have gone.
    fn taken(&mut self, grant: GrantId) {
        let Some(at) = self.open.iter().position(|o| o.grant == grant) else { return };
        let partner = self.open.get(at).and_then(|o| o.partner);
        let other = self.open.iter().find(|o| Some(o.grant) == partner);
        if other.is_none_or(|o| o.taken) {
            self.open.retain(|o| o.grant != grant && Some(o.grant) != partner);
        } else if let Some(open) = self.open.get_mut(at) {
            (open.taken, open.lapsed) = (true, None);
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
        let policies = self.ledger.policies();
        // Nobody is anywhere as far as policies go that do not follow them.
        let is_followed = |o: &Open| {
            site.route(o.reader).is_none_or(|route| {
                let crossed = route.entered.iter().chain(&route.left);
                crossed.filter_map(|a| policies.get(a.index())).any(Policy::follows)
            })
        };
        let open: Vec<HolderId> = self.open.iter().filter(|o| is_followed(o)).map(|o| o.holder).collect();
        let lost = u32::try_from(open.len()).unwrap_or(u32::MAX);
        let is_interrupted = self.next_seq > 0;
        let start = (self.at, self.next_seq, self.next_grant);
        let mut controller = Controller::with_ledger(site, self.ledger, start);
        // What was missed happens now: nobody was there to do it at its own time.
        controller.wake(now);
        if is_interrupted {
            controller.resume(lost, open, effects);
        }
        controller.expire(now, effects);
        controller
    }
}
