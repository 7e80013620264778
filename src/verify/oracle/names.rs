//! What oracles say, in the names of the site's file.

use crate::apb::site::Site;

/// The name of the entry with this number in one of a site's tables.
type Name = for<'s> fn(&'s Site, usize) -> Option<&'s str>;

/// What identities are called when they are printed, and whose names they stand for.
const TABLES: &[(&str, Name)] = &[
    ("AreaId", |site, i| site.areas.get(i).map(|a| a.name.as_str())),
    ("LaneId", |site, i| site.lanes.get(i).map(|l| l.name.as_str())),
    ("ReaderId", |site, i| site.readers.get(i).map(|r| r.name.as_str())),
    ("PanelId", |site, i| site.panels.get(i).map(|p| p.name.as_str())),
    ("ScheduleId", |site, i| site.schedules.get(i).map(|s| s.name.as_str())),
    ("GroupId", |site, i| site.groups.get(i).map(|g| g.name.as_str())),
    ("MusterId", |site, i| site.musters.get(i).map(|m| m.name.as_str())),
    ("HolderId", |site, i| site.holders.get(i).map(|h| h.name.as_str())),
    ("CredentialId", |site, i| site.credentials.get(i).map(|c| c.name.as_str())),
    ("CardNumber", |site, number| {
        let card = site.credentials.iter().find(|c| u64::try_from(number) == Ok(c.number.0));
        card.map(|c| c.name.as_str())
    }),
];

/// A text with the site's names in place of identities such as `AreaId 1` and `HolderId(4)`. What the site
/// has no name for stays as it is.
pub(in crate::verify) fn with_names(site: &Site, text: &str) -> String {
    TABLES.iter().fold(text.into(), |text: String, (kind, name)| {
        let mut parts = text.split(kind);
        let mut named = String::from(parts.next().unwrap_or_default());
        for part in parts {
            match number(part).and_then(|(n, rest)| Some([name(site, n)?, rest])) {
                Some(words) => named.extend(words),
                None => named.extend([*kind, part]),
            }
        }
        named
    })
}

/// The number at the beginning of a text, after a blank or in brackets, and what follows it.
fn number(text: &str) -> Option<(usize, &str)> {
    let (text, close) = match text.strip_prefix('(') {
        Some(text) => (text, ")"),
        None => (text.strip_prefix(' ')?, ""),
    };
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    Some((digits.parse().ok()?, rest.strip_prefix(close)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apb::id::{AreaId, CardNumber, HolderId, LaneId};
    use crate::verify::case::Case;

    #[test]
    fn identities_become_the_names_of_the_file() {
        let scenario = Case::draw(1, 3).tree.load().unwrap_or_else(|e| panic!("{e}"));
        let site = &scenario.plan.site;
        let number = site.credentials[0].number;
        let text = format!("{} at {:?}: {:?}", HolderId(1), Some(LaneId(0)), [AreaId(0), AreaId(1)]);
        assert_eq!(with_names(site, &text), "P2 at Some(L1): [outside, A1]");
        assert_eq!(with_names(site, &format!("{number:?}, no other")), "K1, no other");
        for text in ["", "HolderId", "HolderId 999 and AreaId(999)", "AreaId(1", "GrantId 1", "LaneId x"] {
            assert_eq!(with_names(site, text), text);
        }
        assert_eq!(
            with_names(site, &format!("{:?}", CardNumber(u64::MAX))),
            format!("{:?}", CardNumber(u64::MAX))
        );
    }
}
