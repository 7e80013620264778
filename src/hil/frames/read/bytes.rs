//! Small parts that several rows of a description share.

use crate::apb::id::Direction;
use crate::scenario::decode::{Log, choice, list, tuple};
use crate::scenario::syntax::Node;
use crate::scenario::units;

/// No frame of a board is longer; a length field that says more is damaged.
pub(super) const FRAME_MAX: u64 = 256;

/// A byte.
pub(super) fn byte(node: &Node, log: &Log<'_>) -> Option<u8> {
    units::whole(node, 0, 255, log).and_then(|n| u8::try_from(n).ok())
}

/// A small number of something.
pub(super) fn small(node: &Node, low: u64, high: u8, log: &Log<'_>) -> Option<u8> {
    units::whole(node, low, u64::from(high), log).and_then(|n| u8::try_from(n).ok())
}

/// A place in a frame, counted from its first byte.
pub(super) fn place(node: &Node, log: &Log<'_>) -> Option<usize> {
    units::whole(node, 0, FRAME_MAX - 1, log).and_then(|n| usize::try_from(n).ok())
}

/// `(13, 0x55)`: a place in a frame and what stands there.
pub(super) fn place_and_byte(node: &Node, log: &Log<'_>) -> Option<(usize, u8)> {
    let [at, is] = tuple(node, "(place, byte)", log)?;
    place(at, log).zip(byte(is, log))
}

/// A list of places and what stands there.
pub(super) fn places_and_bytes(node: &Node, log: &Log<'_>) -> Option<Vec<(usize, u8)>> {
    list(node, "places and bytes", log, place_and_byte)
}

/// `In` or `Out`.
pub(super) fn way(node: &Node, log: &Log<'_>) -> Option<Direction> {
    choice(node, "a way", [("In", Direction::In), ("Out", Direction::Out)], log)
}
