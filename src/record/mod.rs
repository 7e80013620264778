//! What a run leaves behind: one ordered stream of observations, and nothing else counts anything.
//!
//! Two strands run through a record. *Inputs*, *entries* and *commands* are what the controller was told,
//! wrote down and ordered. *Truth* is what people really did, which the controller never sees. Every metric
//! joins the two.

#[cfg(test)]
pub(crate) mod arbitrary;
pub mod codec;
pub mod diff;
pub mod digest;
pub mod error;
pub mod observation;

pub use codec::{Footer, Header, Reader, SourceFile, State, Writer};
pub use diff::{Comparison, Difference, diff};
pub use digest::DigestWriter;
pub use error::RecordError;
pub use observation::{Intent, Observation, PersonId, Route, Standing, Truth, What};
