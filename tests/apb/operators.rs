//! Resets, forgiveness, policy changes, fire, exemptions, limits and presence time-outs.

use crate::bench::{Bench, holder, time};
use crate::fixture::{beamed, column, excused, limited, policies, remembering, scheduled, t1, t2, t3};
use apbrig::apb::effect::{Command, Signal};
use apbrig::apb::id::{AreaId, Direction, HolderId};
use apbrig::apb::input::{Input, Who};
use apbrig::apb::journal::{Alarm, Alert, AlertCause, Cause, Event};
use apbrig::apb::policy::{Commit, Exemption, Policy, Rule, Scope, UnknownRule};
use apbrig::apb::site::PassMode;
use apbrig::apb::time::Span;

const P1: Who = Who::Holder(HolderId(0));

#[test]
fn a_holder_is_reset_to_unknown_or_to_an_area() {
    let mut bench = Bench::played(t1(&column("HARD_L")), "0 R1e P1 G; 10 R1e P1 D");
    bench.reset("11", P1, None).play("11 P1 is ?; 12 R1e P1 G; 20 R1e P1 D");
    bench.reset("21", P1, Some("OUT")).play("21 P1 is OUT; 22 R1e P1 G; 22 R1x P1 lane_busy; 30 R1x P1 G");
    bench.reset("40", P1, Some("A")).play("41 R1e P1 D; 42 R1x P1 G");
}

#[test]
fn a_reset_is_journalled_before_its_moves() {
    let mut bench =
        Bench::played(t3(&column("HARD_L")), "0 RBe P1 G; 1 RSe P1 G; 6 RBe P2 G; 12 RBe P3 G; 20 B has 2");
    let before = bench.journal.len();
    bench.reset("20", Who::Area(AreaId(1)), Some("OUT")).play("20 B has 0; 20 S has 0; 20 OUT has 3");
    let events: Vec<&Event> = bench.journal[before..].iter().map(|e| &e.event).collect();
    assert_eq!(events[0], &Event::Reset { who: Who::Area(AreaId(1)), to: Some(AreaId(0)), audit: None });
    let moved = |e: &&&Event| matches!(e, Event::Moved { cause: Cause::Reset, .. });
    assert_eq!((events[1..].iter().filter(moved).count(), events.len()), (3, 4));
}

#[test]
fn an_area_is_reset_with_the_areas_within_it_and_no_others() {
    let inside = "0 RBe P1 G; 1 RSe P1 G; 6 RBe P2 G; 12 RBx P3 G";
    let mut bench = Bench::played(t3(&column("HARD_L")), inside);
    bench.reset("20", Who::Area(AreaId(2)), None).play("20 P1 is ?; 20 P2 is B; 20 P3 is OUT");
    bench.reset("21", Who::Area(AreaId(1)), None).play("21 P2 is ?; 21 P3 is OUT");
    bench.reset("22", Who::Area(AreaId(0)), None).play("22 P3 is ?");
}

#[test]
fn everybody_is_reset() {
    for target in [None, Some("OUT"), Some("A")] {
        let mut bench = Bench::played(t1(&column("HARD_L")), "0 R1e P1 G; 10 R1x P2 G");
        bench.reset("20", Who::All, target);
        for who in ["P1", "P2", "P3", "P4"] {
            bench.play(&format!("20 {who} is {}", target.unwrap_or("?")));
        }
    }
}

#[test]
fn a_reset_clears_windows() {
    let policy = Policy { unknown: UnknownRule::Outside, ..column("TA") };
    let mut bench = Bench::played(t1(&policy), "0 R1e P1 G; 10 R1e P1 D");
    // In the area, but the window is gone.
    bench.reset("11", P1, Some("A")).play("12 R1e P1 G; 20 R1e P1 D");
    // The place is the same and the window goes all the same.
    bench.reset("21", P1, Some("A")).play("22 R1e P1 G; 30 R1e P1 D");
    bench.reset("31", Who::Area(AreaId(1)), None).play("32 R1x P1 G");
}

#[test]
fn a_reset_in_the_middle_of_a_passage_loses_to_the_passage() {
    let mut bench = Bench::played(t2(&Policy::hard()), "0 R1e P1 G");
    bench.reset("1", P1, Some("A")).play("2 R2x P1 Dp; 3 L1 in; 4 P1 is A; 5 R1e P1 D");
    bench.play("6 R1x P1 G").reset("7", P1, None).play("8 L1 out; 9 P1 is OUT");
}

#[test]
fn resets_of_what_the_site_has_not_change_nothing() {
    let mut bench = Bench::played(t1(&Policy::hard()), "0 R1e P1 G; 1 L1 in");
    let (before, ledger) = (bench.journal.len(), bench.controller.ledger().clone());
    for who in [Who::Holder(HolderId(900)), Who::Area(AreaId(900))] {
        bench.reset("2", who, None);
    }
    bench.give(time("2"), &Input::reset(Who::All, Some(AreaId(900))));
    bench.forgive("2", "P901", Span::seconds(1));
    assert_eq!((bench.journal.len(), bench.controller.ledger()), (before, &ledger));
}

#[test]
fn forgiveness_is_used_by_the_first_read_that_would_have_violated() {
    let mut bench = Bench::played(t1(&column("HARD_L")), "0 R1e P1 G; 10 R1e P1 D");
    bench.forgive("11", "P1", Span::minutes(10));
    // A legal read leaves it alone, another person's cannot use it.
    bench.play("12 R1x P1 G; 20 R1e P1 G; 30 R1e P2 G; 40 R1e P2 D; 50 R1e P1 G; 60 R1e P1 D");
    assert_eq!(bench.count(|e| *e == Event::ForgivenessUsed { holder: HolderId(0) }), 1);
    assert_eq!(bench.count(|e| matches!(e, Event::Forgiven { .. })), 1);
}

#[test]
fn forgiveness_spares_the_alert_of_a_soft_violation_too() {
    let mut bench = Bench::played(t1(&column("SOFT_L")), "0 R1e P1 G");
    bench.forgive("11", "P1", Span::minutes(10)).play("12 R1e P1 G; 20 R1e P1 G+V");
    assert_eq!(bench.broken().len(), 1);
}

#[test]
fn forgiveness_lives_until_just_before_its_time() {
    for (at, expected) in [("19.999999", "G"), ("20", "D")] {
        let mut bench = Bench::played(t1(&column("HARD_L")), "0 R1e P1 G");
        bench.forgive("10", "P1", Span::seconds(10)).play(&format!("{at} R1e P1 {expected}"));
    }
    let mut bench = Bench::played(t1(&column("HARD_L")), "0 R1e P1 G");
    bench.forgive("10", "P1", Span::ZERO).play("10 R1e P1 D");
}

#[test]
fn a_denial_for_another_reason_leaves_the_forgiveness() {
    let mut bench = Bench::played(t1(&column("HARD_L")), "0 R1e P1 G");
    bench.set_mode("10", "L1", "in", PassMode::Locked);
    bench.forgive("10", "P1", Span::minutes(1)).play("11 R1e P1 lane_locked");
    bench.set_mode("12", "L1", "in", PassMode::Controlled);
    bench.play("13 R1e P1 G; 20 R1e P1 D");
}

#[test]
fn who_was_forgiven_may_present_again() {
    let mut bench = Bench::played(t1(&Policy::hard()), "0 R1e P1 G; 1 L1 in");
    bench.forgive("2", "P1", Span::minutes(1)).play("3 R1e P1 G; 3.05 R1e P1 G; 4 L1 in; 5 R1e P1 D");
    assert_eq!(bench.broken().len(), 1);
}

#[test]
fn a_policy_that_changes_keeps_everybody_where_they_are() {
    let mut bench = Bench::played(t1(&column("SOFT_L")), "0 R1e P1 G; 10 R1x P2 G");
    for name in ["HARD_L", "TA", "SOFT", "HARD_IO", "HARD_E"] {
        bench.set_policy("20", "A", column(name)).play("20 P1 is A; 20 P2 is OUT");
    }
    bench.play("30 R1e P1 D; 31 R1e P2 G");
    assert_eq!(bench.count(|e| matches!(e, Event::PolicySet { .. })), 5);
}

#[test]
fn the_first_use_is_free_after_a_time_in_which_nobody_was_followed() {
    let hard = || column("HARD_L");
    let mut bench = Bench::played(t1(&hard()), "0 R1e P1 G");
    bench.set_policy("6", "A", column("OFF")).play("10 R1x P1 G; 16 P1 is A");
    bench.set_policy("20", "A", hard()).play("20 P1 is ?; 30 R1e P1 G; 40 R1e P1 D");
    // One that followed all the time has nothing to forget.
    bench.set_policy("50", "A", Policy::off()).set_policy("60", "A", hard()).play("61 R1e P1 D");
}

#[test]
fn what_was_used_last_is_remembered_when_a_rule_begins_to_ask() {
    for scope in [Scope::Site, Scope::Panel] {
        for rule in [Rule::TimedReader, Rule::TimedCard] {
            let timed = Policy { rule, scope, window: Span::seconds(300), ..column("TA") };
            let mut bench = Bench::played(t1(&column("HARD_L")), "0 R1e P1 G");
            bench.set_policy("6", "A", timed).play("10 R1e P1 D; 10 R1e P2 G; 300 R1e P1 G");
        }
    }
}

#[test]
fn a_policy_may_change_while_somebody_is_in_the_gate() {
    let mut bench = Bench::played(t1(&Policy::soft()), "0 R1e P1 G");
    bench.set_policy("1", "A", Policy::hard()).play("2 L1 in; 2 P1 is A; 3 R1e P1 D");
    bench.play("4 R1x P1 G").set_policy("5", "A", Policy { track_when_off: false, ..Policy::off() });
    bench.play("6 L1 out; 7 P1 is A");
    assert_eq!(bench.takings(), [(1, "taken"), (1, "taken")]);
}

#[test]
fn a_presence_time_out_that_is_shortened_is_due_at_once() {
    let mut bench = Bench::played(t1(&column("HARD_L")), "0 R1e P1 G; 90 R1e P2 G");
    let timeout = |s| Policy { presence_timeout: Some(Span::seconds(s)), ..column("HARD_L") };
    bench.set_policy("100", "A", timeout(50));
    assert_eq!((bench.controller.next_deadline().unwrap().0), time("140"));
    bench.play("100 P1 is ?; 139.999999 P2 is A; 140 P2 is ?");
}

#[test]
fn presence_expires_at_exactly_its_time_out() {
    let policy = Policy { presence_timeout: Some(Span::seconds(60)), ..column("HARD_L") };
    Bench::played(t1(&policy), "0 R1e P1 G; 59.999999 R1e P1 D; 60 R1e P1 G");
    let bench = Bench::played(t1(&policy), "0 R1e P1 G; 59.999999 A has 1; 60 A has 0; 60 P1 is ?");
    let expired = |e: &Event| matches!(e, Event::Moved { cause: Cause::Expiry, .. });
    assert_eq!(bench.count(expired), 1);
    // A move starts it anew, a denial does not; outside, A's time-out does not run.
    Bench::played(
        t1(&policy),
        "0 R1e P1 G; 30 R1x P1 G; 40 R1e P1 G; 60 R1e P1 D; 99.999999 P1 is A; 100 P1 is ?",
    );
    Bench::played(t1(&policy), "0 R1e P1 G; 30 R1x P1 G; 9000 P1 is OUT");
}

#[test]
fn presence_expires_after_a_reset_as_after_a_move() {
    let policy = Policy { presence_timeout: Some(Span::seconds(60)), ..column("HARD_L") };
    let mut bench = Bench::new(t1(&policy));
    bench.reset("10", P1, Some("A")).play("69.999999 P1 is A; 70 P1 is ?");
    bench.reset("80", P1, Some("A")).reset("100", P1, Some("A")).play("159.999999 P1 is A; 160 P1 is ?");
}

#[test]
fn a_presence_time_out_of_zero_is_none() {
    let policy = Policy { presence_timeout: Some(Span::ZERO), ..column("HARD_L") };
    Bench::played(t1(&policy), "0 R1e P1 G; 90000 P1 is A");
}

#[test]
fn an_expired_presence_keeps_its_window() {
    let policy = Policy { presence_timeout: Some(Span::seconds(60)), ..column("TA") };
    let bench = Bench::played(t1(&policy), "0 R1e P1 G; 60 P1 is ?");
    assert_eq!(bench.controller.ledger().presence(holder("P1")).moved_at, Some(time("0")));
}

#[test]
fn fire_denies_nobody_and_moves_nobody() {
    for (name, policy) in policies(Commit::OnGrant) {
        let site = limited(scheduled(t2(&Policy { unknown: UnknownRule::Deny, ..policy })), 1, 0);
        let mut bench = Bench::new(site);
        bench.reset("0", Who::All, Some("A"));
        bench.set_mode("0", "L1", "in", PassMode::Locked);
        let effects = bench.fire("1", true);
        for lane in ["L1", "L2"].map(|l| bench.lane(l)) {
            let opens = |c: &(_, Command)| matches!(c.1, Command::Open { lane: l, .. } if l == lane);
            assert!(effects.commands.iter().any(opens), "{name}");
            for direction in Direction::BOTH {
                let free = Command::Mode { lane, direction, mode: PassMode::Free };
                assert!(effects.commands.iter().any(|c| c.1 == free), "{name}");
            }
        }
        bench.play(
            "2 R1e P1 fire; 3 R1x P1 fire; 4 R2e P4 fire; 5 R2x 99 fire; 6 L1 in; 7 L2 out; 8 L1 out; \
             9 A has 4",
        );
        assert!(bench.alarms().is_empty() && bench.broken().is_empty(), "{name}");
        let green = |c: &&(_, Command)| matches!(c.1, Command::Show { signal: Signal::Granted, .. });
        assert_eq!(bench.commands.iter().filter(green).count(), 4, "{name}");
    }
}

#[test]
fn after_the_fire_nobody_is_anywhere() {
    let mut bench = Bench::played(t3(&column("HARD_L")), "0 RBe P1 G; 6 RSe P1 G; 12 RBe P2 G; 20 RBx P3 G");
    bench.fire("30", true);
    bench.play("31 P1 is S; 31 P2 is B; 31 P3 is OUT");
    let effects = bench.fire("40", false);
    let closes = effects.commands.iter().filter(|c| matches!(c.1, Command::Close { .. })).count();
    assert_eq!(closes, 2);
    bench.play("40 P1 is ?; 40 P2 is ?; 40 P3 is ?; 41 RSe P2 G; 50 RSe P2 D; 51 RBe P1 G; 57 RBe P1 D");
    assert_eq!(bench.count(|e| matches!(e, Event::Moved { cause: Cause::Fire, .. })), 3);
}

#[test]
fn after_the_fire_no_window_runs() {
    let timeout = Some(Span::seconds(5));
    let policy = Policy { unknown: UnknownRule::Outside, presence_timeout: timeout, ..column("TA") };
    let mut bench = Bench::played(t1(&policy), "0 R1e P1 G; 5 P1 is ?; 6 R1x P1 D");
    bench.fire("10", true);
    bench.fire("11", false);
    bench.play("12 R1x P1 G");
}

#[test]
fn fire_drops_grants_and_gives_none() {
    let mut bench = Bench::played(remembering(t2(&Policy::hard()), 1), "0 R1e P1 G; 1 R1e P2 G");
    bench.fire("2", true);
    bench.fire("2.1", true);
    bench.play("2.2 L1 in; 3 R1e P1 fire; 4 R1e P1 fire; 5 L1 in; 6 P1 is ?");
    bench.fire("7", false);
    bench.play("8 R1e P1 G; 9 R2e P2 G; 9.5 L1 in");
    assert_eq!(bench.takings(), [(1, "not taken"), (2, "not taken"), (1, "taken")]);
    let grant = |e: &Event| if let Event::Decision(d) = e { d.grant } else { None };
    let mut grants: Vec<_> = bench.journal.iter().filter_map(|e| grant(&e.event)).collect();
    let given = grants.len();
    grants.dedup();
    assert_eq!((given, grants.len()), (6, 6), "no two decisions share a grant");
}

#[test]
fn fire_opens_a_gate_that_was_open_for_a_grant_already() {
    let mut bench = Bench::played(t1(&Policy::hard()), "0 R1x P1 G");
    let effects = bench.fire("1", true);
    assert!(effects.commands.iter().any(|c| matches!(c.1, Command::Open { .. })));
}

#[test]
fn no_mode_is_shown_that_fire_overrules() {
    let mut bench = Bench::new(t1(&Policy::hard()));
    bench.fire("1", true);
    assert!(bench.set_mode("2", "L1", "in", PassMode::Locked).commands.is_empty());
    bench.play("3 R1e P1 fire; 4 L1 in");
    assert!(bench.alarms().is_empty());
    let (lane, direction) = (bench.lane("L1"), Direction::In);
    let shown = Command::Mode { lane, direction, mode: PassMode::Locked };
    assert!(bench.fire("5", false).commands.iter().any(|c| c.1 == shown));
    bench.play("6 R1e P1 lane_locked");
}

#[test]
fn fire_frees_who_walks_through_beams() {
    let mut bench = Bench::new(beamed(t1(&Policy::hard())));
    bench.fire("1", true);
    bench.play("2 L1 walks out; 5 L1 walks in; 9 R1e P1 fire");
    assert_eq!((bench.passages(), bench.alarms()), ((2, 0), vec![]));
}

#[test]
fn excused_from_passback_is_not_untracked() {
    for name in ["HARD_L", "HARD_E", "HARD_IO", "TA", "SOFT", "SOFT_L"] {
        let site =
            excused(t1(&Policy { unknown: UnknownRule::Deny, ..column(name) }), 0, Exemption::Passback);
        let bench =
            Bench::played(site, "0 R1e P1 G; 10 R1e P1 G; 10 P1 is A; 10 A has 1; 20 R1x P1 G; 20 P1 is OUT");
        assert!(bench.broken().is_empty());
        assert_eq!(bench.controller.ledger().presence(holder("P1")).moved_at, Some(time("20")));
    }
    // A grant blocks elsewhere all the same, until it is taken.
    let site = excused(t2(&Policy::hard()), 0, Exemption::Passback);
    Bench::played(site, "0 R1e P1 G; 1 R2e P1 Dp; 2 L1 in; 3 R2e P1 G");
}

#[test]
fn excused_from_occupancy_still_takes_a_place() {
    let site = excused(limited(t1(&column("HARD_L")), 1, 1), 0, Exemption::Occupancy);
    Bench::played(
        site,
        "0 R1e P2 G; 10 R1e P1 G; 10 A has 2; 20 R1e P3 occupancy_upper; 21 R1x P2 G
        30 R1e P3 occupancy_upper; 31 R1x P1 G; 40 R1e P3 G",
    );
}

#[test]
fn excused_from_rights_is_held_to_everything_else() {
    let mut site = excused(scheduled(t1(&column("HARD_L"))), 3, Exemption::AccessRights);
    site = crate::fixture::valid(crate::fixture::without_right(site), None, None);
    Bench::played(site, "0 R1e P4 G; 10 R1e P4 D; 20 R1e P3 no_access_right");
}

#[test]
fn grants_on_their_way_count_against_the_limit() {
    let script = "0 R1e P1 G; 1 R2e P2 occupancy_upper; 2 L1 in; 3 R2e P2 occupancy_upper; 4 R1x P1 G
        5 R2e P2 occupancy_upper; 6 L1 out; 7 R2e P2 G; 8 L2 in; 8 A has 1; 9 R1e P1 occupancy_upper";
    Bench::played(limited(t2(&Policy::hard()), 1, 1), script);
    // Presenting again at the same reader does not count twice.
    Bench::played(limited(t2(&Policy::hard()), 1, 1), "0 R1e P1 G; 1 R1e P1 G; 2 L1 in");
}

#[test]
fn who_is_inside_already_takes_no_second_place() {
    let script = "0 R1e P1 G; 1 L1 in; 2 R1e P1 G+V; 3 R2e P2 occupancy_upper; 4 L1 in; 5 A has 1";
    Bench::played(limited(t2(&Policy::soft()), 1, 1), script);
}

#[test]
fn an_area_counts_the_areas_within_it() {
    let script = "0 RBe P1 G; 1 LB in; 2 RSe P1 G; 3 LS in; 4 S has 1; 4 B has 0; 5 RBe P2 G; 6 LB in
        7 RBe P3 occupancy_upper; 8 RSe P2 G; 9 LS in; 10 RBe P3 occupancy_upper; 11 RSx P1 G; 12 LS out
        13 RBe P3 occupancy_upper; 14 RBx P1 G; 15 LB out; 16 RBe P3 G";
    Bench::played(limited(t3(&Policy::hard()), 1, 2), script);
    Bench::played(
        limited(t3(&Policy::hard()), 2, 1),
        "0 RBe P1 G; 1 LB in; 2 RSe P1 G; 3 RBe P2 G; 3.1 LB in; 3.2 RSe P2 occupancy_upper; 3.3 LS in",
    );
}

#[test]
fn an_area_may_be_overfull_and_lets_people_out_until_it_is_not() {
    let mut bench = Bench::new(limited(t1(&column("HARD_L")), 1, 2));
    bench.reset("0", Who::All, Some("A"));
    bench.play("0 A has 4; 1 R1x P1 G; 7 R1e P1 occupancy_upper; 8 R1x P2 G; 14 R1e P1 occupancy_upper");
    bench.play("15 R1x P3 G; 21 R1e P1 G; 27 R1e P2 occupancy_upper");
    Bench::played(limited(t1(&column("HARD_L")), 1, 0), "0 R1e P1 occupancy_upper; 1 R1x P1 G");
}

#[test]
fn a_lane_alarm_is_an_alert_with_time_and_gate() {
    let bench = Bench::played(t2(&Policy::hard()), "3.25 L2 in");
    let cause = AlertCause::Lane(Alarm::Intrusion);
    let alert = Alert { lane: bench.lane("L2"), reader: None, card: None, holder: None, cause };
    let entry = bench.journal.iter().find(|e| e.event == Event::Alert(alert.clone())).unwrap();
    assert_eq!(entry.at, time("3.25"));
}
