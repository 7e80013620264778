//! `apbrig run`: scenarios in, verdicts and reports out.

use super::args::{Format, Run};
use super::batch::{is_interrupted, listen_for_interrupts, run_all};
use super::exit::Exit;
use super::job::{Done, Job, reproduce, shell_word};
use super::job_error::JobError;
use super::progress::threads_for;
use super::rig::load_rig;
use super::screen::{complain, complain_of, say, stdout_has_colour};
use crate::metrics::Results;
use crate::metrics::results::Outcome;
use crate::report::{Style, junit_of, results_json, summary};
use crate::scenario::Scenario;
use crate::scenario::files::DiskFiles;
use crate::scenario::find::find;
use crate::scenario::load::load;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Where runs go unless told otherwise.
const RUNS: &str = "reports/runs";

pub(super) fn run(args: Run) -> Exit {
    let Some(scenarios) = load_all(&args.scenarios) else { return Exit::Usage };
    let rig = match args.rig.as_deref().map(load_rig).transpose() {
        Ok(rig) => rig,
        Err(exit) => return exit,
    };
    let seeds = |s: &Scenario| {
        let first = args.seed.unwrap_or(s.seed);
        (0..args.repeat).map(move |i| first.wrapping_add(i))
    };
    let many = scenarios.len() > 1 || args.repeat > 1;
    // Hardware is there once, and lives in real time.
    let threads = if rig.is_some() { 1 } else { threads_for(args.jobs) };
    let runs = scenarios.len().saturating_mul(usize::try_from(args.repeat).unwrap_or(usize::MAX));
    let job = |(path, scenario), seed| Job {
        scenario,
        seed,
        folder: folder(&args, scenario, seed, many),
        reproduce: reproduced(&args, path, seed),
        rig: rig.as_ref(),
        realtime: args.realtime,
        ticks_per_frame: args.trajectories.then_some(args.trajectories_every),
        threads: threads / runs.clamp(1, threads),
    };
    let jobs: Vec<Job<'_>> =
        scenarios.iter().flat_map(|(path, s)| seeds(s).map(move |seed| job((path, s), seed))).collect();

    if let Some(shared) = shared_folder(&jobs) {
        complain(&format!(
            "error: two runs would both write {}; run scenarios of the same name one after the other, each \
             with its own --out",
            shared.display()
        ));
        return Exit::Usage;
    }

    if let Some(error) = args.junit.as_deref().and_then(|path| fs::File::create(path).err()) {
        complain(&junit_trouble(&args, &error));
        return Exit::Usage;
    }
    listen_for_interrupts();
    let mut teller = Teller { args: &args, many, exit: Exit::Passed, results: Vec::new(), lost: Vec::new() };
    run_all(&jobs, threads, args.quiet, |job, done| match done {
        Ok(done) => teller.tell(done),
        Err(error) => {
            complain(&format!("error: {}: {error}", job.scenario.name));
            let is_rig = matches!(error, JobError::Rig(_));
            teller.exit = teller.exit.and(if is_rig { Exit::Rig } else { Exit::Usage });
            teller.lost.push((format!("{} seed {}", job.scenario.name, job.seed), error.to_string()));
        }
    });
    teller.finish()
}

/// The command that makes a run again.
fn reproduced(args: &Run, scenario: &Path, seed: u64) -> String {
    let command = reproduce(&path_text(scenario), seed);
    match &args.rig {
        Some(rig) => format!("{command} --rig {}", shell_word(&path_text(rig))),
        None => command,
    }
}

/// Every scenario the user named; nothing is run unless all of them are sound.
pub(super) fn load_all(paths: &[PathBuf]) -> Option<Vec<(PathBuf, Scenario)>> {
    let found = match find(paths) {
        Ok(found) => found,
        Err(error) => {
            complain(&format!("error: {error}"));
            return None;
        }
    };
    let mut scenarios = Vec::new();
    let mut sound = true;
    for path in found {
        match load(&path, &DiskFiles) {
            Ok(scenario) => scenarios.push((path, scenario)),
            Err(diagnostics) => {
                sound = false;
                complain_of(&diagnostics);
            }
        }
    }
    sound.then_some(scenarios)
}

/// A path as a user would type it, whatever the system's separator.
pub(super) fn path_text(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}

fn folder(args: &Run, scenario: &Scenario, seed: u64, one_of_many: bool) -> PathBuf {
    let name = format!("{}-{seed}", scenario.name);
    match &args.out {
        Some(out) if one_of_many => out.join(name),
        Some(out) => out.clone(),
        None => Path::new(RUNS).join(name),
    }
}

/// A folder that two runs would write into at the same time.
fn shared_folder<'a>(jobs: &'a [Job<'_>]) -> Option<&'a Path> {
    let mut folders: Vec<&Path> = jobs.iter().map(|job| job.folder.as_path()).collect();
    folders.sort();
    folders.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
}

/// That there is no place for the JUnit file.
fn junit_trouble(args: &Run, error: &io::Error) -> String {
    let path = args.junit.as_deref().unwrap_or(Path::new(""));
    format!("error: cannot write {}: {error}; choose another --junit file", path.display())
}

/// Tells the user what came of the runs.
struct Teller<'a> {
    args: &'a Run,
    many: bool,
    exit: Exit,
    results: Vec<Results>,
    /// Runs that could not be made or kept, and why.
    lost: Vec<(String, String)>,
}

impl Teller<'_> {
    fn tell(&mut self, done: Done) {
        let Done { results, folder, broken, beside } = done;
        let failed = beside.as_ref().and_then(|beside| beside.failed.as_ref());
        if let Some(broken) = &broken {
            complain(&format!(
                "error: an invariant of apbrig broke: {broken}\nreproduce: {}",
                results.reproduce
            ));
        }
        self.exit = self.exit.and(match (broken, results.outcome) {
            (None, Outcome::Error) if failed.is_some() => Exit::Rig,
            (Some(_), _) | (None, Outcome::Error) => Exit::Broken,
            (None, Outcome::Pass) => Exit::Passed,
            (None, Outcome::Fail) => Exit::Failed,
            (None, Outcome::Aborted) => Exit::Interrupted,
        });
        match self.args.format {
            Format::Json => self.tell_json(&results),
            Format::Human => self.tell_people(&results, &folder),
        }
        if let (Some(beside), Format::Human) = (&beside, self.args.format) {
            say(&beside.told);
        }
        if let Some(failed) = failed {
            complain(&format!("error: the rig failed, so there is no verdict: {failed}"));
        }
        self.results.push(results);
    }

    fn tell_json(&self, results: &Results) {
        match results_json(results).map(|json| serde_json::from_str::<serde_json::Value>(&json)) {
            Ok(Ok(json)) => say(&json.to_string()),
            Ok(Err(error)) => complain(&format!("error: {error}")),
            Err(error) => complain(&format!("error: {error}")),
        }
    }

    fn tell_people(&self, results: &Results, folder: &Path) {
        let style = Style { colour: stdout_has_colour() };
        let passed = results.outcome == Outcome::Pass;
        if !passed || !(self.many || self.args.quiet) {
            say(&summary(results, Some(folder), style));
        } else if !self.args.quiet {
            let held = results.expectations.len();
            say(&format!(
                "pass  {} seed {}: {held} of {held} expectations held",
                results.scenario, results.seed
            ));
        }
    }

    fn finish(mut self) -> Exit {
        if is_interrupted() {
            self.exit = self.exit.and(Exit::Interrupted);
        }
        if let Some(path) = &self.args.junit {
            let written = junit_of(&self.results, &self.lost).map_err(io::Error::other);
            if let Err(error) = written.and_then(|xml| fs::write(path, xml)) {
                complain(&junit_trouble(self.args, &error));
                self.exit = self.exit.and(Exit::Usage);
            }
        }
        if self.many && self.args.format == Format::Human {
            let passed = self.results.iter().filter(|r| r.outcome == Outcome::Pass).count();
            let failed = self.results.len() - passed + self.lost.len();
            say(&format!("{passed} runs passed, {failed} did not"));
        }
        self.exit
    }
}
