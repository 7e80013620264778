//! A wire between the panels of a domain and their host that delays, loses, repeats and reorders, and a site
//! of several panels around it.

use crate::fixture::{self, site_of};
use apbrig::apb::domain::{Consistency, Domain, DomainEvent, Letter, Members, MembersEffects};
use apbrig::apb::effect::Command;
use apbrig::apb::id::{AreaId, CardNumber, Direction, HolderId, LaneId, PanelId, ReaderId};
use apbrig::apb::input::Input;
use apbrig::apb::journal::{Decision, Entry, Event};
use apbrig::apb::ledger::Location;
use apbrig::apb::policy::{Enforcement, Policy};
use apbrig::apb::site::{Company, MusterPoint, Panel, Site, SiteParts, Together};
use apbrig::apb::time::{Span, Time};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) const A: PanelId = PanelId(0);
pub(crate) const B: PanelId = PanelId(1);

/// How the wire carries a letter.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fate {
    /// It comes after so long.
    Comes(Span),
    /// It comes twice, after so long each.
    Twice(Span, Span),
    /// It never comes.
    Lost,
}

/// Panels, host and the wire between them.
pub(crate) struct Bench {
    pub(crate) members: Members,
    /// The one journal of all.
    pub(crate) journal: Vec<Entry>,
    pub(crate) commands: Vec<(Time, Command)>,
    pub(crate) now: Time,
    /// Panels that are cut off.
    pub(crate) cut: Vec<PanelId>,
    /// What becomes of the next letters, again and again.
    pub(crate) fates: Vec<Fate>,
    next_fate: usize,
    wire: BTreeMap<(Time, u64), Letter>,
    sent: u64,
}

/// Lane `L1` of panel A and lane `L2` of panel B (and so on), from the outside into the same area, the
/// readers in the order `R1e`, `R1x`, `R2e` …; the log of every panel holds so many records.
pub(crate) fn site(policy: &Policy, domain: Domain, panels: u16, log_max: u32) -> Arc<Site> {
    let mut parts = site_of(policy, panels);
    parts.panels = (0..panels).map(|i| Panel { name: format!("Q{i}"), cards_max: 45_000, log_max }).collect();
    for (i, lane) in parts.lanes.iter_mut().enumerate() {
        lane.panel = PanelId::at(i);
    }
    parts.domain = Some(domain);
    Arc::new(Site::new(parts).expect("the site is sound"))
}

/// The same site with a rule of company in its area, and room for two grants in each lane.
pub(crate) fn together(site: &Site, rule: Together) -> Arc<Site> {
    let mut parts: SiteParts = std::ops::Deref::deref(site).clone();
    parts.lanes.iter_mut().for_each(|lane| lane.memory = 1);
    parts.areas[1].company = Company { rule, within: Span::seconds(10), first_person: false };
    Arc::new(Site::new(parts).expect("the site is sound"))
}

/// A domain of two panels, a lane each, with a rule of company in the area and a muster point outside.
pub(crate) fn in_company(rule: Together) -> Bench {
    let policy = Policy { outbound: Enforcement::Hard, ..Policy::hard() };
    let site = site(&policy, Domain::new(Consistency::SingleWriter), 2, 100);
    let mut parts: SiteParts = std::ops::Deref::deref(&*site).clone();
    parts.musters.push(MusterPoint { name: "yard".into(), area: AreaId(0) });
    Bench::of(together(&Site::new(parts).expect("the site is sound"), rule))
}

impl Bench {
    pub(crate) fn new(policy: &Policy, domain: Domain) -> Self {
        Self::of(site(policy, domain, 2, 21_000))
    }

    pub(crate) fn of(site: Arc<Site>) -> Self {
        let domain = site.domain.expect("the site has a domain");
        Self {
            members: Members::new(site, domain),
            journal: Vec::new(),
            commands: Vec::new(),
            now: Time::ZERO,
            cut: Vec::new(),
            fates: vec![Fate::Comes(Span::millis(20))],
            next_fate: 0,
            wire: BTreeMap::new(),
            sent: 0,
        }
    }

    /// Writes down what was done, and gives letters to the wire.
    pub(crate) fn take(&mut self, out: MembersEffects) {
        self.journal.extend(out.effects.entries);
        self.commands.extend(out.effects.commands);
        for letter in out.letters {
            let fate = self.fates[self.next_fate % self.fates.len()];
            self.next_fate += 1;
            if self.cut.contains(&letter.panel()) {
                continue;
            }
            let mut post = |after: Span, letter: Letter| {
                self.wire.insert((self.now + after, self.sent), letter);
                self.sent += 1;
            };
            match fate {
                Fate::Comes(after) => post(after, letter),
                Fate::Twice(first, second) => {
                    post(first, letter.clone());
                    post(second, letter);
                }
                Fate::Lost => {}
            }
        }
    }

    /// Lets everything happen that is due up to this time.
    pub(crate) fn until(&mut self, end: Time) {
        loop {
            let letter = self.wire.first_key_value().map(|((at, _), _)| *at);
            let due = self.members.next_deadline();
            let Some(next) = [letter, due].into_iter().flatten().min().filter(|t| *t <= end) else { break };
            self.now = self.now.max(next);
            let mut out = MembersEffects::default();
            if letter == Some(next) {
                let (_, letter) = self.wire.pop_first().expect("there is a letter");
                if !self.cut.contains(&letter.panel()) {
                    self.members.deliver(self.now, letter, &mut out);
                }
            } else {
                self.members.expire(self.now, &mut out);
            }
            self.take(out);
        }
        self.now = self.now.max(end);
    }

    /// Waits.
    pub(crate) fn wait(&mut self, span: Span) {
        self.until(self.now + span);
    }

    pub(crate) fn tell(&mut self, input: &Input) {
        self.until(self.now);
        let mut out = MembersEffects::default();
        self.members.handle(self.now, input, &mut out);
        self.take(out);
    }

    /// A card at a reader; the readers of panel `n` are `2n` (in) and `2n + 1` (out).
    pub(crate) fn read(&mut self, reader: u16, card: u64) {
        self.tell(&Input::read(ReaderId(reader), CardNumber(card)));
    }

    /// A card is read, and who gets a grant walks through two seconds later. Whether somebody did.
    pub(crate) fn walk(&mut self, reader: u16, card: u64) -> bool {
        let before = self.grants().len();
        self.read(reader, card);
        self.wait(Span::seconds(2));
        let granted = self.grants().len() > before;
        if granted {
            self.pass(reader);
        }
        granted
    }

    /// Somebody goes through the lane of a reader, the reader's way.
    pub(crate) fn pass(&mut self, reader: u16) {
        let direction = Direction::BOTH[usize::from(reader % 2)];
        let lane = LaneId(reader / 2);
        self.tell(&Input::Opened { lane });
        self.tell(&Input::Passed { lane, direction });
    }

    pub(crate) fn cut(&mut self, panel: PanelId) {
        self.cut.push(panel);
    }

    /// Joins a panel, or all, again.
    pub(crate) fn heal(&mut self) {
        self.cut.clear();
    }

    pub(crate) fn decisions(&self) -> Vec<&Decision> {
        self.journal
            .iter()
            .filter_map(|e| if let Event::Decision(d) = &e.event { Some(d) } else { None })
            .collect()
    }

    pub(crate) fn grants(&self) -> Vec<&Decision> {
        self.decisions().into_iter().filter(|d| d.grant.is_some()).collect()
    }

    pub(crate) fn domain_events(&self) -> Vec<(Time, &DomainEvent)> {
        self.journal
            .iter()
            .filter_map(|e| if let Event::Domain(d) = &e.event { Some((e.at, d)) } else { None })
            .collect()
    }

    pub(crate) fn conflicts(&self) -> Vec<(Time, &DomainEvent)> {
        let is_conflict = |e: &DomainEvent| matches!(e, DomainEvent::Conflict { .. });
        self.domain_events().into_iter().filter(|(_, e)| is_conflict(e)).collect()
    }

    pub(crate) fn location(&self, holder: u32) -> Location {
        let host = self.members.host().expect("there is a host");
        host.controller().ledger().presence(HolderId(holder)).location
    }

    /// Every panel knows of everybody what the host knows, and has no records left that the host has not.
    pub(crate) fn assert_converged(&self) {
        let host = self.members.host().expect("there is a host");
        assert!(host.is_whole(), "the host has not heard everything");
        for panel in self.members.panels() {
            assert!(panel.log().is_empty(), "{} still has {} records", panel.id(), panel.log().len());
            for holder in (0..fixture::PEOPLE).map(HolderId) {
                let there = panel.controller().ledger().standing(holder);
                let here = host.controller().ledger().standing(holder);
                assert_eq!(there, here, "{} and the host do not agree about {holder}", panel.id());
            }
            for lane in (0..self.members.site().lanes.len()).map(LaneId::at) {
                let (there, here) = (panel.controller().ledger(), host.controller().ledger());
                assert_eq!(there.passed_both(lane), here.passed_both(lane), "{} {lane}", panel.id());
            }
        }
        assert_eq!(self.members.check(), Ok(()));
    }
}
