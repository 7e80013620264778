//! Rig files.

use super::plan::{FarEnd, LinePlan, Place, Protocol, Rig};
use crate::apb::time::{Span, Time};
use crate::hil::cable::{CableFault, CablePlan, End, Trouble};
use crate::hil::frames;
use crate::hil::line::{Address, Parity, Settings};
use crate::hil::panel;
use crate::hil::translate::StalePolicy;
use crate::scenario::Diagnostics;
use crate::scenario::decode::{Fields, Log, Variant, choice, list};
use crate::scenario::files::Files;
use crate::scenario::foreign::{Called, load_foreign};
use crate::scenario::names::{Names, nearest};
use crate::scenario::syntax::{Node, quoted};
use crate::scenario::units;
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a rig file is called.
const CALLED: Called = Called { name: "Rig", what: "a rig" };

/// Reads a rig file and the files of boards and wirings that it names.
///
/// # Errors
/// Everything that is wrong with them.
pub fn load(path: &Path, files: &dyn Files) -> Result<Rig, Diagnostics> {
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    let reading = Reading { folder, files, others: RefCell::new(None) };
    let read = load_foreign(path, files, CALLED, |tree, log| reading.rig(tree, log));
    match (read, reading.others.into_inner()) {
        (Ok(rig), None) => Ok(rig),
        (Ok(_), Some(wrong)) => Err(wrong),
        (Err(wrong), others) => Err(others.into_iter().fold(wrong, Diagnostics::and)),
    }
}

/// What is known while a rig is read.
pub(super) struct Reading<'a> {
    /// Paths begin here.
    pub(super) folder: &'a Path,
    files: &'a dyn Files,
    /// What is wrong with the files it names.
    others: RefCell<Option<Diagnostics>>,
}

impl Reading<'_> {
    fn rig(&self, tree: &Node, log: &Log<'_>) -> Option<Rig> {
        let fields = Fields::of(tree, "a rig", log)?;
        let name = fields.required("name", log, units::name);
        let stale = |node: &Node, log: &Log<'_>| {
            let choices = [("Drop", StalePolicy::Drop), ("Decide", StalePolicy::Decide)];
            choice(node, "what becomes of stale reads", choices, log)
        };
        let stale_reads = fields.or("stale_reads", StalePolicy::default(), log, stale);
        let panel = fields.optional("panel", log, panel_policy);
        let names = RefCell::new((Names::new("line", "lines"), Names::new("device", "devices")));
        let lines = fields.required("lines", log, |node, log| {
            list(node, "lines", log, |node, log| self.line(node, &names, log))
        });
        let has_panel = |l: &LinePlan| l.far_end == FarEnd::Panel && l.at == Place::Emulated;
        if let (Some(node), Some(false)) =
            (fields.get("panel"), lines.as_ref().map(|l| l.iter().any(has_panel)))
        {
            let help = "remove it, or emulate the panel of a line: `at: Emulated, far_end: Panel`";
            log.note(node.head(), "the policy of a panel", "no line leads to an emulated panel", help);
        }
        fields.finish(log);
        Some(Rig { name: name?, lines: lines?, stale_reads, panel })
    }

    fn line(&self, node: &Node, names: &RefCell<(Names, Names)>, log: &Log<'_>) -> Option<LinePlan> {
        let fields = Fields::of(node, "a line", log)?;
        let id = fields.required("id", log, units::name);
        if let Some(id) = &id {
            unique(&mut names.borrow_mut().0, id, fields.get("id"), log);
        }
        let at = fields.required("at", log, |node, log| self.place(node, log));
        let protocol = fields.required("protocol", log, |node, log| self.protocol(node, log));
        let usual = match &protocol {
            Some(Protocol::Board(board)) => board.settings,
            Some(_) | None => Settings::default(),
        };
        let settings = settings(&fields, usual, log);
        let ends = [("Devices", FarEnd::Devices), ("Panel", FarEnd::Panel)];
        let far_end = fields.or("far_end", FarEnd::default(), log, |node, log| {
            choice(node, "who is at the far end", ends, log)
        });
        let cable = fields.optional("cable", log, cable);
        if let (Some(_), Some(place), Some(node)) = (&cable, &at, fields.get("cable"))
            && *place != Place::Emulated
        {
            let help = "remove it, or emulate the far end: `at: Emulated`";
            log.note(node.head(), "a cable to break", "only emulated lines have one", help);
        }
        let devices = fields.required("devices", log, |node, log| {
            let names = &mut names.borrow_mut().1;
            list(node, "devices", log, |node, log| self.device(node, protocol.as_ref(), names, log))
        });
        fields.finish(log);
        let (cable, at) = (cable.unwrap_or_default(), at?);
        Some(LinePlan { id: id?, at, settings, protocol: protocol?, far_end, devices: devices?, cable })
    }

    fn place(&self, node: &Node, log: &Log<'_>) -> Option<Place> {
        let names = ["Serial", "Tcp", "Listen", "Pty", "Emulated", "Terminal"];
        let variant = Variant::of(node, "where a line is", &names, log)?;
        match variant.name {
            "Emulated" => return variant.bare(Place::Emulated, log),
            "Terminal" => return variant.bare(Place::Terminal, log),
            _ => {}
        }
        let form = format!("{}(\"…\")", variant.name);
        let [inner] = variant.values::<1>(&form, log)?;
        let text = units::text(inner, log)?;
        let address = match variant.name {
            "Serial" => Address::Serial(PathBuf::from(text)),
            "Pty" => Address::Pty(self.folder.join(text)),
            other => {
                let parsed = format!("{}:{text}", other.to_lowercase()).parse::<Address>();
                match parsed {
                    Ok(address) => address,
                    Err(expected) => {
                        log.note(inner.place, format!("found {}", quoted(&text)), expected, "");
                        return None;
                    }
                }
            }
        };
        Some(Place::At(address))
    }

    fn protocol(&self, node: &Node, log: &Log<'_>) -> Option<Protocol> {
        let names = ["Osdp", "Modbus", "Board", "Wiegand", "Manual"];
        let variant = Variant::of(node, "a protocol", &names, log)?;
        if variant.name == "Board" {
            let [inner] = variant.values::<1>("Board(\"FILE\")", log)?;
            let board = self.other(inner, "board", |path, files| frames::load(path, files), log);
            return board.map(|board| Protocol::Board(Arc::new(board)));
        }
        let fields = variant.fields(log)?;
        let span = |name, default| fields.or(name, default, log, units::positive_span);
        let protocol = match variant.name {
            "Osdp" => Protocol::Osdp { poll: span("poll", Span::millis(50)) },
            "Modbus" => Protocol::Modbus {
                poll: span("poll", Span::millis(20)),
                answers_within: span("answers_within", Span::millis(300)),
            },
            "Wiegand" => Protocol::Wiegand,
            _ => Protocol::Manual,
        };
        fields.finish(log);
        Some(protocol)
    }

    /// What a file that the rig names holds; what is wrong with it is kept.
    pub(super) fn other<T>(
        &self,
        node: &Node,
        what: &str,
        load: impl FnOnce(&Path, &dyn Files) -> Result<T, Diagnostics>,
        log: &Log<'_>,
    ) -> Option<T> {
        let written = units::text(node, log)?;
        let path = self.folder.join(&written);
        if self.files.len(&path).is_err() {
            let found = format!("{what} {}: there is no such file", quoted(&written));
            log.note(node.place, found, format!("looked for {}", path.display()), "check the path");
            return None;
        }
        load(&path, self.files)
            .map_err(|wrong| {
                let mut all = self.others.borrow_mut();
                *all = Some(match all.take() {
                    Some(others) => others.and(wrong),
                    None => wrong,
                });
            })
            .ok()
    }
}

/// Notes a name that is given twice.
pub(super) fn unique(names: &mut Names, name: &str, node: Option<&Node>, log: &Log<'_>) {
    if !names.add(name) {
        let place = node.map(|node| node.place).unwrap_or_default();
        let found = format!("a second {} {}", names.kind, quoted(name));
        log.note(place, found, "given again here", format!("names of {} are unique", names.kinds));
    }
}

/// What an emulated panel follows: a policy by its name, ours or a real system's.
fn panel_policy(node: &Node, log: &Log<'_>) -> Option<String> {
    let name = units::text(node, log)?;
    if panel::named(&name).is_some() {
        return Some(name);
    }
    let near = nearest(&name, panel::names()).map(|near| format!("did you mean `{near}`?"));
    let all = panel::names().collect::<Vec<_>>().join(", ");
    let found = format!("no policy is called {}", quoted(&name));
    log.note(node.head(), found, format!("a name: {all}"), near.unwrap_or_default());
    None
}

/// How the line is set: fields of the line itself, or what is usual for its protocol.
fn settings(fields: &Fields<'_>, usual: Settings, log: &Log<'_>) -> Settings {
    let baud = |node: &Node, log: &Log<'_>| units::whole(node, 300, 4_000_000, log);
    let baud = fields.optional("baud", log, baud).and_then(|b| u32::try_from(b).ok());
    let choices = [("None", Parity::None), ("Even", Parity::Even), ("Odd", Parity::Odd)];
    let parity = |node: &Node, log: &Log<'_>| choice(node, "a parity", choices, log);
    Settings {
        baud: baud.unwrap_or(usual.baud),
        parity: fields.or("parity", usual.parity, log, parity),
        two_stop_bits: fields.or("two_stop_bits", usual.two_stop_bits, log, units::boolean),
        echoes: fields.or("echoes", usual.echoes, log, units::boolean),
    }
}

/// What lies between the two ends of an emulated line.
fn cable(node: &Node, log: &Log<'_>) -> Option<CablePlan> {
    let fields = Fields::of(node, "a cable", log)?;
    let delay = fields.or("delay", Span::ZERO, log, units::span);
    let seed = fields.or("seed", 1, log, |node, log| units::whole(node, 0, u64::MAX, log));
    let faults = fields.or("faults", Vec::new(), log, |node, log| list(node, "faults", log, fault));
    fields.finish(log);
    Some(CablePlan { rate: None, delay, seed, faults })
}

fn fault(node: &Node, log: &Log<'_>) -> Option<CableFault> {
    let fields = Fields::of(node, "a fault of a cable", log)?;
    let at = fields.or("at", Span::ZERO, log, units::span);
    // As good as for ever, and far from the end of the clock.
    let lasts = fields.or("lasts", Span::seconds(1 << 32), log, units::positive_span);
    let ends = [("Host", End::Host), ("Device", End::Device)];
    let toward = fields.optional("toward", log, |node, log| choice(node, "an end of the cable", ends, log));
    let trouble = fields.required("what", log, trouble);
    fields.finish(log);
    Some(CableFault { at: Time::ZERO + at, lasts, toward, trouble: trouble? })
}

fn trouble(node: &Node, log: &Log<'_>) -> Option<Trouble> {
    let names = ["Drop", "Flip", "Duplicate", "Delay", "Echo", "Cut", "Unplug"];
    let variant = Variant::of(node, "what befalls a cable", &names, log)?;
    match variant.name {
        "Echo" => return variant.bare(Trouble::Echo, log),
        "Cut" => return variant.bare(Trouble::Cut, log),
        "Unplug" => return variant.bare(Trouble::Unplug, log),
        "Delay" => {
            let [by] = variant.values::<1>("Delay(\"20ms\")", log)?;
            return units::positive_span(by, log).map(Trouble::Delay);
        }
        _ => {}
    }
    let [share] = variant.values::<1>(&format!("{}(0.002)", variant.name), log)?;
    let share = units::share(share, log)?;
    Some(match variant.name {
        "Drop" => Trouble::Drop(share),
        "Flip" => Trouble::Flip(share),
        _ => Trouble::Duplicate(share),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{RecordedFiles, Source};

    #[test]
    fn a_line_is_set_as_its_board_is_when_it_leaves_the_factory() {
        let line = |id: &str, fields: &str, protocol: &str| {
            let own = if protocol == "Modbus()" { ", board: Lot" } else { "" };
            let device = format!("(id: \"{id}\", address: 1, gate: \"{id}\"{own})");
            format!("(id: \"{id}\", at: Emulated, {fields} protocol: {protocol}, devices: [{device}]),")
        };
        let board = "Board(\"digicon.ron\")";
        let lines = [
            line("as made", "", board),
            line("as said", "baud: 19200, echoes: true,", board),
            line("of no board", "", "Modbus()"),
        ];
        let text = format!("Rig(name: \"Desk\", lines: [{}])", lines.concat());
        let digicon = include_str!("../../../hil/boards/digicon-tx1500.ron").into();
        let files = RecordedFiles(vec![
            Source { path: "rig.ron".into(), text },
            Source { path: "digicon.ron".into(), text: digicon },
        ]);
        let rig = load(Path::new("rig.ron"), &files).unwrap_or_else(|wrong| panic!("{wrong}"));
        let settings: Vec<Settings> = rig.lines.iter().map(|line| line.settings).collect();
        let made = Settings { baud: 115_200, ..Settings::default() };
        let said = Settings { baud: 19_200, echoes: true, ..Settings::default() };
        assert_eq!(settings, [made, said, Settings::default()]);
    }
}
