//! A panel of several: a controller for some lanes that tells the others what it did, asks them what it does
//! not know, and goes on by its own rules when nobody answers.

mod log;
mod machine;
mod upload;
mod waiting;

pub use log::Log;
pub use machine::{Panel, PanelEffects, PanelInput, PanelSnapshot};
pub(in crate::apb) use machine::{first_grant, giver};
pub(in crate::apb) use waiting::softened;
