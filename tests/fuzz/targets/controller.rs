//! A controller on a drawn site, told drawn things: whatever comes, it goes on, its journal tells all of it,
//! and it can be stopped and gone on with at any point.

use super::bytes::Bytes;
use super::{drawn_input, drawn_site};
use apbrig::apb::controller::{Controller, Snapshot};
use apbrig::apb::effect::Effects;
use apbrig::apb::invariant::Watch;
use apbrig::apb::journal::Entry;
use apbrig::apb::ledger::Ledger;
use apbrig::apb::recovery::Recovery;
use apbrig::apb::site::Site;
use apbrig::apb::time::{Span, Time};
use std::sync::Arc;

/// The longest story. What takes longer to show is not found by drawing bytes.
const STEPS_MAX: usize = 200;

/// Lets time go by and things happen to a controller, as the bytes say.
pub(crate) fn controller(bytes: &[u8]) {
    let mut bytes = Bytes::new(bytes);
    let Ok(site) = Site::new(drawn_site::draw(&mut bytes)) else { return };
    let mut run = Run::new(Arc::new(site));
    let mut steps = 0;
    while !bytes.is_empty() && steps < STEPS_MAX {
        steps += 1;
        run.step(&mut bytes);
    }
    run.end();
}

struct Run {
    site: Arc<Site>,
    controller: Controller,
    watch: Watch,
    recovery: Recovery,
    journal: Vec<Entry>,
    now: Time,
}

impl Run {
    fn new(site: Arc<Site>) -> Self {
        let controller = Controller::new(site.clone());
        let (watch, recovery) = (Watch::new(&controller), Recovery::new(&site));
        Self { site, controller, watch, recovery, journal: Vec::new(), now: Time::ZERO }
    }

    fn step(&mut self, bytes: &mut Bytes<'_>) {
        let mut effects = Effects::default();
        match bytes.byte() {
            0..=15 => {
                if let Some((at, _)) = self.controller.next_deadline() {
                    self.now = self.now.max(at);
                    self.controller.expire(self.now, &mut effects);
                    let next = self.controller.next_deadline();
                    assert!(next.is_none_or(|(at, _)| at > self.now), "a deadline that is over stays");
                }
            }
            16..=23 => self.restart(),
            lapse => {
                self.now = self.now + drawn_input::lapse(lapse);
                let input = drawn_input::draw(bytes, &self.site);
                self.controller.handle(self.now, &input, &mut effects);
            }
        }
        for entry in &effects.entries {
            self.watch.see(entry);
            self.recovery.see(entry);
        }
        assert!(effects.commands.iter().all(|(at, _)| *at <= self.now), "a command from the future");
        self.journal.extend(effects.entries);
        if let Err(broken) = self.watch.check(&self.controller) {
            panic!("{broken}");
        }
    }

    /// From its own snapshot by way of JSON: nothing is lost.
    fn restart(&mut self) {
        let text = serde_json::to_string(&self.controller.snapshot()).expect("a snapshot is written");
        let snapshot: Snapshot = serde_json::from_str(&text).expect("a snapshot is read");
        assert_eq!(snapshot, self.controller.snapshot());
        let restored = Controller::restore(self.site.clone(), snapshot).expect("it is the site's own");
        assert_eq!(restored.next_deadline(), self.controller.next_deadline());
        self.controller = restored;
    }

    /// The journal rebuilds the ledger, and a power cut can be gone on from.
    fn end(self) {
        assert_eq!(&Ledger::fold(&self.site, &self.journal), self.controller.ledger());
        let mut effects = Effects::default();
        let after = self.now + Span::seconds(1);
        let resumed = self.recovery.resume(self.site, after, &mut effects);
        assert!(resumed.pending().is_empty() && resumed.ledger().first_inconsistency().is_none());
    }
}
