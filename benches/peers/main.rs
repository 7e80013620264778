//! apbrig's crowd and its peers side by side, on the same scenes and in the same run: `cargo bench --bench
//! peers`, with `-- room` for the scenes that have that in their names. README.md beside this file says more.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "figures are for people to read")]

mod draw;
mod engine;
mod flow;
mod ours;
mod peers;
mod process;
#[path = "../../tests/kit/python.rs"]
mod python;
mod scene;
mod table;
mod worker;

use ours::Ours;
use peers::{Peer, WORKER};
use process::Process;
use scene::Scene;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, thread};

/// Repetitions of every measurement.
const REPETITIONS: u32 = 7;

/// Processor time that a repetition may take, s.
const REPETITION_S: f64 = 2.5;

/// How long people have to come through the lanes, simulated, s, and how much processor time an engine may
/// take for it, s.
const THROUGH_S: f64 = 60.0;
const THROUGH_BUDGET_S: f64 = 120.0;

fn main() -> ExitCode {
    // Cargo itself adds `--bench`.
    let words: Vec<String> = env::args().skip(1).filter(|a| a != "--bench").collect();
    let done = match words.as_slice() {
        [worker, scene] if worker == WORKER => worker::serve::<Ours>(scene).map_err(|e| e.to_string()),
        wanted => compare(wanted),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// All tables, or the rows of the scenes that are wanted.
fn compare(wanted: &[String]) -> Result<(), String> {
    let compared = wanted_of(draw::compared(), wanted);
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("peers");
    let mut flows = Vec::new();
    if !compared.is_empty() {
        let peers = peers::all(&home)?;
        println!("agent-steps a second of processor time, one thread, steps of {} s", draw::DT_S);
        println!("{}", table::rates_heading());
        for scene in &compared {
            flows.extend(side_by_side(scene, &peers, &home)?);
        }
    }
    if !flows.is_empty() {
        println!("\nwho came through the lanes");
        println!("{}", table::flows_heading());
        flows.iter().for_each(|row| println!("{row}"));
    }
    let scaled = wanted_of(draw::scaled(), wanted);
    if !scaled.is_empty() {
        println!("\n{} alone, rooms of 0.1 people a square metre", peers::OURS);
        println!("{}", table::sizes_heading());
        let ours = Peer::ours()?;
        for scene in &scaled {
            let mut process = Process::start(&ours, &write(scene, &home)?)?;
            (0..REPETITIONS).for_each(|_| process.measure(scene.steps, REPETITION_S));
            println!("{}", table::size(scene, &process));
        }
    }
    Ok(())
}

/// The scenes that are called one of these words, or, of a word that none is called, have it in their names.
fn wanted_of(scenes: Vec<Scene>, wanted: &[String]) -> Vec<Scene> {
    let is_a_name = |word: &str| scenes.iter().any(|scene| scene.name == word);
    let words: Vec<(&String, bool)> = wanted.iter().map(|word| (word, is_a_name(word))).collect();
    let means =
        |word: &str, exactly: bool, name: &str| if exactly { name == word } else { name.contains(word) };
    let is_wanted = |name: &str| words.iter().any(|(word, exactly)| means(word, *exactly, name));
    scenes.into_iter().filter(|scene| wanted.is_empty() || is_wanted(&scene.name)).collect()
}

/// One scene with everybody: measured by turns, so that whatever else the machine does hits all alike. The
/// rows of the second table.
fn side_by_side(scene: &Scene, peers: &[Peer], home: &Path) -> Result<Vec<String>, String> {
    let path = write(scene, home)?;
    let started: Result<Vec<Process>, String> = peers.iter().map(|p| Process::start(p, &path)).collect();
    let mut processes = started?;
    for _ in 0..REPETITIONS {
        processes.iter_mut().for_each(|process| process.measure(scene.steps, REPETITION_S));
    }
    table::rates(scene, &processes).iter().for_each(|row| println!("{row}"));
    if scene.finish_y.is_none() {
        return Ok(Vec::new());
    }
    // Nothing is timed any more.
    thread::scope(|scope| {
        for process in &mut processes {
            scope.spawn(|| process.walk(THROUGH_S, THROUGH_BUDGET_S));
        }
    });
    Ok(table::flows(scene, &processes))
}

/// Writes a scene for the engines to read.
fn write(scene: &Scene, home: &Path) -> Result<PathBuf, String> {
    let folder = home.join("scenes");
    let path = folder.join(format!("{}.json", scene.name));
    let text = serde_json::to_string(scene).map_err(|error| error.to_string())?;
    let written = fs::create_dir_all(&folder).and_then(|()| fs::write(&path, text));
    written.map(|()| path.clone()).map_err(|error| format!("cannot write {}: {error}", path.display()))
}
