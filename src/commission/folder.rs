//! The folder of one commissioning: what has been done so far, and at its end what came of it. What is
//! finished is never written over.

use super::progress::{ProgressError, Undertaking, append, begin, read};
use super::record::{PhaseResult, Record, record_json};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// What has been done so far.
const PROGRESS: &str = "progress.jsonl";

/// What is written last: where it is, the commissioning is finished.
const RECORD: &str = "commission.json";

/// Why something cannot be kept or gone on with.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// A file cannot be read or written.
    #[error("cannot write {}: {source}; choose another --out, or make room there", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// What is there is not what was done of this plan on this station.
    #[error("{}: {why}", path.display())]
    Progress {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: ProgressError,
    },
    /// There is one that was broken off, and nobody said that it is to be gone on with.
    #[error(
        "there is a commissioning in {} that was broken off: go on with --resume, or choose another --out",
        folder.display()
    )]
    Begun {
        /// Where.
        folder: PathBuf,
    },
    /// There is a finished one.
    #[error("there is a finished commissioning in {}, which is kept: choose another --out", folder.display())]
    Finished {
        /// Where.
        folder: PathBuf,
    },
}

/// Where a commissioning will go. Nothing has been written yet.
#[derive(Debug)]
pub struct Found {
    path: PathBuf,
    /// What is done already; `None`: it begins.
    done: Option<Vec<PhaseResult>>,
}

impl Found {
    /// The folder that the user names.
    ///
    /// # Errors
    /// There is another commissioning in it.
    pub fn named(path: &Path, resume: bool, of: &Undertaking<'_>) -> Result<Self, FolderError> {
        if path.join(RECORD).exists() {
            return Err(FolderError::Finished { folder: path.to_owned() });
        }
        let at = path.join(PROGRESS);
        let done = match fs::read_to_string(&at) {
            Ok(text) if resume => {
                Some(read(&text, of).map_err(|why| FolderError::Progress { path: at, why })?)
            }
            Ok(_) => return Err(FolderError::Begun { folder: path.to_owned() }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(FolderError::Write { path: at, source }),
        };
        Ok(Self { path: path.to_owned(), done })
    }

    /// A folder of this name, or of the first one with a number behind it in which there is no finished
    /// commissioning: `desk`, `desk-2`, `desk-3`.
    ///
    /// # Errors
    /// As [`named`](Self::named).
    pub fn free(path: &Path, resume: bool, of: &Undertaking<'_>) -> Result<Self, FolderError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let numbered = (2_u64..).map(|number| path.with_file_name(format!("{name}-{number}")));
        let mut all = std::iter::once(path.to_owned()).chain(numbered);
        let free = all.find(|path| !path.join(RECORD).exists());
        Self::named(&free.unwrap_or_else(|| path.to_owned()), resume, of)
    }

    /// Opens it for what comes; what is done already.
    ///
    /// # Errors
    /// It cannot be written to.
    pub fn open(self, of: &Undertaking<'_>) -> Result<(Folder, Vec<PhaseResult>), FolderError> {
        let Self { path, done } = self;
        let at = path.join(PROGRESS);
        let wrong = |path: &Path| {
            let path = path.to_owned();
            move |source| FolderError::Write { path, source }
        };
        fs::create_dir_all(&path).map_err(wrong(&path))?;
        let mut options = OpenOptions::new();
        // What somebody else has begun here meanwhile is theirs.
        options.append(true).create_new(done.is_none());
        let mut progress = options.open(&at).map_err(wrong(&at))?;
        if done.is_none() {
            begin(&mut progress, of).map_err(wrong(&at))?;
        }
        Ok((Folder { path, progress }, done.unwrap_or_default()))
    }
}

/// The folder of one commissioning.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    progress: File,
}

impl Folder {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Keeps the result of a phase.
    ///
    /// # Errors
    /// The file's.
    pub fn keep(&mut self, result: &PhaseResult) -> io::Result<()> {
        append(&mut self.progress, result)
    }

    /// Writes these files, by name, and then the record: from then on it is finished.
    ///
    /// # Errors
    /// One of them cannot be written.
    pub fn finish(&self, record: &Record, files: &[(&str, &str)]) -> Result<(), FolderError> {
        let json = record_json(record);
        for (name, text) in files.iter().chain(&[(RECORD, json.as_str())]) {
            let path = self.path.join(name);
            fs::write(&path, text).map_err(|source| FolderError::Write { path, source })?;
        }
        Ok(())
    }
}
