//! Sizes and manners of one source file, as numbers.

use crate::source::{Source, Token};

/// Characters in a line at most.
pub(crate) const LINE_MAX: usize = 110;

/// The files nobody writes, because everything would end up in them.
const DUMPING_GROUNDS: &[&str] =
    &["util", "utils", "helper", "helpers", "common", "types", "manager", "misc"];

/// A function, with the lines from its `fn` to its closing brace.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) line: usize,
    pub(crate) lines: usize,
}

/// Every function that has a body.
pub(crate) fn functions(source: &Source) -> Vec<Function> {
    let tokens = &source.tokens;
    let begins = (0..tokens.len().saturating_sub(2)).filter(|i| {
        // `fn (…)` is the type of a function.
        tokens[*i].is("fn") && !tokens[i + 1].is("(") && !is_text_in_macro(tokens, *i)
    });
    begins
        .filter_map(|i| {
            let end = body_end(tokens, i)?;
            let (line, last) = (tokens[i].line, tokens[end].line);
            Some(Function { name: tokens[i + 1].text.clone(), line, lines: last - line + 1 })
        })
        .collect()
}

/// Whether this `fn` is a macro's placeholder rather than a function: `$f:fn` and the like.
fn is_text_in_macro(tokens: &[Token], at: usize) -> bool {
    at.checked_sub(1).is_some_and(|p| tokens[p].is(":") || tokens[p].is("$"))
}

/// Where the body of the function at `at` ends; `None`: it has none.
fn body_end(tokens: &[Token], at: usize) -> Option<usize> {
    let mut nested = 0_usize;
    let mut open = None;
    for (i, token) in tokens.iter().enumerate().skip(at) {
        if token.is("(") || token.is("[") {
            nested += 1;
        } else if token.is(")") || token.is("]") {
            nested = nested.saturating_sub(1);
        } else if nested == 0 && token.is(";") {
            return None;
        } else if nested == 0 && token.is("{") {
            open = Some(i);
            break;
        }
    }
    closing(tokens, open?)
}

/// The brace that closes the one at `open`.
fn closing(tokens: &[Token], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    (open..tokens.len()).find(|i| {
        if tokens[*i].is("{") {
            depth += 1;
        } else if tokens[*i].is("}") {
            depth = depth.saturating_sub(1);
            return depth == 0;
        }
        false
    })
}

/// Things a `mod.rs` holds that belong in a file with a name: everything but modules, re-exports, plugins and
/// the labels they order systems by.
pub(crate) fn logic_items(source: &Source) -> Vec<String> {
    const ITEMS: &[&str] = &["fn", "impl", "struct", "enum", "union", "trait", "const", "static", "type"];
    const WIRING: &[&str] = &["plugin", "main"];
    const LABELS: &[&str] = &["SystemSet", "ScheduleLabel"];
    let tokens = &source.tokens;
    let mut found = Vec::new();
    let mut label = false;
    let mut i = 0;
    while let Some(token) = tokens.get(i) {
        if token.is("#") {
            let end = (i..tokens.len()).find(|j| tokens[*j].is("]")).unwrap_or(i);
            label |= tokens[i..end].iter().any(|t| LABELS.iter().any(|l| t.is(l)));
            i = end + 1;
            continue;
        }
        let name = tokens.get(i + 1).map_or("", |t| t.text.as_str());
        if ITEMS.iter().any(|item| token.is(item)) || token.is("macro_rules") {
            if !(label || token.is("fn") && WIRING.contains(&name)) {
                found.push(format!("{} {name}", token.text));
            }
            label = false;
            i = item_end(tokens, i) + 1;
            continue;
        }
        if token.is("use") || token.is("mod") {
            label = false;
            i = item_end(tokens, i) + 1;
            continue;
        }
        i += 1;
    }
    found
}

/// Where an item ends: at its closing brace or at its semicolon.
fn item_end(tokens: &[Token], at: usize) -> usize {
    let mut nested = 0_usize;
    for (i, token) in tokens.iter().enumerate().skip(at) {
        if token.is("(") || token.is("[") {
            nested += 1;
        } else if token.is(")") || token.is("]") {
            nested = nested.saturating_sub(1);
        } else if nested == 0 && token.is(";") {
            return i;
        } else if token.is("{") {
            let close = closing(tokens, i).unwrap_or(tokens.len());
            let goes_on = tokens.get(close + 1).is_some_and(|t| t.is(";"));
            return if goes_on { close + 1 } else { close };
        }
    }
    tokens.len()
}

/// Everything that must not stand anywhere: unfinished work, silenced lints, tests that do not run.
pub(crate) fn bad_manners(source: &Source) -> Vec<String> {
    const ROWS: &[(&[&str], &str)] = &[
        (&["todo", "!"], "finish it, or leave it out"),
        (&["unimplemented", "!"], "finish it, or leave it out"),
        (&["dbg", "!"], "remove it"),
        (&["#", "[", "ignore"], "mend the test or remove it"),
        (&["#", "[", "allow", "("], "mend the cause, or write `#[expect(lint, reason = \"…\")]`"),
        (&["#", "!", "[", "allow", "("], "mend the cause, or write `#![expect(lint, reason = \"…\")]`"),
        (&["if", "false", "{"], "remove what never runs"),
    ];
    let tokens = &source.tokens;
    let mut found = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        for (row, mend) in ROWS {
            if row.iter().enumerate().all(|(j, word)| tokens.get(i + j).is_some_and(|t| t.is(word))) {
                found.push(format!("{}: `{}`: {mend}", source.at(token.line), row.concat()));
            }
        }
    }
    if !source.text.starts_with("//!") {
        found.push(format!("{}: open with `//!` and one sentence that says what is here", source.at(1)));
    }
    for (i, line) in source.text.lines().enumerate() {
        let length = line.chars().count();
        // The row of a table cannot be broken.
        let row = line.trim_start().starts_with("//! |") || line.trim_start().starts_with("/// |");
        if length > LINE_MAX && !row {
            found.push(format!("{}: {length} characters; break the line at {LINE_MAX}", source.at(i + 1)));
        }
    }
    found
}

/// Whether a file or a folder is named after nothing in particular.
pub(crate) fn is_dumping_ground(path: &str) -> bool {
    path.split('/').any(|part| DUMPING_GROUNDS.contains(&part.trim_end_matches(".rs")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new("src/apb/mod.rs", text)
    }

    #[test]
    fn functions_are_measured_from_fn_to_brace() {
        let text =
            "trait T { fn a(x: [u8; 2]); fn b() {} }\nfn c(f: fn(u8)) -> u8\n{\n  // {\n  \"{\"; 1\n}\n";
        let found = functions(&source(text));
        let found: Vec<(&str, usize, usize)> =
            found.iter().map(|f| (f.name.as_str(), f.line, f.lines)).collect();
        assert_eq!(found, [("b", 1, 1), ("c", 2, 5)]);
    }

    #[test]
    fn a_function_within_another_counts_for_both() {
        let found = functions(&source("fn a() {\n  fn b() {\n  }\n}"));
        assert_eq!(found.iter().map(|f| f.lines).collect::<Vec<_>>(), [4, 2]);
    }

    #[test]
    fn wiring_is_no_logic() {
        let text = "//! docs\nmod a;\npub use a::{B, C};\n#[derive(SystemSet)]\nstruct Move;\n\
                    pub(super) fn plugin(app: &mut App) { fn inner() {} }\n#[cfg(test)] mod t { fn x() {} }";
        assert!(logic_items(&source(text)).is_empty());
    }

    #[test]
    fn planted_logic_is_found() {
        let text = "#[derive(Debug)] struct A { b: u8 }\nimpl A { fn c() {} }\npub const fn d() {}\n\
                    const E: [u8; 2] = { [1, 2] };\ntype F = u8;";
        assert_eq!(logic_items(&source(text)), ["struct A", "impl A", "const fn", "const E", "type F"]);
    }

    #[test]
    fn planted_bad_manners_are_found() {
        let text =
            "fn a() { todo!(); dbg!(1); unimplemented!() }\n#[allow(unused)]\n#[ignore = \"x\"] fn b() {}";
        assert_eq!(bad_manners(&source(text)).len(), 6, "five words and no opening doc comment");
        let long = format!("//! {}", "x".repeat(LINE_MAX));
        assert_eq!(bad_manners(&source(&long)).len(), 1);
        assert!(bad_manners(&source(&long.replace("! x", "! |"))).is_empty(), "a table");
        assert!(
            bad_manners(&source("//! todo!() #[allow(x)]\n#[expect(unused, reason = \"dbg!\")]")).is_empty()
        );
    }

    #[test]
    fn dumping_grounds_are_known_by_name() {
        assert!(is_dumping_ground("src/sim/util.rs") && is_dumping_ground("tests/common/mod.rs"));
        assert!(!is_dumping_ground("src/sim/utility_theory.rs"));
    }
}
