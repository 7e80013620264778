//! Bodies are neither made nor lost: whoever enters a lane crosses it or turns back, and every move is from
//! where somebody was.

use crate::apb::id::{AreaId, Direction, LaneId};
use crate::record::{PersonId, Route, Truth, What};
use crate::verify::trial::Trial;
use std::collections::BTreeMap;

pub(super) fn judge(trial: &Trial<'_>) -> Result<(), String> {
    let mut inside: BTreeMap<PersonId, (LaneId, Direction)> = BTreeMap::new();
    let mut areas: BTreeMap<PersonId, AreaId> = BTreeMap::new();
    let mut crossed = None;
    for o in &trial.observed {
        let What::Truth(truth) = &o.what else { continue };
        let holds = match *truth {
            Truth::Introduced { person, area, .. } => {
                areas.insert(person, area);
                !inside.contains_key(&person)
            }
            Truth::Entered { person, lane, direction, .. } => {
                inside.insert(person, (lane, direction)).is_none()
            }
            Truth::Retreated { person, lane, direction } => inside.remove(&person) == Some((lane, direction)),
            Truth::Crossed { person, lane, direction } => {
                let before = crossed.replace((person, lane));
                inside.remove(&person) == Some((lane, direction)) && before.is_none()
            }
            Truth::Moved { person, from, to, route } => {
                let by = match route {
                    Route::Lane(lane) => crossed.take() == Some((person, lane)),
                    Route::FireDoor => true,
                };
                areas.insert(person, to) == Some(from) && by
            }
            _ => true,
        };
        if !holds {
            return Err(format!("at {}: {truth:?} does not follow from what was before", o.at));
        }
    }
    // Whoever has crossed is somewhere else at the same instant, however the run ends.
    match crossed {
        Some((person, lane)) => Err(format!("person {} crossed {lane} and is nowhere else", person.0)),
        None => Ok(()),
    }
}
