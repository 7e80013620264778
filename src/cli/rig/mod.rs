//! `apbrig rig`: real and emulated devices on lines.

mod check;
mod emulate;
mod latency;
mod load;
mod monitor;
mod run;
mod table;

pub(super) use load::{load_rig, load_site};
pub(super) use run::rig;
