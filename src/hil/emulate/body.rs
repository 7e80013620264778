//! One body on the line through a gate, in whole nanometres: a millimetre a second is a nanometre a
//! microsecond, so that a place is exact at every instant.

use super::walker::{Manner, Then, Walker, WalkerId};
use crate::apb::id::Direction;
use crate::apb::time::{Span, Time};

/// Nanometres in a millimetre.
const NM: i64 = 1_000_000;

/// Who cannot get back out tries the other way again after so long at least. Assumed.
const TRAPPED: Span = Span::seconds(1);

/// A place, or a way, in nanometres from the outer end of the lane.
pub(super) fn nm(mm: u32) -> i64 {
    i64::from(mm) * NM
}

/// Where somebody is on their way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Goes their way.
    Walks,
    /// Stands by choice.
    Stands { until: Time },
    /// Goes back where they came from.
    Returns,
}

/// Where somebody is as to the leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Outer,
    /// Under it.
    Across,
    Inner,
}

/// Somebody on the line.
#[derive(Clone, Debug)]
pub(super) struct Body {
    pub(super) id: WalkerId,
    pub(super) walker: Walker,
    /// 1: inwards, -1: outwards.
    way: i64,
    speed: i64,
    pub(super) depth: i64,
    /// The end nearer to the outer end of the lane.
    pub(super) low: i64,
    /// Present velocity, nanometres a microsecond; positive: inwards.
    pub(super) velocity: i64,
    pub(super) phase: Phase,
    pub(super) side: Side,
    /// Where the front is when they stop.
    stop: Option<i64>,
    /// Since when they stand though they would go on.
    pub(super) kept: Option<Time>,
    pub(super) pushes: bool,
}

impl Body {
    /// A body whose front is at its end of a lane of this length.
    pub(super) fn new(id: WalkerId, walker: Walker, length: i64) -> Self {
        let depth = nm(walker.depth_mm.clamp(1, 10_000));
        let speed = i64::from(walker.speed_mm_s.clamp(1, 20_000));
        let (way, low, side) = match walker.direction {
            Direction::In => (1, -depth, Side::Outer),
            Direction::Out => (-1, length, Side::Inner),
        };
        let stop = match walker.manner {
            Manner::Stop { at_mm, .. } => Some(if way > 0 { nm(at_mm) } else { length - nm(at_mm) }),
            Manner::Through | Manner::Push { .. } => None,
        };
        let (velocity, phase) = (0, Phase::Walks);
        Self { id, walker, way, speed, depth, low, velocity, phase, side, stop, kept: None, pushes: false }
    }

    /// The end nearer to the inner end of the lane.
    pub(super) fn high(&self) -> i64 {
        self.low + self.depth
    }

    /// The way it goes, or went last: 1 inwards, -1 outwards.
    pub(super) fn heading(&self) -> i64 {
        if self.phase == Phase::Returns { -self.way } else { self.way }
    }

    /// The velocity it would have if nobody were in its way.
    pub(super) fn wants(&self) -> i64 {
        match self.phase {
            Phase::Walks | Phase::Returns => self.heading() * self.speed,
            Phase::Stands { .. } => 0,
        }
    }

    /// How far its leading end is from a place ahead; negative: it is past it.
    pub(super) fn lead_to(&self, place: i64) -> i64 {
        let lead = if self.heading() > 0 { self.high() } else { self.low };
        self.heading() * (place - lead)
    }

    /// How far its trailing end is from a place ahead; negative: it is past it.
    pub(super) fn trail_to(&self, place: i64) -> i64 {
        self.lead_to(place) + self.depth
    }

    /// Whether it cuts a beam there.
    pub(super) fn cuts(&self, place: i64) -> bool {
        self.lead_to(place) <= 0 && self.trail_to(place) > 0
    }

    /// Whether the leaf is ahead.
    pub(super) fn is_before_leaf(&self) -> bool {
        self.side == if self.heading() > 0 { Side::Outer } else { Side::Inner }
    }

    /// The side it is on once the leaf is behind it.
    fn beyond_leaf(&self) -> Side {
        if self.heading() > 0 { Side::Inner } else { Side::Outer }
    }

    /// Whether it will be there, going at this velocity, in less than a microsecond.
    pub(super) fn is_at(&self, place: i64, velocity: i64) -> bool {
        self.lead_to(place) < velocity.abs().max(1)
    }

    /// The instant that a way takes, at the present speed, rounded up; zero for a way of none.
    pub(super) fn takes(&self, way: i64) -> Option<Span> {
        let speed = u64::try_from(self.velocity.abs()).ok().filter(|v| *v > 0)?;
        let way = u64::try_from(way).unwrap_or(0);
        Some(Span(way.div_ceil(speed)))
    }

    /// Stops, goes on or turns back, if it is time; whether the leaf came to be behind it.
    pub(super) fn decide(&mut self, now: Time, leaf: i64) -> bool {
        match (self.phase, self.walker.manner) {
            (Phase::Walks, Manner::Stop { wait, .. })
                if self.stop.is_some_and(|place| self.lead_to(place) <= 0) =>
            {
                self.stop = None;
                self.phase = Phase::Stands { until: now + wait };
            }
            (Phase::Walks | Phase::Returns, _) if self.gives_up_at().is_some_and(|at| at <= now) => {
                let back = self.phase == Phase::Walks;
                self.phase = if back { Phase::Returns } else { Phase::Walks };
                self.kept = None;
            }
            (Phase::Walks | Phase::Stands { .. } | Phase::Returns, _) => {}
        }
        if let (Phase::Stands { until }, Manner::Stop { then, .. }) = (self.phase, self.walker.manner)
            && until <= now
        {
            self.phase = match then {
                Then::GoOn => Phase::Walks,
                Then::TurnBack => Phase::Returns,
            };
        }
        let past = self.side == Side::Across && self.trail_to(leaf) <= 0;
        if past {
            self.side = self.beyond_leaf();
        }
        past
    }

    /// When it turns round if nothing changes.
    fn gives_up_at(&self) -> Option<Time> {
        let patience = match self.phase {
            Phase::Walks => self.walker.patience,
            Phase::Returns => self.walker.patience.max(TRAPPED),
            Phase::Stands { .. } => return None,
        };
        self.kept.map(|since| since + patience)
    }

    /// When something about it changes that has nothing to do with anybody else.
    pub(super) fn next_due(&self, now: Time, beams: &[i64], leaf: i64, length: i64) -> Option<Time> {
        let until = match self.phase {
            Phase::Stands { until } => Some(until),
            Phase::Walks | Phase::Returns => self.gives_up_at(),
        };
        if self.velocity == 0 {
            return until;
        }
        let ahead = |place: i64| {
            let lead = self.lead_to(place);
            if lead > 0 { Some(lead) } else { Some(self.trail_to(place)).filter(|way| *way > 0) }
        };
        let end = if self.heading() > 0 { length } else { 0 };
        let door = if self.is_before_leaf() {
            let whole = self.lead_to(leaf).max(0) / self.velocity.abs();
            Some(Span(u64::try_from(whole).unwrap_or(0)))
        } else {
            (self.side == Side::Across).then(|| self.takes(self.trail_to(leaf))).flatten()
        };
        let stop = self.stop.filter(|_| self.phase == Phase::Walks).map(|place| self.lead_to(place));
        let ways = beams.iter().filter_map(|b| ahead(*b)).chain(stop).chain([self.trail_to(end)]);
        let soonest = ways.filter_map(|way| self.takes(way)).chain(door).min();
        [soonest.map(|span| now + span), until].into_iter().flatten().min()
    }

    /// Whether it has left the lane, the way it heads.
    pub(super) fn is_gone(&self, length: i64) -> bool {
        self.trail_to(if self.heading() > 0 { length } else { 0 }) <= 0
    }

    /// Whether it goes where it set out for.
    pub(super) fn goes_through(&self) -> bool {
        self.heading() == self.way
    }

    /// Goes on for so long.
    pub(super) fn travel(&mut self, span: Span) {
        let span = i64::try_from(span.0).unwrap_or(i64::MAX);
        self.low = self.low.saturating_add(self.velocity.saturating_mul(span));
    }

    /// The force it pushes with, N.
    pub(super) fn newtons(&self) -> Option<u32> {
        match self.walker.manner {
            Manner::Push { newtons } => Some(newtons),
            Manner::Through | Manner::Stop { .. } => None,
        }
    }
}
