//! Our end of a line with gate boards: see [`Host`].

mod drive;
mod exchange;
mod job;
mod link;
mod orders;
mod release;

pub use drive::Host;
pub(super) use drive::check;
