//! The calm at the end of a run: nothing more is planned and nothing is broken any more, so that everything
//! has to come to rest.

use crate::apb::time::{Span, Time};
use crate::scenario::Scenario;
use crate::scenario::crowd::{Arrivals, BREAK_AFTER, Group, Spread};

/// So long after the last thing that is planned everybody has to be through, or to have given up. Assumed:
/// the longest that anybody waits for anything is a minute, and a dozen of them may stand behind one another.
pub const CALM: Span = Span::minutes(15);

/// So many standard deviations from the mean nobody is: a normal draw from 53 bits is nearer.
pub const DEVIATIONS: u64 = 9;

/// From when on nothing is planned.
pub fn rests_from(scenario: &Scenario) -> Time {
    let steps = scenario.script.iter().map(|s| s.at);
    let faults = scenario.faults.iter().map(|f| f.at + f.lasts);
    let groups = scenario.crowd.iter().map(last_of);
    steps.chain(faults).chain(groups).max().unwrap_or(Time::ZERO)
}

/// Whether a run is calm at its end. Where receivers are mistaken now and then it never is: lanes go on
/// seeing somebody.
pub fn ends_calmly(scenario: &Scenario) -> bool {
    let is_noisy = scenario.plan.lanes.iter().any(|lane| lane.receivers.noise_per_hour > 0.0);
    !is_noisy && rests_from(scenario) + CALM <= Time::ZERO + scenario.duration
}

/// When the last of a group sets out for the last time, at the latest.
fn last_of(group: &Group) -> Time {
    let comes = match &group.arrivals {
        Arrivals::Poisson { until, .. } => *until,
        Arrivals::Profile(points) => points.iter().map(|p| p.0).max().unwrap_or(Time::ZERO),
        Arrivals::Schedule(times) => times.iter().copied().max().unwrap_or(Time::ZERO),
        Arrivals::Surge { at, sd } => *at + widest(Spread { mean: Span::ZERO, sd: *sd }),
    };
    let leaves = group.stay.map(|stay| comes + widest(stay));
    let breaks = group.breaks.iter().map(|b| {
        let out = (b.at + widest(Spread { mean: Span::ZERO, sd: b.sd })).max(comes + BREAK_AFTER);
        out + widest(b.away)
    });
    breaks.chain(leaves).chain([comes]).max().unwrap_or(comes)
}

fn widest(spread: Spread) -> Span {
    Span(spread.mean.0.saturating_add(spread.sd.0.saturating_mul(DEVIATIONS)))
}
