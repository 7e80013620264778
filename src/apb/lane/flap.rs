//! The flap: what it was told, where it says it is, and what to do when it cannot close.

use super::event::LaneEvent;
use crate::apb::id::Direction;
use crate::apb::input::Leaf;
use crate::apb::time::{Span, Time};
use serde::{Deserialize, Serialize};

/// Attempts to close in one sequence. From the Automatic Systems SmartLane manual.
const ATTEMPTS_PER_SEQUENCE: u8 = 5;

/// Failing sequences before the flap counts as prevented from closing. From the Automatic Systems SmartLane
/// manual.
const SEQUENCES_MAX: u8 = 2;

/// Pause between attempts. Assumed.
const ATTEMPT_PAUSE: Span = Span::seconds(1);

/// Pause between sequences. Assumed.
const SEQUENCE_PAUSE: Span = Span::seconds(5);

/// What the flap is told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Drive {
    /// Stay shut.
    Shut,
    /// Open, and stay so.
    Open,
    /// Close; not shut yet.
    Closing,
}

/// The flap of one lane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Flap {
    pub(super) leaf: Leaf,
    pub(super) drive: Drive,
    /// The way it was opened for last.
    pub(super) released_for: Direction,
    /// Stalled attempts of the running sequence.
    attempts: u8,
    /// Failed sequences since the flap was last shut.
    sequences: u8,
    /// Not to be closed before this.
    pub(super) retry_at: Option<Time>,
}

impl Flap {
    pub(super) fn new() -> Self {
        let (leaf, drive, released_for) = (Leaf::Closed, Drive::Shut, Direction::In);
        Self { leaf, drive, released_for, attempts: 0, sequences: 0, retry_at: None }
    }

    /// Shut, by its own sensors.
    pub(super) fn is_closed(&self) -> bool {
        self.leaf == Leaf::Closed
    }

    /// Told to stay shut, and shut.
    pub(super) fn is_secure(&self) -> bool {
        self.drive == Drive::Shut && self.is_closed()
    }

    /// Told to open and fully open.
    pub(super) fn is_ready(&self) -> bool {
        self.leaf == Leaf::Open && self.drive == Drive::Open
    }

    pub(super) fn open(&mut self, direction: Direction, out: &mut Vec<LaneEvent>) {
        self.drive = Drive::Open;
        self.released_for = direction;
        out.push(LaneEvent::Open(direction));
    }

    pub(super) fn close(&mut self, out: &mut Vec<LaneEvent>) {
        self.drive = Drive::Closing;
        out.push(LaneEvent::Close);
    }

    /// Takes in what the leaf reports; whether it has just been given up that it closes.
    ///
    /// A flap that nobody opened and that stalls on its way back was forced, and closed on whoever did it.
    pub(super) fn report(&mut self, now: Time, leaf: Leaf, out: &mut Vec<LaneEvent>) -> bool {
        self.leaf = leaf;
        match (leaf, self.drive) {
            (Leaf::Closed, Drive::Closing | Drive::Shut) => {
                self.drive = Drive::Shut;
                (self.attempts, self.sequences, self.retry_at) = (0, 0, None);
                false
            }
            (Leaf::Stalled, Drive::Closing | Drive::Shut) => self.stall(now, out),
            (Leaf::Closed | Leaf::Stalled, Drive::Open)
            | (Leaf::Open | Leaf::Moving | Leaf::Displaced, _) => false,
        }
    }

    fn stall(&mut self, now: Time, out: &mut Vec<LaneEvent>) -> bool {
        self.open(self.released_for, out);
        self.attempts += 1;
        if self.attempts < ATTEMPTS_PER_SEQUENCE {
            self.retry_at = Some(now + ATTEMPT_PAUSE);
            return false;
        }
        self.attempts = 0;
        self.sequences = self.sequences.saturating_add(1);
        self.retry_at = Some(now + SEQUENCE_PAUSE);
        self.sequences == SEQUENCES_MAX
    }
}
