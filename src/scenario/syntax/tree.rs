//! The tree that RON text is read into.

/// A range of bytes of a file's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    start: u32,
    end: u32,
}

impl Place {
    /// From `start` up to, not including, `end`. Files are far smaller than 4 GiB.
    pub fn new(start: usize, end: usize) -> Self {
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { start: narrow(start), end: narrow(end.max(start)) }
    }

    /// The first byte.
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// The byte after the last one.
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// From the start of this place to the end of another.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end.max(self.start) }
    }

    /// Whether `other` lies within this place.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A name and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The name.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// One `name: value` of a struct.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The field's name.
    pub name: Word,
    /// Its value.
    pub value: Node,
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// From its first byte to its last.
    pub place: Place,
    /// What it is.
    pub value: Value,
}

/// What can be written in RON.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Something that could not be read; the mistake has been noted.
    Broken,
    /// `()`.
    Unit,
    /// `true` or `false`.
    Bool(bool),
    /// `'x'`.
    Char(char),
    /// A whole number from `i64::MIN` to `u64::MAX`.
    Integer(i128),
    /// A number with a point or an exponent, `inf` or `NaN`.
    Float(f64),
    /// `"text"`.
    Text(String),
    /// `Name`.
    Name(String),
    /// `(a: 1)` or `Name(a: 1)`.
    Struct(Option<Word>, Vec<Field>),
    /// `(1, 2)` or `Name(1, 2)` or `Name()`.
    Tuple(Option<Word>, Vec<Node>),
    /// `[1, 2]`.
    List(Vec<Node>),
    /// `{1: 2}`.
    Map(Vec<(Node, Node)>),
    /// `None`, or `Some(1)`.
    Option(Option<Box<Node>>),
}

impl Node {
    /// The value's kind in words, for `found …`.
    pub fn kind(&self) -> String {
        match &self.value {
            Value::Broken => "something unreadable".into(),
            Value::Unit => "`()`".into(),
            Value::Bool(b) => format!("`{b}`"),
            Value::Char(c) => format!("the character {c:?}"),
            Value::Integer(n) => format!("the number `{n}`"),
            Value::Float(x) if x.is_nan() => "`NaN`".into(),
            Value::Float(x) => format!("the number `{x}`"),
            Value::Text(text) => format!("the text {}", quoted(text)),
            Value::Name(name) => format!("`{}`", shortened(name)),
            Value::Struct(Some(name), _) => format!("`{}(…)` with named fields", shortened(&name.text)),
            Value::Struct(None, _) => "a struct".into(),
            Value::Tuple(Some(name), _) => format!("`{}(…)`", shortened(&name.text)),
            Value::Tuple(None, _) => "a tuple".into(),
            Value::List(_) => "a list".into(),
            Value::Map(_) => "a map".into(),
            Value::Option(None) => "`None`".into(),
            Value::Option(Some(_)) => "`Some(…)`".into(),
        }
    }

    /// The place to point at: the name of something named, the opening bracket of something long, else all of
    /// it.
    pub fn head(&self) -> Place {
        match &self.value {
            Value::Struct(Some(name), _) | Value::Tuple(Some(name), _) => name.place,
            Value::Struct(None, _) | Value::Tuple(None, _) | Value::List(_) | Value::Map(_) => {
                Place::new(self.place.start(), self.place.start() + 1)
            }
            _ => self.place,
        }
    }
}

/// Text in quotes, cut to a length that fits a message, control characters escaped.
pub(crate) fn quoted(text: &str) -> String {
    format!("{:?}", shortened(text))
}

/// Text cut to a length that fits a message.
pub(crate) fn shortened(text: &str) -> String {
    const KEPT: usize = 40;
    match text.char_indices().nth(KEPT) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or("")),
        None => text.to_owned(),
    }
}
