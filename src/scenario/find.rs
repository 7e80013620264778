//! Which scenarios the paths on a command line mean.

use super::files::{DiskFiles, text};
use super::load::{Kind, kind_of};
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why the scenarios that paths mean cannot be told.
#[derive(Debug, Error)]
pub enum FindError {
    /// A path leads nowhere, or to something unreadable.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A folder holds no scenario.
    #[error("there is no scenario in {path}; scenarios are files ending in .ron that begin with `Scenario(`")]
    Nothing {
        /// The folder.
        path: PathBuf,
    },
}

/// The scenarios that these paths mean: files as they are, folders with everything below them in sorted
/// order. Sites, and files of other kinds, are skipped in folders; files whose kind cannot be told are kept,
/// so that loading them shows what is wrong. Hidden entries and links to folders are not followed.
///
/// # Errors
/// A path cannot be read, or a folder holds no scenario.
pub fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, FindError> {
    find_where(paths, |kind| matches!(kind, Some(Kind::Scenario) | None))
}

/// The scenarios, sites, rigs and whatever else can be checked that these paths mean, as [`find`] finds
/// scenarios.
///
/// # Errors
/// As [`find`].
pub fn find_all(paths: &[PathBuf]) -> Result<Vec<PathBuf>, FindError> {
    find_where(paths, |kind| kind != Some(Kind::Other))
}

fn find_where(paths: &[PathBuf], wanted: impl Fn(Option<Kind>) -> bool) -> Result<Vec<PathBuf>, FindError> {
    let mut found = Vec::new();
    for path in paths {
        let unreadable = |source| FindError::Unreadable { path: path.clone(), source };
        if !std::fs::metadata(path).map_err(unreadable)?.is_dir() {
            found.push(path.clone());
            continue;
        }
        let before = found.len();
        walk(path, &wanted, &mut found)?;
        if found.len() == before {
            return Err(FindError::Nothing { path: path.clone() });
        }
    }
    Ok(found)
}

fn walk(
    top: &Path,
    wanted: &impl Fn(Option<Kind>) -> bool,
    found: &mut Vec<PathBuf>,
) -> Result<(), FindError> {
    // A stack instead of recursion: folders may be nested as deep as anybody likes. Last in, first out, so
    // entries go in reversed.
    let mut stack = vec![(top.to_path_buf(), true)];
    while let Some((path, folder)) = stack.pop() {
        if !folder {
            if is_wanted(&path, wanted) {
                found.push(path);
            }
            continue;
        }
        let unreadable = |source| FindError::Unreadable { path: path.clone(), source };
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(&path).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            if !hidden {
                entries.push((entry.path(), entry.file_type().map_err(unreadable)?.is_dir()));
            }
        }
        entries.sort();
        stack.extend(entries.into_iter().rev());
    }
    Ok(())
}

fn is_wanted(path: &Path, wanted: &impl Fn(Option<Kind>) -> bool) -> bool {
    let ron = path.extension().is_some_and(|ending| ending == "ron");
    if !ron || !path.is_file() {
        return false;
    }
    match text(path, &DiskFiles) {
        Ok(text) => wanted(kind_of(&text)),
        Err(_) => true,
    }
}
