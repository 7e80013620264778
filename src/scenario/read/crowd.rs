//! Groups of people who come by chance.

use super::passable::check_lanes;
use super::population::named;
use super::scenario::Stage;
use super::tables::Tables;
use crate::apb::id::{AreaId, HolderId};
use crate::apb::site::OUTSIDE;
use crate::apb::time::{Span, Time};
use crate::scenario::crowd::{Arrivals, Break, Group, Habits, Persona, Spread};
use crate::scenario::decode::{Fields, Log, Variant, list, tuple};
use crate::scenario::names::Names;
use crate::scenario::population::Population;
use crate::scenario::syntax::{Node, Place, quoted};
use crate::scenario::units;
use std::collections::BTreeMap;

/// Every group. Nobody belongs to two.
pub(super) fn crowd(node: &Node, stage: &Stage<'_>, log: &Log<'_>) -> Option<Vec<Group>> {
    let mut names = Names::new("group", "groups");
    let mut owners: BTreeMap<HolderId, String> = BTreeMap::new();
    let groups = list(node, "groups", log, |node, log| {
        let (group, place) = group(node, stage, log)?;
        if !names.add(&group.name) {
            let found = format!("a second group {}", quoted(&group.name));
            log.note(place, found, "given again here", "names of groups are unique");
        }
        let taken = group.holders.iter().find_map(|h| owners.get(h).map(|owner| (*h, owner.clone())));
        if let Some((holder, owner)) = taken {
            let holder = stage.tables.parts.holders.get(holder.index()).map_or("?", |h| h.name.as_str());
            let found = format!("`{holder}` belongs to two groups");
            log.note(
                place,
                found,
                format!("group `{owner}` has them already"),
                "cut the groups with `skip` and `count`",
            );
        }
        owners.extend(group.holders.iter().map(|h| (*h, group.name.clone())));
        Some(group)
    })?;
    Some(groups)
}

fn group(node: &Node, stage: &Stage<'_>, log: &Log<'_>) -> Option<(Group, Place)> {
    let fields = Fields::of(node, "a group", log)?;
    let name = fields.required("name", log, units::name);
    let holders = members(&fields, stage, log);
    let to = fields.required("to", log, |node, log| {
        let area = stage.area(node, log)?;
        stage.check_portal(area, node.place, log);
        stage.check_portal(OUTSIDE, node.place, log);
        if area == OUTSIDE {
            log.note(
                node.place,
                "a group that goes to the outside",
                "expected an area within",
                "they start there",
            );
        } else if !stage.reachable(area) {
            log.note(node.place, "no lanes lead from the outside to this area", "", "add a lane on the way");
        }
        Some(area)
    });
    let size = holders.as_ref().map_or(usize::MAX, Vec::len);
    let arrivals = fields.required("arrivals", log, |node, log| arrivals(node, size, stage, log));
    let stay = fields.optional("stay", log, spread);
    let breaks = fields.or("breaks", vec![], log, |node, log| {
        list(node, "breaks", log, |node, log| pause(node, stage, log))
    });
    let mut ways: Vec<_> = to.map(|to| (OUTSIDE, to)).into_iter().collect();
    if stay.is_some() || !breaks.is_empty() {
        ways.extend(to.map(|to| (to, OUTSIDE)));
    }
    let (habits, population) = kinds_of_people(&fields, &ways, stage, log);
    let personas = fields.or("personas", vec![], log, personas);
    let head = fields.head;
    fields.finish(log);
    let (name, holders, to, arrivals) = (name?, holders?, to?, arrivals?);
    Some((Group { name, holders, to, arrivals, stay, breaks, habits, population, personas }, head))
}

/// The field `holders`, cut by `skip` and `count`.
fn members(fields: &Fields<'_>, stage: &Stage<'_>, log: &Log<'_>) -> Option<Vec<HolderId>> {
    let all = fields.required("holders", log, |node, log| holders(node, stage, log));
    let number = |node: &Node, log: &Log<'_>| {
        units::whole(node, 0, 10_000_000, log).and_then(|n| usize::try_from(n).ok())
    };
    let skip = fields.or("skip", 0, log, number);
    let count = fields.optional("count", log, number);
    let all = all?;
    let last = count.map_or(all.len(), |count| skip.saturating_add(count));
    match all.get(skip..last) {
        Some([]) => {
            log.note(fields.head, "a group of nobody", "expected at least one holder", "");
            None
        }
        Some(members) => Some(members.to_vec()),
        None => {
            let found = format!("holders {} to {last} of {}", skip.saturating_add(1), all.len());
            let help = "make `skip` or `count` smaller, or the population larger";
            log.note(fields.head, found, "there are not so many", help);
            None
        }
    }
}

fn holders(node: &Node, stage: &Stage<'_>, log: &Log<'_>) -> Option<Vec<HolderId>> {
    let people = &stage.tables.people;
    let variant = Variant::of(node, "a choice of holders", &["Population", "List", "All"], log)?;
    match variant.name {
        "Population" => {
            let [name] = variant.values("Population(\"name\")", log)?;
            let position = stage.known(|t: &Tables| &t.people.population_names, name, log)?;
            Some(people.populations.get(position)?.clone().map(HolderId::at).collect())
        }
        "List" => {
            let [names] = variant.values("List([\"name\", …])", log)?;
            let mut seen = std::collections::BTreeSet::new();
            list(names, "holders", log, |node, log| {
                let position = units::known(node, &people.holder_names, log)?;
                if !seen.insert(position) {
                    log.note(node.place, format!("{} comes twice", node.kind()), "", "remove one of the two");
                    return None;
                }
                Some(HolderId::at(position))
            })
        }
        _ => variant.bare((0..people.persons).map(HolderId::at).collect(), log),
    }
}

fn arrivals(node: &Node, size: usize, stage: &Stage<'_>, log: &Log<'_>) -> Option<Arrivals> {
    let moment = |node: &Node, log: &Log<'_>| stage.calendar.moment(node, log);
    let rate = |node: &Node, log: &Log<'_>| units::number(node, 0.0, 100_000.0, "per minute", log);
    let names = ["Poisson", "Profile", "Schedule", "Surge"];
    let variant = Variant::of(node, "a kind of arrivals", &names, log)?;
    match variant.name {
        "Poisson" => {
            let fields = variant.fields(log)?;
            let per_minute = fields.required("per_minute", log, rate);
            let from = fields.or("from", Time::ZERO, log, moment);
            let until = fields.or("until", stage.calendar.end(), log, |node, log| {
                let until = stage.calendar.moment_after(node, from, log)?;
                if until <= from {
                    log.note(node.place, "arrivals that end before they begin", "expected a later time", "");
                    return None;
                }
                Some(until)
            });
            fields.finish(log);
            Some(Arrivals::Poisson { per_minute: per_minute?, from, until })
        }
        "Profile" => {
            let [points] = variant.values("Profile([(\"07:30\", 5), …])", log)?;
            profile(points, stage, log).map(Arrivals::Profile)
        }
        "Schedule" => {
            let [times] = variant.values("Schedule([\"07:31\", …])", log)?;
            let all = list(times, "times", log, moment)?;
            if all.len() > size {
                let found = format!("{} times for {size} people", all.len());
                log.note(times.head(), found, "expected one for each at most", "each holder arrives once");
            }
            Some(Arrivals::Schedule(all))
        }
        _ => {
            let fields = variant.fields(log)?;
            let at = fields.required("at", log, moment);
            let sd = fields.or("sd", Span::ZERO, log, units::span);
            fields.finish(log);
            Some(Arrivals::Surge { at: at?, sd })
        }
    }
}

fn profile(points: &Node, stage: &Stage<'_>, log: &Log<'_>) -> Option<Vec<(Time, f64)>> {
    let mut earliest = Time::ZERO;
    let mut last = None;
    let all = list(points, "points", log, |node, log| {
        let [at, rate] = tuple(node, "(\"07:30\", 5)", log)?;
        let time = stage.calendar.moment_after(at, earliest, log)?;
        if last.is_some_and(|last| time <= last) {
            log.note(
                at.place,
                "a point that is not later than the one before",
                "points are in order of time",
                "",
            );
            return None;
        }
        (earliest, last) = (time, Some(time));
        Some((time, units::number(rate, 0.0, 100_000.0, "per minute", log)?))
    })?;
    if all.len() < 2 {
        log.note(points.head(), "a profile of fewer than two points", "expected two or more", "");
        return None;
    }
    Some(all)
}

/// `(mean: "8h", sd: "40min")`.
fn spread(node: &Node, log: &Log<'_>) -> Option<Spread> {
    let fields = Fields::of(node, "a spread of times", log)?;
    let mean = fields.required("mean", log, units::positive_span);
    let sd = fields.or("sd", Span::ZERO, log, units::span);
    fields.finish(log);
    Some(Spread { mean: mean?, sd })
}

fn pause(node: &Node, stage: &Stage<'_>, log: &Log<'_>) -> Option<Break> {
    let fields = Fields::of(node, "a break", log)?;
    let share = fields.required("share", log, units::share);
    let at = fields.required("at", log, |node, log| stage.calendar.moment(node, log));
    let sd = fields.or("sd", Span::ZERO, log, units::span);
    let away = fields.required("away", log, spread);
    fields.finish(log);
    Some(Break { share: share?, at: at?, sd, away: away? })
}

/// The fields `habits` and `population`: how people are, who go these ways from one area to another.
pub(super) fn kinds_of_people(
    fields: &Fields<'_>,
    ways: &[(AreaId, AreaId)],
    stage: &Stage<'_>,
    log: &Log<'_>,
) -> (Habits, Option<Population>) {
    let population = fields.optional("population", log, |node, log| {
        let population = named(node, stage.populations, log)?;
        for way in ways {
            check_lanes(&population, *way, stage.tables, (node.head(), log));
        }
        Some(population)
    });
    let habits =
        fields.or("habits", Habits::default(), log, |node, log| habits(node, population.is_some(), log));
    (habits, population)
}

fn habits(node: &Node, of_population: bool, log: &Log<'_>) -> Option<Habits> {
    let mut habits = Habits::default();
    let fields = Fields::of(node, "a set of habits", log)?;
    for name in ["speed_m_s", "bag_share"] {
        if of_population && fields.gives(name) {
            let found = format!("habits with `{name}` beside a population");
            log.note(fields.head, found, "the population says so already", format!("remove `{name}`"));
        }
    }
    fields.optional("speed_m_s", log, |node, log| {
        let speed = Fields::of(node, "a speed", log)?;
        let mean = |node: &Node, log: &Log<'_>| units::small(node, 0.2, 4.0, "m/s", log);
        habits.speed_mean_m_s = speed.or("mean", habits.speed_mean_m_s, log, mean);
        let sd = |node: &Node, log: &Log<'_>| units::small(node, 0.0, 2.0, "m/s", log);
        habits.speed_sd_m_s = speed.or("sd", habits.speed_sd_m_s, log, sd);
        speed.finish(log);
        Some(())
    });
    fields.optional("presents", log, |node, log| {
        let presents = Fields::of(node, "a time to present", log)?;
        let median = presents.optional("median", log, units::positive_span);
        habits.present_median_s = median.map_or(habits.present_median_s, seconds);
        let cv = |node: &Node, log: &Log<'_>| units::small(node, 0.0, 5.0, "", log);
        habits.present_cv = presents.or("cv", habits.present_cv, log, cv);
        presents.finish(log);
        Some(())
    });
    habits.misread_rate = fields.or("misread_rate", habits.misread_rate, log, units::share);
    habits.bag_share = fields.or("bag_share", habits.bag_share, log, units::share);
    fields.finish(log);
    Some(habits)
}

#[expect(clippy::cast_precision_loss, reason = "habits are in single precision")]
pub(super) fn seconds(span: Span) -> f32 {
    span.0 as f32 / 1_000_000.0
}

fn personas(node: &Node, log: &Log<'_>) -> Option<Vec<(f64, Persona)>> {
    /// Shares such as a third, written with few digits, may add up to a little more than 1.
    const GRACE: f64 = 1e-9;
    let all = list(node, "personas", log, |node, log| {
        let fields = Fields::of(node, "a persona", log)?;
        let share = fields.required("share", log, units::share);
        let persona = fields.required("persona", log, persona);
        fields.finish(log);
        Some((share?, persona?))
    })?;
    let sum: f64 = all.iter().map(|(share, _)| share).sum();
    if sum > 1.0 + GRACE {
        let found = format!("the shares of these personas add up to {sum}");
        log.note(node.head(), found, "expected at most 1", "the rest of the group is honest");
        return None;
    }
    Some(all)
}

fn persona(node: &Node, log: &Log<'_>) -> Option<Persona> {
    const NAMES: [&str; 7] = [
        "ForgetsToBadgeOut",
        "Tailgater",
        "Piggybacker",
        "PassbackPair",
        "BuddyBadger",
        "WrongWay",
        "Trolley",
    ];
    let gap = |node: &Node, log: &Log<'_>| units::small(node, 0.0, 10.0, "m", log);
    let variant = Variant::of(node, "a persona", &NAMES, log)?;
    let fields = variant.fields(log)?;
    let persona = match variant.name {
        "ForgetsToBadgeOut" => {
            Persona::ForgetsToBadgeOut { by_fire_door: fields.or("by_fire_door", 0.5, log, units::share) }
        }
        "Tailgater" => {
            let (gap_min_m, gap_max_m) = fields.or("gap_m", (0.2, 0.9), log, |node, log| {
                let [low, high] = tuple(node, "(0.2, 0.9)", log)?;
                let (low, high) = (gap(low, log)?, gap(high, log)?);
                if low > high {
                    log.note(
                        node.head(),
                        "a range that ends before it begins",
                        "expected (least, greatest)",
                        "",
                    );
                    return None;
                }
                Some((low, high))
            });
            Persona::Tailgater { gap_min_m, gap_max_m }
        }
        "Piggybacker" => Persona::Piggybacker { gap_m: fields.or("gap_m", 0.2, log, gap) },
        "PassbackPair" => {
            Persona::PassbackPair { at_other_lane: fields.or("at_other_lane", 0.5, log, units::share) }
        }
        "BuddyBadger" => Persona::BuddyBadger,
        "WrongWay" => {
            let speed = |node: &Node, log: &Log<'_>| units::small(node, 0.2, 4.0, "m/s", log);
            Persona::WrongWay { speed_m_s: fields.or("speed_m_s", 1.8, log, speed) }
        }
        _ => {
            let length = |node: &Node, log: &Log<'_>| units::small(node, 0.1, 3.0, "m", log);
            let height = |node: &Node, log: &Log<'_>| units::small(node, 0.05, 2.5, "m", log);
            Persona::Trolley {
                length_m: fields.or("length_m", 0.6, log, length),
                behind_m: fields.or("behind_m", 0.3, log, gap),
                height_m: fields.or("height_m", 1.0, log, height),
            }
        }
    };
    fields.finish(log);
    Some(persona)
}
