//! Two ends of a protocol on a line that loses and garbles, in virtual time: for tests.

use crate::apb::time::{Span, Time};
use crate::hil::driver::{Driver, Note, Outbox, Unit};
use crate::hil::line::Settings;
use std::collections::VecDeque;

/// Numbers from a seed (SplitMix64).
#[derive(Clone, Debug)]
pub(in crate::hil) struct Dice(pub(in crate::hil) u64);

impl Dice {
    pub(in crate::hil) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ z >> 31
    }

    /// Below a bound.
    pub(in crate::hil) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }
}

/// How often, of a thousand frames, one is lost, loses a byte, has a bit flipped, has a byte put in.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::hil) struct Faults {
    pub(in crate::hil) frame: u64,
    pub(in crate::hil) byte: u64,
    pub(in crate::hil) bit: u64,
    pub(in crate::hil) noise: u64,
}

type Carried = VecDeque<(Time, Vec<u8>)>;

/// A line between a host and devices. What is written arrives in order, in pieces, some of it not at all.
pub(in crate::hil) struct Wire<H: Driver, D: Driver> {
    pub(in crate::hil) host: H,
    pub(in crate::hil) device: D,
    pub(in crate::hil) now: Time,
    pub(in crate::hil) faults: Faults,
    pub(in crate::hil) dice: Dice,
    pub(in crate::hil) notes: Vec<(Option<Unit>, Note)>,
    pub(in crate::hil) frames_to_device: usize,
    settings: Settings,
    to_host: Carried,
    to_device: Carried,
    connected: bool,
}

/// What both ends said in one step.
pub(in crate::hil) struct Said<H: Driver, D: Driver> {
    pub(in crate::hil) host: Vec<(Unit, H::Out)>,
    pub(in crate::hil) device: Vec<(Unit, D::Out)>,
}

impl<H: Driver, D: Driver> Wire<H, D> {
    /// A sound line, with both ends up.
    pub(in crate::hil) fn new(host: H, device: D, settings: Settings, seed: u64) -> (Self, Said<H, D>) {
        let mut wire = Self {
            host,
            device,
            now: Time::ZERO,
            faults: Faults::default(),
            dice: Dice(seed),
            notes: Vec::new(),
            frames_to_device: 0,
            settings,
            to_host: VecDeque::new(),
            to_device: VecDeque::new(),
            connected: false,
        };
        let said = wire.connect(true);
        (wire, said)
    }

    /// Plugs the line in at both ends, or out.
    pub(in crate::hil) fn connect(&mut self, connected: bool) -> Said<H, D> {
        self.connected = connected;
        self.to_host.clear();
        self.to_device.clear();
        let (mut from_host, mut from_device) = (Outbox::default(), Outbox::default());
        if connected {
            self.device.up(self.now, &mut from_device);
            self.host.up(self.now, &mut from_host);
        } else {
            self.device.down(self.now, &mut from_device);
            self.host.down(self.now, &mut from_host);
        }
        self.carry(from_host, from_device)
    }

    pub(in crate::hil) fn order(&mut self, unit: Unit, what: H::In) -> Said<H, D> {
        let mut out = Outbox::default();
        self.host.submit(self.now, unit, what, &mut out);
        self.carry(out, Outbox::default())
    }

    pub(in crate::hil) fn report(&mut self, unit: Unit, what: D::In) -> Said<H, D> {
        let mut out = Outbox::default();
        self.device.submit(self.now, unit, what, &mut out);
        self.carry(Outbox::default(), out)
    }

    /// Whether nothing is on its way.
    pub(in crate::hil) fn is_idle(&self) -> bool {
        self.to_host.is_empty() && self.to_device.is_empty()
    }

    /// Lets the next thing happen, until some time at most. `None`: nothing did.
    pub(in crate::hil) fn step(&mut self, until: Time) -> Option<Said<H, D>> {
        let arrivals = [self.to_host.front(), self.to_device.front()];
        let arrivals = arrivals.into_iter().flatten().map(|(at, _)| *at);
        let wakes = [self.host.next_wake(), self.device.next_wake()];
        let Some(at) = arrivals.chain(wakes.into_iter().flatten()).min().filter(|at| *at <= until) else {
            self.now = until;
            return None;
        };
        self.now = self.now.max(at);
        let (mut from_host, mut from_device) = (Outbox::default(), Outbox::default());
        if self.to_host.front().is_some_and(|(due, _)| *due <= self.now)
            && let Some((_, bytes)) = self.to_host.pop_front()
        {
            self.host.receive(self.now, &bytes, &mut from_host);
        } else if self.to_device.front().is_some_and(|(due, _)| *due <= self.now)
            && let Some((_, bytes)) = self.to_device.pop_front()
        {
            self.device.receive(self.now, &bytes, &mut from_device);
        } else {
            self.host.wake(self.now, &mut from_host);
            self.device.wake(self.now, &mut from_device);
            for next in [self.host.next_wake(), self.device.next_wake()].into_iter().flatten() {
                assert!(next > self.now, "a driver that is never done with {:?}", self.now);
            }
        }
        Some(self.carry(from_host, from_device))
    }

    fn carry(&mut self, from_host: Outbox<H::Out>, from_device: Outbox<D::Out>) -> Said<H, D> {
        self.frames_to_device += from_host.frames.len();
        for frame in from_host.frames {
            let mut line = std::mem::take(&mut self.to_device);
            self.write(frame, &mut line);
            self.to_device = line;
        }
        for frame in from_device.frames {
            let mut line = std::mem::take(&mut self.to_host);
            self.write(frame, &mut line);
            self.to_host = line;
        }
        self.notes.extend(from_host.notes);
        Said { host: from_host.messages, device: from_device.messages }
    }

    fn write(&mut self, mut frame: Vec<u8>, line: &mut Carried) {
        let fault = self.dice.below(1_000);
        let at = self.dice.below(frame.len() as u64) as usize;
        let Faults { frame: lost, byte, bit, noise } = self.faults;
        let limits = [lost, lost + byte, lost + byte + bit, lost + byte + bit + noise];
        match limits.iter().position(|limit| fault < *limit) {
            Some(0) => return,
            Some(1) => {
                frame.remove(at);
            }
            Some(2) => frame[at] ^= 1 << self.dice.below(8),
            Some(3) => frame.insert(at, self.dice.next() as u8),
            _ => {}
        }
        if !self.connected {
            return;
        }
        // USB adapters hand a frame over in pieces, up to 20 ms apart here.
        let cut = self.dice.below(frame.len() as u64 + 1) as usize;
        let after = line.back().map_or(self.now, |(at, _)| (*at).max(self.now));
        let first = after + self.settings.wire_time(cut);
        let second = first + self.settings.wire_time(frame.len() - cut) + Span(self.dice.below(20_000));
        let tail = frame.split_off(cut);
        line.extend([(first, frame), (second, tail)].into_iter().filter(|(_, bytes)| !bytes.is_empty()));
    }
}
