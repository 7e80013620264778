//! Every grant is taken once at most, and in the end it is taken or not; what went through on a grant has
//! taken it.

use crate::apb::id::{Direction, GrantId};
use crate::apb::journal::{Event, Reason};
use crate::verify::calm::ends_calmly;
use crate::verify::trial::Trial;
use std::collections::{BTreeMap, BTreeSet};

/// What has become of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Given,
    NotTaken,
    Taken,
}

pub(super) fn judge(trial: &Trial<'_>) -> Result<(), String> {
    let mut fates: BTreeMap<GrantId, Fate> = BTreeMap::new();
    // Whoever passes a lane that was opened by hand takes nobody's grant.
    let mut by_hand: BTreeSet<GrantId> = BTreeSet::new();
    let mut passed = [0_i64; 2];
    for entry in trial.entries() {
        let said = |what: &str| Err(format!("at {}, entry {}: {what}", entry.at, entry.seq));
        match &entry.event {
            Event::Decision(decision) => {
                let granted = matches!(decision.reason, Reason::Ok | Reason::Fire);
                if granted != decision.grant.is_some() {
                    return said(&format!("{decision:?}: grant and reason do not agree"));
                }
                if let (Some(grant), Reason::Ok) = (decision.grant, decision.reason)
                    && *fates.entry(grant).or_insert(Fate::Given) != Fate::Given
                {
                    return said(&format!("{grant} is given again after its end"));
                }
            }
            Event::Taken { grant, .. } | Event::NotTaken { grant, .. } if by_hand.contains(grant) => {}
            Event::NotTaken { grant, .. } => match fates.insert(*grant, Fate::NotTaken) {
                Some(Fate::Given) => {}
                before => return said(&format!("{grant} is not taken, but was {before:?}")),
            },
            Event::Taken { grant, late, direction, .. } => {
                let expected = if *late { Fate::NotTaken } else { Fate::Given };
                match fates.insert(*grant, Fate::Taken) {
                    Some(before) if before == expected => {}
                    before => return said(&format!("{grant} is taken (late: {late}), but was {before:?}")),
                }
                passed[direction.index()] -= 1;
            }
            Event::Passage { grant: Some(grant), direction, .. } if !by_hand.contains(grant) => {
                passed[direction.index()] += 1;
            }
            Event::Unlocked { grant: Some(grant), .. } => {
                by_hand.insert(*grant);
                fates.remove(grant);
            }
            _ => {}
        }
    }
    if passed != [0, 0] {
        let [inwards, outwards] = Direction::BOTH.map(|d| passed[d.index()]);
        return Err(format!("passages with a grant less takings: {inwards} in, {outwards} out"));
    }
    let open = fates.iter().find(|(_, fate)| **fate == Fate::Given);
    match open {
        Some((grant, _)) if ends_calmly(trial.scenario) => {
            Err(format!("{grant} is neither taken nor not taken at the end"))
        }
        _ => Ok(()),
    }
}
