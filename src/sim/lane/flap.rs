//! A flap: how far it is open at any instant, and what it reports about itself.
//!
//! Position is exact: a whole number of millionths of full travel, a straight line in time between commands,
//! or, for a drive that needs time to reach its speed, a `Course` in closed form.
//! A flap that closes on a body stalls where it is (anti-pinch) and says so; that of a gate with a logic of
//! its own goes on closing by itself once the body is gone. Whoever pushes a shut flap hard enough moves it
//! as long as they push. Without power it opens or stays where it is, and says nothing; once power is back it
//! goes where it was ordered last.

use super::course::{Course, Limits};
use super::rotor::Rotor;
use super::{Gate, Place};
use crate::apb::id::Direction;
use crate::apb::input::{Input, Leaf};
use crate::apb::time::{Span, Time};
use crate::scenario::plan::{LanePlan, PowerLoss};
use crate::sim::clock::SimClock;
use crate::sim::crowd::track::Tracks;
use crate::sim::port::FromLane;
use bevy::prelude::*;

/// Fully open, in millionths of travel.
pub const OPEN: u32 = 1_000_000;

/// A body goes through a flap that is at least this far open, in millionths. 0.45 m of shoulders, turned, in
/// a 0.55 m passage; assumed.
pub const PASSABLE: u32 = 800_000;

/// What a flap is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Motion {
    Still,
    Opening,
    Closing,
}

/// One flap.
#[derive(Component, Clone, Debug)]
pub struct Flap {
    opens: Drive,
    closes: Drive,
    /// Travel at `since`.
    travel: u32,
    since: Time,
    motion: Motion,
    /// How it moves, if its drive needs time to reach its speed.
    course: Option<Course>,
    jammed: bool,
    /// Whether the gate has a logic of its own: it closes as soon as it can, whoever else has given up.
    minds_itself: bool,
    /// Whether the body in its way has been told already.
    stalled: bool,
    /// The force that moves it while it is shut, N.
    holds_n: f32,
    pushed: bool,
    without_power: PowerLoss,
    powered: bool,
    /// Whether it was ordered to open last.
    ordered_open: bool,
}

/// How one way is driven.
#[derive(Clone, Copy, Debug)]
struct Drive {
    full: Span,
    limits: Option<Limits>,
}

impl Flap {
    /// A shut flap.
    pub fn new(plan: &LanePlan) -> Self {
        let drive = |full: Span| Drive { full, limits: Limits::of(full, plan.flap_ramp) };
        Self {
            opens: drive(plan.flap_opens),
            closes: drive(plan.flap_closes),
            travel: 0,
            since: Time::ZERO,
            motion: Motion::Still,
            course: None,
            jammed: false,
            minds_itself: false,
            stalled: false,
            holds_n: plan.flap_holds_n,
            pushed: false,
            without_power: plan.power_loss,
            powered: true,
            ordered_open: false,
        }
    }

    /// The flap of a gate with a logic of its own: after a body was in its way it closes by itself.
    pub fn of_a_gate_with_logic(self) -> Self {
        Self { minds_itself: true, ..self }
    }

    /// How far it is open, in millionths.
    pub fn travel_at(&self, now: Time) -> u32 {
        let gone = |drive: Drive| {
            let share =
                u128::from(now.since(self.since).0) * u128::from(OPEN) / u128::from(drive.full.0.max(1));
            u32::try_from(share).unwrap_or(u32::MAX)
        };
        match (self.motion, self.course) {
            _ if self.jammed => self.travel,
            (Motion::Still, _) => self.travel,
            (_, Some(course)) => (course.at(now).0 * f64::from(OPEN)).round() as u32,
            (Motion::Opening, None) => self.travel.saturating_add(gone(self.opens)).min(OPEN),
            (Motion::Closing, None) => self.travel.saturating_sub(gone(self.closes)),
        }
    }

    /// From now on it moves like this, from where it is and as fast as it is.
    fn set_off(&mut self, now: Time, motion: Motion) {
        let travel = self.travel_at(now);
        let drive = match motion {
            Motion::Opening => Some(self.opens),
            Motion::Closing => Some(self.closes),
            Motion::Still => None,
        };
        let speed = match self.course {
            Some(course) if !self.jammed && self.motion != Motion::Still => course.at(now).1,
            _ => 0.0,
        };
        let from = (f64::from(travel) / f64::from(OPEN), speed);
        let course =
            drive.and_then(|d| d.limits).map(|l| Course::new(now, from, motion == Motion::Opening, l));
        *self = Self { travel, since: now, motion, course, ..*self };
    }

    /// It is here now, and whatever it does next begins at rest.
    fn put(&mut self, now: Time, travel: u32, motion: Motion) {
        *self = Self { travel, since: now, motion: Motion::Still, course: None, ..*self };
        self.set_off(now, motion);
    }

    /// Whether a body can go through.
    pub fn is_passable(&self, now: Time) -> bool {
        self.travel_at(now) >= PASSABLE
    }

    /// Whether it rests, so that nothing about it changes until it is told to move.
    pub fn is_still(&self) -> bool {
        self.motion == Motion::Still
    }

    /// Starts to open or to close; what it reports, if it starts to move.
    pub(in crate::sim) fn drive(&mut self, now: Time, open: bool) -> Option<Leaf> {
        self.ordered_open = open;
        if !self.powered || self.pushed {
            return None;
        }
        self.move_to(now, open)
    }

    fn move_to(&mut self, now: Time, open: bool) -> Option<Leaf> {
        let motion = if open { Motion::Opening } else { Motion::Closing };
        let is_there = self.travel_at(now) == if open { OPEN } else { 0 };
        if motion == self.motion || (is_there && self.motion == Motion::Still) {
            return None;
        }
        self.set_off(now, motion);
        self.stalled = false;
        (!is_there).then_some(Leaf::Moving)
    }

    /// Shuts at once, as the lock of a rotor does that has been turned.
    pub(in crate::sim) fn lock(&mut self, now: Time) {
        self.ordered_open = false;
        self.put(now, 0, Motion::Still);
    }

    /// Holds the flap where it is, or lets it go.
    pub(in crate::sim) fn jam(&mut self, now: Time, jammed: bool) {
        let (travel, motion) = (self.travel_at(now), self.motion);
        self.jammed = jammed;
        self.put(now, travel, motion);
    }

    /// Somebody pushes it with this force at this instant, or nobody does; what it reports. To be told again
    /// and again: a flap that is open or moves gives way to bodies anyway, and is forced once it is shut.
    pub(in crate::sim) fn push(&mut self, now: Time, newtons: Option<f32>) -> Option<Leaf> {
        let shut = self.motion == Motion::Still && self.travel == 0;
        match newtons {
            Some(force) if shut && force >= self.holds_n => {
                self.pushed = true;
                self.put(now, PASSABLE, Motion::Still);
                self.told(Leaf::Displaced)
            }
            None if self.pushed => {
                self.pushed = false;
                let leaf = self.move_to(now, self.powered && self.ordered_open);
                leaf.and_then(|l| self.told(l))
            }
            Some(_) | None => None,
        }
    }

    /// Its power goes or comes back; what it reports.
    pub(in crate::sim) fn power(&mut self, now: Time, on: bool) -> Option<Leaf> {
        self.powered = on;
        match (on, self.without_power) {
            (true, _) => {
                let travel = self.travel_at(now);
                self.put(now, travel, Motion::Still);
                let at_rest = match travel {
                    OPEN => Leaf::Open,
                    0 => Leaf::Closed,
                    _ if self.pushed => Leaf::Displaced,
                    _ => Leaf::Moving,
                };
                if self.pushed {
                    return Some(at_rest);
                }
                Some(self.move_to(now, self.ordered_open).unwrap_or(at_rest))
            }
            (false, PowerLoss::Stay) => {
                self.put(now, self.travel_at(now), Motion::Still);
                None
            }
            (false, PowerLoss::Open) => {
                self.move_to(now, true);
                None
            }
        }
    }

    /// What gets out while there is power.
    fn told(&self, leaf: Leaf) -> Option<Leaf> {
        self.powered.then_some(leaf)
    }

    /// When it will be where it is going, if it moves.
    fn arrives(&self) -> Option<(Time, Leaf)> {
        let (left, full, leaf) = match self.motion {
            _ if self.jammed => return None,
            Motion::Still => return None,
            Motion::Opening => (OPEN - self.travel, self.opens.full, Leaf::Open),
            Motion::Closing => (self.travel, self.closes.full, Leaf::Closed),
        };
        if let Some(course) = self.course {
            return Some((course.ends(), leaf));
        }
        let takes = (u128::from(left) * u128::from(full.0)).div_ceil(u128::from(OPEN));
        Some((self.since + Span(u64::try_from(takes).unwrap_or(u64::MAX)), leaf))
    }

    /// What happens to it up to `now`: it arrives, or a body in its way stops it.
    pub(in crate::sim) fn step(&mut self, now: Time, body_in_the_way: bool) -> Option<(Time, Leaf)> {
        if body_in_the_way && self.motion == Motion::Closing && self.travel_at(now) < PASSABLE {
            let motion = if self.minds_itself { Motion::Closing } else { Motion::Still };
            let told = std::mem::replace(&mut self.stalled, true);
            self.put(now, PASSABLE, motion);
            return (!told).then_some((now, Leaf::Stalled)).filter(|_| self.powered);
        }
        let (at, leaf) = self.arrives().filter(|(at, _)| *at <= now)?;
        let travel = if leaf == Leaf::Open { OPEN } else { 0 };
        self.put(at, travel, Motion::Still);
        self.stalled = false;
        self.told(leaf).map(|leaf| (at, leaf))
    }
}

/// Moves the flaps and reports what they report.
pub(super) fn advance(
    clock: Res<SimClock>,
    mut gates: Query<(&Gate, &Place, &Tracks, &mut Flap, Has<Rotor>)>,
    mut reports: MessageWriter<FromLane>,
) {
    for (gate, place, tracks, mut flap, rotor) in &mut gates {
        if flap.is_still() {
            continue;
        }
        // A rotor turns with whoever is in it.
        let in_the_way = !rotor
            && Direction::BOTH.into_iter().any(|d| {
                let line = place.flap_from(d);
                tracks.of(d).iter().any(|b| b.front > line && b.rear() < line)
            });
        if let Some((at, leaf)) = flap.step(clock.end(), in_the_way) {
            let input = match rotor {
                true => Rotor::tells(leaf, *gate),
                false => Some(Input::Leaf { lane: gate.0, leaf }),
            };
            reports.write_batch(input.map(|input| FromLane { at, input }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: fn(u64) -> Time = |n| Time(n * 1_000);

    fn flap() -> Flap {
        Flap::new(&LanePlan { flap_closes: Span::millis(400), ..LanePlan::default() })
    }

    #[test]
    fn it_opens_in_its_time_and_reports_the_exact_instant() {
        let mut flap = flap();
        assert_eq!(flap.drive(MS(100), true), Some(Leaf::Moving));
        assert_eq!(flap.travel_at(MS(350)), OPEN / 2);
        assert_eq!(flap.step(MS(599), false), None);
        assert_eq!(flap.step(MS(610), false), Some((MS(600), Leaf::Open)));
    }

    #[test]
    fn it_turns_round_where_it_is() {
        let mut flap = flap();
        flap.drive(MS(0), true);
        flap.drive(MS(250), false);
        assert_eq!(flap.step(MS(460), false), Some((MS(450), Leaf::Closed)));
    }

    #[test]
    fn it_stalls_on_a_body_and_opens_again() {
        let mut flap = flap();
        flap.drive(MS(0), true);
        flap.step(MS(500), false);
        flap.drive(MS(500), false);
        assert_eq!(flap.step(MS(540), true), None);
        assert_eq!(flap.step(MS(700), true), Some((MS(700), Leaf::Stalled)));
        assert_eq!(flap.drive(MS(710), true), Some(Leaf::Moving));
    }

    #[test]
    fn a_gate_with_logic_closes_once_the_body_is_gone() {
        let mut flap = flap().of_a_gate_with_logic();
        flap.drive(MS(0), true);
        flap.step(MS(500), false);
        flap.drive(MS(500), false);
        assert_eq!(flap.step(MS(600), true), Some((MS(600), Leaf::Stalled)));
        assert_eq!(flap.step(MS(700), true), None, "told once");
        assert!(!flap.is_still());
        assert_eq!(flap.step(MS(1_010), false), None);
        assert_eq!(flap.step(MS(1_020), false), Some((MS(1_020), Leaf::Closed)));
    }

    #[test]
    fn a_jammed_flap_does_not_move_until_it_is_let_go() {
        let mut flap = flap();
        flap.jam(MS(0), true);
        flap.drive(MS(0), true);
        assert_eq!(flap.travel_at(MS(9_000)), 0);
        flap.jam(MS(9_000), false);
        assert_eq!(flap.step(MS(9_500), false), Some((MS(9_500), Leaf::Open)));
    }

    #[test]
    fn a_drive_with_a_ramp_arrives_in_the_same_time_and_brakes_to_turn_round() {
        let ramp = LanePlan { flap_ramp: Span::millis(100), ..LanePlan::default() };
        let mut flap = Flap::new(&ramp);
        flap.drive(MS(0), true);
        assert!(flap.travel_at(MS(50)) < OPEN / 20, "it picks up speed");
        assert_eq!(flap.step(MS(500), false), Some((MS(500), Leaf::Open)));
        flap.drive(MS(500), false);
        let turned_at = flap.travel_at(MS(700));
        flap.drive(MS(700), true);
        assert!(flap.travel_at(MS(750)) < turned_at, "it still closes while it brakes");
        assert!(flap.step(MS(1_400), false).is_some_and(|(at, leaf)| at > MS(900) && leaf == Leaf::Open));
    }

    #[test]
    fn a_weak_push_does_nothing_and_a_strong_one_moves_it_until_it_ends() {
        let mut flap = flap();
        assert_eq!(flap.push(MS(0), Some(10.0)), None);
        assert_eq!(flap.travel_at(MS(1)), 0);
        assert_eq!(flap.push(MS(10), Some(150.0)), Some(Leaf::Displaced));
        assert!(flap.is_passable(MS(20)));
        assert_eq!(flap.push(MS(500), None), Some(Leaf::Moving));
        assert_eq!(flap.step(MS(900), false), Some((MS(820), Leaf::Closed)));
    }

    #[test]
    fn a_push_goes_on_when_it_is_shut_and_when_power_comes_back() {
        let mut flap = flap();
        assert_eq!(flap.push(MS(0), Some(150.0)), Some(Leaf::Displaced));
        assert_eq!(flap.push(MS(10), Some(150.0)), None, "told once");
        assert_eq!((flap.power(MS(20), false), flap.power(MS(30), true)), (None, Some(Leaf::Displaced)));
        assert!(flap.is_still());
    }

    #[test]
    fn without_power_it_opens_or_stays_and_says_nothing_and_then_goes_where_it_was_ordered() {
        let opens = LanePlan { power_loss: PowerLoss::Open, ..LanePlan::default() };
        let mut flap = Flap::new(&opens);
        assert_eq!(flap.power(MS(0), false), None);
        assert_eq!(flap.step(MS(600), false), None);
        assert!(flap.is_passable(MS(600)));
        assert_eq!(flap.power(MS(1_000), true), Some(Leaf::Moving));
        assert_eq!(flap.step(MS(1_500), false), Some((MS(1_500), Leaf::Closed)));
        let mut flap = Flap::new(&LanePlan::default());
        flap.power(MS(0), false);
        assert_eq!(flap.drive(MS(100), true), None);
        assert_eq!(flap.travel_at(MS(900)), 0);
        assert_eq!(flap.power(MS(1_000), true), Some(Leaf::Moving));
        assert_eq!(flap.step(MS(1_500), false), Some((MS(1_500), Leaf::Open)));
    }
}
