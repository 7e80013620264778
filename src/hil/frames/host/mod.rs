//! Our end of a line with gate boards: see [`Host`].

mod drive;
mod exchange;
mod job;
mod link;
mod orders;
mod release;
mod states;

pub use drive::Host;
pub(super) use drive::check;
