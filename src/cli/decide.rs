//! `apbrig decide`: events or an access log in, decisions out.

use super::args::{Decide, EventFormat};
use super::exit::Exit;
use super::presets::list_presets;
use super::screen::{complain, complain_of, say};
use crate::apb::vendor::PRESETS;
use crate::oracle::{Changes, Columns, Log, Options, Oracle, Stopped, answer, changed_site, replay};
use crate::scenario::axis::{AXES, Axis, is_of_domains};
use crate::scenario::files::DiskFiles;
use crate::scenario::load::load_site_from;
use crate::scenario::stamp::{Clocks, Moment};
use indicatif::{ProgressBar, ProgressStyle};
use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;

/// The local time at `t` 0 unless something else says: a Monday, midnight, as in scenarios.
const START: &str = "2026-01-05T00:00";

/// What a log is taken to mean, as its summary tells.
const EVERY_GRANT: &str = "every grant was taken to be used at once; a log has no passages";
const ON_GRANT: &str = "locations move with the grant (commit=on_grant); --set commit=.. says otherwise";

pub(super) fn decide(args: &Decide) -> Exit {
    if args.list_axes {
        say(&axes());
        return Exit::Passed;
    }
    if let Some(name) = &args.list_presets {
        return list_presets(name.as_deref());
    }
    match try_decide(args) {
        Ok(()) => Exit::Passed,
        // Whoever read along has seen enough.
        Err(Trouble::Stopped(stopped)) if stopped.is_broken_pipe() => Exit::Passed,
        Err(Trouble::Shown) => Exit::Usage,
        Err(Trouble::Said(what)) => {
            complain(&format!("error: {what}"));
            Exit::Usage
        }
        Err(Trouble::Stopped(stopped)) => {
            let is_about_events = !matches!(stopped, Stopped::Write(_));
            let source = if is_about_events { shown(&args.events) + ": " } else { String::new() };
            complain(&format!("error: {source}{stopped}"));
            Exit::Usage
        }
    }
}

/// Why there are no (more) answers.
enum Trouble {
    /// It has been shown already.
    Shown,
    Said(String),
    Stopped(Stopped),
}

impl From<Stopped> for Trouble {
    fn from(stopped: Stopped) -> Self {
        Self::Stopped(stopped)
    }
}

impl From<String> for Trouble {
    fn from(what: String) -> Self {
        Self::Said(what)
    }
}

fn try_decide(args: &Decide) -> Result<(), Trouble> {
    let clocks = Clocks::new(args.time_zone.as_deref())?;
    let start = args.start.as_deref().map(|text| start(&clocks, text)).transpose()?;
    let columns = columns(args)?;
    let (events, length) = open(&args.events)?;
    let Some(columns) = columns else {
        let origin = start.or_else(|| clocks.moment(START, None));
        let mut oracle = oracle(args, &clocks, origin, false)?;
        let bar = Bar::new(length);
        let done = answer(&mut oracle, events, io::stdout().lock(), |bytes| bar.set(bytes));
        bar.finish();
        done?;
        return if args.summary || args.summary_only { summarise(&oracle, args, false) } else { Ok(()) };
    };
    let mut log = Log::open(events, &columns, clocks.clone(), start)?;
    if args.sort {
        log.sort(start.is_some())?;
    }
    let origin = log.origin().or_else(|| clocks.moment(START, None));
    let mut oracle = oracle(args, &clocks, origin, true)?;
    let bar = Bar::new(length);
    let done = replay(&mut oracle, &mut log, io::stdout().lock(), |bytes| bar.set(bytes));
    bar.finish();
    done?;
    summarise(&oracle, args, true)
}

/// The columns of a log; `None`: the events are JSON Lines.
fn columns(args: &Decide) -> Result<Option<Columns>, String> {
    match (args.format, &args.columns) {
        (Some(EventFormat::Json), Some(_)) => Err("--columns are for --format csv".into()),
        (Some(EventFormat::Json) | None, None) => Ok(None),
        (Some(EventFormat::Csv) | None, Some(text)) => {
            Columns::parse(text).map(Some).map_err(|error| format!("--columns: {error}"))
        }
        (Some(EventFormat::Csv), None) => Err("--format csv needs --columns".into()),
    }
}

fn start(clocks: &Clocks, text: &str) -> Result<Moment, String> {
    let wrong = || format!("--start `{text}` is no date and time; write it as 2026-03-02T07:30");
    clocks.moment(text, None).ok_or_else(wrong)
}

fn open(path: &Path) -> Result<(Box<dyn Read>, Option<u64>), String> {
    if path == Path::new("-") {
        return Ok((Box::new(io::stdin()), None));
    }
    let failed = |error| format!("{}: cannot be read: {error}; check the path", path.display());
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if metadata.is_dir() {
        return Err(format!("{}: this is a folder, not a file of events", path.display()));
    }
    let length = metadata.is_file().then_some(metadata.len());
    Ok((Box::new(file), length))
}

/// The site as the user wants it, ready to be asked.
fn oracle(args: &Decide, clocks: &Clocks, origin: Option<Moment>, is_log: bool) -> Result<Oracle, Trouble> {
    let (Some(path), Some(origin)) = (&args.site, origin) else { return Err("no site".to_owned().into()) };
    let plan = load_site_from(path, &DiskFiles, clocks, origin).map_err(|diagnostics| {
        complain_of(&diagnostics);
        Trouble::Shown
    })?;
    let mut set = Vec::new();
    set.extend(is_log.then(|| "commit=on_grant".to_owned()));
    set.extend(args.set.iter().cloned());
    let changes = Changes { policy: args.policy.clone(), set, beams: args.beams };
    let (site, notes) = changed_site(&plan.site, &changes)?;
    notes.iter().for_each(|note| complain(&format!("note: {note}")));
    let options = Options {
        assume_taken: args.assume_taken || is_log,
        silent: args.summary_only,
        counted: args.summary || args.summary_only || is_log,
        skip_unknown_readers: args.skip_unknown_readers,
    };
    Ok(Oracle::new(site, options))
}

/// Prints what came of all reads: a line to standard output, a text to standard error.
fn summarise(oracle: &Oracle, args: &Decide, is_log: bool) -> Result<(), Trouble> {
    let Some(mut summary) = oracle.summary() else { return Ok(()) };
    if is_log || args.assume_taken {
        summary = summary.with_note(EVERY_GRANT);
    }
    let sets_commit =
        |written: &String| written.split('=').next().is_some_and(|axis| axis.trim() == "commit");
    if is_log && !args.set.iter().any(sets_commit) {
        summary = summary.with_note(ON_GRANT);
    }
    let mut line = Vec::new();
    summary.line(&mut line);
    io::stdout().lock().write_all(&line).map_err(Stopped::Write)?;
    complain(&summary.text());
    Ok(())
}

fn shown(path: &Path) -> String {
    if path == Path::new("-") { "standard input".into() } else { path.display().to_string() }
}

/// Every axis with its values, and what it decides.
fn axes() -> String {
    let width = AXES.iter().map(|axis| axis.name.len()).max().unwrap_or_default();
    let row = |axis: &Axis| {
        let values = axis.values().replace('`', "");
        let (name, meaning, default) = (axis.name, axis.meaning, axis.default);
        format!("{name:<width$} {meaning}\n{:<width$} {values} [default: {default}]\n", "")
    };
    let (domains, ours): (Vec<&Axis>, Vec<&Axis>) = AXES.iter().partition(|axis| is_of_domains(axis.name));
    let rows = |axes: &[&Axis]| axes.iter().map(|axis| row(axis)).collect::<String>();
    format!(
        "{}\nFields of a site's `domain`, for `apbrig run`; --set does not take them, for here one \
         controller decides for all:\n{}\n--policy also takes presets of real systems: {}\n",
        rows(&ours),
        rows(&domains),
        listed_presets()
    )
}

fn listed_presets() -> String {
    PRESETS.iter().map(|p| p.name).collect::<Vec<_>>().join(", ")
}

/// How far a file has been read, on a terminal.
struct Bar(Option<ProgressBar>);

impl Bar {
    fn new(length: Option<u64>) -> Self {
        let length = length.filter(|_| io::stderr().is_terminal() && !io::stdout().is_terminal());
        let style = ProgressStyle::with_template("{bar:30} {percent:>3} %  {elapsed} gone, {eta} left");
        Self(length.map(|length| {
            let bar = ProgressBar::new(length);
            style.map_or(bar.clone(), |style| bar.with_style(style))
        }))
    }

    fn set(&self, bytes: u64) {
        if let Some(bar) = &self.0 {
            bar.set_position(bytes);
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
