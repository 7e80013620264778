//! The worked examples, row by row and column by column, and sequences that follow from the exact rules.

use crate::bench::Bench;
use crate::fixture::{COLUMNS, column, t1, t2, t3};
use apbrig::apb::input::Who;
use apbrig::apb::policy::{Commit, Enforcement, Policy, Rule, UnknownRule};
use apbrig::apb::site::SiteParts;

/// Plays the reads of one row in every column; the outcomes are listed by column, `-` where the row says
/// nothing.
fn row(site: fn(&Policy) -> SiteParts, before: &str, reads: &[&str], outcomes: [&str; COLUMNS.len()]) {
    for (name, expected) in COLUMNS.into_iter().zip(outcomes).filter(|(_, o)| *o != "-") {
        let mut bench = Bench::new(site(&column(name)));
        bench.play(before);
        let got: Vec<&str> = reads.iter().map(|read| one(&mut bench, read)).collect();
        assert_eq!(got.join(" "), expected, "{name}: {reads:?}");
    }
}

fn one(bench: &mut Bench, read: &str) -> &'static str {
    let words: Vec<&str> = read.split_whitespace().collect();
    crate::bench::outcome(&bench.read(crate::bench::time(words[0]), words[1], words[2]))
}

#[test]
fn the_commissioning_test() {
    let expected = ["G G", "G G+V", "G G+V", "G D", "G D", "G D", "G D"];
    row(t1, "", &["0 R1e P1", "10 R1e P1"], expected);
}

#[test]
fn the_first_use_ever_at_the_exit() {
    let reads = ["0 R1x P1", "10 R1e P1", "20 R1x P1"];
    row(t1, "", &reads, ["G G G"; 7]);
}

#[test]
fn the_window_is_half_open() {
    let reads = ["0 R1e P1", "299.999 R1e P1", "300 R1e P1"];
    row(t1, "", &reads, ["-", "-", "-", "G D D", "G D D", "G D D", "G D G"]);
    let reads = ["0 R1e P1", "299.999999 R1e P1", "300 R1e P1"];
    row(t1, "", &reads, ["-", "-", "-", "-", "-", "-", "G D G"]);
    let reads = ["0 R1e P1", "300.000001 R1e P1"];
    row(t1, "", &reads, ["-", "-", "-", "-", "-", "-", "G G"]);
}

#[test]
fn another_person_in_between() {
    let reads = ["0 R1e P1", "10 R1e P2", "20 R1e P1"];
    row(t1, "", &reads, ["G G G", "G G G+V", "G G G+V", "G G D", "G G D", "G G D", "G G D"]);
}

#[test]
fn a_jump_over_a_nesting_level() {
    // P1 is known to be outside: first in at RBe, then out again.
    let before = "0 RBe P1 G; 10 RBx P1 G";
    row(t3, before, &["20 RSe P1"], ["G", "G", "G+V", "G", "G", "D", "D"]);
    // The same after the window.
    row(t3, before, &["310 RSe P1"], ["G", "G", "G+V", "G", "G", "D", "G"]);
}

#[test]
fn exit_without_entry() {
    let reads = ["0 R1e P1", "10 R1x P1", "20 R1x P1"];
    row(t1, "", &reads, ["G G G", "G G G+V", "G G G+V", "G G G", "G G D", "G G D", "G G D"]);
    row(t1, "0 R1e P1 G; 10 R1x P1 G", &["310 R1x P1"], ["G", "G+V", "G+V", "G", "D", "D", "G"]);
}

#[test]
fn leaving_from_too_far_in() {
    // In B, then in S, then out of B without having left S.
    let before = "0 RBe P1 G; 10 RSe P1 G";
    row(t3, before, &["20 RBx P1"], ["G", "G", "G+V", "G", "G", "D", "D"]);
}

#[test]
fn entering_again_from_further_in() {
    // Believed to be in S, which lies within B: whoever enters B enters where they are.
    let before = "0 RBe P1 G; 10 RSe P1 G";
    row(t3, before, &["20 RBe P1"], ["G", "G", "G+V", "D", "G", "D", "D"]);
}

#[test]
fn a_denial_restarts_no_window_and_a_violation_does() {
    let hard = column("TA");
    Bench::played(t1(&hard), "0 R1e P1 G; 200 R1e P1 D; 300 R1e P1 G; 599.999999 R1e P1 D; 600 R1e P1 G");
    let soft = Policy { inbound: Enforcement::Soft, ..hard };
    Bench::played(t1(&soft), "0 R1e P1 G; 200 R1e P1 G+V; 499.999999 R1e P1 G+V; 799.999999 R1e P1 G");
}

#[test]
fn a_legal_move_within_the_window_is_free_and_restarts_it() {
    let script = "0 R1e P1 G; 10 R1x P1 G; 20 R1e P1 G; 319.999999 R1e P1 D; 320 R1e P1 G";
    Bench::played(t1(&column("TA")), script);
}

#[test]
fn one_persons_window_is_not_anothers() {
    Bench::played(t2(&column("TA")), "0 R1e P1 G; 100 R2e P2 G; 300 R2e P1 G; 399.999999 R1e P2 D");
}

#[test]
fn two_cards_of_one_person_are_one_person() {
    for name in ["HARD_E", "HARD_IO", "HARD_L", "TA"] {
        Bench::played(t1(&column(name)), "0 R1e P1 G; 10 R1e 11 D; 20 R1x 11 G; 30 R1e P1 G");
    }
}

#[test]
fn in_in_without_a_passage() {
    for name in ["SOFT", "SOFT_L", "HARD_E", "HARD_IO", "HARD_L", "TA"] {
        let on_grant = column(name);
        let second = if on_grant.inbound == Enforcement::Soft { "G+V" } else { "D" };
        let script = format!("0 R1e P1 G; 5.5 P1 is A; 10 R1e P1 {second}");
        Bench::played(t1(&on_grant), &script);
        let on_passage = Policy { commit: Commit::OnPassage, ..on_grant };
        let script = format!("0 R1e P1 G; 10 P1 is ?; 10 R1e P1 G; 11 L1 in; 12 P1 is A; 20 R1e P1 {second}");
        Bench::played(t1(&on_passage), &script);
    }
}

#[test]
fn a_window_starts_at_the_passage() {
    let policy = Policy { commit: Commit::OnPassage, ..column("TA") };
    let script =
        "0 R1e P1 G; 4 L1 in; 300 R1e P1 D; 303.999999 R1e P1 D; 304 R1e P1 G; 306 L1 in; 310 R1e P1 D";
    Bench::played(t1(&policy), script);
    // A grant that nobody took starts none.
    let script =
        "0 R1e P1 G; 4 L1 in; 304 R1e P1 G; 320 R1e P1 G; 321 L1 in; 620.999999 R1e P1 D; 621 R1e P1 G";
    Bench::played(t1(&policy), script);
}

#[test]
fn unknown_is_a_third_state() {
    let with = |unknown| Policy { unknown, ..column("HARD_L") };
    for reader in ["R1e", "R1x"] {
        Bench::played(t1(&with(UnknownRule::Learn)), &format!("0 {reader} P1 G"));
        Bench::played(t1(&with(UnknownRule::Deny)), &format!("0 {reader} P1 D; 10 {reader} P1 D"));
    }
    Bench::played(t1(&with(UnknownRule::Outside)), "0 R1x P1 D; 1 R1e P1 G; 10 R1x P1 G");
    let in_out = Policy { unknown: UnknownRule::Outside, ..column("HARD_IO") };
    Bench::played(t1(&in_out), "0 R1x P1 D; 1 R1e P1 G");
    // Nobody has moved yet, so no window runs.
    let timed = Policy { unknown: UnknownRule::Outside, ..column("TA") };
    Bench::played(t1(&timed), "0 R1x P1 G; 10 R1x P1 D");
}

#[test]
fn denied_unknowns_get_in_once_placed() {
    let policy = Policy { unknown: UnknownRule::Deny, ..column("HARD_L") };
    let mut bench = Bench::played(t1(&policy), "0 R1e P1 D");
    bench.reset("5", Who::Holder(crate::bench::holder("P1")), Some("OUT"));
    bench.play("6 R1e P1 G; 12 R1e P1 D; 13 R1x P1 G");
}

#[test]
fn each_direction_has_its_own_enforcement() {
    let policy = Policy { commit: Commit::OnGrant, ..Policy::hard() };
    let bench = Bench::played(t1(&policy), "0 R1e P1 G; 10 R1e P1 D; 20 R1x P1 G; 30 R1x P1 G+V");
    assert_eq!(bench.broken(), [Rule::LocationMatch; 2]);
    let mirrored = Policy { inbound: Enforcement::Off, outbound: Enforcement::Hard, ..policy };
    Bench::played(t1(&mirrored), "0 R1e P1 G; 10 R1e P1 G; 20 R1x P1 G; 30 R1x P1 D");
}

#[test]
fn areas_have_policies_of_their_own() {
    let mut site = t3(&column("HARD_L"));
    site.areas[2].policy = Policy { commit: Commit::OnGrant, ..Policy::soft() };
    // B's boundary is judged by B's policy, S's by S's.
    Bench::played(site, "0 RBe P1 G; 10 RBx P1 G; 20 RSe P1 G+V; 30 RBe P1 D; 40 RSx P1 G; 50 RSx P1 G+V");
}

#[test]
fn a_reader_that_crosses_two_boundaries_is_judged_at_both() {
    let straight_in = |outer: &Policy, inner: &Policy| {
        let mut site = t3(outer);
        site.areas[2].policy = inner.clone();
        site.lanes[1].outer = apbrig::apb::id::AreaId(0);
        site
    };
    let (hard, soft) = (column("HARD_L"), column("SOFT_L"));
    let off = Policy { commit: Commit::OnGrant, ..Policy::off() };
    // P1 is known to be outside and leaves S for the outside.
    for (outer, inner, expected) in [
        (&hard, &soft, "D"),
        (&soft, &hard, "D"),
        (&soft, &off, "G+V"),
        (&off, &hard, "D"),
        (&off, &off, "G"),
    ] {
        let script = format!("0 RBe P1 G; 10 RBx P1 G; 20 RSx P1 {expected}");
        Bench::played(straight_in(outer, inner), &script);
    }
    let entry = column("HARD_E");
    // In B already, and once more through B's boundary straight into S.
    Bench::played(
        straight_in(&entry, &entry),
        "0 RBe P1 G; 10 RSe P1 D; 20 RBx P1 G; 30 RSe P1 G; 40 RBe P1 D",
    );
}

#[test]
fn off_follows_people_only_if_told_to() {
    let tracked = Policy { commit: Commit::OnGrant, ..Policy::off() };
    let mut bench = Bench::played(t1(&tracked), "0 R1e P1 G; 10 R1e P1 G; 11 P1 is A");
    bench.set_policy("12", "A", column("HARD_L")).play("20 R1e P1 D; 21 R1x P1 G");
    let mut bench = Bench::played(t1(&column("OFF")), "0 R1e P1 G; 10 R1e P1 G; 11 P1 is ?");
    bench.set_policy("12", "A", column("HARD_L")).play("20 R1e P1 G; 30 R1e P1 D");
}

#[test]
fn off_stands_in_nobodys_way() {
    // No second lane is refused because the first has not been used.
    Bench::played(t2(&Policy::off()), "0 R1e P1 G; 1 R2e P1 G; 2 L2 in; 3 L1 in");
    Bench::played(t2(&Policy::soft()), "0 R1e P1 G; 1 R2e P1 Dp; 2 L1 in; 3 R2e P1 G+V");
}
