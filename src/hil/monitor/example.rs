//! The trace that is shipped as an example: made anew here, and as described in `hil/TRACES.md`.

use super::json::{Reader, Writer};
use super::{Piece, Toward};
use crate::apb::id::Direction;
use crate::apb::input::Leaf;
use crate::apb::time::{Span, Time};
use crate::hil::driver::{Driver, Outbox, Unit};
use crate::hil::frames::{Device, Host, Station, shipped};
use crate::hil::message::{Order, Report};
use std::sync::Arc;

const FILE: &str = "hil/traces/ds205a-one-release.jsonl";

/// 2026-03-01 08:00:00 UTC.
const START_UNIX_US: u64 = 1_772_352_000_000_000;

/// Both ends of a line, and what went over it. Nothing takes time on the way but the bytes themselves.
struct Line {
    host: Host,
    device: Device,
    now: Time,
    trace: Vec<(Time, Toward, Vec<u8>)>,
}

impl Line {
    fn carry(&mut self, mut from_host: Outbox<Report>, mut from_device: Outbox<Order>) {
        let wire = |bytes: &[u8]| crate::hil::line::Settings::default().wire_time(bytes.len());
        loop {
            let to_device = std::mem::take(&mut from_host.frames);
            let to_host = std::mem::take(&mut from_device.frames);
            if to_device.is_empty() && to_host.is_empty() {
                return;
            }
            for frame in to_device {
                self.trace.push((self.now, Toward::Device, frame.clone()));
                self.now = self.now + wire(&frame);
                self.device.receive(self.now, &frame, &mut from_device);
            }
            for frame in to_host {
                self.now = self.now + wire(&frame);
                self.trace.push((self.now, Toward::Host, frame.clone()));
                self.host.receive(self.now, &frame, &mut from_host);
            }
        }
    }

    fn run(&mut self, until: Time) {
        while let Some(at) = self.host.next_wake().filter(|at| *at <= until) {
            self.now = self.now.max(at);
            let mut out = Outbox::default();
            self.host.wake(self.now, &mut out);
            self.carry(out, Outbox::default());
        }
        self.now = self.now.max(until);
    }

    fn gate(&mut self, after: Span, report: Report) {
        self.run(self.now + after);
        let mut out = Outbox::default();
        self.device.submit(self.now, Unit(0), report, &mut out);
        self.carry(Outbox::default(), out);
    }
}

/// One release, one body, at a board of the kind DS205A.
fn trace() -> String {
    let board = Arc::new(shipped("ds205a").unwrap());
    let stations = [Station::at(1)];
    let host = Host::new(board.clone(), &stations, board.settings).unwrap();
    let device = Device::new(board.clone(), &stations, board.settings).unwrap();
    let mut line = Line { host, device, now: Time::ZERO, trace: Vec::new() };
    line.device.up(Time::ZERO, &mut Outbox::default());
    line.gate(Span::ZERO, Report::Leaf(Leaf::Closed));
    let mut out = Outbox::default();
    line.host.up(Time::ZERO, &mut out);
    line.carry(out, Outbox::default());
    line.run(Time(500_000));
    let mut out = Outbox::default();
    line.host.submit(line.now, Unit(0), Order::Release(Direction::In), &mut out);
    line.carry(out, Outbox::default());
    line.gate(Span::millis(150), Report::Leaf(Leaf::Open));
    line.gate(Span::millis(150), Report::Opened);
    line.gate(Span::millis(700), Report::Beam(0, true));
    line.gate(Span::millis(250), Report::Beam(0, false));
    line.gate(Span::millis(200), Report::Passed(Direction::In));
    line.gate(Span::millis(400), Report::Leaf(Leaf::Closed));
    line.run(line.now + Span::millis(300));
    let mut file = Vec::new();
    let mut writer = Writer::new(&mut file, START_UNIX_US).unwrap();
    for (at, toward, bytes) in line.trace {
        let what = board.describe(toward == Toward::Device, &bytes);
        writer.write(&Piece { at, line: "gates".into(), toward, bytes, what }).unwrap();
    }
    String::from_utf8(file).unwrap()
}

#[test]
fn the_shipped_trace_is_what_the_drivers_say_today() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let made = trace();
    if std::env::var_os("APBRIG_BLESS").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let shipped = std::fs::read_to_string(&path).unwrap();
    assert_eq!(made, shipped, "if the change is meant, run this test with APBRIG_BLESS=1");
    let pieces: Vec<Piece> = Reader::new(shipped.as_bytes()).unwrap().map(Result::unwrap).collect();
    let said = |words: &str| pieces.iter().filter(|p| p.what.as_deref() == Some(words)).count();
    assert_eq!(said("1: release in"), 1);
    assert!(pieces.iter().all(|piece| piece.what.is_some()), "every frame is decoded");
    let specification = include_str!("../../../hil/TRACES.md");
    let shown = shipped.lines().find(|line| line.contains("release in")).unwrap();
    assert!(specification.contains(shown), "hil/TRACES.md shows a line that is not in the trace: {shown}");
    assert!(specification.contains(shipped.lines().next().unwrap()));
}
