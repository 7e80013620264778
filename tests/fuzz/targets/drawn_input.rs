//! One thing that happens, by bytes. Numbers may be one too many: a wire carries those, too.

use super::bytes::Bytes;
use super::drawn_site::policy;
use apbrig::apb::id::{AreaId, CardNumber, Direction, HolderId, LaneId, MusterId, ReaderId};
use apbrig::apb::input::{Audit, Factor, Input, Leaf, Lockdown, Who};
use apbrig::apb::site::{PassMode, Site};
use apbrig::apb::time::Span;

/// How long nothing happens before it.
pub(crate) fn lapse(byte: u8) -> Span {
    match byte % 12 {
        0 => Span::ZERO,
        1 => Span::micros(1),
        2 => Span::millis(10),
        3 => Span::millis(300),
        4 => Span::seconds(1),
        5 => Span::millis(4_999),
        6 => Span::seconds(5),
        7 => Span::seconds(15),
        8 => Span::seconds(60),
        9 => Span::minutes(10),
        10 => Span::minutes(60),
        _ => Span::minutes(24 * 60),
    }
}

fn lane(bytes: &mut Bytes<'_>, site: &Site) -> LaneId {
    LaneId::at(bytes.index(site.lanes.len()))
}

fn area(bytes: &mut Bytes<'_>, site: &Site) -> AreaId {
    AreaId::at(bytes.index(site.areas.len()))
}

fn holder(bytes: &mut Bytes<'_>, site: &Site) -> HolderId {
    HolderId::at(bytes.index(site.holders.len()))
}

fn card(bytes: &mut Bytes<'_>) -> CardNumber {
    CardNumber(u64::from(bytes.byte() % 8))
}

fn way(bytes: &mut Bytes<'_>) -> Direction {
    bytes.one_of(&Direction::BOTH)
}

fn who(bytes: &mut Bytes<'_>, site: &Site) -> Who {
    match bytes.byte() % 4 {
        0 => Who::Holder(holder(bytes, site)),
        1 => Who::Holders(vec![holder(bytes, site), holder(bytes, site)]),
        2 => Who::Area(area(bytes, site)),
        _ => Who::All,
    }
}

fn audit(bytes: &mut Bytes<'_>) -> Option<Box<Audit>> {
    bytes.flag().then(|| Box::new(Audit { operator: "O".into(), reason: "R".into() }))
}

/// Reads, passages and beams are drawn more often than what operators do.
pub(crate) fn draw(bytes: &mut Bytes<'_>, site: &Site) -> Input {
    match bytes.byte() % 32 {
        0..=8 => Input::Read {
            reader: ReaderId::at(bytes.index(site.readers.len())),
            card: card(bytes),
            factor: bytes.one_of(&[Factor::None, Factor::Right, Factor::Wrong]),
        },
        9..=12 => Input::Passed { lane: lane(bytes, site), direction: way(bytes) },
        13..=15 => Input::Beam { lane: lane(bytes, site), beam: bytes.byte() % 8, blocked: bytes.flag() },
        16 | 17 => Input::Leaf {
            lane: lane(bytes, site),
            leaf: bytes.one_of(&[Leaf::Closed, Leaf::Open, Leaf::Moving, Leaf::Stalled, Leaf::Displaced]),
        },
        18 => Input::Opened { lane: lane(bytes, site) },
        19 => Input::Muster { point: MusterId::at(bytes.index(1)), card: card(bytes) },
        other => operate(other, bytes, site),
    }
}

fn operate(what: u8, bytes: &mut Bytes<'_>, site: &Site) -> Input {
    match what {
        20 => Input::Reset {
            who: who(bytes, site),
            to: bytes.flag().then(|| area(bytes, site)),
            audit: audit(bytes),
        },
        21 => Input::Forgive { holder: holder(bytes, site), ttl: lapse(bytes.byte()) },
        22 => Input::Fire { active: bytes.flag() },
        23 => Input::Lockdown {
            area: area(bytes, site),
            lockdown: bytes.one_of(&[Lockdown::Off, Lockdown::Entry, Lockdown::Both]),
        },
        24 | 25 => Input::Unlock {
            lane: lane(bytes, site),
            direction: way(bytes),
            holder: bytes.flag().then(|| holder(bytes, site)),
            audit: audit(bytes),
        },
        26 => Input::Replace { old: card(bytes), new: card(bytes) },
        27 => Input::Assign { card: card(bytes), holder: holder(bytes, site) },
        28 => Input::Remove { holder: holder(bytes, site) },
        29 => Input::SetPolicy { area: area(bytes, site), policy: Box::new(policy(bytes)) },
        _ => Input::SetMode {
            lane: lane(bytes, site),
            direction: way(bytes),
            mode: bytes.one_of(&[PassMode::Controlled, PassMode::Free, PassMode::Locked]),
        },
    }
}
