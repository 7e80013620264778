//! A page of its own that works offline: the frame of those that are not about a run.

use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The style sheet, that of all reports.
const STYLE: &str = include_str!("../../assets/report.css");

/// What the page may load: nothing but its own styles.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// The whole page: a line below the title, the sections, and the foot.
pub(super) fn sheet(title: &str, about: &Markup, sections: &Markup, foot: &Markup) -> String {
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
                header { h1 { (title) } p { (about) } }
                main { (sections) }
                footer { p { (foot) } }
            }
        }
    };
    page.into_string().replace(|c: char| c.is_control() && c != '\n', "")
}
