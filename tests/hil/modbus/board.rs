//! Our master, boards of pymodbus.

use crate::modbus::peer::Peer;
use crate::modbus::pump::{Log, Pump};
use crate::modbus::terminal::on_terminal;
use crate::pump::{LASTS, TROUBLES, pass};
use apbrig::apb::time::Span;
use apbrig::hil::cable::End;
use apbrig::hil::line::Settings;
use apbrig::hil::modbus::{Board, Framing, Inputs, Master, Outputs, Timing};
use apbrig::hil::{Note, Order, Report, Unit};
use tokio::net::TcpStream;

const PLAIN: Unit = Unit(0);
const WORDS: Unit = Unit(1);
const ABSENT: Unit = Unit(2);

/// Longer than by default: whoever answers here has other things to do.
fn timing(framing: Framing) -> Timing {
    Timing { reply: Span::seconds(1), ..Timing::of(framing) }
}

/// The boards of `board.py`, and one that is not there.
fn master(framing: Framing) -> Master {
    let words = Board {
        id: 7,
        outputs: Outputs::Bits { first: 10, count: 16 },
        inputs: Inputs::InputBits { first: 0, count: 16 },
    };
    let boards = [Board::plain(1, 16, 16), words, Board::plain(9, 1, 1)];
    Master::new(framing, timing(framing), &boards).unwrap()
}

fn serial(baud: u32) -> Framing {
    Framing::Rtu(Settings { baud, ..Settings::default() })
}

/// What was last said about something.
fn last(log: &Log<Report>, unit: Unit, is: impl Fn(&Report) -> Option<bool>) -> Option<bool> {
    log.messages.iter().rev().filter(|(_, u, _)| *u == unit).find_map(|(.., report)| is(report))
}

fn input(log: &Log<Report>, unit: Unit, number: u8) -> Option<bool> {
    last(log, unit, |r| if let Report::Input(n, on) = r { (*n == number).then_some(*on) } else { None })
}

fn output(log: &Log<Report>, unit: Unit, number: u8) -> Option<bool> {
    last(log, unit, |r| if let Report::OutputIs(n, on) = r { (*n == number).then_some(*on) } else { None })
}

fn is_online(log: &Log<Report>, unit: Unit) -> bool {
    let about = log.notes.iter().rev().filter(|(u, _)| *u == Some(unit));
    about
        .into_iter()
        .find(|(_, n)| matches!(n, Note::Online(_) | Note::Offline(_)))
        .is_some_and(|(_, n)| matches!(n, Note::Online(_)))
}

/// Inputs are heard of, outputs are set, who is not there is named.
fn all_of_it(pump: &Pump<Order, Report>, peer: &mut Peer) {
    for (unit, id) in [(PLAIN, 1), (WORDS, 7)] {
        pump.wait("online", |log| is_online(log, unit).then_some(()));
        for (number, on) in [(0, true), (15, true), (0, false)] {
            peer.tell(&format!("input {id} {number} {}", u8::from(on)));
            pump.wait("the input", |log| (input(log, unit, number) == Some(on)).then_some(()));
        }
        for (number, on) in [(3, true), (15, true), (3, false)] {
            pump.submit(unit, Order::Output(number, on));
            assert_eq!(peer.line(), format!("output {id} {number} {}", u8::from(on)));
            pump.wait("the output", |log| (output(log, unit, number) == Some(on)).then_some(()));
        }
    }
    pump.wait("offline", |log| {
        let says = |n: &Note| matches!(n, Note::Offline(text) if text.contains("reading 1 coils from 0"));
        log.notes.iter().any(|(unit, note)| *unit == Some(ABSENT) && says(note)).then_some(())
    });
    pump.submit(ABSENT, Order::Output(0, true));
    pump.wait("dropped", |log| {
        let said = |(unit, note): &(Option<Unit>, Note)| *unit == Some(ABSENT) && note.name() == "dropped";
        log.notes.iter().any(said).then_some(())
    });
}

/// The line of `board.py` that says it listens, without `ready`.
fn ready(peer: &mut Peer) -> String {
    let line = peer.line();
    line.strip_prefix("ready").unwrap_or_else(|| panic!("{line}")).trim().to_owned()
}

#[test]
fn a_line_of_pymodbus_boards_at_two_rates() {
    for baud in [9_600, 38_400] {
        let (pump, path) = on_terminal(master(serial(baud)), End::Host);
        let mut peer = Peer::new("board.py", &["rtu", &path, &baud.to_string()]);
        ready(&mut peer);
        all_of_it(&pump, &mut peer);
    }
}

#[test]
fn pymodbus_boards_behind_a_port() {
    let mut peer = Peer::new("board.py", &["tcp"]);
    let port: u16 = ready(&mut peer).parse().unwrap();
    let pump = Pump::new(master(Framing::Tcp), End::Host, move || async move {
        TcpStream::connect(("127.0.0.1", port)).await.unwrap()
    });
    all_of_it(&pump, &mut peer);
}

#[test]
fn a_register_that_is_not_there_is_named() {
    let framing = serial(38_400);
    let board = Board { inputs: Inputs::InputBits { first: 5, count: 1 }, ..Board::plain(1, 16, 0) };
    let master = Master::new(framing, timing(framing), &[board]).unwrap();
    let (pump, path) = on_terminal(master, End::Host);
    let mut peer = Peer::new("board.py", &["rtu", &path, "38400"]);
    ready(&mut peer);
    let why = "it answers exception 2 (illegal data address) to reading 1 input registers from 5";
    pump.wait("the exception", |log| {
        log.notes.contains(&(Some(Unit(0)), Note::Offline(why.into()))).then_some(())
    });
}

#[test]
fn a_line_of_pymodbus_boards_with_everything_that_can_befall_it() {
    let (pump, path) = on_terminal(master(serial(38_400)), End::Host);
    let mut peer = Peer::new("board.py", &["rtu", &path, "38400"]);
    ready(&mut peer);
    pump.wait("online", |log| is_online(log, PLAIN).then_some(()));
    for (round, trouble) in (0_u8..).zip(TROUBLES) {
        pump.befall(trouble);
        for number in 0..4 {
            pump.submit(PLAIN, Order::Output(number, round.is_multiple_of(2)));
            pass(Span(LASTS.0 / 4));
        }
        pump.wait("online again", |log| is_online(log, PLAIN).then_some(()));
        // Afterwards everything works: an output that was never touched, and one that changes each time.
        let on = round.is_multiple_of(2);
        peer.tell(&format!("input 1 {round} 1"));
        pump.wait(&format!("the input after {trouble:?}"), |log| input(log, PLAIN, round));
        let seen = |log: &Log<Report>| (output(log, PLAIN, 9) == Some(on)).then_some(());
        // What was ordered while the board came and went may have been dropped, and was told so.
        let ordered = (0..50).any(|_| {
            pump.submit(PLAIN, Order::Output(9, on));
            pump.wait_for(std::time::Duration::from_secs(2), seen).is_some()
        });
        assert!(ordered, "the output after {trouble:?}");
    }
}
