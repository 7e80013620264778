//! From a record to numbers: one pass over truth and journal yields every figure that any report shows.
//!
//! The controller's journal says what was believed, the truth what happened; every measure is a join of the
//! two. No other layer counts anything: reports print [`Results`] and recompute nothing.

pub mod bench;
pub mod collector;
mod domain;
mod drift;
#[cfg(test)]
pub(crate) mod fixture;
pub mod interval;
mod lanes;
mod measures;
mod occupancy;
mod passage;
mod passback;
mod quantile;
pub mod results;
mod series;
mod tailgating;
mod throughput;
pub mod validation;
mod verdict;

pub use collector::Collector;
pub use results::Results;
