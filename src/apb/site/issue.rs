//! The hot index: everything a decision has to know of a credential, found by its number.

use super::{Credential, Roles, SiteParts};
use crate::apb::id::{CardNumber, CredentialId, HolderId};
use crate::apb::policy::Exemptions;
use rustc_hash::FxHashMap;

/// All that a decision has to know of a credential and its holder, in one place and small: at 45 000
/// credentials a decision is as fast as this is found in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issued {
    /// Which credential it is.
    pub credential: CredentialId,
    /// Whose it is.
    pub holder: HolderId,
    /// The position of the holder's set of rights in [`SiteParts::rights`].
    pub rights: u32,
    /// The checks the holder is excused from, alone or as a member of a group.
    pub exempt: Exemptions,
    /// What the holder is to others.
    pub roles: Roles,
    /// Whether it is valid at certain times only; the credential says when.
    pub is_limited: bool,
}

/// Every credential by its number.
pub(super) fn all(site: &SiteParts) -> FxHashMap<CardNumber, Issued> {
    let issued = |(index, credential): (usize, &Credential)| {
        Some((credential.number, issued_to(site, CredentialId::at(index), credential.holder)?))
    };
    site.credentials.iter().enumerate().filter_map(issued).collect()
}

/// A credential in this holder's hands.
pub(super) fn issued_to(site: &SiteParts, credential: CredentialId, holder: HolderId) -> Option<Issued> {
    let limits = site.credentials.get(credential.index())?;
    let is_limited = limits.valid_from.is_some() || limits.valid_until.is_some();
    let owner = site.holders.get(holder.index())?;
    let rights = u32::try_from(owner.rights).ok()?;
    let exempt = site.exemptions(holder);
    Some(Issued { credential, holder, rights, exempt, roles: owner.roles, is_limited })
}
