//! What was presented to a panel, and what it did about it.

use crate::apb::id::{CardNumber, Direction, LaneId, ReaderId};
use crate::apb::input::{Factor, Input};
use crate::apb::site::Site;
use crate::apb::time::{Span, Time};

/// One thing that was seen at a panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A credential was presented to it.
    Presented {
        /// Where.
        reader: ReaderId,
        /// Which.
        card: CardNumber,
        /// What came of a second factor.
        factor: Factor,
    },
    /// A reader showed what became of a read, by lamp or tone.
    Shown {
        /// Where.
        reader: ReaderId,
        /// Granted or denied.
        granted: bool,
    },
    /// It released a gate, by relay or by line.
    Released {
        /// Which.
        lane: LaneId,
        /// Which way.
        direction: Direction,
    },
    /// It told somebody that an anti-passback rule was broken.
    Flagged {
        /// Where.
        reader: ReaderId,
    },
    /// Something happened that it was told, too: somebody opened or passed a gate, or there was a fire.
    Happened(Input),
}

/// What a panel does that denies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Silence {
    /// It says so: silence is a verdict of its own.
    #[default]
    Speaks,
    /// Nothing, as far as it is wired: silence is a denial.
    Denies,
}

/// How a panel is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wiring {
    /// What it does within this long after a presentation, it does about that.
    pub window: Span,
    /// What it does that denies.
    pub silence: Silence,
    /// Whether what it tells of broken rules is heard. If not, an alarm that lets people through looks like
    /// no rule at all.
    pub hears_flags: bool,
}

impl Default for Wiring {
    /// 2 s, in which the seeds' commissioning test wants its alert.
    fn default() -> Self {
        Self { window: Span::seconds(2), silence: Silence::default(), hears_flags: false }
    }
}

/// What a panel decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It let them through.
    Granted,
    /// It did not.
    Denied,
    /// It did nothing in time.
    Silent,
}

/// A presentation and what the panel made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presentation {
    /// When.
    pub at: Time,
    /// Where.
    pub reader: ReaderId,
    /// Which credential.
    pub card: CardNumber,
    /// What came of a second factor.
    pub factor: Factor,
    /// What the panel decided.
    pub verdict: Verdict,
    /// Whether it told that a rule was broken; `None`: that is not heard.
    pub flagged: Option<bool>,
}

/// Everything that was seen at a panel, in order of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recording {
    /// How it is watched.
    pub wiring: Wiring,
    seen: Vec<(Time, Seen)>,
}

/// What has been heard of one presentation.
#[derive(Clone, Copy, Debug, Default)]
struct Answer {
    shown: Option<bool>,
    released: bool,
    flagged: bool,
}

impl Recording {
    /// An empty one.
    pub fn new(wiring: Wiring) -> Self {
        Self { wiring, seen: Vec::new() }
    }

    /// Something was seen. What is told out of order is put in order.
    pub fn see(&mut self, at: Time, what: Seen) {
        let place = self.seen.partition_point(|(t, _)| *t <= at);
        self.seen.insert(place, (at, what));
    }

    /// A credential was presented, without a second factor.
    pub fn present(&mut self, at: Time, reader: ReaderId, card: CardNumber) {
        self.see(at, Seen::Presented { reader, card, factor: Factor::None });
    }

    /// What was seen.
    pub fn seen(&self) -> &[(Time, Seen)] {
        &self.seen
    }

    /// The presentations whose time to be answered was over by then, each with its place in what was seen.
    ///
    /// A lamp answers the oldest presentation there that has no lamp yet. A release answers the oldest one
    /// that was shown granted, or else the latest one that nothing was shown about, or else the latest one:
    /// whoever is released has been let through, whatever the lamp says.
    pub fn presentations(&self, site: &Site, until: Time) -> Vec<(usize, Presentation)> {
        let mut open: Vec<(usize, Presentation, Answer)> = Vec::new();
        for (index, (at, what)) in self.seen.iter().enumerate() {
            match *what {
                Seen::Presented { reader, card, factor } => {
                    let (at, verdict, flagged) = (*at, Verdict::Silent, None);
                    let presented = Presentation { at, reader, card, factor, verdict, flagged };
                    open.push((index, presented, Answer::default()));
                }
                Seen::Shown { reader, granted } => {
                    let mut fits = self.within(&mut open, *at, |r| r == reader);
                    if let Some(answer) = fits.find(|a| a.shown.is_none()) {
                        answer.shown = Some(granted);
                    }
                }
                Seen::Released { lane, direction } => {
                    let at_gate = |reader: ReaderId| {
                        let reader = site.readers.get(reader.index());
                        reader.is_some_and(|r| r.lane == lane && (r.toggles || r.direction == direction))
                    };
                    let fits = self.within(&mut open, *at, at_gate).filter(|a| !a.released);
                    if let Some(answer) = released(fits.collect()) {
                        answer.released = true;
                    }
                }
                Seen::Flagged { reader } => {
                    let fits = self.within(&mut open, *at, |r| r == reader);
                    if let Some(answer) = fits.filter(|a| !a.flagged).last() {
                        answer.flagged = true;
                    }
                }
                Seen::Happened(_) => {}
            }
        }
        let over = open.into_iter().filter(|(_, p, _)| p.at + self.wiring.window <= until);
        over.map(|(index, p, answer)| (index, self.judged(p, answer))).collect()
    }

    /// The answers to presentations there that may still be answered, oldest first.
    fn within<'a>(
        &self,
        open: &'a mut [(usize, Presentation, Answer)],
        at: Time,
        there: impl Fn(ReaderId) -> bool,
    ) -> impl Iterator<Item = &'a mut Answer> {
        let window = self.wiring.window;
        let fits = move |p: &Presentation| there(p.reader) && at <= p.at + window;
        open.iter_mut().filter(move |(_, p, _)| fits(p)).map(|(_, _, answer)| answer)
    }

    fn judged(&self, presentation: Presentation, answer: Answer) -> Presentation {
        let verdict = match (answer.released, answer.shown, self.wiring.silence) {
            (true, _, _) | (false, Some(true), _) => Verdict::Granted,
            (false, Some(false), _) | (false, None, Silence::Denies) => Verdict::Denied,
            (false, None, Silence::Speaks) => Verdict::Silent,
        };
        let flagged = self.wiring.hears_flags.then_some(answer.flagged);
        Presentation { verdict, flagged, ..presentation }
    }
}

/// The one of these answers that a release is, oldest first.
fn released(mut fits: Vec<&mut Answer>) -> Option<&mut Answer> {
    let shown = fits.iter().position(|a| a.shown == Some(true));
    let dark = fits.iter().rposition(|a| a.shown.is_none());
    let index = shown.or(dark).or(fits.len().checked_sub(1))?;
    Some(fits.swap_remove(index))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apb::policy::Policy;
    use crate::apb::site::Sensing;
    use crate::hil::panel::fixture::{CARD, ENTRY, EXIT, OTHER, site};

    fn ms(n: u64) -> Time {
        Time(n * 1_000)
    }

    fn verdicts(recording: &Recording, until: Time) -> Vec<Verdict> {
        let site = site(&Policy::off(), &Sensing::Signals);
        recording.presentations(&site, until).into_iter().map(|(_, p)| p.verdict).collect()
    }

    fn shows(recording: &mut Recording, at: Time, granted: bool) {
        recording.see(at, Seen::Shown { reader: ENTRY, granted });
    }

    fn releases(recording: &mut Recording, at: Time) {
        recording.see(at, Seen::Released { lane: LaneId(0), direction: Direction::In });
    }

    #[test]
    fn a_verdict_has_its_window_and_silence_is_one() {
        let mut recording = Recording::default();
        recording.present(ms(0), ENTRY, CARD);
        shows(&mut recording, ms(2_000), true);
        recording.present(ms(5_000), ENTRY, CARD);
        shows(&mut recording, ms(7_001), true);
        recording.present(ms(9_000), EXIT, CARD);
        assert_eq!(verdicts(&recording, ms(8_000)), [Verdict::Granted, Verdict::Silent]);
        assert_eq!(verdicts(&recording, ms(11_000))[2], Verdict::Silent);
        recording.wiring.silence = Silence::Denies;
        assert_eq!(verdicts(&recording, ms(11_000))[1..], [Verdict::Denied, Verdict::Denied]);
    }

    #[test]
    fn lamps_answer_in_order_and_a_release_whom_it_can_be_for() {
        let mut recording = Recording::default();
        recording.present(ms(0), ENTRY, CARD);
        recording.present(ms(1_000), ENTRY, OTHER);
        shows(&mut recording, ms(1_050), false);
        shows(&mut recording, ms(1_100), true);
        releases(&mut recording, ms(1_110));
        assert_eq!(verdicts(&recording, ms(9_000)), [Verdict::Denied, Verdict::Granted]);
        let mut dark = Recording::default();
        dark.present(ms(0), ENTRY, CARD);
        dark.present(ms(1_000), ENTRY, OTHER);
        releases(&mut dark, ms(1_100));
        assert_eq!(verdicts(&dark, ms(9_000)), [Verdict::Silent, Verdict::Granted]);
        let mut liar = Recording::default();
        liar.present(ms(0), ENTRY, CARD);
        shows(&mut liar, ms(50), false);
        releases(&mut liar, ms(60));
        assert_eq!(verdicts(&liar, ms(9_000)), [Verdict::Granted], "whoever is released goes through");
    }

    #[test]
    fn a_flag_counts_only_where_it_is_heard() {
        let mut recording = Recording::default();
        recording.present(ms(0), ENTRY, CARD);
        recording.see(ms(100), Seen::Flagged { reader: ENTRY });
        let site = site(&Policy::off(), &Sensing::Signals);
        assert_eq!(recording.presentations(&site, ms(5_000))[0].1.flagged, None);
        recording.wiring.hears_flags = true;
        assert_eq!(recording.presentations(&site, ms(5_000))[0].1.flagged, Some(true));
    }
}
