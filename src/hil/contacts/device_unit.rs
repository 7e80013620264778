//! One gate, at the device: levels of outputs to orders, reports to edges of inputs.

use super::lines::Lines;
use super::pulse_out::PulseOut;
use super::said::Said;
use super::wiring::{Contact, PULSE_MIN, Unlock, Wiring, side};
use crate::apb::effect::Tone;
use crate::apb::id::Direction;
use crate::apb::input::Leaf;
use crate::apb::site::PassMode;
use crate::apb::time::{Span, Time};
use crate::hil::driver::Note;
use crate::hil::message::{GateAlarm, Order, Report};
use std::collections::{BTreeMap, BTreeSet};

/// Holding the stop contact longer than this locks both ways; shorter, it voids releases (no figure is known;
/// as long as the longest pulse of a host is by default).
const STOP_LOCKS_AFTER: Span = Span::seconds(2);

/// A gate as it sees its contacts.
#[derive(Debug)]
pub(super) struct DeviceUnit {
    wiring: Wiring,
    /// Whether it has said how it begins.
    begun: bool,
    /// The level of each output of the board, off unless switched.
    outputs: BTreeMap<u8, bool>,
    unlocks: [Held; 2],
    stop: Held,
    /// Levels of inputs, as last handed to the board.
    handed: Lines,
    passes: [PulseOut; 2],
    opened: PulseOut,
    is_closed: bool,
    is_ready: bool,
    alarms: BTreeSet<GateAlarm>,
    tampered: bool,
    power_fails: bool,
    on_fire: bool,
}

/// A contact that means one thing when it is held for a while, and another when for longer.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    since: Option<Time>,
    /// It has been held long enough for the first.
    first: bool,
    /// And for the second.
    second: bool,
}

impl DeviceUnit {
    pub(super) fn new(wiring: Wiring) -> Self {
        Self {
            wiring,
            begun: false,
            outputs: BTreeMap::new(),
            unlocks: [Held::default(); 2],
            stop: Held::default(),
            handed: Lines::default(),
            passes: [PulseOut::default(); 2],
            opened: PulseOut::default(),
            is_closed: true,
            is_ready: true,
            alarms: BTreeSet::new(),
            tampered: false,
            power_fails: false,
            on_fire: false,
        }
    }

    /// The gate is there. With its board unpowered, or never written, what is active by removal of the signal
    /// is active; only releases need an edge.
    pub(super) fn begin(&mut self, now: Time, said: &mut Said<Order>) {
        if std::mem::replace(&mut self.begun, true) {
            return;
        }
        let active = |contact: Contact| {
            contact.level(true) == self.outputs.get(&contact.number).copied().unwrap_or(false)
        };
        let unlocks: Vec<Contact> = self.wiring.ways.iter().filter_map(|way| way.unlock).collect();
        let at_first = self.wiring.outputs().into_iter().filter(|contact| active(*contact));
        for contact in at_first.filter(|contact| !unlocks.contains(contact)).collect::<Vec<_>>() {
            self.contact(now, contact, true, said);
        }
    }

    /// An output of the board was switched; `false`: it is not wired.
    pub(super) fn output(&mut self, now: Time, number: u8, level: bool, said: &mut Said<Order>) -> bool {
        self.wake(now, said);
        let Some(contact) = self.wiring.outputs().into_iter().find(|c| c.number == number) else {
            return false;
        };
        let before = self.outputs.insert(number, level).unwrap_or(false);
        if before != level {
            self.contact(now, contact, contact.level(true) == level, said);
        }
        true
    }

    fn contact(&mut self, now: Time, contact: Contact, active: bool, said: &mut Said<Order>) {
        let is = |other: Option<Contact>| other == Some(contact);
        for way in Direction::BOTH {
            let contacts = self.wiring.ways[way.index()];
            if is(contacts.unlock) {
                return self.unlock(now, way, active, said);
            }
            if is(contacts.free) {
                return said.messages.push(Order::Mode(way, mode(active)));
            }
        }
        if is(self.wiring.stop) {
            return self.stop(now, active, said);
        }
        if is(self.wiring.fire) {
            return said.messages.push(Order::Fire(active));
        }
        if is(self.wiring.buzz) {
            let tone = if active { Tone::Continuous } else { Tone::Off };
            return said.messages.push(Order::Buzz(tone));
        }
        let beam = self.wiring.beams.iter().position(|beam| *beam == contact);
        let beam = beam.and_then(|beam| u8::try_from(beam).ok());
        said.messages.extend(beam.map(|beam| Order::Beam(beam, active)));
    }

    fn unlock(&mut self, now: Time, way: Direction, active: bool, said: &mut Said<Order>) {
        let held = std::mem::take(&mut self.unlocks[way.index()]);
        if active {
            self.unlocks[way.index()].since = Some(now);
            self.wake(now, said);
            return;
        }
        match self.wiring.unlock {
            Unlock::Level if self.unlocks.iter().all(|unlock| unlock.since.is_none()) => {
                said.messages.push(Order::Shut);
            }
            Unlock::Level => {}
            Unlock::Pulse { .. } if held.second => said.messages.push(Order::Mode(way, mode(false))),
            Unlock::Pulse { .. } => {
                if let Some(since) = held.since.filter(|_| !held.first) {
                    let (name, span) = (side(way), now.since(since));
                    let text = format!("unlock {name} for {span}, shorter than {PULSE_MIN}");
                    said.notes.push(Note::Illegal(text));
                }
            }
        }
    }

    fn stop(&mut self, now: Time, active: bool, said: &mut Said<Order>) {
        let held = std::mem::take(&mut self.stop);
        if active {
            self.stop = Held { since: Some(now), first: true, second: false };
            said.messages.push(Order::Shut);
        } else if held.second {
            for way in Direction::BOTH {
                let free = self.wiring.ways[way.index()]
                    .free
                    .is_some_and(|contact| self.outputs.get(&contact.number) == Some(&contact.level(true)));
                said.messages.push(Order::Mode(way, mode(free)));
            }
        }
    }

    /// How long the unlock contact is held until it releases, and until it frees.
    fn held_for(&self) -> (Span, Option<Span>) {
        match self.wiring.unlock {
            Unlock::Level => (Span::ZERO, None),
            Unlock::Pulse { .. } => (PULSE_MIN, self.wiring.free_after),
        }
    }

    pub(super) fn wake(&mut self, now: Time, said: &mut Said<Order>) {
        let (first, second) = self.held_for();
        for way in Direction::BOTH {
            let unlock = &mut self.unlocks[way.index()];
            if unlock.passes_first(now, first) {
                said.messages.push(Order::Release(way));
            }
            if unlock.passes_second(now, second) {
                said.messages.push(Order::Mode(way, PassMode::Free));
            }
            self.passes[way.index()].wake(now, self.wiring.pass.length);
        }
        if self.stop.passes_second(now, Some(STOP_LOCKS_AFTER)) {
            said.messages.extend(Direction::BOTH.map(|way| Order::Mode(way, PassMode::Locked)));
        }
        self.opened.wake(now, self.wiring.pass.length);
    }

    pub(super) fn next_wake(&self) -> Option<Time> {
        let (first, second) = self.held_for();
        let unlocks = self.unlocks.iter().filter_map(|unlock| unlock.due(first, second));
        let stop = self.stop.due(Span::ZERO, Some(STOP_LOCKS_AFTER));
        let pulses = self.passes.iter().chain([&self.opened]).filter_map(PulseOut::next_wake);
        unlocks.chain(stop).chain(pulses).min()
    }

    /// Takes a report of the gate; `false`: it is no matter of contacts.
    pub(super) fn report(&mut self, now: Time, report: &Report, said: &mut Said<Order>) -> bool {
        self.wake(now, said);
        let length = self.wiring.pass.length;
        match report {
            Report::Passed(way) => {
                let wired = self.wiring.ways[way.index()].pass.is_some();
                if wired && !self.passes[way.index()].add(now, length) {
                    said.notes.push(Note::Dropped(format!("passage {way}: too many pulses wait")));
                }
            }
            Report::Opened => {
                self.opened.add(now, length);
            }
            Report::Leaf(leaf) => self.is_closed = *leaf == Leaf::Closed,
            Report::Ready(ready) => self.is_ready = *ready,
            Report::Alarm(alarm, true) => {
                self.alarms.insert(*alarm);
            }
            Report::Alarm(alarm, false) => {
                self.alarms.remove(alarm);
            }
            Report::Fire(active) => self.on_fire = *active,
            Report::Tamper(active) => self.tampered = *active,
            Report::PowerFail(active) => self.power_fails = *active,
            Report::Input(number, _) => {
                if self.wiring.inputs().iter().all(|contact| contact.number != *number) {
                    return false;
                }
                said.notes.push(Note::Dropped(format!("input {number} is a contact of the gate")));
            }
            // The wiring has nothing for it, as its capabilities say.
            Report::Beam(..) | Report::Count(..) => {}
            Report::Read(_) | Report::OutputIs(..) => return false,
        }
        true
    }

    /// The level that every input has to have.
    fn levels(&self) -> Vec<(u8, bool)> {
        let wiring = &self.wiring;
        let faulty = self.alarms.contains(&GateAlarm::Fault) || self.power_fails;
        // With a contact of its own for somebody in the lane, ready is that the gate works.
        let ready = if wiring.busy.is_some() { !faulty } else { self.is_ready };
        let contacts = [
            (wiring.ways[0].pass, self.passes[0].is_active()),
            (wiring.ways[1].pass, self.passes[1].is_active()),
            (wiring.opened, self.opened.is_active()),
            (wiring.closed, self.is_closed),
            (wiring.ready, ready),
            (wiring.busy, !self.is_ready),
            (wiring.detector, self.alarms.contains(&GateAlarm::Intrusion)),
            (wiring.alarm, !self.alarms.is_empty()),
            (wiring.tamper, self.tampered),
            (wiring.power_fail, self.power_fails),
            (wiring.fired, self.on_fire),
        ];
        let wired = contacts.into_iter().filter_map(|(contact, active)| Some((contact?, active)));
        wired.map(|(contact, active)| (contact.number, contact.level(active))).collect()
    }

    /// The board began anew: it will be handed every level.
    pub(super) fn forget_handed(&mut self) {
        self.handed.forget();
    }

    /// The levels to hand to the board now.
    pub(super) fn next_levels(&mut self) -> Vec<(u8, bool)> {
        let levels = self.levels();
        self.handed.changed(levels)
    }
}

fn mode(free: bool) -> PassMode {
    if free { PassMode::Free } else { PassMode::Controlled }
}

impl Held {
    fn passes_first(&mut self, now: Time, after: Span) -> bool {
        let passes = !self.first && self.since.is_some_and(|since| since + after <= now);
        self.first |= passes;
        passes
    }

    fn passes_second(&mut self, now: Time, after: Option<Span>) -> bool {
        let due = self.since.zip(after).map(|(since, after)| since + after);
        let passes = !self.second && due.is_some_and(|due| due <= now);
        self.second |= passes;
        passes
    }

    fn due(&self, first: Span, second: Option<Span>) -> Option<Time> {
        let since = self.since?;
        if !self.first {
            return Some(since + first);
        }
        second.filter(|_| !self.second).map(|second| since + second)
    }
}
