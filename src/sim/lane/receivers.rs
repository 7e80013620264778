//! Receivers: what the electronics behind a pair of beams make of its being cut.
//!
//! The pairs of a lane are looked at one after the other, again and again: a pair notices what has changed
//! when it is next looked at, and never what has passed by then. Now and then one is mistaken for a moment.

use crate::apb::time::{Span, Time};
use crate::scenario::plan::ReceiverPlan;
use crate::sim::chance;
use bevy::prelude::*;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;

/// The receivers of one lane.
#[derive(Component, Debug)]
pub struct Receivers {
    /// How long a round of looking at every pair takes; zero: no time.
    scan: Span,
    pairs: Vec<Pair>,
    noise: Option<Noise>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Pair {
    /// Whether something cuts it.
    cut: bool,
    /// Until when it is mistaken.
    mistaken: Option<Time>,
    /// When it is looked at next, if there may be news.
    look: Option<Time>,
    /// What it said last.
    says: bool,
}

/// When pairs are mistaken.
#[derive(Debug)]
struct Noise {
    /// Mean time between two mistakes of any pair of the lane, µs.
    every_us: f64,
    lasts: Span,
    next: Time,
    rng: ChaCha8Rng,
}

impl Noise {
    fn draw_next(&mut self) {
        let wait = chance::exponential(&mut self.rng, self.every_us);
        self.next = self.next + Span((wait as u64).saturating_add(1));
    }
}

impl Receivers {
    /// Receivers of so many clear pairs; `rng` decides when they are mistaken.
    pub fn new(plan: &ReceiverPlan, pairs: usize, rng: impl FnOnce() -> ChaCha8Rng) -> Self {
        let noisy = plan.noise_per_hour > 0.0 && pairs > 0;
        let noise = noisy.then(|| {
            let every_us = 3.6e9 / (plan.noise_per_hour * pairs as f64);
            let mut noise = Noise { every_us, lasts: plan.noise_lasts, next: Time::ZERO, rng: rng() };
            noise.draw_next();
            noise
        });
        Self { scan: plan.scan, pairs: vec![Pair::default(); pairs], noise }
    }

    /// The next instant at which a receiver may say something though no beam is cut or cleared.
    pub fn next_due(&self) -> Option<Time> {
        let looks = self.pairs.iter().flat_map(|p| [p.look, p.mistaken]).flatten();
        looks.chain(self.noise.as_ref().map(|n| n.next)).min()
    }

    /// Takes in the edges up to `end`, in order of time, and says what the receivers report.
    pub(in crate::sim) fn hear(
        &mut self,
        edges: impl IntoIterator<Item = (Time, u8, bool)>,
        end: Time,
    ) -> Vec<(Time, u8, bool)> {
        let mut said = Vec::new();
        for (at, beam, blocked) in edges {
            self.run(at, &mut said);
            if let Some(pair) = self.pairs.get_mut(usize::from(beam)) {
                pair.cut = blocked;
                self.changed(at, usize::from(beam), &mut said);
            }
        }
        self.run(Time(end.0 + 1), &mut said);
        said
    }

    /// Everything that happens by itself before this time.
    fn run(&mut self, before: Time, said: &mut Vec<(Time, u8, bool)>) {
        while let Some(due) = self.next_due().filter(|due| *due < before) {
            if let Some(noise) = self.noise.as_mut().filter(|n| n.next == due) {
                let (beam, until) = (noise.rng.random_range(0..self.pairs.len()), due + noise.lasts);
                noise.draw_next();
                self.pairs[beam].mistaken = Some(until);
                self.changed(due, beam, said);
            }
            for beam in 0..self.pairs.len() {
                if self.pairs[beam].mistaken == Some(due) {
                    self.pairs[beam].mistaken = None;
                    self.changed(due, beam, said);
                }
                if self.pairs[beam].look == Some(due) {
                    self.look(due, beam, said);
                }
            }
        }
    }

    /// Something about a pair has changed: it is looked at in its turn.
    fn changed(&mut self, at: Time, beam: usize, said: &mut Vec<(Time, u8, bool)>) {
        if self.scan == Span::ZERO {
            self.look(at, beam, said);
            return;
        }
        let (scan, pairs) = (self.scan.0, self.pairs.len() as u64);
        let turn = scan * beam as u64 / pairs;
        let look = Time(turn + at.0.saturating_sub(turn).div_ceil(scan) * scan);
        self.pairs[beam].look.get_or_insert(look);
    }

    fn look(&mut self, at: Time, beam: usize, said: &mut Vec<(Time, u8, bool)>) {
        let pair = &mut self.pairs[beam];
        pair.look = None;
        let blocked = pair.cut != pair.mistaken.is_some();
        if std::mem::replace(&mut pair.says, blocked) != blocked
            && let Ok(beam) = u8::try_from(beam)
        {
            said.push((at, beam, blocked));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::rng::SimRng;

    const MS: fn(u64) -> Time = |n| Time(n * 1_000);

    fn receivers(scan_ms: u64, noise_per_hour: f64) -> Receivers {
        let noise_lasts = Span::millis(5);
        let plan = ReceiverPlan { scan: Span::millis(scan_ms), noise_per_hour, noise_lasts };
        Receivers::new(&plan, 4, || SimRng::new(3).named("test"))
    }

    #[test]
    fn without_a_scan_every_edge_is_told_at_once() {
        let edges = [(MS(1), 0, true), (MS(2), 0, false), (MS(3), 3, true)];
        assert_eq!(receivers(0, 0.0).hear(edges, MS(10)), edges);
    }

    #[test]
    fn a_pair_is_told_when_it_is_looked_at_and_a_blip_between_two_looks_never() {
        let mut receivers = receivers(8, 0.0);
        // Pair 1 is looked at 2 ms after pair 0, every 8 ms.
        let edges = [(MS(1), 0, true), (MS(3), 1, true), (MS(9), 1, false)];
        assert_eq!(receivers.hear(edges, MS(9)), [(MS(8), 0, true)]);
        assert_eq!(receivers.next_due(), Some(MS(10)));
        assert_eq!(receivers.hear([], MS(20)), []);
        assert_eq!(receivers.next_due(), None);
    }

    #[test]
    fn noise_comes_as_often_as_it_should_and_goes_again() {
        let mut receivers = receivers(0, 100.0);
        let said = receivers.hear([], Time::ZERO + Span::minutes(600));
        // 4 pairs, 100 an hour each, 10 h, on and off; two standard deviations are 126.
        assert!((7_700..8_300).contains(&said.len()), "{}", said.len());
        let mistaken = said.iter().filter(|s| s.2).count();
        assert!(said.len() - 2 * mistaken <= 1);
        assert!(said.is_sorted_by_key(|s| s.0));
    }

    #[test]
    fn noise_that_is_hardly_ever_there_does_not_come() {
        let mut receivers = receivers(0, 1e-300);
        assert_eq!(receivers.hear([], Time::ZERO + Span::minutes(600)), []);
        assert_eq!(receivers.next_due(), Some(Time(u64::MAX)));
    }

    #[test]
    fn quiet_receivers_draw_nothing() {
        let plan = ReceiverPlan::default();
        let receivers = Receivers::new(&plan, 6, || unreachable!("nothing is random here"));
        assert_eq!(receivers.next_due(), None);
    }
}
