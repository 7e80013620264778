//! How people go through an emulated gate.

use super::phase::Manner;
use crate::apb::id::Direction;
use crate::apb::time::Span;
use crate::hil::emulate::{self, GateModel, Then, Walker};

/// How long somebody who finds the leaf shut stands before it.
const GIVES_UP: Span = Span::seconds(1);

/// Somebody who stands where only the first beam sees them has their front so far behind it, millimetres.
const BEHIND_FIRST_MM: u32 = 50;

/// Who walks up to a gate, each so much later than the act begins.
pub(super) fn walkers(gate: &GateModel, direction: Direction, manner: Manner) -> Vec<(Span, Walker)> {
    let walker = Walker::new(direction);
    match manner {
        Manner::Through => vec![(Span::ZERO, walker)],
        Manner::Followed(gap_mm) => {
            vec![(Span::ZERO, walker), (walker.followed_at_mm(gap_mm), walker)]
        }
        Manner::Intrudes => vec![(Span::ZERO, Walker { patience: GIVES_UP, ..walker })],
        Manner::Stays(wait) => {
            let at_mm = from_own_end(gate, direction, first_beam_mm(gate, direction)) + BEHIND_FIRST_MM;
            vec![(Span::ZERO, Walker { manner: stop(at_mm, wait), ..walker })]
        }
        Manner::Obstructs(wait) => {
            // The middle of the body is under the leaf.
            let at_mm = from_own_end(gate, direction, gate.beams.flap_mm) + walker.depth_mm / 2;
            let second = Walker { manner: stop(at_mm, wait), ..walker };
            vec![(Span::ZERO, walker), (walker.followed_at_mm(0), second)]
        }
    }
}

/// Somebody who pushes the shut leaf twice as hard as it holds.
pub(super) fn pusher(gate: &GateModel, direction: Direction) -> Walker {
    let newtons = gate.holds_n.saturating_mul(2);
    Walker { manner: emulate::Manner::Push { newtons }, ..Walker::new(direction) }
}

fn stop(at_mm: u32, wait: Span) -> emulate::Manner {
    emulate::Manner::Stop { at_mm, wait, then: Then::TurnBack }
}

fn from_own_end(gate: &GateModel, direction: Direction, place_mm: u32) -> u32 {
    match direction {
        Direction::In => place_mm,
        Direction::Out => gate.length_mm.saturating_sub(place_mm),
    }
}

/// The beam that somebody who comes this way cuts first, from the outer end.
fn first_beam_mm(gate: &GateModel, direction: Direction) -> u32 {
    let first = match direction {
        Direction::In => gate.beams.x_mm.first(),
        Direction::Out => gate.beams.x_mm.last(),
    };
    first.copied().unwrap_or_default()
}
