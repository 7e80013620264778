//! A host of boards becomes a host of gates.

use super::host_unit::HostUnit;
use super::said::with;
use super::wiring::Wiring;
use crate::apb::time::Time;
use crate::hil::driver::{Driver, Note, Outbox, Unit};
use crate::hil::message::{Order, Report};
use std::collections::BTreeMap;

/// Turns orders to gates into outputs of boards, and their inputs into what gates report. Units without a
/// wiring pass through untouched, and so does whatever is no matter of contacts.
///
/// A board is used from its [`Note::Online`], or its first report, until its [`Note::Offline`] or the end of
/// the line. What is a state of the gate (fire, modes, beams, buzzer) is ordered again whenever its board
/// comes online; releases never are.
#[derive(Debug)]
pub struct HostSide<D> {
    inner: D,
    gates: BTreeMap<Unit, HostUnit>,
}

impl<D: Driver<In = Order, Out = Report>> HostSide<D> {
    /// These boards are wired to gates.
    ///
    /// # Errors
    /// Which wiring cannot be, and why.
    pub fn new(inner: D, wirings: impl IntoIterator<Item = (Unit, Wiring)>) -> Result<Self, String> {
        let mut gates = BTreeMap::new();
        for (unit, wiring) in wirings {
            wiring.check()?;
            gates.insert(unit, HostUnit::new(wiring));
        }
        Ok(Self { inner, gates })
    }

    /// Hands on what the boards said, and to the boards what follows from it.
    fn settle(&mut self, now: Time, mut from: Outbox<Report>, out: &mut Outbox<Report>) {
        loop {
            out.frames.append(&mut from.frames);
            for (unit, note) in from.notes.drain(..) {
                if let Some((unit, gate)) = unit.and_then(|unit| Some((unit, self.gates.get_mut(&unit)?))) {
                    match note {
                        Note::Online(_) => gate.came_online(),
                        Note::Offline(_) => with(unit, out, |said| gate.went_offline(now, said)),
                        _ => {}
                    }
                }
                out.notes.push((unit, note));
            }
            for (unit, report) in from.messages.drain(..) {
                let taken = self
                    .gates
                    .get_mut(&unit)
                    .is_some_and(|gate| with(unit, out, |said| gate.report(now, &report, said)));
                if !taken {
                    out.say(unit, report);
                }
            }
            let mut idle = true;
            for (unit, gate) in &mut self.gates {
                for (number, level) in gate.next_orders() {
                    idle = false;
                    self.inner.submit(now, *unit, Order::Output(number, level), &mut from);
                }
            }
            if idle {
                break;
            }
        }
    }
}

impl<D: Driver<In = Order, Out = Report>> Driver for HostSide<D> {
    type In = Order;
    type Out = Report;

    fn up(&mut self, now: Time, out: &mut Outbox<Report>) {
        let mut from = Outbox::default();
        self.inner.up(now, &mut from);
        self.settle(now, from, out);
    }

    fn down(&mut self, now: Time, out: &mut Outbox<Report>) {
        for (unit, gate) in &mut self.gates {
            with(*unit, out, |said| gate.went_offline(now, said));
        }
        let mut from = Outbox::default();
        self.inner.down(now, &mut from);
        self.settle(now, from, out);
    }

    fn submit(&mut self, now: Time, unit: Unit, what: Order, out: &mut Outbox<Report>) {
        let mut from = Outbox::default();
        let taken = self
            .gates
            .get_mut(&unit)
            .is_some_and(|gate| with(unit, out, |said| gate.order(now, &what, said)));
        if !taken {
            self.inner.submit(now, unit, what, &mut from);
        }
        self.settle(now, from, out);
    }

    fn receive(&mut self, now: Time, bytes: &[u8], out: &mut Outbox<Report>) {
        let mut from = Outbox::default();
        self.inner.receive(now, bytes, &mut from);
        self.settle(now, from, out);
    }

    fn wake(&mut self, now: Time, out: &mut Outbox<Report>) {
        let mut from = Outbox::default();
        for (unit, gate) in &mut self.gates {
            with(*unit, out, |said| gate.wake(now, said));
        }
        self.inner.wake(now, &mut from);
        self.settle(now, from, out);
    }

    fn next_wake(&self) -> Option<Time> {
        self.gates.values().filter_map(HostUnit::next_wake).chain(self.inner.next_wake()).min()
    }
}
