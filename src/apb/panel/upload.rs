//! A panel's link to the host: its records go up, numbered, until the host has them; news come down.

use super::machine::{Mark, Panel, PanelEffects, State};
use crate::apb::domain::{Domain, DomainEvent, Item, News, ToHost, Upload, concerns, is_own};
use crate::apb::effect::Command;
use crate::apb::journal::AlertCause;
use crate::apb::time::Time;
use serde::{Deserialize, Serialize};

/// So many records go into one message. Assumed.
const BATCH: usize = 64;

/// So many records may be on their way. Assumed.
const WINDOW: u64 = 256;

/// How far a panel is with the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Uplink {
    /// When the host was last heard.
    heard: Time,
    pub(super) is_up: bool,
    /// Whether the host has all records of all panels.
    pub(super) is_whole: bool,
    /// The news that are here.
    pub(super) have: u64,
    /// The records before this one have been sent.
    sent: u64,
    beat_at: Time,
    /// When records that the host has not acknowledged are sent again.
    resend_at: Option<Time>,
    /// Until then the host is not believed a second time that records are missing.
    deaf_until: Time,
    /// News are missing that came before the latest.
    is_missing: bool,
}

impl Uplink {
    pub(super) fn new(now: Time) -> Self {
        Self {
            heard: now,
            is_up: true,
            is_whole: true,
            have: 0,
            sent: 0,
            beat_at: now,
            resend_at: None,
            deaf_until: now,
            is_missing: false,
        }
    }

    /// Begins again, with the news that are here.
    pub(super) fn restart(&mut self, now: Time) {
        *self = Self { have: self.have, ..Self::new(now) };
    }

    pub(super) fn next_deadline(&self, domain: &Domain) -> Option<Time> {
        let silence = self.is_up.then_some(self.heard + domain.silence());
        [Some(self.beat_at), self.resend_at, silence].into_iter().flatten().min()
    }
}

impl Panel {
    /// Puts what was journalled since into the log, and drops orders to lanes of other panels.
    pub(super) fn keep(&mut self, since: Mark, out: &mut PanelEffects) {
        let mut index = 0;
        out.effects.commands.retain(|(_, command)| {
            index += 1;
            index <= since.commands || self.commands(command)
        });
        if !self.is_shared() {
            return;
        }
        let mut next = since.entries;
        while let Some(entry) = out.effects.entries.get(next) {
            next += 1;
            if !is_own(&entry.event) {
                continue;
            }
            let (at, event) = (entry.at, entry.event.clone());
            let about = concerns(&event);
            let told = self.state.log.push(self.id, at, (event, about));
            self.tell_of_log(told, out);
        }
    }

    /// Whether an order is to one of the panel's own lanes.
    fn commands(&self, command: &Command) -> bool {
        let site = self.controller.site();
        let lane = match command {
            Command::Open { lane, .. }
            | Command::Close { lane }
            | Command::Mode { lane, .. }
            | Command::Buzz { lane, .. } => Some(*lane),
            Command::Show { reader, .. } => site.readers.get(reader.index()).map(|r| r.lane),
        };
        let panel = lane.and_then(|lane| site.lanes.get(lane.index())).map(|l| l.panel);
        panel.is_none_or(|panel| panel == self.id)
    }

    fn tell_of_log(&mut self, told: Option<DomainEvent>, out: &mut PanelEffects) {
        let Some(told) = told else { return };
        let is_lost = matches!(told, DomainEvent::LogOverflow { .. });
        self.controller.tell(told, &mut out.effects);
        self.warn(if is_lost { AlertCause::LogOverflow } else { AlertCause::LogNearlyFull }, out);
    }

    /// Alerts a guard at the panel's first lane.
    fn warn(&mut self, cause: AlertCause, out: &mut PanelEffects) {
        if let Some(lane) = self.lanes().first() {
            self.controller.warn((*lane, None, None), cause, &mut out.effects);
        }
    }

    /// The host is there.
    pub(super) fn heard(&mut self, now: Time, out: &mut PanelEffects) {
        self.state.link.heard = now;
        if !std::mem::replace(&mut self.state.link.is_up, true) {
            self.state.link.sent = self.state.log.oldest();
            self.controller.tell(DomainEvent::Degraded { panel: self.id, on: false }, &mut out.effects);
        }
    }

    /// Takes in what the host knows. Returns whether the host waits for a reply.
    pub(super) fn news(&mut self, now: Time, news: News, out: &mut PanelEffects) -> bool {
        self.heard(now, out);
        self.state.link.is_whole = news.is_whole;
        let before = self.state.log.oldest();
        let told = self.state.log.acknowledge(self.id, news.received);
        self.tell_of_log(told, out);
        let link = &mut self.state.link;
        let oldest = self.state.log.oldest();
        link.sent = link.sent.max(oldest);
        if oldest > before {
            link.resend_at = None;
        }
        if news.is_missing && link.deaf_until <= now {
            link.sent = oldest;
            link.deaf_until = now + self.domain.resend();
        }
        link.is_missing = news.base > link.have;
        if news.base > self.state.link.have {
            return true;
        }
        let link = &mut self.state.link;
        let have = link.have;
        link.have = have.max(news.upto);
        let replies = !news.items.is_empty();
        for (_, item) in news.items.into_iter().filter(|(number, _)| *number > have) {
            self.learn(now, item, news.received, out);
        }
        replies
    }

    /// Takes over one piece of news, from a host that has the panel's records before `received`.
    fn learn(&mut self, now: Time, item: Item, received: u64, out: &mut PanelEffects) {
        match item {
            // What happened here since is on its way to the host, which will tell again.
            Item::Holder(holder, _) if self.state.log.is_ahead(holder, received) => {}
            Item::Holder(holder, standing) => {
                self.controller.learn(now, holder, &standing, &mut out.effects);
            }
            Item::Lane(lane, passed) => {
                if self.controller.site().lanes.get(lane.index()).is_some_and(|l| l.panel != self.id) {
                    self.controller.tell(DomainEvent::Counted { lane, passed }, &mut out.effects);
                }
            }
            Item::Order(input) => self.controller.handle(now, &input, &mut out.effects),
        }
    }

    pub(super) fn expire_link(&mut self, now: Time, out: &mut PanelEffects) {
        let silence = self.domain.silence();
        let link = &mut self.state.link;
        if link.is_up && link.heard + silence <= now {
            link.is_up = false;
            link.resend_at = None;
            self.controller.tell(DomainEvent::Degraded { panel: self.id, on: true }, &mut out.effects);
            self.warn(AlertCause::Degraded, out);
        }
        let link = &mut self.state.link;
        if link.resend_at.is_some_and(|at| at <= now) {
            (link.sent, link.resend_at) = (self.state.log.oldest(), None);
        }
        if link.beat_at <= now {
            link.beat_at = now + self.domain.beat;
            let beat = self.upload(now, self.state.log.next(), 0);
            out.messages.push(beat);
        }
    }

    /// Sends what the host has not been sent, or at least a reply if it waits for one.
    pub(super) fn send(&mut self, now: Time, replies: bool, out: &mut PanelEffects) {
        if !self.is_shared() {
            return;
        }
        let sent = out.messages.len();
        let log_next = self.state.log.next();
        self.state.link.sent = self.state.link.sent.max(self.state.log.oldest());
        while self.state.link.is_up
            && self.state.link.sent < log_next
            && self.state.link.sent < self.state.log.oldest() + WINDOW
        {
            let message = self.upload(now, self.state.link.sent, BATCH);
            self.state.link.sent = log_next.min(self.state.link.sent + BATCH as u64);
            out.messages.push(message);
        }
        if out.messages.len() > sent {
            self.state.link.resend_at.get_or_insert(now + self.domain.resend());
        } else if replies {
            let message = self.upload(now, log_next, 0);
            out.messages.push(message);
        }
        if self.state.log.is_empty() {
            self.state.link.resend_at = None;
        }
    }

    fn upload(&self, now: Time, from: u64, max: usize) -> ToHost {
        let State { log, link, waiting, next_request } = &self.state;
        let records = log.from(from, max);
        let reaches_end = from + records.len() as u64 == log.next();
        let oldest_open = waiting.iter().map(super::waiting::Waiting::number).min();
        let orphans = if from == log.oldest() {
            log.orphans().map(|h| (h, self.controller.ledger().standing(h))).collect()
        } else {
            Vec::new()
        };
        let ledger = self.controller.ledger();
        let counts = if reaches_end {
            self.lanes().into_iter().map(|lane| (lane, ledger.passed_both(lane))).collect()
        } else {
            Vec::new()
        };
        ToHost::Upload(Box::new(Upload {
            at: now,
            oldest: log.oldest(),
            from,
            records,
            next: log.next(),
            counts,
            orphans,
            open: if reaches_end { self.controller.open_grants().collect() } else { Vec::new() },
            open_from: if reaches_end { oldest_open.unwrap_or(*next_request) } else { 0 },
            have: link.have,
            is_missing: link.is_missing,
        }))
    }
}
