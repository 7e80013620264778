//! The command, folders to run it in, and files for it.

use crate::golden::difference;
pub(crate) use crate::process::{Said, command};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Runs the command to its end.
pub(crate) fn apbrig<S: AsRef<std::ffi::OsStr>>(args: &[S]) -> Said {
    Said::of(&command().args(args).output().expect("the command starts"))
}

/// The command, running until it is dropped.
pub(crate) struct Background(std::process::Child);

impl Background {
    /// Starts it; what it says is not looked at.
    pub(crate) fn of(args: &[&str]) -> Self {
        let quiet = || std::process::Stdio::null();
        let child = command().args(args).stdout(quiet()).stderr(quiet()).spawn();
        Self(child.expect("the command starts"))
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An empty folder that goes when the test is over.
pub(crate) fn folder() -> TempDir {
    tempfile::tempdir().expect("there is room for a folder")
}

/// A path as an argument.
pub(crate) fn arg(path: impl AsRef<Path>) -> String {
    path.as_ref().display().to_string()
}

/// A site and a scenario beside it with this body; the scenario's path.
pub(crate) fn scenario(folder: &Path, name: &str, body: &str) -> PathBuf {
    let site = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/sites/one-lane.ron"));
    fs::create_dir_all(folder).expect("the folder can be made");
    fs::write(folder.join("site.ron"), site.expect("the site is shipped")).expect("there is room");
    let path = folder.join(format!("{name}.ron"));
    let text = format!("Scenario(\n    title: \"{name}\",\n    site: \"site.ron\",\n{body}\n)\n");
    fs::write(&path, text).expect("there is room");
    path
}

/// One person walks in, at the speed that the seed gives.
pub(crate) const ONE_WALK: &str = r#"    duration: "30s",
    script: [(at: "1s", do: Walk(holder: "P1", lane: "L1", direction: In))],"#;

/// Every file below a folder with its bytes, by name.
pub(crate) fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("the folder is there") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = arg(path.strip_prefix(folder).expect("it lies within"));
                files.push((name, fs::read(&path).expect("the file can be read")));
            }
        }
    }
    files.sort();
    files
}

/// The results of a run's folder.
pub(crate) fn results(folder: &Path) -> serde_json::Value {
    let text = fs::read_to_string(folder.join("results.json")).expect("there are results");
    serde_json::from_str(&text).expect("results.json is JSON")
}

/// Compares with a file of the repository, or writes it if `APBRIG_BLESS` is set.
#[track_caller]
pub(crate) fn golden(path: &str, actual: &str) {
    if let Some(difference) = difference(path, actual) {
        panic!("{difference}");
    }
}
