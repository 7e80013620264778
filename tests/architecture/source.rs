//! Rust source as a row of tokens: comments gone, literals reduced to their kind, every token with its line.

use std::fs;
use std::path::{Path, PathBuf};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A name or a keyword.
    Word,
    /// A number.
    Number,
    /// A string, byte string or character; its text is gone.
    Text,
    /// `::` or a single other character.
    Mark,
}

/// A token and the line it begins on, counted from one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) text: String,
    pub(crate) line: usize,
}

impl Token {
    /// Whether this is the word or mark `text`.
    pub(crate) fn is(&self, text: &str) -> bool {
        matches!(self.kind, Kind::Word | Kind::Mark) && self.text == text
    }
}

/// One source file.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// From the repository's root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) tokens: Vec<Token>,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self { path: path.into(), text: text.into(), tokens: tokens(text) }
    }

    /// Where a finding is, as editors understand it.
    pub(crate) fn at(&self, line: usize) -> String {
        format!("{}:{line}", self.path)
    }
}

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the repository, `None` if it is not there.
pub(crate) fn read(path: &str) -> Option<String> {
    fs::read_to_string(root().join(path)).ok()
}

/// Every Rust file below a folder of the repository, in order of path.
pub(crate) fn sources(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    collect(&root().join(folder), folder, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn collect(folder: &Path, shown: &str, found: &mut Vec<Source>) {
    for (name, path) in entries(folder) {
        let shown = format!("{shown}/{name}");
        if path.is_dir() {
            collect(&path, &shown, found);
        } else if name.ends_with(".rs") {
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{shown}: {error}"));
            found.push(Source::new(&shown, &text));
        }
    }
}

/// Names and paths of what lies in a folder; nothing if it is not there.
pub(crate) fn entries(folder: &Path) -> Vec<(String, PathBuf)> {
    let listed = fs::read_dir(folder).into_iter().flatten().flatten();
    listed.map(|e| (e.file_name().to_string_lossy().into_owned(), e.path())).collect()
}

/// Cuts a text into tokens.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut cutter = Cutter { rest: text, line: 1, found: Vec::new() };
    while !cutter.rest.is_empty() {
        cutter.cut();
    }
    cutter.found
}

struct Cutter<'t> {
    rest: &'t str,
    line: usize,
    found: Vec<Token>,
}

impl Cutter<'_> {
    fn cut(&mut self) {
        let rest = self.rest;
        let first = rest.chars().next().unwrap_or(' ');
        if rest.starts_with("//") {
            self.skip(rest.find('\n').unwrap_or(rest.len()));
        } else if rest.starts_with("/*") {
            self.skip(block_comment(rest));
        } else if let Some(length) = string(rest) {
            self.push(Kind::Text, "\"", length);
        } else if first == '\'' {
            match character(rest) {
                Some(length) => self.push(Kind::Text, "'", length),
                // A lifetime is a mark and a word.
                None => self.push(Kind::Mark, "'", 1),
            }
        } else if first.is_alphabetic() || first == '_' {
            let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            self.push(Kind::Word, &rest[..length], length);
        } else if first.is_ascii_digit() {
            let length = number(rest);
            self.push(Kind::Number, &rest[..length], length);
        } else if first.is_whitespace() {
            self.skip(first.len_utf8());
        } else {
            let length = if rest.starts_with("::") { 2 } else { first.len_utf8() };
            self.push(Kind::Mark, &rest[..length], length);
        }
    }

    fn push(&mut self, kind: Kind, text: &str, length: usize) {
        self.found.push(Token { kind, text: text.into(), line: self.line });
        self.skip(length);
    }

    fn skip(&mut self, length: usize) {
        self.line += self.rest[..length].matches('\n').count();
        self.rest = &self.rest[length..];
    }
}

/// Length of a block comment, which may hold others.
fn block_comment(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        if rest.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}

/// Length of a string literal of any sort, if the text begins with one.
fn string(text: &str) -> Option<usize> {
    let opens = |prefix: &&str| {
        text.strip_prefix(prefix).is_some_and(|t| {
            let rest = if prefix.ends_with('r') { t.trim_start_matches('#') } else { t };
            rest.starts_with('"')
        })
    };
    let prefix = ["br", "cr", "b", "c", "r", ""].into_iter().find(opens)?;
    let opened = &text[prefix.len()..];
    if prefix.ends_with('r') {
        let hashes = opened.len() - opened.trim_start_matches('#').len();
        let end = format!("\"{}", "#".repeat(hashes));
        let body = prefix.len() + hashes + 1;
        return Some(text[body..].find(&end).map_or(text.len(), |at| body + at + end.len()));
    }
    let mut escaped = false;
    for (at, c) in opened.char_indices().skip(1) {
        match c {
            '"' if !escaped => return Some(prefix.len() + at + 1),
            _ => escaped = c == '\\' && !escaped,
        }
    }
    Some(text.len())
}

/// Length of a character literal, if the text begins with one and not with a lifetime.
fn character(text: &str) -> Option<usize> {
    let mut chars = text.char_indices().skip(1);
    let (_, first) = chars.next()?;
    if first == '\\' {
        chars.next()?;
        return chars.find(|(_, c)| *c == '\'').map(|(at, _)| at + 1);
    }
    chars.next().filter(|(_, c)| *c == '\'').map(|(at, _)| at + 1)
}

/// Length of a number. A point belongs to it only if a digit follows, so that ranges and methods do not.
fn number(text: &str) -> usize {
    let word = |t: &str| t.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(t.len());
    let whole = word(text);
    let after = &text[whole..];
    match after.strip_prefix('.') {
        Some(fraction) if fraction.starts_with(|c: char| c.is_ascii_digit()) => whole + 1 + word(fraction),
        _ => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|t| t.text).collect()
    }

    #[test]
    fn comments_and_strings_say_nothing() {
        let text = "a // crate::x\n/* b /* c */ d */ e \"f \\\" g\" r#\"h \" i\"# b'j' '\\'' 'k' l";
        assert_eq!(words(text), ["a", "e", "\"", "\"", "b", "'", "'", "'", "l"]);
    }

    #[test]
    fn lifetimes_are_not_characters() {
        assert_eq!(words("&'a str, '\\u{41}'"), ["&", "'", "a", "str", ",", "'"]);
    }

    #[test]
    fn raw_names_are_not_strings() {
        assert_eq!(words("r#type + br"), ["r", "#", "type", "+", "br"]);
    }

    #[test]
    fn ranges_are_two_numbers_and_fractions_one() {
        assert_eq!(words("0..10 1.5 2.max(3)"), ["0", ".", ".", "10", "1.5", "2", ".", "max", "(", "3", ")"]);
    }

    #[test]
    fn lines_count_through_everything() {
        let found = tokens("a\n\"b\nc\"\n/*\n*/ d");
        assert_eq!(found.iter().map(|t| t.line).collect::<Vec<_>>(), [1, 2, 5]);
    }

    #[test]
    fn the_source_tree_is_found() {
        assert!(sources("src").iter().any(|s| s.path == "src/apb/controller.rs"));
    }
}
