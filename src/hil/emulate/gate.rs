//! A gate: leaf, beams, the people in it, and the logic inside, if it has one.
//!
//! What happens at one instant happens in this order: timers of its logic, the leaf, faults and arrivals,
//! bodies, beams that are cut, beams that clear.

use super::aisle::Aisle;
use super::leaf::LeafDrive;
use super::logic::{Logic, Wish};
use super::model::{Firmware, GateFault, GateModel};
use super::walker::{Truth, Walker, WalkerId};
use crate::apb::effect::Tone;
use crate::apb::id::Direction;
use crate::apb::input::Leaf;
use crate::apb::time::Time;
use crate::hil::message::{Order, Report};
use std::collections::{BTreeSet, VecDeque};

/// Something that was announced, to happen at its time.
#[derive(Clone, Copy, Debug)]
enum Act {
    Arrive(WalkerId),
    Fault(GateFault, bool),
}

/// An emulated gate.
///
/// Instants never go back: one that lies in the past counts as the latest one seen.
#[derive(Clone, Debug)]
pub struct Gate {
    model: GateModel,
    now: Time,
    leaf: LeafDrive,
    aisle: Aisle,
    /// `None`: without one, or without power.
    logic: Option<Logic>,
    powered: bool,
    mute: bool,
    on_fire: bool,
    /// Beams driven from outside.
    driven: Vec<bool>,
    /// Beams as they were told last.
    seen: Vec<bool>,
    faults: BTreeSet<GateFault>,
    /// In order of time.
    agenda: VecDeque<(Time, Act)>,
}

impl Gate {
    /// A gate at rest: shut, empty, with power.
    pub fn new(model: &GateModel) -> Self {
        let beams = model.beams.pairs_mm().count();
        Self {
            now: Time::ZERO,
            leaf: LeafDrive::new(model),
            aisle: Aisle::new(model),
            logic: (model.firmware == Firmware::Own).then(|| Logic::new(model)),
            powered: true,
            mute: false,
            on_fire: false,
            driven: vec![false; beams],
            seen: vec![false; beams],
            faults: BTreeSet::new(),
            agenda: VecDeque::new(),
            model: model.clone(),
        }
    }

    /// Takes an order of the host. Without power it takes none; one that is for a reader, or that this gate
    /// has no use for, changes nothing, and so does a release while it is not ready.
    pub fn order(&mut self, now: Time, order: &Order, out: &mut Vec<(Time, Report)>) {
        self.advance(now, out);
        if let Order::Fire(active) = order {
            self.on_fire = *active;
        }
        if let Order::Beam(beam, blocked) = order {
            return self.beam(now, *beam, *blocked, out);
        }
        if !self.powered {
            return;
        }
        let mut wishes = Vec::new();
        let now = self.now;
        match (&mut self.logic, order) {
            (Some(logic), Order::Release(way)) => logic.release(now, *way, &mut wishes),
            (Some(logic), Order::Shut) => logic.shut(now, &mut wishes),
            (Some(logic), Order::Mode(way, mode)) => logic.set_mode(now, *way, *mode, &mut wishes),
            (Some(logic), Order::Fire(active)) => logic.fire(now, *active, &mut wishes),
            (None, Order::Release(_)) => wishes.push(Wish::Leaf(true)),
            (None, Order::Shut) => wishes.push(Wish::Leaf(self.on_fire)),
            (None, Order::Fire(active)) => {
                wishes.extend([Wish::Tell(Report::Fire(*active)), Wish::Leaf(*active)]);
            }
            (
                Some(_) | None,
                Order::Mode(..)
                | Order::Buzz(_)
                | Order::Beam(..)
                | Order::Show(_)
                | Order::Text(_)
                | Order::Output(..),
            ) => {}
        }
        self.grant(wishes, out);
        self.settle(out);
    }

    /// Somebody comes to their end of the lane; who they are. [`advance`](Self::advance) lets them walk.
    pub fn send(&mut self, now: Time, walker: Walker) -> WalkerId {
        let now = now.max(self.now);
        let id = self.aisle.expect(now, walker);
        self.announce(now, Act::Arrive(id));
        id
    }

    /// From now on this is wrong with the gate, or not any more.
    pub fn fault(&mut self, now: Time, fault: GateFault, on: bool) {
        self.announce(now.max(self.now), Act::Fault(fault, on));
    }

    /// One of its beams is cut from outside, beside the people in it, or let go. Beams that it does not have
    /// are ignored.
    pub fn beam(&mut self, now: Time, beam: u8, blocked: bool, out: &mut Vec<(Time, Report)>) {
        self.advance(now, out);
        if let Some(driven) = self.driven.get_mut(usize::from(beam)) {
            *driven = blocked;
        }
        self.settle(out);
    }

    /// Everything that happens up to and including now.
    pub fn advance(&mut self, now: Time, out: &mut Vec<(Time, Report)>) {
        while let Some(at) = self.next_due().filter(|at| *at <= now) {
            self.now = self.now.max(at);
            self.step(out);
        }
        self.now = self.now.max(now);
    }

    /// When something will happen by itself.
    pub fn next_due(&self) -> Option<Time> {
        let announced = self.agenda.front().map(|(at, _)| *at);
        let logic = self.logic.as_ref().and_then(Logic::next_due);
        [announced, logic, self.leaf.next_due(), self.aisle.next_due()].into_iter().flatten().min()
    }

    /// How far the leaf is open now, in millionths of its travel.
    pub fn travel(&self, now: Time) -> u32 {
        self.leaf.travel_at(now)
    }

    /// Whether the leaf is shut and at rest.
    pub fn is_shut(&self) -> bool {
        self.leaf.is_shut()
    }

    /// Whether it has power.
    pub fn is_powered(&self) -> bool {
        self.powered
    }

    /// What its own buzzer does.
    pub fn tone(&self) -> Tone {
        self.logic.as_ref().map_or(Tone::Off, |l| l.tone)
    }

    /// What it is like.
    pub fn model(&self) -> &GateModel {
        &self.model
    }

    /// Everybody who was sent, by number, and what really became of them.
    pub fn walkers(&self) -> &[Truth] {
        self.aisle.truth()
    }

    /// What it says about itself as it is now, to a host that asks anew; nothing without power.
    pub fn status(&self) -> Vec<Report> {
        if !self.powered || self.mute {
            return Vec::new();
        }
        let mut status = vec![Report::Leaf(self.leaf.position()), Report::Fire(self.on_fire)];
        match &self.logic {
            Some(logic) => {
                status.push(Report::Ready(logic.is_ready()));
                status.extend(Direction::BOTH.map(|way| Report::Count(way, logic.counts[way.index()])));
                status.extend(logic.alarms().into_iter().map(|alarm| Report::Alarm(alarm, true)));
            }
            None => status.extend((0_u8..).zip(&self.seen).map(|(beam, cut)| Report::Beam(beam, *cut))),
        }
        status
    }

    #[cfg(test)]
    pub(super) fn aisle(&self) -> &Aisle {
        &self.aisle
    }

    fn announce(&mut self, at: Time, act: Act) {
        let place = self.agenda.partition_point(|(t, _)| *t <= at);
        self.agenda.insert(place, (at, act));
    }

    fn step(&mut self, out: &mut Vec<(Time, Report)>) {
        let now = self.now;
        let mut wishes = Vec::new();
        if let Some(logic) = self.logic.as_mut().filter(|l| l.next_due().is_some_and(|at| at <= now)) {
            logic.expire(now, &mut wishes);
            self.grant(wishes, out);
        }
        if self.leaf.next_due().is_some_and(|at| at <= now) {
            let leaf = self.leaf.step(now, self.aisle.is_across());
            self.leaf_says(leaf, out);
        }
        while let Some((_, act)) = self.agenda.pop_front_if(|(at, _)| *at <= now) {
            match act {
                Act::Arrive(id) => self.aisle.arrive(now, id),
                Act::Fault(fault, on) => self.suffer(fault, on, out),
            }
        }
        self.settle(out);
    }

    /// Bodies and beams follow what has happened, and the leaf follows them.
    fn settle(&mut self, out: &mut Vec<(Time, Report)>) {
        let now = self.now;
        self.aisle.move_to(now);
        // What people do moves the leaf and what it does moves people: each at most once at an instant.
        let mut told = Vec::new();
        self.aisle.settle(&mut self.leaf, &mut told);
        for leaf in told {
            self.leaf_says(Some(leaf), out);
        }
        self.watch_beams(out);
        let leaf = self.leaf.step(now, self.aisle.is_across());
        self.leaf_says(leaf, out);
    }

    /// What of the beams has changed goes to the logic, or to the host where there is none.
    fn watch_beams(&mut self, out: &mut Vec<(Time, Report)>) {
        if !self.powered {
            return;
        }
        for edge in [true, false] {
            for beam in 0..self.seen.len() {
                let number = u8::try_from(beam).unwrap_or(u8::MAX);
                if self.seen[beam] == edge || self.is_cut(beam, number) != edge {
                    continue;
                }
                self.seen[beam] = edge;
                let mut wishes = Vec::new();
                match &mut self.logic {
                    Some(logic) => logic.beam(self.now, number, edge, &mut wishes),
                    None => wishes.push(Wish::Tell(Report::Beam(number, edge))),
                }
                self.grant(wishes, out);
            }
        }
    }

    fn is_cut(&self, beam: usize, number: u8) -> bool {
        let driven = self.driven.get(beam).is_some_and(|d| *d);
        let cut = driven || self.aisle.is_cut(beam);
        let clear = self.faults.contains(&GateFault::BeamClear(number));
        self.faults.contains(&GateFault::BeamBlocked(number)) || (cut && !clear)
    }

    /// Does what the logic wants.
    fn grant(&mut self, wishes: Vec<Wish>, out: &mut Vec<(Time, Report)>) {
        for wish in wishes {
            match wish {
                Wish::Tell(report) => self.tell(report, out),
                Wish::Leaf(open) => {
                    let leaf = self.leaf.drive(self.now, open);
                    self.leaf_says(leaf, out);
                }
            }
        }
    }

    /// What the leaf reports goes to the host and to the logic.
    fn leaf_says(&mut self, leaf: Option<Leaf>, out: &mut Vec<(Time, Report)>) {
        let Some(leaf) = leaf.filter(|_| self.powered) else { return };
        self.tell(Report::Leaf(leaf), out);
        let mut wishes = Vec::new();
        if let Some(logic) = &mut self.logic {
            logic.leaf(self.now, leaf, &mut wishes);
        }
        self.grant(wishes, out);
    }

    fn tell(&self, report: Report, out: &mut Vec<(Time, Report)>) {
        if self.powered && !self.mute {
            out.push((self.now, report));
        }
    }

    fn suffer(&mut self, fault: GateFault, on: bool, out: &mut Vec<(Time, Report)>) {
        let changed = if on { self.faults.insert(fault) } else { self.faults.remove(&fault) };
        match fault {
            _ if !changed => {}
            GateFault::LeafJammed => self.leaf.jam(self.now, on),
            GateFault::PowerLost if on => self.die(),
            GateFault::PowerLost => self.restart(out),
            GateFault::Mute => self.mute = on,
            GateFault::BeamBlocked(_) | GateFault::BeamClear(_) => {}
        }
    }

    fn die(&mut self) {
        self.leaf.power(self.now, false);
        self.leaf.forget_order();
        (self.powered, self.logic) = (false, None);
    }

    /// Power is back: it starts anew, with no release, its counts at zero, and looks where its leaf is, who
    /// is in it and whether there is a fire.
    fn restart(&mut self, out: &mut Vec<(Time, Report)>) {
        self.powered = true;
        self.logic = (self.model.firmware == Firmware::Own).then(|| Logic::new(&self.model));
        self.seen.iter_mut().for_each(|seen| *seen = false);
        let leaf = self.leaf.power(self.now, true);
        self.leaf_says(leaf, out);
        if let Some(logic) = &self.logic {
            self.tell(Report::Ready(logic.is_ready()), out);
        }
        if self.on_fire {
            let mut wishes = Vec::new();
            match &mut self.logic {
                Some(logic) => logic.fire(self.now, true, &mut wishes),
                None => wishes.extend([Wish::Tell(Report::Fire(true)), Wish::Leaf(true)]),
            }
            self.grant(wishes, out);
        }
    }
}
