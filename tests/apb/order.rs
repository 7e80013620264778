//! One reason is reported, the first that fails, and anti-passback never masks a more basic one.

use crate::bench::{Bench, ms};
use crate::fixture::{STRANGER, column, limited, scheduled, t1, t2, valid, without_right};
use apbrig::apb::id::{CardNumber, ReaderId};
use apbrig::apb::input::{Input, Who};
use apbrig::apb::journal::{Event, Reason};
use apbrig::apb::policy::{Commit, Policy, UnknownRule};
use apbrig::apb::site::PassMode;

/// Everything that can fail from anti-passback on fails for P1 to P4 at R1e.
fn hopeless(commit: Commit) -> Policy {
    Policy { unknown: UnknownRule::Deny, commit, ..column("HARD_L") }
}

#[test]
fn a_stranger_is_a_stranger() {
    let mut bench = Bench::new(t1(&hopeless(Commit::OnGrant)));
    bench.play(&format!("0 R1e {STRANGER} unknown_credential; 1 R1x {STRANGER} unknown_credential"));
    assert!(bench.broken().is_empty());
}

#[test]
fn a_reader_that_is_not_there_denies() {
    let mut bench = Bench::new(t1(&Policy::off()));
    bench.give(ms(1), &Input::read(ReaderId(77), CardNumber(1)));
    let refused = |e: &Event| matches!(e, Event::Decision(d) if d.reason == Reason::UnknownReader);
    assert_eq!(bench.count(refused), 1);
}

#[test]
fn validity_comes_first() {
    let site = valid(t1(&hopeless(Commit::OnGrant)), Some(ms(1_000)), Some(ms(2_000)));
    let script =
        "0.999999 R1e P2 not_yet_valid; 1 R1e P2 D; 1.999999 R1e P2 D; 2 R1e P2 expired; 3 R1x P2 expired";
    assert_eq!(Bench::played(site, script).broken().len(), 2);
}

#[test]
fn validity_masks_a_violation_when_inside_too() {
    let site = valid(t1(&column("HARD_L")), None, Some(ms(60_000)));
    let bench = Bench::played(site, "0 R1e P2 G; 10 R1e P2 D; 60 R1e P2 expired; 61 R1x P2 expired");
    assert_eq!(bench.broken().len(), 1);
}

#[test]
fn rights_and_schedule_come_before_anti_passback() {
    let site = scheduled(without_right(t1(&hopeless(Commit::OnGrant))));
    let script =
        "0 R1e P3 no_access_right; 59.999999 R1e P4 outside_schedule; 60 R1e P4 D; 119.999999 R1e P4 D
        120 R1e P4 outside_schedule";
    assert_eq!(Bench::played(site, script).broken().len(), 2);
}

#[test]
fn leaving_needs_no_right() {
    let site = scheduled(t1(&column("HARD_L")));
    Bench::played(site, "60 R1e P4 G; 300 R1x P4 G; 310 R1x P4 D; 320 R1e P4 outside_schedule");
    Bench::played(without_right(t1(&column("HARD_L"))), "0 R1x P3 G; 10 R1e P3 no_access_right");
}

#[test]
fn off_still_checks_who_it_is() {
    let site = valid(without_right(t1(&Policy::off())), None, Some(ms(0)));
    let script = format!("0 R1e {STRANGER} unknown_credential; 1 R1e P2 expired; 2 R1e P3 no_access_right");
    Bench::played(site, &script);
}

#[test]
fn anti_passback_comes_before_occupancy_and_the_lane() {
    let mut bench = Bench::new(limited(t1(&column("HARD_L")), 1, 1));
    bench.play("0 R1e P1 G; 10 R1e P1 D; 11 R1e P2 occupancy_upper");
    bench.set_mode("12", "L1", "in", PassMode::Locked);
    bench.play("13 R1e P1 D; 14 R1e P2 occupancy_upper; 15 R1x P1 G; 21 R1e P1 lane_locked");
}

#[test]
fn a_violation_comes_before_a_pending_grant() {
    let mut bench = Bench::new(t2(&Policy::hard()));
    bench.play("0 R1x P1 G; 1 L1 out; 2 R1e P1 G; 3 R2e P1 Dp");
    bench.reset("4", Who::All, Some("A")).play("4.1 R2e P1 D");
}

#[test]
fn a_pending_grant_comes_before_occupancy_and_the_lane() {
    let mut bench = Bench::new(limited(t2(&Policy::hard()), 1, 1));
    bench.set_mode("0", "L2", "in", PassMode::Locked);
    bench.play("1 R1e P1 G; 2 R2e P1 Dp; 3 R2e P2 occupancy_upper; 7 R2e P2 lane_locked");
}

#[test]
fn a_soft_violation_that_fails_later_is_not_reported() {
    let mut bench = Bench::new(t2(&Policy { commit: Commit::OnGrant, ..Policy::soft() }));
    bench.play("0 R1e P1 G; 1 L1 in");
    bench.set_mode("2", "L1", "in", PassMode::Locked);
    bench.play("3 R1e P1 lane_locked; 4 R2e P1 G+V");
    assert_eq!(bench.broken().len(), 1);
}
