//! A peer at work on a scene: a process that is told to go on and says how it went.

use crate::peers::Peer;
use serde::Deserialize;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

/// What a worker says; see `worker.rs`.
#[derive(Debug, Deserialize)]
struct Answer {
    #[serde(default)]
    error: Option<String>,
    t: f64,
    #[serde(default)]
    agent_steps: u64,
    #[serde(default)]
    cpu_s: f64,
    #[serde(default)]
    left: usize,
    #[serde(default)]
    crossings: Vec<(f64, usize)>,
}

/// A peer on a scene, and what is known of it so far.
pub(crate) struct Process {
    pub(crate) name: &'static str,
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    /// Agent-steps a second of the processor's time, by repetition.
    pub(crate) rates: Vec<f64>,
    /// Time and lane of everybody who came through.
    pub(crate) crossings: Vec<(f64, usize)>,
    /// Simulated so far, s.
    pub(crate) t: f64,
    /// People still on the floor.
    pub(crate) left: usize,
    /// Why it stopped, and at which simulated second.
    pub(crate) crashed: Option<(String, f64)>,
}

impl Process {
    /// Starts a peer and waits until everybody is in their place.
    pub(crate) fn start(peer: &Peer, scene: &Path) -> Result<Self, String> {
        let failed = |error| format!("{} does not start: {error}", peer.name);
        let mut command = peer.command(scene);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(failed)?;
        let orders = child.stdin.take();
        let Some(answers) = child.stdout.take() else { return Err(format!("{}: no output", peer.name)) };
        let mut process = Self {
            name: peer.name,
            child,
            orders,
            answers: BufReader::new(answers),
            rates: Vec::new(),
            crossings: Vec::new(),
            t: 0.0,
            left: 0,
            crashed: None,
        };
        process.listen();
        Ok(process)
    }

    /// One repetition.
    pub(crate) fn measure(&mut self, steps: u32, budget_s: f64) {
        if let Some(answer) = self.ask(&format!("measure {steps} {budget_s}"))
            && answer.agent_steps > 0
        {
            self.rates.push(answer.agent_steps as f64 / answer.cpu_s);
        }
    }

    /// Goes on to this simulated time, or until so much of the processor's time is used.
    pub(crate) fn walk(&mut self, until_s: f64, budget_s: f64) {
        self.ask(&format!("walk {until_s} {budget_s}"));
    }

    fn ask(&mut self, order: &str) -> Option<Answer> {
        if self.crashed.is_some() {
            return None;
        }
        // Who cannot be told anything has gone: the missing answer says so.
        let _ = self.orders.as_mut().map(|orders| writeln!(orders, "{order}"));
        self.listen()
    }

    fn listen(&mut self) -> Option<Answer> {
        let mut line = String::new();
        let read = self.answers.read_line(&mut line);
        let answer = read.ok().and_then(|_| serde_json::from_str::<Answer>(&line).ok());
        let Some(mut answer) = answer else {
            self.crashed = Some(("the process ended".into(), self.t));
            return None;
        };
        self.t = answer.t;
        if let Some(error) = answer.error.take() {
            self.crashed = Some((error, answer.t));
            return None;
        }
        self.left = answer.left;
        self.crossings.append(&mut answer.crossings);
        Some(answer)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It ends with its input.
        self.orders = None;
        let _ = self.child.wait();
    }
}
