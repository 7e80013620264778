//! Names: looking them up, and the nearest valid one when there is none.

use super::syntax::shortened;
use std::collections::BTreeMap;

/// How many names of a site a message lists. Names of the language are listed all.
const LISTED_MAX: usize = 12;

/// The names of one kind of thing, in order.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    /// The kind in words: `lane`.
    pub(crate) kind: &'static str,
    /// The kind in words, several of it: `lanes`.
    pub(crate) kinds: &'static str,
    list: Vec<String>,
    by_name: BTreeMap<String, usize>,
}

impl Names {
    pub(crate) fn new(kind: &'static str, kinds: &'static str) -> Self {
        Self { kind, kinds, list: Vec::new(), by_name: BTreeMap::new() }
    }

    /// Adds a name. Returns whether it is new; a repeated one keeps its first position and takes up a place
    /// all the same.
    pub(crate) fn add(&mut self, name: &str) -> bool {
        let position = self.list.len();
        self.list.push(name.to_owned());
        match self.by_name.contains_key(name) {
            true => false,
            false => self.by_name.insert(name.to_owned(), position).is_none(),
        }
    }

    /// The position of a name.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// What to write instead of an unknown name.
    pub(crate) fn help(&self, wrong: &str) -> String {
        if self.list.is_empty() {
            return format!("the site has no {}", self.kinds);
        }
        let valid = || self.list.iter().map(String::as_str);
        match nearest(wrong, valid()) {
            Some(name) => format!("did you mean `{name}`?"),
            None => match self.list.len().saturating_sub(LISTED_MAX) {
                0 => format!("the {} are {}", self.kinds, listed(valid())),
                more => {
                    format!("the {} are {} and {more} more", self.kinds, listed(valid().take(LISTED_MAX)))
                }
            },
        }
    }
}

/// `a lane`, `an area`.
pub(crate) fn with_article(kind: &str) -> String {
    let article = if kind.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {kind}")
}

/// The nearest of the valid names, or a list of them.
pub(crate) fn suggestion<'n>(
    wrong: &str,
    kinds: &str,
    valid: impl Iterator<Item = &'n str> + Clone,
) -> String {
    match nearest(wrong, valid.clone()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("the {kinds} are {}", listed(valid)),
    }
}

/// Names in a row.
pub(crate) fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.map(|name| format!("`{}`", shortened(name))).collect::<Vec<_>>().join(", ")
}

/// The nearest of the valid names, if one is near.
pub(crate) fn nearest<'n>(wrong: &str, valid: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    /// Longer names are not compared: nobody misspells those by hand.
    const COMPARED_MAX: usize = 64;
    if wrong.len() > COMPARED_MAX {
        return None;
    }
    let lower = wrong.to_lowercase();
    let near = |name: &str| {
        let distance = strsim::damerau_levenshtein(&lower, &name.to_lowercase());
        (distance <= name.chars().count().div_ceil(3).max(1)).then_some(distance)
    };
    let short = valid.filter(|name| name.len() <= COMPARED_MAX);
    short.filter_map(|name| Some((near(name)?, name))).min().map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_near() {
        let valid = ["lane", "length_m", "width_m"];
        assert_eq!(nearest("lenght_m", valid.into_iter()), Some("length_m"));
        assert_eq!(nearest("Lane", valid.into_iter()), Some("lane"));
        assert_eq!(nearest("colour", valid.into_iter()), None);
    }

    #[test]
    fn long_lists_are_cut() {
        let mut names = Names::new("area", "areas");
        for i in 0..20 {
            names.add(&format!("level {i}"));
        }
        let help = names.help("roof");
        assert!(
            help.starts_with("the areas are `level 0`, `level 1`") && help.ends_with("and 8 more"),
            "{help}"
        );
        assert_eq!(names.help("leevl 7"), "did you mean `level 7`?");
        assert_eq!((with_article("lane"), with_article("area")), ("a lane".into(), "an area".into()));
    }

    #[test]
    fn the_first_of_two_equal_names_counts() {
        let mut names = Names::new("lane", "lanes");
        assert!(names.add("L1") && names.add("L2") && !names.add("L1"));
        assert_eq!((names.find("L1"), names.len()), (Some(0), 3));
    }
}
