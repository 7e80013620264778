//! From a site to its acceptance plan: which phases, at which places, and what has to come of them.

mod area;
mod draft;
mod lane;
mod reader;
mod steps;
mod whole;

pub use draft::{Acceptance, plan};
