//! Several runs, side by side on as many threads as there are processors, with progress, until done or
//! interrupted.

use super::job::{Done, Job, JobError, permille};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

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
    let next = AtomicUsize::new(0);
    let (send, receive) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads.min(jobs.len()) {
            let (send, next, bars) = (send.clone(), &next, &bars);
            scope.spawn(move || {
                while let Some((index, job)) = take(jobs, next) {
                    let bar = bars.add(bar_for(job));
                    let done = job.run(|progress| {
                        bar.set_position(permille(progress));
                        if is_interrupted() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                    });
                    bar.finish_and_clear();
                    if send.send((index, done)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        let mut waiting: Vec<Option<Result<Done, JobError>>> = jobs.iter().map(|_| None).collect();
        let mut told = 0;
        for (index, done) in receive {
            if let Some(slot) = waiting.get_mut(index) {
                *slot = Some(done);
            }
            while let Some(done) = waiting.get_mut(told).and_then(Option::take) {
                bars.suspend(|| each(&jobs[told], done));
                told += 1;
            }
        }
    });
}

/// The next run that nobody has begun, unless the user wants to stop.
fn take<'a, 'b>(jobs: &'b [Job<'a>], next: &AtomicUsize) -> Option<(usize, &'b Job<'a>)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    jobs.get(index).filter(|_| !is_interrupted()).map(|job| (index, job))
}

fn bar_for(job: &Job<'_>) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg:32!} {bar:30} {percent:>3} %  {elapsed} gone, {eta} left");
    let bar = ProgressBar::new(1_000).with_message(format!("{} seed {}", job.scenario.name, job.seed));
    style.map_or(bar.clone(), |style| bar.with_style(style))
}
