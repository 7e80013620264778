//! `apbrig rig`: real and emulated devices on lines.

mod check;
mod emulate;
mod latency;
mod load;
mod monitor;
mod table;

use super::args::rig::Rig;
use super::exit::Exit;

pub(super) fn rig(args: &Rig) -> Exit {
    match args {
        Rig::Check(args) => check::check(args),
        Rig::Emulate(args) => emulate::emulate(args),
        Rig::Monitor(args) => monitor::monitor(args),
        Rig::Latency(args) => latency::latency(args),
    }
}

pub(super) use load::{load_rig, load_site};
