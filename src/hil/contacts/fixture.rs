//! A gate on a board on a line, with both ends of it.

use super::{Active, Contact, DeviceSide, HostSide, Unlock, Way, Wiring};
use crate::apb::id::Direction;
use crate::apb::time::Span;
use crate::hil::driver::{Driver, Note, Unit};
use crate::hil::line::Settings;
use crate::hil::message::{Order, Report};
use crate::hil::modbus::bench::{Bench, End};
use crate::hil::modbus::{Board, Framing, Master, Slave, Timing};

pub(super) const GATE: Unit = Unit(0);
pub(super) const PULSE: Unlock = Unlock::Pulse { length: Span::millis(500), longest: Span::seconds(2) };
pub(super) const IN: Direction = Direction::In;
pub(super) const OUT: Direction = Direction::Out;

/// Every contact that there can be.
pub(super) fn everything(unlock: Unlock, active: Active) -> Wiring {
    let contact = |number| Contact { number, active };
    let way = |n| Way { unlock: Some(contact(n)), free: Some(contact(n + 2)), pass: Some(contact(n)) };
    Wiring {
        ways: [way(0), way(1)],
        unlock,
        stop: Some(contact(4)),
        fire: Some(contact(5)),
        buzz: Some(contact(6)),
        beams: vec![contact(7), contact(8)],
        opened: Some(contact(2)),
        closed: Some(contact(3)),
        ready: Some(contact(4)),
        busy: Some(contact(5)),
        detector: Some(contact(6)),
        alarm: Some(contact(7)),
        tamper: Some(contact(8)),
        power_fail: Some(contact(9)),
        fired: Some(contact(10)),
        ..Wiring::default()
    }
}

/// Two releases and nothing else.
pub(super) fn bare(unlock: Unlock) -> Wiring {
    let way = |n| Way { unlock: Some(Contact::high(n)), pass: Some(Contact::high(n)), free: None };
    Wiring { ways: [way(0), way(1)], unlock, ..Wiring::default() }
}

pub(super) fn line() -> Settings {
    Settings { baud: 19_200, ..Settings::default() }
}

pub(super) fn board() -> Board {
    Board::plain(1, 16, 16)
}

pub(super) fn host(wiring: Wiring) -> HostSide<Master> {
    let framing = Framing::Rtu(line());
    let master = Master::new(framing, Timing::of(framing), &[board()]).unwrap();
    HostSide::new(master, [(GATE, wiring)]).unwrap()
}

pub(super) fn slave() -> Slave {
    Slave::new(Framing::Rtu(line()), &[board()]).unwrap()
}

pub(super) type Both = Bench<HostSide<Master>, DeviceSide<Slave>>;

pub(super) fn both(wiring: &Wiring, seed: u64) -> Both {
    let device = DeviceSide::new(slave(), [(GATE, wiring.clone())]).unwrap();
    Bench::new(host(wiring.clone()), device, Some(line()), seed)
}

/// A host of contacts, and a board whose inputs we flip.
pub(super) fn on_board(wiring: Wiring) -> Bench<HostSide<Master>, Slave> {
    let mut bench = Bench::new(host(wiring), slave(), Some(line()), 1);
    bench.run_for(Span::seconds(2));
    bench
}

impl<H, D> Bench<H, D>
where
    H: Driver<In = Order, Out = Report>,
    D: Driver<In = Report, Out = Order>,
{
    /// What the device was told since there were so many orders.
    pub(super) fn told(&self, since: usize) -> Vec<Order> {
        self.orders[since..].iter().map(|(.., order)| order.clone()).collect()
    }

    /// What the host heard since there were so many reports, beside how outputs read back.
    pub(super) fn heard(&self, since: usize) -> Vec<Report> {
        let said = self.reports[since..].iter().map(|(.., report)| report.clone());
        said.filter(|report| !matches!(report, Report::OutputIs(..))).collect()
    }

    pub(super) fn wrong(&self, end: End) -> Vec<String> {
        let own = self.notes.iter().filter(|(_, e, ..)| *e == end);
        own.filter(|(.., note)| !matches!(note, Note::Online(_))).map(|(.., n)| n.detail()).collect()
    }
}
