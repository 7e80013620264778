//! `apbrig swarm`: random cases against every oracle, side by side; what fails is shrunk and kept.

use super::args::{Format, Swarm};
use super::batch::{is_interrupted, listen_for_interrupts};
use super::exit::Exit;
use super::in_order::in_order;
use super::progress::{styled, threads_for};
use super::run::{load_all, path_text};
use super::screen::{complain, say};
use crate::verify::case::Case;
use crate::verify::check::{check, check_case};
use crate::verify::oracle::Failure;
use crate::verify::regression::Regression;
use indicatif::ProgressBar;
use serde_json::json;
use std::collections::BTreeSet;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{fs, io};

/// So many failing cases are shrunk; more of them rarely tell more, and each takes seconds.
const SHRUNK_MAX: usize = 10;

pub(super) fn swarm(args: &Swarm) -> Exit {
    if !args.check.is_empty() {
        return check_files(args);
    }
    listen_for_interrupts();
    let seed = args.seed.as_ref().map_or_else(fresh_seed, |seed| seed.number);
    let mut teller = Teller::new(args, seed);
    let took = cases(args, seed, |found| {
        if let Some(told) = teller.told(found) {
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

/// A case that failed: what broke, and the same shrunk, unless enough were or the user wants to stop.
struct Found {
    case: Case,
    failures: Vec<Failure>,
    small: Option<Regression>,
}

/// Checks case after case on as many threads as there are jobs; `each` hears of them in order. How long that
/// took.
fn cases(args: &Swarm, seed: u64, mut each: impl FnMut(Option<Found>)) -> Duration {
    let started = now();
    let ends = args.time.map(|time| started + Duration::from_micros(time.0));
    let numbers = match (args.case, args.time) {
        (Some(case), _) => case..case.saturating_add(1),
        (None, Some(_)) => 0..u64::MAX,
        (None, None) => 0..args.cases,
    };
    let threads = threads_for(args.jobs);
    let bar = bar_for(args);
    let failed = Mutex::new(BTreeSet::new());
    let goes_on = || !is_interrupted() && ends.is_none_or(|ends| now() < ends);
    let check = |number| {
        let found = judge(Case::draw(seed, number), &failed);
        bar.inc(1);
        found
    };
    in_order(numbers, threads, goes_on, check, |_, found| bar.suspend(|| each(found)));
    bar.finish_and_clear();
    now() - started
}

#[expect(clippy::disallowed_methods, reason = "how long a swarm may take is a matter of the wall clock")]
fn now() -> Instant {
    Instant::now()
}

/// Checks a case. It is shrunk unless enough cases with a smaller number are known to have failed; `failed`
/// are the numbers.
fn judge(case: Case, failed: &Mutex<BTreeSet<u64>>) -> Option<Found> {
    let failures = check_case(&case);
    let first = failures.first()?;
    let before = {
        let mut failed = failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.insert(case.number);
        failed.range(..case.number).count()
    };
    let is_wanted = before < SHRUNK_MAX && !is_interrupted();
    let small = is_wanted.then(|| Regression::of(&case, first, is_interrupted));
    Some(Found { case, failures, small })
}

fn bar_for(args: &Swarm) -> ProgressBar {
    let (bar, template) = if args.time.is_some() || args.case.is_some() {
        (ProgressBar::no_length(), "{pos} cases  {elapsed} gone, {per_sec}")
    } else {
        (ProgressBar::new(args.cases), "{bar:40} {pos}/{len} cases  {elapsed} gone, {eta} left")
    };
    styled(bar, template)
}

/// Tells the user what came of the cases.
struct Teller<'a> {
    args: &'a Swarm,
    seed: u64,
    held: u64,
    failed: usize,
    kept: bool,
    exit: Exit,
}

impl<'a> Teller<'a> {
    fn new(args: &'a Swarm, seed: u64) -> Self {
        Self { args, seed, held: 0, failed: 0, kept: false, exit: Exit::Passed }
    }

    /// Counts a case, and keeps what failed; what is said of it.
    fn told(&mut self, found: Option<Found>) -> Option<String> {
        let Some(found) = found else {
            self.held += 1;
            return None;
        };
        self.failed += 1;
        self.exit = self.exit.and(Exit::Broken);
        let small = match found.small {
            // Of those shrunk at the same time some may be too many, and which ones is chance.
            _ if self.failed > SHRUNK_MAX => Small::Not("as many as are shrunk failed before it"),
            None => Small::Not("interrupted"),
            Some(small) => self.keep(&small),
        };
        Some(failure(self.args.format, &found.case, &found.failures, &small))
    }

    /// Writes a small failing case.
    fn keep(&mut self, small: &Regression) -> Small {
        match keep(&self.args.out, small) {
            Ok(path) => {
                self.kept = true;
                Small::Kept(format!("apbrig swarm --check {path}"))
            }
            Err(error) => {
                let folder = self.args.out.display();
                complain(&format!("error: cannot write into {folder}: {error}; choose another --out"));
                self.exit = self.exit.and(Exit::Usage);
                Small::Not("cannot be written")
            }
        }
    }

    fn finish(mut self, took: Duration) -> Exit {
        if is_interrupted() {
            self.exit = self.exit.and(Exit::Interrupted);
        } else if self.held == 0 && self.failed == 0 {
            complain("error: no case was checked in the time there was; give --time more");
            self.exit = self.exit.and(Exit::Usage);
        }
        let (seed, seconds) = (self.seed, took.as_secs_f64());
        let per_second = (self.held + self.failed as u64) as f64 / seconds.max(1e-3);
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
                if self.kept {
                    say("a case that is mended belongs in scenarios/regressions: move its two files there");
                }
            }
        }
        self.exit
    }
}

/// What became of a failing case that was to be made small.
enum Small {
    /// It is kept; the command that checks it again.
    Kept(String),
    /// There is none, and why.
    Not(&'static str),
}

/// What is said of a failing case.
fn failure(format: Format, case: &Case, failures: &[Failure], small: &Small) -> String {
    let (check, not_shrunk) = match small {
        Small::Kept(check) => (Some(check), None),
        Small::Not(why) => (None, Some(why)),
    };
    match format {
        Format::Json => json!({
            "event": "failure",
            "seed": case.seed,
            "case": case.number,
            "features": case.features,
            "failures": failures,
            "reproduce": case.reproduce(),
            "check": check,
            "not_shrunk": not_shrunk,
        })
        .to_string(),
        Format::Human => {
            let head = format!("FAIL  case {}: {}", case.number, case.features.join(", "));
            let found = failures.iter().map(Failure::to_string);
            let again = [format!("reproduce: {}", case.reproduce())];
            let small = [match small {
                Small::Kept(check) => format!("shrunk: {check}"),
                Small::Not(why) => format!("not shrunk: {why}"),
            }];
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
        let small = Regression::shrunk(&case, &failures[0], || false, fails);
        let folder = tempfile::tempdir().unwrap();
        let kept = folder.path().join(&small.scenario.0);
        for format in ["human", "json"] {
            let args = parsed(folder.path(), format);
            let mut teller = Teller::new(&args, 3);
            let (failures, small) = (failures.clone(), Some(small.clone()));
            let told = teller.told(Some(Found { case: case.clone(), failures, small })).unwrap();
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
        let small = Regression::shrunk(&case, &failures[0], || false, |_| vec![]);
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        let args = parsed(&folder.path().join("file"), "json");
        let mut teller = Teller::new(&args, 3);
        let told = teller.told(Some(Found { case, failures, small: Some(small) })).unwrap();
        assert!(told.contains("a flap is open") && told.contains("\"check\":null"), "{told}");
        assert_eq!(teller.exit, Exit::Broken);
    }

    #[test]
    fn the_first_ten_by_number_are_kept_and_of_the_others_it_is_said_why_not() {
        let folder = tempfile::tempdir().unwrap();
        let args = parsed(folder.path(), "human");
        let mut teller = Teller::new(&args, 3);
        let failures = vec![Failure { oracle: Kind::Rest, what: "a flap is open".into() }];
        let mut told = |number, is_small: bool| {
            let case = Case::draw(3, number);
            let small = is_small.then(|| Regression::shrunk(&case, &failures[0], || false, |_| vec![]));
            teller.told(Some(Found { case, failures: failures.clone(), small })).unwrap()
        };
        for number in 0..9 {
            assert!(told(number, true).contains("\n      shrunk: apbrig swarm --check "), "{number}");
        }
        assert!(told(9, false).ends_with("\n      not shrunk: interrupted"));
        assert!(told(10, true).ends_with("\n      not shrunk: as many as are shrunk failed before it"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 18);
    }

    #[test]
    fn a_swarm_without_a_case_has_not_passed() {
        let args = parsed(Path::new("nowhere"), "json");
        assert_eq!(Teller::new(&args, 3).finish(Duration::ZERO), Exit::Usage);
        let mut teller = Teller::new(&args, 3);
        teller.told(None);
        assert_eq!(teller.finish(Duration::ZERO), Exit::Passed);
    }
}
