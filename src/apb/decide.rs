//! The decision: may this credential go through this reader now?
//!
//! A pure function of what is known. The checks run in a fixed order, identity, validity, rights and
//! schedule, anti-passback, occupancy, lane, and the first that fails is the reason; anti-passback never
//! masks a more basic one. Whoever presents again at the reader that has just granted keeps that grant: the
//! checks from anti-passback on were made for it.

use super::controller::Pending;
use super::id::{AreaId, CardNumber, CredentialId, GrantId, HolderId, ReaderId, ScheduleId};
use super::journal::Reason;
use super::lane::Refusal;
use super::ledger::{Ledger, Location, Presence};
use super::policy::{Enforcement, Exemption, Policy, Rule, UnknownRule};
use super::site::{Issued, OUTSIDE, Route, Site};
use super::time::Time;
use std::collections::BTreeSet;

/// All that a decision may look at.
pub(super) struct Known<'a> {
    pub(super) site: &'a Site,
    /// The policies in force, by area.
    pub(super) policies: &'a [Policy],
    pub(super) ledger: &'a Ledger,
    /// Unused grants.
    pub(super) pending: &'a [Pending],
}

/// What came of the checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Judgement {
    pub(super) credential: Option<CredentialId>,
    pub(super) holder: Option<HolderId>,
    pub(super) reason: Reason,
    pub(super) violation: Option<Rule>,
    /// A violation was let pass by a forgiveness, which is used up.
    pub(super) forgiven: bool,
    /// The grant that the holder has at this very reader and has not used yet: there is no second one.
    pub(super) renews: Option<GrantId>,
}

impl Judgement {
    fn denied(reason: Reason) -> Self {
        Self { credential: None, holder: None, reason, violation: None, forgiven: false, renews: None }
    }
}

/// Judges one presentation at a lane that answers `lane` when asked whether it could take one more grant.
pub(super) fn judge(
    known: &Known<'_>,
    now: Time,
    reader: ReaderId,
    card: CardNumber,
    lane: Result<(), Refusal>,
) -> Judgement {
    let site = known.site;
    let Some(route) = site.route(reader) else { return Judgement::denied(Reason::UnknownReader) };
    let Some(card) = site.issued(card) else { return Judgement::denied(Reason::UnknownCredential) };
    let holder = card.holder;
    let (credential, holder_known) = (Some(card.credential), Some(holder));
    let who = Judgement { credential, holder: holder_known, ..Judgement::denied(Reason::Ok) };
    let refuse = |reason| Judgement { reason, ..who };
    let limits = site.credentials.get(card.credential.index()).filter(|_| card.is_limited);
    if limits.and_then(|c| c.valid_from).is_some_and(|from| now < from) {
        return refuse(Reason::NotYetValid);
    }
    if limits.and_then(|c| c.valid_until).is_some_and(|until| now >= until) {
        return refuse(Reason::Expired);
    }
    if let Err(reason) = right_to_enter(site, now, card, route) {
        return refuse(reason);
    }
    let renews = granted_here(known, holder, reader);
    if renews.is_some() {
        return Judgement { renews, ..who };
    }
    let presence = known.ledger.presence(holder);
    let breach = breach(known, now, card, &presence, route);
    let forgiven = breach.is_some() && presence.forgiven_until.is_some_and(|t| now < t);
    let violation = breach.filter(|_| !forgiven).map(|b| b.rule);
    if breach.is_some_and(|b| b.enforcement == Enforcement::Hard) && !forgiven {
        return Judgement { violation, ..refuse(Reason::ApbViolation) };
    }
    if is_reserved_elsewhere(known, holder, reader) {
        return refuse(Reason::PendingElsewhere);
    }
    if is_full(known, card, route) {
        return refuse(Reason::OccupancyUpper);
    }
    match lane {
        Err(Refusal::Locked) => refuse(Reason::LaneLocked),
        Err(Refusal::Busy) => refuse(Reason::LaneBusy),
        Ok(()) => Judgement { violation, forgiven, ..who },
    }
}

/// Entering needs a right to every area entered; leaving needs none.
fn right_to_enter(site: &Site, now: Time, card: &Issued, route: &Route) -> Result<(), Reason> {
    if card.exempt.has(Exemption::AccessRights) {
        return Ok(());
    }
    let rights = site.rights.get(card.rights as usize).map_or(&[][..], Vec::as_slice);
    for area in &route.entered {
        let mut of_area = rights.iter().filter(|r| r.area == *area).peekable();
        if of_area.peek().is_none() {
            return Err(Reason::NoAccessRight);
        }
        let second = site.clock.week_second(now);
        let holds = |id: ScheduleId| site.schedules.get(id.index()).is_some_and(|s| s.holds(second));
        if !of_area.any(|r| r.schedule.is_none_or(holds)) {
            return Err(Reason::OutsideSchedule);
        }
    }
    Ok(())
}

/// A broken rule and what it leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Breach {
    rule: Rule,
    enforcement: Enforcement,
}

/// The gravest breach at the boundaries this reader crosses.
fn breach(known: &Known<'_>, now: Time, card: &Issued, presence: &Presence, route: &Route) -> Option<Breach> {
    let site = known.site;
    if card.exempt.has(Exemption::Passback) {
        return None;
    }
    let policy = |area: &AreaId| Some((*area, known.policies.get(area.index())?));
    let entries = route.entered.iter().filter_map(policy).map(|(area, p)| (p, p.inbound, Some(area)));
    let exits = route.left.iter().filter_map(policy).map(|(_, p)| (p, p.outbound, None));
    let again = |into: Option<AreaId>, location| into.is_some_and(|area| site.within(location, area));
    entries
        .chain(exits)
        .filter(|(policy, enforcement, into)| {
            let again = |location| again(*into, location);
            *enforcement != Enforcement::Off && breaks(policy, presence, now, route, again)
        })
        .map(|(policy, enforcement, _)| Breach { rule: policy.rule, enforcement })
        .max_by_key(|b| b.enforcement)
}

/// Whether a move breaks a policy's rule. `again` tells whether it enters the policy's area from a place
/// within it.
fn breaks(policy: &Policy, who: &Presence, now: Time, route: &Route, again: impl Fn(AreaId) -> bool) -> bool {
    if policy.rule == Rule::Off {
        return false;
    }
    let location = match (who.location, policy.unknown) {
        (Location::In(area), _) => area,
        (Location::Unknown, UnknownRule::Learn) => return false,
        (Location::Unknown, UnknownRule::Outside) => OUTSIDE,
        (Location::Unknown, UnknownRule::Deny) => return true,
    };
    match policy.rule {
        Rule::Off => false,
        Rule::LocationMatch => location != route.from,
        Rule::InOut => location == route.to,
        Rule::EntryOnly => again(location),
        Rule::TimedArea => {
            location != route.from && who.moved_at.is_some_and(|moved| now < moved + policy.window)
        }
    }
}

/// The grant at this very reader that its holder has not used yet.
fn granted_here(known: &Known<'_>, holder: HolderId, reader: ReaderId) -> Option<GrantId> {
    let same = |p: &&Pending| p.holder == holder && p.reader == reader && p.is_renewable();
    known.pending.iter().find(same).map(|p| p.grant)
}

/// A grant that its holder has not used yet blocks the holder at every other reader.
fn is_reserved_elsewhere(known: &Known<'_>, holder: HolderId, reader: ReaderId) -> bool {
    known.pending.iter().any(|p| p.holder == holder && p.reserves && p.reader != reader)
}

/// Whether an area entered is full. Holders with unused grants into it count, lapsed grants do not; nobody
/// counts twice.
fn is_full(known: &Known<'_>, card: &Issued, route: &Route) -> bool {
    let (site, holder) = (known.site, card.holder);
    if card.exempt.has(Exemption::Occupancy) {
        return false;
    }
    route.entered.iter().any(|area| {
        let area = *area;
        let Some(max) = site.areas.get(area.index()).and_then(|a| a.occupancy_max) else { return false };
        let is_inside = |h| match known.ledger.presence(h).location {
            Location::In(place) => site.within(place, area),
            Location::Unknown => false,
        };
        let within = (0..site.areas.len()).map(AreaId::at).filter(|a| site.within(*a, area));
        let inside: usize = within.map(|a| known.ledger.located(a).len()).sum();
        let comes = |p: &Pending| {
            let to = site.route(p.reader).map_or(OUTSIDE, |r| r.to);
            p.holder != holder && !p.has_lapsed() && site.within(to, area) && !is_inside(p.holder)
        };
        let coming: BTreeSet<_> = known.pending.iter().filter(|p| comes(p)).map(|p| p.holder).collect();
        !is_inside(holder) && inside + coming.len() >= max as usize
    })
}

/// The policy that says when a move along a route is committed and whether it is followed at all: that of the
/// area entered, or else of the area left.
pub(super) fn governing<'a>(policies: &'a [Policy], route: &Route) -> Option<&'a Policy> {
    let area = route.entered.first().or_else(|| route.left.first())?;
    policies.get(area.index())
}
