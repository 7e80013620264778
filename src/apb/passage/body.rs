//! One body in the lane, and what it can be seen to do.

use super::row::Row;
use crate::apb::id::Direction;
use crate::apb::time::{Span, Time};
use serde::{Deserialize, Serialize};

/// A body's number; later bodies have higher ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct BodyId(pub(crate) u64);

/// Something the row of beams saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sighting {
    /// A body is in the lane that was not there before.
    Approached(BodyId, Direction),
    /// It reached the beam just outside the near safety beam.
    Entered(BodyId),
    /// It reached the near safety beam.
    AtFlap(BodyId),
    /// It cleared the far safety beam.
    Passed(BodyId),
    /// It is longer than one body may be.
    Long(BodyId),
    /// It left the lane, at either end, or was lost.
    Gone(BodyId),
    /// A beam went out of service (`true`) or came back.
    BeamFault(u8, bool),
}

/// How far a body has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reach {
    /// Only before the entry beam.
    Approach,
    /// Up to the entry beam.
    Entry,
    /// Up to a safety beam.
    Flap,
    /// Clear of the far safety beam.
    Through,
}

/// A body, as the beams it blocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Body {
    pub(super) id: BodyId,
    /// The way it goes: away from the end it came from, even while it steps back.
    pub(super) direction: Direction,
    /// Which way it moved last.
    pub(super) facing: Direction,
    /// The outermost beam it blocks, or blocked last.
    pub(super) low: u8,
    /// The innermost beam it blocks, or blocked last.
    pub(super) high: u8,
    /// Since when it blocks no beam at all: it is somewhere next to the one it blocked last.
    pub(super) unseen: Option<Time>,
    pub(super) reach: Reach,
    pub(super) pace: Pace,
}

impl Body {
    /// A body first seen on one beam.
    pub(super) fn new(id: BodyId, direction: Direction, beam: u8) -> Self {
        let (low, high) = (beam, beam);
        let (unseen, reach, pace) = (None, Reach::Approach, Pace::default());
        Self { id, direction, facing: direction, low, high, unseen, reach, pace }
    }

    /// Whether its span takes in this beam.
    pub(super) fn spans(&self, beam: u8) -> bool {
        (self.low..=self.high).contains(&beam)
    }

    /// Whether a body that moves this way would meet this beam next, having missed `skipped` beams.
    pub(super) fn meets(&self, beam: u8, way: Direction, skipped: u8) -> bool {
        let pitch = u16::from(skipped) + 1;
        match way {
            Direction::In => u16::from(self.high) + pitch == u16::from(beam),
            Direction::Out => u16::from(beam) + pitch == u16::from(self.low),
        }
    }

    /// Takes in one more beam on the given side.
    pub(super) fn extend(&mut self, beam: u8, way: Direction) {
        if self.unseen.take().is_some() {
            (self.low, self.high) = (beam, beam);
        }
        self.low = self.low.min(beam);
        self.high = self.high.max(beam);
        self.facing = way;
    }

    /// Tells each stage it has newly reached, in order.
    pub(super) fn report(&mut self, row: &Row, out: &mut Vec<Sighting>) {
        let (a, b) = (row.step(self.direction, self.low), row.step(self.direction, self.high));
        let (rear, front) = (a.min(b), a.max(b));
        let far = row.far(self.direction);
        // A body that is thinner than the pitch and walks on has cleared the beam it blocked last.
        let cleared_far =
            rear > far || (rear == far && self.unseen.is_some() && self.facing == self.direction);
        let stages = [
            (Reach::Entry, front >= row.entry(self.direction), Sighting::Entered(self.id)),
            (Reach::Flap, front >= row.near(self.direction), Sighting::AtFlap(self.id)),
            (Reach::Through, cleared_far, Sighting::Passed(self.id)),
        ];
        for (stage, reached, sighting) in stages {
            if reached && self.reach < stage {
                self.reach = stage;
                out.push(sighting);
            }
        }
    }
}

/// What a body's length is judged by: when it reached its first two beams, and how long it blocked them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pace {
    reached: [Option<Time>; 2],
    blocked: [Option<Span>; 2],
}

impl Pace {
    /// The body blocked the beam at this step.
    pub(super) fn reach(&mut self, step: u8, at: Time) {
        if let Some(reached) = self.reached.get_mut(usize::from(step)) {
            reached.get_or_insert(at);
        }
    }

    /// The body's rear cleared the beam at this step.
    pub(super) fn clear(&mut self, step: u8, at: Time) {
        let step = usize::from(step);
        let Some(Some(reached)) = self.reached.get(step) else { return };
        if let Some(blocked) = self.blocked.get_mut(step) {
            blocked.get_or_insert(at.since(*reached));
        }
    }

    /// The length in millimetres: the speed between the two beams times the shorter block, so that somebody
    /// who waits on the first beam does not grow.
    pub(super) fn length_mm(&self, pitch_mm: u32) -> Option<u64> {
        let [Some(first), Some(second)] = self.reached else { return None };
        let [Some(a), Some(b)] = self.blocked else { return None };
        u64::from(pitch_mm).saturating_mul(a.min(b).0).checked_div(second.since(first).0)
    }
}
