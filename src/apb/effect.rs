//! What a controller wants done: commands to gates and readers, and journal entries to keep.

use super::id::{Direction, LaneId, ReaderId};
use super::journal::Entry;
use super::site::PassMode;
use super::time::Time;
use serde::{Deserialize, Serialize};

/// What one call of the controller led to, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// What to write down. Must be durable before the commands go out.
    pub entries: Vec<Entry>,
    /// What to tell gates and readers, each with the time it was decided.
    pub commands: Vec<(Time, Command)>,
}

impl Effects {
    /// Empties both lists and keeps their memory.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.commands.clear();
    }
}

/// An order to a gate or a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Open the flap for bodies going this way.
    Open {
        /// The lane.
        lane: LaneId,
        /// Which way.
        direction: Direction,
    },
    /// Close the flap.
    Close {
        /// The lane.
        lane: LaneId,
    },
    /// Show the holder what became of the read.
    Show {
        /// The reader.
        reader: ReaderId,
        /// Green or red.
        signal: Signal,
    },
    /// Show at the lane's end what may pass this way now.
    Mode {
        /// The lane.
        lane: LaneId,
        /// Which way.
        direction: Direction,
        /// What may pass.
        mode: PassMode,
    },
    /// Sound the lane's buzzer, or silence it.
    Buzz {
        /// The lane.
        lane: LaneId,
        /// How.
        tone: Tone,
    },
}

/// What a reader shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// Walk.
    Granted,
    /// Do not.
    Denied,
    /// The lane is in use, or the grant waits for the other way's turn to end; try again.
    Busy,
}

/// What a lane's buzzer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Quiet.
    Off,
    /// Somebody is where they should not be (SmartLane: intrusion).
    Continuous,
    /// Somebody went through who should not have (SmartLane: fraud).
    Intermittent,
}
