//! An engine as a process of its own: commands come in by line, one JSON object for each goes out.
//!
//! `measure STEPS SECONDS` makes so many steps, at most so many seconds of the processor's time; `walk T
//! SECONDS` goes on to the simulated time T within such a budget. The same protocol in Python is
//! `worker.py`.

use crate::engine::Engine;
use crate::scene::Scene;
use cpu_time::ProcessTime;
use serde_json::json;
use std::collections::BTreeSet;
use std::io::{self, BufRead, Write};
use std::time::Duration;

/// Steps from one look at who came through to the next.
const LOOK_EVERY: u32 = 10;

struct Worker<E> {
    scene: Scene,
    engine: E,
    steps: u64,
    agent_steps: u64,
    cpu: Duration,
    through: BTreeSet<u32>,
    /// Time and lane of everybody who came through since the last answer.
    crossings: Vec<(f64, usize)>,
}

/// Serves until the input ends.
///
/// # Errors
/// If a scene, a command or an answer cannot be read or written.
pub(crate) fn serve<E: Engine>(scene: &str) -> io::Result<()> {
    let scene: Scene = serde_json::from_str(&std::fs::read_to_string(scene)?)?;
    let engine = E::prepare(&scene);
    let mut worker = Worker {
        scene,
        engine,
        steps: 0,
        agent_steps: 0,
        cpu: Duration::ZERO,
        through: BTreeSet::new(),
        crossings: Vec::new(),
    };
    worker.answer()?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        let mut words = line.split_whitespace();
        let command = words.next().unwrap_or_default();
        let mut number = || words.next().and_then(|w| w.parse::<f64>().ok()).unwrap_or(0.0);
        let (amount, seconds) = (number(), number());
        let end = match command {
            "measure" => worker.steps + amount as u64,
            "walk" => (amount / worker.scene.dt_s).round() as u64,
            _ => return Err(io::Error::other(format!("no command {line:?}"))),
        };
        worker.advance(end, Duration::from_secs_f64(seconds));
        worker.answer()?;
    }
    Ok(())
}

impl<E: Engine> Worker<E> {
    fn advance(&mut self, end: u64, budget: Duration) {
        (self.agent_steps, self.cpu) = (0, Duration::ZERO);
        let mut people = self.engine.people().len();
        while self.steps < end && self.cpu < budget && people > 0 {
            let some = LOOK_EVERY.min(u32::try_from(end - self.steps).unwrap_or(LOOK_EVERY));
            let before = ProcessTime::now();
            self.agent_steps += self.engine.step(some);
            self.cpu += before.elapsed();
            self.steps += u64::from(some);
            people = self.look();
        }
    }

    /// Notes who came through; how many are left.
    fn look(&mut self) -> usize {
        let now = self.steps as f64 * self.scene.dt_s;
        let people = self.engine.people();
        if let Some(finish) = self.scene.finish_y {
            for (id, [x, _]) in people.iter().filter(|(_, at)| at[1] > finish) {
                if self.through.insert(*id) {
                    self.crossings.push((now, self.scene.lane_at(*x)));
                }
            }
        }
        people.len()
    }

    fn answer(&mut self) -> io::Result<()> {
        let answer = json!({
            "t": self.steps as f64 * self.scene.dt_s,
            "agent_steps": self.agent_steps,
            "cpu_s": self.cpu.as_secs_f64(),
            "left": self.engine.people().len(),
            "crossings": std::mem::take(&mut self.crossings),
        });
        let mut out = io::stdout().lock();
        writeln!(out, "{answer}")?;
        out.flush()
    }
}
