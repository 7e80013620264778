//! Hard anti-passback with reservation and commit on passage never lets the same person into the same area
//! twice running, unless a reset, an expiry, a fire, a forgiveness or a pair of whom one came lies between.
//!
//! Judged only where every policy that is ever in force is of that kind: with others about, somebody may have
//! moved by a rule that asks less.

use crate::apb::id::{AreaId, GrantId, HolderId};
use crate::apb::input::Input;
use crate::apb::journal::{Alert, AlertCause, Cause, Event, Reason};
use crate::apb::policy::{Commit, Enforcement, Exemption, Memory, Policy, Rule};
use crate::apb::site::OUTSIDE;
use crate::record::What;
use crate::verify::trial::Trial;
use std::collections::BTreeMap;

fn is_strict(policy: &Policy) -> bool {
    matches!(policy.rule, Rule::LocationMatch | Rule::InOut | Rule::EntryOnly)
        && policy.inbound == Enforcement::Hard
        && policy.commit == Commit::OnPassage
        && policy.reservation
        && policy.memory == Memory::Location
        && policy.schedule.is_none()
}

pub(super) fn judge(trial: &Trial<'_>) -> Result<(), String> {
    let site = &trial.scenario.plan.site;
    let at_first = site.areas.iter().skip(OUTSIDE.index() + 1).all(|a| is_strict(&a.policy));
    let later = trial.observed.iter().all(|o| match &o.what {
        What::Input(Input::SetPolicy { area, policy }) => *area == OUTSIDE || is_strict(policy),
        _ => true,
    });
    let plain = site.readers.iter().all(|r| !r.toggles && r.apb.is_none());
    if !at_first || !later || !plain {
        return Ok(());
    }
    let mut routes: BTreeMap<GrantId, (AreaId, bool)> = BTreeMap::new();
    let mut last: BTreeMap<HolderId, AreaId> = BTreeMap::new();
    for entry in trial.entries() {
        match &entry.event {
            Event::Decision(d) if d.reason == Reason::Ok => {
                if let (Some(grant), Some(route)) = (d.grant, site.route(d.reader)) {
                    routes.insert(grant, (route.to, route.entered.contains(&route.to)));
                }
            }
            Event::Moved { holder, cause, .. } if *cause != Cause::Access => drop(last.remove(holder)),
            // Of two who had to come together only one came, and so the controller has moved neither.
            Event::Alert(Alert { cause: AlertCause::PairBroken, holder: Some(holder), .. })
            | Event::ForgivenessUsed { holder } => drop(last.remove(holder)),
            Event::Taken { grant, holder, .. } => {
                let Some((to, inwards)) = routes.get(grant).copied() else { continue };
                let exempt = site.exemptions(*holder).has(Exemption::Passback);
                if last.insert(*holder, to) == Some(to) && inwards && !exempt {
                    return Err(format!("at {}: {holder} is in {to} a second time running", entry.at));
                }
            }
            _ => {}
        }
    }
    Ok(())
}
