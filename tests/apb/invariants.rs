//! What holds in every history.

use crate::bench::{Bench, outcome};
use crate::fixture::limited;
use crate::histories::{History, any_history, any_site, commit, daily, site};
use apbrig::apb::controller::Controller;
use apbrig::apb::effect::{Command, Effects};
use apbrig::apb::id::{AreaId, Direction, GrantId, HolderId, LaneId};
use apbrig::apb::input::Input;
use apbrig::apb::journal::{Alert, AlertCause, Cause, Decision, Entry, Event, Reason};
use apbrig::apb::ledger::Location;
use apbrig::apb::policy::{Commit, Enforcement, Policy, UnknownRule};
use apbrig::apb::site::{PassMode, SiteParts};
use apbrig::apb::time::Time;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::collections::BTreeMap;

/// More wakes than any quiet controller asks for before it goes to sleep.
const WAKES_MAX: usize = 2_000;

fn decision(entries: &[Entry]) -> Option<&Decision> {
    let found = |e: &'_ Entry| matches!(e.event, Event::Decision(_));
    match &entries.iter().find(|e| found(e))?.event {
        Event::Decision(decision) => Some(decision),
        _ => None,
    }
}

/// The snapshot without what a denial may change: the journal's counter, where holders were seen last, and
/// how often they have broken a rule in a row.
fn essence(controller: &Controller) -> serde_json::Value {
    let mut value = serde_json::to_value(controller.snapshot()).unwrap();
    value.as_object_mut().unwrap().remove("seq");
    for row in value["ledger"]["rows"]["rows"].as_array_mut().unwrap() {
        for field in ["seen", "seen_at", "violations"] {
            row.as_object_mut().unwrap().remove(field).unwrap();
        }
    }
    value
}

/// Hands in a history; after every input, and when time goes by, everything that must hold is looked at.
fn run(site: SiteParts, history: &History) -> Bench {
    let mut bench = Bench::new(site);
    let mut now = Time::ZERO;
    for (at, input) in history {
        now = now.max(*at);
        bench.wait(*at);
        let before = bench.controller.clone();
        let effects = bench.give(*at, input);
        if let Some(decision) = decision(&effects.entries) {
            decided(&before, &bench.controller, decision, &effects);
        }
        asleep(&bench.controller, now);
        outstanding(&bench.controller);
        assert!(bench.wait(*at) == Effects::default(), "waiting for what is past does nothing");
    }
    bench
}

fn decided(before: &Controller, after: &Controller, decision: &Decision, effects: &Effects) {
    let site = before.site();
    let reader_known = decision.reader.index() < site.readers.len();
    if before.is_on_fire() && reader_known {
        assert_eq!((decision.reason, decision.grant.is_some()), (Reason::Fire, true));
    }
    if decision.grant.is_none() {
        assert!(essence(before) == essence(after), "a denial changes nothing");
        assert!(!effects.commands.iter().any(|c| matches!(c.1, Command::Open { .. })));
    } else if decision.reason != Reason::Fire {
        assert!(decision.credential.is_some() && decision.holder.is_some(), "strangers are never let in");
    }
    let alert = decision.violation.map(|rule| Alert {
        lane: site.readers[decision.reader.index()].lane,
        reader: Some(decision.reader),
        card: Some(decision.card),
        holder: decision.holder,
        cause: if decision.grant.is_some() { AlertCause::Flagged(rule) } else { AlertCause::Denied(rule) },
    });
    let about = |e: &Entry| match &e.event {
        Event::Alert(a) if a.reader.is_some() => Some(a.clone()),
        _ => None,
    };
    assert_eq!(effects.entries.iter().filter_map(about).collect::<Vec<_>>(), Vec::from_iter(alert));
    let again = before
        .pending()
        .iter()
        .find(|p| Some(p.holder) == decision.holder && p.reader == decision.reader && p.reserves);
    if let (Some(pending), Reason::Ok) = (again, decision.reason) {
        assert_eq!(decision.grant, Some(pending.grant), "the same presentation is the same grant");
    }
}

/// Nothing is overdue, and what waits is waited for.
fn asleep(controller: &Controller, now: Time) {
    let next = controller.next_deadline().map(|(at, _)| at);
    assert!(next.is_none_or(|at| at > now), "due at {next:?}, now {now}");
    if controller.pending().iter().any(|p| !p.has_lapsed()) {
        assert!(next.is_some(), "no grant waits for ever");
    }
}

/// A lane's grants are for one direction, and no more than it remembers.
fn outstanding(controller: &Controller) {
    let site = controller.site();
    let mut waiting: BTreeMap<LaneId, Vec<Direction>> = BTreeMap::new();
    for pending in controller.pending().iter().filter(|p| !p.has_lapsed()) {
        let reader = &site.readers[pending.reader.index()];
        waiting.entry(reader.lane).or_default().push(reader.direction);
    }
    for (lane, directions) in waiting {
        assert!(directions.windows(2).all(|w| w[0] == w[1]), "{lane} is open both ways");
        assert!(directions.len() <= usize::from(site.lanes[lane.index()].memory) + 1, "{lane}");
    }
}

/// Reads the journal afterwards.
fn audit(bench: &Bench) {
    let site = bench.controller.site();
    assert_eq!(&bench.folded(), bench.controller.ledger());
    let mut places = vec![Location::Unknown; site.holders.len()];
    let mut counts = vec![0usize; site.areas.len()];
    let mut attributed: Vec<GrantId> = Vec::new();
    let mut taken = Vec::new();
    let mut given: BTreeMap<GrantId, HolderId> = BTreeMap::new();
    for entry in &bench.journal {
        match &entry.event {
            Event::Moved { holder, from, to, .. } => {
                assert_eq!(places[holder.index()], *from);
                if let Location::In(area) = from {
                    counts[area.index()] = counts[area.index()].checked_sub(1).expect("never negative");
                }
                if let Location::In(area) = to {
                    counts[area.index()] += 1;
                }
                places[holder.index()] = *to;
            }
            Event::Passage { grant: Some(grant), .. } => attributed.push(*grant),
            Event::Taken { grant, holder, .. } => {
                assert_eq!(given.get(grant), Some(holder));
                taken.push(*grant);
            }
            Event::Decision(Decision {
                grant: Some(grant),
                holder: Some(holder),
                reason: Reason::Ok,
                ..
            }) => {
                assert_eq!(given.insert(*grant, *holder).unwrap_or(*holder), *holder);
            }
            _ => {}
        }
    }
    assert_eq!(attributed, taken, "a body counts as a holder's exactly if the holder counts as gone through");
    for (area, count) in counts.iter().enumerate() {
        assert_eq!(bench.controller.ledger().located(AreaId::at(area)).len(), *count);
    }
}

/// Left alone, everything comes to rest.
fn rests(bench: &mut Bench) {
    for _ in 0..WAKES_MAX {
        let Some((at, _)) = bench.controller.next_deadline() else {
            assert!(bench.controller.pending().iter().all(apbrig::apb::controller::Pending::has_lapsed));
            return;
        };
        bench.wait(at);
    }
    panic!("still awake: {:?}", bench.controller.next_deadline());
}

/// What a controller that was restored after `cut` inputs does from there on.
fn continued(site: SiteParts, history: &History, cut: Option<usize>) -> (Vec<Entry>, Vec<(Time, Command)>) {
    let mut bench = Bench::new(site);
    for (index, (at, input)) in history.iter().enumerate() {
        if cut == Some(index) {
            bench.restart();
        }
        bench.give(*at, input);
    }
    bench.wait(Time(200_000_000));
    (bench.journal, bench.commands)
}

/// Whether a read came to the same on both sides, or to a violation that one flags and the other denies,
/// whereupon the histories part. Where soft refuses a read in a later check, hard may have refused it for the
/// violation.
fn same_violation(soft: &Decision, hard: &Decision) -> bool {
    let later = matches!(
        soft.reason,
        Reason::PendingElsewhere | Reason::OccupancyUpper | Reason::LaneLocked | Reason::LaneBusy
    );
    let agreed = soft.reason == hard.reason && soft.violation.is_none() && hard.violation.is_none();
    agreed || (outcome(hard) == "D" && (later || soft.violation == hard.violation))
}

fn hard() -> Policy {
    Policy { outbound: Enforcement::Hard, ..Policy::hard() }
}

/// A policy under which whoever is granted counts as moved, and nobody is unknown.
fn grants_move() -> Policy {
    Policy { commit: Commit::OnGrant, unknown: UnknownRule::Outside, ..hard() }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 150,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_history_keeps_the_rules(site in any_site(), history in any_history()) {
        let mut bench = run(site, &history);
        audit(&bench);
        rests(&mut bench);
        audit(&bench);
    }

    #[test]
    fn a_restart_changes_nothing(site in any_site(), history in any_history(), cut in 0usize..60) {
        let straight = continued(site.clone(), &history, None);
        prop_assert_eq!(continued(site, &history, Some(cut)), straight);
    }

    #[test]
    fn soft_and_hard_break_the_rule_at_the_same_read(
        policy in crate::histories::policy(),
        kind in 0usize..3,
        history in daily(),
    ) {
        let site = |enforcement| {
            let policy = Policy { inbound: enforcement, outbound: enforcement, ..policy.clone() };
            [crate::fixture::t1, crate::fixture::t2, crate::fixture::t3][kind](&policy)
        };
        let [mut soft, mut hard] = [Enforcement::Soft, Enforcement::Hard].map(|e| Bench::new(site(e)));
        for (at, input) in &history {
            let [on_soft, on_hard] = [soft.give(*at, input), hard.give(*at, input)];
            if let (Some(s), Some(h)) = (decision(&on_soft.entries), decision(&on_hard.entries)) {
                prop_assert!(same_violation(s, h), "{:?} {:?}", s, h);
                if s.violation.is_some() {
                    break;
                }
            }
        }
    }

    #[test]
    fn hard_lets_nobody_in_twice(site in site(hard()), history in daily()) {
        let bench = run(site, &history);
        let mut last = BTreeMap::new();
        for entry in &bench.journal {
            if let Event::Moved { holder, to, .. } = &entry.event {
                prop_assert_ne!(last.insert(*holder, *to), Some(*to), "{:?}", entry);
            }
        }
    }

    #[test]
    fn only_a_passage_moves(site in site(Policy::soft()), history in daily()) {
        let bench = run(site, &history);
        for pair in bench.journal.windows(2) {
            if let Event::Moved { holder: moved, cause, .. } = &pair[1].event {
                prop_assert_eq!(*cause, Cause::Access);
                let is_taken = matches!(&pair[0].event, Event::Taken { holder, .. } if holder == moved);
                prop_assert!(is_taken, "{:?}", pair);
            }
        }
    }

    #[test]
    fn nobody_gets_further_in_than_one_level(
        commit in commit(),
        history in daily(),
    ) {
        let policy = Policy { commit, unknown: UnknownRule::Outside, reservation: true, ..hard() };
        let bench = run(crate::fixture::t3(&policy), &history);
        for entry in &bench.journal {
            if let Event::Moved { from, to: Location::In(AreaId(2)), .. } = &entry.event {
                prop_assert_eq!(*from, Location::In(AreaId(1)), "{:?}", entry);
            }
        }
    }

    #[test]
    fn a_limit_holds(site in site(grants_move()), max in 0u32..3, history in daily()) {
        let mut bench = Bench::new(limited(site, 1, max));
        for (at, input) in &history {
            bench.give(*at, input);
            let within = |a: &AreaId| bench.controller.ledger().located(*a).len();
            let inside: usize = [AreaId(1), AreaId(2)].iter().map(within).sum();
            prop_assert!(inside <= max as usize);
        }
    }

    #[test]
    fn a_limit_holds_on_passage_where_nobody_is_late(max in 0u32..3, history in daily()) {
        let mut site = limited(crate::fixture::t2(&Policy::hard()), 1, max);
        for lane in &mut site.lanes {
            lane.timers.late_grace = apbrig::apb::time::Span::ZERO;
        }
        let mut bench = Bench::new(site);
        for (at, input) in &history {
            bench.give(*at, input);
            prop_assert!(bench.controller.ledger().located(AreaId(1)).len() <= max as usize);
        }
    }

    #[test]
    fn while_it_burns_nobody_is_denied_and_nobody_moves(site in any_site(), history in daily()) {
        let mut bench = Bench::new(site);
        bench.fire("0", true);
        for (at, input) in &history {
            let effects = bench.give(*at, input);
            if let Some(decision) = decision(&effects.entries) {
                let known = decision.reader.index() < bench.controller.site().readers.len();
                prop_assert_eq!(outcome(decision), if known { "fire" } else { "unknown_reader" });
            }
        }
        prop_assert_eq!(bench.count(|e| matches!(e, Event::Moved { .. })), 0);
        prop_assert_eq!(bench.takings().len(), 0);
    }

    #[test]
    fn after_the_fire_the_first_use_is_free(site in site(hard()), history in daily(), person in 1u32..5) {
        let mut bench = run(site, &history);
        bench.wait(Time(200_000_000));
        bench.fire("200", true);
        bench.fire("201", false);
        for (at, reader) in [("300", 0), ("400", 1)] {
            let name = bench.controller.site().readers[reader].name.clone();
            let got = bench.read(crate::bench::time(at), &name, &format!("P{person}"));
            prop_assert_ne!(got.reason, Reason::ApbViolation);
        }
    }
}

#[test]
fn the_end_of_time_is_survived() {
    let mut bench = Bench::new(crate::fixture::beamed(crate::fixture::t2(&Policy::timed())));
    bench.wait(Time(u64::MAX));
    for reader in [0, 1, 9] {
        let (reader, card) = (apbrig::apb::id::ReaderId(reader), apbrig::apb::id::CardNumber(u64::MAX));
        bench.give(Time::ZERO, &Input::read(reader, card));
    }
    bench.play("1 R1e P1 G; 2 R1e P2 G; 3 L1 walks in");
    bench.set_mode("0", "L1", "in", PassMode::Locked);
    bench.fire("0", true);
    bench.fire("0", false);
}
