//! How many people get through, and how long they wait.

use crate::fixture::{crossed, crowded, figure, figures, group, parts, run, s, sound};
use apbrig::apb::policy::Policy;
use apbrig::apb::time::Span;
use apbrig::scenario::Scenario;
use apbrig::scenario::crowd::{Arrivals, Group, Habits};

/// People who are all alike and quick with their credentials.
fn alike() -> Habits {
    Habits {
        speed_mean_m_s: 1.5,
        speed_sd_m_s: 0.0,
        present_median_s: 0.1,
        present_cv: 0.0,
        misread_rate: 0.0,
        bag_share: 0.0,
    }
}

fn stream(people: u32, arrivals: Arrivals, minutes: u64) -> Scenario {
    let crowd = vec![Group { habits: alike(), ..group(people, arrivals) }];
    let mut scenario = crowded(sound(parts(1, people, Policy::hard())), minutes, crowd);
    scenario.plan.lanes[0].read_time = Span::millis(100);
    scenario
}

#[test]
fn a_headway_of_a_second_and_a_half_is_forty_a_minute() {
    let at = (0..400).map(|i| s(1.5 * f64::from(i))).collect();
    let scenario = stream(400, Arrivals::Schedule(at), 11);
    let observed = run(&scenario, 2);
    let results = figures(&scenario, &observed);
    assert_eq!(crossed(&observed), 400);
    let ppm = figure(&results, "throughput_ppm_mean/L0/in");
    assert!((39.5..=40.5).contains(&ppm), "{ppm} a minute");
    assert_eq!(figure(&results, "attributed_in"), 400.0);
    assert_eq!(figure(&results, "tailgate_false_alarms"), 0.0);
}

#[test]
fn waiting_grows_with_the_load() {
    // A lane serves about one person in 1.4 s. At a fifth of that nobody waits for long, at nine tenths many
    // do.
    let wait = |per_minute: f64| {
        let until = s(1_500.0);
        let people = (per_minute * 25.0) as u32;
        let poisson = Arrivals::Poisson { per_minute, from: s(0.0), until };
        let scenario = stream(people, poisson, 27);
        let observed = run(&scenario, 2);
        let results = figures(&scenario, &observed);
        (results.waits_s.iter().sum::<f64>() / results.waits_s.len() as f64, figure(&results, "queue_max"))
    };
    let (idle, busy) = (wait(8.0), wait(35.0));
    assert!(busy.0 > 2.0 * idle.0, "{idle:?} against {busy:?}");
    assert!(busy.1 > idle.1);
}
