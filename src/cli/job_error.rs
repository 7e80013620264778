//! Why a run could not be made or kept.

use crate::record::error::RecordError;
use crate::report::ReportError;
use std::io;
use std::path::PathBuf;

/// Why a run could not be made or kept.
#[derive(Debug, thiserror::Error)]
pub(super) enum JobError {
    #[error("cannot write {}: {source}; choose another --out, or make room there", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("the rig does not fit the site: {0}")]
    BadRig(String),
    #[error("the rig failed, so there is no verdict: {0}")]
    Rig(String),
    #[error("cannot write the record: {0}")]
    Record(#[from] RecordError),
    #[error(transparent)]
    Report(#[from] ReportError),
}
