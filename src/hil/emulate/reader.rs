//! A reader: it reads what is held to it, one credential after the other, and shows what it is told.

use crate::apb::effect::Signal;
use crate::apb::id::CardNumber;
use crate::apb::input::Factor;
use crate::apb::time::{Span, Time};
use crate::hil::message::{CardFormat, Order, Read, Report};
use std::collections::{BTreeSet, VecDeque};

/// What a reader is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReaderModel {
    /// From a credential in the field to the report. 0.15 to 0.35 s for contactless cards, assumed.
    pub read_time: Span,
    /// The format of what it sends.
    pub format: CardFormat,
    /// How many reads it keeps while its line is down; what comes then is lost. 16: assumed.
    pub keeps: usize,
    /// How long after one another it sends what it has kept. 64 ms was measured on a peripheral of
    /// `LibOSDP`.
    pub replays_every: Span,
    /// What is held to it while it still reads something else and waits: so many, the rest is not read.
    pub waiting: usize,
}

impl Default for ReaderModel {
    fn default() -> Self {
        Self {
            read_time: Span::millis(250),
            format: CardFormat::default(),
            keeps: 16,
            replays_every: Span::millis(64),
            waiting: 8,
        }
    }
}

/// After this long a reader that reads everything twice reads it again. Assumed.
const REPEATS_AFTER: Span = Span::millis(300);

/// The longest text that is kept, characters.
const TEXT_MAX: usize = 256;

/// What can be wrong with a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReaderFault {
    /// It reads nothing and shows nothing.
    Dead,
    /// It reads everything twice.
    Double,
    /// A bit is lost of what it sends: one bit fewer than its format has, and half the number.
    LostBit,
    /// It sends another format, of so many bits.
    OtherFormat(u16),
}

/// Something held to the reader.
#[derive(Clone, Copy, Debug)]
struct Presentation {
    card: CardNumber,
    factor: Factor,
    /// When it is read.
    done: Time,
}

/// An emulated reader.
///
/// Instants never go back: one that lies in the past counts as the latest one seen.
#[derive(Clone, Debug)]
pub struct Reader {
    model: ReaderModel,
    now: Time,
    up: bool,
    faults: BTreeSet<ReaderFault>,
    /// What it is reading, and what it reads next.
    held: VecDeque<Presentation>,
    /// What it has read and not sent, and when it goes.
    kept: VecDeque<(Time, Read)>,
    lost: u32,
    shown: Option<(Time, Signal)>,
    text: String,
}

impl Reader {
    /// A reader with its line up that shows nothing.
    pub fn new(model: &ReaderModel) -> Self {
        Self {
            model: *model,
            now: Time::ZERO,
            up: true,
            faults: BTreeSet::new(),
            held: VecDeque::new(),
            kept: VecDeque::new(),
            lost: 0,
            shown: None,
            text: String::new(),
        }
    }

    /// Somebody holds a credential to it.
    pub fn present(&mut self, now: Time, card: CardNumber, factor: Factor, out: &mut Vec<(Time, Report)>) {
        self.advance(now, out);
        if self.faults.contains(&ReaderFault::Dead) || self.held.len() >= self.model.waiting.max(1) {
            self.lost = self.lost.saturating_add(1);
            return;
        }
        let begins = self.held.back().map_or(self.now, |p| p.done.max(self.now));
        let done = begins + self.model.read_time;
        self.held.push_back(Presentation { card, factor, done });
        if self.faults.contains(&ReaderFault::Double) {
            self.held.push_back(Presentation { card, factor, done: done + REPEATS_AFTER });
        }
        self.advance(now, out);
    }

    /// Takes an order of the host; one that is for a gate changes nothing.
    pub fn order(&mut self, now: Time, order: &Order, out: &mut Vec<(Time, Report)>) {
        self.advance(now, out);
        if self.faults.contains(&ReaderFault::Dead) {
            return;
        }
        match order {
            Order::Show(signal) => self.shown = Some((self.now, *signal)),
            Order::Text(text) => self.text = text.chars().take(TEXT_MAX).collect(),
            Order::Release(_)
            | Order::Shut
            | Order::Mode(..)
            | Order::Buzz(_)
            | Order::Fire(_)
            | Order::Beam(..)
            | Order::Output(..) => {}
        }
    }

    /// Its line is up or down from now on. What was read while it was down is sent once it is up, one after
    /// the other, as stale.
    pub fn line(&mut self, now: Time, up: bool, out: &mut Vec<(Time, Report)>) {
        self.advance(now, out);
        let came = up && !self.up;
        self.up = up;
        if came {
            let mut at = self.now;
            for (due, read) in &mut self.kept {
                (*due, read.stale) = (at, true);
                at = at + self.model.replays_every;
            }
        }
        self.advance(now, out);
    }

    /// From now on this is wrong with it, or not any more.
    pub fn fault(&mut self, now: Time, fault: ReaderFault, on: bool, out: &mut Vec<(Time, Report)>) {
        self.advance(now, out);
        if on {
            self.faults.insert(fault);
        } else {
            self.faults.remove(&fault);
        }
        if self.faults.contains(&ReaderFault::Dead) {
            self.held.clear();
            self.kept.clear();
            (self.shown, self.text) = (None, String::new());
        }
    }

    /// Everything that happens up to and including now.
    pub fn advance(&mut self, now: Time, out: &mut Vec<(Time, Report)>) {
        while let Some(at) = self.next_due().filter(|at| *at <= now) {
            self.now = self.now.max(at);
            if self.up
                && let Some((_, read)) = self.kept.pop_front_if(|(due, _)| *due <= at)
            {
                out.push((self.now, Report::Read(read)));
            } else if let Some(presentation) = self.held.pop_front() {
                self.finish(presentation, out);
            }
        }
        self.now = self.now.max(now);
    }

    fn finish(&mut self, presentation: Presentation, out: &mut Vec<(Time, Report)>) {
        let read = self.read(presentation);
        if self.up && self.kept.is_empty() {
            out.push((self.now, Report::Read(read)));
        } else if self.kept.len() < self.model.keeps {
            // While older reads are on their way, newer ones go after them.
            let last = self.kept.back().map_or(self.now, |(due, _)| *due + self.model.replays_every);
            self.kept.push_back((last.max(self.now), Read { stale: !self.up, ..read }));
        } else {
            self.lost = self.lost.saturating_add(1);
        }
    }

    /// What it makes of a credential.
    fn read(&self, presentation: Presentation) -> Read {
        let Presentation { card, factor, .. } = presentation;
        let mut read = Read { card, bits: self.model.format.bits(), factor, stale: false };
        for fault in &self.faults {
            match fault {
                ReaderFault::OtherFormat(bits) => read.bits = *bits,
                ReaderFault::LostBit => {
                    (read.bits, read.card) = (read.bits.saturating_sub(1), CardNumber(read.card.0 >> 1));
                }
                ReaderFault::Dead | ReaderFault::Double => {}
            }
        }
        read
    }

    /// When something will happen by itself.
    pub fn next_due(&self) -> Option<Time> {
        let sends = self.kept.front().filter(|_| self.up).map(|(due, _)| *due);
        let reads = self.held.front().map(|p| p.done);
        [sends, reads].into_iter().flatten().min()
    }

    /// What it shows, and since when.
    pub fn shown(&self) -> Option<(Time, Signal)> {
        self.shown
    }

    /// The text it shows; empty: none.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many credentials were held to it and will never be reported.
    pub fn lost(&self) -> u32 {
        self.lost
    }

    /// How many reads it keeps for when its line is up.
    pub fn kept(&self) -> usize {
        self.kept.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ms(n: u64) -> Time {
        Time(n * 1_000)
    }

    fn reads(out: &[(Time, Report)]) -> Vec<(Time, u64, bool)> {
        let read =
            |r: &Report| if let Report::Read(read) = r { Some((read.card.0, read.stale)) } else { None };
        out.iter().filter_map(|(at, r)| read(r).map(|(card, stale)| (*at, card, stale))).collect()
    }

    fn show(reader: &mut Reader, at: Time, card: u64, out: &mut Vec<(Time, Report)>) {
        reader.present(at, CardNumber(card), Factor::Right, out);
    }

    #[test]
    fn a_read_takes_its_time_and_the_next_one_waits() {
        let (mut reader, mut out) = (Reader::new(&ReaderModel::default()), Vec::new());
        show(&mut reader, ms(0), 1, &mut out);
        show(&mut reader, ms(100), 2, &mut out);
        reader.advance(ms(1_000), &mut out);
        assert_eq!(reads(&out), [(ms(250), 1, false), (ms(500), 2, false)]);
        let first = Read { factor: Factor::Right, ..Read::of(CardNumber(1)) };
        assert_eq!(out[0].1, Report::Read(first));
    }

    #[test]
    fn what_is_read_while_the_line_is_down_comes_late_and_stale() {
        let (mut reader, mut out) =
            (Reader::new(&ReaderModel { keeps: 2, ..ReaderModel::default() }), Vec::new());
        reader.line(ms(0), false, &mut out);
        for (at, card) in [(0, 1), (1_000, 2), (2_000, 3)] {
            show(&mut reader, ms(at), card, &mut out);
        }
        reader.advance(ms(5_000), &mut out);
        assert_eq!((out.len(), reader.kept(), reader.lost()), (0, 2, 1));
        show(&mut reader, ms(5_000), 4, &mut out);
        reader.line(ms(5_200), true, &mut out);
        reader.advance(ms(9_000), &mut out);
        // The last one was read once the line was up again, and waits for the others.
        assert_eq!(reads(&out), [(ms(5_200), 1, true), (ms(5_264), 2, true), (ms(5_328), 4, false)]);
    }

    #[test]
    fn faults_show_in_what_is_reported() {
        let bits = |fault, card| {
            let (mut reader, mut out) = (Reader::new(&ReaderModel::default()), Vec::new());
            reader.fault(ms(0), fault, true, &mut out);
            show(&mut reader, ms(0), card, &mut out);
            reader.advance(ms(2_000), &mut out);
            let read =
                |r: &Report| if let Report::Read(read) = r { (read.bits, read.card.0) } else { (0, 0) };
            out.iter().map(|(_, r)| read(r)).collect::<Vec<_>>()
        };
        assert_eq!(bits(ReaderFault::Dead, 7), []);
        assert_eq!(bits(ReaderFault::Double, 7), [(26, 7), (26, 7)]);
        assert_eq!(bits(ReaderFault::LostBit, 7), [(25, 3)]);
        assert_eq!(bits(ReaderFault::OtherFormat(37), 7), [(37, 7)]);
    }

    #[test]
    fn it_shows_what_it_was_told_last() {
        let (mut reader, mut out) = (Reader::new(&ReaderModel::default()), Vec::new());
        reader.order(ms(5), &Order::Show(Signal::Denied), &mut out);
        reader.order(ms(6), &Order::Text("Already inside".into()), &mut out);
        assert_eq!((reader.shown(), reader.text()), (Some((ms(5), Signal::Denied)), "Already inside"));
        reader.fault(ms(7), ReaderFault::Dead, true, &mut out);
        reader.order(ms(8), &Order::Show(Signal::Granted), &mut out);
        assert_eq!((reader.shown(), reader.text(), out.len()), (None, "", 0));
    }

    proptest! {
        #[test]
        fn every_presentation_is_reported_once_or_lost(
            acts in prop::collection::vec((0_u64..600, 0_u8..4), 0..60)
        ) {
            let model = ReaderModel { keeps: 5, waiting: 3, ..ReaderModel::default() };
            let (mut reader, mut out, mut now, mut shown) = (Reader::new(&model), Vec::new(), 0, 0);
            for (after, act) in acts {
                now += after;
                match act {
                    0 => reader.line(ms(now), false, &mut out),
                    1 => reader.line(ms(now), true, &mut out),
                    _ => {
                        show(&mut reader, ms(now), 1, &mut out);
                        shown += 1;
                    }
                }
            }
            reader.line(ms(now), true, &mut out);
            reader.advance(ms(now + 60_000), &mut out);
            prop_assert_eq!(out.len() + reader.lost() as usize, shown);
            prop_assert!(out.is_sorted_by_key(|(at, _)| *at));
            prop_assert_eq!((reader.kept(), reader.next_due()), (0, None));
        }
    }
}
