//! From grant to passage: reservations, lapses, late ones, followers, queues and busy lanes.

use crate::bench::{Bench, time};
use crate::fixture::{beamed, column, limited, remembering, t1, t2, t3};
use apbrig::apb::effect::{Command, Signal};
use apbrig::apb::id::LaneId;
use apbrig::apb::input::{Input, Leaf};
use apbrig::apb::journal::Event;
use apbrig::apb::policy::{Commit, Policy};
use apbrig::apb::site::{PassMode, Queue};
use apbrig::apb::time::{Span, Time};

#[test]
fn a_pending_grant_blocks_its_holder_at_every_other_reader() {
    let script = "0 R1e P1 G; 1 R2e P1 Dp; 1 R2x 11 Dp; 2 R1x P1 Dp; 2 R2e P2 G; 3 L1 in; 4 R2x P1 lane_busy";
    let bench = Bench::played(t2(&Policy::hard()), script);
    assert_eq!(bench.controller.pending().len(), 1);
    Bench::played(t3(&Policy::hard()), "0 RBe P1 G; 1 RSe P1 Dp; 2 LB in; 3 RSe P1 G");
}

#[test]
fn presenting_again_gives_no_second_credit() {
    for memory in [0, 3] {
        let site = remembering(t1(&Policy::hard()), memory);
        let bench = Bench::played(site, "0 R1e P1 G; 1 R1e P1 G; 2 R1e 11 G; 3 L1 in; 3.1 L1 in; 4 R1e P1 D");
        assert_eq!(bench.takings(), [(1, "taken")]);
        assert_eq!(bench.passages(), (2, 1));
        assert_eq!(bench.alarms(), ["tailgate"]);
    }
}

#[test]
fn without_reservation_presenting_again_still_gives_no_second_credit() {
    let policy = Policy { reservation: false, ..Policy::hard() };
    let bench = Bench::played(remembering(t1(&policy), 3), "0 R1e P1 G; 1 R1e P1 G; 2 L1 in; 3 L1 in");
    assert_eq!(bench.takings(), [(1, "taken")]);
}

#[test]
fn presenting_again_does_not_buy_time() {
    Bench::played(t1(&Policy::hard()), "0 R1e P1 G; 4 R1e P1 G; 4.999999 R1e P2 lane_busy; 5 R1e P2 G");
}

#[test]
fn presenting_again_breaks_the_rule_no_second_time() {
    let script = "0 R1e P1 G; 1 L1 in; 2 R1e P1 G+V; 3 R1e P1 G; 4 L1 in";
    let bench = Bench::played(t1(&Policy::soft()), script);
    assert_eq!(bench.broken().len(), 1);
}

#[test]
fn who_was_moved_by_the_grant_is_judged_anew() {
    Bench::played(t1(&column("HARD_L")), "0 R1e P1 G; 1 R1e P1 D");
    Bench::played(t1(&column("SOFT_L")), "0 R1e P1 G; 1 R1e P1 lane_busy; 6 R1e P1 G+V");
}

#[test]
fn a_grant_that_lapsed_frees_its_holder() {
    let script = "0 R1e P1 G; 4.999999 R2e P1 Dp; 5 R2e P1 G; 6 L2 in; 7 P1 is A";
    let bench = Bench::played(t2(&Policy::hard()), script);
    assert_eq!(bench.takings(), [(1, "not taken"), (1, "taken")]);
}

#[test]
fn a_late_passage_is_taken_and_flagged() {
    let bench = Bench::played(t1(&Policy::hard()), "0 R1e P1 G; 5 P1 is ?; 5.999999 L1 in; 6 P1 is A");
    assert_eq!(bench.takings(), [(1, "not taken"), (1, "late")]);
    let bench = Bench::played(t1(&Policy::hard()), "0 R1e P1 G; 5 L1 in; 6 P1 is A");
    assert_eq!(bench.takings(), [(1, "not taken"), (1, "late")]);
    let bench = Bench::played(t1(&Policy::hard()), "0 R1e P1 G; 6 L1 in; 6 P1 is ?");
    assert_eq!((bench.takings().len(), bench.passages(), bench.alarms()), (1, (1, 0), vec!["intrusion"]));
}

#[test]
fn a_second_person_in_the_grace_is_judged_as_if_nothing_were_pending() {
    // Neither the lane nor the last place in the area waits for the one who did not come.
    let script =
        "0 R1e P1 G; 4.999999 R2e P2 occupancy_upper; 5 R1e P2 G; 5.5 L1 in; 5.6 P2 is A; 5.6 P1 is ?";
    let bench = Bench::played(limited(t2(&Policy::hard()), 1, 1), script);
    assert_eq!(bench.takings(), [(1, "not taken"), (2, "taken")]);
}

#[test]
fn who_reads_again_is_not_late_as_well() {
    // P1's first grant lapses, the second is taken; whoever comes next is nobody.
    let script = "0 R1e P1 G; 5.2 R1e P1 G; 5.3 L1 in; 5.6 L1 in; 5.7 P1 is A";
    let bench = Bench::played(t1(&Policy::hard()), script);
    assert_eq!(bench.takings(), [(1, "not taken"), (1, "taken")]);
    assert_eq!((bench.passages(), bench.alarms()), ((2, 1), vec!["tailgate"]));
    // The same at two lanes: the old grant is worth nothing at the first one.
    let bench = Bench::played(t2(&Policy::hard()), "0 R1e P1 G; 5.2 R2e P1 G; 5.3 L2 in; 5.6 L1 in");
    assert_eq!((bench.takings().len(), bench.alarms()), (2, vec!["intrusion"]));
}

#[test]
fn who_reads_again_is_not_late_as_well_before_beams_either() {
    let mut site = beamed(t2(&Policy::hard()));
    site.lanes[0].timers.late_grace = Span::seconds(3);
    let bench = Bench::played(
        site,
        "0 R1e P1 G; 5.1 R2e P1 G; 5.2 L1 walks in; 7 P1 is ?; 7.1 L2 walks in; 9 P1 is A",
    );
    assert_eq!(bench.takings(), [(1, "not taken"), (1, "taken")]);
}

#[test]
fn a_second_passage_on_one_grant_is_nobodys() {
    for (gap, alarm) in [("1.999999", "tailgate"), ("2", "intrusion")] {
        let bench =
            Bench::played(t1(&Policy::hard()), &format!("0 R1e P1 G; 1 L1 in; {gap} L1 in; 3 A has 1"));
        assert_eq!((bench.takings().len(), bench.passages(), bench.alarms()), (1, (2, 1), vec![alarm]));
    }
}

#[test]
fn the_wrong_way_moves_nobody_and_takes_nothing() {
    let script =
        "0 R1x P1 G; 1 L1 out; 2 R1e P1 G; 3 L1 out; 3 P1 is OUT; 4 R1e P2 lane_busy; 4.5 L1 in; 5 P1 is A";
    let bench = Bench::played(t1(&Policy::hard()), script);
    assert_eq!(bench.takings(), [(1, "taken"), (1, "taken")]);
    assert_eq!((bench.passages(), bench.alarms()), ((3, 2), vec!["wrong_way"]));
}

#[test]
fn nobodys_passage_moves_nobody() {
    let bench = Bench::played(
        t1(&Policy::hard()),
        "0 R1e P1 G; 1 L1 in; 10 L1 out; 11 P1 is A; 12 L1 in; 13 A has 1",
    );
    assert_eq!(bench.alarms(), ["intrusion", "intrusion"]);
}

#[test]
fn a_grant_at_a_second_lane_where_nothing_reserves() {
    // The hole that reservation closes: one card opens two lanes before anybody has passed.
    let policy = Policy { reservation: false, ..Policy::hard() };
    let script = "0 R1e P1 G; 1 R2e P1 G; 2 L1 in; 3 L2 in; 4 A has 1; 5 R1e P1 D";
    let bench = Bench::played(t2(&policy), script);
    assert_eq!(bench.takings(), [(1, "taken"), (1, "taken")]);
}

#[test]
fn one_person_at_two_lanes_takes_one_place() {
    let policy = Policy { reservation: false, ..Policy::hard() };
    let mut site = limited(t2(&policy), 1, 2);
    site.lanes.push(site.lanes[1].clone());
    site.lanes[2].name = "L3".into();
    site.lanes[2].modes[1] = PassMode::Locked;
    site.readers.push(apbrig::apb::site::Reader {
        name: "R3e".into(),
        lane: LaneId(2),
        ..site.readers[0].clone()
    });
    Bench::played(site, "0 R1e P1 G; 1 R2e P1 G; 2 R3e P2 G; 3 L3 in; 4 L1 in; 4.1 R1e P3 occupancy_upper");
}

#[test]
fn commit_on_open() {
    let policy = Policy { commit: Commit::OnOpen, ..Policy::hard() };
    let bench = Bench::played(
        t2(&policy),
        "0 R1e P1 G; 1 P1 is ?; 1 R2e P1 Dp; 2 L1 opens; 2 P1 is A; 3 R2e P1 D; 3 R2x P1 G; 4 L2 out; \
         5 P1 is OUT",
    );
    assert_eq!(bench.takings(), [(1, "taken"), (1, "not taken")]);
    // Opened but not entered counts, and the passage moves nobody again.
    Bench::played(t1(&policy), "0 R1e P1 G; 1 L1 opens; 6 P1 is A; 7 R1e P1 D; 8 R1x P1 G");
    let bench = Bench::played(t1(&policy), "0 R1e P1 G; 1 L1 opens; 2 L1 in; 3 L1 opens");
    assert_eq!(bench.count(|e| matches!(e, Event::Moved { .. })), 1);
    // A passage without a report that it opened moves too.
    Bench::played(t1(&policy), "0 R1e P1 G; 2 L1 in; 3 P1 is A");
}

#[test]
fn commit_on_open_where_it_is_open_already() {
    let policy = Policy { commit: Commit::OnOpen, ..Policy::hard() };
    let mut bench = Bench::new(t1(&policy));
    bench.give(time("1"), &Input::Leaf { lane: LaneId(0), leaf: Leaf::Open });
    bench.play("2 R1e P1 G; 2 P1 is A");
    bench.give(time("8"), &Input::Leaf { lane: LaneId(0), leaf: Leaf::Closed });
    bench.play("9 R1x P1 G; 9 P1 is A; 10 L1 opens; 10 P1 is OUT");
}

#[test]
fn commit_on_open_at_a_flap_that_beams_guard() {
    let policy = Policy { commit: Commit::OnOpen, ..Policy::hard() };
    let mut bench = Bench::new(remembering(beamed(t1(&policy)), 1));
    bench.play("0 R1e P1 G; 0.1 P1 is ?");
    bench.give(time("0.3"), &Input::Leaf { lane: LaneId(0), leaf: Leaf::Open });
    bench.play("0.3 P1 is A; 0.4 R1e P2 G; 0.4 P2 is A");
}

#[test]
fn a_busy_lane_says_so() {
    let bench = Bench::played(t1(&Policy::hard()), "0 R1e P1 G; 1 R1e P2 lane_busy; 2 R1x P2 lane_busy");
    let busy = |c: &&(_, Command)| matches!(c.1, Command::Show { signal: Signal::Busy, .. });
    assert_eq!(bench.commands.iter().filter(busy).count(), 2);
}

#[test]
fn a_locked_lane_says_so_and_drops_who_waits() {
    let mut bench = Bench::played(t2(&Policy::hard()), "0 R1e P1 G");
    bench.set_mode("1", "L1", "in", PassMode::Locked);
    bench.play("2 R1e P1 lane_locked; 3 R2e P1 G; 4 L2 in; 5 R1x P1 G; 6 L1 out; 7 P1 is OUT");
    assert_eq!(bench.takings(), [(1, "not taken"), (1, "taken"), (1, "taken")]);
    bench.set_mode("8", "L1", "in", PassMode::Controlled);
    bench.play("9 R1e P1 G");
}

#[test]
fn a_free_lane_counts_bodies_and_accuses_nobody() {
    let mut bench = Bench::new(t1(&Policy::hard()));
    bench.set_mode("0", "L1", "out", PassMode::Free);
    bench.play("1 L1 out; 2 R1x P1 G; 3 L1 out; 4 P1 is OUT; 5 L1 in");
    assert_eq!((bench.passages(), bench.alarms()), ((3, 1), vec!["intrusion"]));
}

#[test]
fn a_queue_is_taken_in_order() {
    let script = "0 R1e P1 G; 1 R1e P2 G; 2 R1e P3 G; 3 R1e P4 lane_busy; 3 R1x P4 lane_busy
        4 L1 in; 4 P1 is A; 4 P2 is ?; 5 L1 in; 5 P2 is A; 6 L1 in; 6 P3 is A";
    let bench = Bench::played(remembering(t1(&Policy::hard()), 2), script);
    assert_eq!(bench.takings(), [(1, "taken"), (2, "taken"), (3, "taken")]);
    assert!(bench.alarms().is_empty());
}

#[test]
fn the_first_of_a_queue_lapses_alone() {
    let script = "0 R1e P1 G; 1 R1e P2 G; 5.5 L1 in; 6 P2 is A; 6 P1 is ?";
    let bench = Bench::played(remembering(t1(&Policy::hard()), 2), script);
    assert_eq!(bench.takings(), [(1, "not taken"), (2, "taken")]);
}

#[test]
fn times_of_one_lane_are_not_anothers() {
    let mut site = t2(&Policy::hard());
    site.lanes[1].timers.not_taken = Span::seconds(8);
    Bench::played(site, "0 R1e P1 G; 0 R2e P2 G; 5 R1e P2 Dp; 7.999999 R1e P2 Dp; 8 R1e P2 G");
}

#[test]
fn beams_tell_as_a_gate_does() {
    let script =
        "0 R1e P1 G; 0.5 L1 walks in; 3 P1 is A; 4 R1e P1 D; 5 R1x P1 G; 5.5 L1 walks out; 8 P1 is OUT";
    let bench = Bench::played(beamed(t1(&Policy::hard())), script);
    assert_eq!(bench.takings(), [(1, "taken"), (1, "taken")]);
    assert!(bench.alarms().is_empty());
}

#[test]
fn a_restart_in_the_middle_loses_nothing() {
    let mut bench = Bench::played(t2(&Policy::hard()), "0 R1e P1 G; 1 R2e P2 G");
    bench.restart();
    bench.play("2 R2e P1 Dp; 3 L1 in; 3 P1 is A; 6 P2 is ?");
    bench.restart();
    bench.play("6.5 L2 in; 7 P2 is A");
    assert_eq!(bench.takings(), [(1, "taken"), (2, "not taken"), (2, "late")]);
}

#[test]
fn whose_turn_is_yet_to_come_is_shown_no_green() {
    let mut site = remembering(t1(&Policy::hard()), 1);
    site.lanes[0].queue = Queue::BothWays;
    let mut bench = Bench::new(site);
    let mut shown = |step: &str| {
        let before = bench.commands.len();
        bench.play(step);
        let signal = |c: &(Time, Command)| match c.1 {
            Command::Show { signal, .. } => Some(signal),
            _ => None,
        };
        bench.commands[before..].iter().filter_map(signal).collect::<Vec<_>>()
    };
    assert_eq!(shown("0 R1e P1 G"), [Signal::Granted]);
    // P2 has a grant, and would meet P1.
    assert_eq!(shown("1 R1x P2 G"), [Signal::Busy]);
    assert_eq!(shown("2 R1x P2 G"), [Signal::Busy]);
    assert_eq!(shown("3 L1 in"), [Signal::Granted]);
    assert_eq!(shown("4 R1x P2 G"), [Signal::Granted]);
    assert_eq!(shown("5 L1 out"), []);
    assert_eq!(bench.alarms(), [""; 0]);
    assert_eq!(bench.passages(), (2, 2));
}

#[test]
fn a_second_passage_is_a_tailgate_whatever_the_late_grace() {
    for grace in [Span::ZERO, Span::seconds(1), Span::seconds(5)] {
        let mut site = t1(&Policy::hard());
        site.lanes[0].timers.late_grace = grace;
        let bench = Bench::played(site.clone(), "0 R1e P1 G; 1 L1 in; 1.999999 L1 in");
        assert_eq!(bench.alarms(), ["tailgate"]);
        let bench = Bench::played(site, "0 R1e P1 G; 1 L1 in; 2 L1 in");
        assert_eq!(bench.alarms(), ["intrusion"]);
    }
}
