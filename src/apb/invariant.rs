//! What must hold of every controller at all times, checked beside it from its journal alone.

use super::controller::Controller;
use super::id::GrantId;
use super::journal::{Entry, Event};
use super::ledger::Ledger;
use super::time::Time;
use std::collections::BTreeSet;

/// So many untaken grants are remembered, many more than can still be taken at any time.
const OPEN_MAX: usize = 10_000;

/// Reads along in a controller's journal and compares.
#[derive(Clone, Debug)]
pub struct Watch {
    shadow: Ledger,
    next_seq: u64,
    last: Time,
    /// The latest grants that have been given and not yet taken.
    open: BTreeSet<GrantId>,
    broken: Option<String>,
}

impl Watch {
    /// A watch that begins with a controller's first entry.
    pub fn new(controller: &Controller) -> Self {
        Self {
            shadow: Ledger::new(controller.site()),
            next_seq: 0,
            last: Time::ZERO,
            open: BTreeSet::new(),
            broken: None,
        }
    }

    /// Reads one entry.
    pub fn see(&mut self, entry: &Entry) {
        if entry.seq != self.next_seq {
            self.note(format!("journal entry {} follows {}", entry.seq, self.next_seq));
        }
        if entry.at < self.last {
            self.note(format!("journal entry {} runs back from {} to {}", entry.seq, self.last, entry.at));
        }
        self.next_seq = entry.seq + 1;
        self.last = entry.at;
        self.shadow.apply(entry.at, &entry.event);
        if let Event::Decision(decision) = &entry.event {
            self.open.extend(decision.grant);
            if self.open.len() > OPEN_MAX {
                self.open.pop_first();
            }
        }
        if let Event::Taken { grant, .. } = &entry.event
            && !self.open.remove(grant)
        {
            self.note(format!("{grant} was taken twice, or never given"));
        }
    }

    fn note(&mut self, what: String) {
        self.broken.get_or_insert(what);
    }

    /// Compares the controller with what its journal says.
    ///
    /// # Errors
    /// Names the first thing that does not hold.
    pub fn check(&self, controller: &Controller) -> Result<(), String> {
        if let Some(broken) = &self.broken {
            return Err(broken.clone());
        }
        if let Some(holder) = controller.ledger().first_inconsistency() {
            return Err(format!("the ledger's sets and rows disagree about {holder}"));
        }
        if &self.shadow != controller.ledger() {
            return Err("the ledger is not what its journal adds up to".into());
        }
        Ok(())
    }
}
