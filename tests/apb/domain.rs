//! Several panels, one domain: who decides, what holds while they cannot reach each other.

use crate::domain_wire::{A, B, Bench, Fate, site};
use crate::fixture::column;
use apbrig::apb::domain::{Consistency, Domain, DomainEvent, OnPartition};
use apbrig::apb::effect::Command;
use apbrig::apb::id::{AreaId, HolderId};
use apbrig::apb::input::{Input, Who};
use apbrig::apb::journal::{AlertCause, Event, Reason};
use apbrig::apb::ledger::Location;
use apbrig::apb::policy::{Enforcement, Policy};
use apbrig::apb::time::{Span, Time};

const INSIDE: Location = Location::In(AreaId(1));
const OUTSIDE: Location = Location::In(AreaId(0));

/// Hard on the way in and on the way out.
fn strict() -> Policy {
    Policy { outbound: Enforcement::Hard, ..Policy::hard() }
}

fn domain(consistency: Consistency) -> Domain {
    Domain::new(consistency)
}

fn single() -> Bench {
    Bench::new(&strict(), domain(Consistency::SingleWriter))
}

/// What was decided of the last reads.
fn reasons(bench: &Bench) -> Vec<Reason> {
    bench.decisions().iter().map(|d| d.reason).collect()
}

fn count(bench: &Bench, is: impl Fn(&DomainEvent) -> bool) -> usize {
    bench.domain_events().iter().filter(|(_, e)| is(e)).count()
}

#[test]
fn a_cloned_card_at_two_panels_is_granted_once_by_a_single_writer() {
    for apart in [0, 1, 20, 50, 300] {
        let mut bench = single();
        bench.wait(Span::seconds(5));
        bench.read(0, 1);
        bench.wait(Span::millis(apart));
        bench.read(2, 1);
        bench.wait(Span::seconds(1));
        assert_eq!(reasons(&bench), [Reason::Ok, Reason::PendingElsewhere], "{apart} ms apart");
        bench.pass(0);
        bench.wait(Span::seconds(1));
        bench.read(2, 1);
        bench.wait(Span::seconds(1));
        assert_eq!(reasons(&bench)[2], Reason::ApbViolation);
        bench.wait(Span::seconds(9));
        bench.assert_converged();
        assert_eq!(bench.conflicts().len(), 0);
    }
}

#[test]
fn a_cloned_card_at_two_panels_is_granted_twice_and_found_out_where_each_decides() {
    let domain = domain(Consistency::Eventual);
    let mut bench = Bench::new(&strict(), domain);
    bench.wait(Span::seconds(5));
    bench.read(0, 1);
    bench.wait(Span::millis(50));
    bench.read(2, 1);
    assert_eq!(reasons(&bench), [Reason::Ok, Reason::Ok]);
    bench.wait(Span::seconds(1));
    bench.pass(0);
    bench.wait(Span::millis(5));
    let second = bench.now;
    bench.pass(2);
    bench.wait(Span::seconds(20));
    let conflicts = bench.conflicts();
    assert_eq!(conflicts.len(), 1);
    assert!(conflicts[0].0 <= second + domain.conflict_bound, "{conflicts:?}");
    let DomainEvent::Conflict { holder, first, second, kept } = conflicts[0].1 else { panic!() };
    assert_eq!((*holder, first.panel, second.panel, *kept), (HolderId(0), A, B, INSIDE));
    let alerts = bench.journal.iter().filter(
        |e| matches!(&e.event, Event::Alert(a) if a.cause == AlertCause::Conflict && a.holder.is_some()),
    );
    assert_eq!(alerts.count(), 1);
    bench.assert_converged();
}

#[test]
fn where_clocks_may_differ_nobody_knows_where_the_holder_of_a_cloned_card_is() {
    let domain = Domain { skew: Span::millis(500), ..domain(Consistency::Eventual) };
    let mut bench = Bench::new(&strict(), domain);
    bench.read(0, 1);
    bench.read(2, 1);
    bench.pass(0);
    bench.wait(Span::millis(5));
    bench.pass(2);
    bench.wait(Span::seconds(20));
    assert_eq!(bench.conflicts().len(), 1);
    assert_eq!(bench.location(0), Location::Unknown);
    bench.assert_converged();
}

#[test]
fn what_happens_at_one_panel_holds_at_the_other() {
    for consistency in [Consistency::SingleWriter, Consistency::Eventual] {
        let mut bench = Bench::new(&strict(), domain(consistency));
        assert!(bench.walk(0, 1));
        bench.wait(Span::seconds(1));
        assert!(!bench.walk(2, 1), "in again by the other panel");
        assert!(bench.walk(3, 1), "out by the other panel");
        bench.wait(Span::seconds(1));
        assert!(!bench.walk(1, 1), "out again by the first");
        assert!(bench.walk(2, 1));
        bench.wait(Span::seconds(10));
        bench.assert_converged();
        assert_eq!(bench.location(0), INSIDE);
        assert_eq!(count(&bench, |_| true), 0, "nothing is worth telling");
    }
}

/// Genetec without global anti-passback: with hard and strict, whoever enters by unit A cannot leave by unit
/// B, and can enter again by B.
#[test]
fn panels_that_share_nothing_have_the_documented_hole() {
    let policy = Policy { unknown: apbrig::apb::policy::UnknownRule::Outside, ..strict() };
    let mut bench = Bench::new(&policy, domain(Consistency::Local));
    assert!(bench.walk(0, 1));
    bench.wait(Span::seconds(5));
    assert!(!bench.walk(3, 1), "out by the other unit");
    assert!(bench.walk(2, 1), "in again by the other unit");
    assert!(bench.members.host().is_none());
    assert_eq!(bench.members.check(), Ok(()));
}

#[test]
fn each_rule_for_a_partition_is_what_it_says() {
    // Inside for all panels know; a second entry is a violation.
    let reads = |rule| {
        let domain =
            Domain { on_partition: [rule, OnPartition::AllowLog], ..domain(Consistency::SingleWriter) };
        let mut bench = Bench::new(&strict(), domain);
        assert!(bench.walk(0, 1));
        bench.wait(Span::seconds(1));
        bench.cut(B);
        bench.wait(Span::seconds(10));
        bench.read(2, 1);
        bench.read(2, 99);
        bench.wait(Span::seconds(1));
        let offline = count(&bench, |e| matches!(e, DomainEvent::Offline { rule: r, .. } if *r == rule));
        assert_eq!(offline, 1, "{rule:?}");
        let decisions = bench.decisions();
        assert_eq!(decisions[2].reason, Reason::UnknownCredential, "a basic check comes first");
        (decisions[1].reason, decisions[1].violation.is_some())
    };
    assert_eq!(reads(OnPartition::Allow), (Reason::Ok, false));
    assert_eq!(reads(OnPartition::AllowLog), (Reason::Ok, true));
    assert_eq!(reads(OnPartition::Deny), (Reason::Offline, false));
    assert_eq!(reads(OnPartition::LocalOnly), (Reason::ApbViolation, true));
}

#[test]
fn a_degraded_panel_says_so_and_says_when_it_is_over() {
    let mut bench = single();
    bench.wait(Span::seconds(10));
    bench.cut(B);
    bench.wait(Span::minutes(2));
    bench.heal();
    bench.wait(Span::seconds(5));
    let events = bench.domain_events();
    let told: Vec<_> = events.iter().map(|(at, e)| (at.whole_seconds(), e.name())).collect();
    let lost = [(12, "degraded"), (13, "unreachable")];
    assert!(told[..2].iter().all(|t| lost.iter().any(|l| l.1 == t.1 && t.0.abs_diff(l.0) <= 1)), "{told:?}");
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(told[2..].iter().all(|t| (130..132).contains(&t.0)), "{told:?}");
    let alerts = |cause| {
        let is = |e: &Event| matches!(e, Event::Alert(a) if a.cause == cause);
        bench.journal.iter().filter(|e| is(&e.event)).count()
    };
    assert_eq!(alerts(AlertCause::Degraded), 1);
    bench.assert_converged();
}

#[test]
fn a_read_waits_no_longer_than_the_deadline() {
    let mut bench = single();
    bench.wait(Span::seconds(1));
    bench.cut(B);
    bench.read(2, 1);
    let asked = bench.now;
    bench.wait(Span::millis(299));
    assert_eq!(bench.decisions().len(), 0);
    bench.wait(Span::millis(1));
    let decided = bench.journal.iter().find(|e| matches!(e.event, Event::Decision(_))).map(|e| e.at);
    assert_eq!(decided, Some(asked + Domain::DEADLINE));
    // Once the panel knows that nobody answers it does not wait.
    bench.wait(Span::seconds(5));
    bench.read(2, 2);
    assert_eq!(bench.decisions().len(), 2);
}

#[test]
fn an_answer_that_comes_too_late_moves_nothing_and_frees_the_place() {
    let mut bench = single();
    bench.wait(Span::seconds(5));
    bench.fates = vec![Fate::Comes(Span::millis(250))];
    bench.read(2, 1);
    bench.wait(Span::millis(400));
    assert_eq!(bench.decisions().len(), 1, "by the panel's own rule");
    let opened =
        |bench: &Bench| bench.commands.iter().filter(|(_, c)| matches!(c, Command::Open { .. })).count();
    assert_eq!(opened(&bench), 1);
    bench.wait(Span::seconds(3));
    assert_eq!((bench.decisions().len(), opened(&bench)), (1, 1), "the answer came");
    let host = bench.members.host().expect("there is a host");
    assert_eq!(host.open_answers(), 0);
    assert_eq!(host.controller().pending().len(), 1, "the grant itself");
    bench.wait(Span::seconds(10));
    let host = bench.members.host().expect("there is a host");
    assert_eq!(host.controller().pending().len(), 0, "nobody went");
    assert_eq!(bench.members.check(), Ok(()));
}

#[test]
fn a_place_that_was_kept_for_a_read_that_the_lane_refused_is_free_again() {
    let mut bench = single();
    bench.tell(&Input::SetMode {
        lane: apbrig::apb::id::LaneId(1),
        direction: apbrig::apb::id::Direction::In,
        mode: apbrig::apb::site::PassMode::Locked,
    });
    bench.wait(Span::seconds(1));
    bench.read(2, 1);
    bench.wait(Span::seconds(1));
    assert_eq!(reasons(&bench), [Reason::LaneLocked]);
    assert!(bench.walk(0, 1), "the other lane is free");
    bench.wait(Span::seconds(10));
    bench.assert_converged();
}

#[test]
fn what_operators_do_reaches_every_panel_even_late() {
    let mut bench = single();
    assert!(bench.walk(0, 1));
    bench.wait(Span::seconds(1));
    bench.cut(B);
    bench.wait(Span::seconds(5));
    bench.tell(&Input::reset(Who::All, None));
    bench.tell(&Input::Forgive { holder: HolderId(1), ttl: Span::minutes(60) });
    bench.tell(&Input::SetPolicy { area: AreaId(1), policy: Box::new(Policy::soft()) });
    bench.tell(&Input::Remove { holder: HolderId(2) });
    bench.wait(Span::seconds(5));
    bench.heal();
    bench.wait(Span::seconds(10));
    for panel in bench.members.panels() {
        assert_eq!(panel.controller().policy(AreaId(1)), Some(&Policy::soft()));
        let ledger = panel.controller().ledger();
        assert!(ledger.cards().is_removed(HolderId(2)));
        assert!(ledger.presence(HolderId(1)).forgiven_until.is_some());
        assert_eq!(ledger.presence(HolderId(0)).location, Location::Unknown);
    }
    bench.assert_converged();
    let resets = bench.journal.iter().filter(|e| matches!(e.event, Event::Reset { .. })).count();
    assert_eq!(resets, 1, "in the one journal everything stands once");
}

#[test]
fn the_fire_alarm_is_wired_to_every_panel() {
    let mut bench = single();
    bench.walk(0, 1);
    bench.cut(B);
    bench.wait(Span::seconds(5));
    bench.tell(&Input::Fire { active: true });
    assert!(bench.members.panels().all(|p| p.controller().is_on_fire()));
    let free = bench.commands.iter().filter(|(_, c)| matches!(c, Command::Mode { .. })).count();
    assert_eq!(free, 4, "every lane is told once for each way, by its own panel");
    bench.read(3, 1);
    assert_eq!(bench.decisions().last().map(|d| d.reason), Some(Reason::Fire));
    bench.tell(&Input::Fire { active: false });
    bench.heal();
    bench.wait(Span::seconds(15));
    assert_eq!(bench.location(0), Location::Unknown);
    bench.assert_converged();
}

#[test]
fn the_one_journal_counts_without_gaps_and_moves_everybody_once() {
    let mut bench = single();
    bench.walk(0, 1);
    bench.wait(Span::seconds(1));
    bench.walk(3, 1);
    bench.wait(Span::seconds(1));
    assert!(bench.journal.iter().zip(0..).all(|(e, n)| e.seq == n));
    assert!(bench.journal.is_sorted_by_key(|e| e.at));
    let moves = bench.journal.iter().filter(|e| matches!(e.event, Event::Moved { .. })).count();
    assert_eq!(moves, 2);
    assert_eq!(bench.location(0), OUTSIDE);
}

#[test]
fn a_snapshot_of_everybody_goes_on_as_if_nothing_had_been() {
    use apbrig::apb::domain::{Host, HostSnapshot};
    use apbrig::apb::panel::{Panel, PanelSnapshot};
    let mut bench = single();
    bench.walk(0, 1);
    bench.read(2, 2);
    let site = bench.members.site().clone();
    let domain = site.domain.expect("the site has a domain");
    for panel in bench.members.panels() {
        let text = serde_json::to_string(&panel.snapshot()).expect("a snapshot can be written");
        let read: PanelSnapshot = serde_json::from_str(&text).expect("and read");
        let restored = Panel::restore(site.clone(), panel.id(), domain, read).expect("and restored");
        assert_eq!(restored.snapshot(), panel.snapshot());
        assert_eq!(restored.next_deadline(), panel.next_deadline());
    }
    let host = bench.members.host().expect("there is a host");
    let text = serde_json::to_string(&host.snapshot()).expect("a snapshot can be written");
    let read: HostSnapshot = serde_json::from_str(&text).expect("and read");
    let restored = Host::restore(site, domain, read).expect("and restored");
    assert_eq!(restored.snapshot(), host.snapshot());
}

#[test]
fn an_interlock_cannot_reach_across_panels() {
    let mut parts = std::ops::Deref::deref(&*site(&strict(), domain(Consistency::Eventual), 2, 10)).clone();
    let lanes = vec![apbrig::apb::id::LaneId(0), apbrig::apb::id::LaneId(1)];
    parts.interlocks.push(apbrig::apb::site::Interlock { name: "trap".into(), lanes });
    assert!(apbrig::apb::site::Site::new(parts.clone()).is_err());
    parts.domain = None;
    assert!(apbrig::apb::site::Site::new(parts).is_ok());
}

#[test]
fn commits_on_grant_do_not_block_their_holder() {
    let mut bench = Bench::new(&column("HARD_IO"), domain(Consistency::SingleWriter));
    bench.read(0, 1);
    bench.wait(Span::millis(200));
    bench.read(3, 1);
    bench.wait(Span::millis(200));
    assert_eq!(reasons(&bench), [Reason::Ok, Reason::Ok]);
    assert_eq!(bench.location(0), OUTSIDE);
    assert!(bench.now < Time(500_000));
}
