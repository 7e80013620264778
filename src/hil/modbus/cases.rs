//! A master's manners, one by one, in virtual time.

use super::bench::{Bench, End, Faults};
use super::{Board, Framing, Inputs, Master, Outputs, Slave, Timing};
use crate::apb::time::{Span, Time};
use crate::hil::driver::{Driver, Note, Unit};
use crate::hil::line::Settings;
use crate::hil::message::{Order, Report};

type Pair = Bench<Master, Slave>;

fn pair(line: Settings, asked: &[Board], there: &[Board]) -> Pair {
    let framing = Framing::Rtu(line);
    let master = Master::new(framing, Timing::of(framing), asked).unwrap();
    Bench::new(master, Slave::new(framing, there).unwrap(), Some(line), 1)
}

fn notes(pair: &Pair, unit: u16) -> Vec<Note> {
    pair.notes.iter().filter(|(_, _, u, _)| *u == Some(Unit(unit))).map(|(.., note)| note.clone()).collect()
}

#[test]
fn who_does_not_answer_is_offline_and_hardly_holds_up_the_others() {
    let boards = [Board::plain(1, 2, 2), Board::plain(2, 2, 2)];
    let mut pair = pair(Settings::default(), &boards, &boards[..1]);
    pair.run_for(Span::seconds(4));
    let why = "no answer to reading 2 coils from 0".to_owned();
    assert_eq!(notes(&pair, 1), [Note::Retried, Note::Retried, Note::Offline(why)]);
    assert_eq!(notes(&pair, 0), [Note::Online(String::new()), Note::Online(String::new())], "either end");
    pair.order(Unit(1), Order::Output(0, true));
    assert!(matches!(notes(&pair, 1).last(), Some(Note::Dropped(text)) if text.contains("does not answer")));
    // However slowly it is asked for, an input of the other is soon heard of.
    for i in 0..20_u64 {
        let on = i % 2 == 0;
        pair.report(Unit(0), Report::Input(1, on));
        pair.run_for(Span::millis(600));
        let heard = |r: &Report| if let Report::Input(1, on) = r { Some(*on) } else { None };
        assert_eq!(pair.known(Unit(0), heard), Some(on), "{}", pair.now);
    }
}

#[test]
fn it_comes_back_and_says_everything_again() {
    let boards = [Board::plain(1, 1, 1)];
    let mut pair = pair(Settings::default(), &boards, &boards);
    pair.run_for(Span::seconds(1));
    pair.faults = Faults { lose: 1.0, ..Faults::default() };
    pair.order(Unit(0), Order::Output(0, true));
    pair.order(Unit(0), Order::Output(0, false));
    pair.run_for(Span::seconds(3));
    assert_eq!(pair.noted(End::Host, "offline"), 1);
    assert_eq!(pair.noted(End::Host, "dropped"), 2);
    pair.report(Unit(0), Report::Input(0, true));
    let before = pair.reports.len();
    pair.faults = Faults::default();
    pair.run_for(Span::seconds(3));
    let said: Vec<_> = pair.reports[before..].iter().map(|(.., report)| report.clone()).collect();
    assert_eq!(said, [Report::OutputIs(0, false), Report::Input(0, true)]);
    assert_eq!(pair.orders, [], "nothing is sent late");
}

#[test]
fn a_line_that_goes_takes_its_orders_with_it() {
    let boards = [Board::plain(1, 1, 1)];
    let mut pair = pair(Settings::default(), &boards, &boards);
    pair.order(Unit(0), Order::Output(0, true));
    assert!(matches!(&notes(&pair, 0)[..], [Note::Dropped(text)] if text.contains("not answered yet")));
    pair.run_for(Span::seconds(1));
    pair.order(Unit(0), Order::Output(0, true));
    pair.at_host(|host, now, out| host.down(now, out));
    pair.order(Unit(0), Order::Output(0, true));
    assert_eq!(pair.noted(End::Host, "dropped"), 3);
    assert_eq!(pair.host.next_wake(), None);
    pair.at_host(|host, now, out| host.up(now, out));
    pair.run_for(Span::seconds(1));
    assert_eq!(pair.noted(End::Host, "online"), 2);
}

#[test]
fn exceptions_are_named() {
    let boards = [Board::plain(1, 1, 9)];
    let mut pair = pair(Settings::default(), &boards, &[Board::plain(1, 1, 8)]);
    pair.run_for(Span::seconds(5));
    let why = "it answers exception 2 (illegal data address) to reading 9 discrete inputs from 0";
    assert_eq!(pair.noted(End::Host, "online"), 0, "half a board is none");
    assert_eq!(notes(&pair, 0).last(), Some(&Note::Offline(why.into())));
    assert_eq!(pair.reports, []);
}

#[test]
fn a_refused_order_is_named_and_the_board_stays_online() {
    let words =
        |on| Board { outputs: Outputs::Words { first: 0, count: 1, on, off: 0 }, ..Board::plain(1, 0, 1) };
    let mut pair = pair(Settings::default(), &[words(5)], &[words(1)]);
    pair.run_for(Span::seconds(1));
    pair.order(Unit(0), Order::Output(0, true));
    pair.run_for(Span::seconds(1));
    let why = "output 0 on: exception 3 (illegal data value) to writing holding register 0 to 5";
    assert_eq!(notes(&pair, 0).split_off(2), [Note::Refused(why.into())], "after either end's coming online");
}

#[test]
fn an_echo_that_nobody_declared_is_named() {
    let boards = [Board::plain(1, 2, 2)];
    let mut there = pair(Settings::default(), &boards, &boards);
    there.faults.echo = true;
    there.run_for(Span::seconds(1));
    there.order(Unit(0), Order::Output(1, true));
    there.run_for(Span::seconds(1));
    assert_eq!(there.orders.len(), 1);
    let told = |n: &Note| matches!(n, Note::BadFrame(text) if text.contains("set `echoes: true`"));
    assert_eq!(there.notes.iter().filter(|(.., note)| told(note)).count(), 1);
    assert_eq!(there.noted(End::Host, "late"), 0);

    let mut absent = pair(Settings::default(), &boards, &[Board::plain(2, 2, 2)]);
    absent.faults.echo = true;
    absent.run_for(Span::seconds(3));
    let named = |n: &Note| matches!(n, Note::Offline(text) if text.contains("set `echoes: true`"));
    assert!(notes(&absent, 0).iter().any(named), "{:?}", absent.notes);
}

#[test]
fn an_absent_board_on_a_line_that_echoes_does_not_look_obedient() {
    let line = Settings { echoes: true, ..Settings::default() };
    let boards = [Board::plain(1, 2, 2)];
    let mut pair = pair(line, &boards, &boards);
    pair.faults.echo = true;
    pair.run_for(Span::seconds(1));
    pair.at_device(|device, now, out| device.down(now, out));
    let before = pair.reports.len();
    pair.order(Unit(0), Order::Output(1, true));
    pair.run_for(Span::seconds(3));
    assert_eq!(pair.reports.len(), before);
    assert_eq!((pair.noted(End::Host, "dropped"), pair.noted(End::Host, "offline")), (1, 1));
}

#[test]
fn a_babbling_line_is_spoken_to_all_the_same() {
    let boards = [Board::plain(1, 2, 2)];
    let mut pair = pair(Settings::default(), &boards, &boards);
    // Never quiet for as long as it would have to be.
    for _ in 0..500 {
        pair.run_for(Span::millis(37));
        pair.at_host(|host, now, out| host.receive(now, &[0x55], out));
    }
    assert!(pair.noted(End::Host, "online") > 0, "{:?}", pair.notes);
}

/// The times between the answers to polls.
fn periods(line: Settings, inputs: u16) -> Vec<Span> {
    let boards = [Board { inputs: Inputs::Discretes { first: 0, count: inputs }, ..Board::plain(1, 0, 1) }];
    let mut pair = pair(line, &boards, &boards);
    let mut seen: Vec<Time> = Vec::new();
    let mut on = false;
    // An input that changes whenever it was heard of.
    while seen.len() < 100 {
        pair.run_for(Span::micros(100));
        let heard = |r: &Report| if let Report::Input(0, on) = r { Some(*on) } else { None };
        if pair.known(Unit(0), heard) == Some(on) {
            on = !on;
            seen.push(pair.now);
            pair.report(Unit(0), Report::Input(0, on));
        }
    }
    seen.windows(2).map(|pair| pair[1].since(pair[0])).collect()
}

#[test]
fn polls_come_as_fast_as_the_line_allows_but_not_faster_than_their_period() {
    let slow = periods(Settings::default(), 16);
    // 8 bytes there, 7 back, 3.5 of silence: 18.5 characters of 10 bits.
    assert!(slow.iter().all(|p| (Span(19_000)..Span(20_500)).contains(p)), "{slow:?}");
    let fast = periods(Settings { baud: 115_200, ..Settings::default() }, 16);
    assert!(fast.iter().all(|p| (Span(9_800)..Span(10_500)).contains(p)), "{fast:?}");
}
