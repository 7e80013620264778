//! The command itself.

use super::files::finish;
use super::told::{Onlooker, verdict};
use crate::cli::args::Format;
use crate::cli::args::commission::Commission;
use crate::cli::batch::{is_interrupted, listen_for_interrupts};
use crate::cli::exit::Exit;
use crate::cli::progress::styled;
use crate::cli::rig::{load_rig, load_site};
use crate::cli::screen::{complain, complain_of, say};
use crate::cli::typed::typed;
use crate::commission::engine::{Commissioning, Options};
use crate::commission::folder::{FolderError, Found};
use crate::commission::plan::{Acceptance, plan as plan_of};
use crate::commission::progress::Undertaking;
use crate::commission::record::{About, Verdict, record_json};
use crate::commission::words::plan_text;
use crate::commission::{AtRig, Finding, Operator, Record, Simulated, Stand, Terminal, Unattended, findings};
use crate::hil::rig::{Place, Rig, Setting};
use crate::scenario::files::DiskFiles;
use crate::scenario::load::{Checked, check_file, load_site_from};
use crate::scenario::plan::Plan;
use crate::scenario::stamp::{Clocks, Moment};
use indicatif::ProgressBar;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where commissionings go unless told otherwise.
const FOLDER: &str = "reports/commissioning";

pub(in crate::cli) fn commission(args: &Commission) -> Exit {
    let zone = match zone_of(args.time_zone.as_deref()) {
        Ok(zone) => zone,
        Err(why) => {
            complain(&format!("error: --time-zone: {why}"));
            return Exit::Usage;
        }
    };
    let (site, rig) = match (load(args), args.rig.as_deref().map(load_rig).transpose()) {
        (Ok(site), Ok(rig)) => (site, rig),
        (Err(exit), _) | (_, Err(exit)) => return exit,
    };
    let mut plan = plan_of(&site);
    let whole = plan.phases.len();
    if !args.only.is_empty() {
        plan.phases.retain(|phase| args.only.iter().any(|part| phase.id.contains(part.as_str())));
        if plan.phases.is_empty() {
            complain("error: no phase of the plan has such a name; --plan shows them all");
            return Exit::Usage;
        }
    }
    let found = findings(&site);
    if args.plan {
        say(&findings_text(&found));
        say(&plan_text(&plan, &site.site));
        return Exit::Passed;
    }
    listen_for_interrupts();
    match carry_out(args, (&site, rig.as_ref()), (&plan, whole, &zone), found) {
        Ok(exit) => exit,
        Err((exit, why)) => {
            complain(&format!("error: {why}"));
            exit
        }
    }
}

/// The time zone of the site's clocks.
fn zone_of(name: Option<&str>) -> Result<TimeZone, String> {
    // Its own words for a zone that there is not.
    Clocks::new(name)?;
    name.map_or(Ok(TimeZone::UTC), |name| jiff::tz::db().get(name).map_err(|error| error.to_string()))
}

/// The site as of now: what has expired by today has expired. A scenario has a clock of its own.
fn load(args: &Commission) -> Result<Plan, Exit> {
    let clocks = Clocks::new(args.time_zone.as_deref()).map_err(|_| Exit::Usage)?;
    match check_file(&args.site, &DiskFiles) {
        Ok(Checked::Site(_)) => {
            let now = Moment(Timestamp::now().as_microsecond());
            load_site_from(&args.site, &DiskFiles, &clocks, now).map_err(|wrong| {
                complain_of(&wrong);
                Exit::Usage
            })
        }
        Ok(_) | Err(_) => load_site(&args.site),
    }
}

fn findings_text(found: &[Finding]) -> String {
    let line = |f: &Finding| format!("{}  {}: {} {}", f.severity.name(), f.place, f.what, f.mend);
    found.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn carry_out(
    args: &Commission,
    (site, rig): (&Plan, Option<&Rig>),
    (plan, whole, zone): (&Acceptance, usize, &TimeZone),
    found: Vec<Finding>,
) -> Result<Exit, (Exit, String)> {
    let usage = |error: FolderError| (Exit::Usage, error.to_string());
    let station = rig.map_or("simulated", |rig| rig.name.as_str());
    // What is emulated proves nothing about hardware, and the certificate says so.
    let simulated = rig.is_none_or(|rig| rig.lines.iter().any(|line| line.at == Place::Emulated));
    let of = Undertaking { plan, site: &site.site, station, simulated };
    let place = match &args.out {
        Some(path) => Found::named(path, args.resume, &of),
        None => Found::free(&folder(&args.site), args.resume, &of),
    };
    let place = place.map_err(usage)?;
    if args.format == Format::Human && !args.quiet && !found.is_empty() {
        say(&findings_text(&found));
    }
    // A rig that does not start leaves nothing behind.
    let mut stand: Box<dyn Stand> = match rig {
        None => Box::new(Simulated::new(site)),
        Some(rig) => {
            let own = Arc::new(site.site.clone());
            Box::new(AtRig::start(rig, &own, Setting::default()).map_err(|why| (Exit::Rig, why))?)
        }
    };
    let (mut folder, done) = place.open(&of).map_err(usage)?;
    let start_ms = now_ms();
    // The stand's clock showed zero this long ago.
    let epoch_ms = start_ms.saturating_sub(stand.now().0 / 1_000);
    let mut run = Commissioning::new(plan, &site.site, Options { epoch_ms });
    run.resume(done);
    let mut operator = operator(args, rig.is_some(), plan.phases.len() as u64);
    let outcome = run.run(stand.as_mut(), operator.as_mut(), &mut |result| folder.keep(result));
    outcome.map_err(|error| (Exit::Usage, error.to_string()))?;
    let (start, end) = run_times(&run, start_ms);
    let record = Record {
        site: plan.site.clone(),
        about: About {
            station: station.to_owned(),
            version: env!("CARGO_PKG_VERSION").into(),
            simulated,
            tester: args.tester.clone(),
            witness: args.witness.clone(),
            start_ms: start,
            end_ms: end,
            date: date_of(start, zone),
            only: args.only.clone(),
            notes: Vec::new(),
        },
        planned: whole,
        findings: found,
        devices: stand.devices(),
        phases: run.results(),
    };
    if run.is_complete() {
        finish(&folder, &record, args.junit.as_deref()).map_err(|why| (Exit::Usage, why))?;
    }
    Ok(tell(args, &record, folder.path(), run.is_complete()))
}

/// When the first phase began and the last ended; those that were done before a break count.
fn run_times(run: &Commissioning<'_>, start_ms: u64) -> (u64, u64) {
    let results = run.results();
    let start = results.iter().map(|r| r.start_ms).min().unwrap_or(start_ms);
    (start, results.iter().map(|r| r.end_ms).max().unwrap_or(start))
}

fn tell(args: &Commission, record: &Record, path: &Path, complete: bool) -> Exit {
    match args.format {
        Format::Json => say(&record_json(record).replace('\n', "")),
        Format::Human => {
            say(&format!("\n{}", verdict(record)));
            say(&match complete {
                true => format!("certificate: {}", path.join("certificate.html").display()),
                false => format!("go on with --resume; what is done is in {}", path.display()),
            });
        }
    }
    match record.verdict() {
        _ if is_interrupted() => Exit::Interrupted,
        Verdict::Pass => Exit::Passed,
        Verdict::Fail => Exit::Failed,
        Verdict::Error => Exit::Rig,
        // All that was asked for passed.
        Verdict::Aborted if complete && record.is_part_passed() => Exit::Passed,
        Verdict::Aborted if complete => Exit::Rig,
        Verdict::Aborted => Exit::Interrupted,
    }
}

/// A person where there is one to be asked, and something that takes one; else an onlooker.
fn operator(args: &Commission, at_rig: bool, phases: u64) -> Box<dyn Operator> {
    if at_rig && !args.unattended && std::io::stdin().is_terminal() {
        return Box::new(Terminal::new(anstream::stdout(), typed(), is_interrupted));
    }
    let quiet = args.quiet || args.format == Format::Json;
    let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new(phases) };
    let bar = styled(bar, "{bar:30} {pos}/{len} phases  {elapsed} gone  {msg}");
    Box::new(Onlooker { unattended: Unattended { repeats: args.repeats }, bar, quiet })
}

/// The wall clock, milliseconds since 1970 in UTC: a certificate says when it was.
fn now_ms() -> u64 {
    u64::try_from(Timestamp::now().as_millisecond()).unwrap_or_default()
}

/// The date for people, by the site's clocks.
fn date_of(ms: u64, zone: &TimeZone) -> String {
    let at = i64::try_from(ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    at.map(|at| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M %Z").to_string()).unwrap_or_default()
}

fn folder(site: &Path) -> PathBuf {
    Path::new(FOLDER).join(site.file_stem().unwrap_or_default())
}
