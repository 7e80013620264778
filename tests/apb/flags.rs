//! Areas that go by flags: what a muster point, a power cut and a reset do to them.

use crate::bench::{Bench, time};
use crate::fixture::t1;
use apbrig::apb::effect::Effects;
use apbrig::apb::id::{AreaId, CardNumber, HolderId, MusterId};
use apbrig::apb::input::{Input, Who};
use apbrig::apb::policy::{Commit, Memory, Policy};
use apbrig::apb::recovery::Recovery;
use apbrig::apb::site::{AfterFire, MusterPoint, SiteParts};
use apbrig::apb::time::Span;

fn site(policy: Policy) -> SiteParts {
    let mut site = t1(&Policy { memory: Memory::Flag, ..policy });
    site.musters.push(MusterPoint { name: "M1".into(), area: AreaId(0) });
    site.after_fire = AfterFire::Keep;
    site
}

#[test]
fn who_reports_at_a_muster_point_outside_may_come_in_again() {
    let mut bench = Bench::played(site(Policy::hard_in_out()), "0 R1e P1 G; 1 L1 in");
    bench.fire("10", true);
    bench.give(time("20"), &Input::Muster { point: MusterId(0), card: CardNumber(1) });
    bench.fire("30", false);
    bench.play("30 P1 is OUT; 40 R1e P1 G; 41 L1 in; 50 R1e P1 D");
    assert_eq!(&bench.folded(), bench.controller.ledger());
}

#[test]
fn a_power_cut_makes_flags_unknown_of_those_it_caught_between_grant_and_passage() {
    // P1 is granted in when the power is cut, and may be on either side of the gate; P2 is well inside.
    let script = "0 R1e P1 G; 1 L1 in; 5 R1e P2 G; 6 L1 in; 10 R1x P1 G; 11 L1 out; 20 R1e P1 G";
    let bench = Bench::played(site(Policy::hard_in_out()), script);
    let site = bench.controller.site().clone();
    let mut recovery = Recovery::new(&site);
    bench.journal.iter().for_each(|e| recovery.see(e));
    let mut effects = Effects::default();
    let controller = recovery.resume(site, time("22"), &mut effects);
    let zone = |holder| controller.ledger().uses().zone(HolderId(holder), AreaId(1));
    assert_eq!(zone(0), None, "neither in nor out");
    assert_eq!(
        zone(1).map(|z| (z.inside, z.since)),
        Some((true, time("6"))),
        "who held no grant is where they were"
    );
}

#[test]
fn only_a_move_starts_the_window_of_a_flag() {
    let policy = Policy { commit: Commit::OnGrant, window: Span::seconds(300), ..Policy::timed() };
    let mut bench = Bench::new(site(policy));
    bench.reset("0", Who::Holder(HolderId(0)), Some("A"));
    bench.play("10 R1e P1 G; 20 R1e P1 D; 309.999999 R1e P1 D; 310 R1e P1 G");
}
