//! The network between panels and host: it takes its time, and while a fault holds it loses, repeats, holds
//! up or carries nothing.

use super::rng::SimRng;
use crate::apb::domain::Letter;
use crate::apb::id::PanelId;
use crate::apb::time::{Span, Time};
use crate::scenario::fault::{Fault, FaultKind, Trouble};
use crate::scenario::plan::WirePlan;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use std::collections::BTreeMap;

/// A message that is held up takes up to this many times as long as any other.
const HELD_UP: u64 = 10;

/// Messages on their way.
#[derive(Debug)]
pub(super) struct Wire {
    plan: WirePlan,
    faults: Vec<Fault>,
    rng: ChaCha8Rng,
    /// By time of arrival, then by number.
    letters: BTreeMap<(Time, u64), Letter>,
    next_number: u64,
    /// When the last message arrives that nothing held up, by panel, upwards and downwards: others do not
    /// overtake it.
    last: BTreeMap<(PanelId, bool), Time>,
}

impl Wire {
    pub(super) fn new(plan: WirePlan, faults: &[Fault], rng: SimRng) -> Self {
        let is_link = |f: &&Fault| matches!(f.kind, FaultKind::Link { .. });
        Self {
            plan,
            faults: faults.iter().filter(is_link).copied().collect(),
            rng: rng.named("wire"),
            letters: BTreeMap::new(),
            next_number: 0,
            last: BTreeMap::new(),
        }
    }

    /// What is wrong with a panel's link.
    fn troubles(&self, now: Time, panel: PanelId) -> impl Iterator<Item = Trouble> {
        let holds = self.faults.iter().filter(move |f| f.holds(now));
        holds.filter_map(move |f| match f.kind {
            FaultKind::Link { panel: p, trouble } if p == panel => Some(trouble),
            _ => None,
        })
    }

    fn is_down(&self, now: Time, panel: PanelId) -> bool {
        self.troubles(now, panel).any(|t| t == Trouble::Down)
    }

    /// Takes a message.
    pub(super) fn send(&mut self, now: Time, letter: Letter) {
        let panel = letter.panel();
        if self.is_down(now, panel) {
            return;
        }
        let WirePlan { mut delay, mut jitter } = self.plan;
        let (mut copies, mut held_up) = (1, false);
        let troubles: Vec<Trouble> = self.troubles(now, panel).collect();
        for trouble in troubles {
            match trouble {
                Trouble::Down => {}
                Trouble::Delay { delay: d, jitter: j } => (delay, jitter) = (d, j),
                Trouble::Loss(chance) => copies *= u32::from(!self.rng.random_bool(chance)),
                Trouble::Duplicate(chance) => {
                    copies += copies.min(1) * u32::from(self.rng.random_bool(chance));
                }
                Trouble::Reorder(chance) => held_up |= self.rng.random_bool(chance),
            }
        }
        for _ in 0..copies {
            let at = now + delay + Span(self.rng.random_range(0..=jitter.0));
            let at = if held_up {
                at + Span(self.rng.random_range(0..=delay.0.saturating_mul(HELD_UP)))
            } else {
                let is_up = matches!(letter, Letter::Up(..));
                let last = self.last.entry((panel, is_up)).or_default();
                *last = at.max(*last);
                *last
            };
            self.letters.insert((at, self.next_number), letter.clone());
            self.next_number += 1;
        }
    }

    /// When the next message arrives.
    pub(super) fn next_due(&self) -> Option<Time> {
        self.letters.first_key_value().map(|((at, _), _)| *at)
    }

    /// The next message, if it arrives by now and its link is not down meanwhile.
    pub(super) fn take(&mut self, now: Time) -> Option<Letter> {
        let first = self.letters.first_entry().filter(|e| e.key().0 <= now)?;
        let letter = first.remove();
        (!self.is_down(now, letter.panel())).then_some(letter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apb::domain::{Answer, Request, ToHost, ToPanel};
    use crate::apb::id::{CardNumber, ReaderId};

    fn ask(number: u64) -> Letter {
        let (reader, card) = (ReaderId(0), CardNumber(1));
        Letter::Up(PanelId(0), ToHost::Ask(Request { number, reader, card, with: None, after: 0 }))
    }

    fn number(letter: &Letter) -> u64 {
        match letter {
            Letter::Up(_, ToHost::Ask(Request { number, .. }))
            | Letter::Down(_, ToPanel::Answer(Answer { number, .. })) => *number,
            Letter::Up(..) | Letter::Down(..) => u64::MAX,
        }
    }

    /// What arrives of a thousand messages sent a millisecond apart, and how long each took.
    fn carried(troubles: &[Trouble]) -> Vec<(u64, Span)> {
        let fault = |trouble: &Trouble| Fault {
            at: Time::ZERO,
            lasts: Span::seconds(100),
            kind: FaultKind::Link { panel: PanelId(0), trouble: *trouble },
        };
        let faults: Vec<Fault> = troubles.iter().map(fault).collect();
        let mut wire = Wire::new(WirePlan::default(), &faults, SimRng::new(1));
        let sent = |i: u64| Time(i * 1_000);
        (0..1_000).for_each(|i| wire.send(sent(i), ask(i)));
        let mut carried = Vec::new();
        while let Some(at) = wire.next_due() {
            carried.extend(wire.take(at).map(|l| (number(&l), at.since(sent(number(&l))))));
        }
        carried
    }

    #[test]
    fn a_sound_wire_carries_everything_in_order_and_in_time() {
        let carried = carried(&[]);
        assert!(carried.iter().map(|(n, _)| *n).eq(0..1_000));
        let limits = Span::millis(20)..=Span::millis(30);
        assert!(carried.iter().all(|(_, took)| limits.contains(took)));
    }

    #[test]
    fn troubles_are_what_they_say() {
        assert_eq!(carried(&[Trouble::Down]).len(), 0);
        let lossy = carried(&[Trouble::Loss(0.3)]).len();
        assert!((640..760).contains(&lossy), "{lossy}");
        let doubled = carried(&[Trouble::Duplicate(0.3)]).len();
        assert!((1_240..1_360).contains(&doubled), "{doubled}");
        let slow = carried(&[Trouble::Delay { delay: Span::millis(500), jitter: Span::ZERO }]);
        assert!(slow.iter().all(|(_, took)| *took == Span::millis(500)));
        let reordered = carried(&[Trouble::Reorder(0.2)]);
        assert_eq!(reordered.len(), 1_000);
        assert!(!reordered.is_sorted_by_key(|(n, _)| *n));
    }
}
