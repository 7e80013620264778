//! A scenario and its site as a small tree that knows which names are made where: what the swarm draws, what
//! the shrinker cuts, and what becomes a RON text.

use crate::apb::id::Direction;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Something with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Id {
    /// An area; 0 is the outside.
    Area(u16),
    /// A lane.
    Lane(u16),
    /// The reader of a lane, one way.
    Reader(u16, Direction),
    /// A panel.
    Panel(u16),
    /// A weekly schedule.
    Schedule(u16),
    /// An access level.
    Access(u16),
    /// A holder.
    Holder(u16),
    /// A holder's credential.
    Card(u16, u16),
    /// Holders by the number.
    Population(u16),
    /// A muster point.
    Muster(u16),
    /// An interlock.
    Interlock(u16),
    /// A scheduled amnesty.
    Amnesty(u16),
    /// Holders who are excused from the same checks.
    Group(u16),
}

impl Id {
    /// The name in the file.
    pub fn name(self) -> String {
        match self {
            Self::Area(0) => "outside".into(),
            Self::Area(n) => format!("A{n}"),
            Self::Lane(n) => format!("L{n}"),
            Self::Reader(n, Direction::In) => format!("L{n}e"),
            Self::Reader(n, Direction::Out) => format!("L{n}x"),
            Self::Panel(n) => format!("panel-{n}"),
            Self::Schedule(n) => format!("S{n}"),
            Self::Access(n) => format!("level-{n}"),
            Self::Holder(n) => format!("P{n}"),
            Self::Card(n, 0) => format!("K{n}"),
            Self::Card(n, m) => format!("K{n}-{m}"),
            Self::Population(n) => format!("staff{n}"),
            Self::Muster(n) => format!("M{n}"),
            Self::Interlock(n) => format!("interlock-{n}"),
            Self::Amnesty(n) => format!("amnesty-{n}"),
            Self::Group(n) => format!("group-{n}"),
        }
    }
}

/// A value of the language.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `true` or `false`.
    Flag(bool),
    /// A choice without fields.
    Word(&'static str),
    /// A text in quotes.
    Text(String),
    /// A whole number.
    Whole(u64),
    /// A number, in thousandths.
    Milli(u64),
    /// A place on the floor, in thousandths: nothing that could be simpler.
    Place(u64),
    /// A length of time or a moment since the start, in milliseconds.
    Millis(u64),
    /// Makes a name.
    New(Id),
    /// Uses a name.
    Use(Id),
    /// Any number of values, each of which may be missing.
    List(Vec<Self>),
    /// A list that is taken as a whole.
    Row(Vec<Self>),
    /// Named fields, with or without a name in front.
    Record(Option<&'static str>, Vec<Field>),
    /// Values in a fixed order, with or without a name in front.
    Tuple(Option<&'static str>, Vec<Self>),
}

/// A field of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: Value,
    /// Whether the language has a default for it.
    pub optional: bool,
}

/// A field that has to be there.
pub fn must(name: &'static str, value: Value) -> Field {
    Field { name, value, optional: false }
}

/// A field that may be missing.
pub fn may(name: &'static str, value: Value) -> Field {
    Field { name, value, optional: true }
}

/// A record with a name in front.
pub fn record(name: &'static str, fields: Vec<Field>) -> Value {
    Value::Record(Some(name), fields)
}

/// A record without a name.
pub fn plain(fields: Vec<Field>) -> Value {
    Value::Record(None, fields)
}

/// So wide is a line that is not broken up.
const WIDTH: usize = 100;

impl Value {
    /// The text in the language, on as many lines as it takes.
    pub fn render(&self) -> String {
        let mut text = String::new();
        self.write(0, &mut text);
        text.push('\n');
        text
    }

    fn write(&self, depth: usize, text: &mut String) {
        let inline = self.inline();
        let fits = depth > 0 && depth * 4 + inline.len() <= WIDTH;
        let (open, close) = match self {
            _ if fits => ("", ""),
            Self::List(_) => ("[", "]"),
            Self::Record(..) => ("(", ")"),
            _ => ("", ""),
        };
        if open.is_empty() {
            text.push_str(&inline);
            return;
        }
        let line = |text: &mut String, name: Option<&str>, value: &Self| {
            text.push_str(&"    ".repeat(depth + 1));
            if let Some(name) = name {
                // Writing to a string cannot fail.
                let _ = write!(text, "{name}: ");
            }
            value.write(depth + 1, text);
            text.push_str(",\n");
        };
        match self {
            Self::Record(name, fields) => {
                text.push_str(name.unwrap_or(""));
                text.push_str("(\n");
                fields.iter().for_each(|f| line(text, Some(f.name), &f.value));
            }
            Self::List(values) => {
                text.push_str("[\n");
                values.iter().for_each(|v| line(text, None, v));
            }
            _ => {}
        }
        text.push_str(&"    ".repeat(depth));
        text.push_str(close);
    }

    /// The text on one line.
    fn inline(&self) -> String {
        let joined = |values: Vec<String>| values.join(", ");
        match self {
            Self::Flag(flag) => flag.to_string(),
            Self::Word(word) => (*word).into(),
            Self::Text(text) => format!("{text:?}"),
            Self::Whole(n) => n.to_string(),
            Self::Milli(n) | Self::Place(n) => decimal(*n),
            Self::Millis(n) => format!("\"{}\"", span(*n)),
            Self::New(id) | Self::Use(id) => format!("\"{}\"", id.name()),
            Self::List(values) | Self::Row(values) => {
                format!("[{}]", joined(values.iter().map(Self::inline).collect()))
            }
            Self::Tuple(name, values) => {
                format!("{}({})", name.unwrap_or(""), joined(values.iter().map(Self::inline).collect()))
            }
            Self::Record(Some(name), fields) if fields.is_empty() => (*name).into(),
            Self::Record(name, fields) => {
                let field = |f: &Field| format!("{}: {}", f.name, f.value.inline());
                format!("{}({})", name.unwrap_or(""), joined(fields.iter().map(field).collect()))
            }
        }
    }

    /// The names that are made below here.
    pub fn made(&self, into: &mut BTreeSet<Id>) {
        match self {
            Self::New(id) => drop(into.insert(*id)),
            Self::List(values) | Self::Row(values) | Self::Tuple(_, values) => {
                values.iter().for_each(|v| v.made(into));
            }
            Self::Record(_, fields) => fields.iter().for_each(|f| f.value.made(into)),
            _ => {}
        }
    }

    /// Whether every name used here, where it cannot be left out, is one of these.
    fn stands(&self, made: &BTreeSet<Id>) -> bool {
        match self {
            Self::Use(id) => made.contains(id),
            Self::Row(values) | Self::Tuple(_, values) => values.iter().all(|v| v.stands(made)),
            Self::Record(_, fields) => fields.iter().all(|f| f.optional || f.value.stands(made)),
            _ => true,
        }
    }

    /// Leaves out every entry and every optional field that uses a name nobody makes.
    pub fn prune(&mut self, made: &BTreeSet<Id>) {
        match self {
            Self::List(values) => {
                values.retain(|v| v.stands(made));
                values.iter_mut().for_each(|v| v.prune(made));
            }
            Self::Row(values) | Self::Tuple(_, values) => values.iter_mut().for_each(|v| v.prune(made)),
            Self::Record(_, fields) => {
                fields.retain(|f| !f.optional || f.value.stands(made));
                fields.iter_mut().for_each(|f| f.value.prune(made));
            }
            _ => {}
        }
    }

    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Record(_, fields) => fields.iter().find(|f| f.name == name).map(|f| &f.value),
            _ => None,
        }
    }

    /// How much there is: entries, fields and values, itself included.
    pub fn size(&self) -> usize {
        1 + match self {
            Self::List(values) | Self::Row(values) | Self::Tuple(_, values) => {
                values.iter().map(Self::size).sum()
            }
            Self::Record(_, fields) => fields.iter().map(|f| f.value.size()).sum(),
            _ => 0,
        }
    }
}

/// Thousandths as a decimal number.
fn decimal(milli: u64) -> String {
    let text = format!("{}.{:03}", milli / 1_000, milli % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').into()
}

/// Milliseconds as the language writes lengths of time.
fn span(millis: u64) -> String {
    if millis != 0 && millis.is_multiple_of(60_000) {
        format!("{}min", millis / 60_000)
    } else if millis < 1_000 && millis != 0 {
        format!("{millis}ms")
    } else {
        format!("{}s", decimal(millis))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_the_language_has_them() {
        let walk = record(
            "Walk",
            vec![must("lane", Value::Use(Id::Lane(1))), may("hesitates", Value::Millis(1_250))],
        );
        let step = plain(vec![must("at", Value::Millis(120_000)), must("do", walk)]);
        assert_eq!(step.inline(), r#"(at: "2min", do: Walk(lane: "L1", hesitates: "1.25s"))"#);
        let pair = Value::Tuple(None, vec![Value::Milli(200), Value::Milli(1_000)]);
        assert_eq!(pair.inline(), "(0.2, 1)");
        assert_eq!(record("Hard", vec![]).inline(), "Hard");
        assert_eq!(Value::Millis(0).inline(), "\"0s\"");
        assert_eq!(Value::Use(Id::Reader(2, Direction::Out)).inline(), "\"L2x\"");
    }

    #[test]
    fn whoever_uses_a_lost_name_is_left_out() {
        let step = |lane, holder| {
            let lane = must("lane", Value::Use(Id::Lane(lane)));
            plain(vec![lane, may("holder", Value::Use(Id::Holder(holder)))])
        };
        let mut steps = Value::List(vec![step(1, 1), step(2, 1), step(1, 9)]);
        steps.prune(&BTreeSet::from([Id::Lane(1), Id::Holder(1)]));
        let Value::List(left) = &steps else { panic!("still a list") };
        assert_eq!(left.len(), 2);
        assert_eq!(left[0], step(1, 1));
        assert_eq!(left[1].field("holder"), None);
    }

    #[test]
    fn a_long_record_is_broken_up_and_a_short_one_is_not() {
        let entry = || plain(vec![must("id", Value::New(Id::Lane(1))), must("x_m", Value::Milli(2_500))]);
        let site = record("Site", vec![must("lanes", Value::List(vec![entry(); 7]))]);
        let text = site.render();
        assert!(text.starts_with("Site(\n    lanes: [\n        (id: \"L1\", x_m: 2.5),\n"), "{text}");
        assert!(text.ends_with("    ],\n)\n"), "{text}");
    }
}
