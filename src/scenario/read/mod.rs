//! Decoders of the language, one file for each part of it.

mod area;
mod crowd;
mod expect;
mod fault;
mod in_in;
mod lane;
mod lane_row;
mod people;
mod policy;
mod reader;
mod scenario;
mod script;
mod site;
mod walk;
mod week;

pub(super) use scenario::{head, scenario};
pub(super) use site::{Tables, site};
