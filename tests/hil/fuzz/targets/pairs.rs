//! The protocols, both ends of each, and what has to get through.

use super::exchange::{End, Pair, endure, exercise};
use apbrig::apb::effect::Signal;
use apbrig::apb::id::{CardNumber, Direction};
use apbrig::apb::site::PassMode;
use apbrig::apb::time::Time;
use apbrig::hil::frames::{self, Station};
use apbrig::hil::line::Settings;
use apbrig::hil::message::Read;
use apbrig::hil::modbus::{self, Framing, Timing};
use apbrig::hil::osdp::{
    self, ControlPanel, Key, PanelSettings, Peripheral, PeripheralSettings, ReaderSecurity, Security,
};
use apbrig::hil::{Driver, Order, Outbox, Report, Unit, manual, wiegand};
use std::sync::{Arc, LazyLock};

const CARD: CardNumber = CardNumber(66_042);
const KEY: &str = "000102030405060708090A0B0C0D0E0F";

/// A card, of which nobody says whether it is old: before the garbage nobody was there.
fn card() -> (Report, fn(&Report) -> bool) {
    (Report::Read(Read::of(CARD)), |report| matches!(report, Report::Read(read) if read.card == CARD))
}

fn green() -> (Order, fn(&Order) -> bool) {
    (Order::Show(Signal::Granted), |order| *order == Order::Show(Signal::Granted))
}

/// The shipped boards are read once.
static BOARDS: LazyLock<Vec<(&str, Arc<frames::Board>)>> = LazyLock::new(|| {
    let read = |(name, _): (&'static str, _)| {
        (name, Arc::new(frames::shipped(name).expect("a shipped board is sound")))
    };
    frames::SHIPPED.map(read).to_vec()
});

/// A shipped board. What it cannot carry is not asked of it.
pub(crate) fn board(name: &str) -> Pair<frames::Host, frames::Device> {
    let board = BOARDS.iter().find(|(n, _)| *n == name).expect("a shipped board").1.clone();
    let stations = [Station::at(1)];
    let host = frames::Host::new(board.clone(), &stations, board.settings).expect("one station");
    let device = frames::Device::new(board.clone(), &stations, board.settings).expect("one station");
    let passes = board.capabilities().has(apbrig::hil::Capability::Passed);
    let is_passed: fn(&Report) -> bool = |report| *report == Report::Passed(Direction::In);
    let is_order: fn(&Order) -> bool =
        |order| matches!(order, Order::Release(Direction::In) | Order::Mode(Direction::In, PassMode::Free));
    let order = if board.capabilities().has(apbrig::hil::Capability::Release) {
        Order::Release(Direction::In)
    } else {
        Order::Mode(Direction::In, PassMode::Free)
    };
    let report = passes.then_some((Report::Passed(Direction::In), is_passed));
    Pair { host, device, reopens: false, report, order: Some((order, is_order)) }
}

pub(crate) fn dongle() -> Pair<wiegand::Host, wiegand::Device> {
    let readers = [wiegand::Reader::default()];
    let (host, device) = (wiegand::Host::new(&readers), wiegand::Device::new(&readers, 1));
    Pair { host, device, reopens: false, report: Some(card()), order: Some(green()) }
}

fn osdp(security: Security, reader: ReaderSecurity) -> Pair<ControlPanel, Peripheral> {
    let device = osdp::Device { address: 1, security, ..osdp::Device::default() };
    let reader = osdp::Reader { address: 1, security: reader, ..osdp::Reader::default() };
    let panel = PanelSettings { devices: vec![device], ..PanelSettings::default() };
    let readers = PeripheralSettings { readers: vec![reader], ..PeripheralSettings::default() };
    let host = ControlPanel::new(panel).expect("one address");
    let device = Peripheral::new(readers).expect("one address");
    Pair { host, device, reopens: false, report: Some(card()), order: Some(green()) }
}

pub(crate) fn osdp_open() -> Pair<ControlPanel, Peripheral> {
    osdp(Security::Plain, ReaderSecurity::Plain)
}

pub(crate) fn osdp_secure() -> Pair<ControlPanel, Peripheral> {
    let key = || Key::from_hex(KEY).expect("sixteen bytes");
    osdp(Security::Key(key()), ReaderSecurity::Key(key()))
}

fn modbus(framing: Framing) -> Pair<modbus::Master, modbus::Slave> {
    let boards = [modbus::Board::plain(1, 4, 4)];
    let host = modbus::Master::new(framing, Timing::of(framing), &boards).expect("one board");
    let device = modbus::Slave::new(framing, &boards).expect("one board");
    let report: (Report, fn(&Report) -> bool) =
        (Report::Input(2, true), |report| *report == Report::Input(2, true));
    let order: (Order, fn(&Order) -> bool) =
        (Order::Output(1, true), |order| *order == Order::Output(1, true));
    Pair { host, device, reopens: framing == Framing::Tcp, report: Some(report), order: Some(order) }
}

pub(crate) fn modbus_rtu() -> Pair<modbus::Master, modbus::Slave> {
    modbus(Framing::Rtu(Settings::default()))
}

pub(crate) fn modbus_tcp() -> Pair<modbus::Master, modbus::Slave> {
    modbus(Framing::Tcp)
}

/// An operator who types anything, and then something that makes sense.
pub(crate) fn operator(bytes: &[u8]) {
    let mut host = manual::Host::new(&[manual::Post::gate("L1"), manual::Post::reader("R1e")]);
    let now = endure(&mut host, bytes, Some(Order::Release(Direction::In)));
    let mut out = Outbox::default();
    host.receive(now, b"\nin at L1\n", &mut out);
    let passed = (Unit(0), Report::Passed(Direction::In));
    assert_eq!(out.messages.last(), Some(&passed), "after {now:?}");
    let shown = |frame: &Vec<u8>| frame.iter().all(|b| *b == b'\n' || *b >= 0x20);
    assert!(out.frames.iter().all(shown), "control characters for the terminal");
    assert!(host.next_wake().is_none() && now > Time::ZERO);
}

/// One end of a board, by its name.
pub(crate) fn at_board(end: End, name: &str, bytes: &[u8]) {
    exercise(end, bytes, board(name));
}
