//! One gate, at the host: orders to levels of outputs, edges of inputs to reports.

use super::lines::Lines;
use super::pulse_in::{PulseIn, Pulsed};
use super::release::Releases;
use super::said::Said;
use super::wiring::{Contact, Unlock, Wiring, side};
use crate::apb::effect::Tone;
use crate::apb::id::Direction;
use crate::apb::input::Leaf;
use crate::apb::site::PassMode;
use crate::apb::time::{Span, Time};
use crate::hil::driver::Note;
use crate::hil::message::{GateAlarm, Order, Report};
use std::collections::BTreeMap;

/// An output that reads back other than it is wanted is ordered again this often.
const AGAIN: Span = Span::seconds(1);

/// A gate as its host knows it.
#[derive(Debug)]
pub(super) struct HostUnit {
    wiring: Wiring,
    online: bool,
    /// How outputs read back; empty: the board does not tell.
    read_back: BTreeMap<u8, bool>,
    modes: [PassMode; 2],
    releases: [Releases; 2],
    /// Releases that no passage has followed yet.
    owed: [u32; 2],
    /// The stop contact is held until then.
    stopped_until: Option<Time>,
    on_fire: bool,
    cut: Vec<bool>,
    sounds: bool,
    ordered: Lines,
    /// Outputs that read back other than wanted, since when or last ordered again.
    astray: BTreeMap<u8, Time>,
    passes: [PulseIn; 2],
    /// Whether each input is active, as last seen.
    inputs: BTreeMap<u8, bool>,
}

impl HostUnit {
    pub(super) fn new(wiring: Wiring) -> Self {
        let cut = vec![false; wiring.beams.len()];
        Self {
            wiring,
            online: false,
            read_back: BTreeMap::new(),
            modes: [PassMode::Controlled; 2],
            releases: [Releases::default(); 2],
            owed: [0; 2],
            stopped_until: None,
            on_fire: false,
            cut,
            sounds: false,
            ordered: Lines::default(),
            astray: BTreeMap::new(),
            passes: [PulseIn::default(); 2],
            inputs: BTreeMap::new(),
        }
    }

    /// Takes an order; `false`: it is none for contacts.
    pub(super) fn order(&mut self, now: Time, order: &Order, said: &mut Said<Report>) -> bool {
        let wired = match order {
            Order::Release(way) => return self.release(now, *way, said),
            Order::Shut => self.shut(now, said),
            Order::Mode(way, mode) => self.set_mode(now, *way, *mode, said),
            Order::Fire(active) => {
                self.on_fire = *active;
                self.wiring.fire.is_some()
            }
            Order::Beam(beam, cut) => match self.cut.get_mut(usize::from(*beam)) {
                Some(own) => {
                    *own = *cut;
                    true
                }
                None => false,
            },
            Order::Buzz(tone) => {
                self.sounds = *tone != Tone::Off;
                self.wiring.buzz.is_some()
            }
            Order::Output(number, _) => {
                if self.wiring.outputs().iter().all(|contact| contact.number != *number) {
                    return false;
                }
                said.notes.push(Note::Refused(format!("output {number} is a contact of the gate")));
                true
            }
            Order::Show(_) | Order::Text(_) => return false,
        };
        if !wired {
            said.notes.push(Note::Dropped(format!("{order:?}: no contact is wired for it")));
        }
        true
    }

    fn release(&mut self, now: Time, way: Direction, said: &mut Said<Report>) -> bool {
        let refused = |why: &str| Note::Refused(format!("release {way}: {why}"));
        let note = if self.wiring.ways[way.index()].unlock.is_none() {
            Some(Note::Dropped(format!("release {way}: no contact is wired for it")))
        } else if !self.online {
            Some(Note::Dropped(format!("release {way}: the board does not answer")))
        } else {
            match self.modes[way.index()] {
                PassMode::Locked => Some(refused("this way is locked")),
                PassMode::Free => Some(refused("this way is free")),
                PassMode::Controlled => {
                    let added = self.releases[way.index()].add(now, self.wiring.unlock, self.wiring.stored);
                    (!added).then(|| refused("others wait for the end of their pulse, or to pass"))
                }
            }
        };
        if note.is_none() {
            self.owed[way.index()] = self.owed[way.index()].saturating_add(1);
        }
        said.notes.extend(note);
        true
    }

    fn shut(&mut self, now: Time, said: &mut Said<Report>) -> bool {
        for way in Direction::BOTH {
            self.end_releases(now, way, "voided by the order to shut", said);
        }
        let Unlock::Pulse { length, .. } = self.wiring.unlock else { return true };
        self.stopped_until = self.wiring.stop.map(|_| now + length);
        self.wiring.stop.is_some()
    }

    fn end_releases(&mut self, now: Time, way: Direction, why: &str, said: &mut Said<Report>) {
        self.owed[way.index()] = 0;
        for _ in 0..self.releases[way.index()].end(now) {
            said.notes.push(Note::Dropped(format!("release {way}: {why}")));
        }
    }

    fn set_mode(&mut self, now: Time, way: Direction, mode: PassMode, said: &mut Said<Report>) -> bool {
        self.modes[way.index()] = mode;
        if mode != PassMode::Controlled {
            self.end_releases(now, way, "voided by the mode", said);
        }
        let contacts = self.wiring.ways[way.index()];
        let by_holding = contacts.unlock.is_some() && self.wiring.free_after.is_some();
        mode != PassMode::Free || contacts.free.is_some() || by_holding
    }

    /// The level that every output has to have.
    fn levels(&self) -> Vec<(u8, bool)> {
        let mut levels = Vec::new();
        let mut set = |contact: Option<Contact>, active: bool| {
            levels.extend(contact.map(|contact| (contact.number, contact.level(active))));
        };
        for way in Direction::BOTH {
            let (contacts, free) = (self.wiring.ways[way.index()], self.modes[way.index()] == PassMode::Free);
            let by_holding = free && contacts.free.is_none() && self.wiring.free_after.is_some();
            set(contacts.unlock, by_holding || self.releases[way.index()].is_active());
            set(contacts.free, free);
        }
        let locked = self.modes.iter().all(|mode| *mode == PassMode::Locked);
        set(self.wiring.stop, locked || self.stopped_until.is_some());
        set(self.wiring.fire, self.on_fire);
        set(self.wiring.buzz, self.sounds);
        for (beam, cut) in self.wiring.beams.iter().zip(&self.cut) {
            set(Some(*beam), *cut);
        }
        levels
    }

    /// The outputs to order now.
    pub(super) fn next_orders(&mut self) -> Vec<(u8, bool)> {
        if self.online { self.ordered.changed(self.levels()) } else { Vec::new() }
    }

    /// The board answers: every output is put where it belongs.
    pub(super) fn came_online(&mut self) {
        self.online = true;
        self.ordered.forget();
    }

    /// The board does not answer any more.
    pub(super) fn went_offline(&mut self, now: Time, said: &mut Said<Report>) {
        for way in Direction::BOTH {
            let unlock = self.wiring.ways[way.index()].unlock;
            let seen = unlock.is_some_and(|c| self.read_back.get(&c.number) == Some(&c.level(true)));
            if seen || self.releases[way.index()].is_active() {
                let text = format!("release {way}: the board went before its contact was back at rest");
                said.notes.push(Note::Dropped(text));
            }
            self.end_releases(now, way, "the board does not answer", said);
            self.passes[way.index()].forget();
        }
        self.online = false;
        self.read_back.clear();
        self.stopped_until = None;
        self.astray.clear();
        self.inputs.clear();
    }

    /// Takes a report of the board; `false`: it is none of a contact, or of interest beyond it.
    pub(super) fn report(&mut self, now: Time, report: &Report, said: &mut Said<Report>) -> bool {
        if !self.online {
            self.came_online();
        }
        match report {
            Report::OutputIs(number, level) => {
                self.reads_back(now, *number, *level);
                false
            }
            Report::Input(number, level) => self.input(now, *number, *level, said),
            _ => false,
        }
    }

    fn reads_back(&mut self, now: Time, number: u8, level: bool) {
        self.read_back.insert(number, level);
        let wanted = self.levels().into_iter().find(|(own, _)| *own == number).map(|(_, level)| level);
        if wanted.is_none_or(|wanted| wanted == level) {
            self.astray.remove(&number);
        } else {
            self.astray.entry(number).or_insert(now);
        }
        for way in Direction::BOTH {
            let unlock = self.wiring.ways[way.index()].unlock;
            if unlock.is_some_and(|contact| contact.number == number && contact.level(true) == level) {
                self.releases[way.index()].seen_active(now);
            }
        }
    }

    fn input(&mut self, now: Time, number: u8, level: bool, said: &mut Said<Report>) -> bool {
        let Some(contact) = self.wiring.inputs().into_iter().find(|c| c.number == number) else {
            return false;
        };
        let active = contact.level(level);
        for way in Direction::BOTH {
            if self.wiring.ways[way.index()].pass == Some(contact) {
                self.wake_pass(now, way, said);
                let pulsed = self.passes[way.index()].seen(now, active);
                self.pulsed(way, pulsed, said);
                return true;
            }
        }
        let before = self.inputs.insert(number, active);
        if before == Some(active) {
            let state = if active { "active" } else { "at rest" };
            let text = format!("input {number} was reported {state} twice: an edge was missed");
            said.notes.push(Note::Illegal(text));
        }
        said.messages.extend(self.meaning(contact, active));
        true
    }

    /// What an input that became active, or came to rest, means.
    fn meaning(&self, contact: Contact, active: bool) -> Option<Report> {
        let is = |other: Option<Contact>| other == Some(contact);
        let wiring = &self.wiring;
        Some(match () {
            () if is(wiring.opened) => return active.then_some(Report::Opened),
            () if is(wiring.closed) => Report::Leaf(if active { Leaf::Closed } else { Leaf::Open }),
            () if is(wiring.ready) || is(wiring.busy) => Report::Ready(self.takes_releases()),
            () if is(wiring.detector) => Report::Alarm(GateAlarm::Intrusion, active),
            () if is(wiring.alarm) => Report::Alarm(GateAlarm::Any, active),
            () if is(wiring.tamper) => Report::Tamper(active),
            () if is(wiring.power_fail) => Report::PowerFail(active),
            () => Report::Fire(active),
        })
    }

    /// Whether an input is active; `None`: it is not wired, or not seen yet.
    fn is_active(&self, contact: Option<Contact>) -> Option<bool> {
        self.inputs.get(&contact?.number).copied()
    }

    fn takes_releases(&self) -> bool {
        self.is_active(self.wiring.ready) != Some(false) && self.is_active(self.wiring.busy) != Some(true)
    }

    fn pulsed(&mut self, way: Direction, pulsed: Option<Pulsed>, said: &mut Said<Report>) {
        let name = format!("PASS {}", side(way));
        let wrong = match pulsed {
            None => return,
            Some(Pulsed::Counted) => return self.passed(way, &name, said),
            Some(Pulsed::Short(span)) => {
                format!("{name} for {span}, shorter than {}", self.wiring.pass.shortest)
            }
            Some(Pulsed::Stuck) => format!("{name} does not end"),
            Some(Pulsed::MissedEdge(_)) => format!("{name} was reported twice: an edge was missed"),
            Some(Pulsed::ActiveFromTheStart) => {
                format!("{name} was active when first seen: whether a body passed cannot be known")
            }
        };
        said.notes.push(Note::Illegal(wrong));
    }

    fn passed(&mut self, way: Direction, name: &str, said: &mut Said<Report>) {
        let illegal = |text: String| Note::Illegal(text);
        if self.is_active(self.wiring.busy) == Some(false) {
            said.notes.push(illegal(format!("{name} while the gate is not busy")));
        }
        // A gate that lets somebody through may well say that it takes nobody else.
        let expected =
            self.owed[way.index()] > 0 || self.modes[way.index()] == PassMode::Free || self.on_fire;
        if self.is_active(self.wiring.ready) == Some(false) && !expected {
            said.notes.push(illegal(format!("{name} while the gate is not ready")));
        }
        if self.passes[way.opposite().index()].is_active() {
            said.notes.push(illegal("PASS A and PASS B together".into()));
        }
        self.owed[way.index()] = self.owed[way.index()].saturating_sub(1);
        self.releases[way.index()].passed();
        said.messages.push(Report::Passed(way));
    }

    fn wake_pass(&mut self, now: Time, way: Direction, said: &mut Said<Report>) {
        while let Some(pulsed) = self.passes[way.index()].wake(now, &self.wiring.pass) {
            self.pulsed(way, Some(pulsed), said);
        }
    }

    pub(super) fn wake(&mut self, now: Time, said: &mut Said<Report>) {
        let reads_back = !self.read_back.is_empty();
        for way in Direction::BOTH {
            if self.releases[way.index()].wake(now, self.wiring.unlock, reads_back) {
                let text = format!("release {way}: its contact was not seen to switch in time");
                said.notes.push(Note::Refused(text));
            }
            self.wake_pass(now, way, said);
        }
        if self.stopped_until.is_some_and(|until| until <= now) {
            self.stopped_until = None;
        }
        let due: Vec<u8> = self.astray_due().filter(|(at, _)| *at <= now).map(|(_, n)| n).collect();
        for number in due {
            said.notes.push(Note::Refused(format!("output {number} is not as ordered: ordered again")));
            self.astray.insert(number, now);
            self.ordered.again(number);
        }
    }

    /// The outputs to order again, and when. Never one that would release: some boards end pulses by
    /// themselves.
    fn astray_due(&self) -> impl Iterator<Item = (Time, u8)> + '_ {
        let releasing = |number: u8| {
            Direction::BOTH.into_iter().any(|way| {
                let unlock = self.wiring.ways[way.index()].unlock;
                unlock.is_some_and(|c| c.number == number) && self.releases[way.index()].is_active()
            })
        };
        self.astray.iter().filter(move |(n, _)| !releasing(**n)).map(|(n, since)| (*since + AGAIN, *n))
    }

    pub(super) fn next_wake(&self) -> Option<Time> {
        let (unlock, reads_back) = (self.wiring.unlock, !self.read_back.is_empty());
        let releases = self.releases.iter().filter_map(|r| r.next_wake(unlock, reads_back));
        let passes = self.passes.iter().filter_map(|p| p.next_wake(&self.wiring.pass));
        let astray = self.astray_due().map(|(at, _)| at);
        releases.chain(passes).chain(self.stopped_until).chain(astray).min()
    }
}
