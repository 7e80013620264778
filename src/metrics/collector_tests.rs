//! Tests of the whole collector: its list of measures, and what holds for any stream of observations.

use crate::metrics::fixture::{Stream, scenario};
use crate::metrics::{Collector, Results};
use crate::record::arbitrary::observations;
use crate::record::{Observation, State};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Every measure without a lane, as scenarios may name it.
const OVERALL: &str = "\
    bodies_in bodies_out attributed_in attributed_out unattributed_in unattributed_out ghost_passages \
    clean_entries tailgate_attempts tailgate_detected tailgate_prevented tailgate_passed \
    tailgate_false_alarms tailgate_detection_rate tailgate_prevention_rate false_alarm_rate \
    wrong_way_attempts wrong_way_passed violations violations_denied violations_flagged \
    passback_attempts passback_denied passback_flagged passback_missed false_denials stuck_inside \
    gave_up still_queued throughput_ppm_mean throughput_ppm_best wait_s_p50 wait_s_p95 wait_s_max queue_max \
    service_s_p50 service_s_p95 occupancy_drift_max muster_error people_inside_true \
    people_inside_believed left_by_fire_door decisions denials alarms contact_risks";

/// Every measure with a lane and a direction.
const PER_LANE: &str = "throughput_ppm_mean throughput_ppm_best bodies wait_s_p50 wait_s_p95 queue_max";

#[test]
fn every_measure_is_there_whatever_happened_and_no_other() {
    let places = ["L1/in", "L1/out", "L2/in", "L2/out"];
    let per_lane = PER_LANE.split_whitespace().flat_map(|m| places.map(|place| format!("{m}/{place}")));
    let expected: BTreeSet<_> = OVERALL.split_whitespace().map(str::to_owned).chain(per_lane).collect();
    let found: BTreeSet<_> = Stream::new().results().measures.into_keys().collect();
    assert_eq!(found, expected);
}

#[test]
fn the_results_say_what_was_run() {
    let results = Stream::new().ends(5_000).results();
    assert_eq!((&*results.scenario, &*results.site, results.seed), ("fixture", "Fixture", 42));
    assert_eq!((&*results.digest, &*results.reproduce), ("digest", "apbrig run"));
    assert_eq!(results.simulated.whole_seconds(), 5);
}

fn collect(observations: &[Observation]) -> Results {
    let mut collector = Collector::new(&scenario(), 1);
    for observation in observations {
        collector.observe(observation);
    }
    let end = observations.last().map_or_else(Default::default, |o| o.at);
    collector.finish(end, State::Finished, String::new(), String::new())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_books_balance_for_any_stream(observations in observations()) {
        let results = collect(&observations);
        let value = |name: &str| results.measures[name].value.unwrap();
        for way in ["in", "out"] {
            let parts = value(&format!("attributed_{way}")) + value(&format!("unattributed_{way}"));
            prop_assert_eq!(value(&format!("bodies_{way}")), parts);
        }
        prop_assert!(value("tailgate_detected") <= value("tailgate_attempts"));
        prop_assert!(value("tailgate_prevented") + value("tailgate_passed") <= value("tailgate_attempts"));
        prop_assert!(value("wrong_way_passed") <= value("wrong_way_attempts"));
        let decided = value("passback_denied") + value("passback_flagged") + value("passback_missed");
        prop_assert!(decided <= value("passback_attempts"));
        prop_assert_eq!(value("violations"), results.violations.len() as f64);
        prop_assert_eq!(value("denials"), results.denials.values().sum::<u64>() as f64);
        prop_assert!(value("false_denials") <= value("denials"));
        prop_assert!(value("denials") <= value("decisions"));
        prop_assert!(value("stuck_inside") <= value("muster_error"));
        let rows = results.lanes.iter().map(|l| l.bodies).sum::<u64>() as f64;
        prop_assert_eq!(rows, value("bodies_in") + value("bodies_out"));
    }

    #[test]
    fn intervals_contain_their_value(observations in observations()) {
        for (name, measure) in collect(&observations).measures {
            if let (Some(value), Some(low), Some(high)) = (measure.value, measure.low, measure.high) {
                prop_assert!(0.0 <= low && low <= value && value <= high && high <= 1.0, "{name}");
            }
        }
    }
}
