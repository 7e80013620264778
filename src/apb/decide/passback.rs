//! Anti-passback proper: whether a use breaks the rule of a boundary it crosses.

use super::Known;
use crate::apb::id::{AreaId, ReaderId};
use crate::apb::ledger::{Location, Presence};
use crate::apb::policy::{Enforcement, Exemption, Memory, Policy, Rule, Scope, UnknownRule};
use crate::apb::site::{Issued, OUTSIDE, Route};
use crate::apb::time::Time;

/// One use of a reader.
pub(super) struct Use<'a> {
    pub(super) card: &'a Issued,
    pub(super) presence: &'a Presence,
    pub(super) reader: ReaderId,
    pub(super) route: &'a Route,
}

/// A broken rule and what it leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Breach {
    pub(super) area: AreaId,
    pub(super) rule: Rule,
    pub(super) enforcement: Enforcement,
}

/// A boundary that a use crosses.
#[derive(Clone, Copy)]
struct Boundary<'a> {
    area: AreaId,
    policy: &'a Policy,
    enters: bool,
}

/// The gravest breach at the boundaries this use crosses. `overrule` is the reader's own enforcement.
pub(super) fn breach(known: &Known<'_>, use_: &Use<'_>, overrule: Option<Enforcement>) -> Option<Breach> {
    if use_.card.exempt.has(Exemption::Passback) {
        return None;
    }
    let boundary = |area: &AreaId, enters| {
        let policy = known.ledger.policies().get(area.index())?;
        Some(Boundary { area: *area, policy, enters })
    };
    let entries = use_.route.entered.iter().filter_map(|a| boundary(a, true));
    let exits = use_.route.left.iter().filter_map(|a| boundary(a, false));
    let enforcement =
        |b: &Boundary<'_>| overrule.unwrap_or(if b.enters { b.policy.inbound } else { b.policy.outbound });
    entries
        .chain(exits)
        .map(|b| (b, enforcement(&b)))
        .filter(|(b, e)| *e != Enforcement::Off && known.site.is_scheduled(b.policy.schedule, known.now))
        .filter(|(b, _)| breaks(known, use_, *b))
        .map(|(b, enforcement)| Breach { area: b.area, rule: b.policy.rule, enforcement })
        .max_by_key(|b| b.enforcement)
}

/// Whether a use breaks the rule of one boundary.
fn breaks(known: &Known<'_>, use_: &Use<'_>, at: Boundary<'_>) -> bool {
    let (policy, now) = (at.policy, known.now);
    let is_recent = |since: Option<Time>| since.is_some_and(|since| now < since + policy.window);
    let (holder, uses) = (use_.card.holder, known.ledger.uses());
    match policy.rule {
        Rule::Off => false,
        Rule::TimedReader => is_recent(uses.last_use(holder, use_.reader)),
        Rule::TimedLastUser => {
            is_recent(uses.last_user(use_.reader).filter(|(who, _)| *who == holder).map(|(_, at)| at))
        }
        Rule::TimedHistory => {
            use_.presence.last_reader == Some(use_.reader) && is_recent(use_.presence.moved_at)
        }
        Rule::TimedCard => match policy.scope {
            Scope::Site => is_recent(use_.presence.moved_at),
            Scope::Panel => is_recent(last_use_at_panel(known, use_)),
        },
        Rule::LocationMatch | Rule::InOut | Rule::EntryOnly | Rule::TimedArea => {
            let (is_mismatch, since) = match policy.memory {
                Memory::Location => misplaced(known, use_, at),
                Memory::Flag => misflagged(known, use_, at),
            };
            is_mismatch && (policy.rule != Rule::TimedArea || is_recent(since))
        }
    }
}

/// The last use of any reader of the same panel by this holder.
fn last_use_at_panel(known: &Known<'_>, use_: &Use<'_>) -> Option<Time> {
    let panel = |reader: ReaderId| {
        let lane = known.site.readers.get(reader.index())?.lane;
        known.site.lanes.get(lane.index()).map(|l| l.panel)
    };
    let here = panel(use_.reader);
    let uses = known.ledger.uses().of(use_.card.holder);
    uses.filter(|(reader, _)| panel(*reader) == here).map(|(_, at)| at).max()
}

/// Whether the holder's one location breaks a rule, and since when it has been so. An unknown location that
/// is denied is as fresh as can be.
fn misplaced(known: &Known<'_>, use_: &Use<'_>, at: Boundary<'_>) -> (bool, Option<Time>) {
    let location = match (use_.presence.location, at.policy.unknown) {
        (Location::In(area), _) => area,
        (Location::Unknown, UnknownRule::Learn) => return (false, None),
        (Location::Unknown, UnknownRule::Outside) => OUTSIDE,
        (Location::Unknown, UnknownRule::Deny) => return (true, Some(known.now)),
    };
    let is_mismatch = match at.policy.rule {
        Rule::LocationMatch | Rule::TimedArea => location != use_.route.from,
        Rule::InOut => location == use_.route.to,
        Rule::EntryOnly => at.enters && known.site.within(location, at.area),
        Rule::Off | Rule::TimedReader | Rule::TimedLastUser | Rule::TimedHistory | Rule::TimedCard => false,
    };
    (is_mismatch, use_.presence.moved_at)
}

/// Whether the holder's flag for the area breaks a rule, and since when it has been so.
fn misflagged(known: &Known<'_>, use_: &Use<'_>, at: Boundary<'_>) -> (bool, Option<Time>) {
    let zone = known.ledger.uses().zone(use_.card.holder, at.area);
    let lasts = at.policy.presence_timeout.filter(|t| *t != crate::apb::time::Span::ZERO);
    let zone = zone.filter(|z| lasts.is_none_or(|lasts| known.now < z.since + lasts));
    let inside = match (zone, at.policy.unknown) {
        (Some(zone), _) => zone.inside,
        (None, UnknownRule::Learn) => return (false, None),
        (None, UnknownRule::Outside) => false,
        (None, UnknownRule::Deny) => return (true, Some(known.now)),
    };
    let is_mismatch = if at.enters { inside } else { !inside && at.policy.rule != Rule::EntryOnly };
    (is_mismatch, zone.filter(|z| z.by_move).map(|z| z.since))
}
