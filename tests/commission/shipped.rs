//! Every shipped site, simulated, is accepted.

use crate::fixture::{commission, shipped, site, those, with_policy};
use apbrig::apb::policy::Policy;
use apbrig::commission::measurement::Grade;
use apbrig::commission::record::Outcome;
use apbrig::commission::{Commissioning, Options, Simulated, Unattended, plan};
use std::collections::BTreeSet;

#[test]
fn every_shipped_site_passes_whatever_can_be_tried() {
    for name in shipped() {
        let site = site(&name);
        let results = commission(&site, &mut Simulated::new(&site), 0);
        for bad in [Outcome::Fail, Outcome::Error, Outcome::Flaky] {
            assert_eq!(those(&results, bad), [""; 0], "{name}");
        }
        for result in &results {
            let names: BTreeSet<&str> = result.measurements.iter().map(|m| m.name.as_str()).collect();
            assert_eq!(names.len(), result.measurements.len(), "{name}: {}", result.id);
        }
        let passed = results.iter().filter(|r| r.outcome == Outcome::Pass);
        assert!(passed.clone().all(|r| r.measurements.iter().any(|m| m.grade != Grade::Unset)), "{name}");
        assert!(passed.count() * 10 > results.len() * 8, "{name}: much is skipped");
    }
}

#[test]
fn every_named_policy_is_expected_as_it_decides() {
    for name in Policy::NAMES {
        let policy = Policy::named(name).unwrap();
        for file in
            ["reference/one-lane.ron", "reference/two-lanes.ron", "reference/nested.ron", "nested-lab.ron"]
        {
            let site = with_policy(site(file), &policy);
            let results = commission(&site, &mut Simulated::new(&site), 0);
            assert_eq!(those(&results, Outcome::Fail), [""; 0], "{name} at {file}");
        }
    }
}

/// Each phase leaves the site as it found it: their order does not matter, nor how often they are done.
#[test]
fn phases_can_be_carried_out_in_any_order() {
    for name in
        ["nested-lab.ron", "proving-ground.ron", "shared-workspace.ron", "reference/uhppote-mode-1.ron"]
    {
        let site = site(name);
        let mut plan = plan(&site);
        let mut stand = Simulated::new(&site);
        plan.phases.reverse();
        let middle = plan.phases.len() / 2;
        for _ in 0..2 {
            let mut run = Commissioning::new(&plan, &site.site, Options::default());
            run.run(&mut stand, &mut Unattended::default(), &mut |_| Ok(())).unwrap();
            for bad in [Outcome::Fail, Outcome::Error] {
                assert_eq!(those(&run.results(), bad), [""; 0], "{name}");
            }
            plan.phases.rotate_left(middle);
        }
    }
}

#[test]
fn the_same_site_comes_out_the_same() {
    let site = site("nested-lab.ron");
    let once = commission(&site, &mut Simulated::new(&site), 0);
    assert_eq!(once, commission(&site, &mut Simulated::new(&site), 0));
}

/// Sites of every feature at once, as random testing has drawn them.
#[test]
fn odd_sites_pass_whatever_can_be_tried() {
    for name in crate::fixture::odd() {
        let site = site(&name);
        let results = commission(&site, &mut Simulated::new(&site), 0);
        for bad in [Outcome::Fail, Outcome::Error] {
            assert_eq!(those(&results, bad), [""; 0], "{name}");
        }
    }
}
