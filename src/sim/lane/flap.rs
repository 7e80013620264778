//! A flap: how far it is open at any instant, and what it reports about itself.
//!
//! Position is exact: a whole number of millionths of full travel, a straight line in time between commands.
//! A flap that closes on a body stalls where it is (anti-pinch) and says so; that of a gate with a logic of
//! its own goes on closing by itself once the body is gone.

use super::{Gate, Place};
use crate::apb::id::Direction;
use crate::apb::input::{Input, Leaf};
use crate::apb::time::{Span, Time};
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
    opens: Span,
    closes: Span,
    /// Travel at `since`.
    travel: u32,
    since: Time,
    motion: Motion,
    jammed: bool,
    /// Whether the gate has a logic of its own: it closes as soon as it can, whoever else has given up.
    minds_itself: bool,
    /// Whether the body in its way has been told already.
    stalled: bool,
}

impl Flap {
    /// A shut flap that takes this long for each way.
    pub fn new(opens: Span, closes: Span) -> Self {
        Self {
            opens,
            closes,
            travel: 0,
            since: Time::ZERO,
            motion: Motion::Still,
            jammed: false,
            minds_itself: false,
            stalled: false,
        }
    }

    /// The flap of a gate with a logic of its own: after a body was in its way it closes by itself.
    pub fn of_a_gate_with_logic(self) -> Self {
        Self { minds_itself: true, ..self }
    }

    /// How far it is open, in millionths.
    pub fn travel_at(&self, now: Time) -> u32 {
        let gone = |full: Span| {
            let share = u128::from(now.since(self.since).0) * u128::from(OPEN) / u128::from(full.0.max(1));
            u32::try_from(share).unwrap_or(u32::MAX)
        };
        match self.motion {
            _ if self.jammed => self.travel,
            Motion::Still => self.travel,
            Motion::Opening => self.travel.saturating_add(gone(self.opens)).min(OPEN),
            Motion::Closing => self.travel.saturating_sub(gone(self.closes)),
        }
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
    pub(super) fn drive(&mut self, now: Time, open: bool) -> Option<Leaf> {
        let travel = self.travel_at(now);
        let motion = if open { Motion::Opening } else { Motion::Closing };
        let is_there = travel == if open { OPEN } else { 0 };
        if motion == self.motion || (is_there && self.motion == Motion::Still) {
            return None;
        }
        *self = Self { travel, since: now, motion, stalled: false, ..*self };
        (!is_there).then_some(Leaf::Moving)
    }

    /// Holds the flap where it is, or lets it go.
    pub(in crate::sim) fn jam(&mut self, now: Time, jammed: bool) {
        *self = Self { travel: self.travel_at(now), since: now, jammed, ..*self };
    }

    /// When it will be where it is going, if it moves.
    fn arrives(&self) -> Option<(Time, Leaf)> {
        let (left, full, leaf) = match self.motion {
            _ if self.jammed => return None,
            Motion::Still => return None,
            Motion::Opening => (OPEN - self.travel, self.opens, Leaf::Open),
            Motion::Closing => (self.travel, self.closes, Leaf::Closed),
        };
        let takes = (u128::from(left) * u128::from(full.0)).div_ceil(u128::from(OPEN));
        Some((self.since + Span(u64::try_from(takes).unwrap_or(u64::MAX)), leaf))
    }

    /// What happens to it up to `now`: it arrives, or a body in its way stops it.
    fn step(&mut self, now: Time, body_in_the_way: bool) -> Option<(Time, Leaf)> {
        if body_in_the_way && self.motion == Motion::Closing && self.travel_at(now) < PASSABLE {
            let motion = if self.minds_itself { Motion::Closing } else { Motion::Still };
            let told = std::mem::replace(&mut self.stalled, true);
            *self = Self { travel: PASSABLE, since: now, motion, ..*self };
            return (!told).then_some((now, Leaf::Stalled));
        }
        let (at, leaf) = self.arrives().filter(|(at, _)| *at <= now)?;
        let travel = if leaf == Leaf::Open { OPEN } else { 0 };
        *self = Self { travel, since: at, motion: Motion::Still, stalled: false, ..*self };
        Some((at, leaf))
    }
}

/// Moves the flaps and reports what they report.
pub(super) fn advance(
    clock: Res<SimClock>,
    mut gates: Query<(&Gate, &Place, &Tracks, &mut Flap)>,
    mut reports: MessageWriter<FromLane>,
) {
    for (gate, place, tracks, mut flap) in &mut gates {
        if flap.is_still() {
            continue;
        }
        let in_the_way = Direction::BOTH.into_iter().any(|d| {
            tracks.of(d).iter().any(|b| b.front > place.flap_from(d) && b.rear() < place.flap_from(d))
        });
        if let Some((at, leaf)) = flap.step(clock.end(), in_the_way) {
            reports.write(FromLane { at, input: Input::Leaf { lane: gate.0, leaf } });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: fn(u64) -> Time = |n| Time(n * 1_000);

    fn flap() -> Flap {
        Flap::new(Span::millis(500), Span::millis(400))
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
}
