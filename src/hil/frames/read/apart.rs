//! Whether what is sent can be told apart at the other end, and whether what a rule asks for is there.

use crate::apb::id::Direction;
use crate::apb::site::PassMode;
use crate::hil::frames::board::{Answer, Board, Does, Lost, Means, Pattern, Say};
use crate::hil::frames::station::Station;
use crate::hil::message::Order;
use crate::scenario::decode::Log;
use crate::scenario::syntax::Node;

/// Notes commands that cannot be told apart, and rules that lack what they need. `rows` are the commands'.
pub(super) fn check(board: &Board, rows: &[&Node], log: &Log<'_>) {
    for (i, (command, node)) in board.commands.iter().zip(rows).enumerate() {
        if let Some(other) = mistaken_for(board, i) {
            let found = format!("this is read as {other}");
            log.note(node.head(), found, "no two commands have the same bytes", "");
        }
        if command.lost == Lost::Ask && !tells_where_the_leaf_is(board) {
            let found = "nobody can be asked whether the leaf opened";
            log.note(node.head(), found, "", "poll a frame that says `Leaf(Closed)`, or write `Never`");
        }
        if command.answer == Answer::Echo && board.to_board.pieces != board.from_board.pieces {
            let found = "an echo that is built otherwise than frames from the board";
            log.note(node.head(), found, "", "give `to_board` and `from_board` the same layout");
        }
    }
}

fn tells_where_the_leaf_is(board: &Board) -> bool {
    let kinds = board.polls.iter().filter_map(|poll| board.frames.get(poll.answer));
    let is_leaf = |say: &Say| match say {
        Say::Bit { means, .. } | Say::Value { means, .. } => matches!(means, Means::Leaf(_)),
        Say::Counter { .. } | Say::Digits { .. } => false,
    };
    kinds.flat_map(|kind| &kind.says).any(is_leaf)
}

/// What the last step of this command's order is read as, if as something else. Steps before the last may be
/// another order's: a board shuts before it takes a mode.
fn mistaken_for(board: &Board, row: usize) -> Option<String> {
    let command = board.commands.get(row)?;
    let station = Station::at(0);
    let Does::Order(pattern) = &command.does else {
        let body = command.body(None, [PassMode::Controlled; 2], station, 0);
        if board.polls.iter().any(|poll| poll.send == body) {
            return Some("a poll".into());
        }
        let (first, _) = board.command_of(&body, station)?;
        return (first != row).then(|| format!("the command in row {}", first + 1));
    };
    examples(*pattern).iter().find_map(|order| {
        let last = board.commands.iter().rposition(|command| command.is_for(order, station));
        if last != Some(row) {
            return None;
        }
        let body = command.body(Some(order), [PassMode::Controlled; 2], station, 0);
        if board.polls.iter().any(|poll| poll.send == body) {
            return Some("a poll".into());
        }
        let (first, read) = board.command_of(&body, station)?;
        (!read.contains(order)).then(|| format!("the command in row {}", first + 1))
    })
}

/// Every order that a pattern stands for.
fn examples(pattern: Pattern) -> Vec<Order> {
    let ways = |way: Option<Direction>| match way {
        Some(way) => vec![way],
        None => Direction::BOTH.to_vec(),
    };
    match pattern {
        Pattern::Release(way) => ways(way).into_iter().map(Order::Release).collect(),
        Pattern::Mode(Some((way, mode))) => vec![Order::Mode(way, mode)],
        Pattern::Mode(None) => {
            let modes = [PassMode::Controlled, PassMode::Free, PassMode::Locked];
            Direction::BOTH.iter().flat_map(|way| modes.map(|mode| Order::Mode(*way, mode))).collect()
        }
        Pattern::Shut => vec![Order::Shut],
        Pattern::Buzz(tone) => vec![Order::Buzz(tone)],
        Pattern::Fire(active) => vec![Order::Fire(active)],
        Pattern::Output(n, set) => vec![Order::Output(n, set)],
        Pattern::Show(signal) => vec![Order::Show(signal)],
    }
}
