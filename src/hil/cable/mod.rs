//! A cable between two ends: it takes as long as a real one, and can be broken on purpose, the same way each
//! time.

mod carry;
mod fault;
mod model;

pub use carry::{Socket, carry};
pub use fault::{CableFault, CablePlan, Trouble};
pub use model::{Cable, Counts, End};
