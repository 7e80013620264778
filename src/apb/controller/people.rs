//! Credentials that are replaced or reassigned, and holders who are removed, wherever they are.

use super::{Controller, Pending};
use crate::apb::decide;
use crate::apb::effect::Effects;
use crate::apb::id::{CardNumber, HolderId, LaneId};
use crate::apb::journal::{Alert, AlertCause, Cause, Event};
use crate::apb::ledger::Location;
use crate::apb::site::{Issued, OUTSIDE};
use crate::apb::time::Time;

/// Why a credential is not replaced or reassigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardRefusal {
    /// Nobody has it: it was never issued, has been replaced, or its holder is gone.
    Nobodys,
    /// The new number is another credential's.
    InUse,
    /// The holder is not the site's, or gone.
    NoHolder,
    /// It is so already.
    NoChange,
}

impl Controller {
    /// Whether a credential can get another number: the credential.
    ///
    /// # Errors
    /// Why not.
    pub fn check_replace(&self, old: CardNumber, new: CardNumber) -> Result<Issued, CardRefusal> {
        let card = decide::issued(&self.known(), old).map_err(|_| CardRefusal::Nobodys)?;
        if old == new {
            return Err(CardRefusal::NoChange);
        }
        if decide::issued(&self.known(), new).is_ok() { Err(CardRefusal::InUse) } else { Ok(card) }
    }

    /// A credential gets another number. Its holder stays where they are: passback cannot be had by losing a
    /// card.
    pub(super) fn replace(&mut self, old: CardNumber, new: CardNumber, effects: &mut Effects) {
        let Ok(Issued { credential, holder, .. }) = self.check_replace(old, new) else { return };
        self.note(Event::Replaced { old, new, credential, holder }, effects);
    }

    /// Whether a credential can go to another holder: as it is now.
    ///
    /// # Errors
    /// Why not.
    pub fn check_assign(&self, card: CardNumber, holder: HolderId) -> Result<Issued, CardRefusal> {
        let was = decide::issued(&self.known(), card).map_err(|_| CardRefusal::Nobodys)?;
        let is_known = holder.index() < self.site.holders.len();
        if !is_known || self.state.ledger.cards().is_removed(holder) {
            return Err(CardRefusal::NoHolder);
        }
        if was.holder == holder { Err(CardRefusal::NoChange) } else { Ok(was) }
    }

    /// A credential goes to another holder, who is where they are: nothing is inherited. Whoever had it and
    /// is believed inside is told of.
    pub(super) fn assign(&mut self, card: CardNumber, holder: HolderId, effects: &mut Effects) {
        let Ok(was) = self.check_assign(card, holder) else { return };
        self.note(Event::Assigned { card, credential: was.credential, holder }, effects);
        self.tell_if_inside(was.holder, Some(card), effects);
    }

    /// A holder is gone: no credential of theirs is good, no grant waits for them, they are nowhere.
    pub(super) fn remove(&mut self, holder: HolderId, effects: &mut Effects) {
        let is_known = holder.index() < self.site.holders.len();
        if !is_known || self.state.ledger.cards().is_removed(holder) {
            return;
        }
        self.note(Event::Removed { holder }, effects);
        self.tell_if_inside(holder, None, effects);
        self.state.held.retain(|h| h.holder != holder);
        let owned: Vec<Pending> = self.pending_of(holder).copied().collect();
        for gone in owned {
            self.leave_partner(gone, effects);
        }
        for pending in self.state.pending.iter_mut().filter(|p| p.holder == holder) {
            // Whoever walks through on it is nobody known any more.
            (pending.committed, pending.reserves) = (true, false);
        }
        self.relocate(holder, Location::Unknown, Cause::Removal, effects);
    }

    fn tell_if_inside(&mut self, holder: HolderId, card: Option<CardNumber>, effects: &mut Effects) {
        let Location::In(area) = self.state.ledger.presence(holder).location else { return };
        let leads_there = |l: &crate::apb::site::Lane| l.inner == area || l.outer == area;
        let lane = self.site.lanes.iter().position(leads_there).map(LaneId::at);
        let (Some(lane), true) = (lane, area != OUTSIDE) else { return };
        let (holder, cause) = (Some(holder), AlertCause::StillInside);
        self.note(Event::Alert(Alert { lane, reader: None, card, holder, cause }), effects);
    }

    /// Lets time go by in which nobody was there to do anything.
    pub(in crate::apb) fn wake(&mut self, now: Time) {
        self.state.now = self.state.now.max(now);
    }

    /// Whose card this is.
    pub(in crate::apb) fn holder_of(&self, card: CardNumber) -> Option<HolderId> {
        decide::issued(&self.known(), card).ok().map(|c| c.holder)
    }

    /// The number that a holder's first credential has now.
    pub(super) fn card_of(&self, holder: HolderId) -> Option<CardNumber> {
        let known = self.known();
        let built =
            self.site.credentials_of(holder).iter().filter_map(|c| self.site.credentials.get(c.index()));
        let numbers = built.map(|c| c.number).chain(self.state.ledger.cards().numbers());
        let own =
            |number| Some((decide::issued(&known, number).ok().filter(|c| c.holder == holder)?, number));
        numbers.filter_map(own).min_by_key(|(card, _)| card.credential).map(|(_, number)| number)
    }

    /// Goes on after an interruption, of which these holders were between grant and passage.
    pub(in crate::apb) fn resume(&mut self, lost: u32, mut holders: Vec<HolderId>, effects: &mut Effects) {
        self.note(Event::Resumed { lost }, effects);
        holders.sort_unstable();
        holders.dedup();
        for holder in holders {
            self.relocate(holder, Location::Unknown, Cause::PowerCut, effects);
        }
        if self.is_on_fire() {
            for lane in (0..self.site.lanes.len()).map(LaneId::at) {
                self.in_lane(lane, effects, |l, at, out| l.evacuate(at, true, out));
            }
        }
    }

    /// The grants of one holder that may still be used.
    pub fn pending_of(&self, holder: HolderId) -> impl Iterator<Item = &Pending> {
        self.state.pending.iter().filter(move |p| p.holder == holder)
    }
}
