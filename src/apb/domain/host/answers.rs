//! Questions: who may pass is answered here, and the place of whoever may is kept until the panel tells what
//! became of it.

use super::{Asked, Host, HostEffects};
use crate::apb::controller::Verdict;
use crate::apb::domain::message::{Answer, Request, ToPanel};
use crate::apb::id::{Direction, PanelId};
use crate::apb::journal::Reason;
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
        // Whoever gets a new grant of the same panel does not come late on an old one there.
        let owner = self.controller.answer(request.reader, request.card, 1).0;
        self.controller.release(|p| p.has_lapsed() && giver(p.grant) == panel && Some(p.holder) == owner);
        let bodies = usize::from(request.bodies.max(1));
        let (holder, way, verdict) = self.controller.answer(request.reader, request.card, bodies);
        let (verdict, is_degraded) = self.tempered(panel, way, verdict);
        let kept = holder
            .filter(|_| verdict.reason == Reason::Ok)
            .map(|holder| self.controller.reserve_new(holder, request.reader));
        let answer = Answer { number: request.number, verdict, is_degraded };
        self.state.asked.push(Asked { panel, answer, kept });
        out.messages.push((panel, ToPanel::Answer(answer)));
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

    /// A verdict that may rest on half the story: while another panel has more to tell, whoever may be let
    /// through by the rule for that is.
    fn tempered(&self, asks: PanelId, way: Direction, verdict: Verdict) -> (Verdict, bool) {
        let mut others = self.state.links.iter().enumerate().filter(|(i, _)| *i != asks.index());
        if others.all(|(_, link)| link.is_whole()) {
            return (verdict, false);
        }
        let lenient = softened(verdict, self.domain.rule(way));
        (lenient, lenient != verdict)
    }

    /// Questions of a panel before this one wait no more: what the host kept for them is free.
    pub(super) fn close(&mut self, panel: PanelId, open_from: u64) {
        let is_over = |a: &Asked| a.panel == panel && a.answer.number < open_from;
        let kept: Vec<_> = self.state.asked.iter().filter(|a| is_over(a)).filter_map(|a| a.kept).collect();
        self.state.asked.retain(|a| !is_over(a));
        self.state.early.retain(|(p, r)| *p != panel || r.number >= open_from);
        self.controller.release(|p| kept.contains(&p.grant));
    }

    /// Nobody knows what becomes of a panel's grants any more: they block nobody.
    pub(super) fn give_up(&mut self, panel: PanelId) {
        let kept: Vec<_> =
            self.state.asked.iter().filter(|a| a.panel == panel).filter_map(|a| a.kept).collect();
        self.state.asked.retain(|a| a.panel != panel);
        self.state.early.retain(|(p, _)| *p != panel);
        self.controller.release(|p| kept.contains(&p.grant) || giver(p.grant) == panel);
    }
}
