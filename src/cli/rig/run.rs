//! Which of the commands of a rig it is.

use super::{check, emulate, latency, monitor};
use crate::cli::args::rig::Rig;
use crate::cli::exit::Exit;

pub(in crate::cli) fn rig(args: &Rig) -> Exit {
    match args {
        Rig::Check(args) => check::check(args),
        Rig::Emulate(args) => emulate::emulate(args),
        Rig::Monitor(args) => monitor::monitor(args),
        Rig::Latency(args) => latency::latency(args),
    }
}
