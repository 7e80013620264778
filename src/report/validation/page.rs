//! The page: every figure beside the experiment it is held against, misses included.

use super::table::{band, validation_verdict, value, verdict};
use crate::metrics::validation::{Part, Validation};
use crate::report::chart::{Format, band_chart};
use crate::report::sheet::sheet;
use maud::{Markup, PreEscaped, html};

/// The whole page.
pub(super) fn validation_page(validation: &Validation) -> String {
    let about = html! {
        "How people walk in apbrig, held against what was measured with real people and against the tests of \
         guidelines."
    };
    let sections = html! {
        section {
            p { strong { (validation_verdict(validation)) "." } }
            @let missed: Vec<&Part> = validation.parts.iter().filter(|p| !p.is_met()).collect();
            @if !missed.is_empty() {
                p {
                    "Missed: "
                    @for (i, part) in missed.iter().enumerate() {
                        @if i > 0 { "; " }
                        a href={ "#" (part.name) } { (part.title) }
                    }
                    "."
                }
            }
            p {
                "One set of parameters is used throughout, the one that every run uses. A band is what was \
                 measured or what a guideline accepts; the last column says by whom."
            }
        }
        @for part in &validation.parts { (section(part)) }
    };
    let foot = html! { "Run it again: " code { "apbrig validate" } };
    sheet("Validation of the crowd", &about, &sections, &foot)
}

fn section(part: &Part) -> Markup {
    html! {
        section id=(part.name) {
            h2 { (part.title) }
            p { (part.how) }
            @if let Some(drawing) = band_chart(part, Format::Wide) {
                figure {
                    figcaption { (drawing.title()) }
                    (PreEscaped(drawing.inline("wide")))
                }
            }
            table {
                thead {
                    tr {
                        th { "figure" } th { "simulated" } th { "band" } th { "unit" } th { "" }
                        th { "held against" }
                    }
                }
                tbody {
                    @for figure in &part.figures {
                        tr {
                            td { (figure.what) } td { (value(figure)) } td { (band(figure)) }
                            td { (figure.unit) }
                            td { @if figure.is_met() { "met" } @else { strong { (verdict(figure)) } } }
                            td { (figure.source) }
                        }
                    }
                }
            }
        }
    }
}
