//! Our controller, following what a panel did.
//!
//! At each presentation it is asked what it would decide; then it goes on with what the panel decided, so
//! that one difference does not bring about the next.

use super::recording::{Presentation, Recording, Seen, Verdict};
use crate::apb::controller::{self, Controller, Ruling};
use crate::apb::effect::Effects;
use crate::apb::id::{CardNumber, HolderId};
use crate::apb::input::Input;
use crate::apb::journal::{Event, Reason};
use crate::apb::policy::{Policy, Rule};
use crate::apb::site::{Queue, Sensing, Site, SiteError, SiteParts};
use crate::apb::time::Time;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What our controller decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decided {
    /// Whether it grants.
    pub granted: bool,
    /// Why not, or `ok`.
    pub reason: Reason,
    /// The anti-passback rule that was broken, whether that denies or not.
    pub violation: Option<Rule>,
}

impl Decided {
    /// Whether a panel that decided so did the same. Silence agrees with nothing.
    pub fn agrees(&self, panel: &Presentation) -> bool {
        let verdict = match panel.verdict {
            Verdict::Granted => self.granted,
            Verdict::Denied => !self.granted,
            Verdict::Silent => false,
        };
        verdict && panel.flagged.is_none_or(|flagged| flagged == self.violation.is_some())
    }
}

/// One step of a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Somebody presented a credential, and the panel decided.
    Read(Presentation),
    /// Something else happened.
    Input(Input),
}

/// The steps of a recording, as far as they had an end by then.
pub(super) fn steps(recording: &Recording, site: &Site, until: Time) -> Vec<(Time, Step)> {
    let mut read = recording.presentations(site, until).into_iter().peekable();
    let mut steps = Vec::new();
    for (index, (at, what)) in recording.seen().iter().enumerate() {
        match what {
            Seen::Happened(input) if *at <= until => steps.push((*at, Step::Input(input.clone()))),
            Seen::Presented { .. } => {
                let judged = read.next_if(|(i, _)| *i == index);
                steps.extend(judged.map(|(_, presentation)| (*at, Step::Read(presentation))));
            }
            Seen::Happened(_) | Seen::Shown { .. } | Seen::Released { .. } | Seen::Flagged { .. } => {}
        }
    }
    steps
}

/// Every credential that steps are about.
pub(super) fn cards(steps: &[(Time, Step)]) -> BTreeSet<CardNumber> {
    let card = |step: &Step| if let Step::Read(p) = step { Some(p.card) } else { None };
    steps.iter().filter_map(|(_, step)| card(step)).collect()
}

/// The site as one that is followed: every gate tells by signals, one controller decides, and only those
/// holders are left whose credentials are asked about. `policy`: in force in every area but the outside, at
/// lanes that are never in use.
///
/// # Errors
/// The site cannot have this policy.
pub(super) fn followed(
    site: &Site,
    cards: &BTreeSet<CardNumber>,
    policy: Option<&Policy>,
) -> Result<Arc<Site>, Vec<SiteError>> {
    let mut parts = SiteParts::clone(site);
    parts.domain = None;
    for lane in &mut parts.lanes {
        lane.sensing = Sensing::Signals;
        if policy.is_some() {
            (lane.memory, lane.queue) = (u8::MAX, Queue::BothWays);
        }
    }
    if let Some(policy) = policy {
        parts.areas.iter_mut().skip(1).for_each(|area| area.policy = policy.clone());
    }
    parts.credentials.retain(|c| cards.contains(&c.number));
    let owners: BTreeSet<HolderId> = parts.credentials.iter().map(|c| c.holder).collect();
    let mut index = 0;
    parts.holders.retain(|_| {
        index += 1;
        owners.contains(&HolderId::at(index - 1))
    });
    for credential in &mut parts.credentials {
        credential.holder = HolderId::at(owners.range(..credential.holder).count());
    }
    Site::new(parts).map(Arc::new)
}

/// A controller that follows.
#[derive(Clone, Debug)]
pub(super) struct Follower {
    pub(super) controller: Controller,
    effects: Effects,
}

impl Follower {
    pub(super) fn new(site: Arc<Site>) -> Self {
        Self { controller: Controller::new(site), effects: Effects::default() }
    }

    /// Something happens.
    pub(super) fn handle(&mut self, at: Time, input: &Input) {
        self.effects.clear();
        self.controller.handle(at, input, &mut self.effects);
    }

    /// Decides for itself, and goes on with that.
    pub(super) fn read(&mut self, at: Time, input: &Input) -> Decided {
        self.handle(at, input);
        let decision = self.effects.entries.iter().rev().find_map(|entry| match &entry.event {
            Event::Decision(d) => {
                Some(Decided { granted: d.grant.is_some(), reason: d.reason, violation: d.violation })
            }
            _ => None,
        });
        // Every read is decided.
        decision.unwrap_or(Decided { granted: false, reason: Reason::UnknownReader, violation: None })
    }

    /// Takes a step; at a presentation, what it would have decided.
    pub(super) fn step(&mut self, (at, step): &(Time, Step)) -> Option<Decided> {
        let presentation = match step {
            Step::Input(input) => {
                self.handle(*at, input);
                return None;
            }
            Step::Read(presentation) => presentation,
        };
        let Presentation { reader, card, factor, verdict, .. } = *presentation;
        let mut own = self.clone();
        let decided = own.read(*at, &Input::Read { reader, card, factor });
        match (verdict, decided.granted) {
            (Verdict::Granted, true) | (Verdict::Denied | Verdict::Silent, false) => *self = own,
            (Verdict::Granted, false) => {
                let (reason, violation) = (Reason::Ok, decided.violation);
                let verdict = controller::Verdict { reason, violation, forgiven: false, is_crowded: false };
                let ruling = Ruling::Told { verdict, first: None };
                self.effects.clear();
                self.controller.handle_ruled(*at, (reader, card, factor), ruling, &mut self.effects);
            }
            (Verdict::Denied | Verdict::Silent, true) => {
                self.effects.clear();
                self.controller.expire(*at, &mut self.effects);
            }
        }
        Some(decided)
    }

    /// Takes these steps; what it would have decided at the last presentation.
    pub(super) fn follow<'a>(&mut self, steps: impl Iterator<Item = &'a (Time, Step)>) -> Option<Decided> {
        steps.filter_map(|step| self.step(step)).last()
    }
}
