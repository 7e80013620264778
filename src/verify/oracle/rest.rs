//! Liveness: after a calm everybody who could go has gone or given up, nobody stands in a lane, every lane is
//! idle and shut, and no grant waits.

use super::replay::replayed;
use crate::apb::controller::Deadline;
use crate::verify::calm::ends_calmly;
use crate::verify::trial::Trial;

pub(super) fn judge(trial: &Trial<'_>) -> Result<(), String> {
    if !ends_calmly(trial.scenario) {
        return Ok(());
    }
    let (controller, _) = replayed(trial);
    // A fire that is never reset is no calm.
    if controller.is_on_fire() {
        return Ok(());
    }
    if let Some(what) = trial.unrest.first() {
        return Err(format!("{what}; {} more like it", trial.unrest.len() - 1));
    }
    if let Some(pending) = controller.pending().first() {
        return Err(format!("{} of {} still waits", pending.grant, pending.holder));
    }
    if let Some(held) = controller.held().first() {
        return Err(format!("{} still waits for a second person", held.holder));
    }
    match controller.next_deadline() {
        Some((at, Deadline::Lane(lane, why))) => {
            Err(format!("{lane} still waits for {} at {at}", why.name()))
        }
        _ => Ok(()),
    }
}
