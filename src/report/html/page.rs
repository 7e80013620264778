//! The page as a whole: its sections in order, and what stands around them.

use super::{flow, front, reference, rules};
use crate::metrics::Results;
use crate::report::verdict::Verdict;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The page's style sheet.
const STYLE: &str = include_str!("../../../assets/report.css");

/// What the page may load: nothing but its own styles.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// One section: its anchor, its heading and its content, if there is any.
struct Section {
    id: &'static str,
    title: &'static str,
    content: Option<Markup>,
}

impl Section {
    fn new(id: &'static str, title: &'static str, content: Option<Markup>) -> Self {
        Self { id, title, content }
    }
}

/// The whole page.
pub fn page(results: &Results) -> String {
    let verdict = Verdict::of(results);
    let sections = [
        Section::new("expectations", "What was expected", front::expectations(results)),
        Section::new("occupancy", "People inside over the day", flow::occupancy(results)),
        Section::new("throughput", "Throughput per lane", flow::throughput(results)),
        Section::new("waiting", "Waiting times", flow::waiting(results)),
        Section::new("tailgating", "Tailgating", rules::tailgating(results)),
        Section::new("passback", "Passback and violations", rules::passback(results)),
        Section::new("alerts", "Alerts", rules::alerts(results)),
        Section::new("denials", "Refused reads by reason", rules::denials(results)),
        Section::new("measures", "Every measure", reference::measures(results)),
        Section::new("glossary", "Words used here", Some(reference::glossary())),
        Section::new("reproduce", "Run it again", Some(reference::reproduce(results))),
    ];
    let title = format!("{}: {}, seed {}", verdict.word, results.scenario, results.seed);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#verdict" { "Skip to the verdict" }
                header { (front::masthead(results)) }
                main {
                    (front::verdict(results, &verdict))
                    (front::tiles(results))
                    (contents(&sections))
                    @for section in &sections {
                        (shown(section))
                    }
                }
                footer { (reference::footer(results)) }
            }
        }
    };
    // HTML has no place for control characters, not even escaped.
    page.into_string().replace(|c: char| c.is_control() && c != '\n', "")
}

fn contents(sections: &[Section]) -> Markup {
    html! {
        nav aria-label="Contents" {
            ul {
                @for section in sections.iter().filter(|s| s.content.is_some()) {
                    li { a href={ "#" (section.id) } { (section.title) } }
                }
            }
        }
    }
}

fn shown(section: &Section) -> Markup {
    html! {
        @if let Some(content) = &section.content {
            section id=(section.id) aria-labelledby={ (section.id) "-title" } {
                h2 id={ (section.id) "-title" } { (section.title) }
                (content)
            }
        }
    }
}
