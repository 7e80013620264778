//! Reads that somebody else has to answer, and what becomes of them when nobody does.

use super::machine::{Panel, PanelEffects};
use crate::apb::controller::{Opinion, Ruling, Verdict};
use crate::apb::domain::{Answer, Consistency, DomainEvent, OnPartition, Request, ToHost};
use crate::apb::id::{CardNumber, Direction, HolderId, LaneId, ReaderId};
use crate::apb::input::{Audit, Factor, Input};
use crate::apb::journal::{Entry, Event, Reason};
use crate::apb::time::Time;
use serde::{Deserialize, Serialize};

/// A read at one of the panel's readers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Presented {
    reader: ReaderId,
    card: CardNumber,
    factor: Factor,
    /// The lane was opened by hand for a holder, which is judged as a read of theirs.
    by_hand: Option<ByHand>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct ByHand {
    lane: LaneId,
    direction: Direction,
    holder: HolderId,
    audit: Option<Box<Audit>>,
}

/// A read that waits for the host's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Waiting {
    request: Request,
    presented: Presented,
    /// Until when.
    until: Time,
    /// When the question is asked again.
    again: Time,
}

impl Waiting {
    pub(super) fn next_deadline(&self) -> Time {
        self.until.min(self.again)
    }

    pub(super) fn number(&self) -> u64 {
        self.request.number
    }
}

impl Panel {
    /// Something at one of the panel's own lanes, or on its own wires.
    pub(super) fn field(&mut self, now: Time, input: &Input, out: &mut PanelEffects) {
        let presented = match input {
            Input::Read { reader, card, factor } => {
                Some(Presented { reader: *reader, card: *card, factor: *factor, by_hand: None })
            }
            Input::Unlock { lane, direction, holder: Some(holder), audit } => {
                let by_hand =
                    ByHand { lane: *lane, direction: *direction, holder: *holder, audit: audit.clone() };
                let read = self.controller.opens_for((*lane, *direction), *holder);
                read.map(|(reader, card)| Presented {
                    reader,
                    card,
                    factor: Factor::Right,
                    by_hand: Some(by_hand),
                })
            }
            Input::Unlock { holder: None, .. }
            | Input::Muster { .. }
            | Input::Beam { .. }
            | Input::Leaf { .. }
            | Input::Opened { .. }
            | Input::Passed { .. }
            | Input::Reset { .. }
            | Input::Forgive { .. }
            | Input::Fire { .. }
            | Input::Lockdown { .. }
            | Input::Replace { .. }
            | Input::Assign { .. }
            | Input::Remove { .. }
            | Input::SetPolicy { .. }
            | Input::SetMode { .. } => None,
        };
        match presented {
            Some(presented) => self.present(now, presented, out),
            None => self.controller.handle(now, input, &mut out.effects),
        }
    }

    /// Decides a read, or asks. Everything that the panel can check by itself comes first.
    fn present(&mut self, now: Time, presented: Presented, out: &mut PanelEffects) {
        let Presented { reader, card, factor, .. } = presented;
        let opinion = self.controller.opinion((reader, card, factor)).filter(|_| self.is_shared());
        let Some(opinion) = opinion else {
            self.decide(now, &presented, (Ruling::Own, None), out);
            return;
        };
        if !self.state.link.is_up {
            self.decide_alone(now, &presented, out);
            return;
        }
        let rule = self.domain.rule(opinion.way);
        match self.domain.consistency {
            Consistency::SingleWriter => {
                let until = now + self.domain.deadline;
                self.ask(now, (presented, until), &opinion, out);
            }
            Consistency::Eventual if !self.state.link.is_whole && rule.is_lenient() => {
                let mut verdicts = [Some(opinion.verdict), opinion.first.map(|f| f.verdict)].into_iter();
                let is_softened = verdicts.any(|v| v.is_some_and(|v| softened(v, rule) != v));
                let offline = is_softened.then_some(rule);
                let ruling = if is_softened { by_rule(&opinion, rule) } else { Ruling::Own };
                self.decide(now, &presented, (ruling, offline), out);
            }
            Consistency::Eventual | Consistency::Local => {
                self.decide(now, &presented, (Ruling::Own, None), out);
            }
        }
    }

    /// Asks the host about a read that waits until then at the latest.
    fn ask(
        &mut self,
        now: Time,
        (presented, until): (Presented, Time),
        opinion: &Opinion,
        out: &mut PanelEffects,
    ) {
        let Presented { reader, card, .. } = presented;
        let (number, after) = (self.state.next_request, self.told_after(opinion));
        let request = Request { number, reader, card, with: opinion.first.map(|f| f.card), after };
        self.state.next_request += 1;
        let again = now + self.domain.ask_again();
        self.state.waiting.push(Waiting { request, presented, until, again });
        out.messages.push(ToHost::Ask(request));
    }

    /// The host has answered. An answer that nobody waits for any more moves nothing: the host hears with the
    /// next upload that its reservation is not needed.
    pub(super) fn answered(&mut self, now: Time, answer: &Answer, out: &mut PanelEffects) {
        self.heard(now, out);
        let Some(index) = self.state.waiting.iter().position(|w| w.number() == answer.number) else { return };
        let Waiting { request, presented, until, .. } = self.state.waiting.remove(index);
        let Presented { reader, card, factor, .. } = presented;
        let opinion = self.controller.opinion((reader, card, factor));
        // The host did not know what has happened here to the same holders since it was asked: somebody may
        // have gone through on the grant of another read, or have begun to wait for a second person.
        let is_outdated =
            |o: &&Opinion| self.told_after(o) > request.after || o.first.map(|f| f.card) != request.with;
        if let Some(opinion) = opinion.as_ref().filter(is_outdated) {
            self.ask(now, (presented, until), opinion, out);
            return;
        }
        let is_refused = answer.first.is_some_and(|v| !v.is_grant());
        if let Some(refused) = opinion.and_then(|o| o.first).filter(|_| is_refused) {
            self.controller.dismiss(reader, refused.holder);
            // There may be somebody else to go with.
            let opinion = self.controller.opinion((reader, card, factor));
            if let Some(opinion) = opinion.filter(|o| o.first.is_some()) {
                self.ask(now, (presented, until), &opinion, out);
                return;
            }
        }
        let way = self.way(&presented);
        let offline = answer.is_degraded.then(|| self.domain.rule(way));
        let first = answer.first.filter(Verdict::is_grant);
        let ruling = Ruling::Told { verdict: answer.verdict, first };
        self.decide(now, &presented, (ruling, offline), out);
    }

    /// The record after the last one about those who would go.
    fn told_after(&self, opinion: &Opinion) -> u64 {
        let first = opinion.first.map_or(0, |f| self.state.log.after_last(f.holder));
        self.state.log.after_last(opinion.holder).max(first)
    }

    /// Asks again, and decides alone what nobody has answered in time.
    pub(super) fn expire_waiting(&mut self, now: Time, out: &mut PanelEffects) {
        while let Some(index) = self.state.waiting.iter().position(|w| w.until <= now) {
            let Waiting { presented, .. } = self.state.waiting.remove(index);
            self.decide_alone(now, &presented, out);
        }
        let again = self.domain.ask_again();
        for waiting in self.state.waiting.iter_mut().filter(|w| w.again <= now) {
            waiting.again = now + again;
            out.messages.push(ToHost::Ask(waiting.request));
        }
    }

    /// Decides by the rule for when the others cannot be asked.
    fn decide_alone(&mut self, now: Time, presented: &Presented, out: &mut PanelEffects) {
        let Presented { reader, card, factor, .. } = *presented;
        // What has changed while the read waited may have made the question idle.
        let Some(opinion) = self.controller.opinion((reader, card, factor)) else {
            self.decide(now, presented, (Ruling::Own, None), out);
            return;
        };
        let rule = self.domain.rule(opinion.way);
        let ruling = by_rule(&opinion, rule);
        self.decide(now, presented, (ruling, Some(rule)), out);
    }

    /// The way a read goes.
    fn way(&self, presented: &Presented) -> Direction {
        let Presented { reader, card, factor, .. } = *presented;
        let mounted =
            self.controller.site().readers.get(reader.index()).map_or(Direction::In, |r| r.direction);
        self.controller.opinion((reader, card, factor)).map_or(mounted, |o| o.way)
    }

    fn decide(
        &mut self,
        now: Time,
        presented: &Presented,
        (ruling, offline): (Ruling, Option<OnPartition>),
        out: &mut PanelEffects,
    ) {
        let Presented { reader, card, factor, ref by_hand } = *presented;
        let start = out.effects.entries.len();
        match by_hand {
            None => self.controller.handle_ruled(now, (reader, card, factor), ruling, &mut out.effects),
            Some(ByHand { lane, direction, holder, audit }) => {
                self.controller.expire(now, &mut out.effects);
                self.controller.unlock((*lane, *direction), Some(*holder), ruling, audit, &mut out.effects);
            }
        }
        // Of two who go together both were judged now.
        let decision = |e: &Entry| {
            let Event::Decision(d) = &e.event else { return None };
            (d.reader == reader).then_some((d.card, d.grant))
        };
        let Some(rule) = offline else { return };
        let made: Vec<_> = out.effects.entries.iter().skip(start).filter_map(decision).collect();
        for (card, grant) in made {
            self.controller.tell(DomainEvent::Offline { reader, card, grant, rule }, &mut out.effects);
        }
    }
}

/// What a panel makes of a read by the rule for when the others cannot be asked. Who has to come with
/// somebody still has to.
fn by_rule(opinion: &Opinion, rule: OnPartition) -> Ruling {
    let verdict = match rule {
        OnPartition::Allow => Verdict::GRANTED,
        OnPartition::AllowLog => softened(opinion.verdict, rule),
        OnPartition::Deny => return Ruling::alone(Verdict::denied(Reason::Offline)),
        OnPartition::LocalOnly => return Ruling::Own,
    };
    let first = opinion.first.filter(|f| !f.strands).map(|f| softened(f.verdict, rule));
    let first = first.filter(Verdict::is_grant);
    match opinion.missing {
        Some(reason) if verdict.is_grant() && first.is_none() => Ruling::alone(Verdict::denied(reason)),
        Some(_) | None => Ruling::Told { verdict, first },
    }
}

/// A verdict after a rule that lets violations through.
pub(in crate::apb) fn softened(verdict: Verdict, rule: OnPartition) -> Verdict {
    match rule {
        OnPartition::Allow => Verdict { violation: None, ..verdict.lenient() },
        OnPartition::AllowLog => verdict.lenient(),
        OnPartition::Deny | OnPartition::LocalOnly => verdict,
    }
}
