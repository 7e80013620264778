//! The shortest sequence of presentations after which policies decide differently.
//!
//! A sequence is plain, one person who goes through wherever they are let, at an unhurried pace, but for at
//! most one presentation by somebody else, at most one grant that is not used, and at most one other pause:
//! shorter than a grant lasts, after a grant that was not used, or as long as a window.

use super::follow::{Decided, Follower, Step};
use crate::apb::id::{CardNumber, Direction, LaneId, ReaderId};
use crate::apb::input::{Factor, Input};
use crate::apb::policy::Policy;
use crate::apb::site::Site;
use crate::apb::time::{Span, Time};
use std::collections::BTreeSet;

/// The longest sequence that is tried.
const STEPS_MAX: usize = 4;

/// So many decisions are tried at most: about a second.
const TRIES_MAX: usize = 200_000;

/// How many readers a tester walks between.
const READERS_MAX: usize = 6;

/// How many windows are waited out.
const WINDOWS_MAX: usize = 3;

/// Shorter than any grant lasts, and long enough to go to the next reader.
const QUICK: Span = Span::seconds(2);

/// So much longer than a window is waited: it begins only when somebody has gone through.
const MARGIN: Span = Span::seconds(10);

/// From a presentation to the gate open, and to its owner through. Assumed.
const OPENS: Span = Span::millis(500);
const PASSES: Span = Span::millis(1_500);

/// One presentation to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProbeStep {
    /// How long after the presentation before, the first one after the time of the guess.
    pub after: Span,
    /// Where.
    pub reader: ReaderId,
    /// Which credential.
    pub card: CardNumber,
    /// Whether to go through if the panel lets one.
    pub passes: bool,
}

/// What a policy would decide at the last presentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expected {
    /// Whether it grants.
    pub granted: bool,
    /// Whether it tells that a rule was broken; `None`: that is not heard.
    pub flagged: Option<bool>,
}

/// Presentations that tell policies apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// What to present, in order. Up to the last one they all decide the same.
    pub steps: Vec<ProbeStep>,
    /// What they decide at the last one, and which of them do, by their places in the first rank.
    pub outcomes: Vec<(Expected, Vec<usize>)>,
}

/// What a tester has: credentials in the hand, and readers in reach.
#[derive(Clone, Debug)]
pub(super) struct Hands {
    pub(super) cards: Vec<CardNumber>,
    /// Each with the gate it opens and the way.
    readers: Vec<(ReaderId, LaneId, Direction)>,
    /// Longer than any grant lasts.
    pause: Span,
}

impl Hands {
    /// The credential that was presented last and somebody else's, and the readers of some gates: the one
    /// that was used last, some between other areas, and others.
    pub(super) fn of(site: &Site, steps: &[(Time, Step)]) -> Self {
        let used = || {
            steps.iter().rev().filter_map(|(_, step)| match step {
                Step::Read(p) => Some((p.card, p.reader)),
                Step::Input(_) => None,
            })
        };
        let owner = |card: CardNumber| {
            site.credential(card).and_then(|c| site.credentials.get(c.index())).map(|c| c.holder)
        };
        let known = used().map(|(card, _)| card).chain(site.credentials.iter().map(|c| c.number));
        let mut cards: Vec<CardNumber> = Vec::new();
        for card in known.filter(|c| owner(*c).is_some()) {
            if cards.len() < 2 && cards.iter().all(|c| owner(*c) != owner(card)) {
                cards.push(card);
            }
        }
        let used_lane = |r: ReaderId| site.readers.get(r.index()).map(|r| r.lane);
        let mut lanes: Vec<LaneId> = used().filter_map(|(_, r)| used_lane(r)).collect();
        lanes.extend((0..site.lanes.len()).map(LaneId::at));
        let ends = |l: &LaneId| site.lanes.get(l.index()).map(|l| (l.outer, l.inner));
        // Gates between other areas first: they tell more than another gate between the same.
        let mut order: Vec<LaneId> = Vec::new();
        for again in [false, true] {
            for lane in &lanes {
                if !order.contains(lane) && (again || order.iter().all(|l| ends(l) != ends(lane))) {
                    order.push(*lane);
                }
            }
        }
        let all = (0..site.readers.len()).map(ReaderId::at).zip(&site.readers);
        let all: Vec<_> = all.map(|(id, r)| (id, r.lane, r.direction)).collect();
        let of = |lane: &LaneId| all.iter().filter(|(_, l, _)| l == lane).copied().collect::<Vec<_>>();
        let mut readers: Vec<_> = order.iter().flat_map(of).collect();
        readers.truncate(READERS_MAX);
        let lasts = site.lanes.iter().map(|l| l.timers.not_taken + l.timers.late_grace).max();
        Self { cards, readers, pause: lasts.unwrap_or_default() + Span::seconds(1) }
    }
}

/// Where a search has got to.
#[derive(Clone)]
struct Node {
    followers: Vec<Follower>,
    at: Time,
    steps: Vec<ProbeStep>,
    /// Whether the last grant was not used.
    unused: bool,
    /// What is still allowed once: somebody else, a grant that is not used, another pause.
    other: bool,
    skip: bool,
    wait: bool,
}

struct Search<'a> {
    hands: &'a Hands,
    flags: bool,
    windows: Vec<Span>,
    tries: usize,
    best: Option<Probe>,
}

/// The shortest sequence from now on that tells those apart who followed it; among those of the same
/// length, the first of those that split them most evenly.
pub(super) fn search(hands: &Hands, followers: Vec<Follower>, now: Time, flags: bool) -> Option<Probe> {
    if followers.len() < 2 {
        return None;
    }
    let windows = followers.iter().flat_map(policies).filter(|p| p.rule.is_timed()).map(|p| p.window);
    let windows: BTreeSet<Span> = windows.collect();
    let mut search = Search {
        hands,
        flags,
        windows: windows.into_iter().take(WINDOWS_MAX).map(|w| w + MARGIN).collect(),
        tries: 0,
        best: None,
    };
    let (steps, unused) = (Vec::new(), false);
    let start = Node { followers, at: now, steps, unused, other: true, skip: true, wait: true };
    for depth in 1..=STEPS_MAX {
        search.explore(&start, depth);
        if search.best.is_some() {
            break;
        }
    }
    search.best
}

fn policies(follower: &Follower) -> impl Iterator<Item = &Policy> {
    follower.controller.site().areas.iter().skip(1).map(|area| &area.policy)
}

impl Search<'_> {
    /// Tries every sequence of so many more presentations.
    fn explore(&mut self, node: &Node, depth: usize) {
        for step in self.choices(node, depth == 1) {
            if self.tries >= TRIES_MAX || self.is_even(node.followers.len()) {
                return;
            }
            self.tries += node.followers.len();
            let (next, decided) = self.take(node, step);
            let outcomes = self.outcomes(&decided);
            if outcomes.len() > 1 {
                self.keep(&next.steps, outcomes);
            } else if depth > 1 {
                // Whoever is refused has nothing to leave unused.
                let refused = decided.iter().all(|d| !d.granted);
                if step.passes || !refused {
                    self.explore(&next, depth - 1);
                }
            }
        }
    }

    fn choices(&self, node: &Node, last: bool) -> Vec<ProbeStep> {
        let mut pauses = vec![self.hands.pause];
        if node.wait {
            pauses.extend(node.unused.then_some(QUICK));
            pauses.extend(&self.windows);
        }
        let cards = if node.other { &self.hands.cards[..] } else { self.hands.cards.get(..1).unwrap_or(&[]) };
        let passes: &[bool] = if node.skip && !last { &[true, false] } else { &[true] };
        let mut choices = Vec::new();
        for after in pauses {
            for passes in passes {
                for card in cards {
                    let readers = self.hands.readers.iter();
                    choices.extend(readers.map(|(reader, ..)| ProbeStep {
                        after,
                        reader: *reader,
                        card: *card,
                        passes: *passes,
                    }));
                }
            }
        }
        // In a hurry only the one who was let in elsewhere: gates that are in use have rules of their own.
        let lane = |reader: ReaderId| self.hands.readers.iter().find(|r| r.0 == reader).map(|r| r.1);
        choices.retain(|step| {
            let elsewhere =
                node.steps.last().is_some_and(|l| l.card == step.card && lane(l.reader) != lane(step.reader));
            step.after != QUICK || elsewhere
        });
        choices
    }

    /// What everybody decides, and where they are then.
    fn take(&self, node: &Node, step: ProbeStep) -> (Node, Vec<Decided>) {
        let mut next = node.clone();
        next.at = node.at + step.after;
        let ProbeStep { reader, card, .. } = step;
        let input = Input::Read { reader, card, factor: Factor::None };
        let decided: Vec<Decided> = next.followers.iter_mut().map(|f| f.read(next.at, &input)).collect();
        let gate = self.hands.readers.iter().find(|(id, ..)| *id == reader);
        if let Some((_, lane, direction)) = gate.copied().filter(|_| step.passes) {
            let admitted = next.followers.iter_mut().zip(&decided).filter(|(_, d)| d.granted);
            for (follower, _) in admitted {
                follower.handle(next.at + OPENS, &Input::Opened { lane });
                follower.handle(next.at + PASSES, &Input::Passed { lane, direction });
            }
        }
        next.unused = !step.passes;
        next.skip &= step.passes;
        next.other &= self.hands.cards.first() == Some(&card);
        next.wait &= step.after == self.hands.pause;
        next.steps.push(step);
        (next, decided)
    }

    fn outcomes(&self, decided: &[Decided]) -> Vec<(Expected, Vec<usize>)> {
        let mut outcomes: Vec<(Expected, Vec<usize>)> = Vec::new();
        for (place, decided) in decided.iter().enumerate() {
            let flagged = self.flags.then_some(decided.violation.is_some());
            let expected = Expected { granted: decided.granted, flagged };
            match outcomes.iter_mut().find(|(e, _)| *e == expected) {
                Some((_, places)) => places.push(place),
                None => outcomes.push((expected, vec![place])),
            }
        }
        outcomes
    }

    fn keep(&mut self, steps: &[ProbeStep], outcomes: Vec<(Expected, Vec<usize>)>) {
        let largest = largest(&outcomes);
        if self.best.as_ref().is_none_or(|best| largest < self::largest(&best.outcomes)) {
            self.best = Some(Probe { steps: steps.to_vec(), outcomes });
        }
    }

    /// Whether the best so far splits so many as evenly as two outcomes can.
    fn is_even(&self, count: usize) -> bool {
        self.best.as_ref().is_some_and(|best| largest(&best.outcomes) <= count.div_ceil(2))
    }
}

fn largest(outcomes: &[(Expected, Vec<usize>)]) -> usize {
    outcomes.iter().map(|(_, places)| places.len()).max().unwrap_or(0)
}
