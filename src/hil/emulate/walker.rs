//! Somebody who walks up to a gate, and what became of them.

use crate::apb::id::Direction;
use crate::apb::time::{Span, Time};

/// Somebody who walks up to a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Walker {
    /// Which way.
    pub direction: Direction,
    /// How fast they walk, millimetres a second; 1 to 20,000, anything else is brought within.
    pub speed_mm_s: u32,
    /// How deep they are, millimetres; 1 to 10,000, anything else is brought within.
    pub depth_mm: u32,
    /// How long they stand before a leaf that is shut, or behind somebody who stands, before they turn round:
    /// back, and if they cannot get back out either, on again.
    pub patience: Span,
    /// What they do on the way.
    pub manner: Manner,
}

impl Walker {
    /// The body of the reference cases: 0.30 m deep, at 1 m/s, straight through, and patient for 10 s.
    pub fn new(direction: Direction) -> Self {
        Self {
            direction,
            speed_mm_s: 1_000,
            depth_mm: 300,
            patience: Span::seconds(10),
            manner: Manner::Through,
        }
    }

    /// How much later than this walker the next one has to come to be this far behind, clear, millimetres.
    pub fn followed_at_mm(&self, gap_mm: u32) -> Span {
        let way_um = (u64::from(self.depth_mm) + u64::from(gap_mm)) * 1_000_000;
        Span(way_um / u64::from(self.speed_mm_s.max(1)))
    }
}

/// What somebody does on the way through a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Goes through, and waits before a leaf that does not let them.
    Through,
    /// Stops once.
    Stop {
        /// How far their front is from their own end of the lane then, millimetres.
        at_mm: u32,
        /// For how long.
        wait: Span,
        /// What they do then.
        then: Then,
    },
    /// Goes through, and pushes the leaf if it is shut, until they are past it.
    Push {
        /// With this force, N.
        newtons: u32,
    },
}

/// What somebody does who has stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Goes on.
    GoOn,
    /// Turns back.
    TurnBack,
}

/// One walker: a number from 0 in the order they were sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WalkerId(pub u32);

/// Where somebody is, or which way they went in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Still waits outside until there is room.
    Outside,
    /// In the lane.
    Inside,
    /// Has left the lane at its other end.
    Passed(Time),
    /// Has left where they came from.
    TurnedBack(Time),
}

/// What really became of a walker. The gate's own logic does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Truth {
    /// Who they are.
    pub walker: Walker,
    /// When they came.
    pub sent: Time,
    /// When they had the leaf behind them last.
    pub crossed: Option<Time>,
    /// Where they are.
    pub fate: Fate,
}
