//! What all panels told of one holder, merged in order of the time at which it happened.
//!
//! Reports come in any order: a panel that was cut off tells hours later. A history keeps what was told for
//! as long as something older may still come in between, so that the result never depends on the order in
//! which it came.

use super::event::Claim;
use crate::apb::id::{AreaId, PanelId, ReaderId};
use crate::apb::journal::Cause;
use crate::apb::ledger::{Location, Standing};
use crate::apb::time::{Span, Time};
use serde::{Deserialize, Serialize};

/// One thing that was told of where a holder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// When it happened, by the clock of whoever told.
    pub at: Time,
    /// The panel that told; `None`: the host itself, by an operator's order or by the clock.
    pub panel: Option<PanelId>,
    /// The reader that was used.
    pub reader: Option<ReaderId>,
    /// Where the reader leads from.
    pub from: Option<AreaId>,
    /// Where the panel believed the holder to be before.
    pub believed: Location,
    /// Where the holder is then.
    pub to: Location,
    /// Why.
    pub cause: Cause,
}

impl Step {
    /// The order of steps: by time, and of the same instant the host's own first.
    fn key(&self) -> (Time, Option<PanelId>, Option<ReaderId>) {
        (self.at, self.panel, self.reader)
    }

    fn claim(&self) -> Option<Claim> {
        let Location::In(to) = self.to else { return None };
        Some(Claim { panel: self.panel?, at: self.at, reader: self.reader, to })
    }

    /// Whether `next`, which walked, cannot have come from here, and its panel did not know.
    fn contradicts(&self, next: &Self) -> bool {
        let Location::In(place) = self.to else { return false };
        let walked = next.cause == Cause::Access && next.from.is_some_and(|from| from != place);
        walked && self.panel.is_some() && self.panel != next.panel && next.believed != self.to
    }
}

/// What the merged history says of a holder's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolved {
    /// Where.
    pub location: Location,
    /// Since when.
    pub since: Time,
    /// When the holder last moved by using a grant.
    pub moved_at: Option<Time>,
    /// The reader of that move.
    pub last_reader: Option<ReaderId>,
}

/// A step, and whether it was stamped with a time that was still to come: its panel's clock is wrong.
type Stamped = (Step, bool);

/// The steps of one holder that are not settled yet, in order of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// So far clocks may be apart.
    skew: Span,
    /// The last step that is settled, and what it left.
    base: (Stamped, Resolved),
    /// The others.
    steps: Vec<Stamped>,
    /// Contradictions among what happened up to here have been told.
    disputed_until: Option<Time>,
}

impl History {
    /// A history that begins with what is known of a holder, told by the panel of the last reader. Clocks may
    /// be as far apart as `skew`.
    pub fn new(standing: &Standing, panel: Option<PanelId>, skew: Span) -> Self {
        let Standing { location, since, moved_at, last_reader, .. } = *standing;
        let walked = moved_at == Some(since);
        let step = Step {
            at: since,
            panel: panel.filter(|_| walked),
            reader: last_reader.filter(|_| walked),
            from: None,
            believed: location,
            to: location,
            cause: Cause::Report,
        };
        let base = ((step, false), Resolved { location, since, moved_at, last_reader });
        Self { skew, base, steps: Vec::new(), disputed_until: None }
    }

    /// Adds a step where it belongs; one that is there already, or that came before what is settled, changes
    /// nothing. The two sides of a contradiction that has not been told yet come back, the earlier first.
    ///
    /// Who came later wins. If the two are no further apart than clocks may be, or if one is stamped with a
    /// time that is still to come, nobody knows who came later, and so where the holder is.
    pub fn insert(&mut self, step: Step, now: Time) -> Option<(Claim, Claim)> {
        let index = self.steps.partition_point(|(s, _)| s.key() < step.key());
        let is_here = self.steps.get(index).is_some_and(|(s, _)| s.key() == step.key());
        if is_here || step.key() <= self.base.0.0.key() {
            return None;
        }
        let is_ahead = step.at > now + self.skew;
        self.steps.insert(index, (step, is_ahead));
        // Nobody's presence has expired who went somewhere else before.
        let expired = |s: &Self| s.steps.get(index + 1).is_some_and(|(s, _)| s.cause == Cause::Expiry);
        while step.cause != Cause::Expiry && expired(self) {
            self.steps.remove(index + 1);
        }
        let before = index.checked_sub(1).map_or(Some(&self.base.0), |i| self.steps.get(i));
        let around =
            [(before.map(|s| s.0), Some(step)), (Some(step), self.steps.get(index + 1).map(|s| s.0))];
        let mut told = None;
        for (first, second) in around.into_iter().filter_map(|(a, b)| a.zip(b)) {
            let is_known = self.disputed_until.is_some_and(|until| second.at <= until);
            if first.contradicts(&second) && !is_known && told.is_none() {
                told = first.claim().zip(second.claim());
            }
        }
        if told.is_some() {
            self.disputed_until = Some(now);
        }
        told
    }

    /// Where the holder is, as far as it is known.
    pub fn resolved(&self) -> Resolved {
        let (base, place) = self.base;
        self.steps
            .iter()
            .fold((base, place), |(before, place), step| (*step, self.after(&before, place, step)))
            .1
    }

    /// Nothing older than this comes any more. Returns whether nothing is open: the history can be forgotten.
    pub fn settle(&mut self, horizon: Time) -> bool {
        while let Some(step) = self.steps.first().copied().filter(|(s, _)| s.at < horizon) {
            let (before, place) = self.base;
            self.base = (step, self.after(&before, place, &step));
            self.steps.remove(0);
        }
        self.steps.is_empty() && self.base.0.0.at < horizon
    }

    fn after(&self, before: &Stamped, place: Resolved, (step, is_ahead): &Stamped) -> Resolved {
        let is_close = step.at.since(before.0.at) <= self.skew || *is_ahead || before.1;
        let is_doubtful = is_close && before.0.contradicts(step);
        let location = if is_doubtful { Location::Unknown } else { step.to };
        let (moved_at, last_reader) = match step.cause {
            Cause::Access | Cause::Report => (Some(step.at), step.reader),
            Cause::Reset | Cause::Fire | Cause::Amnesty | Cause::Removal | Cause::Change => (None, None),
            Cause::Expiry | Cause::Muster | Cause::Seen | Cause::PowerCut | Cause::Conflict => {
                (place.moved_at, place.last_reader)
            }
        };
        Resolved { location, since: step.at, moved_at, last_reader }
    }
}

#[cfg(test)]
#[path = "history_tests.rs"]
mod tests;
