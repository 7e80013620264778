//! What a failing case leaves behind: a scenario and a site that anybody can check again, with what broke
//! written above.

use super::case::{Case, Tree};
use super::check::check_tree;
use super::oracle::{Failure, Kind};
use super::shrink::shrink;

/// So many smaller cases are tried at most.
const EFFORT: usize = 1_500;

/// A failing case, shrunk.
#[derive(Clone, Debug)]
pub struct Regression {
    /// What broke first in the case as it was drawn.
    pub failure: Failure,
    /// The name of the scenario's file, without its ending.
    pub name: String,
    /// The scenario's file and its text.
    pub scenario: (String, String),
    /// The site's file and its text.
    pub site: (String, String),
}

impl Regression {
    /// Shrinks a case that fails so, until `is_over`.
    pub fn of(case: &Case, failure: &Failure, is_over: impl Fn() -> bool) -> Self {
        let repeat = failure.oracle == Kind::Repeat;
        Self::shrunk(case, failure, is_over, |tree| check_tree(tree, repeat))
    }

    /// Shrinks a case of which this check says that it fails so, until `is_over`.
    pub fn shrunk(
        case: &Case,
        failure: &Failure,
        is_over: impl Fn() -> bool,
        check: impl Fn(&Tree) -> Vec<Failure>,
    ) -> Self {
        let kind = failure.oracle;
        let fails = |tree: &Tree| check(tree).into_iter().find(|f| f.oracle == kind);
        let shrunk = shrink(&case.tree, EFFORT, is_over, |tree| fails(tree).is_some());
        let left = fails(&shrunk.tree).unwrap_or_else(|| failure.clone());
        let name = format!("{}-{:x}-{}", kind.name(), case.seed, case.number);
        let site = format!("{name}-site.ron");
        let [scenario, site_text] = shrunk.tree.texts(&site);
        let comment = |text: &str| text.lines().map(|line| format!("//   {line}\n")).collect::<String>();
        let head = format!(
            "// Broke `{}`, as drawn by {} and shrunk from {} parts to {}:\n//\n{}",
            kind.name(),
            case.reproduce(),
            case.tree.size(),
            shrunk.tree.size(),
            comment(&left.what),
        );
        Self {
            failure: failure.clone(),
            scenario: (format!("{name}.ron"), head + &scenario),
            site: (site, format!("// The site of {name}.ron.\n{site_text}")),
            name,
        }
    }
}
