//! One line in: a JSON object with the time and one event.

use super::seconds::parse_seconds;
use crate::apb::id::Direction;
use crate::apb::input::{Factor, Leaf, Lockdown};
use crate::apb::site::PassMode;
use crate::apb::time::Time;
use crate::scenario::names::nearest;
use serde::de::{Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// A name, borrowed from the line unless it has escapes in it.
pub(super) type Name<'a> = Cow<'a, str>;

/// One line.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) t: Time,
    pub(super) event: Event<'a>,
}

macro_rules! events {
    ($($name:ident => $variant:ident($body:ty),)*) => {
        /// What happened.
        #[derive(Debug)]
        pub(super) enum Event<'a> { $($variant($body),)* }

        /// The keys of a line.
        #[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
        #[serde(field_identifier, rename_all = "snake_case")]
        enum Key { T, $($variant,)* }

        impl<'a> Event<'a> {
            fn take<M: MapAccess<'a>>(key: Key, map: &mut M) -> Result<Option<Self>, M::Error> {
                Ok(match key {
                    Key::T => None,
                    $(Key::$variant => Some(Self::$variant(map.next_value()?)),)*
                })
            }
        }

        /// The names of all events, in the order of the documentation.
        #[cfg(test)]
        pub(super) const EVENTS: &[&str] = &[$(stringify!($name),)*];
    };
}

events! {
    read => Read(Read<'a>),
    opened => Opened(AtLane<'a>),
    passed => Passed(Passed<'a>),
    reset => Reset(Reset<'a>),
    place => Place(Place<'a>),
    forgive => Forgive(Forgive<'a>),
    fire => Fire(Fire),
    wait => Wait(IgnoredAny),
    muster => Muster(Muster<'a>),
    lockdown => Lockdown(ShutOff<'a>),
    unlock => Unlock(Unlock<'a>),
    replace => Replace(Replace<'a>),
    assign => Assign(Assign<'a>),
    remove => Remove(Remove<'a>),
    set_policy => SetPolicy(SetPolicy<'a>),
    set_mode => SetMode(SetMode<'a>),
    beam => Beam(Beam<'a>),
    leaf => Leaf(AtLeaf<'a>),
}

macro_rules! bodies {
    ($($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name<'a> { $($(#[$attribute])* pub(super) $field: $type,)* }
    )*};
}

bodies! {
    /// A credential was presented.
    Read {
        #[serde(borrow)] reader: Name<'a>,
        #[serde(borrow)] credential: Card<'a>,
        #[serde(default)] factor: Factor,
    }
    /// Something about a lane as a whole.
    AtLane { #[serde(borrow)] lane: Name<'a>, }
    /// A body went through.
    Passed { #[serde(borrow)] lane: Name<'a>, direction: Direction, }
    /// Locations are forgotten or set; exactly one of the first four says whose.
    Reset {
        #[serde(borrow, default)] holder: Option<Name<'a>>,
        #[serde(borrow, default)] holders: Option<Vec<Name<'a>>>,
        #[serde(borrow, default)] area: Option<Name<'a>>,
        #[serde(default)] all: bool,
        #[serde(borrow, default)] to: Option<Name<'a>>,
        #[serde(borrow, default)] operator: Option<Name<'a>>,
        #[serde(borrow, default)] reason: Option<Name<'a>>,
    }
    /// A holder is put somewhere.
    Place { #[serde(borrow)] holder: Name<'a>, #[serde(borrow, rename = "in")] area: Name<'a>, }
    /// A holder's next violation is forgiven.
    Forgive { #[serde(borrow)] holder: Name<'a>, #[serde(borrow, default)] ttl: Option<Length<'a>>, }
    /// Somebody reports at a muster point.
    Muster { #[serde(borrow)] point: Name<'a>, #[serde(borrow)] credential: Card<'a>, }
    /// An area is shut off.
    ShutOff { #[serde(borrow)] area: Name<'a>, lockdown: Lockdown, }
    /// A lane is opened by hand.
    Unlock {
        #[serde(borrow)] lane: Name<'a>,
        direction: Direction,
        #[serde(borrow, default)] holder: Option<Name<'a>>,
        #[serde(borrow, default)] operator: Option<Name<'a>>,
        #[serde(borrow, default)] reason: Option<Name<'a>>,
    }
    /// A credential gets another number.
    Replace { #[serde(borrow)] old: Card<'a>, new: u64, }
    /// A credential gets another holder.
    Assign { #[serde(borrow)] credential: Card<'a>, #[serde(borrow)] holder: Name<'a>, }
    /// A holder is gone.
    Remove { #[serde(borrow)] holder: Name<'a>, }
    /// An area's policy is changed.
    SetPolicy {
        #[serde(borrow, default)] area: Option<Name<'a>>,
        #[serde(borrow, default)] policy: Option<Name<'a>>,
        #[serde(borrow, default)] set: BTreeMap<Name<'a>, &'a RawValue>,
    }
    /// What may pass a lane is changed.
    SetMode { #[serde(borrow)] lane: Name<'a>, direction: Direction, mode: PassMode, }
    /// A beam is cut or cleared.
    Beam { #[serde(borrow)] lane: Name<'a>, beam: u8, blocked: bool, }
    /// The flap reports.
    AtLeaf { #[serde(borrow)] lane: Name<'a>, leaf: Leaf, }
}

/// The fire alarm.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fire {
    pub(super) active: bool,
}

/// A credential: by its name, or by the number of a card.
#[derive(Debug)]
pub(super) enum Card<'a> {
    Name(Name<'a>),
    Number(u64),
}

impl<'de: 'a, 'a> Deserialize<'de> for Card<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Card<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a credential's name or a card number")
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Card<'de>, E> {
                Ok(Card::Number(number))
            }
            fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Card<'de>, E> {
                Ok(Card::Name(name.into()))
            }
            fn visit_str<E: Error>(self, name: &str) -> Result<Card<'de>, E> {
                Ok(Card::Name(name.to_owned().into()))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// A length of time: a number of seconds, or a text such as `"10min"`.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Length<'a>(#[serde(borrow)] pub(super) &'a RawValue);

impl<'de> Deserialize<'de> for Line<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Line<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with `t` and one event")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Line<'de>, M::Error> {
                let (mut t, mut event) = (None, None);
                while let Some(key) = map.next_key::<Key>()? {
                    let is_repeated = if key == Key::T { t.is_some() } else { event.is_some() };
                    if is_repeated {
                        return Err(Error::custom(
                            "a line holds `t` once and one event; use a line for each",
                        ));
                    }
                    match Event::take(key, &mut map)? {
                        Some(taken) => event = Some(taken),
                        None => {
                            let raw: &RawValue = map.next_value()?;
                            t = Some(parse_seconds(raw.get()).map_err(Error::custom)?);
                        }
                    }
                }
                let t = t.ok_or_else(|| Error::custom("`t` is missing: the time in seconds"))?;
                let event = event.ok_or_else(|| Error::custom("there is no event, such as `read`"))?;
                Ok(Line { t, event })
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

/// Reads one line.
///
/// # Errors
/// What is wrong with it and how to mend it.
pub(super) fn parse(text: &str) -> Result<Line<'_>, String> {
    serde_json::from_str(text).map_err(|error| explained(&error, text))
}

/// An error of the parser in the words of this tool, with the nearest valid name if a name is wrong.
fn explained(error: &serde_json::Error, text: &str) -> String {
    let shown = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let what = shown.strip_suffix(&place).unwrap_or(&shown);
    if !text.trim_start().starts_with('{') {
        return "this is not a JSON object; every line is one, such as \
                {\"t\":0,\"read\":{\"reader\":\"R1e\",\"credential\":\"K1\"}} (for access logs: --format csv)"
            .into();
    }
    if error.is_syntax() || error.is_eof() {
        return format!("column {}: this is not JSON: {what}", error.column());
    }
    let mut names = what.split('`').skip(1).step_by(2);
    let wrong = names.next().filter(|_| what.starts_with("unknown "));
    let near = wrong.and_then(|wrong| Some((wrong, nearest(wrong, names)?)));
    match near {
        Some((wrong, near)) => {
            let kind = if what.starts_with("unknown variant") { "value" } else { "field" };
            format!("column {}: unknown {kind} `{wrong}`; did you mean `{near}`?", error.column())
        }
        None => format!("column {}: {what}", error.column()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line for every event, in the order of [`EVENTS`].
    const SAMPLES: &[&str] = &[
        r#"{"t":0,"read":{"reader":"R","credential":"K","factor":"wrong"}}"#,
        r#"{"t":0,"opened":{"lane":"L"}}"#,
        r#"{"t":0,"passed":{"lane":"L","direction":"out"}}"#,
        r#"{"t":0,"reset":{"holders":["P","Q"],"to":null,"operator":"o","reason":"r"}}"#,
        r#"{"t":0,"place":{"holder":"P","in":"A"}}"#,
        r#"{"t":0,"forgive":{"holder":"P","ttl":"10min"}}"#,
        r#"{"t":0,"fire":{"active":true}}"#,
        r#"{"t":0,"wait":{}}"#,
        r#"{"t":0,"muster":{"point":"M","credential":7}}"#,
        r#"{"t":0,"lockdown":{"area":"A","lockdown":"entry"}}"#,
        r#"{"t":0,"unlock":{"lane":"L","direction":"in","holder":"P"}}"#,
        r#"{"t":0,"replace":{"old":"K","new":12}}"#,
        r#"{"t":0,"assign":{"credential":"K","holder":"P"}}"#,
        r#"{"t":0,"remove":{"holder":"P"}}"#,
        r#"{"t":0,"set_policy":{"area":"A","policy":"hard","set":{"window":"5min"}}}"#,
        r#"{"t":0,"set_mode":{"lane":"L","direction":"in","mode":"free"}}"#,
        r#"{"t":0,"beam":{"lane":"L","beam":3,"blocked":true}}"#,
        r#"{"t":0,"leaf":{"lane":"L","leaf":"open"}}"#,
    ];

    #[test]
    fn every_event_can_be_read() {
        assert_eq!(SAMPLES.len(), EVENTS.len());
        for (sample, name) in SAMPLES.iter().zip(EVENTS) {
            assert!(sample.contains(&format!("\"{name}\":")), "{sample}");
            let parsed = parse(sample);
            assert!(parsed.is_ok(), "{sample}: {parsed:?}");
        }
    }

    #[test]
    fn names_with_escapes_are_read_too() {
        let line = parse(r#"{"read":{"credential":"K\u0031","reader":"R\"1"},"t":0.5}"#).unwrap();
        let Event::Read(read) = line.event else { panic!("a read") };
        assert_eq!(read.reader, "R\"1");
        assert!(matches!(read.credential, Card::Name(name) if name == "K1"));
        assert_eq!(line.t, Time(500_000));
    }

    #[test]
    fn mistakes_are_told_with_the_nearest_name() {
        let cases = [
            (r#"{"t":0,"raed":{}}"#, "unknown field `raed`; did you mean `read`?"),
            (r#"{"t":0,"read":{"reader":"R","credental":"K"}}"#, "did you mean `credential`?"),
            (r#"{"t":0,"passed":{"lane":"L","direction":"inn"}}"#, "unknown value `inn`; did you mean `in`?"),
            (r#"{"t":0,"read":{"reader":"R"}}"#, "missing field `credential`"),
            (r#"{"t":0}"#, "there is no event"),
            (r#"{"read":{"reader":"R","credential":"K"}}"#, "`t` is missing"),
            (r#"{"t":0,"t":1,"fire":{"active":true}}"#, "`t` once"),
            (r#"{"t":0,"fire":{"active":true},"wait":{}}"#, "one event"),
            (r#"{"t":-1,"wait":{}}"#, "time begins at 0"),
            (r#"{"t":NaN,"wait":{}}"#, "not JSON"),
            (r#"{"t":0,"wait":{}} {}"#, "not JSON"),
            (r#"{"t":0,"wait":{}"#, "not JSON"),
            ("time,reader,card", "--format csv"),
            ("[1]", "every line is one"),
        ];
        for (line, expected) in cases {
            let error = parse(line).unwrap_err();
            assert!(error.contains(expected), "{line}: {error}");
        }
    }
}
