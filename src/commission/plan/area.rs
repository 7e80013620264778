//! The phases of one area: the way in and out again, exemptions, the reset procedure.

use super::draft::{Course, Draft, Gate, forget};
use crate::apb::id::AreaId;
use crate::apb::policy::Rule;
use crate::apb::time::Span;
use crate::commission::cast::{self, Actor};
use crate::commission::expected::Before;
use crate::commission::phase::{Act, Check, Kind, Step};
use crate::commission::place::Place;

/// How long after a passage the next presentation comes.
const SOON: Span = Span::seconds(10);

pub(super) fn phases(draft: &mut Draft<'_>, area: AreaId) {
    let place = Place::Area(area);
    let entries: Vec<Gate> = draft.controlled().filter(|g| g.to == area && !g.toggles).collect();
    let depth = draft.site.enclosing(area).count();
    if depth > 2 {
        let course = in_order(draft, area);
        draft.add(place, (Kind::Order, None), course);
    }
    let Some(gate) = entries.first().copied() else { return };
    if let Some(actor) = cast::exempt(draft.site, gate.reader) {
        let course = exempt(draft, gate, actor);
        draft.add(place, (Kind::Exempt, None), Ok(course));
    }
    let guarded = draft.site.areas.get(area.index()).is_some_and(|a| a.policy.rule != Rule::Off);
    if guarded {
        let course = cast::regular(draft.site, gate.reader).and_then(|actor| reset(draft, gate, actor));
        draft.add(place, (Kind::Reset, None), course);
    }
}

/// From outside to the area, gate by gate, and back again.
fn in_order(draft: &Draft<'_>, area: AreaId) -> Result<Course, String> {
    let mut chain: Vec<AreaId> = draft.site.enclosing(area).collect();
    chain.reverse();
    let back = chain.iter().rev().copied().collect::<Vec<_>>();
    let hops = chain.windows(2).chain(back.windows(2));
    let mut gates = Vec::new();
    for hop in hops {
        let [from, to] = hop else { continue };
        let leads = |g: &Gate| (g.from, g.to) == (*from, *to) && !g.toggles;
        let names = draft.names();
        let none = || format!("no controlled gate leads from {} to {}", names.area(*from), names.area(*to));
        gates.push(draft.controlled().find(leads).ok_or_else(none)?);
    }
    let readers: Vec<_> = gates.iter().map(|g| g.reader).collect();
    let actor = cast::regular_at_all(draft.site, &readers)?;
    let mut before = Before { at: gates.first().map(|g| g.from), last: None };
    let mut steps: Vec<Step> = before.at.map(|at| draft.put(actor.holder, at)).into_iter().collect();
    for gate in &gates {
        let expected = draft.expect(*gate, actor.holder, before);
        draft.too_short(*gate)?;
        if !draft.follows(*gate) {
            let name = draft.names().reader(gate.reader);
            return Err(format!("moves are not followed at reader {name}: nothing tells the order"));
        }
        if expected.broken.is_some() && draft.locks_out_after(*gate).is_some() {
            return Err("the way in and out breaks rules, and whoever breaks them is locked out".into());
        }
        if !expected.is_grant() {
            let name = draft.names().reader(gate.reader);
            return Err(format!("reader {name} refuses whoever has just used the gate before it"));
        }
        steps.push(draft.judged(*gate, actor.card, expected, Span::ZERO));
        steps.push(draft.passes(*gate));
        before = draft.gone_through(*gate, SOON);
    }
    Ok(Course::new(steps, vec![forget(actor.holder)]))
}

/// Through, and again: an exempt holder is let through, and nobody is alerted.
fn exempt(draft: &Draft<'_>, gate: Gate, actor: Actor) -> Course {
    let mut steps = draft.goes_through(gate, actor);
    let mut again = draft.granted(gate, actor.card);
    again.checks.push(Check::NoAlarm { lane: gate.lane });
    steps.push(again);
    Course::new(steps, vec![draft.lets_lapse(gate.lane), forget(actor.holder)])
}

/// Whoever is held back, or told of, is not any more once an operator has reset them; and the journal says
/// that they were.
fn reset(draft: &Draft<'_>, gate: Gate, actor: Actor) -> Result<Course, String> {
    draft.too_short(gate)?;
    let expected = draft.expect(gate, actor.holder, draft.gone_through(gate, SOON));
    if expected.broken.is_none() {
        return Err("a second entry breaks no rule here: there is nothing to reset".into());
    }
    let mut steps = draft.goes_through(gate, actor);
    steps.push(draft.judged(gate, actor.card, expected, draft.strike(gate.lane)));
    if expected.is_grant() {
        steps.push(Step::just(draft.lets_lapse(gate.lane)));
    }
    let holder = actor.holder;
    let act = Act::Reset { holder, to: Some(gate.from) };
    steps.push(Step { act, checks: vec![Check::ResetLogged { holder }] });
    steps.push(draft.granted(gate, actor.card));
    steps.push(draft.passes(gate));
    Ok(Course::new(steps, vec![forget(holder)]))
}
