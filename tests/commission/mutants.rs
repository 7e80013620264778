//! Installations that are wrong in one way: each fails in the phase that names what is wrong.

use crate::fixture::{changed, commission, site, those, with_policy};
use apbrig::apb::controller::Controller;
use apbrig::apb::effect::{Command, Effects};
use apbrig::apb::id::{CardNumber, LaneId, ReaderId};
use apbrig::apb::input::{Input, Who};
use apbrig::apb::journal::{Decision, Event};
use apbrig::apb::policy::{Enforcement, Policy};
use apbrig::apb::time::{Span, Time};
use apbrig::commission::Simulated;
use apbrig::commission::place::Place;
use apbrig::commission::record::{Outcome, PhaseResult};
use apbrig::commission::simulated::Decider;
use apbrig::hil::emulate::{GateFault, ReaderFault};
use apbrig::hil::translate::StalePolicy;
use apbrig::scenario::plan::Plan;
use std::sync::Arc;

/// Our controller, with its ears or its mouth tampered with.
struct Mutant {
    inner: Controller,
    hears: fn(&Input) -> bool,
    /// Called after each input with what came of it.
    twist: fn(&mut Controller, Time, &mut Effects),
}

impl Mutant {
    fn of(plan: &Plan) -> Self {
        let inner = Controller::new(Arc::new(plan.site.clone()));
        Self { inner, hears: |_| true, twist: |_, _, _| {} }
    }
}

impl Decider for Mutant {
    fn handle(&mut self, now: Time, input: &Input, effects: &mut Effects) {
        if (self.hears)(input) {
            self.inner.handle(now, input, effects);
        }
        (self.twist)(&mut self.inner, now, effects);
    }

    fn expire(&mut self, now: Time, effects: &mut Effects) {
        self.inner.expire(now, effects);
        (self.twist)(&mut self.inner, now, effects);
    }

    fn next_due(&self) -> Option<Time> {
        self.inner.next_deadline().map(|(at, _)| at)
    }
}

fn hard(file: &str) -> Plan {
    with_policy(site(file), &Policy::hard())
}

/// What failed, and nothing was the rig's fault.
fn failed(results: &[PhaseResult]) -> Vec<String> {
    assert_eq!(those(results, Outcome::Error), [""; 0]);
    results.iter().filter(|r| r.outcome == Outcome::Fail).map(|r| r.id.clone()).collect()
}

fn reason<'a>(results: &'a [PhaseResult], id: &str) -> &'a str {
    &results.iter().find(|r| r.id == id).unwrap().reason
}

/// Commissions a site by its plan, where something else is installed.
fn installed(planned: &Plan, built: &Plan) -> Vec<PhaseResult> {
    commission(planned, &mut Simulated::new(built), 0)
}

fn denied(effects: &Effects) -> Option<Decision> {
    effects.entries.iter().find_map(|entry| match &entry.event {
        Event::Decision(d) if d.grant.is_none() => Some(d.clone()),
        _ => None,
    })
}

#[test]
fn a_reader_that_is_soft_where_hard_was_planned() {
    let planned = hard("reference/two-lanes.ron");
    let built = changed(planned.clone(), |parts| parts.readers[2].apb = Some(Enforcement::Soft));
    let results = installed(&planned, &built);
    assert_eq!(failed(&results), ["R1e/other_gate", "R2e/again"]);
    let expected = "decision: flagged, has to be denied (apb_violation)";
    assert!(reason(&results, "R2e/again").contains(expected), "{}", reason(&results, "R2e/again"));
}

#[test]
fn a_controller_that_puts_whoever_it_denies_where_the_reader_is() {
    let planned = hard("reference/one-lane.ron");
    let twist = |inner: &mut Controller, now: Time, effects: &mut Effects| {
        let Some(Decision { reader, holder: Some(holder), .. }) = denied(effects) else { return };
        let from = inner.site().route(reader).unwrap().from;
        inner.handle(now, &Input::reset(Who::Holder(holder), Some(from)), &mut Effects::default());
    };
    let mutant = Mutant { twist, ..Mutant::of(&planned) };
    let results =
        commission(&planned, &mut Simulated::with(&planned, Box::new(mutant), StalePolicy::Drop), 0);
    assert_eq!(failed(&results), ["R1e/again"]);
}

#[test]
fn a_controller_that_takes_a_denial_for_a_move() {
    let planned = hard("reference/two-lanes.ron");
    let twist = |inner: &mut Controller, now: Time, effects: &mut Effects| {
        let Some(Decision { reader, holder: Some(holder), .. }) = denied(effects) else { return };
        let to = inner.site().route(reader).unwrap().to;
        inner.handle(now, &Input::reset(Who::Holder(holder), Some(to)), &mut Effects::default());
    };
    let mutant = Mutant { twist, ..Mutant::of(&planned) };
    let results =
        commission(&planned, &mut Simulated::with(&planned, Box::new(mutant), StalePolicy::Drop), 0);
    assert_eq!(failed(&results), ["R1e/elsewhere", "R1x/elsewhere", "R2e/elsewhere", "R2x/elsewhere"]);
}

#[test]
fn a_controller_that_alerts_nobody() {
    let planned = hard("reference/one-lane.ron");
    let twist = |_: &mut Controller, _: Time, effects: &mut Effects| {
        effects.entries.retain(|e| !matches!(e.event, Event::Alert(_)));
    };
    let mutant = Mutant { twist, ..Mutant::of(&planned) };
    let results =
        commission(&planned, &mut Simulated::with(&planned, Box::new(mutant), StalePolicy::Drop), 0);
    let failed = failed(&results);
    assert!(failed.starts_with(&["R1e/again".into(), "R1x/again".into()]), "{failed:?}");
    assert!(failed.contains(&"L1/tailgate-in".into()), "{failed:?}");
    assert!(!failed.contains(&"R1e/known".into()), "{failed:?}");
    assert!(reason(&results, "R1e/again").contains("time to the alert: nothing was seen"));
}

#[test]
fn an_alert_that_names_nobody() {
    let planned = hard("reference/one-lane.ron");
    let twist = |_: &mut Controller, _: Time, effects: &mut Effects| {
        for entry in &mut effects.entries {
            if let Event::Alert(alert) = &mut entry.event {
                alert.card = None;
            }
        }
    };
    let mutant = Mutant { twist, ..Mutant::of(&planned) };
    let results =
        commission(&planned, &mut Simulated::with(&planned, Box::new(mutant), StalePolicy::Drop), 0);
    assert!(reason(&results, "R1e/again").contains("credential in the alert"));
}

#[test]
fn a_gate_whose_leaf_moves_on_a_denial() {
    let planned = hard("reference/one-lane.ron");
    let twist = |inner: &mut Controller, now: Time, effects: &mut Effects| {
        let Some(Decision { reader, .. }) = denied(effects) else { return };
        let at = &inner.site().readers[reader.index()];
        effects.commands.push((now, Command::Open { lane: at.lane, direction: at.direction }));
    };
    let mutant = Mutant { twist, ..Mutant::of(&planned) };
    let results =
        commission(&planned, &mut Simulated::with(&planned, Box::new(mutant), StalePolicy::Drop), 0);
    assert_eq!(failed(&results), ["R1e/unknown", "R1e/again", "R1x/unknown", "A/reset", "site/fire"]);
    assert!(reason(&results, "R1e/again").contains("movements of the leaf"));
}

#[test]
fn a_gate_that_reports_no_passage() {
    let planned = hard("reference/two-lanes.ron");
    let hears = |input: &Input| !matches!(input, Input::Passed { lane: LaneId(0), .. });
    let mutant = Mutant { hears, ..Mutant::of(&planned) };
    let results =
        commission(&planned, &mut Simulated::with(&planned, Box::new(mutant), StalePolicy::Drop), 0);
    let failed = failed(&results);
    assert_eq!(failed.first().map(String::as_str), Some("R1e/known"));
    assert!(reason(&results, "R1e/known").contains("counts as gone through: nothing was seen"));
    assert!(!failed.iter().any(|id| id.starts_with("R2") && id.ends_with("known")), "{failed:?}");
}

#[test]
fn beams_at_the_leaf_that_see_nobody() {
    let planned = site("one-lane.ron");
    let mut stand = Simulated::new(&planned);
    for beam in [2, 3] {
        stand.gate(LaneId(0)).unwrap().fault(Time::ZERO, GateFault::BeamClear(beam), true);
    }
    let failed = failed(&commission(&planned, &mut stand, 0));
    assert!(failed.contains(&"R1e/known".into()), "{failed:?}");
}

/// What is dead is the installation's reader: it does not do what it was bought for, which is a failure of
/// the installation, whatever the cause. The rig is at fault only where the rig's own part is.
#[test]
fn a_reader_that_is_dead_fails_and_one_of_the_rig_is_an_error() {
    let planned = hard("reference/two-lanes.ron");
    let mut stand = Simulated::new(&planned);
    stand.reader(ReaderId(2)).unwrap().fault(Time::ZERO, ReaderFault::Dead, true, &mut Vec::new());
    let results = commission(&planned, &mut stand, 0);
    let failed = failed(&results);
    assert!(failed.contains(&"R2e/known".into()) && failed.contains(&"R2e/unknown".into()), "{failed:?}");
    assert!(!failed.contains(&"R1e/known".into()));
    assert!(reason(&results, "R2e/unknown").contains("decision: nothing was seen"));

    let mut stand = Simulated::new(&planned);
    stand.break_rig(Place::Reader(ReaderId(2)), "the emulated reader's adapter is unplugged".into());
    let results = commission(&planned, &mut stand, 0);
    let errors = those(&results, Outcome::Error);
    assert!(errors.iter().all(|e| e.contains("adapter is unplugged")) && !errors.is_empty());
    assert!(results.iter().any(|r| r.id == "R2e/known" && r.outcome == Outcome::Error));
    // Nor does the installation fail where another place's phase presents there.
    assert!(errors.iter().any(|e| e.starts_with("R1e/other_gate")), "{errors:?}");
    assert_eq!(those(&results, Outcome::Fail), [""; 0]);
}

#[test]
fn a_window_that_is_closed_at_its_end() {
    let planned = with_policy(site("reference/one-lane.ron"), &Policy::timed());
    let built = changed(planned.clone(), |parts| {
        parts.areas[1].policy.window = parts.areas[1].policy.window + Span(1);
    });
    assert_eq!(failed(&installed(&planned, &built)), ["R1e/window", "R1x/window"]);
    let early = changed(planned.clone(), |parts| {
        parts.areas[1].policy.window = parts.areas[1].policy.window.less(Span::seconds(1));
    });
    assert_eq!(failed(&installed(&planned, &early)), ["R1e/window", "R1x/window"]);
}

#[test]
fn a_site_where_skipping_an_area_is_not_found_out() {
    let planned = hard("reference/nested.ron");
    let built = with_policy(planned.clone(), &Policy::hard_in_out());
    let failed = failed(&installed(&planned, &built));
    assert!(failed.contains(&"RSe/out_of_order".into()), "{failed:?}");
}

#[test]
fn a_fire_alarm_that_reaches_no_gate_and_no_controller() {
    let planned = site("one-lane.ron");
    let hears = |input: &Input| !matches!(input, Input::Fire { .. });
    let mutant = Mutant { hears, ..Mutant::of(&planned) };
    let results =
        commission(&planned, &mut Simulated::with(&planned, Box::new(mutant), StalePolicy::Drop), 0);
    assert_eq!(failed(&results), ["site/fire"]);
}

#[test]
fn a_card_that_expired_and_still_opens() {
    let planned = site("proving-ground.ron");
    let built = changed(planned.clone(), |parts| {
        let expired = parts.credentials.iter_mut().filter(|c| c.valid_until.is_some());
        expired.for_each(|c| c.valid_until = None);
    });
    let failed = failed(&installed(&planned, &built));
    assert!(failed.iter().all(|id| id.ends_with("/expired")) && failed.contains(&"H1e/expired".into()));
}

#[test]
fn readers_that_were_swapped() {
    let planned = hard("reference/two-lanes.ron");
    let built = changed(planned.clone(), |parts| {
        (parts.readers[0].lane, parts.readers[2].lane) = (parts.readers[2].lane, parts.readers[0].lane);
    });
    let failed = failed(&installed(&planned, &built));
    assert!(failed.contains(&"R1e/known".into()) && failed.contains(&"R2e/known".into()), "{failed:?}");
}

#[test]
fn a_failure_that_goes_away_is_flaky() {
    let planned = hard("reference/one-lane.ron");
    let twist = |_: &mut Controller, now: Time, effects: &mut Effects| {
        let first = now < Time(30_000_000);
        let is_unissued = |d: &Decision| d.card == CardNumber(0xFF_FFFF);
        effects.entries.retain(|e| !matches!(&e.event, Event::Decision(d) if first && is_unissued(d)));
    };
    let mutant = Mutant { twist, ..Mutant::of(&planned) };
    let results =
        commission(&planned, &mut Simulated::with(&planned, Box::new(mutant), StalePolicy::Drop), 2);
    let flaky = results.iter().find(|r| r.id == "R1e/unknown").unwrap();
    assert_eq!(flaky.outcome, Outcome::Flaky, "{flaky:?}");
    assert!(flaky.attempts > 1 && !flaky.failures.is_empty());
    assert!(results.iter().filter(|r| r.id != "R1e/unknown").all(|r| r.outcome != Outcome::Flaky));
}

#[test]
fn a_reader_that_loses_a_bit() {
    let planned = hard("reference/two-lanes.ron");
    let mut stand = Simulated::new(&planned);
    stand.reader(ReaderId(0)).unwrap().fault(Time::ZERO, ReaderFault::LostBit, true, &mut Vec::new());
    let results = commission(&planned, &mut stand, 0);
    let failed = failed(&results);
    assert!(failed.contains(&"R1e/known".into()) && !failed.contains(&"R2e/known".into()), "{failed:?}");
}

#[test]
fn a_host_that_decides_what_was_read_while_the_line_was_cut() {
    let planned = hard("reference/one-lane.ron");
    let decider = Box::new(Mutant::of(&planned));
    let results = commission(&planned, &mut Simulated::with(&planned, decider, StalePolicy::Decide), 0);
    assert_eq!(failed(&results), ["L1/link"]);
    assert!(reason(&results, "L1/link").contains("decisions where there must be none: 1"));
}
