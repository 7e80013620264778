//! Scripted walkers.

use super::scenario::Stage;
use super::script::{holder, lane};
use crate::apb::id::{CardNumber, Direction, HolderId};
use crate::apb::input::Factor;
use crate::apb::time::Span;
use crate::scenario::decode::{Fields, Log, Variant, choice, list};
use crate::scenario::script::{Manner, Walker};
use crate::scenario::syntax::Node;
use crate::scenario::units;

/// A walker.
pub(super) fn walk(variant: &Variant<'_>, stage: &Stage<'_>, log: &Log<'_>) -> Option<Walker> {
    let fields = variant.fields(log)?;
    let who = fields.optional("holder", log, |node, log| holder(node, stage, log));
    let lane = fields.required("lane", log, |node, log| {
        let lane = lane(node, stage, log)?;
        if let Some(sides) = stage.tables.parts.lanes.get(lane.index()) {
            stage.check_portal(sides.outer, node.place, log);
            stage.check_portal(sides.inner, node.place, log);
        }
        Some(lane)
    });
    let way = fields.required("direction", log, direction);
    let manner = fields.or("manner", Manner::Honest, log, manner);
    let cards = cards(&fields, who, manner, stage, log);
    let speed_m_s = fields.optional("speed_m_s", log, |node, log| units::small(node, 0.1, 5.0, "m/s", log));
    let hesitates = fields.or("hesitates", Span::ZERO, log, units::span);
    let pin = fields.optional("pin", log, factor);
    if let Some(node) = fields.get("pin").filter(|_| !presents(manner)) {
        log.note(node.place, "a second factor of somebody who presents nothing", "nobody asks for it", "");
    }
    if manner == Manner::FireDoor && way == Some(Direction::In) {
        log.note(fields.head, "nobody comes in by a fire door", "expected `direction: Out`", "");
    }
    fields.finish(log);
    Some(Walker { holder: who, lane: lane?, direction: way?, cards, manner, speed_m_s, hesitates, pin })
}

/// `In` or `Out`.
pub(super) fn direction(node: &Node, log: &Log<'_>) -> Option<Direction> {
    choice(node, "a direction", [("In", Direction::In), ("Out", Direction::Out)], log)
}

/// `Right` or `Wrong`.
pub(super) fn factor(node: &Node, log: &Log<'_>) -> Option<Factor> {
    choice(node, "a second factor", [("Right", Factor::Right), ("Wrong", Factor::Wrong)], log)
}

fn presents(manner: Manner) -> bool {
    match manner {
        Manner::Honest | Manner::StaysOut => true,
        Manner::Follows { .. } | Manner::WrongWay | Manner::Intrudes | Manner::FireDoor => false,
    }
}

/// The field `cards`, or the holder's first credential.
fn cards(
    fields: &Fields<'_>,
    who: Option<HolderId>,
    manner: Manner,
    stage: &Stage<'_>,
    log: &Log<'_>,
) -> Vec<CardNumber> {
    if let Some(node) = fields.get("cards") {
        let cards = list(node, "credentials", log, |node, log| stage.card(node, log)).unwrap_or_default();
        if !presents(manner) && !cards.is_empty() {
            let help = "leave `cards` out, or the manner";
            log.note(
                node.head(),
                "credentials for somebody who presents none",
                "nobody would see these",
                help,
            );
        }
        return cards;
    }
    if !presents(manner) {
        return vec![];
    }
    let first = who.and_then(|who| first_card(who, stage));
    if first.is_none() && !fields.gives("holder") {
        let help = "give a `holder`, `cards: [\"…\"]` for a borrowed one, or `cards: []` for a free lane";
        log.note(fields.head, "a stranger who presents no credential", "expected `holder` or `cards`", help);
    } else if first.is_none() && who.is_some() {
        log.note(
            fields.head,
            "this holder has no credential",
            "expected `cards`",
            "say which: `cards: [\"…\"]`",
        );
    }
    first.into_iter().collect()
}

/// The first credential of a holder.
pub(super) fn first_card(who: HolderId, stage: &Stage<'_>) -> Option<CardNumber> {
    stage.tables.parts.credentials.iter().find(|c| c.holder == who).map(|c| c.number)
}

fn manner(node: &Node, log: &Log<'_>) -> Option<Manner> {
    const NAMES: [&str; 6] = ["Honest", "StaysOut", "Follows", "WrongWay", "Intrudes", "FireDoor"];
    let variant = Variant::of(node, "a manner", &NAMES, log)?;
    let bare = match variant.name {
        "Follows" => {
            let fields = variant.fields(log)?;
            let gap = |node: &Node, log: &Log<'_>| units::small(node, 0.0, 10.0, "m", log);
            let gap_m = fields.or("gap_m", 0.5, log, gap);
            let consent = fields.or("consent", false, log, units::boolean);
            fields.finish(log);
            return Some(Manner::Follows { gap_m, consent });
        }
        "StaysOut" => Manner::StaysOut,
        "WrongWay" => Manner::WrongWay,
        "Intrudes" => Manner::Intrudes,
        "FireDoor" => Manner::FireDoor,
        _ => Manner::Honest,
    };
    variant.bare(bare, log)
}
