//! Quirks of the mind: wrong ideas of the site and of its policies.

use super::faulty::{Quirk, SOUND};
use crate::apb::id::HolderId;
use crate::apb::policy::{Commit, Enforcement, Exemptions, Policy, UnknownRule};
use crate::apb::site::{OUTSIDE, Right, SiteParts};
use crate::apb::time::Span;

/// Another policy than the one it was given.
const fn policy(policy: fn(&mut Policy)) -> Quirk {
    Quirk { policy, ..SOUND }
}

/// Another site than the one it stands in.
const fn site(site: fn(&mut SiteParts)) -> Quirk {
    Quirk { site, ..SOUND }
}

fn instead(of: Enforcement, other: Enforcement) -> impl Fn(&mut Policy) {
    move |p| {
        for enforced in [&mut p.inbound, &mut p.outbound] {
            if *enforced == of {
                *enforced = other;
            }
        }
    }
}

pub(super) const WINDOW_CLOSED: Quirk = policy(|p| p.window = p.window + Span::micros(1));
pub(super) const COMMITS_ON_GRANT: Quirk = policy(|p| p.commit = Commit::OnGrant);
pub(super) const NO_RESERVATION: Quirk = policy(|p| p.reservation = false);
pub(super) const UNKNOWN_IS_OUTSIDE: Quirk = policy(|p| p.unknown = UnknownRule::Outside);
pub(super) const SOFT_DENIES: Quirk = policy(|p| instead(Enforcement::Soft, Enforcement::Hard)(p));
pub(super) const HARD_FLAGS: Quirk = policy(|p| instead(Enforcement::Hard, Enforcement::Soft)(p));
pub(super) const EXITS_AS_ENTRIES: Quirk = policy(|p| p.outbound = p.inbound);
pub(super) const PRESENCE_FOR_EVER: Quirk = policy(|p| p.presence_timeout = None);
pub(super) const OFF_IS_BLIND: Quirk = policy(|p| p.track_when_off = false);

pub(super) const NO_LATE_GRACE: Quirk =
    site(|s| s.lanes.iter_mut().for_each(|l| l.timers.late_grace = Span::ZERO));

pub(super) const GRANTS_FOR_EVER: Quirk =
    site(|s| s.lanes.iter_mut().for_each(|l| l.timers.not_taken = Span::minutes(60)));

pub(super) const ONE_TOO_MANY: Quirk = site(|s| {
    for area in &mut s.areas {
        area.occupancy.max = area.occupancy.max.map(|max| max + 1);
    }
});

pub(super) const EXPIRED_WORKS: Quirk = site(|s| s.credentials.iter_mut().for_each(|c| c.valid_until = None));

pub(super) const VALID_TOO_SOON: Quirk = site(|s| s.credentials.iter_mut().for_each(|c| c.valid_from = None));

pub(super) const ALWAYS_OFFICE_HOURS: Quirk = site(|s| {
    s.rights.iter_mut().flatten().for_each(|r: &mut Right| r.schedule = None);
});

pub(super) const RIGHTS_FOR_ALL: Quirk = site(|s| {
    let all: Vec<Right> =
        (0..s.areas.len()).map(|a| Right { area: crate::apb::id::AreaId::at(a), schedule: None }).collect();
    s.rights.iter_mut().for_each(|rights| rights.clone_from(&all));
});

pub(super) const NOBODY_EXEMPT: Quirk =
    site(|s| s.holders.iter_mut().for_each(|h| h.exempt = Exemptions::default()));

pub(super) const NESTED_BESIDE: Quirk = site(|s| {
    for area in s.areas.iter_mut().skip(OUTSIDE.index() + 1) {
        area.parent = Some(OUTSIDE);
    }
});

/// Every credential but the first is somebody else's.
pub(super) const TWO_CARDS_TWO_GHOSTS: Quirk = site(|s| {
    let mut seen = Vec::new();
    for card in &mut s.credentials {
        if seen.contains(&card.holder) {
            let Some(owner) = s.holders.get(card.holder.index()).cloned() else { continue };
            card.holder = HolderId::at(s.holders.len());
            s.holders.push(crate::apb::site::Holder { name: format!("{} too", owner.name), ..owner });
        } else {
            seen.push(card.holder);
        }
    }
});
