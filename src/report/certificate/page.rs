//! The certificate as a whole.

use super::{details, front, matrix};
use crate::commission::Record;
use crate::report::sheet::styled;
use maud::{Markup, html};

/// What a certificate needs beside the style of all pages.
const STYLE: &str = include_str!("../../../assets/certificate.css");

/// The printable certificate.
pub fn certificate(record: &Record) -> String {
    let section = |id: &str, title: &str, content: Option<Markup>| {
        html! {
            @if let Some(content) = content {
                section id=(id) { h2 { (title) } (content) }
            }
        }
    };
    let body = html! {
        header { (front::masthead(record)) }
        main {
            (front::verdict(record))
            (front::tiles(record))
            (front::signatures(record))
            (section("failures", "What did not pass", details::failures(record)))
            (section("findings", "What was found before anybody walked", details::findings(record)))
            (section("readers", "Every reader", matrix::of(record, "reader")))
            (section("lanes", "Every lane", matrix::of(record, "lane")))
            (section("areas", "Areas and the site", matrix::rest(record)))
            (section("skipped", "What was not tried, and why", details::skipped(record)))
            (section("devices", "Devices", details::devices(record)))
            (section("measurements", "Every measurement", details::measurements(record)))
        }
        footer { (front::foot(record)) }
    };
    let title = format!("Acceptance certificate: {}", record.site);
    styled(&title, STYLE, &body)
}
