//! The controller and the reference model, side by side.

use crate::script;
use apbrig::apb::controller::Controller;
use apbrig::apb::effect::Effects;
use apbrig::apb::id::{AreaId, HolderId};
use apbrig::apb::input::Input;
use apbrig::apb::invariant::Watch;
use apbrig::apb::journal::{Entry, Reason};
use apbrig::apb::site::{Site, SiteParts};
use apbrig::apb::time::Time;
use apbrig::verify::model::{Model, Said};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

/// Something handed in, or nothing but time.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Give(Input),
    Wait,
    /// Time goes by, and the controller goes on from its own snapshot.
    Restart,
}

/// The two, and what they were told.
#[derive(Clone)]
pub(crate) struct Twin {
    pub(crate) controller: Controller,
    pub(crate) model: Model,
    effects: Effects,
    parts: Arc<SiteParts>,
}

impl Twin {
    pub(crate) fn new(parts: SiteParts) -> Self {
        let parts = Arc::new(parts);
        let site = Site::new(SiteParts::clone(&parts)).unwrap_or_else(|errors| panic!("{errors:?}"));
        Self {
            controller: Controller::new(Arc::new(site)),
            model: Model::new(parts.clone()),
            effects: Effects::default(),
            parts,
        }
    }

    /// Hands the same thing to both, and compares all that can be compared.
    ///
    /// # Errors
    /// How they differ.
    pub(crate) fn step(&mut self, at: Time, step: &Step) -> Result<(), String> {
        self.effects.clear();
        let said = match step {
            Step::Give(input) => {
                self.controller.handle(at, input, &mut self.effects);
                self.model.handle(at, input)
            }
            Step::Wait | Step::Restart => {
                self.controller.expire(at, &mut self.effects);
                self.model.wait(at)
            }
        };
        if let Step::Restart = step {
            let (site, snapshot) = (self.controller.site().clone(), self.controller.snapshot());
            self.controller = Controller::restore(site, snapshot).map_err(|e| e.to_string())?;
        }
        self.compare_said(said)?;
        self.compare_beliefs()
    }

    /// What the controller wrote down at the last step.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.effects.entries
    }

    pub(crate) fn parts(&self) -> &Arc<SiteParts> {
        &self.parts
    }

    fn compare_said(&self, mut expected: Vec<(Time, Said)>) -> Result<(), String> {
        let mut told: Vec<(Time, Said)> = self.effects.entries.iter().filter_map(Said::of).collect();
        told.sort_unstable();
        expected.sort_unstable();
        if told == expected {
            return Ok(());
        }
        Err(format!("controller {told:?}\n     model {expected:?}"))
    }

    fn compare_beliefs(&self) -> Result<(), String> {
        let ledger = self.controller.ledger();
        for holder in (0..self.parts.holders.len()).map(HolderId::at) {
            let name = &self.parts.holders[holder.index()].name;
            let presence = ledger.presence(holder);
            let now = self.controller.now();
            same(name, "location", presence.location, self.model.location(holder))?;
            let last = presence.moved_at.zip(presence.last_reader);
            same(name, "last move", last, self.model.last_move(holder))?;
            let forgiven = presence.forgiven_until.is_some_and(|until| now < until);
            same(name, "forgiven", forgiven, self.model.is_forgiven(holder))?;
            same(name, "violations", usize::from(presence.violations), self.model.violations(holder))?;
            let locked = ledger.is_locked_out(holder, now);
            same(name, "locked out", locked, self.model.is_locked_out(holder))?;
            for area in (0..self.parts.areas.len()).map(AreaId::at) {
                let zone = ledger.uses().zone(holder, area).map(|z| (z.inside, z.since, z.by_move));
                same(name, "flag", zone, self.model.flag(holder, area))?;
            }
        }
        Ok(())
    }
}

fn same<T: PartialEq + Debug>(who: &str, what: &str, told: T, expected: T) -> Result<(), String> {
    if told == expected {
        return Ok(());
    }
    Err(format!("{what} of {who}: controller {told:?}, model {expected:?}"))
}

/// How often what was said.
pub(crate) type Tally = BTreeMap<&'static str, usize>;

/// Plays a history on both, and counts what they say.
///
/// # Errors
/// Where they differ first, as a script.
pub(crate) fn play(parts: &SiteParts, history: &[(Time, Step)], tally: &mut Tally) -> Result<(), String> {
    let mut twin = Twin::new(parts.clone());
    let mut watch = Watch::new(&twin.controller);
    for (place, (at, step)) in history.iter().enumerate() {
        twin.step(*at, step).map_err(|difference| {
            let lines = script::lines(parts, &history[..=place]);
            format!("{difference}\n{}\n{lines}", script::site(parts))
        })?;
        twin.effects.entries.iter().for_each(|entry| watch.see(entry));
        watch.check(&twin.controller)?;
        for (_, said) in twin.effects.entries.iter().filter_map(Said::of) {
            *tally.entry(word(&said)).or_default() += 1;
        }
    }
    Ok(())
}

/// What was said, in one word: for a decision its reason, or that a violation was let through.
fn word(said: &Said) -> &'static str {
    match said {
        Said::Decided { reason: Reason::Ok, rule: Some(_), .. } => "violation",
        Said::Decided { reason, .. } => reason.name(),
        Said::Taken { late: true, .. } => "late",
        Said::Taken { late: false, .. } => "taken",
        Said::NotTaken { .. } => "not_taken",
        Said::Passage { granted: true, .. } => "passage",
        Said::Passage { granted: false, .. } => "nobodys_passage",
        Said::Forgave { .. } => "forgiven",
        Said::LockedOut { .. } => "locked_out",
        Said::Overfull { .. } => "overfull",
        Said::Paired => "paired",
        Said::PairBroken => "pair_broken",
        Said::StillInside { .. } => "still_inside",
        Said::Unlocked { granted: true, .. } => "unlocked",
        Said::Unlocked { granted: false, .. } => "not_unlocked",
        Said::Mustered { .. } => "mustered",
        Said::Amnesty { .. } => "amnesty",
    }
}
