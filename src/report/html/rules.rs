//! Who broke which rule, and what came of it: tailgating, passback, alerts, denials.

use super::parts::{Column, ROWS_MAX, and_more, chart, marked, table, term, text};
use crate::metrics::Results;
use crate::metrics::results::{Trespass, Violation};
use crate::report::chart::{self, Format};
use crate::report::{definitions, words};
use maud::{Markup, html};

/// Attempts without a miss that it takes to show, with 95 % confidence, that 95 % are detected: 0.95 ^ 59 <
/// 0.05.
const TRIALS_FOR_95: f64 = 59.0;

/// Bodies in a lane without right.
pub(super) fn tailgating(results: &Results) -> Option<Markup> {
    let attempts = words::figure(results, "tailgate_attempts")?;
    let get = |name: &str| words::named(results, name);
    let row = |name: &str, value: String, rate: Option<&str>| {
        let sure = rate.and_then(|rate| words::confidence(results, rate));
        vec![term(name), text(value), text(sure.unwrap_or_default())]
    };
    let of = |part: &str| format!("{} of {}", get(part), get("tailgate_attempts"));
    let rows = vec![
        row("tailgate_attempts", get("tailgate_attempts"), None),
        row("tailgate_detected", of("tailgate_detected"), Some("tailgate_detection_rate")),
        row("tailgate_prevented", of("tailgate_prevented"), Some("tailgate_prevention_rate")),
        row("tailgate_passed", of("tailgate_passed"), None),
        row("tailgate_false_alarms", get("tailgate_false_alarms"), None),
        row("false_alarm_rate", get("false_alarm_rate"), Some("false_alarm_rate")),
        row("wrong_way_attempts", get("wrong_way_attempts"), None),
        row("wrong_way_passed", get("wrong_way_passed"), None),
    ];
    let columns = [Column::Text("What"), Column::Number("How many"), Column::Text("How sure that is")];
    Some(html! {
        (table("Bodies without a grant of their own", &columns, rows))
        @if attempts > 0.0 && attempts < TRIALS_FOR_95 {
            p.note {
                "Few attempts prove little: to show that at least 95 % are detected takes 59 attempts "
                "without a miss."
            }
        }
        @if let (Some(wide), Some(narrow)) =
            (chart::trespasses(results, Format::Wide), chart::trespasses(results, Format::Narrow)) {
            (chart(&wide, &narrow))
        }
        (trespasses(results))
    })
}

fn trespasses(results: &Results) -> Markup {
    let row = |t: &Trespass| {
        let alarm = match t.detected {
            Some((alarm, at)) => {
                let late = at.since(t.at).0 as f64 / 1e6;
                marked("pass", "✓", &format!("{} after {}", words::spaced(alarm), words::value(late, "s")))
            }
            None => marked("fail", "✗", "no alarm"),
        };
        let end =
            if t.passed { marked("fail", "✗", "got through") } else { marked("pass", "✓", "stopped") };
        vec![
            text(words::clock(results, t.at)),
            text(&t.lane),
            text(t.direction.to_string()),
            text(words::standing(t.standing)),
            alarm,
            end,
        ]
    };
    let columns = ["Time", "Gate", "Way", "In truth", "Alarm", "Outcome"].map(Column::Brief);
    html! {
        @if !results.trespasses.is_empty() {
            (table(
                "Every body that entered a lane without right",
                &columns,
                results.trespasses.iter().take(ROWS_MAX).map(row),
            ))
            (and_more(results.trespasses.len()))
        }
    }
}

/// Reads that broke an anti-passback rule, and what they really were.
pub(super) fn passback(results: &Results) -> Option<Markup> {
    words::figure(results, "passback_attempts")?;
    let get = |name: &str| words::named(results, name);
    let of = |part: &str, whole: &str| format!("{} of {}", get(part), get(whole));
    let meaning = |name: &str| definitions::of(name).map_or("", |d| d.meaning);
    let row = |name: &str, value: String| vec![term(name), text(value), text(meaning(name))];
    let rows = vec![
        row("passback_attempts", get("passback_attempts")),
        row("passback_denied", of("passback_denied", "passback_attempts")),
        row("passback_flagged", of("passback_flagged", "passback_attempts")),
        row("passback_missed", of("passback_missed", "passback_attempts")),
        row("false_denials", get("false_denials")),
        row("violations", get("violations")),
        row("violations_denied", of("violations_denied", "violations")),
        row("violations_flagged", of("violations_flagged", "violations")),
        row("stuck_inside", get("stuck_inside")),
        row("left_by_fire_door", get("left_by_fire_door")),
    ];
    let columns = [Column::Text("What"), Column::Number("How many"), Column::Text("What that means")];
    Some(html! {
        (table("Passback in truth, and violations as the controller saw them", &columns, rows))
        @if results.violations.is_empty() {
            p.note { "The controller saw no violation." }
        } @else {
            (violations(results))
        }
    })
}

fn violations(results: &Results) -> Markup {
    let row = |v: &Violation| {
        let answer =
            if v.denied { marked("stop", "⊘", "denied") } else { marked("go", "→", "let through") };
        vec![
            text(words::clock(results, v.at)),
            text(&v.credential),
            text(&v.holder),
            text(&v.lane),
            text(&v.reader),
            text(words::rule(v.rule)),
            answer,
            in_truth(v),
        ]
    };
    let brief = ["Time", "Credential", "Holder", "Gate", "Reader", "Rule", "Answer"].map(Column::Brief);
    let columns = [&brief[..], &[Column::Text("In truth")]].concat();
    html! {
        (table(
            "Every violation the controller saw",
            &columns,
            results.violations.iter().take(ROWS_MAX).map(row),
        ))
        (and_more(results.violations.len()))
    }
}

/// What a presentation really was, marked where the controller's answer was the wrong one.
fn in_truth(v: &Violation) -> Markup {
    let wrong = match v.intent {
        "own" => v.denied,
        "borrowed" | "buddy" | "second_body" => !v.denied,
        _ => false,
    };
    let words = words::intent(v.intent);
    if wrong {
        html! { span.mark.fail.long { span aria-hidden="true" { "✗" } " " (words) } }
    } else {
        text(words)
    }
}

/// Messages to a guard.
pub(super) fn alerts(results: &Results) -> Option<Markup> {
    if results.alerts.is_empty() {
        return None;
    }
    let rows = results.alerts.iter().take(ROWS_MAX).map(|alert| {
        let credential = alert.credential.as_deref().unwrap_or("–");
        vec![
            text(words::clock(results, alert.at)),
            text(&alert.lane),
            text(credential),
            text(words::alert(&alert.cause)),
        ]
    });
    let [time, gate, credential] = ["Time", "Gate", "Credential"].map(Column::Brief);
    let columns = [time, gate, credential, Column::Text("What happened")];
    Some(html! {
        (table("What a guard was told, in order", &columns, rows))
        (and_more(results.alerts.len()))
    })
}

/// Reads that were refused, for any reason.
pub(super) fn denials(results: &Results) -> Option<Markup> {
    if results.denials.is_empty() {
        return None;
    }
    let mut reasons: Vec<_> = results.denials.iter().collect();
    reasons.sort_by_key(|(name, n)| (std::cmp::Reverse(**n), **name));
    let rows = reasons
        .into_iter()
        .map(|(name, n)| vec![html! { (words::reason(name)) br; code { (name) } }, text(words::count(*n))]);
    let columns = [Column::Text("Reason"), Column::Number("Reads")];
    Some(table("Reads that opened nothing", &columns, rows))
}
