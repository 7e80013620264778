//! Numbers, strings and characters.

use super::lexer::Token;

/// What a literal was read as, and how many bytes it took.
pub(super) struct Read {
    pub(super) length: usize,
    pub(super) token: Result<Token, Fault>,
}

/// What is wrong with a literal, and where from its start.
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) length: usize,
    pub(super) found: String,
    pub(super) expected: &'static str,
    pub(super) help: String,
}

impl Read {
    fn good(length: usize, token: Token) -> Self {
        Self { length, token: Ok(token) }
    }

    fn bad(length: usize, at: (usize, usize), found: impl Into<String>, help: impl Into<String>) -> Self {
        let (at, width) = at;
        let fault = Fault { at, length: width, found: found.into(), expected: "", help: help.into() };
        Self { length, token: Err(fault) }
    }
}

/// A number, with everything glued to it so that `10min` gives one good message.
pub(super) fn number(rest: &str) -> Read {
    let length = number_length(rest);
    let word = rest.get(..length).unwrap_or(rest);
    let unsigned = word.trim_start_matches(['+', '-']);
    let negative = word.starts_with('-');
    let all = (0, length);
    if word.len() - unsigned.len() > 1 {
        return Read::bad(length, all, format!("`{word}` is not a number"), "write one sign at most");
    }
    match unsigned {
        "inf" | "NaN" => {
            let value = if unsigned == "inf" { f64::INFINITY } else { f64::NAN };
            return Read::good(length, Token::Float(if negative { -value } else { value }));
        }
        _ => {}
    }
    let radix = match unsigned.get(..2) {
        Some("0x") => 16,
        Some("0b") => 2,
        Some("0o") => 8,
        _ => 10,
    };
    let digits = if radix == 10 { unsigned } else { unsigned.get(2..).unwrap_or("") };
    if !tidy_underscores(digits) {
        return Read::bad(length, all, format!("`{word}` is not a number"), hint(unsigned));
    }
    let plain: String = digits.chars().filter(|c| *c != '_').collect();
    if !plain.is_empty() && plain.chars().all(|c| c.is_digit(radix)) {
        return integer(length, word, &plain, radix, negative);
    }
    match radix == 10 && float_shape(&plain) {
        true => {
            let value: f64 = plain.parse().unwrap_or(f64::NAN);
            Read::good(length, Token::Float(if negative { -value } else { value }))
        }
        false => Read::bad(length, all, format!("`{word}` is not a number"), hint(unsigned)),
    }
}

fn integer(length: usize, word: &str, digits: &str, radix: u32, negative: bool) -> Read {
    let range = i128::from(i64::MIN)..=i128::from(u64::MAX);
    let magnitude = i128::from_str_radix(digits, radix).ok();
    match magnitude.map(|m| if negative { -m } else { m }).filter(|n| range.contains(n)) {
        Some(n) => Read::good(length, Token::Integer(n)),
        None => {
            let help = format!("whole numbers go from {} to {}", i64::MIN, u64::MAX);
            Read::bad(length, (0, length), format!("`{}` is too large", super::tree::shortened(word)), help)
        }
    }
}

/// How many bytes belong to the number: letters, digits, points, underscores, and signs after an exponent.
fn number_length(rest: &str) -> usize {
    let mut previous = ' ';
    let hexadecimal = rest.trim_start_matches(['+', '-']).starts_with("0x");
    for (i, c) in rest.char_indices() {
        let sign = matches!(c, '+' | '-');
        let leading = sign && rest.get(..i).is_some_and(|s| s.chars().all(|c| matches!(c, '+' | '-')));
        let exponent = sign && matches!(previous, 'e' | 'E') && !hexadecimal;
        if !(leading || exponent || c == '.' || c == '_' || c.is_alphanumeric()) {
            return i;
        }
        previous = c;
    }
    rest.len()
}

/// Whether every underscore stands between two digits.
fn tidy_underscores(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    let digit = |i: Option<usize>| i.and_then(|i| bytes.get(i)).is_some_and(u8::is_ascii_hexdigit);
    let mut spots = bytes.iter().enumerate().filter(|(_, b)| **b == b'_').map(|(i, _)| i);
    spots.all(|i| digit(i.checked_sub(1)) && digit(Some(i + 1)))
}

/// Digits with a point before, among or after them, and perhaps an exponent.
fn float_shape(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent = exponent.map(|e| e.strip_prefix(['+', '-']).unwrap_or(e));
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|e| !e.is_empty() && digits(e))
}

fn hint(word: &str) -> String {
    let number = word.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    let unit = word.get(number..).unwrap_or("");
    if word.contains(':') || matches!(unit, "h" | "min" | "m" | "s" | "ms" | "us") {
        return format!("write a length of time in quotes, \"{word}\"");
    }
    match unit {
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "f32" | "f64" => {
            "numbers take no type suffix".into()
        }
        _ => String::new(),
    }
}

/// `"…"`.
pub(super) fn text(rest: &str) -> Read {
    let mut value = String::new();
    let mut at = 1;
    while let Some(c) = rest.get(at..).and_then(|r| r.chars().next()) {
        match c {
            '"' => return Read::good(at + 1, Token::Text(value)),
            '\\' => match escape(rest, at, true) {
                Ok((c, length)) => {
                    value.extend(c);
                    at += length;
                }
                Err(width) => return bad_escape(rest, at, width, text_end(rest)),
            },
            _ => {
                value.push(c);
                at += c.len_utf8();
            }
        }
    }
    Read::bad(rest.len(), (0, 1), "a text that never ends", "close it with `\"`")
}

/// Where a text ends, for going on after a bad escape in it.
fn text_end(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    rest.len()
}

fn bad_escape(rest: &str, at: usize, width: usize, length: usize) -> Read {
    let end = (at..=at + width).rev().find(|end| rest.is_char_boundary(*end)).unwrap_or(at);
    let found = format!("`{}` is not an escape", rest.get(at..end).unwrap_or("\\"));
    let help = r#"the escapes are \" \\ \' \n \r \t \0 \x41 \u{e9}; for a plain backslash write `\\`"#;
    Read::bad(length, (at, end - at), found, help)
}

/// What the escape at `at` stands for and how long it is; else how many bytes of it to show.
fn escape(rest: &str, at: usize, continuation: bool) -> Result<(Option<char>, usize), usize> {
    let body = rest.get(at + 1..).unwrap_or("");
    let simple = |c| Ok((Some(c), 2));
    match body.chars().next() {
        Some('n') => simple('\n'),
        Some('r') => simple('\r'),
        Some('t') => simple('\t'),
        Some('0') => simple('\0'),
        Some(c @ ('\'' | '"' | '\\')) => simple(c),
        Some('x') => {
            let code = body.get(1..3).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
            let code = code.and_then(|d| u8::from_str_radix(d, 16).ok()).filter(u8::is_ascii);
            code.map(|c| (Some(char::from(c)), 4)).ok_or(4)
        }
        Some('u') => {
            let digits = body.strip_prefix("u{").and_then(|b| b.split_once('}')).map(|(digits, _)| digits);
            let digits = digits.filter(|d| (1..=6).contains(&d.len()));
            let digits = digits.filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
            let code = digits.and_then(|d| u32::from_str_radix(d, 16).ok()).and_then(char::from_u32);
            code.map(|c| (Some(c), 4 + digits.map_or(0, str::len))).ok_or(3)
        }
        Some('\n' | '\r') if continuation && (body.starts_with('\n') || body.starts_with("\r\n")) => {
            let skipped = body.len() - body.trim_start_matches([' ', '\t', '\n', '\r']).len();
            Ok((None, 1 + skipped))
        }
        Some(c) => Err(1 + c.len_utf8()),
        None => Err(1),
    }
}

/// `r"…"` or `r#"…"#`.
pub(super) fn raw_text(rest: &str) -> Read {
    let hashes = rest.get(1..).unwrap_or("").bytes().take_while(|b| *b == b'#').count();
    let body = rest.get(1 + hashes..).unwrap_or("");
    let Some(body) = body.strip_prefix('"') else {
        let message = "`r#` begins neither a text nor a name";
        return Read::bad(1 + hashes, (0, 1 + hashes), message, "write a raw text as r#\"…\"#");
    };
    let ending = format!("\"{}", "#".repeat(hashes));
    match body.find(&ending) {
        Some(end) => {
            let length = 2 + hashes + end + ending.len();
            Read::good(length, Token::Text(body.get(..end).unwrap_or("").into()))
        }
        None => {
            let help = format!("close it with `{ending}`");
            Read::bad(rest.len(), (0, 2 + hashes), "a raw text that never ends", help)
        }
    }
}

/// `'x'`.
pub(super) fn character(rest: &str) -> Read {
    let parsed = match rest.get(1..).and_then(|r| r.chars().next()) {
        Some('\\') => escape(rest, 1, false).ok().and_then(|(c, length)| Some((c?, 1 + length))),
        Some(c) => Some((c, 1 + c.len_utf8())),
        None => None,
    };
    match parsed.filter(|(_, end)| rest.get(*end..).is_some_and(|r| r.starts_with('\''))) {
        Some((c, end)) => Read::good(end + 1, Token::Char(c)),
        None => Read::bad(1, (0, 1), "a stray single quote", "text stands between double quotes, \"…\""),
    }
}
