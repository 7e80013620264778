//! Our control panel against other readers.

use crate::peer::Peer;
use crate::pump::{Heard, LASTS, Pump, TROUBLES, losing, pass};
use apbrig::apb::effect::{Signal, Tone};
use apbrig::apb::id::CardNumber;
use apbrig::apb::time::Span;
use apbrig::hil::cable::{CablePlan, End};
use apbrig::hil::message::CardFormat;
use apbrig::hil::osdp::{ControlPanel, Device, Key, PanelSettings, Security, fresh_seed};
use apbrig::hil::{Note, Order, Report, Unit};
use serde_json::{Value, json};
use std::time::Duration;

const KEY: [u8; 16] = [0x5C; 16];
const KEY_HEX: &str = "5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c";

/// A sound cable, and the seed of what may befall it.
fn quiet() -> CablePlan {
    CablePlan { seed: 1, ..CablePlan::default() }
}

struct Bench {
    line: Pump<ControlPanel>,
    readers: Peer,
}

/// A line whose readers are up.
fn bench(devices: &[(Security, Value)], plan: CablePlan) -> Bench {
    let bench = made(devices, plan);
    for unit in 0..u16::try_from(devices.len()).unwrap() {
        bench.line.wait_for_note(unit, "online");
    }
    bench
}

/// A line with readers at addresses 1, 2, …; each with what it is told beside its address.
fn made(devices: &[(Security, Value)], plan: CablePlan) -> Bench {
    let listed = devices.iter().zip(1_u8..);
    let settings = PanelSettings {
        devices: listed
            .clone()
            .map(|((security, _), address)| Device {
                address,
                security: security.clone(),
                ..Device::default()
            })
            .collect(),
        seed: fresh_seed(),
        ..PanelSettings::default()
    };
    let line = Pump::new(ControlPanel::new(settings).unwrap(), End::Host, plan);
    let readers: Vec<Value> = listed
        .map(|((_, told), address)| {
            let mut told = told.clone();
            told["address"] = json!(address);
            told
        })
        .collect();
    let told = json!({ "path": line.path, "readers": readers });
    let readers = Peer::new("osdp/reader.py", "osdp-reader.txt", &told);
    Bench { line, readers }
}

impl Bench {
    fn present(&mut self, address: u8, card: u64) {
        let bits = CardFormat::H10301.encode(CardNumber(card)).unwrap();
        let data: String =
            (u32::try_from(bits).unwrap() << 6).to_be_bytes().iter().map(|b| format!("{b:02x}")).collect();
        self.readers.ask(&json!({ "do": "card", "address": address, "bits": 26, "data": data }), "presented");
    }

    /// The cards of one reader, in order.
    fn cards(reports: &[(Unit, Report)], unit: u16) -> Vec<u64> {
        let of_unit = reports.iter().filter(|(of, _)| *of == Unit(unit));
        let cards = of_unit.filter_map(|(_, report)| match report {
            Report::Read(read) => Some(read.card.0),
            _ => None,
        });
        cards.collect()
    }

    fn cards_arrive(&mut self, readers: u8) {
        for card in 1..=4 {
            for unit in 0..readers {
                self.present(unit + 1, 100 * u64::from(unit) + card);
            }
        }
        for unit in 0..readers {
            let wanted = [1, 2, 3, 4].map(|card| 100 * u64::from(unit) + card);
            let unit = u16::from(unit);
            self.line.wait("the cards", |heard| Self::cards(&heard.messages, unit).len() >= 4);
            assert_eq!(Self::cards(&self.line.messages(), unit), wanted);
        }
    }

    /// Waits until reader 1 says that it was told something.
    fn wait_for(&self, field: &str, wanted: Value) {
        self.readers.wait(field, |said| said.iter().any(|value| value[field] == wanted));
    }

    fn everything_else(&mut self) {
        self.line.submit(0, Order::Show(Signal::Granted));
        self.wait_for("led", json!({ "address": 1, "colour": 2 }));
        self.wait_for("buzz", json!({ "address": 1, "count": 1 }));
        self.line.submit(0, Order::Show(Signal::Denied));
        self.wait_for("led", json!({ "address": 1, "colour": 1 }));
        self.wait_for("buzz", json!({ "address": 1, "count": 3 }));
        self.line.submit(0, Order::Buzz(Tone::Continuous));
        self.wait_for("buzz", json!({ "address": 1, "count": 0 }));
        self.line.submit(0, Order::Text("WALK".into()));
        self.readers.wait("the text", |said| said.iter().any(|value| value["text"]["address"] == 1));
        self.line.submit(0, Order::Output(1, true));
        self.wait_for("output", json!({ "address": 1, "number": 1, "code": 2 }));
        self.line.wait("the output", |heard| heard.messages.contains(&(Unit(0), Report::OutputIs(1, true))));
        // Asked for its outputs this reader says no, and that is said.
        let no = Note::Refused("OStat: unable to process the command (9)".into());
        self.line.wait("the refusal", |heard| heard.notes.contains(&(Some(Unit(0)), no.clone())));
        self.readers.tell(&json!({ "do": "local", "address": 1, "tamper": 1, "power": 0 }));
        self.line.wait("the tamper", |heard| heard.messages.contains(&(Unit(0), Report::Tamper(true))));
    }

    fn is_secure(&mut self, address: u8) -> bool {
        self.readers.ask(&json!({ "do": "status", "address": address }), "status")["secure"] == true
    }
}

#[test]
fn a_reader_in_the_open() {
    let mut bench = bench(&[(Security::Plain, json!({}))], quiet());
    bench.cards_arrive(1);
    bench.everything_else();
    assert!(!bench.is_secure(1));
}

#[test]
fn a_reader_in_a_secure_channel() {
    let mut bench = bench(&[(Security::Key(Key::new(KEY)), json!({ "key": KEY_HEX }))], quiet());
    bench.cards_arrive(1);
    bench.everything_else();
    assert!(bench.is_secure(1));
}

#[test]
fn a_reader_is_given_its_key() {
    let mut bench = bench(&[(Security::Install(Key::new(KEY)), json!({ "install": true }))], quiet());
    bench.wait_for("key", json!({ "address": 1 }));
    bench.cards_arrive(1);
    assert!(bench.is_secure(1));
}

#[test]
fn two_readers_on_one_line() {
    let key = || (Security::Key(Key::new(KEY)), json!({ "key": KEY_HEX }));
    bench(&[key(), key()], quiet()).cards_arrive(2);
    bench(&[(Security::Plain, json!({})), key()], quiet()).cards_arrive(2);
}

#[test]
fn a_reader_with_another_key_stays_out() {
    let mut bench = made(&[(Security::Key(Key::new([1; 16])), json!({ "key": KEY_HEX }))], quiet());
    let why = Note::Offline("wrong key: its answer was made with another".into());
    bench.line.wait("the wrong key", |heard| heard.notes.contains(&(Some(Unit(0)), why.clone())));
    bench.present(1, 1);
    let came = bench.line.wait_for(Duration::from_secs(2), |heard| !heard.messages.is_empty());
    assert!(!came, "{:?}", bench.line.messages());
}

#[test]
fn a_reader_on_a_line_that_loses_bytes() {
    const CARDS: u64 = 30;
    for (lose, seed) in [(0.002, 1), (0.005, 2)] {
        let mut bench =
            bench(&[(Security::Key(Key::new(KEY)), json!({ "key": KEY_HEX }))], losing(lose, seed));
        for card in 1..=CARDS {
            bench.present(1, card);
            let arrived = |heard: &Heard<Report>| Bench::cards(&heard.messages, 0).contains(&card);
            bench.line.wait_for(Duration::from_secs(3), arrived);
        }
        // Readers of this make take a command that comes again for a new one: a card whose report was damaged
        // is lost. None may come twice or out of order, and the line has to go on.
        let cards = Bench::cards(&bench.line.messages(), 0);
        println!("libosdp's reader, {:.1} % of bytes lost: {} of {CARDS} cards", lose * 100.0, cards.len());
        assert!(cards.is_sorted_by(|a, b| a < b), "{cards:?}");
        assert!(cards.len() >= 15, "{cards:?}");
        assert!(bench.line.notes().iter().any(|(_, note)| note.name() == "bad_frame"), "nothing was lost");
    }
}

/// As with the panels: cards of a reader of other make, through everything that can befall its line.
fn under_trouble(mut bench: Bench) {
    const CARDS: u64 = 5;
    for (round, trouble) in (1_u64..).zip(TROUBLES) {
        bench.line.befall(trouble);
        for card in 0..CARDS {
            bench.present(1, 1_000 * round + card);
            pass(Span(LASTS.0 / CARDS));
        }
        // Readers of this make forget cards while nobody asks, so that one is held to it until it arrives.
        let arrived = (100..150).any(|card| {
            let card = 1_000 * round + card;
            bench.present(1, card);
            let arrived = |heard: &Heard<Report>| Bench::cards(&heard.messages, 0).contains(&card);
            bench.line.wait_for(Duration::from_secs(2), arrived)
        });
        assert!(arrived, "no card after {trouble:?}: {:?}", bench.line.notes());
    }
    let cards = Bench::cards(&bench.line.messages(), 0);
    assert!(cards.is_sorted_by(|a, b| a < b), "{cards:?}");
}

#[test]
fn a_reader_on_a_line_with_everything_that_can_befall_it() {
    under_trouble(bench(&[(Security::Plain, json!({}))], quiet()));
}

#[test]
fn a_reader_in_a_secure_channel_on_such_a_line() {
    under_trouble(bench(&[(Security::Key(Key::new(KEY)), json!({ "key": KEY_HEX }))], quiet()));
}
