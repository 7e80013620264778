//! Queues in any weather: every grant ends once, in order, on time and by its own way, and nobody starves.

use super::bench::lane;
use super::queue_reference::{End, Reference, sorted};
use super::storms::{storm, weather};
use super::{LaneEvent, LaneMachine};
use crate::apb::id::{Direction, GrantId};
use crate::apb::site::{Lane, LaneTimers, PassMode, Queue, Sensing};
use crate::apb::time::{Span, Time};
use proptest::prelude::*;

pub(super) fn way() -> impl Strategy<Value = Direction> {
    prop_oneof![Just(Direction::In), Just(Direction::Out)]
}

fn queue() -> impl Strategy<Value = Queue> {
    prop_oneof![1 => Just(Queue::OneWay), 3 => Just(Queue::BothWays)]
}

/// Lanes with room for a few grants, and with times to wait shorter and longer than those to pass.
pub(super) fn queues() -> impl Strategy<Value = Lane> {
    let queued = prop_oneof![1 => Just(0), 3 => 1_u64..9_000_000];
    (queue(), 0_u8..4, queued, 1_u64..6_000_000, 0_u64..2_000_000).prop_map(|(queue, memory, w, n, g)| {
        let (queued, not_taken, late_grace) = (Span(w), Span(n), Span(g));
        let timers = LaneTimers { queued, not_taken, late_grace, ..LaneTimers::default() };
        Lane { queue, memory, timers, ..lane() }
    })
}

/// What may happen to a gate with a logic of its own.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// This many reads at one instant.
    Reads(Direction, u8),
    Passed(Direction),
    Mode(Direction, PassMode),
    Fire(bool),
}

fn steps() -> impl Strategy<Value = Vec<(u64, Step)>> {
    let pause = prop_oneof![2 => Just(0), 4 => 1_u64..400_000, 2 => 400_000_u64..9_000_000];
    let mode = prop_oneof![Just(PassMode::Controlled), Just(PassMode::Locked)];
    let step = prop_oneof![
        12 => (way(), 1_u8..3).prop_map(|(w, n)| Step::Reads(w, n)),
        6 => way().prop_map(Step::Passed),
        1 => (way(), mode).prop_map(|(w, m)| Step::Mode(w, m)),
        1 => any::<bool>().prop_map(Step::Fire),
    ];
    prop::collection::vec((pause, step), 1..150)
}

/// A gate beside its reference.
struct Pair {
    gate: LaneMachine,
    reference: Reference,
    given: u64,
}

impl Pair {
    fn ends(out: &[LaneEvent], at: Time) -> Vec<(Time, End)> {
        let end = |event: &LaneEvent| match *event {
            LaneEvent::NotTaken(grant) => Some((at, End::NotTaken(grant.0))),
            LaneEvent::Passed { direction, grant, late } => {
                Some((at, End::Passed(direction, grant.map(|g| g.0), late)))
            }
            LaneEvent::Open(_)
            | LaneEvent::Close
            | LaneEvent::Buzz(_)
            | LaneEvent::Turn(_)
            | LaneEvent::Opened(_)
            | LaneEvent::Alarm { .. } => None,
        };
        out.iter().filter_map(end).collect()
    }

    fn wait(&mut self, now: Time) -> Result<(), TestCaseError> {
        let (mut real, mut expected) = (Vec::new(), Vec::new());
        while let Some((at, _)) = self.gate.next_deadline().filter(|(at, _)| *at <= now) {
            let mut out = Vec::new();
            self.gate.expire(at, &mut out);
            real.extend(Self::ends(&out, at));
        }
        self.reference.expire(now, &mut expected);
        sorted(&mut real);
        sorted(&mut expected);
        prop_assert_eq!(real, expected);
        self.compare()
    }

    fn step(&mut self, now: Time, step: Step) -> Result<(), TestCaseError> {
        let (mut out, mut expected) = (Vec::new(), Vec::new());
        match step {
            Step::Reads(direction, count) => {
                for _ in 0..count {
                    if self.gate.check(direction).is_ok() {
                        self.given += 1;
                        self.gate.release(now, GrantId(self.given), direction, &mut out);
                        self.reference.release(now, self.given, direction, &mut expected);
                    }
                }
            }
            Step::Passed(direction) => {
                self.gate.passed(now, direction, &mut out);
                self.reference.passed(now, direction, &mut expected);
            }
            Step::Mode(direction, mode) => {
                self.gate.set_mode(now, direction, mode, &mut out);
                let locks = mode == PassMode::Locked;
                self.reference.locked[direction.index()] = locks;
                self.reference.drop_all(now, |w| locks && w.direction == direction, &mut expected);
            }
            Step::Fire(active) => {
                self.gate.evacuate(now, active, &mut out);
                self.reference.fire = active;
                self.reference.drop_all(now, |_| active, &mut expected);
                self.reference.late.take_if(|_| active);
            }
        }
        let mut real = Self::ends(&out, now);
        sorted(&mut real);
        sorted(&mut expected);
        prop_assert_eq!(real, expected);
        self.compare()
    }

    fn compare(&self) -> Result<(), TestCaseError> {
        let room = usize::from(self.reference.site.memory) + 1;
        for direction in Direction::BOTH {
            let (check, waiting) = (self.reference.check(direction), self.reference.all(direction));
            prop_assert_eq!(self.gate.check(direction), check);
            let slots = self.gate.free_slots(direction);
            prop_assert_eq!(slots > 0, check.is_ok());
            prop_assert!(waiting.len() <= room, "the queue is bounded");
            prop_assert!(check.is_err() || self.reference.fire || slots + waiting.len() == room);
        }
        for grant in 1..=self.given {
            let waits = self.reference.waiting.iter().any(|w| w.grant == grant);
            prop_assert_eq!(self.gate.holds(GrantId(grant)), waits);
        }
        prop_assert!(self.reference.overtaken_max <= room, "one turn of the other way at most");
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 384, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every grant ends at the microsecond and in the way that the reference says.
    #[test]
    fn a_gate_keeps_turns_and_times(site in queues(), steps in steps()) {
        let site = Lane { sensing: Sensing::Signals, ..site };
        let (gate, reference) = (LaneMachine::new(&site), Reference::new(&site));
        let mut pair = Pair { gate, reference, given: 0 };
        let mut now = Time::ZERO;
        for (pause, step) in steps {
            now = now + Span(pause);
            pair.wait(now)?;
            pair.step(now, step)?;
        }
        // Nobody waits for more than all who may be before him.
        let room = 2 * (u64::from(site.memory) + 1);
        pair.wait(now + Span(room * site.timers.not_taken.0))?;
        prop_assert!(pair.reference.waiting.is_empty());
    }

    /// Whatever edges and reports come.
    #[test]
    fn a_row_of_beams_keeps_its_promises_with_queues(site in queues(), gusts in weather()) {
        storm(&site, &gusts, [2, 3])?;
    }
}
