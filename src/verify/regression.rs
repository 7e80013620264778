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
        let fails = |tree: &Tree| check(tree).into_iter().find(|f| is_same(f, failure));
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

/// Whether two failures are the same one, in a larger and in a smaller case. Nearly everything that is left
/// out somewhere makes a case that does not load, and a panic may be anybody's: of those the headline counts.
fn is_same(one: &Failure, other: &Failure) -> bool {
    let by_headline = match one.oracle {
        Kind::Loads | Kind::Panics => headline(one) == headline(other),
        Kind::Watch
        | Kind::Grants
        | Kind::Denials
        | Kind::Alternation
        | Kind::Replay
        | Kind::Twins
        | Kind::Fire
        | Kind::Truth
        | Kind::Figures
        | Kind::Rest
        | Kind::Repeat => true,
    };
    one.oracle == other.oracle && by_headline
}

/// Where a panic was, or the first line of what the loader says, without the numbers that differ from case to
/// case.
fn headline(failure: &Failure) -> String {
    if failure.oracle == Kind::Panics
        && let Some((place, _)) = failure.what.split_once(": ")
    {
        return place.into();
    }
    let line = failure.what.lines().next().unwrap_or_default();
    line.chars().filter(|c| !c.is_ascii_digit()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::tree::{Value, must, plain};

    /// The entries of one of a site's lists.
    fn list<'a>(tree: &'a mut Tree, name: &str) -> &'a mut Vec<Value> {
        let Value::Record(_, fields) = &mut tree.site else { panic!("no record") };
        match fields.iter_mut().find(|f| f.name == name).map(|f| &mut f.value) {
            Some(Value::List(values)) => values,
            _ => panic!("no {name}"),
        }
    }

    #[test]
    fn a_case_that_does_not_load_is_shrunk_to_one_that_does_not_for_the_same_reason() {
        let mut case = Case::draw(3, 1);
        list(&mut case.tree, "areas").push(plain(vec![must("id", Value::Text("outside".into()))]));
        let failure = check_tree(&case.tree, false).remove(0);
        assert_eq!(failure.oracle, Kind::Loads, "{failure}");
        let small = Regression::of(&case, &failure, || false);
        let headline = failure.what.lines().next().unwrap_or_default();
        assert!(small.scenario.1.contains(headline), "{headline}\n{}", small.scenario.1);
        assert!(small.site.1.matches("\"outside\"").count() >= 2, "{}", small.site.1);
    }

    #[test]
    fn a_panic_is_shrunk_to_one_at_the_same_place() {
        let case = (0..100).map(|n| Case::draw(3, n)).find(|c| c.tree.scenario.field("script").is_some());
        let case = case.expect("some case has a script");
        let panics = |tree: &Tree| {
            let steps = tree.scenario.field("script").is_some();
            let place = if steps { "src/some.rs:7" } else { "src/some.rs:9" };
            vec![Failure { oracle: Kind::Panics, what: format!("{place}: {} parts", tree.size()) }]
        };
        let small = Regression::shrunk(&case, &panics(&case.tree)[0], || false, panics);
        assert!(small.scenario.1.contains("//   src/some.rs:7: "), "{}", small.scenario.1);
    }

    #[test]
    fn other_numbers_make_no_other_failure() {
        let same = |oracle, one: &str, other: &str| {
            let failure = |what: &str| Failure { oracle, what: what.into() };
            is_same(&failure(one), &failure(other))
        };
        assert!(same(Kind::Loads, "error: lane `L1` ends\nhere", "error: lane `L2` ends\nthere"));
        assert!(!same(Kind::Loads, "error: lane `L1` ends", "error: a site needs an area"));
        assert!(same(Kind::Panics, "a.rs:1: at 3 of 4", "a.rs:1: at 5 of 6"));
        assert!(!same(Kind::Panics, "a.rs:1: at 3 of 4", "a.rs:2: at 3 of 4"));
        assert!(same(Kind::Rest, "a flap is open", "somebody walks"));
    }
}
