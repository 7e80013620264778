//! The file as a whole.

use super::apart;
use super::bytes::small;
use super::command::{Around, answer, command, poll};
use super::frame::frames;
use super::layout::layout;
use crate::hil::frames::board::{Board, Timing};
use crate::hil::line::{Parity, Settings};
use crate::scenario::decode::{Fields, Log, choice, entries, list};
use crate::scenario::names::Names;
use crate::scenario::syntax::Node;
use crate::scenario::units;

/// All of `Board(…)`.
pub(in crate::hil::frames) fn board(tree: &Node, log: &Log<'_>) -> Option<Board> {
    let fields = Fields::of(tree, "a board", log)?;
    let title = fields.required("title", log, units::text);
    let settings = fields.or("serial", Settings::default(), log, serial);
    let to_board = fields.required("to_board", log, layout);
    let from_board = fields.required("from_board", log, layout);
    let timing = fields.or("timing", Timing::default(), log, timing);
    fields.know(&["frames", "answer", "commands", "polls"]);
    let Some((to_board, from_board)) = to_board.zip(from_board) else {
        // A misspelt field is only noted here.
        fields.finish(log);
        return None;
    };
    let said = fields.optional("frames", log, |node, log| frames(node, &from_board, log));
    let (frames, names) = said.unwrap_or_else(|| (Vec::new(), Names::new("frame", "frames")));
    let usual = fields.optional("answer", log, |node, log| answer(node, &names, log));
    let around = Around { to_board: &to_board, frames: &names, answer: usual };
    let rows = fields.required("commands", log, |node, log| entries(node, "commands", log));
    let read = rows.unwrap_or_default().iter().filter_map(|n| Some((command(n, &around, log)?, n)));
    let (commands, rows): (Vec<_>, Vec<&Node>) = read.unzip();
    let polls = fields.or("polls", Vec::new(), log, |node, log| {
        list(node, "polls", log, |node, log| poll(node, &around, log))
    });
    fields.finish(log);
    let board = Board { title: title?, settings, to_board, from_board, commands, frames, polls, timing };
    apart::check(&board, &rows, log);
    Some(board)
}

fn serial(node: &Node, log: &Log<'_>) -> Option<Settings> {
    let fields = Fields::of(node, "a line's settings", log)?;
    let default = Settings::default();
    let baud = |node: &Node, log: &Log<'_>| units::whole(node, 300, 4_000_000, log);
    let baud = fields.optional("baud", log, baud).and_then(|n| u32::try_from(n).ok());
    let parity = |node: &Node, log: &Log<'_>| {
        choice(node, "a parity", [("Even", Parity::Even), ("Odd", Parity::Odd)], log)
    };
    let parity = fields.or("parity", default.parity, log, parity);
    let two_stop_bits = fields.or("two_stop_bits", default.two_stop_bits, log, units::boolean);
    let echoes = fields.or("echoes", default.echoes, log, units::boolean);
    fields.finish(log);
    Some(Settings { baud: baud.unwrap_or(default.baud), parity, two_stop_bits, echoes })
}

fn timing(node: &Node, log: &Log<'_>) -> Option<Timing> {
    let fields = Fields::of(node, "a timing", log)?;
    let default = Timing::default();
    let span = |name, usual| fields.or(name, usual, log, units::positive_span);
    let times =
        |name, usual| fields.or(name, usual, log, |node: &Node, log: &Log<'_>| small(node, 1, 20, log));
    let timing = Timing {
        answer: span("answer", default.answer),
        gap: span("gap", default.gap),
        pause: span("pause", default.pause),
        quiet: span("quiet", default.quiet),
        tries: times("tries", default.tries),
        offline_after: times("offline_after", default.offline_after),
        fresh: span("fresh", default.fresh),
        settles: span("settles", default.settles),
        stays: span("stays", default.stays),
    };
    let head = fields.head;
    fields.finish(log);
    if timing.settles >= timing.stays {
        let found = "a leaf that has to be asked about after it may have shut again";
        log.note(head, found, "", "`settles` is shorter than `stays`");
        return None;
    }
    Some(timing)
}

#[cfg(test)]
mod tests {
    use super::super::bytes::FRAME_MAX;
    use crate::hil::frames::load::parse;

    fn wrong(from: &str, to: &str) -> String {
        let text = include_str!("../../../../hil/boards/digicon-tx1500.ron");
        let changed = text.replacen(from, to, 1);
        assert_ne!(text, changed, "nothing was changed");
        parse("digicon.ron", &changed).unwrap_err().to_string()
    }

    #[test]
    fn mistakes_have_a_place() {
        let text = wrong("timing: (", "timing: (anser: \"1s\", ");
        assert!(text.contains("digicon.ron:") && text.contains("did you mean `answer`"), "{text}");
        let text = wrong("LengthLow, LengthHigh, Body, Check]", "Body, Check]");
        assert!(text.contains("no way to find the end of a frame"), "{text}");
        let text = wrong("to_board: (", "to_bord: (");
        assert!(text.contains("did you mean `to_board`"), "{text}");
        let text = wrong("yes: \"ack\"", "yes: \"akc\"");
        assert!(text.contains("akc"), "{text}");
        let text = wrong("longest: 16", &format!("longest: {}", FRAME_MAX + 1));
        assert!(text.contains("out of range"), "{text}");
    }

    #[test]
    fn frames_that_cannot_be_told_apart_are_refused() {
        let text = wrong("when: [(3, 0x15)]", "when: [(3, 0x06)]");
        assert!(text.contains("`ack` and `nack` cannot be told apart"), "{text}");
        let text = wrong("send: [0x41]", "send: [0x48]");
        assert!(text.contains("this is read as the command in row"), "{text}");
    }

    #[test]
    fn a_release_is_not_repeated_blindly() {
        let text = wrong("order: Release(In), ", "order: Release(In), lost: Repeat, ");
        assert!(text.contains("may let two in"), "{text}");
        let text = wrong("order: Release(In), ", "order: Release(In), lost: Ask, ");
        assert!(text.contains("nobody can be asked"), "{text}");
    }
}
