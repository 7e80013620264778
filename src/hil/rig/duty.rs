//! Our controller on duty: what the devices of a rig report goes in, what it orders goes out, in real time.

use super::at_site::AtSite;
use super::bench::{Bench, Setting};
use super::plan::Rig;
use crate::apb::controller::Controller;
use crate::apb::id::CardNumber;
use crate::apb::input::Input;
use crate::apb::journal::Entry;
use crate::apb::site::Site;
use crate::apb::time::Time;
use crate::hil::emulate::{Defect, Panel, PanelSays};
use crate::hil::line::{Said, Saying};
use crate::hil::message::{Order, Report};
use crate::hil::translate::{Heard, Seat};
use std::sync::Arc;

/// A controller and the rig it decides for.
pub struct Duty {
    bench: Bench,
    at: AtSite,
    panel: Panel,
    /// The latest time the controller has been told.
    told: Time,
}

/// Something that happened on duty.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A device reported something, or its line came or went, or there is something to know.
    Reported(Said<Report>),
    /// A credential that was read while its line was gone was dropped.
    Stale(Seat, CardNumber, Time),
    /// The controller wrote something down.
    Entry(Entry),
    /// The controller ordered something, and whether the rig has a device that can be told.
    Ordered(Time, Seat, Order, bool),
}

impl Duty {
    /// Starts a rig's lines, with the controller of a site behind them, and these defects in it.
    ///
    /// # Errors
    /// What of the rig does not fit the site, or cannot be started.
    pub fn start(
        rig: &Rig,
        site: &Arc<Site>,
        defects: Vec<Defect>,
        setting: Setting,
    ) -> Result<Self, String> {
        let at = AtSite::of(rig, site).map_err(|wrong| wrong.join("; "))?;
        let whole = |errors: Vec<crate::apb::site::SiteError>| {
            let all: Vec<String> = errors.into_iter().map(|e| e.message).collect();
            format!("the site does not hold together behind these gates: {}", all.join("; "))
        };
        let seen = Site::new(at.seen_through(site)).map_err(whole)?;
        let panel = Panel::with_defects(&seen, rig.stale_reads, defects).map_err(whole)?;
        let setting = Setting { site: Some(Arc::clone(site)), ..setting };
        Ok(Self { bench: Bench::start(rig, setting)?, at, panel, told: Time::ZERO })
    }

    /// The bench's time.
    pub fn now(&self) -> Time {
        self.bench.clock().now()
    }

    /// The controller.
    pub fn controller(&self) -> &Controller {
        self.panel.controller()
    }

    /// Which device is what.
    pub fn at(&self) -> &AtSite {
        &self.at
    }

    /// The lines.
    pub fn bench(&mut self) -> &mut Bench {
        &mut self.bench
    }

    /// What was lost because somebody was too slow: messages from lines, and orders for them.
    pub fn bench_lost(&self) -> (u64, u64) {
        self.bench.lost()
    }

    /// Waits until the clock reads `time`.
    pub fn wait_until(&self, time: Time) {
        self.bench.wait_until(time);
    }

    /// Passes on everything that has been reported and is due by now; what happened, in order. To be called
    /// often: nothing is passed on meanwhile.
    pub fn serve(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        while let Some(said) = self.bench.take_report() {
            // Lines tell in their own order; the controller hears of everything in order of time.
            self.told = self.told.max(said.at);
            let mut says = PanelSays::default();
            if let (Saying::Message(report), Some(unit)) = (&said.what, said.unit) {
                let seats: Vec<Seat> = self.at.seats_at(said.line, unit).collect();
                for seat in seats {
                    self.panel.report(self.told, seat, report, &mut says);
                }
            }
            events.push(Event::Reported(said));
            self.carry_out(says, &mut events);
        }
        let now = self.now();
        if self.panel.next_due().is_some_and(|at| at <= now) {
            self.told = self.told.max(now);
            let mut says = PanelSays::default();
            self.panel.advance(self.told, &mut says);
            self.carry_out(says, &mut events);
        }
        events
    }

    /// Tells the controller something that no device reports: what an operator does.
    pub fn tell(&mut self, input: &Input) -> Vec<Event> {
        let (mut events, mut says) = (Vec::new(), PanelSays::default());
        self.told = self.told.max(self.now());
        self.panel.input(self.told, input, &mut says);
        self.carry_out(says, &mut events);
        events
    }

    fn carry_out(&mut self, says: PanelSays, events: &mut Vec<Event>) {
        for (at, seat, heard) in says.beside {
            if let Heard::Stale(Report::Read(read)) = heard {
                events.push(Event::Stale(seat, read.card, at));
            }
        }
        events.extend(says.entries.into_iter().map(Event::Entry));
        for (at, seat, order) in says.orders {
            let spot = self.at.spot_of(seat);
            if let Some(spot) = spot {
                self.bench.order(spot.line, spot.unit, order.clone());
            }
            events.push(Event::Ordered(at, seat, order, spot.is_some()));
        }
    }
}
