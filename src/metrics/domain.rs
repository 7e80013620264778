//! Panels that decide together: for how long they could not, what they decided alone, what they contradicted
//! each other about.

use super::measures::Measures;
use crate::apb::domain::DomainEvent;
use crate::apb::id::PanelId;
use crate::apb::journal::Event;
use crate::apb::time::{Span, Time};
use std::collections::BTreeMap;

/// Follows what panels say of each other.
#[derive(Debug, Default)]
pub(super) struct Panels {
    /// Panels that are cut off, and since when.
    degraded: BTreeMap<PanelId, Time>,
    /// For how long panels have been cut off, all together.
    total: Span,
    conflicts: u64,
    offline: u64,
}

impl Panels {
    pub(super) fn entry(&mut self, at: Time, event: &Event) {
        let Event::Domain(event) = event else { return };
        match event {
            DomainEvent::Degraded { panel, on: true } => {
                self.degraded.entry(*panel).or_insert(at);
            }
            DomainEvent::Degraded { panel, on: false } => {
                let since = self.degraded.remove(panel);
                self.total = self.total + since.map_or(Span::ZERO, |since| at.since(since));
            }
            DomainEvent::Conflict { .. } => self.conflicts += 1,
            DomainEvent::Offline { .. } => self.offline += 1,
            DomainEvent::Learned { .. }
            | DomainEvent::Counted { .. }
            | DomainEvent::Unreachable { .. }
            | DomainEvent::LogNearlyFull { .. }
            | DomainEvent::LogOverflow { .. } => {}
        }
    }

    pub(super) fn measure(&self, end: Time, measures: &mut Measures) {
        let still = self.degraded.values().map(|since| end.since(*since));
        let total = still.fold(self.total, |sum, span| sum + span);
        measures.time("degraded_s", total);
        measures.count("conflicts", self.conflicts);
        measures.count("offline_decisions", self.offline);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn degraded(panel: u16, on: bool) -> Event {
        Event::Domain(DomainEvent::Degraded { panel: PanelId(panel), on })
    }

    #[test]
    fn time_apart_is_added_up_over_panels_and_to_the_end() {
        let mut panels = Panels::default();
        for (s, panel, on) in [(10, 0, true), (15, 1, true), (20, 0, false), (21, 0, false), (30, 0, true)] {
            panels.entry(Time(s * 1_000_000), &degraded(panel, on));
        }
        let mut measures = Measures::default();
        panels.measure(Time(40_000_000), &mut measures);
        let table = measures.into_table();
        assert_eq!(table["degraded_s"].value, Some(10.0 + 25.0 + 10.0));
        assert_eq!((table["conflicts"].value, table["offline_decisions"].value), (Some(0.0), Some(0.0)));
    }
}
