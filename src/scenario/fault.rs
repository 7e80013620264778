//! What breaks, where, when and for how long.

use crate::apb::id::{LaneId, PanelId, ReaderId};
use crate::apb::time::{Span, Time};

/// One fault.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fault {
    /// From when.
    pub at: Time,
    /// For how long.
    pub lasts: Span,
    /// What.
    pub kind: FaultKind,
}

impl Fault {
    /// Whether the fault is there at this time.
    pub fn holds(&self, now: Time) -> bool {
        self.at <= now && now < self.at + self.lasts
    }
}

/// What is broken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FaultKind {
    /// A beam reports blocked (or clear) whatever happens.
    BeamStuck {
        /// The lane.
        lane: LaneId,
        /// The beam's position in the row, from the outer end.
        beam: u8,
        /// What it reports.
        blocked: bool,
    },
    /// A reader reads nothing.
    ReaderDead {
        /// Which.
        reader: ReaderId,
    },
    /// A reader sends some reads twice.
    DoubleRead {
        /// Which.
        reader: ReaderId,
        /// The chance for each read, 0 to 1.
        chance: f64,
    },
    /// The sun shines into a lane: receivers that it blinds see light whatever is before them.
    Sunlight {
        /// The lane.
        lane: LaneId,
        /// The chance for each pair of beams to be blinded, 0 to 1.
        share: f64,
    },
    /// The beams of a lane next to this one shine into its receivers: each pair reports blocked only while
    /// the same pair of the other lane is cut, too.
    Crosstalk {
        /// The lane whose receivers see them.
        lane: LaneId,
        /// The lane whose beams they are.
        from: LaneId,
    },
    /// Somebody pushes against the flap.
    Push {
        /// The lane.
        lane: LaneId,
        /// How hard, N.
        newtons: f32,
    },
    /// A lane has no power: its readers and beams say nothing, and its flap does what its type does then.
    LanePowerCut {
        /// The lane.
        lane: LaneId,
    },
    /// A flap does not move.
    FlapJammed {
        /// The lane.
        lane: LaneId,
    },
    /// The network between a panel and the host is not what it was.
    Link {
        /// The panel.
        panel: PanelId,
        /// What is wrong with it.
        trouble: Trouble,
    },
    /// A panel has no power.
    PanelPowerCut {
        /// Which.
        panel: PanelId,
    },
}

/// What is wrong with a network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trouble {
    /// It carries nothing.
    Down,
    /// It takes longer.
    Delay {
        /// How long at least.
        delay: Span,
        /// How much longer at most.
        jitter: Span,
    },
    /// It loses messages: the chance for each, 0 to 1.
    Loss(f64),
    /// It carries messages twice: the chance for each, 0 to 1.
    Duplicate(f64),
    /// Messages overtake each other: the chance for each to be held up, 0 to 1.
    Reorder(f64),
}
