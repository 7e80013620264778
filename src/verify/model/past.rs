//! The list of what has happened, and the questions that are answered by reading it.

use super::Model;
use crate::apb::id::{AreaId, CardNumber, CredentialId, Direction, HolderId, LaneId, ReaderId};
use crate::apb::ledger::Location;
use crate::apb::time::Time;

/// One thing that has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fact {
    /// Somebody is believed to be there from now on.
    Place(HolderId, Location),
    /// Somebody used a reader: a grant was committed. Only while a policy asks for it is it remembered for
    /// longer than until the next use.
    Use { holder: HolderId, reader: ReaderId, remembered: bool },
    /// Somebody crossed the boundary of an area that goes by flags, or was put on one side of it; on which
    /// side they are, and whether they moved there at this instant.
    Side(HolderId, AreaId, bool, bool),
    /// Windows, flags, violations and lockout of somebody are forgotten.
    Forget(HolderId),
    /// A violation, granted or denied.
    Violated(HolderId),
    /// A grant without a violation.
    Obeyed(HolderId),
    /// Locked out, until then or until reset.
    LockedOut(HolderId, Option<Time>),
    /// The next violation is forgiven until then.
    Token(HolderId, Time),
    /// The token is used up.
    TokenUsed(HolderId),
    /// What a number means from now on.
    Card(CardNumber, Option<(CredentialId, HolderId)>),
    /// A holder was removed.
    Removed(HolderId),
    /// A body went through a lane.
    Body(LaneId, Direction),
    /// Somebody reported at a muster point.
    Mustered(HolderId),
    /// The fire alarm went off, or was reset.
    Fire(bool),
    /// An amnesty came.
    Amnesty(u16),
    /// The contact of a lane opened or closed.
    Contact(LaneId, bool),
}

impl Model {
    pub(super) fn note(&mut self, fact: Fact) {
        self.past.push((self.now, fact));
    }

    /// What is found first, going back in time.
    fn latest<T>(&self, wanted: impl Fn(Time, &Fact) -> Option<T>) -> Option<T> {
        self.past.iter().rev().find_map(|(at, fact)| wanted(*at, fact))
    }

    /// Where a holder is believed to be.
    pub fn location(&self, holder: HolderId) -> Location {
        self.placed(holder).map_or(Location::Unknown, |p| p.0)
    }

    /// Where a holder is believed to be, and since when.
    pub(super) fn placed(&self, holder: HolderId) -> Option<(Location, Time)> {
        self.latest(|at, fact| match fact {
            Fact::Place(who, location) if *who == holder => Some((*location, at)),
            _ => None,
        })
    }

    /// The holders believed to be in an area or within it.
    pub(super) fn inside(&self, area: AreaId) -> Vec<HolderId> {
        let is_inside = |h: &HolderId| match self.location(*h) {
            Location::In(place) => self.is_within(place, area),
            Location::Unknown => false,
        };
        self.holders().filter(is_inside).collect()
    }

    pub(super) fn holders(&self) -> impl Iterator<Item = HolderId> + use<> {
        (0..self.site.holders.len()).map(HolderId::at)
    }

    /// All uses by a holder that are not forgotten, the latest first; whether they are remembered for longer.
    pub(super) fn uses(&self, of: HolderId) -> Vec<(Time, ReaderId, bool)> {
        let since = self.past.iter().rev().take_while(|(_, fact)| *fact != Fact::Forget(of));
        let uses = since.filter_map(|(at, fact)| match fact {
            Fact::Use { holder, reader, remembered } if *holder == of => Some((*at, *reader, *remembered)),
            _ => None,
        });
        uses.collect()
    }

    /// What everybody used last is remembered from now on, until forgotten.
    pub(super) fn remember_last_uses(&mut self) {
        for of in self.holders() {
            let facts = self.past.iter_mut().rev().map(|(_, fact)| fact);
            let last = facts.take_while(|fact| **fact != Fact::Forget(of)).find_map(|fact| match fact {
                Fact::Use { holder, remembered, .. } if *holder == of => Some(remembered),
                _ => None,
            });
            if let Some(remembered) = last {
                *remembered = true;
            }
        }
    }

    /// Who used a reader last, unless that one was forgotten since.
    pub(super) fn last_user(&self, of: ReaderId) -> Option<(HolderId, Time)> {
        let (holder, at) = self.latest(|at, fact| match fact {
            Fact::Use { holder, reader, .. } if *reader == of => Some((*holder, at)),
            _ => None,
        })?;
        let is_known = self.uses(holder).iter().any(|u| (u.0, u.1) == (at, of));
        is_known.then_some((holder, at))
    }

    /// When a holder last moved by using a grant, and at which reader, unless it was forgotten since.
    pub fn last_move(&self, holder: HolderId) -> Option<(Time, ReaderId)> {
        self.uses(holder).first().map(|(at, reader, _)| (*at, *reader))
    }

    /// On which side of an area's boundary a holder's flag is, since when, and whether they moved there.
    pub fn flag(&self, holder: HolderId, area: AreaId) -> Option<(bool, Time, bool)> {
        self.latest(|at, fact| match fact {
            Fact::Side(who, of, inside, moved) if *who == holder && *of == area => {
                Some(Some((*inside, at, *moved)))
            }
            Fact::Forget(who) if *who == holder => Some(None),
            _ => None,
        })?
    }

    /// Violations of a holder in a row.
    pub fn violations(&self, holder: HolderId) -> usize {
        let mut count = 0;
        for (_, fact) in self.past.iter().rev() {
            match fact {
                Fact::Violated(who) if *who == holder => count += 1,
                Fact::Obeyed(who) | Fact::LockedOut(who, _) | Fact::Forget(who) if *who == holder => break,
                _ => {}
            }
        }
        count
    }

    /// Whether a holder is locked out now.
    pub fn is_locked_out(&self, holder: HolderId) -> bool {
        let locked = self.latest(|_, fact| match fact {
            Fact::LockedOut(who, until) if *who == holder => Some(until.is_none_or(|until| self.now < until)),
            Fact::Forget(who) if *who == holder => Some(false),
            _ => None,
        });
        locked.unwrap_or(false)
    }

    /// Whether a holder's next violation is forgiven.
    pub fn is_forgiven(&self, holder: HolderId) -> bool {
        let token = self.latest(|_, fact| match fact {
            Fact::Token(who, until) if *who == holder => Some(self.now < *until),
            Fact::TokenUsed(who) if *who == holder => Some(false),
            _ => None,
        });
        token.unwrap_or(false)
    }

    /// Whether the fire alarm is on.
    pub fn is_on_fire(&self) -> bool {
        let fire = |_, fact: &Fact| if let Fact::Fire(active) = fact { Some(*active) } else { None };
        self.latest(fire).unwrap_or(false)
    }

    /// When an amnesty came last.
    pub(super) fn last_amnesty(&self, which: u16) -> Option<Time> {
        self.latest(|at, fact| (*fact == Fact::Amnesty(which)).then_some(at))
    }

    /// Whether a muster point has seen a holder in this fire.
    pub(super) fn was_mustered(&self, holder: HolderId) -> bool {
        let seen = self.latest(|_, fact| match fact {
            Fact::Mustered(who) if *who == holder => Some(true),
            Fact::Fire(true) => Some(false),
            _ => None,
        });
        seen.unwrap_or(false)
    }

    /// Whether a lane's contact tells that it stands open.
    pub(super) fn is_open(&self, lane: LaneId) -> bool {
        let open = self.latest(|_, fact| match fact {
            Fact::Contact(of, open) if *of == lane => Some(*open),
            _ => None,
        });
        open.unwrap_or(false)
    }

    /// How many bodies have passed a lane this way since the start or the last fire.
    pub(super) fn bodies(&self, lane: LaneId, way: Direction) -> i64 {
        let since_fire = self.past.iter().rev().take_while(|(_, fact)| *fact != Fact::Fire(false));
        let through = since_fire.filter(|(_, fact)| *fact == Fact::Body(lane, way));
        i64::try_from(through.count()).unwrap_or(i64::MAX)
    }

    /// What a number means; `None`: it never was a credential's, `Some(None)`: it is void.
    pub(super) fn meaning(&self, number: CardNumber) -> Option<Option<(CredentialId, HolderId)>> {
        let changed = self.latest(|_, fact| match fact {
            Fact::Card(of, means) if *of == number => Some(*means),
            _ => None,
        });
        let as_built = || {
            let place = self.site.credentials.iter().position(|c| c.number == number)?;
            Some(Some((CredentialId::at(place), self.site.credentials.get(place)?.holder)))
        };
        match changed.or_else(as_built)? {
            Some((_, holder)) if self.is_removed(holder) => Some(None),
            other => Some(other),
        }
    }

    pub(super) fn is_removed(&self, holder: HolderId) -> bool {
        self.past.iter().any(|(_, fact)| *fact == Fact::Removed(holder))
    }
}
