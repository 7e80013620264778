//! The steps that phases are put together from.

use super::draft::{Draft, Gate};
use crate::apb::id::{AreaId, CardNumber, HolderId, LaneId};
use crate::apb::input::Factor;
use crate::apb::journal::Reason;
use crate::apb::policy::{Commit, Enforcement, Memory, Policy};
use crate::apb::time::Span;
use crate::commission::cast::{self, Actor};
use crate::commission::expected::{Before, Expected, at_reader};
use crate::commission::limits;
use crate::commission::phase::{Act, Check, Manner, Step};
use crate::scenario::expect::Verdict;

impl Draft<'_> {
    /// An operator puts somebody before a gate.
    pub(super) fn put(&self, holder: HolderId, area: AreaId) -> Step {
        Step::just(Act::Reset { holder, to: Some(area) })
    }

    fn presents(&self, gate: Gate, card: CardNumber) -> Act {
        Act::Present { reader: gate.reader, card, factor: cast::factor(self.site, gate.reader) }
    }

    /// A presentation that is refused for a reason other than anti-passback: nobody is alerted.
    pub(super) fn refused(&self, gate: Gate, card: CardNumber, reason: Reason) -> Step {
        self.refused_with(gate, (card, cast::factor(self.site, gate.reader)), reason)
    }

    /// The same with a second factor of one's choice.
    pub(super) fn refused_with(
        &self,
        gate: Gate,
        (card, factor): (CardNumber, Factor),
        reason: Reason,
    ) -> Step {
        let verdict = Verdict::Denied(Some(reason));
        let checks = vec![
            Check::Decided { verdict },
            Check::Logged,
            Check::Still { lane: gate.lane, during: self.strike(gate.lane) },
        ];
        Step { act: Act::Present { reader: gate.reader, card, factor }, checks }
    }

    /// A presentation of which that has to come which the policy says; a leaf that must not move is watched
    /// for so long.
    pub(super) fn judged(&self, gate: Gate, card: CardNumber, expected: Expected, still: Span) -> Step {
        let Expected { verdict, broken } = expected;
        let lane = gate.lane;
        let mut checks = vec![Check::Decided { verdict }, Check::Logged];
        checks.extend(broken.map(|rule| Check::Alerted { denied: !expected.is_grant(), rule }));
        checks.push(if expected.is_grant() {
            self.opens(lane)
        } else {
            Check::Still { lane, during: still }
        });
        Step { act: self.presents(gate, card), checks }
    }

    /// A presentation that is granted without any violation.
    pub(super) fn granted(&self, gate: Gate, card: CardNumber) -> Step {
        let expected = Expected { verdict: Verdict::Granted, broken: None };
        self.judged(gate, card, expected, Span::ZERO)
    }

    fn opens(&self, lane: LaneId) -> Check {
        Check::Opens { lane, within: self.leaf_times(lane).0 + limits::LEAF_MORE }
    }

    /// The owner of the grant walks through.
    pub(super) fn passes(&self, gate: Gate) -> Step {
        let (lane, direction) = (gate.lane, gate.way);
        let shuts = limits::PASSAGE + self.leaf_times(lane).1 + limits::LEAF_MORE;
        let checks = vec![
            Check::Taken { lane, direction },
            Check::Shuts { lane, within: shuts },
            Check::NoAlarm { lane },
        ];
        Step { act: Act::Walk { lane, direction, manner: Manner::Through }, checks }
    }

    /// Somebody before a gate presents and walks through.
    pub(super) fn goes_through(&self, gate: Gate, actor: Actor) -> Vec<Step> {
        vec![self.put(actor.holder, gate.from), self.granted(gate, actor.card), self.passes(gate)]
    }

    /// What is known of somebody who was put before a gate and went through so long ago.
    pub(super) fn gone_through(&self, gate: Gate, ago: Span) -> Before {
        if self.follows(gate) {
            Before { at: Some(gate.to), last: Some((gate.reader, ago)) }
        } else {
            Before { at: Some(gate.from), last: None }
        }
    }

    /// After how many violations in a row somebody is locked out at a gate; `None`: never.
    pub(super) fn locks_out_after(&self, gate: Gate) -> Option<u8> {
        self.crossed(gate).map(|(policy, _)| policy.lockout_after).filter(|n| *n > 0).min()
    }

    /// When whoever is granted at a gate counts as having moved.
    pub(super) fn commits(&self, gate: Gate) -> Commit {
        self.crossed(gate).next().map_or(Commit::OnPassage, |(policy, _)| policy.commit)
    }

    /// Whether any boundary that the gate crosses follows who is where.
    pub(super) fn follows(&self, gate: Gate) -> bool {
        self.crossed(gate).any(|(policy, _)| policy.follows())
    }

    /// The policies at the boundaries that the gate crosses, each with what a violation leads to there.
    pub(super) fn crossed(&self, gate: Gate) -> impl Iterator<Item = (&Policy, Enforcement)> + '_ {
        let route = self.site.route(gate.reader);
        let own = self.site.readers.get(gate.reader.index()).and_then(|r| r.apb);
        let entered = route.into_iter().flat_map(|r| &r.entered).map(|a| (a, true));
        let left = route.into_iter().flat_map(|r| &r.left).map(|a| (a, false));
        entered.chain(left).filter_map(move |(area, enters)| {
            let policy = &self.site.areas.get(area.index())?.policy;
            let enforcement = if enters { policy.inbound } else { policy.outbound };
            Some((policy, own.unwrap_or(enforcement)))
        })
    }

    /// What has to come of a presentation at a gate.
    pub(super) fn expect(&self, gate: Gate, holder: HolderId, before: Before) -> Expected {
        at_reader(self.site, gate.reader, holder, before)
    }

    /// Why a second use soon after the first cannot be told from one that is free, if so.
    pub(super) fn too_short(&self, gate: Gate) -> Result<(), String> {
        for (policy, _) in self.crossed(gate).filter(|(_, e)| *e != Enforcement::Off) {
            if policy.rule.is_timed() && policy.window < limits::AT_ONCE {
                let window = policy.window;
                return Err(format!("its window of {window} may be over before the second presentation"));
            }
        }
        match self.forgets_after(gate).filter(|lasts| *lasts < limits::AT_ONCE) {
            Some(lasts) => Err(format!("whoever is in is forgotten after {lasts}, before a second use")),
            None => Ok(()),
        }
    }

    /// After how long nobody knows any more where somebody is who went through, or on which side of a
    /// boundary that goes by flags.
    pub(super) fn forgets_after(&self, gate: Gate) -> Option<Span> {
        let reached = self.site.areas.get(gate.to.index()).map(|a| &a.policy);
        let flags = self.crossed(gate).map(|(policy, _)| policy).filter(|p| p.memory == Memory::Flag);
        let timeouts = reached.into_iter().chain(flags).filter_map(|p| p.presence_timeout);
        timeouts.filter(|lasts| *lasts != Span::ZERO).min()
    }

    /// Waits until a grant that nobody used is over.
    pub(super) fn lets_lapse(&self, lane: LaneId) -> Act {
        Act::Wait(self.lapse(lane))
    }
}
