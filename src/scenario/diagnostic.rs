//! What is wrong with a file, where, and how to mend it.
//!
//! A [`Diagnostic`] is one mistake; [`Diagnostics`] are all mistakes of a load, in order of file and
//! position. Messages are lowercase fragments: what was found, what was expected, the nearest valid name.

use super::syntax::Place;
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The most mistakes that are kept; the rest is counted.
pub const SHOWN_MAX: usize = 100;

/// Longer source lines are not printed below their message.
const LINE_MAX_BYTES: usize = 2_000;

/// Columns of the terminal that source lines are cut to.
const WIDTH: usize = 120;

/// One mistake in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file.
    pub path: String,
    /// Where in its text; `None`: the file as a whole.
    pub place: Option<Place>,
    /// What was found.
    pub message: String,
    /// What was expected there; may be empty.
    pub expected: String,
    /// How to mend it; may be empty.
    pub help: String,
    line: usize,
    column: usize,
}

impl Diagnostic {
    /// A mistake at `place` of the file's text.
    pub fn at(path: &str, text: &str, place: Place, message: String, expected: String, help: String) -> Self {
        let (line, column) = line_and_column(text, place.start());
        Self { path: path.into(), place: Some(place), message, expected, help, line, column }
    }

    /// A mistake that concerns a whole file.
    pub fn whole(path: &str, message: String, help: String) -> Self {
        Self { path: path.into(), place: None, message, expected: String::new(), help, line: 1, column: 1 }
    }

    /// The line, counting from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column in characters, counting from 1.
    pub fn column(&self) -> usize {
        self.column
    }
}

impl fmt::Display for Diagnostic {
    /// `path:line:column: message, expected …`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.path, self.line, self.column, self.message)?;
        if !self.expected.is_empty() {
            write!(f, "; {}", self.expected)?;
        }
        if !self.help.is_empty() {
            write!(f, " ({})", self.help)?;
        }
        Ok(())
    }
}

/// Everything wrong with the files of one load.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    left_out: usize,
    texts: BTreeMap<String, String>,
}

impl Diagnostics {
    /// One mistake that concerns a whole file.
    pub fn whole(path: &str, message: String, help: String) -> Self {
        Self { list: vec![Diagnostic::whole(path, message, help)], ..Self::default() }
    }

    /// The mistakes of one file, sorted by position, repeats removed, cut to [`SHOWN_MAX`]. `more` is how
    /// many the collector had dropped already.
    pub fn of_file(path: &str, text: &str, mut list: Vec<Diagnostic>, more: usize) -> Self {
        list.sort_by_key(|d| (d.place, d.message.clone()));
        let mut seen = BTreeSet::new();
        list.retain(|d| seen.insert((d.place, d.message.clone())));
        let left_out = more + list.len().saturating_sub(SHOWN_MAX);
        list.truncate(SHOWN_MAX);
        Self { list, left_out, texts: BTreeMap::from([(path.to_owned(), text.to_owned())]) }
    }

    /// These and, after them, those of another file.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.list.extend(other.list);
        self.left_out += other.left_out + self.list.len().saturating_sub(SHOWN_MAX);
        self.list.truncate(SHOWN_MAX);
        self.texts.extend(other.texts);
        self
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many mistakes are listed.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// The mistakes, in order of file and position.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }

    /// How many more mistakes there are than listed.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// For people: every mistake below its source line, in colour or plain.
    pub fn render(&self, coloured: bool) -> String {
        let renderer = if coloured { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(WIDTH);
        let mut out = String::new();
        for diagnostic in &self.list {
            let text = self.texts.get(&diagnostic.path).map_or("", String::as_str);
            out.push_str(&render_one(&renderer, diagnostic, text));
            out.push_str("\n\n");
        }
        if self.left_out > 0 {
            out.push_str(&format!("and {} more\n", self.left_out));
        }
        out
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Diagnostics {}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

fn render_one(renderer: &Renderer, diagnostic: &Diagnostic, text: &str) -> String {
    let title = Level::ERROR.primary_title(diagnostic.message.as_str());
    let mut group = match diagnostic.place.and_then(|place| excerpt(text, place)) {
        Some((line, place)) => {
            let label = (!diagnostic.expected.is_empty()).then_some(diagnostic.expected.as_str());
            let annotation = AnnotationKind::Primary.span(place.start()..place.end()).label(label);
            let snippet = Snippet::source(line).path(diagnostic.path.as_str()).line_start(diagnostic.line);
            title.element(snippet.annotation(annotation))
        }
        None => {
            let mut origin = Origin::path(diagnostic.path.as_str());
            if diagnostic.place.is_some() {
                origin = origin.line(diagnostic.line).char_column(diagnostic.column);
            }
            let group: Group<'_> = title.element(origin);
            match diagnostic.expected.as_str() {
                "" => group,
                expected => group.element(Level::NOTE.message(expected)),
            }
        }
    };
    if !diagnostic.help.is_empty() {
        group = group.element(Level::HELP.message(diagnostic.help.as_str()));
    }
    renderer.render(&[group])
}

/// The line in which a place begins, and the place within that line.
fn excerpt(text: &str, place: Place) -> Option<(&str, Place)> {
    let before = text.get(..place.start())?;
    let line_start = before.rfind('\n').map_or(0, |i| i + 1);
    let rest = text.get(line_start..)?;
    let line = rest.split('\n').next().unwrap_or("").trim_end_matches('\r');
    if line.len() > LINE_MAX_BYTES {
        return None;
    }
    let start = (place.start() - line_start).min(line.len());
    let end = (place.end().saturating_sub(line_start)).clamp(start, line.len());
    Some((line, Place::new(start, end)))
}

/// Line and column, counting from 1, of a byte position; columns count characters.
fn line_and_column(text: &str, position: usize) -> (usize, usize) {
    let before = text.get(..position).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |i| i + 1);
    let line = 1 + before.bytes().filter(|b| *b == b'\n').count();
    (line, 1 + before.get(line_start..).unwrap_or("").chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistake(text: &str, start: usize, message: &str) -> Diagnostic {
        let place = Place::new(start, start + 1);
        Diagnostic::at("a.ron", text, place, message.into(), "here".into(), "mend it".into())
    }

    #[test]
    fn columns_count_characters() {
        let text = "ab\näöx";
        let found = mistake(text, text.find('x').unwrap(), "m");
        assert_eq!((found.line(), found.column()), (2, 3));
        assert_eq!(found.to_string(), "a.ron:2:3: m; here (mend it)");
    }

    #[test]
    fn mistakes_are_sorted_unique_and_capped() {
        let text = " ".repeat(500);
        let mut list: Vec<_> = (0..150).rev().map(|i| mistake(&text, i, "m")).collect();
        list.push(mistake(&text, 3, "m"));
        let all = Diagnostics::of_file("a.ron", &text, list, 7);
        assert_eq!((all.len(), all.left_out()), (SHOWN_MAX, 57));
        assert!(all.iter().is_sorted_by_key(Diagnostic::column));
        assert!(all.render(false).ends_with("and 57 more\n"));
    }

    #[test]
    fn colour_is_only_there_on_demand() {
        let all = Diagnostics::of_file("a.ron", "x", vec![mistake("x", 0, "m")], 0);
        assert!(all.render(true).contains('\u{1b}'));
        assert!(!all.render(false).contains('\u{1b}'));
    }

    #[test]
    fn a_place_past_the_end_is_no_panic() {
        let text = "x\n";
        let list = vec![mistake(text, 2, "m"), mistake(text, 999, "n")];
        assert!(!Diagnostics::of_file("a.ron", text, list, 0).render(false).is_empty());
    }

    #[test]
    fn a_huge_line_is_not_printed() {
        let text = "x".repeat(10_000);
        let all = Diagnostics::of_file("a.ron", &text, vec![mistake(&text, 9_000, "m")], 0);
        let plain = all.render(false);
        assert!(plain.contains("a.ron:1:9001") && plain.len() < 200, "{plain}");
    }
}
