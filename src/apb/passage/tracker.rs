//! Edges in, sightings out: a short list of bodies in single file, each a span of neighbouring beams.
//!
//! A beam that falls at one end of a span tells which way its body moves. A beam that rises next to a span
//! extends it; where several explanations fit, the one that needs the fewest changes of mind wins (see
//! [`Tracker::explain`]). A gap inside a span is the boundary between two bodies.
//!
//! A beam that bodies step over three times running is out of service until it is cut again, and so is one
//! that stays blocked while nothing else moves, until it clears. Either is then stepped over without further
//! ado.
//!
//! A body is passed once the far safety beam clears. One that is less deep than the safety beams are apart
//! may still turn back from there; it is then a body that comes the other way.

use super::beam::{Beam, Health};
use super::body::{Body, BodyId, Reach, Sighting};
use super::explain::Explanation;
use super::low::Low;
use super::row::Row;
use crate::apb::id::Direction;
use crate::apb::site::BeamRow;
use crate::apb::time::{Span, Time};
use serde::{Deserialize, Serialize};

/// A body between two beams is forgotten after this long. Assumed: a body of any depth that moves at 0.3 m/s
/// or more is seen again sooner in the reference lane.
pub(super) const UNSEEN_MAX: Span = Span::seconds(1);

/// As [`UNSEEN_MAX`], for a body that may stand between the safety beams, where the flap would hit it.
/// Assumed.
const UNSEEN_UNDER_FLAP_MAX: Span = Span::seconds(10);

/// A beam stepped over this often running is out of service.
const SKIPS_MAX: u8 = 3;

/// Why the tracker wants to be woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TrackerDeadline {
    /// A clear beam has been clear long enough to count.
    Debounce,
    /// A body has not been seen for too long.
    Unseen,
    /// The row near the floor has something to say.
    LowRow,
    /// A blocked beam has been the only one for too long.
    BeamFault,
}

/// Recognises bodies in one row of beams.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tracker {
    pub(super) row: Row,
    debounce: Span,
    body_max_mm: Option<u32>,
    /// Zero: never.
    pub(super) beam_fault: Span,
    beams: Vec<Beam>,
    /// From the outer end inwards.
    pub(super) bodies: Vec<Body>,
    pub(super) next_id: u64,
    last_edge: Time,
    /// The row near the floor. Boxed: most lanes have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) low: Option<Box<Low>>,
}

impl Tracker {
    /// An empty lane with every beam clear.
    pub(crate) fn new(row: &BeamRow, beam_fault: Span) -> Self {
        let (debounce, body_max_mm) = (row.debounce, row.body_max_mm);
        let low = row.low.as_ref().map(|low| Box::new(Low::new(low)));
        let row = Row::new(row);
        let beams = vec![Beam::default(); usize::from(row.count())];
        let (bodies, next_id, last_edge) = (Vec::new(), 0, Time::ZERO);
        Self { row, debounce, body_max_mm, beam_fault, beams, bodies, next_id, last_edge, low }
    }

    /// A beam was cut or cleared. Beams out of range and repeated states are ignored.
    pub(crate) fn edge(&mut self, now: Time, beam: u8, blocked: bool, out: &mut Vec<Sighting>) {
        self.tell_edge(now, beam, blocked, out);
        self.review_low(now, out);
    }

    fn tell_edge(&mut self, now: Time, beam: u8, blocked: bool, out: &mut Vec<Sighting>) {
        let debounce = self.debounce;
        let count = self.row.count();
        let Some(b) = self.beams.get_mut(usize::from(beam)) else {
            if let Some(low) = &mut self.low {
                low.edge(now, beam.saturating_sub(count), blocked, count, out);
            }
            return;
        };
        if blocked == (b.blocked && b.clearing.is_none()) {
            return;
        }
        self.last_edge = now;
        if blocked && b.clearing.take().is_some() {
            return;
        }
        if blocked {
            self.rise(now, beam, out);
        } else if debounce == Span::ZERO {
            self.fall(now, now, beam, out);
        } else {
            b.clearing = Some(now);
        }
    }

    /// The next instant at which something happens without an edge, and what.
    pub(crate) fn next_deadline(&self) -> Option<(Time, TrackerDeadline)> {
        let clearing = self.beams.iter().filter_map(|b| b.clearing).map(|t| t + self.debounce).min();
        let unseen = self.bodies.iter().filter_map(|b| self.forget_at(b)).min();
        let held = self.beam_fault != Span::ZERO && self.beams.iter().any(Beam::sees);
        let stuck = held.then(|| self.last_edge + self.beam_fault);
        let low = self.low.as_ref().and_then(|low| low.next_deadline(self.beam_fault));
        let named = [
            (low, TrackerDeadline::LowRow),
            (clearing, TrackerDeadline::Debounce),
            (unseen, TrackerDeadline::Unseen),
            (stuck, TrackerDeadline::BeamFault),
        ];
        named.into_iter().filter_map(|(at, why)| Some((at?, why))).min()
    }

    /// Handles every deadline up to and including `now`.
    pub(crate) fn expire(&mut self, now: Time, out: &mut Vec<Sighting>) {
        while let Some((at, why)) = self.next_deadline() {
            if at > now {
                break;
            }
            match why {
                TrackerDeadline::Debounce => self.settle_clear_beams(now, at, out),
                TrackerDeadline::Unseen => self.forget_unseen(at, out),
                TrackerDeadline::LowRow => {}
                TrackerDeadline::BeamFault => self.retire_stuck_beams(out),
            }
            self.review_low(at, out);
        }
    }

    /// Whether a safety beam is blocked, by whatever.
    pub(crate) fn is_safety_blocked(&self) -> bool {
        let low = self.low.as_ref().is_some_and(|low| low.is_safety_blocked(&self.bodies, &self.row));
        low || self.row.safety().iter().any(|b| self.beam(*b).is_some_and(|b| b.blocked))
    }

    /// Whether a body that has not passed yet is on or between the safety beams.
    pub(crate) fn is_under_flap(&self) -> bool {
        let low = self.low.as_ref().is_some_and(|low| low.is_under_flap());
        low || self.bodies.iter().any(|b| b.reach < Reach::Through && self.touches_safety(b))
    }

    /// Whether a body, and not a stuck beam, blocks a safety beam.
    pub(crate) fn is_safety_occupied(&self) -> bool {
        let low = self.low.as_ref().is_some_and(|low| low.is_safety_occupied());
        low || self.row.safety().iter().any(|b| self.sees(*b))
    }

    fn rise(&mut self, now: Time, beam: u8, out: &mut Vec<Sighting>) {
        if let Some(b) = self.beams.get_mut(usize::from(beam)) {
            b.blocked = true;
            b.skips = 0;
            if b.health == Health::Blind {
                b.health = Health::Sound;
                out.push(Sighting::BeamFault(beam, false));
            }
        }
        let side = self.row.side(beam);
        if self.row.step(side, beam) == 1 {
            self.rejoin(side, out);
        }
        let (index, skipped) = match self.explain(now, beam) {
            Explanation::Extends { body, way, skipped } => {
                self.extend(body, beam, way, out);
                (body, skipped)
            }
            Explanation::Resumes(body) => {
                if let Some(b) = self.bodies.get_mut(body) {
                    b.unseen = None;
                }
                (body, None)
            }
            Explanation::Fresh { direction, skipped } => {
                let id = self.take_id();
                let index = self.bodies.partition_point(|b| b.low <= beam);
                self.bodies.insert(index, Body::new(id, direction, beam));
                out.push(Sighting::Approached(id, direction));
                (index, skipped)
            }
        };
        if let Some(body) = self.bodies.get_mut(index) {
            body.pace.reach(self.row.step(body.direction, beam), now);
            body.report(&self.row, out);
        }
        if let Some(skipped) = skipped {
            self.count_skip(skipped, out);
        }
    }

    fn extend(&mut self, index: usize, beam: u8, way: Direction, out: &mut Vec<Sighting>) {
        let id = BodyId(self.next_id);
        let Some(body) = self.bodies.get_mut(index) else { return };
        body.extend(beam, way);
        // Somebody who has passed and comes back is a body going the other way.
        if body.reach == Reach::Through && way != body.direction {
            out.extend([Sighting::Gone(body.id), Sighting::Approached(id, way)]);
            *body = Body { low: body.low, high: body.high, ..Body::new(id, way, beam) };
            self.next_id += 1;
        }
    }

    fn fall(&mut self, now: Time, at: Time, beam: u8, out: &mut Vec<Sighting>) {
        let Some(b) = self.beams.get_mut(usize::from(beam)) else { return };
        (b.blocked, b.clearing, b.cleared) = (false, None, Some(at));
        if b.health == Health::Stuck {
            b.health = Health::Sound;
            out.push(Sighting::BeamFault(beam, false));
            return;
        }
        let side = self.row.side(beam);
        if self.row.step(side, beam) == 0 {
            self.rejoin(side, out);
        }
        let Some(index) = self.bodies.iter().position(|b| b.unseen.is_none() && b.spans(beam)) else {
            return;
        };
        let Some(body) = self.bodies.get(index) else { return };
        if body.low == body.high {
            self.lose_sight(now, index, out);
        } else if beam == body.low || beam == body.high {
            self.trim(index, at, beam, out);
        } else if body.reach < Reach::Through {
            self.split(index, beam, out);
        }
    }

    /// A body's only beam cleared: it left, or it is between beams.
    fn lose_sight(&mut self, now: Time, index: usize, out: &mut Vec<Sighting>) {
        let Some(body) = self.bodies.get(index) else { return };
        let last = self.row.last();
        let leaves = match (body.low, body.facing) {
            (beam, _) if beam == 0 || beam == last => true,
            (beam, Direction::In) => beam + 1 == last && self.is_out_of_service(last),
            (beam, Direction::Out) => beam == 1 && self.is_out_of_service(0),
        };
        if let Some(body) = self.bodies.get_mut(index) {
            body.unseen = Some(now);
            body.report(&self.row, out);
        }
        if leaves {
            self.remove(index, out);
        }
    }

    /// Somebody who had just cleared the end beam and stepped back onto it was taken for a newcomer there,
    /// and has been unseen on the next beam since. The body at the end beam moves on or leaves now: the two
    /// become one again.
    ///
    /// Were there two, the one ahead would have cut the beam after next by now, unless it and the gap
    /// together are shorter than the pitch.
    fn rejoin(&mut self, direction: Direction, out: &mut Vec<Sighting>) {
        let [first, second] = [0, 1].map(|step| self.row.step(direction, step));
        let is_on = |b: &Body, beam| (b.low, b.high, b.direction) == (beam, beam, direction);
        let original = |b: &Body| is_on(b, second) && b.unseen.is_some() && b.facing == direction;
        let newcomer = |b: &Body| is_on(b, first) && b.unseen.is_none() && b.reach == Reach::Approach;
        let Some(newcomer) = self.bodies.iter().position(newcomer) else { return };
        let Some(original) = self.bodies.iter_mut().find(|b| original(b)) else { return };
        (original.low, original.high, original.unseen) = (first, first, None);
        self.remove(newcomer, out);
    }

    /// A beam at one end of a body cleared: it moved.
    fn trim(&mut self, index: usize, at: Time, beam: u8, out: &mut Vec<Sighting>) {
        let Some(body) = self.bodies.get(index) else { return };
        let (low, high) = (body.low, body.high);
        let (low, high, facing) = if beam == low {
            ((low..=high).find(|b| self.sees(*b)).unwrap_or(high), high, Direction::In)
        } else {
            (low, (low..=high).rfind(|b| self.sees(*b)).unwrap_or(low), Direction::Out)
        };
        let Some(body) = self.bodies.get_mut(index) else { return };
        (body.low, body.high, body.facing) = (low, high, facing);
        if facing == body.direction {
            let step = self.row.step(facing, beam);
            body.pace.clear(step, at);
            let length = body.pace.length_mm(self.row.first_pitch_mm(facing));
            if step == 1 && self.body_max_mm.zip(length).is_some_and(|(max, l)| l > u64::from(max)) {
                out.push(Sighting::Long(body.id));
            }
        }
        body.report(&self.row, out);
    }

    /// A beam in the middle of a body cleared: it is two bodies. The one ahead keeps its number.
    fn split(&mut self, index: usize, beam: u8, out: &mut Vec<Sighting>) {
        let Some(body) = self.bodies.get(index) else { return };
        let below = (body.low..beam).rfind(|b| self.sees(*b)).unwrap_or(body.low);
        let above = (beam..=body.high).find(|b| self.sees(*b)).unwrap_or(body.high);
        let id = self.take_id();
        let Some(ahead) = self.bodies.get_mut(index) else { return };
        let mut rear = Body { facing: ahead.facing, ..Body::new(id, ahead.direction, beam) };
        let place = match ahead.direction {
            Direction::In => {
                (rear.low, rear.high, ahead.low) = (ahead.low, below, above);
                index
            }
            Direction::Out => {
                (rear.low, rear.high, ahead.high) = (above, ahead.high, below);
                index + 1
            }
        };
        ahead.report(&self.row, out);
        out.push(Sighting::Approached(id, rear.direction));
        rear.report(&self.row, out);
        self.bodies.insert(place, rear);
    }

    fn settle_clear_beams(&mut self, now: Time, due: Time, out: &mut Vec<Sighting>) {
        for beam in 0..self.row.count() {
            let clearing = self.beam(beam).and_then(|b| b.clearing);
            if let Some(at) = clearing.filter(|at| *at + self.debounce <= due) {
                self.fall(now, at, beam, out);
            }
        }
    }

    fn forget_at(&self, body: &Body) -> Option<Time> {
        let under_flap = body.reach < Reach::Through && self.touches_safety(body);
        let patience = if under_flap { UNSEEN_UNDER_FLAP_MAX } else { UNSEEN_MAX };
        body.unseen.map(|since| since + patience)
    }

    fn forget_unseen(&mut self, due: Time, out: &mut Vec<Sighting>) {
        let is_due = |t: &Self, b: &Body| t.forget_at(b).is_some_and(|at| at <= due);
        while let Some(index) = self.bodies.iter().position(|b| is_due(self, b)) {
            let Some(body) = self.bodies.get(index) else { return };
            let last = self.row.last();
            let missed = match body.facing {
                Direction::In => (body.high + 1 == last).then_some(last),
                Direction::Out => (body.low == 1).then_some(0),
            };
            self.remove(index, out);
            if let Some(end) = missed {
                self.count_skip(end, out);
            }
        }
    }

    fn retire_stuck_beams(&mut self, out: &mut Vec<Sighting>) {
        for (beam, b) in (0..).zip(&mut self.beams) {
            if b.sees() {
                b.health = Health::Stuck;
                out.push(Sighting::BeamFault(beam, true));
            }
        }
        // No sound beam is blocked now, so nobody is left who can be seen.
        while let Some(index) = self.bodies.iter().position(|b| b.unseen.is_none()) {
            self.remove(index, out);
        }
    }

    fn count_skip(&mut self, beam: u8, out: &mut Vec<Sighting>) {
        let Some(b) = self.beams.get_mut(usize::from(beam)) else { return };
        if b.health != Health::Sound {
            return;
        }
        b.skips += 1;
        if b.skips >= SKIPS_MAX {
            b.health = Health::Blind;
            out.push(Sighting::BeamFault(beam, true));
        }
    }

    fn remove(&mut self, index: usize, out: &mut Vec<Sighting>) {
        if index < self.bodies.len() {
            out.push(Sighting::Gone(self.bodies.remove(index).id));
        }
    }

    fn take_id(&mut self) -> BodyId {
        let id = BodyId(self.next_id);
        self.next_id += 1;
        id
    }

    fn touches_safety(&self, body: &Body) -> bool {
        self.row.safety().iter().any(|b| body.spans(*b))
    }

    pub(super) fn beam(&self, beam: u8) -> Option<&Beam> {
        self.beams.get(usize::from(beam))
    }

    pub(super) fn sees(&self, beam: u8) -> bool {
        self.beam(beam).is_some_and(Beam::sees)
    }

    pub(super) fn is_out_of_service(&self, beam: u8) -> bool {
        self.beam(beam).is_some_and(|b| b.health != Health::Sound)
    }
}
