//! The front of a certificate, which is to be signed.

use crate::commission::Record;
use crate::commission::findings::Severity;
use crate::commission::measurement::Grade;
use crate::commission::record::{Outcome, Verdict};
use crate::report::words::{count, plural};
use maud::{Markup, html};

/// What it is, of what, when and with what.
pub(super) fn masthead(record: &Record) -> Markup {
    let about = &record.about;
    let facts = [
        ("Date", &about.date),
        ("Station", &about.station),
        ("apbrig", &about.version),
        ("Tester", &about.tester),
        ("Witness", &about.witness),
    ];
    html! {
        p.kind { "Acceptance certificate: anti-passback" }
        h1 { (record.site) }
        dl.facts {
            @for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
                div { dt { (name) } dd { (value) } }
            }
        }
    }
}

/// The mark and the word of the whole; never one without the other.
fn mark_and_word(verdict: Verdict) -> (&'static str, &'static str, &'static str) {
    match verdict {
        Verdict::Pass => ("pass", "✓", "Passed"),
        Verdict::Fail => ("fail", "✗", "Failed"),
        Verdict::Error => ("error", "!", "No verdict"),
        Verdict::Aborted => ("aborted", "–", "Not finished"),
    }
}

/// The verdict in plain words.
pub(super) fn verdict(record: &Record) -> Markup {
    let (class, mark, word) = mark_and_word(record.verdict());
    let serious = record.findings.iter().filter(|f| f.severity == Severity::Serious).count() as u64;
    html! {
        section.verdict.(class) id="verdict" {
            h2 { span.sign aria-hidden="true" { (mark) } " " (word) }
            p.reason { (reason(record)) }
            @if !record.about.only.is_empty() {
                p {
                    strong { "Part of the plan." }
                    " Only tests with " (record.about.only.join(", "))
                    " in their names were to be carried out: "
                    (count(record.phases.len() as u64)) " of " (count(record.planned as u64)) "."
                }
            }
            @if serious > 0 {
                p {
                    strong {
                        (count(serious)) " serious " (plural(serious, "finding", "findings"))
                        " about how the site is laid out or set"
                    }
                    ": see below. The owner should have them mended or sign for them."
                }
            }
            @if record.about.simulated {
                p {
                    strong { "Simulated." }
                    " The gates and readers were emulated: this says that the site and its policies do what "
                    "the plan asks, not that any hardware does."
                }
            }
        }
    }
}

fn reason(record: &Record) -> String {
    let of = |outcome| record.count(outcome) as u64;
    let (passed, failed) = (of(Outcome::Pass) + of(Outcome::Flaky), of(Outcome::Fail));
    let (errors, skipped, flaky) = (of(Outcome::Error), of(Outcome::Skipped), of(Outcome::Flaky));
    let tests = |n: u64| format!("{} {}", count(n), plural(n, "test", "tests"));
    let mut said = match record.verdict() {
        Verdict::Pass => format!("All {} that could be tried passed.", tests(passed)),
        Verdict::Fail => format!("{} failed: the installation is not as planned.", tests(failed)),
        Verdict::Error => format!(
            "The rig itself was at fault in {}: they say nothing about the installation and have to be \
             repeated.",
            tests(errors)
        ),
        Verdict::Aborted => {
            let missing = (record.planned as u64).saturating_sub(record.phases.len() as u64);
            format!("{} of {} are not done.", tests(missing), count(record.planned as u64))
        }
    };
    if flaky > 0 {
        said += &format!(" {} passed only on being repeated.", tests(flaky));
    }
    if skipped > 0 {
        let were = plural(skipped, "was", "were");
        said += &format!(" {} {were} not tried: the reasons are below.", tests(skipped));
    }
    said
}

/// The counts.
pub(super) fn tiles(record: &Record) -> Markup {
    let of = |outcome| count(record.count(outcome) as u64);
    let measured = record.phases.iter().flat_map(|p| &p.measurements);
    let marginal = measured.clone().filter(|m| m.grade == Grade::Marginal).count() as u64;
    let tiles = [
        ("Passed", of(Outcome::Pass), "at the first attempt"),
        ("Failed", of(Outcome::Fail), "the installation"),
        ("No verdict", of(Outcome::Error), "the rig"),
        ("Not tried", of(Outcome::Skipped), "with the reason"),
        ("Flaky", of(Outcome::Flaky), "passed on being repeated"),
        ("Measurements", count(measured.count() as u64), "each with its limits"),
        ("Marginal", count(marginal), "in the last quarter of a limit"),
        ("Findings", count(record.findings.len() as u64), "before anybody walked"),
    ];
    html! {
        dl.tiles {
            @for (name, value, note) in &tiles {
                div { dt { (name) } dd { span.value { (value) } span.note { (note) } } }
            }
        }
    }
}

/// The lines to sign.
pub(super) fn signatures(record: &Record) -> Markup {
    let lines = [("Tester", &record.about.tester), ("Witness", &record.about.witness)];
    html! {
        section.signatures id="signatures" {
            h2 { "Signatures" }
            p {
                "The tests listed here were carried out as described. What was not tried, and the findings, "
                "are known to both."
            }
            div.lines {
                @for (role, name) in &lines {
                    div.line {
                        span.label { (role) }
                        span.blank { (name) }
                        span.label { "Place, date" }
                        span.blank {}
                        span.label { "Signature" }
                        span.blank {}
                    }
                }
            }
        }
    }
}

/// What made the page.
pub(super) fn foot(record: &Record) -> Markup {
    html! {
        p { "apbrig " (record.about.version) ", " (record.planned) " tests planned." }
        @for note in &record.about.notes { p { (note) } }
    }
}
