//! The command, folders to run it in, and files for it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// The command, in the package's folder, without anything that dresses its output.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_apbrig"));
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    for name in ["COLUMNS", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "RUST_BACKTRACE"] {
        command.env_remove(name);
    }
    command
}

/// What a command said and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    pub(crate) fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("the command says text");
        let said = Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) };
        assert!(!said.err.contains("panicked"), "{}", said.err);
        said
    }

    /// The same, having ended this way.
    #[track_caller]
    pub(crate) fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.out, self.err);
        self
    }
}

/// Runs the command to its end.
pub(crate) fn apbrig<S: AsRef<std::ffi::OsStr>>(args: &[S]) -> Said {
    Said::of(&command().args(args).output().expect("the command starts"))
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
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("APBRIG_BLESS").is_some() {
        fs::create_dir_all(file.parent().expect("the file is in a folder")).expect("there is room");
        fs::write(&file, actual).expect("there is room");
        return;
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    let line = expected.lines().zip(actual.lines()).position(|(a, b)| a != b).map_or(0, |i| i + 1);
    assert!(
        expected == actual,
        "{path} differs, first in line {line}. If the change is meant, run \
         `APBRIG_BLESS=1 cargo test --test cli` and look at the difference before committing."
    );
}
