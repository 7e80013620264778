//! How frames are built.

use super::bytes::{FRAME_MAX, byte, place};
use crate::hil::frames::layout::{Check, Kind, Layout, Piece};
use crate::scenario::decode::{Fields, Log, Variant, list};
use crate::scenario::syntax::{Node, Place, Value};
use crate::scenario::units;

/// `(layout: […], check: …, beside: …, longest: …)`.
pub(super) fn layout(node: &Node, log: &Log<'_>) -> Option<Layout> {
    let fields = Fields::of(node, "a layout", log)?;
    let pieces = fields.required("layout", log, |node, log| list(node, "pieces of a frame", log, piece));
    let head = fields.get("layout").map_or(fields.head, Node::head);
    let check = fields.optional("check", log, check);
    let size = |node: &Node, log: &Log<'_>| units::whole(node, 1, FRAME_MAX, log);
    let beside = fields.optional("beside", log, place);
    let longest = fields.optional("longest", log, size).and_then(|n| usize::try_from(n).ok());
    fields.finish(log);
    let mut layout = Layout { pieces: pieces?, beside: beside.unwrap_or(0), longest: 0, check };
    let counted = layout.pieces.contains(&Piece::LengthLow);
    if counted && beside.is_none() {
        let found = "a length, and nobody knows what it counts";
        log.note(head, found, "", "say in `beside` how many bytes of a frame it does not count");
        return None;
    }
    layout.longest = longest.unwrap_or_else(|| if layout.is_fixed() { layout.shortest() } else { 0 });
    is_sound(&layout, head, log).then_some(layout)
}

/// A byte, or the name of a piece.
fn piece(node: &Node, log: &Log<'_>) -> Option<Piece> {
    const PIECES: [&str; 6] = ["Address", "Length", "LengthLow", "LengthHigh", "Body", "Check"];
    if let Value::Integer(_) = node.value {
        return byte(node, log).map(Piece::Is);
    }
    let variant = Variant::of(node, "a byte or a piece of a frame", &PIECES, log)?;
    match variant.name {
        "Body" => match variant.only_value() {
            Some(count) => {
                let count = units::whole(count, 1, FRAME_MAX, log)?;
                usize::try_from(count).ok().map(Piece::Body)
            }
            None => variant.bare(Piece::Rest, log),
        },
        "Address" => variant.bare(Piece::Address, log),
        "Check" => variant.bare(Piece::Check, log),
        "LengthHigh" => variant.bare(Piece::LengthHigh, log),
        _ => variant.bare(Piece::LengthLow, log),
    }
}

/// `Xor`, or `Xor(from: 1, to: 4)`.
fn check(node: &Node, log: &Log<'_>) -> Option<Check> {
    const KINDS: [(&str, Kind); 4] = [
        ("Xor", Kind::Xor),
        ("OnesComplement", Kind::OnesComplement),
        ("TwosComplement", Kind::TwosComplement),
        ("Crc16Modbus", Kind::Crc16Modbus),
    ];
    let variant = Variant::of(node, "a checksum", &KINDS.map(|(name, _)| name), log)?;
    let kind = KINDS.iter().find(|(name, _)| *name == variant.name)?.1;
    let fields = variant.fields(log)?;
    let from = fields.or("from", 0, log, place);
    let to = fields.optional("to", log, place);
    fields.finish(log);
    Some(Check { kind, from, to })
}

/// Whether beginning and end of a frame can be found.
fn is_sound(layout: &Layout, head: Place, log: &Log<'_>) -> bool {
    let pieces = &layout.pieces;
    let many = |piece: Piece| pieces.iter().filter(|p| **p == piece).count();
    let at = |piece: Piece| pieces.iter().position(|p| *p == piece);
    let marked = pieces.iter().any(|p| matches!(p, Piece::Is(_))) || layout.check.is_some();
    let length_comes_late = at(Piece::Rest)
        .is_some_and(|rest| [Piece::LengthLow, Piece::LengthHigh].iter().any(|l| at(*l) > Some(rest)));
    let once = [Piece::Address, Piece::LengthLow, Piece::LengthHigh, Piece::Rest, Piece::Check];
    let fault = if pieces.is_empty() {
        Some(("a frame without a byte", "name its pieces"))
    } else if !marked {
        Some(("nothing tells where a frame begins", "give a fixed byte, or a checksum"))
    } else if once.iter().any(|piece| many(*piece) > 1) {
        Some(("a piece that is there twice", "address, length, open body and checksum come once"))
    } else if !layout.is_fixed() && many(Piece::LengthLow) == 0 {
        let help = "give a `Length`, or say how many bytes the body has: `Body(4)`";
        Some(("no way to find the end of a frame: its body may hold any byte", help))
    } else if length_comes_late {
        Some(("the length comes after what it counts", "put it before `Body`"))
    } else if many(Piece::LengthHigh) > many(Piece::LengthLow) {
        Some(("a length's high byte without its low one", "name `LengthLow`, too"))
    } else if layout.check.is_some() != (many(Piece::Check) == 1) {
        Some(("a checksum without its place, or a place without a checksum", "give `check` and `Check`"))
    } else if layout.longest < layout.shortest() {
        Some(("the longest frame is not known", "say in `longest` how many bytes it has at most"))
    } else if layout.check.is_some_and(|c| c.from >= layout.shortest() || c.to.is_some_and(|to| to <= c.from))
    {
        Some(("a checksum of nothing", "`from` lies within the frame and before `to`"))
    } else {
        None
    };
    if let Some((found, help)) = fault {
        log.note(head, found, "", help);
    }
    fault.is_none()
}
