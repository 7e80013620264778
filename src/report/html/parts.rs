//! Parts that several sections are built from: tables that scroll on phones, charts in two widths, cut-off
//! notes.

use crate::report::chart::Drawing;
use crate::report::{definitions, words};
use maud::{Markup, PreEscaped, html};

/// Rows shown of a long list; the rest is in `events.csv`.
pub(super) const ROWS_MAX: usize = 200;

/// A table of at most this many rows stays on one page of paper.
const SHORT_ROWS: usize = 14;

/// How a column is set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// Text, to the left.
    Text(&'static str),
    /// Text that stays on one line.
    Brief(&'static str),
    /// A mark with a word before the cell that heads the row.
    Mark(&'static str),
    /// A number, to the right.
    Number(&'static str),
}

/// A table with a caption. Each row is the cells of [`Column`]s in order; the first cell that is no mark
/// heads its row.
pub(super) fn table(
    caption: &str,
    columns: &[Column],
    rows: impl IntoIterator<Item = Vec<Markup>>,
) -> Markup {
    let rows: Vec<_> = rows.into_iter().collect();
    let short = if rows.len() <= SHORT_ROWS { "short" } else { "long" };
    let heading = columns.iter().position(|c| !matches!(c, Column::Mark(_)));
    html! {
        div.scroll.(short) role="region" aria-label=(caption) tabindex="0" {
            table.(if columns.len() == 2 { "compact" } else { "full" }) {
                caption { (caption) }
                thead {
                    tr {
                        @for column in columns {
                            @match column {
                                Column::Number(name) => th.number scope="col" { (name) },
                                Column::Text(name) | Column::Brief(name) | Column::Mark(name) => {
                                    th scope="col" { (name) }
                                }
                            }
                        }
                    }
                }
                tbody {
                    @for row in rows {
                        tr {
                            @for (i, (cell, column)) in row.iter().zip(columns).enumerate() {
                                (self::cell(cell, *column, Some(i) == heading))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn cell(content: &Markup, column: Column, heads: bool) -> Markup {
    let class = match column {
        Column::Text(_) => None,
        Column::Brief(_) | Column::Mark(_) => Some("brief"),
        Column::Number(_) => Some("number"),
    };
    html! {
        @if heads {
            th scope="row" class=[class] { (content) }
        } @else {
            td class=[class] { (content) }
        }
    }
}

/// Plain text as a cell.
pub(super) fn text(text: impl AsRef<str>) -> Markup {
    html! { (text.as_ref()) }
}

/// A mark with its word; the mark alone is for the eye only.
pub(super) fn marked(class: &str, mark: &str, word: &str) -> Markup {
    html! { span.mark.(class) { span aria-hidden="true" { (mark) } " " (word) } }
}

/// What is missing from a list that was cut off.
pub(super) fn and_more(total: usize) -> Markup {
    let more = total.saturating_sub(ROWS_MAX) as u64;
    html! {
        @if more > 0 {
            p.note { "… and " (words::count(more)) " more in " code { "events.csv" } "." }
        }
    }
}

/// A chart in both widths; the style sheet shows the one that fits.
pub(super) fn chart(wide: &Drawing, narrow: &Drawing) -> Markup {
    html! {
        figure {
            (PreEscaped(wide.inline("wide")))
            (PreEscaped(narrow.inline("narrow")))
            figcaption { strong { (wide.title()) ". " } (wide.alternative()) }
        }
    }
}

/// The title of a measure, with its meaning for whoever points at it.
pub(super) fn term(name: &str) -> Markup {
    html! {
        @match definitions::of(name) {
            Some(d) => abbr title=(d.meaning) { (d.title) },
            None => (words::spaced(name)),
        }
    }
}
