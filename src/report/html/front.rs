//! The top of the page: what was tested, the verdict, the key figures and the expectations.

use super::parts::{Column, marked, table, term, text};
use crate::apb::time::Time;
use crate::metrics::Results;
use crate::metrics::results::Outcome;
use crate::report::verdict::{Verdict, mark_and_word, subject};
use crate::report::{definitions, words};
use maud::{Markup, html};

/// The scenario's title and where and when it takes place.
pub(super) fn masthead(results: &Results) -> Markup {
    let title = if results.title.is_empty() { &results.scenario } else { &results.title };
    html! {
        p.kind { "Anti-passback test report" }
        h1 { (title) }
        dl.facts {
            div { dt { "Site" } dd { (results.site) } }
            div { dt { "Scenario" } dd { (results.scenario) } }
            @if !results.start.is_empty() {
                div { dt { "Starts" } dd { (results.start) } }
            }
            div { dt { "Length" } dd { (words::duration(results.simulated)) " simulated" } }
            div { dt { "Seed" } dd { (results.seed) } }
        }
    }
}

/// The verdict, and in one sentence what it is a verdict on.
pub(super) fn verdict(results: &Results, verdict: &Verdict) -> Markup {
    html! {
        section.verdict.(results.outcome.name()) id="verdict" aria-labelledby="verdict-title" {
            h2 id="verdict-title" {
                span.sign aria-hidden="true" { (verdict.mark) } " " (verdict.word)
            }
            p.reason { (verdict.reason) }
            p { (what_was_tested(results)) }
            @if let Some(said) = what_was_degraded(results) { p { strong { (said) } } }
        }
    }
}

fn what_was_tested(results: &Results) -> String {
    let get = |name: &str| words::figure(results, name).unwrap_or(0.0).max(0.0) as u64;
    let (came, left) = (get("bodies_in"), get("bodies_out"));
    let mut lanes: Vec<&str> = results.lanes.iter().map(|l| l.lane.as_str()).collect();
    lanes.sort_unstable();
    lanes.dedup();
    let length = words::duration(results.simulated);
    if came + left == 0 {
        return format!("In {length} nobody went through a gate.");
    }
    let lanes = lanes.len() as u64;
    format!(
        "In {length}, {} {} went in and {} out through {} {}.",
        words::count(came),
        words::plural(came, "person", "people"),
        words::count(left),
        words::count(lanes),
        words::plural(lanes, "lane", "lanes"),
    )
}

/// What a manager has to know before anything else of a run in which panels were left alone.
fn what_was_degraded(results: &Results) -> Option<String> {
    let get = |name: &str| words::figure(results, name).unwrap_or(0.0).max(0.0);
    let (seconds, alone, conflicts) = (get("degraded_s"), get("offline_decisions"), get("conflicts"));
    if seconds + alone + conflicts == 0.0 {
        return None;
    }
    let (alone, conflicts) = (alone as u64, conflicts as u64);
    Some(format!(
        "Degraded: panels were cut off for {} in all; {} {} made without the others, {} {} found afterwards.",
        words::duration(Time((seconds * 1e6) as u64)),
        words::count(alone),
        words::plural(alone, "decision was", "decisions were"),
        words::count(conflicts),
        words::plural(conflicts, "conflict was", "conflicts were"),
    ))
}

/// The handful of figures that a manager asks for first; those that were not measured are left out.
pub(super) fn tiles(results: &Results) -> Markup {
    let get = |name: &str| words::named(results, name);
    let of = |part: &str, whole: &str| match words::figure(results, whole) {
        Some(n) if n > 0.0 => format!("{} of {}", get(part), get(whole)),
        _ => "none tried".to_owned(),
    };
    let best = words::figure(results, "throughput_ppm_best").map_or_else(String::new, words::number);
    let sure = |rate| words::confidence(results, rate).unwrap_or_else(|| "nothing to measure".into());
    let passback_rest = format!("{} flagged, {} missed", get("passback_flagged"), get("passback_missed"));
    let mean = format!("bodies through all lanes; {} on average", get("throughput_ppm_mean"));
    let in_truth = format!("at the end; in truth {}", get("people_inside_true"));
    let tiles = [
        ("bodies_in", "bodies_in", get("bodies_in"), format!("and {} out", get("bodies_out"))),
        ("throughput_ppm_best", "throughput_ppm_best", best, mean),
        ("wait_s_p95", "wait_s_p95", get("wait_s_p95"), format!("half waited at most {}", get("wait_s_p50"))),
        (
            "tailgate_attempts",
            "tailgate_detection_rate",
            of("tailgate_detected", "tailgate_attempts"),
            sure("tailgate_detection_rate"),
        ),
        ("passback_attempts", "passback_denied", of("passback_denied", "passback_attempts"), passback_rest),
        ("false_denials", "false_denials", get("false_denials"), "by an anti-passback rule".into()),
        ("people_inside_believed", "people_inside_believed", get("people_inside_believed"), in_truth),
        ("stuck_inside", "stuck_inside", get("stuck_inside"), "believed in, truly out, at the end".into()),
    ];
    let measured = |name: &str| words::figure(results, name).is_some();
    html! {
        @if tiles.iter().any(|(needs, ..)| measured(needs)) {
            dl.tiles {
                @for (_, name, value, note) in tiles.iter().filter(|(needs, ..)| measured(needs)) {
                    div { dt { (term(name)) } dd { span.value { (value) } span.note { (note) } } }
                }
            }
        }
    }
}

/// The longest bound or value that is a number, characters.
const NUMBER_LENGTH_MAX: usize = 20;

/// What had to come out and what did; what failed comes first.
pub(super) fn expectations(results: &Results) -> Option<Markup> {
    if results.expectations.is_empty() {
        return None;
    }
    let mut checked: Vec<_> = results.expectations.iter().collect();
    checked.sort_by_key(|c| c.outcome == Outcome::Pass);
    let rows = checked.into_iter().map(|c| {
        let (mark, word) = mark_and_word(c.outcome);
        let name = html! {
            @match definitions::of(&c.measure) {
                Some(_) => { (term(&c.measure)) br; code { (c.measure) } },
                None => (subject(c)),
            }
        };
        vec![marked(c.outcome.name(), mark, word), name, text(&c.bound), text(&c.value)]
    });
    // Decisions are judged in words, which have to wrap; numbers stand one below the other.
    let in_words = results.expectations.iter().any(|c| c.bound.len().max(c.value.len()) > NUMBER_LENGTH_MAX);
    let figure = if in_words { Column::Text } else { Column::Number };
    let columns = [Column::Mark("Verdict"), Column::Text("What"), figure("Had to be"), figure("Came out as")];
    Some(table("Every expectation of the scenario", &columns, rows))
}
