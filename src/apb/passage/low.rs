//! A second row of beams near the floor, and who is seen by it alone.
//!
//! Near the floor everybody shows: feet before and behind the body they belong to, what people pull behind
//! them, and whoever crawls below the main row. Of all that the low row sees, feet belong to a body of the
//! main row that is near, and luggage to one it follows within its length; what is neither for a moment is
//! somebody.
//!
//! Limits, by construction: who crawls behind somebody shows where he is further behind than luggage may be,
//! for as long as a doubt lasts: nobody who is no longer than luggage and stays as near, and whoever is a
//! little longer not for certain. Several who crawl at a time count as one, and so do several who crawl one
//! after another with less than [`GONE`] between them. What people push is before them: it counts as
//! somebody, and whoever pushes it as the next one.

use super::body::{Body, BodyId, Reach, Sighting};
use super::row::Row;
use super::tracker::Tracker;
use crate::apb::id::Direction;
use crate::apb::site::LowRow;
use crate::apb::time::{Span, Time};
use serde::{Deserialize, Serialize};

/// A foot is no further before or behind its body, millimetres. Assumed: so far a leg is ahead of the torso
/// at 1.2 m/s, a quarter of a metre above the floor; that of somebody who runs is, for less than a doubt.
const FOOT_MM: u32 = 250;

/// What neither is a foot nor luggage is somebody after so long. Assumed: a foot is followed by its body
/// within 0.27 s at any speed.
const DOUBT: Span = Span::millis(300);

/// Who has not been seen for so long is gone. As long as for bodies of the main row.
const GONE: Span = Span::seconds(1);

/// The last of what somebody pulls follows them out within this. Assumed: a trolley's length at 0.3 m/s.
const FOLLOWS_MAX: Span = Span::seconds(3);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    #[default]
    Clear,
    Cut,
    /// Cut for so long while nothing else moved that it is taken for broken.
    Stuck,
}

/// Somebody whom only this row sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Somebody {
    id: BodyId,
    direction: Direction,
    reach: Reach,
    /// Whether they are, or were when last seen, on or between the beams by the flap.
    at_flap: bool,
    /// Since when nothing has been seen of them.
    unseen: Option<Time>,
}

/// Somebody of the main row who has passed, and then left; what they pull follows at their speed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Leaver {
    id: BodyId,
    direction: Direction,
    passed: Time,
    left: Option<Time>,
}

impl Leaver {
    /// Until when their luggage, so long, may cut a beam at this place: at the speed at which they went from
    /// the safety beam to the last one, as long as what is left of its length takes. `None`: it never may, or
    /// they have not left.
    fn follows_until(&self, x: u32, luggage_mm: u32, row: &Row) -> Option<Time> {
        let end = row.x_mm(row.step(self.direction, row.last()));
        let to_go = match self.direction {
            Direction::In => end.saturating_sub(x),
            Direction::Out => x.saturating_sub(end),
        };
        let left = self.left?;
        let (way, took) = (row.way_out_mm(self.direction).max(1), left.since(self.passed).0);
        let lasts = took.saturating_mul(u64::from(luggage_mm.checked_sub(to_go)?)) / u64::from(way);
        Some(left + Span(lasts.min(FOLLOWS_MAX.0)))
    }
}

/// Where a body of the main row may be, millimetres from the outer end.
struct Extent {
    direction: Direction,
    from: u32,
    to: u32,
}

impl Extent {
    fn of(body: &Body, row: &Row) -> Self {
        let last = row.last();
        let from = row.x_mm(body.low.saturating_sub(1));
        let to = row.x_mm(body.high.saturating_add(1).min(last));
        Self { direction: body.direction, from, to }
    }

    fn has_foot_at(&self, x: u32) -> bool {
        x.saturating_add(FOOT_MM) >= self.from && x <= self.to.saturating_add(FOOT_MM)
    }

    fn pulls_at(&self, x: u32, luggage_mm: u32) -> bool {
        match self.direction {
            Direction::In => x.saturating_add(luggage_mm) >= self.from && x <= self.to,
            Direction::Out => x >= self.from && x <= self.to.saturating_add(luggage_mm),
        }
    }
}

/// The row near the floor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Low {
    x_mm: Vec<u32>,
    luggage_mm: u32,
    states: Vec<State>,
    last_edge: Time,
    /// Since when something has been cut by neither feet nor luggage, and nobody has been told yet.
    doubt: Option<Time>,
    somebody: Option<Somebody>,
    leavers: Vec<Leaver>,
    /// When luggage that cuts a beam should next have gone from it.
    luggage_gone: Option<Time>,
}

impl Low {
    pub(super) fn new(row: &LowRow) -> Self {
        let x_mm: Vec<u32> = row.x_mm.iter().copied().take(usize::from(u8::MAX)).collect();
        let states = vec![State::Clear; x_mm.len()];
        let (doubt, somebody, leavers, luggage_gone) = (None, None, Vec::new(), None);
        let (luggage_mm, last_edge) = (row.luggage_mm, Time::ZERO);
        Self { x_mm, luggage_mm, states, last_edge, doubt, somebody, leavers, luggage_gone }
    }

    /// A beam was cut or cleared; `first` is what this row's first one is called outside. Beams out of range
    /// and repeated states are ignored.
    pub(super) fn edge(&mut self, now: Time, beam: u8, cut: bool, first: u8, out: &mut Vec<Sighting>) {
        let Some(state) = self.states.get_mut(usize::from(beam)) else { return };
        if cut == (*state != State::Clear) {
            return;
        }
        if *state == State::Stuck {
            out.push(Sighting::BeamFault(first.saturating_add(beam), false));
        }
        *state = if cut { State::Cut } else { State::Clear };
        self.last_edge = now;
    }

    /// When this row has something to say without an edge.
    pub(super) fn next_deadline(&self, beam_fault: Span) -> Option<Time> {
        let held = beam_fault != Span::ZERO && self.states.contains(&State::Cut);
        let gone = self.somebody.as_ref().and_then(|s| s.unseen).map(|since| since + GONE);
        let stuck = held.then(|| self.last_edge + beam_fault);
        [self.doubt.map(|since| since + DOUBT), gone, self.luggage_gone, stuck].into_iter().flatten().min()
    }

    /// Whether something other than a foot is on or between the beams by the flap. What stays there until
    /// its beam is taken for broken is no foot.
    pub(super) fn is_safety_blocked(&self, bodies: &[Body], row: &Row) -> bool {
        let extents: Vec<Extent> = bodies.iter().map(|b| Extent::of(b, row)).collect();
        let mut by_the_flap = self.x_mm.iter().zip(&self.states).filter(|(x, _)| is_by_flap(**x, row));
        by_the_flap.any(|(x, state)| match state {
            State::Clear => false,
            State::Cut => !extents.iter().any(|e| e.has_foot_at(*x)),
            State::Stuck => true,
        })
    }

    /// Whether somebody whom only this row sees is where the flap would hit them, and has not passed yet.
    pub(super) fn is_under_flap(&self) -> bool {
        self.somebody.as_ref().is_some_and(|s| s.at_flap && s.reach < Reach::Through)
    }

    /// Whether somebody whom only this row sees, and not a broken beam, cuts it by the flap.
    pub(super) fn is_safety_occupied(&self) -> bool {
        self.somebody.as_ref().is_some_and(|s| s.at_flap && s.unseen.is_none())
    }

    /// Takes stock of who is there by now.
    pub(super) fn review(
        &mut self,
        now: Time,
        (bodies, row): (&[Body], &Row),
        (first, beam_fault): (u8, Span),
        next_id: &mut u64,
        out: &mut Vec<Sighting>,
    ) {
        self.retire_stuck_beams(now, first, beam_fault, out);
        self.note_leavers(now, bodies, row);
        let places = self.unexplained(now, bodies, row);
        if self.somebody.is_some() {
            self.follow(now, &places, row, out);
            return;
        }
        let inside: Vec<u32> = places.into_iter().filter(|x| is_inside(*x, row)).collect();
        if inside.is_empty() {
            self.doubt = None;
            return;
        }
        if *self.doubt.get_or_insert(now) + DOUBT > now {
            return;
        }
        self.doubt = None;
        let behind_the_flap = row.x_mm(row.step(Direction::In, row.far(Direction::In)));
        let from_outside = inside.iter().any(|x| *x < behind_the_flap);
        let direction = if from_outside { Direction::In } else { Direction::Out };
        let id = BodyId(*next_id);
        *next_id += 1;
        out.extend([Sighting::Approached(id, direction), Sighting::Entered(id)]);
        self.somebody = Some(Somebody { id, direction, reach: Reach::Entry, at_flap: false, unseen: None });
        self.follow(now, &inside, row, out);
    }

    /// Where the row is cut.
    fn cut(&self) -> impl Iterator<Item = u32> {
        self.x_mm.iter().zip(&self.states).filter(|(_, s)| **s == State::Cut).map(|(x, _)| *x)
    }

    /// Where it is cut by neither feet nor luggage.
    fn unexplained(&mut self, now: Time, bodies: &[Body], row: &Row) -> Vec<u32> {
        let extents: Vec<Extent> = bodies.iter().map(|b| Extent::of(b, row)).collect();
        let luggage_mm = self.luggage_mm;
        let (mut places, mut gone) = (Vec::new(), None);
        for x in self.cut() {
            let here = extents.iter().any(|e| e.has_foot_at(x) || e.pulls_at(x, luggage_mm));
            let follows = self.leavers.iter().filter_map(|l| l.follows_until(x, luggage_mm, row));
            let until = follows.filter(|until| *until > now).max();
            if !here && until.is_none() {
                places.push(x);
            } else if !here {
                gone = [gone, until].into_iter().flatten().min();
            }
        }
        self.luggage_gone = gone;
        places
    }

    /// Who has passed, who has left, and whose luggage has followed by now.
    fn note_leavers(&mut self, now: Time, bodies: &[Body], row: &Row) {
        for body in bodies.iter().filter(|b| b.reach == Reach::Through) {
            if !self.leavers.iter().any(|l| l.id == body.id) {
                let Body { id, direction, .. } = *body;
                self.leavers.push(Leaver { id, direction, passed: now, left: None });
            }
        }
        for leaver in self.leavers.iter_mut().filter(|l| l.left.is_none()) {
            leaver.left = (!bodies.iter().any(|b| b.id == leaver.id)).then_some(now);
        }
        let luggage_mm = self.luggage_mm;
        self.leavers.retain(|l| {
            let end = row.x_mm(row.step(l.direction, row.last()));
            l.follows_until(end, luggage_mm, row).is_none_or(|until| until > now)
        });
    }

    /// What somebody does whom this row alone sees, at these places.
    fn follow(&mut self, now: Time, places: &[u32], row: &Row, out: &mut Vec<Sighting>) {
        let Some(somebody) = &mut self.somebody else { return };
        let [near, far] = row.safety().map(|beam| row.x_mm(beam));
        let is_past = |x: u32, line: u32| match somebody.direction {
            Direction::In => x >= line,
            Direction::Out => x <= line,
        };
        let (near, far) = match somebody.direction {
            Direction::In => (near, far),
            Direction::Out => (far, near),
        };
        if places.is_empty() {
            // Whoever is thinner than the pitch has cleared the beam he cut last.
            let since = *somebody.unseen.get_or_insert(now);
            if since + GONE <= now {
                out.push(Sighting::Gone(somebody.id));
                self.somebody = None;
            }
            return;
        }
        somebody.unseen = None;
        somebody.at_flap = places.iter().any(|x| is_by_flap(*x, row));
        if somebody.reach < Reach::Flap && places.iter().any(|x| is_past(*x, near)) {
            somebody.reach = Reach::Flap;
            out.push(Sighting::AtFlap(somebody.id));
        }
        let is_through = places.iter().all(|x| is_past(*x, far) && *x != far);
        if somebody.reach < Reach::Through && is_through {
            somebody.reach = Reach::Through;
            out.push(Sighting::Passed(somebody.id));
        }
    }

    fn retire_stuck_beams(&mut self, now: Time, first: u8, beam_fault: Span, out: &mut Vec<Sighting>) {
        let held = beam_fault != Span::ZERO && self.states.contains(&State::Cut);
        if !held || self.last_edge + beam_fault > now {
            return;
        }
        for (beam, state) in (0..).zip(&mut self.states).filter(|(_, s)| **s == State::Cut) {
            *state = State::Stuck;
            out.push(Sighting::BeamFault(first.saturating_add(beam), true));
        }
    }
}

impl Tracker {
    /// What the row near the floor makes of the bodies of this one.
    pub(super) fn review_low(&mut self, now: Time, out: &mut Vec<Sighting>) {
        let (first, beam_fault) = (self.row.count(), self.beam_fault);
        let Some(low) = &mut self.low else { return };
        low.review(now, (&self.bodies, &self.row), (first, beam_fault), &mut self.next_id, out);
    }
}

/// Whether this place is inside the lane, no further out than where bodies of the main row count as entered.
fn is_inside(x: u32, row: &Row) -> bool {
    let [outer, inner] = Direction::BOTH.map(|way| row.x_mm(row.step(way, row.entry(way))));
    (outer..=inner).contains(&x)
}

/// Whether this place is on or between the beams by the flap.
fn is_by_flap(x: u32, row: &Row) -> bool {
    let [near, far] = row.safety().map(|beam| row.x_mm(beam));
    (near..=far).contains(&x)
}
