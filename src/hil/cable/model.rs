//! The cable itself, without I/O: bytes and instants in, bytes and instants out.

use super::fault::{CableFault, CablePlan, Trouble};
use crate::apb::time::{Span, Time};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use std::collections::VecDeque;

/// One end of a cable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// Whoever asks: a controller, a panel.
    Host,
    /// Whoever answers: a reader, a gate.
    Device,
}

impl End {
    /// Both ends.
    pub const BOTH: [Self; 2] = [Self::Host, Self::Device];

    /// The other end.
    pub fn other(self) -> Self {
        match self {
            Self::Host => Self::Device,
            Self::Device => Self::Host,
        }
    }

    fn index(self) -> usize {
        match self {
            Self::Host => 0,
            Self::Device => 1,
        }
    }
}

/// What became of the bytes of a cable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Put in at either end.
    pub sent: u64,
    /// Came out at the other end, duplicates included, echoes not.
    pub arrived: u64,
    /// Lost by chance, to a cut, or because an end was unplugged.
    pub lost: u64,
    /// Came out with a bit turned.
    pub flipped: u64,
    /// Came out a second time.
    pub doubled: u64,
}

/// A byte on its way.
#[derive(Clone, Copy, Debug)]
struct Carried {
    due: Time,
    byte: u8,
    /// Whether it comes back to the end that sent it.
    echo: bool,
}

/// A cable with bytes in it.
#[derive(Debug)]
pub struct Cable {
    plan: CablePlan,
    rng: ChaCha8Rng,
    /// On their way to the host, and to the device, in order of arrival.
    way: [VecDeque<Carried>; 2],
    /// Until when the wire is busy, by the end that sends.
    busy: [Time; 2],
    counts: Counts,
}

impl Cable {
    /// An empty cable.
    pub fn new(plan: CablePlan) -> Self {
        let rng = ChaCha8Rng::seed_from_u64(plan.seed);
        Self { plan, rng, way: Default::default(), busy: [Time::ZERO; 2], counts: Counts::default() }
    }

    /// From now on this befalls it, too. What is over by now is forgotten. One that lasts no time is a mend
    /// instead: it ends whatever of its kind has begun by then.
    pub fn befall(&mut self, now: Time, fault: CableFault) {
        self.plan.faults.retain(|f| now < f.at + f.lasts);
        if fault.lasts == Span::ZERO {
            self.plan.faults.retain(|f| f.trouble != fault.trouble || f.at > fault.at);
        } else {
            self.plan.faults.push(fault);
        }
    }

    /// What became of the bytes so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Whether the host's end is pulled out now.
    pub fn is_unplugged(&self, now: Time) -> bool {
        self.troubles(now, End::Host).any(|t| t == Trouble::Unplug)
    }

    fn troubles(&self, now: Time, to: End) -> impl Iterator<Item = Trouble> {
        self.plan.faults.iter().filter(move |f| f.holds(now, to)).map(|f| f.trouble)
    }

    /// When the next fault begins or ends after `now`, if any does.
    pub fn next_change(&self, now: Time) -> Option<Time> {
        self.plan.faults.iter().flat_map(|f| [f.at, f.at + f.lasts]).filter(|t| *t > now).min()
    }

    /// Takes what one end writes at once.
    pub fn put(&mut self, now: Time, from: End, bytes: &[u8]) {
        let to = from.other();
        self.counts.sent += bytes.len() as u64;
        let troubles: Vec<Trouble> = self.troubles(now, to).collect();
        if troubles.iter().any(|t| matches!(t, Trouble::Cut | Trouble::Unplug)) {
            self.counts.lost += bytes.len() as u64;
            return;
        }
        let mut copies = 1;
        for trouble in &troubles {
            if let Trouble::Duplicate(share) = trouble {
                copies += u32::from(self.rng.random_bool(share.clamp(0.0, 1.0)));
            }
        }
        for copy in 0..copies {
            for byte in bytes {
                self.put_byte(now, from, *byte, &troubles);
            }
            self.counts.doubled += if copy > 0 { bytes.len() as u64 } else { 0 };
        }
    }

    fn put_byte(&mut self, now: Time, from: End, byte: u8, troubles: &[Trouble]) {
        let on_wire = self.plan.rate.map_or(Span::ZERO, |rate| rate.wire_time(1));
        let busy = &mut self.busy[from.index()];
        *busy = now.max(*busy) + on_wire;
        let done = *busy;
        let (mut sent, mut delay) = (Some(byte), self.plan.delay);
        for trouble in troubles {
            match *trouble {
                Trouble::Drop(share) if self.rng.random_bool(share.clamp(0.0, 1.0)) => sent = None,
                Trouble::Flip(share) if self.rng.random_bool(share.clamp(0.0, 1.0)) => {
                    let bit = self.rng.random_range(0..8_u32);
                    self.counts.flipped += u64::from(sent.is_some());
                    sent = sent.map(|byte| byte ^ 1 << bit);
                }
                Trouble::Delay(span) => delay = delay + span,
                Trouble::Echo => self.arrive(from, Carried { due: done, byte, echo: true }),
                Trouble::Drop(_)
                | Trouble::Flip(_)
                | Trouble::Duplicate(_)
                | Trouble::Cut
                | Trouble::Unplug => {}
            }
        }
        match sent {
            Some(byte) => self.arrive(from.other(), Carried { due: done + delay, byte, echo: false }),
            None => self.counts.lost += 1,
        }
    }

    /// A byte is on its way; it does not overtake another.
    fn arrive(&mut self, to: End, carried: Carried) {
        let way = &mut self.way[to.index()];
        let due = way.back().map_or(carried.due, |last| carried.due.max(last.due));
        way.push_back(Carried { due, ..carried });
    }

    /// When the next byte arrives at either end.
    pub fn next_due(&self) -> Option<Time> {
        self.way.iter().filter_map(|way| way.front().map(|carried| carried.due)).min()
    }

    /// Everything that has arrived at an end by now.
    pub fn take(&mut self, now: Time, at: End) -> Vec<u8> {
        let way = &mut self.way[at.index()];
        let due = way.iter().take_while(|carried| carried.due <= now).count();
        let arrived: Vec<Carried> = way.drain(..due).collect();
        self.counts.arrived += arrived.iter().filter(|carried| !carried.echo).count() as u64;
        arrived.into_iter().map(|carried| carried.byte).collect()
    }

    /// Loses what is on its way to an end.
    pub fn clear(&mut self, at: End) {
        let way = &mut self.way[at.index()];
        self.counts.lost += way.iter().filter(|carried| !carried.echo).count() as u64;
        way.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hil::line::Settings;

    fn always(trouble: Trouble) -> CablePlan {
        let fault = CableFault { at: Time::ZERO, lasts: Span::seconds(100), toward: None, trouble };
        CablePlan { faults: vec![fault], seed: 7, ..CablePlan::default() }
    }

    /// What arrives at the device of ten thousand bytes sent in frames of ten.
    fn carried(plan: CablePlan) -> (Vec<u8>, Counts) {
        let mut cable = Cable::new(plan);
        for frame in 0..1_000 {
            cable.put(Time(frame), End::Host, &[0x55; 10]);
        }
        let bytes = cable.take(Time(u64::MAX), End::Device);
        (bytes, cable.counts())
    }

    #[test]
    fn a_fault_that_lasts_no_time_ends_those_of_its_kind() {
        let mut cable = Cable::new(always(Trouble::Cut));
        let later = CableFault { at: Time(50), lasts: Span::seconds(1), toward: None, trouble: Trouble::Cut };
        cable.befall(Time(0), later);
        cable.put(Time(1), End::Host, &[1]);
        cable.befall(Time(2), CableFault { at: Time(2), lasts: Span::ZERO, ..later });
        cable.put(Time(3), End::Host, &[2]);
        cable.put(Time(60), End::Host, &[3]);
        assert_eq!(cable.take(Time(u64::MAX), End::Device), [2]);
    }

    #[test]
    fn a_sound_cable_takes_its_time_and_nothing_else() {
        let rate = Some(Settings::default());
        let mut cable = Cable::new(CablePlan { rate, delay: Span::millis(5), ..CablePlan::default() });
        cable.put(Time::ZERO, End::Host, &[1, 2, 3]);
        let one = Settings::default().wire_time(1);
        assert_eq!(cable.next_due(), Some(Time::ZERO + one + Span::millis(5)));
        assert_eq!(cable.take(Time(6_500), End::Device), [1]);
        assert_eq!(cable.take(Time::ZERO + Span::millis(9), End::Device), [2, 3]);
        assert!(cable.take(Time(u64::MAX), End::Host).is_empty());
    }

    #[test]
    fn troubles_are_what_they_say() {
        let (bytes, counts) = carried(always(Trouble::Drop(0.1)));
        assert!((8_800..9_200).contains(&bytes.len()), "{counts:?}");
        assert_eq!(counts.lost + counts.arrived, 10_000);
        let (bytes, counts) = carried(always(Trouble::Flip(0.1)));
        let wrong = bytes.iter().filter(|b| (**b ^ 0x55).count_ones() == 1).count();
        assert_eq!((bytes.len(), wrong as u64), (10_000, counts.flipped));
        assert!((800..1_200).contains(&wrong));
        let (bytes, counts) = carried(always(Trouble::Duplicate(0.5)));
        assert!((14_000..16_000).contains(&bytes.len()) && counts.doubled as usize == bytes.len() - 10_000);
        assert!(carried(always(Trouble::Cut)).0.is_empty());
    }

    #[test]
    fn what_an_end_sends_comes_back_to_it_where_the_line_echoes() {
        let mut cable = Cable::new(always(Trouble::Echo));
        cable.put(Time::ZERO, End::Device, &[9]);
        assert_eq!(cable.take(Time::ZERO, End::Device), [9]);
        assert_eq!(cable.take(Time::ZERO, End::Host), [9]);
        assert_eq!((cable.counts().sent, cable.counts().arrived), (1, 1), "an echo is not the far end's");
        cable.put(Time::ZERO, End::Host, &[8]);
        cable.clear(End::Host);
        assert_eq!(cable.counts().lost, 0, "an echo that nobody hears is no loss");
    }

    #[test]
    fn faults_that_are_over_are_forgotten() {
        let mut cable = Cable::new(CablePlan::default());
        for second in 0..1_000 {
            let now = Time::ZERO + Span::seconds(second);
            let fault = CableFault { at: now, lasts: Span::seconds(2), toward: None, trouble: Trouble::Echo };
            cable.befall(now, fault);
        }
        assert!(cable.plan.faults.len() <= 3, "{}", cable.plan.faults.len());
    }

    #[test]
    fn the_same_seed_breaks_the_same_bytes() {
        assert_eq!(carried(always(Trouble::Flip(0.3))), carried(always(Trouble::Flip(0.3))));
    }

    #[test]
    fn a_fault_holds_from_its_begin_to_its_end() {
        let mut plan = always(Trouble::Unplug);
        plan.faults[0].at = Time(10);
        plan.faults[0].lasts = Span(5);
        let cable = Cable::new(plan);
        let unplugged: Vec<u64> = (0..20).filter(|t| cable.is_unplugged(Time(*t))).collect();
        assert_eq!(unplugged, [10, 11, 12, 13, 14]);
        assert_eq!(
            (cable.next_change(Time(3)), cable.next_change(Time(10))),
            (Some(Time(10)), Some(Time(15)))
        );
    }
}
