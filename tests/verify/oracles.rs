//! Every oracle that reads a record notices a record that is wrong.

use apbrig::apb::controller::Controller;
use apbrig::apb::effect::{Command, Effects};
use apbrig::apb::input::Input;
use apbrig::apb::journal::{Event, Reason};
use apbrig::apb::time::Time;
use apbrig::record::{Observation, Truth, What};
use apbrig::scenario::{DiskFiles, Scenario, load};
use apbrig::sim::Decider;
use apbrig::verify::case::Case;
use apbrig::verify::check::{check_tree, judge};
use apbrig::verify::oracle::Kind;
use apbrig::verify::tree::Value;
use apbrig::verify::trial::{Trial, run, run_with};
use std::path::Path;
use std::sync::Arc;

fn shipped(path: &str) -> Scenario {
    load(Path::new(path), &DiskFiles).unwrap_or_else(|e| panic!("{}", e.render(false)))
}

/// The oracles that complain of a run once its record has been changed so.
fn complaints(path: &str, change: impl FnOnce(&mut Trial<'_>)) -> Vec<Kind> {
    let scenario = shipped(path);
    let mut trial = run(&scenario, scenario.seed).unwrap();
    assert_eq!(judge(&trial, false), [], "{path} before the change");
    change(&mut trial);
    judge(&trial, false).into_iter().map(|failure| failure.oracle).collect()
}

/// Changes the first entry that this is about.
fn change(trial: &mut Trial<'_>, entry: impl Fn(&mut Event) -> bool) {
    let changed = trial.observed.iter_mut().any(|o| match &mut o.what {
        What::Entry(e) => entry(&mut e.event),
        _ => false,
    });
    assert!(changed, "there is nothing to change");
}

/// Leaves out the first observation that this is about.
fn leave_out(trial: &mut Trial<'_>, of: impl Fn(&What) -> bool) {
    let index = trial.observed.iter().position(|o| of(&o.what)).expect("there is nothing to leave out");
    trial.observed.remove(index);
}

const HARD: &str = "scenarios/modes/hard.ron";

#[test]
fn a_taking_too_many_is_noticed() {
    let found = complaints(HARD, |trial| {
        let again = trial.observed.iter().find(|o| is_taken(&o.what)).cloned().unwrap();
        trial.observed.push(again);
    });
    assert!(found.contains(&Kind::Grants), "{found:?}");
}

fn is_taken(what: &What) -> bool {
    matches!(what, What::Entry(e) if matches!(e.event, Event::Taken { .. }))
}

#[test]
fn a_passage_that_takes_nothing_is_noticed() {
    let found = complaints(HARD, |trial| leave_out(trial, is_taken));
    assert!(found.contains(&Kind::Grants) && found.contains(&Kind::Replay), "{found:?}");
}

#[test]
fn a_second_entry_running_is_noticed() {
    let found = complaints(HARD, |trial| {
        // P1's exit becomes another entry by the grant that P1 entered by: in the record, P1 is in twice.
        let mut first = None;
        for o in &mut trial.observed {
            if let What::Entry(e) = &mut o.what
                && let Event::Taken { grant, holder, .. } = &mut e.event
            {
                match first {
                    None => first = Some((*grant, *holder)),
                    Some((entry, who)) if who == *holder => *grant = entry,
                    Some(_) => {}
                }
            }
        }
    });
    assert!(found.contains(&Kind::Alternation), "{found:?}");
}

#[test]
fn a_refusal_while_it_burns_is_noticed() {
    let found = complaints("scenarios/commissioning/operators.ron", |trial| {
        change(trial, |event| match event {
            Event::Decision(d) if d.reason == Reason::Fire => {
                d.reason = Reason::UnknownCredential;
                d.grant = None;
                true
            }
            _ => false,
        });
    });
    assert!(found.contains(&Kind::Fire), "{found:?}");
}

#[test]
fn an_order_that_was_never_given_is_noticed() {
    let found = complaints(HARD, |trial| {
        leave_out(trial, |what| matches!(what, What::Command(Command::Open { .. })));
    });
    assert_eq!(found, [Kind::Replay]);
}

#[test]
fn a_body_from_nowhere_is_noticed() {
    let found = complaints(HARD, |trial| {
        leave_out(trial, |what| matches!(what, What::Truth(Truth::Entered { .. })));
    });
    assert_eq!(found, [Kind::Truth]);
}

#[test]
fn a_body_that_crosses_and_stays_where_it_was_is_noticed() {
    let found = complaints(HARD, |trial| {
        let is_move = |o: &Observation| matches!(o.what, What::Truth(Truth::Moved { .. }));
        let last = trial.observed.iter().rposition(is_move).unwrap();
        trial.observed.remove(last);
    });
    assert_eq!(found, [Kind::Truth]);
}

#[test]
fn figures_that_do_not_add_up_are_noticed() {
    for name in [
        "bodies_in",
        "unattributed_out",
        "decisions",
        "violations",
        "people_inside_believed",
        "passback_denied",
    ] {
        let found = complaints(HARD, |trial| {
            let measure = trial.results.measures.get_mut(name).unwrap();
            measure.value = measure.value.map(|v| v + 1.0);
        });
        assert_eq!(found, [Kind::Figures], "{name}");
    }
}

#[test]
fn a_part_that_exceeds_the_whole_is_noticed() {
    for name in ["tailgate_detected", "wrong_way_passed", "passback_missed"] {
        let found = complaints(HARD, |trial| {
            let measure = trial.results.measures.get_mut(name).unwrap();
            measure.value = Some(1_000.0);
        });
        assert_eq!(found, [Kind::Figures], "{name}");
    }
}

#[test]
fn a_measure_that_is_not_there_is_noticed() {
    for name in ["bodies_in", "tailgate_prevented", "wrong_way_attempts", "passback_attempts"] {
        let found = complaints(HARD, |trial| {
            trial.results.measures.remove(name);
        });
        assert_eq!(found, [Kind::Figures], "{name} is left out");
        for value in [None, Some(f64::NAN)] {
            let found = complaints(HARD, |trial| {
                trial.results.measures.get_mut(name).unwrap().value = value;
            });
            assert_eq!(found, [Kind::Figures], "{name} is {value:?}");
        }
    }
}

#[test]
fn somebody_who_never_leaves_is_noticed() {
    let case = Case::draw(1, 3);
    let scenario = case.tree.load().unwrap();
    let mut trial = run(&scenario, scenario.seed).unwrap();
    assert_eq!(judge(&trial, true), []);
    trial.unrest.push("person 7 walks about".into());
    assert_eq!(judge(&trial, false)[0].oracle, Kind::Rest);
    // Without a calm at the end nobody has to have left.
    let busy = shipped(HARD);
    let mut trial = run(&busy, busy.seed).unwrap();
    trial.unrest.push("person 7 walks about".into());
    assert_eq!(judge(&trial, false), []);
}

/// A controller that can be looked into and goes wrong from its tenth input on.
#[derive(Debug)]
struct FromTheTenth(Controller, u32, fn(&mut Effects));

impl Decider for FromTheTenth {
    fn handle(&mut self, now: Time, input: &Input, effects: &mut Effects) {
        self.0.handle(now, input, effects);
        self.1 += 1;
        if self.1 >= 10 {
            self.2(effects);
        }
    }

    fn expire(&mut self, now: Time, effects: &mut Effects) {
        self.0.expire(now, effects);
    }

    fn next_deadline(&self) -> Option<Time> {
        Decider::next_deadline(&self.0)
    }

    fn controller(&self) -> Option<&Controller> {
        Some(&self.0)
    }
}

fn wrong_from_the_tenth(scenario: &Scenario, goes_wrong: fn(&mut Effects)) -> Result<Trial<'_>, String> {
    let controller = Controller::new(Arc::new(scenario.plan.site.clone()));
    run_with(scenario, 1, Box::new(FromTheTenth(controller, 0, goes_wrong)))
}

#[test]
fn a_panic_in_the_controller_is_a_message() {
    let scenario = shipped(HARD);
    let what = wrong_from_the_tenth(&scenario, |_| panic!("out of order")).unwrap_err();
    assert!(what.ends_with("out of order"), "{what}");
}

#[test]
fn an_entry_that_is_lost_is_noticed_by_the_watch() {
    let scenario = shipped("scenarios/commissioning/operators.ron");
    let trial = wrong_from_the_tenth(&scenario, |effects| effects.entries.clear()).unwrap();
    let found = judge(&trial, false);
    assert_eq!(found.iter().map(|f| f.oracle).collect::<Vec<_>>(), [Kind::Watch], "{found:?}");
}

#[test]
fn a_run_that_goes_otherwise_the_second_time_is_noticed() {
    let scenario = shipped(HARD);
    let mut trial = run(&scenario, 7).unwrap();
    assert_eq!(judge(&trial, true), []);
    trial.observed.push(Observation { at: Time::ZERO, what: What::Checkpoint { people: 1, hash: 0 } });
    assert!(judge(&trial, true).iter().any(|f| f.oracle == Kind::Repeat));
}

#[test]
fn a_case_that_does_not_load_is_noticed() {
    let mut tree = Case::draw(1, 1).tree;
    if let Value::Record(_, fields) = &mut tree.scenario {
        fields.retain(|f| f.name != "duration");
    }
    let found = check_tree(&tree, false);
    assert_eq!(found[0].oracle, Kind::Loads);
    assert!(found[0].what.contains("duration"), "{}", found[0].what);
}
