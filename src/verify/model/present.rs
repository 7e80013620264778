//! What comes of a presentation.

use super::Model;
use super::Said;
use super::company::{Waiting, With};

use super::judge::{Ask, Passback};
use super::past::Fact;
use super::queue::Grant;
use crate::apb::id::{CardNumber, Direction, HolderId, LaneId, ReaderId};
use crate::apb::input::Factor;
use crate::apb::journal::Reason;
use crate::apb::ledger::Location;
use crate::apb::policy::{Enforcement, Exemption, Rule};

/// How a presentation was judged.
#[derive(Clone, Copy, Debug)]
struct Verdict {
    reason: Reason,
    passback: Passback,
    with: With,
    /// The grant that this presentation repeats.
    renews: Option<usize>,
    /// Whether a limit on how many may be inside was only told.
    overfull: bool,
}

impl Verdict {
    fn refused(reason: Reason) -> Self {
        Self { reason, passback: Passback::Fine, with: With::Nobody, renews: None, overfull: false }
    }
}

impl Model {
    pub(super) fn present(&mut self, reader: ReaderId, card: CardNumber, factor: Factor) {
        let Some(known) = self.reader(reader).cloned() else {
            self.tell(reader, None, Reason::UnknownReader, None);
            return;
        };
        let means = self.meaning(card).flatten();
        if self.is_on_fire() {
            self.tell(reader, means.map(|m| m.1), Reason::Fire, None);
            return;
        }
        let Some((credential, holder)) = means else {
            let reason =
                if self.meaning(card).is_some() { Reason::Revoked } else { Reason::UnknownCredential };
            self.tell(reader, None, reason, None);
            return;
        };
        let trip = self.trip_at(reader, holder).unwrap_or_else(|| self.trip(known.lane, known.direction));
        self.decide(&Ask { reader, card, factor, credential, holder, trip, by_hand: false });
    }

    fn tell(&mut self, reader: ReaderId, holder: Option<HolderId>, reason: Reason, rule: Option<Rule>) {
        self.say(Said::Decided { reader, holder, reason, rule, granted: reason.is_grant() });
    }

    /// Judges, tells, and does what follows. Whether it was granted.
    pub(super) fn decide(&mut self, ask: &Ask) -> bool {
        loop {
            let verdict = self.judge(ask, None);
            let With::Somebody(holder) = verdict.with else {
                return self.carry_out(ask, verdict, None).0;
            };
            if verdict.reason != Reason::Ok {
                return self.carry_out(ask, verdict, None).0;
            }
            // The first of two is judged again, now that the second is here.
            let Some((first, of_first)) = self.first_of_two(ask, holder) else { continue };
            let (_, grant) = self.carry_out(&first, of_first, None);
            return self.carry_out(ask, verdict, grant).0;
        }
    }

    fn first_of_two(&mut self, second: &Ask, holder: HolderId) -> Option<(Ask, Verdict)> {
        let is_meant = |w: &Waiting| w.reader == second.reader && w.holder == holder;
        let place = self.waiting.iter().position(is_meant)?;
        let Waiting { reader, card, factor, way, .. } = self.waiting.remove(place);
        let (credential, owner) = self.meaning(card).flatten()?;
        let trip = self.trip(second.trip.lane, way);
        let first = Ask { reader, card, factor, credential, holder, trip, by_hand: false };
        let verdict = self.judge(&first, Some(second.holder));
        (owner == holder && verdict.reason == Reason::Ok).then_some((first, verdict))
    }

    /// Tells, and does what follows: whether it was granted, and the new grant if there is one.
    fn carry_out(&mut self, ask: &Ask, verdict: Verdict, partner: Option<usize>) -> (bool, Option<usize>) {
        let broken = match (verdict.passback, verdict.reason) {
            (Passback::Soft(area, rule), Reason::Ok) | (Passback::Hard(area, rule), Reason::ApbViolation) => {
                Some((area, rule))
            }
            _ => None,
        };
        self.tell(ask.reader, Some(ask.holder), verdict.reason, broken.map(|b| b.1));
        if let Some((area, _)) = broken {
            self.violated(ask.holder, area);
        }
        if !verdict.reason.is_grant() {
            if matches!(verdict.with, With::Missing(_)) {
                self.hold(ask);
            }
            self.see(ask, verdict.reason);
            return (false, None);
        }
        if verdict.renews.is_some() {
            return (true, None);
        }
        if verdict.overfull {
            self.say(Said::Overfull { holder: Some(ask.holder) });
        }
        if partner.is_some() {
            self.say(Said::Paired);
        }
        let grant = self.let_through(ask, verdict.passback, partner);
        self.begin(grant);
        (true, Some(grant))
    }

    /// All checks, in their order. `second` has come to whoever asks, who waited.
    fn judge(&self, ask: &Ask, second: Option<HolderId>) -> Verdict {
        if let Some(reason) = self.limits_of(ask.credential).or_else(|| self.basic(ask)) {
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
        let with = second.map_or_else(|| self.company(ask), With::Somebody);
        if self.lacks_opener(ask, with) {
            return Verdict::refused(Reason::FirstPerson);
        }
        let who = match with {
            With::Missing(reason) => return Verdict { with, ..Verdict::refused(reason) },
            With::Somebody(other) => vec![other, ask.holder],
            With::Nobody => vec![ask.holder],
        };
        let limits = self.limits_broken(&who, &ask.trip);
        let limits = if self.is_exempt(ask.holder, Exemption::Occupancy) { Vec::new() } else { limits };
        if let Some((reason, _)) = limits.iter().find(|l| l.1 == Enforcement::Hard) {
            return Verdict::refused(*reason);
        }
        if self.is_interlocked(ask.trip.lane) {
            return Verdict::refused(Reason::Interlock);
        }
        let reason = self.refuses(ask.trip.lane, ask.trip.way, who.len()).unwrap_or(Reason::Ok);
        Verdict { reason, passback, with, renews: None, overfull: !limits.is_empty() }
    }

    fn let_through(&mut self, ask: &Ask, passback: Passback, partner: Option<usize>) -> usize {
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
        let mut grant = Grant::new(Some((ask.holder, ask.reader)), ask.trip.clone(), self.now);
        grant.reserves = self.governing(&ask.trip).is_some_and(|p| p.reservation);
        grant.partner = partner;
        let index = self.grants.len();
        if let Some(first) = partner.and_then(|p| self.grants.get_mut(p)) {
            first.partner = Some(index);
        }
        self.give(grant)
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
        self.waiting.retain(|w| (w.holder, w.reader) != (ask.holder, ask.reader));
        let Ask { holder, reader, card, factor, .. } = *ask;
        let (until, way) = (self.patience(ask), ask.trip.way);
        self.waiting.push(Waiting { holder, reader, card, factor, way, until });
    }

    /// A denied read may show where its holder is, if it was not anti-passback that denied it.
    fn see(&mut self, ask: &Ask, reason: Reason) {
        let is_passback = reason == Reason::ApbViolation || reason == Reason::PendingElsewhere;
        let shows = self.governing(&ask.trip).is_some_and(|p| p.denied_moves);
        let here = Location::In(ask.trip.from);
        if shows && !ask.by_hand && !is_passback && self.location(ask.holder) != here {
            self.note(Fact::Place(ask.holder, here));
        }
    }

    pub(super) fn unlock(&mut self, lane: LaneId, way: Direction, holder: Option<HolderId>) {
        if lane.index() >= self.site.lanes.len() {
            return;
        }
        let granted = match holder {
            Some(holder) if !self.has_holder(holder) => return,
            Some(holder) => self.unlock_for(lane, way, holder),
            None => self.unlock_for_nobody(lane, way),
        };
        self.say(Said::Unlocked { lane, way, granted });
    }

    /// As a read of theirs would be, by the first of their credentials, but without a second factor.
    fn unlock_for(&mut self, lane: LaneId, way: Direction, holder: HolderId) -> bool {
        let Some(reader) = self.reader_for(lane, way) else { return false };
        let Some((card, credential)) = self.card_of(holder) else { return false };
        let (trip, factor) = (self.trip(lane, way), Factor::Right);
        if self.is_on_fire() {
            self.tell(reader, Some(holder), Reason::Fire, None);
            return true;
        }
        self.decide(&Ask { reader, card, factor, credential, holder, trip, by_hand: true })
    }

    /// Whoever passes on this grant is nobody known.
    fn unlock_for_nobody(&mut self, lane: LaneId, way: Direction) -> bool {
        let interlocked = !self.is_on_fire() && self.is_interlocked(lane);
        if interlocked || self.refuses(lane, way, 1).is_some() {
            return false;
        }
        if !self.is_on_fire() {
            let grant = Grant::new(None, self.trip(lane, way), self.now);
            self.give(grant);
        }
        true
    }
}
