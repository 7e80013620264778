//! Credentials and holders that change.

use super::Model;
use super::Said;
use super::past::Fact;
use crate::apb::id::{CardNumber, CredentialId, HolderId, MusterId};
use crate::apb::ledger::Location;
use crate::apb::site::OUTSIDE;

impl Model {
    pub(super) fn has_holder(&self, holder: HolderId) -> bool {
        holder.index() < self.site.holders.len()
    }

    /// The first credential of a holder, by the number it has now.
    pub(super) fn card_of(&self, holder: HolderId) -> Option<(CardNumber, CredentialId)> {
        let built = self.site.credentials.iter().map(|c| c.number);
        let changed = self.past.iter().filter_map(|(_, fact)| match fact {
            Fact::Card(number, _) => Some(*number),
            _ => None,
        });
        let own = |number: CardNumber| {
            let (credential, owner) = self.meaning(number).flatten()?;
            (owner == holder).then_some((credential, number))
        };
        let first = built.chain(changed).filter_map(own).min();
        first.map(|(credential, number)| (number, credential))
    }

    /// A muster point never denies, and believes every credential that the site knows.
    pub(super) fn muster(&mut self, point: MusterId, card: CardNumber) {
        let Some(area) = self.site.musters.get(point.index()).map(|p| p.area) else { return };
        let holder = self.meaning(card).flatten().map(|(_, holder)| holder);
        self.say(Said::Mustered { holder });
        if let Some(holder) = holder {
            self.note(Fact::Mustered(holder));
            self.note(Fact::Place(holder, Location::In(area)));
            self.flag_all(holder, area);
        }
    }

    pub(super) fn replace(&mut self, old: CardNumber, new: CardNumber) {
        let Some(Some(meaning)) = self.meaning(old) else { return };
        if matches!(self.meaning(new), Some(Some(_))) {
            return;
        }
        self.note(Fact::Card(old, None));
        self.note(Fact::Card(new, Some(meaning)));
    }

    pub(super) fn assign(&mut self, card: CardNumber, holder: HolderId) {
        let Some(Some((credential, before))) = self.meaning(card) else { return };
        if !self.has_holder(holder) || self.is_removed(holder) || before == holder {
            return;
        }
        self.note(Fact::Card(card, Some((credential, holder))));
        self.tell_still_inside(before);
    }

    pub(super) fn remove(&mut self, holder: HolderId) {
        if !self.has_holder(holder) || self.is_removed(holder) {
            return;
        }
        self.tell_still_inside(holder);
        self.waiting.retain(|w| w.holder != holder);
        self.part(holder);
        self.note(Fact::Removed(holder));
        self.note(Fact::Place(holder, Location::Unknown));
        self.note(Fact::Forget(holder));
    }

    fn tell_still_inside(&mut self, holder: HolderId) {
        match self.location(holder) {
            Location::Unknown | Location::In(OUTSIDE) => {}
            Location::In(_) => self.say(Said::StillInside { holder: Some(holder) }),
        }
    }
}
