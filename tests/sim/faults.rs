//! What breaks, and what the site makes of it.

use crate::fixture::{
    alarms, assert_nobody_overlaps, at_speed, crossed, events, figure, figures, run, s, scenario, site,
    stranger, walk,
};
use apbrig::apb::id::{Direction, LaneId, ReaderId};
use apbrig::apb::input::Input;
use apbrig::apb::journal::{Alarm, Event};
use apbrig::apb::policy::Policy;
use apbrig::apb::time::{Span, Time};
use apbrig::record::{Observation, Truth, What};
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

/// What the controller was told of a beam of the first lane, and when.
fn told(observed: &[Observation], of: u8) -> Vec<(Time, bool)> {
    let of_beam = |o: &Observation| match &o.what {
        What::Input(Input::Beam { beam, blocked, .. }) if *beam == of => Some((o.at, *blocked)),
        _ => None,
    };
    observed.iter().filter_map(of_beam).collect()
}

#[test]
fn a_fault_that_begins_beside_an_edge_leaves_no_wrong_beam_behind() {
    let walks = || scenario(site(1, Policy::hard()), vec![walk(1, 0, 0, Direction::In, Manner::Honest)]);
    let undisturbed = run(&walks(), 1);
    for beam in [0, 5] {
        let edges = told(&undisturbed, beam);
        assert!(edges.len() >= 2 && edges.last().is_some_and(|(_, blocked)| !blocked), "{edges:?}");
        for (edge, _) in [edges[0], edges[edges.len() - 1]] {
            let tick = 10_000;
            let tick_ends = edge.0.div_ceil(tick) * tick;
            for at in [tick_ends - tick + 1, edge.0 - 1, edge.0, edge.0 + 1, tick_ends, tick_ends + 1] {
                for blocked in [true, false] {
                    let (mut faulty, lasts) = (walks(), Span::seconds(5));
                    let kind = FaultKind::BeamStuck { lane: LaneId(0), beam, blocked };
                    faulty.faults = vec![Fault { at: Time(at), lasts, kind }];
                    let told = told(&run(&faulty, 1), beam);
                    let what = format!("beam {beam}, edge at {edge}, stuck {blocked} at {at}: {told:?}");
                    assert!(told.windows(2).all(|pair| pair[0].1 != pair[1].1), "{what}");
                    let at_time =
                        |t: Time| told.iter().rev().find(|(at, _)| *at <= t).is_some_and(|(_, b)| *b);
                    let [begins, over] = [Time(at), Time(at) + lasts];
                    assert_eq!(at_time(begins), blocked, "{what}");
                    assert!(!told.iter().any(|(t, _)| begins < *t && *t < over), "{what}");
                    assert!(!at_time(s(60.0)), "{what}");
                }
            }
        }
    }
}

#[test]
fn a_beam_fault_shorter_than_a_tick_is_told_from_its_beginning_to_its_end() {
    let mut scenario = scenario(site(1, Policy::hard()), vec![]);
    let kind = FaultKind::BeamStuck { lane: LaneId(0), beam: 2, blocked: true };
    scenario.faults = vec![Fault { at: Time(5_003_000), lasts: Span::millis(4), kind }];
    assert_eq!(told(&run(&scenario, 1), 2), [(Time(5_003_000), true), (Time(5_007_000), false)]);
}

#[test]
fn a_dead_reader_sends_no_read_twice_either() {
    let mut scenario = scenario(site(1, Policy::hard()), vec![walk(1, 0, 0, Direction::In, Manner::Honest)]);
    let reader = ReaderId(0);
    let kinds = [FaultKind::ReaderDead { reader }, FaultKind::DoubleRead { reader, chance: 1.0 }];
    for order in [[0, 1], [1, 0]] {
        let fault = |i: usize| Fault { at: Time::ZERO, lasts: Span::seconds(60), kind: kinds[i] };
        scenario.faults = order.map(fault).to_vec();
        let observed = run(&scenario, 1);
        assert!(!observed.iter().any(|o| matches!(o.what, What::Input(Input::Read { .. }))), "{order:?}");
    }
}
