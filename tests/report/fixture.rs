//! Results made by hand: a failed morning of 2,000 people, and a run in which nobody came.

use crate::morning::{self, Draw, LENGTH_S};
use apbrig::apb::id::Direction;
use apbrig::apb::time::Time;
use apbrig::metrics::Results;
use apbrig::metrics::results::{AlertRow, Checked, LaneFigures, Measure, Outcome, Trespass, Violation};
use apbrig::record::Standing;
use std::collections::BTreeMap;

fn seconds(s: f64) -> Time {
    Time((s * 1e6) as u64)
}

/// A morning of 2,000 people at eight lanes, in which one expectation fails.
pub(crate) fn morning() -> Results {
    let occupancy = vec![morning::occupancy("Lobby", 2_000), morning::occupancy("Laboratory", 140)];
    let waits_s = morning::waits_s(2_000);
    let last = *occupancy[0].points.last().unwrap();
    let mut results = Results {
        scenario: "office-morning".into(),
        title: "2,000 people on a hard anti-passback morning".into(),
        site: "Rathausplatz 7".into(),
        seed: 42,
        start: "2025-03-03 07:15".into(),
        start_second: 26_100,
        simulated: seconds(LENGTH_S),
        outcome: Outcome::Fail,
        digest: "9f2c41d07be6a85310fd6c2be7719ea4c05b83d2f164907ea8b3c6d51f20e794".into(),
        reproduce: "apbrig run scenarios/industries/office-morning.ron --seed 42".into(),
        measures: BTreeMap::new(),
        expectations: expectations(),
        occupancy,
        lanes: lanes(),
        waits_s,
        violations: violations(14),
        trespasses: trespasses(),
        alerts: alerts(),
        denials: BTreeMap::from([
            ("apb_violation", 13),
            ("no_access_right", 6),
            ("outside_schedule", 2),
            ("unknown_credential", 4),
            ("lane_busy", 17),
        ]),
    };
    results.measures = measures(&results, last.true_count, last.believed);
    results
}

/// A run without a single person: nothing to measure, nothing to draw.
pub(crate) fn empty() -> Results {
    Results {
        scenario: "nobody".into(),
        title: String::new(),
        site: "Empty hall".into(),
        seed: 0,
        start: String::new(),
        start_second: 0,
        simulated: Time::ZERO,
        outcome: Outcome::Pass,
        digest: String::new(),
        reproduce: "apbrig run nobody.ron --seed 0".into(),
        measures: BTreeMap::new(),
        expectations: vec![],
        occupancy: vec![],
        lanes: vec![],
        waits_s: vec![],
        violations: vec![],
        trespasses: vec![],
        alerts: vec![],
        denials: BTreeMap::new(),
    }
}

fn expectations() -> Vec<Checked> {
    let check = |measure: &str, bound: &str, value: &str, outcome| Checked {
        measure: measure.into(),
        bound: bound.into(),
        value: value.into(),
        outcome,
    };
    vec![
        check("passback_missed", "≤ 1", "1", Outcome::Pass),
        check("false_denials", "≤ 5", "2", Outcome::Pass),
        check("tailgate_detection_rate", "≥ 0.95", "0.9", Outcome::Fail),
        check("wait_s_p95", "≤ 20", "14.8", Outcome::Pass),
        check("throughput_ppm_best", "≥ 12", "19", Outcome::Pass),
        check(
            "decision K0117 at R3 in #2",
            "denied (apb_violation)",
            "denied (apb_violation)",
            Outcome::Pass,
        ),
    ]
}

/// Bodies that got in on another's grant.
const FOLLOWED: f64 = 4.0;

fn measures(results: &Results, inside: u32, believed: u32) -> BTreeMap<String, Measure> {
    let bodies =
        |way| results.lanes.iter().filter(|l| l.direction == way).map(|l| l.bodies).sum::<u64>() as f64;
    let wait = |share| Some(morning::percentile(&results.waits_s, share));
    let stuck = f64::from(believed) - f64::from(inside) + FOLLOWED;
    let counts: [(&str, f64); 37] = [
        ("bodies_in", bodies(Direction::In)),
        ("bodies_out", bodies(Direction::Out)),
        ("attributed_in", bodies(Direction::In) - FOLLOWED),
        ("attributed_out", bodies(Direction::Out)),
        ("unattributed_in", FOLLOWED),
        ("unattributed_out", 0.0),
        ("clean_entries", bodies(Direction::In) - 5.0),
        ("tailgate_attempts", 10.0),
        ("tailgate_detected", 9.0),
        ("tailgate_prevented", 6.0),
        ("tailgate_passed", 4.0),
        ("tailgate_false_alarms", 2.0),
        ("wrong_way_attempts", 3.0),
        ("wrong_way_passed", 1.0),
        ("violations", 14.0),
        ("violations_denied", 13.0),
        ("violations_flagged", 1.0),
        ("passback_attempts", 12.0),
        ("passback_denied", 11.0),
        ("passback_flagged", 0.0),
        ("passback_missed", 1.0),
        ("false_denials", 2.0),
        ("stuck_inside", stuck),
        ("gave_up", 3.0),
        ("still_queued", 0.0),
        ("queue_max", 11.0),
        ("occupancy_drift_max", stuck - FOLLOWED),
        ("muster_error", stuck + FOLLOWED),
        ("people_inside_true", f64::from(inside)),
        ("people_inside_believed", f64::from(believed)),
        ("left_by_fire_door", stuck),
        ("decisions", 2_231.0),
        ("denials", 42.0),
        ("alarms", 19.0),
        ("contact_risks", 5.0),
        ("ghost_passages", 0.0),
        ("extra_measure", 1.0),
    ];
    let measure = |value, unit, interval: Option<(f64, f64)>| Measure {
        value,
        unit,
        low: interval.map(|i| i.0),
        high: interval.map(|i| i.1),
    };
    let mut all: BTreeMap<String, Measure> =
        counts.into_iter().map(|(name, n)| (name.into(), measure(Some(n), "1", None))).collect();
    let mut add = |name: &str, m| all.insert(name.into(), m);
    add("tailgate_detection_rate", measure(Some(0.9), "ratio", Some((0.555, 0.997_5))));
    add("tailgate_prevention_rate", measure(Some(0.6), "ratio", Some((0.262, 0.878))));
    add("false_alarm_rate", measure(Some(0.000_9), "ratio", Some((0.000_1, 0.003_3))));
    add("throughput_ppm_mean", measure(Some(1.5), "1/min", None));
    add("throughput_ppm_best", measure(Some(19.0), "1/min", None));
    add("wait_s_p50", measure(wait(0.5), "s", None));
    add("wait_s_p95", measure(wait(0.95), "s", None));
    add("wait_s_max", measure(wait(1.0), "s", None));
    add("service_s_p50", measure(Some(2.4), "s", None));
    add("service_s_p95", measure(Some(3.9), "s", None));
    all
}

fn lanes() -> Vec<LaneFigures> {
    let mut draw = Draw(3);
    let mut lanes = Vec::new();
    let inwards = [318_u64, 305, 291, 276, 259, 233, 190, 128];
    for (i, bodies) in inwards.into_iter().enumerate() {
        let outwards = [0, 0, 0, 0, 0, 38, 57, 71][i];
        for (direction, bodies) in [(Direction::In, bodies), (Direction::Out, outwards)] {
            if bodies == 0 {
                continue;
            }
            let best = if i == 0 { 19.0 } else { (3.0 + bodies as f64 / 22.0 + 2.0 * draw.next()).round() };
            lanes.push(LaneFigures {
                lane: format!("Gate {}", i + 1),
                direction,
                bodies,
                attributed: bodies - u64::from(i < 4 && direction == Direction::In),
                mean_ppm: Some(bodies as f64 / 118.0),
                best_ppm: if direction == Direction::Out { (best / 1.6_f64).round() } else { best },
                wait_p50_s: Some(4.1 + draw.next()),
                wait_p95_s: Some(11.0 + 7.0 * draw.next()),
                queue_max: 4 + (7.0 * draw.next()) as u32,
            });
        }
    }
    lanes
}

/// So many violations, most of them passback.
pub(crate) fn violations(n: u32) -> Vec<Violation> {
    let intents = ["borrowed", "buddy", "borrowed", "second_body", "own", "borrowed"];
    (0..n)
        .map(|i| {
            let number = 100 + i * 17 % 900;
            let intent = if i == 9 { "own" } else { intents[i as usize % intents.len()] };
            let lane = 1 + i * 5 % 8;
            Violation {
                at: seconds(1_260.0 + f64::from(i) * 431.7 % 7_000.0 + f64::from(i)),
                credential: format!("K{number:04}"),
                holder: format!("P{number:04}"),
                reader: format!("R{lane} in"),
                lane: format!("Gate {lane}"),
                rule: if i % 7 == 6 { "in_out" } else { "location_match" },
                denied: i != 4,
                intent,
            }
        })
        .collect()
}

fn trespasses() -> Vec<Trespass> {
    use Standing::{Intruding, Piggybacking, Tailgating, WrongWay};
    let body = |at: f64, lane: u32, standing, alarm: Option<(&'static str, f64)>, passed| Trespass {
        at: seconds(at),
        lane: format!("Gate {lane}"),
        direction: if standing == WrongWay { Direction::Out } else { Direction::In },
        standing,
        detected: alarm.map(|(name, after)| (name, seconds(at + after))),
        passed,
    };
    vec![
        body(1_812.4, 2, Tailgating, Some(("tailgate", 0.38)), false),
        body(2_655.0, 1, Piggybacking, Some(("tailgate", 0.91)), true),
        body(3_104.7, 4, Tailgating, Some(("tailgate", 0.42)), false),
        body(3_380.1, 7, WrongWay, Some(("wrong_way", 0.12)), false),
        body(3_921.9, 1, Tailgating, Some(("tailgate", 0.55)), true),
        body(4_077.3, 3, Intruding, Some(("intrusion", 0.09)), false),
        body(4_402.0, 5, Tailgating, Some(("tailgate", 0.47)), false),
        body(4_518.8, 8, WrongWay, Some(("wrong_way", 0.15)), true),
        body(4_733.6, 1, Tailgating, None, true),
        body(5_120.2, 6, Piggybacking, Some(("tailgate", 1.22)), true),
        body(5_390.5, 2, Intruding, Some(("intrusion", 0.11)), false),
        body(6_004.9, 3, Tailgating, Some(("tailgate", 0.36)), false),
        body(7_715.0, 7, WrongWay, Some(("wrong_way", 0.14)), false),
    ]
}

fn alerts() -> Vec<AlertRow> {
    let mut alerts: Vec<AlertRow> = violations(14)
        .into_iter()
        .map(|v| AlertRow {
            at: v.at,
            credential: Some(v.credential),
            lane: v.lane,
            cause: format!("{}: {}", if v.denied { "denied" } else { "flagged" }, v.rule),
        })
        .collect();
    alerts.extend(trespasses().into_iter().filter_map(|t| {
        let (alarm, at) = t.detected?;
        Some(AlertRow { at, credential: None, lane: t.lane, cause: alarm.into() })
    }));
    alerts.sort_by_key(|a| a.at);
    alerts
}
