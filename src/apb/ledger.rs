//! The ledger: all that the journal tells. Where every holder is believed to be, what was used when, which
//! credentials were reassigned, which policies are in force.
//!
//! It changes only by [`Ledger::apply`], one journal event at a time, so that folding a journal always
//! rebuilds it. How many are in an area is the size of the set of holders located there; no count is kept
//! beside that set.

mod cards;
mod pairs;
mod presence;
mod standing;
mod uses;

pub use cards::Cards;
pub use presence::{Location, Presence};
pub use standing::Standing;
pub use uses::{Uses, Zone};

use super::domain::DomainEvent;
use super::id::{AreaId, Direction, GrantId, HolderId, LaneId};
use super::input::Lockdown;
use super::journal::{Cause, Decision, Entry, Event};
use super::policy::Policy;
use super::reason::Reason;
use super::site::{PassMode, Site};
use super::time::Time;
use presence::Rows;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// All that a journal tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    rows: Rows,
    uses: Uses,
    cards: Cards,
    policies: Vec<Policy>,
    /// What may pass each lane when there is no fire, `In` first.
    modes: Vec<[PassMode; 2]>,
    /// How many bodies have passed each lane since the start or the last fire, `In` first.
    passed: Vec<[u64; 2]>,
    lockdowns: Vec<Lockdown>,
    /// Who is locked out, and until when.
    #[serde(with = "pairs")]
    locked_out: BTreeMap<HolderId, Option<Time>>,
    fire: bool,
    /// Whom muster points have seen since the last fire alarm.
    mustered: BTreeSet<HolderId>,
    /// The newest grant of a decision: whoever presents again for an older one uses nothing anew.
    granted: Option<GrantId>,
    /// Whether a policy asks who used which reader; only then is it remembered.
    keeps_uses: bool,
}

impl Ledger {
    /// Nobody's location is known.
    pub fn new(site: &Site) -> Self {
        let policies: Vec<Policy> = site.areas.iter().map(|a| a.policy.clone()).collect();
        Self {
            keeps_uses: policies.iter().any(Policy::asks_for_uses),
            rows: Rows::new(site.holders.len(), site.areas.len()),
            uses: Uses::new(site.readers.len()),
            cards: Cards::default(),
            policies,
            modes: site.lanes.iter().map(|l| l.modes).collect(),
            passed: vec![[0; 2]; site.lanes.len()],
            lockdowns: vec![Lockdown::Off; site.areas.len()],
            locked_out: BTreeMap::new(),
            fire: false,
            mustered: BTreeSet::new(),
            granted: None,
        }
    }

    /// The ledger that these entries lead to.
    pub fn fold<'a>(site: &Site, journal: impl IntoIterator<Item = &'a Entry>) -> Self {
        let mut ledger = Self::new(site);
        for entry in journal {
            ledger.apply(entry.at, &entry.event);
        }
        ledger
    }

    /// What is believed of this holder; of one who is not in the site, nothing.
    pub fn presence(&self, holder: HolderId) -> Presence {
        self.rows.presence(holder)
    }

    /// How many holders there are.
    pub fn holders(&self) -> usize {
        self.rows.holders()
    }

    /// How many areas there are.
    pub fn areas(&self) -> usize {
        self.policies.len()
    }

    /// How many lanes there are.
    pub fn lanes(&self) -> usize {
        self.modes.len()
    }

    /// The holders located in exactly this area, in no particular but reproducible order.
    pub fn located(&self, area: AreaId) -> &[HolderId] {
        self.rows.located(area)
    }

    /// What was used when.
    pub fn uses(&self) -> &Uses {
        &self.uses
    }

    /// Which credentials are not what the site says.
    pub fn cards(&self) -> &Cards {
        &self.cards
    }

    /// The policies in force, by area.
    pub fn policies(&self) -> &[Policy] {
        &self.policies
    }

    /// What may pass a lane when there is no fire.
    pub fn mode(&self, lane: LaneId, direction: Direction) -> PassMode {
        self.modes.get(lane.index()).map_or(PassMode::Controlled, |m| m[direction.index()])
    }

    /// How many bodies have passed a lane this way since the start or the last fire.
    pub fn passed(&self, lane: LaneId, direction: Direction) -> u64 {
        self.passed.get(lane.index()).map_or(0, |p| p[direction.index()])
    }

    /// What of an area is shut off.
    pub fn lockdown(&self, area: AreaId) -> Lockdown {
        self.lockdowns.get(area.index()).copied().unwrap_or_default()
    }

    /// Whether any area is shut off, or anybody locked out.
    pub fn is_anything_locked(&self) -> bool {
        !self.locked_out.is_empty() || self.lockdowns.iter().any(|l| *l != Lockdown::Off)
    }

    /// Whether a holder is locked out after violations.
    pub fn is_locked_out(&self, holder: HolderId, now: Time) -> bool {
        self.locked_out.get(&holder).is_some_and(|until| until.is_none_or(|until| now < until))
    }

    /// Whether the fire alarm is on.
    pub fn is_on_fire(&self) -> bool {
        self.fire
    }

    /// Whether a muster point has seen a holder since the last fire alarm.
    pub fn is_mustered(&self, holder: HolderId) -> bool {
        self.mustered.contains(&holder)
    }

    /// Whether anything at all is known or remembered of a holder that a reset would forget.
    pub fn is_known(&self, holder: HolderId) -> bool {
        let who = self.presence(holder);
        who.location != Location::Unknown
            || who.moved_at.is_some()
            || who.violations > 0
            || self.locked_out.contains_key(&holder)
            || self.uses.remembers(holder)
    }

    /// Takes in one journal event. Events that say nothing of what is remembered change nothing.
    pub fn apply(&mut self, at: Time, event: &Event) {
        match event {
            Event::Moved { holder, to, cause, via, .. } => {
                self.rows.relocate(at, *holder, *to, *cause, *via);
                match (cause, via) {
                    (Cause::Access | Cause::Report, Some(reader)) => {
                        self.uses.note(at, *holder, *reader, self.keeps_uses);
                    }
                    (Cause::Reset | Cause::Fire | Cause::Amnesty | Cause::Removal | Cause::Change, _) => {
                        self.uses.forget(*holder);
                        self.locked_out.remove(holder);
                    }
                    // Nobody knows where they are: no flag does either.
                    (Cause::PowerCut | Cause::Conflict, _) => self.uses.forget_zones(*holder),
                    (Cause::Access | Cause::Report, None)
                    | (Cause::Expiry | Cause::Muster | Cause::Seen, _) => {}
                }
            }
            Event::Decision(decision) => self.decided(at, decision),
            Event::Side { holder, area, inside } => {
                let by_move = self.rows.presence(*holder).moved_at == Some(at);
                self.uses.set_zone(*holder, *area, Zone { inside: *inside, since: at, by_move });
            }
            Event::Forgiven { holder, until } => self.rows.set_forgiven(*holder, Some(*until)),
            Event::ForgivenessUsed { holder } => self.rows.set_forgiven(*holder, None),
            Event::LockedOut { holder, until } => {
                self.locked_out.insert(*holder, *until);
                self.rows.set_violations(*holder, 0);
            }
            Event::Passage { lane, direction, .. } => {
                if let Some(passed) = self.passed.get_mut(lane.index()) {
                    passed[direction.index()] += 1;
                }
            }
            Event::Fire { active } => {
                self.fire = *active;
                self.begin_anew(*active);
            }
            Event::PolicySet { area, policy } => self.set_policy(*area, policy),
            Event::ModeSet { lane, direction, mode } => {
                if let Some(modes) = self.modes.get_mut(lane.index()) {
                    modes[direction.index()] = *mode;
                }
            }
            Event::Lockdown { area, lockdown } => {
                if let Some(slot) = self.lockdowns.get_mut(area.index()) {
                    *slot = *lockdown;
                }
            }
            Event::Replaced { old, new, credential, holder } => {
                self.cards.replace(*old, *new, *credential, *holder);
            }
            Event::Assigned { card, credential, holder } => self.cards.assign(*card, *credential, *holder),
            Event::Removed { holder } => self.cards.remove(*holder),
            Event::Mustered { holder, .. } => self.mustered.extend(*holder),
            Event::Domain(event) => self.told(event),
            Event::Taken { .. }
            | Event::NotTaken { .. }
            | Event::Alarm { .. }
            | Event::Alert(_)
            | Event::Reset { .. }
            | Event::Amnesty { .. }
            | Event::Paired { .. }
            | Event::Unlocked { .. }
            | Event::Resumed { .. } => {}
        }
    }

    fn set_policy(&mut self, area: AreaId, policy: &Policy) {
        if let Some(slot) = self.policies.get_mut(area.index()) {
            *slot = policy.clone();
        }
        let kept = self.keeps_uses;
        self.keeps_uses = self.policies.iter().any(Policy::asks_for_uses);
        if self.keeps_uses && !kept {
            self.remember_last_uses();
        }
    }

    /// What everybody used last is known, and asked for from now on.
    fn remember_last_uses(&mut self) {
        for holder in (0..self.holders()).map(HolderId::at) {
            let last = self.presence(holder);
            if let Some((at, reader)) = last.moved_at.zip(last.last_reader) {
                self.uses.remember(at, holder, reader);
            }
        }
    }

    /// What other panels know.
    fn told(&mut self, event: &DomainEvent) {
        match event {
            DomainEvent::Learned { holder, standing } => self.learn(*holder, standing),
            DomainEvent::Counted { lane, passed } => self.set_passed(*lane, *passed),
            DomainEvent::Degraded { .. }
            | DomainEvent::Unreachable { .. }
            | DomainEvent::Offline { .. }
            | DomainEvent::Conflict { .. }
            | DomainEvent::LogNearlyFull { .. }
            | DomainEvent::LogOverflow { .. } => {}
        }
    }

    /// Who is seen by muster points counts from an alarm on, and bodies from its end.
    fn begin_anew(&mut self, fire: bool) {
        if fire {
            self.mustered.clear();
        } else {
            self.passed.fill([0; 2]);
        }
    }

    /// Counts violations in a row, and notes where the holder was seen.
    fn decided(&mut self, at: Time, decision: &Decision) {
        let Some(holder) = decision.holder else { return };
        self.rows.see(holder, decision.reader, at);
        if self.locked_out.get(&holder).is_some_and(|until| until.is_some_and(|until| until <= at)) {
            self.locked_out.remove(&holder);
        }
        match (decision.violation, decision.reason) {
            (Some(_), _) => self.rows.add_violation(holder),
            (None, Reason::Ok) if decision.grant > self.granted => self.rows.set_violations(holder, 0),
            (None, _) => {}
        }
        self.granted = self.granted.max(decision.grant);
    }

    /// The first holder whose row and whose area's set disagree, if there is one: the ledger is then corrupt.
    pub fn first_inconsistency(&self) -> Option<HolderId> {
        self.rows.first_inconsistency()
    }
}
