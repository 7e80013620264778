//! What the host says to panels, and when.

use super::{Host, HostEffects};
use crate::apb::domain::event::DomainEvent;
use crate::apb::domain::feed::Topic;
use crate::apb::domain::message::{Item, News, ToPanel, Upload};
use crate::apb::effect::Effects;
use crate::apb::id::PanelId;
use crate::apb::time::Time;

/// So much news goes into one message. Assumed.
const BATCH: usize = 64;

/// News with numbers this far beyond what a panel has may be on their way. Assumed.
const WINDOW: u64 = 1_024;

impl Host {
    /// A panel is there.
    pub(super) fn heard(&mut self, now: Time, panel: PanelId, effects: &mut Effects) {
        let Some(link) = self.state.links.get_mut(panel.index()) else { return };
        link.heard = now;
        if !std::mem::replace(&mut link.is_up, true) {
            link.sent = link.acked;
            self.controller.tell(DomainEvent::Unreachable { panel, on: false }, effects);
        }
    }

    /// How far the panel is with the news; and a reply, if it waits for one.
    pub(super) fn acknowledge(
        &mut self,
        now: Time,
        panel: PanelId,
        upload: &Upload,
        (replies, is_missing): (bool, bool),
        out: &mut HostEffects,
    ) {
        let (last, resend) = (self.state.feed.last(), self.domain.resend());
        let Some(link) = self.state.links.get_mut(panel.index()) else { return };
        if upload.have > link.acked {
            (link.acked, link.resend_at) = (upload.have.min(last), None);
            link.sent = link.sent.max(link.acked);
        }
        if upload.is_missing && link.deaf_until <= now {
            (link.sent, link.deaf_until) = (link.acked, now + resend);
        }
        let acked = self.state.links.iter().map(|l| l.acked).min().unwrap_or(0);
        self.state.feed.forget(acked);
        let before = out.messages.len();
        if replies && !is_missing {
            self.tell(now, panel, out);
        }
        if replies && out.messages.len() == before {
            let base = self.state.links.get(panel.index()).map_or(0, |l| l.sent);
            let (news, _) = self.news(panel, base, 0, is_missing);
            out.messages.push((panel, news));
        }
    }

    /// Beats, second tries, and panels that have been silent for too long.
    pub(super) fn expire_links(&mut self, now: Time, out: &mut HostEffects) {
        for panel in (0..self.state.links.len()).map(PanelId::at) {
            let Some(link) = self.state.links.get_mut(panel.index()) else { return };
            if link.silent_at(&self.domain).is_some_and(|at| at <= now) {
                link.lose();
                self.controller.tell(DomainEvent::Unreachable { panel, on: true }, &mut out.effects);
                self.give_up(panel);
            }
            let Some(link) = self.state.links.get_mut(panel.index()) else { return };
            if link.resend_at.is_some_and(|at| at <= now) {
                (link.sent, link.resend_at) = (link.acked, None);
            }
            if link.beat_at <= now {
                link.beat_at = now + self.domain.beat;
                let base = link.sent;
                let (news, _) = self.news(panel, base, 0, false);
                out.messages.push((panel, news));
            }
        }
    }

    /// Sends every panel in reach what it has not been sent.
    pub(super) fn flush(&mut self, now: Time, out: &mut HostEffects) {
        for panel in (0..self.state.links.len()).map(PanelId::at) {
            self.tell(now, panel, out);
        }
    }

    fn tell(&mut self, now: Time, panel: PanelId, out: &mut HostEffects) {
        let (last, resend) = (self.state.feed.last(), self.domain.resend());
        while let Some(link) = self.state.links.get(panel.index())
            && link.is_up
            && link.sent < last
            && link.sent < link.acked + WINDOW
        {
            let (news, upto) = self.news(panel, link.sent, BATCH, false);
            out.messages.push((panel, news));
            let Some(link) = self.state.links.get_mut(panel.index()) else { return };
            link.sent = upto;
            link.resend_at.get_or_insert(now + resend);
        }
    }

    /// News after a number, and the number up to which they reach.
    fn news(&self, panel: PanelId, base: u64, max: usize, is_missing: bool) -> (ToPanel, u64) {
        let (upto, topics) = if max == 0 { (base, Vec::new()) } else { self.state.feed.after(base, max) };
        let items = topics.into_iter().map(|(number, topic)| (number, self.item(topic))).collect();
        let received = self.state.links.get(panel.index()).map_or(0, |l| l.expected);
        let is_whole = self.is_whole();
        (ToPanel::News(Box::new(News { received, is_missing, base, upto, items, is_whole })), upto)
    }

    fn item(&self, topic: &Topic) -> Item {
        let ledger = self.controller.ledger();
        match topic {
            Topic::Holder(holder) => Item::Holder(*holder, Box::new(ledger.standing(*holder))),
            Topic::Lane(lane) => Item::Lane(*lane, ledger.passed_both(*lane)),
            Topic::Order(input) => Item::Order(input.clone()),
        }
    }
}
