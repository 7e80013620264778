//! Bodies against the direction a flap is open for.

use crate::fixture::{alarms, at_speed, crossed, figure, figures, run, scenario, site, stranger, walk};
use apbrig::apb::id::Direction;
use apbrig::apb::journal::Alarm;
use apbrig::apb::policy::Policy;
use apbrig::apb::time::Span;
use apbrig::scenario::Scenario;
use apbrig::scenario::script::{Action, Manner};

/// P1 waits inside for a flap that opens for P0, who stands a while before walking in.
fn dash(speed_m_s: f32, dawdles: Span) -> Scenario {
    let mut dawdler = walk(15, 0, 0, Direction::In, Manner::Honest);
    if let Action::Walk(walker) = &mut dawdler.action {
        walker.hesitates = dawdles;
    }
    let script = vec![at_speed(walk(1, 1, 0, Direction::Out, Manner::WrongWay), speed_m_s), dawdler];
    scenario(site(1, Policy::hard()), script)
}

#[test]
fn who_dashes_through_an_open_flap_gets_out_and_is_noticed() {
    let scenario = dash(1.8, Span::seconds(4));
    let observed = run(&scenario, 3);
    let results = figures(&scenario, &observed);
    assert_eq!(figure(&results, "wrong_way_attempts"), 1.0);
    assert_eq!(figure(&results, "wrong_way_passed"), 1.0);
    assert_eq!(figure(&results, "unattributed_out"), 1.0);
    assert_eq!(figure(&results, "attributed_in"), 1.0);
    assert!(alarms(&observed).contains(&Alarm::WrongWay), "{:?}", alarms(&observed));
}

#[test]
fn who_is_slow_finds_the_flap_shut() {
    let scenario = dash(0.5, Span::seconds(4));
    let observed = run(&scenario, 3);
    let results = figures(&scenario, &observed);
    assert_eq!(figure(&results, "wrong_way_attempts"), 1.0);
    assert_eq!(figure(&results, "wrong_way_passed"), 0.0);
    assert!(alarms(&observed).contains(&Alarm::WrongWay), "{:?}", alarms(&observed));
    // Both are let through one after the other once the lane is clear.
    assert_eq!(figure(&results, "attributed_in"), 1.0);
}

#[test]
fn a_shut_flap_stops_an_intruder_who_turns_back() {
    let scenario = scenario(site(1, Policy::hard()), vec![stranger(1, Manner::Intrudes)]);
    let observed = run(&scenario, 3);
    let results = figures(&scenario, &observed);
    assert_eq!(crossed(&observed), 0);
    assert_eq!(figure(&results, "tailgate_attempts"), 1.0);
    assert_eq!(figure(&results, "tailgate_prevented"), 1.0);
    assert_eq!(alarms(&observed), [Alarm::Intrusion]);
}
