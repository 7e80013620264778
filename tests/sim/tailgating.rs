//! Somebody right behind somebody else, on one grant. The lane is the reference lane: beams at 0.30, 0.55 |
//! 0.85 m, a flap that takes 0.5 s.

use crate::fixture::{
    alarms, at_speed, crossed, figure, figures, run, scenario, site, stranger, truths, walk,
};
use apbrig::apb::id::{Direction, LaneId, ReaderId};
use apbrig::apb::input::Input;
use apbrig::apb::journal::Alarm;
use apbrig::apb::policy::Policy;
use apbrig::record::{Observation, Truth, What};
use apbrig::scenario::Scenario;
use apbrig::scenario::script::{Action, Manner, Step};

fn followed(gap_m: f32, speed_m_s: f32) -> Scenario {
    let follower = Manner::Follows { gap_m, consent: false };
    let script = vec![
        at_speed(walk(1, 0, 0, Direction::In, Manner::Honest), speed_m_s),
        at_speed(stranger(2, follower), speed_m_s),
    ];
    scenario(site(1, Policy::hard()), script)
}

/// How many bodies came into the lane.
fn entered(observed: &[Observation]) -> usize {
    truths(observed).filter(|t| matches!(t, Truth::Entered { .. })).count()
}

#[test]
fn what_becomes_of_a_follower_depends_on_the_gap() {
    for speed in [0.8_f32, 1.0, 1.2, 1.34] {
        // From x3 to x4, and the way walked while the flap shuts.
        let no_close = 0.30;
        let prevented = 0.30 + speed * 0.5;
        for gap in [0.15_f32, 0.20, 0.25, 0.40, 0.50, 0.60, 0.80, 1.00, 1.20, 1.40] {
            let scenario = followed(gap, speed);
            let observed = run(&scenario, 3);
            let results = figures(&scenario, &observed);
            let get = |name| figure(&results, name);
            let what = format!("gap {gap} m at {speed} m/s: {:?}", alarms(&observed));
            if entered(&observed) == 1 {
                // The flap was shut before the follower came: no attempt was made.
                assert!(gap > prevented, "{what}");
                continue;
            }
            assert_eq!(get("tailgate_attempts"), 1.0, "{what}");
            assert_eq!(get("tailgate_detected"), 1.0, "{what}");
            assert_eq!(get("tailgate_false_alarms"), 0.0, "{what}");
            assert_eq!(get("tailgate_passed") + get("tailgate_prevented"), 1.0, "{what}");
            if gap < no_close - 0.04 {
                assert_eq!(get("tailgate_passed"), 1.0, "{what}");
            }
            if gap > prevented + 0.15 {
                assert_eq!(get("tailgate_prevented"), 1.0, "{what}");
                assert_eq!(crossed(&observed), 1, "{what}");
            }
        }
    }
}

#[test]
fn a_wide_gap_is_an_intrusion_and_no_tailgate() {
    // Class change: x4 − x2 and the way walked while the flap shuts, 1.22 m at 1.34 m/s.
    let kinds = |gap| alarms(&run(&followed(gap, 1.34), 3));
    assert_eq!(kinds(0.3), [Alarm::Tailgate]);
    let late = stranger(6, Manner::Intrudes);
    let script = vec![walk(1, 0, 0, Direction::In, Manner::Honest), at_speed(late, 1.34)];
    let scenario = scenario(site(1, Policy::hard()), script);
    let observed = run(&scenario, 3);
    assert_eq!(alarms(&observed), [Alarm::Intrusion]);
    let results = figures(&scenario, &observed);
    assert_eq!(figure(&results, "tailgate_prevented"), 1.0);
    assert_eq!(crossed(&observed), 1);
}

#[test]
fn who_means_to_touch_is_seen_while_closing_up() {
    // Two bodies that touched all the way would be one to horizontal beams, a documented limit of one row. A
    // follower closes up within the lane, so the first beams still see what is left of the gap.
    let scenario = followed(0.0, 1.0);
    let observed = run(&scenario, 3);
    let results = figures(&scenario, &observed);
    assert_eq!(crossed(&observed), 2);
    assert_eq!(figure(&results, "tailgate_attempts"), 1.0);
    assert_eq!(figure(&results, "tailgate_passed"), 1.0);
    assert_eq!(figure(&results, "tailgate_detected"), 1.0);
    assert_eq!(results.trespasses[0].detected.map(|(alarm, _)| alarm), Some(Alarm::Tailgate.name()));
}

#[test]
fn a_companion_with_consent_is_a_tailgate_all_the_same() {
    let follower = Manner::Follows { gap_m: 0.2, consent: true };
    let script = vec![walk(1, 0, 0, Direction::In, Manner::Honest), at_speed(stranger(2, follower), 1.34)];
    let scenario = scenario(site(1, Policy::hard()), script);
    let observed = run(&scenario, 3);
    let results = figures(&scenario, &observed);
    assert_eq!(results.trespasses.len(), 1);
    assert_eq!(results.trespasses[0].standing, apbrig::record::Standing::Piggybacking);
    assert_eq!(figure(&results, "tailgate_passed"), 1.0);
    assert_eq!(figure(&results, "tailgate_detected"), 1.0);
}

#[test]
fn a_follower_with_a_credential_of_his_own_who_is_stopped_comes_in_on_it() {
    let follower = Manner::Follows { gap_m: 1.0, consent: false };
    let script = vec![
        at_speed(walk(1, 0, 0, Direction::In, Manner::Honest), 1.2),
        at_speed(walk(2, 1, 0, Direction::In, follower), 1.2),
    ];
    let scenario = scenario(site(1, Policy::hard()), script);
    let observed = run(&scenario, 3);
    let results = figures(&scenario, &observed);
    assert_eq!(figure(&results, "tailgate_prevented"), 1.0);
    assert_eq!(figure(&results, "attributed_in"), 2.0);
}

#[test]
fn who_runs_at_a_flap_that_has_just_begun_to_open_shows_as_contact() {
    // The credential is read while the body is already on its way; it cannot stop and the flap takes 0.5 s.
    let runner = at_speed(stranger(1, Manner::Intrudes), 3.0);
    let alone = run(&scenario(site(1, Policy::hard()), vec![runner.clone()]), 3);
    let enters = alone
        .iter()
        .find(|o| matches!(o.what, What::Truth(Truth::Entered { .. })))
        .map(|o| o.at)
        .expect("the runner comes to the lane");
    let read = Input::read(ReaderId(0), crate::fixture::card(0));
    let at = enters - apbrig::apb::time::Span::millis(100);
    let script = vec![runner, Step { at, action: Action::Operate(read) }];
    let observed = run(&scenario(site(1, Policy::hard()), script), 3);
    assert!(alarms(&observed).contains(&Alarm::Contact), "{:?}", alarms(&observed));
}

#[test]
fn neighbouring_lanes_do_not_see_each_others_bodies() {
    let script =
        vec![walk(1, 0, 0, Direction::In, Manner::Honest), walk(9, 1, 0, Direction::In, Manner::Intrudes)];
    let observed = run(&scenario(site(2, Policy::hard()), script), 3);
    let about = |o: &Observation| match o.what {
        What::Input(Input::Beam { lane, .. } | Input::Leaf { lane, .. }) => Some(lane),
        _ => None,
    };
    assert!(observed.iter().filter_map(about).count() > 12);
    assert!(observed.iter().filter_map(about).all(|lane| lane == LaneId(0)));
}
