//! The oracle itself: a controller that is asked in text and answers in text.

use super::line::{Card, Event, Line, Read, parse};
use super::meaning::{Meaning, meaning};
use super::names::Names;
use super::print::Printer;
use super::seconds::write_seconds;
use super::summary::Summary;
use super::tally::Tally;
use crate::apb::controller::Controller;
use crate::apb::effect::Effects;
use crate::apb::id::{CardNumber, GrantId, LaneId, ReaderId};
use crate::apb::input::{Factor, Input};
use crate::apb::journal::{self, Decision};
use crate::apb::site::Site;
use crate::apb::time::Time;
use std::sync::Arc;

/// How an oracle answers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Every grant is used at once: for reads without passages. The passages themselves are not told.
    pub assume_taken: bool,
    /// Write no lines; what came of them is only counted.
    pub silent: bool,
    /// Count reads by reader, holder, rule and reason.
    pub counted: bool,
    /// Pass over the rows of a log whose readers the site does not have, and count them.
    pub skip_unknown_readers: bool,
}

/// A controller that is asked in text.
pub struct Oracle {
    controller: Controller,
    names: Names,
    options: Options,
    effects: Effects,
    /// The time of the last line.
    last: Option<Time>,
    tally: Option<Box<Tally>>,
}

impl Oracle {
    /// An oracle that knows nobody's location, at time zero.
    pub fn new(site: Site, options: Options) -> Self {
        let names = Names::of(&site);
        let tally = options.counted.then(|| Box::new(Tally::new(&site)));
        let controller = Controller::new(Arc::new(site));
        Self { controller, names, options, effects: Effects::default(), last: None, tally }
    }

    /// The site.
    pub fn site(&self) -> &Site {
        self.controller.site()
    }

    pub(super) fn options(&self) -> Options {
        self.options
    }

    pub(super) fn names(&self) -> &Names {
        &self.names
    }

    pub(super) fn tally_mut(&mut self) -> Option<&mut Tally> {
        self.tally.as_deref_mut()
    }

    /// Takes in one line and writes what came of it, each event on a line of its own.
    ///
    /// # Errors
    /// What is wrong with the line and how to mend it. The controller has not heard of it.
    pub fn hear(&mut self, line: &str, out: &mut Vec<u8>) -> Result<(), String> {
        let Line { t, event } = parse(line)?;
        self.check_order(t)?;
        let Meaning { inputs, stranger } = match &event {
            Event::Read(Read { reader, credential: Card::Name(name), factor }) => {
                let reader = self.names.reader(reader, self.controller.site())?;
                let (card, stranger) = self.card(name);
                self.read(t, (reader, card, *factor), (stranger, None), out);
                return Ok(());
            }
            other => meaning(other, &self.names, &self.controller)?,
        };
        self.last = Some(t);
        self.effects.clear();
        self.controller.expire(t, &mut self.effects);
        for input in &inputs {
            self.handle(t, input);
        }
        self.tell((stranger, None), out);
        Ok(())
    }

    /// What a reader reads off this credential, and its name if the site does not have it.
    pub(super) fn card<'n>(&self, name: &'n str) -> (CardNumber, Option<&'n str>) {
        match self.names.card(name) {
            Some(card) => (card, None),
            None => (self.names.stranger(), Some(name)),
        }
    }

    /// Takes in one read, and says whether it was granted. `told` is the name of a credential that the site
    /// does not have, and the line of a log.
    pub(super) fn read(
        &mut self,
        t: Time,
        (reader, card, factor): (ReaderId, CardNumber, Factor),
        told: (Option<&str>, Option<u64>),
        out: &mut Vec<u8>,
    ) -> bool {
        self.last = Some(t);
        self.effects.clear();
        self.handle(t, &Input::Read { reader, card, factor });
        let granted = self.effects.entries.iter().rev().find_map(|e| match &e.event {
            journal::Event::Decision(d) => Some(d.grant.is_some()),
            _ => None,
        });
        self.tell(told, out);
        granted.unwrap_or(false)
    }

    /// That lines come in order of time.
    pub(super) fn check_order(&self, t: Time) -> Result<(), String> {
        let Some(last) = self.last.filter(|last| t < *last) else { return Ok(()) };
        let shown = |time| {
            let mut text = Vec::new();
            write_seconds(time, &mut text);
            String::from_utf8_lossy(&text).into_owned()
        };
        Err(format!(
            "time runs backwards, from {} to {}; put the lines in order of time",
            shown(last),
            shown(t)
        ))
    }

    fn handle(&mut self, t: Time, input: &Input) {
        let before = self.effects.entries.len();
        self.controller.handle(t, input, &mut self.effects);
        if self.options.assume_taken {
            self.use_grants(t, before);
        }
    }

    /// Lets the owners of the grants that were just given pass. What that moves is told, the passages not.
    fn use_grants(&mut self, t: Time, before: usize) {
        let entries = self.effects.entries.get(before..).unwrap_or_default();
        let granted = entries.iter().filter_map(|e| match &e.event {
            journal::Event::Decision(Decision { grant, reader, .. }) => Some(((*grant)?, *reader)),
            _ => None,
        });
        let granted: Vec<(GrantId, ReaderId)> = granted.collect();
        for (grant, reader) in granted {
            let pending = self.controller.pending().iter().find(|p| p.grant == grant && !p.has_lapsed());
            let lane = self.controller.site().readers.get(reader.index()).map(|r| r.lane);
            let Some((lane, direction)) = lane.zip(pending.map(|p| p.way)) else { continue };
            self.pass(t, lane, direction);
        }
    }

    fn pass(&mut self, t: Time, lane: LaneId, direction: crate::apb::id::Direction) {
        let before = self.effects.entries.len();
        self.controller.handle(t, &Input::Passed { lane, direction }, &mut self.effects);
        let mut place = 0;
        self.effects.entries.retain(|e| {
            place += 1;
            let is_passage = matches!(e.event, journal::Event::Passage { .. } | journal::Event::Taken { .. });
            place <= before || !is_passage
        });
    }

    /// Writes and counts what the controller journalled.
    fn tell(&mut self, (stranger, line): (Option<&str>, Option<u64>), out: &mut Vec<u8>) {
        if let Some(tally) = &mut self.tally {
            stranger.into_iter().for_each(|name| tally.note_stranger(name));
            for entry in &self.effects.entries {
                tally.count(&entry.event);
            }
        }
        if !self.options.silent {
            let stranger = stranger.map(|name| (self.names.stranger(), name));
            self.printer(stranger, line).entries(&self.effects.entries, out);
        }
    }

    fn printer<'a>(&'a self, stranger: Option<(CardNumber, &'a str)>, line: Option<u64>) -> Printer<'a> {
        let (site, ledger): (&Site, _) = (self.controller.site(), self.controller.ledger());
        Printer { site, names: &self.names, ledger, stranger, line }
    }

    /// Writes where everybody is believed to be.
    pub fn state(&self, out: &mut Vec<u8>) {
        if !self.options.silent {
            self.printer(None, None).state(out);
        }
    }

    /// What came of all reads, if they were counted.
    pub fn summary(&self) -> Option<Summary> {
        self.tally.as_ref().map(|tally| Summary::of(tally, self.controller.site()))
    }
}
