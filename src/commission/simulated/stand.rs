//! The stand itself: what happens next, and what is seen of it.

use super::decider::Decider;
use super::gates;
use crate::apb::controller::Controller;
use crate::apb::effect::Effects;
use crate::apb::id::{CardNumber, LaneId, ReaderId};
use crate::apb::input::{Audit, Factor, Input, Leaf, Who};
use crate::apb::site::{self, Credential, Site};
use crate::apb::time::{Span, Time};
use crate::commission::of_devices::{of_entry, of_report};
use crate::commission::people::{pusher, walkers};
use crate::commission::phase::{Act, Check};
use crate::commission::place::Place;
use crate::commission::stand::{Ability, Device, Seen, Sighting, Stand, Trouble};
use crate::hil::emulate::{Gate, GateFault, OPEN, Reader, ReaderModel};
use crate::hil::message::{CardFormat, Order, Report};
use crate::hil::translate::{Heard, Seat, StalePolicy, Translator};
use crate::scenario::plan::Plan;
use std::collections::VecDeque;
use std::sync::Arc;

/// A device that does not answer for so long is dead: OSDP's rule.
const DEAD_AFTER: Span = Span::seconds(8);

/// A device is asked again so long after its line is mended.
const ASKED_AFTER: Span = Span::seconds(1);

/// Something that will happen by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    /// The line is found dead.
    Dead(LaneId),
    /// The devices answer again.
    Back(LaneId),
    /// Somebody looks at a leaf that cannot tell where it is.
    Look(LaneId),
}

/// A simulated site.
pub struct Simulated {
    site: Arc<Site>,
    now: Time,
    decider: Box<dyn Decider>,
    translator: Translator,
    gates: Vec<Gate>,
    readers: Vec<Reader>,
    /// How long each reader takes to read.
    read_times: Vec<Span>,
    /// Which lanes' lines are whole.
    linked: Vec<bool>,
    /// What of the rig is broken, and where.
    rig: Vec<(Place, String)>,
    agenda: Vec<(Time, Due)>,
    seen: VecDeque<Sighting>,
}

impl Simulated {
    /// A site as it was planned, with our controller.
    pub fn new(plan: &Plan) -> Self {
        let site = Arc::new(plan.site.clone());
        Self::with(plan, Box::new(Controller::new(site)), StalePolicy::Drop)
    }

    /// A site with a controller of one's choice, and with what becomes of credentials that were read while
    /// the line was cut.
    pub fn with(plan: &Plan, decider: Box<dyn Decider>, stale: StalePolicy) -> Self {
        let site = Arc::new(plan.site.clone());
        Self {
            now: Time::ZERO,
            decider,
            translator: Translator::new(site.clone(), stale),
            gates: gates::all(plan),
            readers: readers(plan),
            read_times: plan.site.readers.iter().map(|r| read_time(plan, r)).collect(),
            linked: vec![true; site.lanes.len()],
            rig: Vec::new(),
            agenda: Vec::new(),
            seen: VecDeque::new(),
            site,
        }
    }

    /// A gate, to break it.
    pub fn gate(&mut self, lane: LaneId) -> Option<&mut Gate> {
        self.gates.get_mut(lane.index())
    }

    /// A reader, to break it.
    pub fn reader(&mut self, reader: ReaderId) -> Option<&mut Reader> {
        self.readers.get_mut(reader.index())
    }

    /// From now on what presents credentials at a place for the rig does not work.
    pub fn break_rig(&mut self, place: Place, what: String) {
        self.rig.push((place, what));
    }

    fn is_linked(&self, seat: Seat) -> bool {
        let lane = match seat {
            Seat::Lane(lane) => Some(lane),
            Seat::Reader(reader) => self.site.readers.get(reader.index()).map(|r| r.lane),
        };
        lane.and_then(|l| self.linked.get(l.index())).copied().unwrap_or_default()
    }

    fn see(&mut self, what: Seen) {
        self.seen.push_back(Sighting { at: self.now, what });
    }

    fn present(&mut self, reader: ReaderId, card: CardNumber, factor: Factor) {
        let mut said = Vec::new();
        let is_broken = self.rig.iter().any(|(place, _)| *place == Place::Reader(reader));
        if let Some(device) = self.readers.get_mut(reader.index()).filter(|_| !is_broken) {
            device.present(self.now, card, factor, &mut said);
        }
        self.heard(Seat::Reader(reader), said);
    }

    /// Tells the controller something and does what it wants.
    fn tell(&mut self, input: &Input) {
        let mut effects = Effects::default();
        self.decider.handle(self.now, input, &mut effects);
        self.carry_out(&effects);
    }

    fn carry_out(&mut self, effects: &Effects) {
        for entry in &effects.entries {
            if let Some(what) = of_entry(entry) {
                self.see(what);
            }
        }
        let mut orders = Vec::new();
        self.translator.tell(effects, &mut orders);
        for (_, seat, order) in orders {
            match (seat, &order) {
                (Seat::Lane(lane), Order::Release(_)) => self.see(Seen::Released { lane }),
                (Seat::Reader(reader), Order::Show(signal)) => {
                    self.see(Seen::Shown { reader, signal: *signal });
                }
                _ => {}
            }
            if self.is_linked(seat) {
                self.order(seat, &order);
            }
        }
    }

    fn order(&mut self, seat: Seat, order: &Order) {
        let mut said = Vec::new();
        match seat {
            Seat::Lane(lane) => {
                if let Some(gate) = self.gates.get_mut(lane.index()) {
                    gate.order(self.now, order, &mut said);
                }
            }
            Seat::Reader(reader) => {
                if let Some(reader) = self.readers.get_mut(reader.index()) {
                    reader.order(self.now, order, &mut said);
                }
            }
        }
        self.heard(seat, said);
    }

    /// Takes in what a device says. A cut line carries nothing; what people see they see all the same.
    fn heard(&mut self, seat: Seat, said: Vec<(Time, Report)>) {
        for (_, report) in said {
            if let Seat::Lane(lane) = seat
                && let Some(what) = of_report(lane, &report)
            {
                self.see(what);
            }
            if !self.is_linked(seat) {
                continue;
            }
            if let Heard::Input(input) = self.translator.hear(seat, &report) {
                if let Input::Read { reader, card, .. } = &input {
                    self.see(Seen::Read { reader: *reader, card: *card });
                }
                self.tell(&input);
            }
        }
    }

    /// When something happens next.
    fn next_due(&self) -> Option<Time> {
        let gates = self.gates.iter().filter_map(Gate::next_due);
        let readers = self.readers.iter().filter_map(Reader::next_due);
        let own = self.agenda.iter().map(|(at, _)| *at);
        self.decider.next_due().into_iter().chain(gates).chain(readers).chain(own).min()
    }

    /// Does what is due now.
    fn step(&mut self) {
        let mut effects = Effects::default();
        self.decider.expire(self.now, &mut effects);
        self.carry_out(&effects);
        for lane in (0..self.gates.len()).map(LaneId::at) {
            let mut said = Vec::new();
            if let Some(gate) = self.gates.get_mut(lane.index()) {
                gate.advance(self.now, &mut said);
            }
            self.heard(Seat::Lane(lane), said);
        }
        for reader in (0..self.readers.len()).map(ReaderId::at) {
            let mut said = Vec::new();
            if let Some(device) = self.readers.get_mut(reader.index()) {
                device.advance(self.now, &mut said);
            }
            self.heard(Seat::Reader(reader), said);
        }
        while let Some(index) = self.agenda.iter().position(|(at, _)| *at <= self.now) {
            let (_, due) = self.agenda.remove(index);
            self.happen(due);
        }
    }

    fn happen(&mut self, due: Due) {
        match due {
            Due::Dead(lane) if !self.is_linked(Seat::Lane(lane)) => {
                let detail = format!("no answer for {DEAD_AFTER}");
                self.see(Seen::Line { lane, up: false, detail });
            }
            Due::Back(lane) if self.is_linked(Seat::Lane(lane)) => {
                self.see(Seen::Line { lane, up: true, detail: "emulated gate".into() });
                let status = self.gates.get(lane.index()).map(Gate::status).unwrap_or_default();
                let now = self.now;
                self.heard(Seat::Lane(lane), status.into_iter().map(|report| (now, report)).collect());
            }
            Due::Look(lane) => {
                let travel = self.gates.get(lane.index()).map_or(0, |g| g.travel(self.now));
                if travel > 0 {
                    let leaf = if travel == OPEN { Leaf::Open } else { Leaf::Moving };
                    self.see(Seen::Leaf { lane, leaf });
                }
            }
            Due::Dead(_) | Due::Back(_) => {}
        }
    }

    fn fault(&mut self, lane: LaneId, fault: GateFault, on: bool) {
        if let Some(gate) = self.gates.get_mut(lane.index()) {
            gate.fault(self.now, fault, on);
        }
    }

    fn link(&mut self, lane: LaneId, up: bool) {
        let Some(linked) = self.linked.get_mut(lane.index()).filter(|was| **was != up) else { return };
        *linked = up;
        let due = if up { Due::Back(lane) } else { Due::Dead(lane) };
        let after = if up { ASKED_AFTER } else { DEAD_AFTER };
        self.agenda.push((self.now + after, due));
        for reader in (0..self.readers.len()).map(ReaderId::at) {
            let is_here = self.site.readers.get(reader.index()).is_some_and(|r| r.lane == lane);
            let mut said = Vec::new();
            if let Some(device) = self.readers.get_mut(reader.index()).filter(|_| is_here) {
                device.line(self.now, up, &mut said);
            }
            self.heard(Seat::Reader(reader), said);
        }
    }
}

impl Stand for Simulated {
    fn now(&self) -> Time {
        self.now
    }

    fn begin(&mut self) {}

    fn can(&self, _: &Act) -> Ability {
        Ability::Itself
    }

    fn sees(&self, _: &Check) -> Ability {
        Ability::Itself
    }

    fn act(&mut self, act: &Act) -> Result<(), Trouble> {
        match act {
            Act::Present { reader, card, factor } => self.present(*reader, *card, *factor),
            Act::Walk { lane, direction, manner } => {
                if let Some(gate) = self.gates.get_mut(lane.index()) {
                    for (later, walker) in walkers(gate.model(), *direction, *manner) {
                        gate.send(self.now + later, walker);
                    }
                }
            }
            Act::Push { lane, direction } => {
                if let Some(gate) = self.gates.get_mut(lane.index()) {
                    gate.send(self.now, pusher(gate.model(), *direction));
                }
            }
            Act::Fire(active) => self.tell(&Input::Fire { active: *active }),
            Act::Power { lane, on } => {
                self.fault(*lane, GateFault::PowerLost, !on);
                let opens = self.gates.get(lane.index()).map_or(Span::ZERO, |g| g.model().opens);
                self.agenda.extend((!on).then(|| (self.now + opens, Due::Look(*lane))));
            }
            Act::Link { lane, up } => self.link(*lane, *up),
            Act::Reset { holder, to } => {
                let (operator, reason) = ("commissioning".into(), "acceptance test".into());
                let audit = Some(Box::new(Audit { operator, reason }));
                self.tell(&Input::Reset { who: Who::Holder(*holder), to: *to, audit });
            }
            Act::Wait(_) | Act::WaitSinceMove { .. } => {}
        }
        Ok(())
    }

    fn watch(&mut self, until: Time, enough: &mut dyn FnMut(&Sighting) -> bool) -> Result<(), Trouble> {
        loop {
            while let Some(sighting) = self.seen.pop_front() {
                if enough(&sighting) {
                    return Ok(());
                }
            }
            match self.next_due().filter(|at| *at <= until) {
                Some(at) => {
                    self.now = self.now.max(at);
                    self.step();
                }
                None => {
                    self.now = self.now.max(until);
                    return Ok(());
                }
            }
        }
    }

    fn excuse(&self, place: Place) -> Option<Trouble> {
        let broken = self.rig.iter().find(|(at, _)| *at == place);
        broken.map(|(_, what)| Trouble(what.clone()))
    }

    fn precision(&self) -> Span {
        Span::ZERO
    }

    fn read_time(&self, reader: ReaderId) -> Span {
        self.read_times.get(reader.index()).copied().unwrap_or_default()
    }

    fn devices(&self) -> Vec<Device> {
        let device = |kind: &str, name: &str| Device {
            name: name.into(),
            kind: kind.into(),
            model: format!("emulated {kind}"),
            ..Device::default()
        };
        let gates = self.site.lanes.iter().map(|l| device("gate", &l.name));
        gates.chain(self.site.readers.iter().map(|r| device("reader", &r.name))).collect()
    }
}

/// One reader for each of a site's, as fast as its lane's plan says, that carries the site's numbers.
fn readers(plan: &Plan) -> Vec<Reader> {
    let is_short = |c: &Credential| CardFormat::H10301.encode(c.number).is_some();
    let short = plan.site.credentials.iter().all(is_short);
    let format = if short { CardFormat::H10301 } else { CardFormat::Raw(64) };
    let model = |reader: &site::Reader| ReaderModel {
        read_time: read_time(plan, reader),
        format,
        ..ReaderModel::default()
    };
    plan.site.readers.iter().map(|reader| Reader::new(&model(reader))).collect()
}

fn read_time(plan: &Plan, reader: &site::Reader) -> Span {
    plan.lane(reader.lane).map_or(Span::ZERO, |l| l.read_time)
}
