//! While the fire alarm is on nobody is refused.

use crate::apb::journal::{Event, Reason};
use crate::verify::trial::Trial;

pub(super) fn judge(trial: &Trial<'_>) -> Result<(), String> {
    let mut burns = false;
    for entry in trial.entries() {
        match &entry.event {
            Event::Fire { active } => burns = *active,
            Event::Decision(d) if burns && d.grant.is_none() && d.reason != Reason::UnknownReader => {
                return Err(format!("at {}: {:?} while the fire alarm is on", entry.at, d.reason));
            }
            Event::Decision(d) if !burns && d.reason == Reason::Fire => {
                return Err(format!("at {}: granted because of fire, and there is none", entry.at));
            }
            _ => {}
        }
    }
    Ok(())
}
