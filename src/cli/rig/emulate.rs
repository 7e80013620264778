//! `apbrig rig emulate`: the far end of a rig's lines, offered to a host elsewhere.

use super::load::{load_rig, site_of};
use crate::apb::site::Site;
use crate::apb::time::{Span, Time};
use crate::cli::args::rig::RigEmulate;
use crate::cli::batch::{is_interrupted, listen_for_interrupts};
use crate::cli::exit::Exit;
use crate::cli::screen::{complain, say};
use crate::cli::typed::typed;
use crate::hil::driver::Unit;
use crate::hil::emulate::Defect;
use crate::hil::line::{Said, Saying};
use crate::hil::panel;
use crate::hil::rig::{Act, Bench, Duty, Event, FarEnd, HELP, Place, Rig, Seen, Setting, Stimulus, read_act};
use crate::record::{Observation, What};
use crate::report::EventsCsv;
use crate::scenario::names::nearest;
use std::sync::Arc;
use std::sync::mpsc::TryRecvError;

/// How often the lines are looked after.
const LOOKS_EVERY: Span = Span::millis(5);

pub(super) fn emulate(args: &RigEmulate) -> Exit {
    let (mut rig, site) = match (load_rig(&args.rig), site_of(args.site.as_deref())) {
        (Ok(rig), Ok(site)) => (rig, site),
        (Err(exit), _) | (_, Err(exit)) => return exit,
    };
    if let Err(why) = move_lines(&mut rig, args) {
        complain(&format!("error: {why}"));
        return Exit::Usage;
    }
    let defects = match args.policy.as_ref().or(rig.panel.as_ref()).map(|name| follows(name)).transpose() {
        Ok(defect) => defect.into_iter().collect(),
        Err(why) => {
            complain(&format!("error: {why}"));
            return Exit::Usage;
        }
    };
    listen_for_interrupts();
    let panel = rig.lines.iter().any(|line| line.far_end == FarEnd::Panel);
    let devices = rig.lines.iter().any(|line| line.far_end == FarEnd::Devices);
    let end = args.time.map_or(Time(u64::MAX), |time| Time::ZERO + time);
    let outcome = match (devices, panel, site) {
        (true, true, _) => Err("a rig whose lines lead to devices and to a panel: emulate them one by one, \
                                from two files"
            .into()),
        (_, false, site) => be_devices(&rig, site, end),
        (_, true, Some(site)) => be_panel(&rig, &site, defects, end),
        (_, true, None) => Err("a panel decides for a site: name it with --site".into()),
    };
    match outcome {
        Ok(()) => Exit::Passed,
        Err(why) => {
            complain(&format!("error: {why}"));
            Exit::Rig
        }
    }
}

/// A panel that follows this policy, whatever the site says.
fn follows(name: &str) -> Result<Defect, String> {
    let policy = panel::named(name).ok_or_else(|| {
        let near = nearest(name, panel::names()).map(|near| format!("; did you mean {near}?"));
        format!("no policy is called {name}{}", near.unwrap_or_default())
    })?;
    Ok(Defect::Policy(Box::new(policy)))
}

/// Offers lines where the user wants them.
fn move_lines(rig: &mut Rig, args: &RigEmulate) -> Result<(), String> {
    for (name, address) in &args.at {
        let Some(line) = rig.lines.iter_mut().find(|line| line.id == *name) else {
            return Err(format!("the rig has no line `{name}`"));
        };
        // The rig says what a host opens; the user, what is offered to it.
        line.at = Place::At(address.other_end());
    }
    Ok(())
}

fn be_devices(rig: &Rig, site: Option<Arc<Site>>, end: Time) -> Result<(), String> {
    let setting = Setting { site, far_ends_only: true, ..Setting::default() };
    let mut bench = Bench::start(rig, setting)?;
    for (index, line) in rig.lines.iter().enumerate() {
        let devices: Vec<&str> = line.devices.iter().map(|d| d.id.as_str()).collect();
        let at = bench.offered_at(index).map(ToString::to_string).unwrap_or_default();
        say(&format!("line {} ({}): {} at {at}", line.id, line.protocol.name(), devices.join(", ")));
    }
    let typed = typed();
    let mut due: Vec<(Time, usize, Unit, Stimulus)> = Vec::new();
    let mut resume = Time::ZERO;
    loop {
        let now = bench.clock().now();
        if now >= end || is_interrupted() {
            return Ok(());
        }
        for (_, line, unit, stimulus) in due.extract_if(.., |(at, ..)| *at <= now).collect::<Vec<_>>() {
            bench.stimulate(line, unit, stimulus);
        }
        if now >= resume {
            match typed.try_recv() {
                Ok(text) if text.trim() == "help" => say(HELP),
                Ok(text) => match read_act(&text, rig) {
                    Ok(None) => {}
                    Ok(Some(Act::Wait(span))) => resume = now + span,
                    Ok(Some(Act::Cable(line, fault))) => {
                        if !bench.befall(line, fault) {
                            complain("that line has no cable to break: it is real, or a TCP connection");
                        }
                    }
                    Ok(Some(Act::Device(line, unit, acts))) => {
                        due.extend(acts.into_iter().map(|(later, what)| (now + later, line, unit, what)));
                    }
                    Err(why) => complain(&why),
                },
                Err(TryRecvError::Disconnected) if due.is_empty() && end == Time(u64::MAX) => return Ok(()),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => {}
            }
        }
        while let Some(said) = bench.take_seen() {
            show(rig, &said);
        }
        bench.wait_until(now + LOOKS_EVERY);
    }
}

fn show(rig: &Rig, said: &Said<Seen>) {
    let line = rig.lines.get(said.line);
    let device = said.unit.and_then(|unit| line?.devices.get(unit.index()));
    let who = device.map_or_else(|| line.map_or("", |l| l.id.as_str()), |d| d.id.as_str());
    let what = match &said.what {
        Saying::Message(Seen::Told(order)) => format!("was told {order}"),
        Saying::Message(Seen::Said(report)) => format!("says {report}"),
        Saying::Message(Seen::Went(walker, fate)) => format!("walker {}: {fate:?}", walker.0),
        Saying::Note(note) => format!("{} {}", note.name(), note.detail()),
        Saying::Up(_) => "open".into(),
        Saying::Down(why) => why.clone(),
    };
    say(&format!("{}  {who}  {what}", said.at));
}

fn be_panel(rig: &Rig, site: &Arc<Site>, defects: Vec<Defect>, end: Time) -> Result<(), String> {
    if let Some(line) = rig.lines.iter().find(|line| line.at == Place::Emulated) {
        return Err(format!(
            "line {}: nobody could reach a panel behind an emulated line; say where its end is, such as \
             --at {0}=pty:/tmp/{0}",
            line.id
        ));
    }
    let mut duty = Duty::start(&rig.from_the_panel(), site, defects, Setting::default())?;
    for line in &rig.lines {
        say(&format!("line {} ({}): the panel", line.id, line.protocol.name()));
    }
    let mut journal = EventsCsv::new(std::io::stdout(), "").map_err(|error| error.to_string())?;
    loop {
        let now = duty.now();
        if now >= end || is_interrupted() {
            return Ok(());
        }
        for event in duty.serve() {
            match event {
                Event::Entry(entry) => {
                    let observation = Observation { at: entry.at, what: What::Entry(entry) };
                    journal.write(&observation, site).map_err(|error| error.to_string())?;
                }
                Event::Reported(Said { what: Saying::Note(note), at, .. }) => {
                    complain(&format!("{at}  {} {}", note.name(), note.detail()));
                }
                Event::Reported(Said { what: Saying::Down(why), at, .. }) => {
                    complain(&format!("{at}  {why}"));
                }
                Event::Reported(_) | Event::Stale(..) | Event::Ordered(..) => {}
            }
        }
        duty.wait_until(now + LOOKS_EVERY);
    }
}
