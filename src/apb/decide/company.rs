//! Who has to come together: two-man rules, dual authentication, escorts, the first person.

use super::{Known, room};
use crate::apb::controller::Held;
use crate::apb::id::{AreaId, Direction, HolderId, ReaderId};
use crate::apb::journal::Reason;
use crate::apb::ledger::Location;
use crate::apb::policy::Exemption;
use crate::apb::site::{self, Issued, Role, Route, Together};

/// Whether somebody comes alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::apb) enum Company {
    /// One alone is enough.
    Alone,
    /// Somebody has waited at the same reader.
    With(HolderId),
    /// This other one is here: the first of two, judged again.
    Here(HolderId),
    /// One alone is not enough, and nobody has waited.
    Missing(Reason),
}

impl Company {
    /// Who comes along.
    pub(super) fn other(self) -> Option<HolderId> {
        match self {
            Self::With(other) | Self::Here(other) => Some(other),
            Self::Alone | Self::Missing(_) => None,
        }
    }
}

/// Who comes with this holder, the same way.
pub(super) fn find(
    known: &Known<'_>,
    (reader, way): (ReaderId, Direction),
    card: &Issued,
    route: &Route,
) -> Company {
    let waits = |h: &&Held| {
        let is_other = h.holder != card.holder && fits(known, h.holder, card);
        (h.reader, h.way) == (reader, way) && known.now < h.until && is_other
    };
    if let Some(held) = known.held.iter().find(waits) {
        return Company::With(held.holder);
    }
    match needed(known, card, route) {
        Some(reason) => Company::Missing(reason),
        None => Company::Alone,
    }
}

/// A visitor needs an escort; anybody else any second holder.
fn fits(known: &Known<'_>, first: HolderId, second: &Issued) -> bool {
    let first = known.site.holders.get(first.index()).map(|h| h.roles).unwrap_or_default();
    let escorts =
        |visitor: site::Roles, other: site::Roles| !visitor.has(Role::Visitor) || other.has(Role::Escort);
    escorts(first, second.roles) && escorts(second.roles, first)
}

/// Why one alone is not enough here, if so.
fn needed(known: &Known<'_>, card: &Issued, route: &Route) -> Option<Reason> {
    if card.exempt.has(Exemption::Verification) {
        return None;
    }
    if !route.entered.is_empty() && card.roles.has(Role::Visitor) {
        return Some(Reason::NoAccompaniment);
    }
    let rule = |area: &AreaId| known.site.areas.get(area.index()).map(|a| a.company.rule);
    let enters = |area: &AreaId| match rule(area) {
        Some(Together::Dual) => true,
        Some(Together::TwoMan) => staying(known, *area, card.holder).0 == 0,
        Some(Together::Alone) | None => false,
    };
    let leaves = |area: &AreaId| match rule(area) {
        Some(Together::TwoMan) => staying(known, *area, card.holder) == (1, true),
        Some(Together::Dual | Together::Alone) | None => false,
    };
    let needs = route.entered.iter().any(enters) || route.left.iter().any(leaves);
    needs.then_some(Reason::AwaitingPartner)
}

/// How many others are inside an area and hold no unused grant out of it, and whether this holder is inside.
fn staying(known: &Known<'_>, area: AreaId, holder: HolderId) -> (usize, bool) {
    let (others, is_in) = inside(known, area, holder);
    (others.saturating_sub(room::going(known, area, holder, false)), is_in)
}

/// How many others are inside an area, and whether this holder is.
fn inside(known: &Known<'_>, area: AreaId, holder: HolderId) -> (usize, bool) {
    let within = (0..known.site.areas.len()).map(AreaId::at).filter(|a| known.site.within(*a, area));
    let all: usize = within.map(|a| known.ledger.located(a).len()).sum();
    let is_in = match known.ledger.presence(holder).location {
        Location::In(place) => known.site.within(place, area),
        Location::Unknown => false,
    };
    (all - usize::from(is_in), is_in)
}

/// Nobody enters an empty area before somebody who may open it; `other` comes along.
pub(super) fn first_person(
    known: &Known<'_>,
    card: &Issued,
    route: &Route,
    other: Option<HolderId>,
) -> Result<(), Reason> {
    let other = other.and_then(|h| known.site.holders.get(h.index()));
    let opens = card.roles.has(Role::Opener) || other.is_some_and(|h| h.roles.has(Role::Opener));
    let waits = |area: &AreaId| {
        let first = known.site.areas.get(area.index()).is_some_and(|a| a.company.first_person);
        first && !opens && inside(known, *area, card.holder) == (0, false)
    };
    if route.entered.iter().any(waits) { Err(Reason::FirstPerson) } else { Ok(()) }
}
