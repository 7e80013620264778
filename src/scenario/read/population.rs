//! Populations: in files of their own, or where they are used.

use super::library::Library;
use super::luggage::luggage;
use crate::scenario::decode::{Fields, Log, Variant, list};
use crate::scenario::files::Files;
use crate::scenario::load::Kind as FileKind;
use crate::scenario::names::Names;
use crate::scenario::population::{
    Build, Child, Distribution, Kind, PARTY_MAX, Population, WOMEN, Wheelchair,
};
use crate::scenario::syntax::{Node, Value, quoted};
use crate::scenario::units;
use std::path::Path;

/// Shares such as a third, written with few digits, do not quite add up.
const GRACE: f64 = 1e-3;

/// The populations that a scenario names.
pub(in crate::scenario) type Populations<'a> = Library<'a, Population>;

/// The populations whose paths begin in this folder.
pub(in crate::scenario) fn populations<'a>(folder: &'a Path, files: &'a dyn Files) -> Populations<'a> {
    Library::of(FileKind::Population, population, (folder, files))
}

/// The field `population`: a path, or the population itself.
pub(super) fn named(node: &Node, populations: &Populations<'_>, log: &Log<'_>) -> Option<Population> {
    match node.value {
        Value::Text(_) => populations.get(node, log),
        _ => decode(node, false, log),
    }
}

/// A population in a file of its own.
pub(in crate::scenario) fn population(tree: &Node, log: &Log<'_>) -> Option<Population> {
    decode(tree, true, log)
}

fn decode(node: &Node, own_file: bool, log: &Log<'_>) -> Option<Population> {
    let fields = Fields::of(node, "a population", log)?;
    // Who shares a population with others says what it is and where it has it from.
    let text = |name| match own_file {
        true => fields.required(name, log, units::text),
        false => Some(fields.optional(name, log, units::text).unwrap_or_default()),
    };
    let (name, source) = (text("name"), text("source"));
    let kinds = fields.required("kinds", log, kinds);
    let parties = fields.or("parties", vec![], log, parties);
    fields.finish(log);
    Some(Population { name: name?, source: source?, kinds: kinds?, parties })
}

fn kinds(node: &Node, log: &Log<'_>) -> Option<Vec<(f64, Kind)>> {
    let mut names = Names::new("kind", "kinds");
    let before = log.count();
    let mut all = list(node, "kinds of people", log, |node, log| {
        let kind = kind(node, log)?;
        if !names.add(&kind.1.name) {
            let found = format!("a second kind {}", quoted(&kind.1.name));
            log.note(node.head(), found, "given again here", "names of kinds are unique");
        }
        Some(kind)
    })?;
    let sum: f64 = all.iter().map(|(share, _)| share).sum();
    if (sum - 1.0).abs() > GRACE && log.count() == before {
        let found = format!("the shares of these kinds add up to {sum:.3}");
        log.note(node.head(), found, "expected 1", "everybody is of one kind");
        return None;
    }
    all.iter_mut().for_each(|(share, _)| *share /= sum);
    Some(all)
}

fn kind(node: &Node, log: &Log<'_>) -> Option<(f64, Kind)> {
    let fields = Fields::of(node, "a kind of people", log)?;
    let name = fields.required("name", log, units::name);
    let share = fields.required("share", log, units::share);
    let speed = |node: &Node, log: &Log<'_>| distribution(node, (0.1, 4.0, "m/s"), log);
    let speed_m_s = fields.required("speed_m_s", log, speed);
    let women = fields.or("women", 0.5, log, units::share);
    let build = fields.optional("build", log, build);
    let reaction_s = fields.optional("reaction", log, reaction);
    let luggage = fields.or("luggage", vec![], log, |node, log| {
        let all = list(node, "kinds of luggage", log, luggage)?;
        at_most_one(node, "luggage", all.iter().map(|(share, _)| *share), log)?;
        Some(all)
    });
    let wheelchair = fields.optional("wheelchair", log, wheelchair);
    let child = fields.optional("child", log, child);
    let head = fields.head;
    fields.finish(log);
    if wheelchair.is_some() && (!luggage.is_empty() || build.is_some()) {
        let found = "somebody in a wheelchair with `luggage` or a `build` of their own";
        log.note(head, found, "", "remove them: the wheelchair is the outline");
    }
    let (name, speed_m_s) = (name?, speed_m_s?);
    Some((share?, Kind { name, speed_m_s, women, build, reaction_s, luggage, wheelchair, child }))
}

/// Notes shares that add up to more than everybody.
fn at_most_one(node: &Node, what: &str, shares: impl Iterator<Item = f64>, log: &Log<'_>) -> Option<()> {
    let sum: f64 = shares.sum();
    if sum > 1.0 + GRACE {
        let found = format!("the shares of {what} add up to {sum:.3}");
        log.note(node.head(), found, "expected at most 1", "the rest has none");
        return None;
    }
    Some(())
}

/// `Even(0.58, 1.61)` or `Normal(mean: 1.34, sd: 0.26)`, with `least` and `greatest` as wanted; within limits
/// of a unit.
pub(super) fn distribution(
    node: &Node,
    (low, high, unit): (f64, f64, &str),
    log: &Log<'_>,
) -> Option<Distribution> {
    let number = |node: &Node, log: &Log<'_>| units::small(node, low, high, unit, log);
    let variant = Variant::of(node, "a distribution", &["Even", "Normal"], log)?;
    let drawn = if variant.name == "Even" {
        let [least, greatest] = variant.values("Even(least, greatest)", log)?;
        Distribution::Even { least: number(least, log)?, greatest: number(greatest, log)? }
    } else {
        let fields = variant.fields(log)?;
        let mean = fields.required("mean", log, number);
        let sd = fields.required("sd", log, |node, log| units::small(node, 0.0, high - low, unit, log));
        let (least, greatest) =
            (fields.optional("least", log, number), fields.optional("greatest", log, number));
        fields.finish(log);
        let (mean, sd) = (mean?, sd?);
        #[expect(clippy::cast_possible_truncation, reason = "limits have few digits")]
        let (low, high) = (low as f32, high as f32);
        let (least, greatest) =
            (least.unwrap_or((mean - 3.0 * sd).max(low)), greatest.unwrap_or((mean + 3.0 * sd).min(high)));
        if !(least..=greatest).contains(&mean) && least <= greatest {
            let found = format!("a mean of {mean} that is beyond its limits");
            log.note(node.head(), found, "expected `least` below the mean and `greatest` above it", "");
            return None;
        }
        Distribution::Normal { mean, sd, least, greatest }
    };
    ordered(node, drawn, log)
}

fn ordered(node: &Node, drawn: Distribution, log: &Log<'_>) -> Option<Distribution> {
    if drawn.least() > drawn.greatest() {
        log.note(node.head(), "a range that ends before it begins", "expected (least, greatest)", "");
        return None;
    }
    Some(drawn)
}

/// `Even("500ms", "700ms")`.
fn reaction(node: &Node, log: &Log<'_>) -> Option<Distribution> {
    let variant = Variant::of(node, "a distribution of times", &["Even"], log)?;
    let [least, greatest] = variant.values("Even(\"500ms\", \"700ms\")", log)?;
    let seconds = |node: &Node, log: &Log<'_>| units::span(node, log).map(super::crowd::seconds);
    let drawn = Distribution::Even { least: seconds(least, log)?, greatest: seconds(greatest, log)? };
    ordered(node, drawn, log)
}

fn build(node: &Node, log: &Log<'_>) -> Option<Build> {
    let fields = Fields::of(node, "a build", log)?;
    let of = |name, usual, most| {
        fields.or(name, usual, log, |node, log| distribution(node, (0.1, most, "m"), log))
    };
    let breadth_m = of("breadth_m", WOMEN.breadth_m, 1.0);
    let depth_m = of("depth_m", WOMEN.depth_m, 0.8);
    let height_m = of("height_m", WOMEN.height_m, 2.5);
    for name in ["breadth_m", "depth_m", "height_m"] {
        if !fields.gives(name) {
            let found = format!("a build without `{name}`");
            log.note(fields.head, found, "a build has all three", "or leave `build` out");
        }
    }
    fields.finish(log);
    Some(Build { breadth_m, depth_m, height_m })
}

fn wheelchair(node: &Node, log: &Log<'_>) -> Option<Wheelchair> {
    let fields = Fields::of(node, "a wheelchair", log)?;
    let length_m = fields.or("length_m", 1.2, log, |node, log| units::small(node, 0.6, 1.8, "m", log));
    let usual = Distribution::Even { least: 0.5, greatest: 0.7 };
    let breadth_m = fields.or("breadth_m", usual, log, |node, log| distribution(node, (0.4, 1.2, "m"), log));
    let lane_m = fields.or("lane_m", 0.9, log, |node, log| units::small(node, 0.4, 3.0, "m", log));
    let head = fields.head;
    fields.finish(log);
    if lane_m < breadth_m.greatest() {
        let found = format!("a lane of {lane_m} m for a wheelchair of {} m", breadth_m.greatest());
        log.note(head, found, "expected a `lane_m` at least as wide as the chair is", "");
        return None;
    }
    Some(Wheelchair { length_m, breadth_m, lane_m })
}

fn child(node: &Node, log: &Log<'_>) -> Option<Child> {
    let fields = Fields::of(node, "a child", log)?;
    let share = fields.required("share", log, units::share);
    let usual = Distribution::Even { least: 0.9, greatest: 1.2 };
    let height_m = fields.or("height_m", usual, log, |node, log| distribution(node, (0.6, 1.7, "m"), log));
    let gap_m = fields.or("gap_m", 0.1, log, |node, log| units::small(node, 0.0, 2.0, "m", log));
    fields.finish(log);
    Some(Child { share: share?, height_m, gap_m })
}

fn parties(node: &Node, log: &Log<'_>) -> Option<Vec<(f64, u8)>> {
    let all = list(node, "parties", log, |node, log| {
        let fields = Fields::of(node, "a party", log)?;
        let share = fields.required("share", log, units::share);
        let size = fields.required("size", log, |node, log| {
            units::whole(node, 2, u64::from(PARTY_MAX), log).and_then(|n| u8::try_from(n).ok())
        });
        fields.finish(log);
        Some((share?, size?))
    })?;
    at_most_one(node, "parties", all.iter().map(|(share, _)| *share), log)?;
    Some(all)
}
