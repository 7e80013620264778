//! What has to come out.

use super::scenario::Stage;
use super::tables::Tables;
use crate::apb::id::ReaderId;
use crate::apb::journal::Reason;
use crate::scenario::decode::{Fields, Log, Variant, list};
use crate::scenario::expect::{
    Bound, DOMAIN_MEASURES, DecisionCheck, Expectation, LANE_MEASURES, MEASURES, Verdict,
};
use crate::scenario::names::{listed, nearest};
use crate::scenario::syntax::{Node, Value, quoted};
use crate::scenario::units;

/// Every expectation.
pub(super) fn expectations(node: &Node, stage: &Stage<'_>, log: &Log<'_>) -> Option<Vec<Expectation>> {
    list(node, "expectations", log, |node, log| expectation(node, stage, log))
}

fn expectation(node: &Node, stage: &Stage<'_>, log: &Log<'_>) -> Option<Expectation> {
    let names = ["Equals", "AtLeast", "AtMost", "Between", "Decision"];
    let variant = Variant::of(node, "an expectation", &names, log)?;
    let (name, bound) = match variant.name {
        "Decision" => return decision(&variant, stage, log).map(Expectation::Decision),
        "Between" => {
            let [name, low, high] = variant.values("Between(\"measure\", 1, 2)", log)?;
            let (measure, low_value, high_value) =
                (measure(name, stage, log), value(low, log), value(high, log));
            let (low_value, high_value) = (low_value?, high_value?);
            if low_value > high_value {
                log.note(
                    low.place,
                    "a range that ends before it begins",
                    "expected (measure, least, greatest)",
                    "",
                );
                return None;
            }
            (measure?, Bound::Between(low_value, high_value))
        }
        other => {
            let form = match other {
                "Equals" => "Equals(\"measure\", 1)",
                "AtLeast" => "AtLeast(\"measure\", 1)",
                _ => "AtMost(\"measure\", 1)",
            };
            let [name, number] = variant.values(form, log)?;
            let (name, number) = (measure(name, stage, log), value(number, log));
            let bound = match other {
                "Equals" => Bound::Equals(number?),
                "AtLeast" => Bound::AtLeast(number?),
                _ => Bound::AtMost(number?),
            };
            (name?, bound)
        }
    };
    Some(Expectation::Measure { name, bound })
}

fn value(node: &Node, log: &Log<'_>) -> Option<f64> {
    units::number(node, f64::MIN, f64::MAX, "", log)
}

/// A measure that only sites with a domain have.
fn of_domain(name: String, node: &Node, stage: &Stage<'_>, log: &Log<'_>) -> Option<String> {
    if stage.tables.parts.domain.is_some() {
        return Some(name);
    }
    let found = format!("{} of a site without a domain", quoted(&name));
    log.note(node.place, found, "one controller decides for all", "give the site a `domain`");
    None
}

/// The name of a measure of the run, or `measure/LANE/in`.
fn measure(node: &Node, stage: &Stage<'_>, log: &Log<'_>) -> Option<String> {
    let name = units::text(node, log)?;
    let Some((stem, place)) = name.split_once('/') else {
        if MEASURES.contains(&name.as_str()) {
            return Some(name);
        }
        if DOMAIN_MEASURES.contains(&name.as_str()) {
            return of_domain(name, node, stage, log);
        }
        let all = || MEASURES.iter().chain(DOMAIN_MEASURES).copied();
        let help = match nearest(&name, all()) {
            _ if LANE_MEASURES.contains(&name.as_str()) => format!("say of which lane: \"{name}/L1/in\""),
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the measures are {}", listed(MEASURES.iter().copied())),
        };
        log.note(node.place, format!("there is no measure {}", quoted(&name)), "expected a measure", help);
        return None;
    };
    if !LANE_MEASURES.contains(&stem) {
        let help = match nearest(stem, LANE_MEASURES.iter().copied()) {
            Some(near) => format!("did you mean `{near}/{place}`?"),
            None => format!("the measures of lanes are {}", listed(LANE_MEASURES.iter().copied())),
        };
        log.note(
            node.place,
            format!("no measure {} is kept by lane", quoted(stem)),
            "expected a measure of a lane",
            help,
        );
        return None;
    }
    let (lane, way) = place.split_once('/').map_or((place, None), |(lane, way)| (lane, Some(way)));
    if stage.tables.lanes.find(lane).is_none() {
        let help = stage.tables.lanes.help(lane);
        log.note(
            node.place,
            format!("there is no lane {}", quoted(lane)),
            "expected the name of a lane",
            help,
        );
        return None;
    }
    if !matches!(way, Some("in" | "out")) {
        let help = format!("write \"{stem}/{lane}/in\" or \"{stem}/{lane}/out\"");
        log.note(node.place, "a measure of a lane without a direction", "expected `/in` or `/out`", help);
        return None;
    }
    Some(name)
}

fn decision(variant: &Variant<'_>, stage: &Stage<'_>, log: &Log<'_>) -> Option<DecisionCheck> {
    let fields: Fields<'_> = variant.fields(log)?;
    let card = fields.required("credential", log, |node, log| stage.card(node, log));
    let reader = fields.optional("reader", log, |node, log| {
        stage.known(|t: &Tables| &t.readers, node, log).map(ReaderId::at)
    });
    let nth = fields.or("nth", 1, log, |node, log| units::whole(node, 1, u64::from(u32::MAX), log));
    let verdict = fields.required("is", log, verdict);
    let alert_within = fields.optional("alert_within", log, units::positive_span);
    let still_for = fields.optional("still_for", log, units::positive_span);
    fields.finish(log);
    let nth = u32::try_from(nth).unwrap_or(u32::MAX);
    Some(DecisionCheck { card: card?, reader, nth, verdict: verdict?, alert_within, still_for })
}

fn verdict(node: &Node, log: &Log<'_>) -> Option<Verdict> {
    let variant = Variant::of(node, "a verdict", &["Granted", "Flagged", "Denied"], log)?;
    match variant.name {
        "Granted" => variant.bare(Verdict::Granted, log),
        "Flagged" => variant.bare(Verdict::Flagged, log),
        _ if variant.holds_something() => {
            let [reason] = variant.values("Denied(\"apb_violation\")", log)?;
            self::reason(reason, log).map(|reason| Verdict::Denied(Some(reason)))
        }
        _ => Some(Verdict::Denied(None)),
    }
}

fn reason(node: &Node, log: &Log<'_>) -> Option<Reason> {
    let name = match &node.value {
        Value::Name(name) => name.clone(),
        _ => units::text(node, log)?,
    };
    let denials = || Reason::ALL.iter().copied().filter(|r| !matches!(r, Reason::Ok | Reason::Fire));
    let found = denials().find(|reason| reason.name() == name);
    if found.is_none() {
        let help = match nearest(&name, denials().map(Reason::name)) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("the reasons are {}", listed(denials().map(Reason::name))),
        };
        log.note(node.place, format!("{} is no reason to deny", quoted(&name)), "expected a reason", help);
    }
    found
}
