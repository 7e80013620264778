//! A wiring as a file holds it: a file of its own, or a part of a rig.

use super::wiring::{Active, Contact, PULSE_MIN, PassPulse, Unlock, Way, Wiring};
use crate::apb::time::Span;
use crate::scenario::decode::{Fields, Log, Variant, choice, list};
use crate::scenario::foreign::{Called, load_foreign};
use crate::scenario::syntax::{Node, Value};
use crate::scenario::{Diagnostics, Files, units};
use std::path::Path;

/// Reads a file `Wiring(…)`.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load_wiring(path: &Path, files: &dyn Files) -> Result<Wiring, Diagnostics> {
    load_foreign(path, files, Called { name: "Wiring", what: "a wiring" }, wiring)
}

/// A wiring:
///
/// ```text
/// (
///     a: (unlock: 0, free: 2, pass: 0),          // A is the way in, B the way out
///     b: (unlock: 1, free: 3, pass: 1),
///     unlock: Pulse(length: "500ms"),            // or Level
///     fire: (output: 4, active: Low),            // a bare number is active when on
///     busy: 2,
/// )
/// ```
pub(crate) fn wiring(node: &Node, log: &Log<'_>) -> Option<Wiring> {
    let fields = Fields::of(node, "a wiring", log)?;
    let before = log.count();
    let default = Wiring::default();
    let output = |name| fields.optional(name, log, |node, log| contact(node, "output", log));
    let input = |name| fields.optional(name, log, |node, log| contact(node, "input", log));
    let beams = |node: &Node, log: &Log<'_>| list(node, "outputs", log, |n, l| contact(n, "output", l));
    let stored = |node: &Node, log: &Log<'_>| units::whole(node, 0, 10, log);
    let wiring = Wiring {
        ways: [fields.or("a", Way::default(), log, way), fields.or("b", Way::default(), log, way)],
        unlock: fields.or("unlock", default.unlock, log, unlock),
        stored: fields.optional("stored", log, stored).and_then(|n| u8::try_from(n).ok()).unwrap_or(1),
        free_after: fields.optional("free_after", log, units::positive_span),
        stop: output("stop"),
        fire: output("fire"),
        beams: fields.or("beams", Vec::new(), log, beams),
        buzz: output("buzz"),
        pass: fields.or("pass", default.pass, log, pass),
        opened: input("opened"),
        closed: input("closed"),
        ready: input("ready"),
        busy: input("busy"),
        detector: input("detector"),
        alarm: input("alarm"),
        tamper: input("tamper"),
        power_fail: input("power_fail"),
        fired: input("fired"),
    };
    let head = fields.head;
    fields.finish(log);
    if log.count() > before {
        return None;
    }
    match wiring.check() {
        Ok(()) => Some(wiring),
        Err(why) => {
            log.note(head, "a wiring that cannot be", why, "");
            None
        }
    }
}

fn way(node: &Node, log: &Log<'_>) -> Option<Way> {
    let fields = Fields::of(node, "one side of a gate", log)?;
    let way = Way {
        unlock: fields.optional("unlock", log, |node, log| contact(node, "output", log)),
        free: fields.optional("free", log, |node, log| contact(node, "output", log)),
        pass: fields.optional("pass", log, |node, log| contact(node, "input", log)),
    };
    fields.finish(log);
    Some(way)
}

/// `3`, or `(output: 3, active: Low)`.
fn contact(node: &Node, kind: &'static str, log: &Log<'_>) -> Option<Contact> {
    let number = |node: &Node, log: &Log<'_>| {
        units::whole(node, 0, u8::MAX.into(), log).and_then(|number| u8::try_from(number).ok())
    };
    if let Value::Integer(_) = node.value {
        return number(node, log).map(Contact::high);
    }
    let what = if kind == "output" { "an output" } else { "an input" };
    let fields = Fields::of(node, what, log)?;
    let own = fields.required(kind, log, number);
    let active = fields.or("active", Active::High, log, |node, log| {
        choice(node, "what active means", [("High", Active::High), ("Low", Active::Low)], log)
    });
    fields.finish(log);
    Some(Contact { number: own?, active })
}

fn unlock(node: &Node, log: &Log<'_>) -> Option<Unlock> {
    /// No gate's manual knows longer pulses.
    const LENGTH_MAX: Span = Span::seconds(60);
    let variant = Variant::of(node, "what a release is", &["Pulse", "Level"], log)?;
    if variant.name == "Level" {
        return variant.bare(Unlock::Level, log);
    }
    let Unlock::Pulse { length, longest } = Wiring::default().unlock else { return None };
    let span = |node: &Node, log: &Log<'_>| span_within(node, PULSE_MIN, LENGTH_MAX, log);
    let fields = variant.fields(log)?;
    let length = fields.or("length", length, log, span);
    let longest = fields.or("longest", longest.max(length), log, span);
    fields.finish(log);
    Some(Unlock::Pulse { length, longest })
}

fn pass(node: &Node, log: &Log<'_>) -> Option<PassPulse> {
    let default = Wiring::default().pass;
    let span = |node: &Node, log: &Log<'_>| span_within(node, Span::millis(1), Span::seconds(5), log);
    let fields = Fields::of(node, "a passage pulse", log)?;
    let pass = PassPulse {
        length: fields.or("length", default.length, log, span),
        shortest: fields.or("shortest", default.shortest, log, span),
        rest: fields.or("rest", default.rest, log, span),
    };
    fields.finish(log);
    Some(pass)
}

/// A length of time between two limits, both included.
fn span_within(node: &Node, low: Span, high: Span, log: &Log<'_>) -> Option<Span> {
    let span = units::span(node, log)?;
    if (low..=high).contains(&span) {
        return Some(span);
    }
    log.note(node.place, format!("{span} is out of range"), format!("expected {low} to {high}"), "");
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hil::capability::Capability;
    use crate::scenario::{DiskFiles, RecordedFiles, Source};

    fn read(text: &str) -> Result<Wiring, String> {
        let files = RecordedFiles(vec![Source { path: "w.ron".into(), text: format!("Wiring{text}") }]);
        load_wiring(Path::new("w.ron"), &files).map_err(|wrong| wrong.render(false))
    }

    #[test]
    fn a_wiring_is_read() {
        let text = "(
            a: (unlock: 0, free: 2, pass: 0),
            b: (unlock: (output: 1), pass: (input: 1, active: Low)),
            unlock: Pulse(length: \"300ms\", longest: \"1s\"),
            stored: 0,
            free_after: \"6.5s\",
            fire: (output: 4, active: Low),
            beams: [5, (output: 6, active: Low)],
            pass: (shortest: \"30ms\"),
            busy: 2,
        )";
        let want = Wiring {
            ways: [
                Way {
                    unlock: Some(Contact::high(0)),
                    free: Some(Contact::high(2)),
                    pass: Some(Contact::high(0)),
                },
                Way { unlock: Some(Contact::high(1)), free: None, pass: Some(Contact::low(1)) },
            ],
            unlock: Unlock::Pulse { length: Span::millis(300), longest: Span::seconds(1) },
            stored: 0,
            free_after: Some(Span::millis(6_500)),
            fire: Some(Contact::low(4)),
            beams: vec![Contact::high(5), Contact::low(6)],
            pass: PassPulse { shortest: Span::millis(30), ..Wiring::default().pass },
            busy: Some(Contact::high(2)),
            ..Wiring::default()
        };
        assert_eq!(read(text), Ok(want));
        assert_eq!(read("(unlock: Level)").map(|w| w.unlock), Ok(Unlock::Level));
    }

    #[test]
    fn the_shipped_wiring_is_sound() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("hil/boards/perco.ron");
        let perco = load_wiring(&path, &DiskFiles).map_err(|wrong| wrong.render(false)).unwrap();
        assert_eq!(perco.fire, Some(Contact::low(3)));
        assert!(perco.capabilities().has(Capability::Shut), "by its stop contact");
    }

    #[test]
    fn mistakes_are_shown_where_they_are() {
        let wrong = [
            ("(unlokc: Level)", "did you mean `unlock`?"),
            ("(unlock: Puls)", "did you mean `Pulse`?"),
            ("(unlock: Pulse(length: \"50ms\"))", "expected 0.100 s to 60.000 s"),
            ("(fire: (output: 300))", "300 is out of range"),
            ("(fire: (input: 3))", "`output` is missing here"),
            ("(fire: (output: 3, active: Lo))", "did you mean `Low`?"),
            ("(stop: 1, fire: 1)", "output 1 is wired to two contacts"),
            ("(unlock: Pulse(longest: \"7s\"), free_after: \"6.5s\")", "already means free access"),
        ];
        for (text, part) in wrong {
            let shown = read(text).unwrap_err();
            assert!(shown.contains(part), "{text}: {shown}");
        }
    }
}
