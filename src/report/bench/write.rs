//! The files of a bench's folder.

use super::page::bench_page;
use crate::metrics::bench::{LaneBench, Rate};
use crate::report::ReportError;
use crate::report::chart::{Format, gap_chart};
use crate::report::folder::Folder;
use std::path::Path;

/// The version of `bench.json`.
const SCHEMA: &str = "apbrig.bench/1";

/// Writes `bench.json`, `bench.csv`, `bench.html` and `charts/*.svg` into a folder, which is made.
///
/// # Errors
/// The folder or a file cannot be written.
pub fn write_bench(folder: &Path, bench: &LaneBench) -> Result<(), ReportError> {
    let folder = Folder::make(folder)?;
    folder.write_json("bench.json", SCHEMA, bench)?;
    folder.write("bench.csv", &csv(bench)?)?;
    folder.write("bench.html", &bench_page(bench))?;
    for (number, limits) in (1..).zip(&bench.limits) {
        for (kind, drawing) in bench
            .kinds()
            .into_iter()
            .filter_map(|kind| Some((kind, gap_chart(bench, limits, kind, Format::Wide)?)))
        {
            let plain =
                |text: &str| text.replace(|c: char| !c.is_ascii_alphanumeric(), "-").replace("--", "-");
            let name = format!("charts/{}-{}-{number}.svg", plain(kind.0), plain(kind.1));
            folder.write(&name, &drawing.document())?;
        }
    }
    Ok(())
}

/// One line for each cell and each control, whose gap is empty.
fn csv(bench: &LaneBench) -> Result<String, ReportError> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let head = ["gap_m", "speed_m_s", "body", "luggage", "measure", "hits", "trials", "share", "low", "high"];
    writer.write_record(head)?;
    let mut row = |gap: Option<f64>, speed: f64, who: [&str; 2], measure: &str, rate: &Rate| {
        let number = |x: f64| format!("{x:.6}");
        let share = rate.share().map_or(String::new(), number);
        let gap = gap.map_or(String::new(), |g| g.to_string());
        let (low, high) = (number(rate.interval.0), number(rate.interval.1));
        let (hits, trials) = (rate.hits.to_string(), rate.trials.to_string());
        let speed = speed.to_string();
        writer.write_record([
            gap.as_str(),
            &speed,
            who[0],
            who[1],
            measure,
            &hits,
            &trials,
            &share,
            &low,
            &high,
        ])
    };
    for cell in &bench.cells {
        let who = [cell.body.as_str(), cell.luggage.as_str()];
        if let Some(detection) = &cell.detection {
            row(Some(cell.gap_m), cell.speed_m_s, who, "detected", detection)?;
        }
        row(Some(cell.gap_m), cell.speed_m_s, who, "prevented", &cell.prevention)?;
    }
    for control in &bench.controls {
        let who = [control.body.as_str(), control.luggage.as_str()];
        if let Some(false_alarms) = &control.false_alarms {
            row(None, control.speed_m_s, who, "false_alarms", false_alarms)?;
        }
        row(None, control.speed_m_s, who, "stopped", &control.stopped)?;
    }
    let bytes =
        writer.into_inner().map_err(|e| ReportError::Format { format: "CSV", message: e.to_string() })?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
