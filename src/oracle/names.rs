//! Names in lines, and what of the site they mean.

use super::table::Table;
use crate::apb::id::{AreaId, CardNumber, HolderId, LaneId, MusterId, ReaderId};
use crate::apb::site::Site;
use crate::scenario::names::suggestion;
use crate::scenario::syntax::shortened;

/// How many names of a site a message lists. More holders than that, and only the nearest one helps.
const LISTED_MAX: usize = 24;

/// Every name of a site.
pub(super) struct Names {
    pub(super) readers: Table,
    pub(super) lanes: Table,
    pub(super) areas: Table,
    pub(super) holders: Table,
    pub(super) credentials: Table,
    musters: Table,
    /// What is read off each credential.
    numbers: Vec<CardNumber>,
    /// A number that no credential has: what is read off a credential that the site has no name for.
    stranger: CardNumber,
}

impl Names {
    pub(super) fn of(site: &Site) -> Self {
        Self {
            readers: Table::of(site.readers.iter().map(|r| &r.name)),
            lanes: Table::of(site.lanes.iter().map(|l| &l.name)),
            areas: Table::of(site.areas.iter().map(|a| &a.name)),
            holders: Table::of(site.holders.iter().map(|h| &h.name)),
            credentials: Table::of(site.credentials.iter().map(|c| &c.name)),
            musters: Table::of(site.musters.iter().map(|m| &m.name)),
            numbers: site.credentials.iter().map(|c| c.number).collect(),
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
        self.holders.find(name).map(HolderId::at)
    }

    pub(super) fn muster(&self, name: &str, site: &Site) -> Result<MusterId, String> {
        let listed = || site.musters.iter().map(|m| m.name.as_str());
        found(&self.musters, name, ("muster point", "muster points"), listed).map(MusterId::at)
    }

    /// What a reader reads off the credential of that name, or else off the card whose number it is; `None`
    /// if it is neither.
    pub(super) fn card(&self, name: &str) -> Option<CardNumber> {
        self.credentials
            .find(name)
            .and_then(|at| self.numbers.get(at).copied())
            .or_else(|| number(name).filter(|n| *n != self.stranger))
    }

    /// What to write in place of a credential that is unknown.
    pub(super) fn card_help(name: &str, site: &Site) -> String {
        let listed = || site.credentials.iter().map(|c| c.name.as_str());
        help(name, "credentials", listed)
    }
}

fn stranger(site: &Site) -> CardNumber {
    (0..u64::MAX).rev().map(CardNumber).find(|n| site.issued(*n).is_none()).unwrap_or(CardNumber(0))
}

fn number(text: &str) -> Option<CardNumber> {
    let plain = text.bytes().all(|b| b.is_ascii_digit());
    if plain { text.parse().ok().map(CardNumber) } else { None }
}

fn found<'a, I: Iterator<Item = &'a str> + Clone>(
    table: &Table,
    name: &str,
    (kind, kinds): (&str, &str),
    listed: impl Fn() -> I,
) -> Result<usize, String> {
    table
        .find(name)
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
