//! The commissioning test, at every reader of every site and for every policy: use it, pass, use it again at
//! once. The decision, the alert with credential, time, gate and rule, and whether the gate is told to open.

use crate::bench::{Bench, holder, ms};
use crate::fixture::{beamed, policies, t1, t2, t3};
use apbrig::apb::effect::{Command, Signal};
use apbrig::apb::id::{CardNumber, Direction, ReaderId};
use apbrig::apb::input::{Input, Who};
use apbrig::apb::journal::{Alert, AlertCause, Decision, Event, Reason};
use apbrig::apb::policy::{Commit, Policy};
use apbrig::apb::site::SiteParts;
use apbrig::apb::time::{Span, Time};

/// What the second read comes to, entering and leaving.
fn expected(policy: &str, entering: bool) -> &'static str {
    match (policy, entering) {
        ("off", _) | ("hard_entry", false) => "G",
        ("soft" | "soft_in_out", _) | ("hard" | "timed", false) => "G+V",
        ("hard" | "hard_entry" | "timed", true)
        | ("hard_in_out" | "timed_reader" | "timed_last_user" | "timed_history" | "timed_card", _) => "D",
        other => panic!("{other:?}"),
    }
}

/// What the second read led to.
struct Second {
    decision: Decision,
    at: Time,
    alerts: Vec<Alert>,
    commands: Vec<Command>,
}

fn swipe_twice(site: SiteParts, reader: ReaderId) -> (Bench, Second) {
    let walks = matches!(site.lanes[0].sensing, apbrig::apb::site::Sensing::Beams(_));
    let mut bench = Bench::new(site);
    let site = bench.controller.site().clone();
    let (name, at) = (&site.readers[reader.index()].name, &site.readers[reader.index()]);
    let lane = &site.lanes[at.lane.index()];
    let route = site.route(reader).unwrap();
    let to = Some(route.from);
    bench.give(ms(500), &Input::reset(Who::Holder(holder("P1")), to));
    assert_eq!(crate::bench::outcome(&bench.read(ms(1_000), name, "P1")), "G");
    let verb = if walks { "walks " } else { "" };
    bench.play(&format!("2 {} {verb}{}", lane.name, at.direction));
    let moved = bench.location("P1");
    assert_eq!(moved, apbrig::apb::ledger::Location::In(route.to));
    let effects = bench.give(ms(9_000), &Input::read(reader, CardNumber(1)));
    let same_time = effects.entries.iter().all(|e| e.at == ms(9_000));
    assert!(same_time && effects.commands.iter().all(|c| c.0 == ms(9_000)));
    let Event::Decision(decision) = effects.entries[0].event.clone() else { panic!("no decision") };
    let alert = |e: &Event| if let Event::Alert(a) = e { Some(a.clone()) } else { None };
    let alerts = effects.entries.iter().filter_map(|e| alert(&e.event)).collect();
    let commands = effects.commands.iter().map(|c| c.1).collect();
    (bench, Second { decision, at: effects.entries[0].at, alerts, commands })
}

fn check(name: &str, site: SiteParts, reader: ReaderId) {
    let (bench, second) = swipe_twice(site, reader);
    let site = bench.controller.site();
    let at = &site.readers[reader.index()];
    let expected = expected(name, at.direction == Direction::In);
    assert_eq!(crate::bench::outcome(&second.decision), expected, "{name} at {}", at.name);
    assert_eq!(second.at, ms(9_000));
    let rule = Policy::named(name).unwrap().rule;
    let cause = match expected {
        "D" => Some(AlertCause::Denied(rule)),
        "G+V" => Some(AlertCause::Flagged(rule)),
        _ => None,
    };
    let alert = cause.map(|cause| Alert {
        lane: at.lane,
        reader: Some(reader),
        card: Some(CardNumber(1)),
        holder: Some(holder("P1")),
        cause,
    });
    assert_eq!(second.alerts, Vec::from_iter(alert), "{name} at {}", at.name);
    let opens = Command::Open { lane: at.lane, direction: at.direction };
    let shows = |signal| Command::Show { reader, signal };
    if expected == "D" {
        assert_eq!(second.decision.reason, Reason::ApbViolation);
        assert_eq!(second.commands, [shows(Signal::Denied)], "{name} at {}", at.name);
    } else {
        assert_eq!(second.commands, [shows(Signal::Granted), opens], "{name} at {}", at.name);
    }
}

#[test]
fn every_reader_for_every_policy() {
    for commit in [Commit::OnGrant, Commit::OnOpen, Commit::OnPassage] {
        for (name, policy) in policies(commit) {
            for site in [t1, t2, t3] {
                for reader in 0..site(&policy).readers.len() {
                    check(name, site(&policy), ReaderId::at(reader));
                }
            }
        }
    }
}

#[test]
fn every_reader_for_every_policy_where_beams_tell() {
    for (name, policy) in policies(Commit::OnPassage) {
        for site in [t1, t2, t3] {
            for reader in 0..site(&policy).readers.len() {
                check(name, beamed(site(&policy)), ReaderId::at(reader));
            }
        }
    }
}

#[test]
fn timed_lets_the_second_read_pass_at_the_end_of_the_window() {
    // The passage is at 2 s, the second read at 9 s.
    for (window, granted) in [(Span::seconds(7), true), (Span::micros(7_000_001), false)] {
        let policy = Policy { window, ..Policy::timed() };
        let (_, second) = swipe_twice(t1(&policy), ReaderId(0));
        assert_eq!(second.decision.grant.is_some(), granted);
        assert_eq!(second.alerts.is_empty(), granted);
    }
}
