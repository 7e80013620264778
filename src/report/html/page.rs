//! The page as a whole: its sections in order, and what stands around them.

use super::{flow, front, reference, rules};
use crate::metrics::Results;
use crate::report::sheet::document;
use crate::report::verdict::Verdict;
use maud::{Markup, html};

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
    let body = html! {
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
    };
    document(&title, &body)
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
