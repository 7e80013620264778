//! What is found before anybody walks.

use crate::fixture::{changed, shipped, site, with_policy};
use apbrig::apb::id::Direction;
use apbrig::apb::policy::{Commit, Enforcement, Exemption, Policy, UnknownRule};
use apbrig::apb::site::{PassMode, SiteParts};
use apbrig::apb::time::Span;
use apbrig::commission::findings;
use apbrig::scenario::plan::Plan;

/// Kind and place of each finding.
fn found(site: &Plan) -> Vec<(String, String)> {
    findings(site).into_iter().map(|f| (f.id, f.place)).collect()
}

fn has(site: &Plan, id: &str, place: &str) -> bool {
    found(site).contains(&(id.into(), place.into()))
}

fn lobby(policy: &Policy, change: impl FnOnce(&mut SiteParts)) -> Plan {
    changed(with_policy(site("one-lane.ron"), policy), change)
}

#[test]
fn each_is_found_where_it_is_and_not_where_it_is_not() {
    let hard = lobby(&Policy::hard(), |_| {});
    assert!(has(&hard, "hard_without_reset", "lobby"));
    assert!(
        !has(&hard, "one_reader", "L1") && !has(&hard, "free_way", "L1") && !has(&hard, "off_area", "lobby")
    );
    let one_reader = lobby(&Policy::timed(), |parts| {
        parts.readers.truncate(1);
        parts.lanes[0].modes[Direction::Out.index()] = PassMode::Controlled;
    });
    assert!(has(&one_reader, "one_reader", "L1"));
    let timed = lobby(&Policy::timed(), |parts| parts.lanes[0].modes[1] = PassMode::Free);
    assert!(has(&timed, "free_way", "L1") && !has(&timed, "hard_without_reset", "lobby"));
    let forgiving = Policy { presence_timeout: Some(Span::minutes(600)), ..Policy::hard() };
    assert!(!has(&lobby(&forgiving, |_| {}), "hard_without_reset", "lobby"));
    let toggle = lobby(&Policy::hard(), |parts| parts.readers[0].toggles = true);
    assert!(has(&toggle, "toggle_reader", "R1e"));
    let off = lobby(&Policy::hard(), |parts| parts.readers[0].apb = Some(Enforcement::Off));
    assert!(has(&off, "off_reader", "R1e") && !has(&off, "off_reader", "R1x"));
    let strict = Policy { commit: Commit::OnGrant, unknown: UnknownRule::Deny, ..Policy::hard_in_out() };
    for id in ["hard_exit", "moves_on_grant", "unknown_denied"] {
        assert!(has(&lobby(&strict, |_| {}), id, "lobby"), "{id}");
        assert!(!has(&hard, id, "lobby"), "{id}");
    }
    let short = Policy { window: Span::seconds(5), ..Policy::timed() };
    assert!(has(&lobby(&short, |_| {}), "short_window", "lobby"));
    let exempt = lobby(&Policy::hard(), |parts| {
        parts.holders[0].exempt = [Exemption::Passback].into_iter().collect();
    });
    assert!(
        has(&exempt, "exempt_holders", "One-lane lobby") && !has(&hard, "exempt_holders", "One-lane lobby")
    );
    assert!(has(&hard, "no_expired_credential", "One-lane lobby"));
    assert!(!has(&site("proving-ground.ron"), "no_expired_credential", "Proving ground"));
    assert!(!has(&site("reference/uhppote-mode-1.ron"), "no_own_sensing", "D1"));
    assert!(has(&with_policy(site("reference/one-lane.ron"), &Policy::hard()), "no_own_sensing", "L1"));
    assert!(has(&with_policy(site("nested-lab.ron"), &Policy::hard_entry()), "order_not_guarded", "lab"));
}

#[test]
fn every_finding_says_why_and_how_to_mend_it_and_the_gravest_come_first() {
    for name in shipped() {
        let all = findings(&site(&name));
        assert!(all.is_sorted_by_key(|f| f.severity), "{name}");
        for f in all {
            for text in [&f.what, &f.why, &f.mend] {
                assert!(text.ends_with('.') && text.len() > 10, "{name}: {f:?}");
            }
        }
    }
}
