//! How long it takes from a release to motion and from a sensor to its report, and how much of it the wire
//! was busy.

use super::bench::{Bench, Setting};
use super::emulator::{Seen, Stimulus};
use super::plan::{FarEnd, Place, Rig};
use super::protocol;
use crate::apb::effect::Signal;
use crate::apb::id::{CardNumber, Direction};
use crate::apb::input::Leaf;
use crate::apb::time::{Span, Time};
use crate::hil::capability::Capability;
use crate::hil::driver::Unit;
use crate::hil::line::{Saying, Settings, Tap};
use crate::hil::message::{Order, Read, Report};
use std::sync::{Arc, Mutex, PoisonError};

/// How long an answer may take before the sample counts as lost.
const ANSWERS_WITHIN: Span = Span::seconds(2);

/// How often the lines are looked at while one waits. Bounds how exactly an instant is known here; instants
/// of the lines themselves are taken on their own thread.
const LOOKS_EVERY: Span = Span::micros(200);

/// How long a real gate may take from being told to shut to being shut; one that does not say that it is
/// shut is waited for so long after every release.
const SHUTS_WITHIN: Span = Span::seconds(10);

/// The pause between two samples: a poll period and a bit, so that samples fall anywhere within one.
const PAUSE: Span = Span::millis(37);

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// From a release ordered to the gate told.
    ReleaseToGate,
    /// From a release ordered to the report that the leaf moves, or that the gate opened.
    ReleaseToMotion,
    /// From a beam cut to its report.
    BeamToReport,
    /// From a credential read to its report.
    ReadToReport,
    /// From a lamp ordered to the reader told.
    LampToReader,
}

impl Course {
    /// The words for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::ReleaseToGate => "release to gate",
            Self::ReleaseToMotion => "release to motion reported",
            Self::BeamToReport => "beam to report",
            Self::ReadToReport => "read to report",
            Self::LampToReader => "lamp to reader",
        }
    }
}

/// One sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// From begin to end.
    pub total: Span,
    /// How long the bytes that were on the wire meanwhile take on it.
    pub wire: Span,
}

/// All samples of one course at one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// The line.
    pub line: String,
    /// The device.
    pub device: String,
    /// What was measured.
    pub course: Course,
    /// The samples.
    pub samples: Vec<Sample>,
    /// How many never ended.
    pub lost: u64,
}

/// What bytes went over a line, and when.
#[derive(Clone, Debug, Default)]
struct Traffic(Arc<Mutex<Vec<(Time, usize)>>>);

impl Tap for Traffic {
    fn saw(&mut self, at: Time, _: bool, bytes: &[u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((at, bytes.len()));
    }
}

impl Traffic {
    /// How long what went over the line between two instants takes on it, and forgets it.
    fn busy(&self, from: Time, to: Time, settings: &Settings) -> Span {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = all.iter().filter(|(at, _)| (from..=to).contains(at)).map(|(_, bytes)| bytes).sum();
        all.clear();
        settings.wire_time(bytes)
    }
}

/// Measures each course that each device of a rig allows so many times; `progress` is told after each sample.
/// Emulated devices allow all that their protocol carries; real ones only what needs no hand.
///
/// # Errors
/// The bench cannot be started.
pub fn latency(rig: &Rig, count: u64, mut progress: impl FnMut()) -> Result<Vec<Measured>, String> {
    let traffic: Vec<Traffic> = rig.lines.iter().map(|_| Traffic::default()).collect();
    let taps = traffic.iter().map(|t| Some(Box::new(t.clone()) as Box<dyn Tap>)).collect();
    let setting = Setting { spoken_for: true, taps, ..Setting::default() };
    let mut bench = Bench::start(rig, setting)?;
    super::survey::survey(rig, &mut bench, Span::seconds(10));
    let mut all = Vec::new();
    for (index, line) in rig.lines.iter().enumerate().filter(|(_, l)| l.far_end == FarEnd::Devices) {
        for (unit, device) in line.devices.iter().enumerate() {
            let unit = Unit(u16::try_from(unit).unwrap_or(u16::MAX));
            for course in courses(line.at == Place::Emulated, protocol::capabilities(line, device)) {
                let (mut samples, mut lost) = (Vec::new(), 0);
                for round in 0..count {
                    let mut run = Run { bench: &mut bench, line: index, unit, round };
                    let sample = run.sample(course);
                    if course == Course::ReleaseToMotion && line.at != Place::Emulated {
                        run.rest();
                    }
                    match sample {
                        Some((from, to)) => {
                            let wire = traffic.get(index).map(|t| t.busy(from, to, &line.settings));
                            samples.push(Sample { total: to.since(from), wire: wire.unwrap_or_default() });
                        }
                        None => lost += 1,
                    }
                    progress();
                }
                let (line, device) = (line.id.clone(), device.id.clone());
                all.push(Measured { line, device, course, samples, lost });
            }
        }
    }
    Ok(all)
}

/// What can be measured without a hand.
fn courses(emulated: bool, can: crate::hil::Capabilities) -> Vec<Course> {
    let list = [
        (Course::ReleaseToGate, emulated && can.has(Capability::Release)),
        (
            Course::ReleaseToMotion,
            can.has(Capability::Release) && (can.has(Capability::Leaf) || can.has(Capability::Opened)),
        ),
        (Course::BeamToReport, emulated && can.has(Capability::Beam)),
        (Course::ReadToReport, emulated && can.has(Capability::Read)),
        (Course::LampToReader, emulated && can.has(Capability::Show)),
    ];
    list.into_iter().filter(|(_, can)| *can).map(|(course, _)| course).collect()
}

/// How many samples there will be of each device, for a progress bar.
pub fn samples_of(rig: &Rig, count: u64) -> u64 {
    let lines = rig.lines.iter().filter(|l| l.far_end == FarEnd::Devices);
    let of = |line: &super::plan::LinePlan| -> usize {
        let emulated = line.at == Place::Emulated;
        line.devices.iter().map(|d| courses(emulated, protocol::capabilities(line, d)).len()).sum()
    };
    lines.map(of).map(|courses| courses as u64 * count).sum()
}

/// One sample at one device.
struct Run<'a> {
    bench: &'a mut Bench,
    line: usize,
    unit: Unit,
    round: u64,
}

impl Run<'_> {
    /// When it began and ended; `None`: it did not end in time.
    fn sample(&mut self, course: Course) -> Option<(Time, Time)> {
        let pause = self.bench.clock().now() + PAUSE;
        self.bench.wait_until(pause);
        while self.bench.take_report().is_some() || self.bench.take_seen().is_some() {}
        let (line, unit) = (self.line, self.unit);
        // A number that no other sample has.
        let card = CardNumber(1 + self.round);
        let blocked = self.round.is_multiple_of(2);
        let signal = if blocked { Signal::Granted } else { Signal::Denied };
        let begin = self.bench.clock().now();
        match course {
            Course::ReleaseToGate | Course::ReleaseToMotion => {
                self.bench.order(line, unit, Order::Release(Direction::In));
            }
            Course::LampToReader => self.bench.order(line, unit, Order::Show(signal)),
            Course::BeamToReport => self.say(Report::Beam(0, blocked)),
            Course::ReadToReport => self.say(Report::Read(Read::of(card))),
        }
        let end = begin + ANSWERS_WITHIN;
        loop {
            while let Some(seen) = self.bench.take_seen() {
                if (seen.line, seen.unit) != (line, Some(unit)) {
                    continue;
                }
                match (course, seen.what) {
                    (Course::ReleaseToGate, Saying::Message(Seen::Told(Order::Release(_))))
                    | (Course::LampToReader, Saying::Message(Seen::Told(Order::Show(_)))) => {
                        self.bench.order(line, unit, Order::Shut);
                        return Some((begin, seen.at));
                    }
                    (Course::ReleaseToMotion, Saying::Message(Seen::Told(Order::Release(_)))) => {
                        // An emulated gate moves at once, and is shut again by the next sample.
                        for report in [Report::Leaf(Leaf::Moving), Report::Opened] {
                            self.bench.stimulate(line, unit, Stimulus::Say(report));
                        }
                    }
                    _ => {}
                }
            }
            while let Some(report) = self.bench.take_report() {
                if (report.line, report.unit) != (line, Some(unit)) {
                    continue;
                }
                let fits = match (course, &report.what) {
                    (Course::ReleaseToMotion, Saying::Message(Report::Leaf(leaf))) => *leaf != Leaf::Closed,
                    (Course::ReleaseToMotion, Saying::Message(Report::Opened)) => true,
                    (Course::BeamToReport, Saying::Message(Report::Beam(0, cut))) => *cut == blocked,
                    (Course::ReadToReport, Saying::Message(Report::Read(read))) => read.card == card,
                    _ => false,
                };
                if fits {
                    if course == Course::ReleaseToMotion {
                        self.bench.order(line, unit, Order::Shut);
                        self.bench.stimulate(line, unit, Stimulus::Say(Report::Leaf(Leaf::Closed)));
                    }
                    return Some((begin, report.at));
                }
            }
            let now = self.bench.clock().now();
            if now >= end {
                return None;
            }
            self.bench.wait_until(now + LOOKS_EVERY);
        }
    }

    /// Has a real gate shut, and waits until it says that it has: what moves on after a sample is no answer
    /// to the next one.
    fn rest(&mut self) {
        self.bench.order(self.line, self.unit, Order::Shut);
        let end = self.bench.clock().now() + SHUTS_WITHIN;
        loop {
            while let Some(said) = self.bench.take_report() {
                let is_ours = (said.line, said.unit) == (self.line, Some(self.unit));
                if is_ours && said.what == Saying::Message(Report::Leaf(Leaf::Closed)) {
                    return;
                }
            }
            let now = self.bench.clock().now();
            if now >= end {
                return;
            }
            self.bench.wait_until(now + LOOKS_EVERY);
        }
    }

    fn say(&mut self, report: Report) {
        self.bench.stimulate(self.line, self.unit, Stimulus::Say(report));
    }
}
