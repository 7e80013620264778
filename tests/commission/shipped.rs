//! Every shipped site, simulated, is accepted.

use crate::fixture::{commission, shipped, site, those, with_policy};
use apbrig::apb::policy::Policy;
use apbrig::commission::Simulated;
use apbrig::commission::record::Outcome;

#[test]
fn every_shipped_site_passes_whatever_can_be_tried() {
    for name in shipped() {
        let site = site(&name);
        let results = commission(&site, &mut Simulated::new(&site), 0);
        for bad in [Outcome::Fail, Outcome::Error, Outcome::Flaky] {
            assert_eq!(those(&results, bad), [""; 0], "{name}");
        }
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
