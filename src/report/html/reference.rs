//! The end of the page: every measure, the glossary, and how to run it again.

use super::parts::{Column, table, text};
use crate::metrics::Results;
use crate::metrics::results::Measure;
use crate::report::definitions::{self, GLOSSARY, MEASURES};
use crate::report::words;
use maud::{Markup, html};

/// Every measure of the run: those with a definition in their order, then the others by name.
pub(super) fn measures(results: &Results) -> Option<Markup> {
    let defined = MEASURES.iter().filter_map(|d| Some((d.name, results.measures.get(d.name)?)));
    let others = results.measures.iter().filter(|(name, _)| definitions::of(name).is_none());
    let rows: Vec<_> =
        defined.chain(others.map(|(name, m)| (name.as_str(), m))).map(|(name, m)| row(name, m)).collect();
    let columns = [
        Column::Text("Measure"),
        Column::Number("Value"),
        Column::Brief("95 % confidence"),
        Column::Text("Meaning"),
    ];
    (!rows.is_empty()).then(|| table("All figures, as in results.json", &columns, rows))
}

fn row(name: &str, measure: &Measure) -> Vec<Markup> {
    let interval = match (measure.low, measure.high) {
        (Some(low), Some(high)) => {
            format!("{} to {}", words::value(low, measure.unit), words::value(high, measure.unit))
        }
        _ => String::new(),
    };
    let whole = definitions::of(name).map(|d| d.meaning.to_owned());
    let meaning = whole.or_else(|| definitions::of_lane(name)).unwrap_or_default();
    vec![html! { code { (name) } }, text(words::measure(measure)), text(interval), text(meaning)]
}

/// What the words of this page mean.
pub(super) fn glossary() -> Markup {
    html! {
        dl.glossary {
            @for (word, meaning) in GLOSSARY {
                div { dt { (word) } dd { (meaning) } }
            }
        }
    }
}

/// The command, the seed and the digest.
pub(super) fn reproduce(results: &Results) -> Markup {
    html! {
        p { "This command makes the same run again, to the last event:" }
        pre { code { (results.reproduce) } }
        dl.facts {
            div { dt { "Seed" } dd { (results.seed) } }
            div { dt { "Digest of the record" } dd { code { (results.digest) } } }
        }
        p.note {
            "Beside this page lie " code { "results.json" } " (all figures), " code { "junit.xml" }
            " (the expectations as test cases), " code { "events.csv" } " (the controller’s journal) and "
            code { "charts/" } " (the charts as files)."
        }
    }
}

/// The last line.
pub(super) fn footer(results: &Results) -> Markup {
    html! {
        p { "apbrig · " (results.scenario) " · seed " (results.seed) " · digest " (short(&results.digest)) }
    }
}

/// The first part of a digest: enough to compare two pages by eye.
fn short(digest: &str) -> String {
    digest.chars().take(12).collect()
}
