//! What the reference model and the controller once disagreed about, and what people who look for holes would
//! try: each with the verdict of the specification.

use crate::bench::{Bench, holder, ms, time};
use crate::fixture::{column, remembering, t1, t2, t3};
use apbrig::apb::effect::Effects;
use apbrig::apb::id::{AreaId, CardNumber, Direction, HolderId, LaneId, MusterId, ScheduleId};
use apbrig::apb::input::{Input, Leaf, Who};
use apbrig::apb::journal::{Alert, AlertCause, Event};
use apbrig::apb::ledger::Location;
use apbrig::apb::policy::{Commit, Enforcement, Exemption, Policy};
use apbrig::apb::recovery::Recovery;
use apbrig::apb::site::{
    AfterFire, Company, Counts, Interlock, MusterPoint, OUTSIDE, Occupancy, Queue, Right, Role, Schedule,
    SiteParts, Together,
};
use apbrig::apb::time::Span;

fn give(bench: &mut Bench, at: &str, input: &Input) {
    bench.give(time(at), input);
}

fn alerts(bench: &Bench, cause: AlertCause) -> usize {
    bench.count(|e| matches!(e, Event::Alert(alert) if alert.cause == cause))
}

/// `T3` with a lane from the outside straight into S: it crosses the boundaries of B and of S.
fn straight(outer: &Policy, inner: &Policy) -> SiteParts {
    let mut site = t3(outer);
    site.areas[2].policy = inner.clone();
    site.lanes[1].outer = OUTSIDE;
    site
}

fn together(rule: Together, commit: Commit) -> SiteParts {
    let mut site = remembering(t1(&Policy { commit, ..Policy::hard() }), 1);
    site.areas[1].company = Company { rule, within: Span::seconds(10), first_person: false };
    site
}

fn with_roles(mut site: SiteParts, roles: &[(usize, Role)]) -> SiteParts {
    for (holder, role) in roles {
        site.holders[*holder].roles = site.holders[*holder].roles.with(*role);
    }
    site
}

fn unlock(lane: u16, direction: Direction, holder: Option<u32>) -> Input {
    Input::Unlock { lane: LaneId(lane), direction, holder: holder.map(HolderId), audit: None }
}

#[test]
fn the_policy_that_was_broken_locks_out() {
    let outer = Policy { lockout_after: 1, ..column("HARD_L") };
    let mut bench = Bench::new(straight(&outer, &column("SOFT_L")));
    bench.reset("0", Who::Holder(holder("P1")), Some("B"));
    let effects = bench.give(time("1"), &Input::read(bench.reader("RSe"), CardNumber(1)));
    assert!(effects.entries.iter().any(|e| matches!(e.event, Event::LockedOut { until: None, .. })));
}

#[test]
fn a_boundary_that_is_followed_knows_who_crosses_it_beside_one_that_is_not() {
    let off = Policy { commit: Commit::OnGrant, track_when_off: false, ..Policy::off() };
    // B has to know that P1 went through its boundary, although S does not follow anybody.
    Bench::played(straight(&column("HARD_E"), &off), "0 RSe P1 G; 0 P1 is S; 10 RBe P1 D");
}

#[test]
fn no_lane_of_an_interlock_is_unlocked_while_another_is_in_use() {
    let mut site = t3(&Policy { commit: Commit::OnPassage, ..column("HARD_L") });
    site.interlocks.push(Interlock { name: "mantrap".into(), lanes: vec![LaneId(0), LaneId(1)] });
    let mut bench = Bench::played(site, "0 RBe P1 G");
    give(&mut bench, "1", &unlock(1, Direction::In, None));
    assert_eq!(bench.count(|e| matches!(e, Event::Unlocked { grant: None, .. })), 1);
    // In a fire everything is open.
    bench.fire("2", true);
    give(&mut bench, "3", &unlock(1, Direction::In, None));
    assert_eq!(bench.count(|e| matches!(e, Event::Unlocked { grant: Some(_), .. })), 1);
}

#[test]
fn unlocking_for_somebody_goes_by_the_cards_they_have_now() {
    let policy = Policy { commit: Commit::OnPassage, ..column("HARD_L") };
    let mut bench = Bench::new(t1(&policy));
    give(&mut bench, "0", &Input::Assign { card: CardNumber(1), holder: HolderId(3) });
    give(&mut bench, "0", &Input::Replace { old: CardNumber(2), new: CardNumber(22) });
    // P1 has card 11 left, P2's card has another number, and neither is P4.
    for (at, who) in [(1, 0), (3, 1)] {
        bench.give(ms(at * 1_000), &unlock(0, Direction::In, Some(who)));
        bench.give(ms(at * 1_000 + 500), &Input::Passed { lane: LaneId(0), direction: Direction::In });
    }
    bench.play("5 P1 is A; 5 P2 is A; 5 P4 is ?");
    // Who has no card is refused, and that is written down.
    give(&mut bench, "6", &Input::Remove { holder: HolderId(2) });
    give(&mut bench, "7", &unlock(0, Direction::In, Some(2)));
    assert_eq!(bench.count(|e| matches!(e, Event::Unlocked { grant: None, .. })), 1);
}

#[test]
fn unlocking_opens_the_way_it_was_told_even_at_a_reader_for_both() {
    let mut site = t1(&Policy { commit: Commit::OnPassage, ..column("SOFT_L") });
    site.readers.truncate(1);
    site.readers[0].toggles = true;
    let mut bench = Bench::new(site);
    give(&mut bench, "0", &unlock(0, Direction::Out, Some(0)));
    bench.play("1 L1 out; 1 P1 is OUT");
}

#[test]
fn who_is_never_locked_out_is_not_with_a_new_card_either() {
    let policy = Policy { lockout_after: 1, ..column("SOFT_L") };
    let mut site = t1(&policy);
    site.holders[0].exempt = site.holders[0].exempt.with(Exemption::Lockout);
    let mut bench = Bench::new(site);
    give(&mut bench, "0", &Input::Replace { old: CardNumber(1), new: CardNumber(21) });
    bench.play("1 R1e 21 G; 10 R1e 21 G+V");
    assert_eq!(alerts(&bench, AlertCause::LockedOut), 0);
}

#[test]
fn presenting_again_does_not_break_a_row_of_violations() {
    let policy = Policy { lockout_after: 2, ..Policy::soft() };
    let script = "0 R1e P1 G; 1 L1 in; 2 R1e P1 G+V; 3 R1e P1 G; 4 L1 in; 5 R1e P1 G+V; 5.5 L1 in";
    let bench = Bench::played(t1(&policy), script);
    assert_eq!(alerts(&bench, AlertCause::LockedOut), 1);
}

#[test]
fn two_cards_in_one_hand_are_not_two_people() {
    // P1 waits with their second card; it becomes P2's, who then presents their own.
    let mut bench = Bench::played(together(Together::Dual, Commit::OnPassage), "0 R1e 11 awaiting_partner");
    give(&mut bench, "1", &Input::Assign { card: CardNumber(11), holder: HolderId(1) });
    bench.play("2 R1e P2 awaiting_partner");
}

#[test]
fn nobody_waits_for_a_partner_who_was_removed() {
    let site = together(Together::TwoMan, Commit::OnPassage);
    let mut bench = Bench::played(site, "0 R1e P1 awaiting_partner; 1 R1e P2 G; 2 L1 in");
    give(&mut bench, "3", &Input::Remove { holder: HolderId(1) });
    assert_eq!(alerts(&bench, AlertCause::PairBroken), 1);
    bench.play("3 P1 is ?; 20 P1 is ?");
    assert_eq!(bench.controller.pending().len(), 0);
    // The same if the one who stays has not gone yet.
    let site = together(Together::TwoMan, Commit::OnPassage);
    let mut bench = Bench::played(site, "0 R1e P1 awaiting_partner; 1 R1e P2 G");
    give(&mut bench, "2", &Input::Remove { holder: HolderId(0) });
    bench.play("3 L1 in; 4 L1 in; 4 P2 is ?; 20 P2 is ?");
    assert_eq!(alerts(&bench, AlertCause::PairBroken), 1);
    assert_eq!(bench.controller.pending().len(), 0);
}

fn bodies(max: Option<u32>, min: Option<u32>) -> SiteParts {
    let mut site = remembering(t2(&column("HARD_L")), 1);
    site.areas[1].occupancy = Occupancy { max, min, enforcement: Enforcement::Hard, counts: Counts::Bodies };
    site
}

#[test]
fn of_bodies_every_unused_grant_counts_wherever_its_owner_is_believed_to_be() {
    // Moved by the grant, P1 is believed inside; the body is still to come.
    Bench::played(bodies(Some(1), None), "0 R1e P1 G; 0 P1 is A; 1 R2e P2 occupancy_upper");
    // A lane opened by hand lets a body in, too.
    let mut bench = Bench::new(bodies(Some(1), None));
    give(&mut bench, "0", &unlock(0, Direction::In, None));
    bench.play("1 R2e P2 occupancy_upper; 5 R2e P2 G");
    // And out: of two bodies one has a grant to leave.
    let script =
        "0 R1e P1 G; 1 L1 in; 2 R1e P2 G; 3 L1 in; 4 R1x P1 G; 4 P1 is OUT; 4.5 R2x P2 occupancy_lower";
    Bench::played(bodies(None, Some(1)), script);
}

#[test]
fn who_stands_where_a_muster_point_is_was_not_seen_by_it() {
    let mut site = t1(&column("HARD_L"));
    site.after_fire = AfterFire::In(AreaId(1));
    site.musters.push(MusterPoint { name: "yard".into(), area: OUTSIDE });
    let mut bench = Bench::new(site);
    bench.reset("0", Who::All, Some("OUT"));
    give(&mut bench, "1", &Input::Muster { point: MusterId(0), card: CardNumber(2) });
    bench.fire("2", true);
    give(&mut bench, "3", &Input::Muster { point: MusterId(0), card: CardNumber(1) });
    bench.fire("4", false);
    // P2 was seen before the alarm, which says nothing of where they ran.
    bench.play("4 P1 is OUT; 4 P2 is A; 4 P3 is A");
}

#[test]
fn two_may_open_an_area_if_one_of_them_may() {
    let mut site = with_roles(together(Together::TwoMan, Commit::OnPassage), &[(0, Role::Opener)]);
    site.areas[1].company.first_person = true;
    let script = "0 R1e P2 first_person; 1 R1e P1 awaiting_partner; 2 R1e P2 G; 3 L1 in; 4 L1 in; 4 A has 2";
    Bench::played(site, script);
}

#[test]
fn a_missing_right_is_told_before_one_out_of_its_hours() {
    let mut site = straight(&column("HARD_L"), &column("HARD_L"));
    site.schedules.push(Schedule { name: "later".into(), windows: vec![(60, 120)] });
    site.rights.push(vec![Right { area: AreaId(2), schedule: Some(ScheduleId(0)) }]);
    site.holders[0].rights = 1;
    Bench::played(site, "0 RSe P1 no_access_right");
}

#[test]
fn nobody_is_handed_a_card_who_was_removed() {
    let mut bench = Bench::new(t1(&column("HARD_L")));
    give(&mut bench, "0", &Input::Remove { holder: HolderId(2) });
    give(&mut bench, "1", &Input::Assign { card: CardNumber(1), holder: HolderId(2) });
    assert_eq!(bench.count(|e| matches!(e, Event::Assigned { .. })), 0);
    bench.play("2 R1e P1 G; 2 P1 is A");
}

#[test]
fn a_second_who_finds_the_first_gone_waits_for_another() {
    // Two visitors wait, for they are no company for each other. The first may not go any more when the
    // escort comes; the second may.
    let roles = [(0, Role::Visitor), (1, Role::Visitor), (2, Role::Escort)];
    let mut bench = Bench::played(
        with_roles(together(Together::Dual, Commit::OnPassage), &roles),
        "0 R1e P1 no_accompaniment; 1 R1e P2 no_accompaniment",
    );
    bench.reset("2", Who::Holder(holder("P1")), Some("A"));
    bench.play("3 R1e P3 G; 4 L1 in; 5 L1 in; 5 P2 is A; 5 P3 is A");
    // If neither may, the escort is alone, too.
    let mut bench = Bench::played(
        with_roles(together(Together::Dual, Commit::OnPassage), &roles),
        "0 R1e P1 no_accompaniment; 1 R1e P2 no_accompaniment",
    );
    bench.reset("2", Who::Holders(vec![HolderId(0), HolderId(1)]), Some("A"));
    bench.play("3 R1e P3 awaiting_partner");
}

#[test]
fn two_who_go_opposite_ways_are_not_together() {
    let mut site = together(Together::TwoMan, Commit::OnPassage);
    site.readers.truncate(1);
    site.readers[0].toggles = true;
    let mut bench = Bench::new(site);
    bench.reset("0", Who::Holders(vec![HolderId(1), HolderId(2)]), Some("A"));
    bench.play("1 R1e P2 awaiting_partner");
    bench.reset("2", Who::Holder(HolderId(2)), Some("OUT"));
    // P2 wants out and is the last, P3 wants in.
    bench.play("3 R1e P3 G; 4 L1 in; 4 A has 2");
}

#[test]
fn a_gate_that_stands_open_opens_no_more_for_who_has_waited() {
    let policy = Policy { commit: Commit::OnOpen, ..Policy::hard() };
    let mut site = remembering(t1(&policy), 2);
    site.lanes[0].queue = Queue::BothWays;
    site.lanes[0].timers.queued = Span::seconds(2);
    let mut bench = Bench::new(site);
    give(&mut bench, "0", &Input::Leaf { lane: LaneId(0), leaf: Leaf::Open });
    // P3 comes too late for the turn that P2 waits to end; P2 gives up, and the turn goes on.
    bench.play("1 R1e P1 G; 1 P1 is A; 2 R1x P2 G; 3 R1e P3 G; 3 P3 is ?; 3.999999 P3 is ?; 4 P3 is A");
}

#[test]
fn after_a_power_cut_the_first_of_two_who_went_is_nowhere() {
    let mut bench = Bench::new(together(Together::TwoMan, Commit::OnPassage));
    bench.reset("0", Who::All, Some("OUT"));
    bench.play("1 R1e P1 awaiting_partner; 2 R1e P2 G; 3 L1 in; 3 P1 is OUT");
    let resumed = |bench: &Bench| {
        let mut recovery = Recovery::new(bench.controller.site());
        bench.journal.iter().for_each(|entry| recovery.see(entry));
        recovery.resume(bench.controller.site().clone(), ms(60_000), &mut Effects::default())
    };
    let location = |bench: &Bench, who: u32| resumed(bench).ledger().presence(HolderId(who)).location;
    // P1 is in there, and P2 may be.
    assert_eq!([0, 1].map(|who| location(&bench, who)), [Location::Unknown; 2]);
    bench.play("4 L1 in");
    assert_eq!([0, 1].map(|who| location(&bench, who)), [Location::In(AreaId(1)); 2]);
    let mut alone = Bench::new(together(Together::TwoMan, Commit::OnPassage));
    alone.reset("0", Who::All, Some("OUT"));
    alone.play("1 R1e P1 awaiting_partner; 2 R1e P2 G; 3 L1 in; 20 P1 is OUT");
    let broken = |e: &Event| matches!(e, Event::Alert(Alert { cause: AlertCause::PairBroken, .. }));
    assert_eq!(alone.count(broken), 1);
    // That only one went has been told; neither counts as moved.
    assert_eq!([0, 1].map(|who| location(&alone, who)), [Location::In(OUTSIDE); 2]);
}
