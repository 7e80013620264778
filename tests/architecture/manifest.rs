//! What Cargo.toml says of dependencies and features: enough of TOML for one manifest.

use crate::source::read;
use std::collections::BTreeMap;

/// The parts of a manifest that the layers have to do with. Crates are spelt as code spells them.
#[derive(Debug, Default)]
pub(crate) struct Manifest {
    /// Everything under `[dependencies]` and `[dev-dependencies]`.
    pub(crate) dependencies: Vec<String>,
    /// What only tests can use.
    pub(crate) dev_only: Vec<String>,
    /// Every feature with what it turns on.
    pub(crate) features: BTreeMap<String, Vec<String>>,
}

impl Manifest {
    pub(crate) fn of_repository() -> Self {
        Self::parse(&read("Cargo.toml").unwrap_or_else(|| panic!("Cargo.toml is not there")))
    }

    pub(crate) fn parse(text: &str) -> Self {
        let mut this = Self::default();
        let mut always = Vec::new();
        for (section, key, value) in entries(text) {
            let name = key.replace('-', "_");
            match section.as_str() {
                "dependencies" => always.push(name),
                "dev-dependencies" => this.dev_only.push(name),
                "features" => drop(this.features.insert(key, quoted(&value))),
                _ => {}
            }
        }
        this.dev_only.retain(|d| !always.contains(d));
        this.dependencies = always;
        this.dependencies.extend(this.dev_only.iter().cloned());
        this
    }
}

/// Section, key and value of every entry. A value goes on over lines until its brackets are closed.
fn entries(text: &str) -> Vec<(String, String, String)> {
    let mut section = String::new();
    let mut found: Vec<(String, String, String)> = Vec::new();
    let mut open = 0_usize;
    for line in text.lines().map(without_comment) {
        if open > 0 {
            if let Some(last) = found.last_mut() {
                last.2.push_str(line);
            }
        } else if let Some(name) = line.strip_prefix('[') {
            section = name.trim_matches(['[', ']', ' ']).into();
        } else if let Some((key, value)) = line.split_once('=') {
            found.push((section.clone(), key.trim().trim_matches('"').into(), value.trim().into()));
        } else {
            continue;
        }
        if !line.starts_with('[') || open > 0 {
            open = (open + line.matches(['[', '{']).count()).saturating_sub(line.matches([']', '}']).count());
        }
    }
    found
}

/// A line up to its comment. A `#` within quotes begins none.
fn without_comment(line: &str) -> &str {
    let mut within = false;
    let begins = |(_, c): &(usize, char)| {
        within ^= *c == '"';
        *c == '#' && !within
    };
    line.char_indices().find(begins).map_or(line, |(at, _)| &line[..at]).trim()
}

/// Everything in double quotes.
fn quoted(value: &str) -> Vec<String> {
    value.split('"').skip(1).step_by(2).map(String::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_may_go_on_over_lines() {
        let text = "[features]\n# sim = []\ncli = [\n  \"sim\", # \"no\"\n  \"dep:clap\",\n]\nb = []\n\
                    [dependencies]\nquick-junit = { version = \"1\", features = [\"a\"] }";
        let manifest = Manifest::parse(text);
        assert_eq!(manifest.features["cli"], ["sim", "dep:clap"]);
        assert!(manifest.features["b"].is_empty() && manifest.features.len() == 2);
        assert_eq!(manifest.dependencies, ["quick_junit"]);
    }

    #[test]
    fn what_is_a_dependency_anyway_is_not_for_tests_only() {
        let text = "[dev-dependencies]\nserde = \"1\"\ntempfile = \"3\"\n[dependencies]\nserde = \"1\"";
        assert_eq!(Manifest::parse(text).dev_only, ["tempfile"]);
    }
}
