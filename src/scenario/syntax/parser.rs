//! Tokens into a tree. Goes on after a mistake wherever the brackets still match.

use super::lexer::{Lexer, Token};
use super::tree::{Field, Node, Place, Value, Word, shortened};

/// How deep values may be nested.
pub const DEPTH_MAX: usize = 64;

/// After this many mistakes the reader gives up.
const MISTAKES_MAX: usize = 200;

/// One mistake in the syntax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where.
    pub place: Place,
    /// What was found.
    pub found: String,
    /// What was expected; may be empty.
    pub expected: String,
    /// How to mend it; may be empty.
    pub help: String,
}

impl Mistake {
    pub(super) fn new(place: Place, found: String, expected: String, help: String) -> Self {
        Self { place, found, expected, help }
    }
}

/// What came of reading a text.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The tree; `None` if the mistakes leave its shape in doubt. Unreadable values are [`Value::Broken`].
    pub tree: Option<Node>,
    /// Every mistake.
    pub mistakes: Vec<Mistake>,
}

/// Reads RON text.
pub fn parse(text: &str) -> Parsed {
    let mut parser =
        Parser { lexer: Lexer::new(text), ahead: None, before: Place::default(), depth: 0, open: vec![] };
    let tree = parser.document().ok();
    Parsed { tree, mistakes: parser.lexer.mistakes }
}

/// The shape of the rest is in doubt; the reason has been noted.
struct Lost;

struct Parser<'t> {
    lexer: Lexer<'t>,
    ahead: Option<(Token, Place)>,
    /// The place of the last token taken.
    before: Place,
    depth: usize,
    /// The brackets that are open, with their places.
    open: Vec<(char, Place)>,
}

impl Parser<'_> {
    fn document(&mut self) -> Result<Node, Lost> {
        if self.peek().0 == Token::End {
            let place = self.peek().1;
            let help = "a scenario begins with `Scenario(`, a site with `Site(`";
            self.note(place, "there is nothing in this file", "", help)?;
            return Err(Lost);
        }
        // What cannot stand here at all, such as `#![enable(…)]`, has been noted.
        while self.peek().0 == Token::Broken {
            self.take();
        }
        let node = self.value()?;
        match self.peek() {
            (Token::End, _) => Ok(node),
            (Token::Mark(c @ (')' | ']' | '}')), place) => {
                self.note(place, format!("`{c}` closes nothing"), "", "remove it, or open it before")?;
                Err(Lost)
            }
            (_, place) => {
                self.note(place, "something follows after the end of the value", "expected the end", "")?;
                Err(Lost)
            }
        }
    }

    fn peek(&mut self) -> (Token, Place) {
        let lexer = &mut self.lexer;
        self.ahead.get_or_insert_with(|| lexer.next()).clone()
    }

    fn take(&mut self) -> (Token, Place) {
        let taken = match self.ahead.take() {
            Some(ahead) => ahead,
            None => self.lexer.next(),
        };
        self.before = taken.1;
        taken
    }

    fn next_is(&mut self, mark: char) -> bool {
        if self.ahead.is_none() {
            self.ahead = Some(self.lexer.next());
        }
        matches!(&self.ahead, Some((Token::Mark(c), _)) if *c == mark)
    }

    fn take_if(&mut self, mark: char) -> bool {
        let there = self.next_is(mark);
        if there {
            self.take();
        }
        there
    }

    fn note(
        &mut self,
        place: Place,
        found: impl Into<String>,
        expected: &str,
        help: &str,
    ) -> Result<(), Lost> {
        self.lexer.mistakes.push(Mistake::new(place, found.into(), expected.into(), help.into()));
        if self.lexer.mistakes.len() >= MISTAKES_MAX { Err(Lost) } else { Ok(()) }
    }

    /// Any value. Never takes a closing bracket or a comma.
    fn value(&mut self) -> Result<Node, Lost> {
        if self.lexer.mistakes.len() >= MISTAKES_MAX {
            return Err(Lost);
        }
        let (token, place) = self.peek();
        let value = match token {
            Token::Mark('(') => return self.parenthesis(None, place),
            Token::Mark('[') => {
                let items = self.bracketed('[', ']', Self::value)?;
                return Ok(Node { place: place.to(self.before), value: Value::List(items) });
            }
            Token::Mark('{') => {
                let pairs = self.bracketed('{', '}', Self::pair)?;
                return Ok(Node { place: place.to(self.before), value: Value::Map(pairs) });
            }
            Token::Mark(_) | Token::End => {
                let found = self.describe();
                let place = if token == Token::End { self.end_place(place) } else { place };
                self.note(place, found, "expected a value", "")?;
                return Ok(Node { place, value: Value::Broken });
            }
            Token::Name(text) => {
                self.take();
                return self.named(Word { text, place });
            }
            Token::Integer(n) => Value::Integer(n),
            Token::Float(x) => Value::Float(x),
            Token::Text(text) => Value::Text(text),
            Token::Char(c) => Value::Char(c),
            Token::Broken => Value::Broken,
        };
        self.take();
        Ok(Node { place, value })
    }

    /// The place of an unexpected end: the last thing before it.
    fn end_place(&self, end: Place) -> Place {
        if self.before == Place::default() { end } else { self.before }
    }

    /// A value that begins with a name, which has been taken.
    fn named(&mut self, word: Word) -> Result<Node, Lost> {
        let place = word.place;
        if self.next_is('(') {
            return self.parenthesis(Some(word), place);
        }
        let value = match word.text.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "inf" => Value::Float(f64::INFINITY),
            "NaN" => Value::Float(f64::NAN),
            "None" => Value::Option(None),
            "Some" => {
                self.note(place, "`Some` holds nothing", "", "write `Some(value)`, or just the value")?;
                Value::Broken
            }
            _ => Value::Name(word.text),
        };
        Ok(Node { place, value })
    }

    /// What stands between round brackets: fields, or values.
    fn parenthesis(&mut self, name: Option<Word>, start: Place) -> Result<Node, Lost> {
        let mistakes = self.lexer.mistakes.len();
        let items = self.bracketed('(', ')', Self::item)?;
        let doubt = self.lexer.mistakes.len() > mistakes;
        let place = start.to(self.before);
        let fields = items.iter().filter(|item| matches!(item, Item::Field(_))).count();
        let value = if items.is_empty() {
            if name.is_some() { Value::Tuple(name, vec![]) } else { Value::Unit }
        } else if fields == 0 && doubt {
            // Whether these should have been fields cannot be told.
            Value::Broken
        } else if fields == 0 {
            Value::Tuple(name, items.into_iter().map(Item::into_node).collect())
        } else {
            let mut kept = Vec::with_capacity(fields);
            for item in items {
                match item {
                    Item::Field(field) => kept.push(field),
                    Item::Value(Node { value: Value::Broken, .. }) => {}
                    Item::Value(node) => {
                        let found = format!("{} among named fields", node.kind());
                        self.note(node.head(), found, "expected `name: value`", "")?;
                    }
                }
            }
            Value::Struct(name, kept)
        };
        let keyword = match &value {
            Value::Struct(Some(name), _) | Value::Tuple(Some(name), _) => name.text.clone(),
            _ => return Ok(Node { place, value }),
        };
        Ok(Node { place, value: self.keyword(&keyword, value, start)? })
    }

    /// `Some(x)` is an option; the other words of the language hold nothing.
    fn keyword(&mut self, word: &str, value: Value, place: Place) -> Result<Value, Lost> {
        match (word, value) {
            ("Some", Value::Tuple(_, items)) if items.len() == 1 => {
                Ok(Value::Option(items.into_iter().next().map(Box::new)))
            }
            ("Some", _) => {
                self.note(
                    place,
                    "`Some` holds exactly one value",
                    "",
                    "write `Some(value)`, or just the value",
                )?;
                Ok(Value::Broken)
            }
            ("None" | "true" | "false" | "inf" | "NaN", _) => {
                self.note(place, format!("`{word}` holds nothing"), "", "remove the round brackets")?;
                Ok(Value::Broken)
            }
            (_, value) => Ok(value),
        }
    }

    fn item(&mut self) -> Result<Item, Lost> {
        let (Token::Name(name), place) = self.peek() else {
            let text_key = matches!(self.peek().0, Token::Text(_));
            let node = self.value()?;
            if text_key && self.next_is(':') {
                self.note(
                    node.place,
                    "a field's name in quotes",
                    "expected a name",
                    "write it without quotes",
                )?;
                self.take();
                self.value()?;
                return Ok(Item::Value(Node { value: Value::Broken, ..node }));
            }
            return Ok(Item::Value(node));
        };
        self.take();
        if self.take_if(':') {
            let value = self.value()?;
            return Ok(Item::Field(Field { name: Word { text: name, place }, value }));
        }
        let node = self.named(Word { text: name, place })?;
        Ok(Item::Value(node))
    }

    fn pair(&mut self) -> Result<(Node, Node), Lost> {
        let key = self.value()?;
        if self.take_if(':') {
            return Ok((key, self.value()?));
        }
        let place = self.peek().1;
        let found = self.describe();
        self.note(place, found, "expected `:` and a value", "")?;
        let broken = Node { place, value: Value::Broken };
        Ok((key, broken))
    }

    /// Items between brackets, separated by commas.
    fn bracketed<T>(
        &mut self,
        opening: char,
        closing: char,
        item: fn(&mut Self) -> Result<T, Lost>,
    ) -> Result<Vec<T>, Lost> {
        let (_, place) = self.take();
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            let message = format!("values are nested more than {DEPTH_MAX} deep");
            self.note(place, message, "", "no file of apbrig needs that; is a bracket left open?")?;
            return Err(Lost);
        }
        self.open.push((opening, place));
        let mut items = Vec::new();
        loop {
            if self.take_if(closing) {
                break;
            }
            if self.next_is(',') {
                let place = self.peek().1;
                self.note(place, "a comma with nothing before it", "expected a value", "remove the comma")?;
                self.take();
                continue;
            }
            self.refuse_wrong_end(closing)?;
            items.push(item(self)?);
            if self.take_if(closing) {
                break;
            }
            if !self.take_if(',') {
                self.missing_comma(closing)?;
            }
        }
        self.open.pop();
        self.depth -= 1;
        Ok(items)
    }

    /// After an item comes neither a comma nor the closing bracket.
    fn missing_comma(&mut self, closing: char) -> Result<(), Lost> {
        self.refuse_wrong_end(closing)?;
        if self.next_is(':') {
            let place = self.peek().1;
            self.note(place, "found `:`", format!("expected `,` or `{closing}`").as_str(), "")?;
            self.take();
            self.value()?;
            self.take_if(',');
            return Ok(());
        }
        let broken = matches!(self.peek().0, Token::Broken);
        let after = Place::new(self.before.end(), self.before.end());
        let found = self.describe();
        if broken {
            self.take();
        } else {
            let help = "put a comma between the two";
            self.note(after, format!("{found} without a comma before it"), "expected `,`", help)?;
        }
        Ok(())
    }

    /// Notes a closing bracket of the wrong kind, or the end of the file, and gives up: the shape is in
    /// doubt.
    fn refuse_wrong_end(&mut self, closing: char) -> Result<(), Lost> {
        let (token, place) = self.peek();
        let (opening, opened) = self.open.last().copied().unwrap_or((closing, place));
        match token {
            Token::End => {
                self.note(
                    opened,
                    format!("`{opening}` is never closed"),
                    "opened here",
                    &format!("add `{closing}`"),
                )?;
                Err(Lost)
            }
            Token::Mark(wrong @ (')' | ']' | '}')) if wrong != closing => {
                let found = format!("`{wrong}` does not close `{opening}`");
                let help = format!("the `{opening}` was opened in line {}", self.lexer.line(opened));
                self.note(place, found, &format!("expected `{closing}`"), &help)?;
                Err(Lost)
            }
            _ => Ok(()),
        }
    }

    fn describe(&mut self) -> String {
        match self.peek().0 {
            Token::Mark(c) => format!("found `{c}`"),
            Token::Name(name) => format!("found `{}`", shortened(&name)),
            Token::Integer(_) | Token::Float(_) => "found a number".into(),
            Token::Text(_) => "found a text".into(),
            Token::Char(_) => "found a character".into(),
            Token::Broken => "found something unreadable".into(),
            Token::End => "the file ends here".into(),
        }
    }
}

/// What may stand between round brackets.
enum Item {
    Field(Field),
    Value(Node),
}

impl Item {
    fn into_node(self) -> Node {
        match self {
            Self::Field(field) => field.value,
            Self::Value(node) => node,
        }
    }
}
