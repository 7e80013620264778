//! `apbrig validate`: the crowd held against experiments, one part after the other.

use super::args::Validate;
use super::batch::{is_interrupted, listen_for_interrupts};
use super::exit::Exit;
use super::in_order::in_order;
use super::progress::{bar_over, threads_for};
use super::screen::{complain, complain_of, say};
use crate::metrics::validation::Validation;
use crate::report::{part_summary, validation_verdict, write_validation};
use crate::scenario::DiskFiles;
use crate::verify::validation::stage::Stage;
use crate::verify::validation::{TRIALS, Trial};

pub(super) fn validate(args: &Validate) -> Exit {
    listen_for_interrupts();
    let trials: Vec<&Trial> = match wanted(args) {
        Ok(trials) => trials,
        Err(unknown) => {
            let known = TRIALS.map(|t| t.name).join(", ");
            complain(&format!("error: there is no part {unknown:?}\n  = help: the parts are {known}"));
            return Exit::Usage;
        }
    };
    let (validation, failed) = run(args, &trials);
    if failed {
        return Exit::Usage;
    }
    say(&validation_verdict(&validation));
    if let Err(error) = write_validation(&args.out, &validation) {
        complain(&format!("error: {error}"));
        return Exit::Usage;
    }
    say(&format!("written to {}", args.out.display()));
    match validation.count() {
        _ if validation.interrupted => Exit::Interrupted,
        (_, 0) => Exit::Passed,
        _ => Exit::Failed,
    }
}

/// The parts of these names, in the usual order; all if none is named.
fn wanted(args: &Validate) -> Result<Vec<&'static Trial>, &String> {
    let unknown = args.parts.iter().find(|name| TRIALS.iter().all(|t| t.name != name.as_str()));
    unknown.map_or(Ok(()), Err)?;
    let is_wanted = |t: &&Trial| args.parts.is_empty() || args.parts.iter().any(|name| name == t.name);
    Ok(TRIALS.iter().filter(is_wanted).collect())
}

/// Does them; whether one of them could not be done.
fn run(args: &Validate, trials: &[&Trial]) -> (Validation, bool) {
    let stage = Stage { folder: &args.scenes, files: &DiskFiles };
    let bar = bar_over(args.quiet, trials.len() as u64, "parts");
    let threads = threads_for(args.jobs);
    let mut validation = Validation::default();
    let mut failed = false;
    let work = |number: u64| {
        let trial = usize::try_from(number).ok().and_then(|n| trials.get(n));
        let done = trial.map(|trial| trial.run(&stage));
        bar.inc(1);
        done
    };
    let each = |_, done| match done {
        Some(Ok(part)) => {
            bar.suspend(|| say(&part_summary(&part)));
            validation.parts.push(part);
        }
        Some(Err(diagnostics)) => {
            bar.suspend(|| complain_of(&diagnostics));
            failed = true;
        }
        None => {}
    };
    in_order(0..trials.len() as u64, threads, || !is_interrupted(), work, each);
    bar.finish_and_clear();
    validation.interrupted = !failed && validation.parts.len() < trials.len();
    (validation, failed)
}
