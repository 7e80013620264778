//! The commissioning test "in, in" at every reader: go through, then present the same credential there once
//! more.

use super::scenario::Stage;
use super::script::holder;
use super::second_read::{TooLate, not_alone, verdict};
use super::walk::first_card;
use crate::apb::id::{AreaId, CardNumber, Direction, HolderId, LaneId, ReaderId};
use crate::apb::input::{Factor, Input, Who};
use crate::apb::policy::Exemption;
use crate::apb::site::{FactorRule, PassMode, Reader};
use crate::apb::time::{Span, Time};
use crate::scenario::decode::{Log, Variant};
use crate::scenario::expect::{DecisionCheck, Expectation, Verdict};
use crate::scenario::script::{Action, Manner, Step, Walker};
use crate::scenario::syntax::Place;
use crate::scenario::units;

/// How fast the holder walks, m/s: the mean of Weidmann's free walking speeds.
const SPEED_M_S: f32 = 1.34;

/// From reaching the queue to the second read: presenting, the passage, and the flap shut again.
const AT_LANE: Span = Span::seconds(8);

/// An alert has to follow a violation within this time.
const ALERT_WITHIN: Span = Span::seconds(2);

/// A denied read must leave the flap shut for this long.
const STILL_FOR: Span = Span::seconds(5);

/// A presentation whose verdict is known before it is known how many the reader will have seen.
pub(super) struct Probe {
    at: Time,
    reader: ReaderId,
    card: CardNumber,
    verdict: Verdict,
}

impl Probe {
    /// The expectation, its presentation counted among all those of the script, which is in order of time.
    pub(super) fn into_expectation(self, steps: &[Step], stage: &Stage<'_>) -> Expectation {
        let earlier = steps.iter().take_while(|step| step.at < self.at);
        let here = earlier.map(|step| presentations(step, self.reader, self.card, stage)).sum::<usize>();
        let alert = (self.verdict != Verdict::Granted).then_some(ALERT_WITHIN);
        let still = matches!(self.verdict, Verdict::Denied(_)).then_some(STILL_FOR);
        Expectation::Decision(DecisionCheck {
            card: self.card,
            reader: Some(self.reader),
            nth: u32::try_from(here + 1).unwrap_or(u32::MAX),
            verdict: self.verdict,
            alert_within: alert,
            still_for: still,
        })
    }
}

/// How often a step presents this credential at this reader.
fn presentations(step: &Step, reader: ReaderId, card: CardNumber, stage: &Stage<'_>) -> usize {
    match &step.action {
        Action::Operate(Input::Read { reader: r, card: c, .. }) => usize::from(*r == reader && *c == card),
        Action::Operate(_) => 0,
        Action::Walk(walker) => {
            let there = stage.tables.parts.readers.get(reader.index());
            let same = there
                .is_some_and(|r| r.lane == walker.lane && (r.direction == walker.direction || r.toggles));
            if same { walker.cards.iter().filter(|c| **c == card).count() } else { 0 }
        }
    }
}

/// Expands the test over every reader whose lane needs a grant that way.
pub(super) fn in_in(
    variant: &Variant<'_>,
    (at, place): (Time, Place),
    stage: &Stage<'_>,
    (steps, probes): (&mut Vec<Step>, &mut Vec<Probe>),
    log: &Log<'_>,
) -> Option<()> {
    let fields = variant.fields(log)?;
    let who = fields.required("holder", log, |node, log| {
        let who = holder(node, stage, log)?;
        if stage.tables.parts.exemptions(who).has(Exemption::Passback) {
            let found = "this holder is exempt from anti-passback";
            log.note(node.place, found, "the test would prove nothing", "take another holder");
            return None;
        }
        let card = first_card(who, stage);
        if card.is_none() {
            log.note(node.place, "this holder has no credential", "expected one to present", "");
        }
        Some((who, card?))
    });
    let every = fields.or("every", Span::seconds(30), log, units::span);
    fields.finish(log);
    let (who, card) = who?;
    let mut start = at;
    let mut last = at;
    for (i, reader) in stage.tables.parts.readers.iter().enumerate() {
        let id = ReaderId::at(i);
        if let Some(round) = expand(reader, id, (who, card), (start, place), stage, (steps, probes), log) {
            last = start + round.second + STILL_FOR;
            start = start + every.max(round.whole);
        }
    }
    if last > stage.calendar.end() && stage.calendar.duration() != Span::ZERO {
        let seconds = last.0.div_ceil(1_000_000);
        let found = format!("testing every reader takes until {seconds} s after the start");
        let expected = format!("the run lasts {}", stage.calendar.duration());
        log.note(place, found, expected, format!("make `duration` \"{seconds}s\" or longer"));
    }
    Some(())
}

/// How long the test takes at one reader.
#[derive(Clone, Copy)]
struct Round {
    /// From setting out to the second read.
    second: Span,
    /// From setting out until the holder has left the floor and nothing is watched any more.
    whole: Span,
}

/// The time it takes to walk to a lane, through it, and off the floor again.
fn round(lane: LaneId, from: AreaId, to: AreaId, stage: &Stage<'_>) -> Round {
    let plan = stage.tables.lane_plan(lane);
    let walk = |area: AreaId| {
        let of_area = stage.tables.portals.iter().filter(|p| p.area == area);
        let metres = of_area
            .map(|p| p.middle())
            .map(|p| libm::hypotf(p.x_m - plan.x_m, p.y_m - plan.y_m))
            .reduce(f32::min);
        Span::millis((metres.unwrap_or(0.0) / SPEED_M_S * 1e3) as u64)
    };
    let second = walk(from) + AT_LANE;
    Round { second, whole: second + walk(to).max(STILL_FOR) + Span::seconds(3) }
}

/// The steps at one reader; `None` if reads there prove nothing because the lane is free or locked that way.
fn expand(
    reader: &Reader,
    id: ReaderId,
    (who, card): (HolderId, CardNumber),
    (start, place): (Time, Place),
    stage: &Stage<'_>,
    (steps, probes): (&mut Vec<Step>, &mut Vec<Probe>),
    log: &Log<'_>,
) -> Option<Round> {
    let lane = stage.tables.parts.lanes.get(reader.lane.index())?;
    let (from, to) = (lane.from(reader.direction), lane.to(reader.direction));
    if lane.modes.get(reader.direction.index()) != Some(&PassMode::Controlled) {
        return None;
    }
    stage.check_portal(from, place, log);
    stage.check_portal(to, place, log);
    if let Some((found, help)) = not_alone(reader, who, stage) {
        let expected = format!("somebody is to go through reader `{}` alone", reader.name);
        log.note(place, found, expected, help);
    }
    let round = round(reader.lane, from, to, stage);
    let second = start + round.second;
    let reset = Input::reset(Who::Holder(who), Some(from));
    steps.push(Step { at: start, action: Action::Operate(reset) });
    steps.push(Step { at: start, action: Action::Walk(honest(who, card, reader.lane, reader.direction)) });
    let factor = if reader.factor == FactorRule::Never { Factor::None } else { Factor::Right };
    let read = Input::Read { reader: id, card, factor };
    steps.push(Step { at: second, action: Action::Operate(read) });
    let again = match verdict(reader, (second, round.second), stage) {
        Ok(verdict) => verdict,
        Err(too_late) => {
            let (what, lasts) = match too_late {
                TooLate::Window(window) => ("window", window),
                TooLate::Presence(timeout) => ("presence time-out", timeout),
            };
            let found = format!("reader `{}` has a {what} of only {lasts}", reader.name);
            let second = round.second;
            let help = format!("the second read comes {second} after setting out; test with a longer {what}");
            log.note(place, found, "the second read may be free there", help);
            return Some(round);
        }
    };
    probes.push(Probe { at: start, reader: id, card, verdict: Verdict::Granted });
    probes.push(Probe { at: second, reader: id, card, verdict: again });
    Some(round)
}

fn honest(who: HolderId, card: CardNumber, lane: LaneId, direction: Direction) -> Walker {
    Walker {
        holder: Some(who),
        lane,
        direction,
        cards: vec![card],
        manner: Manner::Honest,
        speed_m_s: Some(SPEED_M_S),
        hesitates: Span::ZERO,
        pin: None,
    }
}
