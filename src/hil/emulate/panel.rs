//! A panel: our own controller behind the contracts of devices, sound or with a defect put in.

use crate::apb::controller::Controller;
use crate::apb::effect::{Command, Effects};
use crate::apb::id::{LaneId, ReaderId};
use crate::apb::input::Input;
use crate::apb::journal::{Entry, Event};
use crate::apb::policy::{Enforcement, Policy};
use crate::apb::site::{Site, SiteError, SiteParts};
use crate::apb::time::{Span, Time};
use crate::hil::message::{Order, Report};
use crate::hil::translate::{Heard, Seat, StalePolicy, Translator};
use std::collections::VecDeque;
use std::sync::Arc;

/// What is wrong with a panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Defect {
    /// It follows this policy in every area but the outside, whatever the site says.
    Policy(Box<Policy>),
    /// One reader only alarms: anti-passback denies nobody there.
    ReaderSoft(ReaderId),
    /// One reader does not test anti-passback at all.
    ReaderOff(ReaderId),
    /// The two readers of a lane are taken for one another.
    ReadersSwapped(LaneId),
    /// It does not hear that anybody passed this lane.
    PassageUnheard(LaneId),
    /// It releases the gate at this reader whatever it has decided.
    ReleasesDenied(ReaderId),
    /// It does not show at this reader what it has decided.
    ShowsNothing(ReaderId),
    /// All that it says comes so much later.
    Late(Span),
}

/// What a panel says, in order.
#[derive(Clone, Debug, Default)]
pub struct PanelSays {
    /// Orders to devices, each with the time it was given.
    pub orders: Vec<(Time, Seat, Order)>,
    /// Its journal.
    pub entries: Vec<Entry>,
    /// Reports that its controller has no ear for, stale reads that it dropped, and what no such device can
    /// say.
    pub beside: Vec<(Time, Seat, Heard)>,
}

/// An emulated panel.
#[derive(Clone, Debug)]
pub struct Panel {
    controller: Controller,
    translator: Translator,
    defects: Vec<Defect>,
    effects: Effects,
    /// Orders that come late, in order of time.
    held: VecDeque<(Time, Seat, Order)>,
}

impl Panel {
    /// A sound panel.
    pub fn new(site: Arc<Site>, stale: StalePolicy) -> Self {
        Self {
            controller: Controller::new(site.clone()),
            translator: Translator::new(site, stale),
            defects: Vec::new(),
            effects: Effects::default(),
            held: VecDeque::new(),
        }
    }

    /// A panel with these defects.
    ///
    /// # Errors
    /// The site cannot have such a policy.
    pub fn with_defects(
        site: &Site,
        stale: StalePolicy,
        defects: Vec<Defect>,
    ) -> Result<Self, Vec<SiteError>> {
        let mut parts = SiteParts::clone(site);
        for defect in &defects {
            bend(&mut parts, defect);
        }
        Ok(Self { defects, ..Self::new(Arc::new(Site::new(parts)?), stale) })
    }

    /// Takes what a device reports.
    pub fn report(&mut self, now: Time, seat: Seat, report: &Report, out: &mut PanelSays) {
        self.advance(now, out);
        if let (Seat::Lane(lane), Report::Passed(_)) = (seat, report)
            && self.defects.contains(&Defect::PassageUnheard(lane))
        {
            return;
        }
        let seat = self.taken_for(seat);
        match self.translator.hear(seat, report) {
            Heard::Input(input) => self.input(now, &input, out),
            Heard::Known => {}
            beside @ (Heard::Beside(_) | Heard::Stale(_) | Heard::Misplaced) => {
                out.beside.push((now, seat, beside));
            }
        }
    }

    /// Takes what an operator does.
    pub fn input(&mut self, now: Time, input: &Input, out: &mut PanelSays) {
        self.controller.handle(now, input, &mut self.effects);
        self.say(now, out);
    }

    /// Everything that happens up to and including now.
    pub fn advance(&mut self, now: Time, out: &mut PanelSays) {
        self.controller.expire(now, &mut self.effects);
        self.say(now, out);
    }

    /// When something will happen by itself.
    pub fn next_due(&self) -> Option<Time> {
        let decides = self.controller.next_deadline().map(|(at, _)| at);
        [decides, self.held.front().map(|(at, ..)| *at)].into_iter().flatten().min()
    }

    /// What decides in it.
    pub fn controller(&self) -> &Controller {
        &self.controller
    }

    fn taken_for(&self, seat: Seat) -> Seat {
        let Seat::Reader(reader) = seat else { return seat };
        let site = self.controller.site();
        let other = site.readers.get(reader.index()).and_then(|r| {
            let swapped = self.defects.contains(&Defect::ReadersSwapped(r.lane));
            site.reader_at(r.lane, r.direction.opposite()).filter(|_| swapped)
        });
        Seat::Reader(other.unwrap_or(reader))
    }

    fn say(&mut self, now: Time, out: &mut PanelSays) {
        self.sabotage();
        let mut orders = Vec::new();
        self.translator.tell(&self.effects, &mut orders);
        out.entries.append(&mut self.effects.entries);
        self.effects.clear();
        let late = self.defects.iter().fold(Span::ZERO, |sum, defect| match defect {
            Defect::Late(span) => sum + *span,
            _ => sum,
        });
        for (at, seat, order) in orders {
            self.held.push_back((at + late, self.taken_for(seat), order));
        }
        while let Some(order) = self.held.pop_front_if(|(at, ..)| *at <= now) {
            out.orders.push(order);
        }
    }

    /// Changes what the controller wants as the defects have it.
    fn sabotage(&mut self) {
        let defects = &self.defects;
        self.effects.commands.retain(|(_, command)| match command {
            Command::Show { reader, .. } => !defects.contains(&Defect::ShowsNothing(*reader)),
            Command::Open { .. } | Command::Close { .. } | Command::Mode { .. } | Command::Buzz { .. } => {
                true
            }
        });
        let site = self.controller.site();
        let released = self.effects.entries.iter().filter_map(|entry| {
            let Event::Decision(decision) = &entry.event else { return None };
            let bad = defects.contains(&Defect::ReleasesDenied(decision.reader)) && decision.grant.is_none();
            let reader = site.readers.get(decision.reader.index()).filter(|_| bad)?;
            Some((entry.at, Command::Open { lane: reader.lane, direction: reader.direction }))
        });
        self.effects.commands.extend(released);
    }
}

/// Changes the site as the defect has it.
fn bend(parts: &mut SiteParts, defect: &Defect) {
    match defect {
        Defect::Policy(policy) => {
            parts.areas.iter_mut().skip(1).for_each(|area| area.policy = Policy::clone(policy));
        }
        Defect::ReaderSoft(reader) | Defect::ReaderOff(reader) => {
            let soft = matches!(defect, Defect::ReaderSoft(_));
            let apb = if soft { Enforcement::Soft } else { Enforcement::Off };
            if let Some(reader) = parts.readers.get_mut(reader.index()) {
                reader.apb = Some(apb);
            }
        }
        Defect::ReadersSwapped(_)
        | Defect::PassageUnheard(_)
        | Defect::ReleasesDenied(_)
        | Defect::ShowsNothing(_)
        | Defect::Late(_) => {}
    }
}
