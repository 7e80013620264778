//! Boards as a file holds them: a file of its own, or a part of a rig.

use super::board::{Board, Inputs, Outputs, check_all};
use super::framing::Framing;
use super::timing::Timing;
use crate::apb::time::Span;
use crate::scenario::decode::{Fields, Log, Variant, list};
use crate::scenario::foreign::{Called, load_foreign};
use crate::scenario::syntax::Node;
use crate::scenario::{Diagnostics, Files, units};
use std::path::Path;

/// Reads a file `Boards(…)` for a line or connection.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load_boards(
    path: &Path,
    files: &dyn Files,
    framing: Framing,
) -> Result<(Timing, Vec<Board>), Diagnostics> {
    let called = Called { name: "Boards", what: "the boards of a line" };
    load_foreign(path, files, called, |node, log| boards(node, framing, log))
}

/// The boards of a line, and how its master waits:
///
/// ```text
/// (
///     timing: (reply: "200ms", period: "10ms"),              // all of it may be left out
///     boards: [
///         (id: 1, outputs: Coils(count: 8), inputs: Discretes(count: 8)),
///         (id: 2, outputs: Words(first: 40, count: 4, on: 256, off: 512)),
///     ],
/// )
/// ```
pub(crate) fn boards(node: &Node, framing: Framing, log: &Log<'_>) -> Option<(Timing, Vec<Board>)> {
    let fields = Fields::of(node, "the boards of a line", log)?;
    let before = log.count();
    let timing = fields.or("timing", Timing::of(framing), log, |node, log| timing(node, framing, log));
    let all = fields.required("boards", log, |node, log| list(node, "boards", log, board));
    let head = fields.head;
    fields.finish(log);
    let all = all.filter(|_| log.count() == before)?;
    match check_all(&all, framing) {
        Ok(()) => Some((timing, all)),
        Err(why) => {
            log.note(head, "boards that cannot be", why, "");
            None
        }
    }
}

fn timing(node: &Node, framing: Framing, log: &Log<'_>) -> Option<Timing> {
    const ATTEMPTS_MAX: u64 = 20;
    let default = Timing::of(framing);
    let fields = Fields::of(node, "how a master waits", log)?;
    let attempts = fields.optional("attempts", log, |node, log| units::whole(node, 1, ATTEMPTS_MAX, log));
    let period = |node: &Node, log: &Log<'_>| {
        let span = units::span(node, log)?;
        if span >= Timing::PERIOD_MIN {
            return Some(span);
        }
        log.note(
            node.place,
            format!("{span} is too short"),
            format!("expected {} or more", Timing::PERIOD_MIN),
            "",
        );
        None::<Span>
    };
    let timing = Timing {
        reply: fields.or("reply", default.reply, log, units::positive_span),
        quiet: fields.or("quiet", default.quiet, log, units::span),
        attempts: attempts.and_then(|n| u32::try_from(n).ok()).unwrap_or(default.attempts),
        period: fields.or("period", default.period, log, period),
        probe: fields.or("probe", default.probe, log, units::positive_span),
    };
    fields.finish(log);
    Some(timing)
}

fn board(node: &Node, log: &Log<'_>) -> Option<Board> {
    let fields = Fields::of(node, "a board", log)?;
    let id = fields.required("id", log, |node, log| units::whole(node, 0, u8::MAX.into(), log));
    let outputs = fields.or("outputs", Outputs::Coils { first: 0, count: 0 }, log, outputs);
    let inputs = fields.or("inputs", Inputs::Discretes { first: 0, count: 0 }, log, inputs);
    fields.finish(log);
    Some(Board { id: u8::try_from(id?).ok()?, outputs, inputs })
}

fn word(node: &Node, log: &Log<'_>) -> Option<u16> {
    units::whole(node, 0, u16::MAX.into(), log).and_then(|n| u16::try_from(n).ok())
}

/// The first address, 0 unless given, and how many.
fn run(fields: &Fields<'_>, log: &Log<'_>) -> Option<(u16, u16)> {
    let first = fields.or("first", 0, log, word);
    Some((first, fields.required("count", log, word)?))
}

fn outputs(node: &Node, log: &Log<'_>) -> Option<Outputs> {
    let variant = Variant::of(node, "where outputs lie", &["Coils", "Words", "Bits"], log)?;
    let fields = variant.fields(log)?;
    let run = run(&fields, log);
    let outputs = match variant.name {
        "Coils" => run.map(|(first, count)| Outputs::Coils { first, count }),
        "Bits" => run.map(|(first, count)| Outputs::Bits { first, count }),
        _ => {
            let (on, off) = (fields.or("on", 1, log, word), fields.or("off", 0, log, word));
            run.map(|(first, count)| Outputs::Words { first, count, on, off })
        }
    };
    fields.finish(log);
    outputs
}

fn inputs(node: &Node, log: &Log<'_>) -> Option<Inputs> {
    let names = ["Discretes", "InputBits", "HoldingBits"];
    let variant = Variant::of(node, "where inputs lie", &names, log)?;
    let fields = variant.fields(log)?;
    let inputs = run(&fields, log).map(|(first, count)| match variant.name {
        "Discretes" => Inputs::Discretes { first, count },
        "InputBits" => Inputs::InputBits { first, count },
        _ => Inputs::HoldingBits { first, count },
    });
    fields.finish(log);
    inputs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hil::line::Settings;
    use crate::scenario::{RecordedFiles, Source};

    fn read(text: &str) -> Result<(Timing, Vec<Board>), String> {
        let files = RecordedFiles(vec![Source { path: "b.ron".into(), text: format!("Boards{text}") }]);
        let framing = Framing::Rtu(Settings::default());
        load_boards(Path::new("b.ron"), &files, framing).map_err(|wrong| wrong.render(false))
    }

    #[test]
    fn boards_are_read() {
        let text = "(
            timing: (reply: \"50ms\", attempts: 5),
            boards: [
                (id: 1, outputs: Coils(count: 8), inputs: Discretes(count: 8)),
                (id: 2, outputs: Words(first: 40, count: 2, on: 256), inputs: InputBits(first: 3, count: 20)),
                (id: 3, outputs: Bits(count: 16), inputs: HoldingBits(first: 1, count: 4)),
            ],
        )";
        let default = Timing::of(Framing::Rtu(Settings::default()));
        let timing = Timing { reply: Span::millis(50), attempts: 5, ..default };
        let boards = vec![
            Board::plain(1, 8, 8),
            Board {
                id: 2,
                outputs: Outputs::Words { first: 40, count: 2, on: 256, off: 0 },
                inputs: Inputs::InputBits { first: 3, count: 20 },
            },
            Board {
                id: 3,
                outputs: Outputs::Bits { first: 0, count: 16 },
                inputs: Inputs::HoldingBits { first: 1, count: 4 },
            },
        ];
        assert_eq!(read(text), Ok((timing, boards)));
    }

    #[test]
    fn mistakes_are_shown_where_they_are() {
        let wrong = [
            ("(boards: [(id: 1, outputs: Coil(count: 8))])", "did you mean `Coils`?"),
            ("(boards: [(id: 1, outputs: Coils())])", "`count` is missing here"),
            ("(boards: [(outputs: Coils(count: 1))])", "`id` is missing here"),
            ("(boards: [(id: 248, outputs: Coils(count: 1))])", "go from 1 to 247"),
            ("(boards: [(id: 1)])", "neither outputs nor inputs"),
            ("(timing: (period: \"5ms\"), boards: [])", "expected 0.010 s or more"),
            ("(timing: (replay: \"5ms\"), boards: [])", "did you mean `reply`?"),
            ("()", "`boards` is missing here"),
        ];
        for (text, part) in wrong {
            let shown = read(text).unwrap_err();
            assert!(shown.contains(part), "{text}: {shown}");
        }
    }
}
