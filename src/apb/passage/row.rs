//! The geometry of a row of beams, seen by a body that goes through it either way.
//!
//! A *beam* counts from the outer end of the lane, a *step* from the end a body comes from. Both are the same
//! for a body going in.

use crate::apb::id::Direction;
use crate::apb::site::BeamRow;
use serde::{Deserialize, Serialize};

/// Beam positions and where the flap is among them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Row {
    x_mm: Vec<u32>,
    /// How many beams are on the outer side of the flap.
    outer: u8,
    /// Whether the beams before the flap are a zone of their own, which a body enters at its second beam.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    zoned: bool,
}

impl Row {
    pub(super) fn new(row: &BeamRow) -> Self {
        let x_mm: Vec<u32> = row.x_mm.iter().copied().take(usize::from(u8::MAX)).collect();
        let outer = x_mm.iter().filter(|x| **x < row.flap_mm).count();
        let outer = u8::try_from(outer).unwrap_or(u8::MAX);
        Self { outer, x_mm, zoned: row.relock }
    }

    /// How many beams there are; at most 255.
    pub(super) fn count(&self) -> u8 {
        u8::try_from(self.x_mm.len()).unwrap_or(u8::MAX)
    }

    /// Where a beam is, in millimetres from the outer end; beyond the last one: there.
    pub(super) fn x_mm(&self, beam: u8) -> u32 {
        self.x_mm.get(usize::from(beam)).or(self.x_mm.last()).copied().unwrap_or(0)
    }

    /// From the safety beam behind the flap to the last one, in millimetres.
    pub(super) fn way_out_mm(&self, direction: Direction) -> u32 {
        let [far, last] = [self.far(direction), self.last()].map(|s| self.x_mm(self.step(direction, s)));
        far.abs_diff(last)
    }

    /// The beam furthest in.
    pub(super) fn last(&self) -> u8 {
        self.count().saturating_sub(1)
    }

    /// The side of the flap a beam is on, as the direction of bodies that come from there.
    pub(super) fn side(&self, beam: u8) -> Direction {
        if beam < self.outer { Direction::In } else { Direction::Out }
    }

    /// The two beams next to the flap, outer one first.
    pub(super) fn safety(&self) -> [u8; 2] {
        [self.outer.saturating_sub(1), self.outer]
    }

    /// A beam's number for a body going this way, and back again.
    pub(super) fn step(&self, direction: Direction, beam: u8) -> u8 {
        match direction {
            Direction::In => beam,
            Direction::Out => self.last().saturating_sub(beam),
        }
    }

    /// The step of the safety beam before the flap.
    pub(super) fn near(&self, direction: Direction) -> u8 {
        self.step(direction, self.safety()[direction.index()])
    }

    /// The step of the safety beam behind the flap.
    pub(super) fn far(&self, direction: Direction) -> u8 {
        self.near(direction).saturating_add(1)
    }

    /// The step from which on a body has entered: the beam just outside the near safety beam, or the second
    /// beam of a zone of its own before the flap.
    pub(super) fn entry(&self, direction: Direction) -> u8 {
        let before = self.near(direction).saturating_sub(1);
        if self.zoned { before.min(1) } else { before }
    }

    /// The distance between the first two beams a body meets, in millimetres.
    pub(super) fn first_pitch_mm(&self, direction: Direction) -> u32 {
        let x = |step| self.x_mm.get(usize::from(self.step(direction, step))).copied().unwrap_or(0);
        x(0).abs_diff(x(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_lane_reads_the_same_both_ways() {
        let row = Row::new(&BeamRow::default());
        for direction in Direction::BOTH {
            assert_eq!((row.entry(direction), row.near(direction), row.far(direction)), (1, 2, 3));
            assert_eq!(row.first_pitch_mm(direction), 200);
        }
        assert_eq!(row.safety(), [2, 3]);
    }

    #[test]
    fn a_lopsided_row_has_its_own_steps_each_way() {
        let row = BeamRow { x_mm: vec![0, 100, 200, 400, 500], flap_mm: 300, ..BeamRow::default() };
        let row = Row::new(&row);
        assert_eq!((row.entry(Direction::In), row.near(Direction::In)), (1, 2));
        assert_eq!((row.entry(Direction::Out), row.near(Direction::Out)), (0, 1));
        assert_eq!(row.step(Direction::Out, 4), 0);
    }
}
