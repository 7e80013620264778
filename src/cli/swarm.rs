//! `apbrig swarm`: random cases against every oracle, side by side; what fails is shrunk and kept.

use super::args::{Format, Swarm};
use super::batch::{is_interrupted, listen_for_interrupts};
use super::exit::Exit;
use super::run::{load_all, path_text};
use super::screen::{complain, say};
use crate::verify::case::Case;
use crate::verify::check::{check, check_case};
use crate::verify::oracle::Failure;
use crate::verify::regression::Regression;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use std::{fs, io, thread};

/// So many failing cases are made small; more of them rarely tell more, and each takes seconds.
const SHRUNK_MAX: u64 = 10;

pub(super) fn swarm(args: &Swarm) -> Exit {
    if !args.check.is_empty() {
        return check_files(args);
    }
    listen_for_interrupts();
    let seed = args.seed.unwrap_or_else(fresh_seed);
    let mut teller = Teller { args, seed, held: 0, failed: 0, exit: Exit::Passed };
    let took = cases(args, seed, |case, found| teller.tell(case, found));
    teller.finish(took)
}

/// A seed that nobody has had before, from the operating system.
fn fresh_seed() -> u64 {
    // The standard library seeds its hashers from the system, and offers no other way to its randomness.
    RandomState::new().build_hasher().finish()
}

/// A case that failed: what broke, and the same made small, unless enough were.
struct Found {
    failures: Vec<Failure>,
    small: Option<Regression>,
}

/// Checks case after case on as many threads as there are jobs; `each` hears of them in order. How long that
/// took.
fn cases(args: &Swarm, seed: u64, mut each: impl FnMut(&Case, Option<Found>)) -> Duration {
    let started = now();
    let ends = args.time.map(|time| started + Duration::from_micros(time.0));
    let (first, last) = match (args.case, args.time) {
        (Some(case), _) => (case, case.saturating_add(1)),
        (None, Some(_)) => (0, u64::MAX),
        (None, None) => (0, args.cases),
    };
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let threads = args.jobs.and_then(|n| usize::try_from(n).ok()).unwrap_or(processors);
    let bar = bar_for(args);
    let (next, shrunk) = (AtomicU64::new(first), AtomicU64::new(0));
    let (send, receive) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads {
            let (send, next, shrunk) = (send.clone(), &next, &shrunk);
            scope.spawn(move || {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let is_late = ends.is_some_and(|ends| now() >= ends);
                    if number >= last || is_late || is_interrupted() {
                        return;
                    }
                    let case = Case::draw(seed, number);
                    let found = judge(&case, shrunk);
                    if send.send((case, found)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        let mut waiting = BTreeMap::new();
        let mut told = first;
        for (case, found) in receive {
            bar.inc(1);
            waiting.insert(case.number, (case, found));
            while let Some((case, found)) = waiting.remove(&told) {
                bar.suspend(|| each(&case, found));
                told += 1;
            }
        }
    });
    bar.finish_and_clear();
    now() - started
}

#[expect(clippy::disallowed_methods, reason = "how long a swarm may take is a matter of the wall clock")]
fn now() -> Instant {
    Instant::now()
}

fn judge(case: &Case, shrunk: &AtomicU64) -> Option<Found> {
    let failures = check_case(case);
    let first = failures.first()?;
    let is_wanted = shrunk.fetch_add(1, Ordering::Relaxed) < SHRUNK_MAX;
    let small = is_wanted.then(|| Regression::of(case, first));
    Some(Found { failures, small })
}

fn bar_for(args: &Swarm) -> ProgressBar {
    let (bar, template) = if args.time.is_some() || args.case.is_some() {
        (ProgressBar::no_length(), "{pos} cases  {elapsed} gone, {per_sec}")
    } else {
        (ProgressBar::new(args.cases), "{bar:40} {pos}/{len} cases  {elapsed} gone, {eta} left")
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// Tells the user what came of the cases.
struct Teller<'a> {
    args: &'a Swarm,
    seed: u64,
    held: u64,
    failed: u64,
    exit: Exit,
}

impl Teller<'_> {
    fn tell(&mut self, case: &Case, found: Option<Found>) {
        let Some(found) = found else {
            self.held += 1;
            return;
        };
        self.failed += 1;
        self.exit = self.exit.and(Exit::Broken);
        let kept = found.small.as_ref().and_then(|small| match keep(&self.args.out, small) {
            Ok(path) => Some(path),
            Err(error) => {
                let folder = self.args.out.display();
                complain(&format!("error: cannot write into {folder}: {error}; choose another --out"));
                self.exit = self.exit.and(Exit::Usage);
                None
            }
        });
        let check = kept.map(|path| format!("apbrig swarm --check {path}"));
        match self.args.format {
            Format::Json => say(&json!({
                "event": "failure",
                "seed": case.seed,
                "case": case.number,
                "features": case.features,
                "failures": found.failures,
                "reproduce": case.reproduce(),
                "check": check,
            })
            .to_string()),
            Format::Human => {
                say(&format!("FAIL  case {}: {}", case.number, case.features.join(", ")));
                for failure in &found.failures {
                    say(&format!("      {failure}"));
                }
                say(&format!("      reproduce: {}", case.reproduce()));
                if let Some(check) = check {
                    say(&format!("      made small: {check}"));
                }
            }
        }
    }

    fn finish(mut self, took: Duration) -> Exit {
        if is_interrupted() {
            self.exit = self.exit.and(Exit::Interrupted);
        }
        let (seed, seconds) = (self.seed, took.as_secs_f64());
        let per_second = (self.held + self.failed) as f64 / seconds.max(1e-3);
        match self.args.format {
            Format::Json => say(&json!({
                "event": "end",
                "seed": seed,
                "held": self.held,
                "failed": self.failed,
                "seconds": seconds,
            })
            .to_string()),
            Format::Human => say(&format!(
                "swarm {seed}: {} cases held, {} failed; {seconds:.1} s, {per_second:.0} a second",
                self.held, self.failed
            )),
        }
        self.exit
    }
}

/// Writes a small failing case; the path of its scenario.
fn keep(folder: &Path, small: &Regression) -> io::Result<String> {
    fs::create_dir_all(folder)?;
    for (file, text) in [&small.site, &small.scenario] {
        fs::write(folder.join(file), text)?;
    }
    Ok(path_text(&folder.join(&small.scenario.0)))
}

/// `--check`: scenarios that somebody wrote, or a swarm left behind.
fn check_files(args: &Swarm) -> Exit {
    let Some(scenarios) = load_all(&args.check) else { return Exit::Usage };
    let mut exit = Exit::Passed;
    for (path, scenario) in &scenarios {
        let path = path_text(path);
        let failures = check(scenario, scenario.seed, true);
        if !failures.is_empty() {
            exit = exit.and(Exit::Broken);
        }
        match args.format {
            Format::Json => {
                say(&json!({ "event": "checked", "path": path, "failures": failures }).to_string());
            }
            Format::Human => {
                say(&format!("{}  {path}", if failures.is_empty() { "holds" } else { "FAIL " }));
                failures.iter().for_each(|failure| say(&format!("       {failure}")));
            }
        }
    }
    exit
}
