//! The nine rules: does going through here break the rule of a boundary?

use super::Model;
use super::ground::Trip;
use crate::apb::id::{AreaId, HolderId, ReaderId};
use crate::apb::ledger::Location;
use crate::apb::policy::{Enforcement, Memory, Policy, Rule, Scope, UnknownRule};
use crate::apb::site::OUTSIDE;
use crate::apb::time::{Span, Time};

/// Somebody who wants to go through.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attempt<'a> {
    pub(super) holder: HolderId,
    pub(super) reader: ReaderId,
    pub(super) trip: &'a Trip,
}

impl Model {
    /// The rules that this attempt breaks, with what each leads to, in the order of the boundaries: entered
    /// before left, innermost first.
    pub(super) fn violations_of(&self, attempt: Attempt<'_>) -> Vec<(AreaId, Rule, Enforcement)> {
        let left = attempt.trip.left.iter().map(|area| (*area, false));
        let entered = attempt.trip.entered.iter().map(|area| (*area, true));
        let at_reader = self.reader(attempt.reader).and_then(|r| r.apb);
        let mut broken = Vec::new();
        for (area, inwards) in entered.chain(left) {
            let Some(policy) = self.policy(area) else { continue };
            let of_policy = if inwards { policy.inbound } else { policy.outbound };
            let enforcement = at_reader.unwrap_or(of_policy);
            let is_on = enforcement != Enforcement::Off && self.is_scheduled(policy.schedule, self.now);
            if is_on && self.breaks(policy, attempt, area, inwards) {
                broken.push((area, policy.rule, enforcement));
            }
        }
        broken
    }

    fn breaks(&self, policy: &Policy, attempt: Attempt<'_>, area: AreaId, inwards: bool) -> bool {
        match policy.rule {
            Rule::Off => false,
            Rule::LocationMatch | Rule::InOut | Rule::EntryOnly | Rule::TimedArea => match policy.memory {
                Memory::Location => self.breaks_by_location(policy, attempt, area, inwards),
                Memory::Flag => self.breaks_by_flag(policy, attempt, area, inwards),
            },
            Rule::TimedReader => {
                let mut uses = self.uses(attempt.holder).into_iter();
                uses.any(|(at, reader, remembered)| {
                    remembered && reader == attempt.reader && self.is_recent(at, policy.window)
                })
            }
            Rule::TimedLastUser => {
                let last = self.last_user(attempt.reader);
                last.is_some_and(|(who, at)| who == attempt.holder && self.is_recent(at, policy.window))
            }
            Rule::TimedHistory => {
                let last = self.last_move(attempt.holder);
                last.is_some_and(|(at, reader)| reader == attempt.reader && self.is_recent(at, policy.window))
            }
            Rule::TimedCard => {
                let reaches = |reader, remembered| match policy.scope {
                    Scope::Site => true,
                    Scope::Panel => remembered && self.panel_of(reader) == self.panel_of(attempt.reader),
                };
                let mut uses = self.uses(attempt.holder).into_iter();
                uses.any(|(at, reader, remembered)| {
                    reaches(reader, remembered) && self.is_recent(at, policy.window)
                })
            }
        }
    }

    fn panel_of(&self, reader: ReaderId) -> Option<crate::apb::id::PanelId> {
        Some(self.site.lanes.get(self.reader(reader)?.lane.index())?.panel)
    }

    /// Half-open: too early before the end of the window, free from then on.
    fn is_recent(&self, at: Time, window: Span) -> bool {
        self.now.0 - at.0 < window.0
    }

    fn breaks_by_location(&self, policy: &Policy, attempt: Attempt<'_>, area: AreaId, inwards: bool) -> bool {
        let place = match (self.location(attempt.holder), policy.unknown) {
            (Location::In(place), _) => place,
            (Location::Unknown, UnknownRule::Learn) => return false,
            (Location::Unknown, UnknownRule::Outside) => OUTSIDE,
            (Location::Unknown, UnknownRule::Deny) => return true,
        };
        let is_elsewhere = place != attempt.trip.from;
        match policy.rule {
            Rule::LocationMatch => is_elsewhere,
            Rule::InOut => place == attempt.trip.to,
            Rule::EntryOnly => inwards && self.is_within(place, area),
            Rule::TimedArea => {
                let last = self.last_move(attempt.holder);
                is_elsewhere && last.is_some_and(|(at, _)| self.is_recent(at, policy.window))
            }
            Rule::Off | Rule::TimedReader | Rule::TimedLastUser | Rule::TimedHistory | Rule::TimedCard => {
                false
            }
        }
    }

    /// In or out of this one area, whatever the holder does elsewhere.
    fn breaks_by_flag(&self, policy: &Policy, attempt: Attempt<'_>, area: AreaId, inwards: bool) -> bool {
        let flag = self.flag(attempt.holder, area).filter(|(_, since, _)| !self.is_stale(policy, *since));
        let (inside, since) = match (flag, policy.unknown) {
            (Some((inside, since, moved)), _) => (inside, moved.then_some(since)),
            (None, UnknownRule::Learn) => return false,
            (None, UnknownRule::Outside) => (false, None),
            (None, UnknownRule::Deny) => return true,
        };
        let already_there = inside == inwards;
        match policy.rule {
            Rule::LocationMatch | Rule::InOut => already_there,
            Rule::EntryOnly => inwards && already_there,
            Rule::TimedArea => already_there && since.is_some_and(|at| self.is_recent(at, policy.window)),
            Rule::Off | Rule::TimedReader | Rule::TimedLastUser | Rule::TimedHistory | Rule::TimedCard => {
                false
            }
        }
    }

    /// Whether what was found out then is too old to be believed.
    pub(super) fn is_stale(&self, policy: &Policy, since: Time) -> bool {
        policy.presence_timeout.is_some_and(|timeout| timeout.0 > 0 && self.now.0 - since.0 >= timeout.0)
    }
}
