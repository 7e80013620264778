//! Who has to come together: two-man areas, dual authentication, escorts, the first person.

use crate::bench::{Bench, holder, time};
use crate::fixture::{limited, remembering, t1, t2};
use apbrig::apb::id::{CardNumber, HolderId};
use apbrig::apb::input::{Input, Who};
use apbrig::apb::journal::{Alert, AlertCause, Event};
use apbrig::apb::policy::{Commit, Exemption, Policy};
use apbrig::apb::site::{Company, Role, SiteParts, Together};
use apbrig::apb::time::Span;

/// `T1` with a rule of company in its area and room for two grants in its lane.
fn site(rule: Together, commit: Commit) -> SiteParts {
    let mut site = remembering(t1(&Policy { commit, ..Policy::hard() }), 1);
    site.areas[1].company = Company { rule, within: Span::seconds(10), first_person: false };
    site
}

fn with_role(mut site: SiteParts, holder: usize, role: Role) -> SiteParts {
    site.holders[holder].roles = site.holders[holder].roles.with(role);
    site
}

fn pairs_broken(bench: &Bench) -> usize {
    bench.count(|e| matches!(e, Event::Alert(Alert { cause: AlertCause::PairBroken, .. })))
}

#[test]
fn the_first_two_come_in_together_and_the_last_two_leave_together() {
    let script = "
        0 R1e P1 awaiting_partner; 0 P1 is ?
        5 R1e P2 G
        6 L1 in; 6 P1 is ?; 7 L1 in; 7 P1 is A; 7 P2 is A
        10 R1e P3 G; 11 L1 in; 11 A has 3
        20 R1x P3 G; 21 L1 out; 21 A has 2
        30 R1x P1 awaiting_partner
        35 R1x P2 G; 36 L1 out; 36 A has 2; 37 L1 out; 37 A has 0";
    let bench = Bench::played(site(Together::TwoMan, Commit::OnPassage), script);
    assert_eq!(bench.takings().len(), 6);
    assert_eq!(bench.count(|e| matches!(e, Event::Paired { .. })), 2);
    assert_eq!(pairs_broken(&bench), 0);
}

/// As `site`, with two lanes.
fn two_lanes(rule: Together, commit: Commit) -> SiteParts {
    let mut site = remembering(t2(&Policy { commit, ..Policy::hard() }), 1);
    site.areas[1].company = Company { rule, within: Span::seconds(10), first_person: false };
    site
}

#[test]
fn whoever_may_leave_already_is_no_company() {
    let two = || two_lanes(Together::TwoMan, Commit::OnPassage);
    let mut bench = Bench::new(two());
    bench.reset("0", Who::Holders(vec![HolderId(0), HolderId(1), HolderId(2)]), Some("A"));
    // Of three one may go: of the two who stay none goes alone before it is clear that he does not.
    bench.play("1 R1x P1 G; 2 R2x P2 awaiting_partner; 8 R2x P2 G");
    // Two go together: whoever comes meets nobody.
    let mut bench = Bench::new(two());
    bench.reset("0", Who::Holders(vec![HolderId(0), HolderId(1)]), Some("A"));
    bench.play("0 R1x P1 awaiting_partner; 1 R1x P2 G; 2 R2e P3 awaiting_partner; 3 R2e P4 G");
    bench.play("3 L1 out; 3 L1 out; 4 L2 in; 4 L2 in; 5 A has 2");
}

#[test]
fn two_do_not_leave_a_third_alone() {
    let two = || two_lanes(Together::TwoMan, Commit::OnPassage);
    let mut bench = Bench::new(two());
    bench.reset("0", Who::Holders(vec![HolderId(0), HolderId(1)]), Some("A"));
    // P1 waits for P2; P3 comes in meanwhile. P2 may go, and P1 waits on, for whoever is left with them.
    bench.play(
        "
        1 R1x P1 awaiting_partner; 2 R2e P3 G; 3 L2 in; 3 A has 3
        4 R1x P2 G; 5 L1 out; 5 A has 2; 5 P1 is A
        6 R1x P3 G; 7 L1 out; 7 A has 2; 8 L1 out; 8 A has 0",
    );
    assert_eq!(pairs_broken(&bench), 0);
    // Of four two may go together, and two stay.
    let mut bench = Bench::new(two());
    bench.reset("0", Who::Holders(vec![HolderId(0), HolderId(1)]), Some("A"));
    bench.play(
        "
        1 R1x P1 awaiting_partner; 2 R2e P3 G; 3 L2 in; 3 R2e P4 G; 4 L2 in; 4 A has 4
        5 R1x P2 G; 6 L1 out; 6 A has 4; 7 L1 out; 7 A has 2",
    );
}

#[test]
fn the_first_of_two_waits_no_longer_than_allowed() {
    let two = || site(Together::TwoMan, Commit::OnPassage);
    Bench::played(two(), "0 R1e P1 awaiting_partner; 9.999999 R1e P2 G");
    Bench::played(two(), "0 R1e P1 awaiting_partner; 10 R1e P2 awaiting_partner; 19 R1e P1 G");
}

#[test]
fn one_holder_is_not_two() {
    // P1 has a second card, 11.
    let script = "0 R1e P1 awaiting_partner; 1 R1e 11 awaiting_partner; 2 R1e P2 G";
    Bench::played(site(Together::TwoMan, Commit::OnPassage), script);
}

#[test]
fn the_first_of_two_is_judged_again() {
    let mut parts = site(Together::TwoMan, Commit::OnPassage);
    parts.lanes.push(apbrig::apb::site::Lane { name: "L2".into(), ..parts.lanes[0].clone() });
    for (i, name) in ["R2e", "R2x"].into_iter().enumerate() {
        let lane = apbrig::apb::id::LaneId(1);
        parts.readers.push(apbrig::apb::site::Reader { name: name.into(), lane, ..parts.readers[i].clone() });
    }
    // P1 waits at both lanes and is granted at the second.
    let script = "
        0 R1e P1 awaiting_partner; 1 R2e P1 awaiting_partner; 2 R2e P2 G
        3 R1e P3 awaiting_partner; 4 R1e P4 G";
    Bench::played(parts, script);
}

#[test]
fn of_two_neither_moves_if_one_stays_out() {
    let site = || site(Together::TwoMan, Commit::OnPassage);
    // The second grant lapses at 6 + 5, and is too late a second after that.
    let went = "0 R1e P1 awaiting_partner; 5 R1e P2 G; 6 L1 in; 11.999999 P1 is ?; 13 P1 is ?; 13 A has 0";
    let bench = Bench::played(site(), went);
    assert_eq!((pairs_broken(&bench), bench.controller.pending().len()), (1, 0));
    // Both stay out: nothing to tell.
    let bench = Bench::played(site(), "0 R1e P1 awaiting_partner; 5 R1e P2 G; 30 A has 0");
    assert_eq!((pairs_broken(&bench), bench.controller.pending().len()), (0, 0));
    // The second is late, but not too late.
    let bench =
        Bench::played(site(), "0 R1e P1 awaiting_partner; 5 R1e P2 G; 6 L1 in; 11.5 L1 in; 11.5 A has 2");
    assert_eq!(pairs_broken(&bench), 0);
}

#[test]
fn on_grant_both_move_with_the_decision() {
    let script = "0 R1e P1 awaiting_partner; 5 R1e P2 G; 5 A has 2";
    Bench::played(site(Together::TwoMan, Commit::OnGrant), script);
    let script =
        "0 R1e P1 awaiting_partner; 5 R1e P2 G; 6 L1 opens; 6 A has 0; 7 L1 in; 7 L1 opens; 7 A has 2";
    Bench::played(site(Together::TwoMan, Commit::OnOpen), script);
}

#[test]
fn a_broken_pair_is_told_once_and_leaves_nothing_behind() {
    let begun =
        || Bench::played(site(Together::TwoMan, Commit::OnOpen), "0 R1e P1 awaiting_partner; 1 R1e P2 G");
    let remove = |bench: &mut Bench, at: &str, who: &str| {
        bench.give(time(at), &Input::Remove { holder: holder(who) });
    };
    // The first lapses; the second opens the lane, and only then goes through.
    let mut bench = begun();
    bench.play("8 L1 opens; 9 L1 in; 30 A has 0");
    assert_eq!((pairs_broken(&bench), bench.controller.pending().len()), (1, 0));
    // The second is removed when the first has opened the lane and has not gone through yet.
    let mut bench = begun();
    bench.play("2 L1 opens");
    remove(&mut bench, "2.2", "P2");
    bench.play("2.5 L1 in; 30 A has 0");
    assert_eq!((pairs_broken(&bench), bench.controller.pending().len()), (1, 0));
    // The first is removed when gone through; then the second goes.
    let mut bench = begun();
    bench.play("2 L1 opens; 2.5 L1 in");
    remove(&mut bench, "3", "P1");
    bench.play("3 L1 opens; 3.5 L1 in; 30 A has 0");
    assert_eq!((pairs_broken(&bench), bench.controller.pending().len()), (1, 0));
}

#[test]
fn the_card_of_one_who_waits_inside_for_the_other_lets_nobody_in() {
    let two = || two_lanes(Together::Dual, Commit::OnPassage);
    // P1 has gone in and does not count as moved before P2 has. Somebody outside presents P1's card.
    let mut bench = Bench::new(two());
    bench.play(
        "
        0 R1e P1 awaiting_partner; 1 R1e P2 G; 2 L1 in; 2 P1 is ?
        3 R2e P1 Dp; 3 R1e P1 Dp; 3 R2e P3 awaiting_partner
        4 L1 in; 4 P1 is A; 4 P2 is A; 5 R2e P1 D",
    );
    // P2 does not come: P1 is free to come back, and to try again.
    let mut bench = Bench::new(two());
    bench.play(
        "
        0 R1e P1 awaiting_partner; 1 R1e P2 G; 2 L1 in; 3 R2e P1 Dp
        20 R2e P1 awaiting_partner; 21 R2e P2 G; 22 L2 in; 22 L2 in; 22 A has 2",
    );
    assert_eq!(pairs_broken(&bench), 1);
}

#[test]
fn the_alert_of_a_broken_pair_names_the_credential() {
    let script = "0 R1e P1 awaiting_partner; 5 R1e P2 G; 6 L1 in; 13 P1 is ?";
    let bench = Bench::played(site(Together::TwoMan, Commit::OnPassage), script);
    let broken = bench.journal.iter().find_map(|e| match &e.event {
        Event::Alert(a) if a.cause == AlertCause::PairBroken => Some((a.holder, a.card)),
        _ => None,
    });
    assert_eq!(broken, Some((Some(HolderId(0)), Some(CardNumber(1)))));
}

#[test]
fn with_dual_authentication_everybody_comes_with_somebody() {
    let script = "
        0 R1e P1 awaiting_partner; 1 R1e P2 G; 2 L1 in; 3 L1 in; 3 A has 2
        10 R1e P3 awaiting_partner; 11 R1e P4 G; 12 L1 in; 13 L1 in; 13 A has 4
        20 R1x P1 G; 21 L1 out; 21 A has 3";
    Bench::played(site(Together::Dual, Commit::OnPassage), script);
}

#[test]
fn both_of_two_must_be_allowed_in() {
    // Only one place is left: neither gets it.
    let site = limited(site(Together::Dual, Commit::OnPassage), 1, 1);
    Bench::played(site, "0 R1e P1 awaiting_partner; 1 R1e P2 occupancy_upper; 2 A has 0");
}

#[test]
fn an_exempt_holder_needs_no_company() {
    let mut site = site(Together::TwoMan, Commit::OnPassage);
    site.holders[0].exempt = site.holders[0].exempt.with(Exemption::Verification);
    Bench::played(site, "0 R1e P1 G; 1 L1 in; 1 A has 1; 2 R1e P2 G");
}

#[test]
fn visitors_come_with_an_escort() {
    let parts = || {
        let site = site(Together::Alone, Commit::OnPassage);
        with_role(with_role(site, 0, Role::Visitor), 1, Role::Escort)
    };
    // P3 is no escort, and goes in alone.
    let script = "
        0 R1e P1 no_accompaniment; 1 R1e P3 G; 2 L1 in
        3 R1e P2 G; 4 L1 in; 5 L1 in; 5 A has 3
        10 R1x P1 G; 11 L1 out; 11 A has 2";
    Bench::played(parts(), script);
    // Two visitors are no escort for each other.
    let both = with_role(parts(), 2, Role::Visitor);
    Bench::played(both, "0 R1e P1 no_accompaniment; 1 R1e P3 no_accompaniment; 2 R1e P2 G; 30 A has 0");
}

#[test]
fn somebody_has_to_open_an_empty_area() {
    let mut site = with_role(site(Together::Alone, Commit::OnPassage), 1, Role::Opener);
    site.areas[1].company.first_person = true;
    let script = "
        0 R1e P1 first_person; 1 R1e P2 G; 2 L1 in; 3 R1e P1 G; 4 L1 in
        10 R1x P2 G; 11 L1 out; 12 R1e P3 G; 13 L1 in
        20 R1x P3 G; 21 L1 out; 22 R1x P1 G; 23 L1 out; 24 R1e P3 first_person";
    Bench::played(site, script);
}
