//! Every axis moves what it says and refuses what it does not know.

use super::*;
use crate::apb::domain::{Consistency, Domain, OnPartition};
use crate::apb::policy::{Enforcement, Exemption, Policy, Rule};
use crate::apb::site::{AfterFire, Site};
use crate::apb::time::Span;
use crate::scenario::{DiskFiles, load_site};
use std::path::Path;

fn reference() -> SiteParts {
    let plan = load_site(Path::new("scenarios/sites/reference/nested.ron"), &DiskFiles).unwrap();
    SiteParts { domain: Some(Domain::new(Consistency::SingleWriter)), ..SiteParts::clone(&plan.site) }
}

fn with(policy: &str) -> SiteParts {
    let mut site = reference();
    set(&mut site, "policy", policy).unwrap();
    site
}

fn refused(site: &SiteParts, axis: &str, value: &str) -> String {
    let mut moved = site.clone();
    let error = set(&mut moved, axis, value).unwrap_err();
    assert_eq!(moved, *site, "{axis}={value} was refused and changed something");
    error.to_string()
}

#[test]
fn defaults_are_what_files_give_that_say_nothing() {
    for axis in AXES.iter().filter(|a| !a.default.starts_with("by ")) {
        let mut site = reference();
        set(&mut site, axis.name, axis.default).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(site, reference(), "{}={}", axis.name, axis.default);
    }
}

#[test]
fn every_word_is_a_value_and_nonsense_is_none() {
    for axis in &AXES {
        for word in axis.words {
            let mut site = with("timed");
            let outcome = set(&mut site, axis.name, word);
            let idle = axis.name == "strict";
            assert!(outcome.is_ok() || idle, "{}={word}: {outcome:?}", axis.name);
            Site::new(site).unwrap_or_else(|e| panic!("{}={word}: {e:?}", axis.name));
        }
        let said = refused(&with("hard"), axis.name, "nonsense!");
        assert!(said.starts_with(&format!("`nonsense!` is no value of the axis `{}`", axis.name)), "{said}");
    }
}

#[test]
fn different_words_differ() {
    for axis in AXES.iter().filter(|a| !["subject", "policy"].contains(&a.name)) {
        let mut seen: Vec<SiteParts> = Vec::new();
        let synonyms: &[&str] = if axis.words == given::SWITCH { &["on", "off"] } else { &["same"] };
        for word in axis.words.iter().filter(|word| !synonyms.contains(word)) {
            let mut site = with(if axis.name == "strict" { "hard_entry" } else { "timed" });
            set(&mut site, axis.name, word).unwrap();
            assert!(!seen.contains(&site), "{}={word} is what another word is", axis.name);
            seen.push(site);
        }
    }
}

#[test]
fn switches_are_on_and_off_or_true_and_false() {
    let switches: Vec<_> = AXES.iter().filter(|a| a.words == given::SWITCH).collect();
    assert!(switches.len() >= 7);
    for axis in switches {
        let policy = if axis.name == "soft" { "timed" } else { "hard" };
        let after = |value: &str| {
            let mut site = with(policy);
            set(&mut site, axis.name, value).unwrap();
            site
        };
        assert_eq!((after("on"), after("off")), (after("true"), after("false")), "{}", axis.name);
        assert_ne!(after("on"), after("off"), "{}", axis.name);
    }
}

#[test]
fn numbers_spans_and_names_arrive() {
    let mut site = with("timed");
    let axes = [
        "window=300s",
        "presence_timeout=8h",
        "lockout_after=3",
        "lockout=10min",
        "exempt=P1, P3",
        "exempt_deny=P2",
        "occupancy_max=2",
        "occupancy_min=1",
        "company_within=1.5s",
        "not_taken=8s",
        "late_grace=0s",
        "queue_depth=16",
        "after_fire=outside",
        "queued=20s",
        "amnesty=daily 02:00",
        "amnesty=1h",
    ];
    for axis in axes {
        assign(&mut site, axis).unwrap();
    }
    let (area, lane) = (&site.areas[1], &site.lanes[1]);
    let policy = &area.policy;
    assert_eq!((policy.window, policy.presence_timeout), (Span::seconds(300), Some(Span::seconds(28_800))));
    assert_eq!((policy.lockout_after, policy.lockout), (3, Span::minutes(10)));
    assert_eq!((area.occupancy.max, area.occupancy.min), (Some(2), Some(1)));
    assert_eq!(site.areas[0].occupancy.max, None, "nobody enters the outside");
    assert_eq!(area.company.within, Span::millis(1_500));
    assert_eq!((lane.timers.not_taken, lane.timers.late_grace), (Span::seconds(8), Span::ZERO));
    assert_eq!(lane.timers.queued, Span::seconds(20));
    let amnesties: Vec<_> = site.amnesties.iter().map(|a| (a.times.len(), a.every)).collect();
    assert_eq!(amnesties, [(7, None), (0, Some(Span::seconds(3_600)))]);
    assert_eq!((lane.memory, site.after_fire), (16, AfterFire::In(crate::apb::site::OUTSIDE)));
    let exempt = |check| site.holders.iter().map(|h| h.exempt.has(check)).collect::<Vec<_>>();
    assert_eq!(exempt(Exemption::Passback), [true, false, true]);
    assert_eq!(exempt(Exemption::Deny), [false, true, false]);
}

#[test]
fn strict_is_what_tells_entry_only_from_location_match() {
    let mut loose = with("hard");
    set(&mut loose, "strict", "false").unwrap();
    assert_eq!(loose, with("hard_entry"));
    set(&mut loose, "strict", "true").unwrap();
    let policy = &loose.areas[1].policy;
    assert_eq!((policy.rule, policy.outbound), (Rule::LocationMatch, Enforcement::Hard));
    assert!(refused(&with("timed_card"), "strict", "true").contains("set `outbound`"));
}

#[test]
fn rules_leave_enforcement_alone() {
    let mut site = with("soft");
    set(&mut site, "rule", "timed_reader").unwrap();
    let soft = Policy { rule: Rule::TimedReader, ..Policy::soft() };
    assert_eq!(site.areas[2].policy, soft);
    set(&mut site, "soft", "false").unwrap();
    assert_eq!(site.areas[2].policy.outbound, Enforcement::Hard);
    assert!(refused(&reference(), "rule", "in_out").contains("set a `policy` first"));
    assert!(refused(&with("hard"), "soft", "true").contains("no area has a timed rule"));
}

#[test]
fn real_systems_are_policies() {
    let site = with("genetec_strict");
    let preset = crate::apb::vendor::preset("genetec_strict").unwrap();
    assert_eq!(site.areas[1].policy, (preset.policy)());
    assert!(refused(&site, "policy", "genetec_strickt").contains("did you mean `genetec_strict`?"));
}

#[test]
fn a_preset_follows_whom_its_system_follows() {
    let two_cards = || {
        let mut site = reference();
        site.credentials[2].holder = site.credentials[0].holder;
        site
    };
    for (name, follows) in [("winpak_hard", true), ("genetec_strict", false), ("hard", false)] {
        let mut site = two_cards();
        set(&mut site, "policy", name).unwrap();
        assert_eq!(site.follows_credentials(), follows, "{name}");
        set(&mut site, "policy", name).unwrap();
        assert_eq!(site.holders.len(), two_cards().holders.len() + usize::from(follows), "{name}");
        assert_eq!(site.areas[0], reference().areas[0], "{name}: the outside is nobody's");
    }
}

#[test]
fn values_that_no_rule_heeds_are_known() {
    assert_eq!(idle(&with("hard"), "window"), Some("no area has a timed rule"));
    assert_eq!(idle(&with("timed"), "window"), None);
    assert_eq!(idle(&with("timed"), "scope"), Some("no area has the rule `timed_card`"));
    assert_eq!(idle(&with("timed_card"), "scope"), None);
    assert_eq!(idle(&with("hard"), "commit"), None);
}

#[test]
fn panels_decide_together_where_there_is_a_domain() {
    let mut site = reference();
    let axes = ["consistency=eventual", "on_partition_entry=deny", "on_partition_exit=allow", "deadline=1s"];
    for axis in axes {
        assign(&mut site, axis).unwrap();
    }
    let domain = Domain {
        on_partition: [OnPartition::Deny, OnPartition::Allow],
        deadline: Span::seconds(1),
        ..Domain::new(Consistency::Eventual)
    };
    assert_eq!(site.domain, Some(domain));
    let alone = SiteParts { domain: None, ..reference() };
    assert!(refused(&alone, "deadline", "1s").contains("give it a `domain`"));
}

#[test]
fn credentials_are_followed_once() {
    let mut site = with("hard");
    site.credentials[2].holder = site.credentials[0].holder;
    set(&mut site, "subject", "credential").unwrap();
    set(&mut site, "subject", "credential").unwrap();
    assert_eq!(site.holders.last().map(|h| h.name.as_str()), Some("P1/K3"));
    assert_eq!(site.holders.len(), 4);
    assert!(refused(&site, "subject", "holder").contains("`follow: Credential`"));
}

#[test]
fn the_nearest_axis_value_and_name_are_named() {
    let mut site = with("hard");
    let said = refused(&site, "comit", "on_grant");
    assert_eq!(said, "there is no axis `comit`; did you mean `commit`?");
    assert!(refused(&site, "colour", "red").starts_with("there is no axis `colour`; the axes are `policy`"));
    let said = refused(&site, "commit", "ongrant");
    let expected = "`ongrant` is no value of the axis `commit`: expected `on_grant`, `on_open`, \
                    `on_passage`; did you mean `on_grant`?";
    assert_eq!(said, expected);
    let said = refused(&site, "exempt", "P1,P9");
    assert!(said.contains("`P9`") && said.contains("holders of the site; did you mean `P1`?"), "{said}");
    assert!(refused(&site, "after_fire", "keeep").contains("did you mean `keep`?"));
    let said = refused(&site, "window", "0s");
    assert_eq!(said, "`0s` is no value of the axis `window`: expected a length of time, more than zero");
    assert!(
        refused(&site, "lockout", "0s").ends_with("expected `forever`, a length of time, more than zero")
    );
    assert!(refused(&site, "window", "300").ends_with("a length of time; did you mean `300s`?"));
    assert!(refused(&site, "window", "0").ends_with("expected a length of time, more than zero"));
    for bad in [".", "", "1.2.3", "-1"] {
        assert!(refused(&site, "window", bad).ends_with("expected a length of time"), "{bad}");
    }
    assert!(refused(&site, "late_grace", "0").ends_with("did you mean `0s`?"));
    assert!(refused(&site, "queue_depth", "17").contains("0 to 16"));
    let shape = assign(&mut site, "commit").unwrap_err().to_string();
    assert!(shape.contains("write AXIS=VALUE"), "{shape}");
}
