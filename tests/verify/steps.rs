//! Random histories. Times cluster around the ends of everything that ends.

use crate::dice::Dice;
use crate::draw::{Topic, WITHIN};
use crate::policies::{LOCKOUT, TIMEOUTS, WINDOW, policy};
use crate::twin::Step;
use apbrig::apb::id::{AreaId, CardNumber, Direction, HolderId, LaneId, MusterId, ReaderId};
use apbrig::apb::input::{Factor, Input, Leaf, Lockdown, Who};
use apbrig::apb::site::{PassMode, SiteParts};
use apbrig::apb::time::{Span, Time};

/// How long tokens of forgiveness live.
const TTL: Span = Span::seconds(6);

/// Bytes of one step.
pub(crate) const WIDTH: usize = 24;

/// A history, drawn step by step.
pub(crate) struct Story<'a> {
    site: &'a SiteParts,
    topics: &'a [Topic],
    steps: Vec<(Time, Step)>,
    /// The lane and direction of the last read.
    last: (LaneId, Direction),
    /// Its reader.
    reader: Option<usize>,
}

impl<'a> Story<'a> {
    pub(crate) fn drawn(
        site: &'a SiteParts,
        topics: &'a [Topic],
        bytes: &[[u8; WIDTH]],
    ) -> Vec<(Time, Step)> {
        let last = (LaneId(0), Direction::In);
        let mut story = Story { site, topics, steps: Vec::new(), last, reader: None };
        for step in bytes {
            let mut dice = Dice::new(step);
            let at = story.time(&mut dice);
            let step = story.step(&mut dice);
            story.steps.push((at, step));
        }
        story.steps
    }

    fn now(&self) -> Time {
        self.steps.iter().map(|s| s.0).max().unwrap_or(Time::ZERO)
    }

    fn time(&self, dice: &mut Dice<'_>) -> Time {
        let now = self.now();
        match dice.below(16) {
            0..=5 => now + Span::millis(250 * dice.below(6) as u64),
            6..=11 => self.end(dice).filter(|t| *t >= now).unwrap_or(now + Span::millis(100)),
            12 => self.instant(dice).filter(|t| *t >= now).unwrap_or(now + Span::seconds(1)),
            13 => now + Span::seconds(1 + dice.below(8) as u64),
            14 => now,
            _ => now - Span::millis(500 * dice.below(4) as u64),
        }
    }

    /// Just before, at or just after the end of something that may have begun with an earlier step.
    fn end(&self, dice: &mut Dice<'_>) -> Option<Time> {
        let back = dice.below(5.min(self.steps.len().max(1))) + 1;
        let from = self.steps.len().checked_sub(back).map(|i| self.steps[i].0)?;
        let spans = [
            WINDOW,
            Span::seconds(5),
            Span::seconds(6),
            TIMEOUTS[0],
            WITHIN,
            TTL,
            LOCKOUT,
            TIMEOUTS[1],
            Span::seconds(10),
            Span::seconds(8),
        ];
        nudged(from + dice.pick(&spans), dice)
    }

    /// Just before, at or just after an instant on the wall clock.
    fn instant(&self, dice: &mut Dice<'_>) -> Option<Time> {
        let seconds = [5, 10, 12, 15, 17, 20, 22, 25, 30, 34, 35, 45, 50];
        nudged(Time(1_000_000 * dice.pick(&seconds)), dice)
    }

    fn step(&mut self, dice: &mut Dice<'_>) -> Step {
        match dice.below(40) {
            0..=16 => Step::Give(self.read(dice)),
            17..=25 => Step::Give(self.through(dice)),
            26..=28 => {
                let lane = if dice.chance(70) { self.last.0 } else { self.lane(dice) };
                let leaf = dice.pick(&[Leaf::Open, Leaf::Closed]);
                let contact = [Input::Opened { lane }, Input::Opened { lane }, Input::Leaf { lane, leaf }];
                Step::Give(dice.pick(&contact))
            }
            29 => Step::Wait,
            30 => dice.pick(&[Step::Wait, Step::Restart]),
            _ => Step::Give(self.operate(dice)),
        }
    }

    fn read(&mut self, dice: &mut Dice<'_>) -> Input {
        let again = self.reader.filter(|_| dice.chance(35));
        let reader = again.unwrap_or_else(|| dice.below(self.site.readers.len()));
        self.reader = Some(reader);
        let at = &self.site.readers[reader];
        self.last = (at.lane, at.direction);
        let card = if dice.chance(8) { dice.pick(&[11, 99, 21]) } else { 1 + dice.below(4) as u64 };
        let reader = if dice.chance(1) { ReaderId(77) } else { ReaderId::at(reader) };
        let factor = dice.pick(&[Factor::Right, Factor::None, Factor::Wrong]);
        Input::Read { reader, card: CardNumber(card), factor }
    }

    fn through(&self, dice: &mut Dice<'_>) -> Input {
        let (lane, direction) = if dice.chance(75) { self.last } else { (self.lane(dice), way(dice)) };
        Input::Passed { lane, direction }
    }

    fn operate(&self, dice: &mut Dice<'_>) -> Input {
        let topic = dice.pick(self.topics);
        match topic {
            Topic::Lanes | Topic::Readers => {
                let (lane, direction) = (self.lane(dice), way(dice));
                let mode = dice.pick(&[PassMode::Controlled, PassMode::Locked, PassMode::Free]);
                let holder = dice.chance(50).then(|| holder(dice));
                let unlock = Input::Unlock { lane, direction, holder, audit: None };
                dice.pick(&[unlock, Input::SetMode { lane, direction, mode }])
            }
            Topic::People | Topic::Company => match dice.below(4) {
                0 => Input::Assign { card: card(dice), holder: holder(dice) },
                1 => Input::Replace { old: card(dice), new: CardNumber(dice.pick(&[21, 22, 1, 11])) },
                2 => Input::Remove { holder: holder(dice) },
                _ => self.plainly(dice),
            },
            Topic::Plain | Topic::Clock | Topic::Room => self.plainly(dice),
            Topic::Fire => match dice.below(3) {
                0 => Input::Fire { active: dice.chance(60) },
                _ => Input::Muster { point: MusterId::at(dice.below(3)), card: card(dice) },
            },
        }
    }

    fn plainly(&self, dice: &mut Dice<'_>) -> Input {
        let to = dice.chance(60).then(|| self.area(dice));
        match dice.below(8) {
            0 => Input::reset(Who::Holder(holder(dice)), to),
            1 => Input::reset(Who::Area(self.area(dice)), to),
            2 => Input::reset(dice.pick(&[Who::All, Who::Holders(vec![HolderId(0), HolderId(2)])]), to),
            3 | 4 => Input::Forgive { holder: holder(dice), ttl: dice.pick(&[TTL, Span::ZERO]) },
            5 => Input::Fire { active: dice.chance(50) },
            6 => {
                let lockdown = dice.pick(&[Lockdown::Off, Lockdown::Entry, Lockdown::Both]);
                Input::Lockdown { area: self.area(dice), lockdown }
            }
            _ => {
                let area = self.area(dice);
                Input::SetPolicy { area, policy: Box::new(policy(dice, self.site.schedules.len())) }
            }
        }
    }

    fn lane(&self, dice: &mut Dice<'_>) -> LaneId {
        LaneId::at(dice.below(self.site.lanes.len()))
    }

    fn area(&self, dice: &mut Dice<'_>) -> AreaId {
        let outside_sometimes = usize::from(!dice.chance(15));
        AreaId::at((dice.below(self.site.areas.len() - 1) + outside_sometimes).min(self.site.areas.len() - 1))
    }
}

fn nudged(at: Time, dice: &mut Dice<'_>) -> Option<Time> {
    Some(dice.pick(&[at, at - Span::micros(1), at + Span::micros(1), at]))
}

fn way(dice: &mut Dice<'_>) -> Direction {
    dice.pick(&Direction::BOTH)
}

fn holder(dice: &mut Dice<'_>) -> HolderId {
    HolderId::at(dice.below(4) + usize::from(dice.chance(1)))
}

fn card(dice: &mut Dice<'_>) -> CardNumber {
    CardNumber(dice.pick(&[1, 2, 3, 4, 11, 21]))
}
