//! Questions: who may pass is answered here, and the place of whoever may is kept until the panel tells what
//! became of it.

use super::{Asked, Host, HostEffects};
use crate::apb::controller::{Answered, Pending, Verdict};
use crate::apb::domain::message::{Answer, Request, ToPanel};
use crate::apb::id::{HolderId, PanelId};
use crate::apb::panel::{giver, softened};

impl Host {
    /// Answers, unless the question is settled already; as soon as the panel's records about the holder have
    /// come.
    pub(super) fn answer(&mut self, panel: PanelId, request: &Request, out: &mut HostEffects) {
        let Some(link) = self.state.links.get(panel.index()) else { return };
        if request.number < link.open_from {
            return;
        }
        if link.expected < request.after {
            self.state.early.retain(|(p, r)| (*p, r.number) != (panel, request.number));
            self.state.early.push((panel, *request));
            return;
        }
        let same = |a: &&Asked| a.panel == panel && a.answer.number == request.number;
        if let Some(asked) = self.state.asked.iter().find(same) {
            out.messages.push((panel, ToPanel::Answer(asked.answer)));
            return;
        }
        let late = self.set_late_aside(panel, request);
        let is_whole = self.are_others_whole(panel);
        let rules = &self.domain;
        // While another panel has more to tell, whoever may be let through by the rule for that is.
        let soften = |way, verdict| if is_whole { verdict } else { softened(verdict, rules.rule(way)) };
        let answered = self.controller.answer((request.reader, request.card), request.with, &soften);
        let Answered { holder, verdict, first, is_softened: is_degraded } = answered;
        let goes = |holder: Option<HolderId>, verdict: Verdict| holder.filter(|_| verdict.is_grant());
        let pair = first.and_then(|(holder, verdict)| goes(holder, verdict));
        let going: Vec<HolderId> = goes(holder, verdict).into_iter().chain(pair).collect();
        self.controller.put_back(late.into_iter().filter(|p| !going.contains(&p.holder)));
        let kept =
            going.into_iter().map(|holder| self.controller.reserve_new(holder, request.reader)).collect();
        let first = first.map(|(_, verdict)| verdict);
        let answer = Answer { number: request.number, verdict, first, is_degraded };
        self.state.asked.push(Asked { panel, answer, kept });
        out.messages.push((panel, ToPanel::Answer(answer)));
    }

    /// Whoever gets a new grant of the same panel does not come late on an old one there; whoever gets none
    /// still may.
    fn set_late_aside(&mut self, panel: PanelId, request: &Request) -> Vec<Pending> {
        let cards = [Some(request.card), request.with].into_iter().flatten();
        let owners: Vec<HolderId> = cards.filter_map(|card| self.controller.holder_of(card)).collect();
        let is_late = |p: &Pending| p.has_lapsed() && giver(p.grant) == panel && owners.contains(&p.holder);
        self.controller.set_aside(is_late)
    }

    /// Answers what was asked before the records of a panel that have come now.
    pub(super) fn answer_early(&mut self, panel: PanelId, out: &mut HostEffects) {
        let waiting = std::mem::take(&mut self.state.early).into_iter();
        let (due, early): (Vec<_>, Vec<_>) = waiting.partition(|(p, _)| *p == panel);
        self.state.early = early;
        for (panel, request) in due {
            self.answer(panel, &request, out);
        }
    }

    /// Whether no other panel has more to tell.
    fn are_others_whole(&self, asks: PanelId) -> bool {
        let mut others = self.state.links.iter().enumerate().filter(|(i, _)| *i != asks.index());
        others.all(|(_, link)| link.is_whole())
    }

    /// Questions of a panel before this one wait no more: what the host kept for them is free.
    pub(super) fn close(&mut self, panel: PanelId, open_from: u64) {
        let is_over = |a: &Asked| a.panel == panel && a.answer.number < open_from;
        let over = self.state.asked.iter().filter(|a| is_over(a));
        let kept: Vec<_> = over.flat_map(|a| a.kept.iter().copied()).collect();
        self.state.asked.retain(|a| !is_over(a));
        self.state.early.retain(|(p, r)| *p != panel || r.number >= open_from);
        self.controller.release(|p| kept.contains(&p.grant));
    }

    /// Nobody knows what becomes of a panel's grants any more: they block nobody.
    pub(super) fn give_up(&mut self, panel: PanelId) {
        let theirs = self.state.asked.iter().filter(|a| a.panel == panel);
        let kept: Vec<_> = theirs.flat_map(|a| a.kept.iter().copied()).collect();
        self.state.asked.retain(|a| a.panel != panel);
        self.state.early.retain(|(p, _)| *p != panel);
        self.controller.release(|p| kept.contains(&p.grant) || giver(p.grant) == panel);
    }
}
