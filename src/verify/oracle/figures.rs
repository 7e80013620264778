//! The measures add up, and they are what journal and truth say.

use crate::apb::id::{AreaId, Direction};
use crate::apb::journal::Event;
use crate::apb::ledger::{Ledger, Location};
use crate::apb::site::OUTSIDE;
use crate::record::{Route, Truth, What};
use crate::verify::trial::Trial;

pub(super) fn judge(trial: &Trial<'_>) -> Result<(), String> {
    let of = |name: &str| {
        let measure = trial.results.measures.get(name).and_then(|m| m.value);
        measure.filter(|value| value.is_finite()).ok_or_else(|| format!("there is no measure {name}"))
    };
    let equal = |what: &str, a: f64, b: f64| {
        if a == b { Ok(()) } else { Err(format!("{what}: {a} is not {b}")) }
    };
    for way in Direction::BOTH {
        let bodies = of(&format!("bodies_{way}"))?;
        let crossed = |t: &Truth| matches!(t, Truth::Crossed { direction, .. } if *direction == way);
        equal("bodies and crossings", bodies, count(trial, crossed))?;
        let parts = of(&format!("attributed_{way}"))? + of(&format!("unattributed_{way}"))?;
        equal("bodies, and those attributed and not", bodies, parts)?;
        let of_way = trial.results.lanes.iter().filter(|l| l.direction == way);
        equal("bodies, and those of every lane", bodies, of_way.map(|l| l.bodies as f64).sum())?;
    }
    let fire_door = |t: &Truth| matches!(t, Truth::Moved { route: Route::FireDoor, .. });
    equal("exits by a fire door", of("left_by_fire_door")?, count(trial, fire_door))?;
    decisions(trial, &of, &equal)?;
    let site = &trial.scenario.plan.site;
    let ledger = Ledger::fold(site, trial.entries());
    let areas = (OUTSIDE.index() + 1..site.areas.len()).map(AreaId::at);
    let located: usize = areas.map(|a| ledger.located(a).len()).sum();
    equal("believed inside, and located in areas", of("people_inside_believed")?, located as f64)?;
    let listed = (0..ledger.holders())
        .map(crate::apb::id::HolderId::at)
        .filter(|h| !matches!(ledger.presence(*h).location, Location::Unknown | Location::In(OUTSIDE)));
    equal("located in areas, and holders who are there", located as f64, listed.count() as f64)?;
    for (some, all) in [
        ("tailgate_detected", "tailgate_attempts"),
        ("tailgate_prevented", "tailgate_attempts"),
        ("tailgate_passed", "tailgate_attempts"),
        ("wrong_way_passed", "wrong_way_attempts"),
    ] {
        let (part, whole) = (of(some)?, of(all)?);
        if part > whole {
            return Err(format!("{some} {part} exceeds {all} {whole}"));
        }
    }
    Ok(())
}

fn count(trial: &Trial<'_>, of: impl Fn(&Truth) -> bool) -> f64 {
    trial.observed.iter().filter(|o| matches!(&o.what, What::Truth(t) if of(t))).count() as f64
}

fn decisions(
    trial: &Trial<'_>,
    of: &dyn Fn(&str) -> Result<f64, String>,
    equal: &dyn Fn(&str, f64, f64) -> Result<(), String>,
) -> Result<(), String> {
    let (mut decided, mut denied, mut violations) = (0.0, 0.0, 0.0);
    for entry in trial.entries() {
        if let Event::Decision(d) = &entry.event {
            decided += 1.0;
            denied += f64::from(u8::from(d.grant.is_none()));
            violations += f64::from(u8::from(d.violation.is_some()));
        }
    }
    equal("decisions", of("decisions")?, decided)?;
    equal("denials", of("denials")?, denied)?;
    equal("denials by reason", trial.results.denials.values().sum::<u64>() as f64, denied)?;
    equal("violations", of("violations")?, violations)?;
    equal("violations by fate", of("violations_denied")? + of("violations_flagged")?, violations)?;
    let judged = of("passback_denied")? + of("passback_flagged")? + of("passback_missed")?;
    let made = of("passback_attempts")?;
    if judged > made {
        return Err(format!("{judged} passback attempts were judged, {made} made"));
    }
    Ok(())
}
