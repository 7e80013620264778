//! Amnesties by the clock on the wall.

use super::{Controller, Deadline};
use crate::apb::effect::Effects;
use crate::apb::id::HolderId;
use crate::apb::journal::{Cause, Event};
use crate::apb::site::{Amnesty, OUTSIDE, Site};
use crate::apb::time::Time;

/// When each amnesty of a site comes next.
pub(super) fn all_after(site: &Site, now: Time) -> Vec<Option<Time>> {
    site.amnesties.iter().map(|a| next_after(site, a, now)).collect()
}

/// When an amnesty comes next, later than `now`.
fn next_after(site: &Site, amnesty: &Amnesty, now: Time) -> Option<Time> {
    let by_clock = amnesty.times.iter().filter_map(|second| site.clock.next_at(*second, now)).min();
    let by_period = amnesty
        .every
        .filter(|every| every.0 > 0)
        .and_then(|every| (now.0 / every.0).checked_add(1).and_then(|n| n.checked_mul(every.0)).map(Time));
    by_clock.into_iter().chain(by_period).min()
}

impl Controller {
    pub(super) fn next_amnesty(&self) -> Option<(Time, Deadline)> {
        let next = self.state.amnesties.iter().zip(0u16..).filter_map(|(at, i)| Some(((*at)?, i))).min();
        next.map(|(at, i)| (at, Deadline::Amnesty(i)))
    }

    pub(super) fn amnesty(&mut self, index: u16, effects: &mut Effects) {
        let site = self.site.clone();
        let Some(amnesty) = site.amnesties.get(usize::from(index)) else { return };
        if let Some(next) = self.state.amnesties.get_mut(usize::from(index)) {
            *next = next_after(&site, amnesty, self.state.now);
        }
        self.note(Event::Amnesty { amnesty: index }, effects);
        let holders = if amnesty.area == OUTSIDE {
            (0..site.holders.len()).map(HolderId::at).collect()
        } else {
            self.located_within(amnesty.area)
        };
        self.put_all(holders, amnesty.to, Cause::Amnesty, effects);
    }
}
