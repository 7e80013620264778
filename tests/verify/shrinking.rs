//! The shrinker against failures whose smallest form is known.

use apbrig::apb::id::Direction;
use apbrig::apb::input::Input;
use apbrig::scenario::Scenario;
use apbrig::scenario::fault::FaultKind;
use apbrig::scenario::script::{Action, Manner};
use apbrig::verify::case::{Case, Tree};
use apbrig::verify::shrink::shrink;
use apbrig::verify::tree::Value;
use std::cell::Cell;

/// More than any of these needs.
const EFFORT: usize = 5_000;

/// The first drawn case of which this holds, and what is left of it when it is made small.
fn smallest(of: impl Fn(&Scenario) -> bool) -> Tree {
    let fails = |tree: &Tree| tree.load().is_ok_and(|scenario| of(&scenario));
    let case = (0..5_000).map(|n| Case::draw(3, n)).find(|c| fails(&c.tree)).expect("some case fails so");
    let shrunk = shrink(&case.tree, EFFORT, || false, |tree| fails(tree));
    assert!(shrunk.tried < EFFORT, "gave up");
    assert!(fails(&shrunk.tree), "what is left does not fail any more");
    shrunk.tree
}

fn list<'a>(root: &'a Value, name: &str) -> &'a [Value] {
    match root.field(name) {
        Some(Value::List(values)) => values,
        _ => &[],
    }
}

/// How many areas, lanes, readers, holders, groups, steps and faults there are.
fn sizes(tree: &Tree) -> [usize; 7] {
    let site = ["areas", "lanes", "readers", "holders"].map(|name| list(&tree.site, name).len());
    let story = ["crowd", "script", "faults"].map(|name| list(&tree.scenario, name).len());
    [site[0], site[1], site[2], site[3], story[0], story[1], story[2]]
}

fn has_fire(scenario: &Scenario) -> bool {
    let fire = |a: &Action| matches!(a, Action::Operate(Input::Fire { active: true }));
    scenario.script.iter().any(|step| fire(&step.action))
}

fn has_dead_reader(scenario: &Scenario) -> bool {
    scenario.faults.iter().any(|f| matches!(f.kind, FaultKind::ReaderDead { .. }))
}

#[test]
fn one_step_is_left_of_a_failure_that_needs_one_step() {
    let tree = smallest(has_fire);
    // The outside and another area, for a site has a lane, and a lane two sides.
    assert_eq!(sizes(&tree), [2, 1, 0, 0, 0, 1, 0], "{}", tree.texts("site.ron").concat());
}

#[test]
fn a_step_and_a_fault_are_left_of_a_failure_that_needs_both() {
    let tree = smallest(|s| has_fire(s) && has_dead_reader(s));
    let [areas, rest @ ..] = sizes(&tree);
    // The lane of the reader that is left may lead from one area to another, neither of them the outside.
    assert!((2..=3).contains(&areas), "{}", tree.texts("site.ron").concat());
    assert_eq!(rest, [1, 1, 0, 0, 1, 1], "{}", tree.texts("site.ron").concat());
    let step = list(&tree.scenario, "script")[0].clone();
    assert_eq!(step.field("at"), Some(&Value::Millis(0)));
    let fault = list(&tree.scenario, "faults")[0].clone();
    assert!(matches!(fault.field("at"), Some(Value::Millis(0))));
}

#[test]
fn what_a_step_refers_to_stays_and_everything_else_goes() {
    let borrowed = |s: &Scenario| {
        s.script.iter().any(|step| match &step.action {
            Action::Walk(w) => w.holder.is_none() && w.cards.len() == 2 && w.direction == Direction::In,
            Action::Operate(_) => false,
        })
    };
    let tree = smallest(borrowed);
    let [areas, lanes, readers, holders, groups, steps, faults] = sizes(&tree);
    assert_eq!([lanes, readers, groups, steps, faults], [1, 0, 0, 1, 0]);
    assert!((2..=3).contains(&areas), "a lane between two inner areas keeps both");
    assert!((1..=2).contains(&holders), "the two credentials are one holder's or two holders'");
    let walk = list(&tree.scenario, "script")[0].field("do").cloned().unwrap();
    assert!(matches!(walk.field("cards"), Some(Value::List(cards)) if cards.len() == 2));
    assert_eq!(walk.field("speed_m_s"), None);
}

#[test]
fn numbers_become_as_small_as_the_failure_allows() {
    let slow = |s: &Scenario| {
        s.script.iter().any(|step| match &step.action {
            Action::Walk(w) => w.manner == Manner::Honest && w.hesitates.0 >= 2_000_000,
            Action::Operate(_) => false,
        })
    };
    let tree = smallest(slow);
    assert_eq!(sizes(&tree)[5], 1);
    let walk = list(&tree.scenario, "script")[0].field("do").cloned().unwrap();
    assert_eq!(walk.field("hesitates"), Some(&Value::Millis(2_000)));
}

#[test]
fn a_policy_is_left_with_the_axis_that_matters() {
    use apbrig::apb::policy::{Commit, Rule};
    let odd = |s: &Scenario| {
        let areas = &s.plan.site.areas;
        areas.iter().any(|a| a.policy.rule == Rule::InOut && a.policy.commit == Commit::OnOpen)
    };
    let tree = smallest(odd);
    let apb = list(&tree.site, "areas").iter().find_map(|a| a.field("apb")).cloned().unwrap();
    let Value::Record(_, axes) = &apb else { panic!("{apb:?}") };
    assert_eq!(axes.iter().map(|f| f.name).collect::<Vec<_>>(), ["commit"]);
}

#[test]
fn nothing_is_kept_that_does_not_fail() {
    let case = Case::draw(3, 1);
    let shrunk = shrink(&case.tree, 100, || false, |_| false);
    assert_eq!(shrunk.tree, case.tree);
}

#[test]
fn the_effort_is_a_bound() {
    let case = Case::draw(3, 1);
    assert_eq!(shrink(&case.tree, 7, || false, |_| false).tried, 7);
}

#[test]
fn it_stops_when_it_is_told_to_and_keeps_what_it_has() {
    let tried = Cell::new(0);
    let case = Case::draw(3, 1);
    let shrunk = shrink(&case.tree, EFFORT, || tried.get() == 3, |_| tried.replace(tried.get() + 1) < 9);
    assert_eq!((shrunk.tried, tried.get()), (3, 3));
    assert!(shrunk.tree.size() < case.tree.size());
}

#[test]
fn everything_goes_of_a_failure_that_needs_nothing() {
    let shrunk = shrink(&Case::draw(3, 1).tree, EFFORT, || false, |_| true);
    assert_eq!(sizes(&shrunk.tree), [0; 7]);
}
