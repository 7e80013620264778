//! The console summary: verdict first, then the handful of figures that matter, then where to go on.

use super::verdict::{Verdict, broken, mark_and_word, subject};
use super::words;
use crate::metrics::Results;
use crate::metrics::results::Outcome;
use std::path::Path;

/// How the summary is dressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Whether escape sequences for colour are written. Nothing is said by colour alone.
    pub colour: bool,
}

/// Width of the column of names.
const NAME_WIDTH: usize = 22;

/// One run in a screenful. `folder` is where its files are, if any were written.
pub fn summary(results: &Results, folder: Option<&Path>, style: Style) -> String {
    let mut out = String::new();
    head(&mut out, results, style);
    failures(&mut out, results, style);
    figures(&mut out, results);
    foot(&mut out, results, folder, style);
    out
}

fn head(out: &mut String, results: &Results, style: Style) {
    let verdict = Verdict::of(results);
    let banner = format!("{} {}", verdict.mark, verdict.word);
    let run = format!("  {} · {} · seed {}", results.scenario, results.site, results.seed);
    style.line(out, &[(tint(results.outcome), &banner), (PLAIN, &run)]);
    if !results.title.is_empty() {
        line(out, &format!("  {}", results.title));
    }
    line(out, &format!("  {}", verdict.reason));
}

fn failures(out: &mut String, results: &Results, style: Style) {
    let mut failures = broken(results).peekable();
    if failures.peek().is_some() {
        line(out, "");
    }
    for checked in failures {
        let (mark, _) = mark_and_word(checked.outcome);
        let about = match subject(checked) {
            title if title == checked.measure => format!(" {title}"),
            title => format!(" {title} ({})", checked.measure),
        };
        style.line(out, &[(PLAIN, "  "), (tint(checked.outcome), mark), (PLAIN, &about)]);
        line(out, &format!("      had to be    {}", checked.bound));
        line(out, &format!("      came out as  {}", checked.value));
    }
}

fn figures(out: &mut String, results: &Results) {
    let get = |name: &str| words::named(results, name);
    line(out, "");
    row(out, "simulated", &format!("{} from {}", words::duration(results.simulated), results.start));
    row(out, "through the gates", &format!("{} in, {} out", get("bodies_in"), get("bodies_out")));
    row(
        out,
        "throughput",
        &format!("{} mean, {} at best", get("throughput_ppm_mean"), get("throughput_ppm_best")),
    );
    row(out, "waiting", &format!("{} median, {} for 95 % of people", get("wait_s_p50"), get("wait_s_p95")));
    row(
        out,
        "tailgating",
        &format!(
            "{}: {} detected, {} prevented, {} got through",
            attempts(results, "tailgate_attempts"),
            get("tailgate_detected"),
            get("tailgate_prevented"),
            get("tailgate_passed")
        ),
    );
    row(
        out,
        "passback",
        &format!(
            "{}: {} denied, {} flagged, {} missed",
            attempts(results, "passback_attempts"),
            get("passback_denied"),
            get("passback_flagged"),
            get("passback_missed")
        ),
    );
    row(out, "honest people refused", &get("false_denials"));
    let inside = [get("people_inside_true"), get("people_inside_believed")];
    row(out, "inside at the end", &format!("{} in truth, {} believed", inside[0], inside[1]));
}

fn attempts(results: &Results, name: &str) -> String {
    let is_one = words::figure(results, name) == Some(1.0);
    format!("{} {}", words::named(results, name), words::plural(u64::from(is_one), "attempt", "attempts"))
}

fn foot(out: &mut String, results: &Results, folder: Option<&Path>, style: Style) {
    line(out, "");
    if let Some(folder) = folder {
        row(out, "report", &folder.join("report.html").display().to_string());
    }
    row(out, "digest", &results.digest);
    let name = format!("  {:NAME_WIDTH$}", "reproduce");
    style.line(out, &[(PLAIN, &name), (BOLD, &results.reproduce)]);
}

fn row(out: &mut String, name: &str, value: &str) {
    line(out, &format!("  {name:NAME_WIDTH$}{value}"));
}

/// One line, never coloured.
fn line(out: &mut String, text: &str) {
    Style::default().line(out, &[(PLAIN, text)]);
}

/// No colour.
const PLAIN: &str = "";

/// Bold, in the terminal's own colour.
const BOLD: &str = "1";

/// The colour of an outcome.
fn tint(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "1;32",
        Outcome::Fail => "1;31",
        Outcome::Error | Outcome::Aborted => "1;33",
    }
}

impl Style {
    /// One line of pieces, each with its colour. Control characters that a name might smuggle into the
    /// terminal are left out, and spaces that do not break become plain ones, for searching.
    fn line(self, out: &mut String, pieces: &[(&str, &str)]) {
        for (colour, text) in pieces {
            let painted = self.colour && !colour.is_empty();
            if painted {
                out.push_str(&format!("\u{1b}[{colour}m"));
            }
            out.extend(text.chars().filter(|c| !c.is_control()).map(|c| if c == '\u{a0}' { ' ' } else { c }));
            if painted {
                out.push_str("\u{1b}[0m");
            }
        }
        out.push('\n');
    }
}
