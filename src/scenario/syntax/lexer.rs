//! Text into tokens.

use super::Place;
use super::literal;
use super::parser::Mistake;

/// A piece of RON text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    /// One of `( ) [ ] { } , :`.
    Mark(char),
    /// A name.
    Name(String),
    /// A whole number.
    Integer(i128),
    /// A number with a point or an exponent.
    Float(f64),
    /// A string.
    Text(String),
    /// A character.
    Char(char),
    /// Something unreadable; the mistake has been noted.
    Broken,
    /// The end of the text.
    End,
}

/// Reads tokens one by one.
pub(crate) struct Lexer<'t> {
    text: &'t str,
    at: usize,
    /// Where the first text begins that goes over the end of a line.
    spanning: Option<Place>,
    /// What was unreadable.
    pub(crate) mistakes: Vec<Mistake>,
}

impl<'t> Lexer<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, at: 0, spanning: None, mistakes: Vec::new() }
    }

    /// The next token and where it stands; at the end, [`Token::End`] for ever.
    pub(crate) fn next(&mut self) -> (Token, Place) {
        if let Some(place) = self.skip_space() {
            let (found, help) = ("a comment that never ends", "close it with `*/`");
            return self.broken(Mistake::new(place, found.into(), "opened here".into(), help.into()));
        }
        let start = self.at;
        let Some(first) = self.rest().chars().next() else {
            return (Token::End, Place::new(start, start));
        };
        match first {
            '(' | ')' | '[' | ']' | '{' | '}' | ',' | ':' => {
                self.at += 1;
                (Token::Mark(first), Place::new(start, self.at))
            }
            '"' => self.literal(literal::text),
            '\'' => self.literal(literal::character),
            'r' if self.rest().starts_with("r\"") || self.rest().starts_with("r#") => {
                self.literal(literal::raw_text)
            }
            '0'..='9' | '+' | '-' | '.' => self.literal(literal::number),
            _ if first == '_' || first.is_ascii_alphabetic() => self.name(),
            _ => self.stray(first),
        }
    }

    /// The line of a place, counting from 1.
    pub(crate) fn line(&self, place: Place) -> usize {
        1 + self.text.bytes().take(place.start()).filter(|b| *b == b'\n').count()
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn literal(&mut self, read: fn(&str) -> literal::Read) -> (Token, Place) {
        let start = self.at;
        let literal::Read { length, token } = read(self.rest());
        self.at += length;
        let place = Place::new(start, self.at);
        match token {
            Ok(token) => {
                if self.spanning.is_none() && self.text.get(start..self.at).is_some_and(|t| t.contains('\n'))
                {
                    self.spanning = Some(place);
                }
                (token, place)
            }
            Err(mut fault) => {
                let at = Place::new(start + fault.at, start + fault.at + fault.length);
                if let (true, Some(spanning)) = (self.at == self.text.len(), self.spanning) {
                    let line = self.line(spanning);
                    fault.help.push_str(&format!(
                        "; or the text that begins in line {line} lacks its closing quote"
                    ));
                }
                self.broken(Mistake::new(at, fault.found, fault.expected.into(), fault.help))
            }
        }
    }

    fn name(&mut self) -> (Token, Place) {
        let start = self.at;
        let word = self.rest().split(|c: char| c != '_' && !c.is_ascii_alphanumeric()).next().unwrap_or("");
        self.at += word.len();
        let place = Place::new(start, self.at);
        if word == "b" && self.rest().starts_with(['"', '\'']) {
            let message = "byte strings have no meaning here".to_owned();
            return self.broken(Mistake::new(
                place,
                message,
                "expected a value".into(),
                "remove the `b`".into(),
            ));
        }
        (Token::Name(word.to_owned()), place)
    }

    fn stray(&mut self, first: char) -> (Token, Place) {
        let start = self.at;
        let length = match first {
            // One message for a whole run of the same nonsense.
            '#' => self.rest().find(']').map(|end| end + 1),
            c if c.is_alphanumeric() => self.rest().find(|c: char| !c.is_alphanumeric() && c != '_'),
            c => self.rest().find(|other| other != c),
        };
        self.at += length.unwrap_or(self.rest().len()).max(first.len_utf8());
        let place = Place::new(start, self.at);
        let (expected, help) = match first {
            '#' => ("expected a value", "leave `#![…]` out; optional fields are simply not written"),
            '=' => ("expected a value", "a field is written `name: value`"),
            ';' => ("expected a value", "entries are separated by commas"),
            '/' => ("expected a value", "a comment begins with `//` or stands between `/*` and `*/`"),
            '\u{feff}' => ("expected a value", "save the file without a byte order mark"),
            '“' | '”' | '„' | '‘' | '’' => ("expected a value", "use straight quotes, \"…\""),
            c if c.is_alphabetic() => ("expected a value", "text stands between quotes, \"…\""),
            _ => ("expected a value", ""),
        };
        let found = format!("stray {:?}", first);
        self.broken(Mistake::new(place, found, expected.into(), help.into()))
    }

    fn broken(&mut self, mistake: Mistake) -> (Token, Place) {
        let place = mistake.place;
        self.mistakes.push(mistake);
        (Token::Broken, place)
    }

    /// Skips white space and comments. Returns the opening of a comment that never ends.
    fn skip_space(&mut self) -> Option<Place> {
        loop {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '\x0B', '\x0C']).len();
            let rest = self.rest();
            if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                let start = self.at;
                if !self.skip_block_comment() {
                    return Some(Place::new(start, start + 2));
                }
            } else {
                return None;
            }
        }
    }

    /// Skips a comment that may hold comments. Returns whether it ended.
    fn skip_block_comment(&mut self) -> bool {
        let bytes = self.text.as_bytes();
        let mut depth = 0_usize;
        while let Some(pair) = bytes.get(self.at..self.at + 2) {
            let step = match pair {
                b"/*" => {
                    depth += 1;
                    2
                }
                b"*/" => {
                    depth -= 1;
                    2
                }
                _ => 1,
            };
            self.at += step;
            if depth == 0 {
                return true;
            }
        }
        self.at = self.text.len();
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token> {
        let mut lexer = Lexer::new(text);
        std::iter::from_fn(|| Some(lexer.next().0)).take_while(|t| *t != Token::End).collect()
    }

    #[test]
    fn comments_nest() {
        assert_eq!(tokens("/* a /* b */ c */ 1 // 2\n3"), [Token::Integer(1), Token::Integer(3)]);
        assert_eq!(tokens("/* /* */"), [Token::Broken]);
        assert_eq!(tokens("/*/ 1"), [Token::Broken]);
    }

    #[test]
    fn strings_may_be_raw() {
        let text = r###"r"a\n" r#"say "x""# "\u{e9}\x41\
            b""###;
        let expected = [r"a\n", r#"say "x""#, "éAb"].map(|t| Token::Text(t.into()));
        assert_eq!(tokens(text), expected);
    }

    #[test]
    fn places_are_bytes() {
        let mut lexer = Lexer::new("  é");
        assert_eq!(lexer.next(), (Token::Broken, Place::new(2, 4)));
        assert_eq!(lexer.next(), (Token::End, Place::new(4, 4)));
    }
}
