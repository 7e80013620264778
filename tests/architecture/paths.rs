//! The paths a file names, written out from the root of the crate they begin in.

use crate::source::{Kind, Source, Token};

/// A path, and the line it begins on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// `["crate", "apb", "time"]` for a path of this crate, else a crate's name first.
    pub(crate) path: Vec<String>,
    pub(crate) line: usize,
}

impl Named {
    /// The layer named, if the path is one of this crate. Empty for the root itself.
    pub(crate) fn layer(&self) -> Option<&str> {
        (self.path[0] == "crate").then(|| self.path.get(1).map_or("", String::as_str))
    }

    /// Whether the path is this one or leads into it.
    pub(crate) fn is_below(&self, prefix: &str) -> bool {
        let prefix: Vec<&str> = prefix.split("::").collect();
        self.path.len() >= prefix.len() && self.path.iter().zip(prefix).all(|(a, b)| a == b)
    }
}

/// The module a file holds: `["apb", "lane", "flap"]`.
fn module_of(path: &str) -> Vec<String> {
    let inner = path.strip_prefix("src/").unwrap_or(path).trim_end_matches(".rs");
    let mut module: Vec<String> = inner.split('/').map(String::from).collect();
    if module.last().is_some_and(|m| m == "mod" || m == "lib" || m == "main") {
        module.pop();
    }
    module
}

/// Every path of at least two parts that a file names, relative ones (`self::`, `super::`) resolved.
pub(crate) fn paths(source: &Source) -> Vec<Named> {
    let tokens = &source.tokens;
    let mut module = module_of(&source.path);
    // How deep in braces each inline module of the way here began.
    let mut inline: Vec<usize> = Vec::new();
    let mut depth = 0_usize;
    let mut found = Vec::new();
    let mut next = 0;
    for (i, token) in tokens.iter().enumerate() {
        if i < next {
            continue;
        }
        if token.is("{") {
            if i >= 2 && tokens[i - 2].is("mod") {
                module.push(tokens[i - 1].text.clone());
                inline.push(depth);
            }
            depth += 1;
        } else if token.is("}") {
            depth = depth.saturating_sub(1);
            if inline.last() == Some(&depth) {
                inline.pop();
                module.pop();
            }
        }
        let begins = token.kind == Kind::Word
            && !token.is("use")
            && tokens.get(i + 1).is_some_and(|t| t.is("::"))
            && !i.checked_sub(1).is_some_and(|p| continues(tokens, p));
        if begins {
            let mut written = Vec::new();
            next = follow(tokens, i, &mut Vec::new(), &mut written);
            found.extend(written.into_iter().map(|p| Named { path: resolve(&p, &module), line: token.line }));
        }
    }
    found
}

/// Whether the `::` at `at` continues a path, rather than beginning one at the root of all crates.
fn continues(tokens: &[Token], at: usize) -> bool {
    let before = at.checked_sub(1).map(|b| &tokens[b]);
    tokens[at].is("::") && before.is_some_and(|b| (b.kind == Kind::Word && !b.is("use")) || b.is(">"))
}

/// Reads the path tree that begins at `at` and returns where it ends.
fn follow(tokens: &[Token], at: usize, prefix: &mut Vec<String>, found: &mut Vec<Vec<String>>) -> usize {
    let is = |i: usize, text: &str| tokens.get(i).is_some_and(|t| t.is(text));
    let length = prefix.len();
    let mut at = at;
    loop {
        match tokens.get(at) {
            Some(t) if t.kind == Kind::Word => prefix.push(t.text.clone()),
            Some(t) if t.is("*") => prefix.push("*".into()),
            Some(t) if t.is("{") => {
                at += 1;
                while at < tokens.len() && !is(at, "}") {
                    at = if is(at, ",") { at + 1 } else { follow(tokens, at, prefix, found) };
                }
                prefix.truncate(length);
                return at + 1;
            }
            _ => break,
        }
        at += 1;
        if !is(at, "::") {
            break;
        }
        at += 1;
    }
    if is(at, "as") {
        at += 2;
    }
    // Anything else in a group is no path; step over it so that reading goes on.
    let stuck = prefix.len() == length;
    if !stuck {
        found.push(prefix.clone());
    }
    prefix.truncate(length);
    at + usize::from(stuck)
}

/// A path from the root, given the module it is written in.
fn resolve(path: &[String], module: &[String]) -> Vec<String> {
    let mut whole: Vec<String> = module.to_vec();
    let mut rest = path;
    match path.first().map(String::as_str) {
        Some("crate" | "apbrig") => {
            whole.clear();
            rest = &rest[1..];
        }
        Some("self") => rest = &rest[1..],
        Some("super") => {
            while rest.first().is_some_and(|p| p == "super") {
                whole.pop();
                rest = &rest[1..];
            }
        }
        _ => return path.to_vec(),
    }
    let names = rest.iter().filter(|p| *p != "self").cloned();
    std::iter::once("crate".to_string()).chain(whole).chain(names).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(path: &str, text: &str) -> Vec<String> {
        paths(&Source::new(path, text)).into_iter().map(|n| n.path.join("::")).collect()
    }

    #[test]
    fn groups_are_written_out() {
        let text = "use crate::{apb::{self, time::Time as T, id::*}, record}; fn f() {}";
        let want = ["crate::apb", "crate::apb::time::Time", "crate::apb::id::*", "crate::record"];
        assert_eq!(named("src/sim/run.rs", text), want);
    }

    #[test]
    fn a_group_may_stand_at_the_root() {
        let text = "use {crate::apb, std::{fs, io::{self, Write}}};";
        let want = ["crate::apb", "std::fs", "std::io::self", "std::io::Write"];
        assert_eq!(named("src/sim/run.rs", text), want);
    }

    #[test]
    fn super_climbs_out_of_the_folder() {
        let text = "use super::super::hil::bench; fn f() { super::peer::go() }";
        assert_eq!(named("src/sim/run.rs", text), ["crate::hil::bench", "crate::sim::peer::go"]);
        assert_eq!(named("src/sim/mod.rs", "use super::cli::x;"), ["crate::cli::x"]);
        assert_eq!(named("src/sim/mod.rs", "use super::*;"), ["crate::*"]);
    }

    #[test]
    fn super_in_an_inline_module_stays_in_the_file() {
        let text = "mod tests { use super::*; mod deep { use super::super::a; } } use super::b;";
        let want = ["crate::sim::run::*", "crate::sim::run::a", "crate::sim::b"];
        assert_eq!(named("src/sim/run.rs", text), want);
    }

    #[test]
    fn inline_paths_and_attributes_count() {
        let text =
            "#[derive(thiserror::Error)] struct A(crate::sim::port::ToLane, Vec::<serde_json::Value>);";
        let want = ["thiserror::Error", "crate::sim::port::ToLane", "Vec", "serde_json::Value"];
        assert_eq!(named("src/apb/time.rs", text), want);
    }

    #[test]
    fn the_root_of_all_crates_is_seen_through() {
        assert_eq!(named("src/apb/time.rs", "use ::bevy::prelude::*;"), ["bevy::prelude::*"]);
    }

    #[test]
    fn prefixes_end_at_a_part() {
        let named = Named { path: vec!["std".into(), "fs".into(), "File".into()], line: 1 };
        assert!(
            named.is_below("std::fs") && !named.is_below("std::f") && !named.is_below("std::fs::File::x")
        );
    }
}
