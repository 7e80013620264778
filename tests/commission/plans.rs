//! The plans of the reference sites, as text.

use crate::fixture::{changed, site, with_policy};
use crate::golden::difference;
use apbrig::apb::policy::{Enforcement, Policy};
use apbrig::commission::phase::Kind;
use apbrig::commission::{plan, words};
use apbrig::scenario::plan::Plan;
use std::collections::BTreeSet;

fn compare(name: &str, site: &Plan) {
    let text = words::plan_text(&plan(site), &site.site);
    let found = difference(&format!("tests/golden/commission/plan-{name}.txt"), &text);
    assert!(found.is_none(), "{}", found.unwrap_or_default());
}

#[test]
fn one_lane_hard() {
    compare("one-lane", &with_policy(site("reference/one-lane.ron"), &Policy::hard()));
}

#[test]
fn two_lanes_timed() {
    compare("two-lanes", &with_policy(site("reference/two-lanes.ron"), &Policy::timed()));
}

#[test]
fn nested_hard() {
    compare("nested", &with_policy(site("reference/nested.ron"), &Policy::hard()));
}

#[test]
fn the_lobby_asks_the_same_of_every_reader() {
    let site = site("eight-lanes.ron");
    let plan = plan(&site);
    let outline: Vec<String> = plan.phases.iter().map(|p| format!("{}: {}\n", p.id, p.title())).collect();
    let found = difference("tests/golden/commission/plan-eight-lanes.txt", &outline.concat());
    assert!(found.is_none(), "{}", found.unwrap_or_default());
    let of = |reader: &str| {
        let own = plan.phases.iter().filter(|p| p.place.name(&site.site) == reader);
        own.map(|p| p.kind).collect::<Vec<Kind>>()
    };
    let first = of("R1e");
    assert!(first.contains(&Kind::Again) && first.contains(&Kind::OtherGate));
    for n in 1..=8 {
        assert_eq!((of(&format!("R{n}e")), of(&format!("R{n}x"))), (first.clone(), first.clone()), "{n}");
    }
}

/// What is expected of a second entry follows the policy, reader by reader.
#[test]
fn a_reader_that_is_set_otherwise_is_expected_to_be_otherwise() {
    let hard = with_policy(site("reference/two-lanes.ron"), &Policy::hard());
    let site = changed(hard, |parts| parts.readers[2].apb = Some(Enforcement::Soft));
    let text = words::plan_text(&plan(&site), &site.site);
    let of = |id: &str| {
        let from = text.find(&format!("\n{id}: ")).unwrap() + 1;
        let rest = &text[from..];
        rest[..rest.find("\n\n").unwrap_or(rest.len())].to_owned()
    };
    assert!(of("R1e/again").contains("refused: denied (apb_violation)"), "{}", of("R1e/again"));
    assert!(of("R2e/again").contains("granted, and flagged as a violation"), "{}", of("R2e/again"));
    // In by the first gate, then the second, which only flags.
    assert!(of("R1e/other_gate").contains("granted, and flagged as a violation"));
    let found: BTreeSet<(String, String)> =
        apbrig::commission::findings(&site).into_iter().map(|f| (f.id, f.place)).collect();
    assert!(found.contains(&("soft_reader".into(), "R2e".into())), "{found:?}");
}

#[test]
fn every_phase_has_a_name_of_its_own() {
    for name in crate::fixture::shipped() {
        let plan = plan(&site(&name));
        let ids: BTreeSet<&str> = plan.phases.iter().map(|p| p.id.as_str()).collect();
        assert_eq!(ids.len(), plan.phases.len(), "{name}");
    }
}
