//! A gate's own logic: the same lane machine as ours, told by its own beams, and what it reports of it.

use super::model::GateModel;
use crate::apb::effect::Tone;
use crate::apb::id::{Direction, GrantId};
use crate::apb::input::Leaf;
use crate::apb::journal::Alarm;
use crate::apb::lane::{LaneEvent, LaneMachine};
use crate::apb::site::PassMode;
use crate::apb::time::Time;
use crate::hil::message::{GateAlarm, Report};

/// What the logic wants, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// Drive the leaf: open or shut.
    Leaf(bool),
    /// Tell the host.
    Tell(Report),
}

/// The logic of one gate.
#[derive(Clone, Debug)]
pub(super) struct Logic {
    machine: LaneMachine,
    next_grant: u64,
    evacuating: bool,
    /// Whether the leaf stands open while a way is free.
    free_stands_open: bool,
    /// Whether the machine wants the leaf open.
    wants_open: bool,
    /// Alarms that are on, by what the machine calls them.
    alarms: Vec<(Alarm, Option<Direction>)>,
    /// Passages since it started, `In` first.
    pub(super) counts: [u32; 2],
    pub(super) tone: Tone,
    ready: bool,
    happened: Vec<LaneEvent>,
}

impl Logic {
    /// A logic that has just started and takes the leaf for shut and every beam for clear.
    pub(super) fn new(model: &GateModel) -> Self {
        let mut logic = Self {
            machine: LaneMachine::new(&model.lane()),
            next_grant: 0,
            evacuating: false,
            free_stands_open: model.free_stands_open,
            wants_open: false,
            alarms: Vec::new(),
            counts: [0; 2],
            tone: Tone::Off,
            ready: false,
            happened: Vec::new(),
        };
        logic.ready = logic.is_ready();
        logic
    }

    /// Whether it takes a release either way.
    pub(super) fn is_ready(&self) -> bool {
        !self.evacuating && Direction::BOTH.into_iter().any(|way| self.machine.check(way).is_ok())
    }

    pub(super) fn next_due(&self) -> Option<Time> {
        self.machine.next_deadline().map(|(at, _)| at)
    }

    pub(super) fn expire(&mut self, now: Time, out: &mut Vec<Wish>) {
        self.ask(out, |machine, happened| machine.expire(now, happened));
    }

    pub(super) fn beam(&mut self, now: Time, beam: u8, blocked: bool, out: &mut Vec<Wish>) {
        self.ask(out, |machine, happened| machine.beam(now, beam, blocked, happened));
    }

    pub(super) fn leaf(&mut self, now: Time, leaf: Leaf, out: &mut Vec<Wish>) {
        self.ask(out, |machine, happened| machine.leaf(now, leaf, happened));
    }

    /// Lets one body through this way, if it takes a release now.
    pub(super) fn release(&mut self, now: Time, way: Direction, out: &mut Vec<Wish>) {
        if self.evacuating || self.machine.check(way).is_err() {
            return;
        }
        let grant = GrantId(self.next_grant);
        self.next_grant += 1;
        self.ask(out, |machine, happened| machine.release(now, grant, way, happened));
    }

    /// Voids the releases that nobody in the lane has taken up: what a way that is locked for an instant
    /// does.
    pub(super) fn shut(&mut self, now: Time, out: &mut Vec<Wish>) {
        for way in Direction::BOTH {
            let mode = self.machine.mode(way);
            for mode in [PassMode::Locked, mode] {
                self.ask(out, |machine, happened| machine.set_mode(now, way, mode, happened));
            }
        }
    }

    pub(super) fn set_mode(&mut self, now: Time, way: Direction, mode: PassMode, out: &mut Vec<Wish>) {
        let held = self.is_held_open();
        self.ask(out, |machine, happened| machine.set_mode(now, way, mode, happened));
        if held != self.is_held_open() {
            out.push(Wish::Leaf(self.wants_open || !held));
        }
    }

    /// Whether the leaf stands open, whatever the machine wants.
    fn is_held_open(&self) -> bool {
        let is_free = |way| self.machine.mode(way) == PassMode::Free;
        self.free_stands_open && Direction::BOTH.into_iter().any(is_free)
    }

    /// Drives the leaf as the machine wants it.
    fn steer(&mut self, open: bool, out: &mut Vec<Wish>) {
        self.wants_open = open;
        if open || !self.is_held_open() {
            out.push(Wish::Leaf(open));
        }
    }

    pub(super) fn fire(&mut self, now: Time, active: bool, out: &mut Vec<Wish>) {
        self.evacuating = active;
        out.push(Wish::Tell(Report::Fire(active)));
        self.ask(out, |machine, happened| machine.evacuate(now, active, happened));
    }

    fn ask(&mut self, out: &mut Vec<Wish>, what: impl FnOnce(&mut LaneMachine, &mut Vec<LaneEvent>)) {
        let mut happened = std::mem::take(&mut self.happened);
        what(&mut self.machine, &mut happened);
        for event in happened.drain(..) {
            self.digest(event, out);
        }
        self.happened = happened;
        let ready = self.is_ready();
        if ready != self.ready {
            self.ready = ready;
            out.push(Wish::Tell(Report::Ready(ready)));
        }
    }

    fn digest(&mut self, event: LaneEvent, out: &mut Vec<Wish>) {
        match event {
            LaneEvent::Open(_) => self.steer(true, out),
            LaneEvent::Close => self.steer(false, out),
            LaneEvent::Buzz(tone) => self.tone = tone,
            LaneEvent::Opened(_) => out.push(Wish::Tell(Report::Opened)),
            LaneEvent::Turn(_) | LaneEvent::NotTaken(_) => {}
            LaneEvent::Passed { direction, .. } => {
                let count = &mut self.counts[direction.index()];
                *count = count.saturating_add(1);
                let count = Report::Count(direction, *count);
                out.extend([Report::Passed(direction), count].map(Wish::Tell));
            }
            LaneEvent::Alarm { alarm, direction, on: true } => {
                self.alarms.push((alarm, direction));
                out.push(Wish::Tell(Report::Alarm(told_as(alarm), true)));
            }
            LaneEvent::Alarm { alarm, direction, on: false } => {
                self.alarms.retain(|a| *a != (alarm, direction));
                let told = told_as(alarm);
                if !self.alarms.iter().any(|(a, _)| told_as(*a) == told) {
                    out.push(Wish::Tell(Report::Alarm(told, false)));
                }
            }
        }
    }

    /// The alarms that are on, each once.
    pub(super) fn alarms(&self) -> Vec<GateAlarm> {
        let mut on: Vec<GateAlarm> = self.alarms.iter().map(|(alarm, _)| told_as(*alarm)).collect();
        on.sort_unstable();
        on.dedup();
        on
    }
}

/// What a gate calls an alarm. Somebody before another's release intrudes, a leaf that somebody keeps from
/// closing cannot move, and for somebody who was at the leaf too soon there is no word.
fn told_as(alarm: Alarm) -> GateAlarm {
    match alarm {
        Alarm::Tailgate => GateAlarm::Tailgate,
        Alarm::Intrusion | Alarm::StolenTicket => GateAlarm::Intrusion,
        Alarm::WrongWay => GateAlarm::WrongWay,
        Alarm::Loiter => GateAlarm::Loiter,
        Alarm::Forced => GateAlarm::Forced,
        Alarm::Contact => GateAlarm::Any,
        Alarm::Obstruction | Alarm::BeamFault | Alarm::ClosePrevented => GateAlarm::Fault,
    }
}
