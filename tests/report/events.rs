//! `events.csv` from a journal made by hand.

use crate::golden;
use apbrig::apb::domain::{Claim, DomainEvent, OnPartition};
use apbrig::apb::id::{
    AreaId, CardNumber, CredentialId, Direction, GrantId, HolderId, LaneId, PanelId, ReaderId,
};
use apbrig::apb::input::{Input, Who};
use apbrig::apb::journal::{Alarm, Alert, AlertCause, Cause, Decision, Entry, Event, Reason};
use apbrig::apb::ledger::Location;
use apbrig::apb::policy::{Exemptions, Policy, Rule};
use apbrig::apb::site::{
    Area, Credential, Holder, Lane, LaneTimers, Panel, PassMode, Queue, Reader, Sensing, Site, SiteParts,
};
use apbrig::apb::time::{Time, WallClock};
use apbrig::record::{Observation, What};
use apbrig::report::EventsCsv;

const LANE: LaneId = LaneId(0);

fn site() -> Site {
    let area =
        |name: &str, parent| Area { name: name.into(), parent, policy: Policy::hard(), ..Area::default() };
    let reader = |name: &str, direction| Reader::new(name, LANE, direction);
    Site::new(SiteParts {
        name: "Rathausplatz 7".into(),
        areas: vec![area("outside", None), area("Lobby", Some(AreaId(0)))],
        panels: vec![Panel { name: "P".into(), cards_max: 45_000, log_max: 21_000 }],
        lanes: vec![Lane {
            name: "Gate 1, \"north\"".into(),
            panel: PanelId(0),
            outer: AreaId(0),
            inner: AreaId(1),
            sensing: Sensing::Signals,
            timers: LaneTimers::default(),
            memory: 0,
            queue: Queue::default(),
            modes: [PassMode::Controlled; 2],
        }],
        readers: vec![reader("R1 in", Direction::In), reader("R1 out", Direction::Out)],
        schedules: vec![],
        rights: vec![vec![]],
        holders: vec![Holder {
            name: "Ada".into(),
            rights: 0,
            exempt: Exemptions::default(),
            ..Holder::default()
        }],
        credentials: vec![Credential {
            name: "K1".into(),
            number: CardNumber(4_711),
            holder: HolderId(0),
            valid_from: None,
            valid_until: None,
        }],
        // The clock goes forward by an hour 40 s into the run.
        clock: WallClock { week_second_at_zero: 0, changes: vec![(Time(40_000_000), 3_600)] },
        ..SiteParts::default()
    })
    .unwrap()
}

fn decision(card: u64, grant: Option<u64>, reason: Reason, violation: Option<Rule>) -> Event {
    let known = card == 4_711;
    Event::Decision(Decision {
        reader: ReaderId(0),
        card: CardNumber(card),
        credential: known.then_some(CredentialId(0)),
        holder: known.then_some(HolderId(0)),
        grant: grant.map(GrantId),
        reason,
        violation,
        found: None,
    })
}

fn alert(cause: AlertCause) -> Event {
    let read = !matches!(cause, AlertCause::Lane(_));
    Event::Alert(Alert {
        lane: LANE,
        reader: read.then_some(ReaderId(0)),
        card: read.then_some(CardNumber(4_711)),
        holder: read.then_some(HolderId(0)),
        cause,
    })
}

fn journal() -> Vec<Event> {
    let (holder, lane, direction) = (HolderId(0), LANE, Direction::In);
    let inside = Location::In(AreaId(1));
    vec![
        decision(4_711, Some(0), Reason::Ok, None),
        Event::Passage { lane, direction, grant: Some(GrantId(0)) },
        Event::Taken { grant: GrantId(0), holder, lane, direction, late: false },
        Event::Moved { holder, from: Location::Unknown, to: inside, cause: Cause::Access, via: None },
        decision(4_711, None, Reason::ApbViolation, Some(Rule::LocationMatch)),
        alert(AlertCause::Denied(Rule::LocationMatch)),
        decision(99, None, Reason::UnknownCredential, None),
        Event::Alarm { lane, alarm: Alarm::Tailgate, direction: Some(direction), on: true },
        alert(AlertCause::Lane(Alarm::Tailgate)),
        Event::Alarm { lane, alarm: Alarm::Tailgate, direction: Some(direction), on: false },
        Event::NotTaken { grant: GrantId(1), holder, lane, direction },
        Event::Forgiven { holder, until: Time(60_000_000) },
        Event::ForgivenessUsed { holder },
        Event::Reset { who: Who::Area(AreaId(1)), to: None, audit: None },
        Event::Fire { active: true },
        Event::PolicySet { area: AreaId(1), policy: Box::new(Policy::soft()) },
        Event::ModeSet { lane, direction: Direction::Out, mode: PassMode::Free },
    ]
}

#[test]
fn the_journal_becomes_a_table() {
    let site = site();
    let mut csv = EventsCsv::new(Vec::new(), "2025-03-03 07:15").unwrap();
    let told = What::Input(Input::read(ReaderId(0), CardNumber(4_711)));
    csv.write(&Observation { at: Time::ZERO, what: told }, &site).unwrap();
    for (i, event) in journal().into_iter().enumerate() {
        let at = Time(1_250_000 + 3_000_000 * i as u64);
        let what = What::Entry(Entry { seq: i as u64, at, event });
        csv.write(&Observation { at, what }, &site).unwrap();
    }
    let text = String::from_utf8(csv.finish().unwrap()).unwrap();
    golden::check("events.csv", &text);
    assert_eq!(text.lines().count(), 1 + journal().len(), "entries only");
    assert!(text.contains("2025-03-03 07:15:01.250") && text.contains("2025-03-03 08:15:40.250"), "{text}");
}

#[test]
fn names_that_look_like_formulas_are_tamed() {
    let mut parts = SiteParts::clone(&site());
    parts.holders[0].name = "=HYPERLINK(\"http://x\")".into();
    parts.readers[0].name = "@R1".into();
    let site = Site::new(parts).unwrap();
    let mut csv = EventsCsv::new(Vec::new(), "some day").unwrap();
    let event = decision(4_711, None, Reason::ApbViolation, Some(Rule::LocationMatch));
    let what = What::Entry(Entry { seq: 0, at: Time(5), event });
    csv.write(&Observation { at: Time(5), what }, &site).unwrap();
    let text = String::from_utf8(csv.finish().unwrap()).unwrap();
    let row = text.lines().nth(1).unwrap();
    assert!(row.contains(",'@R1,") && row.contains(",\"'=HYPERLINK("), "{row}");
}

#[test]
fn a_start_that_is_no_date_leaves_the_column_empty() {
    let mut csv = EventsCsv::new(Vec::new(), "some day").unwrap();
    let what = What::Entry(Entry { seq: 0, at: Time(5), event: Event::Fire { active: false } });
    csv.write(&Observation { at: Time(5), what }, &site()).unwrap();
    let text = String::from_utf8(csv.finish().unwrap()).unwrap();
    assert!(text.ends_with("0.000005,,fire_off,,,,,,,,,\n"), "{text}");
}

#[test]
fn what_panels_say_of_each_other_stands_in_the_table() {
    let (holder, panel) = (HolderId(0), PanelId(0));
    let claim = |s: u64, to| Claim { panel, at: Time(s * 1_000_000), reader: None, to: AreaId(to) };
    let kept = Location::In(AreaId(1));
    let events = [
        (DomainEvent::Degraded { panel, on: true }, "degraded,,,,,,,,,P: cut off"),
        (DomainEvent::Unreachable { panel, on: false }, "unreachable,,,,,,,,,P: back"),
        (
            DomainEvent::Offline {
                reader: ReaderId(0),
                card: CardNumber(4_711),
                grant: Some(GrantId(3)),
                rule: OnPartition::LocalOnly,
            },
            "offline,,,R1 in,K1,,grant,,,local_only",
        ),
        (
            DomainEvent::Conflict { holder, first: claim(10, 1), second: claim(11, 0), kept },
            "conflict,,,,,Ada,,,,P at 10.000 s to Lobby; P at 11.000 s to outside; kept: Lobby",
        ),
        (DomainEvent::LogNearlyFull { panel, records: 90 }, "log_nearly_full,,,,,,,,,P: 90 records"),
        (DomainEvent::LogOverflow { panel, lost: 7 }, "log_overflow,,,,,,,,,P: 7 records lost"),
    ];
    for (event, row) in events {
        let mut csv = EventsCsv::new(Vec::new(), "some day").unwrap();
        let what = What::Entry(Entry { seq: 0, at: Time(5), event: Event::Domain(event) });
        csv.write(&Observation { at: Time(5), what }, &site()).unwrap();
        let text = String::from_utf8(csv.finish().unwrap()).unwrap();
        assert!(text.ends_with(&format!("0.000005,,{row}\n")), "{text}");
    }
}
