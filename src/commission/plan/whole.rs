//! The phases of the site as a whole: the fire alarm.

use super::draft::{Course, Draft, Gate, forget};
use crate::apb::id::LaneId;
use crate::apb::site::{AfterFire, PassMode};
use crate::apb::time::Span;
use crate::commission::cast;
use crate::commission::expected::Before;
use crate::commission::limits;
use crate::commission::phase::{Act, Check, Kind, Manner, Step};
use crate::commission::place::Place;
use crate::scenario::expect::Verdict;

pub(super) fn phases(draft: &mut Draft<'_>) {
    if draft.site.lanes.is_empty() {
        return;
    }
    let course = fire(draft);
    draft.add(Place::Site, (Kind::Fire, None), course);
}

/// Alarm: every leaf opens and stays open, nobody is refused, whoever leaves raises no alarm. Its end: every
/// leaf shuts, what is believed is what the site says, and a second entry is judged as before.
fn fire(draft: &Draft<'_>) -> Result<Course, String> {
    let entry = |g: &Gate| !g.toggles && draft.site.within(g.to, g.from);
    let gate = draft.controlled().find(entry).or_else(|| draft.controlled().next());
    let gate = gate.ok_or("no way of the site is controlled")?;
    let actor = cast::regular(draft.site, gate.reader)?;
    let lanes = || (0..draft.site.lanes.len()).map(LaneId::at);
    let open = lanes().map(|lane| {
        let within = draft.leaf_times(lane).0 + limits::FIRE;
        Check::Opens { lane, within }
    });
    let shut = lanes().filter(|lane| !is_free(draft, *lane)).map(|lane| {
        let within = draft.leaf_times(lane).1 + limits::PASSAGE;
        Check::Shuts { lane, within }
    });
    let factor = cast::factor(draft.site, gate.reader);
    let stranger = Act::Present { reader: gate.reader, card: draft.unissued, factor };
    let (lane, way) = (gate.lane, gate.way.opposite());
    let leaves = Act::Walk { lane, direction: way, manner: Manner::Through };
    let mut unseen = vec![Check::Unattributed { lane, direction: way, count: 1 }, Check::NoAlarm { lane }];
    unseen.extend(lanes().map(|lane| Check::StaysOpen { lane }));
    let after = match draft.site.after_fire {
        AfterFire::Unknown => None,
        AfterFire::Keep => Some(gate.from),
        AfterFire::In(area) => Some(area),
    };
    let expected = draft.expect(gate, actor.holder, Before { at: after, last: None });
    let mut steps = vec![
        draft.put(actor.holder, gate.from),
        Step { act: Act::Fire(true), checks: open.collect() },
        Step { act: stranger, checks: vec![Check::Decided { verdict: Verdict::Granted }] },
        Step { act: leaves, checks: unseen },
        Step { act: Act::Fire(false), checks: shut.collect() },
        draft.judged(gate, actor.card, expected, draft.strike(lane)),
    ];
    if expected.is_grant() {
        steps.push(draft.passes(gate));
        if draft.too_short(gate).is_ok() && expected.broken.is_none() {
            let again = draft.expect(gate, actor.holder, draft.gone_through(gate, Span::seconds(10)));
            steps.push(draft.judged(gate, actor.card, again, draft.strike(lane)));
        }
    }
    Ok(Course::new(steps, vec![Act::Fire(false), draft.lets_lapse(lane), forget(actor.holder)]))
}

/// Whether a lane's leaf may stand open without anybody there.
fn is_free(draft: &Draft<'_>, lane: LaneId) -> bool {
    draft.site.lanes.get(lane.index()).is_some_and(|l| l.modes.contains(&PassMode::Free))
}
