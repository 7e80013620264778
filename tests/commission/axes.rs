//! Every axis of a policy, at random: what the plan expects is what our controller does.

use crate::fixture::{changed, commission, site, those, with_policy};
use apbrig::apb::policy::{Commit, Enforcement, Memory, Policy, Rule, Scope, UnknownRule};
use apbrig::apb::site::{AfterFire, OUTSIDE};
use apbrig::apb::time::Span;
use apbrig::commission::Simulated;
use apbrig::commission::record::Outcome;
use proptest::prelude::*;

fn enforcement() -> impl Strategy<Value = Enforcement> {
    prop::sample::select(vec![Enforcement::Off, Enforcement::Soft, Enforcement::Hard])
}

fn policy() -> impl Strategy<Value = Policy> {
    let commit = prop::sample::select(vec![Commit::OnGrant, Commit::OnOpen, Commit::OnPassage]);
    let unknown = prop::sample::select(vec![UnknownRule::Learn, UnknownRule::Outside, UnknownRule::Deny]);
    let axes = (
        prop::sample::select(Rule::ALL.to_vec()),
        [enforcement(), enforcement()],
        prop::sample::select(vec![20_u64, 45, 600]),
        commit,
        unknown,
        (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()),
        prop::sample::select(vec![0_u64, 25, 700]),
        prop::sample::select(vec![0_u8, 1, 2, 5]),
    );
    axes.prop_map(
        |(rule, [inbound, outbound], window_s, commit, unknown, flags, forgets_s, lockout_after)| {
            let (reservation, flag, panel, denied_moves) = flags;
            Policy {
                rule,
                inbound,
                outbound,
                window: Span::seconds(window_s),
                commit,
                reservation,
                unknown,
                presence_timeout: Some(Span::seconds(forgets_s)),
                track_when_off: denied_moves,
                memory: if flag { Memory::Flag } else { Memory::Location },
                scope: if panel { Scope::Panel } else { Scope::Site },
                lockout_after,
                denied_moves,
                ..Policy::hard()
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_site_of_any_policy_passes_its_own_plan(
        first in policy(),
        second in policy(),
        own in prop::option::of(enforcement()),
        nested in any::<bool>(),
        keeps in any::<bool>(),
        toggle in prop::option::of(0_usize..4),
    ) {
        let file = if nested { "nested-lab.ron" } else { "reference/two-lanes.ron" };
        let site = changed(with_policy(site(file), &first), |parts| {
            if let Some(inner) = parts.areas.get_mut(2) {
                inner.policy = second.clone();
            }
            parts.readers[0].apb = own;
            if let Some(reader) = toggle.and_then(|r| parts.readers.get_mut(r)) {
                reader.toggles = true;
            }
            parts.after_fire = if keeps { AfterFire::Keep } else { AfterFire::In(OUTSIDE) };
        });
        let results = commission(&site, &mut Simulated::new(&site), 0);
        for bad in [Outcome::Fail, Outcome::Error] {
            let found = those(&results, bad);
            prop_assert!(found.is_empty(), "{found:#?}");
        }
    }
}
