//! All panels of a site and their host in one place: what happens at the site goes to whom it concerns, and
//! what all of them write down becomes one journal.
//!
//! The letters between them are carried by whoever drives this, as badly as they like. Entries leave it
//! numbered in one row; what panels only repeat to each other is left out.

use super::event::{is_hearsay, is_own};
use super::host::{Host, HostEffects, HostInput};
use super::message::{ToHost, ToPanel};
use super::rules::{Consistency, Domain};
use super::watch::DomainWatch;
use crate::apb::effect::{Command, Effects};
use crate::apb::id::{LaneId, PanelId};
use crate::apb::input::Input;
use crate::apb::invariant::Watch;
use crate::apb::journal::{Entry, Event};
use crate::apb::panel::{Panel, PanelEffects, PanelInput};
use crate::apb::recovery::Recovery;
use crate::apb::site::Site;
use crate::apb::time::Time;
use std::sync::Arc;

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Letter {
    /// From this panel to the host.
    Up(PanelId, ToHost),
    /// From the host to this panel.
    Down(PanelId, ToPanel),
}

impl Letter {
    /// The panel at the one end.
    pub fn panel(&self) -> PanelId {
        match self {
            Self::Up(panel, _) | Self::Down(panel, _) => *panel,
        }
    }
}

/// What all of them want done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MembersEffects {
    /// What to write down, and what to tell gates and readers.
    pub effects: Effects,
    /// What to carry.
    pub letters: Vec<Letter>,
}

#[derive(Clone, Debug)]
struct Member {
    panel: Panel,
    watch: Watch,
    /// What the panel's own journal tells, kept for when its power is cut.
    journal: Recovery,
    is_off: bool,
}

/// The panels of a site and their host.
#[derive(Clone, Debug)]
pub struct Members {
    site: Arc<Site>,
    members: Vec<Member>,
    host: Option<(Host, Watch)>,
    watch: DomainWatch,
    next_seq: u64,
    is_on_fire: bool,
    /// Kept between calls for their memory only.
    from_panel: PanelEffects,
    from_host: HostEffects,
}

impl Members {
    /// All panels of a site, who know nobody's location, at time zero; and a host unless panels share
    /// nothing.
    pub fn new(site: Arc<Site>, domain: Domain) -> Self {
        let member = |id| {
            let panel = Panel::new(site.clone(), id, domain);
            let watch = Watch::new(panel.controller());
            Member { panel, watch, journal: Recovery::new(&site), is_off: false }
        };
        let members = (0..site.panels.len()).map(PanelId::at).map(member).collect();
        let host = (domain.consistency != Consistency::Local).then(|| Host::new(site.clone(), domain));
        let host = host.map(|host| {
            let watch = Watch::new(host.controller());
            (host, watch)
        });
        Self {
            members,
            host,
            watch: DomainWatch::new(domain),
            next_seq: 0,
            is_on_fire: false,
            from_panel: PanelEffects::default(),
            from_host: HostEffects::default(),
            site,
        }
    }

    /// The site.
    pub fn site(&self) -> &Arc<Site> {
        &self.site
    }

    /// A panel.
    pub fn panel(&self, panel: PanelId) -> Option<&Panel> {
        self.members.get(panel.index()).map(|m| &m.panel)
    }

    /// Every panel.
    pub fn panels(&self) -> impl Iterator<Item = &Panel> {
        self.members.iter().map(|m| &m.panel)
    }

    /// The host; `None`: panels share nothing.
    pub fn host(&self) -> Option<&Host> {
        self.host.as_ref().map(|(host, _)| host)
    }

    /// Whether a panel's power is on.
    pub fn is_on(&self, panel: PanelId) -> bool {
        self.members.get(panel.index()).is_some_and(|m| !m.is_off)
    }

    /// Takes in what happened at the site, and gives it to whom it concerns: what happens at a lane to its
    /// panel, the fire alarm to everybody, and what operators do to the host.
    pub fn handle(&mut self, now: Time, input: &Input, out: &mut MembersEffects) {
        let is_fire = matches!(input, Input::Fire { .. });
        if let Input::Fire { active } = input {
            self.is_on_fire = *active;
        }
        match self.lane_of(input) {
            Some(lane) => {
                // What the site does not have is the first panel's: it denies reads and says so.
                let panel = self.site.lanes.get(lane.index()).map_or(PanelId(0), |l| l.panel);
                self.with_panel(panel, out, |p, out| p.handle(now, PanelInput::Field(input), out));
            }
            None if is_fire || self.host.is_none() => {
                for panel in (0..self.members.len()).map(PanelId::at) {
                    self.with_panel(panel, out, |p, out| p.handle(now, PanelInput::Field(input), out));
                }
            }
            None => {}
        }
        if self.lane_of(input).is_none() {
            self.with_host(out, |host, out| host.handle(now, HostInput::Operator(input), out));
        }
    }

    /// The lane where an input comes from; `None`: it is about no lane, or comes from an operator.
    fn lane_of(&self, input: &Input) -> Option<LaneId> {
        match input {
            Input::Read { reader, .. } => {
                Some(self.site.readers.get(reader.index()).map_or(LaneId(u16::MAX), |r| r.lane))
            }
            Input::Beam { lane, .. }
            | Input::Leaf { lane, .. }
            | Input::Opened { lane }
            | Input::Passed { lane, .. }
            | Input::Unlock { lane, .. } => Some(*lane),
            Input::Muster { .. }
            | Input::Reset { .. }
            | Input::Forgive { .. }
            | Input::Fire { .. }
            | Input::Lockdown { .. }
            | Input::Replace { .. }
            | Input::Assign { .. }
            | Input::Remove { .. }
            | Input::SetPolicy { .. }
            | Input::SetMode { .. } => None,
        }
    }

    /// A letter has come.
    pub fn deliver(&mut self, now: Time, letter: Letter, out: &mut MembersEffects) {
        match letter {
            Letter::Up(panel, message) => {
                self.with_host(out, |host, out| host.handle(now, HostInput::Message(panel, message), out));
            }
            Letter::Down(panel, message) => self.deliver_down(now, panel, message, out),
        }
    }

    fn deliver_down(&mut self, now: Time, panel: PanelId, message: ToPanel, out: &mut MembersEffects) {
        // What is due before does not come of the letter.
        self.with_panel(panel, out, |p, out| p.expire(now, out));
        let late = match (&message, self.panel(panel)) {
            (ToPanel::Answer(answer), Some(p)) => !p.awaits(answer.number),
            (ToPanel::News(_) | ToPanel::Answer(_), _) => false,
        };
        let before = out.effects.commands.len();
        self.with_panel(panel, out, |p, out| p.handle(now, PanelInput::Message(message), out));
        if late && out.effects.commands.len() > before {
            self.watch.note(format!("an answer that came too late moved a gate of {panel} at {now}"));
        }
    }

    /// When one of them has to be woken next.
    pub fn next_deadline(&self) -> Option<Time> {
        let on = self.members.iter().filter(|m| !m.is_off);
        let host = self.host.as_ref().and_then(|(host, _)| host.next_deadline());
        on.filter_map(|m| m.panel.next_deadline()).chain(host).min()
    }

    /// Does what is due at or before `now`. Whoever carries letters wakes this at every deadline, so that
    /// what is said comes in order.
    pub fn expire(&mut self, now: Time, out: &mut MembersEffects) {
        for panel in (0..self.members.len()).map(PanelId::at) {
            self.with_panel(panel, out, |p, out| p.expire(now, out));
        }
        self.with_host(out, |host, out| host.expire(now, out));
    }

    /// A panel's power is cut: it hears, says and does nothing. Its gates shut by themselves.
    pub fn cut_power(&mut self, now: Time, panel: PanelId, out: &mut MembersEffects) {
        if let Some(member) = self.members.get_mut(panel.index()) {
            member.is_off = true;
            let lanes = member.panel.lanes().into_iter();
            out.effects.commands.extend(lanes.map(|lane| (now, Command::Close { lane })));
        }
    }

    /// A panel's power is back: it goes on from its journal, and finds the fire alarm as it is.
    pub fn restore_power(&mut self, now: Time, panel: PanelId, out: &mut MembersEffects) {
        let Some(member) = self.members.get_mut(panel.index()) else { return };
        if !std::mem::replace(&mut member.is_off, false) {
            return;
        }
        let journal = member.journal.clone();
        let fire = Input::Fire { active: self.is_on_fire };
        self.with_panel(panel, out, |p, out| {
            *p = p.clone().resume(journal, now, out);
            p.handle(now, PanelInput::Field(&fire), out);
        });
    }

    fn with_panel(
        &mut self,
        panel: PanelId,
        out: &mut MembersEffects,
        act: impl FnOnce(&mut Panel, &mut PanelEffects),
    ) {
        let is_first = self.host.is_none() && panel == PanelId(0);
        let Some(member) = self.members.get_mut(panel.index()).filter(|m| !m.is_off) else { return };
        let mut said = std::mem::take(&mut self.from_panel);
        act(&mut member.panel, &mut said);
        let shared = self.host.is_some();
        for entry in said.effects.entries.drain(..) {
            member.watch.see(&entry);
            member.journal.see(&entry);
            // Who shares nothing moves people by itself.
            let is_move = !shared && matches!(entry.event, Event::Moved { .. });
            if is_first || is_move || is_own(&entry.event) {
                self.watch.see(panel, &entry, self.host.as_ref().map(|(host, _)| host));
                push(&mut self.next_seq, entry, &mut out.effects);
            }
        }
        out.effects.commands.append(&mut said.effects.commands);
        out.letters.extend(said.messages.drain(..).map(|message| Letter::Up(panel, message)));
        self.watch.look(&member.panel);
        self.from_panel = said;
    }

    fn with_host(&mut self, out: &mut MembersEffects, act: impl FnOnce(&mut Host, &mut HostEffects)) {
        let Some((host, watch)) = &mut self.host else { return };
        let mut said = std::mem::take(&mut self.from_host);
        act(host, &mut said);
        for entry in said.effects.entries.drain(..) {
            watch.see(&entry);
            if !matches!(&entry.event, Event::Domain(event) if is_hearsay(event)) {
                push(&mut self.next_seq, entry, &mut out.effects);
            }
        }
        said.effects.commands.clear();
        out.letters.extend(said.messages.drain(..).map(|(panel, message)| Letter::Down(panel, message)));
        self.watch.look_at_host(host);
        self.from_host = said;
    }

    /// Compares everybody with what they wrote down, and the domain with what it declares.
    ///
    /// # Errors
    /// Names the first thing that does not hold.
    pub fn check(&self) -> Result<(), String> {
        for member in &self.members {
            let named = |what| format!("{}: {what}", member.panel.id());
            member.watch.check(member.panel.controller()).map_err(named)?;
        }
        if let Some((host, watch)) = &self.host {
            watch.check(host.controller()).map_err(|what| format!("host: {what}"))?;
        }
        self.watch.check()
    }
}

/// Adds an entry to the one journal of all.
fn push(next_seq: &mut u64, entry: Entry, effects: &mut Effects) {
    effects.entries.push(Entry { seq: *next_seq, ..entry });
    *next_seq += 1;
}
