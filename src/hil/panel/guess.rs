//! Which policy a panel follows, as far as what it has decided tells.

use super::candidate::{Candidate, Variants};
use super::follow::{Follower, Step, cards, followed, steps};
use super::probe::{Hands, Probe, search};
use super::recording::{Recording, Verdict};
use crate::apb::id::CardNumber;
use crate::apb::site::Site;
use crate::apb::time::Time;
use std::collections::{BTreeMap, BTreeSet};

/// How well a policy fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    /// The policy, by all its names.
    pub candidate: Candidate,
    /// The first presentation that it would have decided otherwise.
    pub first_miss: Option<Time>,
}

/// Policies that fit equally well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rank {
    /// How many decisions they agree with.
    pub agreed: usize,
    /// The policies; more than one: a tie.
    pub fits: Vec<Fit>,
}

/// Which policy a panel follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// How many decisions there are: presentations that the panel answered.
    pub decisions: usize,
    /// Every policy that the site can have, best first.
    pub ranking: Vec<Rank>,
    /// What to present next to tell those of the first rank apart; `None`: there is only one, or no short
    /// sequence does it.
    pub next: Option<Probe>,
}

impl Guess {
    /// The policies that agree with every decision, all names of each; nothing, if none does.
    pub fn fits(&self) -> Vec<&Candidate> {
        let best = self.ranking.first().filter(|rank| rank.agreed == self.decisions);
        best.into_iter().flat_map(|rank| rank.fits.iter().map(|f| &f.candidate)).collect()
    }
}

/// Ranks every policy with a name by how many of the panel's decisions it agrees with, among the
/// presentations whose time to be answered was over by then. Only anti-passback is compared: at lanes that
/// are never in use.
pub fn guess(site: &Site, recording: &Recording, until: Time, variants: &Variants) -> Guess {
    let steps = steps(recording, site, until);
    let answered = |step: &Step| matches!(step, Step::Read(p) if p.verdict != Verdict::Silent);
    let decisions = steps.iter().filter(|(_, step)| answered(step)).count();
    let hands = Hands::of(site, &steps);
    let cards: BTreeSet<CardNumber> = cards(&steps).into_iter().chain(hands.cards.iter().copied()).collect();
    let mut ranks: BTreeMap<usize, Vec<(Fit, Follower)>> = BTreeMap::new();
    for candidate in Candidate::all(variants) {
        // A site that cannot have the policy says nothing about panels.
        let Ok(site) = followed(site, &cards, Some(&candidate.policy)) else { continue };
        let mut follower = Follower::new(site);
        let (mut agreed, mut first_miss) = (0, None);
        for step in &steps {
            let (Some(decided), Step::Read(presentation)) = (follower.step(step), &step.1) else { continue };
            if decided.agrees(presentation) {
                agreed += 1;
            } else if presentation.verdict != Verdict::Silent {
                first_miss = first_miss.or(Some(step.0));
            }
        }
        ranks.entry(agreed).or_default().push((Fit { candidate, first_miss }, follower));
    }
    let tied = ranks.last_key_value().map(|(_, tied)| tied.iter().map(|(_, f)| f.clone()).collect());
    let next = search(&hands, tied.unwrap_or_default(), until, recording.wiring.hears_flags);
    let ranked = ranks.into_iter().rev().map(|(agreed, fits)| {
        let fits = fits.into_iter().map(|(fit, _)| fit).collect();
        Rank { agreed, fits }
    });
    Guess { decisions, ranking: ranked.collect(), next }
}
