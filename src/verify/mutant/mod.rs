//! Faulty controllers: apbrig's own with one thing wrong, and for each the shipped scenario that finds it
//! out.
//!
//! They show what the scenarios are worth: a fault that no scenario notices would go unnoticed on a real
//! panel, too. To the world a faulty controller is a black box; it is found out by what it does, never by
//! looking into it.
//!
//! | controller | what is wrong with it | found out by | because of |
//! |---|---|---|---|
#![doc = include_str!("table.md")]

mod ears;
mod faulty;
mod hands;
mod list;
mod mind;

pub use faulty::Faulty;
pub use list::{MUTANTS, Mutant, SOUND};
