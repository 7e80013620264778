//! Our emulated boards, a master of pymodbus.

use crate::modbus::peer::Peer;
use crate::modbus::pump::Pump;
use crate::modbus::terminal::on_terminal;
use crate::pump::{LASTS, TROUBLES};
use apbrig::hil::cable::End;
use apbrig::hil::clock::Clock;
use apbrig::hil::line::Settings;
use apbrig::hil::modbus::{Board, Framing, Inputs, Outputs, Slave};
use apbrig::hil::{Order, Report, Unit};
use std::sync::mpsc::channel;
use tokio::net::TcpListener;

fn slave(framing: Framing) -> Slave {
    let words = Board {
        id: 7,
        outputs: Outputs::Words { first: 100, count: 4, on: 0x100, off: 0x200 },
        inputs: Inputs::HoldingBits { first: 0, count: 20 },
    };
    Slave::new(framing, &[Board::plain(3, 8, 12), words]).unwrap()
}

/// Every function that the slave has, and what it has not.
fn all_of_it(pump: &Pump<Report, Order>, peer: &mut Peer) {
    assert_eq!(peer.line(), "ready");
    let said = |unit: u16, number, on| {
        pump.wait("the order", |log| {
            let want = (Unit(unit), Order::Output(number, on));
            log.messages.iter().any(|(_, u, order)| (*u, order) == (want.0, &want.1)).then_some(())
        });
    };
    assert_eq!(peer.ask("write_coil 3 2 1"), "done");
    said(0, 2, true);
    assert_eq!(peer.ask("write_coils 3 0 1,0,0,1"), "done");
    said(0, 3, true);
    said(0, 2, false);
    assert_eq!(peer.ask("read_coils 3 0 8"), "1 0 0 1 0 0 0 0");
    pump.submit(Unit(0), Report::Input(11, true));
    // Submitted in another thread: it is there in a moment.
    let seen = (0..100).any(|_| peer.ask("read_discrete_inputs 3 0 12") == "0 0 0 0 0 0 0 0 0 0 0 1");
    assert!(seen, "the input is read");
    assert_eq!(peer.ask("write_register 7 101 256"), "done");
    said(1, 1, true);
    assert_eq!(peer.ask("write_registers 7 100 256,512"), "done");
    assert_eq!(peer.ask("read_holding_registers 7 100 4"), "256 512 512 512");
    assert_eq!(peer.ask("read_holding_registers 7 0 2"), "0 0");
    assert_eq!(peer.ask("read_input_registers 3 0 1"), "exception 2");
    assert_eq!(peer.ask("read_coils 3 5 4"), "exception 2");
    assert_eq!(peer.ask("write_register 7 101 1"), "exception 3");
    assert_eq!(peer.ask("read_coils 5 0 1"), "silence", "nobody has this address");
    assert_eq!(peer.ask("read_coils 3 0 4"), "1 0 0 1");
}

#[test]
fn pymodbus_asks_on_a_line() {
    let line = Settings { baud: 19_200, ..Settings::default() };
    let (pump, path) = on_terminal(slave(Framing::Rtu(line)), End::Device);
    all_of_it(&pump, &mut Peer::new("ask.py", &["rtu", &path, "19200"]));
}

#[test]
fn pymodbus_asks_through_a_port() {
    let (sender, port) = channel();
    let pump = Pump::new(slave(Framing::Tcp), End::Device, move || async move {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        sender.send(listener.local_addr().unwrap().port()).unwrap();
        listener.accept().await.unwrap().0
    });
    let port: u16 = port.recv().unwrap();
    all_of_it(&pump, &mut Peer::new("ask.py", &["tcp", &port.to_string()]));
}

#[test]
fn pymodbus_asks_on_a_line_with_everything_that_can_befall_it() {
    let line = Settings { baud: 19_200, ..Settings::default() };
    let (pump, path) = on_terminal(slave(Framing::Rtu(line)), End::Device);
    let mut peer = Peer::new("ask.py", &["rtu", &path, "19200"]);
    assert_eq!(peer.line(), "ready");
    for (round, trouble) in (0_u8..).zip(TROUBLES) {
        pump.befall(trouble);
        let on = u8::from(round.is_multiple_of(2));
        // Whatever comes of these: it asks until the trouble is over.
        let clock = Clock::start();
        while clock.now().0 < 2 * LASTS.0 {
            peer.ask(&format!("write_coil 3 {} {on}", round % 4));
        }
        let done = (0..10).any(|_| peer.ask(&format!("write_coil 3 5 {on}")) == "done");
        assert!(done, "after {trouble:?}");
        assert_eq!(peer.ask("read_coils 3 5 1"), on.to_string(), "after {trouble:?}");
        pump.wait("the order", |log| {
            let last = log.messages.iter().rev().find_map(|(_, unit, order)| match order {
                Order::Output(5, is) if *unit == Unit(0) => Some(*is),
                _ => None,
            });
            (last == Some(on == 1)).then_some(())
        });
    }
}
