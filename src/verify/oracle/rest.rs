//! Liveness: after a calm everybody who could go has gone or given up, nobody stands in a lane, every lane is
//! idle and shut, and no grant waits.

use super::replay::replayed;
use crate::apb::input::Input;
use crate::verify::calm::ends_calmly;
use crate::verify::trial::Trial;

pub(super) fn judge(trial: &Trial<'_>) -> Result<(), String> {
    let bell =
        |(_, input): (_, &Input)| if let Input::Fire { active } = input { Some(*active) } else { None };
    // A fire that is never reset is no calm.
    let burns = trial.inputs().filter_map(bell).last() == Some(true);
    if burns || !ends_calmly(trial.scenario) {
        return Ok(());
    }
    if let Some(what) = trial.unrest.first() {
        return Err(format!("{what}; {} more like it", trial.unrest.len() - 1));
    }
    match trial.scenario.plan.site.domain {
        None => judge_controller(trial),
        Some(_) => Ok(()),
    }
}

fn judge_controller(trial: &Trial<'_>) -> Result<(), String> {
    let (controller, _) = replayed(trial);
    if let Some(pending) = controller.pending().first() {
        return Err(format!("{} of {} still waits", pending.grant, pending.holder));
    }
    if let Some(held) = controller.held().first() {
        return Err(format!("{} still waits for a second person", held.holder));
    }
    match controller.lane_deadlines().next() {
        Some((at, lane, why)) => Err(format!("{lane} still waits for {} at {at}", why.name())),
        None => Ok(()),
    }
}
