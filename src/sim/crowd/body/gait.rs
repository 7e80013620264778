//! Gait: where the two legs are in their cycle, and how far they reach.
//!
//! A foot on the ground stays where it is while the body goes on over it, then it swings forward again: seen
//! from the hip it runs back in a straight line while it stands, and forwards in a straight line while it
//! swings. Both are straight lines in the way walked, so that within a tick a leg's course is known exactly
//! but for the change of stride: between two corners of its course it is taken for a straight line, which is
//! less than a millimetre off for ticks of 10 ms.

use crate::record::PersonId;

/// The share of a cycle for which a foot stands on the ground. Kirtley, Whittle and Jefferson 1985 (Journal
/// of Biomedical Engineering 7, 282) find 64.2 % less 3.5 % for each m/s: 0.60 at 1.2 m/s, and within 0.03
/// of that from 0.6 to 1.8 m/s.
const STANCE: f32 = 0.6;

/// Height of the hip as a share of stature. Drillis and Contini 1966.
pub(super) const HIP: f32 = 0.53;

/// Length of a cycle of two steps in legs, by the square root of the speed in legs a second. Boulic,
/// Magnenat-Thalmann and Thalmann 1990 (The Visual Computer 6, 344), from measurements.
const CYCLE: f32 = 1.346;

/// The leg of that model as a share of stature: thigh 0.245 and shank 0.246, as implementations of it have
/// them (second hand).
const LEG: f32 = 0.491;

/// How fast a stride becomes as long as the speed wants it, and short again on standing still, s. Assumed.
const SETTLES_S: f32 = 0.25;

/// One of the two sides. Arms swing with the leg of the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limb {
    /// The left leg and the right arm.
    Left,
    /// The right leg and the left arm.
    Right,
}

impl Limb {
    /// How far it is ahead in the cycle of the left leg.
    fn ahead(self) -> f32 {
        match self {
            Self::Left => 0.0,
            Self::Right => 0.5,
        }
    }
}

/// The legs of somebody, at the start and at the end of a tick.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gait {
    /// Cycles of two steps; a whole number when the left foot comes down.
    phase: (f32, f32),
    /// How far a foot gets before or behind the hip, m.
    reach_m: (f32, f32),
}

impl Gait {
    /// Somebody who stands still. Everybody begins with another foot position.
    pub fn of(person: PersonId) -> Self {
        // The golden section spreads numbers evenly.
        let phase = person.0.wrapping_mul(0x9E37_79B9) as f32 / 4_294_967_296.0;
        Self { phase: (phase.fract(), phase.fract()), reach_m: (0.0, 0.0) }
    }

    /// Somebody who has walked at this speed for a while, at this share of a cycle.
    pub fn walking(phase: f32, speed_m_s: f32, stature_m: f32) -> Self {
        let reach = 0.5 * STANCE * cycle_m(speed_m_s, stature_m);
        Self { phase: (phase, phase), reach_m: (reach, reach) }
    }

    /// The legs after the body moved by so much within a tick; backwards, if negative.
    pub fn advance(&mut self, moved_m: f32, dt_s: f32, stature_m: f32) {
        let cycle = cycle_m(moved_m.abs() / dt_s, stature_m);
        let wanted = 0.5 * STANCE * cycle;
        let (phase, reach) = (self.phase.1 - self.phase.1.floor(), self.reach_m.1);
        let walked = if cycle > 0.0 { moved_m / cycle } else { 0.0 };
        self.phase = (phase, phase + walked);
        self.reach_m = (reach, reach + (wanted - reach) * (dt_s / SETTLES_S).min(1.0));
    }

    /// How far a foot is before the hip at this share of the tick, m; negative: behind.
    pub fn foot_m(&self, limb: Limb, at: f32) -> f32 {
        let phase = self.phase.0 + (self.phase.1 - self.phase.0) * at + limb.ahead();
        let phase = phase - phase.floor();
        let course = if phase < STANCE {
            1.0 - 2.0 * phase / STANCE
        } else {
            2.0 * (phase - STANCE) / (1.0 - STANCE) - 1.0
        };
        course * (self.reach_m.0 + (self.reach_m.1 - self.reach_m.0) * at)
    }

    /// The shares of the tick at which the course of a leg has a corner, its ends included, in order.
    pub fn corners(&self, limb: Limb) -> impl Iterator<Item = f32> {
        let (from, to) = (self.phase.0 + limb.ahead(), self.phase.1 + limb.ahead());
        let (low, high) = (from.min(to), from.max(to));
        let first = low.floor() as i32;
        let last = high.floor() as i32;
        let corners = (first..=last).flat_map(|cycle| [cycle as f32, cycle as f32 + STANCE]);
        let mut inner: Vec<f32> = Vec::new();
        if low < high {
            inner.extend(corners.filter(|c| low < *c && *c < high).map(|c| (c - from) / (to - from)));
            inner.sort_by(f32::total_cmp);
        }
        std::iter::once(0.0).chain(inner).chain(std::iter::once(1.0))
    }
}

/// The length of a cycle of two steps, m.
fn cycle_m(speed_m_s: f32, stature_m: f32) -> f32 {
    CYCLE * (speed_m_s * LEG * stature_m).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DT: f32 = 0.01;

    #[test]
    fn strides_are_as_long_as_those_that_were_measured() {
        // 21 men of 1.728 m at 1.26 m/s: 1.36 ± 0.11 m; 7 women of 1.605 m at 1.16 m/s: 1.23 ± 0.11 m
        // (students, clinicalgaitanalysis.com/data/stance.html).
        for (speed, stature, stride) in [(1.26, 1.728, 1.36), (1.16, 1.605, 1.23)] {
            assert!((cycle_m(speed, stature) - stride).abs() < 0.06, "{}", cycle_m(speed, stature));
        }
    }

    #[test]
    fn a_foot_on_the_ground_does_not_slip() {
        let mut gait = Gait::walking(0.0, 1.2, 1.75);
        for _ in 0..20 {
            gait.advance(1.2 * DT, DT, 1.75);
            let slip = 1.2 * DT + gait.foot_m(Limb::Left, 1.0) - gait.foot_m(Limb::Left, 0.0);
            assert!(slip.abs() < 1e-5, "{slip}");
        }
    }

    #[test]
    fn legs_come_together_when_one_stands_still_and_one_is_always_behind_while_walking() {
        let mut gait = Gait::of(PersonId(7));
        for _ in 0..300 {
            gait.advance(1.0 * DT, DT, 1.7);
        }
        let feet = [Limb::Left, Limb::Right].map(|l| gait.foot_m(l, 1.0));
        assert!(feet[0] * feet[1] < 0.0 || feet.iter().any(|f| f.abs() < 0.15), "{feet:?}");
        for _ in 0..300 {
            gait.advance(0.0, DT, 1.7);
        }
        assert!(gait.foot_m(Limb::Left, 1.0).abs() < 1e-3);
    }

    #[test]
    fn a_leg_runs_straight_between_its_corners() {
        let mut gait = Gait::walking(0.55, 1.5, 1.7);
        gait.advance(1.5, 1.0, 1.7);
        let corners: Vec<f32> = gait.corners(Limb::Left).collect();
        assert!(corners.len() > 2 && corners.is_sorted());
        for pair in corners.windows(2) {
            let at = |share: f32| gait.foot_m(Limb::Left, pair[0] + (pair[1] - pair[0]) * share);
            assert!((at(0.25) + at(0.75) - 2.0 * at(0.5)).abs() < 1e-3);
        }
    }
}
