//! A domain in the world: panels and host behind a network that the scenario breaks.

use crate::fixture::{
    crossed, crowded, digest, events, figure, figures, group, parts, run, s, scenario, shipped, sound, walk,
};
use apbrig::apb::domain::{Consistency, Domain, DomainEvent};
use apbrig::apb::id::{Direction, HolderId, PanelId};
use apbrig::apb::journal::{Cause, Event};
use apbrig::apb::ledger::Location;
use apbrig::apb::policy::Policy;
use apbrig::apb::site::{Panel, Site};
use apbrig::apb::time::Span;
use apbrig::record::What;
use apbrig::scenario::Scenario;
use apbrig::scenario::crowd::{Arrivals, Group, Spread};
use apbrig::scenario::fault::{Fault, FaultKind, Trouble};
use apbrig::scenario::script::Manner;

/// Two lanes, each with a panel of its own.
fn site(consistency: Consistency) -> Site {
    let mut parts = parts(2, 60, Policy::hard());
    parts.panels = vec![Panel { name: "panel".into(), cards_max: 45_000, log_max: 21_000 }; 2];
    parts.panels[1].name = "other".into();
    parts.lanes[1].panel = PanelId(1);
    parts.domain = Some(Domain::new(consistency));
    sound(parts)
}

fn fault(at_s: u64, lasts_s: u64, kind: FaultKind) -> Fault {
    Fault { at: s(at_s as f64), lasts: Span::seconds(lasts_s), kind }
}

fn rush(consistency: Consistency, faults: Vec<Fault>) -> Scenario {
    let arrivals = Arrivals::Poisson { per_minute: 20.0, from: s(0.0), until: s(180.0) };
    let stay = Some(Spread { mean: Span::seconds(60), sd: Span::seconds(15) });
    let crowd = vec![Group { stay, ..group(40, arrivals) }];
    Scenario { faults, ..crowded(site(consistency), 6, crowd) }
}

fn lossy() -> Vec<Fault> {
    let link = |panel, trouble| fault(0, 360, FaultKind::Link { panel: PanelId(panel), trouble });
    let (delay, jitter) = (Span::millis(50), Span::millis(50));
    vec![
        link(0, Trouble::Loss(0.1)),
        link(0, Trouble::Reorder(0.2)),
        link(1, Trouble::Duplicate(0.3)),
        link(1, Trouble::Delay { delay, jitter }),
        fault(60, 40, FaultKind::Link { panel: PanelId(1), trouble: Trouble::Down }),
        fault(120, 10, FaultKind::PanelPowerCut { panel: PanelId(0) }),
    ]
}

#[test]
fn the_same_seed_loses_the_same_messages() {
    let run = |seed| digest(&run(&rush(Consistency::SingleWriter, lossy()), seed));
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
}

#[test]
fn people_come_and_go_by_both_panels_as_by_one_controller() {
    for consistency in [Consistency::SingleWriter, Consistency::Eventual] {
        let scenario = rush(consistency, vec![]);
        let observed = run(&scenario, 3);
        let results = figures(&scenario, &observed);
        assert_eq!(crossed(&observed), 80, "{consistency:?}: forty in and out");
        for name in ["false_denials", "conflicts", "degraded_s", "offline_decisions", "stuck_inside"] {
            assert!(figure(&results, name).abs() < 1e-9, "{consistency:?}: {name}");
        }
        let moves = events(&observed).filter(|(_, e)| matches!(e, Event::Moved { .. })).count();
        assert_eq!(moves, 80, "every move stands in the record once");
    }
}

#[test]
fn a_record_of_several_panels_is_numbered_in_one_row() {
    let observed = run(&rush(Consistency::SingleWriter, lossy()), 5);
    let entries = observed.iter().filter_map(|o| match &o.what {
        What::Entry(entry) => Some(entry.seq),
        _ => None,
    });
    assert!(entries.eq(0..events(&observed).count() as u64));
    let hearsay =
        |e: &Event| matches!(e, Event::Domain(DomainEvent::Learned { .. } | DomainEvent::Counted { .. }));
    assert!(!events(&observed).any(|(_, e)| hearsay(e)), "what panels repeat is left out");
}

#[test]
fn a_panel_that_is_cut_off_is_seen_in_the_figures() {
    let down = FaultKind::Link { panel: PanelId(1), trouble: Trouble::Down };
    let scenario = rush(Consistency::SingleWriter, vec![fault(60, 60, down)]);
    let observed = run(&scenario, 3);
    let results = figures(&scenario, &observed);
    // Three beats until it is noticed, one until it is over.
    let degraded = figure(&results, "degraded_s");
    assert!((56.0..=59.0).contains(&degraded), "{degraded}");
    assert!(figure(&results, "offline_decisions") > 0.0);
    assert!(figure(&results, "conflicts").abs() < 1e-9);
    assert!(results.alerts.iter().any(|a| a.cause == "degraded"));
    let unreachable = |on| {
        let is =
            move |e: &Event| matches!(e, Event::Domain(DomainEvent::Unreachable { on: o, .. }) if *o == on);
        events(&observed).filter(|(_, e)| is(e)).count()
    };
    assert_eq!((unreachable(true), unreachable(false)), (1, 1));
}

#[test]
fn whoever_is_between_grant_and_passage_when_the_power_goes_is_unknown() {
    let cut = FaultKind::PanelPowerCut { panel: PanelId(0) };
    let steps =
        vec![walk(5, 0, 0, Direction::In, Manner::StaysOut), walk(40, 0, 1, Direction::In, Manner::Honest)];
    let without = Scenario { ..scenario(site(Consistency::SingleWriter), steps) };
    let granted = events(&run(&without, 1)).find_map(|(at, e)| match e {
        Event::Decision(d) => d.grant.map(|_| at),
        _ => None,
    });
    let granted = granted.expect("there is a grant");
    let faults = vec![Fault { at: granted + Span::seconds(1), lasts: Span::seconds(10), kind: cut }];
    let observed = run(&Scenario { faults, ..without }, 1);
    let unknown = events(&observed).find_map(|(_, e)| match e {
        Event::Moved { holder: HolderId(0), to, cause: Cause::PowerCut, .. } => Some(*to),
        _ => None,
    });
    assert_eq!(unknown, Some(Location::Unknown));
    assert!(events(&observed).any(|(_, e)| matches!(e, Event::Resumed { lost: 1 })));
    assert_eq!(crossed(&observed), 1, "and the other panel lets them in afterwards");
}

#[test]
fn a_cloned_card_opens_one_gate() {
    let scenario = shipped("scenarios/stress/cloned-card.ron");
    let observed = run(&scenario, scenario.seed);
    let grants = events(&observed).filter(|(_, e)| matches!(e, Event::Decision(d) if d.grant.is_some()));
    assert_eq!(grants.count(), 2, "one for each card");
}
