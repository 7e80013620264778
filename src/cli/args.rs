//! What the user may type.

use crate::store::Hash;
use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Exit codes, as the help shows them.
const EXIT_CODES: &str = "\
Exit codes:
  0    every expectation held
  1    an expectation failed: the system under test is bad
  2    bad usage, or a file that is bad or cannot be written
  3    the rig failed: no verdict on the gate
  4    an invariant of apbrig itself broke
  130  interrupted; the record up to then is kept";

/// So many runs of one scenario in one command; more are for several commands.
const REPEAT_MAX: u64 = 10_000;

/// Simulator and hardware-in-the-loop test rig for anti-passback turnstiles.
#[derive(Parser, Debug)]
#[command(name = "apbrig", version, after_help = EXIT_CODES)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Run scenarios and write their reports.
    Run(Run),
    /// Check sites and scenarios without running them.
    Check(Check),
    /// Show what a recorded run did, or run it again and compare.
    Replay(Replay),
    /// Write the reports of recorded runs anew.
    Report(Report),
    /// Look at the journal of a live controller: the file in which it keeps what it did and why.
    #[command(subcommand)]
    Journal(Journal),
}

#[derive(clap::Args, Debug)]
pub(super) struct Run {
    /// Scenario files, or folders: every scenario below a folder is run.
    #[arg(required = true, value_name = "SCENARIO")]
    pub(super) scenarios: Vec<PathBuf>,
    /// The seed of every random draw, in place of the scenario's own.
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,
    /// Run each scenario this often, with consecutive seeds.
    #[arg(long, value_name = "N", default_value_t = 1)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=REPEAT_MAX))]
    pub(super) repeat: u64,
    /// Where the results go: the folder itself for one run, a folder below it for each of several.
    /// [default: reports/runs/SCENARIO-SEED]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// One JUnit file for all runs.
    #[arg(long, value_name = "FILE")]
    pub(super) junit: Option<PathBuf>,
    /// What is printed: a summary for people, or one line of JSON for each run.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(super) format: Format,
    /// Print failures and the verdict only, no progress: for CI.
    #[arg(long, short)]
    pub(super) quiet: bool,
    /// How many runs go on at the same time. [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) jobs: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Human,
    Json,
}

#[derive(clap::Args, Debug)]
pub(super) struct Check {
    /// Scenario or site files, or folders.
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
}

#[derive(clap::Args, Debug)]
pub(super) struct Replay {
    /// A run's folder, or its record.
    #[arg(value_name = "RUN")]
    pub(super) run: PathBuf,
    /// Run it again from the record alone and compare every observation.
    #[arg(long)]
    pub(super) verify: bool,
}

#[derive(clap::Args, Debug)]
pub(super) struct Report {
    /// Run folders, or records.
    #[arg(required = true, value_name = "RUN")]
    pub(super) runs: Vec<PathBuf>,
    /// Where the reports go. [default: beside each record]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
}

#[derive(Subcommand, Debug)]
pub(super) enum Journal {
    /// Walk the whole chain and find any entry that was altered, removed, put in or moved, and a tail that
    /// was cut off. Exit code 1: it was tampered with; 2: it is no journal, or cannot be read.
    Verify(JournalVerify),
    /// Print entries as JSON Lines: number, time in microseconds, event, hash. Does not verify them.
    Show(JournalShow),
}

#[derive(clap::Args, Debug)]
pub(super) struct JournalVerify {
    /// The journal.
    pub(super) file: PathBuf,
    /// A hash noted earlier, as this command prints it. Whoever rewrites the whole chain leaves a sound one;
    /// only a hash that is kept elsewhere tells it from the one that was written.
    #[arg(long, value_name = "HEX")]
    pub(super) expect_hash: Option<Hash>,
}

#[derive(clap::Args, Debug)]
pub(super) struct JournalShow {
    /// The journal.
    pub(super) file: PathBuf,
    /// The first entry to print.
    #[arg(long, value_name = "SEQ", default_value_t = 0)]
    pub(super) from: u64,
    /// The last entry to print. [default: the last there is]
    #[arg(long, value_name = "SEQ")]
    pub(super) to: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Args::command().debug_assert();
    }
}
