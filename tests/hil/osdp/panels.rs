//! Our emulated readers against another control panel.

use crate::peer::Peer;
use crate::pump::{LASTS, Pump, TROUBLES, pass};
use apbrig::apb::effect::{Signal, Tone};
use apbrig::apb::id::CardNumber;
use apbrig::apb::time::Span;
use apbrig::hil::cable::{CablePlan, End, Trouble};
use apbrig::hil::message::{CardFormat, Read};
use apbrig::hil::osdp::{Identity, Key, Peripheral, PeripheralSettings, Reader, ReaderSecurity, fresh_seed};
use apbrig::hil::{Order, Report, Unit};
use serde_json::{Value, json};

/// The panel's master key; each reader's own is derived from it and from the reader's identifier.
const MASTER: [u8; 16] = [0xA5; 16];

fn identity(serial: u32) -> Identity {
    Identity { vendor: [0x12, 0x34, 0x56], model: 3, serial, ..Identity::default() }
}

fn derived(serial: u32) -> Key {
    Key::new(::osdp::secure::crypto::diversify_scbk_legacy(&MASTER, &identity(serial).client()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A sound cable, and the seed of what will befall it.
fn plan() -> CablePlan {
    CablePlan { seed: 1, ..CablePlan::default() }
}

struct Bench {
    line: Pump<Peripheral>,
    panel: Peer,
}

/// A line with readers at addresses 0, 1, …
fn bench(securities: Vec<ReaderSecurity>, crc: bool) -> Bench {
    let secure = securities.iter().any(|security| !matches!(security, ReaderSecurity::Plain));
    let addresses: Vec<usize> = (0..securities.len()).collect();
    let readers = securities.into_iter().zip(0_u8..).map(|(security, address)| Reader {
        address,
        identity: identity(u32::from(address) + 7),
        security,
        ..Reader::default()
    });
    let settings = PeripheralSettings {
        readers: readers.collect(),
        seed: fresh_seed(),
        ..PeripheralSettings::default()
    };
    let line = Pump::new(Peripheral::new(settings).unwrap(), End::Device, plan());
    let key = secure.then(|| hex(&MASTER));
    let told = json!({ "path": line.path, "addresses": addresses, "crc": crc, "key": key });
    let panel = Peer::new("osdp/panel.py", "osdp-panel.txt", &told);
    for address in addresses {
        panel.wait("the panel to be online", |said| {
            said.iter().any(|value| value["online"] == json!({ "address": address, "is": true }))
        });
    }
    Bench { line, panel }
}

/// What the panel hears of a card: its bits, filled up with zeros.
fn heard(address: u8, card: u64) -> Value {
    let bits = CardFormat::H10301.encode(CardNumber(card)).unwrap();
    let data = hex(&(u32::try_from(bits).unwrap() << 6).to_be_bytes());
    json!({ "address": address, "bits": 26, "data": data })
}

fn cards(said: &[Value]) -> Vec<&Value> {
    said.iter().filter_map(|value| value.get("card")).collect()
}

impl Bench {
    fn present(&self, unit: u16, card: u64) {
        self.line.submit(unit, Report::Read(Read::of(CardNumber(card))));
    }

    /// Presents three cards at each reader; every one arrives once, in order.
    fn cards_arrive(&self, readers: u8) {
        for card in 1..=3 {
            for unit in 0..readers {
                self.present(u16::from(unit), 100 * u64::from(unit) + card);
            }
        }
        let count = 3 * usize::from(readers);
        self.panel.wait("the cards", |said| cards(said).len() >= count);
        // Another one after them, so that a repeated one would have come before.
        (0..readers).for_each(|unit| self.present(u16::from(unit), 9_999));
        self.panel.wait("the last cards", |said| {
            (0..readers).all(|unit| cards(said).contains(&&heard(unit, 9_999)))
        });
        let said = self.panel.said();
        for unit in 0..readers {
            let of_unit = cards(&said).into_iter().filter(|card| card["address"] == unit);
            let wanted = [1, 2, 3].map(|card| heard(unit, 100 * u64::from(unit) + card));
            let wanted: Vec<Value> = wanted.into_iter().chain([heard(unit, 9_999)]).collect();
            assert_eq!(of_unit.cloned().collect::<Vec<_>>(), wanted);
        }
    }

    fn ask(&mut self, what: Value, field: &str) -> Value {
        self.panel.ask(&what, field)
    }

    /// Everything else that a panel asks for or tells.
    fn everything_else(&mut self) {
        let id = self.ask(json!({ "do": "id", "address": 0 }), "id");
        assert_eq!(id, json!({ "vendor": "123456", "model": 3, "serial": 7 }));
        assert!(self.ask(json!({ "do": "cap", "address": 0 }), "cap").as_str().is_some());
        self.line.submit(0, Report::Input(1, true));
        self.line.submit(0, Report::Tamper(true));
        self.panel
            .wait("the input", |said| said.iter().any(|v| v["inputs"]["states"] == json!([false, true])));
        assert_eq!(
            self.ask(json!({ "do": "output", "address": 0, "number": 1, "on": true }), "output"),
            true
        );
        let status = self.ask(json!({ "do": "status", "address": 0 }), "status");
        let wanted =
            json!({ "tamper": true, "power": false, "inputs": [false, true], "outputs": [false, true] });
        assert_eq!(status, wanted);
        assert_eq!(self.ask(json!({ "do": "led", "address": 0, "colour": "Green" }), "led"), true);
        assert_eq!(self.ask(json!({ "do": "led", "address": 0, "colour": "Red" }), "led"), true);
        assert_eq!(self.ask(json!({ "do": "buzz", "address": 0 }), "buzz"), "Ack");
        assert_eq!(self.ask(json!({ "do": "text", "address": 0, "text": "WALK" }), "text"), "Ack");
        let wanted = [
            Order::Output(1, true),
            Order::Show(Signal::Granted),
            Order::Show(Signal::Denied),
            Order::Buzz(Tone::Continuous),
            Order::Text("WALK".into()),
        ];
        assert_eq!(self.line.messages(), wanted.map(|order| (Unit(0), order)));
    }
}

#[test]
fn a_panel_in_the_open() {
    let mut bench = bench(vec![ReaderSecurity::Plain], true);
    bench.cards_arrive(1);
    bench.everything_else();
}

#[test]
fn a_panel_with_checksums() {
    bench(vec![ReaderSecurity::Plain], false).cards_arrive(1);
}

#[test]
fn a_panel_in_a_secure_channel() {
    let mut bench = bench(vec![ReaderSecurity::Key(derived(7))], true);
    bench.line.wait_for_note(0, "secured");
    bench.cards_arrive(1);
    bench.everything_else();
}

#[test]
fn a_panel_gives_a_reader_its_key() {
    let bench = bench(vec![ReaderSecurity::Install], true);
    bench.cards_arrive(1);
    // Once with the key that everybody knows, once with its own.
    bench.line.wait("two channels", |heard| {
        heard.notes.iter().filter(|(_, note)| note.name() == "secured").count() == 2
    });
    let (told, has_key) = std::sync::mpsc::channel();
    bench.line.act(move |peripheral, _, _| told.send(peripheral.has_key(Unit(0))).unwrap());
    assert!(has_key.recv().unwrap());
}

#[test]
fn two_readers_on_the_line_of_a_panel() {
    bench(vec![ReaderSecurity::Plain, ReaderSecurity::Plain], true).cards_arrive(2);
    bench(vec![ReaderSecurity::Key(derived(7)), ReaderSecurity::Key(derived(8))], true).cards_arrive(2);
}

/// Cards are held to the reader while what can befall its line does, one thing after the other: afterwards
/// one arrives as ever, and none has arrived twice.
fn under_trouble(bench: &Bench, troubles: &[Trouble]) {
    const CARDS: u64 = 5;
    let mut once = Vec::new();
    for (round, trouble) in (1_u64..).zip(troubles) {
        bench.line.befall(*trouble);
        for card in 0..CARDS {
            bench.present(0, 1_000 * round + card);
            pass(Span(LASTS.0 / CARDS));
        }
        let after = heard(0, 1_000 * round + 999);
        bench.present(0, 1_000 * round + 999);
        bench.panel.wait(&format!("the card after {trouble:?}"), |said| cards(said).contains(&&after));
        // This panel does not look at the number of an answer: one that the line doubles is two to it.
        if !matches!(trouble, Trouble::Duplicate(_)) {
            once.extend((0..CARDS).chain([999]).map(|card| heard(0, 1_000 * round + card)));
        }
    }
    let said = bench.panel.said();
    let arrived = cards(&said);
    for card in &once {
        let times = arrived.iter().filter(|one| **one == card).count();
        assert!(times <= 1, "{times} times: {card} in {arrived:?}");
    }
}

#[test]
fn a_panel_on_a_line_with_everything_that_can_befall_it() {
    under_trouble(&bench(vec![ReaderSecurity::Plain], true), &TROUBLES);
}

#[test]
fn a_panel_in_a_secure_channel_on_such_a_line() {
    // Nothing doubled: this panel takes an answer that comes twice for two, is out of step with its channel,
    // and never begins another one.
    let troubles: Vec<Trouble> =
        TROUBLES.into_iter().filter(|trouble| !matches!(trouble, Trouble::Duplicate(_))).collect();
    under_trouble(&bench(vec![ReaderSecurity::Key(derived(7))], true), &troubles);
}
