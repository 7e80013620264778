//! Carrying out a plan: phase by phase, each put back whatever came of it, repeated on request, going on
//! where it was broken off.

mod attempt;

use super::operator::{Next, Operator};
use super::phase::Phase;
use super::plan::Acceptance;
use super::record::{Outcome, PhaseResult};
use super::stand::{Sighting, Stand, Trouble};
use super::words;
use crate::apb::site::Site;
use crate::apb::time::{Span, Time};
use attempt::{Attempt, carry_out};
use std::io;

/// While an answer is waited for, and while something is watched, it is looked so often whether there is one,
/// and whether somebody wants to break off.
const LOOKS_EVERY: Span = Span::millis(50);

/// How a plan is carried out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What the clock on the wall showed when the stand's clock showed zero, milliseconds since 1970 in UTC.
    pub epoch_ms: u64,
}

/// Why a commissioning ended before its plan did.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// What was done could not be kept.
    #[error("cannot keep what was done: {0}; free some space and go on from where it is")]
    Keep(#[from] io::Error),
}

/// A plan being carried out.
#[derive(Debug)]
pub struct Commissioning<'a> {
    plan: &'a Acceptance,
    site: &'a Site,
    options: Options,
    /// What has come of each phase so far, in the plan's order.
    results: Vec<Option<PhaseResult>>,
}

impl<'a> Commissioning<'a> {
    /// A plan of which nothing is done.
    pub fn new(plan: &'a Acceptance, site: &'a Site, options: Options) -> Self {
        Self { plan, site, options, results: vec![None; plan.phases.len()] }
    }

    /// Takes over what was done before a break; what the plan does not have is left out.
    pub fn resume(&mut self, done: Vec<PhaseResult>) {
        for result in done {
            let index = self.plan.phases.iter().position(|p| p.id == result.id);
            if let Some(slot) = index.and_then(|i| self.results.get_mut(i)) {
                *slot = Some(result);
            }
        }
    }

    /// What has come of the plan so far, in its order.
    pub fn results(&self) -> Vec<PhaseResult> {
        self.results.iter().flatten().cloned().collect()
    }

    /// Whether every phase has a result.
    pub fn is_complete(&self) -> bool {
        self.results.iter().all(Option::is_some)
    }

    /// Carries out what is not done yet. `keep` gets each result as soon as it stands; a later one of the
    /// same phase replaces it. Ends early, without an error, when the operator says so.
    ///
    /// # Errors
    /// If `keep` fails.
    pub fn run(
        &mut self,
        stand: &mut dyn Stand,
        operator: &mut dyn Operator,
        keep: &mut dyn FnMut(&PhaseResult) -> io::Result<()>,
    ) -> Result<(), Broken> {
        let plan = self.plan;
        let count = plan.phases.len();
        let mut index = 0;
        let mut again = vec![false; count];
        while let Some(phase) = plan.phases.get(index) {
            let is_done = self.results.get(index).is_some_and(Option::is_some);
            if is_done && !again.get(index).copied().unwrap_or_default() {
                index += 1;
                continue;
            }
            if operator.is_stopping() {
                return Ok(());
            }
            operator.begins((index + 1, count), &phase.place.title(self.site), phase);
            let Some(result) = self.attempt(index, phase, (stand, operator)) else { return Ok(()) };
            let next = operator.settle(&result, &mut || meanwhile(self.site, stand, |_, _| {}));
            let result = overruled(result, &next);
            keep(&result)?;
            if let Some(slot) = self.results.get_mut(index) {
                *slot = Some(result);
            }
            match next {
                Next::Repeat => again[index] = true,
                Next::RepeatPlace => {
                    let first = plan.phases.iter().position(|p| p.place == phase.place).unwrap_or(index);
                    again[first..=index].fill(true);
                    index = first;
                }
                Next::Stop => return Ok(()),
                Next::GoOn | Next::Skip(_) | Next::Fail(_) => {
                    again[index] = false;
                    index += 1;
                }
            }
        }
        Ok(())
    }

    /// Carries out one phase once; `None`: the operator breaks off.
    fn attempt(
        &self,
        index: usize,
        phase: &Phase,
        (stand, operator): (&mut dyn Stand, &mut dyn Operator),
    ) -> Option<PhaseResult> {
        let start = stand.now();
        let Attempt { outcome, reason, measurements, log } = carry_out(self.site, phase, stand, operator)?;
        let earlier = self.results.get(index).and_then(Option::as_ref);
        let was_bad = earlier.is_some_and(|e| e.outcome.is_bad() || e.outcome == Outcome::Flaky);
        let is_flaky = was_bad && outcome == Outcome::Pass;
        let mut failures = earlier.map(|e| e.failures.clone()).unwrap_or_default();
        if outcome.is_bad() {
            failures.push(reason.clone());
        }
        let ms = |at: Time| self.options.epoch_ms.saturating_add(at.0 / 1_000);
        Some(PhaseResult {
            id: phase.id.clone(),
            title: phase.title(),
            kind: phase.kind.name().into(),
            place_kind: phase.place.kind().into(),
            place: phase.place.name(self.site),
            outcome: if is_flaky { Outcome::Flaky } else { outcome },
            reason,
            attempts: earlier.map_or(0, |e| e.attempts).saturating_add(1),
            failures,
            start_ms: ms(start),
            end_ms: ms(stand.now()),
            measurements,
            log,
        })
    }
}

/// Lets the stand go on for a moment; what is seen in it, in words. `see` gets each sighting with its words.
fn meanwhile(
    site: &Site,
    stand: &mut dyn Stand,
    mut see: impl FnMut(&Sighting, &str),
) -> Result<Vec<(Time, String)>, Trouble> {
    let mut texts = Vec::new();
    let until = stand.now() + LOOKS_EVERY;
    stand.watch(until, &mut |sighting| {
        let text = words::sighting(&sighting.what, site);
        see(sighting, &text);
        texts.push((sighting.at, text));
        false
    })?;
    Ok(texts)
}

/// The result as the operator wants it.
fn overruled(result: PhaseResult, next: &Next) -> PhaseResult {
    match next {
        Next::Skip(reason) => PhaseResult { outcome: Outcome::Skipped, reason: reason.clone(), ..result },
        Next::Fail(reason) => {
            let mut failures = result.failures;
            failures.push(reason.clone());
            PhaseResult { outcome: Outcome::Fail, reason: reason.clone(), failures, ..result }
        }
        Next::GoOn | Next::Repeat | Next::RepeatPlace | Next::Stop => result,
    }
}
