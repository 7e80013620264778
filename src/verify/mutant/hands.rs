//! Quirks of the hands: things done that should not be, and things left undone.

use super::faulty::{Deed, Quirk, SOUND};
use crate::apb::effect::Command;
use crate::apb::id::{Direction, HolderId};
use crate::apb::input::{Input, Who};
use crate::apb::journal::{Alarm, AlertCause, Decision, Event};
use crate::apb::site::PassMode;
use crate::apb::time::Span;

/// Something is done beside, or instead of, what is right.
const fn does(does: fn(&mut Deed<'_>)) -> Quirk {
    Quirk { does, ..SOUND }
}

/// What the controller wrote down, as far as this picks something out of it.
fn written<T>(deed: &Deed<'_>, pick: impl Fn(&Event) -> Option<T>) -> Vec<T> {
    deed.effects.entries.iter().filter_map(|e| pick(&e.event)).collect()
}

fn decision(event: &Event) -> Option<Decision> {
    if let Event::Decision(decision) = event { Some(decision.clone()) } else { None }
}

pub(super) const ALERTS_LOST: Quirk =
    does(|deed| deed.effects.entries.retain(|e| !matches!(e.event, Event::Alert(_))));

pub(super) const TAILGATES_SWALLOWED: Quirk = does(|deed| {
    deed.effects.entries.retain(|e| match &e.event {
        Event::Alarm { alarm, .. } => *alarm != Alarm::Tailgate,
        Event::Alert(alert) => alert.cause != AlertCause::Lane(Alarm::Tailgate),
        _ => true,
    });
});

pub(super) const NOT_TAKEN_UNTOLD: Quirk =
    does(|deed| deed.effects.entries.retain(|e| !matches!(e.event, Event::NotTaken { .. })));

pub(super) const OPENS_ON_DENIAL: Quirk = does(|deed| {
    for denied in written(deed, decision).iter().filter(|d| d.grant.is_none()) {
        if let Some(reader) = deed.controller.site().readers.get(denied.reader.index()) {
            let open = Command::Open { lane: reader.lane, direction: reader.direction };
            deed.effects.commands.push((deed.now, open));
        }
    }
});

/// Puts somebody somewhere without a word.
fn put(deed: &mut Deed<'_>, holder: HolderId, to: crate::apb::id::AreaId) {
    deed.secretly(&Input::reset(Who::Holder(holder), Some(to)));
}

pub(super) const DENIED_MOVES: Quirk = does(|deed| {
    for denied in written(deed, decision).iter().filter(|d| d.grant.is_none()) {
        let to = deed.controller.site().route(denied.reader).map(|r| r.to);
        if let (Some(holder), Some(to)) = (denied.holder, to) {
            put(deed, holder, to);
        }
    }
});

pub(super) const EXITS_FORGOTTEN: Quirk = does(|deed| {
    let exits = written(deed, |event| match event {
        Event::Taken { holder, lane, direction: Direction::Out, .. } => Some((*holder, *lane)),
        _ => None,
    });
    for (holder, lane) in exits {
        if let Some(inner) = deed.controller.site().lanes.get(lane.index()).map(|l| l.inner) {
            put(deed, holder, inner);
        }
    }
});

pub(super) const FORGIVES_FOR_EVER: Quirk = does(|deed| {
    let used = written(deed, |event| match event {
        Event::ForgivenessUsed { holder } => Some(*holder),
        _ => None,
    });
    for holder in used {
        deed.secretly(&Input::Forgive { holder, ttl: Span::minutes(60) });
    }
});

/// A second read of a waiting grant gives it a new life: the lane forgets the old one and takes it anew.
pub(super) const READ_RENEWS: Quirk = does(|deed| {
    let reads = written(deed, decision);
    for read in reads.iter().filter(|d| d.grant.is_some()) {
        let Some(reader) = deed.controller.site().readers.get(read.reader.index()).cloned() else { continue };
        for mode in [PassMode::Locked, PassMode::Controlled] {
            deed.secretly(&Input::SetMode { lane: reader.lane, direction: reader.direction, mode });
        }
        deed.secretly(&Input::read(read.reader, read.card));
    }
});

/// Whoever is granted the way out is never let out: the order to open that way is lost.
pub(super) const NEVER_OPENS_OUTWARDS: Quirk = does(|deed| {
    deed.effects.commands.retain(|(_, c)| !matches!(c, Command::Open { direction: Direction::Out, .. }));
});
