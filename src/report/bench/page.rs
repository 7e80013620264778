//! The page of a bench: what the lane is, what it does to followers, and every cell.

use super::table::{ROTOR, in_words, percent, percent_if};
use crate::metrics::bench::LaneBench;
use crate::report::chart::{Format, gap_chart};
use crate::report::sheet::sheet;
use maud::{Markup, PreEscaped, html};

/// The whole page.
pub(super) fn bench_page(bench: &LaneBench) -> String {
    let title = format!("{}: who follows whom", bench.lane_type);
    let about = html! { (bench.source) };
    let sections = html! {
        (meaning(bench))
        section { h2 { "What geometry and flap allow" } (limits(bench)) }
        section { h2 { "How many a minute" } (stream(bench)) }
        @if !bench.rotor { section { h2 { "Over the gap" } (charts(bench)) } }
        section { h2 { "Nobody behind" } (controls(bench)) }
        section { h2 { "Every cell" } (cells(bench)) }
    };
    let foot = html! {
        "Run it again: "
        code { "apbrig bench-lane " (bench.file) " --seed " (bench.seed) " --trials " (bench.trials) }
    };
    sheet(&title, &about, &sections, &foot)
}

fn meaning(bench: &LaneBench) -> Markup {
    html! {
        section {
            p {
                "Somebody with a grant walks through the lane, and somebody without one behind, at a clear \
                 gap and the same speed. " strong { "Detected" } ": an alarm about a body that the same \
                 trial, run again without the follower, does not raise at that instant: what the leader's \
                 luggage sets off does not count. " strong { "Prevented" } ": the follower did not get \
                 through. " strong { "False alarm" } ": an alarm about a body with nobody behind. "
                strong { "Stopped" } ": somebody with a grant and nobody behind did not get through. "
                (bench.trials) " trials a cell; in brackets the 95 % interval of Clopper and Pearson."
            }
            @if bench.interrupted { p { strong { "Interrupted: what was not finished is missing." } } }
        }
    }
}

fn limits(bench: &LaneBench) -> Markup {
    if bench.rotor {
        return html! { p { (ROTOR) } };
    }
    html! {
        p {
            "Nearer than the first gap the flap cannot begin to close; nearer than the second it opens again \
             before it is shut; from the third on the follower meets a shut flap: an intrusion. They follow \
             from where the beams by the flap stand and from its closing time, from the order to shut, ramps \
             included; a scan makes them up to a scan's way wider or narrower. They hold for bodies that the \
             beams see as one, and for whoever goes neither over the leaves nor under the beams; the charts \
             show them beside what was simulated."
        }
        table {
            thead {
                tr {
                    th { "speed, m/s" } th { "no close, m" } th { "prevention, m" } th { "class change, m" }
                }
            }
            tbody {
                @for l in &bench.limits {
                    tr {
                        td { (format!("{:.2}", l.speed_m_s)) } td { (format!("{:.2}", l.no_close_m)) }
                        td { (format!("{:.2}", l.prevention_m)) } td { (format!("{:.2}", l.class_change_m)) }
                    }
                }
            }
        }
    }
}

fn charts(bench: &LaneBench) -> Markup {
    html! {
        @for kind in bench.kinds() {
            @for limits in &bench.limits {
                @if let Some(drawing) = gap_chart(bench, limits, kind, Format::Wide) {
                    figure {
                        figcaption { (drawing.title()) }
                        (PreEscaped(drawing.inline("wide")))
                    }
                }
            }
        }
    }
}

fn stream(bench: &LaneBench) -> Markup {
    html! {
        @match &bench.throughput {
            Some(stream) => p { (in_words(stream)) },
            None => p { "Not simulated: interrupted before." },
        }
    }
}

fn controls(bench: &LaneBench) -> Markup {
    html! {
        table {
            thead {
                tr { th { "who" } th { "with" } th { "m/s" } th { "false alarms, %" } th { "stopped, %" } }
            }
            tbody {
                @for c in &bench.controls {
                    tr {
                        td { (c.body) } td { (c.luggage) } td { (format!("{:.2}", c.speed_m_s)) }
                        td { (percent_if(c.false_alarms.as_ref())) } td { (percent(&c.stopped)) }
                    }
                }
            }
        }
    }
}

fn cells(bench: &LaneBench) -> Markup {
    html! {
        table {
            thead {
                tr {
                    th { "follower" } th { "leader with" } th { "gap, m" } th { "m/s" } th { "detected, %" }
                    th { "prevented, %" }
                }
            }
            tbody {
                @for c in &bench.cells {
                    tr {
                        td { (c.body) } td { (c.luggage) } td { (format!("{:.2}", c.gap_m)) }
                        td { (format!("{:.2}", c.speed_m_s)) } td { (percent_if(c.detection.as_ref())) }
                        td { (percent(&c.prevention)) }
                    }
                }
            }
        }
    }
}
