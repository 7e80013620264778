//! Queues and crowds at both ends of a lane: people who read, and people who just walk in.

use super::LaneEvent;
use super::bench::{Act, BOTH_TIES, Bench, Ties, ms, walker};
use super::queue_storms::{queues, way};
use crate::apb::id::{Direction, GrantId};
use crate::apb::site::Lane;
use crate::apb::time::Span;
use proptest::prelude::*;

/// What crowds at either end of a lane do: read, or walk in at this speed.
#[derive(Clone, Copy, Debug)]
enum Move {
    Read(Direction),
    Walk(Direction, i64),
}

fn moves() -> impl Strategy<Value = Vec<(u64, Move)>> {
    let speed = prop::sample::select(vec![500_i64, 800, 1_000, 1_250, 2_000]);
    let act = prop_oneof![
        4 => way().prop_map(Move::Read),
        3 => (way(), speed).prop_map(|(w, s)| Move::Walk(w, s)),
    ];
    prop::collection::vec((prop_oneof![1 => Just(0), 3 => 100_u64..3_000], act), 1..40)
}

/// What became of a grant: its way, where the log stood when it was given, and its ends there.
struct Fate {
    direction: Direction,
    given: usize,
    not_taken: Option<usize>,
    passed: Option<(usize, Direction, bool)>,
}

impl Fate {
    /// Where the log says that it no longer waits.
    fn end(&self) -> Option<usize> {
        self.not_taken.or(self.passed.map(|p| p.0))
    }
}

/// Lets both crowds have their way, and gives the lane time enough to get rid of them.
fn crowd(site: &Lane, moves: &[(u64, Move)], ties: Ties) -> (Bench, Vec<Fate>) {
    let mut bench = Bench::new(site, ties);
    let mut fates = Vec::new();
    let mut now = 1_000;
    for (pause, act) in moves {
        now += pause;
        bench.run(ms(now));
        match *act {
            Move::Read(direction) if bench.machine.check(direction).is_ok() => {
                let (given, grant) = (bench.log.len(), GrantId(fates.len() as u64));
                fates.push(Fate { direction, given, not_taken: None, passed: None });
                bench.act(ms(now), Act::Release(grant, direction)).run(ms(now));
            }
            Move::Read(_) => {}
            Move::Walk(Direction::In, speed) => {
                bench.body(&walker(ms(now), speed));
            }
            Move::Walk(Direction::Out, speed) => {
                bench.body(&walker(ms(now), speed).outwards());
            }
        }
    }
    bench.run(ms(now + 600_000));
    for (index, (_, event)) in bench.log.iter().enumerate() {
        match *event {
            LaneEvent::NotTaken(GrantId(g)) => fates[g as usize].not_taken = Some(index),
            LaneEvent::Passed { direction, grant: Some(GrantId(g)), late } => {
                fates[g as usize].passed = Some((index, direction, late));
            }
            LaneEvent::Open(_)
            | LaneEvent::Close
            | LaneEvent::Buzz(_)
            | LaneEvent::Turn(_)
            | LaneEvent::Opened(_)
            | LaneEvent::Passed { grant: None, .. }
            | LaneEvent::Alarm { .. } => {}
        }
    }
    (bench, fates)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn crowds_at_both_ends_are_served_in_turn(site in queues(), moves in moves()) {
        for ties in BOTH_TIES {
            let (bench, fates) = crowd(&site, &moves, ties);
            let room = usize::from(site.memory) + 1;
            for (index, fate) in fates.iter().enumerate() {
                let Some(end) = fate.end() else {
                    return Err(TestCaseError::fail(format!("{index} never ends: {:?}", bench.log)));
                };
                // It ends once: taken, or not taken, which a passage may follow within the grace.
                let late = fate.passed.is_some_and(|p| p.2);
                prop_assert_eq!(late, fate.passed.is_some() && fate.not_taken.is_some());
                prop_assert!(fate.passed.is_none_or(|p| p.1 == fate.direction && p.0 >= end));
                let of_way = |other: &&Fate| other.direction == fate.direction;
                let in_time = |f: &Fate| f.passed.filter(|p| !p.2).map(|p| p.0);
                if let Some(passed) = in_time(fate) {
                    let mut before = fates[..index].iter().filter(of_way);
                    prop_assert!(before.all(|f| f.end() < Some(passed)), "{} is out of order", index);
                }
                let waits = fate.given..end;
                let ahead = |f: &&Fate| {
                    let used = if site.timers.queued == Span::ZERO { f.end() } else { in_time(f) };
                    f.direction != fate.direction && used.is_some_and(|at| waits.contains(&at))
                };
                prop_assert!(fates.iter().filter(ahead).count() <= room, "{} starves", index);
            }
        }
    }
}
