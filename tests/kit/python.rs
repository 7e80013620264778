//! A Python of one's own with packages of fixed versions: made below the target folder when it is first asked
//! for, kept until the list of packages changes.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The interpreter that the environment is made with, unless this variable names another.
const PYTHON: &str = "python3";
const VARIABLE: &str = "APBRIG_PYTHON";

/// The interpreter of an environment below `folder` that has what `requirements` lists, and nothing else.
///
/// # Errors
/// What could not be done, and how to mend it.
pub(crate) fn python_with(folder: &Path, requirements: &Path) -> Result<PathBuf, String> {
    let list = fs::read_to_string(requirements).map_err(|e| format!("{}: {e}", requirements.display()))?;
    fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    // Only one of several processes makes it.
    let guard = File::create(folder.join("lock")).and_then(|file| file.lock().map(|()| file));
    let guard = guard.map_err(|e| format!("{}: cannot be locked: {e}", folder.display()))?;
    let environment = folder.join("venv");
    let python = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let made_of = folder.join("made-of.txt");
    if fs::read_to_string(&made_of).is_ok_and(|made_of| made_of == list) && python.exists() {
        return Ok(python);
    }
    let _ = fs::remove_file(&made_of);
    let base = std::env::var(VARIABLE).unwrap_or_else(|_| PYTHON.into());
    let mut venv = Command::new(&base);
    venv.args(["-m", "venv", "--clear"]).arg(&environment);
    done(&mut venv).map_err(|said| {
        format!(
            "`{base} -m venv` failed: {said}\nThis needs Python 3.11 or newer with its module venv (Debian: \
             apt install python3-venv); name another interpreter with {VARIABLE}=/path/to/python3."
        )
    })?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps"]);
    pip.args(["--only-binary", ":all:", "--cache-dir"]).arg(folder.join("pip-cache"));
    pip.arg("--requirement").arg(requirements);
    done(&mut pip).map_err(|said| {
        format!(
            "pip could not fetch {}: {said}\nThis needs PyPI (https://pypi.org) once; behind a mirror set \
             PIP_INDEX_URL, and where a version is not offered for your Python name another interpreter \
             with {VARIABLE}.",
            requirements.display()
        )
    })?;
    fs::write(&made_of, list).map_err(|e| format!("{}: {e}", made_of.display()))?;
    drop(guard);
    Ok(python)
}

/// Runs a command to its end; what it said if it failed.
fn done(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{}\n{}", output.status, said.trim_end()))
}
