//! What is to be said of holders and credentials.

use super::{Notes, Severity};
use crate::apb::id::HolderId;
use crate::apb::policy::Exemption;
use crate::commission::cast;
use crate::commission::place::{Names, Place};

/// So many names are listed.
const LISTED: usize = 5;

pub(super) fn look(notes: &mut Notes<'_>) {
    let site = notes.site;
    let all = (0..site.holders.len()).map(HolderId::at);
    let exempt: Vec<HolderId> = all.filter(|h| site.exemptions(*h).has(Exemption::Passback)).collect();
    if !exempt.is_empty() {
        let names = Names(site);
        let listed: Vec<&str> = exempt.iter().take(LISTED).map(|h| names.holder(*h)).collect();
        let more = if exempt.len() > LISTED { " and others" } else { "" };
        notes.add(
            Place::Site,
            "exempt_holders",
            Severity::Warning,
            [
                format!("{} of {} holders are exempt: {}{more}.", exempt.len(), site.holders.len(), {
                    listed.join(", ")
                }),
                "Their cards can be handed back. They are not to be used for a commissioning.".into(),
                "Keep the list short, and have the owner sign it.".into(),
            ],
        );
    }
    if cast::expired(site).is_none() {
        notes.add(
            Place::Site,
            "no_expired_credential",
            Severity::Notice,
            [
                "No credential of the site has expired.".into(),
                "That an expired one is refused cannot be tried.".into(),
                "Issue one for the test whose validity ended yesterday.".into(),
            ],
        );
    }
}
