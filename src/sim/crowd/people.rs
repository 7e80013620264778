//! People: who they are, where they really are, and what they are going to do today.

use super::body::Shape;
use crate::apb::id::{AreaId, CardNumber, HolderId, LaneId};
use crate::apb::input::Factor;
use crate::apb::time::{Span, Time};
use crate::record::{Intent, PersonId};
use crate::scenario::script::Manner;
use bevy::prelude::*;
use rand::rngs::ChaCha8Rng;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// One person.
#[derive(Debug)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// The holder they are; `None`: a stranger.
    pub holder: Option<HolderId>,
    /// Their own credential.
    pub own_card: Option<CardNumber>,
    /// Their outline.
    pub shape: Shape,
    /// Free walking speed, m/s.
    pub speed_m_s: f32,
    /// Median and coefficient of variation of the time to present.
    pub present: (f32, f32),
    /// The chance that a read fails.
    pub misread_rate: f64,
    /// How long they take to walk on from a stand in a queue or at a reader, s.
    pub reaction_s: f32,
    /// The least clear width of a lane that will do, m; zero: any.
    pub lane_m: f32,
    /// Until when they stay by the lane they have chosen.
    pub settled: Time,
    /// Where they come onto the floor first, until they have; `None`: at a portal.
    pub origin: Option<Origin>,
    /// The area they are in, in truth; `None`: they have not appeared yet.
    pub area: Option<AreaId>,
    /// What is left of the day, in order.
    pub trips: VecDeque<Trip>,
    /// Every draw this person makes.
    pub rng: ChaCha8Rng,
}

/// Where somebody comes onto the floor first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Origin {
    /// They stand here from the beginning.
    Stands(Vec2),
    /// They appear here as they set out.
    Here(Vec2),
    /// They appear a little to one side of a point that others have in common with them.
    About(Vec2),
}

impl Origin {
    /// The place that it is at or about, m.
    pub fn place(self) -> Vec2 {
        match self {
            Self::Stands(at) | Self::Here(at) | Self::About(at) => at,
        }
    }
}

/// Goals on the floor to pass one after the other, by their numbers: some, in rounds, and then one more.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    /// The goals of a round, which all who walk it have in common.
    round: Arc<[usize]>,
    /// Rounds that are left.
    rounds: u32,
    /// How many of the round have been passed.
    passed: usize,
    /// What comes after the rounds.
    last: Option<usize>,
}

impl Course {
    /// So many rounds, and what comes after them.
    pub fn new(round: Arc<[usize]>, rounds: u32, last: Option<usize>) -> Self {
        let rounds = if round.is_empty() { 0 } else { rounds };
        Self { round, rounds, passed: 0, last }
    }

    /// The goal to go to; `None`: all are passed.
    pub fn next(&self) -> Option<usize> {
        if self.rounds == 0 { self.last } else { self.round.get(self.passed).copied() }
    }

    /// On to the goal after that.
    pub fn pass(&mut self) {
        if self.rounds == 0 {
            self.last = None;
            return;
        }
        self.passed += 1;
        if self.passed == self.round.len() {
            (self.passed, self.rounds) = (0, self.rounds - 1);
        }
    }
}

/// One way to be gone.
#[derive(Clone, Debug, PartialEq)]
pub struct Trip {
    /// When to set out, at the earliest.
    pub at: Time,
    /// From where, if the person has not appeared yet or was last seen elsewhere.
    pub from: AreaId,
    /// Where to.
    pub to: AreaId,
    /// What to pass on the floor first; whoever passes something, and is in the area they go to, goes no
    /// further than the last of it.
    pub via: Course,
    /// The lane to use; `None`: whichever looks quickest.
    pub lane: Option<LaneId>,
    /// What to present, in order.
    pub cards: Vec<(CardNumber, Intent)>,
    /// What to give as a second factor; `None`: the right one for a credential of their own.
    pub pin: Option<Factor>,
    /// How to go through.
    pub manner: Manner,
    /// How long to stand before walking on once the reader said green.
    pub hesitates: Span,
    /// Walking speed for this trip, m/s; `None`: the person's own.
    pub speed_m_s: Option<f32>,
    /// Somebody who comes along and walks right behind.
    pub companion: Option<PersonId>,
    /// Whose companion this person is: sets out and queues when the other does.
    pub companion_of: Option<PersonId>,
    /// Somebody with whom they have come and whose lane they prefer.
    pub with: Option<PersonId>,
    /// Somebody who is handed the first credential once this person is through, and tries it.
    pub accomplice: Option<HandBack>,
}

impl Trip {
    /// An honest trip with one's own credential.
    pub fn honest(at: Time, from: AreaId, to: AreaId, card: Option<CardNumber>) -> Self {
        Self {
            at,
            from,
            to,
            via: Course::default(),
            lane: None,
            cards: card.map(|c| (c, Intent::Own)).into_iter().collect(),
            pin: None,
            manner: Manner::Honest,
            hesitates: Span::ZERO,
            speed_m_s: None,
            companion: None,
            companion_of: None,
            with: None,
            accomplice: None,
        }
    }
}

/// A credential handed back over the barrier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandBack {
    /// Who gets it.
    pub to: PersonId,
    /// How long after the first person is through.
    pub after: Span,
    /// Whether it is tried at another lane than the first person's.
    pub at_other_lane: bool,
    /// When the one who got it leaves by a fire door, once inside; `None`: not that day.
    pub leaves: Option<Time>,
}

/// Everybody.
#[derive(Resource, Debug, Default)]
pub struct People {
    everybody: BTreeMap<PersonId, Person>,
    due: BTreeSet<(Time, PersonId)>,
}

impl People {
    /// Adds a person whose first trip is due at its time.
    pub(super) fn add(&mut self, person: Person) {
        let id = person.id;
        self.everybody.insert(id, person);
        self.schedule(id, Time::ZERO);
    }

    /// Adds trips to somebody who is there already, in order of time.
    pub(super) fn add_trips(&mut self, id: PersonId, trips: impl IntoIterator<Item = Trip>) {
        let Some(person) = self.everybody.get_mut(&id) else { return };
        person.trips.extend(trips);
        person.trips.make_contiguous().sort_by_key(|t| t.at);
        self.unschedule(id);
        self.schedule(id, Time::ZERO);
    }

    /// One person.
    pub fn get(&self, id: PersonId) -> Option<&Person> {
        self.everybody.get(&id)
    }

    /// One person.
    pub(super) fn get_mut(&mut self, id: PersonId) -> Option<&mut Person> {
        self.everybody.get_mut(&id)
    }

    /// Nothing of this person's is due any more.
    pub(super) fn unschedule(&mut self, id: PersonId) {
        self.due.retain(|(_, p)| *p != id);
    }

    /// Nothing of anybody's is due any more.
    pub(super) fn unschedule_all(&mut self) {
        self.due.clear();
    }

    /// Makes the person's next trip due at its time, but not before `now`. Companions set out when the other
    /// does.
    pub(super) fn schedule(&mut self, id: PersonId, now: Time) {
        let next = self.everybody.get(&id).and_then(|p| p.trips.front());
        if let Some(trip) = next.filter(|t| t.companion_of.is_none()) {
            self.due.insert((trip.at.max(now), id));
        }
    }

    /// When somebody sets out next.
    pub fn next_due(&self) -> Option<Time> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Whether the trips of more people than so many are due now.
    pub(super) fn are_due(&self, now: Time, more_than: usize) -> bool {
        self.due.iter().nth(more_than).is_some_and(|(at, _)| *at <= now)
    }

    /// Somebody whose trip is due now, and the time at which it was.
    pub(super) fn take_due(&mut self, now: Time) -> Option<(Time, PersonId)> {
        if self.next_due()? > now {
            return None;
        }
        self.due.pop_first()
    }

    /// Everybody, in order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &Person> {
        self.everybody.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(mut course: Course) -> Vec<usize> {
        let next = || {
            let next = course.next();
            course.pass();
            next
        };
        std::iter::from_fn(next).collect()
    }

    #[test]
    fn a_course_is_its_rounds_and_then_what_is_last() {
        let round: Arc<[usize]> = [3, 5].into();
        assert_eq!(passed(Course::new(round.clone(), 2, Some(9))), [3, 5, 3, 5, 9]);
        assert_eq!(passed(Course::new(round, 1, None)), [3, 5]);
        assert_eq!(passed(Course::new([].into(), 7, Some(9))), [9]);
        assert_eq!(passed(Course::default()), [0_usize; 0]);
    }
}
