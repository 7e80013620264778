//! Reports of panels become what the host knows.

use super::{Host, HostEffects};
use crate::apb::domain::event::{DomainEvent, concerns};
use crate::apb::domain::history::{History, Step};
use crate::apb::domain::link::Link;
use crate::apb::domain::message::{OpenGrant, Upload};
use crate::apb::effect::Effects;
use crate::apb::id::{AreaId, HolderId, LaneId, PanelId, ReaderId};
use crate::apb::journal::{Alert, AlertCause, Cause, Decision, Entry, Event, Reason};
use crate::apb::ledger::{Location, Standing, Zone};
use crate::apb::panel::giver;
use crate::apb::time::Time;

impl Host {
    /// Takes in a panel's records, each once and in order. Records that the panel has lost are passed over;
    /// for those that only have not come, it is asked again.
    pub(super) fn take(&mut self, now: Time, panel: PanelId, mut upload: Upload, out: &mut HostEffects) {
        let Some(link) = self.state.links.get_mut(panel.index()) else { return };
        link.announced = link.announced.max(Some(upload.next));
        if upload.from > link.expected && upload.from == upload.oldest {
            link.expected = upload.from;
            self.controller.release(|p| giver(p.grant) == panel);
            for (holder, standing) in &upload.orphans {
                self.adopt(now, panel, *holder, standing, &mut out.effects);
            }
        }
        let records = std::mem::take(&mut upload.records);
        let has_records = !records.is_empty();
        if let Some(link) = self.state.links.get_mut(panel.index()) {
            link.keep(records, upload.from);
        }
        while let Some(entry) = self.state.links.get_mut(panel.index()).and_then(Link::next_record) {
            self.report(now, panel, &entry, &mut out.effects);
        }
        self.advance(panel, &upload, &mut out.effects);
        self.answer_early(panel, out);
        let is_missing = self.state.links.get(panel.index()).is_some_and(|l| l.expected < upload.from);
        self.acknowledge(now, panel, &upload, (is_missing || has_records, is_missing), out);
        self.settle();
    }

    /// What the panel says of all its records holds as soon as all of them are here.
    fn advance(&mut self, panel: PanelId, upload: &Upload, effects: &mut Effects) {
        let Some(link) = self.state.links.get_mut(panel.index()) else { return };
        let open_from = link.close(upload.next, upload.open_from);
        let is_last = link.expected == upload.next;
        if is_last {
            link.complete = link.complete.max(upload.at);
            self.reserve_open(&upload.open);
        }
        if is_last && upload.at >= self.state.fire_over {
            self.count(&upload.counts, effects);
        }
        self.close(panel, open_from);
    }

    /// The grants that a panel says are open. The host knows them from the records unless it had given the
    /// panel up, or records were lost.
    fn reserve_open(&mut self, open: &[OpenGrant]) {
        let is_known = |o: &&OpenGrant| self.controller.pending().iter().any(|p| p.grant == o.grant);
        let unknown: Vec<OpenGrant> = open.iter().filter(|o| !is_known(o)).copied().collect();
        for OpenGrant { grant, holder, reader, has_lapsed, .. } in &unknown {
            self.controller.reserve(*grant, *holder, *reader);
            let lane = self.controller.site().readers.get(reader.index()).map(|r| r.lane);
            if let Some(lane) = lane.filter(|_| *has_lapsed) {
                self.controller.lapse(*grant, lane, self.domain.deadline);
            }
        }
        for OpenGrant { grant, partner, has_gone, .. } in &unknown {
            if let Some(partner) = partner {
                self.controller.pair([*grant, *partner]);
            }
            if *has_gone {
                self.controller.gone_through(*grant);
            }
        }
    }

    /// What a panel has counted at its lanes.
    fn count(&mut self, counts: &[(LaneId, [u64; 2])], effects: &mut Effects) {
        for (lane, passed) in counts {
            if self.controller.ledger().passed_both(*lane) != *passed {
                let (lane, passed) = (*lane, *passed);
                self.controller.tell(DomainEvent::Counted { lane, passed }, effects);
                self.state.feed.lane(lane);
            }
        }
    }

    /// One record, for the first time.
    fn report(&mut self, now: Time, panel: PanelId, entry: &Entry, effects: &mut Effects) {
        match &entry.event {
            Event::Decision(decision) => self.decided(now, decision, effects),
            Event::Moved { holder, from, to, cause, via } => {
                let step = self.step(panel, entry.at, (*from, *to), (*cause, *via));
                self.moved(now, *holder, step, effects);
                if let Some(reader) = via {
                    self.controller.settle(*holder, *reader);
                }
            }
            Event::Side { holder, area, inside } => {
                if self.state.reset_at.get(holder).is_none_or(|reset| *reset <= entry.at) {
                    let by_move = self.controller.ledger().presence(*holder).moved_at == Some(entry.at);
                    let zone = Zone { inside: *inside, since: entry.at, by_move };
                    self.edit(now, *holder, effects, |s| set_zone(s, *area, zone));
                }
            }
            Event::LockedOut { holder, until } => {
                let until = until.unwrap_or(Time(u64::MAX));
                self.edit(now, *holder, effects, |s| (s.locked_until, s.violations) = (Some(until), 0));
            }
            Event::ForgivenessUsed { holder } => {
                self.edit(now, *holder, effects, |s| s.forgiven_until = None);
            }
            Event::Paired { grants } => self.controller.pair(*grants),
            Event::Taken { grant, .. } => self.controller.gone_through(*grant),
            Event::Alert(Alert {
                cause: AlertCause::PairBroken,
                holder: Some(holder),
                reader: Some(reader),
                ..
            }) => self.controller.settle(*holder, *reader),
            Event::NotTaken { grant, lane, .. } => {
                self.controller.lapse(*grant, *lane, self.domain.deadline);
            }
            Event::Resumed { .. } => self.controller.release(|p| giver(p.grant) == panel),
            Event::Passage { .. }
            | Event::Mustered { .. }
            | Event::Alarm { .. }
            | Event::Alert(_)
            | Event::Reset { .. }
            | Event::Amnesty { .. }
            | Event::Lockdown { .. }
            | Event::Unlocked { .. }
            | Event::Replaced { .. }
            | Event::Assigned { .. }
            | Event::Removed { .. }
            | Event::Forgiven { .. }
            | Event::Fire { .. }
            | Event::PolicySet { .. }
            | Event::ModeSet { .. }
            | Event::Domain(_) => {}
        }
        // Whatever came of it: the panel waits to be told.
        if let Some(holder) = concerns(&entry.event) {
            self.state.feed.holder(holder);
        }
    }

    /// Changes what is known of a holder.
    fn edit(
        &mut self,
        now: Time,
        holder: HolderId,
        effects: &mut Effects,
        change: impl FnOnce(&mut Standing),
    ) {
        let mut standing = self.controller.ledger().standing(holder);
        change(&mut standing);
        self.controller.learn(now, holder, &standing, effects);
        self.state.feed.holder(holder);
    }

    fn decided(&mut self, now: Time, decision: &Decision, effects: &mut Effects) {
        let Some(holder) = decision.holder else { return };
        if let (Some(grant), Reason::Ok) = (decision.grant, decision.reason) {
            self.controller.reserve(grant, holder, decision.reader);
        }
        let violations = self.controller.ledger().presence(holder).violations;
        let count = match (decision.violation, decision.reason) {
            (Some(_), _) => violations.saturating_add(1),
            (None, Reason::Ok) => 0,
            (None, _) => violations,
        };
        if count != violations {
            self.edit(now, holder, effects, |s| s.violations = count);
        }
    }

    fn step(
        &self,
        panel: PanelId,
        at: Time,
        (believed, to): (Location, Location),
        (cause, reader): (Cause, Option<ReaderId>),
    ) -> Step {
        let site = self.controller.site();
        let leads_from = |reader: ReaderId| {
            let lane = site.lanes.get(site.readers.get(reader.index())?.lane.index())?;
            let area = if Location::In(lane.outer) == to { lane.inner } else { lane.outer };
            Some(area)
        };
        let from = reader.and_then(leads_from);
        Step { at, panel: Some(panel), reader, from, believed, to, cause }
    }

    /// A panel's report of where a holder went takes its place among all the others.
    fn moved(&mut self, now: Time, holder: HolderId, step: Step, effects: &mut Effects) {
        let before = self.controller.ledger().standing(holder);
        let site = self.controller.site().clone();
        let by = before.last_reader.and_then(|r| site.readers.get(r.index())).map(|r| r.lane);
        let teller = by.and_then(|lane| site.lanes.get(lane.index())).map(|l| l.panel);
        let fresh = || History::new(&before, teller, self.domain.skew);
        let history = self.state.histories.entry(holder).or_insert_with(fresh);
        let told = history.insert(step, now);
        let after = history.resolved();
        let is_walk = step.cause == Cause::Access;
        self.edit(now, holder, effects, |s| {
            (s.location, s.since) = (after.location, after.since);
            (s.moved_at, s.last_reader) = (after.moved_at, after.last_reader);
            if step.cause == Cause::PowerCut {
                s.zones.retain(|(_, zone)| zone.since > step.at);
            }
            if let Some(reader) = step.reader.filter(|_| is_walk) {
                set_use(s, reader, step.at);
            }
        });
        let Some((first, second)) = told else { return };
        let kept = after.location;
        self.controller.tell(DomainEvent::Conflict { holder, first, second, kept }, effects);
        let lane = second.reader.and_then(|r| site.readers.get(r.index())).map(|r| r.lane);
        if let Some(lane) = lane {
            self.controller.warn((lane, second.reader, Some(holder)), AlertCause::Conflict, effects);
        }
        if kept == Location::Unknown {
            // Said once more as a move, so that whoever follows only moves knows it too.
            self.controller.doubt(holder, effects);
            self.edit(now, holder, effects, |s| s.since = after.since);
        }
    }

    /// The records about a holder were lost; this is what the panel knows of them.
    fn adopt(
        &mut self,
        now: Time,
        panel: PanelId,
        holder: HolderId,
        standing: &Standing,
        effects: &mut Effects,
    ) {
        let known = self.controller.ledger().presence(holder);
        let walked = standing.moved_at == Some(standing.since);
        let cause = if walked { Cause::Access } else { Cause::Seen };
        let reader = standing.last_reader.filter(|_| walked);
        let step = self.step(panel, standing.since, (known.location, standing.location), (cause, reader));
        self.moved(now, holder, step, effects);
        for (area, zone) in &standing.zones {
            self.edit(now, holder, effects, |s| set_zone(s, *area, *zone));
        }
    }

    /// What happened at the host itself takes its place in histories, and is news.
    pub(super) fn absorb(&mut self, start: usize, now: Time, effects: &Effects) {
        for entry in effects.entries.iter().skip(start) {
            if let Event::Moved { holder, from, to, cause, via: None } = entry.event
                && cause != Cause::Conflict
            {
                let (panel, reader) = (None, None);
                let step = Step { at: entry.at, panel, reader, from: None, believed: from, to, cause };
                if let Some(history) = self.state.histories.get_mut(&holder) {
                    history.insert(step, now);
                }
                if is_forgetting(cause) {
                    self.state.reset_at.insert(holder, entry.at);
                }
                self.state.feed.holder(holder);
            }
            if let Event::Forgiven { holder, .. } = entry.event {
                self.state.feed.holder(holder);
            }
            if let Event::Fire { active: false } = entry.event {
                self.state.fire_over = entry.at;
                for lane in (0..self.controller.site().lanes.len()).map(LaneId::at) {
                    self.state.feed.lane(lane);
                }
            }
        }
    }

    /// What nothing older can come before any more is settled.
    fn settle(&mut self) {
        let horizon = self.state.links.iter().map(|l| l.complete).min().unwrap_or(Time::ZERO);
        let horizon = horizon - self.domain.skew;
        self.state.histories.retain(|_, history| !history.settle(horizon));
    }
}

/// Whether a holder's windows and flags are forgotten with a move.
fn is_forgetting(cause: Cause) -> bool {
    matches!(cause, Cause::Reset | Cause::Fire | Cause::Amnesty | Cause::Removal | Cause::Change)
}

fn set_zone(standing: &mut Standing, area: AreaId, zone: Zone) {
    match standing.zones.iter_mut().find(|(a, _)| *a == area) {
        Some((_, known)) if known.since <= zone.since => *known = zone,
        Some(_) => {}
        None => standing.zones.push((area, zone)),
    }
}

fn set_use(standing: &mut Standing, reader: ReaderId, at: Time) {
    match standing.uses.iter_mut().find(|(r, _)| *r == reader) {
        Some((_, last)) => *last = at.max(*last),
        None => standing.uses.push((reader, at)),
    }
}
