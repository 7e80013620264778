//! The parts of the validation, in their order.

use super::stage::Stage;
use super::{bottleneck, lanes, queue, rimea, ring};
use crate::metrics::validation::Part;
use crate::scenario::Diagnostics;

/// A part of the validation: what it is called, and how it is done.
#[derive(Clone, Copy, Debug)]
pub struct Trial {
    /// The name of its part.
    pub name: &'static str,
    run: fn(&Stage<'_>) -> Result<Part, Diagnostics>,
}

impl Trial {
    /// Does it.
    ///
    /// # Errors
    /// What is wrong with a scene's file.
    pub fn run(&self, stage: &Stage<'_>) -> Result<Part, Diagnostics> {
        (self.run)(stage)
    }
}

/// All of them, in the order in which they are shown.
pub const TRIALS: [Trial; 14] = [
    Trial { name: "rimea-01", run: rimea::corridor },
    Trial { name: "rimea-04", run: ring::speeds },
    Trial { name: "rimea-05", run: rimea::reaction },
    Trial { name: "rimea-06", run: rimea::corner },
    Trial { name: "rimea-07", run: rimea::ages },
    Trial { name: "rimea-09", run: rimea::doors },
    Trial { name: "rimea-10", run: rimea::exits },
    Trial { name: "rimea-12", run: rimea::bottleneck },
    Trial { name: "rimea-15", run: rimea::round_the_corner },
    Trial { name: "bottleneck", run: bottleneck::widths },
    Trial { name: "step", run: bottleneck::steps },
    Trial { name: "lanes", run: lanes::free },
    Trial { name: "gate", run: lanes::gated },
    Trial { name: "queue", run: queue::waiting },
];
