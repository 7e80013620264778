//! A rotor: a tripod or a full-height turnstile. It has a logic of its own: it lets one body through for
//! every order to open, by turning once, and tells the controller that it is free to turn and that it has
//! turned.
//!
//! Two who press together in one sector turn it once, and the second one is told to nobody.

use super::{Gate, Place};
use crate::apb::id::Direction;
use crate::apb::input::{Input, Leaf};
use crate::sim::clock::SimClock;
use crate::sim::crowd::track::{Tracked, Tracks};
use crate::sim::lane::flap::Flap;
use crate::sim::port::FromLane;
use bevy::prelude::*;

/// How many turns a rotor owes, and to whom it turns.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rotor {
    turns: u32,
    way: Option<Direction>,
}

impl Rotor {
    /// One body more may pass this way. A rotor turns one way at a time.
    pub(in crate::sim) fn release(&mut self, direction: Direction) {
        let kept = if self.way == Some(direction) { self.turns } else { 0 };
        *self = Self { turns: kept + 1, way: Some(direction) };
    }

    /// Nobody may pass any more.
    pub(in crate::sim) fn lock(&mut self) {
        *self = Self::default();
    }

    /// What it tells of its lock, which moves like a flap.
    pub(super) fn tells(leaf: Leaf, gate: Gate) -> Option<Input> {
        match leaf {
            Leaf::Open => Some(Input::Opened { lane: gate.0 }),
            Leaf::Closed | Leaf::Moving | Leaf::Stalled | Leaf::Displaced => None,
        }
    }

    /// A body has gone through this way: whether it turned the rotor, and whether that locks.
    pub(in crate::sim) fn turn(&mut self, direction: Direction) -> (bool, bool) {
        if self.way != Some(direction) || self.turns == 0 {
            return (false, false);
        }
        self.turns -= 1;
        (true, self.turns == 0)
    }

    /// The share of the tick at which a body's back gets past this line, if it does; metres from the end it
    /// came in at.
    pub(in crate::sim) fn share_through(body: &Tracked, line: f32) -> Option<f32> {
        let moved = body.front - body.front_before;
        let (now, before) = (body.rear(), body.rear() - moved);
        (before <= line && now > line).then(|| (line - before) / moved)
    }
}

/// Counts who goes through, and locks behind the last one.
pub(super) fn turn(
    clock: Res<SimClock>,
    mut gates: Query<(&Gate, &Place, &Tracks, &mut Rotor, &mut Flap)>,
    mut reports: MessageWriter<FromLane>,
) {
    for (gate, place, tracks, mut rotor, mut flap) in &mut gates {
        for direction in Direction::BOTH {
            let line = place.flap_from(direction);
            for body in tracks.of(direction) {
                let Some(share) = Rotor::share_through(body, line) else { continue };
                let (turned, locks) = rotor.turn(direction);
                if turned {
                    let at = clock.at_fraction(share);
                    reports.write(FromLane { at, input: Input::Passed { lane: gate.0, direction } });
                }
                if locks {
                    flap.lock(clock.end());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_turns_once_for_every_order_and_one_way_only() {
        let mut rotor = Rotor::default();
        assert_eq!(rotor.turn(Direction::In), (false, false), "nobody was let in");
        rotor.release(Direction::In);
        rotor.release(Direction::In);
        assert_eq!(rotor.turn(Direction::Out), (false, false));
        assert_eq!(rotor.turn(Direction::In), (true, false));
        assert_eq!(rotor.turn(Direction::In), (true, true));
        assert_eq!(rotor.turn(Direction::In), (false, false), "a second body in the same sector");
        rotor.release(Direction::In);
        rotor.lock();
        assert_eq!(rotor.turn(Direction::In), (false, false));
    }

    #[test]
    fn whose_turn_it_is_takes_the_turns_of_the_other_way() {
        let mut rotor = Rotor::default();
        rotor.release(Direction::In);
        rotor.release(Direction::Out);
        assert_eq!(rotor.turn(Direction::In), (false, false));
        assert_eq!(rotor.turn(Direction::Out), (true, true));
    }
}
