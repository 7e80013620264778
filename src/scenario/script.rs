//! What happens by plan: scripted walkers, reads, and what operators do.

use crate::apb::id::{CardNumber, Direction, HolderId, LaneId};
use crate::apb::input::{Factor, Input};
use crate::apb::time::{Span, Time};

/// One planned happening.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// When.
    pub at: Time,
    /// What.
    pub action: Action,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// An operator's act, a wire's signal, or a read with nobody there: handed to the controller as it is.
    Operate(Input),
    /// A person sets out for a lane.
    Walk(Walker),
}

/// A scripted person.
#[derive(Clone, Debug, PartialEq)]
pub struct Walker {
    /// Who it is; `None`: a stranger. The same holder walking twice is the same person.
    pub holder: Option<HolderId>,
    /// The lane to use.
    pub lane: LaneId,
    /// Which way.
    pub direction: Direction,
    /// The credentials to present, in order.
    pub cards: Vec<CardNumber>,
    /// How they go through.
    pub manner: Manner,
    /// Walking speed, m/s; `None`: drawn as for a crowd.
    pub speed_m_s: Option<f32>,
    /// How long they stand before walking on once the reader said green.
    pub hesitates: Span,
    /// What they give as a second factor where a reader takes one; `None`: the right one with a credential of
    /// their own, the wrong one with anybody else's.
    pub pin: Option<Factor>,
}

/// How a scripted person goes through.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Manner {
    /// Presents and walks when told.
    Honest,
    /// Presents and, whatever the reader says, does not walk.
    StaysOut,
    /// Follows the person in front without presenting, at this clear gap.
    Follows {
        /// Clear gap, m.
        gap_m: f32,
        /// Whether the one in front agrees (piggybacking).
        consent: bool,
    },
    /// Waits until the flap is open for somebody coming the other way, then goes.
    WrongWay,
    /// Walks into the lane without presenting and without following anybody.
    Intrudes,
    /// Leaves the area by a fire door.
    FireDoor,
}

impl Manner {
    /// Whether somebody who goes through like this waits for their turn, and not for somebody else.
    pub fn waits_its_turn(self) -> bool {
        match self {
            Self::Honest | Self::StaysOut | Self::Intrudes | Self::FireDoor => true,
            Self::Follows { .. } | Self::WrongWay => false,
        }
    }
}
