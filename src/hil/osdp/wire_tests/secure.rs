//! The secure channel: keys that fit, keys that do not, keys that are given.

use super::bench::{Bench, Faults};
use crate::apb::effect::{Signal, Tone};
use crate::apb::time::Span;
use crate::hil::capability::Capability;
use crate::hil::driver::{Driver, Unit};
use crate::hil::message::Order;
use crate::hil::osdp::{Key, Misbehaviour, ReaderSecurity, Security};

fn key(byte: u8) -> Key {
    Key::new([byte; 16])
}

#[test]
fn with_the_same_key_nothing_but_the_beginning_is_in_the_open() {
    let mut bench = Bench::one(1, Security::Key(key(1)), ReaderSecurity::Key(key(1)));
    bench.run(Span::seconds(1));
    bench.present(0, 77);
    bench.run(Span::seconds(1));
    assert_eq!(bench.cards(0), [(77, false)]);
    assert!(bench.panel.capabilities(Unit(0)).has(Capability::Secure));
    assert_eq!((bench.panel_noted("secured").len(), bench.reader_noted("secured").len()), (1, 1));
    let open: Vec<u8> =
        bench.frames.iter().filter(|(_, frame)| frame[4] & 0x08 == 0).map(|(_, frame)| frame[5]).collect();
    assert_eq!(open, [0x61, 0x45, 0x62, 0x46], "ID, CAP and their answers");
}

#[test]
fn a_wrong_key_never_comes_online_and_says_so_once() {
    let mut bench = Bench::one(1, Security::Key(key(1)), ReaderSecurity::Key(key(2)));
    bench.present(0, 5);
    bench.run(Span::minutes(5));
    assert!(!bench.is_online());
    assert_eq!(bench.panel_noted("offline"), ["wrong key: its answer was made with another"]);
    assert!(bench.panel_noted("online").is_empty() && bench.panel_noted("secured").is_empty());
    assert!(bench.reports.is_empty(), "{:?}", bench.reports);
}

#[test]
fn a_reader_without_a_key_is_told_apart_from_one_with_another() {
    let mut bench = Bench::one(1, Security::Key(key(1)), ReaderSecurity::Install);
    bench.run(Span::seconds(20));
    assert!(!bench.is_online());
    assert_eq!(bench.panel_noted("offline"), ["it has no secure channel for us: encryption required"]);
    let mut bench = Bench::one(1, Security::Key(key(1)), ReaderSecurity::Plain);
    bench.run(Span::seconds(20));
    assert_eq!(
        bench.panel_noted("offline"),
        ["it has no secure channel for us: security block not supported"]
    );
    let mut bench = Bench::one(1, Security::Plain, ReaderSecurity::Key(key(1)));
    bench.run(Span::seconds(20));
    assert_eq!(bench.panel_noted("offline"), ["it does not talk in the open: it needs a key"]);
}

#[test]
fn install_mode_gives_the_key_and_never_again() {
    for lose in [0.0, 0.005] {
        let mut bench = Bench::one(3, Security::Install(key(7)), ReaderSecurity::Install);
        bench.faults = Faults::lose(lose);
        assert!(!bench.peripheral.has_key(Unit(0)));
        bench.run(Span::seconds(10));
        assert!(bench.is_online() && bench.peripheral.has_key(Unit(0)), "{:?}", bench.panel_notes);
        bench.present(0, 1);
        bench.run(Span::seconds(1));
        assert_eq!(bench.cards(0), [(1, false)]);
        // From then on the key is the reader's: another panel with another key stays out.
        let given = [7; 16];
        assert!(!bench.frames.iter().any(|(_, frame)| frame.windows(16).any(|bytes| bytes == given)));
        let restarts = |bench: &Bench| bench.reader_noted("secured").len();
        let before = restarts(&bench);
        bench.panel_does(|panel, now, out| panel.down(now, out));
        bench.panel_does(|panel, now, out| panel.up(now, out));
        bench.run(Span::seconds(10));
        assert!(bench.is_online());
        assert_eq!(restarts(&bench), before + 1, "with its own key at once");
    }
}

#[test]
fn a_reader_that_lost_its_power_is_secured_again_without_going_offline() {
    let mut bench = Bench::one(1, Security::Key(key(1)), ReaderSecurity::Key(key(1)));
    bench.run(Span::seconds(1));
    bench.reader_does(|peripheral, now, out| peripheral.up(now, out));
    bench.run(Span::seconds(2));
    bench.present(0, 5);
    bench.run(Span::seconds(1));
    assert_eq!(bench.panel_noted("offline"), Vec::<String>::new());
    assert_eq!(bench.panel_noted("secured").len(), 2);
    assert_eq!(bench.cards(0), [(5, false)]);
}

#[test]
fn wrong_authentication_codes_take_a_reader_offline_and_it_comes_back() {
    let mut bench = Bench::one(1, Security::Key(key(1)), ReaderSecurity::Key(key(1)));
    bench.run(Span::seconds(1));
    bench.peripheral.misbehave(Unit(0), Misbehaviour::WrongCode);
    bench.present(0, 5);
    bench.run(Span::seconds(15));
    assert!(!bench.is_online());
    assert_eq!(bench.panel_noted("offline"), ["its authentication codes are wrong"]);
    assert!(bench.cards(0).is_empty());
    bench.peripheral.misbehave(Unit(0), Misbehaviour::None);
    bench.run(Span::seconds(3));
    assert!(bench.is_online());
    assert_eq!(bench.cards(0), [(5, true)]);
}

#[test]
fn orders_arrive_as_what_they_were() {
    for security in [false, true] {
        let (panel, reader) = match security {
            true => (Security::Key(key(1)), ReaderSecurity::Key(key(1))),
            false => (Security::Plain, ReaderSecurity::Plain),
        };
        let mut bench = Bench::one(1, panel, reader);
        bench.run(Span::seconds(1));
        bench.faults = Faults::lose(0.005);
        let orders = [
            Order::Show(Signal::Granted),
            Order::Show(Signal::Denied),
            Order::Show(Signal::Busy),
            Order::Buzz(Tone::Continuous),
            Order::Buzz(Tone::Intermittent),
            Order::Buzz(Tone::Off),
            Order::Text("WALK".into()),
            Order::Output(1, true),
            Order::Output(1, false),
        ];
        for order in &orders {
            bench.order(0, order.clone());
        }
        bench.run(Span::seconds(8));
        let heard: Vec<Order> = bench.orders.iter().map(|(_, _, order)| order.clone()).collect();
        assert_eq!(heard, orders);
        assert!(bench.panel_noted("refused").is_empty());
    }
}
