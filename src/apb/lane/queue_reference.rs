//! The queues' rules again, in one list and without thrift: what a lane with signals has to do.

use super::Refusal;
use crate::apb::id::Direction;
use crate::apb::site::{Lane, Queue};
use crate::apb::time::{Span, Time};

/// Somebody who waits, as the reference sees him.
#[derive(Clone, Debug)]
pub(super) struct Waiter {
    pub(super) grant: u64,
    pub(super) direction: Direction,
    given: Time,
    /// Since when he is the first of his turn.
    first: Option<Time>,
    /// How many of the other way became first after he came.
    overtaken: usize,
}

/// What ended: a grant not taken, or a passage on this grant, late or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    NotTaken(u64),
    Passed(Direction, Option<u64>, bool),
}

/// The rules again, in one list and without thrift.
pub(super) struct Reference {
    pub(super) site: Lane,
    pub(super) locked: [bool; 2],
    pub(super) fire: bool,
    pub(super) waiting: Vec<Waiter>,
    turn: Vec<u64>,
    served: Direction,
    pub(super) late: Option<(u64, Direction, Time)>,
    /// The most that anybody was overtaken.
    pub(super) overtaken_max: usize,
}

impl Reference {
    pub(super) fn new(site: &Lane) -> Self {
        let (site, waiting, turn) = (site.clone(), Vec::new(), Vec::new());
        let (locked, fire, served, late) = ([false; 2], false, Direction::In, None);
        Self { site, locked, fire, waiting, turn, served, late, overtaken_max: 0 }
    }

    pub(super) fn all(&self, direction: Direction) -> Vec<u64> {
        self.waiting.iter().filter(|w| w.direction == direction).map(|w| w.grant).collect()
    }

    pub(super) fn check(&self, direction: Direction) -> Result<(), Refusal> {
        let other = self.site.queue == Queue::OneWay && !self.all(direction.opposite()).is_empty();
        let full = self.all(direction).len() > usize::from(self.site.memory);
        match (self.fire, self.locked[direction.index()], other || full) {
            (true, ..) | (false, false, false) => Ok(()),
            (false, true, _) => Err(Refusal::Locked),
            (false, false, true) => Err(Refusal::Busy),
        }
    }

    /// Sees to the turn after anything that came or went.
    fn arrange(&mut self, now: Time) {
        let here: Vec<u64> = self.waiting.iter().map(|w| w.grant).collect();
        self.turn.retain(|g| here.contains(g));
        let (own, other) = (self.all(self.served), self.all(self.served.opposite()));
        if self.turn.is_empty() && !other.is_empty() {
            (self.served, self.turn) = (self.served.opposite(), other);
        } else if self.turn.is_empty() || other.is_empty() {
            self.turn = own;
        }
        let Some(first) = self.turn.first() else { return };
        if let Some(first) = self.waiting.iter_mut().find(|w| w.grant == *first && w.first.is_none()) {
            first.first = Some(now);
            let direction = first.direction;
            for other in self.waiting.iter_mut().filter(|w| w.first.is_none() && w.direction != direction) {
                other.overtaken += 1;
                self.overtaken_max = self.overtaken_max.max(other.overtaken);
            }
        }
    }

    pub(super) fn release(
        &mut self,
        now: Time,
        grant: u64,
        direction: Direction,
        ends: &mut Vec<(Time, End)>,
    ) {
        if self.fire {
            ends.push((now, End::NotTaken(grant)));
            return;
        }
        self.waiting.push(Waiter { grant, direction, given: now, first: None, overtaken: 0 });
        self.arrange(now);
    }

    pub(super) fn drop_all(
        &mut self,
        now: Time,
        gone: impl Fn(&Waiter) -> bool,
        ends: &mut Vec<(Time, End)>,
    ) {
        let dropped = self.waiting.extract_if(.., |w| gone(w));
        ends.extend(dropped.map(|w| (now, End::NotTaken(w.grant))));
        self.arrange(now);
    }

    pub(super) fn passed(&mut self, now: Time, direction: Direction, ends: &mut Vec<(Time, End)>) {
        let first = self.waiting.iter().position(|w| w.first.is_some() && w.direction == direction);
        let on_time = first.map(|index| self.waiting.remove(index).grant);
        let late = self.late.take_if(|l| on_time.is_none() && l.1 == direction).map(|l| l.0);
        ends.push((now, End::Passed(direction, on_time.or(late), late.is_some())));
        self.arrange(now);
    }

    /// When this one's time is over; those who wait go before those who are first.
    fn over(&self, waiter: &Waiter) -> Option<(Time, bool)> {
        match waiter.first {
            Some(first) => Some((first + self.site.timers.not_taken, true)),
            None if self.site.timers.queued == Span::ZERO => None,
            None => Some((waiter.given + self.site.timers.queued, false)),
        }
    }

    pub(super) fn expire(&mut self, now: Time, ends: &mut Vec<(Time, End)>) {
        let next = |r: &Self| {
            let over = |(i, w)| Some((r.over(w)?, i));
            r.waiting.iter().enumerate().filter_map(over).min().filter(|((at, _), _)| *at <= now)
        };
        while let Some(((at, first), index)) = next(self) {
            let waiter = self.waiting.remove(index);
            if first {
                self.late = Some((waiter.grant, waiter.direction, at + self.site.timers.late_grace));
            }
            ends.push((at, End::NotTaken(waiter.grant)));
            self.arrange(at);
        }
        self.late.take_if(|l| l.2 <= now);
    }
}

/// By time, and at one instant by grant: the order of what ends at one instant tells nothing.
pub(super) fn sorted(ends: &mut [(Time, End)]) {
    ends.sort_by_key(|(at, end)| {
        let grant = match end {
            End::NotTaken(grant) => Some(*grant),
            End::Passed(_, grant, _) => *grant,
        };
        (*at, grant)
    });
}
