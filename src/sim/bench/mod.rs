//! A lane on the bench: one gate of a type with its real beams, flap or rotor and controller, and one or two
//! bodies that walk as they are told. No crowd, no floor, no queue; but for the stream of people, which shows
//! how many a lane lets through.

mod people;
mod run;
mod stream;
mod tally;
mod trial;

pub use people::{Carried, Kind};
pub use stream::{STREAM_PEOPLE, Stream, stream};
pub use tally::{Case, Tally};
pub use trial::{Bench, Outcome, Trial};
