//! What can be wrong with a journal file, and how to mend it.

use super::chain::Fault;
use super::hash::Hash;
use std::io;
use std::path::PathBuf;

/// What can be wrong with a journal file.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another live controller has it open.
    #[error(
        "{}: another controller is writing this journal; stop that one first, or give this one a journal of \
         its own", path.display()
    )]
    InUse {
        /// The journal.
        path: PathBuf,
    },
    /// The file is something else.
    #[error(
        "{}: this is no journal of apbrig ({found}); name the file that a live controller keeps{}",
        path.display(), if *may_begin { ", or a file that does not exist yet" } else { "" }
    )]
    NotAJournal {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        found: String,
        /// Whether a new journal may be begun in place of reading one.
        may_begin: bool,
    },
    /// The journal is of another version.
    #[error(
        "{}: the journal has version {found}, this apbrig reads version {expected}; read it with the apbrig \
         that wrote it", path.display()
    )]
    Version {
        /// The journal.
        path: PathBuf,
        /// The version it names.
        found: i64,
        /// The version that is read here.
        expected: i64,
    },
    /// The journal is of another site.
    #[error(
        "{}: the journal is of the site {found}, not of {expected}; open it with the very site it was begun \
         with, or begin a new journal", path.display()
    )]
    OtherSite {
        /// The journal.
        path: PathBuf,
        /// The site it was begun with, name and fingerprint.
        found: String,
        /// The site it was to be opened with, name and fingerprint.
        expected: String,
    },
    /// The journal is not what was written.
    #[error(
        "{}: {fault}; do not go on from it: keep the file as evidence and begin a new journal",
        path.display()
    )]
    Tampered {
        /// The journal.
        path: PathBuf,
        /// The first thing that is wrong.
        fault: Fault,
    },
    /// A hash noted earlier is not in the journal.
    #[error(
        "{}: the noted hash {noted} is not in the journal, which ends with {last}: it was written anew since \
         the hash was noted, or the hash is of another journal", path.display()
    )]
    NotNoted {
        /// The journal.
        path: PathBuf,
        /// The hash that was noted.
        noted: Hash,
        /// The hash that the journal ends with.
        last: Hash,
    },
    /// An entry has its hash but says nothing that can be read.
    #[error(
        "{}: entry {seq} cannot be read ({source}); another version of apbrig wrote it, read it with that",
        path.display()
    )]
    Event {
        /// The journal.
        path: PathBuf,
        /// The entry's number.
        seq: u64,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// Something has no form in JSON.
    #[error("{}: {what} cannot be written down ({source}); this is a fault of apbrig", path.display())]
    Encode {
        /// The journal.
        path: PathBuf,
        /// What it is.
        what: &'static str,
        /// Why not.
        source: serde_json::Error,
    },
    /// Entries that do not follow those in the journal.
    #[error(
        "{}: entry {found} does not follow the {expected} entries in the journal; a journal takes the \
         entries of one controller, each once", path.display()
    )]
    OutOfStep {
        /// The journal.
        path: PathBuf,
        /// The number of the entry.
        found: u64,
        /// How many entries there are.
        expected: u64,
    },
    /// Somebody else wrote to the journal while it was open.
    #[error(
        "{}: something else wrote to this journal while it was open; find out what, verify the journal, and \
         open it again", path.display()
    )]
    Interfered {
        /// The journal.
        path: PathBuf,
    },
    /// The database failed.
    #[error(
        "{}: the journal cannot be {doing} ({source}); check the space left, the permissions and the disk, \
         then open it again", path.display()
    )]
    Disk {
        /// The journal.
        path: PathBuf,
        /// What was being done to it.
        doing: &'static str,
        /// What the database says.
        source: rusqlite::Error,
    },
    /// The file system failed.
    #[error("{}: cannot be {doing} ({source}); check the path and its permissions", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What was being done to it.
        doing: &'static str,
        /// What the system says.
        source: io::Error,
    },
    /// An earlier commit failed.
    #[error(
        "{}: an earlier commit failed, so what this controller knows may not be on disk; open the journal \
         again", path.display()
    )]
    Poisoned {
        /// The journal.
        path: PathBuf,
    },
}

impl StoreError {
    /// Whether somebody changed the journal, as opposed to it being unreadable, in use or another file.
    pub fn is_tampering(&self) -> bool {
        matches!(self, Self::Tampered { .. } | Self::NotNoted { .. })
    }
}
