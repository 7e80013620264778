//! The soft and the hard form of every policy, fed the same inputs, find the same first violation.
//!
//! Up to that read their histories are the same, so everything they decided before has to be the same, too.
//! A soft violation by a read that a later check refuses is not told, and is no difference.

use crate::apb::controller::Controller;
use crate::apb::effect::Effects;
use crate::apb::id::HolderId;
use crate::apb::input::Input;
use crate::apb::journal::{Decision, Event, Reason};
use crate::apb::policy::{Enforcement, Policy, Rule};
use crate::apb::site::{Site, SiteParts};
use crate::verify::trial::Trial;
use std::sync::Arc;

pub(super) fn judge(trial: &Trial<'_>) -> Result<(), String> {
    let mut twins = [Enforcement::Soft, Enforcement::Hard].map(|enforced| Twin::new(trial, enforced));
    for (at, input) in trial.inputs() {
        for twin in &mut twins {
            let input = twin.input(input);
            twin.effects.clear();
            let controller = twin.controller.as_mut().map_err(|e| e.clone())?;
            (trial.handle)(controller, at, &input, &mut twin.effects);
        }
        if let Some(differ) = compare(&twins) {
            return differ.map_err(|what| format!("at {at}{what}"));
        }
    }
    Ok(())
}

/// Whether the twins find the same violation, once either finds one; `None`: neither has yet. Of two who go
/// together the hard twin tells who broke a rule and refuses the other, the soft one lets both through.
fn compare([soft, hard]: &[Twin; 2]) -> Option<Result<(), String>> {
    let (told, found) = (soft.violations(), hard.violations());
    let says = || format!("the soft twin says {:?}, the hard one {:?}", soft.decisions(), hard.decisions());
    if told.is_empty() && found.is_empty() {
        let differ = soft.decisions() != hard.decisions();
        return differ.then(|| Err(format!(", before any violation: {}", says())));
    }
    let untold = |d: &&Decision| d.grant.is_none() && d.reason > Reason::ApbViolation;
    let is_untold = told.is_empty() && soft.decisions().iter().any(untold);
    // The first of two for whom anything has changed has to present again; only the second hears why.
    let waits = |d: &&Decision| matches!(d.reason, Reason::AwaitingPartner | Reason::NoAccompaniment);
    let is_untold = is_untold || (found.is_empty() && hard.decisions().iter().any(waits));
    // Whoever may go alone does, and nobody hears of the first, who waits on: the pair is the soft twin's.
    let is_sound = |d: &Decision| d.grant.is_some() && d.violation.is_none();
    let both = |d: &Decision| soft.decisions().iter().any(|s| s.holder == d.holder && is_sound(s));
    let goes_alone = matches!(hard.decisions()[..], [second] if is_sound(second) && both(second));
    let is_untold = is_untold || (soft.decisions().len() == 2 && goes_alone);
    let is_same = !found.is_empty() && found.iter().all(|violation| told.contains(violation));
    Some(if is_same || is_untold { Ok(()) } else { Err(format!(": {}", says())) })
}

struct Twin {
    enforced: Enforcement,
    controller: Result<Controller, String>,
    effects: Effects,
}

impl Twin {
    fn new(trial: &Trial<'_>, enforced: Enforcement) -> Self {
        let mut parts = SiteParts::clone(&trial.scenario.plan.site);
        for area in &mut parts.areas {
            area.policy = with(&area.policy, enforced);
        }
        for reader in &mut parts.readers {
            reader.apb = reader.apb.map(|apb| instead(apb, enforced));
        }
        let site = Site::new(parts).map_err(|errors| format!("no twin of this site: {errors:?}"));
        let controller = site.map(|site| Controller::new(Arc::new(site)));
        Self { enforced, controller, effects: Effects::default() }
    }

    fn input(&self, input: &Input) -> Input {
        match input {
            Input::SetPolicy { area, policy } => {
                Input::SetPolicy { area: *area, policy: Box::new(with(policy, self.enforced)) }
            }
            other => other.clone(),
        }
    }

    fn decisions(&self) -> Vec<&Decision> {
        let decisions = self.effects.entries.iter().filter_map(|e| match &e.event {
            Event::Decision(decision) => Some(decision),
            _ => None,
        });
        decisions.collect()
    }

    /// Who broke which rule.
    fn violations(&self) -> Vec<(Option<HolderId>, Rule)> {
        self.decisions().into_iter().filter_map(|d| Some((d.holder, d.violation?))).collect()
    }
}

/// The same policy, with this in place of whatever a violation led to.
fn with(policy: &Policy, enforced: Enforcement) -> Policy {
    let [inbound, outbound] = [policy.inbound, policy.outbound].map(|e| instead(e, enforced));
    Policy { inbound, outbound, ..policy.clone() }
}

fn instead(of: Enforcement, enforced: Enforcement) -> Enforcement {
    if of == Enforcement::Off { of } else { enforced }
}
