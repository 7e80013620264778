//! The files of a run folder that come from the results.

use super::{charts, html, json, junit};
use crate::metrics::Results;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A report that could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A folder could not be made.
    #[error("cannot make the folder `{path}`; choose a folder that may be written, or free some space")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file could not be written.
    #[error("cannot write `{path}`; close it elsewhere, free some space or choose another folder")]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The trajectories could not be written.
    #[error("cannot write `{path}`: {source}; free some space or choose another folder")]
    Trajectories {
        /// The file.
        path: PathBuf,
        /// What the database says.
        source: rusqlite::Error,
    },
    /// The results do not fit a format.
    #[error("cannot put the results into {format}: {message}; please report this as a defect of apbrig")]
    Format {
        /// The format.
        format: &'static str,
        /// What the format's writer says.
        message: String,
    },
    /// A journal entry could not be written as a line of events.
    #[error("cannot write the next line of events: {0}; free some space or choose another folder")]
    Events(#[from] ::csv::Error),
}

impl ReportError {
    /// Whether whoever read along has gone, as `head` does when it has seen enough.
    pub fn is_broken_pipe(&self) -> bool {
        match self {
            Self::Events(error) => matches!(
                error.kind(),
                ::csv::ErrorKind::Io(source) if source.kind() == io::ErrorKind::BrokenPipe
            ),
            Self::Folder { .. } | Self::File { .. } | Self::Trajectories { .. } | Self::Format { .. } => {
                false
            }
        }
    }
}

/// Writes `report.html`, `results.json`, `junit.xml` and `charts/*.svg` into `folder`, which is made if need
/// be.
///
/// `events.csv` comes from the journal and is written while the record is read: see
/// [`EventsCsv`](super::EventsCsv).
///
/// # Errors
/// A folder or file that cannot be written, by name.
pub fn write_all(folder: &Path, results: &Results) -> Result<(), ReportError> {
    let charts_folder = folder.join("charts");
    fs::create_dir_all(&charts_folder)
        .map_err(|source| ReportError::Folder { path: charts_folder.clone(), source })?;
    write(folder.join("results.json"), &json::results_json(results)?)?;
    write(folder.join("junit.xml"), &junit::junit_of([results], &[])?)?;
    for chart in charts(results) {
        write(charts_folder.join(chart.file), &chart.svg)?;
    }
    write(folder.join("report.html"), &html::page(results))?;
    Ok(())
}

fn write(path: PathBuf, text: &str) -> Result<(), ReportError> {
    fs::write(&path, text).map_err(|source| ReportError::File { path, source })?;
    Ok(())
}
