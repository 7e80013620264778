//! People inside, throughput and waiting: the day as curves and tables.

use super::parts::{Column, chart, table, text};
use crate::apb::id::Direction;
use crate::metrics::Results;
use crate::report::chart::{self, Format};
use crate::report::words;
use maud::{Markup, html};

/// Believed and true, per area.
pub(super) fn occupancy(results: &Results) -> Option<Markup> {
    if results.occupancy.is_empty() {
        return None;
    }
    let drawn = chart::drawn_areas(results).count();
    let rest = results.occupancy.len().saturating_sub(drawn);
    let get = |name: &str| words::named(results, name);
    Some(html! {
        p {
            "The solid line is how many people were truly inside, the dashed line how many the controller "
            "believed inside. Where the two part, a muster list would be wrong. The largest difference that "
            "lasted 2 s or more was " strong { (get("occupancy_drift_max")) }
            "; at the end the list would have been wrong by " strong { (get("muster_error")) } "."
        }
        @for area in chart::drawn_areas(results) {
            (chart(
                &chart::occupancy(results, area, Format::Wide),
                &chart::occupancy(results, area, Format::Narrow),
            ))
        }
        @if drawn == 0 {
            p.note { "Nobody was inside any area at any time." }
        } @else if rest > 0 {
            p.note {
                (words::count(rest as u64)) " more " (words::plural(rest as u64, "area is", "areas are"))
                " not drawn."
            }
        }
    })
}

/// Bodies per minute, per lane and way.
pub(super) fn throughput(results: &Results) -> Option<Markup> {
    let wide = chart::lanes(results, Format::Wide)?;
    let narrow = chart::lanes(results, Format::Narrow)?;
    let columns = [
        Column::Brief("Lane"),
        Column::Brief("Way"),
        Column::Number("Bodies"),
        Column::Number("with a grant"),
        Column::Number("Mean per min"),
        Column::Number("Best minute"),
        Column::Number("Median wait"),
        Column::Number("95 % wait"),
        Column::Number("Longest queue"),
    ];
    let rows = results.lanes.iter().map(|lane| {
        let way = match lane.direction {
            Direction::In => "→ in",
            Direction::Out => "← out",
        };
        vec![
            text(&lane.lane),
            text(way),
            text(words::count(lane.bodies)),
            text(words::count(lane.attributed)),
            text(or_dash(lane.mean_ppm, |mean| format!("{mean:.1}"))),
            text(words::number(lane.best_ppm)),
            text(or_dash(lane.wait_p50_s, |wait| words::value(wait, "s"))),
            text(or_dash(lane.wait_p95_s, |wait| words::value(wait, "s"))),
            text(words::count(u64::from(lane.queue_max))),
        ]
    });
    Some(html! {
        (chart(&wide, &narrow))
        (table("Every lane and way that was used", &columns, rows))
    })
}

/// A figure, or a dash where there was nothing to measure.
fn or_dash(figure: Option<f64>, shown: impl Fn(f64) -> String) -> String {
    figure.map_or_else(|| "–".into(), shown)
}

/// How long people waited.
pub(super) fn waiting(results: &Results) -> Option<Markup> {
    let wide = chart::waits(results, Format::Wide)?;
    let narrow = chart::waits(results, Format::Narrow)?;
    let get = |name: &str| words::named(results, name);
    Some(html! {
        p {
            "Half of the people waited no longer than " strong { (get("wait_s_p50")) }
            " for their turn, 95 of 100 no longer than " strong { (get("wait_s_p95")) }
            "; the longest wait was " strong { (get("wait_s_max")) }
            " and the longest queue held " strong { (get("queue_max")) }
            ". From the reader until through the gate took " strong { (get("service_s_p50")) }
            " (median) and " strong { (get("service_s_p95")) } " (95 of 100). "
            strong { (get("gave_up")) } " gave up, and "
            strong { (get("still_queued")) } " still waited at the end."
        }
        (chart(&wide, &narrow))
    })
}
