//! Two ends on one line in virtual time, and what a line does to what it carries.

use crate::apb::time::{Span, Time};
use crate::hil::driver::{Driver, Note, Outbox, Unit};
use crate::hil::line::Settings;
use crate::hil::message::{Order, Report};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use std::collections::BTreeMap;

/// What a line does. Chances are per frame.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Faults {
    /// A byte is lost.
    pub(crate) drop: f64,
    /// The whole frame is lost.
    pub(crate) lose: f64,
    /// A bit is flipped.
    pub(crate) flip: f64,
    /// The frame comes twice.
    pub(crate) twice: f64,
    /// The frame, and all behind it, come up to `delay` later.
    pub(crate) late: f64,
    pub(crate) delay: Span,
    /// Whoever sends hears itself.
    pub(crate) echo: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum End {
    Host,
    Device,
}

/// Frames closer together than this suffer the same delay.
const BURST: Span = Span::millis(30);

/// A host and a device on one line.
pub(crate) struct Bench<H, D> {
    pub(crate) host: H,
    pub(crate) device: D,
    pub(crate) now: Time,
    pub(crate) faults: Faults,
    /// How long a byte takes; `None`: a connection, which takes no time.
    line: Option<Settings>,
    rng: ChaCha8Rng,
    flying: BTreeMap<(Time, u64), (End, Vec<u8>)>,
    count: u64,
    /// When the last byte of each end has arrived, and when it last sent something.
    free: [Time; 2],
    sent: [Option<Time>; 2],
    /// Everything the host handed out.
    pub(crate) reports: Vec<(Time, Unit, Report)>,
    /// Everything the device handed out.
    pub(crate) orders: Vec<(Time, Unit, Order)>,
    pub(crate) notes: Vec<(Time, End, Option<Unit>, Note)>,
}

impl<H, D> Bench<H, D>
where
    H: Driver<In = Order, Out = Report>,
    D: Driver<In = Report, Out = Order>,
{
    /// Both ends on a line that is open.
    pub(crate) fn new(host: H, device: D, line: Option<Settings>, seed: u64) -> Self {
        let mut bench = Self {
            host,
            device,
            now: Time::ZERO,
            faults: Faults::default(),
            line,
            rng: ChaCha8Rng::seed_from_u64(seed),
            flying: BTreeMap::new(),
            count: 0,
            free: [Time::ZERO; 2],
            sent: [None; 2],
            reports: Vec::new(),
            orders: Vec::new(),
            notes: Vec::new(),
        };
        bench.at_device(|device, now, out| device.up(now, out));
        bench.at_host(|host, now, out| host.up(now, out));
        bench
    }

    pub(crate) fn order(&mut self, unit: Unit, order: Order) {
        self.at_host(|host, now, out| host.submit(now, unit, order, out));
    }

    pub(crate) fn report(&mut self, unit: Unit, report: Report) {
        self.at_device(|device, now, out| device.submit(now, unit, report, out));
    }

    pub(crate) fn at_host(&mut self, act: impl FnOnce(&mut H, Time, &mut Outbox<Report>)) {
        let mut out = Outbox::default();
        act(&mut self.host, self.now, &mut out);
        let now = self.now;
        self.reports.extend(out.messages.into_iter().map(|(unit, report)| (now, unit, report)));
        self.notes.extend(out.notes.into_iter().map(|(unit, note)| (now, End::Host, unit, note)));
        out.frames.into_iter().for_each(|frame| self.send(End::Host, frame));
    }

    pub(crate) fn at_device(&mut self, act: impl FnOnce(&mut D, Time, &mut Outbox<Order>)) {
        let mut out = Outbox::default();
        act(&mut self.device, self.now, &mut out);
        let now = self.now;
        self.orders.extend(out.messages.into_iter().map(|(unit, order)| (now, unit, order)));
        self.notes.extend(out.notes.into_iter().map(|(unit, note)| (now, End::Device, unit, note)));
        out.frames.into_iter().for_each(|frame| self.send(End::Device, frame));
    }

    fn wire(&self, bytes: usize) -> Span {
        self.line.map_or(Span::ZERO, |line| line.wire_time(bytes))
    }

    fn fly(&mut self, at: Time, to: End, bytes: Vec<u8>) {
        self.count += 1;
        self.flying.insert((at, self.count), (to, bytes));
    }

    fn send(&mut self, from: End, frame: Vec<u8>) {
        let (place, to) = match from {
            End::Host => (0, End::Device),
            End::Device => (1, End::Host),
        };
        if self.faults.echo {
            self.fly(self.now + self.wire(frame.len()), from, frame.clone());
        }
        let mut start = self.now.max(self.free[place]);
        let burst = self.sent[place].is_some_and(|sent| self.now.since(sent) < BURST);
        if !burst && self.rng.random_bool(self.faults.late) {
            start = start + Span(self.rng.random_range(0..=self.faults.delay.0));
        }
        self.sent[place] = Some(self.now);
        let mut bytes = frame;
        if self.rng.random_bool(self.faults.lose) {
            return;
        }
        if self.rng.random_bool(self.faults.flip) {
            let at = self.rng.random_range(0..bytes.len());
            bytes[at] ^= 1 << self.rng.random_range(0..8);
        }
        if self.rng.random_bool(self.faults.drop) {
            bytes.remove(self.rng.random_range(0..bytes.len()));
        }
        if self.rng.random_bool(self.faults.twice) {
            bytes.extend(bytes.clone());
        }
        // Two bytes, then some, then the rest.
        let cut = self.rng.random_range(0..=bytes.len());
        let mut from = 0;
        for upto in [2.min(bytes.len()), cut, bytes.len()] {
            if upto > from {
                self.fly(start + self.wire(upto), to, bytes[from..upto].to_vec());
                from = upto;
            }
        }
        self.free[place] = start + self.wire(bytes.len());
    }

    /// Everything until then.
    pub(crate) fn run_until(&mut self, until: Time) {
        let mut idle = 0;
        loop {
            let flight = self.flying.first_key_value().map(|(key, _)| *key);
            let next = [flight.map(|(at, _)| at), self.host.next_wake(), self.device.next_wake()];
            let Some(at) = next.into_iter().flatten().min().filter(|at| *at <= until) else { break };
            idle = if at > self.now { 0 } else { idle + 1 };
            assert!(idle < 10_000, "time stands still at {at}");
            self.now = self.now.max(at);
            if let Some(key) = flight.filter(|(at, _)| *at <= self.now) {
                match self.flying.remove(&key).unwrap() {
                    (End::Host, bytes) => self.at_host(|host, now, out| host.receive(now, &bytes, out)),
                    (End::Device, bytes) => self.at_device(|d, now, out| d.receive(now, &bytes, out)),
                }
            }
            self.at_host(|host, now, out| host.wake(now, out));
            self.at_device(|device, now, out| device.wake(now, out));
        }
        self.now = until;
    }

    pub(crate) fn run_for(&mut self, span: Span) {
        self.run_until(self.now + span);
    }

    /// What the host knows of an input, or reads back of an output.
    pub(crate) fn known(&self, unit: Unit, is: impl Fn(&Report) -> Option<bool>) -> Option<bool> {
        self.reports.iter().rev().filter(|(_, u, _)| *u == unit).find_map(|(_, _, report)| is(report))
    }

    /// The notes of one end with this name.
    pub(crate) fn noted(&self, end: End, name: &str) -> usize {
        self.notes.iter().filter(|(_, e, _, note)| *e == end && note.name() == name).count()
    }
}
