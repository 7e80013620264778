//! What comes of a presentation.

use super::Model;
use super::Said;
use super::company::Waiting;
use super::gate::{Fate, Grant};
use super::judge::{Ask, Passback};
use super::past::Fact;
use crate::apb::id::{CardNumber, Direction, HolderId, LaneId, ReaderId};
use crate::apb::input::Factor;
use crate::apb::journal::Reason;
use crate::apb::ledger::Location;
use crate::apb::policy::{Enforcement, Exemption, Policy, Rule};

/// How a presentation was judged.
struct Verdict {
    reason: Reason,
    passback: Passback,
    /// The one who waited for this second one.
    first: Option<Ask>,
    /// The grant that this presentation repeats.
    renews: Option<usize>,
    /// Whether a limit on how many may be inside was only told.
    overfull: bool,
}

impl Verdict {
    fn refused(reason: Reason) -> Self {
        Self { reason, passback: Passback::Fine, first: None, renews: None, overfull: false }
    }
}

impl Model {
    pub(super) fn present(&mut self, reader: ReaderId, card: CardNumber, factor: Factor) {
        let holder = self.meaning(card).flatten().map(|(_, holder)| holder);
        let Some(known) = self.reader(reader).cloned() else {
            self.tell(reader, holder, Reason::UnknownReader, None);
            return;
        };
        if self.is_on_fire() {
            self.tell(reader, holder, Reason::Fire, None);
            return;
        }
        let (credential, holder) = match self.identify(card) {
            Ok(known) => known,
            Err(reason) => {
                self.tell(reader, holder, reason, None);
                if let Some(holder) = holder {
                    self.see(holder, reader, reason);
                }
                return;
            }
        };
        let trip = self.trip_at(reader, holder).unwrap_or_else(|| self.trip(known.lane, known.direction));
        self.decide(&Ask { reader, card, factor, credential, holder, trip });
    }

    fn tell(&mut self, reader: ReaderId, holder: Option<HolderId>, reason: Reason, rule: Option<Rule>) {
        self.say(Said::Decided { reader, holder, reason, rule, granted: reason.is_grant() });
    }

    /// Judges, tells, and does what follows. Whether it was granted.
    pub(super) fn decide(&mut self, ask: &Ask) -> bool {
        let verdict = self.judge(ask);
        let broken = match (verdict.passback, verdict.reason) {
            (Passback::Soft(area, rule), Reason::Ok) => Some((area, rule)),
            (Passback::Hard(area, rule), Reason::ApbViolation) => Some((area, rule)),
            _ => None,
        };
        self.tell(ask.reader, Some(ask.holder), verdict.reason, broken.map(|b| b.1));
        if let Some((area, _)) = broken {
            self.violated(ask.holder, area);
        }
        if !verdict.reason.is_grant() {
            if verdict.reason == Reason::AwaitingPartner {
                self.hold(ask);
            }
            self.see(ask.holder, ask.reader, verdict.reason);
            return false;
        }
        if verdict.renews.is_some() {
            return true;
        }
        match verdict.first {
            None => {
                let grant = self.let_through(ask, verdict.passback);
                self.begin(grant);
            }
            Some(first) => self.let_both_through(&first, ask, verdict.passback),
        }
        if verdict.overfull {
            self.say(Said::Overfull { holder: Some(ask.holder) });
        }
        true
    }

    fn judge(&self, ask: &Ask) -> Verdict {
        if let Some(reason) = self.basic(ask) {
            return Verdict::refused(reason);
        }
        if let Some(grant) = self.renewed(ask) {
            return Verdict { renews: Some(grant), ..Verdict::refused(Reason::Ok) };
        }
        let passback = self.passback(ask);
        if matches!(passback, Passback::Hard(..)) {
            return Verdict { passback, ..Verdict::refused(Reason::ApbViolation) };
        }
        if self.is_reserved(ask) {
            return Verdict::refused(Reason::PendingElsewhere);
        }
        let first = match self.company(ask) {
            Ok(first) => first,
            Err(reason) => return Verdict::refused(reason),
        };
        let limits = self.limits_for(ask, first.as_ref());
        if let Some((reason, _)) = limits.iter().find(|l| l.1 == Enforcement::Hard) {
            return Verdict::refused(*reason);
        }
        let overfull = !limits.is_empty();
        if self.is_interlocked(ask.trip.lane) {
            return Verdict::refused(Reason::Interlock);
        }
        let more = if first.is_some() { 2 } else { 1 };
        let reason = self.refuses(ask.trip.lane, ask.trip.way, more).unwrap_or(Reason::Ok);
        Verdict { reason, passback, first, renews: None, overfull }
    }

    fn limits_for(&self, ask: &Ask, first: Option<&Ask>) -> Vec<(Reason, Enforcement)> {
        let who: Vec<HolderId> = first.iter().map(|f| f.holder).chain([ask.holder]).collect();
        if self.is_exempt(ask.holder, Exemption::Occupancy) {
            return Vec::new();
        }
        self.limits_broken(&who, &ask.trip)
    }

    fn let_both_through(&mut self, first: &Ask, second: &Ask, passback: Passback) {
        self.waiting.retain(|w| w.holder != first.holder && w.holder != second.holder);
        let of_first = self.passback(first);
        let rule = if let Passback::Soft(_, rule) = of_first { Some(rule) } else { None };
        self.tell(first.reader, Some(first.holder), Reason::Ok, rule);
        if let Passback::Soft(area, _) = of_first {
            self.violated(first.holder, area);
        }
        let grants = [self.let_through(first, of_first), self.let_through(second, passback)];
        for (own, other) in [(grants[0], grants[1]), (grants[1], grants[0])] {
            if let Some(grant) = self.grants.get_mut(own) {
                grant.partner = Some(other);
            }
        }
        self.say(Said::Paired);
        for grant in grants {
            self.begin(grant);
        }
    }

    fn let_through(&mut self, ask: &Ask, passback: Passback) -> usize {
        match passback {
            Passback::Fine => self.note(Fact::Obeyed(ask.holder)),
            Passback::Forgiven => {
                self.note(Fact::Obeyed(ask.holder));
                self.note(Fact::TokenUsed(ask.holder));
                self.say(Said::Forgave { holder: ask.holder });
            }
            Passback::Soft(..) | Passback::Hard(..) => {}
        }
        self.waiting.retain(|w| w.holder != ask.holder);
        let reserves = self.policies_of(&ask.trip).into_iter().any(|p| p.reservation);
        self.grant(Grant {
            owner: Some((ask.holder, ask.reader)),
            trip: ask.trip.clone(),
            given: self.now,
            reserves,
            fate: Fate::Waiting,
            ended: None,
            opened: false,
            ready: false,
            committed: false,
            partner: None,
        })
    }

    /// Counts a violation, and locks its holder out if there were too many in a row.
    fn violated(&mut self, holder: HolderId, area: crate::apb::id::AreaId) {
        self.note(Fact::Violated(holder));
        let Some(policy) = self.policy(area) else { return };
        let (after, lockout) = (usize::from(policy.lockout_after), policy.lockout);
        let is_enough = after > 0 && self.violations(holder) >= after;
        if is_enough && !self.is_exempt(holder, Exemption::Lockout) {
            let until = (lockout.0 > 0).then(|| self.now + lockout);
            self.note(Fact::LockedOut(holder, until));
            self.say(Said::LockedOut { holder, until });
        }
    }

    fn hold(&mut self, ask: &Ask) {
        self.waiting.retain(|w| w.holder != ask.holder);
        let Ask { holder, reader, card, factor, .. } = *ask;
        let until = self.patience(ask);
        self.waiting.push(Waiting { holder, reader, card, factor, until });
    }

    /// A denied read may show where its holder is, if it was not anti-passback that denied it.
    fn see(&mut self, holder: HolderId, reader: ReaderId, reason: Reason) {
        let is_passback = reason == Reason::ApbViolation || reason == Reason::PendingElsewhere;
        let Some(trip) = self.trip_at(reader, holder).filter(|_| !is_passback) else { return };
        let tells = |p: &&Policy| p.denied_moves;
        if self.policies_of(&trip).iter().any(tells) {
            self.note(Fact::Place(holder, Location::In(trip.from)));
        }
    }

    pub(super) fn unlock(&mut self, lane: LaneId, way: Direction, holder: Option<HolderId>) {
        if lane.index() >= self.site.lanes.len() {
            return;
        }
        let granted = match holder {
            Some(holder) => self.unlock_for(lane, way, holder),
            None => self.unlock_for_nobody(lane, way),
        };
        self.say(Said::Unlocked { lane, way, granted });
    }

    /// As a read of theirs would be, with the first of their credentials.
    fn unlock_for(&mut self, lane: LaneId, way: Direction, holder: HolderId) -> bool {
        let Some(reader) = self.reader_for(lane, way) else { return false };
        let cards = self.site.credentials.iter().map(|c| c.number);
        let own = |c: &CardNumber| self.meaning(*c).flatten().is_some_and(|(_, owner)| owner == holder);
        let Some(card) = cards.into_iter().find(own) else { return false };
        match self.identify(card) {
            Ok((credential, holder)) => {
                let trip = self.trip(lane, way);
                let factor = Factor::None;
                self.decide(&Ask { reader, card, factor, credential, holder, trip })
            }
            Err(reason) => {
                self.tell(reader, Some(holder), reason, None);
                false
            }
        }
    }

    fn unlock_for_nobody(&mut self, lane: LaneId, way: Direction) -> bool {
        let refused = self.is_on_fire() || self.is_interlocked(lane);
        if refused || self.refuses(lane, way, 1).is_some() {
            return false;
        }
        let trip = self.trip(lane, way);
        self.grant(Grant {
            owner: None,
            trip,
            given: self.now,
            reserves: false,
            fate: Fate::Waiting,
            ended: None,
            opened: false,
            ready: false,
            committed: false,
            partner: None,
        });
        true
    }
}
