//! One board on a line.

use crate::apb::id::Direction;

/// One board on a line: its address, and which way round it was built in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Station {
    /// Its address; of no matter where the board's frames carry none.
    pub address: u8,
    /// Whether the board stands the other way round: what its description calls in is out here.
    pub turned: bool,
}

impl Station {
    /// A board that stands as its description says.
    pub fn at(address: u8) -> Self {
        Self { address, turned: false }
    }

    /// The lane's direction for the description's, and the other way about.
    pub fn way(self, direction: Direction) -> Direction {
        if self.turned { direction.opposite() } else { direction }
    }
}
