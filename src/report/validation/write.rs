//! The files of a validation's folder.

use super::page::validation_page;
use crate::metrics::validation::Validation;
use crate::report::ReportError;
use crate::report::chart::{Format, band_chart};
use crate::report::folder::Folder;
use std::path::Path;

/// The version of `validation.json`.
const SCHEMA: &str = "apbrig.validation/1";

/// Writes `validation.json`, `validation.csv`, `validation.html` and `charts/*.svg` into a folder, which is
/// made.
///
/// # Errors
/// The folder or a file cannot be written.
pub fn write_validation(folder: &Path, validation: &Validation) -> Result<(), ReportError> {
    let folder = Folder::make(folder)?;
    folder.write_json("validation.json", SCHEMA, validation)?;
    folder.write("validation.csv", &csv(validation)?)?;
    folder.write("validation.html", &validation_page(validation))?;
    for part in &validation.parts {
        if let Some(drawing) = band_chart(part, Format::Wide) {
            folder.write(&format!("charts/{}.svg", part.name), &drawing.document())?;
        }
    }
    Ok(())
}

/// One line for each figure; no limit is an empty field.
fn csv(validation: &Validation) -> Result<String, ReportError> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(["part", "figure", "value", "unit", "low", "high", "met", "source"])?;
    for part in &validation.parts {
        for figure in &part.figures {
            let number = |x: f64| format!("{x:.6}");
            let limit = |x: Option<f64>| x.map_or(String::new(), number);
            writer.write_record([
                part.name,
                &figure.what,
                &number(figure.value),
                figure.unit,
                &limit(figure.band.0),
                &limit(figure.band.1),
                if figure.is_met() { "true" } else { "false" },
                figure.source,
            ])?;
        }
    }
    let bytes =
        writer.into_inner().map_err(|e| ReportError::Format { format: "CSV", message: e.to_string() })?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
