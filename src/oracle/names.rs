//! Names in lines, and what of the site they mean.

use crate::apb::id::{AreaId, CardNumber, CredentialId, HolderId, LaneId, MusterId, ReaderId};
use crate::apb::site::Site;
use crate::scenario::names::suggestion;
use crate::scenario::syntax::shortened;
use rustc_hash::FxHashMap;

/// Positions by name.
type Positions = FxHashMap<Box<str>, usize>;

/// How many names of a site a message lists. More holders than that, and only the nearest one helps.
const LISTED_MAX: usize = 24;

/// Every name of a site.
pub(super) struct Names {
    readers: Positions,
    lanes: Positions,
    areas: Positions,
    holders: Positions,
    credentials: Positions,
    musters: Positions,
    /// A number that no credential has: what is read off a credential that the site has no name for.
    stranger: CardNumber,
}

impl Names {
    pub(super) fn of(site: &Site) -> Self {
        Self {
            readers: positions(site.readers.iter().map(|r| &r.name)),
            lanes: positions(site.lanes.iter().map(|l| &l.name)),
            areas: positions(site.areas.iter().map(|a| &a.name)),
            holders: positions(site.holders.iter().map(|h| &h.name)),
            credentials: positions(site.credentials.iter().map(|c| &c.name)),
            musters: positions(site.musters.iter().map(|m| &m.name)),
            stranger: stranger(site),
        }
    }

    /// A number that no credential has.
    pub(super) fn stranger(&self) -> CardNumber {
        self.stranger
    }

    pub(super) fn reader(&self, name: &str, site: &Site) -> Result<ReaderId, String> {
        let listed = || site.readers.iter().map(|r| r.name.as_str());
        found(&self.readers, name, ("reader", "readers"), listed).map(ReaderId::at)
    }

    pub(super) fn lane(&self, name: &str, site: &Site) -> Result<LaneId, String> {
        let listed = || site.lanes.iter().map(|l| l.name.as_str());
        found(&self.lanes, name, ("lane", "lanes"), listed).map(LaneId::at)
    }

    pub(super) fn area(&self, name: &str, site: &Site) -> Result<AreaId, String> {
        let listed = || site.areas.iter().map(|a| a.name.as_str());
        found(&self.areas, name, ("area", "areas"), listed).map(AreaId::at)
    }

    pub(super) fn holder(&self, name: &str, site: &Site) -> Result<HolderId, String> {
        let listed = || site.holders.iter().map(|h| h.name.as_str());
        found(&self.holders, name, ("holder", "holders"), listed).map(HolderId::at)
    }

    /// The holder of that name, if the site has one.
    pub(super) fn holder_named(&self, name: &str) -> Option<HolderId> {
        self.holders.get(name).copied().map(HolderId::at)
    }

    pub(super) fn muster(&self, name: &str, site: &Site) -> Result<MusterId, String> {
        let listed = || site.musters.iter().map(|m| m.name.as_str());
        found(&self.musters, name, ("muster point", "muster points"), listed).map(MusterId::at)
    }

    /// The credential of that name, if the site has it.
    pub(super) fn credential(&self, name: &str) -> Option<CredentialId> {
        self.credentials.get(name).copied().map(CredentialId::at)
    }

    /// What a reader reads off the credential of that name, or else off the card whose number it is; `None`
    /// if it is neither.
    pub(super) fn card(&self, name: &str, site: &Site) -> Option<CardNumber> {
        let named = self.credential(name).and_then(|id| site.credentials.get(id.index()));
        named.map(|c| c.number).or_else(|| number(name).filter(|n| *n != self.stranger))
    }

    /// What to write in place of a credential that is unknown.
    pub(super) fn card_help(name: &str, site: &Site) -> String {
        let listed = || site.credentials.iter().map(|c| c.name.as_str());
        help(name, "credentials", listed)
    }
}

fn positions<'a>(names: impl Iterator<Item = &'a String>) -> Positions {
    let mut positions = Positions::default();
    for (position, name) in names.enumerate() {
        positions.entry(name.as_str().into()).or_insert(position);
    }
    positions
}

fn stranger(site: &Site) -> CardNumber {
    (0..u64::MAX).rev().map(CardNumber).find(|n| site.issued(*n).is_none()).unwrap_or(CardNumber(0))
}

fn number(text: &str) -> Option<CardNumber> {
    let plain = text.bytes().all(|b| b.is_ascii_digit());
    if plain { text.parse().ok().map(CardNumber) } else { None }
}

fn found<'a, I: Iterator<Item = &'a str> + Clone>(
    positions: &Positions,
    name: &str,
    (kind, kinds): (&str, &str),
    listed: impl Fn() -> I,
) -> Result<usize, String> {
    positions
        .get(name)
        .copied()
        .ok_or_else(|| format!("the site has no {kind} `{}`; {}", shortened(name), help(name, kinds, listed)))
}

/// The nearest of the valid names, or all of them if they are few.
fn help<'a, I: Iterator<Item = &'a str> + Clone>(wrong: &str, kinds: &str, listed: impl Fn() -> I) -> String {
    let count = listed().count();
    let help = suggestion(wrong, kinds, listed());
    match count {
        0 => format!("it has no {kinds} at all"),
        1..=LISTED_MAX => help,
        _ if help.starts_with("did you mean") => help,
        _ => format!("none of its {count} {kinds} is called anything like it"),
    }
}
