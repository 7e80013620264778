//! The devices of an emulated line: a protocol's device end with models of gates and readers behind it.

use crate::apb::id::CardNumber;
use crate::apb::input::Factor;
use crate::apb::time::Time;
use crate::hil::driver::{Driver, Outbox, Unit};
use crate::hil::emulate::{Fate, Gate, GateFault, Reader, ReaderFault, Walker, WalkerId};
use crate::hil::message::{Order, Read, Report};

/// Something that is done to an emulated device.
#[derive(Clone, Debug, PartialEq)]
pub enum Stimulus {
    /// It reports this, whatever its model would.
    Say(Report),
    /// Somebody holds a credential to the reader, with what came of a second factor.
    Present(CardNumber, Factor),
    /// Somebody walks up to the gate.
    Walk(Walker),
    /// One of the gate's beams is cut from outside, or let go.
    Beam(u8, bool),
    /// Something goes wrong with the gate, or is mended.
    Fault(GateFault, bool),
    /// Something goes wrong with the reader, or is mended.
    ReaderFault(ReaderFault, bool),
}

/// What an emulated device was told, said or saw.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    /// It was told this.
    Told(Order),
    /// It said this.
    Said(Report),
    /// What became of somebody who walked up to it.
    Went(WalkerId, Fate),
}

/// What stands behind one address of an emulated line.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// The gate, if it is one.
    pub gate: Option<Gate>,
    /// The reader, if it is one.
    pub reader: Option<Reader>,
}

/// The devices of an emulated line.
pub struct Emulator {
    end: Box<dyn Driver<In = Report, Out = Order>>,
    /// By unit; a unit without a model only carries what it is told to say.
    models: Vec<Model>,
    /// Whose fate has been told, by unit.
    told: Vec<usize>,
    inner: Outbox<Order>,
}

impl Emulator {
    /// The devices behind this end of a protocol.
    pub fn new(end: Box<dyn Driver<In = Report, Out = Order>>, models: Vec<Model>) -> Self {
        Self { end, told: vec![0; models.len()], models, inner: Outbox::default() }
    }

    /// Passes on what the protocol's end wants written and said, and what its models make of it.
    fn relay(&mut self, now: Time, out: &mut Outbox<Seen>) {
        while !self.inner.is_empty() {
            out.frames.append(&mut self.inner.frames);
            out.notes.append(&mut self.inner.notes);
            for (unit, order) in std::mem::take(&mut self.inner.messages) {
                let mut reports = Vec::new();
                if let Some(model) = self.models.get_mut(unit.index()) {
                    if let Some(gate) = &mut model.gate {
                        gate.order(now, &order, &mut reports);
                    }
                    if let Some(reader) = &mut model.reader {
                        reader.order(now, &order, &mut reports);
                    }
                }
                out.say(unit, Seen::Told(order));
                self.say(now, unit, reports, out);
            }
        }
    }

    /// Reports something, in order of time.
    fn say(&mut self, now: Time, unit: Unit, reports: Vec<(Time, Report)>, out: &mut Outbox<Seen>) {
        for (_, report) in reports {
            out.say(unit, Seen::Said(report.clone()));
            self.end.submit(now, unit, report, &mut self.inner);
        }
    }

    /// Lets the models do what is due.
    fn advance(&mut self, now: Time, out: &mut Outbox<Seen>) {
        for index in 0..self.models.len() {
            let unit = Unit(u16::try_from(index).unwrap_or(u16::MAX));
            let mut reports = Vec::new();
            let Some(model) = self.models.get_mut(index) else { continue };
            if let Some(gate) = &mut model.gate {
                gate.advance(now, &mut reports);
            }
            if let Some(reader) = &mut model.reader {
                reader.advance(now, &mut reports);
            }
            self.tell_fates(index, unit, out);
            self.say(now, unit, reports, out);
        }
        self.relay(now, out);
    }

    /// Tells what became of those who have left the lane, in the order they were sent.
    fn tell_fates(&mut self, index: usize, unit: Unit, out: &mut Outbox<Seen>) {
        let (Some(model), Some(told)) = (self.models.get(index), self.told.get_mut(index)) else { return };
        let walkers = model.gate.as_ref().map_or(&[][..], Gate::walkers);
        for (number, truth) in walkers.iter().enumerate().skip(*told) {
            if matches!(truth.fate, Fate::Outside | Fate::Inside) {
                break;
            }
            *told = number + 1;
            out.say(unit, Seen::Went(WalkerId(u32::try_from(number).unwrap_or(u32::MAX)), truth.fate));
        }
    }
}

impl Driver for Emulator {
    type In = Stimulus;
    type Out = Seen;

    fn up(&mut self, now: Time, out: &mut Outbox<Seen>) {
        self.advance(now, out);
        self.end.up(now, &mut self.inner);
        // Whoever asks anew is told how things stand.
        for index in 0..self.models.len() {
            let status = self.models.get(index).and_then(|m| m.gate.as_ref()).map(Gate::status);
            let unit = Unit(u16::try_from(index).unwrap_or(u16::MAX));
            let status = status.unwrap_or_default().into_iter().map(|report| (now, report)).collect();
            self.say(now, unit, status, out);
        }
        self.relay(now, out);
    }

    fn down(&mut self, now: Time, out: &mut Outbox<Seen>) {
        self.advance(now, out);
        self.end.down(now, &mut self.inner);
        self.relay(now, out);
    }

    fn submit(&mut self, now: Time, unit: Unit, what: Stimulus, out: &mut Outbox<Seen>) {
        self.advance(now, out);
        let mut reports = Vec::new();
        let model = self.models.get_mut(unit.index());
        match (what, model) {
            (Stimulus::Say(report), _) => reports.push((now, report)),
            (Stimulus::Present(card, factor), Some(Model { reader: Some(reader), .. })) => {
                reader.present(now, card, factor, &mut reports);
            }
            (Stimulus::Present(card, factor), _) => {
                reports.push((now, Report::Read(Read { factor, ..Read::of(card) })));
            }
            (Stimulus::Walk(walker), Some(Model { gate: Some(gate), .. })) => {
                gate.send(now, walker);
            }
            (Stimulus::Beam(beam, cut), Some(Model { gate: Some(gate), .. })) => {
                gate.beam(now, beam, cut, &mut reports);
            }
            (Stimulus::Fault(fault, on), Some(Model { gate: Some(gate), .. })) => gate.fault(now, fault, on),
            (Stimulus::ReaderFault(fault, on), Some(Model { reader: Some(reader), .. })) => {
                reader.fault(now, fault, on, &mut reports);
            }
            (Stimulus::Walk(_) | Stimulus::Beam(..) | Stimulus::Fault(..) | Stimulus::ReaderFault(..), _) => {
            }
        }
        self.say(now, unit, reports, out);
        self.advance(now, out);
    }

    fn receive(&mut self, now: Time, bytes: &[u8], out: &mut Outbox<Seen>) {
        self.advance(now, out);
        self.end.receive(now, bytes, &mut self.inner);
        self.relay(now, out);
    }

    fn wake(&mut self, now: Time, out: &mut Outbox<Seen>) {
        self.advance(now, out);
        self.end.wake(now, &mut self.inner);
        self.relay(now, out);
    }

    fn next_wake(&self) -> Option<Time> {
        let gates = self.models.iter().filter_map(|m| m.gate.as_ref().and_then(Gate::next_due));
        let readers = self.models.iter().filter_map(|m| m.reader.as_ref().and_then(Reader::next_due));
        gates.chain(readers).chain(self.end.next_wake()).min()
    }
}
