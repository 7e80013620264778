//! What a commissioning leaves in its folder.

use crate::apb::site::Site;
use crate::commission::Record;
use crate::commission::plan::Acceptance;
use crate::commission::progress::{append, begin, read};
use crate::commission::record::{PhaseResult, record_json};
use crate::report::{certificate, certificate_junit};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// What has been done so far.
const PROGRESS: &str = "progress.jsonl";

/// Why something cannot be kept or gone on with.
#[derive(Debug, thiserror::Error)]
pub(super) enum FileError {
    #[error("cannot write {}: {source}; choose another --out, or make room there", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("{}: {why}", path.display())]
    Progress { path: PathBuf, why: String },
    #[error(
        "there is a commissioning in {} that was broken off: go on with --resume, or choose another --out",
        folder.display()
    )]
    Begun { folder: PathBuf },
}

/// The folder of one commissioning.
pub(super) struct Folder {
    path: PathBuf,
    progress: File,
}

impl Folder {
    /// Opens a folder; what of the plan is done already, if it is gone on with.
    pub(super) fn open(
        path: &Path,
        resume: bool,
        (plan, site): (&Acceptance, &Site),
    ) -> Result<(Self, Vec<PhaseResult>), FileError> {
        let wrong = |path: &Path| {
            let path = path.to_owned();
            move |source| FileError::Write { path, source }
        };
        fs::create_dir_all(path).map_err(wrong(path))?;
        let at = path.join(PROGRESS);
        let (mut done, mut is_new) = (Vec::new(), true);
        match fs::read_to_string(&at) {
            Ok(text) if resume => {
                let why = |error: crate::commission::progress::ProgressError| FileError::Progress {
                    path: at.clone(),
                    why: error.to_string(),
                };
                done = read(&text, plan, site).map_err(why)?;
                is_new = false;
            }
            Ok(_) if !path.join("commission.json").exists() => {
                return Err(FileError::Begun { folder: path.to_owned() });
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(wrong(&at)(error)),
        }
        let mut options = OpenOptions::new();
        options.write(true).create(true).append(!is_new).truncate(is_new);
        let mut progress = options.open(&at).map_err(wrong(&at))?;
        if is_new {
            // What an earlier one left is of another plan, or done.
            for name in ["commission.json", "certificate.html", "junit.xml"] {
                let old = path.join(name);
                match fs::remove_file(&old) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(wrong(&old)(error)),
                    Ok(()) | Err(_) => {}
                }
            }
            begin(&mut progress, plan, site).map_err(wrong(&at))?;
        }
        Ok((Self { path: path.to_owned(), progress }, done))
    }

    /// Keeps the result of a phase.
    pub(super) fn keep(&mut self, result: &PhaseResult) -> io::Result<()> {
        append(&mut self.progress, result)
    }

    /// Writes the certificate, the record and the JUnit file.
    pub(super) fn finish(&self, record: &Record, junit: Option<&Path>) -> Result<(), FileError> {
        let write = |path: &Path, text: &str| {
            let wrong = |source| FileError::Write { path: path.to_owned(), source };
            fs::write(path, text).map_err(wrong)
        };
        write(&self.path.join("certificate.html"), &certificate(record))?;
        write(&self.path.join("commission.json"), &record_json(record))?;
        let own = self.path.join("junit.xml");
        let xml = certificate_junit(record);
        let xml = xml.map_err(|error| FileError::Progress { path: own.clone(), why: error.to_string() })?;
        write(&own, &xml)?;
        junit.map_or(Ok(()), |path| write(path, &xml))
    }
}
