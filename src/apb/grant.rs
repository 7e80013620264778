//! What stands between a decision and a move: grants that may still be used, and those who wait for a second
//! person before they are granted anything.

use super::id::{CardNumber, Direction, GrantId, HolderId, ReaderId};
use super::input::Factor;
use super::time::Time;
use serde::{Deserialize, Serialize};

/// A grant that may still be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The grant.
    pub grant: GrantId,
    /// Its owner.
    pub holder: HolderId,
    /// Where it was given.
    pub reader: ReaderId,
    /// The way it leads.
    pub way: Direction,
    /// Whether it blocks the owner at other readers.
    pub reserves: bool,
    /// Whether the location has moved already, or never will on this grant.
    pub(super) committed: bool,
    /// What was read for it; `None`: somebody else's grant, of which only the owner is known.
    pub(super) card: Option<CardNumber>,
    /// The grant of the one who goes together with the owner.
    pub(super) partner: Option<GrantId>,
    /// Whether the owner would have moved, had the partner.
    pub(super) waits: bool,
    /// Whether the owner has passed.
    pub(super) taken: bool,
    /// When the controller forgets a lapsed grant, which until then can still be taken late.
    pub(super) lapses: Option<Time>,
}

impl Pending {
    /// Whether its time is over: it may still be taken late, but stands in nobody's way.
    pub fn has_lapsed(&self) -> bool {
        self.lapses.is_some()
    }

    /// Whether a body may still go through on it, and not only late.
    pub(super) fn is_unused(&self) -> bool {
        !self.has_lapsed() && !self.taken
    }

    /// Whether its owner, not moved yet, may simply present again.
    pub(super) fn is_renewable(&self) -> bool {
        !self.has_lapsed() && !self.committed && !self.waits
    }
}

/// The first of two who have to go together, who waits for the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Who waits.
    pub holder: HolderId,
    /// Where.
    pub reader: ReaderId,
    /// Until when.
    pub until: Time,
    pub(super) card: CardNumber,
    pub(super) factor: Factor,
    /// Which way.
    pub(super) way: Direction,
}
