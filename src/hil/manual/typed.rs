//! What an operator may type, and what it means.

use super::host::Post;
use crate::apb::id::{CardNumber, Direction};
use crate::apb::input::{Factor, Leaf};
use crate::hil::message::{GateAlarm, Read, Report};

/// What may be typed, in the order in which help shows it.
pub(super) const HELP: [(&str, &str); 10] = [
    ("in", "somebody went in"),
    ("out", "somebody went out"),
    ("card 1042", "a card was read; with a second factor: card 1042 right, card 1042 wrong"),
    ("open", "the gate opened"),
    ("shut", "the gate is shut"),
    ("alarm", "the gate alarms; of a kind: alarm tailgate"),
    ("clear", "the alarm is over; of a kind: clear tailgate"),
    ("fire", "the fire input is active; at rest: fire over"),
    ("no 3", "instruction 3 cannot be done"),
    ("?", "this help"),
];

/// What was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Typed {
    /// Reports about a device, by its place in the list.
    Reports(usize, Vec<Report>),
    /// An instruction cannot be done.
    No(u32),
    /// Help is wanted.
    Help,
}

/// What a device has to be for something to be said of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Gate,
    Reader,
}

/// Reads a line.
///
/// # Errors
/// What it is not, and what would be right.
pub(super) fn read(line: &str, posts: &[Post]) -> Result<Typed, String> {
    let line = line.trim();
    // Only ASCII is made small, so that places stay the same.
    let small = line.to_ascii_lowercase();
    let (said, place) = match small.find(" at ") {
        Some(at) => (small.get(..at).unwrap_or(""), line.get(at + 4..).map(str::trim)),
        None => (small.as_str(), None),
    };
    let words: Vec<&str> = said.split_whitespace().collect();
    let gate =
        |reports: Vec<Report>| find(Kind::Gate, place, posts).map(|post| Typed::Reports(post, reports));
    match words[..] {
        ["?" | "help"] => Ok(Typed::Help),
        ["in"] => gate(vec![Report::Passed(Direction::In)]),
        ["out"] => gate(vec![Report::Passed(Direction::Out)]),
        ["open"] => gate(vec![Report::Leaf(Leaf::Open), Report::Opened]),
        ["shut"] => gate(vec![Report::Leaf(Leaf::Closed)]),
        ["alarm"] => gate(vec![Report::Alarm(GateAlarm::Any, true)]),
        ["clear"] => gate(vec![Report::Alarm(GateAlarm::Any, false)]),
        ["alarm", kind] => gate(vec![Report::Alarm(alarm(kind)?, true)]),
        ["clear", kind] => gate(vec![Report::Alarm(alarm(kind)?, false)]),
        ["fire"] => gate(vec![Report::Fire(true)]),
        ["fire", "over"] => gate(vec![Report::Fire(false)]),
        ["card", number] => card(number, Factor::None, place, posts),
        ["card", number, "right"] => card(number, Factor::Right, place, posts),
        ["card", number, "wrong"] => card(number, Factor::Wrong, place, posts),
        ["no", number] => number
            .parse()
            .map(Typed::No)
            .map_err(|_| format!("{number:?} is no instruction's number; type for example: no 3")),
        _ => Err(unknown(&words)),
    }
}

fn card(number: &str, factor: Factor, place: Option<&str>, posts: &[Post]) -> Result<Typed, String> {
    let digits = number.bytes().all(|b| b.is_ascii_digit());
    let card = number.parse().ok().filter(|_| digits).map(CardNumber);
    let card = card.ok_or_else(|| format!("{number:?} is no card's number; type for example: card 1042"))?;
    let post = find(Kind::Reader, place, posts)?;
    // Nobody counts bits by hand.
    let read = Read { card, bits: 0, factor, stale: false };
    Ok(Typed::Reports(post, vec![Report::Read(read)]))
}

fn alarm(word: &str) -> Result<GateAlarm, String> {
    GateAlarm::ALL.into_iter().find(|alarm| alarm.name() == word).ok_or_else(|| {
        let names: Vec<&str> = GateAlarm::ALL.iter().map(|alarm| alarm.name()).collect();
        format!("{word:?} is no kind of alarm; one of {}", names.join(", "))
    })
}

/// The device of this kind that is called so; without a name, the only one.
fn find(kind: Kind, place: Option<&str>, posts: &[Post]) -> Result<usize, String> {
    let name = |post: &Post| match kind {
        Kind::Gate => post.lane.clone(),
        Kind::Reader => post.reader.clone(),
    };
    let all: Vec<(usize, String)> =
        posts.iter().enumerate().filter_map(|(i, post)| Some((i, name(post)?))).collect();
    let what = if kind == Kind::Gate { "lane" } else { "reader" };
    let names = || all.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", ");
    match (place, &all[..]) {
        (_, []) => Err(format!("there is no {what} here")),
        (None, [(only, _)]) => Ok(*only),
        (None, _) => Err(format!("say at which {what}: … at {}", names().replace(", ", ", … at "))),
        (Some(place), _) => {
            let is = |(_, name): &&(usize, String)| name.eq_ignore_ascii_case(place);
            let found = all.iter().find(is).map(|(i, _)| *i);
            found.ok_or_else(|| format!("there is no {what} {place:?} here; there is {}", names()))
        }
    }
}

fn unknown(words: &[&str]) -> String {
    let word = words.first().copied().unwrap_or("");
    let known = HELP.iter().filter_map(|(form, _)| form.split(' ').next());
    let near = known.map(|form| (alike(form, word), form)).max_by(|a, b| a.0.cmp(&b.0));
    match near.filter(|(alike, _)| *alike >= 2) {
        Some((_, form)) => format!("{word:?} is nothing I know; did you mean: {form}? Type ? for help"),
        None => format!("{word:?} is nothing I know; type ? for help"),
    }
}

/// How many letters two words begin with alike.
fn alike(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posts() -> Vec<Post> {
        vec![Post::gate("L1"), Post::gate("Main gate"), Post::reader("R1e")]
    }

    fn one(line: &str) -> Result<(usize, Report), String> {
        match read(line, &posts())? {
            Typed::Reports(post, reports) => Ok((post, reports.into_iter().next_back().unwrap())),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_typed_is_reported() {
        assert_eq!(one("in at L1"), Ok((0, Report::Passed(Direction::In))));
        assert_eq!(one(" OUT at main GATE "), Ok((1, Report::Passed(Direction::Out))));
        assert_eq!(one("open at L1"), Ok((0, Report::Opened)));
        assert_eq!(one("alarm wrong_way at L1"), Ok((0, Report::Alarm(GateAlarm::WrongWay, true))));
        assert_eq!(one("fire over at L1"), Ok((0, Report::Fire(false))));
        let read_as = |factor| Report::Read(Read { card: CardNumber(7), bits: 0, factor, stale: false });
        assert_eq!(one("card 7"), Ok((2, read_as(Factor::None))), "there is only one reader");
        assert_eq!(one("card 7 wrong at R1e"), Ok((2, read_as(Factor::Wrong))));
        assert_eq!(read("?", &posts()), Ok(Typed::Help));
        assert_eq!(read("no 12", &posts()), Ok(Typed::No(12)));
    }

    #[test]
    fn what_makes_no_sense_is_explained() {
        let wrong = |line: &str| read(line, &posts()).unwrap_err();
        assert!(wrong("in").contains("at which lane") && wrong("in").contains("Main gate"));
        assert!(wrong("in at L9").contains("L1, Main gate"));
        assert!(wrong("car 12").contains("did you mean: card"));
        assert!(wrong("card twelve").contains("no card's number"));
        assert!(wrong("card -3").contains("no card's number"));
        assert!(wrong("alarm tail at L1").contains("tailgate"));
        assert!(wrong("").contains("type ? for help"));
        assert!(wrong("no way").contains("no 3"));
        assert!(read("card 1", &[Post::gate("L1")]).unwrap_err().contains("no reader here"));
    }
}
