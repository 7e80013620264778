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
    /// Where they come onto the floor for their first trip; `None`: at a portal.
    pub place: Option<Vec2>,
    /// Whether they stand there from the beginning.
    pub stands: bool,
    /// The area they are in, in truth; `None`: they have not appeared yet.
    pub area: Option<AreaId>,
    /// What is left of the day, in order.
    pub trips: VecDeque<Trip>,
    /// Every draw this person makes.
    pub rng: ChaCha8Rng,
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
    /// Goals to pass on the floor first, in order, by their numbers; whoever has some of them, and is in the
    /// area they go to, goes no further than the last.
    pub via: VecDeque<usize>,
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
            via: VecDeque::new(),
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
