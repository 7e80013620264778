//! The stand itself: what happens next, and what is seen of it.

use super::decider::Decider;
use super::gates;
use crate::apb::controller::Controller;
use crate::apb::effect::{Command, Effects};
use crate::apb::id::{CardNumber, LaneId, ReaderId};
use crate::apb::input::{Audit, Factor, Input, Leaf, Who};
use crate::apb::site::Site;
use crate::apb::time::{Span, Time};
use crate::commission::of_devices::{of_entry, of_report};
use crate::commission::people::{pusher, walkers};
use crate::commission::phase::{Act, Check};
use crate::commission::place::Place;
use crate::commission::stand::{Ability, Device, Seen, Sighting, Stand, Trouble};
use crate::hil::emulate::{Gate, GateFault, OPEN};
use crate::hil::message::{Order, Report};
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
    gates: Vec<Gate>,
    /// Which lanes' lines are whole.
    linked: Vec<bool>,
    /// Readers of the installation that read nothing.
    dead_readers: Vec<ReaderId>,
    /// What of the rig is broken, and where.
    rig: Vec<(Place, String)>,
    agenda: Vec<(Time, Due)>,
    seen: VecDeque<Sighting>,
}

impl Simulated {
    /// A site as it was planned, with our controller.
    pub fn new(plan: &Plan) -> Self {
        let site = Arc::new(plan.site.clone());
        Self::with(plan, Box::new(Controller::new(site)))
    }

    /// A site with a controller of one's choice.
    pub fn with(plan: &Plan, decider: Box<dyn Decider>) -> Self {
        let site = Arc::new(plan.site.clone());
        Self {
            now: Time::ZERO,
            decider,
            gates: gates::all(plan),
            linked: vec![true; site.lanes.len()],
            dead_readers: Vec::new(),
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

    /// From now on a reader of the installation reads nothing.
    pub fn kill_reader(&mut self, reader: ReaderId) {
        self.dead_readers.push(reader);
    }

    /// From now on what presents credentials at a place for the rig does not work.
    pub fn break_rig(&mut self, place: Place, what: String) {
        self.rig.push((place, what));
    }

    fn is_rig_broken(&self, reader: ReaderId) -> bool {
        self.rig.iter().any(|(place, _)| *place == Place::Reader(reader))
    }

    fn is_linked(&self, lane: LaneId) -> bool {
        self.linked.get(lane.index()).copied().unwrap_or_default()
    }

    fn see(&mut self, what: Seen) {
        self.seen.push_back(Sighting { at: self.now, what });
    }

    fn present(&mut self, reader: ReaderId, card: CardNumber, factor: Factor) {
        let lane = self.site.readers.get(reader.index()).map(|r| r.lane);
        let dead = self.dead_readers.contains(&reader) || self.is_rig_broken(reader);
        // A reader whose line is cut may keep what it reads; a host takes no such read when the line is back.
        if dead || !lane.is_some_and(|l| self.is_linked(l)) {
            return;
        }
        self.see(Seen::Read { reader, card });
        self.tell(&Input::Read { reader, card, factor });
    }

    /// Tells the controller something and does what it wants.
    fn tell(&mut self, input: &Input) {
        let mut effects = Effects::default();
        self.decider.handle(self.now, input, &mut effects);
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Effects) {
        for entry in &effects.entries {
            if let Some(what) = of_entry(entry) {
                self.see(what);
            }
        }
        for (_, command) in effects.commands {
            let (lane, order) = match command {
                Command::Open { lane, direction } => {
                    self.see(Seen::Released { lane });
                    (lane, Order::Release(direction))
                }
                Command::Close { lane } => (lane, Order::Shut),
                Command::Mode { lane, direction, mode } => (lane, Order::Mode(direction, mode)),
                Command::Buzz { lane, tone } => (lane, Order::Buzz(tone)),
                Command::Show { reader, signal } => {
                    self.see(Seen::Shown { reader, signal });
                    continue;
                }
            };
            if self.is_linked(lane) {
                self.order(lane, &order);
            }
        }
    }

    fn order(&mut self, lane: LaneId, order: &Order) {
        let mut said = Vec::new();
        if let Some(gate) = self.gates.get_mut(lane.index()) {
            gate.order(self.now, order, &mut said);
        }
        self.heard(lane, said);
    }

    /// Takes in what a gate says. A cut line carries nothing; what people see they see all the same.
    fn heard(&mut self, lane: LaneId, said: Vec<(Time, Report)>) {
        for (_, report) in said {
            if let Some(what) = of_report(lane, &report) {
                self.see(what);
            }
            if let Some(input) = gates::input(lane, &report).filter(|_| self.is_linked(lane)) {
                self.tell(&input);
            }
        }
    }

    /// When something happens next.
    fn next_due(&self) -> Option<Time> {
        let gates = self.gates.iter().filter_map(Gate::next_due);
        let own = self.agenda.iter().map(|(at, _)| *at);
        self.decider.next_due().into_iter().chain(gates).chain(own).min()
    }

    /// Does what is due now.
    fn step(&mut self) {
        let mut effects = Effects::default();
        self.decider.expire(self.now, &mut effects);
        self.carry_out(effects);
        for lane in (0..self.gates.len()).map(LaneId::at) {
            let mut said = Vec::new();
            if let Some(gate) = self.gates.get_mut(lane.index()) {
                gate.advance(self.now, &mut said);
            }
            self.heard(lane, said);
        }
        while let Some(index) = self.agenda.iter().position(|(at, _)| *at <= self.now) {
            let (_, due) = self.agenda.remove(index);
            self.happen(due);
        }
    }

    fn happen(&mut self, due: Due) {
        match due {
            Due::Dead(lane) if !self.is_linked(lane) => {
                let detail = format!("no answer for {DEAD_AFTER}");
                self.see(Seen::Line { lane, up: false, detail });
            }
            Due::Back(lane) if self.is_linked(lane) => {
                self.see(Seen::Line { lane, up: true, detail: "emulated gate".into() });
                let status = self.gates.get(lane.index()).map(Gate::status).unwrap_or_default();
                let now = self.now;
                self.heard(lane, status.into_iter().map(|report| (now, report)).collect());
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

    fn fire(&mut self, active: bool) {
        self.tell(&Input::Fire { active });
        // The alarm's contact is wired to every gate as well.
        for lane in (0..self.gates.len()).map(LaneId::at) {
            self.order(lane, &Order::Fire(active));
        }
    }

    fn link(&mut self, lane: LaneId, up: bool) {
        let Some(linked) = self.linked.get_mut(lane.index()).filter(|was| **was != up) else { return };
        *linked = up;
        let due = if up { Due::Back(lane) } else { Due::Dead(lane) };
        let after = if up { ASKED_AFTER } else { DEAD_AFTER };
        self.agenda.push((self.now + after, due));
    }
}

impl Stand for Simulated {
    fn now(&self) -> Time {
        self.now
    }

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
            Act::Push { lane } => {
                if let Some(gate) = self.gates.get_mut(lane.index()) {
                    gate.send(self.now, pusher(gate.model()));
                }
            }
            Act::Fire(active) => self.fire(*active),
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
            Act::Wait(_) | Act::WaitSincePassage { .. } => {}
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
