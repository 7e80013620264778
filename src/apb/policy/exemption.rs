//! Checks that holders are excused from.

use serde::{Deserialize, Serialize};

/// A check that a holder is excused from. Excused is not untracked: an exempt holder still moves and still
/// counts. The bits are those of BACnet's authentication exemptions but for its authorisation delay, which
/// has no counterpart here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exemption {
    /// Never an anti-passback violation. A grant still blocks its holder elsewhere until it is taken or
    /// lapses.
    Passback,
    /// Not held back by an occupancy limit.
    Occupancy,
    /// Needs no access right.
    AccessRights,
    /// Never locked out after violations.
    Lockout,
    /// Not held back by a lockdown.
    Deny,
    /// Needs no second factor, and no company.
    Verification,
}

impl Exemption {
    /// Every exemption.
    pub const ALL: [Self; 6] =
        [Self::Passback, Self::Occupancy, Self::AccessRights, Self::Lockout, Self::Deny, Self::Verification];
}

/// The checks one holder is excused from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Exemptions(u8);

impl Exemptions {
    /// The same exemptions and one more.
    #[must_use]
    pub fn with(self, exemption: Exemption) -> Self {
        Self(self.0 | 1 << exemption as u8)
    }

    /// What either is excused from.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether this check is skipped.
    pub fn has(self, exemption: Exemption) -> bool {
        self.0 & (1 << exemption as u8) != 0
    }
}

impl FromIterator<Exemption> for Exemptions {
    fn from_iter<I: IntoIterator<Item = Exemption>>(exemptions: I) -> Self {
        exemptions.into_iter().fold(Self::default(), Self::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exemptions_are_separate_bits() {
        let some: Exemptions = [Exemption::Occupancy].into_iter().collect();
        assert!(some.has(Exemption::Occupancy) && !some.has(Exemption::Passback));
    }
}
