//! Each decision of a panel beside ours, and what led to every difference.

use super::follow::{Decided, Follower, Step, cards, followed, steps};
use super::recording::{Presentation, Recording, Seen, Wiring};
use crate::apb::id::{CardNumber, CredentialId, HolderId};
use crate::apb::site::{Site, SiteError};
use crate::apb::time::Time;
use std::sync::Arc;

/// So many steps at most are tried to be left out one by one.
const TRIED_ALONE: usize = 100;

/// So many steps are told of a holder when nothing in particular led to our decision.
const TOLD: usize = 12;

/// A decision of a panel that ours differs from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The presentation, and what the panel made of it.
    pub presentation: Presentation,
    /// What our controller decided, with its reason.
    pub oracle: Decided,
    /// What led there, oldest first, the presentation itself last: after this alone our controller decides
    /// the same.
    pub sequence: Vec<(Time, Step)>,
    /// Whether no step can be left out of it. If not, it is what came last: ours grants after nothing at all,
    /// too, and what made the panel refuse is the panel's secret. Or there was too much to try it all.
    pub is_shortest: bool,
}

/// Our controller beside a panel.
#[derive(Clone, Debug)]
pub struct Oracle {
    site: Arc<Site>,
    recording: Recording,
}

impl Oracle {
    /// For a panel of this site, watched like this.
    pub fn new(site: Arc<Site>, wiring: Wiring) -> Self {
        Self { site, recording: Recording::new(wiring) }
    }

    /// Something was seen.
    pub fn see(&mut self, at: Time, what: Seen) {
        self.recording.see(at, what);
    }

    /// What was seen.
    pub fn recording(&self) -> &Recording {
        &self.recording
    }

    /// Where the panel differs, among the presentations whose time to be answered was over by then.
    ///
    /// Our controller goes on from each presentation with what the panel decided: who was let through went
    /// through, and who was not did not. So every difference stands for itself.
    ///
    /// # Errors
    /// The site does not hold together without its beams.
    pub fn differences(&self, until: Time) -> Result<Vec<Difference>, Vec<SiteError>> {
        let steps = steps(&self.recording, &self.site, until);
        let site = followed(&self.site, &cards(&steps), None)?;
        let mut follower = Follower::new(site.clone());
        let mut differences = Vec::new();
        for (index, step) in steps.iter().enumerate() {
            let (Some(oracle), Step::Read(presentation)) = (follower.step(step), &step.1) else { continue };
            if oracle.agrees(presentation) {
                continue;
            }
            let history = History { site: &site, steps: &steps[..=index], oracle };
            let (sequence, is_shortest) = history.shortest();
            let presentation = *presentation;
            differences.push(Difference { presentation, oracle, sequence, is_shortest });
        }
        Ok(differences)
    }
}

/// The steps up to a presentation, and what came of them.
struct History<'a> {
    site: &'a Arc<Site>,
    steps: &'a [(Time, Step)],
    oracle: Decided,
}

impl History<'_> {
    /// Whether these steps, by their places, lead to the same decision.
    fn suffices(&self, places: &[usize]) -> bool {
        let chosen = places.iter().filter_map(|i| self.steps.get(*i));
        let last = self.steps.last().into_iter();
        Follower::new(self.site.clone()).follow(chosen.chain(last)) == Some(self.oracle)
    }

    /// What led to the decision, and whether nothing of it can be left out.
    fn shortest(&self) -> (Vec<(Time, Step)>, bool) {
        let before = self.steps.len().saturating_sub(1);
        let own: Vec<usize> = (0..before).filter(|i| self.is_own(*i)).collect();
        if self.suffices(&[]) {
            return if self.oracle.granted { self.latest(&own) } else { (self.told(&[]), true) };
        }
        let mut places = if self.suffices(&own) { own } else { (0..before).collect() };
        let mut oldest = places.len() / 2;
        while oldest > 0 {
            while places.len() >= oldest && self.suffices(&places[oldest..]) {
                places.drain(..oldest);
            }
            oldest /= 2;
        }
        let tried = places.len() <= TRIED_ALONE;
        let mut i = 0;
        while tried && i < places.len() {
            let without = [&places[..i], &places[i + 1..]].concat();
            if self.suffices(&without) {
                (places, i) = (without, 0);
            } else {
                i += 1;
            }
        }
        (self.told(&places), tried)
    }

    /// The latest steps of the holder, or of everybody if others have a say, or all there are.
    fn latest(&self, own: &[usize]) -> (Vec<(Time, Step)>, bool) {
        let all: Vec<usize> = (0..self.steps.len().saturating_sub(1)).collect();
        let last = |places: &[usize]| places[places.len().saturating_sub(TOLD)..].to_vec();
        let told = [last(own), last(&all)].into_iter().find(|places| self.suffices(places)).unwrap_or(all);
        (self.told(&told), told.is_empty())
    }

    fn told(&self, places: &[usize]) -> Vec<(Time, Step)> {
        places.iter().filter_map(|i| self.steps.get(*i)).chain(self.steps.last()).cloned().collect()
    }

    /// Whether a step is the holder's own, or of nobody in particular.
    fn is_own(&self, place: usize) -> bool {
        let card = |step: Option<&(Time, Step)>| match step {
            Some((_, Step::Read(presentation))) => Some(presentation.card),
            Some((_, Step::Input(_))) | None => None,
        };
        let (Some(one), Some(other)) = (card(self.steps.get(place)), card(self.steps.last())) else {
            return true;
        };
        one == other || (self.owner(one).is_some() && self.owner(one) == self.owner(other))
    }

    /// Whose credential it is; `None`: nobody's.
    fn owner(&self, card: CardNumber) -> Option<HolderId> {
        let credential: CredentialId = self.site.credential(card)?;
        self.site.credentials.get(credential.index()).map(|c| c.holder)
    }
}
