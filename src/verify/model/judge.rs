//! The order of the checks.

use super::Model;
use super::ground::Trip;
use super::rule::Attempt;
use crate::apb::id::{AreaId, CardNumber, CredentialId, Direction, HolderId, LaneId, ReaderId};
use crate::apb::input::{Factor, Lockdown};
use crate::apb::journal::Reason;
use crate::apb::policy::{Enforcement, Exemption, Rule};
use crate::apb::site::{FactorRule, Right, Role};

/// A presentation of a known credential, and where it would lead.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    pub(super) reader: ReaderId,
    pub(super) card: CardNumber,
    pub(super) factor: Factor,
    pub(super) credential: CredentialId,
    pub(super) holder: HolderId,
    pub(super) trip: Trip,
    /// Whether an operator opens the lane, and nobody has presented anything.
    pub(super) by_hand: bool,
}

/// What anti-passback says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passback {
    /// Nothing is broken.
    Fine,
    /// Something would be, and a token spares it.
    Forgiven,
    /// The rule of this area is broken: let through and told.
    Soft(AreaId, Rule),
    /// The rule of this area is broken: refused.
    Hard(AreaId, Rule),
}

impl Model {
    /// Why a credential is not valid now.
    pub(super) fn limits_of(&self, credential: CredentialId) -> Option<Reason> {
        let limits = self.site.credentials.get(credential.index())?;
        if limits.valid_from.is_some_and(|from| self.now < from) {
            return Some(Reason::NotYetValid);
        }
        limits.valid_until.is_some_and(|until| self.now >= until).then_some(Reason::Expired)
    }

    /// The way a reader opens its lane for this holder: a toggle reader takes whoever is where it leads to
    /// for somebody who comes back. Who is still where it leads from has yet to go, though the place around
    /// that be the one it leads to.
    pub(super) fn trip_at(&self, reader: ReaderId, holder: HolderId) -> Option<Trip> {
        let at = self.reader(reader)?;
        let mounted = self.trip(at.lane, at.direction);
        let leads_out = self.around(mounted.from).contains(&mounted.to);
        let yet_to_go = leads_out && self.is_at(holder, mounted.from);
        if at.toggles && self.is_at(holder, mounted.to) && !yet_to_go {
            return Some(self.trip(at.lane, at.direction.opposite()));
        }
        Some(mounted)
    }

    fn is_at(&self, holder: HolderId, area: AreaId) -> bool {
        self.inside(area).contains(&holder)
    }

    pub(super) fn is_exempt(&self, holder: HolderId, from: Exemption) -> bool {
        let Some(holder) = self.site.holders.get(holder.index()) else { return false };
        let groups = holder.groups.iter().filter_map(|g| self.site.groups.get(g.index()));
        holder.exempt.has(from) || groups.into_iter().any(|g| g.exempt.has(from))
    }

    pub(super) fn has_role(&self, holder: HolderId, role: Role) -> bool {
        self.site.holders.get(holder.index()).is_some_and(|h| h.roles.has(role))
    }

    /// The checks before anti-passback; `None`: all passed.
    pub(super) fn basic(&self, ask: &Ask) -> Option<Reason> {
        let exempt = |from| self.is_exempt(ask.holder, from);
        let rights = (!exempt(Exemption::AccessRights)).then(|| self.no_right(ask)).flatten();
        if rights.is_some() {
            return rights;
        }
        if !exempt(Exemption::Verification) && self.needs_factor(ask.reader) && ask.factor != Factor::Right {
            return Some(Reason::Factor);
        }
        if !exempt(Exemption::Deny) && self.is_shut_off(&ask.trip) {
            return Some(Reason::Lockdown);
        }
        (!exempt(Exemption::Lockout) && self.is_locked_out(ask.holder)).then_some(Reason::Lockout)
    }

    fn no_right(&self, ask: &Ask) -> Option<Reason> {
        let set = self.site.holders.get(ask.holder.index()).map_or(0, |h| h.rights);
        let rights: &[Right] = self.site.rights.get(set).map_or(&[], Vec::as_slice);
        let of = |area: &AreaId| rights.iter().filter(|r| r.area == *area).collect::<Vec<_>>();
        if ask.trip.entered.iter().any(|area| of(area).is_empty()) {
            return Some(Reason::NoAccessRight);
        }
        let now = |area: &AreaId| of(area).iter().any(|r| self.is_scheduled(r.schedule, self.now));
        (!ask.trip.entered.iter().all(now)).then_some(Reason::OutsideSchedule)
    }

    fn needs_factor(&self, reader: ReaderId) -> bool {
        match self.reader(reader).map(|r| r.factor) {
            None | Some(FactorRule::Never) => false,
            Some(FactorRule::Always) => true,
            Some(FactorRule::During(schedule)) => self.is_scheduled(Some(schedule), self.now),
        }
    }

    fn is_shut_off(&self, trip: &Trip) -> bool {
        let of = |area: &AreaId| self.lockdowns.get(area.index()).copied().unwrap_or_default();
        trip.entered.iter().any(|a| of(a) != Lockdown::Off)
            || trip.left.iter().any(|a| of(a) == Lockdown::Both)
    }

    pub(super) fn passback(&self, ask: &Ask) -> Passback {
        if self.is_exempt(ask.holder, Exemption::Passback) {
            return Passback::Fine;
        }
        let attempt = Attempt { holder: ask.holder, reader: ask.reader, trip: &ask.trip };
        let broken = self.violations_of(attempt);
        // Of several the gravest is told, and of those the last.
        match broken.iter().max_by_key(|b| b.2) {
            None => Passback::Fine,
            Some(_) if self.is_forgiven(ask.holder) => Passback::Forgiven,
            Some((area, rule, Enforcement::Hard)) => Passback::Hard(*area, *rule),
            Some((area, rule, Enforcement::Soft | Enforcement::Off)) => Passback::Soft(*area, *rule),
        }
    }

    /// The grant that this presentation repeats.
    pub(super) fn renewed(&self, ask: &Ask) -> Option<usize> {
        let is_own = |owner: Option<(HolderId, ReaderId)>| owner == Some((ask.holder, ask.reader));
        self.grants.iter().position(|g| g.is_unused() && is_own(g.owner) && g.trip.way == ask.trip.way)
    }

    /// Whether a grant on which they have not moved yet blocks this holder here.
    pub(super) fn is_reserved(&self, ask: &Ask) -> bool {
        self.grants.iter().any(|g| (g.is_unused() || g.is_half()) && g.is_of(ask.holder) && g.reserves)
    }

    /// Whether another lane of an interlock is not shut and empty.
    pub(super) fn is_interlocked(&self, lane: LaneId) -> bool {
        let locks = self.site.interlocks.iter().filter(|i| i.lanes.contains(&lane));
        let mut others = locks.flat_map(|i| &i.lanes).filter(|l| **l != lane);
        others.any(|l| !self.is_secure(*l))
    }

    /// The reader that opens a lane this way.
    pub(super) fn reader_for(&self, lane: LaneId, way: Direction) -> Option<ReaderId> {
        let opens = |r: &crate::apb::site::Reader| r.lane == lane && (r.direction == way || r.toggles);
        self.site.readers.iter().position(opens).map(ReaderId::at)
    }
}
