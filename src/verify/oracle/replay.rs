//! The recorded inputs, put into a fresh controller: it writes the same journal and gives the same orders,
//! and no denied read changes anything.

use crate::apb::controller::Controller;
use crate::apb::effect::{Command, Effects};
use crate::apb::id::HolderId;
use crate::apb::input::Input;
use crate::apb::journal::{Entry, Event};
use crate::apb::ledger::Ledger;
use crate::apb::time::Time;
use crate::record::What;
use crate::verify::trial::Trial;
use std::fmt::Debug;
use std::sync::Arc;

/// A fresh controller after the recorded inputs, with everything it did.
pub(super) fn replayed(trial: &Trial<'_>) -> (Controller, Effects) {
    let mut controller = Controller::new(Arc::new(trial.scenario.plan.site.clone()));
    let mut effects = Effects::default();
    for (at, input) in trial.inputs() {
        (trial.handle)(&mut controller, at, input, &mut effects);
    }
    controller.expire(trial.end, &mut effects);
    (controller, effects)
}

pub(super) fn judge(trial: &Trial<'_>) -> Result<(), String> {
    let (controller, effects) = replayed(trial);
    let recorded: Vec<&Entry> = trial.entries().collect();
    same("entry", &recorded, &effects.entries.iter().collect::<Vec<_>>())?;
    let recorded: Vec<(Time, Command)> = trial.observed.iter().filter_map(command).collect();
    same("order", &recorded, &effects.commands)?;
    let site = controller.site();
    let folded = Ledger::fold(site, trial.entries());
    if &folded != controller.ledger() {
        return Err("the journal does not add up to the ledger of the replay".into());
    }
    Ok(())
}

fn command(observation: &crate::record::Observation) -> Option<(Time, Command)> {
    match observation.what {
        What::Command(command) => Some((observation.at, command)),
        _ => None,
    }
}

fn same<T: PartialEq + Debug>(what: &str, recorded: &[T], replayed: &[T]) -> Result<(), String> {
    let differs = recorded.iter().zip(replayed).position(|(a, b)| a != b);
    let index = differs.or((recorded.len() != replayed.len()).then(|| recorded.len().min(replayed.len())));
    match index {
        None => Ok(()),
        Some(i) => {
            Err(format!("{what} {i} differs: recorded {:?}, replayed {:?}", recorded.get(i), replayed.get(i)))
        }
    }
}

/// What of locations, windows and uses is not the same any more. Where a policy wants a denied read to show
/// where its holder is, that alone may change of those who were denied, and since when it is known.
fn changed(before: &Ledger, after: &Ledger, denied: &[Option<HolderId>]) -> Option<String> {
    let shows = after.policies().iter().any(|p| p.denied_moves);
    let is_seen = |holder| shows && denied.contains(&Some(holder));
    let of = |ledger: &Ledger, holder| {
        let presence = ledger.presence(holder);
        let place = (!is_seen(holder)).then_some((presence.location, presence.since));
        (place, presence.moved_at, presence.last_reader, presence.forgiven_until)
    };
    let moved = (0..after.holders()).map(HolderId::at).find(|h| of(before, *h) != of(after, *h));
    let uses = (before.uses() != after.uses()).then(|| "what was used when".into());
    moved.map(|holder| format!("what is known of {holder}")).or(uses)
}

pub(super) fn judge_denials(trial: &Trial<'_>) -> Result<(), String> {
    let mut controller = Controller::new(Arc::new(trial.scenario.plan.site.clone()));
    let mut effects = Effects::default();
    for (at, input) in trial.inputs() {
        // What was due anyway is not the read's doing.
        controller.expire(at, &mut effects);
        effects.clear();
        let is_read = matches!(input, Input::Read { .. });
        let before = is_read.then(|| (controller.ledger().clone(), controller.pending().to_vec()));
        (trial.handle)(&mut controller, at, input, &mut effects);
        let denied = effects.entries.iter().filter_map(|e| match &e.event {
            Event::Decision(d) if d.grant.is_none() => Some(d.holder),
            _ => None,
        });
        let denied: Vec<Option<HolderId>> = denied.collect();
        if let Some((ledger, pending)) = before.filter(|_| !denied.is_empty()) {
            changed(&ledger, controller.ledger(), &denied)
                .map_or(Ok(()), |what| Err(format!("at {at}: the denied {input:?} changed {what}")))?;
            if pending != controller.pending() {
                return Err(format!("at {at}: the denied {input:?} changed the pending grants"));
            }
            if let Some((_, open)) = effects.commands.iter().find(|(_, c)| matches!(c, Command::Open { .. }))
            {
                return Err(format!("at {at}: the denied {input:?} led to {open:?}"));
            }
        }
    }
    Ok(())
}
