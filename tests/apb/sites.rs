//! What sites have beside areas and lanes: second factors, toggle readers, readers with a mind of their own,
//! groups, interlocks, lockdowns, lockouts, amnesties, muster points, unlocking by hand.

use crate::bench::{Bench, holder, ms, time};
use crate::fixture::{STRANGER, column, limited, scheduled, t1, t2, t3};
use apbrig::apb::effect::Command;
use apbrig::apb::id::{
    AreaId, CardNumber, Direction, GroupId, HolderId, LaneId, MusterId, PanelId, ScheduleId,
};
use apbrig::apb::input::{Audit, Factor, Input, Lockdown, Who};
use apbrig::apb::journal::{Alert, AlertCause, Cause, Event, Reason};
use apbrig::apb::policy::{Commit, Enforcement, Exemption, Exemptions, Policy, Rule};
use apbrig::apb::site::{
    AfterFire, Amnesty, Counts, FactorRule, Group, Interlock, MusterPoint, OUTSIDE, Occupancy, PassMode,
    Site, SiteParts,
};
use apbrig::apb::time::{Span, Time, WallClock};

fn alerts(bench: &Bench, cause: AlertCause) -> usize {
    bench.count(|e| matches!(e, Event::Alert(alert) if alert.cause == cause))
}

fn give(bench: &mut Bench, at: &str, input: &Input) {
    bench.give(time(at), input);
}

fn refused(parts: SiteParts) -> String {
    let errors = Site::new(parts).map(|_| ()).unwrap_err();
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_second_factor_comes_after_rights_and_before_anti_passback() {
    let mut site = t1(&column("HARD_L"));
    site.readers[0].factor = FactorRule::Always;
    site.holders[1].exempt = site.holders[1].exempt.with(Exemption::Verification);
    let mut bench = Bench::new(site);
    let mut read = |at: &str, factor| {
        let input = Input::Read { reader: bench.reader("R1e"), card: CardNumber(1), factor };
        let effects = bench.give(time(at), &input);
        let reason = effects.entries.iter().find_map(|e| match &e.event {
            Event::Decision(d) => Some(d.reason),
            _ => None,
        });
        reason.unwrap()
    };
    assert_eq!(read("0", Factor::None), Reason::Factor);
    assert_eq!(read("1", Factor::Wrong), Reason::Factor);
    assert_eq!(read("2", Factor::Right), Reason::Ok);
    assert_eq!(read("9", Factor::None), Reason::Factor);
    assert_eq!(read("10", Factor::Right), Reason::ApbViolation);
    bench.play("20 R1e P2 G; 30 R1x P1 G");
}

#[test]
fn a_second_factor_may_follow_a_schedule() {
    // Mondays from 00:01 to 00:02.
    let mut site = scheduled(t1(&column("HARD_L")));
    site.readers[0].factor = FactorRule::During(ScheduleId(0));
    Bench::played(site, "59.999 R1e P1 G; 60 R1e P2 factor; 119.999 R1e P2 factor; 120 R1e P2 G");
}

#[test]
fn a_toggle_reader_finds_no_in_after_an_in_but_uses_within_a_window() {
    let toggling = |policy: &Policy| {
        let mut site = t1(policy);
        site.readers.truncate(1);
        site.readers[0].toggles = true;
        site
    };
    let script = "0 R1e P1 G; 0 P1 is A; 10 R1e P1 G; 10 P1 is OUT; 20 R1e P1 G; 20 P1 is A";
    let bench = Bench::played(toggling(&column("HARD_L")), script);
    assert_eq!(bench.broken(), []);
    let policy = Policy { commit: Commit::OnGrant, window: Span::seconds(60), ..Policy::timed_reader() };
    Bench::played(toggling(&policy), "0 R1e P1 G; 10 R1e P1 D; 60 R1e P1 G; 60 P1 is OUT");
}

#[test]
fn an_exit_reader_that_toggles_knows_who_has_yet_to_leave() {
    let mut site = t1(&column("HARD_L"));
    site.readers.remove(0);
    site.readers[0].toggles = true;
    let script = "0 R1x P1 G; 0 P1 is OUT; 10 R1x P1 G; 10 P1 is A; 20 R1x P1 G; 20 P1 is OUT";
    let bench = Bench::played(site, script);
    assert_eq!(bench.broken(), []);
}

#[test]
fn a_reader_may_enforce_something_else() {
    let mut site = t2(&column("HARD_L"));
    site.readers[2].apb = Some(Enforcement::Off);
    site.readers[3].apb = Some(Enforcement::Soft);
    let script = "0 R1e P1 G; 10 R2e P1 G; 10 P1 is A; 20 R1e P1 D; 30 R1x P1 G; 40 R2x P1 G+V; 50 R1x P1 D";
    Bench::played(site, script);
}

#[test]
fn groups_and_holders_are_exempt_together() {
    let mut site = limited(t1(&column("HARD_L")), 1, 1);
    site.groups.push(Group { name: "guards".into(), exempt: [Exemption::Occupancy].into_iter().collect() });
    site.holders[1].groups.push(GroupId(0));
    site.holders[1].exempt = [Exemption::Passback].into_iter().collect();
    Bench::played(site, "0 R1e P1 G; 10 R1e P3 occupancy_upper; 20 R1e P2 G; 20 A has 2; 30 R1e P2 G");
}

#[test]
fn a_policy_may_follow_a_schedule() {
    // Mondays from 00:01 to 00:02; locations are followed all the time.
    let policy = Policy { schedule: Some(ScheduleId(0)), ..column("HARD_L") };
    let script = "0 R1e P1 G; 10 R1e P1 G; 59.999 R1e P1 G; 66 R1e P1 D; 119.999 R1e P1 D; 120 R1e P1 G";
    Bench::played(scheduled(t1(&policy)), script);
}

#[test]
fn of_an_interlock_one_lane_at_a_time_opens() {
    let mut site = t3(&Policy { commit: Commit::OnPassage, ..column("HARD_L") });
    site.interlocks.push(Interlock { name: "mantrap".into(), lanes: vec![LaneId(0), LaneId(1)] });
    let script = "
        0 RBe P1 G; 1 RSe P2 interlock; 2 LB in; 3 RSe P1 G; 4 RBe P2 interlock; 5 LS in; 5 P1 is S
        6 RBe P2 G; 10 RSx P1 interlock; 11 LB in; 12 RSx P2 D; 13 RSx P1 G";
    Bench::played(site, script);
    let mut alone = t1(&Policy::hard());
    alone.interlocks.push(Interlock { name: "mantrap".into(), lanes: vec![LaneId(0), LaneId(0)] });
    assert!(refused(alone).contains("two or more lanes"));
}

#[test]
fn a_lockdown_shuts_an_area_off_until_fire() {
    let mut site = t3(&column("HARD_L"));
    site.holders[3].exempt = site.holders[3].exempt.with(Exemption::Deny);
    let mut bench = Bench::played(site, "0 RBe P1 G");
    give(&mut bench, "1", &Input::Lockdown { area: AreaId(1), lockdown: Lockdown::Entry });
    // On the way in everybody stops, on the way out nobody.
    bench.play("2 RBe P2 lockdown; 8 RSe P1 G; 14 RBe P4 G; 20 RBx P4 G");
    give(&mut bench, "30", &Input::Lockdown { area: AreaId(1), lockdown: Lockdown::Both });
    bench.play("31 RSx P1 G; 37 RBx P1 lockdown; 38 RBe P2 lockdown; 39 RBe P4 G");
    bench.fire("50", true);
    bench.play("51 RBx P1 fire");
    bench.fire("60", false);
    bench.play("61 RBx P1 lockdown");
    give(&mut bench, "70", &Input::Lockdown { area: AreaId(1), lockdown: Lockdown::Off });
    bench.play("71 RBx P1 G");
    give(&mut bench, "80", &Input::Lockdown { area: AreaId(9), lockdown: Lockdown::Both });
    assert_eq!(bench.folded(), *bench.controller.ledger());
}

/// Reads where what follows a denial is not looked at.
fn outcome(bench: &mut Bench, at: &str, reader: &str, card: u64) -> &'static str {
    let effects = bench.give(time(at), &Input::read(bench.reader(reader), CardNumber(card)));
    let decision = |e: &Event| if let Event::Decision(d) = e { Some(crate::bench::outcome(d)) } else { None };
    effects.entries.iter().find_map(|e| decision(&e.event)).unwrap()
}

#[test]
fn violations_in_a_row_lock_a_holder_out() {
    let policy = Policy { lockout_after: 3, lockout: Span::seconds(60), ..column("HARD_L") };
    let mut bench = Bench::played(t1(&policy), "0 R1e P1 G; 10 R1e P1 D; 20 R1e P1 D; 26 R1x P1 G");
    // A clean use has broken the row.
    bench.play("36 R1e P1 G; 46 R1e P1 D; 47 R1e P1 D");
    assert_eq!(outcome(&mut bench, "48", "R1e", 1), "D");
    assert_eq!(alerts(&bench, AlertCause::LockedOut), 1);
    bench.play("49 R1x P1 lockout; 50 R1x P2 G; 107.999999 R1x P1 lockout; 108 R1x P1 G");
}

#[test]
fn soft_violations_count_towards_a_lockout_and_a_reset_ends_it() {
    let policy = Policy { lockout_after: 2, ..column("SOFT_L") };
    let mut bench = Bench::played(t1(&policy), "0 R1e P1 G; 10 R1e P1 G+V; 20 R1e P1 G+V; 30 R1x P1 lockout");
    bench.play("100000 R1x P1 lockout");
    bench.reset("100001", Who::Holder(HolderId(0)), None).play("100002 R1x P1 G");
    let mut site = t1(&policy);
    site.holders[0].exempt = site.holders[0].exempt.with(Exemption::Lockout);
    Bench::played(site, "0 R1e P1 G; 10 R1e P1 G+V; 20 R1e P1 G+V; 30 R1e P1 G+V");
}

#[test]
fn a_denied_read_may_show_where_its_holder_is() {
    let policy = Policy { denied_moves: true, ..column("HARD_L") };
    let mut bench = Bench::new(scheduled(t1(&policy)));
    // P4 may enter on Monday from 00:01 on only.
    assert_eq!(outcome(&mut bench, "0", "R1e", 4), "outside_schedule");
    bench.play("0 P4 is OUT; 1 R1x P4 D; 1 P4 is OUT");
    let seen = bench.controller.ledger().presence(holder("P4")).seen;
    assert_eq!(seen, Some((bench.reader("R1x"), time("1"))));
    let mut bench = Bench::new(scheduled(t1(&column("HARD_L"))));
    assert_eq!(outcome(&mut bench, "0", "R1e", 4), "outside_schedule");
    bench.play("0 P4 is ?");
}

#[test]
fn a_policy_that_clears_forgets_everybody() {
    let mut bench = Bench::played(t1(&column("HARD_L")), "0 R1e P1 G; 10 R1e P1 D");
    bench.set_policy("11", "A", Policy { clear_on_change: true, ..column("HARD_IO") });
    bench.play("11 P1 is ?; 12 R1e P1 G; 20 R1e P1 D");
    assert_eq!(bench.count(|e| matches!(e, Event::Moved { cause: Cause::Change, .. })), 1);
}

#[test]
fn amnesties_come_by_the_clock_and_by_the_hour() {
    let amnesty = |times, every, to| Amnesty { name: "M".into(), area: OUTSIDE, times, every, to };
    let mut site = t1(&column("HARD_L"));
    site.amnesties.push(amnesty(vec![60], None, None));
    let script =
        "0 R1e P1 G; 59.999999 P1 is A; 60 P1 is ?; 60 R1e P1 G; 70 R1e P1 D; 604859 P1 is A; 604860 P1 is ?";
    Bench::played(site, script);
    let mut site = t1(&column("HARD_L"));
    site.amnesties.push(amnesty(vec![], Some(Span::seconds(100)), Some(AreaId(0))));
    let bench = Bench::played(
        site,
        "0 R1e P1 G; 99.999999 P1 is A; 100 P1 is OUT; 100 P2 is OUT; 101 R1e P1 G; 200 P1 is OUT",
    );
    assert_eq!(bench.count(|e| matches!(e, Event::Amnesty { .. })), 2);
    let mut never = t1(&Policy::hard());
    never.amnesties.push(amnesty(vec![], None, None));
    assert!(refused(never).contains("never happens"));
}

#[test]
fn an_amnesty_of_an_area_leaves_the_others_and_the_clock_change_runs_it_once() {
    let mut site = t3(&column("HARD_L"));
    site.amnesties.push(Amnesty {
        name: "S".into(),
        area: AreaId(2),
        times: vec![90],
        every: None,
        to: Some(AreaId(1)),
    });
    // At 100 s the clock goes back by 60 s: 90 comes twice and counts once.
    site.clock = WallClock { week_second_at_zero: 0, changes: vec![(ms(100_000), -60)] };
    let script =
        "0 RBe P1 G; 1 RSe P1 G; 6 RBe P2 G; 89 P1 is S; 90 P1 is B; 91 RSe P1 G; 200 P1 is S; 200 P2 is B";
    Bench::played(site, script);
}

#[test]
fn muster_points_locate_and_never_deny() {
    let mut site = t1(&column("HARD_L"));
    site.musters.push(MusterPoint { name: "yard".into(), area: AreaId(0) });
    site.credentials[1].valid_until = Some(Time::ZERO);
    let mut bench = Bench::played(site, "0 R1e P1 G");
    bench.fire("10", true);
    for (at, card) in [("11", 1), ("12", 2), ("13", 99)] {
        give(&mut bench, at, &Input::Muster { point: MusterId(0), card: CardNumber(card) });
    }
    bench.play("13 P1 is OUT; 13 P2 is OUT");
    let unknown = bench.count(|e| matches!(e, Event::Mustered { holder: None, .. }));
    let known = bench.count(|e| matches!(e, Event::Mustered { holder: Some(_), .. }));
    assert_eq!((unknown, known), (1, 2));
    give(&mut bench, "14", &Input::Muster { point: MusterId(7), card: CardNumber(1) });
    bench.fire("20", false);
    bench.play("20 P1 is ?; 20 P2 is ?");
}

#[test]
fn what_is_believed_after_a_fire_is_a_choice() {
    let after = |after_fire| {
        let mut site = t3(&column("HARD_L"));
        site.after_fire = after_fire;
        site.musters.push(MusterPoint { name: "yard".into(), area: AreaId(0) });
        let mut bench = Bench::played(site, "0 RBe P1 G; 6 RBe P2 G");
        bench.fire("10", true);
        give(&mut bench, "11", &Input::Muster { point: MusterId(0), card: CardNumber(1) });
        bench.fire("20", false);
        bench
    };
    after(AfterFire::Unknown).play("20 P1 is ?; 20 P2 is ?");
    after(AfterFire::Keep).play("20 P1 is OUT; 20 P2 is B; 20 P3 is ?");
    after(AfterFire::In(AreaId(1))).play("20 P1 is OUT; 20 P2 is B; 20 P3 is B");
}

#[test]
fn unlocking_as_somebody_is_judged_and_unlocking_for_nobody_is_nobodys() {
    let policy = Policy { commit: Commit::OnPassage, ..column("HARD_L") };
    let mut bench = Bench::played(t1(&policy), "0 R1e P1 G; 1 L1 in");
    let audit = Some(Box::new(Audit { operator: "desk".into(), reason: "no card".into() }));
    let unlock =
        |way, holder| Input::Unlock { lane: LaneId(0), direction: way, holder, audit: audit.clone() };
    give(&mut bench, "10", &unlock(Direction::In, Some(HolderId(0))));
    assert_eq!(bench.broken(), [Rule::LocationMatch]);
    give(&mut bench, "11", &unlock(Direction::In, Some(HolderId(1))));
    bench.play("12 L1 in; 12 P2 is A");
    give(&mut bench, "20", &unlock(Direction::Out, None));
    // The lane is in use now.
    give(&mut bench, "20", &unlock(Direction::In, None));
    bench.play("21 L1 out; 21 A has 2");
    assert_eq!(bench.passages(), (3, 2));
    assert_eq!(bench.alarms(), [""; 0]);
    let grants: Vec<bool> = bench
        .journal
        .iter()
        .filter_map(|e| match &e.event {
            Event::Unlocked { grant, audit, .. } => audit.is_some().then_some(grant.is_some()),
            _ => None,
        })
        .collect();
    assert_eq!(grants, [false, true, true, false]);
    give(
        &mut bench,
        "30",
        &Input::Unlock { lane: LaneId(9), direction: Direction::In, holder: None, audit: None },
    );
    give(&mut bench, "30", &unlock(Direction::In, Some(HolderId(99))));
}

#[test]
fn an_area_is_not_left_with_too_few() {
    let occupancy = |min, max, enforcement, counts| Occupancy { min, max, enforcement, counts };
    let with = |o| {
        let mut site = t1(&column("HARD_L"));
        site.areas[1].occupancy = o;
        site
    };
    let lower = occupancy(Some(1), None, Enforcement::Hard, Counts::Holders);
    let script = "0 R1e P1 G; 6 R1e P2 G; 12 R1x P1 G; 18 R1x P2 occupancy_lower; 19 R1e P3 G; 25 R1x P2 G";
    Bench::played(with(lower), script);
    let soft = occupancy(Some(1), Some(1), Enforcement::Soft, Counts::Holders);
    let bench = Bench::played(with(soft), "0 R1e P1 G; 6 R1e P2 G; 12 R1x P1 G; 18 R1x P2 G");
    assert_eq!(alerts(&bench, AlertCause::Occupancy), 2);
    // Somebody who climbed over counts, whoever it was.
    let mut bodies = with(occupancy(None, Some(2), Enforcement::Hard, Counts::Bodies));
    bodies.areas[1].policy.commit = Commit::OnPassage;
    let script = "0 R1e P1 G; 1 L1 in; 1.1 L1 in; 2 R1e P2 occupancy_upper; 3 R1x P1 G; 4 L1 out; 5 R1e P2 G";
    Bench::played(bodies, script);
}

#[test]
fn a_lane_with_one_reader_takes_timed_rules_only() {
    let one = |policy: &Policy| {
        let mut site = t1(policy);
        site.readers.truncate(1);
        site
    };
    for name in Policy::NAMES {
        let policy = Policy::named(name).unwrap();
        let result = Site::new(one(&policy));
        let is_fine = policy.rule == Rule::Off || policy.rule.is_timed();
        assert_eq!(result.is_ok(), is_fine, "{name}");
    }
    assert!(refused(one(&Policy::hard())).contains("no reader on the way out"));
    // Nobody can go the other way, or nobody has to know.
    let mut locked = one(&Policy::hard());
    locked.lanes[0].modes[1] = PassMode::Locked;
    assert!(Site::new(locked).is_ok());
    let mut toggling = one(&Policy::hard());
    toggling.readers[0].toggles = true;
    assert!(Site::new(toggling).is_ok());
}

#[test]
fn free_ways_take_timed_rules_only() {
    let free = |policy: &Policy| {
        let mut site = t2(policy);
        site.lanes[0].modes[1] = PassMode::Free;
        site
    };
    for name in Policy::NAMES {
        let policy = Policy::named(name).unwrap();
        let is_fine = policy.rule == Rule::Off || policy.rule.is_timed();
        assert_eq!(Site::new(free(&policy)).is_ok(), is_fine, "{name}");
        // A site is not changed into what it may not begin with.
        let site = Site::new(free(&Policy::off())).unwrap();
        assert_eq!(site.check_policy(AreaId(1), &policy).is_ok(), is_fine, "{name}");
    }
    assert!(refused(free(&Policy::hard())).contains("`L1` is free on the way out"));
    // Without any reader a way that is free is used all the same, and one that is not by nobody.
    let mut bare = free(&Policy::hard());
    bare.readers.retain(|r| r.lane != LaneId(0));
    assert!(refused(bare.clone()).contains("is free"));
    bare.lanes[0].modes = [PassMode::Locked, PassMode::Controlled];
    assert!(Site::new(bare).is_ok());
}

#[test]
fn a_panel_says_what_it_cannot_hold() {
    let mut site = t1(&Policy::hard());
    site.panels[0].cards_max = 5;
    assert!(Site::new(site.clone()).is_ok());
    site.panels[0].cards_max = 4;
    let said = refused(site);
    assert!(said.contains("5 credentials and holds 4"), "{said}");
    let mut far = t1(&Policy::hard());
    far.panels.push(apbrig::apb::site::Panel { name: "idle".into(), cards_max: 1, log_max: 1 });
    far.lanes[0].panel = PanelId(0);
    assert!(Site::new(far).is_ok(), "a panel without lanes holds nothing");
}

#[test]
fn strangers_at_new_places_change_nothing() {
    let mut bench = Bench::played(t1(&column("HARD_L")), &format!("0 R1e {STRANGER} unknown_credential"));
    let before = bench.controller.snapshot();
    give(&mut bench, "0", &Input::Muster { point: MusterId(0), card: CardNumber(1) });
    give(&mut bench, "0", &Input::reset(Who::Holders(vec![]), None));
    give(&mut bench, "0", &Input::reset(Who::Holders(vec![HolderId(77)]), None));
    assert!(bench.controller.snapshot() == before);
    let exempt: Exemptions = Exemption::ALL.into_iter().collect();
    assert!(Exemption::ALL.into_iter().all(|e| exempt.has(e)));
    assert!(!bench.commands.iter().any(|c| matches!(c.1, Command::Open { .. })));
    assert_eq!(bench.count(|e| matches!(e, Event::Alert(Alert { .. }))), 0);
}
