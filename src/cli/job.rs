//! One run, from scenario to report: the world is simulated once, and everything that reads a run reads
//! along.

use super::hardware::{self, Beside};
use super::job_error::JobError;
use crate::apb::time::{Span, Time};
use crate::hil::clock::Clock;
use crate::hil::rig::Rig;
use crate::metrics::Results;
use crate::metrics::collector::Collector;
use crate::record::codec::{Header, SourceFile, State, Writer};
use crate::report::{EventsCsv, Pose, ReportError, Trajectories, write_all};
use crate::scenario::{Scenario, Source};
use crate::sim::{Body, Broken, Ended, Progress, Simulation};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// The record's name in a run's folder.
pub(super) const RECORD: &str = "record.jsonl.gz";

/// The journal's name in a run's folder.
pub(super) const EVENTS: &str = "events.csv";

/// One run that is to be made.
pub(super) struct Job<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) seed: u64,
    pub(super) folder: PathBuf,
    /// The command that makes this run again.
    pub(super) reproduce: String,
    /// Ticks to a frame of the trajectories; `None`: they are not wanted.
    pub(super) ticks_per_frame: Option<u64>,
    /// Threads for a tick of very many people.
    pub(super) threads: usize,
    /// The hardware that takes part, if any does.
    pub(super) rig: Option<&'a Rig>,
    /// Whether a second of the run takes a second, even without hardware.
    pub(super) realtime: bool,
}

/// What came of a run.
pub(super) struct Done {
    pub(super) results: Results,
    pub(super) folder: PathBuf,
    pub(super) broken: Option<Broken>,
    /// What there is to say of the hardware, if any took part.
    pub(super) beside: Option<Beside>,
}

impl Job<'_> {
    /// Makes the run. Every file is opened before it begins, so that a bad folder fails at once.
    pub(super) fn run(&self, report: impl FnMut(Progress) -> ControlFlow<()>) -> Result<Done, JobError> {
        fs::create_dir_all(&self.folder)
            .map_err(|source| JobError::Write { path: self.folder.clone(), source })?;
        let header =
            Header::new(&self.scenario.name, self.seed, self.scenario.tick, sources(&self.scenario.sources));
        let mut record = Writer::new(create(&self.folder.join(RECORD))?, &header)?;
        let mut events = EventsCsv::new(create(&self.folder.join(EVENTS))?, &self.scenario.start)?;
        let mut film = self.film()?;
        let mut collector = Collector::new(self.scenario, self.seed);
        let mut trouble: Result<(), JobError> = Ok(());
        let mut torn: Result<(), ReportError> = Ok(());

        let site = &self.scenario.plan.site;
        let mut simulation = match self.rig {
            Some(rig) => hardware::simulation(self.scenario, self.seed, rig)?,
            None => Simulation::new(self.scenario, self.seed),
        };
        // Wires keep their own pace.
        let pace = (self.realtime && self.rig.is_none()).then(Clock::start);
        if pace.is_some() {
            simulation.attach(|_| {});
        }
        simulation.use_threads(self.threads);
        let ended = simulation.run_watched(
            |observation| {
                collector.observe(observation);
                let kept = record.write(observation).map_err(JobError::from);
                let kept = kept.and_then(|()| Ok(events.write(observation, site)?));
                if trouble.is_ok() {
                    trouble = kept;
                }
            },
            |simulation| {
                if let Some(clock) = &pace {
                    clock.wait_until(simulation.now());
                }
                if let (Some(film), Ok(())) = (&mut film, &torn) {
                    torn = film.look(simulation);
                }
            },
            report,
        );
        trouble?;
        torn?;

        let (state, end) = match &ended {
            Ended::Finished(at) => (State::Finished, *at),
            Ended::Aborted(at) => (State::Aborted, *at),
            Ended::Broken(broken) => (State::Broken, broken.at),
        };
        let (file, footer) = record.finish(state, end)?;
        flush(file, &self.folder.join(RECORD))?;
        flush(events.finish()?, &self.folder.join(EVENTS))?;
        if let Some(film) = film {
            film.trajectories.finish(state, end.since(Time::ZERO))?;
        }
        let mut results = collector.finish(end, state, footer.digest, self.reproduce.clone());
        let beside = hardware::settle(self.rig, &simulation, &self.folder, &mut results)?;
        write_all(&self.folder, &results)?;
        let broken = if let Ended::Broken(broken) = ended { Some(broken) } else { None };
        Ok(Done { results, folder: self.folder.clone(), broken, beside })
    }
}

impl Job<'_> {
    /// Begins the trajectories if they are wanted; if not, none of an earlier run stay behind.
    fn film(&self) -> Result<Option<Film<'_>>, ReportError> {
        let Some(ticks) = self.ticks_per_frame else {
            Trajectories::remove(&self.folder)?;
            return Ok(None);
        };
        let length = Span(self.scenario.tick.0.saturating_mul(ticks));
        let trajectories = Trajectories::new(&self.folder, &self.scenario.plan, length)?;
        Ok(Some(Film { trajectories, length }))
    }
}

/// The trajectories of a run, and how much time passes from one frame to the next.
struct Film<'p> {
    trajectories: Trajectories<'p>,
    length: Span,
}

impl Film<'_> {
    /// Writes a frame if it is time for one.
    fn look(&mut self, simulation: &Simulation) -> Result<(), ReportError> {
        let now = simulation.now().since(Time::ZERO).0;
        if !now.is_multiple_of(self.length.0) {
            return Ok(());
        }
        let pose = |Body { person, centre, facing }| Pose {
            person,
            centre_m: centre.to_array(),
            facing: facing.to_array(),
        };
        self.trajectories.frame(now / self.length.0, simulation.bodies().map(pose))
    }
}

/// The files of a scenario, as a record keeps them.
fn sources(of: &[Source]) -> Vec<SourceFile> {
    of.iter().map(|s| SourceFile { path: s.path.clone(), text: s.text.clone() }).collect()
}

fn create(path: &Path) -> Result<BufWriter<File>, JobError> {
    File::create(path).map(BufWriter::new).map_err(|source| JobError::Write { path: path.into(), source })
}

fn flush(mut file: BufWriter<File>, path: &Path) -> Result<(), JobError> {
    file.flush().map_err(|source| JobError::Write { path: path.into(), source })
}

/// The command that makes a run again, for a shell.
pub(super) fn reproduce(scenario: &str, seed: u64) -> String {
    format!("apbrig run {} --seed {seed}", shell_word(scenario))
}

/// A text as one word of a shell's command.
pub(super) fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+,=:@%".contains(c);
    if text.chars().all(plain) && !text.is_empty() {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// How far a run is, of a thousand.
pub(super) fn permille(progress: Progress) -> u64 {
    let done = progress.now.since(Time::ZERO).0.saturating_mul(1_000);
    (done / progress.duration.0.max(1)).min(1_000)
}
