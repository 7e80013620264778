//! What an event of a line means to the controller.

use super::line::{Card, Event, Length, Name, Reset, SetPolicy};
use super::names::Names;
use super::policies::changed_policy;
use super::seconds::parse_seconds;
use crate::apb::controller::{CardRefusal, Controller};
use crate::apb::id::{AreaId, CardNumber, LaneId};
use crate::apb::input::{Audit, Input, Who};
use crate::apb::site::{OUTSIDE, Sensing, Site};
use crate::apb::time::Span;
use crate::scenario::units::parse_span;

/// How long a forgiveness lives unless the line says otherwise: as in scenarios.
pub(super) const FORGIVE_TTL: Span = Span::minutes(10);

/// What a line means.
#[derive(Debug, Default)]
pub(super) struct Meaning<'a> {
    /// What happened, in order.
    pub(super) inputs: Vec<Input>,
    /// The name of a credential that the site does not have.
    pub(super) stranger: Option<&'a str>,
}

impl Meaning<'_> {
    fn of(input: Input) -> Self {
        Self { inputs: vec![input], stranger: None }
    }
}

/// What an event that is not a read means.
///
/// # Errors
/// A name that the site does not have, or something that makes no sense there.
pub(super) fn meaning<'a>(
    event: &'a Event<'_>,
    names: &Names,
    controller: &Controller,
) -> Result<Meaning<'a>, String> {
    let site: &Site = controller.site();
    let lane = |name: &Name<'_>| names.lane(name, site);
    let holder = |name: &Name<'_>| names.holder(name, site);
    let input = match event {
        Event::Wait(_) => return Ok(Meaning::default()),
        Event::Read(read) => {
            let (card, stranger) = card(&read.credential, names);
            let reader = names.reader(&read.reader, site)?;
            return Ok(Meaning { inputs: vec![Input::Read { reader, card, factor: read.factor }], stranger });
        }
        Event::Muster(muster) => {
            let (card, stranger) = card(&muster.credential, names);
            let point = names.muster(&muster.point, site)?;
            return Ok(Meaning { inputs: vec![Input::Muster { point, card }], stranger });
        }
        Event::Opened(at) => Input::Opened { lane: signalling(lane(&at.lane)?, site)? },
        Event::Passed(at) => {
            Input::Passed { lane: signalling(lane(&at.lane)?, site)?, direction: at.direction }
        }
        Event::Reset(reset) => self::reset(reset, names, site)?,
        Event::Place(place) => {
            let to = names.area(&place.area, site)?;
            Input::reset(Who::Holder(holder(&place.holder)?), Some(to))
        }
        Event::Forgive(forgive) => {
            let ttl = forgive.ttl.as_ref().map_or(Ok(FORGIVE_TTL), length)?;
            Input::Forgive { holder: holder(&forgive.holder)?, ttl }
        }
        Event::Fire(fire) => Input::Fire { active: fire.active },
        Event::Lockdown(shut) => {
            Input::Lockdown { area: names.area(&shut.area, site)?, lockdown: shut.lockdown }
        }
        Event::Unlock(unlock) => Input::Unlock {
            lane: lane(&unlock.lane)?,
            direction: unlock.direction,
            holder: unlock.holder.as_ref().map(holder).transpose()?,
            audit: audit(&unlock.operator, &unlock.reason),
        },
        Event::Replace(replace) => {
            let (old, new) = (known_card(&replace.old, names, site)?, CardNumber(replace.new));
            controller.check_replace(old, new).map_err(|refusal| refused(refusal, old, new))?;
            Input::Replace { old, new }
        }
        Event::Assign(assign) => {
            let (card, holder) = (known_card(&assign.credential, names, site)?, holder(&assign.holder)?);
            controller.check_assign(card, holder).map_err(|refusal| refused(refusal, card, card))?;
            Input::Assign { card, holder }
        }
        Event::Remove(remove) => Input::Remove { holder: holder(&remove.holder)? },
        Event::SetPolicy(set) => return policies(set, names, controller),
        Event::SetMode(set) => {
            Input::SetMode { lane: lane(&set.lane)?, direction: set.direction, mode: set.mode }
        }
        Event::Beam(beam) => {
            let lane = beamed((lane(&beam.lane)?, beam.beam), site)?;
            Input::Beam { lane, beam: beam.beam, blocked: beam.blocked }
        }
        Event::Leaf(at) => Input::Leaf { lane: lane(&at.lane)?, leaf: at.leaf },
    };
    Ok(Meaning::of(input))
}

/// What a reader reads off this credential, and its name if the site does not have it.
fn card<'a>(card: &'a Card<'_>, names: &Names) -> (CardNumber, Option<&'a str>) {
    match card {
        Card::Number(number) => (CardNumber(*number), None),
        Card::Name(name) => match names.card(name) {
            Some(card) => (card, None),
            None => (names.stranger(), Some(name)),
        },
    }
}

/// The number of a credential that has to be one of the site's, or of one that replaced it.
fn known_card(card: &Card<'_>, names: &Names, site: &Site) -> Result<CardNumber, String> {
    match card {
        Card::Number(number) => Ok(CardNumber(*number)),
        Card::Name(name) => names
            .card(name)
            .ok_or_else(|| format!("the site has no credential `{name}`; {}", Names::card_help(name, site))),
    }
}

/// Why a credential is not replaced or reassigned, and what to do.
fn refused(refusal: CardRefusal, card: CardNumber, new: CardNumber) -> String {
    let (number, new) = (card.0, new.0);
    match refusal {
        CardRefusal::Nobodys => format!(
            "credential {number} is nobody's: never issued, replaced before, or its holder was removed; give \
             a number that is good now"
        ),
        CardRefusal::InUse => format!("number {new} is another credential's; give one that is free"),
        CardRefusal::NoHolder => "that holder was removed; assign it to somebody who is there".into(),
        CardRefusal::NoChange => format!("credential {number} is so already; leave the line out"),
    }
}

fn reset(reset: &Reset<'_>, names: &Names, site: &Site) -> Result<Input, String> {
    let holder = |name: &Name<'_>| names.holder(name, site);
    let to = reset.to.as_ref().map(|name| names.area(name, site)).transpose()?;
    let who = match (&reset.holder, &reset.holders, &reset.area, reset.all) {
        (Some(name), None, None, false) => Who::Holder(holder(name)?),
        (None, Some(list), None, false) if list.is_empty() => {
            return Err("`holders` is empty; name somebody, or leave the line out".into());
        }
        (None, Some(list), None, false) => Who::Holders(list.iter().map(holder).collect::<Result<_, _>>()?),
        (None, None, Some(name), false) => Who::Area(names.area(name, site)?),
        (None, None, None, true) => Who::All,
        _ => {
            return Err(
                "a reset is about exactly one of `holder`, `holders`, `area` and `\"all\":true`".into()
            );
        }
    };
    Ok(Input::Reset { who, to, audit: audit(&reset.operator, &reset.reason) })
}

fn audit(operator: &Option<Name<'_>>, reason: &Option<Name<'_>>) -> Option<Box<Audit>> {
    let text = |name: &Option<Name<'_>>| name.as_deref().unwrap_or_default().to_owned();
    (operator.is_some() || reason.is_some())
        .then(|| Box::new(Audit { operator: text(operator), reason: text(reason) }))
}

/// Seconds, or a text as in site files.
fn length(length: &Length<'_>) -> Result<Span, String> {
    let raw = length.0.get();
    let span = match serde_json::from_str::<String>(raw) {
        Ok(text) => {
            parse_span(&text).map_err(|error| format!("`ttl` is {raw}: {error}, such as \"10min\""))?
        }
        Err(_) => Span(parse_seconds(raw).map_err(|error| error.replace("`t`", "`ttl`"))?.0),
    };
    if span == Span::ZERO {
        Err("`ttl` is zero; a forgiveness has to live for a while".into())
    } else {
        Ok(span)
    }
}

/// A new policy for one area, or for every area but the outside.
fn policies<'a>(set: &SetPolicy<'_>, names: &Names, controller: &Controller) -> Result<Meaning<'a>, String> {
    let site: &Site = controller.site();
    let areas: Vec<AreaId> = match &set.area {
        Some(name) => vec![names.area(name, site)?],
        None => (0..site.areas.len()).map(AreaId::at).filter(|a| *a != OUTSIDE).collect(),
    };
    let mut axes = Vec::new();
    for (axis, value) in &set.set {
        let raw = value.get();
        let text = serde_json::from_str::<String>(raw).unwrap_or_else(|_| raw.to_owned());
        axes.push((axis.as_ref(), text));
    }
    let mut inputs = Vec::new();
    for area in areas {
        let now = controller.policy(area).cloned().unwrap_or_default();
        let policy = changed_policy(&now, set.policy.as_deref(), &axes, site)?;
        controller.check_policy(area, &policy).map_err(|error| error.message)?;
        inputs.push(Input::SetPolicy { area, policy: Box::new(policy) });
    }
    Ok(Meaning { inputs, stranger: None })
}

/// A lane that reports by signals.
fn signalling(lane: LaneId, site: &Site) -> Result<LaneId, String> {
    match site.lanes.get(lane.index()) {
        Some(l) if matches!(l.sensing, Sensing::Beams(_)) => {
            Err(format!("lane `{}` is sensed by beams; send `beam` and `leaf`, or leave out --beams", l.name))
        }
        Some(_) | None => Ok(lane),
    }
}

/// A lane that is sensed by beams, this one among them.
fn beamed((lane, beam): (LaneId, u8), site: &Site) -> Result<LaneId, String> {
    let sensing = site.lanes.get(lane.index()).map(|l| (l, &l.sensing));
    if let Some((l, Sensing::Beams(row))) = sensing
        && usize::from(beam) >= row.pairs_mm().count()
    {
        let (name, count) = (&l.name, row.pairs_mm().count());
        return Err(format!(
            "lane `{name}` has {count} beams, here 0 to {} from the outside in; scenarios count them from 1",
            count.saturating_sub(1)
        ));
    }
    match site.lanes.get(lane.index()) {
        Some(l) if l.sensing == Sensing::Signals => Err(format!(
            "lane `{}` reports by signals; send `opened` and `passed`, or give --beams if the site file says \
             where its beams are",
            l.name
        )),
        Some(_) | None => Ok(lane),
    }
}
