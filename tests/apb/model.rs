//! A second, dumb opinion: one lane with a gate of its own logic between the outside and A, restated from the
//! rules without looking at the controller. Times are in microseconds, people and directions plain numbers.

use apbrig::apb::policy::{Commit, Enforcement, Policy, Rule, UnknownRule};

const NOT_TAKEN: u64 = 5_000_000;
const LATE_GRACE: u64 = 1_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Unknown,
    Outside,
    Inside,
}

#[derive(Clone, Copy, Debug)]
struct Grant {
    person: usize,
    inwards: bool,
    /// It lapses, or has lapsed and its grace ends.
    ends: u64,
    moved: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Model<'a> {
    policy: &'a Policy,
    max: Option<usize>,
    pub(crate) places: [Place; 2],
    pub(crate) moved_at: [Option<u64>; 2],
    open: Option<Grant>,
    late: Option<Grant>,
}

impl<'a> Model<'a> {
    pub(crate) fn new(policy: &'a Policy, max: Option<usize>) -> Self {
        Self { policy, max, places: [Place::Unknown; 2], moved_at: [None; 2], open: None, late: None }
    }

    pub(crate) fn wait(&mut self, now: u64) {
        if let Some(grant) = self.open.take_if(|g| g.ends <= now) {
            self.late = Some(Grant { ends: grant.ends + LATE_GRACE, ..grant });
        }
        self.late.take_if(|g| g.ends <= now);
    }

    pub(crate) fn read(&mut self, now: u64, person: usize, inwards: bool) -> &'static str {
        self.wait(now);
        let own = self.open.filter(|g| g.person == person && !g.moved);
        if own.is_some_and(|g| g.inwards == inwards) {
            return "G";
        }
        let enforcement = if inwards { self.policy.inbound } else { self.policy.outbound };
        let violated = enforcement != Enforcement::Off && self.violates(now, person, inwards);
        if violated && enforcement == Enforcement::Hard {
            return "D";
        }
        if own.is_some() && self.policy.reservation {
            return "Dp";
        }
        if inwards && self.is_full(person) {
            return "occupancy_upper";
        }
        if self.open.is_some() {
            return "lane_busy";
        }
        self.late.take_if(|g| g.person == person);
        let mut grant = Grant { person, inwards, ends: now + NOT_TAKEN, moved: false };
        if self.policy.commit == Commit::OnGrant {
            self.go(now, &mut grant);
        }
        self.open = Some(grant);
        if violated { "G+V" } else { "G" }
    }

    pub(crate) fn opens(&mut self, now: u64) {
        self.wait(now);
        if let (Some(mut grant), Commit::OnOpen) = (self.open, self.policy.commit) {
            self.go(now, &mut grant);
            self.open = Some(grant);
        }
    }

    /// Who is believed to have passed.
    pub(crate) fn pass(&mut self, now: u64, inwards: bool) -> Option<usize> {
        self.wait(now);
        let taken = self.open.take_if(|g| g.inwards == inwards);
        let mut grant = taken.or_else(|| self.late.take_if(|g| g.inwards == inwards))?;
        self.go(now, &mut grant);
        Some(grant.person)
    }

    fn go(&mut self, now: u64, grant: &mut Grant) {
        let followed = self.policy.rule != Rule::Off || self.policy.track_when_off;
        if followed && !grant.moved {
            self.places[grant.person] = if grant.inwards { Place::Inside } else { Place::Outside };
            self.moved_at[grant.person] = Some(now);
        }
        grant.moved = true;
    }

    fn violates(&self, now: u64, person: usize, inwards: bool) -> bool {
        let place = match (self.places[person], self.policy.unknown) {
            (Place::Unknown, UnknownRule::Learn) => return false,
            (Place::Unknown, UnknownRule::Deny) => return self.policy.rule != Rule::Off,
            (Place::Unknown, UnknownRule::Outside) => Place::Outside,
            (known, _) => known,
        };
        let goal = if inwards { Place::Inside } else { Place::Outside };
        let recent = self.moved_at[person].is_some_and(|at| now - at < self.policy.window.0);
        match self.policy.rule {
            Rule::Off => false,
            // With two places, who is not where the reader leads from is where it leads to.
            Rule::LocationMatch | Rule::InOut => place == goal,
            Rule::EntryOnly => inwards && place == goal,
            Rule::TimedArea => place == goal && recent,
            other => panic!("this model does not know {other:?}"),
        }
    }

    fn is_full(&self, person: usize) -> bool {
        let inside = |p: usize| self.places[p] == Place::Inside;
        let coming = self.open.filter(|g| g.inwards && g.person != person && !inside(g.person));
        let count = [0, 1].into_iter().filter(|p| inside(*p)).count() + coming.iter().count();
        !inside(person) && self.max.is_some_and(|max| count >= max)
    }
}
