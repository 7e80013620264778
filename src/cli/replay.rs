//! `apbrig replay`: what a recorded run did; or the same run again, compared observation by observation.

use super::args::Replay;
use super::exit::Exit;
use super::hardware::WIRES;
use super::job::RECORD;
use super::screen::{complain, say};
use crate::record::codec::{Footer, Reader, State};
use crate::record::diff::Comparison;
use crate::record::error::RecordError;
use crate::report::{EventsCsv, ReportError};
use crate::scenario::files::RecordedFiles;
use crate::scenario::load::load;
use crate::scenario::{Scenario, Source};
use crate::sim::Simulation;
use std::cell::Cell;
use std::fs::File;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// A record that has been opened, and the scenario it holds.
pub(super) struct Recorded {
    pub(super) reader: Reader<File>,
    pub(super) scenario: Scenario,
    pub(super) seed: u64,
    /// The scenario's path, as it was typed for the run.
    pub(super) path: String,
}

/// Why a record is of no use.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReplayError {
    #[error("cannot open {}: {source}; give a run's folder or its {RECORD}", path.display())]
    Open { path: PathBuf, source: io::Error },
    #[error("{}: {source}", path.display())]
    Record { path: PathBuf, source: RecordError },
    #[error("the scenario in the record is not one this version can read:\n{0}")]
    Scenario(String),
    #[error(transparent)]
    Report(#[from] ReportError),
}

/// The record of a run that was named by its folder or by its record.
pub(super) fn record_of(run: &Path) -> PathBuf {
    if run.is_dir() { run.join(RECORD) } else { run.to_owned() }
}

/// Opens a run by its folder or its record.
pub(super) fn open(run: &Path) -> Result<Recorded, ReplayError> {
    let path = record_of(run);
    let file = File::open(&path).map_err(|source| ReplayError::Open { path: path.clone(), source })?;
    let reader = Reader::new(file).map_err(|source| ReplayError::Record { path, source })?;
    let header = reader.header();
    let sources =
        header.sources.iter().map(|s| Source { path: s.path.clone(), text: s.text.clone() }).collect();
    let seed = header.seed;
    let path = header.sources.first().map_or_else(String::new, |s| s.path.clone());
    let scenario = load(Path::new(&path), &RecordedFiles(sources))
        .map_err(|diagnostics| ReplayError::Scenario(diagnostics.render(false)))?;
    Ok(Recorded { reader, scenario, seed, path })
}

pub(super) fn replay(args: &Replay) -> Exit {
    let done = open(&args.run).and_then(|recorded| {
        if args.verify { verify(recorded, &args.run) } else { show(recorded, &args.run) }
    });
    done.unwrap_or_else(|error| {
        complain(&format!("error: {error}"));
        Exit::Usage
    })
}

/// Prints the journal as a table.
fn show(recorded: Recorded, run: &Path) -> Result<Exit, ReplayError> {
    match print(recorded, run) {
        // Whoever read along has seen enough.
        Err(ReplayError::Report(error)) if error.is_broken_pipe() => Ok(Exit::Passed),
        printed => printed.map(|()| Exit::Passed),
    }
}

fn print(recorded: Recorded, run: &Path) -> Result<(), ReplayError> {
    let mut table = EventsCsv::new(io::stdout().lock(), &recorded.scenario.start)?;
    for observation in recorded.reader {
        let observation = observation.map_err(|source| ReplayError::Record { path: run.into(), source })?;
        table.write(&observation, &recorded.scenario.plan.site)?;
    }
    drop(table.finish()?);
    Ok(())
}

/// Runs the recorded scenario again until it parts from the record, or to the end.
fn verify(recorded: Recorded, run: &Path) -> Result<Exit, ReplayError> {
    let hardware = record_of(run).with_file_name(WIRES);
    if hardware.exists() {
        complain(&format!(
            "error: hardware took part in this run ({}), and what it does cannot be made again; without \
             --verify the record is shown",
            hardware.display()
        ));
        return Ok(Exit::Usage);
    }
    let Recorded { reader, scenario, seed, .. } = recorded;
    let of_record = |source| ReplayError::Record { path: run.into(), source };
    let footer = last_words(run).map_err(of_record)?;
    let until = footer.as_ref().map(|f| f.simulated);
    let mut comparison = Comparison::new(reader);
    let mut failed = None;
    let decided = Cell::new(false);
    Simulation::new(&scenario, seed).run(
        |observation| {
            if let Err(error) = comparison.observe(observation) {
                failed.get_or_insert(error);
            }
            decided.set(failed.is_some() || comparison.difference().is_some());
        },
        |progress| {
            let is_over = decided.get() || until.is_some_and(|end| progress.now >= end);
            if is_over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        },
    );
    if let Some(error) = failed {
        return Err(of_record(error));
    }
    match comparison.finish().map_err(of_record)? {
        None => {
            let footer = footer.map_or_else(String::new, |f| {
                let aborted =
                    if f.state == State::Finished { "" } else { ", up to where the run was stopped" };
                format!(": {} observations, digest {}{aborted}", f.observations, f.digest)
            });
            say(&format!("identical{footer}"));
            Ok(Exit::Passed)
        }
        Some(difference) => {
            complain(&format!(
                "error: the run is not the recorded one; if another build of apbrig made the record, that \
                 is why, and if not, apbrig is at fault\n{difference}"
            ));
            Ok(Exit::Broken)
        }
    }
}

/// The footer of a record, which stands at its very end.
fn last_words(run: &Path) -> Result<Option<Footer>, RecordError> {
    let mut reader = Reader::new(File::open(record_of(run))?)?;
    for observation in reader.by_ref() {
        observation?;
    }
    Ok(reader.footer().cloned())
}
