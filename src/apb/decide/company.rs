//! Who has to come together: two-man rules, dual authentication, escorts, the first person.

use super::{Known, room};
use crate::apb::grant::Held;
use crate::apb::id::{AreaId, Direction, HolderId, ReaderId};
use crate::apb::journal::Reason;
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
    /// What a reason says about it that somebody gave who was asked.
    pub(super) fn told(reason: Reason) -> Self {
        let is_missing = matches!(reason, Reason::AwaitingPartner | Reason::NoAccompaniment);
        if is_missing { Self::Missing(reason) } else { Self::Alone }
    }

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
    let mut waiting = waiting(known, (reader, way), card);
    if let Some(held) = waiting.find(|h| !strands(known, route, [h.holder, card.holder])) {
        return Company::With(held.holder);
    }
    match needed(known, card, route) {
        Some(reason) => Company::Missing(reason),
        None => Company::Alone,
    }
}

/// Those who wait here, the same way, and may go with this holder.
pub(super) fn waiting<'a>(
    known: &Known<'a>,
    at: (ReaderId, Direction),
    card: &Issued,
) -> impl Iterator<Item = &'a Held> {
    let waits = move |h: &&Held| (h.reader, h.way) == at && known.now < h.until && h.holder != card.holder;
    known.held.iter().filter(waits).filter(|h| fits(known, h.holder, card))
}

/// A visitor needs an escort; anybody else any second holder.
fn fits(known: &Known<'_>, first: HolderId, second: &Issued) -> bool {
    let first = known.site.holders.get(first.index()).map(|h| h.roles).unwrap_or_default();
    let escorts =
        |visitor: site::Roles, other: site::Roles| !visitor.has(Role::Visitor) || other.has(Role::Escort);
    escorts(first, second.roles) && escorts(second.roles, first)
}

/// Whether two who leave together would leave somebody alone whom a two-man rule wants in company.
pub(super) fn strands(known: &Known<'_>, route: &Route, pair: [HolderId; 2]) -> bool {
    route.left.iter().any(|area| {
        let is_concerned = pair.iter().any(|h| room::is_inside(known, *area, *h));
        is_concerned && has_rule(known, *area, Together::TwoMan) && staying(known, *area, &pair) == 1
    })
}

/// Why one alone is not enough here, if so.
pub(super) fn needed(known: &Known<'_>, card: &Issued, route: &Route) -> Option<Reason> {
    if card.exempt.has(Exemption::Verification) {
        return None;
    }
    if !route.entered.is_empty() && card.roles.has(Role::Visitor) {
        return Some(Reason::NoAccompaniment);
    }
    let besides = |area: &AreaId| staying(known, *area, &[card.holder]);
    let enters = |area: &AreaId| {
        let begins = has_rule(known, *area, Together::TwoMan) && besides(area) == 0;
        begins || has_rule(known, *area, Together::Dual)
    };
    let leaves = |area: &AreaId| {
        let is_concerned = room::is_inside(known, *area, card.holder);
        is_concerned && has_rule(known, *area, Together::TwoMan) && besides(area) == 1
    };
    let needs = route.entered.iter().any(enters) || route.left.iter().any(leaves);
    needs.then_some(Reason::AwaitingPartner)
}

fn has_rule(known: &Known<'_>, area: AreaId, rule: Together) -> bool {
    known.site.areas.get(area.index()).is_some_and(|a| a.company.rule == rule)
}

/// How many besides these are inside an area and hold no unused grant out of it.
fn staying(known: &Known<'_>, area: AreaId, besides: &[HolderId]) -> usize {
    inside(known, area, besides).saturating_sub(room::going(known, area, besides, false))
}

/// How many besides these are inside an area.
fn inside(known: &Known<'_>, area: AreaId, besides: &[HolderId]) -> usize {
    let counted = besides.iter().filter(|h| room::is_inside(known, area, **h)).count();
    room::located(known, area) - counted
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
        first && !opens && room::located(known, *area) == 0
    };
    if route.entered.iter().any(waits) { Err(Reason::FirstPerson) } else { Ok(()) }
}
