//! `apbrig report`: the reports of recorded runs, written anew.

use super::args::Report;
use super::exit::Exit;
use super::job::{EVENTS, reproduce};
use super::job_error::JobError;
use super::replay::{ReplayError, open, record_of};
use super::screen::{complain, say, stdout_has_colour};
use crate::apb::time::Time;
use crate::metrics::collector::Collector;
use crate::record::codec::State;
use crate::record::digest::DigestWriter;
use crate::record::error::RecordError;
use crate::report::{EventsCsv, Style, summary, write_all};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

pub(super) fn report(args: &Report) -> Exit {
    let mut exit = Exit::Passed;
    let mut written = BTreeSet::new();
    for run in &args.runs {
        let folder = match &args.out {
            Some(out) if args.runs.len() > 1 => out.join(run.file_name().unwrap_or_default()),
            Some(out) => out.clone(),
            None => beside(run),
        };
        if !written.insert(folder.clone()) {
            let run = run.display();
            complain(&format!(
                "error: {run}: a report was written to the same folder; give it another --out"
            ));
            exit = Exit::Usage;
            continue;
        }
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

/// Writes the reports of one run. Of a record that was cut off, what is there is reported and the run counts
/// as aborted; a record that is bad in any other way leaves the folder as it was.
fn one(run: &Path, folder: &Path) -> Result<(), OneError> {
    let mut recorded = open(run)?;
    let of_record = |source| ReplayError::Record { path: record_of(run), source };
    let mut events = EventsCsv::new(Vec::new(), &recorded.scenario.start).map_err(JobError::from)?;
    let mut collector = Collector::new(&recorded.scenario, recorded.seed);
    let mut digest = DigestWriter::new();
    let mut last = Time::ZERO;
    for observation in recorded.reader.by_ref() {
        let observation = match observation {
            Ok(observation) => observation,
            Err(cut @ RecordError::Truncated { observations: 1.. }) => {
                complain(&format!("warning: {}: {cut}", run.display()));
                break;
            }
            Err(error) => return Err(of_record(error).into()),
        };
        last = observation.at;
        digest.observe(&observation);
        collector.observe(&observation);
        events.write(&observation, &recorded.scenario.plan.site).map_err(JobError::from)?;
    }
    let (state, end) = recorded.reader.footer().map_or((State::Aborted, last), |f| (f.state, f.simulated));
    let digest = digest.finish();
    std::fs::create_dir_all(folder).map_err(|source| JobError::Write { path: folder.into(), source })?;
    let path = folder.join(EVENTS);
    std::fs::write(&path, events.finish().map_err(JobError::from)?)
        .map_err(|source| JobError::Write { path, source })?;
    let results = collector.finish(end, state, digest, reproduce(&recorded.path, recorded.seed));
    write_all(folder, &results).map_err(JobError::from)?;
    say(&summary(&results, Some(folder), Style { colour: stdout_has_colour() }));
    Ok(())
}
