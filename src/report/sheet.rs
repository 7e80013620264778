//! The frame of every page: one file that works offline.

use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The style sheet of all pages.
const STYLE: &str = include_str!("../../assets/report.css");

/// What a page may load: nothing but its own styles.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// A whole page with this title and this body.
pub(super) fn document(title: &str, body: &Markup) -> String {
    styled(title, "", body)
}

/// The same with more style.
pub(super) fn styled(title: &str, more: &str, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) (PreEscaped(more)) }
            }
            body { (body) }
        }
    };
    // HTML has no place for control characters, not even escaped.
    page.into_string().replace(|c: char| c.is_control() && c != '\n', "")
}

/// A page that is not about a run: a line below the title, the sections, and the foot.
pub(super) fn sheet(title: &str, about: &Markup, sections: &Markup, foot: &Markup) -> String {
    let body = html! {
        header { h1 { (title) } p { (about) } }
        main { (sections) }
        footer { p { (foot) } }
    };
    document(title, &body)
}
