//! From a tree to values, noting every mistake instead of stopping at the first.
//!
//! A decoder takes a [`Node`] and a [`Log`] and yields `Some(value)`, or `None` after it has noted why not.

use super::diagnostic::{Diagnostic, Diagnostics, SHOWN_MAX};
use super::names::{listed, nearest, suggestion};
use super::syntax::{Mistake, Node, Place, Value, Word, quoted, shortened};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

/// More mistakes than this are only counted.
const KEPT_MAX: usize = 1_000;

/// After this many mistakes no more nearest names are looked for.
const SUGGESTED_MAX: usize = 100;

/// Collects the mistakes of one file.
pub(crate) struct Log<'t> {
    pub(crate) path: String,
    pub(crate) text: &'t str,
    mistakes: RefCell<Vec<Mistake>>,
    dropped: Cell<usize>,
}

impl<'t> Log<'t> {
    pub(crate) fn new(path: &str, text: &'t str, mistakes: Vec<Mistake>) -> Self {
        Self { path: path.into(), text, mistakes: RefCell::new(mistakes), dropped: Cell::new(0) }
    }

    /// Notes a mistake: where, what was found, what was expected, how to mend it.
    pub(crate) fn note(
        &self,
        place: Place,
        found: impl Into<String>,
        expected: impl Into<String>,
        help: impl Into<String>,
    ) {
        let mut mistakes = self.mistakes.borrow_mut();
        if mistakes.len() < KEPT_MAX {
            let (found, expected, help) = (found.into(), expected.into(), help.into());
            mistakes.push(Mistake { place, found, expected, help });
        } else {
            self.dropped.set(self.dropped.get() + 1);
        }
    }

    /// Notes that a value is of the wrong kind. Broken values have been noted already.
    pub(crate) fn wrong_kind(&self, node: &Node, expected: &str, help: impl Into<String>) {
        if node.value != Value::Broken {
            self.note(node.head(), format!("found {}", node.kind()), format!("expected {expected}"), help);
        }
    }

    /// How many mistakes there are so far.
    pub(crate) fn count(&self) -> usize {
        self.mistakes.borrow().len() + self.dropped.get()
    }

    /// Whether there is time to look for the nearest name.
    pub(crate) fn suggests(&self) -> bool {
        self.count() < SUGGESTED_MAX
    }

    /// Whether a mistake within this place has been noted.
    pub(crate) fn has_within(&self, place: Place) -> bool {
        self.mistakes.borrow().iter().any(|m| place.contains(m.place))
    }

    /// Every mistake, with line and column.
    pub(crate) fn into_diagnostics(self) -> Diagnostics {
        let mut mistakes = self.mistakes.into_inner();
        mistakes.sort_by(|a, b| (a.place, &a.found).cmp(&(b.place, &b.found)));
        mistakes.dedup_by(|a, b| (a.place, &a.found) == (b.place, &b.found));
        // Finding lines takes time, so only for those that will be shown.
        let more = self.dropped.get() + mistakes.len().saturating_sub(SHOWN_MAX);
        mistakes.truncate(SHOWN_MAX);
        let diagnose =
            |m: Mistake| Diagnostic::at(&self.path, self.text, m.place, m.found, m.expected, m.help);
        let list = mistakes.into_iter().map(diagnose).collect();
        Diagnostics::of_file(&self.path, self.text, list, more)
    }
}

/// The named fields of one struct. [`Fields::finish`] notes the ones that nobody asked for.
pub(crate) struct Fields<'n> {
    what: String,
    /// Where to point when something is missing.
    pub(crate) head: Place,
    /// All of it.
    pub(crate) place: Place,
    fields: Vec<(&'n Word, &'n Node)>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'n> Fields<'n> {
    /// The fields of a struct, or of `()`. `what` it is, with an article: `a lane`.
    pub(crate) fn of(node: &'n Node, what: &str, log: &Log<'_>) -> Option<Self> {
        match &node.value {
            Value::Struct(_, fields) => Some(Self::new(fields, node, what, log)),
            Value::Unit => Some(Self::new(&[], node, what, log)),
            Value::Tuple(Some(_), items) if items.is_empty() => Some(Self::new(&[], node, what, log)),
            Value::Option(Some(inner)) => Self::of(inner, what, log),
            _ => {
                log.wrong_kind(node, &format!("{what}, `(name: value, …)`"), "");
                None
            }
        }
    }

    fn new(fields: &'n [super::syntax::Field], node: &Node, what: &str, log: &Log<'_>) -> Self {
        let mut seen = BTreeSet::new();
        for field in fields {
            if !seen.insert(&field.name.text) {
                let found = format!("the field `{}` is given twice", shortened(&field.name.text));
                log.note(field.name.place, found, "given again here", "keep one of the two");
            }
        }
        let fields = fields.iter().map(|f| (&f.name, &f.value)).collect();
        let (head, place) = (node.head(), node.place);
        Self { what: what.into(), head, place, fields, asked: RefCell::new(vec![]) }
    }

    /// The value of a field, if it was given.
    pub(crate) fn get(&self, name: &'static str) -> Option<&'n Node> {
        if !self.asked.borrow().contains(&name) {
            self.asked.borrow_mut().push(name);
        }
        let node = self.fields.iter().find(|(word, _)| word.text == name)?.1;
        match &node.value {
            Value::Option(None) => None,
            Value::Option(Some(inner)) => Some(inner),
            _ => Some(node),
        }
    }

    /// Takes these as fields that are asked for, here or elsewhere.
    pub(crate) fn know(&self, names: &[&'static str]) {
        for name in names {
            self.get(name);
        }
    }

    /// Whether a field was given, without asking for it.
    pub(crate) fn gives(&self, name: &str) -> bool {
        self.fields.iter().any(|(word, _)| word.text == name)
    }

    /// A field that has to be there.
    pub(crate) fn required<T>(
        &self,
        name: &'static str,
        log: &Log<'_>,
        decode: impl FnOnce(&'n Node, &Log<'_>) -> Option<T>,
    ) -> Option<T> {
        match self.get(name) {
            Some(node) => decode(node, log),
            None => {
                self.note_missing(name, log);
                None
            }
        }
    }

    /// A field that may be left out.
    pub(crate) fn optional<T>(
        &self,
        name: &'static str,
        log: &Log<'_>,
        decode: impl FnOnce(&'n Node, &Log<'_>) -> Option<T>,
    ) -> Option<T> {
        self.get(name).and_then(|node| decode(node, log))
    }

    /// A field that may be left out, and what holds then.
    pub(crate) fn or<T>(
        &self,
        name: &'static str,
        default: T,
        log: &Log<'_>,
        decode: impl FnOnce(&'n Node, &Log<'_>) -> Option<T>,
    ) -> T {
        self.optional(name, log, decode).unwrap_or(default)
    }

    fn note_missing(&self, name: &'static str, log: &Log<'_>) {
        // A misspelt field would otherwise be noted twice, as unknown and as missing.
        let unknown = self.fields.iter().filter(|(w, _)| !self.asked.borrow().contains(&w.text.as_str()));
        let misspelt = unknown.into_iter().any(|(w, _)| nearest(&w.text, std::iter::once(name)).is_some());
        if !misspelt {
            let found = format!("{} without `{name}`", self.what);
            log.note(self.head, found, format!("`{name}` is missing here"), format!("add `{name}: …`"));
        }
    }

    /// Notes every field that nobody asked for. To be called last.
    pub(crate) fn finish(self, log: &Log<'_>) {
        let asked = self.asked.borrow();
        for (word, _) in &self.fields {
            if asked.contains(&word.text.as_str()) {
                continue;
            }
            let found = format!("{} has no field `{}`", self.what, shortened(&word.text));
            let help = if asked.is_empty() {
                "it has no fields at all".to_owned()
            } else {
                suggestion(&word.text, "fields", asked.iter().copied())
            };
            log.note(word.place, found, "unknown field", help);
        }
    }
}

/// One choice of several: a name, perhaps with something in brackets.
pub(crate) struct Variant<'n> {
    /// Which of the valid names.
    pub(crate) name: &'static str,
    node: &'n Node,
}

impl<'n> Variant<'n> {
    /// One of `names`. `what` it is, with an article: `a manner`.
    pub(crate) fn of(node: &'n Node, what: &str, names: &[&'static str], log: &Log<'_>) -> Option<Self> {
        let valid = || names.iter().copied();
        let (written, place) = match &node.value {
            Value::Name(name) => (name.as_str(), node.place),
            Value::Struct(Some(word), _) | Value::Tuple(Some(word), _) => (word.text.as_str(), word.place),
            Value::Option(Some(inner)) => return Self::of(inner, what, names, log),
            Value::Text(text) => {
                let help = match nearest(text, valid()) {
                    Some(name) => format!("write `{name}`, without quotes"),
                    None => format!("one of {}", listed(valid())),
                };
                log.note(
                    node.place,
                    format!("found the text {}", quoted(text)),
                    format!("expected {what}"),
                    help,
                );
                return None;
            }
            _ => {
                log.wrong_kind(node, what, format!("one of {}", listed(valid())));
                return None;
            }
        };
        match names.iter().find(|name| **name == written) {
            Some(name) => Some(Self { name, node }),
            None => {
                let found = format!("`{}` is not {what}", shortened(written));
                let help = match nearest(written, valid()) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => String::new(),
                };
                log.note(place, found, format!("expected one of {}", listed(valid())), help);
                None
            }
        }
    }

    /// A choice that holds nothing.
    pub(crate) fn bare<T>(&self, value: T, log: &Log<'_>) -> Option<T> {
        match &self.node.value {
            Value::Name(_) => Some(value),
            Value::Tuple(_, items) if items.is_empty() => Some(value),
            _ => {
                let found = format!("`{}` holds nothing", self.name);
                log.note(self.node.head(), found, "expected a bare name", "remove the round brackets");
                None
            }
        }
    }

    /// A choice with named fields, which may all be left out together with the brackets.
    pub(crate) fn fields(&self, log: &Log<'_>) -> Option<Fields<'n>> {
        let what = format!("`{}`", self.name);
        match &self.node.value {
            Value::Name(_) => Some(Fields::new(&[], self.node, &what, log)),
            Value::Tuple(_, items) if !items.is_empty() => {
                let found = format!("`{}` holds named fields", self.name);
                log.note(self.node.head(), found, format!("expected `{}(name: value, …)`", self.name), "");
                None
            }
            _ => Fields::of(self.node, &what, log),
        }
    }

    /// A choice with exactly these values in brackets, `form` being how it is written.
    pub(crate) fn values<const N: usize>(&self, form: &str, log: &Log<'_>) -> Option<[&'n Node; N]> {
        if let Value::Tuple(_, items) = &self.node.value
            && let Some(items) = items.iter().collect::<Vec<_>>().try_into().ok()
        {
            return Some(items);
        }
        let found = format!("`{}` with something else in its brackets", self.name);
        let found =
            if matches!(self.node.value, Value::Name(_)) { format!("a bare `{}`", self.name) } else { found };
        log.note(self.node.head(), found, format!("expected `{form}`"), "");
        None
    }

    /// The value in the brackets of a choice that has one there, and no name to it.
    pub(crate) fn only_value(&self) -> Option<&'n Node> {
        match &self.node.value {
            Value::Tuple(_, items) if items.len() == 1 => items.first(),
            _ => None,
        }
    }

    /// Whether the choice was written with something in brackets.
    pub(crate) fn holds_something(&self) -> bool {
        match &self.node.value {
            Value::Tuple(_, items) => !items.is_empty(),
            Value::Name(_) => false,
            _ => true,
        }
    }
}

/// One choice of several that hold nothing. `what` it is, with an article: `a mode`.
pub(crate) fn choice<T: Copy, const N: usize>(
    node: &Node,
    what: &str,
    choices: [(&'static str, T); N],
    log: &Log<'_>,
) -> Option<T> {
    let variant = Variant::of(node, what, &choices.map(|c| c.0), log)?;
    let chosen = choices.into_iter().find(|(name, _)| *name == variant.name);
    chosen.and_then(|(_, value)| variant.bare(value, log))
}

/// The entries of a list. `what` they are: `lanes`.
pub(crate) fn entries<'n>(node: &'n Node, what: &str, log: &Log<'_>) -> Option<&'n [Node]> {
    match &node.value {
        Value::List(items) => Some(items),
        Value::Option(Some(inner)) => entries(inner, what, log),
        _ => {
            log.wrong_kind(node, &format!("a list of {what}, `[…]`"), "");
            None
        }
    }
}

/// Every entry of a list that can be decoded.
pub(crate) fn list<'n, T>(
    node: &'n Node,
    what: &str,
    log: &Log<'_>,
    mut decode: impl FnMut(&'n Node, &Log<'_>) -> Option<T>,
) -> Option<Vec<T>> {
    Some(entries(node, what, log)?.iter().filter_map(|entry| decode(entry, log)).collect())
}

/// A tuple of exactly `N` values; `form` is how it is written.
pub(crate) fn tuple<'n, const N: usize>(node: &'n Node, form: &str, log: &Log<'_>) -> Option<[&'n Node; N]> {
    if let Value::Tuple(_, items) = &node.value
        && let Some(items) = items.iter().collect::<Vec<_>>().try_into().ok()
    {
        return Some(items);
    }
    log.wrong_kind(node, &format!("`{form}`"), "");
    None
}
