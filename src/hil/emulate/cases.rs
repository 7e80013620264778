//! The reference lane's cases on an emulated gate with a logic of its own.

use super::{Fate, Firmware, Gate, GateFault, GateModel, Manner, OPEN, PASSABLE, Then, Walker};
use crate::apb::effect::Tone;
use crate::apb::id::Direction;
use crate::apb::input::Leaf;
use crate::apb::site::PassMode;
use crate::apb::time::{Span, Time};
use crate::hil::message::{GateAlarm, Order, Report};
use crate::scenario::plan::PowerLoss;

type Log = Vec<(Time, Report)>;

const IN: Direction = Direction::In;

fn ms(n: u64) -> Time {
    Time(n * 1_000)
}

fn walker() -> Walker {
    Walker::new(IN)
}

fn stops(at_mm: u32, wait: Span, then: Then) -> Manner {
    Manner::Stop { at_mm, wait, then }
}

/// A release at zero, these walkers, and a minute.
fn released(walkers: &[(Time, Walker)]) -> (Gate, Log) {
    let (mut gate, mut log) = (Gate::new(&GateModel::default()), Log::new());
    gate.order(ms(0), &Order::Release(IN), &mut log);
    walk(&mut gate, walkers, &mut log);
    (gate, log)
}

fn walk(gate: &mut Gate, walkers: &[(Time, Walker)], log: &mut Log) {
    for (at, walker) in walkers {
        gate.send(*at, *walker);
    }
    gate.advance(ms(60_000), log);
    assert!(log.is_sorted_by_key(|(at, _)| *at));
}

fn pick<T>(log: &Log, of: impl Fn(&Report) -> Option<T>) -> Vec<(Time, T)> {
    log.iter().filter_map(|(at, report)| Some((*at, of(report)?))).collect()
}

fn leaf(log: &Log) -> Vec<(Time, Leaf)> {
    pick(log, |r| if let Report::Leaf(leaf) = r { Some(*leaf) } else { None })
}

fn passed(log: &Log) -> Vec<(Time, Direction)> {
    pick(log, |r| if let Report::Passed(way) = r { Some(*way) } else { None })
}

fn alarms(log: &Log) -> Vec<(Time, (GateAlarm, bool))> {
    pick(log, |r| if let Report::Alarm(alarm, on) = r { Some((*alarm, *on)) } else { None })
}

fn ready(log: &Log) -> Vec<(Time, bool)> {
    pick(log, |r| if let Report::Ready(ready) = r { Some(*ready) } else { None })
}

/// The owner of the release at 1 s, and a follower at this clear gap.
fn with_follower(gap_mm: u32) -> (Gate, Log) {
    let follower = ms(1_000) + walker().followed_at_mm(gap_mm);
    released(&[(ms(1_000), walker()), (follower, walker())])
}

#[test]
fn a_free_way_may_stand_open_until_it_is_controlled_again() {
    let (mut gate, mut log) =
        (Gate::new(&GateModel { free_stands_open: true, ..GateModel::default() }), Log::new());
    gate.order(ms(0), &Order::Mode(IN, PassMode::Free), &mut log);
    gate.order(ms(0), &Order::Mode(IN.opposite(), PassMode::Free), &mut log);
    // A release is used up meanwhile, and one lapses.
    gate.order(ms(1_000), &Order::Release(IN), &mut log);
    gate.send(ms(2_000), walker());
    gate.advance(ms(10_000), &mut log);
    gate.order(ms(10_000), &Order::Release(IN), &mut log);
    gate.advance(ms(20_000), &mut log);
    assert_eq!(passed(&log).len(), 1);
    assert_eq!(leaf(&log), [(ms(0), Leaf::Moving), (ms(500), Leaf::Open)]);
    gate.order(ms(20_000), &Order::Mode(IN, PassMode::Controlled), &mut log);
    assert_eq!(gate.travel(ms(21_000)), OPEN, "the other way is free");
    gate.order(ms(21_000), &Order::Mode(IN.opposite(), PassMode::Controlled), &mut log);
    gate.advance(ms(22_000), &mut log);
    assert_eq!(leaf(&log)[2..], [(ms(21_000), Leaf::Moving), (ms(21_500), Leaf::Closed)]);
}

#[test]
fn j01_one_body_one_passage() {
    let (gate, log) = released(&[(ms(1_000), walker())]);
    let moves = [(0, Leaf::Moving), (500, Leaf::Open), (2_150, Leaf::Moving), (2_650, Leaf::Closed)];
    assert_eq!(leaf(&log), moves.map(|(at, leaf)| (ms(at), leaf)));
    assert_eq!(passed(&log), [(ms(2_150), IN)]);
    assert!(log.contains(&(ms(500), Report::Opened)));
    assert!(log.contains(&(ms(2_150), Report::Count(IN, 1))));
    assert_eq!(ready(&log), [(ms(0), false), (ms(2_150), true)]);
    assert_eq!(alarms(&log), []);
    // 1.4 m of lane and 0.3 m of body.
    let truth = gate.walkers()[0];
    assert_eq!((truth.crossed, truth.fate), (Some(ms(2_000)), Fate::Passed(ms(2_700))));
    assert!(gate.is_shut() && gate.next_due().is_none());
}

#[test]
fn j02_nobody_comes() {
    let (gate, log) = released(&[]);
    assert_eq!(leaf(&log)[2..], [(ms(5_000), Leaf::Moving), (ms(5_500), Leaf::Closed)]);
    assert_eq!(ready(&log), [(ms(0), false), (ms(5_000), true)]);
    assert!(passed(&log).is_empty() && gate.is_shut());
}

#[test]
fn j03_the_timer_rests_while_somebody_stands_before_the_leaf() {
    let loiters = Walker { manner: stops(100, Span::seconds(9), Then::TurnBack), ..walker() };
    let (gate, log) = released(&[(ms(900), loiters)]);
    assert_eq!(leaf(&log)[2..], [(ms(14_000), Leaf::Moving), (ms(14_500), Leaf::Closed)]);
    assert!(passed(&log).is_empty() && alarms(&log).is_empty());
    assert_eq!(gate.walkers()[0].fate, Fate::TurnedBack(ms(10_100)));
}

#[test]
fn j04_a_close_follower_keeps_the_leaf_open() {
    let (gate, log) = with_follower(250);
    assert_eq!(alarms(&log)[0], (ms(1_850), (GateAlarm::Tailgate, true)));
    assert_eq!(passed(&log), [(ms(2_150), IN), (ms(2_700), IN)]);
    assert_eq!(leaf(&log)[2..], [(ms(2_700), Leaf::Moving), (ms(3_200), Leaf::Closed)]);
    assert!(gate.walkers().iter().all(|w| matches!(w.fate, Fate::Passed(_))));
}

#[test]
fn j05_a_follower_on_the_safety_beam_makes_the_leaf_open_again() {
    let (_, log) = with_follower(500);
    assert_eq!(alarms(&log)[0], (ms(2_100), (GateAlarm::Tailgate, true)));
    assert_eq!(passed(&log), [(ms(2_150), IN), (ms(2_950), IN)]);
    // From 2.15 to 2.35 s it closes, and opens again for as long.
    let moves = [(2_150, Leaf::Moving), (2_350, Leaf::Moving), (2_550, Leaf::Open), (2_950, Leaf::Moving)];
    assert_eq!(leaf(&log)[2..6], moves.map(|(at, leaf)| (ms(at), leaf)));
}

#[test]
fn j06_a_follower_waits_for_the_leaf_that_opens_again() {
    let (gate, log) = with_follower(790);
    assert_eq!(alarms(&log)[0], (ms(2_390), (GateAlarm::Tailgate, true)));
    assert_eq!(passed(&log).len(), 2);
    // The leaf is as wide as he is at 3.03 s, and his rear 0.3 m further on 0.3 s later.
    assert_eq!(gate.walkers()[1].crossed, Some(ms(3_330)));
}

#[test]
fn j07_a_shut_leaf_stops_the_follower() {
    let (gate, log) = with_follower(800);
    assert_eq!(alarms(&log)[0], (ms(2_400), (GateAlarm::Tailgate, true)));
    assert_eq!(passed(&log), [(ms(2_150), IN)]);
    assert_eq!(leaf(&log)[2..], [(ms(2_150), Leaf::Moving), (ms(2_650), Leaf::Closed)]);
    // At the leaf at 2.8 s, patient for 10 s, and 0.7 m back.
    assert_eq!(gate.walkers()[1].fate, Fate::TurnedBack(ms(13_500)));
}

#[test]
fn j09_a_follower_who_enters_before_a_shut_leaf_intrudes() {
    for gap_mm in [1_050, 1_051, 1_500] {
        let (_, log) = with_follower(gap_mm);
        assert_eq!(alarms(&log)[0], (ms(1_600 + u64::from(gap_mm)), (GateAlarm::Intrusion, true)));
        assert_eq!(passed(&log).len(), 1);
    }
}

#[test]
fn j14_an_intruder_from_behind_is_heard_while_present() {
    let (mut gate, mut log) = (Gate::new(&GateModel::default()), Log::new());
    let manner = stops(500, Span::millis(3_500), Then::TurnBack);
    gate.send(ms(1_000), Walker { manner, ..Walker::new(Direction::Out) });
    gate.advance(ms(2_000), &mut log);
    assert_eq!(gate.tone(), Tone::Continuous);
    gate.advance(ms(60_000), &mut log);
    let intrusion = |at, on| (ms(at), Report::Alarm(GateAlarm::Intrusion, on));
    assert_eq!(log, [intrusion(1_300, true), intrusion(6_400, false)]);
    assert_eq!((gate.tone(), gate.is_shut()), (Tone::Off, true));
}

#[test]
fn j20_who_stands_about_loiters() {
    let (mut gate, mut log) = (Gate::new(&GateModel::default()), Log::new());
    let loiters = Walker { manner: stops(100, Span::seconds(20), Then::TurnBack), ..walker() };
    walk(&mut gate, &[(ms(900), loiters)], &mut log);
    // On the first beam from 1 s to 21 s.
    let loiter = |at, on| (ms(at), (GateAlarm::Loiter, on));
    assert_eq!(alarms(&log), [loiter(16_000, true), loiter(22_000, false)]);
}

#[test]
fn j30_a_leaf_gives_way_to_a_strong_push_only() {
    for (newtons, forced) in [(10, false), (99, false), (100, true)] {
        let (mut gate, mut log) = (Gate::new(&GateModel::default()), Log::new());
        walk(&mut gate, &[(ms(1_000), Walker { manner: Manner::Push { newtons }, ..walker() })], &mut log);
        let told: Vec<_> = alarms(&log).into_iter().filter(|a| a.1 == (GateAlarm::Forced, true)).collect();
        if !forced {
            assert_eq!((leaf(&log), told), (vec![], vec![]), "{newtons} N");
            assert!(matches!(gate.walkers()[0].fate, Fate::TurnedBack(_)));
            continue;
        }
        // At the leaf at 1.7 s and past it at 2.0 s; from 80 % it shuts in 0.4 s.
        let moves = [(1_700, Leaf::Displaced), (2_000, Leaf::Moving), (2_400, Leaf::Closed)];
        assert_eq!(leaf(&log), moves.map(|(at, leaf)| (ms(at), leaf)));
        assert_eq!(told, [(ms(1_700), (GateAlarm::Forced, true))]);
        assert_eq!(gate.walkers()[0].fate, Fate::Passed(ms(2_700)));
        assert!(gate.is_shut());
    }
}

#[test]
fn j36_without_power_the_leaf_stays_or_opens_and_says_nothing() {
    for (power_loss, opens) in [(PowerLoss::Stay, false), (PowerLoss::Open, true)] {
        let model = GateModel { power_loss, ..GateModel::default() };
        let (mut gate, mut log) = (Gate::new(&model), Log::new());
        // On the third beam of the shut leaf, at 0.6 m.
        gate.send(ms(0), Walker { patience: Span::seconds(60), ..walker() });
        gate.fault(ms(600), GateFault::PowerLost, true);
        gate.advance(ms(600), &mut log);
        log.clear();
        gate.order(ms(5_000), &Order::Release(IN), &mut log);
        gate.advance(ms(9_999), &mut log);
        assert_eq!(log, [], "{power_loss:?}");
        assert_eq!(gate.travel(ms(9_999)), if opens { OPEN } else { 0 });
        assert_eq!(gate.walkers()[0].crossed.is_some(), opens);
        gate.fault(ms(10_000), GateFault::PowerLost, false);
        gate.advance(ms(20_000), &mut log);
        assert!(gate.is_shut());
        let first = if opens { Leaf::Moving } else { Leaf::Closed };
        assert_eq!(leaf(&log)[0], (ms(10_000), first));
        assert_eq!(ready(&log)[0], (ms(10_000), true));
        // He still stands there: before a leaf that is shut he is an intruder to a logic that starts anew.
        let intrusions = alarms(&log).into_iter().filter(|a| a.1 == (GateAlarm::Intrusion, true));
        assert_eq!(intrusions.count(), usize::from(!opens));
    }
}

#[test]
fn after_a_restart_releases_and_counts_are_gone_and_the_gate_works() {
    let (mut gate, mut log) = released(&[(ms(1_000), walker())]);
    gate.order(ms(60_000), &Order::Release(IN), &mut log);
    gate.fault(ms(60_200), GateFault::PowerLost, true);
    gate.fault(ms(61_000), GateFault::PowerLost, false);
    log.clear();
    gate.advance(ms(65_000), &mut log);
    // It stood 40 % open.
    assert_eq!(leaf(&log), [(ms(61_000), Leaf::Moving), (ms(61_200), Leaf::Closed)]);
    assert!(gate.status().contains(&Report::Count(IN, 0)));
    gate.order(ms(65_000), &Order::Release(IN), &mut log);
    gate.send(ms(66_000), walker());
    gate.advance(ms(70_000), &mut log);
    assert_eq!(passed(&log), [(ms(67_150), IN)]);
    assert!(log.contains(&(ms(67_150), Report::Count(IN, 1))));
}

#[test]
fn a_shut_order_voids_what_nobody_has_taken_up() {
    let (mut gate, mut log) = (Gate::new(&GateModel::default()), Log::new());
    gate.order(ms(0), &Order::Release(IN), &mut log);
    gate.order(ms(600), &Order::Shut, &mut log);
    gate.send(ms(2_000), walker());
    gate.advance(ms(30_000), &mut log);
    assert_eq!(leaf(&log)[2..], [(ms(600), Leaf::Moving), (ms(1_100), Leaf::Closed)]);
    assert!(passed(&log).is_empty());
    assert_eq!(alarms(&log)[0].1, (GateAlarm::Intrusion, true));
}

#[test]
fn a_locked_way_takes_no_release_and_a_free_one_opens_for_all() {
    let (mut gate, mut log) = (Gate::new(&GateModel::default()), Log::new());
    gate.order(ms(0), &Order::Mode(IN, PassMode::Locked), &mut log);
    gate.order(ms(0), &Order::Release(IN), &mut log);
    assert_eq!(log, []);
    gate.order(ms(0), &Order::Mode(IN, PassMode::Free), &mut log);
    walk(&mut gate, &[(ms(1_000), walker()), (ms(20_000), walker())], &mut log);
    assert_eq!((passed(&log).len(), alarms(&log)), (2, vec![]));
    assert!(gate.is_shut());
}

#[test]
fn a_fire_lets_everybody_out_and_nobody_is_at_fault() {
    let (mut gate, mut log) = (Gate::new(&GateModel::default()), Log::new());
    gate.order(ms(0), &Order::Fire(true), &mut log);
    let out = Walker::new(Direction::Out);
    let many: Vec<_> = (0..10).map(|i| (ms(1_000 + i * 980), out)).collect();
    walk(&mut gate, &many, &mut log);
    assert_eq!((passed(&log).len(), alarms(&log).len()), (10, 0));
    assert_eq!(gate.travel(ms(60_000)), OPEN);
    assert_eq!(ready(&log), [(ms(0), false)]);
    gate.order(ms(60_000), &Order::Fire(false), &mut log);
    gate.advance(ms(61_000), &mut log);
    assert!(gate.is_shut() && log.contains(&(ms(60_000), Report::Fire(false))));
}

#[test]
fn a_gate_without_a_logic_says_what_its_leaf_and_beams_do() {
    let model = GateModel { firmware: Firmware::None, ..GateModel::default() };
    let (mut gate, mut log) = (Gate::new(&model), Log::new());
    gate.order(ms(0), &Order::Release(IN), &mut log);
    gate.send(ms(1_000), walker());
    gate.advance(ms(2_150), &mut log);
    gate.order(ms(2_150), &Order::Shut, &mut log);
    gate.advance(ms(9_000), &mut log);
    let edges = pick(&log, |r| if let Report::Beam(beam, cut) = r { Some((*beam, *cut)) } else { None });
    let expected = [
        (1_100, 0, true),
        (1_300, 1, true),
        (1_400, 0, false),
        (1_550, 2, true),
        (1_600, 1, false),
        (1_850, 3, true),
        (1_850, 2, false),
        (2_100, 4, true),
        (2_150, 3, false),
        (2_300, 5, true),
        (2_400, 4, false),
        (2_600, 5, false),
    ];
    assert_eq!(edges, expected.map(|(at, beam, cut)| (ms(at), (beam, cut))));
    let moves = [(0, Leaf::Moving), (500, Leaf::Open), (2_150, Leaf::Moving), (2_650, Leaf::Closed)];
    assert_eq!(leaf(&log), moves.map(|(at, leaf)| (ms(at), leaf)));
    assert_eq!(log.len(), edges.len() + moves.len());
}

#[test]
fn a_leaf_that_closes_on_somebody_stalls_and_goes_on_once_they_are_gone() {
    let model = GateModel { firmware: Firmware::None, ..GateModel::default() };
    let (mut gate, mut log) = (Gate::new(&model), Log::new());
    gate.order(ms(0), &Order::Release(IN), &mut log);
    // Under the leaf from 1.6 s on, until 3.2 s.
    gate.send(ms(900), Walker { manner: stops(800, Span::millis(1_300), Then::GoOn), ..walker() });
    gate.order(ms(2_000), &Order::Shut, &mut log);
    gate.advance(ms(2_500), &mut log);
    assert_eq!(gate.travel(ms(2_500)), PASSABLE);
    gate.advance(ms(9_000), &mut log);
    let moves = [(2_000, Leaf::Moving), (2_100, Leaf::Stalled), (3_200, Leaf::Moving), (3_600, Leaf::Closed)];
    assert_eq!(leaf(&log)[2..], moves.map(|(at, leaf)| (ms(at), leaf)));
}

#[test]
fn j31_a_jammed_leaf_is_a_fault_in_the_end() {
    let (mut gate, mut log) = (Gate::new(&GateModel::default()), Log::new());
    gate.order(ms(0), &Order::Release(IN), &mut log);
    gate.fault(ms(1_000), GateFault::LeafJammed, true);
    gate.fault(ms(40_000), GateFault::LeafJammed, false);
    gate.advance(ms(60_000), &mut log);
    // Ten attempts, each of a quarter of a second, a second apart and five between the two sequences.
    assert_eq!(alarms(&log)[0], (ms(20_500), (GateAlarm::Fault, true)));
    assert_eq!(alarms(&log).len(), 2);
    assert!(gate.is_shut());
}

#[test]
fn stuck_beams_and_beams_from_outside() {
    let (mut gate, mut log) = (Gate::new(&GateModel::default()), Log::new());
    gate.fault(ms(0), GateFault::BeamBlocked(1), true);
    gate.advance(ms(61_000), &mut log);
    let kinds: Vec<_> =
        alarms(&log).into_iter().map(|(at, (alarm, on))| (at.0 / 1_000_000, alarm, on)).collect();
    assert_eq!(kinds[..2], [(0, GateAlarm::Intrusion, true), (60, GateAlarm::Fault, true)]);
    let (mut gate, mut log) = (Gate::new(&GateModel::default()), Log::new());
    gate.fault(ms(0), GateFault::BeamClear(1), true);
    gate.order(ms(0), &Order::Release(IN), &mut log);
    for (at, beam, cut) in [(1_000, 0, true), (1_200, 1, true), (1_400, 2, true), (1_500, 0, false)] {
        gate.order(ms(at), &Order::Beam(beam, cut), &mut log);
    }
    for (at, beam, cut) in [(1_700, 3, true), (1_750, 1, false), (1_800, 2, false), (2_000, 3, false)] {
        gate.beam(ms(at), beam, cut, &mut log);
    }
    gate.beam(ms(2_000), 99, true, &mut log);
    assert_eq!((passed(&log), alarms(&log)), (vec![(ms(2_000), IN)], vec![]));
}

#[test]
fn a_mute_gate_obeys_and_says_nothing() {
    let (mut gate, mut log) = (Gate::new(&GateModel::default()), Log::new());
    gate.fault(ms(0), GateFault::Mute, true);
    gate.order(ms(0), &Order::Release(IN), &mut log);
    gate.advance(ms(600), &mut log);
    assert_eq!((log, gate.travel(ms(600)), gate.status()), (vec![], OPEN, vec![]));
}
