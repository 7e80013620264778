//! A board of an emulated device becomes an emulated gate.

use super::device_unit::DeviceUnit;
use super::said::with;
use super::wiring::Wiring;
use crate::apb::time::Time;
use crate::hil::driver::{Driver, Outbox, Unit};
use crate::hil::message::{Order, Report};
use std::collections::BTreeMap;

/// Turns outputs that a host switches into orders to a gate, and what the gate reports into inputs. Units
/// without a wiring pass through untouched, and so does whatever is no matter of contacts.
///
/// Outputs that were never switched are off: a gate whose fire input is active by removal of the signal is on
/// fire until its host is there.
#[derive(Debug)]
pub struct DeviceSide<D> {
    inner: D,
    gates: BTreeMap<Unit, DeviceUnit>,
}

impl<D: Driver<In = Report, Out = Order>> DeviceSide<D> {
    /// These boards are wired to gates.
    ///
    /// # Errors
    /// Which wiring cannot be, and why.
    pub fn new(inner: D, wirings: impl IntoIterator<Item = (Unit, Wiring)>) -> Result<Self, String> {
        let mut gates = BTreeMap::new();
        for (unit, wiring) in wirings {
            wiring.check()?;
            gates.insert(unit, DeviceUnit::new(wiring));
        }
        Ok(Self { inner, gates })
    }

    /// Hands on what the boards were told, and to the boards what the gates say.
    fn settle(&mut self, now: Time, mut from: Outbox<Order>, out: &mut Outbox<Order>) {
        loop {
            out.frames.append(&mut from.frames);
            out.notes.append(&mut from.notes);
            for (unit, order) in from.messages.drain(..) {
                let taken = match (self.gates.get_mut(&unit), &order) {
                    (Some(gate), Order::Output(number, level)) => {
                        with(unit, out, |said| gate.output(now, *number, *level, said))
                    }
                    _ => false,
                };
                if !taken {
                    out.say(unit, order);
                }
            }
            let mut idle = true;
            for (unit, gate) in &mut self.gates {
                for (number, level) in gate.next_levels() {
                    idle = false;
                    self.inner.submit(now, *unit, Report::Input(number, level), &mut from);
                }
            }
            if idle {
                break;
            }
        }
    }
}

impl<D: Driver<In = Report, Out = Order>> Driver for DeviceSide<D> {
    type In = Report;
    type Out = Order;

    fn up(&mut self, now: Time, out: &mut Outbox<Order>) {
        let mut from = Outbox::default();
        self.inner.up(now, &mut from);
        for (unit, gate) in &mut self.gates {
            with(*unit, out, |said| gate.begin(now, said));
            gate.forget_handed();
        }
        self.settle(now, from, out);
    }

    fn down(&mut self, now: Time, out: &mut Outbox<Order>) {
        let mut from = Outbox::default();
        self.inner.down(now, &mut from);
        self.settle(now, from, out);
    }

    fn submit(&mut self, now: Time, unit: Unit, what: Report, out: &mut Outbox<Order>) {
        let mut from = Outbox::default();
        let taken = self
            .gates
            .get_mut(&unit)
            .is_some_and(|gate| with(unit, out, |said| gate.report(now, &what, said)));
        if !taken {
            self.inner.submit(now, unit, what, &mut from);
        }
        self.settle(now, from, out);
    }

    fn receive(&mut self, now: Time, bytes: &[u8], out: &mut Outbox<Order>) {
        let mut from = Outbox::default();
        self.inner.receive(now, bytes, &mut from);
        self.settle(now, from, out);
    }

    fn wake(&mut self, now: Time, out: &mut Outbox<Order>) {
        let mut from = Outbox::default();
        for (unit, gate) in &mut self.gates {
            with(*unit, out, |said| gate.wake(now, said));
        }
        self.inner.wake(now, &mut from);
        self.settle(now, from, out);
    }

    fn next_wake(&self) -> Option<Time> {
        self.gates.values().filter_map(DeviceUnit::next_wake).chain(self.inner.next_wake()).min()
    }
}
