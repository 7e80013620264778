//! From a record to numbers: one pass over truth and journal yields every figure that any report shows.
//!
//! The controller's journal says what was believed, the truth what happened; every measure is a join of the two. No
//! other layer counts anything: reports print [`Results`] and recompute nothing.

pub mod results;

pub use results::Results;
