//! What a board says.

use super::bytes::{place, places_and_bytes, small, way};
use super::order::{event, means};
use crate::hil::frames::board::{FrameKind, Say};
use crate::hil::frames::layout::Layout;
use crate::scenario::decode::{Fields, Log, Variant, entries, list};
use crate::scenario::names::Names;
use crate::scenario::syntax::Node;
use crate::scenario::units;

/// The frames of a description, and their names. They are built as `layout` says.
pub(super) fn frames(node: &Node, layout: &Layout, log: &Log<'_>) -> Option<(Vec<FrameKind>, Names)> {
    let mut names = Names::new("frame", "frames");
    let mut kinds: Vec<FrameKind> = Vec::new();
    for node in entries(node, "frames", log)? {
        let Some(kind) = frame(node, layout, log) else { continue };
        if !names.add(&kind.name) {
            log.note(node.head(), format!("a second frame `{}`", kind.name), "", "names are unique");
        }
        if let Some(other) = kinds.iter().find(|other| !are_apart(other, &kind)) {
            let found = format!("the frames `{}` and `{}` cannot be told apart", other.name, kind.name);
            log.note(node.head(), found, "", "say in `when` which byte differs, and how");
        }
        kinds.push(kind);
    }
    Some((kinds, names))
}

/// Whether some byte has to be one thing in one and another in the other.
fn are_apart(one: &FrameKind, other: &FrameKind) -> bool {
    one.when.iter().any(|(at, is)| other.when.iter().any(|(there, has)| at == there && is != has))
}

fn frame(node: &Node, layout: &Layout, log: &Log<'_>) -> Option<FrameKind> {
    let fields = Fields::of(node, "a frame", log)?;
    let name = fields.required("name", log, units::name);
    let when = fields.or("when", Vec::new(), log, places_and_bytes);
    let says = fields.or("says", Vec::new(), log, |node, log| list(node, "meanings", log, say));
    let event = fields.or("event", Vec::new(), log, |node, log| list(node, "events", log, event));
    let fills = fields.or("fills", Vec::new(), log, places_and_bytes);
    let unasked = fields.or("unasked", !event.is_empty(), log, units::boolean);
    let head = fields.head;
    fields.finish(log);
    let kind = FrameKind { name: name?, when, unasked, says, event, fills };
    if kind.bytes() > layout.longest {
        let (bytes, longest) = (kind.bytes(), layout.longest);
        let found = format!("this needs {bytes} bytes of a frame that has {longest}");
        log.note(head, found, "", "places count from a frame's first byte, which is 0");
    }
    if !kind.event.is_empty() && !kind.unasked {
        log.note(head, "events that are only told when asked for", "", "leave `unasked` out");
    }
    Some(kind)
}

fn say(node: &Node, log: &Log<'_>) -> Option<Say> {
    let variant = Variant::of(node, "a meaning", &["Bit", "Value", "Counter", "Digits"], log)?;
    let fields = variant.fields(log)?;
    let at = fields.required("at", log, place);
    let say = match variant.name {
        "Bit" => {
            let bit = fields.required("bit", log, |node, log| small(node, 0, 7, log));
            let inverted = fields.or("inverted", false, log, units::boolean);
            let means = fields.required("means", log, means);
            let all = at.zip(bit).zip(means);
            all.map(|((at, bit), means)| Say::Bit { at, bit, inverted, means })
        }
        "Value" => {
            let is = fields.required("is", log, super::bytes::byte);
            let inverted = fields.or("inverted", false, log, units::boolean);
            let means = fields.required("means", log, means);
            at.zip(is).zip(means).map(|((at, is), means)| Say::Value { at, is, inverted, means })
        }
        "Counter" => {
            let bytes = fields.required("bytes", log, |node, log| small(node, 1, 4, log));
            let high_first = fields.or("high_first", true, log, units::boolean);
            let way = fields.required("way", log, way);
            at.zip(bytes).zip(way).map(|((at, bytes), way)| Say::Counter { at, bytes, high_first, way })
        }
        _ => {
            let way = fields.required("way", log, way);
            at.zip(way).map(|(at, way)| Say::Digits { at, way })
        }
    };
    fields.finish(log);
    say
}
