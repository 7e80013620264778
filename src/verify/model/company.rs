//! Who has to come together.

use super::Model;
use super::judge::Ask;
use super::room::is_to_move;
use crate::apb::id::{AreaId, CardNumber, Direction, HolderId, ReaderId};
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
    pub(super) way: Direction,
    pub(super) until: Time,
}

/// Who comes with somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum With {
    /// Nobody has to.
    Nobody,
    /// This one, who has waited or has just come.
    Somebody(HolderId),
    /// Somebody has to, and nobody is there.
    Missing(Reason),
}

impl Model {
    fn company_of(&self, area: AreaId) -> Company {
        self.site.areas.get(area.index()).map(|a| a.company).unwrap_or_default()
    }

    /// Who comes with this one: whoever waits here and fits.
    pub(super) fn company(&self, ask: &Ask) -> With {
        let waits = |w: &&Waiting| {
            (w.reader, w.way) == (ask.reader, ask.trip.way) && w.holder != ask.holder && self.now < w.until
        };
        let fits = |w: &&Waiting| self.escorts(w.holder, ask.holder) && self.escorts(ask.holder, w.holder);
        let may_go = |w: &&Waiting| !self.leave_one_alone(ask, w.holder);
        if let Some(first) = self.waiting.iter().filter(waits).filter(fits).find(may_go) {
            return With::Somebody(first.holder);
        }
        self.needs_partner(ask).map_or(With::Nobody, With::Missing)
    }

    /// How long the first of two waits: as long as the most patient area asks for that has a rule of company,
    /// or if none has as the most patient of all.
    pub(super) fn patience(&self, ask: &Ask) -> Time {
        let crossed = ask.trip.left.iter().chain(&ask.trip.entered).map(|a| self.company_of(*a));
        let strict = crossed.clone().filter(|c| c.rule != Together::Alone).map(|c| c.within).max();
        let within = strict.or_else(|| crossed.map(|c| c.within).max()).unwrap_or_default();
        self.now + within
    }

    /// Whether two who go out would leave exactly one where at least two have to be.
    fn leave_one_alone(&self, ask: &Ask, first: HolderId) -> bool {
        let two_man = ask.trip.left.iter().filter(|area| self.company_of(**area).rule == Together::TwoMan);
        two_man.copied().any(|area| {
            let inside = self.inside(area);
            let goes = inside.contains(&first) || inside.contains(&ask.holder);
            let stay =
                inside.into_iter().filter(|h| *h != first && *h != ask.holder && !self.is_leaving(*h, area));
            goes && stay.count() == 1
        })
    }

    /// Whether a visitor may go with this other one; anybody else may with anybody.
    fn escorts(&self, visitor: HolderId, other: HolderId) -> bool {
        !self.has_role(visitor, Role::Visitor) || self.has_role(other, Role::Escort)
    }

    /// Why this one may not go alone.
    fn needs_partner(&self, ask: &Ask) -> Option<Reason> {
        if self.is_exempt(ask.holder, Exemption::Verification) {
            return None;
        }
        if self.has_role(ask.holder, Role::Visitor) && !ask.trip.entered.is_empty() {
            return Some(Reason::NoAccompaniment);
        }
        let entering = ask.trip.entered.iter().any(|area| match self.company_of(*area).rule {
            Together::Alone => false,
            Together::TwoMan => self.others_staying(*area, ask.holder) == 0,
            Together::Dual => true,
        });
        let leaving = ask.trip.left.iter().any(|area| {
            let is_in = self.inside(*area).contains(&ask.holder);
            let last_two = is_in && self.others_staying(*area, ask.holder) == 1;
            self.company_of(*area).rule == Together::TwoMan && last_two
        });
        (entering || leaving).then_some(Reason::AwaitingPartner)
    }

    /// The others inside who have not been told that they may leave.
    fn others_staying(&self, area: AreaId, holder: HolderId) -> usize {
        self.inside(area).into_iter().filter(|h| *h != holder && !self.is_leaving(*h, area)).count()
    }

    fn is_leaving(&self, holder: HolderId, area: AreaId) -> bool {
        self.grants.iter().any(|g| g.is_of(holder) && is_to_move(g) && g.trip.left.contains(&area))
    }

    /// Whether somebody would enter an empty area, and neither they nor who comes with them may open it.
    pub(super) fn lacks_opener(&self, ask: &Ask, with: With) -> bool {
        let opens = |holder| self.has_role(holder, Role::Opener);
        let brings_one = matches!(with, With::Somebody(other) if opens(other));
        let is_needed = |area: &AreaId| self.company_of(*area).first_person && self.inside(*area).is_empty();
        !opens(ask.holder) && !brings_one && ask.trip.entered.iter().any(is_needed)
    }
}
