//! The phases at one reader.

use super::draft::{Course, Draft, Gate, forget};
use crate::apb::id::{AreaId, ReaderId};
use crate::apb::input::Factor;
use crate::apb::journal::Reason;
use crate::apb::policy::{Commit, Enforcement};
use crate::apb::site::PassMode;
use crate::apb::time::Span;
use crate::commission::cast::{self, Actor};
use crate::commission::expected::{Before, Expected};
use crate::commission::limits;
use crate::commission::phase::{Act, Check, Kind, Step};
use crate::commission::place::Place;
use crate::scenario::expect::Verdict;

/// How long after a passage a presentation comes "at once": the leaf has to be shut again.
const SOON: Span = Span::seconds(10);

/// Why an expired credential cannot be tried.
const NO_EXPIRED: &str = "no credential of the site has expired: issue one for the test";

/// How long the leaf of a gate that refuses is watched while a grant waits at another.
const REFUSED: Span = Span::seconds(1);

pub(super) fn phases(draft: &mut Draft<'_>, reader: ReaderId) {
    let Some(gate) = draft.gate(reader) else { return };
    let place = Place::Reader(reader);
    match gate.mode {
        PassMode::Controlled => {}
        PassMode::Free => return,
        PassMode::Locked => {
            let course = locked(draft, gate);
            draft.add(place, (Kind::Locked, None), course);
            return;
        }
    }
    let actor = cast::regular(draft.site, reader);
    let with = |make: &dyn Fn(Actor) -> Result<Course, String>| match &actor {
        Ok(actor) => make(*actor),
        Err(reason) => Err(reason.clone()),
    };
    let known = with(&|actor| Ok(known(draft, gate, actor)));
    let again = with(&|actor| again(draft, gate, actor));
    let not_taken = with(&|actor| not_taken(draft, gate, actor));
    let other = other_gate(draft, gate).map(|other| with(&|actor| other_course(draft, (gate, other), actor)));
    let elsewhere = other_gate(draft, gate)
        .filter(|_| reserves(draft, gate))
        .map(|other| with(&|actor| Ok(elsewhere(draft, (gate, other), actor))));
    let window = window_of(draft, gate).map(|window| with(&|actor| windowed(draft, gate, actor, window)));
    let skipped = skipped(draft, gate).map(|at| with(&|actor| Ok(out_of_order(draft, gate, actor, at))));
    let factor = (cast::factor(draft.site, reader) == Factor::Right)
        .then(|| with(&|actor| Ok(wrong_factor(draft, gate, actor))));
    draft.add(place, (Kind::Known, None), known);
    let unknown = draft.refused(gate, draft.unissued, Reason::UnknownCredential);
    draft.add(place, (Kind::Unknown, None), Ok(Course::new(vec![unknown], vec![])));
    let expired = expired(draft, gate);
    draft.add(place, (Kind::Expired, None), expired);
    if let Some(other) = cast::without_right(draft.site, reader) {
        let step = draft.refused(gate, other.card, Reason::NoAccessRight);
        draft.add(place, (Kind::NoRight, None), Ok(Course::new(vec![step], vec![])));
    }
    draft.add(place, (Kind::Again, None), again);
    let rest = [
        (Kind::OtherGate, other),
        (Kind::Elsewhere, elsewhere),
        (Kind::OutOfOrder, skipped),
        (Kind::Window, window),
        (Kind::WrongFactor, factor),
    ];
    for (kind, course) in rest.into_iter().filter_map(|(kind, course)| Some((kind, course?))) {
        draft.add(place, (kind, None), course);
    }
    draft.add(place, (Kind::NotTaken, None), not_taken);
}

fn known(draft: &Draft<'_>, gate: Gate, actor: Actor) -> Course {
    Course::new(draft.goes_through(gate, actor), vec![forget(actor.holder)])
}

fn expired(draft: &Draft<'_>, gate: Gate) -> Result<Course, String> {
    let actor = cast::expired(draft.site).ok_or(NO_EXPIRED)?;
    Ok(Course::new(vec![draft.refused(gate, actor.card, Reason::Expired)], vec![]))
}

fn wrong_factor(draft: &Draft<'_>, gate: Gate, actor: Actor) -> Course {
    let step = draft.refused_with(gate, (actor.card, Factor::Wrong), Reason::Factor);
    Course::new(vec![draft.put(actor.holder, gate.from), step], vec![forget(actor.holder)])
}

/// A way that is locked refuses whoever may otherwise go.
fn locked(draft: &Draft<'_>, gate: Gate) -> Result<Course, String> {
    let actor = cast::regular(draft.site, gate.reader)?;
    let step = draft.refused(gate, actor.card, Reason::LaneLocked);
    Ok(Course::new(vec![draft.put(actor.holder, gate.from), step], vec![forget(actor.holder)]))
}

/// In, in; or out, out.
fn again(draft: &Draft<'_>, gate: Gate, actor: Actor) -> Result<Course, String> {
    draft.too_short(gate)?;
    let expected = draft.expect(gate, actor.holder, draft.gone_through(gate, SOON));
    let mut steps = draft.goes_through(gate, actor);
    steps.push(draft.judged(gate, actor.card, expected, draft.strike(gate.lane)));
    if !expected.is_grant() && draft.locks_out_after(gate) != Some(1) {
        // A denial changes nothing: not even who is denied next.
        steps.push(draft.judged(gate, actor.card, expected, draft.strike(gate.lane)));
    }
    Ok(Course::new(steps, ending(draft, gate, expected.is_grant(), actor)))
}

/// What puts the site back after a last presentation that may have been granted.
fn ending(draft: &Draft<'_>, gate: Gate, is_granted: bool, actor: Actor) -> Vec<Act> {
    let lapse = is_granted.then(|| draft.lets_lapse(gate.lane));
    lapse.into_iter().chain([forget(actor.holder)]).collect()
}

/// The next gate that leads the same way, round about.
fn other_gate(draft: &Draft<'_>, gate: Gate) -> Option<Gate> {
    let alike = |g: &Gate| (g.from, g.to) == (gate.from, gate.to) && g.lane != gate.lane && !g.toggles;
    let others: Vec<Gate> = draft.controlled().filter(alike).collect();
    others.iter().find(|g| g.reader > gate.reader).or(others.first()).copied()
}

fn other_course(draft: &Draft<'_>, (gate, other): (Gate, Gate), actor: Actor) -> Result<Course, String> {
    draft.too_short(gate)?;
    let expected = draft.expect(other, actor.holder, draft.gone_through(gate, SOON));
    let mut steps = draft.goes_through(gate, actor);
    steps.push(draft.judged(other, actor.card, expected, draft.strike(other.lane)));
    Ok(Course::new(steps, ending(draft, other, expected.is_grant(), actor)))
}

/// Granted at one gate and refused at the next while that grant waits; the refusal is no move, so that once
/// the grant has lapsed the first gate grants again.
fn elsewhere(draft: &Draft<'_>, (gate, other): (Gate, Gate), actor: Actor) -> Course {
    let verdict = Verdict::Denied(Some(Reason::PendingElsewhere));
    let refused = Expected { verdict, broken: None };
    let steps = vec![
        draft.put(actor.holder, gate.from),
        draft.granted(gate, actor.card),
        draft.judged(other, actor.card, refused, REFUSED),
        Step::just(draft.lets_lapse(gate.lane)),
        draft.granted(gate, actor.card),
    ];
    Course::new(steps, ending(draft, gate, true, actor))
}

/// Whether a grant at a gate blocks its owner elsewhere until somebody walks.
fn reserves(draft: &Draft<'_>, gate: Gate) -> bool {
    draft.crossed(gate).next().is_some_and(|(p, _)| p.reservation && p.commit == Commit::OnPassage)
}

/// Where somebody is who is out of order at this gate: whoever skipped the area before it, or has not left
/// the area behind it.
fn skipped(draft: &Draft<'_>, gate: Gate) -> Option<AreaId> {
    let parent = |area: AreaId| draft.site.areas.get(area.index()).and_then(|a| a.parent);
    if gate.toggles {
        return None;
    }
    if parent(gate.to) == Some(gate.from) {
        return parent(gate.from);
    }
    let areas = (1..draft.site.areas.len()).map(AreaId::at);
    let inner = |a: &AreaId| parent(*a) == Some(gate.from);
    if parent(gate.from) == Some(gate.to) { areas.into_iter().find(inner) } else { None }
}

fn out_of_order(draft: &Draft<'_>, gate: Gate, actor: Actor, at: AreaId) -> Course {
    let expected = draft.expect(gate, actor.holder, Before { at: Some(at), last: None });
    let step = draft.judged(gate, actor.card, expected, draft.strike(gate.lane));
    Course::new(vec![draft.put(actor.holder, at), step], ending(draft, gate, expected.is_grant(), actor))
}

/// A grant that nobody uses lapses in time, and then counts as a move only if the policy says so.
fn not_taken(draft: &Draft<'_>, gate: Gate, actor: Actor) -> Result<Course, String> {
    draft.too_short(gate)?;
    let (lane, direction) = (gate.lane, gate.way);
    let moved = draft.commits(gate) != Commit::OnPassage;
    let before = if moved {
        draft.gone_through(gate, draft.lapse(lane))
    } else {
        Before { at: Some(gate.from), last: None }
    };
    let mut first = draft.granted(gate, actor.card);
    first.checks.push(Check::Lapses { lane, direction, after: draft.strike(lane) });
    let expected = draft.expect(gate, actor.holder, before);
    let steps = vec![
        draft.put(actor.holder, gate.from),
        first,
        Step::just(draft.lets_lapse(lane)),
        draft.judged(gate, actor.card, expected, draft.strike(lane)),
    ];
    Ok(Course::new(steps, ending(draft, gate, expected.is_grant(), actor)))
}

/// The longest window that holds at a gate, if any does.
fn window_of(draft: &Draft<'_>, gate: Gate) -> Option<Span> {
    let timed = draft.crossed(gate).filter(|(p, e)| p.rule.is_timed() && *e != Enforcement::Off);
    timed.map(|(policy, _)| policy.window).max()
}

/// A second use just before the end of the window and at its end, which is free.
fn windowed(draft: &Draft<'_>, gate: Gate, actor: Actor, window: Span) -> Result<Course, String> {
    draft.too_short(gate)?;
    if draft.forgets_after(gate).is_some_and(|lasts| lasts <= window) {
        return Err(format!("whoever is in is forgotten before the window of {window} is over"));
    }
    let expect = |ago| draft.expect(gate, actor.holder, draft.gone_through(gate, ago));
    let (before, at_end) = (expect(window.less(limits::JUST_BEFORE)), expect(window));
    let reader = gate.reader;
    let commit = draft.commits(gate);
    let wait = |early| Step::just(Act::WaitSinceMove { reader, commit, after: window, early });
    // The leaf is watched for less than what is left of the window.
    let still = Span(limits::JUST_BEFORE.0 / 2);
    let mut steps = draft.goes_through(gate, actor);
    steps.push(wait(limits::JUST_BEFORE));
    steps.push(draft.judged(gate, actor.card, before, still));
    // A grant has to be over before the next one can be told from it, and a lockout ended by a reset.
    if before.is_grant() {
        steps.push(Step::just(draft.lets_lapse(gate.lane)));
    }
    if before.is_grant() || draft.locks_out_after(gate) == Some(1) {
        steps.extend(draft.goes_through(gate, actor));
    }
    steps.push(wait(Span::ZERO));
    steps.push(draft.judged(gate, actor.card, at_end, draft.strike(gate.lane)));
    Ok(Course::new(steps, ending(draft, gate, at_end.is_grant(), actor)))
}
