//! The controller and the reference model, side by side.

use crate::script;
use apbrig::apb::controller::Controller;
use apbrig::apb::effect::Effects;
use apbrig::apb::id::{AreaId, HolderId};
use apbrig::apb::input::Input;
use apbrig::apb::site::{Site, SiteParts};
use apbrig::apb::time::Time;
use apbrig::verify::model::{Model, Said};
use std::fmt::Debug;
use std::sync::Arc;

/// Something handed in, or nothing but time.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Give(Input),
    Wait,
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
            Step::Wait => {
                self.controller.expire(at, &mut self.effects);
                self.model.wait(at)
            }
        };
        self.compare_said(said)?;
        self.compare_beliefs()
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
                let zone = ledger.uses().zone(holder, area).map(|z| (z.inside, z.since));
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

/// Plays a history on both.
///
/// # Errors
/// Where they differ first, as a script.
pub(crate) fn play(parts: &SiteParts, history: &[(Time, Step)]) -> Result<(), String> {
    let mut twin = Twin::new(parts.clone());
    for (place, (at, step)) in history.iter().enumerate() {
        twin.step(*at, step).map_err(|difference| {
            let lines = script::lines(parts, &history[..=place]);
            format!("{difference}\n{}\n{lines}", script::site(parts))
        })?;
    }
    Ok(())
}
