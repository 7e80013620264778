//! Shadows: what of a body covers a lane at some height, and when within a tick it comes and goes.
//!
//! Bodies move in straight lines within a tick and limbs in straight lines between the corners of their
//! course, so that the instants follow from the ends of those lines.

use super::Place;
use crate::apb::id::Direction;
use crate::sim::crowd::body::Section;
use crate::sim::crowd::track::Tracked;

/// No part of a body reaches further before its front, m: the leg of somebody who runs.
pub(super) const REACH_M: f32 = 0.8;

/// What one part of a body covers along a lane during a share of a tick, in straight lines; metres from the
/// outer end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shadow {
    /// The share of the tick at which it begins, and at which it ends.
    pub(super) share: (f32, f32),
    pub(super) start: (f32, f32),
    pub(super) end: (f32, f32),
}

impl Shadow {
    /// Whether it covers this place when the tick begins, and at which shares of the tick that changes.
    pub(super) fn over(&self, x: f32) -> (bool, [Option<(f32, i32)>; 2]) {
        let covers = self.share.0 == 0.0 && self.start.0 < x && x <= self.start.1;
        let crossing = |from: f32, to: f32, arrives: i32| {
            let passes_up = from < x && x <= to;
            let passes_down = to < x && x <= from;
            (passes_up || passes_down).then(|| {
                let share = self.share.0 + (self.share.1 - self.share.0) * ((x - from) / (to - from));
                (share, if passes_up { arrives } else { -arrives })
            })
        };
        let low = crossing(self.start.0, self.end.0, -1);
        let high = crossing(self.start.1, self.end.1, 1);
        (covers, [low, high])
    }

    /// Whether it can cut any beam from the first to the last of these.
    fn is_near(&self, (first, last): (f32, f32)) -> bool {
        self.start.1.max(self.end.1) >= first && self.start.0.min(self.end.0) < last
    }
}

/// The shadows of one section of a body within a tick, as far as they fall between these two places.
pub(super) fn cast(
    body: &Tracked,
    section: &Section,
    (place, direction): (&Place, Direction),
    between: (f32, f32),
    out: &mut Vec<Shadow>,
) {
    let at = |share: f32, front: f32| {
        let swung = section.swings.map_or(0.0, |(limb, part)| part * body.gait.foot_m(limb, share));
        let (back, tip) = (front - section.back_m + swung, front - section.tip_m + swung);
        match direction {
            Direction::In => (back, tip),
            Direction::Out => (place.length_m - tip, place.length_m - back),
        }
    };
    let Some((limb, _)) = section.swings else {
        let whole = Shadow { share: (0.0, 1.0), start: at(0.0, body.front_before), end: at(1.0, body.front) };
        out.extend(Some(whole).filter(|s| s.is_near(between)));
        return;
    };
    let moved = body.front - body.front_before;
    let mut before = (0.0, at(0.0, body.front_before));
    for share in body.gait.corners(limb).skip(1) {
        let now = (share, at(share, body.front_before + moved * share));
        let part = Shadow { share: (before.0, now.0), start: before.1, end: now.1 };
        out.extend(Some(part).filter(|s| s.is_near(between)));
        before = now;
    }
}
