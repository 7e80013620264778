//! What lies at the top of the repository, where everybody looks first.

use crate::source::{entries, root};

/// What may be seen there, beside dot-files and build output.
const VISIBLE: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "README.md",
    "assets",
    "benches",
    "hil",
    "reports",
    "scenarios",
    "src",
    "tests",
];

/// What is made there and not kept.
const MADE: &[&str] = &["target"];

fn strays<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    let known = |n: &&str| n.starts_with('.') || VISIBLE.contains(n) || MADE.contains(n);
    names.into_iter().filter(|n| !known(n)).collect()
}

#[test]
fn the_top_level_stays_small() {
    let found = entries(&root());
    let found = strays(found.iter().map(|(name, _)| name.as_str()));
    assert!(
        found.is_empty(),
        "{found:?} at the top of the repository; move them into a folder, give settings a leading dot, \
         or, if everybody has to see them, add them to VISIBLE"
    );
}

#[test]
fn what_everything_else_rests_on_is_there() {
    for name in ["Cargo.lock", "Cargo.toml", "scenarios", "src", "tests"] {
        assert!(root().join(name).exists(), "{name} is gone from the top of the repository");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planted_file_is_found() {
        assert_eq!(
            strays(["src", ".clippy.toml", "target", "notes.txt", "clippy.toml"]),
            ["notes.txt", "clippy.toml"]
        );
    }
}
