//! What breaks, and what the site makes of it.

use crate::fixture::{
    alarms, assert_nobody_overlaps, at_speed, crossed, events, figure, figures, run, s, scenario, site,
    stranger, walk,
};
use apbrig::apb::id::{Direction, LaneId, ReaderId};
use apbrig::apb::input::{Input, Leaf};
use apbrig::apb::journal::{Alarm, Event};
use apbrig::apb::policy::Policy;
use apbrig::apb::time::{Span, Time};
use apbrig::record::{Observation, Truth, What};
use apbrig::scenario::fault::{Fault, FaultKind};
use apbrig::scenario::plan::PowerLoss;
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

fn fault(at: f64, lasts_s: u64, kind: FaultKind) -> Fault {
    Fault { at: s(at), lasts: Span::seconds(lasts_s), kind }
}

#[test]
fn a_lane_whose_receivers_are_all_blinded_sees_nobody() {
    let script = vec![walk(1, 0, 0, Direction::In, Manner::Honest)];
    let mut scenario = scenario(site(1, Policy::hard()), script);
    scenario.faults = vec![fault(0.5, 59, FaultKind::Sunlight { lane: LaneId(0), share: 1.0 })];
    let observed = run(&scenario, 1);
    assert_eq!(crossed(&observed), 1);
    assert!((0..6).all(|beam| told(&observed, beam).is_empty()));
    assert!(!events(&observed).any(|(_, e)| matches!(e, Event::Moved { .. })), "nobody was seen to pass");
    scenario.faults = vec![fault(0.5, 59, FaultKind::Sunlight { lane: LaneId(0), share: 0.0 })];
    assert!((0..6).all(|beam| told(&run(&scenario, 1), beam).len() == 2));
}

#[test]
fn with_crosstalk_a_beam_is_cut_only_while_its_neighbour_is_cut_too() {
    let crosstalk = FaultKind::Crosstalk { lane: LaneId(0), from: LaneId(1) };
    let at = |lanes: &[u16]| {
        let walks = lanes.iter().map(|lane| walk(1, u32::from(*lane), *lane, Direction::In, Manner::Honest));
        let mut scenario = scenario(site(2, Policy::hard()), walks.collect());
        scenario.faults = vec![fault(0.5, 59, crosstalk)];
        run(&scenario, 1)
    };
    let of_lane = |observed: &[Observation], of: u16| {
        let cut = |o: &&Observation| match &o.what {
            What::Input(Input::Beam { lane, blocked: true, .. }) => *lane == LaneId(of),
            _ => false,
        };
        observed.iter().filter(cut).count()
    };
    assert_eq!(of_lane(&at(&[0]), 0), 0, "nobody next door: its own beams see light");
    assert_eq!(of_lane(&at(&[1]), 1), 6, "the other lane is not disturbed");
    assert!(of_lane(&at(&[0, 1]), 0) > 0, "both lanes in use");
}

#[test]
fn a_hard_push_forces_the_flap_and_a_weak_one_does_not() {
    for (newtons, forced) in [(10.0, 0), (150.0, 1)] {
        let mut scenario = scenario(site(1, Policy::hard()), vec![]);
        scenario.faults = vec![fault(5.0, 3, FaultKind::Push { lane: LaneId(0), newtons })];
        let observed = run(&scenario, 1);
        assert_eq!(alarms(&observed).iter().filter(|a| **a == Alarm::Forced).count(), forced, "{newtons} N");
    }
}

#[test]
fn a_push_that_begins_while_the_flap_is_open_forces_it_once_it_is_shut() {
    let walks = || scenario(site(1, Policy::hard()), vec![walk(1, 0, 0, Direction::In, Manner::Honest)]);
    let is_open = |o: &&Observation| matches!(o.what, What::Input(Input::Leaf { leaf: Leaf::Open, .. }));
    let undisturbed = run(&walks(), 1);
    let opened = undisturbed.iter().find(is_open).expect("it opens").at;
    let mut scenario = walks();
    let kind = FaultKind::Push { lane: LaneId(0), newtons: 150.0 };
    scenario.faults = vec![Fault { at: opened + Span::millis(100), lasts: Span::seconds(30), kind }];
    let observed = run(&scenario, 1);
    assert_eq!(crossed(&observed), 1);
    assert_eq!(alarms(&observed).iter().filter(|a| **a == Alarm::Forced).count(), 1);
}

#[test]
fn without_power_a_flap_stays_or_opens_and_nothing_is_reported() {
    for (power_loss, passes) in [(PowerLoss::Stay, 0), (PowerLoss::Open, 1)] {
        let walker = at_speed(stranger(6, Manner::Intrudes), 1.34);
        let mut scenario = scenario(site(1, Policy::hard()), vec![walker]);
        scenario.plan.lanes[0].power_loss = power_loss;
        scenario.faults = vec![fault(1.0, 40, FaultKind::LanePowerCut { lane: LaneId(0) })];
        let observed = run(&scenario, 1);
        let in_the_dark = observed.iter().filter(|o| s(1.0) < o.at && o.at < s(41.0));
        assert!(!in_the_dark.into_iter().any(|o| matches!(o.what, What::Input(_))), "{power_loss:?}");
        assert_eq!(crossed(&observed), passes, "{power_loss:?}");
    }
}

#[test]
fn j36_a_power_cut_shuts_nobody_in_who_is_at_the_flap() {
    let walks = || {
        let after = at_speed(stranger(15, Manner::Intrudes), 1.34);
        scenario(site(1, Policy::hard()), vec![walk(1, 0, 0, Direction::In, Manner::Honest), after])
    };
    let at_the_flap = told(&run(&walks(), 1), 2)[0].0 + Span::millis(50);
    for power_loss in [PowerLoss::Stay, PowerLoss::Open] {
        let mut scenario = walks();
        scenario.plan.lanes[0].power_loss = power_loss;
        let kind = FaultKind::LanePowerCut { lane: LaneId(0) };
        scenario.faults = vec![Fault { at: at_the_flap, lasts: Span::seconds(40), kind }];
        // The flap was open: it stays so, or it would open; whoever comes later goes through, too.
        let observed = run(&scenario, 1);
        assert_eq!(crossed(&observed), 2, "{power_loss:?}");
        assert!(!events(&observed).any(|(_, e)| matches!(e, Event::Moved { .. })), "no beam told of it");
    }
}

#[test]
fn j41_whoever_walks_through_a_lane_cuts_no_beam_of_the_next() {
    let lanes = scenario(site(2, Policy::hard()), vec![walk(1, 0, 1, Direction::In, Manner::Honest)]);
    let observed = run(&lanes, 1);
    let cut = |of: u16| {
        let by =
            |o: &Observation| matches!(o.what, What::Input(Input::Beam { lane, .. }) if lane == LaneId(of));
        observed.iter().filter(|o| by(o)).count()
    };
    assert_eq!((cut(0), cut(1)), (0, 12));
}
