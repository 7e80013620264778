//! A folder of files that stand beside each other, with a folder of charts in it.

use super::ReportError;
use serde::Serialize;
use std::fs;
use std::path::Path;

/// The folder.
pub(super) struct Folder<'a>(&'a Path);

/// A JSON document that names its format.
#[derive(Serialize)]
struct Document<'a, T> {
    schema: &'static str,
    #[serde(flatten)]
    content: &'a T,
}

impl<'a> Folder<'a> {
    /// Makes it, and the folder of its charts.
    ///
    /// # Errors
    /// It cannot be made.
    pub(super) fn make(path: &'a Path) -> Result<Self, ReportError> {
        let charts = path.join("charts");
        fs::create_dir_all(&charts).map_err(|source| ReportError::Folder { path: charts, source })?;
        Ok(Self(path))
    }

    /// Writes a file.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<(), ReportError> {
        let path = self.0.join(name);
        fs::write(&path, text).map_err(|source| ReportError::File { path, source })
    }

    /// Writes a JSON document of this format.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn write_json<T: Serialize>(
        &self,
        name: &str,
        schema: &'static str,
        content: &T,
    ) -> Result<(), ReportError> {
        let wrong = |e: serde_json::Error| ReportError::Format { format: "JSON", message: e.to_string() };
        let mut json = serde_json::to_string_pretty(&Document { schema, content }).map_err(wrong)?;
        json.push('\n');
        self.write(name, &json)
    }
}
