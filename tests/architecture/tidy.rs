//! Sizes and manners of every source file. What is too large already is listed and may only shrink.

use crate::measure::{bad_manners, functions, is_dumping_ground, logic_items};
use crate::source::{Source, sources};
use std::collections::BTreeMap;

/// What is measured of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Size {
    /// Lines, tests included.
    Lines,
    /// Lines of the longest function.
    Function,
    /// Items in a `mod.rs` that are neither modules, re-exports nor wiring.
    ModLogic,
}

impl Size {
    fn limit(self) -> usize {
        match self {
            Self::Lines => 400,
            Self::Function => 70,
            Self::ModLogic => 0,
        }
    }

    fn mend(self) -> &'static str {
        match self {
            Self::Lines => "lines in the file; move one of the things it does to a file of its own",
            Self::Function => "lines in a function; give a part of it a name",
            Self::ModLogic => {
                "items in mod.rs beside modules, re-exports and plugins; move them to a named file"
            }
        }
    }
}

/// What is beyond its limit for now. Entries are lowered and removed, never added or raised.
const RATCHET: &[(&str, Size, usize)] = &[("src/scenario/mod.rs", Size::ModLogic, 2)];

type Sizes = BTreeMap<(String, Size), usize>;

/// Everything in a file that is beyond its limit.
fn excesses(source: &Source) -> Sizes {
    let logic = if source.path.ends_with("/mod.rs") { logic_items(source).len() } else { 0 };
    let longest = functions(source).iter().map(|f| f.lines).max().unwrap_or(0);
    let sizes =
        [(Size::Lines, source.text.lines().count()), (Size::Function, longest), (Size::ModLogic, logic)];
    let beyond = sizes.into_iter().filter(|(size, count)| *count > size.limit());
    beyond.map(|(size, count)| ((source.path.clone(), size), count)).collect()
}

/// Compares what is beyond its limit with what may be.
fn judge(found: &Sizes, ratchet: &[(&str, Size, usize)]) -> Vec<String> {
    let listed: Sizes = ratchet.iter().map(|(path, size, n)| (((*path).into(), *size), *n)).collect();
    let worse = found.iter().filter_map(|(key, count)| {
        let max = listed.get(key).copied().unwrap_or(key.1.limit());
        let (path, size) = key;
        (*count > max).then(|| format!("{path}: {count} (at most {max}) {}", size.mend()))
    });
    let better = listed.iter().filter_map(|(key, listed)| match found.get(key) {
        None => Some(format!("{}: within its limit now; remove its {:?} entry from RATCHET", key.0, key.1)),
        Some(count) if count < listed => {
            Some(format!("{}: better now; lower its {:?} entry in RATCHET to {count}", key.0, key.1))
        }
        Some(_) => None,
    });
    worse.chain(better).collect()
}

/// Everything that is Rust here.
fn all() -> Vec<Source> {
    ["src", "tests", "benches"].into_iter().flat_map(sources).collect()
}

#[test]
fn sizes_stay_within_their_limits() {
    let found: Sizes = all().iter().flat_map(excesses).collect();
    let faults = judge(&found, RATCHET);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn manners_are_kept() {
    let found: Vec<String> = all().iter().flat_map(bad_manners).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn files_are_named_after_what_they_hold() {
    let found: Vec<String> = all().into_iter().map(|s| s.path).filter(|p| is_dumping_ground(p)).collect();
    assert!(found.is_empty(), "{found:?}: name files after the one thing they hold");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planted_sizes_are_found() {
        let long = format!("//! x\nfn f() {{{}}}\nstruct A;", "\n".repeat(400));
        let found = excesses(&Source::new("src/apb/mod.rs", &long));
        let sizes: Vec<(Size, usize)> = found.into_iter().map(|(key, n)| (key.1, n)).collect();
        assert_eq!(sizes, [(Size::Lines, 403), (Size::Function, 401), (Size::ModLogic, 2)]);
    }

    #[test]
    fn the_ratchet_only_shrinks() {
        let found = |n| Sizes::from([(("a.rs".to_string(), Size::Lines), n)]);
        let listed = [("a.rs", Size::Lines, 450)];
        assert!(judge(&found(450), &listed).is_empty());
        assert_eq!(judge(&found(451), &listed).len(), 1, "worse");
        assert_eq!(judge(&found(449), &listed).len(), 1, "better: lower it");
        assert_eq!(judge(&Sizes::new(), &listed).len(), 1, "good: remove it");
        assert_eq!(judge(&found(401), &[]).len(), 1, "new");
    }
}
