//! Steps that are handed to the controller as they are: reads with nobody there, and what operators do.

use super::lane::pass_mode;
use super::policy::policy;
use super::scenario::Stage;
use super::script::{holder, lane};
use super::tables::Tables;
use super::walk::{direction, factor, first_card};
use crate::apb::id::{AreaId, CardNumber, Direction, HolderId, LaneId, MusterId, ReaderId};
use crate::apb::input::{Audit, Factor, Input, Lockdown, Who};
use crate::apb::policy::Policy;
use crate::apb::time::Span;
use crate::scenario::decode::{Fields, Log, Variant, choice, list};
use crate::scenario::syntax::{Node, Value};
use crate::scenario::units;

/// How long a forgiveness lives unless the file says otherwise. Assumed.
const FORGIVE_TTL: Span = Span::minutes(10);

/// The input that a step stands for.
pub(super) fn input(variant: &Variant<'_>, stage: &Stage<'_>, log: &Log<'_>) -> Option<Input> {
    if variant.name == "Fire" {
        let [active] = variant.values("Fire(true)", log)?;
        return units::boolean(active, log).map(|active| Input::Fire { active });
    }
    let fields = variant.fields(log)?;
    let input = match variant.name {
        "Read" | "ReadUnknown" | "Muster" => presented(variant.name, &fields, stage, log),
        "Replace" | "Assign" | "Remove" => issued(variant.name, &fields, stage, log),
        "Reset" => {
            let who = who(&fields, stage, log);
            let to = fields.optional("to", log, |node, log| stage.area(node, log));
            let audit = audit(&fields, log);
            who.map(|who| Input::Reset { who, to, audit })
        }
        "Forgive" => {
            let holder = fields.required("holder", log, |node, log| holder(node, stage, log));
            let ttl = fields.or("ttl", FORGIVE_TTL, log, units::positive_span);
            holder.map(|holder| Input::Forgive { holder, ttl })
        }
        "Lockdown" => {
            let area = fields.required("area", log, |node, log| stage.area(node, log));
            let lockdown = fields.required("what", log, lockdown);
            area.zip(lockdown).map(|(area, lockdown)| Input::Lockdown { area, lockdown })
        }
        "Unlock" => unlock(&fields, stage, log),
        "SetPolicy" => {
            let area = fields.required("area", log, |node, log| stage.area(node, log));
            let schedules = &stage.tables.schedules;
            let policy = fields.required("apb", log, |node, log| {
                let policy = policy(node, schedules, log)?;
                check_policy(area, &policy, node, stage, log).then_some(policy)
            });
            area.zip(policy).map(|(area, policy)| Input::SetPolicy { area, policy: Box::new(policy) })
        }
        _ => {
            let lane = fields.required("lane", log, |node, log| lane(node, stage, log));
            let direction = fields.required("direction", log, direction);
            let mode = fields.required("mode", log, pass_mode);
            let both = lane.zip(direction).zip(mode);
            both.map(|((lane, direction), mode)| Input::SetMode { lane, direction, mode })
        }
    };
    fields.finish(log);
    input
}

/// A credential at a reader or a muster point.
fn presented(name: &str, fields: &Fields<'_>, stage: &Stage<'_>, log: &Log<'_>) -> Option<Input> {
    let card = |node: &Node, log: &Log<'_>| stage.card(node, log);
    if name == "Muster" {
        let known = |node: &Node, log: &Log<'_>| stage.known(|t: &Tables| &t.musters, node, log);
        let point = fields.required("point", log, known);
        let card = fields.required("credential", log, card);
        return point.zip(card).map(|(point, card)| Input::Muster { point: MusterId::at(point), card });
    }
    let known = |node: &Node, log: &Log<'_>| stage.known(|t: &Tables| &t.readers, node, log);
    let reader = fields.required("reader", log, known);
    let (card, factor) = if name == "Read" {
        let card = fields.required("credential", log, card);
        (card, fields.or("factor", Factor::None, log, factor))
    } else {
        let number = fields.required("number", log, |node, log| unknown_number(node, true, stage, log));
        (number, Factor::None)
    };
    reader.zip(card).map(|(reader, card)| Input::Read { reader: ReaderId::at(reader), card, factor })
}

/// What a site may not begin with it may not be changed into either.
fn check_policy(
    area: Option<AreaId>,
    policy: &Policy,
    node: &Node,
    stage: &Stage<'_>,
    log: &Log<'_>,
) -> bool {
    let Some(Err(error)) = area.map(|area| stage.tables.parts.check_policy(area, policy)) else {
        return true;
    };
    let (found, help) = error.message.split_once("; ").unwrap_or((&error.message, ""));
    log.note(node.head(), found, "", help);
    false
}

/// What becomes of credentials and their holders.
fn issued(name: &str, fields: &Fields<'_>, stage: &Stage<'_>, log: &Log<'_>) -> Option<Input> {
    let holder = |node: &Node, log: &Log<'_>| holder(node, stage, log);
    if name == "Remove" {
        return fields.required("holder", log, holder).map(|holder| Input::Remove { holder });
    }
    let card = fields.required("credential", log, |node, log| stage.card(node, log));
    if name == "Assign" {
        let holder = fields.required("holder", log, holder);
        return card.zip(holder).map(|(card, holder)| Input::Assign { card, holder });
    }
    let new = fields.required("number", log, |node, log| unknown_number(node, false, stage, log));
    card.zip(new).map(|(old, new)| Input::Replace { old, new })
}

fn lockdown(node: &Node, log: &Log<'_>) -> Option<Lockdown> {
    let choices = [("Off", Lockdown::Off), ("Entry", Lockdown::Entry), ("Both", Lockdown::Both)];
    choice(node, "a lockdown", choices, log)
}

fn unlock(fields: &Fields<'_>, stage: &Stage<'_>, log: &Log<'_>) -> Option<Input> {
    let lane = fields.required("lane", log, |node, log| lane(node, stage, log));
    let way = fields.required("direction", log, direction);
    let holder = fields.optional("holder", log, |node, log| {
        let holder = holder(node, stage, log)?;
        check_unlock_for(holder, lane.zip(way), node, stage, log);
        Some(holder)
    });
    let audit = audit(fields, log);
    lane.zip(way).map(|(lane, direction)| Input::Unlock { lane, direction, holder, audit })
}

/// A lane that is opened for somebody is opened as by a read of theirs, which has to be possible.
fn check_unlock_for(
    holder: HolderId,
    at: Option<(LaneId, Direction)>,
    node: &Node,
    stage: &Stage<'_>,
    log: &Log<'_>,
) {
    let opened = "a lane opened for a holder is opened as by a read of theirs";
    if first_card(holder, stage).is_none() {
        log.note(node.place, "this holder has no credential", opened, "leave `holder` out");
    }
    let Some((lane, way)) = at else { return };
    let reads = |r: &crate::apb::site::Reader| r.lane == lane && (r.direction == way || r.toggles);
    if !stage.tables.parts.readers.iter().any(reads) {
        let found = format!("this lane has no reader on the way {way}");
        log.note(node.place, found, opened, "leave `holder` out, or give the lane a reader");
    }
}

/// The fields `operator` and `reason`.
fn audit(fields: &Fields<'_>, log: &Log<'_>) -> Option<Box<Audit>> {
    let operator = fields.optional("operator", log, units::text);
    let reason = fields.optional("reason", log, units::text);
    if operator.is_none() && reason.is_none() {
        return None;
    }
    Some(Box::new(Audit { operator: operator.unwrap_or_default(), reason: reason.unwrap_or_default() }))
}

fn unknown_number(node: &Node, is_read: bool, stage: &Stage<'_>, log: &Log<'_>) -> Option<CardNumber> {
    let number = units::whole(node, 0, u64::MAX, log)?;
    if let Some(owner) = stage.tables.parts.credentials.iter().find(|c| c.number.0 == number) {
        let found = format!("{number} is the number of credential `{}`", owner.name);
        let read = format!("write `Read(reader: …, credential: \"{}\")`, or take another number", owner.name);
        let help = if is_read { read } else { "take another number".into() };
        log.note(node.place, found, "expected a number that no credential has", help);
        return None;
    }
    Some(CardNumber(number))
}

/// Exactly one of `holder`, `holders`, `area` and `all`.
fn who(fields: &Fields<'_>, stage: &Stage<'_>, log: &Log<'_>) -> Option<Who> {
    let [one, some, area, all] = ["holder", "holders", "area", "all"].map(|name| fields.get(name));
    let given = [one, some, area, all].into_iter().flatten().count();
    if given != 1 {
        let found = if given == 0 { "a reset of nobody" } else { "a reset of two things at once" };
        let expected = "expected one of `holder`, `holders`, `area` and `all: true`";
        log.note(fields.head, found, expected, "");
        return None;
    }
    if let Some(node) = one {
        return holder(node, stage, log).map(Who::Holder);
    }
    if let Some(node) = some {
        let holders = list(node, "holders", log, |node, log| holder(node, stage, log))?;
        if matches!(&node.value, Value::List(items) if items.is_empty()) {
            log.note(node.head(), "a reset of nobody", "expected one holder or more", "");
            return None;
        }
        return Some(Who::Holders(holders));
    }
    if let Some(node) = area {
        return stage.area(node, log).map(Who::Area);
    }
    let node = all?;
    if units::boolean(node, log)? {
        return Some(Who::All);
    }
    let help = "name a `holder` or an `area` instead";
    log.note(node.place, "`all: false` resets nobody", "expected `true`", help);
    None
}
