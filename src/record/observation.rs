//! The kinds of observation a run is made of.

use crate::apb::effect::Command;
use crate::apb::id::{AreaId, CardNumber, Direction, HolderId, LaneId, ReaderId};
use crate::apb::input::Input;
use crate::apb::journal::Entry;
use crate::apb::time::Time;
use serde::{Deserialize, Serialize};

/// One body in the world, numbered in order of appearance. A holder who comes twice is the same person; a
/// body that owns no credential has no holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(pub u32);

/// One thing that was observed, in the order of the stream. Times never run backwards by more than one tick.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// When.
    pub at: Time,
    /// What.
    pub what: What,
}

/// What was observed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Something the controller was told.
    Input(Input),
    /// Something the controller wrote down.
    Entry(Entry),
    /// Something the controller ordered.
    Command(Command),
    /// Something that really happened.
    Truth(Truth),
    /// A summary of every body's position and every flap, so that two runs that part can be told apart early.
    Checkpoint {
        /// Bodies on the floor.
        people: u32,
        /// A hash of where they are, to the millimetre.
        hash: u64,
    },
}

/// What really happened, as only the simulation can know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Truth {
    /// A person is on the site's books from now on: whose credentials they own and where they are.
    Introduced {
        /// Who.
        person: PersonId,
        /// The holder they are; `None`: a stranger.
        holder: Option<HolderId>,
        /// The area they are in.
        area: AreaId,
    },
    /// A person joined the queue of a lane.
    Queued {
        /// Who.
        person: PersonId,
        /// Where.
        lane: LaneId,
        /// Which way they want through.
        direction: Direction,
    },
    /// A person reached the reader and begins to present (service begins, waiting ends).
    Served {
        /// Who.
        person: PersonId,
        /// Where.
        lane: LaneId,
        /// Which way.
        direction: Direction,
    },
    /// A hand held a credential to a reader.
    Presented {
        /// Whose hand; `None`: a scripted read with nobody there.
        person: Option<PersonId>,
        /// Where.
        reader: ReaderId,
        /// Which credential.
        card: CardNumber,
        /// What for.
        intent: Intent,
    },
    /// A body's front came into a lane.
    Entered {
        /// Who.
        person: PersonId,
        /// Where.
        lane: LaneId,
        /// Which way.
        direction: Direction,
        /// By what right.
        standing: Standing,
    },
    /// A body's back, luggage included, left the line of the closed flap behind: it is through.
    Crossed {
        /// Who.
        person: PersonId,
        /// Where.
        lane: LaneId,
        /// Which way.
        direction: Direction,
    },
    /// A body left the lane at the end it came from.
    Retreated {
        /// Who.
        person: PersonId,
        /// Where.
        lane: LaneId,
        /// The way it had wanted to go.
        direction: Direction,
    },
    /// A body that had crossed left the lane at the far end.
    Cleared {
        /// Who.
        person: PersonId,
        /// Where.
        lane: LaneId,
        /// Which way.
        direction: Direction,
    },
    /// A person is in another area now.
    Moved {
        /// Who.
        person: PersonId,
        /// From where.
        from: AreaId,
        /// To where.
        to: AreaId,
        /// How they got there.
        route: Route,
    },
    /// A person was refused too often, or waited too long, and gave up.
    GaveUp {
        /// Who.
        person: PersonId,
        /// Where.
        lane: LaneId,
        /// The way they had wanted to go.
        direction: Direction,
    },
}

/// What a presentation is for, in truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// The owner wants through.
    Own,
    /// Somebody else's credential, to get through on it: passback.
    Borrowed,
    /// Somebody else's credential beside one's own, for a colleague who is not there: passback.
    Buddy,
    /// The owner lets a second body in on their own credential: passback.
    SecondBody,
    /// A test read, by a script or a commissioning engineer.
    Probe,
}

impl Intent {
    /// Whether this presentation is a passback attempt.
    pub fn is_passback(self) -> bool {
        match self {
            Self::Borrowed | Self::Buddy | Self::SecondBody => true,
            Self::Own | Self::Probe => false,
        }
    }
}

/// By what right a body is in a lane, in truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// A reader said green to them.
    Granted,
    /// The lane is free that way, or open because of fire.
    Free,
    /// Behind somebody, without their consent.
    Tailgating,
    /// Behind somebody, with their consent.
    Piggybacking,
    /// Against the direction the lane is open for.
    WrongWay,
    /// On their own, without any right.
    Intruding,
}

impl Standing {
    /// Whether this body is following another through on the other's grant.
    pub fn is_tailgate(self) -> bool {
        match self {
            Self::Tailgating | Self::Piggybacking => true,
            Self::Granted | Self::Free | Self::WrongWay | Self::Intruding => false,
        }
    }

    /// Whether this body may be where it is.
    pub fn is_rightful(self) -> bool {
        match self {
            Self::Granted | Self::Free => true,
            Self::Tailgating | Self::Piggybacking | Self::WrongWay | Self::Intruding => false,
        }
    }
}

/// How a person got from one area to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// Through this lane.
    Lane(LaneId),
    /// By a fire door, past every reader.
    FireDoor,
}
