//! What an emulated turnstile of LOT Group holds, as its master sees it.

use super::lot::{BLOCKED, FREE, MODE, NORMAL, PANIC, PERMITS, POLLED};
use super::memory::Emulated;
use super::pdu::Table;
use super::serve::Memory;
use crate::apb::id::Direction;
use crate::apb::site::PassMode;
use crate::hil::message::{Order, Report};
use std::collections::BTreeSet;

/// What it says is wrong while it alarms: which errors there are is not documented. Assumed.
const ERROR: u16 = 1;

/// The registers of an emulated turnstile.
#[derive(Clone, Debug, Default)]
pub(super) struct LotMemory {
    permits: [u16; 2],
    counts: [u32; 2],
    alarms: BTreeSet<crate::hil::message::GateAlarm>,
    mode: u16,
    /// What was written to it, as orders, since they were last taken.
    orders: Vec<Order>,
}

impl LotMemory {
    fn permit(&mut self, way: Direction, permits: u16) {
        let before = std::mem::replace(&mut self.permits[way.index()], permits);
        match (before, permits) {
            (FREE, FREE) => {}
            (_, FREE) => self.orders.push(Order::Mode(way, PassMode::Free)),
            (FREE, 0) => self.orders.push(Order::Mode(way, PassMode::Controlled)),
            (0, 0) => {}
            (_, 0) => self.orders.push(Order::Shut),
            (FREE, more) => {
                self.orders.push(Order::Mode(way, PassMode::Controlled));
                self.orders.extend((0..more).map(|_| Order::Release(way)));
            }
            (before, more) => {
                self.orders.extend((before..more).map(|_| Order::Release(way)));
            }
        }
    }

    fn set_mode(&mut self, mode: u16) {
        match std::mem::replace(&mut self.mode, mode) {
            before if before == mode => return,
            PANIC => self.orders.push(Order::Fire(false)),
            BLOCKED => {
                let freed = |way: Direction| match self.permits[way.index()] {
                    FREE => Order::Mode(way, PassMode::Free),
                    _ => Order::Mode(way, PassMode::Controlled),
                };
                self.orders.extend(Direction::BOTH.map(freed));
            }
            _ => {}
        }
        match mode {
            PANIC => self.orders.push(Order::Fire(true)),
            BLOCKED => self.orders.extend(Direction::BOTH.map(|way| Order::Mode(way, PassMode::Locked))),
            _ => {}
        }
    }

    fn passed(&mut self, way: Direction) {
        let (count, permit) = (&mut self.counts[way.index()], &mut self.permits[way.index()]);
        *count = count.wrapping_add(1);
        if *permit != FREE {
            *permit = permit.saturating_sub(1);
        }
    }
}

impl Memory for LotMemory {
    fn bit(&self, _: Table, _: u16) -> Option<bool> {
        None
    }

    fn word(&self, table: Table, at: u16) -> Option<u16> {
        if table != Table::Holdings {
            return None;
        }
        if at == MODE {
            return Some(self.mode);
        }
        let halves = |count: u32| [count & 0xFFFF, count >> 16].map(|half| u16::try_from(half).unwrap_or(0));
        let [entry, exit] = self.permits;
        let [[in_low, in_high], [out_low, out_high]] = self.counts.map(halves);
        let error = if self.alarms.is_empty() { 0 } else { ERROR };
        let polled: [u16; POLLED as usize] = [entry, exit, 0, 0, in_low, in_high, out_low, out_high, error];
        polled.get(usize::from(at.checked_sub(PERMITS)?)).copied()
    }

    fn set_coil(&mut self, _: u16, _: bool) {}

    fn set_word(&mut self, at: u16, word: u16) -> bool {
        /// So many passages at once are no release any more. Assumed.
        const PERMITS_MAX: u16 = 255;
        let way = match at {
            PERMITS => Direction::In,
            MODE if matches!(word, NORMAL | BLOCKED | PANIC) => {
                self.set_mode(word);
                return true;
            }
            _ if at == PERMITS + 1 => Direction::Out,
            _ => return false,
        };
        let sound = word <= PERMITS_MAX || word == FREE;
        if sound {
            self.permit(way, word);
        }
        sound
    }
}

impl Emulated for LotMemory {
    fn report(&mut self, report: &Report) -> bool {
        match report {
            Report::Passed(way) => self.passed(*way),
            Report::Alarm(alarm, true) => drop(self.alarms.insert(*alarm)),
            Report::Alarm(alarm, false) => drop(self.alarms.remove(alarm)),
            // It has no registers for these, as its capabilities say; it counts by itself.
            Report::Leaf(_)
            | Report::Opened
            | Report::Beam(..)
            | Report::Ready(_)
            | Report::Fire(_)
            | Report::Count(..)
            | Report::Tamper(_)
            | Report::PowerFail(_) => {}
            Report::Read(_) | Report::Input(..) | Report::OutputIs(..) => return false,
        }
        true
    }

    fn take_orders(&mut self) -> Vec<Order> {
        std::mem::take(&mut self.orders)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hil::message::GateAlarm;

    #[test]
    fn permits_are_releases_and_passages_use_them_up() {
        let mut lot = LotMemory::default();
        assert!(lot.set_word(PERMITS, 2) && lot.set_word(PERMITS + 1, FREE));
        let release = Order::Release(Direction::In);
        let free = Order::Mode(Direction::Out, PassMode::Free);
        assert_eq!(lot.take_orders(), [release.clone(), release, free]);
        for way in [Direction::In, Direction::Out] {
            assert!(lot.report(&Report::Passed(way)));
        }
        let polled: Vec<u16> = (0..POLLED).map(|i| lot.word(Table::Holdings, PERMITS + i).unwrap()).collect();
        assert_eq!(polled, [1, FREE, 0, 0, 1, 0, 1, 0, 0]);
        assert!(lot.set_word(PERMITS, 0) && lot.set_word(PERMITS + 1, 0));
        assert_eq!(lot.take_orders(), [Order::Shut, Order::Mode(Direction::Out, PassMode::Controlled)]);
        assert!(!lot.set_word(PERMITS, 256) && !lot.set_word(PERMITS + 2, 1) && !lot.set_word(MODE, 3));
    }

    #[test]
    fn its_mode_is_a_fire_or_a_lock_and_its_error_an_alarm() {
        let mut lot = LotMemory::default();
        for mode in [PANIC, PANIC, NORMAL] {
            assert!(lot.set_word(MODE, mode));
        }
        assert_eq!(lot.take_orders(), [Order::Fire(true), Order::Fire(false)]);
        assert!(lot.set_word(MODE, BLOCKED) && lot.set_word(MODE, NORMAL));
        assert_eq!(lot.take_orders().len(), 4);
        assert!(lot.report(&Report::Alarm(GateAlarm::Tailgate, true)));
        assert_eq!(lot.word(Table::Holdings, PERMITS + POLLED - 1), Some(ERROR));
        assert!(!lot.report(&Report::Input(0, true)));
    }
}
