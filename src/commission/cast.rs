//! Who presents what: the holders and numbers of a site that suit a test.

use super::place::Names;
use crate::apb::id::{AreaId, CardNumber, CredentialId, Direction, HolderId, ReaderId};
use crate::apb::input::Factor;
use crate::apb::policy::{Enforcement, Exemption};
use crate::apb::site::{Area, FactorRule, Issued, Role, Route, Site, Together};
use crate::apb::time::Time;

/// Somebody who presents a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Actor {
    pub(super) holder: HolderId,
    pub(super) card: CardNumber,
}

/// The largest number that 26 bits carry, so that every reader can show a number up to it.
const NUMBER_MAX: u64 = 0xFF_FFFF;

/// A number that is not issued.
pub(super) fn unissued(site: &Site) -> CardNumber {
    let numbers = (1..=NUMBER_MAX).rev().map(CardNumber);
    numbers.into_iter().find(|n| site.issued(*n).is_none()).unwrap_or(CardNumber(0))
}

/// Every credential with what was issued under its number, in the site's order.
fn issued(site: &Site) -> impl Iterator<Item = (CredentialId, Issued, CardNumber)> + '_ {
    let of = |(index, credential): (usize, &crate::apb::site::Credential)| {
        let issued = *site.issued(credential.number)?;
        Some((CredentialId::at(index), issued, credential.number))
    };
    site.credentials.iter().enumerate().filter_map(of)
}

fn is_valid(site: &Site, credential: CredentialId) -> bool {
    let Some(limits) = site.credentials.get(credential.index()) else { return false };
    limits.valid_from.is_none_or(|from| from <= Time::ZERO)
        && limits.valid_until.is_none_or(|until| Time::ZERO < until)
}

/// A credential that is not valid any more.
pub(super) fn expired(site: &Site) -> Option<Actor> {
    let is_over = |c: &CredentialId| {
        let limits = site.credentials.get(c.index());
        limits.and_then(|c| c.valid_until).is_some_and(|until| until <= Time::ZERO)
    };
    let found = issued(site).find(|(credential, ..)| is_over(credential));
    found.map(|(_, issued, card)| Actor { holder: issued.holder, card })
}

/// How somebody's rights stand towards the areas that a way enters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Entitled {
    /// At any time.
    Always,
    /// Now, by a schedule.
    Now,
    /// Not now.
    Later,
    /// Never.
    Never,
}

fn entitled(site: &Site, who: &Issued, entered: &[AreaId]) -> Entitled {
    if who.exempt.has(Exemption::AccessRights) {
        return Entitled::Always;
    }
    let rights = site.rights.get(who.rights as usize).map_or(&[][..], Vec::as_slice);
    let to_area = |area: &AreaId| {
        let of = rights.iter().filter(|r| r.area == *area).map(|r| match r.schedule {
            None => Entitled::Always,
            Some(_) if site.is_scheduled(r.schedule, Time::ZERO) => Entitled::Now,
            Some(_) => Entitled::Later,
        });
        of.min().unwrap_or(Entitled::Never)
    };
    entered.iter().map(to_area).max().unwrap_or(Entitled::Always)
}

/// Somebody whom nothing but anti-passback holds back at a reader, alone. Whoever has their rights at any
/// time is better than somebody who has them now.
///
/// # Errors
/// Why there is nobody.
pub(super) fn regular(site: &Site, reader: ReaderId) -> Result<Actor, String> {
    regular_at_all(site, &[reader])
}

/// The same for several readers: one person for all of them.
///
/// # Errors
/// Why there is nobody.
pub(super) fn regular_at_all(site: &Site, readers: &[ReaderId]) -> Result<Actor, String> {
    pick(site, readers, |who| !who.exempt.has(Exemption::Passback))
}

/// Somebody who is excused from anti-passback and may go through a reader alone.
pub(super) fn exempt(site: &Site, reader: ReaderId) -> Option<Actor> {
    pick(site, &[reader], |who| who.exempt.has(Exemption::Passback)).ok()
}

fn pick(site: &Site, readers: &[ReaderId], wanted: impl Fn(&Issued) -> bool) -> Result<Actor, String> {
    let ways = |reader: ReaderId| {
        let here = site.readers.get(reader.index());
        let leads = move |way: &Direction| here.is_some_and(|r| r.toggles || r.direction == *way);
        Direction::BOTH.into_iter().filter(leads).filter_map(move |way| site.route_towards(reader, way))
    };
    let routes: Vec<&Route> = readers.iter().flat_map(|reader| ways(*reader)).collect();
    let entered: Vec<AreaId> = routes.iter().flat_map(|r| r.entered.iter().copied()).collect();
    let mut why_not = None;
    let mut best: Option<(Entitled, Actor)> = None;
    for (credential, who, card) in issued(site).filter(|(_, who, _)| wanted(who)) {
        let entitled = entitled(site, &who, &entered);
        if best.is_some_and(|(found, _)| found <= entitled) || !is_valid(site, credential) {
            continue;
        }
        if let Some(reason) = obstacle(site, &who, entitled, &routes) {
            why_not.get_or_insert(reason);
            continue;
        }
        best = Some((entitled, Actor { holder: who.holder, card }));
    }
    best.map(|(_, actor)| actor).ok_or_else(|| {
        let why = why_not.unwrap_or_else(|| "the site has no valid credential".into());
        let names: Vec<&str> = readers.iter().map(|r| Names(site).reader(*r)).collect();
        format!("no holder of the site can go through {} alone: {why}", names.join(", "))
    })
}

/// What keeps somebody from going through alone, whatever anti-passback says.
fn obstacle(site: &Site, who: &Issued, entitled: Entitled, routes: &[&Route]) -> Option<String> {
    match entitled {
        Entitled::Never => return Some("nobody has the right to enter".into()),
        Entitled::Later => return Some("no right to enter holds at this time of the week".into()),
        Entitled::Now | Entitled::Always => {}
    }
    let alone_ok = who.exempt.has(Exemption::Verification);
    for route in routes {
        if !route.entered.is_empty() && who.roles.has(Role::Visitor) && !alone_ok {
            return Some("visitors enter with an escort".into());
        }
        let crossed = route.entered.iter().map(|a| (a, true)).chain(route.left.iter().map(|a| (a, false)));
        for (area, enters) in crossed {
            let Some(area) = site.areas.get(area.index()) else { continue };
            if let Some(reason) = obstacle_at(area, enters, who) {
                return Some(reason);
            }
        }
    }
    None
}

fn obstacle_at(area: &Area, enters: bool, who: &Issued) -> Option<String> {
    let needs_two = match area.company.rule {
        Together::Alone => false,
        Together::TwoMan => true,
        Together::Dual => enters,
    };
    if needs_two && !who.exempt.has(Exemption::Verification) {
        return Some(format!("area {} is entered and left by two together", area.name));
    }
    if enters && area.company.first_person && !who.roles.has(Role::Opener) {
        return Some(format!("only an opener enters area {} while it is empty", area.name));
    }
    let hard = area.occupancy.enforcement == Enforcement::Hard && !who.exempt.has(Exemption::Occupancy);
    if !enters && hard && area.occupancy.min.is_some() {
        return Some(format!("nobody leaves area {} as one of the last", area.name));
    }
    (enters && hard && area.occupancy.max == Some(0)).then(|| format!("area {} admits nobody", area.name))
}

/// Somebody whose credential is valid and who has no right at all to enter where a reader leads.
pub(super) fn without_right(site: &Site, reader: ReaderId) -> Option<Actor> {
    let entered = &site.route(reader)?.entered;
    let lacks = |who: &Issued| entitled(site, who, entered) == Entitled::Never;
    let found = issued(site).find(|(credential, who, _)| lacks(who) && is_valid(site, *credential));
    found.map(|(_, who, card)| Actor { holder: who.holder, card })
}

/// The second factor that a reader wants now: the right one, or none.
pub(super) fn factor(site: &Site, reader: ReaderId) -> Factor {
    let asked = site.readers.get(reader.index()).is_some_and(|r| match r.factor {
        FactorRule::Never => false,
        FactorRule::Always => true,
        FactorRule::During(schedule) => site.is_scheduled(Some(schedule), Time::ZERO),
    });
    if asked { Factor::Right } else { Factor::None }
}
