//! The numbers of trajectories.
//!
//! A person who leaves and comes back later walks along a new trajectory: tools take one trajectory for one
//! walk without gaps, and count only the first time that it crosses a line.

use super::Pose;
use crate::record::PersonId;
use std::collections::BTreeMap;

/// Whoever moves faster than this, m/s, or further than this between two frames, m, did not walk there. Both
/// are far beyond what the crowd does.
const SPEED_MAX_M_S: f64 = 5.0;
const JUMP_MAX_M: f64 = 1.0;

/// Gives every walk a number, counting from 1.
#[derive(Debug)]
pub(super) struct Ids {
    given: i64,
    reach_m: f64,
    before: BTreeMap<PersonId, Last>,
    now: BTreeMap<PersonId, Last>,
}

/// Where a trajectory was in the last frame.
#[derive(Clone, Copy, Debug)]
struct Last {
    id: i64,
    at: [f64; 2],
}

impl Ids {
    /// No numbers given yet; frames are this far apart.
    pub(super) fn new(frame_s: f64) -> Self {
        let reach_m = JUMP_MAX_M + SPEED_MAX_M_S * frame_s;
        Self { given: 0, reach_m, before: BTreeMap::new(), now: BTreeMap::new() }
    }

    /// Begins the frame that follows the last one at once, or, if there was a gap, later.
    pub(super) fn next_frame(&mut self, at_once: bool) {
        std::mem::swap(&mut self.before, &mut self.now);
        self.now.clear();
        if !at_once {
            self.before.clear();
        }
    }

    /// The number of the trajectory that this pose belongs to, and whether it is a new one.
    pub(super) fn of(&mut self, pose: &Pose) -> (i64, bool) {
        let at = [f64::from(pose.centre_m[0]), f64::from(pose.centre_m[1])];
        let goes_on = |last: &&Last| {
            let [x, y] = [at[0] - last.at[0], at[1] - last.at[1]];
            x * x + y * y <= self.reach_m * self.reach_m
        };
        let known = self.before.get(&pose.person).filter(goes_on).map(|last| last.id);
        let id = known.unwrap_or_else(|| {
            self.given += 1;
            self.given
        });
        self.now.insert(pose.person, Last { id, at });
        (id, known.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(person: u32, x_m: f32) -> Pose {
        Pose { person: PersonId(person), centre_m: [x_m, 0.0], facing: [1.0, 0.0] }
    }

    #[test]
    fn a_walk_keeps_its_number_and_a_second_walk_gets_its_own() {
        let mut ids = Ids::new(0.04);
        ids.next_frame(true);
        assert_eq!((ids.of(&at(7, 0.0)), ids.of(&at(3, 0.0))), ((1, true), (2, true)));
        ids.next_frame(true);
        assert_eq!(ids.of(&at(7, 0.05)), (1, false));
        ids.next_frame(true);
        assert_eq!((ids.of(&at(7, 0.1)), ids.of(&at(3, 0.0))), ((1, false), (3, true)), "3 was away");
    }

    #[test]
    fn nobody_walks_across_a_gap_or_further_than_people_do() {
        let mut ids = Ids::new(0.04);
        ids.next_frame(true);
        ids.of(&at(7, 0.0));
        ids.next_frame(false);
        assert_eq!(ids.of(&at(7, 0.0)), (2, true));
        ids.next_frame(true);
        assert_eq!(ids.of(&at(7, 1.3)), (3, true));
    }
}
