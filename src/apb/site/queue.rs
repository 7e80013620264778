//! Which grants may wait in a lane together.

use serde::{Deserialize, Serialize};

/// Whether a lane that has grants for one way takes reads for the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Queue {
    /// It does not: a read is busy while grants wait, or somebody comes, the other way.
    #[default]
    OneWay,
    /// It does: grants wait in a queue each way, and the two ways take turns.
    ///
    /// Grants that come while only one way waits join its turn. From the first grant the other way on the
    /// turn is limited to what waits already, and later grants are for that way's next turn. A turn is over
    /// when its grants are used or have lapsed; the other way's turn, with all that wait by then, begins
    /// once nobody who goes the first way is in the lane and has not passed. So whoever waits is overtaken
    /// by one turn of the other way at most: one more grant than the lane remembers.
    BothWays,
}
