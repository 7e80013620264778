//! A strict little reader of markup: every element closed in order, every attribute quoted, no stray
//! ampersand.

/// Elements of HTML that have no end.
const VOID: [&str; 6] = ["br", "meta", "link", "hr", "img", "input"];

/// Panics unless `text` is a well-formed HTML page as we write them.
pub(crate) fn assert_html(text: &str) {
    let body = text.strip_prefix("<!DOCTYPE html>").expect("a page starts with its document type");
    assert_balanced(body, &VOID);
}

/// Panics unless `text` is a well-formed XML document.
pub(crate) fn assert_xml(text: &str) {
    let body = text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>").expect("an XML declaration");
    assert_balanced(body, &[]);
}

fn assert_balanced(text: &str, void: &[&str]) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        if open.last() != Some(&"style") {
            assert_text(&rest[..at]);
        }
        let end = at + tag_length(&rest[at..]);
        let tag = &rest[at + 1..end - 1];
        rest = &rest[end..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "`</{name}>` closes the wrong element; open: {open:?}");
            continue;
        }
        let (tag, closed) = tag.strip_suffix('/').map_or((tag, false), |t| (t, true));
        let name = tag.split_whitespace().next().expect("a tag has a name");
        assert!(name.chars().all(|c| c.is_ascii_alphanumeric()), "odd element name `{name}`");
        assert_attributes(&tag[name.len()..]);
        if !closed && !void.contains(&name) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    assert_text(rest);
}

/// The length of a tag from `<` to `>`, quotes respected.
fn tag_length(text: &str) -> usize {
    let mut quoted = false;
    for (i, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => return i + 1,
            '<' if i > 0 => panic!("`<` within a tag: {}", &text[..i]),
            _ => {}
        }
    }
    panic!("a tag without an end: {}", text.chars().take(80).collect::<String>())
}

fn assert_attributes(mut text: &str) {
    let mut seen = Vec::new();
    loop {
        text = text.trim_start();
        if text.is_empty() {
            return;
        }
        let (name, rest) =
            text.split_once("=\"").unwrap_or_else(|| panic!("an attribute without a value: {text}"));
        let (value, rest) = rest.split_once('"').expect("a closing quote");
        assert!(
            name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == ':'),
            "odd attribute `{name}`"
        );
        assert!(!seen.contains(&name), "`{name}` twice in one element");
        seen.push(name);
        assert_text(value);
        text = rest;
    }
}

fn assert_text(text: &str) {
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "a control character in: {text:?}");
    for (at, _) in text.match_indices('&') {
        let entity = text[at + 1..].split_once(';').map_or("", |(name, _)| name);
        let known = ["amp", "lt", "gt", "quot", "apos"].contains(&entity) || entity.starts_with('#');
        assert!(known, "a stray ampersand: {}", text[at..].chars().take(20).collect::<String>());
    }
}
