//! The commissioning test "in, in" at every reader: go through, then present the same credential there once
//! more.

use super::scenario::Stage;
use super::script::holder;
use super::walk::first_card;
use crate::apb::id::{AreaId, CardNumber, Direction, HolderId, LaneId, ReaderId};
use crate::apb::input::{Input, Who};
use crate::apb::journal::Reason;
use crate::apb::policy::{Enforcement, Exemption, Policy, Rule};
use crate::apb::site::{OUTSIDE, PassMode, Reader};
use crate::apb::time::{Span, Time};
use crate::scenario::decode::{Log, Variant};
use crate::scenario::expect::{DecisionCheck, Expectation, Verdict};
use crate::scenario::script::{Action, Manner, Step, Walker};
use crate::scenario::syntax::Place;
use crate::scenario::units;

/// From setting out to the second read, which comes after the passage.
const SECOND_READ: Span = Span::seconds(15);

/// An alert has to follow a violation within this time.
const ALERT_WITHIN: Span = Span::seconds(2);

/// A denied read must leave the flap shut for this long.
const STILL_FOR: Span = Span::seconds(5);

/// The shortest time from one reader to the next: the second read, and what is watched after it.
const EVERY_MIN: Span = Span::seconds(20);

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
        Action::Operate(Input::Read { reader: r, card: c }) => usize::from(*r == reader && *c == card),
        Action::Operate(_) => 0,
        Action::Walk(walker) => {
            let there = stage.tables.parts.readers.get(reader.index());
            let same = there.is_some_and(|r| r.lane == walker.lane && r.direction == walker.direction);
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
        let parts = &stage.tables.parts;
        if parts.holders.get(who.index()).is_some_and(|h| h.exempt.has(Exemption::Passback)) {
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
    let every = fields.or("every", Span::seconds(30), log, |node, log| {
        let every = units::span(node, log)?;
        if every < EVERY_MIN {
            log.note(node.place, "too little time for one reader", "expected \"20s\" or more", "");
            return None;
        }
        Some(every)
    });
    fields.finish(log);
    let (who, card) = who?;
    let mut start = at;
    for (i, reader) in stage.tables.parts.readers.iter().enumerate() {
        if expand(reader, ReaderId::at(i), (who, card), (start, place), stage, (steps, probes), log).is_some()
        {
            start = start + every;
        }
    }
    let last = if start == at { at } else { Time(start.0 - every.0) + SECOND_READ + STILL_FOR };
    if last > stage.calendar.end() && stage.calendar.duration() != Span::ZERO {
        let seconds = last.0.div_ceil(1_000_000);
        let found = format!("testing every reader takes until {seconds} s after the start");
        let expected = format!("the run lasts {}", stage.calendar.duration());
        log.note(place, found, expected, format!("make `duration` \"{seconds}s\" or longer"));
    }
    Some(())
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
) -> Option<()> {
    let lane = stage.tables.parts.lanes.get(reader.lane.index())?;
    let (from, to) = (lane.from(reader.direction), lane.to(reader.direction));
    if lane.modes.get(reader.direction.index()) != Some(&PassMode::Controlled) {
        return None;
    }
    stage.check_portal(from, place, log);
    stage.check_portal(to, place, log);
    let second = start + SECOND_READ;
    let reset = Input::Reset { who: Who::Holder(who), to: Some(from) };
    steps.push(Step { at: start, action: Action::Operate(reset) });
    steps.push(Step { at: start, action: Action::Walk(honest(who, card, reader.lane, reader.direction)) });
    steps.push(Step { at: second, action: Action::Operate(Input::Read { reader: id, card }) });
    let again = match verdict(from, to, stage) {
        Ok(verdict) => verdict,
        Err(window) => {
            let found = format!("reader `{}` has a window of only {window}", reader.name);
            let help = "the second read comes 15 s after setting out; test with a longer window";
            log.note(place, found, "the second read may be free there", help);
            return Some(());
        }
    };
    probes.push(Probe { at: start, reader: id, card, verdict: Verdict::Granted });
    probes.push(Probe { at: second, reader: id, card, verdict: again });
    Some(())
}

fn honest(who: HolderId, card: CardNumber, lane: LaneId, direction: Direction) -> Walker {
    Walker {
        holder: Some(who),
        lane,
        direction,
        cards: vec![card],
        manner: Manner::Honest,
        speed_m_s: None,
        hesitates: Span::ZERO,
    }
}

/// What has to become of the second read, by the policy in force at the start; or the window that is too
/// short to say.
fn verdict(from: AreaId, to: AreaId, stage: &Stage<'_>) -> Result<Verdict, Span> {
    let areas = &stage.tables.parts.areas;
    let parent = |a: &AreaId| areas.get(a.index()).and_then(|a| a.parent);
    let mut around = std::iter::successors(Some(to), parent).take(areas.len());
    let entry = to != OUTSIDE && around.any(|a| a == from);
    let off = Policy::off();
    let guarded = if entry { to } else { from };
    let policy = areas.get(guarded.index()).map_or(&off, |a| &a.policy);
    let free = match policy.rule {
        Rule::Off => true,
        Rule::EntryOnly => !entry,
        Rule::TimedArea if policy.window < SECOND_READ => return Err(policy.window),
        Rule::LocationMatch | Rule::InOut | Rule::TimedArea => false,
    };
    Ok(match if entry { policy.inbound } else { policy.outbound } {
        _ if free => Verdict::Granted,
        Enforcement::Off => Verdict::Granted,
        Enforcement::Soft => Verdict::Flagged,
        Enforcement::Hard => Verdict::Denied(Some(Reason::ApbViolation)),
    })
}
