//! Turnstiles of LOT Group (Expert, Eco, Castle, Porta) by their own registers.
//!
//! Holding registers, as their maker documents them: 40 and 41 permits for entry and exit (0 shut, n
//! passages, 65,535 free), 44 and 45, 46 and 47 passages counted (low word first), 48 error, 3000 mode (0
//! normal, 1 blocked, 2 panic). Not tried on a real one.

use super::face::{Face, Said};
use super::pdu::{Answer, Ask, Table};
use crate::apb::id::Direction;
use crate::apb::site::PassMode;
use crate::hil::capability::{Capabilities, Capability};
use crate::hil::driver::Note;
use crate::hil::message::{GateAlarm, Order, Report};
use std::collections::VecDeque;

pub(super) const PERMITS: u16 = 40;
/// From the permits to the error.
pub(super) const POLLED: u16 = 9;
pub(super) const MODE: u16 = 3_000;
pub(super) const FREE: u16 = 0xFFFF;
pub(super) const NORMAL: u16 = 0;
pub(super) const BLOCKED: u16 = 1;
pub(super) const PANIC: u16 = 2;

/// More passages than this between two polls are not believed: the counter jumped.
const PASSAGES_MAX: u32 = 16;
/// So many orders wait for one gate at most.
const WAITING_MAX: usize = 16;

/// What such a turnstile can.
pub fn capabilities() -> Capabilities {
    Capabilities::of(&[
        Capability::Release,
        Capability::Shut,
        Capability::Mode,
        Capability::FireOrder,
        Capability::Passed,
        Capability::Count,
        Capability::Alarm,
        Capability::ReadBack,
        Capability::Supervision,
    ])
}

/// A turnstile as its master knows it.
#[derive(Debug, Default)]
pub(super) struct Lot {
    seen: Option<Seen>,
    waiting: VecDeque<(Order, Ask)>,
    /// The order that was written last and has not been read back yet.
    unproven: Option<Order>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seen {
    permits: [u16; 2],
    counts: [u32; 2],
    error: u16,
}

fn seen(words: &[u16]) -> Option<Seen> {
    let [entry, exit, _, _, in_low, in_high, out_low, out_high, error] = *words else { return None };
    let long = |high: u16, low: u16| u32::from(high) << 16 | u32::from(low);
    let counts = [long(in_high, in_low), long(out_high, out_low)];
    Some(Seen { permits: [entry, exit], counts, error })
}

fn permit(way: Direction, permits: u16) -> Ask {
    let at = if way == Direction::In { PERMITS } else { PERMITS + 1 };
    Ask::Words(at, vec![permits])
}

impl Lot {
    /// A release is written only where none is pending: adding to a number that a passage may lower at the
    /// same moment would let one body too many through.
    fn release(&self, way: Direction) -> Result<Ask, Note> {
        let permits = self.seen.map_or(0, |seen| seen.permits[way.index()]);
        let release = Order::Release(way);
        let waits = self.waiting.iter().any(|(order, _)| *order == release);
        if permits == 0 && !waits && self.unproven.as_ref() != Some(&release) {
            return Ok(permit(way, 1));
        }
        let why = if permits == FREE { "this way is free" } else { "another one is not used yet" };
        Err(Note::Refused(format!("release {way}: {why}")))
    }

    fn passages(before: Seen, now: Seen, said: &mut Said) {
        for way in Direction::BOTH {
            let (old, new) = (before.counts[way.index()], now.counts[way.index()]);
            let passed = new.wrapping_sub(old);
            if passed > PASSAGES_MAX {
                let text = format!("its count of passages {way} went from {old} to {new}");
                said.notes.push(Note::Illegal(text));
            } else {
                said.reports.extend((0..passed).map(|_| Report::Passed(way)));
            }
            if passed > 0 {
                said.reports.push(Report::Count(way, new));
            }
        }
    }

    fn prove(&mut self, before: Option<Seen>, now: Seen, said: &mut Said) {
        let Some(Order::Release(way)) = self.unproven.take() else { return };
        let used = before.is_some_and(|before| before.counts[way.index()] != now.counts[way.index()]);
        if now.permits[way.index()] == 0 && !used {
            said.notes.push(Note::Refused(format!("release {way}: its permit reads back 0")));
        }
    }
}

impl Face for Lot {
    fn poll(&self) -> Ask {
        Ask::Read(Table::Holdings, PERMITS, POLLED)
    }

    fn is_complete(&self) -> bool {
        self.seen.is_some()
    }

    fn urgent(&self) -> Option<Ask> {
        if self.unproven.is_some() {
            return Some(self.poll());
        }
        self.waiting.front().map(|(_, ask)| ask.clone())
    }

    fn accept(&mut self, order: &Order) -> Result<(), Note> {
        let ask = match order {
            Order::Release(way) => self.release(*way)?,
            Order::Shut => Ask::Words(PERMITS, vec![0, 0]),
            Order::Mode(way, PassMode::Free) => permit(*way, FREE),
            Order::Mode(way, PassMode::Controlled | PassMode::Locked) => permit(*way, 0),
            Order::Fire(active) => Ask::Words(MODE, vec![if *active { PANIC } else { NORMAL }]),
            _ => return Err(Note::Dropped(format!("this gate cannot do {order:?}"))),
        };
        if self.waiting.len() >= WAITING_MAX {
            return Err(Note::Dropped(format!("{order:?}: {WAITING_MAX} orders wait already")));
        }
        self.waiting.push_back((order.clone(), ask));
        Ok(())
    }

    fn answered(&mut self, _ask: &Ask, answer: &Answer, said: &mut Said) {
        let words = match answer {
            Answer::Done => {
                self.unproven = self.waiting.pop_front().map(|(order, _)| order);
                return;
            }
            Answer::Words(words) => words,
            Answer::Bits(_) | Answer::Exception(_) => return,
        };
        let Some(now) = seen(words) else { return };
        let before = self.seen.replace(now);
        match before {
            Some(before) => Self::passages(before, now, said),
            None => {
                let counts = Direction::BOTH.map(|way| Report::Count(way, now.counts[way.index()]));
                said.reports.extend(counts);
            }
        }
        let error = before.map_or(0, |before| before.error);
        if (error != 0) != (now.error != 0) || before.is_none() {
            said.reports.push(Report::Alarm(GateAlarm::Fault, now.error != 0));
        }
        if error != now.error && now.error != 0 {
            said.notes.push(Note::Illegal(format!("it reports error {}", now.error)));
        }
        self.prove(before, now, said);
    }

    fn give_up(&mut self) -> String {
        let given_up = self.unproven.take().or_else(|| self.waiting.pop_front().map(|(order, _)| order));
        given_up.map(|order| format!("{order:?}")).unwrap_or_default()
    }

    fn reset(&mut self) -> Vec<String> {
        self.seen = None;
        let unproven = self.unproven.take().map(|order| format!("{order:?}: written, not proven"));
        let waiting = self.waiting.drain(..).map(|(order, _)| format!("{order:?}"));
        unproven.into_iter().chain(waiting).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::board::Device;
    use super::super::framing::Framing;
    use super::super::master::Master;
    use super::super::serve::{Memory, serve};
    use super::super::timing::Timing;
    use super::*;
    use crate::apb::time::Time;
    use crate::hil::driver::{Driver, Outbox, Unit};

    /// The registers of a turnstile.
    struct Turnstile {
        polled: [u16; POLLED as usize],
        mode: u16,
    }

    impl Memory for Turnstile {
        fn bit(&self, _: Table, _: u16) -> Option<bool> {
            None
        }
        fn word(&self, table: Table, at: u16) -> Option<u16> {
            let at = at.checked_sub(PERMITS).filter(|_| table == Table::Holdings)?;
            if at == MODE - PERMITS { Some(self.mode) } else { self.polled.get(usize::from(at)).copied() }
        }
        fn set_coil(&mut self, _: u16, _: bool) {}
        fn set_word(&mut self, at: u16, word: u16) -> bool {
            match self.polled.get_mut(usize::from(at - PERMITS)) {
                Some(register) => *register = word,
                None => self.mode = word,
            }
            true
        }
    }

    struct Line {
        master: Master,
        turnstile: Turnstile,
        now: Time,
    }

    impl Line {
        fn new() -> Self {
            let mut master = Master::new(Framing::Tcp, Timing::of(Framing::Tcp), &[Device::Lot(1)]).unwrap();
            let mut out = Outbox::default();
            master.up(Time(0), &mut out);
            let turnstile = Turnstile { polled: [0, 0, 0, 0, 5, 0, 2, 1, 0], mode: 0 };
            let mut line = Self { master, turnstile, now: Time(0) };
            line.answer(&mut out);
            let first = [Report::Count(Direction::In, 5), Report::Count(Direction::Out, 65_538)];
            let reports: Vec<Report> = out.messages.drain(..).map(|(_, report)| report).collect();
            assert_eq!(reports[..2], first);
            line
        }

        /// Answers everything that is asked, until the line rests.
        fn answer(&mut self, out: &mut Outbox<Report>) {
            while let Some(frame) = (!out.frames.is_empty()).then(|| out.frames.remove(0)) {
                let reply = serve(Framing::Tcp, &frame, &mut self.turnstile).unwrap();
                self.master.receive(self.now, &reply, out);
            }
        }

        /// What comes of an order, and a poll after it.
        fn after(&mut self, order: Option<Order>) -> (Vec<Report>, Vec<Note>) {
            let mut out = Outbox::default();
            if let Some(order) = order {
                self.master.submit(self.now, Unit(0), order, &mut out);
                self.answer(&mut out);
            }
            self.now = self.now.max(self.master.next_wake().unwrap());
            self.master.wake(self.now, &mut out);
            self.answer(&mut out);
            let reports = out.messages.into_iter().map(|(_, report)| report).collect();
            (reports, out.notes.into_iter().map(|(_, note)| note).collect())
        }
    }

    #[test]
    fn a_release_is_a_permit_and_a_passage_a_count() {
        let mut line = Line::new();
        assert_eq!(line.after(Some(Order::Release(Direction::In))), (vec![], vec![]));
        assert_eq!(line.turnstile.polled[..2], [1, 0]);
        let (_, notes) = line.after(Some(Order::Release(Direction::In)));
        assert_eq!(notes, [Note::Refused("release in: another one is not used yet".into())]);
        assert_eq!(line.turnstile.polled[0], 1);
        line.turnstile.polled[0] = 0;
        line.turnstile.polled[4] = 6;
        let (reports, _) = line.after(None);
        assert_eq!(reports, [Report::Passed(Direction::In), Report::Count(Direction::In, 6)]);
        line.after(Some(Order::Release(Direction::In)));
        assert_eq!(line.turnstile.polled[0], 1);
        line.after(Some(Order::Shut));
        assert_eq!(line.turnstile.polled[..2], [0, 0]);
    }

    #[test]
    fn modes_fire_and_errors_have_their_registers() {
        let mut line = Line::new();
        line.after(Some(Order::Mode(Direction::Out, PassMode::Free)));
        assert_eq!(line.turnstile.polled[..2], [0, FREE]);
        line.after(Some(Order::Mode(Direction::Out, PassMode::Controlled)));
        line.after(Some(Order::Fire(true)));
        assert_eq!((line.turnstile.polled[1], line.turnstile.mode), (0, PANIC));
        line.after(Some(Order::Fire(false)));
        assert_eq!(line.turnstile.mode, NORMAL);
        line.turnstile.polled[8] = 3;
        let (reports, notes) = line.after(None);
        assert_eq!(reports, [Report::Alarm(GateAlarm::Fault, true)]);
        assert_eq!(notes, [Note::Illegal("it reports error 3".into())]);
        assert!(matches!(&line.after(Some(Order::Beam(0, true))).1[..], [Note::Dropped(_)]));
    }

    #[test]
    fn a_count_that_jumps_is_no_crowd() {
        let mut line = Line::new();
        line.turnstile.polled[4] = 0;
        let (reports, notes) = line.after(None);
        assert_eq!(reports, [Report::Count(Direction::In, 0)]);
        assert_eq!(notes.len(), 1);
    }
}
