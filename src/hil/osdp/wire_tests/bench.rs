//! A control panel and a peripheral with a wire between them.

use crate::apb::id::CardNumber;
use crate::apb::time::{Span, Time};
use crate::hil::driver::{Driver, Note, Outbox, Unit};
use crate::hil::line::Settings as Line;
use crate::hil::message::{Order, Read, Report};
use crate::hil::osdp::{
    ControlPanel, Device, PanelSettings, Peripheral, PeripheralSettings, Reader, ReaderSecurity, Security,
};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use std::collections::BTreeMap;

pub(super) const BAUD: u32 = 38_400;

/// What the wire does to each byte, as chances.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Faults {
    pub(super) lose: f64,
    pub(super) flip: f64,
    pub(super) double: f64,
    pub(super) delay: Span,
    /// Everything is lost.
    pub(super) cut: bool,
    /// The panel sees a stray byte whenever it has sent something.
    pub(super) glitch: bool,
}

impl Faults {
    pub(super) fn lose(lose: f64) -> Self {
        Self { lose, ..Self::default() }
    }
}

/// Two drivers and a wire.
pub(super) struct Bench {
    pub(super) panel: ControlPanel,
    pub(super) peripheral: Peripheral,
    pub(super) faults: Faults,
    pub(super) now: Time,
    pub(super) reports: Vec<(Time, Unit, Report)>,
    pub(super) orders: Vec<(Time, Unit, Order)>,
    pub(super) panel_notes: Vec<(Option<Unit>, Note)>,
    pub(super) reader_notes: Vec<(Option<Unit>, Note)>,
    /// Frames that were sent, either way.
    pub(super) frames: Vec<(bool, Vec<u8>)>,
    /// What is on its way: to the peripheral or to the panel.
    wire: BTreeMap<(Time, u64), (bool, Vec<u8>)>,
    sent: u64,
    free: [Time; 2],
    rng: ChaCha8Rng,
}

pub(super) fn line() -> Line {
    Line { baud: BAUD, ..Line::default() }
}

impl Bench {
    pub(super) fn new(seed: u64, devices: Vec<Device>, readers: Vec<Reader>) -> Self {
        let panel = PanelSettings { line: line(), devices, seed: [1; 32], ..PanelSettings::default() };
        let peripheral =
            PeripheralSettings { line: line(), readers, seed: [2; 32], ..PeripheralSettings::default() };
        let mut bench = Self {
            panel: ControlPanel::new(panel).unwrap(),
            peripheral: Peripheral::new(peripheral).unwrap(),
            faults: Faults::default(),
            now: Time::ZERO,
            reports: Vec::new(),
            orders: Vec::new(),
            panel_notes: Vec::new(),
            reader_notes: Vec::new(),
            frames: Vec::new(),
            wire: BTreeMap::new(),
            sent: 0,
            free: [Time::ZERO; 2],
            rng: ChaCha8Rng::seed_from_u64(seed),
        };
        bench.panel_does(|panel, now, out| panel.up(now, out));
        bench.reader_does(|peripheral, now, out| peripheral.up(now, out));
        bench
    }

    /// One reader, with these securities at either end.
    pub(super) fn one(seed: u64, panel: Security, reader: ReaderSecurity) -> Self {
        let device = Device { address: 5, security: panel, ..Device::default() };
        let reader = Reader { address: 5, security: reader, ..Reader::default() };
        Self::new(seed, vec![device], vec![reader])
    }

    pub(super) fn plain(seed: u64) -> Self {
        Self::one(seed, Security::Plain, ReaderSecurity::Plain)
    }

    pub(super) fn panel_does(&mut self, act: impl FnOnce(&mut ControlPanel, Time, &mut Outbox<Report>)) {
        let mut out = Outbox::default();
        act(&mut self.panel, self.now, &mut out);
        let now = self.now;
        self.reports.extend(out.messages.into_iter().map(|(unit, report)| (now, unit, report)));
        self.panel_notes.extend(out.notes);
        out.frames.into_iter().for_each(|frame| self.send(true, frame));
    }

    pub(super) fn reader_does(&mut self, act: impl FnOnce(&mut Peripheral, Time, &mut Outbox<Order>)) {
        let mut out = Outbox::default();
        act(&mut self.peripheral, self.now, &mut out);
        let now = self.now;
        self.orders.extend(out.messages.into_iter().map(|(unit, order)| (now, unit, order)));
        self.reader_notes.extend(out.notes);
        out.frames.into_iter().for_each(|frame| self.send(false, frame));
    }

    /// Puts a frame on the wire, where things happen to it.
    fn send(&mut self, to_reader: bool, frame: Vec<u8>) {
        let starts = self.free[usize::from(to_reader)].max(self.now);
        let ends = starts + line().wire_time(frame.len());
        self.free[usize::from(to_reader)] = ends;
        let mut arrives = Vec::new();
        for byte in &frame {
            if self.faults.cut || self.rng.random_bool(self.faults.lose) {
                continue;
            }
            let flip = self.rng.random_bool(self.faults.flip);
            let byte = if flip { byte ^ 1 << self.rng.random_range(0..8) } else { *byte };
            arrives.push(byte);
            if self.rng.random_bool(self.faults.double) {
                arrives.push(byte);
            }
        }
        if to_reader && self.faults.glitch {
            self.sent += 1;
            self.wire.insert((ends, self.sent), (false, vec![0]));
        }
        self.frames.push((to_reader, frame));
        // In two pieces, the second a moment later, as adapters deliver them.
        let split = self.rng.random_range(0..=arrives.len());
        for (piece, at) in [(&arrives[..split], ends), (&arrives[split..], ends + Span::millis(1))] {
            if !piece.is_empty() {
                self.sent += 1;
                self.wire.insert((at + self.faults.delay, self.sent), (to_reader, piece.to_vec()));
            }
        }
    }

    /// Lets so much time go by.
    pub(super) fn run(&mut self, span: Span) {
        let until = self.now + span;
        for step in 0.. {
            assert!(step < 2_000_000, "no end of things to do at {}", self.now);
            let wakes = [self.panel.next_wake(), self.peripheral.next_wake()];
            let arrives = self.wire.keys().next().map(|(at, _)| *at);
            let next = wakes.into_iter().chain([arrives]).flatten().min();
            let Some(next) = next.filter(|next| *next <= until) else { break };
            self.now = self.now.max(next);
            if arrives == Some(next)
                && let Some((_, (to_reader, bytes))) = self.wire.pop_first()
            {
                if to_reader {
                    self.reader_does(|peripheral, now, out| peripheral.receive(now, &bytes, out));
                } else {
                    self.panel_does(|panel, now, out| panel.receive(now, &bytes, out));
                }
                continue;
            }
            self.panel_does(|panel, now, out| panel.wake(now, out));
            self.reader_does(|peripheral, now, out| peripheral.wake(now, out));
        }
        self.now = until;
    }

    pub(super) fn present(&mut self, unit: u16, card: u64) {
        self.report(unit, Report::Read(Read::of(CardNumber(card))));
    }

    pub(super) fn report(&mut self, unit: u16, report: Report) {
        self.reader_does(|peripheral, now, out| peripheral.submit(now, Unit(unit), report, out));
    }

    pub(super) fn order(&mut self, unit: u16, order: Order) {
        self.panel_does(|panel, now, out| panel.submit(now, Unit(unit), order, out));
    }

    /// The cards that the panel reported of one reader, and whether they were stale.
    pub(super) fn cards(&self, unit: u16) -> Vec<(u64, bool)> {
        let of_unit = self.reports.iter().filter(|(_, of, _)| *of == Unit(unit));
        of_unit
            .filter_map(|(_, _, report)| match report {
                Report::Read(read) => Some((read.card.0, read.stale)),
                _ => None,
            })
            .collect()
    }

    pub(super) fn panel_noted(&self, name: &str) -> Vec<String> {
        self.panel_notes.iter().filter(|(_, n)| n.name() == name).map(|(_, n)| n.detail()).collect()
    }

    pub(super) fn reader_noted(&self, name: &str) -> Vec<String> {
        self.reader_notes.iter().filter(|(_, n)| n.name() == name).map(|(_, n)| n.detail()).collect()
    }

    pub(super) fn is_online(&self) -> bool {
        self.panel.is_online(Unit(0))
    }
}
