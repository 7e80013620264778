//! One writer at a time.

use super::error::StoreError;
use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// The right to write to a journal, held as long as this lives; the system takes it back from a process that
/// is killed.
///
/// It is a lock on a file beside the journal, not on the journal: SQLite has locks of its own there, which on
/// Unix a process loses by closing any other handle of the same file.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
}

impl Drop for Lock {
    /// Gives it back at once, even while a process that is just being started still has its copy of the
    /// handle.
    fn drop(&mut self) {
        // A lock that cannot be given back goes with the handle.
        let _ = self.file.unlock();
    }
}

impl Lock {
    /// # Errors
    /// [`StoreError::InUse`] if somebody else holds it.
    pub(super) fn take(journal: &Path) -> Result<Self, StoreError> {
        let path = beside(journal);
        let failed = |doing| {
            let path = path.clone();
            move |source| StoreError::File { path, doing, source }
        };
        let open = File::options().create(true).truncate(false).write(true).open(&path);
        let file = open.map_err(failed("opened for locking"))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse { path: journal.into() }),
            Err(TryLockError::Error(source)) => Err(failed("locked")(source)),
        }
    }
}

/// The lock file of a journal: two names of one journal have the same, as far as links are symbolic.
fn beside(journal: &Path) -> PathBuf {
    let mut path = OsString::from(journal.canonicalize().unwrap_or_else(|_| journal.into()));
    path.push("-lock");
    path.into()
}
