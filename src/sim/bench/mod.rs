//! A lane on the bench: one gate of a type with its real beams, flap and controller, and one or two bodies
//! that walk as they are told. No crowd, no floor, no queue.

mod people;
mod trial;

pub use people::{Carried, Kind};
pub use trial::{Bench, Outcome, Trial};
