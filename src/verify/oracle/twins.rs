//! The soft and the hard form of every policy, fed the same inputs, find the same first violation.
//!
//! Up to that read their histories are the same, so everything they decided before has to be the same, too.
//! A soft violation by a read that a later check refuses is not told, and is no difference.

use crate::apb::controller::Controller;
use crate::apb::effect::Effects;
use crate::apb::input::Input;
use crate::apb::journal::{Decision, Event, Reason};
use crate::apb::policy::{Enforcement, Policy};
use crate::apb::site::{Site, SiteParts};
use crate::verify::trial::Trial;
use std::sync::Arc;

pub(super) fn judge(trial: &Trial<'_>) -> Result<(), String> {
    let mut twins = [Enforcement::Soft, Enforcement::Hard].map(|enforced| Twin::new(trial, enforced));
    for (at, input) in trial.inputs() {
        let mut said = Vec::new();
        for twin in &mut twins {
            let input = twin.input(input);
            twin.effects.clear();
            twin.controller.as_mut().map_err(|e| e.clone())?.handle(at, &input, &mut twin.effects);
            said.push(twin.decision());
        }
        let [Some(soft), Some(hard)] = said.as_slice() else { continue };
        if hard.violation.is_some() || soft.violation.is_some() {
            let untold =
                soft.violation.is_none() && soft.grant.is_none() && soft.reason > Reason::ApbViolation;
            if hard.violation != soft.violation && !untold {
                return Err(format!("at {at}: the soft twin says {soft:?}, the hard one {hard:?}"));
            }
            return Ok(());
        }
        if soft != hard {
            return Err(format!("at {at}, before any violation: soft {soft:?}, hard {hard:?}"));
        }
    }
    Ok(())
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

    /// The decision about what was read: the last one, for the first of two who go together is judged anew
    /// before.
    fn decision(&self) -> Option<Decision> {
        self.effects.entries.iter().rev().find_map(|e| match &e.event {
            Event::Decision(decision) => Some(decision.clone()),
            _ => None,
        })
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
