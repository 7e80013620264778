//! The peers: how each is fetched, built and started.

use crate::python::python_with;
use std::path::{Path, PathBuf};
use std::process::Command;

/// An engine's name, and the process that it runs in, to which a scene's path is still to be given.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    program: PathBuf,
    before: Vec<PathBuf>,
    after: Vec<&'static str>,
}

/// The name of what is measured against the peers.
pub(crate) const OURS: &str = "apbrig";

/// The word by which this very program is told to be a worker.
pub(crate) const WORKER: &str = "--worker";

impl Peer {
    /// apbrig itself.
    pub(crate) fn ours() -> Result<Self, String> {
        let program =
            std::env::current_exe().map_err(|error| format!("this program has no path: {error}"))?;
        Ok(Self { name: OURS, program, before: vec![WORKER.into()], after: vec![] })
    }

    /// The command that serves a scene.
    pub(crate) fn command(&self, scene: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.before).arg(scene).args(&self.after);
        // One thread each.
        command.env("OMP_NUM_THREADS", "1").env("PYTHONWARNINGS", "ignore");
        command
    }
}

/// The peers, fetched and built below `home`, and ours as the last.
pub(crate) fn all(home: &Path) -> Result<Vec<Peer>, String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers");
    let python = python_with(&home.join("python"), &here.join("requirements.txt"))?;
    let of_python = |name, file, after| {
        // Nothing is left beside the sources.
        let before = vec!["-B".into(), here.join(file)];
        Peer { name, program: python.clone(), before, after }
    };
    let dodgy = Peer { name: "dodgy_2d 0.5.5", program: dodgy(&here, home)?, before: vec![], after: vec![] };
    Ok(vec![
        of_python("JuPedSim 1.4.2 CFS", "jupedsim_engine.py", vec!["cfs"]),
        of_python("JuPedSim 1.4.2 CFSv2 cal.", "jupedsim_engine.py", vec!["cfsv2"]),
        of_python("RVO2 (pyrvo 0.4.3)", "rvo_engine.py", vec![]),
        dodgy,
        Peer::ours()?,
    ])
}

/// Builds the package of `dodgy_2d`; the program.
fn dodgy(here: &Path, home: &Path) -> Result<PathBuf, String> {
    let target = home.join("dodgy");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--release", "--locked", "--quiet", "--manifest-path"]);
    cargo.arg(here.join("dodgy/Cargo.toml")).env("CARGO_TARGET_DIR", &target);
    match cargo.status() {
        Ok(status) if status.success() => {
            Ok(target.join(format!("release/dodgy-peer{}", std::env::consts::EXE_SUFFIX)))
        }
        Ok(status) => Err(format!("dodgy_2d cannot be built: {status}; it needs crates.io the first time")),
        Err(error) => Err(format!("cargo does not start: {error}")),
    }
}
