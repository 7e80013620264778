//! One lane behind each protocol in turn: what each of them carries passes, what it does not carry is
//! declared.

use apbrig::apb::time::Span;
use apbrig::commission::engine::{Commissioning, Options};
use apbrig::commission::measurement::{Grade, Measurement};
use apbrig::commission::record::{Outcome, PhaseResult};
use apbrig::commission::{AtRig, Unattended, plan};
use apbrig::hil::rig::{self, Bench, Found, Rig, Setting, survey};
use apbrig::scenario::DiskFiles;
use apbrig::scenario::load::load_site;
use std::path::Path;
use std::sync::Arc;

/// A known credential goes through, the same again does not, and whoever follows is noticed.
const PHASES: [&str; 3] = ["R1e/known", "R1e/again", "L1/tailgate-in"];

const OSDP: &str = r#"(id: "readers", at: Emulated, baud: 38400, protocol: Osdp(poll: "20ms"),
    devices: [(id: "R1e", address: 1, reader: "R1e"), (id: "R1x", address: 2, reader: "R1x")])"#;

const WIEGAND: &str = r#"(id: "readers", at: Emulated, baud: 38400, protocol: Wiegand,
    devices: [(id: "R1e", reader: "R1e"), (id: "R1x", reader: "R1x")])"#;

const BARE: &str = r#"(id: "readers", at: Emulated, baud: 38400, protocol: Wiegand,
    devices: [(id: "R1e", reader: "R1e", bare: true), (id: "R1x", reader: "R1x", bare: true)])"#;

/// A gate behind a board with frames of its own.
fn board(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("hil/boards").join(file);
    format!(
        r#"(id: "gates", at: Emulated, baud: 19200, protocol: Board("{}"),
            devices: [(id: "G1", address: 1, gate: "L1")])"#,
        path.display()
    )
}

/// A gate behind the contacts of a Modbus board.
fn contacts(device: &str) -> String {
    format!(
        r#"(id: "gates", at: Emulated, baud: 38400, protocol: Modbus(),
            devices: [(id: "G1", address: 1, gate: "L1", {device})])"#
    )
}

fn rig(readers: &str, gate: &str) -> Rig {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rig.ron");
    std::fs::write(&path, format!("Rig(name: \"One lane\", lines: [{readers}, {gate}])")).unwrap();
    rig::load(&path, &DiskFiles).unwrap_or_else(|wrong| panic!("{}", wrong.render(false)))
}

/// What comes of the phases behind a rig.
fn tried(rig: &Rig) -> Vec<PhaseResult> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let site = load_site(&root.join("scenarios/sites/commissioning/desk.ron"), &DiskFiles).unwrap();
    let mut plan = plan(&site);
    plan.phases.retain(|phase| PHASES.contains(&phase.id.as_str()));
    let own = Arc::new(site.site);
    let mut stand = AtRig::start(rig, &own, Setting::default()).unwrap_or_else(|why| panic!("{why}"));
    let mut run = Commissioning::new(&plan, &own, Options::default());
    run.run(&mut stand, &mut Unattended { repeats: 0 }, &mut |_| Ok(())).unwrap();
    run.results()
}

/// What cannot be carried, device by device.
fn lacking(rig: &Rig) -> Vec<String> {
    let mut bench = Bench::start(rig, Setting::default()).unwrap();
    let found = survey(rig, &mut bench, Span::seconds(60));
    assert!(found.is_sound(), "{found:?}");
    let lacks = |found: &Found| {
        found.lacks.iter().map(|one| format!("{}: {}", found.device, one.name())).collect::<Vec<_>>()
    };
    found.devices.iter().flat_map(lacks).collect()
}

/// Contacts for everything that a commissioning asks of a gate.
const WHOLE: &str = "a: (unlock: 0, pass: 0), b: (unlock: 1, pass: 1), stop: 4, \
                     fire: (output: 5, active: Low), opened: 2, closed: 3, ready: 4, alarm: 5";

/// A lane, and what is to come of it.
struct Row {
    name: &'static str,
    readers: &'static str,
    gate: String,
    /// What it is declared not to carry.
    lacks: &'static [&'static str],
    /// Why each phase fails; empty: it passes.
    fails: [&'static str; 3],
    /// Whether a signal told of the second body.
    noticed: bool,
}

/// A lane that carries all that is asked of it, or all but this.
fn row(name: &'static str, readers: &'static str, gate: String, lacks: &'static [&'static str]) -> Row {
    Row { name, readers, gate, lacks, fails: ["", "", ""], noticed: true }
}

fn table() -> Vec<Row> {
    let perco = Path::new(env!("CARGO_MANIFEST_DIR")).join("hil/boards/perco.ron");
    let words = "outputs: Words(first: 40, on: 256, off: 512), inputs: InputBits(first: 7)";
    let not_taken = "time until the holder counts as gone through: nothing was seen";
    vec![
        row("pulses", OSDP, contacts(&format!("wiring: ({WHOLE})")), &[]),
        row("levels", OSDP, contacts(&format!("wiring: ({WHOLE}, unlock: Level)")), &[]),
        row("registers", OSDP, contacts(&format!("wiring: ({WHOLE}), {words}")), &[]),
        row(
            "a wiring in a file",
            OSDP,
            contacts(&format!("wiring: File(\"{}\")", perco.display())),
            &["G1: leaf position"],
        ),
        row("LOT", OSDP, contacts("board: Lot"), &["G1: leaf position"]),
        row("DS205A", OSDP, board("ds205a.ron"), &[]),
        Row {
            noticed: false,
            ..row("Digicon", OSDP, board("digicon-tx1500.ron"), &["G1: alarm signal", "G1: leaf position"])
        },
        // Who went through is never known: the first phase passes by its lamp and decision, and in after in
        // is granted again. That is what an installation behind this board does.
        Row {
            fails: ["", "decision: granted, has to be denied", ""],
            noticed: false,
            ..row(
                "EB",
                OSDP,
                board("eb-xor.ron"),
                &["G1: passage signal", "G1: alarm signal", "G1: leaf position"],
            )
        },
        // It cannot be told to let anybody through.
        Row {
            fails: [not_taken; 3],
            noticed: false,
            ..row(
                "TPW",
                OSDP,
                board("tpw-321asp.ron"),
                &["G1: release for one body", "G1: alarm signal", "G1: leaf position"],
            )
        },
        row("Wiegand", WIEGAND, board("ds205a.ron"), &[]),
        row(
            "Wiegand, bare",
            BARE,
            board("ds205a.ron"),
            &["R1e: lamp or tone for granted and denied", "R1x: lamp or tone for granted and denied"],
        ),
    ]
}

fn check(row: &Row) -> Vec<String> {
    let rig = rig(row.readers, &row.gate);
    let mut wrong = Vec::new();
    let lacks = lacking(&rig);
    if lacks != row.lacks {
        wrong.push(format!("it is declared to lack {lacks:?}"));
    }
    let results = tried(&rig);
    assert_eq!(results.iter().map(|r| r.id.as_str()).collect::<Vec<_>>(), PHASES);
    for (result, fails) in results.iter().zip(row.fails) {
        let wanted = if fails.is_empty() { Outcome::Pass } else { Outcome::Fail };
        if result.outcome != wanted || !result.reason.contains(fails) {
            wrong.push(format!("{}: {:?} {:#?}", result.id, result.outcome, (&result.reason, &result.log)));
        }
    }
    let alarm = |m: &&Measurement| m.name.ends_with(".alarm") && m.grade == Grade::Pass;
    if results[2].measurements.iter().any(|m| alarm(&m)) != row.noticed {
        wrong.push(format!("whoever followed: {:#?}", results[2].measurements));
    }
    wrong.into_iter().map(|why| format!("{}: {why}", row.name)).collect()
}

#[test]
fn what_a_protocol_carries_passes_and_what_it_does_not_is_declared() {
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let rows: Vec<_> = table().into_iter().map(|row| scope.spawn(move || check(&row))).collect();
        rows.into_iter().flat_map(|row| row.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_person_cannot_be_emulated() {
    let by_hand = r#"(id: "gates", at: Emulated, protocol: Manual, devices: [(id: "G1", gate: "L1")])"#;
    let why = Bench::start(&rig(OSDP, by_hand), Setting::default()).err().unwrap();
    assert_eq!(why, "line gates: what is done by hand cannot be emulated");
}

#[test]
fn the_bench_of_contacts_carries_everything() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("hil/benches/contacts.ron");
    let rig = rig::load(&path, &DiskFiles).unwrap_or_else(|wrong| panic!("{}", wrong.render(false)));
    assert_eq!(lacking(&rig), [""; 0]);
    let bad = |result: &PhaseResult| result.outcome != Outcome::Pass;
    let bad: Vec<PhaseResult> = tried(&rig).into_iter().filter(bad).collect();
    assert!(bad.is_empty(), "{bad:#?}");
}
