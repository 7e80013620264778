//! What a rising edge means.

use super::body::Body;
use super::tracker::{Tracker, UNSEEN_MAX};
use crate::apb::id::Direction;
use crate::apb::time::Time;

/// What a rising edge means; the numbers are places in the list of bodies.
pub(super) enum Explanation {
    /// The body has reached one more beam this way, stepping over another one if `skipped`.
    Extends { body: usize, way: Direction, skipped: Option<u8> },
    /// The body is where it was last seen, or closes a hole in its span.
    Resumes(usize),
    /// A body that was not there before, stepping over the end beam if `skipped`.
    Fresh { direction: Direction, skipped: Option<u8> },
}

impl Tracker {
    /// The explanations of a rising edge, likeliest first.
    pub(super) fn explain(&self, now: Time, beam: u8) -> Explanation {
        let seen = |b: &Body| b.unseen.is_none();
        let hole = self.bodies.iter().position(|b| seen(b) && b.spans(beam));
        if let Some(body) = hole {
            return Explanation::Resumes(body);
        }
        if let Some(extends) = self.extending(beam, 0, |b, way| b.facing == way) {
            return extends;
        }
        if let Some(body) = self.bodies.iter().position(|b| b.spans(beam)) {
            return Explanation::Resumes(body);
        }
        let lost = |b: &Body, way: Direction| {
            b.facing == way && (!seen(b) || self.is_out_of_service(behind(beam, way)))
        };
        if let Some(extends) = self.extending(beam, 1, lost) {
            return extends;
        }
        let fresh = Explanation::Fresh { direction: self.row.side(beam), skipped: self.missed(now, beam) };
        // At an end beam a newcomer is likelier than somebody who has just cleared it and steps back onto it.
        // Should it be the latter, `rejoin` mends it.
        if beam == 0 || beam == self.row.last() || self.has_just_cleared_the_end(now, beam) {
            return fresh;
        }
        self.extending(beam, 0, |_, _| true)
            .or_else(|| self.extending(beam, 1, |b, way| b.facing == way))
            .unwrap_or(fresh)
    }

    /// The foremost body that meets this beam after stepping over `skipped` others and fits.
    fn extending(
        &self,
        beam: u8,
        skipped: u8,
        fits: impl Fn(&Body, Direction) -> bool,
    ) -> Option<Explanation> {
        let candidate = |b: &Body, way| b.meets(beam, way, skipped) && fits(b, way);
        let inwards = self.bodies.iter().rposition(|b| candidate(b, Direction::In));
        let outwards = self.bodies.iter().position(|b| candidate(b, Direction::Out));
        let is_seen = |body: &usize| self.bodies.get(*body).is_some_and(|b| b.unseen.is_none());
        let (body, way) = match (inwards, outwards) {
            (Some(a), Some(b)) if !is_seen(&a) && is_seen(&b) => (b, Direction::Out),
            (Some(a), _) => (a, Direction::In),
            (None, Some(b)) => (b, Direction::Out),
            (None, None) => return None,
        };
        let over = (skipped > 0).then(|| behind(beam, way));
        if over.is_some_and(|b| self.sees(b)) {
            return None;
        }
        Some(Explanation::Extends { body, way, skipped: over })
    }

    /// Whether the end beam before this one cleared at this very instant: a body as deep as they are apart.
    fn has_just_cleared_the_end(&self, now: Time, beam: u8) -> bool {
        let side = self.row.side(beam);
        let end = self.beam(self.row.step(side, 0));
        self.row.step(side, beam) == 1 && end.is_some_and(|b| b.cleared == Some(now))
    }

    /// The beam that a newcomer at `beam` should have cut and did not, if there is just one.
    fn missed(&self, now: Time, beam: u8) -> Option<u8> {
        let side = self.row.side(beam);
        let first = self.row.step(side, 0);
        let recent = self.beam(first).is_some_and(|b| b.cleared.is_some_and(|t| now.since(t) < UNSEEN_MAX));
        match self.row.step(side, beam) {
            1 if !recent && !self.sees(first) => Some(first),
            2 if recent => Some(self.row.step(side, 1)),
            _ => None,
        }
    }
}

/// The beam a body that moves this way meets before `beam`.
fn behind(beam: u8, way: Direction) -> u8 {
    match way {
        Direction::In => beam.saturating_sub(1),
        Direction::Out => beam.saturating_add(1),
    }
}
