//! The decision: may this credential go through this reader now?
//!
//! A pure function of what is known. The checks run in a fixed order, identity, validity, rights and
//! schedule, second factor, lockdown, anti-passback, company, occupancy, interlock and lane, and the first
//! that fails is the reason; anti-passback never masks a more basic one. Whoever presents again at the reader
//! that has just granted keeps that grant: the checks from anti-passback on were made for it.

mod answer;
mod company;
mod passback;
mod room;
mod ruling;

use super::grant::{Held, Pending};
use super::id::{AreaId, CardNumber, CredentialId, Direction, GrantId, HolderId, ReaderId};
use super::input::{Factor, Lockdown};
use super::journal::Reason;
use super::lane::{LaneMachine, Refusal};
use super::ledger::{Ledger, Location};
use super::policy::{Enforcement, Exemption, Policy, Rule};
use super::site::{FactorRule, Issued, Reader, Right, Route, Site};
use super::time::Time;
pub(super) use answer::{Answered, Colleague, Softening, answer, colleague};
pub(super) use company::Company as Accompanied;
pub use ruling::{Ruling, Verdict};

/// All that a decision may look at.
pub(super) struct Known<'a> {
    pub(super) site: &'a Site,
    pub(super) ledger: &'a Ledger,
    /// Grants that may still be used: also lapsed ones, and ones whose owner has gone and waits for a
    /// partner.
    pub(super) pending: &'a [Pending],
    /// Those who wait for a second person.
    pub(super) held: &'a [Held],
    pub(super) lanes: &'a [LaneMachine],
    pub(super) now: Time,
}

/// One presentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ask {
    pub(super) reader: ReaderId,
    pub(super) card: CardNumber,
    pub(super) factor: Factor,
    /// The way an operator opens the lane; `None`: the way the reader or its holder's place tells.
    pub(super) way: Option<Direction>,
    /// The first of two is judged again as this second one presents: both are here.
    pub(super) second: Option<HolderId>,
}

impl Ask {
    /// A presentation by somebody who may or may not be alone.
    pub(super) fn new(reader: ReaderId, card: CardNumber, factor: Factor) -> Self {
        Self { reader, card, factor, way: None, second: None }
    }
}

/// What the lane of a presentation could do.
pub(super) struct Gate<'a> {
    /// Whether it could take one more grant this way.
    pub(super) room: &'a dyn Fn(Direction) -> Result<(), Refusal>,
    /// Whether it could take two more.
    pub(super) room_for_two: &'a dyn Fn(Direction) -> bool,
    /// Whether the lanes it is interlocked with are shut and empty.
    pub(super) is_free: &'a dyn Fn() -> bool,
}

/// What came of the checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Judgement {
    pub(super) credential: Option<CredentialId>,
    pub(super) holder: Option<HolderId>,
    pub(super) reason: Reason,
    pub(super) violation: Option<Rule>,
    /// The area at whose boundary, if this controller found that out.
    pub(super) at: Option<AreaId>,
    /// Where the holder was believed to be, if a rule was broken.
    pub(super) found: Option<Location>,
    /// A violation was let pass by a forgiveness, which is used up.
    pub(super) forgiven: bool,
    /// The grant that the holder has at this very reader and has not used yet: there is no second one.
    pub(super) renews: Option<GrantId>,
    /// The way the holder goes.
    pub(super) way: Direction,
    /// The one who has waited for this holder, or who has to come yet.
    pub(super) company: Accompanied,
    /// An occupancy limit that only alerts was passed.
    pub(super) is_crowded: bool,
}

impl Judgement {
    /// Nothing but a reason.
    pub(super) fn blank(reason: Reason) -> Self {
        Self {
            credential: None,
            holder: None,
            reason,
            violation: None,
            at: None,
            found: None,
            forgiven: false,
            renews: None,
            way: Direction::In,
            company: Accompanied::Alone,
            is_crowded: false,
        }
    }
}

/// Somebody whom no basic check holds back.
pub(super) struct Entitled<'a> {
    card: Issued,
    reader: &'a Reader,
    route: &'a Route,
    /// The judgement so far.
    pub(super) who: Judgement,
}

/// The checks that need nothing but what everybody knows: from identity to lockdown. What came of the first
/// that failed is the error.
pub(super) fn entitled<'a>(known: &Known<'a>, ask: &Ask) -> Result<Entitled<'a>, Judgement> {
    let (site, now) = (known.site, known.now);
    let unknown = || Judgement::blank(Reason::UnknownReader);
    let reader = site.readers.get(ask.reader.index()).ok_or_else(unknown)?;
    let card = issued(known, ask.card).map_err(Judgement::blank)?;
    let way = ask.way.unwrap_or_else(|| way(known, ask.reader, reader, card.holder));
    let route = site.route_towards(ask.reader, way).ok_or_else(unknown)?;
    let (credential, holder) = (Some(card.credential), Some(card.holder));
    let who = Judgement { credential, holder, way, ..Judgement::blank(Reason::Ok) };
    let basic = validity(site, now, &card)
        .and_then(|()| right_to_enter(site, now, &card, route))
        .and_then(|()| second_factor(site, now, &card, reader, ask.factor))
        .and_then(|()| lockdown(known, &card, route));
    match basic {
        Err(reason) => Err(Judgement { reason, ..who }),
        Ok(()) => Ok(Entitled { card, reader, route, who }),
    }
}

/// Anti-passback and reservations by what is known here.
pub(super) fn own_verdict(known: &Known<'_>, ask: &Ask, of: &Entitled<'_>) -> Verdict {
    passback(known, &of.card, (ask.reader, of.who.way), of.reader, of.route).0
}

/// Judges one presentation at a lane that answers for itself when asked.
pub(super) fn judge(known: &Known<'_>, ask: &Ask, ruling: Ruling, gate: &Gate<'_>) -> Judgement {
    let Entitled { card, reader, route, who } = match entitled(known, ask) {
        Ok(entitled) => entitled,
        Err(judgement) => return judgement,
    };
    let (holder, way) = (card.holder, who.way);
    let refuse = |reason| Judgement { reason, ..who };
    let renews = granted_here(known, holder, (ask.reader, way));
    if renews.is_some() {
        return Judgement { renews, ..who };
    }
    let (verdict, at) = match ruling {
        Ruling::Own => passback(known, &card, (ask.reader, way), reader, route),
        Ruling::Told { verdict, .. } => (verdict, None),
    };
    let found = verdict.violation.map(|_| known.ledger.presence(holder).location);
    let Verdict { reason, violation, forgiven, is_crowded } = verdict;
    if reason == Reason::ApbViolation {
        return Judgement { violation, at, found, ..refuse(reason) };
    }
    if reason != Reason::Ok {
        return Judgement { company: Accompanied::told(reason), ..refuse(reason) };
    }
    let company = match (ask.second, ruling) {
        (Some(second), _) => Accompanied::Here(second),
        (None, Ruling::Told { first: None, .. }) => Accompanied::Alone,
        (None, Ruling::Told { first: Some(_), .. }) => {
            let first = company::waiting(known, (ask.reader, way), &card).next();
            first.map_or(Accompanied::Missing(Reason::AwaitingPartner), |h| Accompanied::With(h.holder))
        }
        (None, Ruling::Own) => company::find(known, (ask.reader, way), &card, route),
    };
    let own = ruling == Ruling::Own;
    if own && let Err(reason) = company::first_person(known, &card, route, company.other()) {
        return refuse(reason);
    }
    if let Accompanied::Missing(reason) = company {
        return Judgement { company, ..refuse(reason) };
    }
    let bodies = if company == Accompanied::Alone { 1 } else { 2 };
    let room = if own { room::check(known, &card, route, bodies) } else { Ok(is_crowded) };
    let is_crowded = match room {
        Err(reason) => return refuse(reason),
        Ok(is_crowded) => is_crowded,
    };
    if !(gate.is_free)() {
        return refuse(Reason::Interlock);
    }
    match (gate.room)(way) {
        Err(Refusal::Locked) => refuse(Reason::LaneLocked),
        Err(Refusal::Busy) => refuse(Reason::LaneBusy),
        Ok(()) if bodies == 2 && !(gate.room_for_two)(way) => refuse(Reason::LaneBusy),
        Ok(()) => Judgement { violation, at, found, forgiven, company, is_crowded, ..who },
    }
}

/// Anti-passback and reservations, which is what a panel may have to ask somebody else; and the area at whose
/// boundary a rule was broken.
fn passback(
    known: &Known<'_>,
    card: &Issued,
    (id, way): (ReaderId, Direction),
    reader: &Reader,
    route: &Route,
) -> (Verdict, Option<AreaId>) {
    let presence = known.ledger.presence(card.holder);
    let use_ = passback::Use { card, presence: &presence, reader: id, route };
    let breach = passback::breach(known, &use_, reader.apb);
    let forgiven = breach.is_some() && presence.forgiven_until.is_some_and(|t| known.now < t);
    let told = breach.filter(|_| !forgiven);
    let (violation, at) = (told.map(|b| b.rule), told.map(|b| b.area));
    let is_hard = breach.is_some_and(|b| b.enforcement == Enforcement::Hard) && !forgiven;
    let reason = if is_hard {
        Reason::ApbViolation
    } else if is_reserved_elsewhere(known, card.holder, (id, way)) {
        Reason::PendingElsewhere
    } else {
        Reason::Ok
    };
    (Verdict { reason, violation, forgiven, is_crowded: false }, at)
}

/// What was issued under this number and is still good.
pub(super) fn issued(known: &Known<'_>, number: CardNumber) -> Result<Issued, Reason> {
    let cards = known.ledger.cards();
    let (site, unknown) = (known.site, Reason::UnknownCredential);
    if cards.is_unchanged() {
        return site.issued(number).copied().ok_or(unknown);
    }
    let issued = match cards.meaning(number) {
        None => site.issued(number).copied().ok_or(unknown)?,
        Some(None) => return Err(Reason::Revoked),
        Some(Some((credential, holder))) => site.issued_to(credential, holder).ok_or(unknown)?,
    };
    if cards.is_removed(issued.holder) { Err(Reason::Revoked) } else { Ok(issued) }
}

/// The way a holder goes at a reader. A toggle reader takes whoever is believed where it leads to for coming
/// back.
pub(super) fn way(known: &Known<'_>, id: ReaderId, reader: &Reader, holder: HolderId) -> Direction {
    let site = known.site;
    // Whoever is in the area that a reader leads out of is in the one around it, too, and has yet to leave.
    let is_there =
        |area, from, to| site.within(area, to) && !(site.within(from, to) && site.within(area, from));
    match (reader.toggles, known.ledger.presence(holder).location, site.route(id)) {
        (true, Location::In(area), Some(route)) if is_there(area, route.from, route.to) => {
            reader.direction.opposite()
        }
        (true | false, _, _) => reader.direction,
    }
}

fn validity(site: &Site, now: Time, card: &Issued) -> Result<(), Reason> {
    let limits = site.credentials.get(card.credential.index()).filter(|_| card.is_limited);
    if limits.and_then(|c| c.valid_from).is_some_and(|from| now < from) {
        return Err(Reason::NotYetValid);
    }
    if limits.and_then(|c| c.valid_until).is_some_and(|until| now >= until) {
        return Err(Reason::Expired);
    }
    Ok(())
}

/// Entering needs a right to every area entered; leaving needs none.
fn right_to_enter(site: &Site, now: Time, card: &Issued, route: &Route) -> Result<(), Reason> {
    if card.exempt.has(Exemption::AccessRights) {
        return Ok(());
    }
    let rights = site.rights.get(card.rights as usize).map_or(&[][..], Vec::as_slice);
    let may = |holds: &dyn Fn(&Right) -> bool| {
        route.entered.iter().all(|area| rights.iter().any(|r| r.area == *area && holds(r)))
    };
    if !may(&|_| true) {
        return Err(Reason::NoAccessRight);
    }
    let now = may(&|r| site.is_scheduled(r.schedule, now));
    if now { Ok(()) } else { Err(Reason::OutsideSchedule) }
}

fn second_factor(
    site: &Site,
    now: Time,
    card: &Issued,
    reader: &Reader,
    factor: Factor,
) -> Result<(), Reason> {
    let is_asked = match reader.factor {
        FactorRule::Never => false,
        FactorRule::Always => true,
        FactorRule::During(schedule) => site.is_scheduled(Some(schedule), now),
    };
    let is_exempt = card.exempt.has(Exemption::Verification);
    if is_asked && !is_exempt && factor != Factor::Right { Err(Reason::Factor) } else { Ok(()) }
}

fn lockdown(known: &Known<'_>, card: &Issued, route: &Route) -> Result<(), Reason> {
    if !known.ledger.is_anything_locked() {
        return Ok(());
    }
    let shut = |area: &AreaId| known.ledger.lockdown(*area);
    let in_shut = route.entered.iter().any(|a| shut(a) != Lockdown::Off);
    let out_shut = route.left.iter().any(|a| shut(a) == Lockdown::Both);
    if (in_shut || out_shut) && !card.exempt.has(Exemption::Deny) {
        return Err(Reason::Lockdown);
    }
    let is_out = known.ledger.is_locked_out(card.holder, known.now);
    if is_out && !card.exempt.has(Exemption::Lockout) { Err(Reason::Lockout) } else { Ok(()) }
}

/// The grant at this very reader, and the same way, that its holder has not used yet.
pub(super) fn granted_here(
    known: &Known<'_>,
    holder: HolderId,
    at: (ReaderId, Direction),
) -> Option<GrantId> {
    let same = |p: &&Pending| p.holder == holder && (p.reader, p.way) == at && p.is_renewable();
    known.pending.iter().find(same).map(|p| p.grant)
}

/// A grant on which its holder has not moved yet blocks the holder at every other reader, and at the same one
/// the other way; and there, too, once the holder has gone and waits for a partner.
fn is_reserved_elsewhere(known: &Known<'_>, holder: HolderId, at: (ReaderId, Direction)) -> bool {
    let blocks = |p: &&Pending| p.reserves && (p.waits || (p.reader, p.way) != at);
    known.pending.iter().filter(|p| p.holder == holder).any(|p| blocks(&p))
}

/// The policy that says when a move along a route is committed and whether its grant blocks elsewhere: that
/// of the innermost area entered, or else left.
pub(super) fn governing<'a>(policies: &'a [Policy], route: &Route) -> Option<&'a Policy> {
    let area = route.entered.first().or_else(|| route.left.first())?;
    policies.get(area.index())
}
