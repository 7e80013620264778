//! The line through a gate and everybody on it, in single file.
//!
//! Bodies are rigid and never overlap. Whoever catches up with somebody goes on as slowly as they do; two who
//! meet head on stand until one of them turns back. Before the lane there is room for all: whoever comes
//! waits outside until nobody stands in the end of the lane and nobody on their side of the leaf comes out.

use super::body::{Body, Side, nm};
use super::leaf::LeafDrive;
use super::model::GateModel;
use super::walker::{Fate, Truth, Walker, WalkerId};
use crate::apb::id::Direction;
use crate::apb::input::Leaf;
use crate::apb::time::{Span, Time};
use std::collections::VecDeque;

/// The line through a gate.
#[derive(Clone, Debug)]
pub(super) struct Aisle {
    length: i64,
    leaf: i64,
    beams: Vec<i64>,
    /// The time that places are of.
    now: Time,
    /// From the outer end inwards.
    bodies: Vec<Body>,
    /// Who waits outside, and since when; `In` first.
    outside: [VecDeque<(WalkerId, Time)>; 2],
    truth: Vec<Truth>,
}

impl Aisle {
    pub(super) fn new(model: &GateModel) -> Self {
        let beams: Vec<i64> = model.beams.pairs_mm().map(nm).collect();
        let leaf = nm(model.beams.flap_mm);
        let last = beams.iter().copied().fold(leaf, i64::max);
        let (now, bodies, outside, truth) = (Time::ZERO, Vec::new(), Default::default(), Vec::new());
        Self { length: nm(model.length_mm).max(last + 1), leaf, beams, now, bodies, outside, truth }
    }

    /// Everybody who was sent, in order.
    pub(super) fn truth(&self) -> &[Truth] {
        &self.truth
    }

    /// Somebody will come; who they are.
    pub(super) fn expect(&mut self, at: Time, walker: Walker) -> WalkerId {
        let id = WalkerId(u32::try_from(self.truth.len()).unwrap_or(u32::MAX));
        self.truth.push(Truth { walker, sent: at, crossed: None, fate: Fate::Outside });
        id
    }

    /// Somebody comes to their end of the lane.
    pub(super) fn arrive(&mut self, now: Time, id: WalkerId) {
        if let Some(truth) = self.truth.get(id.0 as usize) {
            self.outside[truth.walker.direction.index()].push_back((id, now));
        }
    }

    /// Whether somebody cuts this beam.
    pub(super) fn is_cut(&self, beam: usize) -> bool {
        self.beams.get(beam).is_some_and(|place| self.bodies.iter().any(|b| b.cuts(*place)))
    }

    /// Whether somebody is under the leaf.
    pub(super) fn is_across(&self) -> bool {
        self.bodies.iter().any(|b| b.side == Side::Across)
    }

    /// When something changes on the line that nothing else brings about.
    pub(super) fn next_due(&self) -> Option<Time> {
        let own =
            self.bodies.iter().filter_map(|b| b.next_due(self.now, &self.beams, self.leaf, self.length));
        let meets = self.bodies.windows(2).filter_map(|pair| {
            let closing = pair[0].velocity - pair[1].velocity;
            let gap = pair[1].low - pair[0].high();
            let takes = (closing > 0).then(|| gap.max(0) / closing)?;
            Some(self.now + Span(u64::try_from(takes).unwrap_or(0)))
        });
        let waits = |(id, since): &(WalkerId, Time)| Some(*since + self.walker(*id)?.patience);
        let tired = self.outside.iter().flatten().filter_map(waits);
        own.chain(meets).chain(tired).chain(self.makes_room_at()).min()
    }

    fn walker(&self, id: WalkerId) -> Option<&Walker> {
        self.truth.get(id.0 as usize).map(|t| &t.walker)
    }

    /// When the last one who came in is in far enough for the next one.
    fn makes_room_at(&self) -> Option<Time> {
        let room = |way: Direction| {
            self.outside[way.index()].front()?;
            let last = match way {
                Direction::In => self.bodies.first(),
                Direction::Out => self.bodies.last(),
            };
            let body = last.filter(|b| b.velocity != 0)?;
            let entered = body.trail_to(self.end(way));
            Some(self.now + body.takes(entered).filter(|_| entered > 0)?)
        };
        Direction::BOTH.into_iter().filter_map(room).min()
    }

    /// The end of the lane at which those come who go this way.
    fn end(&self, way: Direction) -> i64 {
        match way {
            Direction::In => 0,
            Direction::Out => self.length,
        }
    }

    /// Everybody goes on until now.
    pub(super) fn move_to(&mut self, now: Time) {
        let span = now.since(self.now);
        self.bodies.iter_mut().for_each(|b| b.travel(span));
        self.now = self.now.max(now);
    }

    /// Everybody decides what to do now: stop, turn, enter, leave, push. What the leaf reports goes to
    /// `told`.
    pub(super) fn settle(&mut self, leaf: &mut LeafDrive, told: &mut Vec<Leaf>) {
        let now = self.now;
        for body in &mut self.bodies {
            let crossed = body.decide(now, self.leaf);
            if let Some(truth) = self.truth.get_mut(body.id.0 as usize).filter(|_| crossed) {
                truth.crossed = body.goes_through().then_some(now);
            }
            if body.pushes && (crossed || body.side != Side::Across) {
                body.pushes = false;
                told.extend(leaf.let_go(now));
            }
        }
        self.see_off();
        self.let_in();
        self.set_speeds(leaf, told);
    }

    /// Whoever is out of the lane is gone.
    fn see_off(&mut self) {
        let (now, length, truth) = (self.now, self.length, &mut self.truth);
        self.bodies.retain(|body| {
            let gone = body.is_gone(length);
            if let Some(truth) = truth.get_mut(body.id.0 as usize).filter(|_| gone) {
                let through = body.goes_through();
                truth.fate = if through { Fate::Passed(now) } else { Fate::TurnedBack(now) };
            }
            !gone
        });
    }

    /// Whoever waits outside comes in, if there is room, or gives up.
    fn let_in(&mut self) {
        for way in Direction::BOTH {
            let mut waiting = std::mem::take(&mut self.outside[way.index()]);
            if let Some((id, _)) = waiting.front().copied().filter(|_| self.has_room(way)) {
                waiting.pop_front();
                self.enter(id, way);
            }
            waiting.retain(|(id, since)| {
                let Some(truth) = self.truth.get_mut(id.0 as usize) else { return false };
                let tired = *since + truth.walker.patience <= self.now;
                if tired {
                    truth.fate = Fate::TurnedBack(self.now);
                }
                !tired
            });
            self.outside[way.index()] = waiting;
        }
    }

    /// Whether somebody may come in this way: nobody stands in the end of the lane, and nobody on this side
    /// of the leaf, or under it, comes out.
    fn has_room(&self, way: Direction) -> bool {
        let (heading, near) = match way {
            Direction::In => (1, Side::Outer),
            Direction::Out => (-1, Side::Inner),
        };
        let end = self.end(way);
        self.bodies.iter().all(|b| {
            let inside = if heading > 0 { b.low >= end } else { b.high() <= end };
            let comes_out = b.heading() != heading && (b.side == near || b.side == Side::Across);
            inside && !comes_out
        })
    }

    fn enter(&mut self, id: WalkerId, way: Direction) {
        let Some(truth) = self.truth.get_mut(id.0 as usize) else { return };
        truth.fate = Fate::Inside;
        let body = Body::new(id, truth.walker, self.length);
        match way {
            Direction::In => self.bodies.insert(0, body),
            Direction::Out => self.bodies.push(body),
        }
    }

    /// Everybody goes as fast as they would and others let them.
    fn set_speeds(&mut self, leaf: &mut LeafDrive, told: &mut Vec<Leaf>) {
        let mut speeds: Vec<i64> = self.bodies.iter().map(Body::wants).collect();
        for (body, speed) in self.bodies.iter_mut().zip(&mut speeds) {
            if *speed == 0 || !body.is_before_leaf() || !body.is_at(self.leaf, *speed) {
                continue;
            }
            let displaced = body.newtons().and_then(|newtons| leaf.push(self.now, newtons));
            body.pushes |= displaced.is_some();
            told.extend(displaced);
            if !leaf.is_passable() {
                *speed = 0;
            }
        }
        for i in (0..speeds.len()).rev() {
            if speeds[i] > 0 && self.touches(i, &speeds) {
                speeds[i] = speeds[i + 1].max(0);
            }
        }
        for i in 1..speeds.len() {
            if speeds[i] < 0 && self.touches(i - 1, &speeds) {
                speeds[i] = speeds[i - 1].min(0);
            }
        }
        for (body, speed) in self.bodies.iter_mut().zip(speeds) {
            body.velocity = speed;
            let kept = speed == 0 && body.wants() != 0;
            body.kept = if kept { body.kept.or(Some(self.now)) } else { None };
            // Whoever pushes is under the leaf as soon as it gives way, or nobody would hold it.
            let steps_under = body.is_before_leaf() && body.is_at(self.leaf, speed) && speed != 0;
            if steps_under || (body.pushes && body.is_before_leaf()) {
                body.side = Side::Across;
            }
        }
    }

    /// Whether this one and the next one inwards would run into each other in less than a microsecond.
    fn touches(&self, index: usize, speeds: &[i64]) -> bool {
        let (Some(one), Some(next)) = (self.bodies.get(index), self.bodies.get(index + 1)) else {
            return false;
        };
        let closing = speeds[index] - speeds[index + 1];
        closing > 0 && next.low - one.high() < closing
    }

    /// Whether nobody overlaps anybody.
    #[cfg(test)]
    pub(super) fn is_in_single_file(&self) -> bool {
        self.bodies.windows(2).all(|pair| pair[0].high() <= pair[1].low)
    }
}
