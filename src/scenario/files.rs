//! Where files come from: the disk, or a record that holds their texts.

use super::Source;
use super::diagnostic::Diagnostics;
use std::io;
use std::path::Path;

/// The largest file that is read, bytes.
pub const FILE_MAX_BYTES: u64 = 4 * 1024 * 1024;

/// A place that files can be read from.
pub trait Files {
    /// All of a file.
    ///
    /// # Errors
    /// There is no such file, or it cannot be read.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// How many bytes a file has, so that a huge one is refused before it is read.
    ///
    /// # Errors
    /// There is no such file, or it is none.
    fn len(&self, path: &Path) -> io::Result<u64>;
}

/// The files of the disk.
#[derive(Clone, Copy, Debug, Default)]
pub struct DiskFiles;

impl Files for DiskFiles {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        // A file may grow between the question for its length and this.
        let mut bytes = Vec::new();
        io::Read::read_to_end(
            &mut io::Read::take(std::fs::File::open(path)?, FILE_MAX_BYTES + 1),
            &mut bytes,
        )?;
        Ok(bytes)
    }

    fn len(&self, path: &Path) -> io::Result<u64> {
        let metadata = std::fs::metadata(path)?;
        if metadata.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
        }
        Ok(metadata.len())
    }
}

/// The files that a record holds, by the paths they were read under.
#[derive(Clone, Debug, Default)]
pub struct RecordedFiles(pub Vec<Source>);

impl RecordedFiles {
    fn find(&self, path: &Path) -> io::Result<&Source> {
        let wanted = path.display().to_string();
        let missing = || io::Error::new(io::ErrorKind::NotFound, "the record does not hold it");
        self.0.iter().find(|source| source.path == wanted).ok_or_else(missing)
    }
}

impl Files for RecordedFiles {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.find(path).map(|source| source.text.clone().into_bytes())
    }

    fn len(&self, path: &Path) -> io::Result<u64> {
        self.find(path).map(|source| source.text.len() as u64)
    }
}

/// The text of a file, or why there is none.
pub(super) fn text(path: &Path, files: &dyn Files) -> Result<String, Trouble> {
    let length = files.len(path).map_err(|error| Trouble::unreadable(&error))?;
    if length > FILE_MAX_BYTES {
        return Err(Trouble::too_large(length));
    }
    let bytes = files.read(path).map_err(|error| Trouble::unreadable(&error))?;
    if bytes.len() as u64 > FILE_MAX_BYTES {
        return Err(Trouble::too_large(bytes.len() as u64));
    }
    match String::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Ok(text),
        Ok(_) => Err(Trouble::binary("a zero byte")),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            Err(Trouble::binary(&format!("byte {at} is not UTF-8")))
        }
    }
}

/// Why a file has no text.
pub(super) struct Trouble {
    pub(super) message: String,
    pub(super) help: String,
}

impl Trouble {
    fn unreadable(error: &io::Error) -> Self {
        let (message, help) = match error.kind() {
            io::ErrorKind::NotFound => ("there is no such file".into(), "check the path"),
            io::ErrorKind::IsADirectory => ("this is a folder, not a file".into(), "name a file in it"),
            io::ErrorKind::PermissionDenied => ("this file may not be read".into(), "check its permissions"),
            _ => (format!("this file cannot be read: {error}"), ""),
        };
        Self { message, help: help.into() }
    }

    fn too_large(length: u64) -> Self {
        let message = format!("this file is too large: {length} bytes");
        Self { message, help: format!("scenarios and sites have at most {FILE_MAX_BYTES} bytes") }
    }

    fn binary(what: &str) -> Self {
        let message = format!("this file is not text: {what}");
        Self { message, help: "scenarios and sites are RON texts in UTF-8".into() }
    }

    pub(super) fn at(self, path: &Path) -> Diagnostics {
        Diagnostics::whole(&path.display().to_string(), self.message, self.help)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_knows_its_files_by_their_paths() {
        let files = RecordedFiles(vec![Source { path: "a/../b.ron".into(), text: "()".into() }]);
        assert_eq!(files.read(Path::new("a/../b.ron")).unwrap(), b"()");
        assert_eq!(files.len(Path::new("a/../b.ron")).unwrap(), 2);
        assert_eq!(files.len(Path::new("b.ron")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
