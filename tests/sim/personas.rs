//! People who do not do what the system expects.

use crate::fixture::{all, crowded, figure, figures, group, parts, run, s, sound, truths};
use apbrig::apb::policy::Policy;
use apbrig::apb::time::Span;
use apbrig::metrics::Results;
use apbrig::record::{Intent, Observation, Standing, Truth};
use apbrig::scenario::Scenario;
use apbrig::scenario::crowd::{Arrivals, Break, Group, Persona, Spread};

fn standing(observed: &[Observation], wanted: Standing) -> usize {
    truths(observed).filter(|t| matches!(t, Truth::Entered { standing, .. } if *standing == wanted)).count()
}

fn intent(observed: &[Observation], wanted: Intent) -> usize {
    truths(observed).filter(|t| matches!(t, Truth::Presented { intent, .. } if *intent == wanted)).count()
}

/// Everybody is of one kind, 20 s apart, and leaves after nine minutes.
fn each(persona: Persona, policy: Policy) -> Scenario {
    let stay = Some(Spread { mean: Span::minutes(9), sd: Span::ZERO });
    let crowd = vec![Group { stay, ..all(20, 20.0, persona) }];
    crowded(sound(parts(2, 20, policy)), 20, crowd)
}

fn came_out(scenario: &Scenario) -> (Vec<Observation>, Results) {
    let observed = run(scenario, 9);
    let results = figures(scenario, &observed);
    (observed, results)
}

#[test]
fn every_persona_comes_with_about_its_share() {
    let stay = Some(Spread { mean: Span::minutes(12), sd: Span::minutes(1) });
    let personas = vec![
        (0.10, Persona::Tailgater { gap_min_m: 0.2, gap_max_m: 0.4 }),
        (0.10, Persona::Piggybacker { gap_m: 0.2 }),
        (0.10, Persona::PassbackPair { at_other_lane: 0.5 }),
        (0.10, Persona::BuddyBadger),
        (0.10, Persona::ForgetsToBadgeOut { by_fire_door: 1.0 }),
        (0.10, Persona::WrongWay { speed_m_s: 1.8 }),
    ];
    let arrivals = Arrivals::Poisson { per_minute: 30.0, from: s(0.0), until: s(900.0) };
    let crowd = vec![Group { stay, personas, ..group(300, arrivals) }];
    let scenario = crowded(sound(parts(4, 300, Policy::hard())), 30, crowd);
    let (observed, results) = came_out(&scenario);
    let buddies = intent(&observed, Intent::Buddy);
    let borrowed = intent(&observed, Intent::Borrowed);
    let fire_doors = figure(&results, "left_by_fire_door");
    assert!((15..=45).contains(&buddies), "{buddies} buddies");
    assert!((15..=45).contains(&borrowed), "{borrowed} borrowed");
    assert!((15.0..=45.0).contains(&fire_doors), "{fire_doors} by fire door");
    let tailgates = standing(&observed, Standing::Tailgating);
    assert!((10..=60).contains(&tailgates), "{tailgates} tailgates");
    assert!(standing(&observed, Standing::Piggybacking) >= 10);
    assert!(standing(&observed, Standing::WrongWay) >= 3);
}

#[test]
fn a_passback_pair_is_denied_flagged_or_missed_by_policy() {
    let pair = Persona::PassbackPair { at_other_lane: 0.5 };
    let of = |policy| came_out(&each(pair, policy)).1;
    let judged = |r: &Results| {
        ["passback_attempts", "passback_denied", "passback_flagged", "passback_missed"].map(|n| figure(r, n))
    };
    assert_eq!(judged(&of(Policy::hard())), [20.0, 20.0, 0.0, 0.0]);
    assert_eq!(judged(&of(Policy::soft())), [20.0, 0.0, 20.0, 0.0]);
    assert_eq!(judged(&of(Policy::off())), [20.0, 0.0, 0.0, 20.0]);
}

#[test]
fn an_accomplice_who_got_in_leaves_again() {
    let pair = Persona::PassbackPair { at_other_lane: 0.5 };
    let (_, results) = came_out(&each(pair, Policy::soft()));
    assert_eq!(figure(&results, "bodies_in"), 40.0);
    assert_eq!(figure(&results, "people_inside_true"), 0.0);
    assert_eq!(figure(&results, "left_by_fire_door"), 20.0);
}

#[test]
fn a_buddys_credential_moves_who_is_not_there() {
    let (observed, results) = came_out(&each(Persona::BuddyBadger, Policy::hard()));
    assert_eq!(intent(&observed, Intent::Buddy), 20);
    assert_eq!(figure(&results, "passback_attempts"), 20.0);
    let judged = figure(&results, "passback_denied")
        + figure(&results, "passback_flagged")
        + figure(&results, "passback_missed");
    assert_eq!(judged, 20.0);
    // One body and two grants: no more bodies than people come in.
    assert!(figure(&results, "bodies_in") <= 20.0);
}

#[test]
fn a_companion_comes_in_on_the_others_credential_and_is_noticed() {
    let (observed, results) = came_out(&each(Persona::Piggybacker { gap_m: 0.2 }, Policy::hard()));
    assert_eq!(standing(&observed, Standing::Piggybacking), 40, "20 in and 20 out");
    assert_eq!(figure(&results, "tailgate_detected"), 40.0);
    assert_eq!(figure(&results, "unattributed_in"), 20.0);
    assert_eq!(figure(&results, "people_inside_true"), 0.0);
}

#[test]
fn who_leaves_by_the_fire_door_is_believed_inside() {
    let forgets = Persona::ForgetsToBadgeOut { by_fire_door: 1.0 };
    let (_, results) = came_out(&each(forgets, Policy::hard()));
    assert_eq!(figure(&results, "left_by_fire_door"), 20.0);
    assert_eq!(figure(&results, "people_inside_true"), 0.0);
    assert_eq!(figure(&results, "people_inside_believed"), 20.0);
    assert_eq!(figure(&results, "occupancy_drift_max"), 20.0);
}

#[test]
fn who_forgot_to_badge_out_is_refused_the_next_time() {
    let forgets = Persona::ForgetsToBadgeOut { by_fire_door: 1.0 };
    let pause = Break {
        share: 1.0,
        at: s(600.0),
        sd: Span::seconds(30),
        away: Spread { mean: Span::minutes(4), sd: Span::ZERO },
    };
    let crowd = vec![Group { breaks: vec![pause], ..all(10, 20.0, forgets) }];
    let of = |policy| came_out(&crowded(sound(parts(2, 10, policy)), 25, crowd.clone())).1;
    let hard = of(Policy::hard());
    assert!(figure(&hard, "false_denials") >= 10.0, "{}", figure(&hard, "false_denials"));
    assert_eq!(figure(&hard, "gave_up"), 10.0);
    assert_eq!(figure(&of(Policy::off()), "false_denials"), 0.0);
    assert_eq!(figure(&of(Policy::soft()), "gave_up"), 0.0);
}
