//! `apbrig rig monitor`: the traffic of a rig's lines, shown and recorded.

use super::load::{load_rig, site_of};
use crate::apb::site::Site;
use crate::apb::time::{Span, Time};
use crate::cli::args::rig::RigMonitor;
use crate::cli::batch::{is_interrupted, listen_for_interrupts};
use crate::cli::exit::Exit;
use crate::cli::hardware::setting;
use crate::cli::screen::{complain, say};
use crate::hil::line::{Said, Saying, Tap};
use crate::hil::monitor::{Piece, Recorder, Toward, capture, json};
use crate::hil::rig::{Bench, FarEnd, Protocol, Rig, Setting};
use jiff::Timestamp;
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};

/// How often what has gone by is shown.
const LOOKS_EVERY: Span = Span::millis(5);

/// How many pieces wait to be shown and written at most. Whoever is slower loses the rest, and is told.
const WAITING_MAX: usize = 8_192;

pub(super) fn monitor(args: &RigMonitor) -> Exit {
    if args.replay {
        return replay(&args.rig);
    }
    let (rig, site) = match (load_rig(&args.rig), site_of(args.site.as_deref())) {
        (Ok(rig), Ok(site)) => (rig, site),
        (Err(exit), _) | (_, Err(exit)) => return exit,
    };
    listen_for_interrupts();
    match watch(args, &rig, site) {
        Ok(()) => Exit::Passed,
        Err((exit, why)) => {
            complain(&format!("error: {why}"));
            exit
        }
    }
}

/// Sends what goes by to whoever shows it.
struct Watch {
    line: String,
    host: bool,
    pieces: SyncSender<Piece>,
    /// How many found no room.
    lost: Arc<AtomicU64>,
}

impl Tap for Watch {
    fn saw(&mut self, at: Time, sent: bool, bytes: &[u8]) {
        let toward = if sent == self.host { Toward::Device } else { Toward::Host };
        let piece = Piece { at, line: self.line.clone(), toward, bytes: bytes.to_vec(), what: None };
        if self.pieces.try_send(piece).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn watch(args: &RigMonitor, rig: &Rig, site: Option<Arc<Site>>) -> Result<(), (Exit, String)> {
    let (pieces, taken) = mpsc::sync_channel(WAITING_MAX);
    let lost = Arc::new(AtomicU64::new(0));
    let tap = |line: &crate::hil::rig::LinePlan| -> Option<Box<dyn Tap>> {
        let host = line.far_end == FarEnd::Devices;
        Some(Box::new(Watch { line: line.id.clone(), host, pieces: pieces.clone(), lost: Arc::clone(&lost) }))
    };
    let taps = rig.lines.iter().map(tap).collect();
    let setting = Setting { taps, listens_only: args.listen, ..setting(site) };
    // Keys are left out of what is shown and of what is written alike.
    let mut recorder = args.record.as_deref().map_or_else(|| Ok(Recorder::ring(0)), recorder)?;
    let mut bench = Bench::start(rig, setting).map_err(|why| (Exit::Rig, why))?;
    let end = args.time.map_or(Time(u64::MAX), |time| Time::ZERO + time);
    loop {
        let now = bench.clock().now();
        while let Some(said) = bench.take_report() {
            tell(rig, &said);
        }
        while let Some(said) = bench.take_order() {
            tell(rig, &said);
        }
        while bench.take_seen().is_some() {}
        show(rig, &taken, &mut recorder);
        if now >= end || is_interrupted() {
            break;
        }
        bench.wait_until((now + LOOKS_EVERY).min(end));
    }
    drop(bench);
    show(rig, &taken, &mut recorder);
    recorder.finish().map_err(|error| (Exit::Usage, format!("the recording is not whole: {error}")))?;
    match lost.load(Ordering::Relaxed) {
        0 => Ok(()),
        lost => {
            Err((Exit::Usage, format!("{lost} pieces are missing: they came faster than they were taken")))
        }
    }
}

/// What to write a recording with, by the file's name.
fn recorder(path: &Path) -> Result<Recorder, (Exit, String)> {
    let wrong = |error: std::io::Error| (Exit::Usage, format!("cannot write {}: {error}", path.display()));
    let start = u64::try_from(Timestamp::now().as_microsecond()).unwrap_or_default();
    let create = || File::create(path).map(|file| Box::new(BufWriter::new(file)));
    match path.extension().and_then(|e| e.to_str()) {
        Some("jsonl") => create().and_then(|file| Recorder::json(file, start)).map_err(wrong),
        Some("pcapng") => create().and_then(|file| Recorder::capture(file, start)).map_err(wrong),
        _ => Err((Exit::Usage, format!("{}: a recording is *.jsonl or *.pcapng", path.display()))),
    }
}

fn show(rig: &Rig, taken: &Receiver<Piece>, recorder: &mut Recorder) {
    for piece in taken.try_iter() {
        let protocol = rig.lines.iter().find(|line| line.id == piece.line).map(|line| &line.protocol);
        let decode = |toward, bytes: &[u8]| protocol.and_then(|protocol| words(protocol, toward, bytes));
        let what = decode(piece.toward, &piece.bytes);
        say(&recorder.record(Piece { what, ..piece }).shown(None));
    }
}

/// What bytes mean, if they are one frame.
fn words(protocol: &Protocol, toward: Toward, bytes: &[u8]) -> Option<String> {
    match protocol {
        Protocol::Board(board) => board.describe(toward == Toward::Device, bytes),
        Protocol::Osdp { .. } => crate::hil::osdp::describe(bytes),
        Protocol::Modbus { .. } => crate::hil::modbus::describe(bytes),
        Protocol::Wiegand | Protocol::Manual => {
            std::str::from_utf8(bytes).ok().map(|text| text.trim_end().to_owned())
        }
    }
}

fn tell<T: std::fmt::Display>(rig: &Rig, said: &Said<T>) {
    let line = rig.lines.get(said.line);
    let device = said.unit.and_then(|unit| line?.devices.get(unit.index()));
    let who = device.map_or_else(|| line.map_or("", |l| l.id.as_str()), |d| d.id.as_str());
    match &said.what {
        Saying::Message(message) => say(&format!("{}  {who}  {message}", said.at)),
        Saying::Note(note) => say(&format!("{}  {who}  {} {}", said.at, note.name(), note.detail())),
        Saying::Up(_) => say(&format!("{}  {who}  open", said.at)),
        Saying::Down(why) => complain(&format!("{}  {who}  {why}", said.at)),
    }
}

/// Shows a recording.
fn replay(path: &Path) -> Exit {
    let pieces = File::open(path).map_err(|error| error.to_string()).and_then(|file| {
        if path.extension().is_some_and(|e| e == "pcapng") {
            return capture::read(BufReader::new(file));
        }
        let reader = json::Reader::new(BufReader::new(file)).map_err(|error| error.to_string())?;
        reader.collect::<Result<Vec<Piece>, _>>().map_err(|error| error.to_string())
    });
    match pieces {
        Ok(pieces) => {
            pieces.iter().for_each(|piece| say(&piece.shown(None)));
            Exit::Passed
        }
        Err(why) => {
            complain(&format!("error: {}: {why}", path.display()));
            Exit::Usage
        }
    }
}
