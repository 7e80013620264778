//! How many people get through a lane in a minute, by what they have to do at its reader.

use crate::fixture::{crossed, crowded, group, parts, run, s, sound};
use apbrig::apb::policy::Policy;
use apbrig::record::{Observation, Truth, What};
use apbrig::scenario::crowd::{Arrivals, Group, Habits};
use apbrig::scenario::population::Population;
use apbrig::scenario::technology::{CARD, FACE, ON_THE_MOVE, PHONE, Technology};
use apbrig::scenario::{DiskFiles, Scenario, load_population};
use std::path::Path;

/// Everybody who commutes, alone.
fn commuters() -> Population {
    let path = Path::new("scenarios/populations/commuters.ron");
    let all = load_population(path, &DiskFiles).unwrap_or_else(|e| panic!("{}", e.render(false)));
    Population { parties: vec![], ..all }
}

/// More people than get through a lane with this reader in six minutes.
fn rush(technology: Technology) -> Scenario {
    let people = 350;
    let at = (0..people).map(|i| s(f64::from(i))).collect();
    let population = Some(commuters());
    let crowd = vec![Group { population, ..group(people, Arrivals::Schedule(at)) }];
    let mut scenario = crowded(sound(parts(1, people, Policy::hard())), 6, crowd);
    let lane = &mut scenario.plan.lanes[0];
    (lane.technology, lane.read_time) = ([Some(technology); 2], technology.read_time);
    scenario
}

/// People a minute, from the first minute on.
fn per_minute(technology: Technology) -> f64 {
    let observed = run(&rush(technology), 3);
    let late: Vec<Observation> = observed.into_iter().filter(|o| o.at > s(60.0)).collect();
    crossed(&late) as f64 / 5.0
}

#[test]
fn who_has_to_stop_is_one_of_twenty_to_twenty_eight_a_minute() {
    let card = per_minute(CARD);
    assert!((20.0..=28.0).contains(&card), "{card}");
    let (phone, face) = (per_minute(PHONE), per_minute(FACE));
    println!("a minute: card {card}, phone {phone}, face {face}");
    assert!(phone < face && face < card, "phone {phone}, face {face}, card {card}");
}

#[test]
fn who_is_read_on_the_move_is_one_of_about_forty_a_minute() {
    // Trade figures say 35 to 42; single file without any gate is 44.
    let walking = per_minute(ON_THE_MOVE);
    println!("a minute: {walking}");
    assert!((35.0..=45.0).contains(&walking), "{walking}");
}

#[test]
fn a_read_that_fails_costs_two_to_four_seconds() {
    let habits = Habits { misread_rate: 0.0, ..Habits::default() };
    let people = 40;
    let at = (0..people).map(|i| s(f64::from(i) * 30.0)).collect();
    let crowd = vec![Group { habits, ..group(people, Arrivals::Schedule(at)) }];
    let mut scenario = crowded(sound(parts(1, people, Policy::hard())), 21, crowd);
    let mut mean = |misread_rate| {
        let technology = Technology { misread_rate: Some(misread_rate), median_s: 0.5, cv: 0.0, ..CARD };
        scenario.plan.lanes[0].technology = [Some(technology); 2];
        let observed = run(&scenario, 3);
        let sum = |wanted: fn(&Truth) -> bool| -> f64 {
            let times = observed.iter().filter(|o| matches!(&o.what, What::Truth(t) if wanted(t)));
            times.map(|o| o.at.0 as f64 / 1e6).sum()
        };
        let presented = sum(|t| matches!(t, Truth::Presented { .. }));
        (presented - sum(|t| matches!(t, Truth::Served { .. }))) / f64::from(people)
    };
    // Half of the first tries fail, and half of the second: one more try each in the mean, 0.5 s long.
    let (never, often) = (mean(0.0), mean(0.5));
    println!("until the credential is presented: {never:.2} s, {often:.2} s");
    assert!((never - 0.5).abs() < 0.02, "{never}");
    assert!((1.75..5.25).contains(&(often - never)), "{often}");
}
