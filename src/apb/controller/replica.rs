//! What a controller is to others in a domain: a replica that takes over what they know, and somebody who can
//! be asked.

use super::{Controller, Pending};
use crate::apb::decide::{self, Answered, Ask, Colleague, Entitled, Softening, Verdict};
use crate::apb::domain::{DomainEvent, OpenGrant};
use crate::apb::effect::Effects;
use crate::apb::id::{CardNumber, Direction, GrantId, HolderId, LaneId, ReaderId};
use crate::apb::input::Factor;
use crate::apb::journal::{Alert, AlertCause, Cause, Event};
use crate::apb::ledger::{Location, Standing};
use crate::apb::policy::Policy;
use crate::apb::reason::Reason;
use crate::apb::time::{Span, Time};

/// What a controller says to somebody who asks about one who passed every basic check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::apb) struct Opinion {
    pub(in crate::apb) holder: HolderId,
    pub(in crate::apb) way: Direction,
    pub(in crate::apb) verdict: Verdict,
    /// Who has waited for them.
    pub(in crate::apb) first: Option<Colleague>,
    /// Why they may not go alone.
    pub(in crate::apb) missing: Option<Reason>,
}

impl Controller {
    /// Takes over what others know of a holder.
    pub(in crate::apb) fn learn(
        &mut self,
        now: Time,
        holder: HolderId,
        standing: &Standing,
        effects: &mut Effects,
    ) {
        self.expire(now, effects);
        if holder.index() >= self.site.holders.len() {
            return;
        }
        self.unschedule_expiry(holder);
        let standing = Box::new(standing.clone());
        self.note(Event::Domain(DomainEvent::Learned { holder, standing }), effects);
        self.schedule_expiry(holder);
        self.expire(self.state.now, effects);
    }

    /// Journals something about the domain.
    pub(in crate::apb) fn tell(&mut self, event: DomainEvent, effects: &mut Effects) {
        self.note(Event::Domain(event), effects);
    }

    /// Alerts a guard to something that no read at this controller was the cause of.
    pub(in crate::apb) fn warn(
        &mut self,
        (lane, reader, holder): (LaneId, Option<ReaderId>, Option<HolderId>),
        cause: AlertCause,
        effects: &mut Effects,
    ) {
        self.note(Event::Alert(Alert { lane, reader, card: None, holder, cause }), effects);
    }

    /// Gives up what is believed of a holder's place, because nobody can tell who is right.
    pub(in crate::apb) fn doubt(&mut self, holder: HolderId, effects: &mut Effects) {
        self.relocate(holder, Location::Unknown, Cause::Conflict, effects);
    }

    /// Whom a read is about that passes every basic check and is not about a grant given here already, and
    /// what this controller makes of it; `None`: nobody has to be asked.
    pub(in crate::apb) fn opinion(
        &self,
        (reader, card, factor): (ReaderId, CardNumber, Factor),
    ) -> Option<Opinion> {
        let (known, ask) = (self.known(), Ask::new(reader, card, factor));
        let of = self.entitled(&ask)?;
        let holder = of.who.holder?;
        let is_renewed = decide::granted_here(&known, holder, (reader, of.who.way)).is_some();
        let verdict = decide::own_verdict(&known, &ask, &of);
        let (first, missing) = decide::colleague(&known, &ask, &of);
        (!is_renewed).then_some(Opinion { holder, way: of.who.way, verdict, first, missing })
    }

    /// What this controller, asked by another, says to a read, and to the first of two who has waited there.
    pub(in crate::apb) fn answer(
        &self,
        (reader, card): (ReaderId, CardNumber),
        with: Option<CardNumber>,
        soften: Softening<'_>,
    ) -> Answered {
        if self.is_on_fire() {
            return Answered::alone(None, Verdict::GRANTED);
        }
        // Whoever asks has checked the second factor.
        decide::answer(&self.known(), &Ask::new(reader, card, Factor::Right), with, soften)
    }

    fn entitled(&self, ask: &Ask) -> Option<Entitled<'_>> {
        let of = decide::entitled(&self.known(), ask).ok()?;
        (!self.is_on_fire()).then_some(of)
    }

    /// Keeps a holder's place for a grant that somebody else has given or may give.
    pub(in crate::apb) fn reserve(&mut self, grant: GrantId, holder: HolderId, reader: ReaderId) {
        if self.state.pending.iter().any(|p| p.grant == grant) {
            return;
        }
        let Some(at) = self.site.readers.get(reader.index()) else { return };
        let way = decide::way(&self.known(), reader, at, holder);
        let reserves = self.policy_of(reader, way).is_none_or(|p: &Policy| p.reservation);
        self.state.pending.push(Pending {
            grant,
            holder,
            reader,
            way,
            reserves,
            committed: false,
            card: None,
            partner: None,
            waits: false,
            taken: false,
            lapses: None,
        });
    }

    /// The grants whose owners have not moved yet.
    pub(in crate::apb) fn open_grants(&self) -> impl Iterator<Item = OpenGrant> + '_ {
        let open = self.state.pending.iter().filter(|p| !p.committed);
        open.map(|p| {
            let Pending { grant, holder, reader, partner, taken: has_gone, .. } = *p;
            OpenGrant { grant, holder, reader, has_lapsed: p.has_lapsed(), partner, has_gone }
        })
    }

    /// Keeps a holder's place for a grant that may be given, under a number of its own.
    pub(in crate::apb) fn reserve_new(&mut self, holder: HolderId, reader: ReaderId) -> GrantId {
        let grant = self.next_grant();
        self.reserve(grant, holder, reader);
        grant
    }

    /// Keeps the places of these grants no longer.
    pub(in crate::apb) fn release(&mut self, is_over: impl Fn(&Pending) -> bool) {
        self.state.pending.retain(|p| !is_over(p));
    }

    /// Takes these grants out, to be put back or not.
    pub(in crate::apb) fn set_aside(&mut self, is_meant: impl Fn(&Pending) -> bool) -> Vec<Pending> {
        self.state.pending.extract_if(.., |p| is_meant(p)).collect()
    }

    /// Puts back what was set aside.
    pub(in crate::apb) fn put_back(&mut self, grants: impl Iterator<Item = Pending>) {
        self.state.pending.extend(grants);
    }

    /// A grant that somebody else gave has lapsed, but may still be taken late there: its owner is kept out
    /// elsewhere for that long, and for as long as a message about it may take.
    pub(in crate::apb) fn lapse(&mut self, grant: GrantId, lane: LaneId, takes: Span) {
        let grace = self.site.lanes.get(lane.index()).map_or(Span::ZERO, |l| l.timers.late_grace);
        let until = self.state.now + grace + takes;
        for pending in self.state.pending.iter_mut().filter(|p| p.grant == grant) {
            pending.lapses = Some(until);
        }
    }

    /// The owners of two grants that somebody else gave go together.
    pub(in crate::apb) fn pair(&mut self, [first, second]: [GrantId; 2]) {
        for (grant, other) in [(first, second), (second, first)] {
            for pending in self.state.pending.iter_mut().filter(|p| p.grant == grant) {
                pending.partner = Some(other);
            }
        }
    }

    /// Somebody has gone through on a grant that somebody else gave: it is over, unless they move only with a
    /// partner who has still to come.
    pub(in crate::apb) fn gone_through(&mut self, grant: GrantId) {
        let Some(partner) = self.state.pending.iter().find(|p| p.grant == grant).map(|p| p.partner) else {
            return;
        };
        let other = self.state.pending.iter().find(|p| Some(p.grant) == partner);
        let is_first = other.is_some_and(|o| !o.taken && !o.committed);
        for pending in self.state.pending.iter_mut().filter(|p| p.grant == grant) {
            (pending.taken, pending.waits) = (true, is_first);
        }
        if !is_first {
            self.release(|p| p.grant == grant || (p.taken && Some(p.grant) == partner));
        }
    }

    /// A holder has moved by this reader, or will not with the partner they had: their grant there blocks
    /// them nowhere any more.
    pub(in crate::apb) fn settle(&mut self, holder: HolderId, reader: ReaderId) {
        for pending in self.state.pending.iter_mut().filter(|p| p.holder == holder && p.reader == reader) {
            (pending.committed, pending.waits, pending.reserves) = (true, false, false);
        }
        self.release(|p| p.committed && p.taken && p.holder == holder && p.reader == reader);
    }

    /// The first of two need not wait here any longer: they have to present again.
    pub(in crate::apb) fn dismiss(&mut self, reader: ReaderId, holder: HolderId) {
        self.state.held.retain(|h| h.reader != reader || h.holder != holder);
    }

    /// Whether a grant at this reader, the way it is mounted, blocks its holder elsewhere until it is used.
    pub(in crate::apb) fn blocks(&self, reader: ReaderId) -> bool {
        let way = self.site.readers.get(reader.index()).map_or(Direction::In, |r| r.direction);
        self.policy_of(reader, way).is_none_or(|p| p.reservation)
    }

    /// Makes the numbers of this controller's grants begin here.
    pub(in crate::apb) fn number_grants_from(&mut self, first: u64) {
        self.state.next_grant = self.state.next_grant.max(first);
    }
}
