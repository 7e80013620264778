//! What a commissioning leaves in its folder.

use crate::commission::Record;
use crate::commission::folder::Folder;
use crate::report::{certificate, certificate_junit};
use std::fs;
use std::path::Path;

/// Writes the certificate, the `JUnit` file, there and where else it is wanted, and the record.
pub(super) fn finish(folder: &Folder, record: &Record, junit: Option<&Path>) -> Result<(), String> {
    let xml = certificate_junit(record).map_err(|error| error.to_string())?;
    let page = certificate(record);
    let files = [("certificate.html", page.as_str()), ("junit.xml", xml.as_str())];
    folder.finish(record, &files).map_err(|error| error.to_string())?;
    let Some(path) = junit else { return Ok(()) };
    let wrong = |error| format!("cannot write {}: {error}; choose another --junit", path.display());
    fs::write(path, &xml).map_err(wrong)
}
