//! Bars that show how far long work is, and how many threads it gets.

use indicatif::{ProgressBar, ProgressStyle};
use std::thread;

/// A bar over so many things, of this kind; hidden if the user wants quiet.
pub(super) fn bar_over(quiet: bool, count: u64, things: &str) -> ProgressBar {
    if quiet {
        return ProgressBar::hidden();
    }
    let template = format!("{{bar:40}} {{pos}}/{{len}} {things}  {{elapsed}} gone, {{eta}} left");
    styled(ProgressBar::new(count), &template)
}

/// A bar in this style.
pub(super) fn styled(bar: ProgressBar, template: &str) -> ProgressBar {
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// As many threads as the user wants, or else one for each processor.
pub(super) fn threads_for(jobs: Option<u64>) -> usize {
    let processors = || thread::available_parallelism().map_or(1, usize::from);
    jobs.and_then(|n| usize::try_from(n).ok()).unwrap_or_else(processors)
}
