//! What has to become of a presentation by what the site's policy says: the rules once more, from their
//! definitions, for somebody who stands before a reader after an operator's reset or a passage.

use crate::apb::id::{AreaId, Direction, HolderId, ReaderId};
use crate::apb::journal::Reason;
use crate::apb::policy::{Enforcement, Exemption, Memory, Policy, Rule, Scope, UnknownRule};
use crate::apb::site::{OUTSIDE, PassMode, Reader, Site};
use crate::apb::time::{Span, Time};
use crate::scenario::expect::Verdict;

/// What is known of a holder when they present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Before {
    /// Where they are believed to be; `None`: nobody knows.
    pub(super) at: Option<AreaId>,
    /// The reader they used last since their reset, and how long ago they passed.
    pub(super) last: Option<(ReaderId, Span)>,
}

/// What has to become of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Expected {
    pub(super) verdict: Verdict,
    /// The rule that is broken, if one is.
    pub(super) broken: Option<Rule>,
}

impl Expected {
    const GRANTED: Self = Self { verdict: Verdict::Granted, broken: None };

    /// Whether somebody who is let through can only have been let through.
    pub(super) fn is_grant(self) -> bool {
        self.verdict != Verdict::Denied(Some(Reason::ApbViolation)) && !self.is_refused_otherwise()
    }

    fn is_refused_otherwise(self) -> bool {
        matches!(self.verdict, Verdict::Denied(_))
    }
}

/// The way a holder goes at a reader: a toggle reader takes whoever is on its further side for coming back.
pub(super) fn way(site: &Site, reader: &Reader, at: Option<AreaId>) -> Direction {
    let Some(lane) = site.lanes.get(reader.lane.index()) else { return reader.direction };
    let (from, to) = (lane.from(reader.direction), lane.to(reader.direction));
    let leads_inwards = site.within(to, from);
    let is_further = at.is_some_and(|at| {
        if leads_inwards { site.within(at, to) } else { site.within(at, to) && !site.within(at, from) }
    });
    if reader.toggles && is_further { reader.direction.opposite() } else { reader.direction }
}

/// What has to become of a presentation by a holder whom nothing but anti-passback holds back.
pub(super) fn at_reader(site: &Site, reader: ReaderId, holder: HolderId, before: Before) -> Expected {
    let Some(here) = site.readers.get(reader.index()) else { return Expected::GRANTED };
    let way = way(site, here, before.at);
    let breach = breach(site, (reader, here), way, holder, before);
    let locked = site.lanes.get(here.lane.index()).is_some_and(|l| l.modes[way.index()] == PassMode::Locked);
    match breach {
        Some((rule, Enforcement::Hard)) => {
            Expected { verdict: Verdict::Denied(Some(Reason::ApbViolation)), broken: Some(rule) }
        }
        _ if locked => Expected { verdict: Verdict::Denied(Some(Reason::LaneLocked)), broken: None },
        Some((rule, Enforcement::Soft)) => Expected { verdict: Verdict::Flagged, broken: Some(rule) },
        Some((_, Enforcement::Off)) | None => Expected::GRANTED,
    }
}

/// The gravest rule broken at the boundaries that the way crosses: the last of the gravest, inwards ones
/// first.
fn breach(
    site: &Site,
    (id, reader): (ReaderId, &Reader),
    way: Direction,
    holder: HolderId,
    before: Before,
) -> Option<(Rule, Enforcement)> {
    if site.exemptions(holder).has(Exemption::Passback) {
        return None;
    }
    let route = site.route_towards(id, way)?;
    let ends = (route.from, route.to);
    let crossed = route.entered.iter().map(|a| (*a, true)).chain(route.left.iter().map(|a| (*a, false)));
    let broken = crossed.filter_map(|(area, enters)| {
        let policy = &site.areas.get(area.index())?.policy;
        let own = if enters { policy.inbound } else { policy.outbound };
        let enforcement = reader.apb.unwrap_or(own);
        let tested = enforcement != Enforcement::Off && site.is_scheduled(policy.schedule, Time::ZERO);
        let at = Boundary { area, enters, ends, reader: id };
        (tested && breaks(site, policy, at, before)).then_some((policy.rule, enforcement))
    });
    broken.max_by_key(|(_, enforcement)| *enforcement)
}

/// One boundary, as somebody crosses it.
#[derive(Clone, Copy)]
struct Boundary {
    area: AreaId,
    enters: bool,
    /// The areas before and behind the lane.
    ends: (AreaId, AreaId),
    reader: ReaderId,
}

fn breaks(site: &Site, policy: &Policy, at: Boundary, before: Before) -> bool {
    let is_recent = |ago: Span| ago < policy.window;
    let recent_move = before.last.is_some_and(|(_, ago)| is_recent(ago));
    let same_reader = before.last.is_some_and(|(reader, ago)| reader == at.reader && is_recent(ago));
    let panel = |r: ReaderId| {
        let lane = site.readers.get(r.index())?.lane;
        site.lanes.get(lane.index()).map(|l| l.panel)
    };
    match policy.rule {
        Rule::Off => false,
        Rule::TimedReader | Rule::TimedLastUser | Rule::TimedHistory => same_reader,
        Rule::TimedCard => match policy.scope {
            Scope::Site => recent_move,
            Scope::Panel => {
                before.last.is_some_and(|(r, ago)| panel(r) == panel(at.reader) && is_recent(ago))
            }
        },
        Rule::LocationMatch | Rule::InOut | Rule::EntryOnly => misplaced(site, policy, at, before.at),
        Rule::TimedArea => {
            let denied_unknown = before.at.is_none() && policy.unknown == UnknownRule::Deny;
            misplaced(site, policy, at, before.at) && (recent_move || denied_unknown)
        }
    }
}

/// Whether the place where a holder is believed to be breaks a rule.
fn misplaced(site: &Site, policy: &Policy, at: Boundary, place: Option<AreaId>) -> bool {
    let place = match (place, policy.unknown) {
        (Some(place), _) => place,
        (None, UnknownRule::Learn) => return false,
        (None, UnknownRule::Outside) => OUTSIDE,
        (None, UnknownRule::Deny) => return true,
    };
    let inside = site.within(place, at.area);
    match (policy.memory, policy.rule) {
        (Memory::Flag, rule) if at.enters => inside && rule != Rule::Off,
        (Memory::Flag, rule) => !inside && rule != Rule::EntryOnly,
        (Memory::Location, Rule::InOut) => place == at.ends.1,
        (Memory::Location, Rule::EntryOnly) => at.enters && inside,
        (Memory::Location, _) => place != at.ends.0,
    }
}
