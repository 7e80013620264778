//! The command line: what the user typed becomes calls into the other layers, and what they say becomes text
//! and an exit code. The only layer that knows all others, and the only one that prints.

mod args;
mod batch;
mod bench_lane;
mod check;
mod commission;
mod decide;
mod exit;
mod hardware;
mod in_order;
mod job;
mod job_error;
mod journal;
mod presets;
mod progress;
mod replay;
mod report;
mod rig;
mod run;
mod screen;
mod swarm;
mod typed;
mod validate;

use clap::Parser;
use std::process::ExitCode;

pub use exit::Exit;

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let args = args::Args::parse();
    let exit = match args.command {
        args::Command::Run(args) => run::run(args),
        args::Command::Check(args) => check::check(&args),
        args::Command::Replay(args) => replay::replay(&args),
        args::Command::Report(args) => report::report(&args),
        args::Command::BenchLane(args) => bench_lane::bench_lane(&args),
        args::Command::Validate(args) => validate::validate(&args),
        args::Command::Swarm(args) => swarm::swarm(&args),
        args::Command::Journal(args) => journal::journal(&args),
        args::Command::Commission(args) => commission::commission(&args),
        args::Command::Rig(args) => rig::rig(&args),
        args::Command::Decide(args) => decide::decide(&args),
    };
    exit.into()
}
