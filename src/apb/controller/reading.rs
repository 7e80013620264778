//! What a controller does when somebody presents: judge, journal, tell, grant.

use super::{Controller, Held, Pending, Ruling};
use crate::apb::decide::{self, Accompanied, Ask, Gate, Judgement, Known};
use crate::apb::effect::{Command, Effects, Signal};
use crate::apb::id::{CardNumber, Direction, GrantId, HolderId, LaneId, ReaderId};
use crate::apb::journal::{Alert, AlertCause, Cause, Decision, Event, Reason};
use crate::apb::lane::{LaneMachine, Refusal};
use crate::apb::ledger::Location;
use crate::apb::policy::{Commit, Exemption, Policy};
use crate::apb::site::Together;
use crate::apb::time::Span;

impl Controller {
    pub(super) fn read(&mut self, ask: &Ask, ruling: Ruling, effects: &mut Effects) -> Option<GrantId> {
        let mut judgement = self.judge(ask, ruling);
        let mut first = None;
        while let (Accompanied::With(waiting), Some(second), Reason::Ok, None) =
            (judgement.company, judgement.holder, judgement.reason, first)
        {
            first = self.first_of_two(ask.reader, (waiting, ruling.of_first()), second);
            if first.is_none() {
                judgement = self.judge(ask, ruling.without_first());
            }
        }
        if let (Accompanied::Missing(_), Some(holder)) = (judgement.company, judgement.holder) {
            let Ask { reader, card, factor, .. } = *ask;
            let (until, way) = (self.state.now + self.patience(reader), judgement.way);
            self.hold(Held { holder, reader, until, card, factor, way });
        }
        let partner = first.and_then(|(ask, judgement)| self.carry_out(&ask, judgement, None, effects));
        self.carry_out(ask, judgement, partner, effects)
    }

    /// The one who has waited, judged again now that the second is here. If anything has changed for them
    /// they have to present again.
    fn first_of_two(
        &mut self,
        reader: ReaderId,
        (holder, ruling): (HolderId, Ruling),
        second: HolderId,
    ) -> Option<(Ask, Judgement)> {
        let index = self.state.held.iter().position(|h| h.reader == reader && h.holder == holder)?;
        let Held { card, factor, way, .. } = self.state.held.remove(index);
        let ask = Ask { way: Some(way), second: Some(second), ..Ask::new(reader, card, factor) };
        let judgement = self.judge(&ask, ruling);
        // The card may be somebody else's by now.
        let is_same = judgement.holder == Some(holder);
        (judgement.reason == Reason::Ok && is_same).then_some((ask, judgement))
    }

    fn hold(&mut self, held: Held) {
        self.state.held.retain(|h| h.reader != held.reader || h.holder != held.holder);
        self.state.held.push(held);
    }

    /// How long the first of two waits at a reader: as long as the most patient area crossed allows.
    fn patience(&self, reader: ReaderId) -> Span {
        let route = self.site.route(reader);
        let crossed = route.into_iter().flat_map(|r| r.entered.iter().chain(&r.left));
        let areas = crossed.filter_map(|a| self.site.areas.get(a.index()));
        let strict =
            areas.clone().filter(|a| a.company.rule != Together::Alone).map(|a| a.company.within).max();
        strict.or_else(|| areas.map(|a| a.company.within).max()).unwrap_or(Span::ZERO)
    }

    /// Writes a judgement down, tells the reader, and grants if that is the judgement.
    fn carry_out(
        &mut self,
        ask: &Ask,
        judgement: Judgement,
        partner: Option<GrantId>,
        effects: &mut Effects,
    ) -> Option<GrantId> {
        let Ask { reader, card, .. } = *ask;
        let Judgement { credential, holder, reason, violation, found, renews, way, .. } = judgement;
        let grant = reason.is_grant().then(|| renews.unwrap_or_else(|| self.next_grant()));
        let decision = Decision { reader, card, credential, holder, grant, reason, violation, found };
        self.note(Event::Decision(decision), effects);
        if let (true, Some(holder)) = (judgement.forgiven, holder) {
            self.note(Event::ForgivenessUsed { holder }, effects);
        }
        let signal = match (grant, reason) {
            (Some(_), _) => Signal::Granted,
            (None, Reason::LaneBusy | Reason::AwaitingPartner) => Signal::Busy,
            (None, _) => Signal::Denied,
        };
        let shown = effects.commands.len();
        effects.commands.push((self.state.now, Command::Show { reader, signal }));
        let lane = self.site.readers.get(reader.index()).map(|r| r.lane)?;
        self.alert(ask, lane, &judgement, grant.is_some(), effects);
        let holder = holder?;
        self.escalate(ask, lane, holder, &judgement, effects);
        // Who is refused a lane that an operator opens has not shown up anywhere.
        let is_by_hand = ask.way.is_some() && ask.second.is_none();
        if grant.is_none() && !is_by_hand {
            self.place_by_denial(reader, way, holder, reason, effects);
        }
        if let (Some(grant), Reason::Ok, None) = (grant, reason, renews) {
            if let Some(partner) = partner {
                self.note(Event::Paired { grants: [partner, grant] }, effects);
            }
            self.grant(grant, holder, (reader, lane, way, card), partner, effects);
        }
        if grant.is_some_and(|g| self.is_for_later(lane, g))
            && let Some((_, command)) = effects.commands.get_mut(shown)
        {
            // Green would send them into those who come the other way.
            *command = Command::Show { reader, signal: Signal::Busy };
        }
        grant
    }

    /// Whether a grant has to wait until the other way has had its turn.
    fn is_for_later(&self, lane: LaneId, grant: GrantId) -> bool {
        self.state.lanes.get(lane.index()).is_some_and(|l| l.is_for_later(grant))
    }

    fn alert(
        &mut self,
        ask: &Ask,
        lane: LaneId,
        judgement: &Judgement,
        granted: bool,
        effects: &mut Effects,
    ) {
        let rule = judgement
            .violation
            .map(|rule| if granted { AlertCause::Flagged(rule) } else { AlertCause::Denied(rule) });
        let crowded = (judgement.is_crowded && granted).then_some(AlertCause::Occupancy);
        for cause in [rule, crowded].into_iter().flatten() {
            let (reader, card, holder) = (Some(ask.reader), Some(ask.card), judgement.holder);
            self.note(Event::Alert(Alert { lane, reader, card, holder, cause }), effects);
        }
    }

    /// Locks a holder out who has broken rules too often in a row.
    fn escalate(
        &mut self,
        ask: &Ask,
        lane: LaneId,
        holder: HolderId,
        judgement: &Judgement,
        effects: &mut Effects,
    ) {
        if judgement.violation.is_none() {
            return;
        }
        let broken = judgement.at.and_then(|area| self.policy(area));
        let Some(policy) = broken.or_else(|| self.policy_of(ask.reader, judgement.way)) else { return };
        let (limit, lasts) = (policy.lockout_after, policy.lockout);
        let count = self.state.ledger.presence(holder).violations;
        let card = decide::issued(&self.known(), ask.card);
        let is_exempt = card.is_ok_and(|c| c.exempt.has(Exemption::Lockout));
        if limit == 0 || count < limit || is_exempt {
            return;
        }
        let until = (lasts != Span::ZERO).then(|| self.state.now + lasts);
        self.note(Event::LockedOut { holder, until }, effects);
        let (reader, card, cause) = (Some(ask.reader), Some(ask.card), AlertCause::LockedOut);
        self.note(Event::Alert(Alert { lane, reader, card, holder: Some(holder), cause }), effects);
    }

    /// A denied read shows where its holder is, if the policy takes it so.
    fn place_by_denial(
        &mut self,
        reader: ReaderId,
        way: Direction,
        holder: HolderId,
        reason: Reason,
        effects: &mut Effects,
    ) {
        let is_passback = matches!(reason, Reason::ApbViolation | Reason::PendingElsewhere);
        let moves = self.policy_of(reader, way).is_some_and(|p| p.denied_moves);
        let Some(route) = self.site.route_towards(reader, way).filter(|_| moves && !is_passback) else {
            return;
        };
        let here = Location::In(route.from);
        if self.state.ledger.presence(holder).location != here {
            self.relocate(holder, here, Cause::Seen, effects);
        }
    }

    pub(super) fn next_grant(&mut self) -> GrantId {
        let grant = GrantId(self.state.next_grant);
        self.state.next_grant += 1;
        grant
    }

    fn judge(&self, ask: &Ask, ruling: Ruling) -> Judgement {
        let at = self.site.readers.get(ask.reader.index());
        let lane = at.and_then(|r| self.state.lanes.get(r.lane.index()));
        let others = at.map_or(&[][..], |r| self.site.interlocked(r.lane));
        let gate = Gate {
            room: &|way| lane.map_or(Err(Refusal::Locked), |l| l.check(way)),
            room_for_two: &|way| lane.is_some_and(|l| l.free_slots(way) >= 2),
            is_free: &|| others.iter().all(|l| self.is_secure(*l)),
        };
        let judgement = decide::judge(&self.known(), ask, ruling, &gate);
        if self.is_on_fire() && at.is_some() {
            let (reason, company) = (Reason::Fire, Accompanied::Alone);
            let Judgement { credential, holder, way, .. } = judgement;
            return Judgement { credential, holder, way, company, ..Judgement::blank(reason) };
        }
        judgement
    }

    /// Whether a lane lets those open that it is interlocked with.
    pub(super) fn is_secure(&self, lane: LaneId) -> bool {
        self.state.lanes.get(lane.index()).is_none_or(LaneMachine::is_secure)
    }

    pub(super) fn known(&self) -> Known<'_> {
        Known {
            site: &self.site,
            ledger: &self.state.ledger,
            pending: &self.state.pending,
            held: &self.state.held,
            lanes: &self.state.lanes,
            now: self.state.now,
        }
    }

    fn grant(
        &mut self,
        grant: GrantId,
        holder: HolderId,
        (reader, lane, way, card): (ReaderId, LaneId, Direction, CardNumber),
        partner: Option<GrantId>,
        effects: &mut Effects,
    ) {
        self.state.held.retain(|h| h.holder != holder);
        self.forget_lapsed(holder, effects);
        let policy = self.policy_of(reader, way);
        let reserves = policy.is_none_or(|p| p.reservation);
        let on_grant = policy.is_some_and(|p| p.commit == Commit::OnGrant);
        if let Some(first) = self.state.pending.iter_mut().find(|p| Some(p.grant) == partner) {
            first.partner = Some(grant);
        }
        self.state.pending.push(Pending {
            grant,
            holder,
            reader,
            way,
            reserves,
            committed: false,
            card: Some(card),
            partner,
            waits: false,
            taken: false,
            lapses: None,
        });
        if on_grant {
            self.commit(grant, effects);
        }
        self.in_lane(lane, effects, |l, at, out| l.release(at, grant, way, out));
    }

    pub(super) fn policy_of(&self, reader: ReaderId, way: Direction) -> Option<&Policy> {
        decide::governing(self.state.ledger.policies(), self.site.route_towards(reader, way)?)
    }
}
