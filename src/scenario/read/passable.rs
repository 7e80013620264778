//! Whether everybody of a population gets through some lane on the way: wheelchairs and carts need wide ones.

use super::tables::Tables;
use crate::apb::id::{AreaId, Direction};
use crate::apb::site::PassMode;
use crate::scenario::decode::Log;
use crate::scenario::plan::Barrier;
use crate::scenario::population::Population;
use crate::scenario::syntax::Place;

/// Notes every boundary on the way between two areas where no lane is wide enough for everybody.
pub(super) fn check_lanes(
    population: &Population,
    (from, to): (AreaId, AreaId),
    tables: &Tables,
    (place, log): (Place, &Log<'_>),
) {
    let widest = population.kinds.iter().max_by(|a, b| a.1.lane_m().total_cmp(&b.1.lane_m()));
    let Some((_, kind)) = widest.filter(|(_, kind)| kind.lane_m() > 0.0) else { return };
    let name = |area: AreaId| tables.parts.areas.get(area.index()).map_or("?", |a| a.name.as_str());
    for (from, to) in boundaries(from, to, tables) {
        let (best, lane) = widest_lane((from, to), tables);
        if best < kind.lane_m() {
            let found = format!(
                "with a wheelchair or a cart nobody of kind `{}` gets from `{}` to `{}`",
                kind.name,
                name(from),
                name(to)
            );
            let expected = format!("no lane there that is open this way is {} m wide", kind.lane_m());
            let help = match lane {
                Some(lane) => format!("the widest, `{lane}`, has {best} m; add a wide one"),
                None => "leaves alone let them through: a rotor does not".to_owned(),
            };
            log.note(place, found, expected, help);
        }
    }
}

/// The boundaries on the way, from the first to the last: out to the area around both, then in.
fn boundaries(from: AreaId, to: AreaId, tables: &Tables) -> Vec<(AreaId, AreaId)> {
    let around = |area: AreaId| tables.parts.areas.get(area.index()).and_then(|a| a.parent);
    // No more steps than areas, in case areas are each other's.
    let chain = |area: AreaId| {
        let all = std::iter::successors(Some(area), |a| around(*a));
        all.take(tables.parts.areas.len()).collect::<Vec<_>>()
    };
    let (out, back) = (chain(from), chain(to));
    let shared = out.iter().find(|area| back.contains(area));
    let steps = |chain: &[AreaId]| {
        let last = chain.iter().position(|a| Some(a) == shared).unwrap_or(0);
        chain.windows(2).take(last).map(|w| (w[0], w[1])).collect::<Vec<_>>()
    };
    let inwards = steps(&back).into_iter().rev().map(|(inner, outer)| (outer, inner));
    steps(&out).into_iter().chain(inwards).collect()
}

/// The widest lane that is open this way, and its width, m.
fn widest_lane((from, to): (AreaId, AreaId), tables: &Tables) -> (f32, Option<&str>) {
    let mut best = (0.0, None);
    for (lane, plan) in tables.parts.lanes.iter().zip(&tables.lane_plans) {
        let leads = |d: &Direction| lane.from(*d) == from && lane.to(*d) == to;
        let way = Direction::BOTH.into_iter().find(leads);
        let open = way.is_some_and(|d| lane.modes[d.index()] != PassMode::Locked);
        if open && plan.barrier == Barrier::Leaves && plan.width_m > best.0 {
            best = (plan.width_m, Some(lane.name.as_str()));
        }
    }
    best
}
