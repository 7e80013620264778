//! Credentials that are not what the site says any more: replaced, reassigned, removed.

use super::pairs;
use crate::apb::id::{CardNumber, CredentialId, HolderId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What has changed since the site was set up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cards {
    /// What these numbers mean now; `None`: nothing any more.
    #[serde(with = "pairs")]
    numbers: BTreeMap<CardNumber, Option<(CredentialId, HolderId)>>,
    /// Who was removed.
    removed: BTreeSet<HolderId>,
}

impl Cards {
    /// What a number means now, if that has changed: `Some(None)` nothing any more.
    pub fn meaning(&self, number: CardNumber) -> Option<Option<(CredentialId, HolderId)>> {
        self.numbers.get(&number).copied()
    }

    /// The numbers that do not mean what the site says.
    pub fn numbers(&self) -> impl Iterator<Item = CardNumber> + '_ {
        self.numbers.keys().copied()
    }

    /// Whether this holder was removed.
    pub fn is_removed(&self, holder: HolderId) -> bool {
        self.removed.contains(&holder)
    }

    /// Whether everything is still as the site says.
    pub fn is_unchanged(&self) -> bool {
        self.numbers.is_empty() && self.removed.is_empty()
    }

    pub(super) fn replace(
        &mut self,
        old: CardNumber,
        new: CardNumber,
        credential: CredentialId,
        holder: HolderId,
    ) {
        self.numbers.insert(old, None);
        self.numbers.insert(new, Some((credential, holder)));
    }

    pub(super) fn assign(&mut self, card: CardNumber, credential: CredentialId, holder: HolderId) {
        self.numbers.insert(card, Some((credential, holder)));
    }

    pub(super) fn remove(&mut self, holder: HolderId) {
        self.removed.insert(holder);
    }
}
