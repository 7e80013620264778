//! When everybody is forgiven: by the clock, and after a fire.

use super::entries::Table;
use super::week::parse_times;
use crate::apb::id::AreaId;
use crate::apb::site::{AfterFire, Amnesty, OUTSIDE};
use crate::scenario::decode::{Fields, Log, Variant, entries};
use crate::scenario::names::Names;
use crate::scenario::syntax::{Node, Value, quoted};
use crate::scenario::units;

/// The field `amnesties`.
pub(super) fn amnesties(node: Option<&Node>, areas: &Names, log: &Log<'_>) -> Table<Amnesty> {
    Table::of(node, ("amnesty", "amnesties"), log, |fields, name| {
        let amnesty = Amnesty { name: name.into(), area: OUTSIDE, times: vec![], every: None, to: None };
        fields.map_or(amnesty.clone(), |fields| filled(amnesty, fields, areas, log))
    })
}

fn filled(amnesty: Amnesty, fields: &Fields<'_>, areas: &Names, log: &Log<'_>) -> Amnesty {
    let area = |node: &Node, log: &Log<'_>| units::known(node, areas, log).map(AreaId::at);
    let times = fields.or("at", vec![], log, |node, log| {
        let all = entries(node, "times", log)?.iter().filter_map(|entry| times(entry, log));
        Some(all.flatten().collect())
    });
    if !fields.gives("at") && !fields.gives("every") {
        let help = "add `at: [\"daily 00:00\"]` or `every: \"1h\"`";
        log.note(fields.head, "an amnesty that never happens", "expected `at` or `every`", help);
    }
    let mut times: Vec<u32> = times;
    times.sort_unstable();
    times.dedup();
    Amnesty {
        area: fields.or("area", OUTSIDE, log, area),
        times,
        every: fields.optional("every", log, units::positive_span),
        to: fields.or("to", None, log, |node, log| match &node.value {
            Value::Name(name) if name == "Unknown" => Some(None),
            Value::Name(_) => {
                log.wrong_kind(node, "`Unknown` or the name of an area in quotes", "");
                None
            }
            _ => area(node, log).map(Some),
        }),
        ..amnesty
    }
}

fn times(node: &Node, log: &Log<'_>) -> Option<Vec<u32>> {
    let text = units::text(node, log)?;
    let times = parse_times(&text);
    if times.is_none() {
        let found = format!("{} is not a time of the week", quoted(&text));
        let help = "days are Mon, Tue, Wed, Thu, Fri, Sat, Sun, `Mon-Fri`, `Mon,Wed` or `daily`";
        log.note(node.place, found, "expected days and a clock time, \"Mon-Fri 02:00\"", help);
    }
    times
}

/// The field `after_fire`.
pub(super) fn after_fire(node: &Node, areas: &Names, log: &Log<'_>) -> Option<AfterFire> {
    let names = ["Unknown", "Keep", "In"];
    let variant = Variant::of(node, "what is believed after a fire", &names, log)?;
    match variant.name {
        "Unknown" => variant.bare(AfterFire::Unknown, log),
        "Keep" => variant.bare(AfterFire::Keep, log),
        _ => {
            let [area] = variant.values("In(\"area\")", log)?;
            units::known(area, areas, log).map(|i| AfterFire::In(AreaId::at(i)))
        }
    }
}
