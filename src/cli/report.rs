//! `apbrig report`: the reports of recorded runs, written anew.

use super::args::Report;
use super::exit::Exit;
use super::job::{EVENTS, JobError, RECORD, create, flush, reproduce};
use super::replay::{ReplayError, open};
use super::screen::{complain, say, stdout_has_colour};
use crate::metrics::collector::Collector;
use crate::record::codec::State;
use crate::report::{EventsCsv, Style, summary, write_all};
use std::path::{Path, PathBuf};

pub(super) fn report(args: &Report) -> Exit {
    let mut exit = Exit::Passed;
    for run in &args.runs {
        let folder = match &args.out {
            Some(out) if args.runs.len() > 1 => out.join(run.file_name().unwrap_or_default()),
            Some(out) => out.clone(),
            None => beside(run),
        };
        if let Err(error) = one(run, &folder) {
            complain(&format!("error: {error}"));
            exit = Exit::Usage;
        }
    }
    exit
}

/// The folder that a run's record stands in.
fn beside(run: &Path) -> PathBuf {
    if run.is_dir() { run.to_owned() } else { run.parent().unwrap_or(Path::new("")).to_owned() }
}

#[derive(Debug, thiserror::Error)]
enum OneError {
    #[error(transparent)]
    Replay(#[from] ReplayError),
    #[error(transparent)]
    Job(#[from] JobError),
}

fn one(run: &Path, folder: &Path) -> Result<(), OneError> {
    let mut recorded = open(run)?;
    let of_record = |source| ReplayError::Record { path: run.join(RECORD), source };
    std::fs::create_dir_all(folder).map_err(|source| JobError::Write { path: folder.into(), source })?;
    let events_path = folder.join(EVENTS);
    let mut events =
        EventsCsv::new(create(&events_path)?, &recorded.scenario.start).map_err(JobError::from)?;
    let mut collector = Collector::new(&recorded.scenario, recorded.seed);
    for observation in recorded.reader.by_ref() {
        let observation = observation.map_err(of_record)?;
        collector.observe(&observation);
        events.write(&observation, &recorded.scenario.plan.site).map_err(JobError::from)?;
    }
    flush(events.finish().map_err(JobError::from)?, &events_path)?;
    let (state, end, digest) = match recorded.reader.footer() {
        Some(footer) => (footer.state, footer.simulated, footer.digest.clone()),
        None => (State::Aborted, crate::apb::time::Time::ZERO, String::new()),
    };
    let results = collector.finish(end, state, digest, reproduce(&recorded.path, recorded.seed));
    write_all(folder, &results).map_err(JobError::from)?;
    say(&summary(&results, Some(folder), Style { colour: stdout_has_colour() }));
    Ok(())
}
