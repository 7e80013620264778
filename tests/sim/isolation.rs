//! The controller lives on its inputs alone: what it wrote down can be had again without the world.

use crate::conservation::unruly;
use crate::fixture::{run, shipped};
use apbrig::apb::controller::Controller;
use apbrig::apb::effect::Effects;
use apbrig::apb::journal::Entry;
use apbrig::apb::policy::Policy;
use apbrig::apb::time::{Span, Time};
use apbrig::record::{Observation, What};
use apbrig::scenario::Scenario;
use std::sync::Arc;

/// Hands the recorded inputs to a fresh controller.
fn replayed(scenario: &Scenario, observed: &[Observation]) -> Vec<Entry> {
    let mut controller = Controller::new(Arc::new(scenario.plan.site.clone()));
    let mut effects = Effects::default();
    for observation in observed {
        if let What::Input(input) = &observation.what {
            controller.handle(observation.at, input, &mut effects);
        }
    }
    controller.expire(Time::ZERO + scenario.duration, &mut effects);
    effects.entries
}

#[test]
fn recorded_inputs_alone_make_the_recorded_journal() {
    let shipped_ones = [
        "modes/hard",
        "modes/soft",
        "modes/timed",
        "modes/nested",
        "modes/off",
        "commissioning/known-log",
        "commissioning/in-in",
        "industries/pharmacy",
        "industries/data-centre",
    ];
    for name in shipped_ones {
        assert_replays(&shipped(&format!("scenarios/{name}.ron")));
    }
}

#[test]
fn a_crowd_of_every_kind_replays_as_well() {
    for seed in 1..=3 {
        assert_replays(&Scenario { seed, ..unruly(2, 60, Policy::hard()) });
        assert_replays(&Scenario { seed, tick: Span::millis(50), ..unruly(1, 40, Policy::soft()) });
    }
}

fn assert_replays(scenario: &Scenario) {
    let name = &scenario.name;
    let observed = run(scenario, scenario.seed);
    let recorded: Vec<Entry> = observed
        .iter()
        .filter_map(|o| if let What::Entry(e) = &o.what { Some(e.clone()) } else { None })
        .collect();
    let replayed = replayed(scenario, &observed);
    let differs = recorded.iter().zip(&replayed).find(|(a, b)| a != b);
    assert!(differs.is_none(), "{name}: recorded and replayed part at {differs:#?}");
    assert_eq!(recorded.len(), replayed.len(), "{name}");
}

#[test]
fn inputs_are_recorded_in_the_order_of_their_times() {
    let scenario = shipped("scenarios/commissioning/known-log.ron");
    let observed = run(&scenario, scenario.seed);
    let times: Vec<Time> =
        observed.iter().filter(|o| matches!(o.what, What::Input(_))).map(|o| o.at).collect();
    assert!(times.is_sorted());
}
