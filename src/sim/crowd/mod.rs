//! People: where they come from, which lane they take, how they queue, present and go through.
//!
//! | file | what it holds |
//! |---|---|
//! | [`people`] | who there is and what they will do |
//! | `agenda` | the draws that decide it |
//! | `nature` | body, pace and luggage |
//! | `party` | who comes together |
//! | `stroll` | the same for people without credentials who walk about |
//! | [`floor`] | walking between portals and lanes |
//! | [`choice`] | which lane |
//! | `bound` | who walks towards which |
//! | `change` | waiting for a lane, and leaving it for another |
//! | `start` | setting out |
//! | `errand` | approaching a lane, joining its queue, leaving |
//! | `evacuation` | heeding the fire bell |
//! | [`track`] | moving in a queue and through a lane |
//! | `passing` | presenting, waiting, following, giving up |
//! | `crossing` | who really went where |
//! | [`body`] | outlines |

mod agenda;
pub mod body;
mod bound;
mod change;
pub mod choice;
mod crossing;
mod errand;
mod evacuation;
pub mod floor;
mod nature;
mod party;
mod passing;
pub mod people;
mod plugin;
mod start;
mod stroll;
pub mod track;

pub(super) use evacuation::FireBell;
pub(super) use plugin::{MoveCrowd, SetOut, Site, draw, plugin};
