//! Several runs, side by side on as many threads as there are processors, with progress, until done or
//! interrupted.

use super::in_order::in_order;
use super::job::{Done, Job, permille};
use super::job_error::JobError;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

/// Set when the user wants the runs to stop.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Whether the user wants the runs to stop.
pub(super) fn is_interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// From now on Ctrl-C ends the runs in good order: their records are closed and marked aborted.
pub(super) fn listen_for_interrupts() {
    // A handler that cannot be set leaves the system's own, which ends the process at once.
    let _ = ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed));
}

/// Makes every run; `each` hears of them in the order of the list, as soon as all before them are done.
pub(super) fn run_all(
    jobs: &[Job<'_>],
    threads: usize,
    quiet: bool,
    mut each: impl FnMut(&Job<'_>, Result<Done, JobError>),
) {
    let bars = if quiet {
        MultiProgress::with_draw_target(indicatif::ProgressDrawTarget::hidden())
    } else {
        MultiProgress::new()
    };
    let job = |number: u64| usize::try_from(number).ok().and_then(|index| jobs.get(index));
    let run = |number| {
        let job = job(number)?;
        let bar = bars.add(bar_for(job));
        let done = job.run(|progress| {
            bar.set_position(permille(progress));
            if is_interrupted() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        bar.finish_and_clear();
        Some((job, done))
    };
    in_order(
        0..jobs.len() as u64,
        threads,
        || !is_interrupted(),
        run,
        |_, done| {
            if let Some((job, done)) = done {
                bars.suspend(|| each(job, done));
            }
        },
    );
}

fn bar_for(job: &Job<'_>) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg:32!} {bar:30} {percent:>3} %  {elapsed} gone, {eta} left");
    let bar = ProgressBar::new(1_000).with_message(format!("{} seed {}", job.scenario.name, job.seed));
    style.map_or(bar.clone(), |style| bar.with_style(style))
}
