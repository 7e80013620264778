//! What breaks, and what the site makes of it.

use crate::fixture::{
    alarms, assert_nobody_overlaps, at_speed, crossed, events, figure, figures, run, s, scenario, site,
    stranger, walk,
};
use apbrig::apb::id::{Direction, LaneId};
use apbrig::apb::journal::{Alarm, Event};
use apbrig::apb::policy::Policy;
use apbrig::apb::time::Span;
use apbrig::record::Truth;
use apbrig::scenario::fault::{Fault, FaultKind};
use apbrig::scenario::script::Manner;

fn stuck(at: f64, lasts_s: u64, beam: u8, blocked: bool) -> Fault {
    let kind = FaultKind::BeamStuck { lane: LaneId(0), beam, blocked };
    Fault { at: s(at), lasts: Span::seconds(lasts_s), kind }
}

#[test]
fn a_beam_that_stays_blocked_is_a_fault_after_a_minute_and_no_body() {
    let mut scenario = scenario(site(1, Policy::hard()), vec![]);
    scenario.duration = Span::seconds(120);
    scenario.faults = vec![stuck(5.0, 100, 1, true)];
    let observed = run(&scenario, 1);
    let fault = events(&observed)
        .find(|(_, e)| matches!(e, Event::Alarm { alarm: Alarm::BeamFault, on: true, .. }))
        .map(|(at, _)| at);
    assert_eq!(fault, Some(s(65.0)), "{:?}", alarms(&observed));
    assert_eq!(alarms(&observed).iter().filter(|a| **a == Alarm::BeamFault).count(), 1);
    assert_eq!(figure(&figures(&scenario, &observed), "bodies_in"), 0.0);
}

#[test]
fn people_get_through_a_lane_with_one_dead_beam() {
    for beam in 0..6 {
        let script = (0..3).map(|i| walk(1 + u64::from(i) * 15, i, 0, Direction::In, Manner::Honest));
        let mut scenario = scenario(site(1, Policy::hard()), script.collect());
        scenario.faults = vec![stuck(0.5, 59, beam, false)];
        let observed = run(&scenario, 1);
        assert_eq!(crossed(&observed), 3, "beam {beam}");
    }
}

#[test]
fn at_a_jammed_flap_nobody_passes_and_everybody_turns_back() {
    let follower = Manner::Follows { gap_m: 0.2, consent: false };
    let script = vec![
        walk(1, 0, 0, Direction::In, Manner::Honest),
        at_speed(stranger(2, follower), 1.34),
        walk(20, 1, 0, Direction::In, Manner::Honest),
    ];
    let mut scenario = scenario(site(1, Policy::hard()), script);
    let kind = FaultKind::FlapJammed { lane: LaneId(0) };
    scenario.faults = vec![Fault { at: s(0.5), lasts: Span::seconds(59), kind }];
    assert_nobody_overlaps(&scenario, 1);
    let observed = run(&scenario, 1);
    assert_eq!(crossed(&observed), 0);
    let gave_up = crate::fixture::count(&observed, |t| matches!(t, Truth::GaveUp { .. }));
    assert!(gave_up >= 2, "{gave_up} gave up");
    assert!(!events(&observed).any(|(_, e)| matches!(e, Event::Moved { .. })), "nobody moved");
}

#[test]
fn a_flap_that_is_let_go_works_again() {
    let mut scenario = scenario(site(1, Policy::hard()), vec![walk(1, 0, 0, Direction::In, Manner::Honest)]);
    let kind = FaultKind::FlapJammed { lane: LaneId(0) };
    scenario.faults = vec![Fault { at: s(0.5), lasts: Span::seconds(9), kind }];
    assert_eq!(crossed(&run(&scenario, 1)), 1);
}
