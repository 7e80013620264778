//! Rows of equal lanes: `ids: "L{1..8}"` and everything else once.

use super::lane::{Around, of_type, sides};
use crate::apb::id::Direction;
use crate::apb::site::Lane;
use crate::scenario::decode::{Fields, Log, choice};
use crate::scenario::plan::LanePlan;
use crate::scenario::syntax::{Node, quoted};
use crate::scenario::units;

/// The most lanes of one row.
const LANES_MAX: u32 = 100;

/// One lane of a row, and the names of its readers with the way they look.
pub(super) struct RowLane {
    pub(super) lane: Lane,
    pub(super) plan: LanePlan,
    pub(super) readers: Vec<(String, Direction)>,
}

/// The lanes of a row.
pub(super) fn lane_row(node: &Node, around: &Around<'_>, log: &Log<'_>) -> Option<Vec<RowLane>> {
    let fields = Fields::of(node, "a row of lanes", log)?;
    let ids = fields.required("ids", log, pattern);
    let (outer, inner) = sides(&fields, around, log);
    let first_x = fields.required("first_x_m", log, units::position);
    let pitch = fields.required("pitch_m", log, |node, log| units::small(node, 0.1, 100.0, "m", log));
    let y_m = fields.required("y_m", log, units::position);
    let directions = fields.or("directions", &Direction::BOTH[..], log, directions);
    let entry = fields.or("entry_readers", "R{n}e".to_owned(), log, reader_pattern);
    let exit = fields.or("exit_readers", "R{n}x".to_owned(), log, reader_pattern);
    let (lane, plan) = of_type(&fields, around, log);
    let place = fields.head;
    fields.finish(log);
    if entry == exit {
        log.note(
            place,
            "entry and exit readers have the same names",
            "",
            "tell them apart: \"R{n}e\", \"R{n}x\"",
        );
    }
    let (ids, first_x, pitch, y_m) = (ids?, first_x?, pitch?, y_m?);
    let mut x_m = first_x;
    let mut row = Vec::new();
    for (number, name) in ids {
        let reader = |direction: &Direction| {
            let pattern = if *direction == Direction::In { &entry } else { &exit };
            (pattern.replace("{n}", &number.to_string()), *direction)
        };
        row.push(RowLane {
            lane: Lane { name, outer, inner, ..lane.clone() },
            plan: LanePlan { x_m, y_m, ..plan.clone() },
            readers: directions.iter().map(reader).collect(),
        });
        x_m += pitch;
    }
    Some(row)
}

/// `L{1..8}`: the numbers and the names.
fn pattern(node: &Node, log: &Log<'_>) -> Option<Vec<(u32, String)>> {
    let text = units::name(node, log)?;
    let parsed = text.split_once('{').and_then(|(head, rest)| {
        let (range, tail) = rest.split_once('}')?;
        let (first, last) = range.split_once("..")?;
        let (first, last): (u32, u32) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        (first <= last && last - first < LANES_MAX).then_some(())?;
        Some((first..=last).map(|n| (n, format!("{head}{n}{tail}"))).collect())
    });
    if parsed.is_none() {
        let found = format!("{} is not a row of names", quoted(&text));
        let help = format!("both ends belong to it; a row has at most {LANES_MAX} lanes");
        log.note(node.place, found, "expected a range in braces, \"L{1..8}\"", help);
    }
    parsed
}

fn reader_pattern(node: &Node, log: &Log<'_>) -> Option<String> {
    let text = units::name(node, log)?;
    if text.contains("{n}") {
        return Some(text);
    }
    let found = format!("{} gives every reader the same name", quoted(&text));
    log.note(node.place, found, "expected `{n}` in it", "`{n}` is the lane's number: \"R{n}e\"");
    None
}

fn directions(node: &Node, log: &Log<'_>) -> Option<&'static [Direction]> {
    let choices: [(_, &[Direction]); 3] =
        [("Both", &Direction::BOTH), ("EntryOnly", &[Direction::In]), ("ExitOnly", &[Direction::Out])];
    choice(node, "a choice of directions", choices, log)
}
