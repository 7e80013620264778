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

/// So many failing cases are shrunk; more of them rarely tell more, and each takes seconds.
const SHRUNK_MAX: u64 = 10;

pub(super) fn swarm(args: &Swarm) -> Exit {
    if !args.check.is_empty() {
        return check_files(args);
    }
    listen_for_interrupts();
    let seed = args.seed.as_ref().map_or_else(fresh_seed, |seed| seed.number);
    let mut teller = Teller { args, seed, held: 0, failed: 0, exit: Exit::Passed };
    let took = cases(args, seed, |case, found| {
        if let Some(told) = teller.told(case, found) {
            say(&told);
        }
    });
    teller.finish(took)
}

/// A seed that nobody has had before, from the operating system.
fn fresh_seed() -> u64 {
    // The standard library seeds its hashers from the system, and offers no other way to its randomness.
    RandomState::new().build_hasher().finish()
}

/// A case that failed: what broke, and the same shrunk, unless enough were.
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
    /// Counts a case, and keeps what failed; what is said of it.
    fn told(&mut self, case: &Case, found: Option<Found>) -> Option<String> {
        let Some(found) = found else {
            self.held += 1;
            return None;
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
        Some(failure(self.args.format, case, &found.failures, check))
    }

    fn finish(mut self, took: Duration) -> Exit {
        if is_interrupted() {
            self.exit = self.exit.and(Exit::Interrupted);
        }
        let (seed, seconds) = (self.seed, took.as_secs_f64());
        let per_second = (self.held + self.failed) as f64 / seconds.max(1e-3);
        // A commit's hash says more to people than the number that it stands for.
        let written = self.args.seed.as_ref().map(|seed| &seed.written).filter(|w| **w != seed.to_string());
        match self.args.format {
            Format::Json => {
                let mut end = json!({
                    "event": "end",
                    "seed": seed,
                    "held": self.held,
                    "failed": self.failed,
                    "seconds": seconds,
                });
                if let Some(written) = written {
                    end["seed_given"] = json!(written);
                }
                say(&end.to_string());
            }
            Format::Human => {
                let given = written.map_or_else(String::new, |written| format!(" (given as {written})"));
                let (held, failed) = (self.held, self.failed);
                let cases = if held == 1 { "case" } else { "cases" };
                say(&format!(
                    "swarm {seed}{given}: {held} {cases} held, {failed} failed; {seconds:.1} s, \
                     {per_second:.0} a second"
                ));
            }
        }
        self.exit
    }
}

/// What is said of a failing case; `check` is the command that checks it again, shrunk.
fn failure(format: Format, case: &Case, failures: &[Failure], check: Option<String>) -> String {
    match format {
        Format::Json => json!({
            "event": "failure",
            "seed": case.seed,
            "case": case.number,
            "features": case.features,
            "failures": failures,
            "reproduce": case.reproduce(),
            "check": check,
        })
        .to_string(),
        Format::Human => {
            let head = format!("FAIL  case {}: {}", case.number, case.features.join(", "));
            let found = failures.iter().map(Failure::to_string);
            let again = [format!("reproduce: {}", case.reproduce())];
            let small = check.map(|check| format!("shrunk: {check}"));
            let lines = found.chain(again).chain(small).map(|line| format!("\n      {line}"));
            head + &lines.collect::<String>()
        }
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

#[cfg(test)]
mod tests {
    use super::super::args::{Args, Command};
    use super::*;
    use crate::scenario::{DiskFiles, load};
    use crate::verify::oracle::Kind;
    use clap::Parser;

    /// A case with a fire in it counts as failing here.
    fn fails(tree: &crate::verify::case::Tree) -> Vec<Failure> {
        let is_hit = tree.texts("site.ron")[0].contains("Fire") && tree.load().is_ok();
        let failure = Failure { oracle: Kind::Fire, what: "somebody was denied\nand again".into() };
        if is_hit { vec![failure] } else { vec![] }
    }

    fn parsed(folder: &Path, format: &str) -> Swarm {
        let out = folder.display().to_string();
        let args = Args::parse_from(["apbrig", "swarm", "--seed", "3", "--out", &out, "--format", format]);
        let Command::Swarm(args) = args.command else { panic!("another command") };
        args
    }

    #[test]
    fn a_failing_case_is_kept_small_and_ends_with_4() {
        let case = (0..500).map(|n| Case::draw(3, n)).find(|case| !fails(&case.tree).is_empty()).unwrap();
        let failures = fails(&case.tree);
        let small = Regression::shrunk(&case, &failures[0], fails);
        let folder = tempfile::tempdir().unwrap();
        let kept = folder.path().join(&small.scenario.0);
        for format in ["human", "json"] {
            let args = parsed(folder.path(), format);
            let mut teller = Teller { args: &args, seed: 3, held: 0, failed: 0, exit: Exit::Passed };
            let found = Found { failures: failures.clone(), small: Some(small.clone()) };
            let told = teller.told(&case, Some(found)).unwrap();
            assert_eq!((teller.exit as u8, teller.failed), (4, 1));
            for part in ["fire", &case.reproduce(), &format!("apbrig swarm --check {}", kept.display())] {
                assert!(told.contains(part), "{told}");
            }
        }
        load(&kept, &DiskFiles).unwrap_or_else(|e| panic!("{}", e.render(false)));
        let text = fs::read_to_string(&kept).unwrap();
        let head = format!("// Broke `fire`, as drawn by {} and shrunk from", case.reproduce());
        assert!(text.starts_with(&head), "{text}");
        assert!(text.contains("//   somebody was denied\n//   and again\n"), "{text}");
        assert!(text.len() < case.tree.texts("site.ron")[0].len(), "{text}");
        assert!(folder.path().join(&small.site.0).exists());
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_no_reason_to_hide_the_failure() {
        let case = Case::draw(3, 1);
        let failures = vec![Failure { oracle: Kind::Rest, what: "a flap is open".into() }];
        let small = Regression::shrunk(&case, &failures[0], |_| vec![]);
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        let args = parsed(&folder.path().join("file"), "json");
        let mut teller = Teller { args: &args, seed: 3, held: 0, failed: 0, exit: Exit::Passed };
        let told = teller.told(&case, Some(Found { failures, small: Some(small) })).unwrap();
        assert!(told.contains("a flap is open") && told.contains("\"check\":null"), "{told}");
        assert_eq!(teller.exit, Exit::Broken);
    }
}
