//! Agendas: what everybody is going to do today, drawn before the day begins.

use super::nature::one_of;
use super::party::come_together;
use super::people::{Course, HandBack, People, Person, Trip};
use crate::apb::id::{AreaId, CardNumber, Direction, HolderId};
use crate::apb::site::{OUTSIDE, Site};
use crate::apb::time::{Span, Time};
use crate::record::{Intent, PersonId};
use crate::scenario::Scenario;
use crate::scenario::crowd::{Arrivals, BREAK_AFTER, Group, Habits, Persona, Spread};
use crate::scenario::population::Population;
use crate::scenario::script::{Action, Manner, Walker};
use crate::sim::chance;
use crate::sim::rng::SimRng;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;

/// Clear gap at which somebody who forgot to present follows another out, m. Assumed.
const FORGETFUL_GAP_M: f32 = 0.4;

/// Time to hand a credential back over the barrier, s, least and most. Assumed.
const HAND_BACK_S: (f32, f32) = (2.0, 4.0);

/// Everybody who comes by chance or by plan.
pub(super) fn draw(scenario: &Scenario, rng: SimRng) -> People {
    let mut day = Day { scenario, rng, people: People::default() };
    for group in &scenario.crowd {
        day.group(group);
    }
    day.walkers();
    for (index, step) in scenario.script.iter().enumerate() {
        if let Action::Walk(walker) = &step.action {
            day.scripted(index, step.at, walker);
        }
    }
    day.people
}

/// A day as it is drawn.
pub(super) struct Day<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) rng: SimRng,
    pub(super) people: People,
}

impl Day<'_> {
    fn site(&self) -> &Site {
        &self.scenario.plan.site
    }

    /// Numbers that no holder has: one for each holder's companion, then one for each scripted stranger.
    fn companion_of(&self, holder: HolderId) -> PersonId {
        PersonId(u32::try_from(self.site().holders.len()).unwrap_or(0) + holder.0)
    }

    /// Whose companion has this number.
    fn brings(&self, companion: PersonId) -> Option<PersonId> {
        companion.0.checked_sub(u32::try_from(self.site().holders.len()).unwrap_or(0)).map(PersonId)
    }

    fn stranger(&self, step: usize) -> PersonId {
        PersonId(u32::try_from(2 * self.site().holders.len() + step).unwrap_or(u32::MAX))
    }

    pub(super) fn card_of(&self, holder: HolderId) -> Option<CardNumber> {
        let id = self.site().credentials_of(holder).first()?;
        self.site().credentials.get(id.index()).map(|c| c.number)
    }

    /// The number of the first walker: after everybody else's.
    pub(super) fn first_walker(&self) -> usize {
        2 * self.site().holders.len() + self.scenario.script.len()
    }

    fn group(&mut self, group: &Group) {
        let mut arrivals = self.arrivals(group);
        let parties = self.parties(&group.name, group.population.as_ref(), arrivals.len());
        come_together(&mut arrivals, &parties);
        for (holder, at) in group.holders.iter().zip(arrivals) {
            if at.since(Time::ZERO) < self.scenario.duration {
                self.member(group, *holder, at);
            }
        }
        for party in parties {
            let holders = group.holders.get(party).unwrap_or_default();
            let members: Vec<PersonId> = holders.iter().map(|h| PersonId(h.0)).collect();
            self.together(&members);
        }
    }

    /// When each holder of the group arrives, in the order of the group.
    fn arrivals(&self, group: &Group) -> Vec<Time> {
        let mut rng = self.rng.named(&format!("arrivals/{}", group.name));
        let count = group.holders.len();
        match &group.arrivals {
            Arrivals::Poisson { per_minute, from, until } => {
                poisson(&mut rng, *from, *until, *per_minute, |_| *per_minute).take(count).collect()
            }
            Arrivals::Profile(points) => {
                let most = points.iter().map(|p| p.1).fold(0.0, f64::max);
                let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
                poisson(&mut rng, first.0, last.0, most, |at| interpolate(points, at)).take(count).collect()
            }
            Arrivals::Schedule(times) => times.clone(),
            Arrivals::Surge { at, sd } => {
                (0..count).map(|_| around(&mut rng, *at, Spread { mean: Span::ZERO, sd: *sd })).collect()
            }
        }
    }

    fn member(&mut self, group: &Group, holder: HolderId, at: Time) {
        let id = PersonId(holder.0);
        let (mut person, child) = self.person(id, Some(holder), kind_of(group));
        let persona = draw_persona(group, &mut person.rng);
        let card = person.own_card;
        let mut pauses = Vec::new();
        for pause in &group.breaks {
            if person.rng.random_bool(pause.share.clamp(0.0, 1.0)) {
                let spread = Spread { mean: Span::ZERO, sd: pause.sd };
                let out = around(&mut person.rng, pause.at, spread).max(at + BREAK_AFTER);
                let back = around(&mut person.rng, out, pause.away).max(out);
                pauses.push((out, back));
            }
        }
        let leaves = group.stay.map(|stay| around(&mut person.rng, at, stay).max(at));
        let mut trips = vec![Trip::honest(at, OUTSIDE, group.to, card)];
        // Who would not be back before leaving for the day takes no break.
        for (out, back) in pauses.into_iter().filter(|(_, back)| leaves.is_none_or(|leaves| *back < leaves)) {
            trips.push(Trip::honest(out, group.to, OUTSIDE, card));
            trips.push(Trip::honest(back, OUTSIDE, group.to, card));
        }
        trips.extend(leaves.map(|leaves| Trip::honest(leaves, group.to, OUTSIDE, card)));
        trips.sort_by_key(|t| t.at);
        if let Some(persona) = persona {
            self.give_vice(persona, group, holder, &mut person, &mut trips);
        }
        // Nobody brings a child along for mischief with somebody else.
        let is_free = trips.iter().all(|t| t.companion.is_none() && t.accomplice.is_none());
        if let (Some(child), true) = (child, is_free) {
            let along = self.child(self.companion_of(holder), child, &person);
            self.bring_companion(child.gap_m, along, &mut trips);
        }
        person.trips = trips.into();
        self.people.add(person);
    }

    /// Changes a day according to a persona.
    fn give_vice(
        &mut self,
        persona: Persona,
        group: &Group,
        holder: HolderId,
        person: &mut Person,
        trips: &mut [Trip],
    ) {
        let first_exit = trips.iter().position(|t| t.to == OUTSIDE);
        let rng = &mut person.rng;
        match persona {
            Persona::ForgetsToBadgeOut { by_fire_door } => {
                let by_fire_door = rng.random_bool(by_fire_door.clamp(0.0, 1.0));
                if let Some(exit) = first_exit.and_then(|i| trips.get_mut(i)) {
                    exit.manner = if by_fire_door {
                        Manner::FireDoor
                    } else {
                        Manner::Follows { gap_m: FORGETFUL_GAP_M, consent: false }
                    };
                }
            }
            Persona::Tailgater { gap_min_m, gap_max_m } => {
                let gap_m = between(rng, gap_min_m, gap_max_m);
                if let Some(entry) = trips.first_mut() {
                    entry.manner = Manner::Follows { gap_m, consent: false };
                }
            }
            Persona::Piggybacker { gap_m } => {
                let stranger = Person { speed_m_s: person.speed_m_s, ..self.stranger_of(group, holder) };
                self.bring_companion(gap_m, stranger, trips);
            }
            Persona::PassbackPair { at_other_lane } => {
                self.bring_accomplice(at_other_lane, group, holder, person, trips);
            }
            Persona::BuddyBadger => {
                let others: Vec<HolderId> = group.holders.iter().copied().filter(|h| *h != holder).collect();
                if let (false, Some(entry)) = (others.is_empty(), trips.first_mut()) {
                    let buddy = others[rng.random_range(0..others.len())];
                    entry.cards.extend(self.card_of(buddy).map(|c| (c, Intent::Buddy)));
                }
            }
            Persona::WrongWay { speed_m_s } => {
                if let Some(exit) = first_exit.and_then(|i| trips.get_mut(i)) {
                    exit.manner = Manner::WrongWay;
                    exit.speed_m_s = Some(speed_m_s);
                }
            }
            Persona::Trolley { length_m, behind_m, height_m } => {
                // Nobody pulls one thing and pushes another.
                if person.shape.ahead_m() > 0.0 {
                    person.lane_m = 0.0;
                }
                person.shape = person.shape.with_luggage(length_m, behind_m, height_m);
            }
        }
    }

    /// Somebody with whom this holder is in league: like the rest of the group, but on foot and with nothing
    /// that needs a wide lane.
    fn stranger_of(&self, group: &Group, holder: HolderId) -> Person {
        let on_foot = group.population.as_ref().map(Population::on_foot);
        self.person(self.companion_of(holder), None, (&group.habits, on_foot.as_ref())).0
    }

    /// Somebody without a credential goes wherever this person goes, right behind.
    fn bring_companion(&mut self, gap_m: f32, companion: Person, trips: &mut [Trip]) {
        let manner = Manner::Follows { gap_m, consent: true };
        let companion_of = self.brings(companion.id);
        let along = |t: &Trip| Trip { cards: Vec::new(), manner, companion_of, ..t.clone() };
        let theirs = trips.iter().map(along).collect();
        for trip in trips {
            trip.companion = Some(companion.id);
            // Letting somebody in is passback; who both leave only tailgate.
            if trip.to != OUTSIDE {
                trip.cards.iter_mut().for_each(|(_, intent)| *intent = Intent::SecondBody);
            }
        }
        self.people.add(Person { trips: theirs, ..companion });
    }

    /// Somebody without a credential waits outside until this person's is handed back.
    fn bring_accomplice(
        &mut self,
        at_other_lane: f64,
        group: &Group,
        holder: HolderId,
        person: &mut Person,
        trips: &mut [Trip],
    ) {
        let rng = &mut person.rng;
        let to = self.companion_of(holder);
        let after = Span::micros((between(rng, HAND_BACK_S.0, HAND_BACK_S.1) * 1e6) as u64);
        let at_other_lane = rng.random_bool(at_other_lane.clamp(0.0, 1.0));
        // Nobody lets an accomplice out: who has no credential takes the fire door when the owner leaves.
        let leaves = trips.iter().rev().find(|t| t.to == OUTSIDE).map(|t| t.at);
        if let Some(entry) = trips.first_mut() {
            entry.accomplice = Some(HandBack { to, after, at_other_lane, leaves });
        }
        let stranger = self.stranger_of(group, holder);
        self.people.add(stranger);
    }

    fn scripted(&mut self, index: usize, at: Time, walker: &Walker) {
        let site = self.site();
        let Some(lane) = site.lanes.get(walker.lane.index()) else { return };
        let (from, to): (AreaId, AreaId) = match walker.manner {
            Manner::FireDoor => (lane.from(Direction::Out), OUTSIDE),
            _ => (lane.from(walker.direction), lane.to(walker.direction)),
        };
        let id = walker.holder.map_or_else(|| self.stranger(index), |h| PersonId(h.0));
        let owned = |card: &CardNumber| {
            let owner =
                site.credential(*card).and_then(|c| site.credentials.get(c.index())).map(|c| c.holder);
            let same = |(a, b)| site.is_same_person(a, b);
            owner.is_none() || owner.zip(walker.holder).is_some_and(same)
        };
        let intent = |card| if owned(&card) { Intent::Own } else { Intent::Borrowed };
        let trip = Trip {
            at,
            from,
            to,
            via: Course::default(),
            lane: Some(walker.lane),
            cards: walker.cards.iter().map(|c| (*c, intent(*c))).collect(),
            pin: walker.pin,
            manner: walker.manner,
            hesitates: walker.hesitates,
            speed_m_s: walker.speed_m_s,
            companion: None,
            companion_of: None,
            with: None,
            accomplice: None,
        };
        if self.people.get(id).is_none() {
            let habits = Habits { misread_rate: 0.0, ..Habits::default() };
            let (person, _) = self.person(id, walker.holder, (&habits, None));
            self.people.add(person);
        }
        self.people.add_trips(id, [trip]);
    }
}

/// What the people of a group are like.
fn kind_of(group: &Group) -> (&Habits, Option<&Population>) {
    (&group.habits, group.population.as_ref())
}

/// Which persona somebody of this group is; `None`: honest.
fn draw_persona(group: &Group, rng: &mut ChaCha8Rng) -> Option<Persona> {
    one_of(&group.personas, rng).copied()
}

/// The times of a Poisson process whose rate (per minute) is never above `most`, by thinning.
fn poisson<'a>(
    rng: &'a mut ChaCha8Rng,
    from: Time,
    until: Time,
    most: f64,
    rate: impl Fn(Time) -> f64 + 'a,
) -> impl Iterator<Item = Time> + 'a {
    let mean_gap = 60e6 / most;
    let mut at = from;
    std::iter::from_fn(move || {
        loop {
            // No rate at all makes the gap endless.
            at = at + Span(chance::exponential(rng, mean_gap) as u64);
            if at >= until {
                return None;
            }
            if rng.random_range(0.0..1.0) * most < rate(at) {
                return Some(at);
            }
        }
    })
}

/// The rate at a time, on the straight lines through the points.
fn interpolate(points: &[(Time, f64)], at: Time) -> f64 {
    let next = points.partition_point(|(t, _)| *t <= at);
    match (next.checked_sub(1).and_then(|i| points.get(i)), points.get(next)) {
        (Some((t0, r0)), Some((t1, r1))) => {
            let share = at.since(*t0).0 as f64 / t1.since(*t0).0.max(1) as f64;
            r0 + (r1 - r0) * share
        }
        (Some((_, rate)), None) | (None, Some((_, rate))) => *rate,
        (None, None) => 0.0,
    }
}

/// A normally distributed time after `base`, never before it by more than chance has it, never before zero.
fn around(rng: &mut ChaCha8Rng, base: Time, spread: Spread) -> Time {
    let mean = base.0 as f64 + spread.mean.0 as f64;
    Time(chance::normal(rng, mean, spread.sd.0 as f64).max(0.0) as u64)
}

/// A number evenly from a range, whichever way round its ends are.
fn between(rng: &mut ChaCha8Rng, a: f32, b: f32) -> f32 {
    if a == b { a } else { rng.random_range(a.min(b)..a.max(b)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_poisson_process_keeps_its_rate() {
        let mut rng = SimRng::new(3).named("test");
        let n = poisson(&mut rng, Time::ZERO, Time(100 * 60_000_000), 30.0, |_| 30.0).count();
        assert!((2_800..3_200).contains(&n), "{n}");
    }

    #[test]
    fn rates_run_in_straight_lines() {
        let points = [(Time(0), 0.0), (Time(100), 10.0)];
        assert_eq!(interpolate(&points, Time(50)), 5.0);
        assert_eq!(interpolate(&points, Time(200)), 10.0);
    }
}
