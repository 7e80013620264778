//! An emulated panel, gate and readers together: the same presentations, and the same end, whether the gate
//! has a logic of its own or not.

use super::{
    Defect, Fate, Firmware, Gate, GateFault, GateModel, Panel, PanelSays, Reader, ReaderModel, Walker,
};
use crate::apb::effect::Signal;
use crate::apb::id::{AreaId, CardNumber, Direction, HolderId, LaneId, ReaderId};
use crate::apb::input::{Factor, Input};
use crate::apb::journal::{Decision, Event, Reason};
use crate::apb::ledger::Location;
use crate::apb::policy::Policy;
use crate::apb::site::{BeamRow, Sensing};
use crate::apb::time::{Span, Time};
use crate::hil::message::{GateAlarm, Order, Report};
use crate::hil::panel::fixture::{CARD, ENTRY, ENTRY_2, EXIT, site};
use crate::hil::translate::{Heard, Seat, StalePolicy};

fn ms(n: u64) -> Time {
    Time(n * 1_000)
}

/// One lane of the site with its readers, and the panel, all at the same instants.
struct World {
    panel: Panel,
    gate: Gate,
    readers: [Reader; 2],
    says: PanelSays,
    reports: Vec<(Time, Report)>,
}

impl World {
    fn new(panel: Panel) -> Self {
        let lane = panel.controller().site().lanes[0].clone();
        let gate = Gate::new(&GateModel::of(&lane));
        let readers = [(); 2].map(|()| Reader::new(&ReaderModel::default()));
        Self { panel, gate, readers, says: PanelSays::default(), reports: Vec::new() }
    }

    fn sound(sensing: &Sensing) -> Self {
        Self::new(Panel::new(site(&Policy::hard(), sensing), StalePolicy::Drop))
    }

    fn present(&mut self, at: Time, reader: ReaderId, card: CardNumber) {
        self.run(at);
        self.readers[reader.index()].present(at, card, Factor::None, &mut Vec::new());
    }

    /// Everything that happens up to and including this instant, in order of time.
    fn run(&mut self, until: Time) {
        loop {
            let readers = self.readers.iter().filter_map(Reader::next_due);
            let due = readers.chain(self.gate.next_due()).chain(self.panel.next_due()).min();
            let Some(now) = due.filter(|at| *at <= until) else { break };
            for (id, reader) in (0..).map(ReaderId).zip(&mut self.readers) {
                let mut reads = Vec::new();
                reader.advance(now, &mut reads);
                for (at, report) in reads {
                    self.panel.report(at, Seat::Reader(id), &report, &mut self.says);
                }
            }
            let mut reports = Vec::new();
            self.gate.advance(now, &mut reports);
            self.panel.advance(now, &mut self.says);
            self.exchange(now, reports);
        }
    }

    /// Reports to the panel and its orders to devices, until nobody says anything more at this instant.
    fn exchange(&mut self, now: Time, mut reports: Vec<(Time, Report)>) {
        loop {
            for (at, report) in &reports {
                self.panel.report(*at, Seat::Lane(LaneId(0)), report, &mut self.says);
            }
            self.reports.append(&mut reports);
            if self.says.orders.is_empty() {
                return;
            }
            for (_, seat, order) in std::mem::take(&mut self.says.orders) {
                match seat {
                    Seat::Lane(LaneId(0)) => self.gate.order(now, &order, &mut reports),
                    Seat::Lane(_) => {}
                    Seat::Reader(reader) => {
                        if let Some(reader) = self.readers.get_mut(reader.index()) {
                            reader.order(now, &order, &mut Vec::new());
                        }
                    }
                }
            }
        }
    }

    fn shown(&self, reader: ReaderId) -> Option<Signal> {
        self.readers[reader.index()].shown().map(|(_, signal)| signal)
    }

    fn decisions(&self) -> Vec<(u64, Reason)> {
        let reason = |d: &Decision| (d.card.0, d.reason);
        let decided = |e: &Event| if let Event::Decision(d) = e { Some(reason(d)) } else { None };
        self.says.entries.iter().filter_map(|e| decided(&e.event)).collect()
    }

    fn taken(&self) -> Vec<Time> {
        let taken = |e: &Event| matches!(e, Event::Taken { .. });
        self.says.entries.iter().filter(|e| taken(&e.event)).map(|e| e.at).collect()
    }

    fn location(&self) -> Location {
        self.panel.controller().ledger().presence(HolderId(0)).location
    }
}

fn both_kinds() -> [(Sensing, Firmware); 2] {
    [(Sensing::Signals, Firmware::Own), (Sensing::Beams(BeamRow::default()), Firmware::None)]
}

#[test]
fn the_commissioning_test_has_the_same_end_on_gates_of_either_kind() {
    for (sensing, firmware) in both_kinds() {
        let mut world = World::sound(&sensing);
        assert_eq!(world.gate.model().firmware, firmware);
        world.present(ms(0), ENTRY, CARD);
        world.gate.send(ms(1_250), Walker::new(Direction::In));
        world.run(ms(9_000));
        assert_eq!(world.shown(ENTRY), Some(Signal::Granted), "{firmware:?}");
        // Read at 0.25 s; fourth beam clear 1.15 s after he came.
        assert_eq!(world.taken(), [ms(2_400)], "{firmware:?}");
        assert_eq!(world.location(), Location::In(AreaId(1)));
        assert!(world.gate.is_shut());
        world.present(ms(10_000), ENTRY, CARD);
        let opened = world.reports.len();
        world.run(ms(20_000));
        assert_eq!(world.shown(ENTRY), Some(Signal::Denied), "{firmware:?}");
        assert_eq!(world.reports.len(), opened, "the gate stays as it is");
        assert_eq!(world.decisions(), [(CARD.0, Reason::Ok), (CARD.0, Reason::ApbViolation)]);
    }
}

#[test]
fn an_alarm_of_the_gate_is_told_beside_the_controller() {
    let mut world = World::sound(&Sensing::Signals);
    world.gate.send(ms(0), Walker::new(Direction::In));
    world.run(ms(20_000));
    let told: Vec<_> = world.says.beside.iter().map(|(_, _, heard)| heard.clone()).collect();
    let alarm = |on| Heard::Beside(Report::Alarm(GateAlarm::Intrusion, on));
    assert_eq!(told, [alarm(true), alarm(false)]);
    assert_eq!(world.gate.walkers()[0].crossed, None);
}

#[test]
fn a_stale_read_opens_nothing_unless_it_is_to_be_decided() {
    for (stale, opens) in [(StalePolicy::Drop, false), (StalePolicy::Decide, true)] {
        let mut world = World::new(Panel::new(site(&Policy::hard(), &Sensing::Signals), stale));
        world.readers[0].line(ms(0), false, &mut Vec::new());
        world.present(ms(0), ENTRY, CARD);
        world.run(ms(5_000));
        let mut reads = Vec::new();
        world.readers[0].line(ms(5_000), true, &mut reads);
        for (at, report) in reads {
            world.panel.report(at, Seat::Reader(ENTRY), &report, &mut world.says);
        }
        world.exchange(ms(5_000), Vec::new());
        world.run(ms(6_000));
        assert_eq!(!world.gate.is_shut(), opens);
        assert_eq!(world.says.beside.iter().any(|b| matches!(b.2, Heard::Stale(_))), !opens);
    }
}

#[test]
fn a_fire_that_a_gate_tells_of_opens_it_and_ends_with_it() {
    for (sensing, _) in both_kinds() {
        let mut world = World::sound(&sensing);
        let fire = |world: &mut World, at, active| {
            world.run(at);
            let mut reports = Vec::new();
            world.gate.order(at, &Order::Fire(active), &mut reports);
            world.exchange(at, reports);
        };
        fire(&mut world, ms(1_000), true);
        world.run(ms(2_000));
        assert!(world.panel.controller().is_on_fire());
        assert_eq!(world.gate.travel(ms(2_000)), super::OPEN);
        for i in 0..5 {
            world.gate.send(ms(2_000 + i * 1_000), Walker::new(Direction::Out));
        }
        world.run(ms(20_000));
        assert!(world.gate.walkers().iter().all(|w| matches!(w.fate, Fate::Passed(_))));
        fire(&mut world, ms(30_000), false);
        world.run(ms(40_000));
        assert!(!world.panel.controller().is_on_fire() && world.gate.is_shut());
    }
}

#[test]
fn a_fire_of_the_site_reaches_every_gate_once() {
    let mut world = World::sound(&Sensing::Signals);
    world.panel.input(ms(0), &Input::Fire { active: true }, &mut world.says);
    let fires = world.says.orders.iter().filter(|(_, _, order)| *order == Order::Fire(true)).count();
    assert_eq!(fires, world.panel.controller().site().lanes.len());
    world.exchange(ms(0), Vec::new());
    world.panel.input(ms(1_000), &Input::Fire { active: false }, &mut world.says);
    world.exchange(ms(1_000), Vec::new());
    world.run(ms(5_000));
    assert!(!world.panel.controller().is_on_fire() && world.gate.is_shut());
}

#[test]
fn each_defect_shows() {
    let run = |defect: Defect| {
        let panel =
            Panel::with_defects(&site(&Policy::hard(), &Sensing::Signals), StalePolicy::Drop, vec![defect]);
        let mut world = World::new(panel.unwrap());
        world.present(ms(0), ENTRY, CARD);
        world.gate.send(ms(1_250), Walker::new(Direction::In));
        world.run(ms(9_000));
        world.readers[0].order(ms(9_000), &Order::Show(Signal::Busy), &mut Vec::new());
        world.present(ms(10_000), ENTRY, CARD);
        world.run(ms(10_500));
        (world.shown(ENTRY), !world.gate.is_shut())
    };
    let (granted, denied, before) = (Some(Signal::Granted), Some(Signal::Denied), Some(Signal::Busy));
    assert_eq!(run(Defect::Late(Span::ZERO)), (denied, false), "sound");
    assert_eq!(run(Defect::Policy(Box::default())), (granted, true));
    assert_eq!(run(Defect::ReaderSoft(ENTRY)), (granted, true));
    assert_eq!(run(Defect::ReaderOff(ENTRY)), (granted, true));
    assert_eq!(run(Defect::ReaderOff(ENTRY_2)), (denied, false));
    assert_eq!(run(Defect::ReadersSwapped(LaneId(0))), (granted, true));
    assert_eq!(run(Defect::PassageUnheard(LaneId(0))), (granted, true));
    assert_eq!(run(Defect::ReleasesDenied(ENTRY)), (denied, true));
    assert_eq!(run(Defect::ReleasesDenied(EXIT)), (denied, false));
    assert_eq!(run(Defect::ShowsNothing(ENTRY)), (before, false));
    assert_eq!(run(Defect::Late(Span::seconds(3))), (before, false));
}

#[test]
fn a_gate_without_power_leaves_the_holder_where_they_were() {
    let mut world = World::sound(&Sensing::Signals);
    world.present(ms(0), ENTRY, CARD);
    world.gate.fault(ms(600), GateFault::PowerLost, true);
    world.gate.send(ms(1_250), Walker::new(Direction::In));
    world.run(ms(30_000));
    assert_eq!((world.taken(), world.location()), (vec![], Location::Unknown));
    assert_eq!(world.gate.walkers()[0].crossed, None);
}
