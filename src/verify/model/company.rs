//! Who has to come together.

use super::Model;
use super::judge::{Ask, Passback};
use crate::apb::id::{AreaId, CardNumber, HolderId, ReaderId};
use crate::apb::input::Factor;
use crate::apb::journal::Reason;
use crate::apb::policy::Exemption;
use crate::apb::site::{Company, Role, Together};
use crate::apb::time::Time;

/// The first of two, who waits for the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Waiting {
    pub(super) holder: HolderId,
    pub(super) reader: ReaderId,
    pub(super) card: CardNumber,
    pub(super) factor: Factor,
    pub(super) until: Time,
}

impl Model {
    fn company_of(&self, area: AreaId) -> Company {
        self.site.areas.get(area.index()).map(|a| a.company).unwrap_or_default()
    }

    /// The one to go together with, if there has to be one; or what is wrong.
    pub(super) fn company(&self, ask: &Ask) -> Result<Option<Ask>, Reason> {
        let first = self.waiting_at(ask);
        let needed = self.needs_partner(ask) || first.as_ref().is_some_and(|f| self.needs_partner(f));
        let first = first.filter(|_| needed);
        if self.lacks_opener(ask, first.as_ref()) {
            return Err(Reason::FirstPerson);
        }
        let Some(first) = first else {
            return if self.needs_partner(ask) { Err(Reason::AwaitingPartner) } else { Ok(None) };
        };
        if self.lacks_escort(ask, first.holder) || self.lacks_escort(&first, ask.holder) {
            return Err(Reason::NoAccompaniment);
        }
        Ok(Some(first))
    }

    /// How long the first of two waits who goes this way: as long as the most patient of the areas.
    pub(super) fn patience(&self, ask: &Ask) -> Time {
        let areas = ask.trip.left.iter().chain(&ask.trip.entered);
        let within = areas.map(|a| self.company_of(*a).within).max().unwrap_or_default();
        self.now + within
    }

    /// The first of two who waits here, if they would still be let through.
    fn waiting_at(&self, ask: &Ask) -> Option<Ask> {
        let here = |w: &&Waiting| w.reader == ask.reader && w.holder != ask.holder && self.now < w.until;
        let first = self.waiting.iter().find(here)?;
        let (credential, holder) = self.identify(first.card).ok()?;
        let trip = self.trip_at(first.reader, holder)?;
        let Waiting { reader, card, factor, .. } = *first;
        let again = Ask { reader, card, factor, credential, holder, trip };
        let is_fine = holder == first.holder
            && again.trip == ask.trip
            && self.basic(&again).is_none()
            && !matches!(self.passback(&again), Passback::Hard(..))
            && !self.is_reserved(&again);
        is_fine.then_some(again)
    }

    fn needs_partner(&self, ask: &Ask) -> bool {
        if self.is_exempt(ask.holder, Exemption::Verification) {
            return false;
        }
        let entering = ask.trip.entered.iter().any(|area| match self.company_of(*area).rule {
            Together::Alone => false,
            Together::TwoMan => self.inside(*area).is_empty(),
            Together::Dual => true,
        });
        let leaving = ask.trip.left.iter().any(|area| {
            self.company_of(*area).rule == Together::TwoMan && self.inside(*area).len() == 2
        });
        entering || leaving || self.is_visiting(ask)
    }

    fn is_visiting(&self, ask: &Ask) -> bool {
        self.has_role(ask.holder, Role::Visitor) && !ask.trip.entered.is_empty()
    }

    fn lacks_escort(&self, ask: &Ask, other: HolderId) -> bool {
        let is_excused = self.is_exempt(ask.holder, Exemption::Verification);
        self.is_visiting(ask) && !is_excused && !self.has_role(other, Role::Escort)
    }

    fn lacks_opener(&self, ask: &Ask, first: Option<&Ask>) -> bool {
        if self.is_exempt(ask.holder, Exemption::Verification) {
            return false;
        }
        let opens = |holder| self.has_role(holder, Role::Opener);
        let brings_one = opens(ask.holder) || first.is_some_and(|f| opens(f.holder));
        let needs_one = |area: &AreaId| self.company_of(*area).first_person && self.inside(*area).is_empty();
        !brings_one && ask.trip.entered.iter().any(needs_one)
    }

    /// One of two did not come: neither has moved.
    pub(super) fn miss(&mut self, index: usize) {
        let Some(partner) = self.grants.get(index).and_then(|g| g.partner) else { return };
        if let Some(other) = self.grants.get_mut(partner) {
            other.partner = None;
            if other.ready && !other.committed {
                other.ready = false;
                self.say(super::Said::PairBroken);
            }
        }
    }
}
