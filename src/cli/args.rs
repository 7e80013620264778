//! What the user may type.

pub(super) mod commission;
pub(super) mod rig;
mod swarm;

use crate::apb::time::Span;
use crate::scenario::parse_span;
use crate::store::Hash;
use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

pub(super) use swarm::Swarm;

/// Exit codes, as the help shows them.
const EXIT_CODES: &str = "\
Exit codes:
  0    every expectation held
  1    an expectation failed: the system under test is bad; of journal verify:
       the journal was tampered with
  2    bad usage, or a file that is bad or cannot be written
  3    the rig failed: no verdict on the gate
  4    an invariant of apbrig itself broke
  130  interrupted; the record up to then is kept";

/// What `bench-lane` does and leaves behind, as its help shows it.
const BENCH: &str = "\
A cell is a kind of follower, what the leader has, a speed and a clear gap. Detected: an alarm that the same
trial does not raise without the follower. Prevented: he did not get through. Of a rotor, which sees nobody,
only what can be said is said.

The folder gets bench.html, bench.csv, bench.json and charts/. Ctrl-C ends the trials, and the cells that
are done are kept.

  apbrig bench-lane scenarios/lanes/flap-barrier.ron
  apbrig bench-lane my-lane.ron --gaps 0.1,0.5,1 --speeds 1.2 --trials 59 --out reports/my-lane

Exit codes: 0 done; 2 bad usage, or a file that is bad or cannot be written; 130 interrupted.";

/// What `decide` hears, as its help shows it.
const EVENTS: &str = "\
Events, one a line, in order of time; `t` is in seconds:
  {\"t\":0,\"read\":{\"reader\":\"R1e\",\"credential\":\"K1\"}}
  {\"t\":1,\"opened\":{\"lane\":\"L1\"}}
  {\"t\":2,\"passed\":{\"lane\":\"L1\",\"direction\":\"in\"}}
  {\"t\":3,\"reset\":{\"holder\":\"P1\",\"to\":\"A\"}}
and place, forgive, fire, wait, muster, lockdown, unlock, replace, assign, remove, set_policy, set_mode,
beam, leaf. scenarios/ORACLE.md shows them all, and every line that comes out.

A log has no passages: with --format csv a holder counts as moved with the grant (commit=on_grant) unless
--set says otherwise, and every grant is used at once.

Exit codes: 0 every line was answered; 2 bad usage, or a bad file or line (what was decided before is
printed).";

/// So many runs of one scenario in one command; more are for several commands.
const REPEAT_MAX: u64 = 10_000;

/// So many trials of a cell; more prove nothing that anybody asks for.
const TRIALS_MAX: u64 = 100_000;

/// The gaps of a bench, metres: below, about and above the limits of common lanes.
const GAPS_M: [f64; 10] = [0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.25, 1.5];

/// The speeds of a bench, metres a second: slow, usual and hurried.
const SPEEDS_M_S: [f64; 3] = [0.8, 1.2, 1.6];
/// Frames further apart than this say nothing about walking: at ticks of 10 ms, 100 s.
const TICKS_PER_FRAME_MAX: u64 = 10_000;

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
    /// Check sites, scenarios and lane types without running them.
    Check(Check),
    /// Show what a recorded run did, or run it again and compare.
    Replay(Replay),
    /// Write the reports of recorded runs anew.
    Report(Report),
    /// Try a lane type against people who follow others without a grant: how many it tells, how many it keeps
    /// out, how often it is wrong, and how many a minute it lets through.
    #[command(after_help = BENCH)]
    BenchLane(BenchLane),
    /// Hold the crowd against experiments with real people and the tests of guidelines.
    Validate(Validate),
    /// Run random scenarios, check everything that has to hold of any run, and shrink what fails.
    Swarm(Swarm),
    /// Look at the journal of a live controller: the file in which it keeps what it did and why.
    #[command(subcommand)]
    Journal(Journal),
    /// Real gates, readers and panels on a line: find them, be them, watch them, measure them.
    #[command(subcommand)]
    Rig(rig::Rig),
    /// Carry out the acceptance test of a site: every reader, both ways, and what has to hold there;
    /// simulated, or on the gates and readers of a rig. Leaves a certificate.
    Commission(commission::Commission),
    /// Ask the controller: events or an access log in, decisions out, one JSON object a line.
    #[command(after_help = EVENTS)]
    Decide(Box<Decide>),
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
    /// Real or emulated gates and readers take part: the rig that says which. The run then takes as long as
    /// it is, and what happened on the wires goes to rig.json. A panel under test is held against
    /// apbrig's controller: whatever it decides otherwise fails the run and goes to panel.json.
    #[arg(long, value_name = "RIG")]
    pub(super) rig: Option<PathBuf>,
    /// A second of the run takes a second.
    #[arg(long)]
    pub(super) realtime: bool,
    /// Also write trajectories.sqlite: where everybody is in every frame, in JuPedSim's format, for PedPy and
    /// other tools. Takes some 65 bytes for each body and frame.
    #[arg(long)]
    pub(super) trajectories: bool,
    /// How many ticks there are to a frame of the trajectories: with ticks of 10 ms, 4 make 25 frames a
    /// second.
    #[arg(long, value_name = "N", default_value_t = 4, requires = "trajectories")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=TICKS_PER_FRAME_MAX))]
    pub(super) trajectories_every: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Human,
    Json,
}

#[derive(clap::Args, Debug)]
pub(super) struct Check {
    /// Scenario, site or lane type files, or folders.
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

#[derive(clap::Args, Debug)]
pub(super) struct BenchLane {
    /// The lane type, such as scenarios/lanes/flap-barrier.ron.
    #[arg(value_name = "LANE")]
    pub(super) lane: PathBuf,
    /// Trials of each cell. 59 without a miss prove 95 %, 299 prove 99 %.
    #[arg(long, value_name = "N", default_value_t = 299)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=TRIALS_MAX))]
    pub(super) trials: u64,
    /// The seed of everything that chance decides.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,
    /// Clear gaps between the two, metres, 0 to 5.
    #[arg(long, value_name = "M", value_delimiter = ',', value_parser = parse_gap)]
    #[arg(default_values_t = GAPS_M)]
    pub(super) gaps: Vec<f64>,
    /// Speeds of both, metres a second, 0.3 to 3.
    #[arg(long, value_name = "M/S", value_delimiter = ',', value_parser = parse_speed)]
    #[arg(default_values_t = SPEEDS_M_S)]
    pub(super) speeds: Vec<f64>,
    /// Where the results go. [default: reports/lanes/LANE-SEED]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// No progress.
    #[arg(long, short)]
    pub(super) quiet: bool,
    /// How many cells go on at the same time. [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) jobs: Option<u64>,
}

#[derive(clap::Args, Debug)]
pub(super) struct Validate {
    /// The parts to do, such as bottleneck or rimea-06. [default: all]
    #[arg(value_name = "PART")]
    pub(super) parts: Vec<String>,
    /// The folder of the scenes.
    #[arg(long, value_name = "DIR", default_value = "scenarios/validation")]
    pub(super) scenes: PathBuf,
    /// Where the page, the table and the charts go.
    #[arg(long, value_name = "DIR", default_value = "reports/validation")]
    pub(super) out: PathBuf,
    /// No progress.
    #[arg(long, short)]
    pub(super) quiet: bool,
    /// How many parts go on at the same time. [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) jobs: Option<u64>,
}

fn parse_gap(text: &str) -> Result<f64, String> {
    within(text, 0.0, 5.0)
}

fn parse_speed(text: &str) -> Result<f64, String> {
    within(text, 0.3, 3.0)
}

fn within(text: &str, low: f64, high: f64) -> Result<f64, String> {
    let number = text.trim().parse::<f64>().ok().filter(|n| (low..=high).contains(n));
    number.ok_or_else(|| format!("expected a number from {low} to {high}"))
}

fn parse_time(text: &str) -> Result<Span, String> {
    match parse_span(text) {
        Ok(Span::ZERO) => Err("expected more than zero".into()),
        Ok(span) => Ok(span),
        Err(expected) => Err(format!("{expected}, such as 10min or 1h 30min")),
    }
}

#[derive(Subcommand, Debug)]
pub(super) enum Journal {
    /// Walk the whole chain and find any entry that was altered, removed, put in or moved, and a tail that
    /// was cut off. Exit code 1: it was tampered with; 2: it is no journal, or cannot be read.
    Verify(JournalVerify),
    /// Print entries as JSON Lines: number, time in microseconds, event, hash. Readers, lanes, areas and
    /// holders are told by their place in the site file, counting from 0, not by name. Does not verify them.
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

#[derive(clap::Args, Debug)]
pub(super) struct Decide {
    /// The site.
    #[arg(value_name = "SITE", required_unless_present_any = ["list_axes", "list_presets"])]
    pub(super) site: Option<PathBuf>,
    /// The policy of every area but the outside, in place of the site's own; also the presets of real systems
    /// that --list-presets shows.
    #[arg(long, value_name = "NAME")]
    pub(super) policy: Option<String>,
    /// Moves the site along an axis; may be given several times. --list-axes shows them all.
    #[arg(long, value_name = "AXIS=VALUE")]
    pub(super) set: Vec<String>,
    /// Where the events come from; `-` is standard input.
    #[arg(long, value_name = "FILE", default_value = "-")]
    pub(super) events: PathBuf,
    /// What the events are: JSON Lines, or an access log as a table. [default: csv with --columns, else json]
    #[arg(long, value_enum)]
    pub(super) format: Option<EventFormat>,
    /// Which columns of the log hold what, by name or number: time=..,reader=..,credential=.. and, if there
    /// are such columns, holder=.. (may stand in for the credential) and result=..
    #[arg(long, value_name = "COLUMNS", required_if_eq("format", "csv"))]
    pub(super) columns: Option<String>,
    /// Put the log's rows in order of time first; the whole log is then held in memory, some 50 bytes a row.
    #[arg(long, requires = "columns")]
    pub(super) sort: bool,
    /// The local date and time at `t` 0, which schedules go by. [default: 2026-01-05T00:00, a Monday; for
    /// logs the midnight before their first row]
    #[arg(long, value_name = "TIME")]
    pub(super) start: Option<String>,
    /// The site's time zone. [default: UTC]
    #[arg(long, value_name = "NAME")]
    pub(super) time_zone: Option<String>,
    /// Lanes with beams hear of `beam` and `leaf`, not of `opened` and `passed`.
    #[arg(long, conflicts_with = "columns")]
    pub(super) beams: bool,
    /// Every grant is used at once: for reads without passages.
    #[arg(long, conflicts_with = "beams")]
    pub(super) assume_taken: bool,
    /// Close with a summary: a line of JSON, and a text on standard error. Logs always do.
    #[arg(long)]
    pub(super) summary: bool,
    /// Print nothing but the summary.
    #[arg(long)]
    pub(super) summary_only: bool,
    /// Pass over the log's rows of readers that the site does not have, and count them. Without it the first
    /// one ends the replay.
    #[arg(long, requires = "columns")]
    pub(super) skip_unknown_readers: bool,
    /// List the axes that --set knows, and leave.
    #[arg(long)]
    pub(super) list_axes: bool,
    /// List the presets of real systems, or show what one rests on: what public documents say of each axis,
    /// what none says, and what differs here; and leave.
    #[arg(long, value_name = "NAME", num_args = 0..=1)]
    pub(super) list_presets: Option<Option<String>>,
}

/// What the events of `decide` are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum EventFormat {
    Json,
    Csv,
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
