//! Until merged.

use super::machine::LaneMachine;
use crate::apb::id::Direction;

impl LaneMachine {
    /// Shut and empty.
    pub fn is_secure(&self) -> bool {
        self.grants.direction().is_none() && self.flap.is_closed() && self.people.iter().next().is_none()
    }
    /// How many more.
    pub fn free_slots(&self, direction: Direction) -> usize {
        if self.check(direction).is_err() {
            return 0;
        }
        (usize::from(self.memory) + 1).saturating_sub(self.grants.count(direction))
    }
}
