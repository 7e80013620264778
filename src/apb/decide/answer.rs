//! What a controller says that is asked by another: about whoever presents, and about the one who has waited
//! there for them.

use super::{Ask, Entitled, Known, Verdict, company, entitled, own_verdict, room};
use crate::apb::grant::Held;
use crate::apb::id::{CardNumber, Direction, HolderId};
use crate::apb::input::Factor;
use crate::apb::journal::Reason;

/// The answer to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::apb) struct Answered {
    /// Whom it was about.
    pub(in crate::apb) holder: Option<HolderId>,
    /// What they may do: together with the first of two, or else alone.
    pub(in crate::apb) verdict: Verdict,
    /// What the first of two may do; `None`: they wait on.
    pub(in crate::apb) first: Option<(Option<HolderId>, Verdict)>,
    /// Whether somebody was let through by a rule that asks less.
    pub(in crate::apb) is_softened: bool,
}

impl Answered {
    /// About somebody who goes alone, or not at all.
    pub(in crate::apb) fn alone(holder: Option<HolderId>, verdict: Verdict) -> Self {
        Self { holder, verdict, first: None, is_softened: false }
    }
}

/// A rule that asks less than anti-passback does of whoever goes this way.
pub(in crate::apb) type Softening<'a> = &'a dyn Fn(Direction, Verdict) -> Verdict;

/// Answers about a presentation, and about the card of the first of two, who has waited there.
pub(in crate::apb) fn answer(
    known: &Known<'_>,
    ask: &Ask,
    with: Option<CardNumber>,
    soften: Softening<'_>,
) -> Answered {
    let of = match entitled(known, ask) {
        Ok(of) => of,
        Err(judgement) => return Answered::alone(judgement.holder, Verdict::denied(judgement.reason)),
    };
    let (holder, way) = (of.card.holder, of.who.way);
    let alone = || {
        let (verdict, is_softened) = judge(known, ask, &of, None, soften);
        Answered { is_softened, ..Answered::alone(Some(holder), verdict) }
    };
    let Some(card) = with else { return alone() };
    // Whoever asks has checked the second factor.
    let ask_first = Ask { way: Some(way), ..Ask::new(ask.reader, card, Factor::Right) };
    let first = match entitled(known, &ask_first) {
        Ok(first) => first,
        Err(judgement) => {
            let verdict = Verdict::denied(judgement.reason);
            return Answered { first: Some((judgement.holder, verdict)), ..alone() };
        }
    };
    let other = first.card.holder;
    if other == holder || company::strands(known, of.route, [other, holder]) {
        return alone();
    }
    let (verdict, softened) = judge(known, ask, &of, Some(other), soften);
    if !verdict.is_grant() {
        return Answered { is_softened: softened, ..Answered::alone(Some(holder), verdict) };
    }
    let (of_first, first_softened) = judge(known, &ask_first, &first, Some(holder), soften);
    let first = Some((Some(other), of_first));
    if !of_first.is_grant() {
        return Answered { first, ..alone() };
    }
    Answered { holder: Some(holder), verdict, first, is_softened: softened || first_softened }
}

/// Anti-passback, reservations, the first person, company and occupancy; and whether a rule that asks less
/// has made a difference.
fn judge(
    known: &Known<'_>,
    ask: &Ask,
    of: &Entitled<'_>,
    other: Option<HolderId>,
    soften: Softening<'_>,
) -> (Verdict, bool) {
    let strict = own_verdict(known, ask, of);
    let verdict = soften(of.who.way, strict);
    let is_softened = verdict != strict;
    let refuse = |reason| (Verdict::denied(reason), is_softened);
    if !verdict.is_grant() {
        return (verdict, is_softened);
    }
    if let Err(reason) = company::first_person(known, &of.card, of.route, other) {
        return refuse(reason);
    }
    if let Some(reason) = company::needed(known, &of.card, of.route).filter(|_| other.is_none()) {
        return refuse(reason);
    }
    let bodies = if other.is_some() { 2 } else { 1 };
    match room::check(known, &of.card, of.route, bodies) {
        Err(reason) => refuse(reason),
        Ok(is_crowded) => (Verdict { is_crowded, ..verdict }, is_softened),
    }
}

/// The first of two, and what is known here of whether they may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::apb) struct Colleague {
    pub(in crate::apb) holder: HolderId,
    pub(in crate::apb) card: CardNumber,
    /// As far as anti-passback and reservations go.
    pub(in crate::apb) verdict: Verdict,
    /// Whether the two would leave a third alone who may not be.
    pub(in crate::apb) strands: bool,
}

/// Who has waited for somebody, and why they may not go alone.
pub(in crate::apb) fn colleague(
    known: &Known<'_>,
    ask: &Ask,
    of: &Entitled<'_>,
) -> (Option<Colleague>, Option<Reason>) {
    let missing = company::needed(known, &of.card, of.route);
    let colleague = company::waiting(known, (ask.reader, of.who.way), &of.card).next().map(|held| {
        let Held { holder, card, reader, factor, way, .. } = *held;
        let ask = Ask { way: Some(way), ..Ask::new(reader, card, factor) };
        let verdict = match entitled(known, &ask) {
            Err(judgement) => Verdict::denied(judgement.reason),
            // The card is somebody else's by now.
            Ok(first) if first.card.holder != holder => Verdict::denied(Reason::Revoked),
            Ok(first) => own_verdict(known, &ask, &first),
        };
        let strands = company::strands(known, of.route, [holder, of.card.holder]);
        Colleague { holder, card, verdict, strands }
    });
    (colleague, missing)
}
